"""How items of a scale go together, on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.statistics.alpha import OfItems
from surveyor.statistics.statistic import Columns, Term
from surveyor.statistics.variance import spread


@dataclass(frozen=True)
class InterItem(OfItems):
    """The mean of Pearson's correlations of all pairs of items.

    It does not grow with the number of items, as alpha does (Clark and Watson 1995).

    Raises UsageError for fewer than two items, and signs that are not 1 or -1 for each.

    >>> columns = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([1.0, 3.0, 2.0])}
    >>> asked = InterItem(("a", "b"))
    >>> asked.formula(np.array([np.sum(term * np.ones(3)) for term in asked.terms(columns)]))
    array([0.5])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((", ".join(self.items), None, "mean inter-item correlation"),)

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        """The items, their squares, the products of pairs, and a constant."""
        y = self.turned(columns)
        i, j = np.triu_indices(len(y), 1)
        return (*y, *(each * each for each in y), *(y[a] * y[b] for a, b in zip(i, j, strict=True)), 1.0)

    def formula(self, totals: Any) -> Any:
        k = len(self.items)
        i, j = np.triu_indices(k, 1)
        mean, square, product = (part / totals[-1] for part in np.split(totals[:-1], [k, 2 * k]))
        own = spread(square, mean)
        own = np.where(np.real(own) == 0, np.nan, own)  # everybody answered the same
        r = (product - mean[i] * mean[j]) / np.sqrt(own[i] * own[j])
        return r.mean(axis=0)[None]
