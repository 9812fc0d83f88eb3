"""How one item is answered in two groups at the same level: the gap, and how it changes with the level."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveyor.arrays import Array
from surveyor.estimate import Estimate
from surveyor.measure.matching import Match
from surveyor.questionnaire import Language
from surveyor.statistics.regression import Standardised

if TYPE_CHECKING:
    from surveyor.compare import RegressionResult

#: What can be the matter with an item: the same gap at every level; a gap that changes with the level.
TESTS = ("uniform", "non-uniform")

#: Why there is no test.
INFINITE: Mapping[Language, str] = {
    "en": "the model has no finite coefficient: no test",
    "zh": "模型没有有限的系数：不作检验",
}


def functioning(match: Match, ordinal: bool) -> list[dict[str, Any]]:
    """Both tests of an item: log odds (or points), points and p as in `ItemBias.to_frame`."""
    made = (_uniform(match, ordinal), _changing(match, ordinal))
    return [{"test": test, **row} for test, row in zip(TESTS, made, strict=True)]


def spread(y: Array, w: Array) -> float:
    """The weighted standard deviation of answers (n,) that are there; divisor sum of weights."""
    there = np.isfinite(y) & (w > 0)
    y, w = y[there], w[there]
    return float(np.sqrt(np.average((y - np.average(y, weights=w)) ** 2, weights=w)))


def _uniform(match: Match, ordinal: bool) -> dict[str, Any]:
    """The test of one gap at all levels."""
    model, term = _model(match, ordinal, "")
    p, note = _tested(model, term)
    gap = _gap(match, model)
    at = int(np.flatnonzero(model.coefficients.cells["variable"] == term)[0])
    return {**_slope(model.coefficients, at, -1.0), "p": p, **_points(gap), "n": model.n, "note": note}


def _changing(match: Match, ordinal: bool) -> dict[str, Any]:
    """The test of a gap that changes with the level."""
    model, term = _model(match, ordinal, ":")
    p, note = _tested(model, term)
    cells, there = model.coefficients.cells, model.model.there
    level, weights = model.model.columns[match.score][there], match.survey.units.weights[there]
    mean, sd = float(np.average(level, weights=weights)), spread(level, weights)
    variable = list(cells["variable"])
    where = [variable.index(each) for each in (f"factor({match.group})", term)]
    answers = np.array(getattr(model.model.statistic.family, "answers", ()), dtype=float) if ordinal else None

    def gaps(b: Any) -> Any:
        low, high = (_difference(b, where, variable.index(match.score), answers, mean + k * sd) for k in (-1, 1))
        return np.array([low, high, high - low])

    made = model.coefficients.transform(gaps)
    row = {**_slope(model.coefficients, where[1], -sd), "p": p, **_points(_only(made, 2))}
    return {**row, "at_low": made.values[0], "at_high": made.values[1], "n": model.n, "note": note}


def _difference(b: Any, where: Sequence[int], slope: int, answers: Array | None, level: float) -> Any:
    """Expected points in group a minus b at one level, of coefficients b."""
    group = b[where[0]] + b[where[1]] * level
    if answers is None:
        return -group
    cuts = b[-(len(answers) - 1) :]
    steps = np.diff(answers)
    above = [1 / (1 + np.exp(cuts - b[slope] * level - side)) for side in (0.0, group)]
    return steps @ (above[0] - above[1])


def _model(match: Match, ordinal: bool, product: str) -> tuple[RegressionResult, str]:
    """The model with, or without, the product of group and level, and the term that is tested; its deviations have the
    error of the score in them."""
    kind = f"factor({match.group})"
    term = f"{match.score}:{kind}" if product else kind
    formula = f"{match.answer} ~ {match.score} + {kind}" + (f" + {term}" if product else "")
    made = match.survey.regress(formula, family="ordinal" if ordinal else "gaussian")
    fit = _refit(made, made.model.statistic)
    D = match.deviations(made.coefficients, made.model.columns, fit)
    return replace(made, coefficients=replace(made.coefficients, deviations=D)), term


def _refit(made: RegressionResult, statistic: Any) -> Callable[[dict[str, Array]], Array]:
    """Columns -> the values of a statistic among the rows and weights of a model."""
    there = made.model.there
    weights = made.plan.units.weights[there]

    def fit(columns: dict[str, Array]) -> Array:
        return np.asarray(statistic.fit({name: column[there] for name, column in columns.items()}, weights).values)

    return fit


def _gap(match: Match, model: RegressionResult) -> Estimate:
    """Expected points in group a minus b, all residents in the one and then in the other (Graubard and Korn 1999)."""
    kind = f"factor({match.group})"
    shares = model.margins(kind)
    statistic = Standardised(model.model.statistic, match.group, ((0.0, 0.0), (1.0, 1.0)), effects=True)
    D = match.deviations(shares, model.model.columns, _refit(model, statistic))
    answers = np.array([1.0 if code is None else code for code in statistic.regression.family.answers], dtype=float)
    return replace(shares, deviations=D).contrast(-answers)


def _tested(model: RegressionResult, term: str) -> tuple[float, str]:
    if np.isnan(model.coefficients.values[model.coefficients.cells["variable"] == term]).any():
        return np.nan, INFINITE[model.coefficients.lang]
    made = model.test(term)
    return made.p, made.note


def _slope(made: Estimate, at: int, scale: float) -> dict[str, Any]:
    return {"log_odds": scale * made.values[at], "se": abs(scale) * made.se[at], "df": made.degrees()[at]}


def _points(gap: Estimate) -> dict[str, Any]:
    ends = gap.interval()
    return {"points": gap.values[0], "points_low": ends["low"].iloc[0], "points_high": ends["high"].iloc[0],
            "at_low": gap.values[0], "at_high": gap.values[0]}  # fmt: skip


def _only(made: Estimate, k: int) -> Estimate:
    return made.contrast(np.eye(len(made))[k])
