"""One factor behind the correlations of items, by least squares: loadings, and how they move with what they rest on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from surveyor.arrays import Array

#: Rounds of least squares item by item before Newton's steps, and of these.
ROUNDS, STEPS = 200, 50
#: A step this small beside loadings of the order of 1 is rounding.
STILL = 1e-13


class OneFactor(NamedTuple):
    """Loadings (p,) and the second derivative (p, p) of the distance at them; `found` where it has its least value."""

    loadings: Array
    curvature: Array
    found: bool


def one_factor(correlations: Array, spread: Array) -> OneFactor:
    """The loadings l that make half the sum over pairs of (r_jk - l_j l_k)^2 / v_jk least (Harman and Jones 1966).

    correlations  (p, p); the diagonal does not count
    spread        (p, p) how uncertain each is; ones for unweighted least squares

    Diagonally weighted least squares of a one-factor model of standardised answers, whose residual variances
    1 - l^2 reproduce the diagonal (Muthen, du Toit and Spisic 1997). The sum of the loadings is made positive.
    """
    p = len(correlations)
    apart = ~np.eye(p, dtype=bool)
    W = np.where(apart, 1 / np.where(apart, spread, 1.0), 0.0)
    r = np.where(apart, correlations, 0.0)
    loadings = _start(r, p)
    for _ in range(ROUNDS):  # the best loading of each item given the others: never uphill
        before = loadings.copy()
        for j in range(p):
            weight = W[j] @ loadings**2
            if weight > 0:
                loadings[j] = (W[j] * r[j]) @ loadings / weight
        if np.abs(loadings - before).max() < 1e-6:
            break
    found = False
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            step = _newton(loadings, r, W)
            loadings = loadings - step
            found = bool(np.abs(step).max() < STILL * max(1.0, np.abs(loadings).max()))
            if found or not np.isfinite(loadings).all():
                break
    H = _curvature(loadings, r, W)
    least = found and bool(np.linalg.eigvalsh(H)[0] > 1e-8 * np.abs(H).max())
    return OneFactor(loadings if loadings.sum() >= 0 else -loadings, H, least)


def _start(r: Array, p: int) -> Array:
    """The first principal axis, with the largest correlation of each item as its communality."""
    _, axes = np.linalg.eigh(r + np.diag(np.abs(r).max(axis=1)))
    first = axes[:, -1] * (1.0 if axes[:, -1].sum() >= 0 else -1.0)
    return np.asarray(first * np.sqrt(max(np.abs(r).sum() / max(p - 1, 1), 1e-8)))


def _slope(loadings: Array, r: Array, W: Array) -> Array:
    return np.asarray(-((r - np.outer(loadings, loadings)) * W) @ loadings)


def _curvature(loadings: Array, r: Array, W: Array) -> Array:
    H = (2 * np.outer(loadings, loadings) - r) * W
    return H + np.diag(W @ loadings**2)


def _newton(loadings: Array, r: Array, W: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(_curvature(loadings, r, W), _slope(loadings, r, W)))
    except np.linalg.LinAlgError:
        return np.full(len(loadings), np.nan)


def returned(model: OneFactor, slopes: Array, correlations: Array, spread: Array) -> tuple[Array, Array]:
    """From slopes (p,) of a number by the loadings, its slopes (p, p) by correlations and by their spread.

    The loadings are where g(l, r, v) = 0, so that dl = -H^-1 (g_r dr + g_v dv) with H the exact second derivative;
    each pair is counted once, at both of its places (the matrices are symmetric).
    """
    loadings, x = model.loadings, np.linalg.solve(model.curvature, slopes)
    pull = np.outer(x, loadings) + np.outer(loadings, x)
    by_r = pull / spread
    by_v = -pull * (correlations - np.outer(loadings, loadings)) / spread**2
    np.fill_diagonal(by_r, 0.0)
    np.fill_diagonal(by_v, 0.0)
    return by_r, by_v
