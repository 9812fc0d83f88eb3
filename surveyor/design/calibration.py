"""Calibrated weights: known totals met exactly, with weights that move as little as possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from surveyor.arrays import Array, Flags
from surveyor.design.columns import row_of
from surveyor.errors import DesignError
from surveyor.format import counted

if TYPE_CHECKING:
    from surveyor.design.grouping import Part
    from surveyor.design.units import Units
    from surveyor.statistics.statistic import Term

Calibration = Literal["poststratify", "rake", "linear"]
METHODS: tuple[Calibration, ...] = ("poststratify", "rake", "linear")

STEPS, CLOSE = 200, 1e-12
#: A ratio of new to old weights that is 0 but for rounding.
NOTHING = 1e-9


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

    def applied(self, units: Units) -> Units:
        """The units with calibrated weights, and what calibration explains of influence.

        Raises DesignError where a resident would get a negative weight; in replicates there may be some.
        """
        moved = reweighted(units, self.weights)
        self._refuse_negative(moved.weights, units.weights)
        if units.replicates is not None:
            return moved
        w = moved.weights
        return replace(moved, residual=Residual(self.X, units.weights, w, w, units.residual))

    def _refuse_negative(self, w: Array, d: Array) -> None:
        negative = w < -NOTHING * d
        if negative.any():
            raise DesignError(
                f"{counted(int(negative.sum()), 'resident')} would get a negative weight to meet these totals, the "
                f"first in row {row_of(negative)}",
                expected="totals that weights of at least 0 meet",
                remedy="Check the totals, or give bounds to the ratio of new to old weights, such as bounds=(0.2, 5)",
            )


@dataclass(frozen=True, eq=False)
class Residual:
    """What a variance must know of a calibration: X (n, p), the weights before and after it, and those in the end (n,).

    Influence counts only as far as X does not explain it (Deville and Sarndal 1992): with e_i the influence of
    row i per unit of weight, z_i = w_i (e_i - X_i B), B the regression of e on X with the weights before. Steps after
    it, with weights v_i in the end, come in by the chain rule: their ratios v_i / w_i stand before e_i. So the last of
    several calibrations explains first, and each earlier one what that leaves.
    """

    X: Array
    before: Array
    after: Array
    final: Array
    earlier: Residual | None = None

    @cached_property
    def slopes(self) -> Array:
        """(p, p): what makes X' d e into B, found once: the inverse of X' d X, or of the part of it that has one."""
        gram = (self.X * self.before[:, None]).T @ self.X
        size = np.sqrt(np.diag(gram))  # brought to one size, or a total in millions would eat the digits of the others
        unit = np.divide(1.0, size, out=np.zeros_like(size), where=size > 0)
        both = np.outer(unit, unit)
        return np.asarray(np.linalg.pinv(gram * both, rcond=len(gram) * np.finfo(float).eps, hermitian=True) * both)

    def of_terms(self, units: Units, part: Part, terms: Sequence[Term], slopes: Array) -> Array:
        """What is explained of each finest unit's influence (F, c*q), from the row terms of a statistic and the
        derivatives (q, k, c) of its formula.
        """
        full, cells = part.columns(terms), part.shape[1]

        def cross(X: Array, d: Array) -> Array:
            X, d = part.take(X), part.take(d)
            sums = np.stack([[np.bincount(part.cell, x * d * term, cells) for term in full] for x in X.T])
            return np.asarray(np.einsum("qkc,pkc->pcq", slopes, sums).reshape(X.shape[1], -1))

        return self._explained(units, cross)

    def of_rows(self, units: Units, part: Part, influence: Array) -> Array:
        """The same from influence per unit of weight (n, q), each row in the columns of its cell."""
        cells = [np.flatnonzero(part.cell == c) for c in range(part.shape[1])]

        def cross(X: Array, d: Array) -> Array:
            weighted = part.take(X) * part.take(d)[:, None]
            return np.hstack([weighted[at].T @ influence[at] for at in cells])

        return self._explained(units, cross)

    def _explained(self, units: Units, cross: Callable[[Array, Array], Array]) -> Array:
        """Sum over the calibrations of X B by unit, from what gives X' d e for X and weights d."""
        found: list[tuple[Array, Array]] = []  # of each calibration, last first: X times its weights after, and B
        step: Residual | None = self
        while step is not None:
            ratio = np.divide(step.before, step.after, out=np.zeros_like(step.after), where=step.after != 0)
            weighted = step.X * ratio[:, None]
            right = cross(step.X, ratio * self.final) - sum(weighted.T @ later @ B for later, B in found)
            found.append((step.X * step.after[:, None], step.slopes @ right))
            step = step.earlier
        return np.asarray(sum(by_unit(units, X) @ B for X, B in found))


def by_unit(units: Units, columns: Array) -> Array:
    """Sums of columns (n, p) per finest unit (F, p)."""
    return np.stack([np.bincount(units.unit, column, units.count) for column in columns.T], axis=1)


def reweighted(units: Units, weights: Callable[[Array], Array]) -> Units:
    """The units with new weights made from the old (n,); replicates are made anew one by one, by the same steps."""
    d = units.weights
    w = weights(d)
    if units.replicates is None:
        return replace(units, weights=w)
    multipliers = units.replicates
    full = d[:, None] * multipliers.factor[units.unit]
    moved = np.stack([weights(column) for column in full.T], axis=1)
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
    """The exponents X b with X'(d exp(X b)) = totals, from weights first brought to the size of the population."""
    now = X.T @ d
    size = (now @ totals) / (now @ now)
    b = np.linalg.lstsq(X, np.full(len(d), np.log(size) if size > 0 else 0.0), rcond=None)[0]
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
