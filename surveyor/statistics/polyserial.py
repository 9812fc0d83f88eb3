"""Polyserial correlation: how closely a measurement and the normal answer behind an ordinal one go together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.special import ndtr

from surveyor.arrays import Array, Codes, Flags
from surveyor.statistics.bivariate_normal import normal_density
from surveyor.statistics.cut_normal import Slopes, threshold_influence, thresholds
from surveyor.statistics.most_likely import climbed
from surveyor.statistics.polychoric import failed, ordered, used
from surveyor.statistics.statistic import Columns, Fit, Fitted, Meaning

#: Shares that are 0 but for underflow.
LEAST = 1e-300


class Rows(NamedTuple):
    """Answers to an ordinal item and to a measured one, (n,) each.

    code        category; cell: group, one of `groups`
    low, high   the thresholds below and above the category, infinite at the ends
    z           the measurement, standardised by the mean and the standard deviation of its group
    sd          this standard deviation
    """

    code: Codes
    cell: Codes
    groups: int
    low: Array
    high: Array
    z: Array
    sd: Array
    weights: Array

    def sums(self, values: Array) -> Array:
        """Weighted sums by group (G,)."""
        return np.asarray(np.bincount(self.cell, self.weights * values, self.groups), dtype=float)


def bounds(cuts: Array, cell: Codes, code: Codes) -> tuple[Array, Array]:
    """The thresholds below and above each category, from cuts (G, K - 1)."""
    walled = np.pad(cuts, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))
    return walled[cell, code], walled[cell, code + 1]


class SerialScores(NamedTuple):
    """Derivatives of log p, p = Phi(t_high) - Phi(t_low) with t = (tau - rho z) / sqrt(1 - rho^2), row by row.

    rho, low, high, z                       first ones
    rho_rho, rho_low, rho_high, rho_z       of the one by rho
    """

    rho: Array
    low: Array
    high: Array
    z: Array
    rho_rho: Array
    rho_low: Array
    rho_high: Array
    rho_z: Array


def serial_scores(rows: Rows, rho: Array) -> SerialScores:
    """Derivatives at rho (n,)."""
    root = np.sqrt(1 - rho**2)
    t, p = _placed(rows, rho, root)
    sides = []
    for bound, place in zip((rows.low, rows.high), t, strict=True):
        finite = np.isfinite(bound)
        tau, at = np.where(finite, bound, 0.0), np.where(finite, place, 0.0)
        f = np.where(finite, normal_density(at), 0.0) / p
        away = (rho * tau - rows.z) / root**3  # dt / d rho
        sides.append(_Side(
            f=f / root,
            by_rho=f * away,
            by_rho_rho=f * ((tau + 3 * rho * root * away) / root**3 - at * away**2),
            by_rho_z=f * (at * away * rho / root - 1 / root**3),
            by_rho_tau=f * (rho / root**3 - at * away / root),
        ))  # fmt: skip
    low, high = sides
    s = high.by_rho - low.by_rho
    by_z = -rho * (high.f - low.f)
    return SerialScores(
        rho=s, low=-low.f, high=high.f, z=by_z,
        rho_rho=high.by_rho_rho - low.by_rho_rho - s * s,
        rho_low=s * low.f - low.by_rho_tau,
        rho_high=high.by_rho_tau - s * high.f,
        rho_z=high.by_rho_z - low.by_rho_z - s * by_z,
    )  # fmt: skip


def _placed(rows: Rows, rho: Array, root: Array) -> tuple[tuple[Array, Array], Array]:
    """The bounds of each answer given the measurement, and the probability p between them (n,)."""
    low, high = ((bound - rho * rows.z) / root for bound in (rows.low, rows.high))
    flip = low > 0  # in the upper tail the difference of the small shares beyond keeps the digits
    p = ndtr(np.where(flip, -low, high)) - ndtr(np.where(flip, -high, low))
    return (low, high), np.maximum(p, LEAST)


def _steps(rows: Rows, rho: Array) -> tuple[Array, Array]:
    """First and second derivative of log p by rho (n,): all that a Newton step needs."""
    free = 1 - rho**2
    root = np.sqrt(free)
    t, p = _placed(rows, rho, root)
    first, second = np.zeros(len(p)), np.zeros(len(p))
    for sign, bound, place in zip((-1.0, 1.0), (rows.low, rows.high), t, strict=True):
        finite = np.isfinite(bound)
        tau, at = np.where(finite, bound, 0.0), np.where(finite, place, 0.0)
        f = np.where(finite, sign * normal_density(at), 0.0)
        away = (rho * tau - rows.z) / (free * root)
        first += f * away
        second += f * ((tau / root + 3 * rho * away) / free - at * away * away)
    first /= p
    return first, second / p - first * first


class _Side(NamedTuple):
    """Derivatives of Phi(t) at one bound, over p."""

    f: Array
    by_rho: Array
    by_rho_rho: Array
    by_rho_z: Array
    by_rho_tau: Array


def serial_correlations(rows: Rows, start: Array | None = None) -> Array:
    """The correlation (G,) that makes the answers of each group most likely, given thresholds, means and variances.

    The second of the two steps of Olsson, Drasgow and Dorans (1982). +1, -1 and NaN as in `correlations`.
    """
    W = rows.sums(np.ones(len(rows.z)))
    if start is None:
        level = rows.code.astype(float)
        level -= (rows.sums(level) / W)[rows.cell]
        start = rows.sums(level * rows.z) / W / np.sqrt(np.maximum(rows.sums(level**2) / W, LEAST))

    def look(rho: Array, left: Codes) -> tuple[Array, Array, Array]:
        full = np.zeros(rows.groups)
        full[left] = rho
        first, second = _steps(rows, full[rows.cell])
        return tuple((rows.sums(each) / W)[left] for each in (first, -second, first**2))  # type: ignore[return-value]

    with np.errstate(divide="ignore", invalid="ignore"):
        return climbed(look, np.nan_to_num(start))


def serial_curvature(rows: Rows, of: SerialScores, cuts: int) -> Slopes:
    """Minus the second derivatives of the log likelihood by rho (G,), by a threshold and rho (G, cuts), and by
    mean or variance and rho (G, 2).
    """
    by_mean = -of.rho_z / rows.sd
    by_variance = by_mean * rows.z / (2 * rows.sd)
    return Slopes(
        -rows.sums(of.rho_rho),
        -_by_cut(rows, of.rho_low, of.rho_high, cuts),
        -np.stack([rows.sums(by_mean), rows.sums(by_variance)], axis=1),
    )


def serial_products(rows: Rows, of: SerialScores, cuts: int) -> Slopes:
    """The same with sums of products of scores; those of mean and variance are of both answers together."""
    by_mean = (rows.z - of.z) / rows.sd
    by_variance = (rows.z**2 - 1 - of.z * rows.z) / (2 * rows.sd**2)
    return Slopes(
        rows.sums(of.rho**2),
        _by_cut(rows, of.rho * of.low, of.rho * of.high, cuts),
        np.stack([rows.sums(of.rho * by_mean), rows.sums(of.rho * by_variance)], axis=1),
    )


def _by_cut(rows: Rows, low: Array, high: Array, cuts: int) -> Array:
    """Sums by threshold (G, cuts) of what belongs to the one below and the one above each answer."""
    made = np.zeros((rows.groups, cuts + 2))
    for values, at in ((low, rows.code), (high, rows.code + 1)):
        key = rows.cell * (cuts + 2) + at
        made += np.bincount(key, rows.weights * values, made.size).reshape(made.shape)
    return made[:, 1:-1]


@dataclass(frozen=True)
class Polyserial(Fitted):
    """Correlation of a measured variable with the standard normal answer an ordinal item is thought to be cut from.

    x          the ordinal item; y: the measured variable
    x_levels   the codes of x from low to high; None takes them from the column

    Thresholds of x, mean and variance (divisor n) of y, then the correlation by maximum likelihood (Olsson, Drasgow
    and Dorans 1982, two steps). Raises DataError where the two go together perfectly.

    >>> columns = {"x": np.array([0.0, 0, 1, 1]), "y": np.array([1.0, 3, 1, 3])}
    >>> abs(Polyserial("x", "y", (0.0, 1.0)).fit(columns, np.ones(4)).values).round(12)
    array([0.])
    """

    x: str
    y: str
    x_levels: tuple[float, ...] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.x, self.y)

    @property
    def levelled(self) -> tuple[str, ...]:
        return (self.x,)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((f"{self.x}, {self.y}", None, "polyserial correlation"),)

    def completed(self, of: Meaning) -> Self:
        return replace(self, x_levels=ordered(of, self.x, self.x_levels))

    def fit(self, columns: Columns, weights: Array) -> Fit:
        code, K = used(columns[self.x], self.x_levels or ())
        if (code < 0).any():
            return self._among(columns, weights, code >= 0)
        y, W = columns[self.y], weights.sum()
        away = y - (weights @ y / W if len(y) else np.nan)
        variance = weights @ away**2 / W if len(y) else 0.0
        if K < 2 or not variance > 0:
            return Fit(np.array([np.nan]), np.full((len(weights), 1), np.nan))
        sd = np.sqrt(variance)
        margins = np.bincount(code, weights, K)[None].astype(float)
        cuts, cell = thresholds(margins, float(len(code))), np.zeros(len(code), dtype=np.intp)
        rows = Rows(code, cell, 1, *bounds(cuts, cell, code), away / sd, np.full(len(y), sd), weights)
        rho = serial_correlations(rows)
        if not np.abs(rho[0]) < 1:
            raise failed(self.x, self.y, float(rho[0]))
        of = serial_scores(rows, np.full(len(y), rho[0]))
        slopes = serial_curvature(rows, of, K - 1)
        u = threshold_influence(margins, cuts)[0]
        moments = slopes.second[0, 0] * away + slopes.second[0, 1] * (away**2 - variance)
        return Fit(rho, ((of.rho - (u @ slopes.first[0])[code] - moments / W) / slopes.rho[0])[:, None])

    def _among(self, columns: Columns, weights: Array, there: Flags) -> Fit:
        """The fit among rows whose answer to x is a level; the others have no influence."""
        some = self.fit({name: columns[name][there] for name in self.variables}, weights[there])
        moved = np.zeros((len(weights), 1))
        moved[there] = some.column(0)[:, None]
        return Fit(some.values, moved)
