"""Ranks by weighted midranks: which group stands higher, and by how much, whatever the order of the rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np

from surveyor.arrays import Array, Codes, ascending, places
from surveyor.statistics.differences import OfGroups
from surveyor.statistics.statistic import Columns, Fit, Fitted, Meaning


class Ranked(NamedTuple):
    """Distinct values in order, and for each group the share below each value plus half the share at it.

    place    (n,) which distinct value each row has
    midrank  (G, L) M_g(y) = (W_g[< y] + W_g[= y] / 2) / W_g
    """

    place: Codes
    midrank: Array


def ranked(y: Array, group: Codes, groups: int, weights: Array) -> Ranked:
    """Weighted midranks within each of `groups`; ties share their rank, so the order of rows cannot matter."""
    order = ascending(y)
    ordered = y[order]
    steps = np.zeros(len(y), dtype=np.intp)
    np.cumsum(ordered[1:] > ordered[:-1], out=steps[1:])
    place = np.empty_like(steps)
    place[order] = steps
    L = int(steps[-1]) + 1 if len(y) else 0
    mass = np.bincount(group * L + place, weights, groups * L).reshape(groups, L)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Ranked(place, (np.cumsum(mass, axis=1) - mass / 2) / mass.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Superiority(OfGroups, Fitted):
    """Probability that someone of group a stands higher than someone of b, ties counting half.

    direction   -1 where low codes are the favourable end; None asks the questionnaire

    P(Y_a > Y_b) + P(Y_a = Y_b) / 2 = sum_a w M_b(y) / W_a, with M_b(y) the weighted midrank of y in group b
    (Mann and Whitney 1947; Agresti 2010, section 2.1). Influence: (M_b(y) - theta) / W_a in group a,
    (1 - M_a(y) - theta) / W_b in group b. It differs from the mean midranks of a and b in all residents
    by exactly 1/2, so that its test against 1/2 is the design-based rank test.

    >>> columns = {"y": np.array([2.0, 3.0, 1.0, 2.0]), "g": np.array([0.0, 0.0, 1.0, 1.0])}
    >>> Superiority("y", "g", (0.0, 1.0)).fit(columns, np.ones(4)).values
    array([0.875])
    """

    direction: int | None = None

    def completed(self, of: Meaning) -> Self:
        up = of.direction(self.variable) if self.direction is None else self.direction
        return replace(super().completed(of), direction=up)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "superiority"),)

    def fit(self, columns: Columns, weights: Array) -> Fit:
        a, b = self.sides(columns)
        used = a | b
        whole = bool(used.all())
        y, w = (each if whole else each[used] for each in (columns[self.variable] * (self.direction or 1), weights))
        first = a if whole else a[used]
        group = np.where(first, 0, 1)
        place, M = ranked(y, group, 2, w)
        W = np.bincount(group, w, 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            ahead = np.where(first, M[1][place], 1 - M[0][place])
            theta = w @ np.where(first, ahead, 0.0) / W[0]
            own = (ahead - theta) / np.where(first, W[0], W[1])
        if whole:
            return Fit(np.array([theta]), own[:, None])
        influence = np.zeros((len(weights), 1))
        influence[used, 0] = own
        return Fit(np.array([theta]), influence)


@dataclass(frozen=True)
class CliffsDelta(Superiority):
    """Cliff's delta: P(Y_a > Y_b) - P(Y_a < Y_b) = 2 superiority - 1 (Cliff 1993).

    >>> columns = {"y": np.array([2.0, 3.0, 1.0, 2.0]), "g": np.array([0.0, 0.0, 1.0, 1.0])}
    >>> CliffsDelta("y", "g", (0.0, 1.0)).fit(columns, np.ones(4)).values
    array([0.75])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "Cliff's delta"),)

    def fit(self, columns: Columns, weights: Array) -> Fit:
        theta = super().fit(columns, weights)
        return Fit(2 * theta.values - 1, lambda k: 2 * theta.column(k))


@dataclass(frozen=True)
class MeanRank(Fitted):
    """Mean midrank of each group of `by` among all residents, between 0 and 1 (ridits, Bross 1958).

    m_g = sum_g w F(y) / W_g with F the weighted midrank in all; equal in all groups where ranks do not depend on
    the group (Kruskal and Wallis 1952; Lumley and Scott 2013 for designs). Influence: (F(y) - m_g) / W_g for
    members of g, plus (1 - M_g(y) - m_g) / W for everybody, because F is estimated too.

    >>> columns = {"y": np.array([2.0, 3.0, 1.0, 2.0]), "g": np.array([0.0, 0.0, 1.0, 1.0])}
    >>> MeanRank("y", "g", (0.0, 1.0)).fit(columns, np.ones(4)).values
    array([0.6875, 0.3125])
    """

    variable: str
    by: str
    groups: tuple[float, ...] | None = None
    direction: int | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable, self.by)

    @property
    def compared(self) -> tuple[str, tuple[float, ...]]:
        return self.by, self.groups or ()

    @property
    def levelled(self) -> tuple[str, ...]:
        return (self.by,)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return tuple((self.by, group, f"mean rank of {self.variable}") for group in self.groups or ())

    def completed(self, of: Meaning) -> Self:
        named = of.levels(self.by) if self.groups is None else [of.code(self.by, group) for group in self.groups]
        up = of.direction(self.variable) if self.direction is None else self.direction
        return replace(self, groups=tuple(named), direction=up)

    def fit(self, columns: Columns, weights: Array) -> Fit:
        groups = self.groups or ()
        G = len(groups)
        group = places(columns[self.by], groups)
        used = group < G
        w, group = weights[used], group[used]
        y = columns[self.variable][used] * (self.direction or 1)
        place, M = ranked(y, group, G, w)
        W = np.bincount(group, w, G)
        F = (np.where(W[:, None] > 0, M, 0.0) * W[:, None]).sum(axis=0)[place] / W.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            m = np.bincount(group, w * F, G) / W
            shared = (1 - M[:, place].T - m) / W.sum()
            shared[np.arange(len(w)), group] += (F - m[group]) / W[group]
        influence = np.zeros((len(weights), G))
        influence[used] = shared
        return Fit(m, influence)
