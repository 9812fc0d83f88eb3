"""The total of a variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveyor.arrays import Array
from surveyor.statistics.statistic import OfOne


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

    def terms(self, columns: Mapping[str, Array]) -> Array:
        return columns[self.variable][:, None]

    def formula(self, totals: Any) -> Any:
        return totals[:1]
