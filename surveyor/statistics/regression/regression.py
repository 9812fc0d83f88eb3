"""Regression with sampling weights: coefficients, and what each row adds to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from surveyor.arrays import Array, Codes, Flags
from surveyor.statistics.regression.basis import Basis, basis
from surveyor.statistics.regression.families import Family, Gaussian, OfLevels
from surveyor.statistics.regression.matrix import Matrix
from surveyor.statistics.regression.newton import Optimum, newton
from surveyor.statistics.regression.predictors import Ordered, Predictors, Separate
from surveyor.statistics.statistic import Columns, Fit, Fitted, Spread, UnitShares

#: A coefficient runs away where it has more than this part in a direction that does.
PART = 1e-6
#: What is left of the squares of an outcome that is an exact function of the terms: rounding.
EXACT = 1e-24


@dataclass(frozen=True)
class Regression(Fitted):
    """Coefficients of a model of `outcome`: the greatest weighted log-likelihood sum w l(y, J phi) (Binder 1983).

    matrix   the columns of the model; family   the distribution of the answers

    The score of row i is J_i' s_i, and its influence H^-1 J_i' s_i with H = sum w J' D J minus the second derivatives
    at the solution. A column that adds nothing to those before it has no coefficient (NaN), nor one that runs away
    because it predicts the outcome perfectly.

    >>> from surveyor.statistics.regression.matrix import Column, Measure
    >>> line = Regression("y", Matrix((Column("1"), Column("x", (Measure("x"),)))), Gaussian())
    >>> line.fit({"x": np.array([0.0, 1.0, 2.0]), "y": np.array([1.0, 3.0, 5.0])}, np.ones(3)).values
    array([1., 2.])
    """

    outcome: str
    matrix: Matrix
    family: Family

    @property
    def levelled(self) -> tuple[str, ...]:
        return self.variables

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.outcome, *self.matrix.variables)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        family = self.family
        own = [(column.term, column.level, "coefficient") for column in self.matrix.columns]
        if family.ordered:
            return (*own, *[(self.outcome, level, "cut point") for level in family.answers[:-1]])
        if family.predictors == 1:
            return tuple(own)
        return tuple((f"{code:g}: {term}", level, what) for code in family.answers[1:] for term, level, what in own)

    def fit(self, columns: Columns, weights: Array) -> Fit:
        made = self.solved(columns, weights)
        A = made.back
        values = np.where(made.known, A @ made.optimum.place, np.nan)
        there = self.matrix.intercept
        if made.origin and there is not None:
            values[there] += made.origin
        exact = made.optimum.value > -EXACT * float(weights @ made.y**2) if isinstance(made.family, Gaussian) else False
        influence = np.zeros((len(weights), len(A))) if exact else made.influence(columns, A)
        return Fit(values, influence, shares=made.shares(columns, A))

    def solved(self, columns: Columns, weights: Array) -> Solution:
        """The model fitted to rows (n,) of one cell, in coordinates of its own."""
        family, levels = self.family, None
        if isinstance(family, OfLevels):
            here = np.bincount(family.coded(columns[self.outcome]), weights, len(family.levels) + 1)[:-1] > 0
            levels = np.flatnonzero(here)
            family = family.among([family.levels[k] for k in levels])
        y = family.coded(columns[self.outcome])
        base = basis(self.matrix, columns, weights, absorbed=family.ordered)
        layout = (Ordered if family.ordered else Separate)(family.predictors)
        start, origin = np.zeros((family.predictors, len(base.kept))), 0.0
        if family.ordered:
            start = np.concatenate([start[0], family.start(y, weights)])
        elif self.matrix.intercept is not None:
            at = family.start(y, weights)
            if isinstance(family, Gaussian):
                origin = float(at[0])
                y = y - origin
            else:
                start[:, 0] = at / base.T[self.matrix.intercept, 0]

        def climb(phi: Array) -> tuple[float, Array, Array]:
            q = len(phi)
            value, g, H = 0.0, np.zeros(q), np.zeros((q, q))
            with np.errstate(over="ignore", invalid="ignore"):
                for at, Q in base.blocks(columns, len(y)):
                    w, told = weights[at], family.slopes(y[at], layout.eta(Q, phi))
                    value += float(w @ told.loglik)
                    g += layout.summed(Q, w[:, None] * told.first)
                    H += layout.curvature(Q, w[:, None, None] * told.second)
            return value, g, H

        optimum = newton(climb, start.reshape(-1))
        return Solution(self, family, levels, base, layout, y, weights, origin, optimum)


class Solution(NamedTuple):
    """A fitted model in coordinates phi, where Q = (X - centre) T.

    family, levels   the family for the levels that occur, and where these stand among all
    origin           what was taken off the outcome
    """

    asked: Regression
    family: Family
    levels: Codes | None
    base: Basis
    layout: Predictors
    y: Any
    weights: Array
    origin: float
    optimum: Optimum

    @property
    def back(self) -> Array:
        """The map from phi to all coefficients asked for (k, q), zero where there is none."""
        made = self.layout.back(self.base)
        full = np.zeros((len(self.asked.rows), made.shape[1]))
        full[self._where] = made[: len(self._where)]
        return full

    @property
    def _where(self) -> Codes:
        """Which of the coefficients asked for those of the levels that occur are."""
        p = len(self.base.matrix)
        if self.levels is None:
            return np.arange(p)
        if self.family.ordered:
            return np.concatenate([np.arange(p), p + self.levels[:-1]])
        return np.concatenate([np.arange(0), *[(k - 1) * p + np.arange(p) for k in self.levels[1:]]]).astype(np.intp)

    @property
    def known(self) -> Flags:
        """Which of the coefficients have a value (k,)."""
        A, p = self.back, len(self.base.matrix)
        size = np.sqrt((A * A).sum(axis=1))
        away = np.sqrt(((A @ self.optimum.flat) ** 2).sum(axis=1))
        known: Flags = (size > 0) & (away <= PART * size)
        if self.levels is not None:
            gone = np.setdiff1d(np.arange(len(self.asked.family.answers)), self.levels)
            if self.family.ordered:
                known[p + gone[gone < len(known) - p]] = known[p + gone[gone > 0] - 1] = False
            elif 0 in gone:
                known[:] = False
        return known

    def influence(self, columns: Columns, L: Array) -> Array:
        """What rows add to numbers with slopes L (k, q) in phi: s_i' J_i H^-1 L' (n, k)."""
        made = np.empty((len(self.weights), len(L)), order="F")
        moved = L @ self.optimum.inverse
        for at, Q in self.base.blocks(columns, len(self.weights)):
            told = self.family.slopes(self.y[at], self.layout.eta(Q, self.optimum.place))
            made[at] = self.layout.by_row(Q, told.first, moved)
        return made

    def shares(self, columns: Columns, A: Array) -> UnitShares:
        """How units enter combinations of numbers with slopes A (k, q) in phi."""

        def of(unit: Codes, count: int, L: Array) -> Spread:
            directions = self.optimum.inverse @ (A.T @ L.T)
            return spread(self, columns, unit, count, directions)

        return of

    def curvature(self, columns: Columns) -> Iterator[tuple[slice, Array, Array]]:
        """Some rows after the other: where they are, Q, and w D (n, m, m)."""
        for at, Q in self.base.blocks(columns, len(self.weights)):
            told = self.family.slopes(self.y[at], self.layout.eta(Q, self.optimum.place))
            yield at, Q, self.weights[at, None, None] * told.second


def spread(made: Solution, columns: Columns, unit: Codes, count: int, directions: Array) -> Spread:
    """How errors of units enter numbers with directions x = H^-1 l (q, k) in phi.

    An error that shifts the predictors of rows enters a number by g_i = D_i J_i x. Common to all rows of unit j it has
    the squared share |G|^2, G = sum w g. An error that varies within the unit adds at most tr(S) (T - G'S^-1 G), with
    S = sum w D and T = sum w x'J'DJx (Cauchy and Schwarz). With one predictor both together are b_j = S T, so in
    linear regression W_j sum w q^2 (see design.small_samples), and for means of groups of units the squared shares.

    The worst such error has the pattern J_i x; the fit returns V_j = H^-1 (sum w J'DJ x) sqrt(b_j) / T of it.
    """
    layout, n, k = made.layout, len(made.weights), directions.shape[1]
    size = layout.errors
    g = np.empty((k, size if size > 1 else 0, n))  # with one error G falls out
    T, S = np.empty((k, n)), np.empty((size, size, n))
    for at, Q, second in made.curvature(columns):
        for r in range(k):
            enters, curvature, T[r, at] = layout.unit_effects(second, layout.eta(Q, directions[:, r]))
            if size > 1:
                g[r, :, at] = enters.T
        S[:, :, at] = curvature.transpose(1, 2, 0)

    def total(values: Array) -> Array:
        return np.asarray(np.bincount(unit, values, count), dtype=float)

    lengths = np.array([total(part) for part in T])
    sums, G = (np.array([[total(part) for part in each] for each in rows]) for rows in (S, g))
    squares = _squares(sums, lengths, G).T

    def returned(r: int) -> tuple[Array, Array]:
        q = len(directions)
        given, taken = np.empty((n, q), order="F"), np.empty((n, q), order="F")
        for at, Q, second in made.curvature(columns):
            change = layout.eta(Q, directions[:, r])
            given[at] = layout.by_row(Q, (second @ change[:, :, None])[:, :, 0], np.eye(q))
            taken[at] = layout.by_row(Q, layout.pattern(second, change), np.eye(q))
        P, h = (np.stack([total(column) for column in rows.T], axis=1) for rows in (given, taken))
        scale = np.divide(np.sqrt(squares[:, r]), lengths[r], out=np.zeros(count), where=lengths[r] > 0)
        return P, scale[:, None] * (h @ made.optimum.inverse)

    return Spread(squares, returned)


def _squares(S: Array, T: Array, G: Array) -> Array:
    """b (k, U) from sums per unit: S (a, a, U), T (k, U), and for several errors G (k, a, U)."""
    if len(S) == 1:
        return np.asarray(S[0, 0] * T)
    between = np.einsum("rau,uab,rbu->ru", G, np.linalg.pinv(S.transpose(2, 0, 1), hermitian=True), G)
    return np.asarray((G * G).sum(axis=1) + np.trace(S) * np.maximum(T - between, 0.0))
