"""A statistic is a formula on weighted totals; its influence follows by exact differentiation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from surveyor.arrays import Array

Formula = Callable[[Any], Any]
Columns = Mapping[str, Array]

STEP = 1e-30


class Statistic(ABC):
    """A question put to numbers: row terms, and a formula on their weighted totals.

    Nothing here knows about weights, groups or missing answers: those are weights, cells and zero weights.
    """

    @property
    @abstractmethod
    def variables(self) -> tuple[str, ...]:
        """The columns it reads; a row where one of them is missing has weight zero."""

    @property
    @abstractmethod
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        """What each value is: (variable, level, name of the statistic)."""

    @abstractmethod
    def terms(self, columns: Columns) -> tuple[Array | float, ...]:
        """The k row terms, (n,) each, whose weighted sums are the totals; 1.0 stands for a constant term."""

    @abstractmethod
    def formula(self, totals: Any) -> Any:
        """Totals (k, ...) -> values (q, ...). Analytic, so that it accepts complex numbers: no abs, max,
        comparison or sorting.
        """

    def prepared(self, columns: Columns) -> Self:
        """The statistic made ready for these columns (a pilot mean, say); its values may not depend on it."""
        return self

    def small_sample(self, n: Array) -> Any:
        """A factor on the values for n answers (cells,), such as n / (n - 1)."""
        return 1.0


@dataclass(frozen=True)
class OfOne(Statistic):
    """The part that statistics of a single variable share."""

    variable: str

    @property
    def variables(self) -> tuple[str, ...]:
        """The one column."""
        return (self.variable,)


@dataclass(frozen=True)
class Centred(OfOne):
    """A statistic of one variable whose totals are taken around a pilot mean.

    `centre` is subtracted from the values before they are summed, so that a large offset eats no digits
    (Chan, Golub and LeVeque 1983); the values do not depend on it.
    """

    centre: float | None = None

    def prepared(self, columns: Columns) -> Self:
        """The same with the plain mean of the column as centre, where none is given."""
        y = columns[self.variable]
        return replace(self, centre=float(y.mean()) if len(y) else 0.0) if self.centre is None else self

    def around(self, columns: Columns) -> Array:
        """The column minus the centre."""
        return columns[self.variable] - self.centre if self.centre else columns[self.variable]


def gradient(formula: Formula, totals: Array) -> Array:
    """The derivatives of `formula` at `totals` (k, ...), shape (q, k, ...).

    The complex step: Im f(t + ih) / h = f'(t) + O(h^2), without the subtraction that spoils finite
    differences, so h = 1e-30 is exact to rounding (Squire and Trapp 1998).

    >>> gradient(lambda t: t[:1] / t[1], np.array([6.0, 3.0]))
    array([[ 0.33333333, -0.66666667]])
    """
    columns = []
    for k in range(len(totals)):
        moved = totals.astype(np.complex128)
        moved[k] += 1j * STEP
        columns.append(np.imag(formula(moved)) / STEP)
    return np.stack(columns, axis=1)
