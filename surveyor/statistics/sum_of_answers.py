"""The covariances of ordinal answers cut from normal ones, summed over items: what a sum score consists of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from surveyor.arrays import Array, Codes
from surveyor.statistics.bivariate_normal import conditional, density, normal_density, probability


@dataclass(frozen=True, eq=False)
class Cut:
    """Where p standard normal answers are cut into categories.

    thresholds   (T,) item by item, rising within each
    steps        (T,) by how much the score rises there: 1 where codes have no gaps
    item         (T,) the item of each
    """

    thresholds: Array
    steps: Array
    item: Codes

    @property
    def items(self) -> int:
        """How many items there are."""
        return int(self.item[-1]) + 1


@dataclass(frozen=True, eq=False)
class Summed:
    """A variance, and its derivatives by the correlations (p, p), each place for itself, and the thresholds (T,)."""

    value: float
    by_correlation: Array
    by_threshold: Array


def summed(cut: Cut, correlations: Array, own: bool = False) -> Summed:
    """The sum over items j, k of the covariances of their scores, from the correlations (p, p) of what is behind them.

    A score is the sum of its steps over the thresholds the answer has passed, so that two of them have the covariance
    sum_c sum_d g_c g_d (Phi2(t_c, t_d, r) - Phi(t_c) Phi(t_d))   (Green and Yang 2009).

    own   whether the diagonal stands for the variances of the scores themselves, whatever is written there
    """
    t, g, item = cut.thresholds, cut.steps, cut.item
    same = item[:, None] == item[None, :]
    r = np.where(same & own, 0.0, correlations[np.ix_(item, item)])
    below, dense = ndtr(t), normal_density(t)
    pairs = np.outer(g, g)
    inner = probability(t[:, None], t[None, :], r)
    moved = conditional(t[:, None], t[None, :], r)
    steep = pairs * density(t[:, None], t[None, :], r)
    if own:
        rank = np.arange(len(t))
        first = np.where(rank[:, None] == rank[None, :], 0.5, rank[:, None] < rank[None, :])
        inner = np.where(same, np.minimum(below[:, None], below[None, :]), inner)
        moved = np.where(same, first * dense[:, None], moved)
        steep = np.where(same, 0.0, steep)
    by_item = np.add.reduceat(np.add.reduceat(steep, _starts(item), axis=0), _starts(item), axis=1)
    return Summed(
        value=float((pairs * (inner - np.outer(below, below))).sum()),
        by_correlation=by_item,
        by_threshold=2 * (pairs * (moved - np.outer(dense, below))).sum(axis=1),
    )


def _starts(item: Codes) -> Codes:
    return np.flatnonzero(np.diff(item, prepend=-1))
