"""Bad input to designs and questions: a message with what to do, or a row that stays with a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

N = 24
FRAME = pd.DataFrame(
    {
        "y": np.arange(N) % 7 + 0.5,
        "x": np.arange(N) % 5 + 1.0,
        "hit": np.arange(N) % 2,
        "type": np.repeat(["old", "estate"], N // 2),
        "h": np.repeat([1, 2, 3], N // 3),
        "psu": np.repeat(np.arange(8), 3),
        "w": np.linspace(1, 2, N),
        "N": 40.0,
        "r1": 1.0,
        "r2": 2.0,
    }
)


def survey(frame: pd.DataFrame = FRAME, **design: Any) -> sv.Survey:
    return sv.Survey(frame, design=sv.Design(**design))


def changed(name: str, at: int, value: Any) -> pd.DataFrame:
    column = FRAME[name].astype(object)
    column[at] = value
    return FRAME.assign(**{name: column if isinstance(value, str) else column.astype(float)})


LISTS = pd.Series([[i] for i in range(N)])


def with_odd(at: int, value: Any) -> pd.Series:
    """The numbers of y as objects, one of them another."""
    cells = list(FRAME["y"])
    cells[at] = value
    return pd.Series(cells, dtype=object)


#: What is wrong -> the call, and pieces of the message: what, where, expected or what to do.
MESSAGES: dict[str, tuple[Callable[[], object], list[str]]] = {
    "negative weight": (lambda: survey(changed("w", 3, -1.0), weights="w"), ["negative weight", "row 4", "at least 0"]),
    "missing weight": (lambda: survey(changed("w", 3, np.nan), weights="w"), ["no weight", "row 4"]),
    "infinite weight": (lambda: survey(changed("w", 3, np.inf), weights="w"), ["infinite weight", "row 4"]),
    "all weights zero": (lambda: survey(FRAME.assign(w=0.0), weights="w"), ["all weights in 'w' are zero"]),
    "weights of text": (lambda: survey(changed("w", 3, "two"), weights="w"), ["'two' in row 4", "a number"]),
    "population smaller than the sample": (lambda: survey(clusters="psu", fpc="N", frame=FRAME.assign(N=5.0)),
                                           ["5 units", "8 were drawn"]),
    "fraction above 1": (lambda: survey(fpc="N", frame=FRAME.assign(N=1.2)), ["1.2 units", "fractions"]),
    "population that varies": (lambda: survey(changed("N", 3, 41.0), clusters="psu", fpc="N"), ["varies within"]),
    "population not above 0": (lambda: survey(FRAME.assign(N=0.0), fpc="N"), ["not above 0", "row 1"]),
    "unit in two strata": (lambda: survey(strata="h", clusters="psu", unique_ids=True),
                           ["stands in 2 strata", "Correct the strata"]),
    "strata with one unit": (lambda: survey(FRAME.assign(h=FRAME["psu"].clip(upper=6)), strata="h", clusters="psu"),
                             ["0; 1; 2", "certainty", "center", "average", "collapse"]),
    "unknown lonely rule": (lambda: survey(lonely="centre"), ["'center'"]),
    "unknown design column": (lambda: survey(weights="weight"), ["'weight'", "not in the data"]),
    "missing stratum": (lambda: survey(changed("h", 3, np.nan), strata="h"), ["without a stratum", "row 4"]),
    "replicate columns that are not there": (
        lambda: survey(weights="w", replicates=sv.Replicates("^rep", "bootstrap")), ["names 0 columns"]),
    "a replicate column that is not there": (
        lambda: survey(weights="w", replicates=sv.Replicates(["r1", "r3"], "bootstrap")), ["'r3'", "not in the data"]),
    "a replicate column with gaps": (
        lambda: survey(changed("r1", 2, np.nan), weights="w", replicates=sv.Replicates("^r", "BRR")), ["row 3"]),
    "as many factors as replicates": (
        lambda: survey(weights="w", replicates=sv.Replicates("^r", "JKn", rscales=[1.0])), ["1 factors"]),
    "Fay outside 0 and 1": (lambda: sv.Replicates("^r", "Fay", fay=1.5), ["fay=1.5", "below 1"]),
    "Fay without its factor": (lambda: sv.Replicates("^r", "Fay"), ["fay=None"]),
    "unknown replicate method": (lambda: sv.Replicates("^r", "JK2"), ["'JK2'", "Did you mean 'JK"]),
    "no regular expression": (
        lambda: survey(weights="w", replicates=sv.Replicates("^r[", "BRR")), ["regular expression"]),
    "a bootstrap without a seed": (lambda: survey(clusters="psu").with_replicates("bootstrap"), ["seed"]),
    "half samples of many units": (lambda: survey(clusters="psu").with_replicates("BRR"), ["exactly two units"]),
    "ten thousand groups": (lambda: survey(pd.DataFrame({"y": 1.0, "g": np.arange(10_000)})).mean("y", by="g"),
                            ["10000 different values", "bands"]),
    "unknown column in a filter": (lambda: survey().where("yy > 1"), ["'yy'", "Did you mean 'y'"]),
    "a call in a filter": (lambda: survey().where("abs(y) > 1"), ["no functions", "abs"]),
    "unknown outcome": (lambda: survey().mean("z"), ["no column 'z'"]),
    "a group called like a column of results": (
        lambda: survey(FRAME.assign(value=1)).mean("y", by="value"), ["'value'"]),
    "a mean of words": (lambda: survey().mean("type"), ["text where numbers are expected"]),
    "a total that is not known": (lambda: survey().calibrate({"h": {1: 100}}), ["leaves 16 residents out"]),
    "totals of two populations": (
        lambda: survey().calibrate({"h": {1: 1, 2: 1, 3: 1}, "hit": {0: 5, 1: 5}}), ["different populations"]),
    "weights of several columns": (lambda: sv.Design(weights=["w"]), ["weights=['w'] names no column", "one column"]),
    "strata by number": (lambda: sv.Design(strata=0), ["strata=0 names no column", "a list of names"]),
    "clusters of nothing": (lambda: sv.Design(clusters=[None]), ["clusters=[None] names no column"]),
    "clusters in a set": (lambda: sv.Design(clusters={"psu", "h"}), ["names no column", "a list of names"]),
    "populations by number": (lambda: sv.Design(fpc=[40, 40]), ["fpc=[40, 40] names no column"]),
    "replicates that are a name": (lambda: sv.Design(replicates="^rep"), ["'^rep'", "sv.Replicates("]),
    "a statistic that is a name": (lambda: survey().estimate("y"), ["'y' is no statistic", 'sv.Mean("y")']),
    "no statistic": (lambda: survey().estimate(None), ["None is no statistic", 'sv.Mean("y")']),
    "a name among statistics": (lambda: survey().estimate([sv.Mean("y"), "x"]), ["'x' is no statistic"]),
    "a kind of statistic": (lambda: survey().estimate(sv.Mean), ["is no statistic", 'sv.Mean("y")']),
    "a mean of no column": (lambda: survey().mean(0), ["variables=0 names no column", "the name of a column"]),
    "a total of no column": (lambda: survey().total(3), ["variables=3 names no column", "the name of a column"]),
    "a mean of numbers": (lambda: survey().mean(["y", 0]), ["names no column"]),
    "groups of no column": (lambda: survey().mean("y", by=0), ["by=0 names no column", "the name of a column"]),
    "a ratio of no column": (lambda: survey().ratio(0, "y"), ["no column '0'"]),
    "trimming to a text": (lambda: survey().trim("a"), ["cannot be trimmed to 0 to a", "numbers 0 <= lower < upper"]),
    "trimming from a text": (lambda: survey().trim(3, "a"), ["cannot be trimmed to a to 3"]),
    "trimming to several": (lambda: survey().trim([1, 2]), ["cannot be trimmed", "numbers"]),
    "trimming to NaN": (lambda: survey().trim(np.nan), ["cannot be trimmed to 0 to nan"]),
    "complex weights": (lambda: survey(FRAME.assign(w=FRAME["w"] + 1j), weights="w"), ["complex128", "a number"]),
    "weights of complex objects": (
        lambda: survey(FRAME.assign(w=(FRAME["w"] + 1j).astype(object)), weights="w"), ["'w' holds complex"]),
    "weights of dates": (
        lambda: survey(FRAME.assign(w=pd.Timestamp("2020-01-01")), weights="w"), ["'w' holds datetime64", "a number"]),
    "weights of lists": (lambda: survey(FRAME.assign(w=LISTS), weights="w"), ["'[0]' in row 1 (24 rows)"]),
    "clusters of lists": (lambda: survey(FRAME.assign(psu=LISTS), clusters="psu"), ["a cluster in psu is neither"]),
    "an infinite value among objects": (
        lambda: survey(FRAME.assign(y=with_odd(3, np.inf))).mean("y"), ["'y'", "an infinite value: 'inf' in row 4"]),
    "an infinite value among words": (
        lambda: survey(FRAME.assign(type=FRAME["type"].astype(object).mask(FRAME.index == 2, -np.inf))).mean(
            "y", by="type"), ["'type'", "an infinite value: '-inf' in row 3 (1 row)"]),
    "an infinite category": (
        lambda: survey(FRAME.assign(y=FRAME["y"].replace(1.5, np.inf).astype("category"))).mean("y"),
        ["'y'", "an infinite value: 'inf' in row 2 (4 rows)"]),
    "an infinite nullable": (
        lambda: survey(FRAME.assign(y=FRAME["y"].replace(1.5, np.inf).astype("Float64"))).mean("y"), ["row 2"]),
    "complex answers": (
        lambda: survey(FRAME.assign(y=FRAME["y"] + 1j)).mean("y"), ["'y'", "a complex number: '(0.5+1j)' in row 1"]),
    "a complex answer among objects": (
        lambda: survey(FRAME.assign(y=with_odd(3, 1j))).mean("y"), ["'y'", "a complex number: '1j' in row 4 (1 row)"]),
    "answers that are lists": (
        lambda: survey(FRAME.assign(y=LISTS)).mean("y"), ["'y'", "neither a number nor a text: '[0]' in row 1"]),
    "groups that are lists": (
        lambda: survey(FRAME.assign(g=LISTS)).mean("y", by="g"), ["'g'", "neither a number nor a text"]),
    "one answer that is a list": (
        lambda: survey(FRAME.assign(y=with_odd(5, {"a": 1}))).where("y == 1"), ["'y'", "in row 6 (1 row)"]),
    "a margin nobody belongs to": (lambda: survey().calibrate({"h": {1: 1, 2: 1, 3: 1, 4: 5}}), ["nobody in the data"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MESSAGES)
def test_messages(case: str) -> None:
    call, pieces = MESSAGES[case]
    with pytest.raises(sv.SurveyorError) as caught:
        call()
    said = str(caught.value)
    assert all(piece in said for piece in pieces), said
    assert "Traceback" not in said


def test_an_outcome_constant_inside_a_group_has_a_note() -> None:
    frame = FRAME.assign(y=np.where(FRAME["type"] == "old", 1.0, FRAME["y"]))
    rows = survey(frame, clusters="psu").mean("y", by="type").to_frame().set_index("type")
    assert rows.loc["old", "note"] == "no variation between units"
    assert rows.loc["estate", "note"] == ""
    assert np.isfinite(survey(frame, clusters="psu").compare("y").to_frame()["se"]).all()


def test_a_group_in_one_cluster_has_no_standard_error_and_says_so() -> None:
    frame = FRAME.assign(psu=np.where(FRAME["type"] == "old", 0, FRAME["psu"]))
    row = survey(frame, clusters="psu").compare("y").to_frame().iloc[0]
    assert np.isfinite(row["difference"])
    assert np.isnan(row[["se", "low", "high", "p"]].astype(float)).all()
    assert "fewer than 4 primary units" in row["note"]


def test_an_empty_domain_keeps_its_rows() -> None:
    rows = survey(clusters="psu").where("y > 100").mean(["y", "x"], by="type").to_frame()
    assert len(rows) == 4
    assert rows["value"].isna().all()
    assert (rows["note"] == "no answers").all()


def test_ten_thousand_columns() -> None:
    wide = pd.DataFrame(np.ones((50, 10_000)), columns=[f"q{i}" for i in range(10_000)])
    wide["q7"] = np.arange(50.0)
    assert sv.Survey(wide).mean("q7").values[0] == 24.5
    assert "10000 columns" in repr(sv.Survey(wide))


def _adds(frame: pd.DataFrame) -> None:
    frame["y"] += 100


def _sets_rows(frame: pd.DataFrame) -> None:
    frame.loc[0, ["y", "w"]] = 1e6, 50.0


def _drops_rows(frame: pd.DataFrame) -> None:
    frame.drop(index=range(5), inplace=True)


def _drops_columns(frame: pd.DataFrame) -> None:
    del frame["y"], frame["w"], frame["psu"]


def _renames(frame: pd.DataFrame) -> None:
    frame.columns = list("abcdefghij")


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("change", [_adds, _sets_rows, _drops_rows, _drops_columns, _renames])
def test_what_is_done_to_the_frame_later_does_not_change_the_survey(change: Callable[[pd.DataFrame], None]) -> None:
    frame = FRAME.copy()
    made = survey(frame, weights="w", clusters="psu")
    change(frame)
    assert not frame.equals(FRAME)
    np.testing.assert_allclose(made.mean("y").values, [np.average(FRAME["y"], weights=FRAME["w"])], rtol=1e-13)
    fresh = survey(weights="w", clusters="psu")
    np.testing.assert_allclose(made.mean("y").se, fresh.mean("y").se, rtol=1e-13)
    np.testing.assert_allclose(made.where("h == 1").total("x").values, fresh.where("h == 1").total("x").values)
    simple = replace(made, design=sv.Design())
    np.testing.assert_allclose(simple.mean("x").values, [FRAME["x"].mean()], rtol=1e-13)


def test_surveys_of_one_frame_know_that_they_are_of_the_same_residents() -> None:
    one, other = survey(weights="w"), survey(weights="w", clusters="psu")
    assert one.frame is not FRAME
    assert one.origin is other.origin is FRAME
    assert one.where("h == 1").origin is replace(one, design=sv.Design()).origin is sv.Survey(one.frame).origin is FRAME
    assert sv.Survey(FRAME.copy()).origin is not FRAME


def test_lists_of_names_of_any_kind_are_one_design() -> None:
    listed = sv.Design(strata=["h"], clusters=np.array(["psu", "x"]), fpc=pd.Index(["N"]))
    assert listed == sv.Design(strata=("h",), clusters=("psu", "x"), fpc=("N",))
    assert hash(listed) == hash(sv.Design(strata=("h",), clusters=["psu", "x"], fpc=["N"]))
    assert sv.Design(clusters="psu").clusters == "psu"


def test_an_empty_list_is_no_clusters() -> None:
    none = sv.Design(strata=[], clusters=[], fpc=())
    assert none == sv.Design()
    assert not sv.Survey(FRAME, design=none).units.clustered
    made = sv.Survey(FRAME, design=none).compare("y").to_frame().iloc[0]
    assert pd.isna(made["clusters_a"])


def test_a_category_that_nobody_has_may_be_infinite() -> None:
    bands = pd.Series(pd.Categorical([1.0, 2.0], [1.0, 2.0, np.inf]), name="y")
    assert sv.Survey(bands.to_frame()).column("y").values.tolist() == [1, 2]


def test_whole_numbers_beyond_the_floats_are_words() -> None:
    made = sv.Survey(pd.DataFrame({"id": pd.Series([10**400, 1], dtype=object), "y": [1.0, 2.0]}))
    assert made.where(f"id == '{10**400}'").mean("y").values == [1]
