"""Calibrated weights: known totals met exactly, with weights that move as little as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from surveyor.arrays import Array, Flags
from surveyor.errors import DesignError

if TYPE_CHECKING:
    from surveyor.design.grouping import Part
    from surveyor.design.units import Units
    from surveyor.statistics.statistic import Term

Calibration = Literal["poststratify", "rake", "linear"]
METHODS: tuple[Calibration, ...] = ("poststratify", "rake", "linear")

STEPS, CLOSE = 200, 1e-12


@dataclass(frozen=True, eq=False)
class Margins:
    """What is known of the population: X (n, p) with known totals (p,), and how weights are made to meet them."""

    X: Array
    totals: Array
    method: Calibration = "rake"
    bounds: tuple[float, float] | None = None

    def weights(self, d: Array) -> Array:
        """Weights (n,) near `d` that meet the totals."""
        return calibrated(d, self.X, self.totals, self.method, self.bounds)


@dataclass(frozen=True, eq=False)
class Residual:
    """What a variance must know of a calibration: X (n, p), and the weights before and after it (n,).

    Influence counts only as far as X does not explain it (Deville and Sarndal 1992): with e_i the influence of
    row i per unit of weight, z_i = w_i (e_i - X_i B), B the regression of e on X with the weights before.
    """

    X: Array
    before: Array
    after: Array

    def of_terms(self, part: Part, terms: Sequence[Term], slopes: Array) -> Array:
        """B (p, c*q) from the row terms of a statistic and the derivatives (q, k, c) of its formula."""
        X, d = part.take(self.X), part.take(self.before)
        full = part.columns(terms)
        cross = np.stack(
            [[np.bincount(part.cell, X[:, p] * d * t, part.shape[1]) for t in full] for p in range(self.p)]
        )
        return self._solved(np.einsum("qkc,pkc->pcq", slopes, cross).reshape(self.p, -1))

    def of_rows(self, part: Part, influence: Array) -> Array:
        """B (p, c*q) from influence per unit of weight (n, q), each row in the columns of its cell."""
        X, d = part.take(self.X), part.take(self.before)
        cells = [np.flatnonzero(part.cell == c) for c in range(part.shape[1])]
        return self._solved(np.hstack([(X[at] * d[at, None]).T @ influence[at] for at in cells]))

    @property
    def p(self) -> int:
        """How many calibration variables there are."""
        return int(self.X.shape[1])

    def _solved(self, right: Array) -> Array:
        A = (self.X * self.before[:, None]).T @ self.X
        return np.asarray(np.linalg.lstsq(A, right, rcond=None)[0])

    def explained(self, units: Units, B: Array) -> Array:
        """What the calibration variables explain of the influence of each finest unit (F, c*q)."""
        weighted = self.X * self.after[:, None]
        return np.stack([np.bincount(units.unit, column, units.count) for column in weighted.T], axis=1) @ B


def calibrate(units: Units, margins: Margins) -> Units:
    """The units with calibrated weights; replicates are calibrated one by one, by the same steps."""
    d = units.weights
    w = margins.weights(d)
    if units.replicates is None:
        return replace(units, weights=w, residual=Residual(margins.X, d, w))
    multipliers = units.replicates
    full = d[:, None] * multipliers.factor[units.unit]
    moved = np.stack([margins.weights(column) for column in full.T], axis=1)
    factor = np.divide(moved, w[:, None], out=np.zeros_like(moved), where=w[:, None] > 0)
    first = replace(units.first, member=units.first.member[units.unit])
    return replace(
        units,
        weights=w,
        unit=np.arange(len(w)),
        stages=(first,),
        replicates=replace(multipliers, factor=factor),
    )


def calibrated(
    d: Array, X: Array, totals: Array, method: Calibration, bounds: tuple[float, float] | None = None
) -> Array:
    """New weights w = d g (n,) with X'w = totals (p,).

    poststratify, linear   g = 1 + X b (GREG); with bounds, g is cut at them and b found again until it stays
    rake                   g = exp(X b), found by Newton's method: raking ratio, the limit of iterated proportions

    Deville and Sarndal 1992, equations 2.1 to 2.7. Raises DesignError where the totals cannot be met.
    """
    if method == "rake":
        return d * np.exp(_newton(d, X, totals))
    free = np.ones(len(d), dtype=bool)
    g: Array = np.ones(len(d))
    for _ in range(STEPS):
        g = _linear(d, X, totals, g, free)
        if bounds is None:
            break
        outside = (g < bounds[0] - CLOSE) | (g > bounds[1] + CLOSE)
        if not outside.any():
            break
        g = np.clip(g, *bounds)
        free &= ~outside
    if bounds is None and not np.all(np.isfinite(g)):
        raise _impossible()
    w = d * g
    if not np.allclose(X.T @ w, totals, rtol=1e-8, atol=1e-8 * np.abs(totals).max()):
        raise _impossible()
    return w


def _linear(d: Array, X: Array, totals: Array, g: Array, free: Flags) -> Array:
    """g = 1 + X b for the free rows, so that with the fixed ones the totals are met."""
    fixed = X[~free].T @ (d * g)[~free]
    gap = totals - fixed - X[free].T @ d[free]
    A = (X[free] * d[free, None]).T @ X[free]
    b = np.linalg.lstsq(A, gap, rcond=None)[0]
    return np.where(free, 1 + X @ b, g)


def _newton(d: Array, X: Array, totals: Array) -> Array:
    """The exponents X b with X'(d exp(X b)) = totals."""
    b = np.zeros(X.shape[1])
    scale = np.abs(totals).max()
    for _ in range(STEPS):
        w = d * np.exp(np.clip(X @ b, -50, 50))
        gap = totals - X.T @ w
        if np.abs(gap).max() <= CLOSE * scale:
            return np.asarray(X @ b)
        b = b + np.linalg.lstsq((X * w[:, None]).T @ X, gap, rcond=None)[0]
    raise _impossible()


def _impossible() -> DesignError:
    return DesignError(
        "no weights meet these totals",
        expected="margins that add up to the same population, with residents behind every one of them",
        remedy="Check the margins, join small categories, or widen the bounds",
    )
