"""Statistics of several items at once, and Cronbach's alpha."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import UsageError
from surveyor.statistics.statistic import Columns, Meaning, OnTotals, Term
from surveyor.statistics.variance import spread


@dataclass(frozen=True)
class OfItems(OnTotals):
    """A statistic of the covariances of k items, over the rows where all of them are known.

    signs     -1 for items that run against the others, else +1; None asks the questionnaire
    centres   subtracted first (see Centred); the value does not depend on them
    """

    items: tuple[str, ...]
    signs: tuple[int, ...] | None = None
    centres: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        given: Any = self.items
        listed = (given,) if isinstance(given, str) else tuple(given)
        object.__setattr__(self, "items", listed)
        if len(listed) < 2 or len(set(listed)) < len(listed):
            raise UsageError(
                f"{type(self).__name__} of {', '.join(map(repr, listed)) or 'no items'} cannot be had",
                expected="the names of two items or more, each once",
            )
        if self.signs is not None:
            object.__setattr__(self, "signs", tuple(self.signs))
            if len(self.signs) != len(listed) or not set(self.signs) <= {-1, 1}:
                told = f"signs={self.signs!r} do not fit {len(listed)} items"
                raise UsageError(told, expected="1 or -1 for each item")

    @property
    def variables(self) -> tuple[str, ...]:
        return self.items

    def completed(self, of: Meaning) -> Self:
        return replace(self, signs=tuple(of.sign(name) for name in self.items)) if self.signs is None else self

    def prepared(self, columns: Columns) -> Self:
        if self.centres is not None or not len(columns[self.items[0]]):
            return self
        return replace(self, centres=tuple(float(columns[name].mean()) for name in self.items))

    def turned(self, columns: Columns) -> list[Array]:
        """The items (n,) around their centres, those with sign -1 turned round."""
        k = len(self.items)
        signs, centres = self.signs or (1,) * k, self.centres or (0.0,) * k
        return [s * (columns[name] - c) for name, s, c in zip(self.items, signs, centres, strict=True)]

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        """The items y, their squares, their products with the sum S of all, and a constant: 3k + 1 terms."""
        y = self.turned(columns)
        S = np.sum(y, axis=0)
        return (*y, *(each * each for each in y), *(each * S for each in y), 1.0)

    def variances(self, totals: Any) -> tuple[Any, Any, Any]:
        """Of totals (3k + 1, ...): the variances (k, ...), the covariances with S (k, ...), the variance of S (...)."""
        k = len(self.items)
        mean, square, product = (totals[i * k : (i + 1) * k] / totals[-1] for i in range(3))
        whole = mean.sum(axis=0)
        return spread(square, mean), product - mean * whole, spread(product.sum(axis=0), whole)


@dataclass(frozen=True)
class Alpha(OfItems):
    """Cronbach's alpha of k items: k/(k-1) (1 - sum of their variances / variance of their sum).

    The share of the variance of the sum that would be had again with other items of the same kind, if all items
    measure one thing equally well; less than that share if they do not (Cronbach 1951). Variances and covariances are
    weighted.

    Raises UsageError for fewer than two items, and signs that are not 1 or -1 for each.

    >>> columns = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([1.0, 3.0, 2.0])}
    >>> asked = Alpha(("a", "b"))
    >>> asked.formula(np.array([np.sum(term * np.ones(3)) for term in asked.terms(columns)]))
    array([0.66666667])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((", ".join(self.items), None, "alpha"),)

    def formula(self, totals: Any) -> Any:
        k = len(self.items)
        own, _, whole = self.variances(totals)
        return (k / (k - 1) * (1 - own.sum(axis=0) / whole))[None]
