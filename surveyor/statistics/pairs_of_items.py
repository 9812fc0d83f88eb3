"""The polychoric correlations of all pairs of items that the same rows answered, and how they move with the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.statistics.polychoric import (
    correlations,
    curvature,
    filled,
    influence,
    scores,
    threshold_influence,
    thresholds,
)
from surveyor.statistics.uncertain_pairs import spread_of, spread_slopes


class Alike(NamedTuple):
    """The B pairs (j, k) with K and L categories, and their tables.

    tables, squares   (B, K, L) sums of the weights and of their squares
    filled, added     the tables without a single empty cell, as `polychoric.filled` gives them
    rho               (B,)
    """

    first: Codes
    second: Codes
    tables: Array
    squares: Array
    filled: Array
    added: Array
    rho: Array


@dataclass(frozen=True, eq=False)
class Pairs:
    """Thresholds and polychoric correlations of p items.

    at, weights    (n,) the category of each answer per item, and the weights
    cuts           per item its thresholds (K - 1,)
    correlations   (p, p), 1 on the diagonal; +-1 or NaN where a pair has none
    spread         (p, p) the variance each would have if answers were independent; 1 on the diagonal
    alike          the pairs by the shape of their tables
    """

    at: Sequence[Codes]
    weights: Array
    cuts: Sequence[Array]
    correlations: Array
    spread: Array
    alike: tuple[Alike, ...]

    def influence(self, by_r: Array, by_v: Array, by_cut: Array) -> Array:
        """The derivative (n,) by the weight of each row of a number with slopes by correlations and by their spread
        (p, p), each pair counted once, and by thresholds (T,).

        A row more adds its weight to the tables and the square of it to those of squares, so that the square counts as
        a number the row brings along: influence is how the number moves with rows, which the sample drew, and not with
        weights, which it did not. Only the spread rests on squares, and with three items nothing rests on the spread.
        """
        moved = np.zeros(len(self.weights))
        sizes = [len(cut) for cut in self.cuts]
        of_cuts = [self._moved(j) for j in range(len(self.cuts))]
        for j, slopes in enumerate(np.split(by_cut, np.cumsum(sizes)[:-1])):
            moved += (of_cuts[j] @ slopes)[self.at[j]]
        for each in self.alike:
            plain, square = self._of_tables(each, of_cuts, by_r, by_v)
            for b, (j, k) in enumerate(zip(each.first, each.second, strict=True)):
                cell = self.at[j], self.at[k]
                moved += plain[b][cell] + self.weights * square[b][cell]
        return moved

    def _moved(self, j: int) -> Array:
        """The influence of an answer in each category on the thresholds of item j (K, K - 1)."""
        margin = _sums(self.at[j], self.weights, len(self.cuts[j]) + 1)
        return np.asarray(threshold_influence(margin[None], self.cuts[j][None])[0])

    def _of_tables(self, each: Alike, of_cuts: Sequence[Array], by_r: Array, by_v: Array) -> tuple[Array, Array]:
        """The derivatives (B, K, L) by the cells of the tables and by those of the squares."""
        h, k = (np.stack([self.cuts[i] for i in items]) for items in (each.first, each.second))
        u, v = (np.stack([of_cuts[i] for i in items]) for items in (each.first, each.second))
        of = scores(h, k, each.rho)
        rho = influence(of, curvature(each.filled, of), u, v, each.added)
        slopes = spread_slopes(each.tables, each.squares, h, k, each.rho)
        r, s = (matrix[each.first, each.second][:, None, None] for matrix in (by_r, by_v))
        through = (
            slopes.by_rho[:, None, None] * rho
            + np.einsum("bt,bkt->bk", slopes.by_first, u)[:, :, None]
            + np.einsum("bt,blt->bl", slopes.by_second, v)[:, None, :]
        )
        return r * rho + s * (slopes.by_table + through), s * slopes.by_squares


def pairs_of(at: Sequence[Codes], sizes: Sequence[int], weights: Array) -> Pairs:
    """All pairs of p items from the category (n,) of each answer, of which each item has `sizes` (p,), all used."""
    n, p = len(weights), len(at)
    cuts = [thresholds(_sums(each, weights, size), n) for each, size in zip(at, sizes, strict=True)]
    R, V = np.eye(p), np.ones((p, p))
    made = []
    shapes: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for one, other in combinations(range(p), 2):
        shapes.setdefault((sizes[one], sizes[other]), []).append((one, other))
    for (K, L), listed in shapes.items():
        first, second = np.array(listed).T
        keys = [at[j] * L + at[k] for j, k in listed]
        tables = np.stack([_sums(key, weights, K * L).reshape(K, L) for key in keys])
        squares = np.stack([_sums(key, weights**2, K * L).reshape(K, L) for key in keys])
        h, k = (np.stack([cuts[i] for i in items]) for items in (first, second))
        full, added = filled(tables, np.full(len(listed), float(n)))
        rho = correlations(full, h, k)
        made.append(Alike(first, second, tables, squares, full, added, rho))
        R[first, second] = R[second, first] = rho
        known = np.where(np.abs(rho) < 1, rho, 0.0)
        V[first, second] = V[second, first] = spread_of(tables, squares, h, k, known)
    return Pairs(at, weights, cuts, R, V, tuple(made))


def _sums(at: Codes, weights: Array, size: int) -> Array:
    """The weight in each of `size` cells."""
    return np.bincount(at, weights, size).astype(float, copy=False)
