"""Variance, standard deviation, and the mean with its variance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.statistic import Centred, Columns, Term

#: A variance under this share of the mean square is the rounding of its difference.
ROUNDING = 1e-14


def spread(square: Any, mean: Any) -> Any:
    """Mean square minus the square of the mean; exactly 0, with slopes 0, where the difference is rounding."""
    made = square - mean * mean
    return np.where(np.abs(np.real(made)) <= ROUNDING * np.abs(np.real(square)), 0 * made, made)


def root(variance: Any) -> Any:
    """Its square root, with slopes 0 where it is 0."""
    still = np.real(variance) == 0
    return np.where(still, 0 * variance, np.where(still, 1.0, variance) ** 0.5)


@dataclass(frozen=True)
class Variance(Centred):
    """Variance of `variable` in the population: n/(n-1) sum(w (y - mean)^2) / sum(w), n answers.

    The factor is that of Lumley 2010 (R's svyvar); 1 in a large sample.

    >>> Variance("age", centre=0.0).formula(np.array([90.0, 4100.0, 2.0]))
    array([25.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "variance"),)

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        y = self.around(columns)
        return (y, y * y, 1.0)

    def formula(self, totals: Any) -> Any:
        mean = totals[:1] / totals[2]
        return spread(totals[1:2] / totals[2], mean)

    def small_sample(self, n: Array) -> Any:
        return n / (n - 1)


@dataclass(frozen=True)
class StandardDeviation(Variance):
    """Standard deviation of `variable`: the square root of its variance.

    >>> StandardDeviation("age", centre=0.0).formula(np.array([90.0, 4100.0, 2.0]))
    array([5.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "standard deviation"),)

    def formula(self, totals: Any) -> Any:
        return root(super().formula(totals))

    def small_sample(self, n: Array) -> Any:
        return (n / (n - 1)) ** 0.5


@dataclass(frozen=True)
class Spread(Centred):
    """Mean m and variance sum(w y^2)/sum(w) - m^2 of `variable` as one pair: what standardised differences need.

    >>> Spread("age", centre=0.0).formula(np.array([90.0, 4100.0, 2.0]))
    array([45., 25.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "mean"), (self.variable, None, "variance"))

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        y = self.around(columns)
        return (y, y * y, 1.0)

    def formula(self, totals: Any) -> Any:
        mean = totals[0] / totals[2]
        return np.stack([mean + (self.centre or 0.0), spread(totals[1] / totals[2], mean)])
