"""The correlation that makes tables of two ordinal answers most likely."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.statistics.cut_normal import CELLS, cells

#: A correlation from here on is perfect: the answers to one item tell those to the other.
PERFECT = 0.999
#: Information of an answer about z under which a likelihood that still rises never falls again.
FLAT = 1e-8
#: Steps of a fit, and where it has arrived.
STEPS, CLOSE, NEAR = 60, 1e-13, 1e-9


def correlations(tables: Array, h: Array, k: Array, start: Array | None = None) -> Array:
    """The correlation (B,) that makes tables (B, K, L) most likely, given thresholds h (B, K - 1) and k (B, L - 1).

    The second of the two steps of Olsson (1979). +1 or -1 where the likelihood still rises at PERFECT; NaN where no
    maximum is found.
    """
    share = tables / tables.sum(axis=(-2, -1), keepdims=True)
    return climbed(
        lambda rho, left: _slope(share[left], h[left], k[left], rho), _of_scores(share) if start is None else start
    )


def climbed(look: Callable[[Array, Codes], tuple[Array, Array, Array]], start: Array) -> Array:
    """Where B log likelihoods of a correlation have their maximum: Newton steps in z = atanh rho, kept between the
    points where the slope is known to change its sign.

    look    rho (b,) of those of the B that are numbered (b,) -> derivative, minus the second derivative, and the
            expected one
    start   (B,)
    """
    z = np.arctanh(np.clip(start, -0.95, 0.95))
    rho, left = np.full(len(z), np.nan), np.arange(len(z))
    edge = np.arctanh(PERFECT)
    low, high = np.full(len(z), -edge), np.full(len(z), edge)
    for _ in range(STEPS):
        at = z[left]
        slope, bend, expected = _by_z(np.tanh(at), *look(np.tanh(at), left))
        up = slope > 0
        low[left], high[left] = np.where(up, at, low[left]), np.where(up, high[left], at)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.where(slope == 0, 0.0, slope / bend)
        arrived = (bend >= 0) & (np.abs(step) <= CLOSE * np.maximum(1, np.abs(at))) | (high[left] - low[left] <= CLOSE)
        wanted = np.clip(at + step, -edge, edge)
        flat = (expected < FLAT) & (np.abs(at) > 1)
        outward = ((np.abs(at) == edge) | flat) & (slope * at >= 0) & ((slope != 0) | flat)
        halve = ~(bend > 0) | (wanted < low[left]) | (wanted > high[left])
        wanted = np.where(halve, (low[left] + high[left]) / 2, wanted)
        lost = ~np.isfinite(slope)
        rho[left] = np.where(lost, np.nan, np.where(outward, np.sign(at), np.where(arrived, np.tanh(at), np.nan)))
        z[left] = wanted
        near = np.abs(wanted - at) <= NEAR  # as near as rounding lets it come, if steps run out
        left, near = (each[~(lost | outward | arrived)] for each in (left, near))
        if not len(left):
            return rho
    rho[left[near]] = np.tanh(z[left[near]])
    return rho


def _by_z(rho: Array, slope: Array, observed: Array, expected: Array) -> tuple[Array, Array, Array]:
    """Derivative by z = atanh rho; minus the second one (as expected, where the observed has no use); as expected."""
    free = 1 - rho**2
    bend = observed * free**2 + 2 * rho * free * slope
    expected = expected * free**2
    return slope * free, np.where(bend > 0.1 * expected, bend, expected), expected


def _of_scores(share: Array) -> Array:
    """Pearson's correlation of the numbers of the categories."""
    a, b = (np.arange(size, dtype=float) for size in share.shape[-2:])
    x, y = share.sum(axis=-1), share.sum(axis=-2)
    mx, my = x @ a, y @ b
    spread = (x @ a**2 - mx**2) * (y @ b**2 - my**2)
    both = np.einsum("nkl,k,l->n", share, a, b) - mx * my
    return np.asarray(np.divide(both, np.sqrt(np.maximum(spread, 0)), out=np.zeros_like(both), where=spread > 0))


def _slope(share: Array, h: Array, k: Array, rho: Array) -> tuple[Array, Array, Array]:
    """The mean log likelihood by rho: derivative, minus the second derivative, and the expected one."""
    P, phi, bend = cells(h, k, rho)
    s = phi / P
    return (share * s).sum(axis=CELLS), (share * (s * s - bend / P)).sum(axis=CELLS), (phi * s).sum(axis=CELLS)
