"""The ratio of two totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array


@dataclass(frozen=True)
class Ratio:
    """Ratio of totals: sum(w y) / sum(w x), over the rows where both are known. Cochran 1977, chapter 6.

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

    def terms(self, columns: Mapping[str, Array]) -> Array:
        return np.column_stack([columns[self.numerator], columns[self.denominator]])

    def formula(self, totals: Any) -> Any:
        return totals[:1] / totals[1]
