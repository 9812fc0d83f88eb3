"""Response rates against published and hand-computed examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.checking import response_rates

#: The README of the R package outcomerate (12 people): counts, and the rates it prints, to three places.
TWELVE = {"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}
PRINTED = {
    "RR1": 0.364, "RR2": 0.545, "RR3": 0.370, "RR4": 0.556, "RR5": 0.444, "RR6": 0.667, "COOP1": 0.500,
    "COOP2": 0.750, "COOP3": 0.571, "COOP4": 0.857, "REF1": 0.091, "REF2": 0.093, "REF3": 0.111, "CON1": 0.727,
    "CON2": 0.741, "CON3": 0.889,
}  # fmt: skip

#: By hand, every count another number, so that no two of them can be mistaken: e = 215 / 240 of 60 is 53.75.
HAND = {"I": 100, "P": 20, "R": 40, "NC": 30, "O": 25, "UH": 45, "UO": 15, "NE": 25}
FRACTIONS = {
    "RR1": (100, 275), "RR2": (120, 275), "RR3": (100, 268.75), "RR4": (120, 268.75), "RR5": (100, 215),
    "RR6": (120, 215), "COOP1": (100, 185), "COOP2": (120, 185), "COOP3": (100, 160), "COOP4": (120, 160),
    "REF1": (40, 275), "REF2": (40, 268.75), "REF3": (40, 215), "CON1": (185, 275), "CON2": (185, 268.75),
    "CON3": (185, 215),
}  # fmt: skip


def rows(**groups):
    """One row a dwelling from group=(counts)."""
    made = [(group, code) for group, counts in groups.items() for code, n in counts.items() for _ in range(n)]
    return pd.DataFrame(made, columns=["type", "outcome"])


def test_the_published_example() -> None:
    rates = response_rates(TWELVE)
    assert rates.e.tolist() == [pytest.approx(0.9)]
    assert rates.rates.loc[""].round(3).to_dict() == PRINTED


def test_by_hand() -> None:
    rates = response_rates(HAND)
    assert rates.rates.loc[""].to_dict() == pytest.approx({name: a / b for name, (a, b) in FRACTIONS.items()})
    table = rates.to_frame().set_index("rate")
    assert (table.loc["RR3", "numerator"], table.loc["RR3", "denominator"]) == (100, 268.75)


def test_e_is_got_group_by_group_and_adds_up() -> None:
    old = {"I": 60, "R": 20, "NE": 20, "UH": 10}  # e = .8
    new = {"I": 30, "R": 30, "NC": 30, "NE": 10, "UO": 50}  # e = .9
    rates = response_rates(rows(old=old, new=new), by="type")
    assert rates.e.to_dict() == pytest.approx({"new": 0.9, "old": 0.8, "": 53 / 60})
    made = rates.rates["RR3"]
    assert made.to_dict() == pytest.approx({"old": 60 / 88, "new": 30 / 135, "": 90 / 223})
    assert "group by group" in str(rates)


def test_e_can_be_given() -> None:
    assert response_rates(HAND, e=1).rates.loc["", ["RR3", "RR4"]].tolist() == pytest.approx([100 / 275, 120 / 275])
    assert response_rates(HAND, e=0).rates.loc["", "RR3"] == pytest.approx(100 / 215)
    each = response_rates(rows(a={"I": 5, "UH": 5}, b={"I": 5, "UH": 5}), by="type", e={"a": 0.2, "b": 0.6})
    assert each.rates["RR3"].to_dict() == pytest.approx({"a": 5 / 6, "b": 5 / 8, "": 10 / 14})
    assert "e was given" in str(each)


def test_codes_of_the_field_are_mapped() -> None:
    table = pd.Series([1, 1, 2, 3, 1])
    rates = response_rates(table, codes={1: "I", 2: "R", 3: "NE"})
    assert rates.rates.loc["", "RR1"] == pytest.approx(3 / 4)
    assert response_rates(pd.Series(["i", " R "])).rates.loc["", "RR1"] == 0.5


def test_the_stage_of_compounds() -> None:
    rates = response_rates(rows(old=HAND, new=HAND), by="type").through(
        {
            "old": {"approached": 20, "admitted": 19, "refused": 1},
            "new": {"approached": 25, "admitted": 20, "refused": 5},
        }
    )
    assert rates.admitted.to_dict() == pytest.approx({"new": 0.8, "old": 0.95, "": 39 / 45})
    table = rates.to_frame().set_index(["group", "rate"])["value"]
    assert table["new", "RR3 x compounds"] == pytest.approx(0.8 * 100 / 268.75)
    shown = str(rates)
    assert "Approached" in shown
    assert "Compounds admitted × RR3" in shown
    alone = response_rates(HAND).through({"approached": 10, "admitted": 9, "refused": 1})
    assert alone.admitted.tolist() == [0.9]


def test_nobody_in_the_denominator_has_no_rate() -> None:
    rates = response_rates({"NE": 5}).rates
    assert np.isnan(rates.to_numpy()).all()


def test_samples_without_chances_have_participation_rates() -> None:
    shown = str(response_rates(HAND, name="participation"))
    assert "Participation rate 1 (RR1)" in shown
    assert "Response rate" not in shown
    assert "应答率1（RR1）" in str(response_rates(HAND, lang="zh"))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: response_rates(pd.DataFrame({"result": ["I"]})), "no column 'outcome'"),
        (lambda: response_rates(pd.Series(["I", "X"])), "'X' is no outcome code"),
        (lambda: response_rates(pd.Series([1, 2]), codes={1: "I"}), "'2' is not in `codes`"),
        (lambda: response_rates(pd.Series(["I", None])), "first in row 3"),
        (lambda: response_rates(HAND, e=1.2), "e is a share"),
        (lambda: response_rates(HAND, e="cautious"), "e cannot be 'cautious'"),
        (lambda: response_rates(rows(a={"I": 1}), by="type", e={"b": 0.5}), "same groups"),
        (lambda: response_rates({"I": -1}), "negative"),
        (lambda: response_rates(HAND).through({"approached": 3, "admitted": 3, "refused": 1}), "do not add up"),
    ],
)
def test_what_cannot_be_is_refused(call, words) -> None:
    with pytest.raises(sv.SurveyorError, match=words):
        call()
