"""The mean and the variance of a variable together: what a standardised difference is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.statistic import OfOne


@dataclass(frozen=True)
class Spread(OfOne):
    """Mean m = sum(w y)/sum(w) and variance sum(w y^2)/sum(w) - m^2 of `variable`, as one pair.

    `centre` is subtracted from the values before they are squared, so that a large offset does not
    eat the digits of the variance (Chan, Golub and LeVeque 1983); the values do not depend on it.

    >>> Spread("age").formula(np.array([90.0, 4100.0, 2.0]))
    array([45., 25.])
    """

    centre: float = 0.0

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "mean"), (self.variable, None, "variance"))

    def terms(self, columns: Mapping[str, Array]) -> Array:
        y = columns[self.variable] - self.centre
        return np.column_stack([y, y * y, np.ones_like(y)])

    def formula(self, totals: Any) -> Any:
        mean = totals[0] / totals[2]
        return np.stack([mean + self.centre, totals[1] / totals[2] - mean * mean])
