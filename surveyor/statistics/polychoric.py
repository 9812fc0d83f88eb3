"""Polychoric correlation: how closely the normal answers behind two ordinal ones go together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.special import ndtr, ndtri

from surveyor.arrays import Array, Codes, Flags, places
from surveyor.errors import DataError
from surveyor.statistics.bivariate_normal import conditional, density, normal_density, probability
from surveyor.statistics.statistic import Columns, Fit, Fitted, Meaning

#: A correlation from here on is perfect: the answers to one item tell those to the other.
PERFECT = 0.999
#: Answers added to the empty cell of a table of two by two, its margins kept (Brown and Benedetti 1977).
HALF = 0.5
#: Shares of cells that are 0 but for rounding.
LEAST = 1e-14
#: Information of an answer about z under which a likelihood that still rises never falls again.
FLAT = 1e-8
#: Steps of a fit, and where it has arrived.
STEPS, CLOSE, NEAR = 60, 1e-13, 1e-9


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
        one = empty.sum(axis=(-2, -1)) == 1
        turn = np.where(empty[:, 0, 0] | empty[:, 1, 1], 1.0, -1.0) * one
        added += (HALF * turn / np.maximum(n, 1))[:, None, None] * np.array([[1.0, -1.0], [-1.0, 1.0]])
    return tables + added * tables.sum(axis=(-2, -1), keepdims=True), added


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
    P, phi, bend = _cells(h, k, rho)
    s = phi / P
    cells = (-2, -1)
    return (share * s).sum(axis=cells), (share * (s * s - bend / P)).sum(axis=cells), (phi * s).sum(axis=cells)


def _cells(h: Array, k: Array, rho: Array) -> tuple[Array, Array, Array]:
    """Shares of cells (B, K, L), and their first and second derivative by rho."""
    r, x, y = rho[:, None, None], h[:, :, None], k[:, None, :]
    d = density(x, y, r)
    free = 1 - r * r
    steep = d * (r / free + (x * y * (1 + r * r) - r * (x * x + y * y)) / free**2)
    return _shares(h, k, probability(x, y, r)), _twice(_walled(d)), _twice(_walled(steep))


def _shares(h: Array, k: Array, inner: Array) -> Array:
    F = np.zeros((len(h), h.shape[1] + 2, k.shape[1] + 2))
    F[:, 1:-1, 1:-1] = inner
    F[:, 1:-1, -1], F[:, -1, 1:-1], F[:, -1, -1] = ndtr(h), ndtr(k), 1.0
    return np.maximum(_twice(F), LEAST)


def _walled(grid: Array) -> Array:
    """Zeros around the inner grid: what depends on a bound at infinity does not move."""
    return np.pad(grid, ((0, 0), (1, 1), (1, 1)))


def _twice(F: Array) -> Array:
    return np.diff(np.diff(F, axis=-2), axis=-1)


class Scores(NamedTuple):
    """How the logarithm of the share of cell (k, l) moves: with rho, and with the threshold above it.

    share, slope     (B, K, L): P, and dP / d rho
    bend             (B, K, L): second derivative by rho
    first, second    (B, K - 1, L), (B, K, L - 1): what passes from the next cell into this one as the threshold
                     between them rises
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
        """The score of rho (B, K, L)."""
        return np.asarray(self.slope / self.share)


def scores(h: Array, k: Array, rho: Array) -> Scores:
    """Shares of cells and their derivatives at thresholds h (B, K - 1), k (B, L - 1) and rho (B,)."""
    r, x, y = rho[:, None, None], h[:, :, None], k[:, None, :]
    d, free = density(x, y, r), 1 - r * r
    by_x, by_y = conditional(x, y, r), conditional(y, x, r)
    by_x = np.concatenate([np.zeros_like(x), by_x, normal_density(x)], axis=2)
    by_y = np.concatenate([np.zeros_like(y), by_y, normal_density(y)], axis=1)
    steep_x = np.pad(-d * (x - r * y) / free, ((0, 0), (0, 0), (1, 1)))
    steep_y = np.pad(-d * (y - r * x) / free, ((0, 0), (1, 1), (0, 0)))
    return Scores(*_cells(h, k, rho), np.diff(by_x, axis=2), np.diff(by_y, axis=1),
                  np.diff(steep_x, axis=2), np.diff(steep_y, axis=1))  # fmt: skip


class Slopes(NamedTuple):
    """What the sum of the scores of rho has to do with rho (B,) and with the thresholds (B, K - 1), (B, L - 1)."""

    rho: Array
    first: Array
    second: Array


def products(tables: Array, of: Scores) -> Slopes:
    """Sums over the answers of products of the score of rho with itself and with those of the thresholds."""
    b = tables * of.slope / of.share**2
    return Slopes(
        (b * of.slope).sum(axis=(-2, -1)),
        -(np.diff(b, axis=1) * of.first).sum(axis=2),
        -(np.diff(b, axis=2) * of.second).sum(axis=1),
    )


def curvature(tables: Array, of: Scores) -> Slopes:
    """Minus the second derivatives of the log likelihood of tables (B, K, L), by rho and by a threshold and rho."""
    a, outer = tables / of.share, products(tables, of)
    return Slopes(
        outer.rho - (a * of.bend).sum(axis=(-2, -1)),
        outer.first + (np.diff(a, axis=1) * of.first_slope).sum(axis=2),
        outer.second + (np.diff(a, axis=2) * of.second_slope).sum(axis=1),
    )


def influence(of: Scores, slopes: Slopes, u: Array, v: Array, added: Array | float = 0.0) -> Array:
    """How rho moves with the weight of an answer in cell (k, l) (B, K, L).

    (s_kl - slopes_h' u_k - slopes_k' v_l) / slopes_rho: the implicit function theorem for the second step, with
    u (B, K, K - 1) and v (B, L, L - 1) the influence on the thresholds of the first (Olsson 1979; Muthen 1984).

    added   per unit of weight, as `filled` gives it
    """
    moved = (of.rho * added).sum(axis=(-2, -1), keepdims=True) if np.ndim(added) else 0.0
    from_first = np.einsum("bkt,bt->bk", u, slopes.first)[:, :, None]
    from_second = np.einsum("blt,bt->bl", v, slopes.second)[:, None, :]
    return np.asarray((of.rho + moved - from_first - from_second) / slopes.rho[:, None, None])


def failed(first: str, second: str, rho: float, where: str | None = None) -> DataError:
    """The error for a correlation that is perfect, or that cannot be found."""
    if abs(rho) == 1:
        return DataError(
            f"the answers to '{first}' and '{second}' go together perfectly",
            where=where,
            expected="a polychoric or polyserial correlation between -1 and 1",
            remedy="Leave out one of the two, or join categories that few chose",
        )
    return DataError(
        f"no correlation of the answers behind '{first}' and '{second}' could be found",
        where=where,
        expected="answers to both that differ",
        remedy="Look at their table: join categories that few chose, or leave out one of the two",
    )


@dataclass(frozen=True)
class Polychoric(Fitted):
    """Correlation of the standard normal answers that two ordinal items are thought to be cut from.

    x_levels, y_levels   the codes from low to high; None takes them from the columns

    Thresholds from the margins, then the correlation by maximum likelihood (Pearson 1900; Olsson 1979, two steps).
    Raises DataError where the two items go together perfectly.

    >>> columns = {"x": np.array([0.0, 0, 1, 1]), "y": np.array([0.0, 1, 0, 1])}
    >>> Polychoric("x", "y", (0.0, 1.0), (0.0, 1.0)).fit(columns, np.array([2.0, 1, 1, 2])).values
    array([0.5])
    """

    x: str
    y: str
    x_levels: tuple[float, ...] | None = None
    y_levels: tuple[float, ...] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.x, self.y)

    @property
    def levelled(self) -> tuple[str, ...]:
        return (self.x, self.y)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((f"{self.x}, {self.y}", None, "polychoric correlation"),)

    def completed(self, of: Meaning) -> Self:
        return replace(self, x_levels=ordered(of, self.x, self.x_levels), y_levels=ordered(of, self.y, self.y_levels))

    def fit(self, columns: Columns, weights: Array) -> Fit:
        a, K = used(columns[self.x], self.x_levels or ())
        b, L = used(columns[self.y], self.y_levels or ())
        there = (a >= 0) & (b >= 0)
        if not there.all():
            return self._among(columns, weights, there)
        if K < 2 or L < 2:
            return Fit(np.array([np.nan]), np.full((len(weights), 1), np.nan))
        cell = a * L + b
        table, added = filled(
            np.bincount(cell, weights, K * L).reshape(1, K, L).astype(float), np.array([float(len(a))])
        )
        margins = table.sum(axis=2), table.sum(axis=1)
        h, k = (thresholds(margin, len(a)) for margin in margins)
        rho = correlations(table, h, k)
        if not np.abs(rho[0]) < 1:
            raise failed(self.x, self.y, float(rho[0]))
        of = scores(h, k, rho)
        u, v = (threshold_influence(margin, cuts) for margin, cuts in zip(margins, (h, k), strict=True))
        moved = influence(of, curvature(table, of), u, v, added)
        return Fit(rho, moved.reshape(-1)[cell][:, None])

    def _among(self, columns: Columns, weights: Array, there: Flags) -> Fit:
        """The fit among rows whose answers both are levels; the others have no influence."""
        some = self.fit({name: columns[name][there] for name in self.variables}, weights[there])
        moved = np.zeros((len(weights), 1))
        moved[there] = some.column(0)[:, None]
        return Fit(some.values, moved)


def ordered(of: Meaning, name: str, levels: tuple[float, ...] | None) -> tuple[float, ...]:
    """Codes from low to high, where none are named."""
    return tuple(sorted(of.levels(name)) if levels is None else [of.code(name, level) for level in levels])


def used(values: Array, levels: tuple[float, ...]) -> tuple[Codes, int]:
    """The place of each value (n,) among the levels that some row has, -1 for none of them; and how many these are."""
    at = places(values, levels)
    count = np.bincount(at, minlength=len(levels) + 1)[:-1] > 0
    number = np.append(np.where(count, np.cumsum(count) - 1, -1), -1)
    return number[at], int(count.sum())
