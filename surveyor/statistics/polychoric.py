"""Polychoric correlation: how closely the normal answers behind two ordinal ones go together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from surveyor.arrays import Array, Codes, Flags, places
from surveyor.errors import DataError
from surveyor.statistics.statistic import Columns, Fit, Fitted, Meaning
from surveyor.statistics.two_steps import linked, margin, sums_of


def failed(first: str, second: str, rho: float, where: str | None = None) -> DataError:
    """The error for a correlation that is perfect, or that cannot be found."""
    if abs(rho) == 1:
        return DataError(
            f"the answers to '{first}' and '{second}' go together perfectly",
            where=where,
            expected="a correlation between -1 and 1",
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
        first, second = (margin(sums_of(at, weights, 1, size + 1)) for at, size in ((a, K), (b, L)))
        with np.errstate(divide="ignore", invalid="ignore"):
            link = linked(sums_of(a * (L + 1) + b, weights, 1, K + 1, L + 1), first, second)
        if not np.abs(link.rho[0]) < 1:
            raise failed(self.x, self.y, float(link.rho[0]))
        return Fit(link.rho, link.moved[0, a, b][:, None])

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
