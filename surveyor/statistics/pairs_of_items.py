"""The polychoric correlations of all pairs of items that the same rows answered, and how they move with the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.statistics.two_steps import Linked, Margin, Sums, linked, margin, sums_of
from surveyor.statistics.uncertain_pairs import spread_slopes


class Alike(NamedTuple):
    """The B pairs (j, k) with K and L categories: the sums (B, K + 1, L + 1) of their tables, and what came of them."""

    first: Codes
    second: Codes
    sums: Sums
    link: Linked


@dataclass(frozen=True, eq=False)
class Pairs:
    """Thresholds and polychoric correlations of p items.

    at, weights    (n,) the category of each answer per item, and the weights
    margins        per item its thresholds
    correlations   (p, p), 1 on the diagonal; +-1 or NaN where a pair has none
    spread         (p, p) the variance each would have if answers were independent; 1 on the diagonal
    alike          the pairs by the shape of their tables
    """

    at: Sequence[Codes]
    weights: Array
    margins: Sequence[Margin]
    correlations: Array
    spread: Array
    alike: tuple[Alike, ...]

    @property
    def cuts(self) -> list[Array]:
        """Per item its thresholds (K - 1,)."""
        return [each.cuts[0] for each in self.margins]

    def influence(self, by_r: Array, by_v: Array, by_cut: Array) -> Array:
        """The derivative (n,) by the weight of each row of a number with slopes by correlations and by their spread
        (p, p), each pair counted once, and by thresholds (T,).

        A row more adds its weight to the tables and the square of it to those of squares, so that the square counts as
        a number the row brings along: influence is how the number moves with rows, which the sample drew, and not with
        weights, which it did not. Only the spread rests on squares, and with three items nothing rests on the spread.
        """
        moved = np.zeros(len(self.weights))
        sizes = [len(cut) for cut in self.cuts]
        for at, of, slopes in zip(self.at, self.margins, np.split(by_cut, np.cumsum(sizes)[:-1]), strict=True):
            moved += (of.moved[0] @ slopes)[at]
        for each in self.alike:
            plain, square = self._of_tables(each, by_r, by_v)
            for b, (j, k) in enumerate(zip(each.first, each.second, strict=True)):
                cell = self.at[j], self.at[k]
                moved += plain[b][cell] + self.weights * square[b][cell]
        return moved

    def _of_tables(self, each: Alike, by_r: Array, by_v: Array) -> tuple[Array, Array]:
        """The derivatives (B, K, L) by the cells of the tables and by those of the squares."""
        one, other = (_stacked(self.margins, items) for items in (each.first, each.second))
        inner = each.sums.weights[:, :-1, :-1], each.sums.squares[:, :-1, :-1]
        slopes = spread_slopes(*inner, one.cuts, other.cuts, each.link.rho)
        rho = each.link.moved[:, :-1, :-1]
        r, s = (matrix[each.first, each.second][:, None, None] for matrix in (by_r, by_v))
        through = (
            slopes.by_rho[:, None, None] * rho
            + (one.moved[:, :-1] @ slopes.by_first[:, :, None])
            + (other.moved[:, :-1] @ slopes.by_second[:, :, None])[:, None, :, 0]
        )
        return r * rho + s * (slopes.by_table + through), s * slopes.by_squares


def pairs_of(at: Sequence[Codes], sizes: Sequence[int], weights: Array) -> Pairs:
    """All pairs of p items from the category (n,) of each answer, of which each item has `sizes` (p,), all used."""
    p = len(at)
    margins = [margin(sums_of(each, weights, 1, size + 1)) for each, size in zip(at, sizes, strict=True)]
    R, V = np.eye(p), np.ones((p, p))
    made = []
    shapes: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for one, other in combinations(range(p), 2):
        shapes.setdefault((sizes[one], sizes[other]), []).append((one, other))
    for (K, L), listed in shapes.items():
        first, second = np.array(listed).T
        tables = [sums_of(at[j] * (L + 1) + at[k], weights, K + 1, L + 1) for j, k in listed]
        sums = Sums(*(np.stack(each) for each in zip(*tables, strict=True)))
        with np.errstate(divide="ignore", invalid="ignore"):
            link = linked(sums, _stacked(margins, first), _stacked(margins, second))
        made.append(Alike(first, second, sums, link))
        R[first, second] = R[second, first] = link.rho
        V[first, second] = V[second, first] = link.spread
    return Pairs(at, weights, margins, R, V, tuple(made))


def _stacked(margins: Sequence[Margin], items: Codes) -> Margin:
    return Margin(*(np.concatenate(each) for each in zip(*(margins[item] for item in items), strict=True)))
