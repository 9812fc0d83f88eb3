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

    around "p" or "estimate", see below

    A quantile is not smooth in the weights, the share below it is. So the ends of an interval are those of p -+ t se,
    read off again as values, with se the standard error of the share below the estimated quantile, of those at it so
    many counting as make it p (Woodruff 1952). R's svyquantile takes the share at or below, and the interval around
    that: nearly the same for measurements, but where many give one answer that share is far above p, and intervals of
    a median hold it in 65 % of samples instead of 95; around="estimate" does so for comparison. The standard error is
    the length of the 95 % interval over twice its t quantile.

    >>> Quantile("age", (0.5,)).fit({"age": np.array([30.0, 50.0, 40.0])}, np.array([1.0, 1.0, 2.0])).values
    array([40.])
    """

    variable: str
    p: Sequence[float] = (0.25, 0.5, 0.75)
    rule: Rule = "math"
    around: Literal["p", "estimate"] = "p"

    def __post_init__(self) -> None:
        shares = [self.p] if isinstance(self.p, int | float) else list(self.p)
        for share in shares:
            if not isinstance(share, int | float) or not 0 < share < 1:
                raise UsageError(f"the quantile {share!r} is not between 0 and 1", expected="for example 0.5")
        if not shares:
            raise UsageError("no quantile was named", expected="for example [0.25, 0.5, 0.75]")
        if self.rule not in RULES:
            raise UsageError(f"there is no rule '{self.rule}' for quantiles", remedy=guess(str(self.rule), RULES))
        if self.around not in ("p", "estimate"):
            raise UsageError(f"around='{self.around}' is not known", expected="'p' or 'estimate'")
        object.__setattr__(self, "p", tuple(float(share) for share in shares))

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return tuple((self.variable, None, "median" if p == 0.5 else f"quantile {p:g}") for p in self.p)

    def fit(self, columns: Columns, weights: Array) -> Fit:
        y = columns[self.variable]
        find = RULES[self.rule](y, weights)
        q = np.array([find(p) for p in self.p])
        W = weights.sum()
        below = np.array([[weights.sum(where=y < value), weights.sum(where=y == value)] for value in q]) / W
        part = np.ones(len(q))  # of those who stand at the quantile, how many count as below
        if self.around == "p":
            gap = np.array(self.p) - below[:, 0]
            part = np.clip(np.divide(gap, below[:, 1], out=part, where=below[:, 1] > 0), 0.0, 1.0)
        at = below[:, 0] + part * below[:, 1]

        def share(k: int) -> Array:
            return np.asarray((y < q[k]) + part[k] * (y == q[k]))

        def again(other: Array) -> Array:
            return np.asarray([other @ share(k) / other.sum() for k in range(len(q))])

        middle = np.array(self.p) if self.around == "p" else at
        return Fit(q, lambda k: (share(k) - at[k]) / W, Scale(middle, find, at, again))


class _Ladder:
    """The values of rows with the weight at or below them, sorted only where somebody asks.

    Rows are counted into narrow bins of value; of a bin that a quantile falls into, the rows are sorted. The answers
    are those of sorting everything.
    """

    BINS = 1 << 14

    def __init__(self, y: Array, weights: Array) -> None:
        self.y, self.weights = y, weights
        low, high = y.min(), y.max()
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            step = (high - low) / self.BINS
            narrow = np.isfinite(step) and step > 0
        self.bin = (np.minimum((y - low) / step, self.BINS - 1) if narrow else np.zeros(len(y))).astype(np.uint16)
        self.total = np.cumsum(np.bincount(self.bin, weights, self.BINS))

    def reach(self, share: float, strict: bool) -> float:
        """The least value with at least `share` of the weight at or below it; with more than that, if `strict`."""
        target = (share + (SAME if strict else -SAME)) * self.total[-1]
        side: Literal["left", "right"] = "right" if strict else "left"
        at = min(int(np.searchsorted(self.total, target, side)), int(self.bin.max()))
        rows = np.flatnonzero(self.bin == at)
        order = np.argsort(self.y[rows], kind="stable")
        below = np.cumsum(self.weights[rows][order]) + (self.total[at - 1] if at else 0.0)
        i = min(int(np.searchsorted(below, target, side)), len(rows) - 1)
        return float(self.y[rows[order[i]]])


def _math(y: Array, weights: Array) -> Callable[[float], float]:
    """The least value with at least p of the weight at or below it."""
    ladder = _Ladder(y, weights)
    return lambda p: ladder.reach(p, strict=False)


def _school(y: Array, weights: Array) -> Callable[[float], float]:
    """The middle between the least value with at least p, and the least with more than p."""
    ladder = _Ladder(y, weights)
    return lambda p: (ladder.reach(p, strict=False) + ladder.reach(p, strict=True)) / 2


def _between(y: Array, weights: Array) -> Callable[[float], float]:
    """Linear between answers k, placed at (weight before k) / (weight before the last)."""
    order = np.lexsort((weights, y))  # ties by weight, so that the order of rows cannot matter
    values, w = y[order], weights[order]
    before = np.cumsum(w) - w
    return lambda p: float(np.interp(p, before / before[-1] if before[-1] > 0 else before, values))


RULES: Mapping[str, Callable[[Array, Array], Callable[[float], float]]] = {
    "math": _math,
    "school": _school,
    "hf7": _between,
}
