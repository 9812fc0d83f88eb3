"""Categorical omega: how reliable the sum of ordinal items is, if one thing is behind all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from surveyor.arrays import Array, Codes, distinct, places
from surveyor.errors import UsageError
from surveyor.statistics.of_one_factor import OfOneFactor, Trouble
from surveyor.statistics.one_factor import OneFactor, one_factor, returned
from surveyor.statistics.pairs_of_items import Pairs, pairs_of
from surveyor.statistics.statistic import Columns
from surveyor.statistics.sum_of_answers import Cut, Summed, summed

#: More different answers than a scale from 0 to 10 has are a measurement.
MOST = 11


@dataclass(frozen=True)
class Omega(OfOneFactor):
    """Reliability of the sum of k ordinal items, from a one-factor model of the normal answers behind them.

    items      three or more columns with at most 11 different codes each; the score is the sum of the codes
    signs      -1 for items that run against the others, else +1; None asks the questionnaire
    variance   what the shared part is a share of: the variance of the sum by the polychoric correlations of the
               "sample", or by those that the "model" implies

    With thresholds t (from the margins), steps g of the score at them (1 where codes have no gaps), loadings l and
    polychoric correlations r,

        omega = sum_jk C_jk(l_j l_k) / sum_jk C_jk(r_jk),
        C_jk(r) = sum_c sum_d g_jc g_kd (Phi2(t_jc, t_kd, r) - Phi(t_jc) Phi(t_kd)),

    where C_jj(r_jj) is the variance of item j's score (Green and Yang 2009). The loadings are those of diagonally
    weighted least squares, the weights one over the variance each correlation would have if the answers were
    independent (Muthen 1984). Residents with an answer to every item count. NaN where an item has one answer, two items
    go together perfectly, a loading reaches 1 (Heywood) or no least value is found: `trouble` tells which.

    Raises UsageError for fewer than three items, and for items with more than 11 different answers.

    >>> answers = np.array([(0, 0, 0), (1, 1, 1)] * 2 + list(np.ndindex(2, 2, 2)), dtype=float)
    >>> Omega(("a", "b", "c"), signs=(1, 1, 1)).fit(dict(zip("abc", answers.T)), np.ones(12)).values.round(6)
    array([0.6])
    """

    variance: Literal["sample", "model"] = "sample"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.variance not in ("sample", "model"):
            raise UsageError(f"variance='{self.variance}' is not known", expected="'sample' or 'model'")

    def solved(self, columns: Columns, weights: Array) -> _Solved | Trouble:
        at, codes = self._answers(columns)
        if single := self.named(len(each) < 2 for each in codes):
            return Trouble("one answer", single)
        pairs = pairs_of(at, [len(each) for each in codes], weights)
        R = pairs.correlations
        if (bad := ~(np.abs(R) < 1) & ~np.eye(len(R), dtype=bool)).any():
            j, k = np.argwhere(bad)[0]
            return Trouble("perfect" if np.abs(R[j, k]) == 1 else "not found", (self.items[j], self.items[k]))
        model = one_factor(R, pairs.spread)
        if wrong := self.unsound(model):
            return wrong
        cut = Cut(
            thresholds=np.concatenate(pairs.cuts),
            steps=np.concatenate([np.diff(each) for each in codes]),
            item=np.repeat(np.arange(len(codes)), [len(each) - 1 for each in codes]),
        )
        implied = np.outer(model.loadings, model.loadings)
        sample = self.variance == "sample"
        return _Solved(pairs, model, summed(cut, implied), summed(cut, R if sample else implied, own=True), sample)

    def _answers(self, columns: Columns) -> tuple[list[Codes], list[Array]]:
        """The category (n,) of each answer, and the codes (K,) of the categories that somebody chose."""
        at, codes = [], []
        for name, values in zip(self.items, self.turned(columns), strict=True):
            levels = distinct(values)
            if len(levels) > MOST:
                raise UsageError(
                    f"'{name}' has {len(levels)} different answers, and categorical omega is of ordinal items",
                    expected=f"at most {MOST} different codes in each item",
                    remedy="Join its answers into bands, or use sv.LinearOmega or sv.Alpha",
                )
            at.append(places(values, levels))
            codes.append(np.array(levels))
        return at, codes


@dataclass(frozen=True, eq=False)
class _Solved:
    """Omega and what it was made of: the shared part over the whole, by the correlations of the sample or the model."""

    pairs: Pairs
    model: OneFactor
    shared: Summed
    whole: Summed
    sample: bool

    @property
    def value(self) -> float:
        return self.shared.value / self.whole.value

    def influence(self) -> Array:
        """The derivative (n,) per unit of weight: through thresholds, correlations, their spread and the loadings."""
        shared, whole, size = self.shared, self.whole, self.whole.value
        by_model = shared.by_correlation / size
        by_whole = -self.value * whole.by_correlation / size
        by_loading = 2 * (by_model if self.sample else by_model + by_whole) @ self.model.loadings
        by_r, by_v = returned(self.model, by_loading, self.pairs.correlations, self.pairs.spread)
        if self.sample:
            by_r = by_r + 2 * by_whole
        by_cut = (shared.by_threshold - self.value * whole.by_threshold) / size
        return self.pairs.influence(by_r, by_v, by_cut)
