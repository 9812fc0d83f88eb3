"""A statistic is a formula on weighted totals; its influence follows by exact differentiation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from surveyor.arrays import Array

Formula = Callable[[Any], Any]

STEP = 1e-30


@runtime_checkable
class Statistic(Protocol):
    """A question put to numbers.

    variables   the columns it reads; a row where one of them is missing has weight zero
    rows        what each value is: (variable, level, name of the statistic)
    terms       columns (n,) each -> the row terms, shape (n, k), whose weighted sums are the totals
    formula     totals, shape (k, ...) -> values, shape (q, ...); analytic, so that it accepts complex
                numbers: no abs, max, comparison or sorting
    """

    @property
    def variables(self) -> tuple[str, ...]: ...

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]: ...

    def terms(self, columns: Mapping[str, Array]) -> Array: ...

    def formula(self, totals: Any) -> Any: ...


@dataclass(frozen=True)
class OfOne:
    """The part that statistics of a single variable share."""

    variable: str

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


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
