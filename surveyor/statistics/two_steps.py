"""Thresholds, then polychoric correlations, from weighted tables; and how every answer moves them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.statistics.cut_normal import (
    curvature,
    filled,
    influence,
    products,
    scores,
    threshold_influence,
    thresholds,
)
from surveyor.statistics.most_likely import correlations


class Sums(NamedTuple):
    """Of each cell of tables (B, ...): sums of the weights and of their squares, and answers."""

    weights: Array
    squares: Array
    answers: Array


def sums_of(code: Codes, weights: Array, *shape: int) -> Sums:
    """Sums by cell, `code` (n,) in tables of this shape."""
    made = [np.bincount(code, each, int(np.prod(shape))) for each in (weights, weights * weights, None)]
    return Sums(*(each.astype(float, copy=False).reshape(shape) for each in made))


class Margin(NamedTuple):
    """The thresholds of an item under each of B weightings.

    cuts    (B, K - 1)
    moved   (B, K + 1, K - 1) how they move with the weight of an answer; not at all with a missing one
    spread  (B, K - 1) their variances were all answers independent
    """

    cuts: Array
    moved: Array
    spread: Array


def margin(sums: Sums) -> Margin:
    """Thresholds from the sums (B, K + 1) of categories, the last one missing answers.

    Their scores are those of a saturated model, so that A^-1 s of Muthen (1984) is the influence itself.
    """
    cuts = thresholds(sums.weights[:, :-1], sums.answers[:, :-1].sum(axis=1))
    moved = threshold_influence(sums.weights[:, :-1], cuts)
    spread = (sums.squares[:, :-1, None] * moved**2).sum(axis=1)
    return Margin(cuts, np.pad(moved, ((0, 0), (0, 1), (0, 0))), spread)


class Linked(NamedTuple):
    """The polychoric correlation of two items under each of B weightings.

    rho     (B,)
    moved   (B, K + 1, L + 1) how it moves with the weight of an answer, and
    outer   the same with products of scores for second derivatives, as Muthen (1984) has it
    spread  (B,) its variance were all answers independent: sum w^2 outer^2
    """

    rho: Array
    moved: Array
    outer: Array
    spread: Array


def linked(sums: Sums, first: Margin, second: Margin, start: Array | None = None) -> Linked:
    """Correlations from the sums (B, K + 1, L + 1) of the two items' table, the last row and column missing answers.

    NaN or +-1 where there is none (see `correlations`).
    """
    full = sums.weights
    inner = full[:, :-1, :-1]
    table, added = filled(inner, sums.answers[:, :-1, :-1].sum(axis=(1, 2)))
    h, k = first.cuts, second.cuts
    rho = correlations(table, h, k, start)
    of = scores(h, k, rho)
    u, v = first.moved[:, :-1], second.moved[:, :-1]
    exact, outer = curvature(table, of), products(inner, of)
    made = []
    for slopes, more in ((exact, added), (outer, 0.0)):
        moved = np.zeros_like(full)
        moved[:, :-1, :-1] = influence(of, slopes, u, v, more)
        moved[:, :-1, -1] = -np.einsum("bkt,bt->bk", u, slopes.first) / slopes.rho[:, None]
        moved[:, -1, :-1] = -np.einsum("blt,bt->bl", v, slopes.second) / slopes.rho[:, None]
        made.append(moved)
    return Linked(rho, made[0], made[1], (sums.squares * made[1] ** 2).sum(axis=(1, 2)))
