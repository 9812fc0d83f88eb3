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
from surveyor.expressions import Factor, parse_formula
from surveyor.statistics import Regression, Standardised, Statistic
from surveyor.statistics.regression.families import Binomial, Gaussian, Multinomial, Ordinal, Poisson
from surveyor.statistics.regression.matrix import Level, Matrix, Measure, matrix_of

#: Columns of models: a measure and an item's levels, crossed.
PARTS = {Factor("x"): [Measure("x")], Factor("member"): [Level("member", code) for code in (0.0, 1.0)]}
CROSSED = matrix_of(parse_formula("y ~ x * member"), PARTS)
WITHOUT_CONSTANT = Matrix(CROSSED.columns[1:])
LEVELS = (1.0, 2.0, 3.0)


def effect(regression: Regression) -> Standardised:
    return Standardised(regression, "member", ((0.0, 0.0), (1.0, 1.0)))


MODELS: dict[str, Statistic] = {
    "gaussian": Regression("y", CROSSED, Gaussian()),
    "gaussian without constant": Regression("y", WITHOUT_CONSTANT, Gaussian()),
    "logit": Regression("rating", CROSSED, Binomial((4.0, 5.0))),
    "probit": Regression("rating", CROSSED, Binomial((4.0, 5.0), "probit")),
    "poisson": Regression("rating", CROSSED, Poisson()),
    "ordinal": Regression("level", WITHOUT_CONSTANT, Ordinal(LEVELS)),
    "multinomial": Regression("level", CROSSED, Multinomial(LEVELS)),
}
MODELS |= {f"effect, {name}": effect(model) for name, model in MODELS.items() if isinstance(model, Regression)}
MODELS |= {
    f"{name}, logit": Standardised(MODELS["logit"], "x" if "slope" in name else "member", levels, effects)
    for name, levels, effects in [("slope", (), True), ("adjusted", ((0.0, 0.0), (1.0, 1.0)), False)]
}
MODELS["slope, ordinal"] = Standardised(MODELS["ordinal"], "x")
MODELS["slope, multinomial"] = Standardised(MODELS["multinomial"], "x")

EXAMPLES = {
    sv.Alpha: sv.Alpha(("y", "x", "rating")),
    sv.CliffsDelta: sv.CliffsDelta("rating", "member"),
    sv.Consensus: sv.Consensus("rating"),
    sv.Correlation: sv.Correlation("y", "x"),
    sv.Count: sv.Count("y"),
    sv.Covariance: sv.Covariance("y", "x"),
    sv.Gini: sv.Gini("y"),
    sv.HedgesG: sv.HedgesG("y", "member"),
    sv.InterItem: sv.InterItem(("y", "x", "rating"), signs=(1, -1, 1)),
    sv.ItemRest: sv.ItemRest(("y", "x", "rating")),
    statistics.Joint: statistics.Joint("rating", "member"),
    sv.LinearOmega: sv.LinearOmega(("one", "two", "three", "four"), signs=(1, 1, -1, 1)),
    sv.Mean: sv.Mean("y"),
    sv.MeanRank: sv.MeanRank("rating", "member"),
    sv.NetAgreement: sv.NetAgreement("rating"),
    sv.Omega: sv.Omega(("one", "three", "four"), signs=(1, -1, 1)),  # with more items squares of weights count too
    sv.Polarisation: sv.Polarisation("rating"),
    sv.Polychoric: sv.Polychoric("rating", "member"),
    sv.Polyserial: sv.Polyserial("one", "y"),
    sv.Proportion: sv.Proportion("rating", (1.0, (2.0, 3.0), 5.0)),
    sv.Quantile: sv.Quantile("y"),
    sv.Ratio: sv.Ratio("y", "x"),
    Regression: MODELS["gaussian"],
    sv.Spread: sv.Spread("y"),
    sv.StandardDeviation: sv.StandardDeviation("y"),
    Standardised: MODELS["effect, logit"],
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
    check_law(EXAMPLES[kind], DESIGNS[design], frame)


@pytest.mark.parametrize("name", MODELS)
def test_models_are_under_the_law(name: str, frame: pd.DataFrame) -> None:
    few = frame[frame["cluster"].isin([1, 2, 3, 4])].reset_index(drop=True)
    few = few.assign(level=few["rating"].clip(upper=3), type="one")
    check_law(MODELS[name], DESIGNS["clusters"], few)


def check_law(statistic: Statistic, columns: dict[str, str], frame: pd.DataFrame) -> None:
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
