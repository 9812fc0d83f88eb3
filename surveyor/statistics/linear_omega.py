"""Omega of items that are numbers: how reliable their sum is, if one thing is behind all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.of_one_factor import OfOneFactor, Trouble
from surveyor.statistics.one_factor import OneFactor, one_factor, returned
from surveyor.statistics.statistic import Columns


@dataclass(frozen=True)
class LinearOmega(OfOneFactor):
    """Reliability of the sum of k numbers, from a one-factor model of their correlations.

    omega = (sum_j s_j l_j)^2 / sum_jk S_jk, with S the weighted covariances, s the standard deviations and l the
    loadings of the standardised items by unweighted least squares (McDonald 1999; Harman and Jones 1966). With equal
    correlations and standard deviations it is alpha. Residents with an answer to every item count. NaN where an item
    has one answer, a loading reaches 1 (Heywood) or no least value is found: `trouble` tells which.

    Raises UsageError for fewer than three items.

    >>> answers = np.array([(0, 0, 0), (1, 1, 1)] * 2 + list(np.ndindex(2, 2, 2)), dtype=float)
    >>> LinearOmega(("a", "b", "c"), signs=(1, 1, 1)).fit(dict(zip("abc", answers.T)), np.ones(12)).values.round(6)
    array([0.6])
    """

    def solved(self, columns: Columns, weights: Array) -> _Solved | Trouble:
        y = np.column_stack(self.turned(columns))
        if single := self.named(y.min(axis=0) == y.max(axis=0)):
            return Trouble("one answer", single)
        share = weights / weights.sum()
        centred = y - share @ y
        s = np.sqrt(share @ centred**2)
        z = centred / s
        R = (z * share[:, None]).T @ z
        model = one_factor(R, np.ones_like(R))
        wrong = self.unsound(model)
        return wrong if wrong else _Solved(model, z, s, R, float(weights.sum()))


@dataclass(frozen=True, eq=False)
class _Solved:
    """Omega and what it was made of: standardised answers z (n, k), their standard deviations and correlations."""

    model: OneFactor
    z: Array
    s: Array
    R: Array
    weight: float

    @property
    def value(self) -> float:
        return float((self.s @ self.model.loadings) ** 2 / (self.s @ self.R @ self.s))

    def influence(self) -> Array:
        """The derivative (n,): a correlation moves by (z_j z_k - r (z_j^2 + z_k^2) / 2) / W with the weight of a row, a
        standard deviation by s (z^2 - 1) / 2 W, the variance of the sum as any variance.
        """
        z, s, loadings = self.z, self.s, self.model.loadings
        whole = s @ self.R @ s
        by_sum = 2 * (s @ loadings) / whole
        by_r, _ = returned(self.model, by_sum * s, self.R, np.ones_like(self.R))
        squares = z * z
        pairs = (((z @ by_r) * z).sum(axis=1) - squares @ (by_r * self.R).sum(axis=1)) / 2
        spreads = (squares - 1) @ (by_sum * loadings * s) / 2
        total = ((z @ s) ** 2 - whole) * self.value / whole
        return np.asarray((pairs + spreads - total) / self.weight)
