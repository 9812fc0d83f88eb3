"""Tables that two normal variables are cut into: their cells, and how thresholds and correlation move with weights.

Leading axes (...) are many tables at once. But for `thresholds` and `filled`, all takes complex steps (see `gradient`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from surveyor.arrays import Array
from surveyor.statistics.bivariate_normal import conditional, density, normal_density, probability

#: Answers added to the empty cell of a table of two by two, its margins kept (Brown and Benedetti 1977).
HALF = 0.5
#: Shares of cells that are 0 but for rounding.
LEAST = 1e-14
#: The rows and the columns of a table.
CELLS = (-2, -1)


def thresholds(margins: Array, n: Array | float) -> Array:
    """Where the standard normal answer is cut (..., K - 1), from weight sums of categories (..., K).

    Phi^-1 of the cumulative shares. A first or last category that nobody has, as may happen when units are left out,
    counts as half an answer of `n` (...), so that its threshold stays finite.
    """
    shares = np.cumsum(margins, axis=-1)[..., :-1] / margins.sum(axis=-1, keepdims=True)
    above = np.cumsum(margins[..., ::-1], axis=-1)[..., ::-1][..., 1:]
    half = np.broadcast_to(np.asarray(HALF / np.asarray(n, dtype=float))[..., None], shares.shape)
    return np.asarray(ndtri(np.where(shares <= 0, half, np.where(above <= 0, 1 - half, shares))))


def threshold_influence(margins: Array, cuts: Array) -> Array:
    """The derivative of each threshold by the weight of an answer in category k (..., K, K - 1).

    (1[k <= t] - F_t) / (W phi(tau_t)), F_t the cumulative share, W the sum of the weights.
    """
    K = margins.shape[-1]
    W = margins.sum(axis=-1)[..., None, None]
    below = np.tril(np.ones((K - 1, K))).T
    return np.asarray((below - ndtr(cuts)[..., None, :]) / (W * normal_density(cuts)[..., None, :]))


def filled(tables: Array, n: Array) -> tuple[Array, Array]:
    """Tables (B, K, L) with half an answer of average weight in a single empty cell of two by two, margins kept; and
    what is added per unit of weight (B, K, L).

    n   (B,) answers in each table
    """
    added = np.zeros_like(tables)
    if tables.shape[-2:] == (2, 2):
        empty = tables <= 0
        one = empty.sum(axis=CELLS) == 1
        turn = np.where(empty[:, 0, 0] | empty[:, 1, 1], 1.0, -1.0) * one
        added += (HALF * turn / np.maximum(n, 1))[:, None, None] * np.array([[1.0, -1.0], [-1.0, 1.0]])
    return tables + added * tables.sum(axis=CELLS, keepdims=True), added


class Cells(NamedTuple):
    """Shares of cells (..., K, L), and their first and second derivative by the correlation."""

    share: Array
    slope: Array
    bend: Array


def cells(h: Array, k: Array, rho: Array) -> Cells:
    """The cells that thresholds h (..., K - 1), k (..., L - 1) cut from two normals with correlation rho (...)."""
    r, x, y = rho[..., None, None], h[..., :, None], k[..., None, :]
    d = density(x, y, r)
    free = 1 - r * r
    steep = d * (r / free + (x * y * (1 + r * r) - r * (x * x + y * y)) / free**2)
    return Cells(_shares(h, k, probability(x, y, r)), _twice(_walled(d)), _twice(_walled(steep)))


def _shares(h: Array, k: Array, inner: Array) -> Array:
    F = _walled(inner)
    F[..., 1:-1, -1], F[..., -1, 1:-1], F[..., -1, -1] = ndtr(h), ndtr(k), 1.0
    return np.asarray(np.maximum(_twice(F), LEAST))


def _walled(grid: Array, *axes: int) -> Array:
    """Zeros around the inner grid, along some axes or both: what depends on a bound at infinity does not move."""
    walls = [(0, 0)] * grid.ndim
    for axis in axes or CELLS:
        walls[axis] = (1, 1)
    return np.pad(grid, walls)


def _twice(F: Array) -> Array:
    return np.diff(np.diff(F, axis=-2), axis=-1)


class Scores(NamedTuple):
    """How the logarithm of the share of cell (k, l) moves: with rho, and with the threshold above it.

    share, slope, bend         (..., K, L) as in Cells
    first, second              (..., K - 1, L), (..., K, L - 1): what passes from the next cell into this one as the
                               threshold between them rises
    first_slope, second_slope  their derivatives by rho
    """

    share: Array
    slope: Array
    bend: Array
    first: Array
    second: Array
    first_slope: Array
    second_slope: Array

    @property
    def rho(self) -> Array:
        """The score of rho (..., K, L)."""
        return np.asarray(self.slope / self.share)


def scores(h: Array, k: Array, rho: Array) -> Scores:
    """Cells and their derivatives at thresholds h (..., K - 1), k (..., L - 1) and rho (...)."""
    r, x, y = rho[..., None, None], h[..., :, None], k[..., None, :]
    d, free = density(x, y, r), 1 - r * r
    by_x, by_y = conditional(x, y, r), conditional(y, x, r)
    by_x = np.concatenate([np.zeros_like(x), by_x, normal_density(x)], axis=-1)
    by_y = np.concatenate([np.zeros_like(y), by_y, normal_density(y)], axis=-2)
    steep_x, steep_y = _walled(-d * (x - r * y) / free, -1), _walled(-d * (y - r * x) / free, -2)
    return Scores(*cells(h, k, rho), np.diff(by_x, axis=-1), np.diff(by_y, axis=-2),
                  np.diff(steep_x, axis=-1), np.diff(steep_y, axis=-2))  # fmt: skip


class Slopes(NamedTuple):
    """What the sum of the scores of rho has to do with rho (...) and with the thresholds (..., K - 1), (..., L - 1)."""

    rho: Array
    first: Array
    second: Array


def products(tables: Array, of: Scores) -> Slopes:
    """Sums over the answers of products of the score of rho with itself and with those of the thresholds."""
    b = tables * of.slope / of.share**2
    return Slopes(
        (b * of.slope).sum(axis=CELLS),
        -(np.diff(b, axis=-2) * of.first).sum(axis=-1),
        -(np.diff(b, axis=-1) * of.second).sum(axis=-2),
    )


def curvature(tables: Array, of: Scores) -> Slopes:
    """Minus the second derivatives of the log likelihood of tables (..., K, L), by rho and by a threshold and rho."""
    a, outer = tables / of.share, products(tables, of)
    return Slopes(
        outer.rho - (a * of.bend).sum(axis=CELLS),
        outer.first + (np.diff(a, axis=-2) * of.first_slope).sum(axis=-1),
        outer.second + (np.diff(a, axis=-1) * of.second_slope).sum(axis=-2),
    )


def influence(of: Scores, slopes: Slopes, u: Array, v: Array, added: Array | float = 0.0) -> Array:
    """How rho moves with the weight of an answer in cell (k, l) (..., K, L).

    (s_kl - slopes_h' u_k - slopes_k' v_l) / slopes_rho: the implicit function theorem for the second step, with
    u (..., K, K - 1) and v (..., L, L - 1) the influence on the thresholds of the first (Olsson 1979; Muthen 1984).

    added   per unit of weight, as `filled` gives it
    """
    moved = (of.rho * added).sum(axis=CELLS, keepdims=True) if np.ndim(added) else 0.0
    from_first = u @ slopes.first[..., None]
    from_second = (v @ slopes.second[..., None])[..., None, :, 0]
    return np.asarray((of.rho + moved - from_first - from_second) / slopes.rho[..., None, None])
