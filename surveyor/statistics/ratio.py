"""The ratio of two totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from surveyor.statistics.statistic import Columns, OnTotals, Term


@dataclass(frozen=True)
class Ratio(OnTotals):
    """Ratio of totals: sum(w y) / sum(w x), over the rows where both are known. Cochran 1977, chapter 6.

    >>> import numpy as np
    >>> Ratio("cars", "households").formula(np.array([6.0, 4.0]))
    array([1.5])
    """

    numerator: str
    denominator: str

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.numerator, self.denominator)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((f"{self.numerator}/{self.denominator}", None, "ratio"),)

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        return (columns[self.numerator], columns[self.denominator])

    def formula(self, totals: Any) -> Any:
        return totals[:1] / totals[1]
