"""Covariance and correlation of two variables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from surveyor.arrays import Array
from surveyor.statistics.statistic import Columns, OnTotals, Term
from surveyor.statistics.variance import spread


@dataclass(frozen=True)
class Covariance(OnTotals):
    """Covariance of x and y: n/(n-1) (sum(w x y)/sum(w) - mean x mean y), over the rows where both are known.

    `centres` are subtracted first (see Centred); the value does not depend on them.

    >>> import numpy as np
    >>> Covariance("x", "y").formula(np.array([2.0, 4.0, 0.0, 0.0, 9.0, 2.0]))
    array([2.5])
    """

    x: str
    y: str
    centres: tuple[float, float] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.x, self.y)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((f"{self.x}, {self.y}", None, "covariance"),)

    def prepared(self, columns: Columns) -> Self:
        if self.centres is not None or not len(columns[self.x]):
            return self
        return replace(self, centres=(float(columns[self.x].mean()), float(columns[self.y].mean())))

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        a, b = self.centres or (0.0, 0.0)
        x, y = columns[self.x] - a, columns[self.y] - b
        return (x, y, x * x, y * y, x * y, 1.0)

    def formula(self, totals: Any) -> Any:
        mx, my = totals[:1] / totals[5], totals[1:2] / totals[5]
        return totals[4:5] / totals[5] - mx * my

    def small_sample(self, n: Array) -> Any:
        return n / (n - 1)


@dataclass(frozen=True)
class Correlation(Covariance):
    """Pearson's correlation of x and y: their covariance over the product of their standard deviations.

    >>> import numpy as np
    >>> Correlation("x", "y").formula(np.array([0.0, 0.0, 8.0, 2.0, 2.0, 2.0]))
    array([0.5])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((f"{self.x}, {self.y}", None, "correlation"),)

    def formula(self, totals: Any) -> Any:
        mx, my = totals[:1] / totals[5], totals[1:2] / totals[5]
        vx, vy = spread(totals[2:3] / totals[5], mx), spread(totals[3:4] / totals[5], my)
        return super().formula(totals) / (vx * vy) ** 0.5

    def small_sample(self, n: Array) -> Any:
        return 1.0
