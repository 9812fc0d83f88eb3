"""How uncertain a polychoric correlation is, and how that moves with what it is made of."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.cut_normal import CELLS, Scores, influence, products, scores, threshold_influence
from surveyor.statistics.statistic import STEP


class SpreadSlopes(NamedTuple):
    """The derivatives of B variances by what they are made of.

    by_rho (B,), by_first (B, K - 1), by_second (B, L - 1), by_table and by_squares (B, K, L)
    """

    by_rho: Array
    by_first: Array
    by_second: Array
    by_table: Array
    by_squares: Array


def spread_slopes(N: Array, squares: Array, h: Array, k: Array, rho: Array) -> SpreadSlopes:
    """How the variance of B polychoric correlations moves, exact by a complex step along everything in it.

    N, squares   (B, K, L) sums of the weights and of their squares, in tables without missing answers
    """
    B, K, L = N.shape

    def along(which: int, size: int) -> Array:
        parts: list[Any] = [each[None].astype(complex).repeat(size, 0) for each in (h, k, rho)]
        flat = parts[which].reshape(size, B, -1)
        flat[np.arange(size), :, np.arange(size) % flat.shape[-1]] += STEP * 1j
        moved = _outer(N, parts[0], parts[1], scores(*parts))
        return np.asarray(np.imag((squares * moved**2).sum(axis=CELLS)).T / STEP)

    at, unit = scores(h, k, rho), np.eye(K * L).reshape(K * L, 1, K, L)
    by_table = np.imag((squares * _outer(N + STEP * 1j * unit, h, k, at) ** 2).sum(axis=CELLS)).T / STEP
    by_squares = _outer(N, h, k, at) ** 2
    return SpreadSlopes(along(2, 1)[:, 0], along(0, K - 1), along(1, L - 1), by_table.reshape(B, K, L), by_squares)


def _outer(N: Any, h: Any, k: Any, of: Scores) -> Any:
    """What the square of each answer's weight counts for in the variance: see `two_steps.Linked`."""
    u, v = threshold_influence(N.sum(axis=-1), h), threshold_influence(N.sum(axis=-2), k)
    return influence(of, products(N, of), u, v)
