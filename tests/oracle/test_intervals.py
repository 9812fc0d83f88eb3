"""Design effects and intervals of shares against R survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

import surveyor as sv
from surveyor.intervals import wilson

REFERENCE = pd.read_csv(Path(__file__).parent / "intervals_r.csv").set_index("what")
ORDER = ["estate", "old", "all"]


@pytest.fixture(scope="module")
def full(clustered: pd.DataFrame) -> sv.Survey:
    return sv.Survey(clustered, design=sv.Design("w", "stratum", "cluster"))


def reference(what: str) -> pd.DataFrame:
    return REFERENCE.loc[what].set_index("group").loc[ORDER]


@pytest.mark.parametrize("kind", ["wr", "wor"])
@pytest.mark.parametrize("statistic", [sv.Mean("y"), sv.Total("y")], ids=["mean", "total"])
def test_design_effects(kind: str, statistic: sv.Mean, full: sv.Survey) -> None:
    deff = np.concatenate([full.estimate(statistic, by=by).deff(kind) for by in ("type", None)])
    np.testing.assert_allclose(deff, reference(f"deff {statistic.rows[0][2]} {kind}")["value"], rtol=1e-9)


@pytest.mark.parametrize(("method", "name"), [("beta", "beta"), ("logit", "logit"), ("wald", "mean")])
def test_intervals_of_shares(method: str, name: str, full: sv.Survey) -> None:
    share = sv.Proportion("member", (1.0,))
    frame = pd.concat([full.estimate(share, by=by).interval(method=method) for by in ("type", None)])
    r = reference(f"share {name}")
    # R takes n* from the rows of the subset; so do we, from the answers
    np.testing.assert_allclose(frame[["value", "low", "high"]], r[["value", "low", "high"]], rtol=1e-8)


def test_normal_intervals_by_name(full: sv.Survey) -> None:
    frame = pd.concat([full.mean("y", by=by).interval(df="r") for by in ("type", None)])
    r = reference("mean normal")
    np.testing.assert_allclose(frame[["low", "high"]], r[["low", "high"]], rtol=1e-10)


def test_stata_counts_the_whole_design(full: sv.Survey) -> None:
    assert set(full.mean("y", by="type").interval(df="stata")["df"]) == {38.0 - 4.0}
    assert set(full.mean("y", by="type").interval(df=7)["df"]) == {7.0}


def test_wilson_is_that_of_statsmodels_without_a_design() -> None:
    n, hits = 200.0, 23.0
    p = np.array([hits / n])
    low, high = wilson(p, np.sqrt(p * (1 - p) / n), np.array([np.inf]), np.array([n]), 0.95)
    np.testing.assert_allclose([low[0], high[0]], proportion_confint(hits, n, method="wilson"), rtol=1e-12)


def test_beta_without_a_design_is_clopper_pearson() -> None:
    """With as many degrees of freedom as answers, and at no and all hits too."""
    frame = pd.DataFrame({"y": [1] * 3 + [0] * 97, "none": [0] * 100, "every": [1] * 100})
    survey = sv.Survey(frame)
    for column, hits in (("none", 0), ("every", 100)):
        row = survey.estimate(sv.Proportion(column, (1.0,))).to_frame().iloc[0]
        np.testing.assert_allclose([row["low"], row["high"]], proportion_confint(hits, 100, method="beta"), rtol=1e-9)


def test_the_method_is_chosen_by_the_share_and_the_answers(full: sv.Survey) -> None:
    rare = full.estimate(sv.Proportion("rating", (5.0,)))
    assert rare.values[0] < 0.1
    pd.testing.assert_frame_equal(rare.interval(), rare.interval(method="beta"))
    common = full.estimate(sv.Proportion("member", (1.0,)))
    pd.testing.assert_frame_equal(common.interval(), common.interval(method="logit"))


def test_only_estimates_of_a_survey_have_design_effects(full: sv.Survey) -> None:
    with pytest.raises(sv.SurveyorError, match="no simple sample"):
        full.mean("y", by="type").contrast([1, -1]).deff()
    with pytest.raises(sv.SurveyorError, match="no rule df"):
        full.mean("y").interval(df="sas")
