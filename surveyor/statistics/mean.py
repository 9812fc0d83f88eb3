"""The weighted mean of a variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.statistic import OfOne


@dataclass(frozen=True)
class Mean(OfOne):
    """Mean of `variable`: sum(w y) / sum(w). Hajek 1971.

    >>> Mean("age").formula(np.array([90.0, 2.0]))
    array([45.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "mean"),)

    def terms(self, columns: Mapping[str, Array]) -> Array:
        y = columns[self.variable]
        return np.column_stack([y, np.ones_like(y)])

    def formula(self, totals: Any) -> Any:
        return totals[:1] / totals[1]
