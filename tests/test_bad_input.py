"""Bad input to designs and questions: a message with what to do, or a row that stays with a note."""

from __future__ import annotations

from collections.abc import Callable
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
