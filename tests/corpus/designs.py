"""Files whose design cannot be, or should be looked at before it is believed: a literal table of .csv files.

Each is one survey of twenty compounds, six residents in each, with one thing changed.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

import surveyor as sv
from surveyor.questionnaire import Choices, Item, Questionnaire

#: How the numbers of persons begin, which nothing that is said may hold.
CANARY = "CNRY"
COMPOUNDS, PEOPLE = 20, 6
N = COMPOUNDS * PEOPLE
QUESTIONS = tuple(f"q{k}" for k in range(1, 23))
#: What the answers to a filter, a comparison or a check come to: "error", "warning" or "right", and all that is said.
Told = tuple[str, str]


def both(word: str) -> dict[str, str]:
    return {"en": word, "zh": word}


def asked() -> Questionnaire:
    """What the residents were asked."""
    agree = Choices(codes={k: both(f"grade {k}") for k in range(1, 6)}, top=(4, 5))
    yes = Choices(codes={1: both("yes"), 0: both("no")}, top=(1,))
    kinds = Choices(codes={1: both("old"), 2: both("estate")})
    return Questionnaire(
        "designs",
        (
            Item("person", both("person"), "id"),
            Item("compound", both("compound"), "id"),
            Item("type", both("type"), "nominal", "kinds"),
            Item("age", both("age"), "integer", range=(18, 99)),
            Item("years", both("years"), "integer", range=(0, 99)),
            Item("member", both("member"), "nominal", "yes"),
            *(Item(name, both(name), "ordinal", "agree") for name in QUESTIONS),
        ),
        choices={"agree": agree, "yes": yes, "kinds": kinds},
        year=2026,
        roles={"case": "person", "compound": "compound"},
    )


def residents() -> pd.DataFrame:
    """A survey in which nothing is wrong: both types in both strata, ten compounds of each type."""
    row = np.arange(N)
    place = row // PEOPLE
    rng = np.random.default_rng(11)
    answers = {name: rng.integers(1, 6, N) for name in QUESTIONS}
    age = np.tile(rng.integers(20, 80, N // 2), 2)
    return pd.DataFrame(
        {
            "person": [f"{CANARY}{k:06d}" for k in row],
            "compound": [f"P{k:02d}" for k in place],
            "stratum": np.where(place % 2, "south", "north"),
            "type": np.where(place < COMPOUNDS // 2, 1, 2),
            "w": 12.5 + row % 5,
            "N": 40,
            "age": age,
            "years": np.tile(rng.integers(0, 40, N // 2), 2),
            "member": np.tile(rng.integers(0, 2, N // 2), 2),
            **{f"rep{k}": np.where(place % 4 == k, 0.0, (12.5 + row % 5) * 4 / 3) for k in range(4)},
            **answers,
        }
    )


Change = Callable[[pd.DataFrame], pd.DataFrame]


def cells(name: str, places: dict[int, object]) -> Change:
    """Some cells of a column changed."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        column = list(frame[name])
        for row, value in places.items():
            column[row] = value
        return frame.assign(**{name: pd.Series(column, dtype=object)})

    return change


def column(name: str, made: Callable[[pd.DataFrame], object]) -> Change:
    """A column made anew."""
    return lambda frame: frame.assign(**{name: made(frame)})


def unchanged(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def twice(frame: pd.DataFrame) -> pd.DataFrame:
    """Two interviews with every answer alike, under two numbers."""
    frame = frame.copy()
    answers = ["type", "age", "years", "member", *QUESTIONS]
    frame.loc[70, answers] = frame.loc[69, answers]
    return frame


def few_compounds(frame: pd.DataFrame) -> pd.DataFrame:
    """The old districts stand in four compounds."""
    places = [f"P{k % 4:02d}" if kind == 1 else name for k, (kind, name) in
              enumerate(zip(frame["type"], frame["compound"], strict=True))]  # fmt: skip
    return frame.assign(compound=places, stratum=frame["stratum"].where(frame["type"] == 2, "north"))


def few_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Nine residents of old districts, in nine compounds."""
    old = frame["type"] == 1
    return frame[~old | (np.arange(N) % PEOPLE == 0)].drop(index=0)


def seen(survey: sv.Survey) -> Told:
    """What the check of a survey says."""
    found = list(survey.check())
    told = " | ".join(f"{each.rule} [{', '.join(each.items)}] {each.problem} {each.remedy}" for each in found)
    errors = any(each.severity == "error" for each in found)
    return ("error" if errors else "warning" if found else "right"), told


def compared(survey: sv.Survey) -> Told:
    """What the notes of a comparison say."""
    notes = [note for note in survey.compare(["age", "q1"]).to_frame()["note"] if note]
    return ("warning" if notes else "right"), " | ".join(notes)


#: What is said of every model of these files, whatever is wrong with them.
USUAL = ("member: yes is yes", "strata by type")


def modelled(formula: str, family: str = "gaussian") -> Callable[[sv.Survey], Told]:
    """What the notes of a model say."""

    def fitted(survey: sv.Survey) -> Told:
        notes = [note for note in survey.regress(formula, family=family).notes if note not in USUAL]
        return ("warning" if notes else "right"), " | ".join(notes)

    return fitted


def as_without_offset(survey: sv.Survey) -> Told:
    """A standard error is the same when a thousand million is added to every answer."""
    moved, plain = survey.mean("moved").se[0], survey.mean("age").se[0]
    return ("right" if abs(moved / plain - 1) < 1e-6 else "error"), ""


def met(survey: sv.Survey) -> Told:
    """Nothing more than the design meeting the rows."""
    return "right", ""


DESIGN = sv.Design(weights="w", strata="stratum", clusters="compound")
FPC = sv.Design(weights="w", strata="stratum", clusters="compound", fpc="N")
UNIQUE = sv.Design(weights="w", strata="stratum", clusters="compound", unique_ids=True)
LONELY = sv.Design(weights="w", strata="stratum", clusters="compound", lonely="collapse")
REPEATED = sv.Design(weights="w", replicates=sv.Replicates("^rep", "bootstrap"))


@dataclass(frozen=True)
class Drawn:
    """A design file and what must come of it.

    change   what is done to the file of residents in which nothing is wrong
    outcome  "error" (refused, or "not ready" by the check), "warning" (a finding or a note), "right"
    words    all of them stand in what is said
    ask      what is done with the survey: nothing, a check, a comparison, a model
    """

    change: Change
    outcome: str
    words: tuple[str, ...] = ()
    ask: Callable[[sv.Survey], Told] = met
    design: sv.Design = DESIGN
    name: str = "design.csv"

    @property
    def data(self) -> bytes:
        out = io.StringIO()
        self.change(residents()).to_csv(out, index=False, lineterminator="\n")
        return out.getvalue().encode()


ERRORS: dict[str, Drawn] = {
    "design_negative_weight": Drawn(cells("w", {3: -1}), "error", ("1 row", "negative weight in 'w'", "row 4")),
    "design_missing_weight": Drawn(cells("w", {3: None, 7: None}), "error", ("2 rows", "no weight in 'w'", "row 4")),
    "design_infinite_weight": Drawn(cells("w", {3: "inf"}), "error", ("infinite", "'w'", "row 4")),
    "design_text_weight": Drawn(cells("w", {3: "two"}), "error", ("'w' holds text", "row 4", "1 row")),
    "design_all_weights_zero": Drawn(column("w", lambda f: 0), "error", ("all weights in 'w' are zero",)),
    "design_no_weight_column": Drawn(
        lambda f: f.drop(columns="w"), "error", ("the column 'w', which is not in the data",)),
    "design_duplicate_id": Drawn(
        cells("person", {4: f"{CANARY}000000"}), "error", ("duplicate id", "person", "more than once"), seen),
    "design_no_id": Drawn(cells("person", {4: None}), "error", ("no id", "person"), seen),
    "design_unit_in_two_strata": Drawn(
        cells("stratum", {0: "south"}), "error", ("'P00' of 'compound'", "2 strata"), design=UNIQUE),
    "design_unit_in_two_strata_nested": Drawn(cells("stratum", {0: "south"}), "right"),
    "design_one_unit_in_a_stratum": Drawn(
        column("stratum", lambda f: np.where(f["compound"] == "P07", "alone", f["stratum"])),
        "error", ("a single primary unit", "alone", "lonely=")),
    "design_one_unit_in_a_stratum_ruled": Drawn(
        column("stratum", lambda f: np.where(f["compound"] == "P07", "alone", f["stratum"])), "right", design=LONELY),
    "design_missing_stratum": Drawn(
        cells("stratum", {3: None, 9: None}), "error", ("2 rows without a stratum (stratum)", "row 4")),
    "design_missing_cluster": Drawn(cells("compound", {3: None}), "error", ("1 row without a cluster", "row 4")),
    "design_fpc_below_sample": Drawn(
        column("N", lambda f: 4), "error", ("'N' says a stratum has 4 units", "10 were drawn"), design=FPC),
    "design_fpc_varies": Drawn(cells("N", {3: 41}), "error", ("'N' varies within one stratum",), design=FPC),
    "design_fpc_missing": Drawn(
        cells("N", {3: None}), "error", ("no finite-population correction in 'N'", "row 4"), design=FPC),
    "design_one_group": Drawn(
        column("type", lambda f: 2), "error", ("the group 'old' of 'type' has no residents",), compared),
    "design_one_group_checked": Drawn(
        column("type", lambda f: 2), "error", ("empty group", "Nobody is in the group old"), seen),
    "design_empty_group": Drawn(
        column("w", lambda f: np.where(f["type"] == 1, 0, f["w"])), "error",
        ("the group 'old' of 'type' has no residents",), compared),
    "design_no_group_at_all": Drawn(column("type", lambda f: None), "error", ("of 'type' has no residents",), compared),
    "design_gap_in_a_replicate": Drawn(
        cells("rep2", {5: None}), "error", ("no replicate weight in 'rep2'", "row 6"), design=REPEATED),
    "design_negative_replicate": Drawn(cells("rep2", {5: -1}), "error", ("'rep2' is negative",), design=REPEATED),
    "design_one_replicate": Drawn(
        lambda f: f.drop(columns=["rep1", "rep2", "rep3"]), "error", ("names 1 columns",), design=REPEATED),
}  # fmt: skip

WARNINGS: dict[str, Drawn] = {
    "design_good": Drawn(unchanged, "right", (), seen),
    "design_good_compared": Drawn(unchanged, "right", (), compared),
    "design_good_modelled": Drawn(unchanged, "right", (), modelled("member ~ type + age", "binomial")),
    "design_good_fpc": Drawn(unchanged, "right", (), compared, FPC),
    "design_good_replicates": Drawn(unchanged, "right", (), met, REPEATED),
    "design_item_missing_for_everyone": Drawn(column("q1", lambda f: None), "warning", ("no answers",), compared),
    "design_item_missing_for_everyone_checked": Drawn(
        column("q1", lambda f: None), "warning", ("all missing [q1]", "Nobody has a valid answer"), seen),
    "design_zero_weights": Drawn(cells("w", {3: 0, 4: 0}), "warning", ("weight zero [w]", "Weight 0"), seen),
    "design_large_weight": Drawn(
        cells("w", {3: 1500}), "warning", ("weight large [w]", "100 times the median"), seen),
    "design_duplicate_rows": Drawn(twice, "warning", ("duplicate row", "same answers to every question"), seen),
    "design_constant_outcome": Drawn(
        column("q1", lambda f: 3), "warning", ("constant [q1]", "the same answer"), seen),
    "design_constant_outcome_compared": Drawn(
        column("q1", lambda f: 3), "warning", ("every answer is the same: no test",), compared),
    "design_separation": Drawn(
        column("member", lambda f: (f["type"] == 1).astype(int)), "warning",
        ("predicts the outcome perfectly", "no finite coefficient", "type"),
        modelled("member ~ type + age", "binomial")),
    "design_collinear": Drawn(
        column("years", lambda f: f["age"] * 2 - 40), "warning", ("left out", "years"),
        modelled("q1 ~ type + age + years")),
    "design_small_group": Drawn(few_people, "warning", ("small group [type]", "old: fewer than 10 people"), seen),
    "design_few_units": Drawn(few_compounds, "warning", ("some units [type]", "old: 4 primary units"), seen),
    "design_few_units_compared": Drawn(few_compounds, "warning", ("fewer than 8 primary units on one side",), compared),
    "design_weights_sum_to_n": Drawn(
        column("w", lambda f: f["w"] * N / f["w"].sum()), "warning", ("weight sum [w]", "120", "totals"), seen),
    "design_weights_sum_to_one": Drawn(
        column("w", lambda f: f["w"] / f["w"].sum()), "warning", ("weight sum [w]", "add up to 1", "totals"), seen),
    "design_huge_offset": Drawn(column("moved", lambda f: f["age"] + 1_000_000_000), "right", (), as_without_offset),
}  # fmt: skip

CASES = {**ERRORS, **WARNINGS}
