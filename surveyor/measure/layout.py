"""Where the sample statistics of items stand in one vector."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from surveyor.arrays import Array, Codes, Flags


@dataclass(frozen=True)
class Layout:
    """The order of the q sample statistics of p items.

    Item by item the thresholds of an ordinal one or the mean of a continuous one; then the variances of the
    continuous ones; then the covariances of pairs (0, 1), (0, 2) ... (1, 2) ..., where an ordinal item stands for the
    standard normal answer behind it, so that two of them have a polychoric correlation.

    categories   (p,) number of categories; 0 for a continuous item

    >>> Layout((3, 0, 2)).item, Layout((3, 0, 2)).size
    (array([0, 0, 1, 2]), 8)
    """

    categories: tuple[int, ...]

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.categories)

    @cached_property
    def ordinal(self) -> Flags:
        """(p,) which items are ordinal."""
        return np.array(self.categories) > 0

    @cached_property
    def counts(self) -> Codes:
        """(p,) how many thresholds each item has, or 1 for its mean."""
        return np.where(self.ordinal, np.array(self.categories) - 1, 1).astype(np.intp)

    @cached_property
    def item(self) -> Codes:
        """(T,) the item of each threshold or mean."""
        return np.repeat(np.arange(self.items), self.counts)

    @cached_property
    def starts(self) -> Codes:
        """(p + 1,) where the thresholds of each item begin."""
        return np.concatenate([[0], np.cumsum(self.counts)]).astype(np.intp)

    def levels(self, i: int) -> slice:
        """Where the thresholds, or the mean, of item i stand."""
        return slice(int(self.starts[i]), int(self.starts[i + 1]))

    @cached_property
    def continuous(self) -> Codes:
        """The places of the continuous items."""
        return np.flatnonzero(~self.ordinal)

    @property
    def variances(self) -> slice:
        """Where the variances of the continuous items stand."""
        T = int(self.starts[-1])
        return slice(T, T + len(self.continuous))

    @cached_property
    def pairs(self) -> tuple[Codes, Codes]:
        """The two items i < j of each covariance."""
        i, j = np.triu_indices(self.items, 1)
        return i, j

    @property
    def covariances(self) -> slice:
        """Where the covariances stand."""
        start = self.variances.stop
        return slice(start, start + len(self.pairs[0]))

    def correlations(self, values: Array, by: Array | None = None) -> Array:
        """Covariances (..., pairs) of statistics (..., q), over standard deviations: their own, or those in `by`."""
        sd = np.ones((*values.shape[:-1], self.items))
        sd[..., self.continuous] = np.sqrt((values if by is None else by)[..., self.variances])
        i, j = self.pairs
        return np.asarray(values[..., self.covariances] / (sd[..., i] * sd[..., j]))

    @property
    def size(self) -> int:
        """How many statistics there are."""
        return int(self.covariances.stop)
