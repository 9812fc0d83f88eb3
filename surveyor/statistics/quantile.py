"""Quantiles of a variable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import UsageError, guess
from surveyor.statistics.statistic import Columns, Fit, Fitted, Scale

Rule = Literal["math", "school", "hf7"]

#: Shares of the weight that differ by less than this are the same share.
SAME = 1e-12


@dataclass(frozen=True)
class Quantile(Fitted):
    """Quantiles of `variable`: the values below which the shares `p` of the weight lie.

    rule   "math"    the least value with at least p of the weight at or below it (Hyndman and Fan's type 1)
           "school"  the same, and where exactly p lies at or below, the middle between it and the next (type 2)
           "hf7"     between two answers by their weights (type 7, the default of most software)

    A quantile is not smooth in the weights, the share below it is; so intervals are made for that share, at the
    estimated quantile, and read off again as values (Woodruff 1952; Francisco and Fuller 1991). The standard error
    is the length of the 95 % interval over twice its t quantile.

    >>> Quantile("age", (0.5,)).fit({"age": np.array([30.0, 50.0, 40.0])}, np.array([1.0, 1.0, 2.0])).values
    array([40.])
    """

    variable: str
    p: Sequence[float] = (0.25, 0.5, 0.75)
    rule: Rule = "math"

    def __post_init__(self) -> None:
        shares = [self.p] if isinstance(self.p, int | float) else list(self.p)
        for share in shares:
            if not isinstance(share, int | float) or not 0 < share < 1:
                raise UsageError(f"the quantile {share!r} is not between 0 and 1", expected="for example 0.5")
        if not shares:
            raise UsageError("no quantile was named", expected="for example [0.25, 0.5, 0.75]")
        if self.rule not in RULES:
            raise UsageError(f"there is no rule '{self.rule}' for quantiles", remedy=guess(str(self.rule), RULES))
        object.__setattr__(self, "p", tuple(float(share) for share in shares))

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return tuple((self.variable, None, "median" if p == 0.5 else f"quantile {p:g}") for p in self.p)

    def fit(self, columns: Columns, weights: Array) -> Fit:
        y = columns[self.variable]
        order = np.lexsort((weights, y)) if self.rule == "hf7" else np.argsort(y)
        values, w = y[order], weights[order]
        below = np.cumsum(w)
        find = RULES[self.rule]
        W = below[-1]
        q = np.array([find(values, below, p) for p in self.p])
        under = y[:, None] <= q
        at = weights @ under / W

        def again(other: Array) -> Array:
            return np.asarray(other @ under / other.sum())

        return Fit(q, (under - at) / W, Scale(at, lambda p: find(values, below, p), again))


def _math(values: Array, below: Array, p: float) -> float:
    """The least value with at least p of the weight at or below it."""
    i = np.searchsorted(below, (p - SAME) * below[-1])
    return float(values[min(int(i), len(values) - 1)])


def _school(values: Array, below: Array, p: float) -> float:
    """The middle between the least value with at least p, and the least with more than p."""
    i = np.searchsorted(below, (p + SAME) * below[-1], side="right")
    return (_math(values, below, p) + float(values[min(int(i), len(values) - 1)])) / 2


def _between(values: Array, below: Array, p: float) -> float:
    """Linear between answers k, placed at (weight before k) / (weight before the last)."""
    if len(values) == 1:
        return float(values[0])
    before = np.concatenate([[0.0], below[:-1]])
    return float(np.interp(p, before / before[-1], values))


RULES: Mapping[str, Callable[[Array, Array, float], float]] = {"math": _math, "school": _school, "hf7": _between}
