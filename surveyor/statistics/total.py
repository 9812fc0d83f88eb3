"""Totals and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from surveyor.statistics.statistic import Columns, OfOne, Term


@dataclass(frozen=True)
class Total(OfOne):
    """Total of `variable`: sum(w y). Horvitz and Thompson 1952.

    >>> import numpy as np
    >>> Total("cars").formula(np.array([12.0]))
    array([12.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "total"),)

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        return (columns[self.variable],)

    def formula(self, totals: Any) -> Any:
        return totals[:1]


@dataclass(frozen=True)
class Count(OfOne):
    """How many people stand behind the valid answers to `variable`: sum(w).

    >>> import numpy as np
    >>> Count("cars").formula(np.array([3.0]))
    array([3.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "count"),)

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        return (1.0,)

    def formula(self, totals: Any) -> Any:
        return totals[:1]
