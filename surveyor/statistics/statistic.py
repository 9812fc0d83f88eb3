"""A statistic is a formula on weighted totals; its influence follows by exact differentiation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol, Self

import numpy as np

from surveyor.arrays import Array, Codes

Formula = Callable[[Any], Any]
Columns = Mapping[str, Array]


class Meaning(Protocol):
    """What the questionnaire and the data say of a column."""

    def levels(self, name: str) -> Sequence[float]:
        """Its levels, in the order they are listed."""

    def code(self, name: str, answer: Any) -> float:
        """The code of an answer given by label or code."""

    def direction(self, name: str) -> int:
        """-1 where low codes are the favourable end, else +1."""

    def sign(self, name: str) -> int:
        """-1 where a high code means less of the concept, else +1."""


#: The complex step, beside the size of a total; totals under LEAST count as 0.
STEP, LEAST = 1e-30, 1e-200


class Statistic(ABC):
    """A question put to numbers: a formula on totals (`OnTotals`), or a fit with row influence (`Fitted`).

    Nothing here knows about weights of a design, groups or missing answers: those are weights, cells and zero weights.
    """

    @property
    def levelled(self) -> tuple[str, ...]:
        """The columns that hold levels rather than measurements, so that words may stand in them."""
        return ()

    @property
    @abstractmethod
    def variables(self) -> tuple[str, ...]:
        """The columns it reads; a row where one of them is missing has weight zero."""

    @property
    @abstractmethod
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        """What each value is: (variable, level, name of the statistic)."""

    @property
    def compared(self) -> tuple[str, tuple[float, ...]] | None:
        """The grouping, and the groups of it, that the statistic compares within a cell; None for most."""
        return None

    def completed(self, of: Meaning) -> Self:
        """The statistic with levels it does not name taken from the columns, and labels turned into codes."""
        return self


@dataclass(frozen=True, eq=False)
class Indicators:
    """`count` row terms in one: term k is 1 where `place` (n,) is k, else 0."""

    place: Codes
    count: int


Term = Array | float | Indicators


class OnTotals(Statistic):
    """Row terms, and a formula on their weighted totals."""

    @abstractmethod
    def terms(self, columns: Columns) -> tuple[Term, ...]:
        """The row terms, (n,) each, whose weighted sums are the k totals; 1.0 stands for a constant term."""

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


class Scale(NamedTuple):
    """A scale on which a fitted value varies smoothly, though the value itself does not (Woodruff 1952).

    middle   (q,) around which intervals are made on it
    inverse  a place on the scale -> the value there
    at       (q,) where the values lie on it
    again    weights (n,) -> where the same values lie on it under other weights
    """

    middle: Array
    inverse: Callable[[float], float]
    at: Array
    again: Callable[[Array], Array]


class Spread(NamedTuple):
    """How units with independent errors e_j of equal variance enter k numbers.

    squares   (U, k) squared shares b_j
    returned  number r -> P (U, q) and V (U, q): after the fit, unit j deviates by sqrt(b_j) e_j - P_j' sum V_k e_k
    """

    squares: Array
    returned: Callable[[int], tuple[Array, Array]]


#: (unit of each row (n,), how many units, slopes L (k, q)) -> how units enter the numbers L v.
UnitShares = Callable[[Codes, int, Array], Spread]


class Fit(NamedTuple):
    """values (q,), and influence (n, q): the derivative of each value by the weight of each row.

    Where many columns would cost memory, k -> column k (n,) stands for the influence.
    With a `scale` the influence is that of the places on the scale. `shares` says how much each unit has in
    combinations of the values, where that is not its share of the weight; it may not hold on to the influence.
    """

    values: Array
    influence: Array | Callable[[int], Array]
    scale: Scale | None = None
    shares: UnitShares | None = None

    def column(self, k: int) -> Array:
        """The influence of value k (n,)."""
        return self.influence(k) if callable(self.influence) else self.influence[:, k]


class Fitted(Statistic):
    """Values that come from sorting or iterating, with their row influence given directly."""

    @abstractmethod
    def fit(self, columns: Columns, weights: Array) -> Fit:
        """Values and influence for the rows (n,) of one cell, all with weights above 0."""


@dataclass(frozen=True)
class OfOne(OnTotals):
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
    differences, so h = 1e-30 of the size of the total is exact to rounding (Squire and Trapp 1998).

    >>> gradient(lambda t: t[:1] / t[1], np.array([6.0, 3.0]))
    array([[ 0.33333333, -0.66666667]])
    """
    columns = []
    for k in range(len(totals)):
        moved = totals.astype(np.complex128)
        size = np.abs(totals[k]).max(initial=0.0)
        step = STEP * size if size > LEAST else STEP
        moved[k] += 1j * step
        columns.append(np.imag(formula(moved)) / step)
    return np.stack(columns, axis=1)
