"""Five designs, three domains: every number R survey gives for clustered.csv."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "clustered_r.csv")
DESIGNS = {
    "simple": sv.Design(),
    "weights": sv.Design(weights="w"),
    "strata": sv.Design(weights="w", strata="stratum"),
    "clusters": sv.Design(weights="w", clusters="cluster"),
    "full": sv.Design(weights="w", strata="stratum", clusters="cluster"),
}
TIGHT = {"rtol": 1e-11}


def survey(frame: pd.DataFrame, design: str) -> sv.Survey:
    return sv.Survey(frame, design=DESIGNS[design])


def asked(survey: sv.Survey, statistic: str) -> sv.Estimate:
    by = "type"
    if statistic.startswith("share rating"):
        statistic, level = "share", float(statistic[-1])
        return survey.estimate(sv.Proportion("rating", (level,)), by).beside(
            survey.estimate(sv.Proportion("rating", (level,)))
        )
    made = {
        "mean y": lambda by: survey.mean("y", by),
        "total y": lambda by: survey.total("y", by),
        "ratio y/x": lambda by: survey.ratio("y", "x", by),
    }[statistic]
    return made(by).beside(made(None))


ROWS = REFERENCE[REFERENCE["statistic"].str.match("mean|total|ratio|share") & REFERENCE["design"].isin(DESIGNS)]


@pytest.mark.parametrize(("design", "statistic"), sorted(set(zip(ROWS["design"], ROWS["statistic"], strict=True))))
def test_values_errors_and_degrees(design: str, statistic: str, clustered: pd.DataFrame) -> None:
    estimate = asked(survey(clustered, design), statistic)
    rows = ROWS[(ROWS["design"] == design) & (ROWS["statistic"] == statistic)].set_index("group")
    for i, group in enumerate(("estate", "old", "all")):
        row = rows.loc[group]
        np.testing.assert_allclose(estimate.values[i], row["value"], **TIGHT)
        np.testing.assert_allclose(estimate.se[i], row["se"], rtol=1e-10, atol=1e-15)
        assert estimate.df[i] == row["df"]


@pytest.mark.parametrize("design", DESIGNS)
def test_logit_intervals(design: str, clustered: pd.DataFrame) -> None:
    made = survey(clustered, design)
    top = sv.Proportion("rating", ((4.0, 5.0),))
    frame = pd.concat([made.estimate(top, by=by).interval(method="logit") for by in ("type", None)])
    rows = REFERENCE[(REFERENCE["design"] == design) & (REFERENCE["statistic"] == "logit ends rating 4+")]
    expected = rows.set_index("group").loc[["estate", "old", "all"]]
    np.testing.assert_allclose(frame["low"].to_numpy(), expected["value"], rtol=1e-8)
    np.testing.assert_allclose(frame["high"].to_numpy(), expected["se"], rtol=1e-8)


@pytest.mark.parametrize("design", DESIGNS)
def test_contrast_and_quotient(design: str, clustered: pd.DataFrame) -> None:
    means = survey(clustered, design).mean("y", by="type")
    rows = REFERENCE[REFERENCE["design"] == design].set_index("statistic")
    difference, quotient = means.contrast([1, -1]), means.transform(lambda v: v[0] / v[1])
    for made, name in ((difference, "difference y"), (quotient, "quotient y")):
        np.testing.assert_allclose(made.values, [rows.loc[name, "value"]], **TIGHT)
        np.testing.assert_allclose(made.se, [rows.loc[name, "se"]], rtol=1e-10)


@pytest.mark.parametrize("design", DESIGNS)
def test_compare_with_the_declared_design_is_the_contrast(design: str, clustered: pd.DataFrame) -> None:
    row = survey(clustered, design).compare("y", by="type", inference="design").to_frame().iloc[0]
    r = REFERENCE[(REFERENCE["design"] == design) & (REFERENCE["statistic"] == "difference y")].iloc[0]
    np.testing.assert_allclose([row["difference"], row["se"]], [r["value"], r["se"]], rtol=1e-10)
    assert row["df"] == r["df"]


def test_the_group_as_a_stratum(clustered: pd.DataFrame) -> None:
    made = survey(clustered, "full")
    r = REFERENCE[REFERENCE["design"] == "group as stratum"].iloc[0]
    strata = made.compare("y", by="type", inference="strata").to_frame().iloc[0]
    auto = made.compare("y", by="type").to_frame().iloc[0]
    np.testing.assert_allclose([strata["difference"], strata["se"]], [r["value"], r["se"]], rtol=1e-10)
    assert strata["df"] == r["df"]
    assert auto["se"] == strata["se"]
    assert auto["df"] < strata["df"]


@pytest.mark.parametrize("design", DESIGNS)
def test_rao_scott(design: str, clustered: pd.DataFrame) -> None:
    test = survey(clustered, design).crosstab("member", "rating").test()
    rows = REFERENCE[REFERENCE["design"] == design].set_index("statistic")
    F, p = rows.loc["Rao-Scott F member x rating"], rows.loc["Rao-Scott p member x rating"]
    np.testing.assert_allclose([test.statistic, test.df, test.df2], F[["value", "se", "df"]].astype(float), rtol=1e-9)
    np.testing.assert_allclose(test.p, p["value"], rtol=1e-9)
