"""Means, variances and covariances of continuous items with each other and with ordinal ones, row by row."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from surveyor.arrays import Array, Codes, Flags
from surveyor.statistics.cut_normal import Slopes
from surveyor.statistics.most_likely import climbed
from surveyor.statistics.polyserial import (
    Rows,
    bounds,
    serial_correlations,
    serial_curvature,
    serial_products,
    serial_scores,
)
from surveyor.statistics.two_steps import Margin


class Moment(NamedTuple):
    """Mean and variance (divisor: the sum of the weights) of a continuous item in every group.

    values   (G, 2)
    moved    (G, 2, 2) what makes scores of mean and variance into influence: the inverse of their information, and
    outer    the same with products of scores (Muthen 1984)
    spread   (G, 2) the variances were all answers independent
    """

    values: Array
    moved: Array
    outer: Array
    spread: Array

    @property
    def sd(self) -> Array:
        """The standard deviation (G,)."""
        return np.asarray(np.sqrt(self.values[:, 1]))

    def standardised(self, y: Array, cell: Codes) -> Array:
        """(y - mean) / sd row by row (n,)."""
        return np.asarray((y - self.values[cell, 0]) / self.sd[cell])

    def influence(self, y: Array, cell: Codes, outer: bool) -> Array:
        """How mean and variance move with the weight of each row (n, 2); not at all with a missing answer."""
        s = np.nan_to_num(_normal_scores(self.standardised(y, cell), self.sd[cell]))
        return np.asarray(np.einsum("nt,nts->ns", s, (self.outer if outer else self.moved)[cell]))


def _normal_scores(z: Array, sd: Array) -> Array:
    """Derivatives of the log normal density by mean and variance (n, 2)."""
    return np.stack([z / sd, (z * z - 1) / (2 * sd * sd)], axis=1)


def moment(y: Array, cell: Codes, groups: int, weights: Array, plain: bool) -> Moment:
    """Mean and variance in every group from answers (n,), NaN missing.

    plain   whether influence stands for `outer` too
    """
    w = np.where(np.isnan(y), 0.0, weights)
    y = np.nan_to_num(y)

    def total(values: Array) -> Array:
        return np.asarray(np.bincount(cell, w * values, groups), dtype=float)

    W = total(np.ones(len(y)))
    mean = total(y) / W
    variance = total((y - mean[cell]) ** 2) / W
    sd = np.sqrt(variance)
    s = _normal_scores((y - mean[cell]) / sd[cell], sd[cell])
    moved = np.zeros((groups, 2, 2))
    moved[:, 0, 0], moved[:, 1, 1] = variance / W, 2 * variance**2 / W
    outer = moved if plain else _inverse(np.stack([[total(a * b) for b in s.T] for a in s.T]).transpose(2, 0, 1))
    squares = np.einsum("nt,nts->ns", s * w[:, None], outer[cell]) ** 2
    spread = np.stack([np.bincount(cell, column, groups) for column in squares.T], axis=1).astype(float)
    return Moment(np.stack([mean, variance], axis=1), moved, outer, spread)


def _inverse(products: Array) -> Array:
    """The inverses of products of scores (G, 2, 2); of what they have one for, where an item has two values only."""
    size = np.sqrt(np.einsum("gtt->gt", products))
    both = size[:, :, None] * size[:, None, :]
    unit = np.nan_to_num(products / both)
    return np.asarray(np.linalg.pinv(unit, rcond=1e-10, hermitian=True) / both)


class Joint(NamedTuple):
    """The correlation of two items, one of them continuous, in every group.

    rho             (G,)
    moved, outer    by rho and by what the first step found of each item: second derivatives, and products of scores
    """

    rho: Array
    moved: Slopes
    outer: Slopes


class Pair(NamedTuple):
    """Two items with what the first step found of them; a continuous one stands second, if only one is.

    first, second       answers (n,): categories or numbers
    of_first, of_second what the first step found
    """

    first: Any
    second: Array
    of_first: Margin | Moment
    of_second: Moment
    cell: Codes
    groups: int

    @property
    def both(self) -> Flags:
        """Rows with both answers."""
        there = ~np.isnan(self.second)
        if isinstance(self.of_first, Margin):
            return np.asarray(there & (self.first <= self.of_first.cuts.shape[1]))
        return np.asarray(there & ~np.isnan(self.first))

    def fitted(self, weights: Array, start: Array | None = None) -> Joint:
        """The correlation under these weights (n,), from where to `start` (G,)."""
        there = self.both
        if isinstance(self.of_first, Margin):
            rows = self._serial(there, weights)
            rho, cuts = serial_correlations(rows, start), self.of_first.cuts.shape[1]
            of = serial_scores(rows, rho[rows.cell])
            return Joint(rho, serial_curvature(rows, of, cuts), serial_products(rows, of, cuts))
        return _normal(*self._normal(there), self.groups, self.cell[there], weights[there])

    def scores(self, rho: Array) -> Array:
        """The score of rho row by row (n,), 0 where an answer is missing."""
        there = self.both
        made = np.zeros(len(there))
        at = rho[self.cell[there]]
        if isinstance(self.of_first, Margin):
            made[there] = serial_scores(self._serial(there, np.ones(len(there))), at).rho
        else:
            (a, _), (b, _) = self._normal(there)
            made[there] = _rho_score(a, b, at)[0]
        return made

    def _serial(self, there: Flags, weights: Array) -> Rows:
        assert isinstance(self.of_first, Margin)
        code, cell = self.first[there].astype(np.intp), self.cell[there]
        z = self.of_second.standardised(self.second[there], cell)
        edges = bounds(self.of_first.cuts, cell, code)
        return Rows(code, cell, self.groups, *edges, z, self.of_second.sd[cell], weights[there])

    def _normal(self, there: Flags) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        assert isinstance(self.of_first, Moment)
        cell = self.cell[there]
        first = self.of_first.standardised(self.first[there], cell), self.of_first.sd[cell]
        return first, (self.of_second.standardised(self.second[there], cell), self.of_second.sd[cell])


def _rho_score(a: Array, b: Array, rho: Array) -> tuple[Array, Array, Array, Array]:
    """The score of rho of standardised normal answers, and its derivatives by rho, a and b."""
    free = 1 - rho**2
    square = a * a - 2 * rho * a * b + b * b
    s = rho / free + a * b / free - rho * square / free**2
    by_rho = (1 + rho**2) / free**2 + 4 * rho * a * b / free**2 - square * (1 + 3 * rho**2) / free**3
    return s, by_rho, b / free - 2 * rho * (a - rho * b) / free**2, a / free - 2 * rho * (b - rho * a) / free**2


def _normal(first: tuple[Array, Array], second: tuple[Array, Array], groups: int, cell: Codes, weights: Array) -> Joint:
    """The correlation of two continuous items given means and variances, by maximum likelihood among those who
    answered both: the plain one where these are all.
    """
    (a, sd_a), (b, sd_b) = first, second

    def total(values: Array) -> Array:
        return np.asarray(np.bincount(cell, weights * values, groups), dtype=float)

    W = total(np.ones(len(a)))

    def look(rho: Array, left: Codes) -> tuple[Array, Array, Array]:
        full = np.zeros(groups)
        full[left] = rho
        s, by_rho, _, _ = _rho_score(a, b, full[cell])
        return (total(s) / W)[left], -(total(by_rho) / W)[left], (total(s * s) / W)[left]

    rho = climbed(look, total(a * b) / W)
    at = rho[cell]
    s, by_rho, by_a, by_b = _rho_score(a, b, at)
    exact, outer = [], []
    for x, y, sd, by in ((a, b, sd_a, by_a), (b, a, sd_b, by_b)):
        exact.append(np.stack([total(by / sd), total(by * x / (2 * sd**2))], axis=1))
        inner = (x - at * y) / (1 - at**2)
        outer.append(np.stack([total(s * inner / sd), total(s * (x * inner - 1) / (2 * sd**2))], axis=1))
    return Joint(rho, Slopes(-total(by_rho), *exact), Slopes(total(s * s), *outer))
