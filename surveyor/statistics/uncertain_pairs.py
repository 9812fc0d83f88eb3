"""How uncertain a polychoric correlation is, as a function of the two tables of a pair that can be differentiated."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from surveyor.arrays import Array
from surveyor.statistics.bivariate_normal import conditional, density, normal_density, probability

#: The complex step.
STEP = 1e-30


class Cells(NamedTuple):
    """Probabilities of the cells of a table (..., K, L), and their derivatives.

    by_rho      (..., K, L) by the correlation
    by_rows     (..., K - 1, L) by a row's upper threshold: what row k gains and row k + 1 loses
    by_columns  (..., K, L - 1) the same for columns
    """

    p: Any
    by_rho: Any
    by_rows: Any
    by_columns: Any


def cells(a: Any, b: Any, rho: Any) -> Cells:
    """Cells that thresholds a (..., K - 1), b (..., L - 1) cut from a bivariate normal with correlation rho (...).

    All may be complex with an imaginary part that is small (a complex step).
    """
    h, k, r = a[..., :, None], b[..., None, :], np.asarray(rho)[..., None, None]
    inner = _probability(h, k, r)
    rows, columns = ndtr(a), ndtr(b)
    corners = _edged(inner, rows[..., :, None], columns[..., None, :], 1.0)
    by_rho = _edged(density(h, k, r), 0.0, 0.0, 0.0)
    by_rows = np.diff(_walled(conditional(h, k, r), normal_density(a)[..., :, None], -1), axis=-1)
    by_columns = np.diff(_walled(conditional(k, h, r), normal_density(b)[..., None, :], -2), axis=-2)
    return Cells(_cells(corners), _cells(by_rho), by_rows, by_columns)


def _probability(h: Any, k: Any, r: Any) -> Any:
    """The bivariate normal probability; Owen's T is real, so that a complex step is taken along its derivatives."""
    if not any(np.iscomplexobj(each) for each in (h, k, r)):
        return probability(h, k, r)
    x, y, c = np.real(h), np.real(k), np.real(r)
    move = np.imag(h) * conditional(x, y, c) + np.imag(k) * conditional(y, x, c) + np.imag(r) * density(x, y, c)
    return probability(x, y, c) + 1j * move


def _cells(corners: Any) -> Any:
    return np.diff(np.diff(corners, axis=-2), axis=-1)


def _edged(inner: Any, right: Any, bottom: Any, last: float) -> Any:
    """Values at inner corners (..., K - 1, L - 1) with those at the edges of the table: 0 above and to the left."""
    shape = inner.shape[:-2]
    K, L = inner.shape[-2] + 1, inner.shape[-1] + 1
    made = np.zeros((*shape, K + 1, L + 1), dtype=inner.dtype)
    made[..., 1:K, 1:L] = inner
    made[..., 1:K, L:] = right
    made[..., K:, 1:L] = bottom
    made[..., K, L] = last
    return made


def _walled(inner: Any, far: Any, axis: int) -> Any:
    """Values along one axis between 0 before the first and `far` after the last."""
    far = np.broadcast_to(far, np.take(inner, [0], axis=axis).shape)
    return np.concatenate([np.zeros_like(inner[..., :1, :] if axis == -2 else inner[..., :1]), inner, far], axis=axis)


def spread_of(N: Array, squares: Array, a: Array, b: Array, rho: Array) -> Array:
    """The variance (...) of two-step polychoric correlations: see `_spread`."""
    return np.asarray(_spread(N, squares, a, b, cells(a, b, rho)))


class SpreadSlopes(NamedTuple):
    """The derivatives of B variances by what they are made of.

    by_rho (B,), by_first (B, K - 1), by_second (B, L - 1), by_table and by_squares (B, K, L)
    """

    by_rho: Array
    by_first: Array
    by_second: Array
    by_table: Array
    by_squares: Array


def spread_slopes(N: Array, squares: Array, a: Array, b: Array, rho: Array) -> SpreadSlopes:
    """How the variance of B polychoric correlations moves, exact by a complex step along everything in it."""
    B, K, L = N.shape

    def along(which: int, size: int) -> Array:
        parts = [each[None].astype(complex).repeat(size, 0) for each in (a, b, rho)]
        flat = parts[which].reshape(size, B, -1)
        flat[np.arange(size), :, np.arange(size) % flat.shape[-1]] += STEP * 1j
        moved = _spread(N, squares, parts[0], parts[1], cells(*parts))
        return np.asarray(np.imag(moved).T / STEP)

    at = cells(a, b, rho)
    unit = np.eye(K * L).reshape(K * L, 1, K, L)
    by_table = np.imag(_spread(N + STEP * 1j * unit, squares, a, b, at)).T / STEP
    by_squares = _spread(N, unit, a, b, at).T
    return SpreadSlopes(
        along(2, 1)[:, 0], along(0, K - 1), along(1, L - 1), by_table.reshape(B, K, L), by_squares.reshape(B, K, L)
    )


def _spread(N: Any, squares: Any, a: Any, b: Any, at: Cells) -> Any:
    """The variance (...) that a two-step polychoric correlation has if answers are independent.

    N, squares   (..., K, L) sums of the weights and of their squares

    (sum N2 u^2) / (sum N s^2)^2 with s the score of the correlation in each cell and u that score less what the
    estimated thresholds take of it, u = s - A21 A11^-1 s_a - A21 A11^-1 s_b, where A are sums of products of scores
    (Muthen 1984; Muthen and Satorra 1995). It does not depend on the scale of the weights.
    """
    s = at.by_rho / at.p
    pull = N * s / at.p
    by_row = np.sum(at.by_rows * -np.diff(pull, axis=-2), axis=-1)
    by_column = np.sum(at.by_columns * -np.diff(pull, axis=-1), axis=-2)
    rows, columns = _taken(np.sum(N, axis=-1), a, by_row), _taken(np.sum(N, axis=-2), b, by_column)
    u = s - rows[..., :, None] - columns[..., None, :]
    return np.sum(squares * u * u, axis=(-2, -1)) / np.sum(N * s * s, axis=(-2, -1)) ** 2


def _taken(n: Any, a: Any, cross: Any) -> Any:
    """What thresholds a (..., K - 1) take of the score of the correlation in each category (..., K).

    n       (..., K) weight in each category
    cross   (..., K - 1) sums of products of the scores of correlation and thresholds
    """
    f, ends = normal_density(a), ndtr(a)
    none = np.zeros_like(ends[..., :1])
    p = np.diff(np.concatenate([none, ends, none + 1], axis=-1), axis=-1)
    K = p.shape[-1]
    c = np.arange(K - 1)
    scores = np.zeros((*p.shape, K - 1), dtype=p.dtype)  # of each threshold in each category
    scores[..., c, c] = f / p[..., :-1]
    scores[..., c + 1, c] = -f / p[..., 1:]
    information = np.einsum("...kc,...k,...kd->...cd", scores, n, scores)
    return np.einsum("...kc,...c->...k", scores, np.linalg.solve(information, cross[..., None])[..., 0])
