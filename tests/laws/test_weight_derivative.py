"""The weight-derivative law: influence_i = w_i d value / d w_i, so the covariance can be had without any formula.

Every weight is moved a little, the statistic computed again through the public call, and the covariance built from
the slopes by the textbook variance of totals of primary units (Binder 1983). Nothing of the
code's own derivative is used.
"""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor import statistics
from surveyor.statistics import Statistic

EXAMPLES = {
    sv.CliffsDelta: sv.CliffsDelta("rating", "member"),
    sv.Consensus: sv.Consensus("rating"),
    sv.Correlation: sv.Correlation("y", "x"),
    sv.Count: sv.Count("y"),
    sv.Covariance: sv.Covariance("y", "x"),
    sv.Gini: sv.Gini("y"),
    sv.HedgesG: sv.HedgesG("y", "member"),
    statistics.Joint: statistics.Joint("rating", "member"),
    sv.Mean: sv.Mean("y"),
    sv.MeanRank: sv.MeanRank("rating", "member"),
    sv.NetAgreement: sv.NetAgreement("rating"),
    sv.Polarisation: sv.Polarisation("rating"),
    sv.Proportion: sv.Proportion("rating", (1.0, (2.0, 3.0), 5.0)),
    sv.Quantile: sv.Quantile("y"),
    sv.Ratio: sv.Ratio("y", "x"),
    sv.Spread: sv.Spread("y"),
    sv.StandardDeviation: sv.StandardDeviation("y"),
    sv.Superiority: sv.Superiority("y", "member"),
    sv.TopShare: sv.TopShare("rating"),
    sv.Total: sv.Total("y"),
    sv.Variance: sv.Variance("y"),
}
CLASSES = [
    each
    for name in statistics.__all__
    if inspect.isclass(each := getattr(statistics, name))
    and issubclass(each, Statistic)
    and not inspect.isabstract(each)
]
#: A quantile jumps when weights change, so it has no derivative; tests/oracle holds its intervals against R.
SMOOTH = [each for each in CLASSES if each is not sv.Quantile]
DESIGNS = {
    "weights": {"weights": "w"},
    "strata": {"weights": "w", "strata": "stratum"},
    "clusters": {"weights": "w", "strata": "stratum", "clusters": "cluster"},
}


def test_every_statistic_is_under_the_law() -> None:
    assert set(EXAMPLES) == set(CLASSES)


@pytest.fixture(scope="module")
def frame(clustered: pd.DataFrame) -> pd.DataFrame:
    small = clustered[clustered["cluster"].isin([1, 2, 3, 4, 5, 6, 28, 29, 30, 31])].reset_index(drop=True)
    assert small[["y", "x", "rating"]].isna().any().all(), "the law must hold with gaps"
    return small


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("kind", SMOOTH, ids=lambda kind: kind.__name__)
def test_covariance_follows_from_weight_derivatives(kind: type, design: str, frame: pd.DataFrame) -> None:
    statistic, columns = EXAMPLES[kind], DESIGNS[design]

    def values(weights: np.ndarray) -> np.ndarray:
        survey = sv.Survey(frame.assign(w=weights), design=sv.Design(weights="w"))
        return survey.estimate(statistic, by="type").values

    w = frame["w"].to_numpy()
    influence = np.array([_slope(values, w, i) * w[i] for i in range(len(w))])
    expected = _variance_of_totals(influence, frame, columns)
    got = sv.Survey(frame, design=sv.Design(**columns)).estimate(statistic, by="type").covariance
    np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9 * np.abs(expected).max())


def _slope(values, w: np.ndarray, i: int) -> np.ndarray:
    """Five-point difference: error of order h^4."""
    h = 1e-3 * w[i]

    def at(k: int) -> np.ndarray:
        moved = w.copy()
        moved[i] += k * h
        return values(moved)

    return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h)


def _variance_of_totals(influence: np.ndarray, frame: pd.DataFrame, columns: dict[str, str]) -> np.ndarray:
    """sum over strata of m/(m-1) sum (z - mean z)(z - mean z)'."""
    rows = pd.DataFrame(influence)
    unit = frame[columns["clusters"]] if "clusters" in columns else pd.Series(frame.index)
    stratum = frame[columns["strata"]] if "strata" in columns else pd.Series(0, index=frame.index)
    z = rows.groupby([stratum.to_numpy(), unit.to_numpy()]).sum()
    total = np.zeros((influence.shape[1],) * 2)
    for _, part in z.groupby(level=0):
        m = len(part)
        centred = part.to_numpy() - part.to_numpy().mean(axis=0)
        total += m / (m - 1) * centred.T @ centred
    return total
