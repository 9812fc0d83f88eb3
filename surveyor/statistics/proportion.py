"""Shares of the levels of an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.statistic import Columns, OfOne

Level = float | tuple[float, ...]


@dataclass(frozen=True)
class Proportion(OfOne):
    """Share of each level of `variable` among valid answers: sum(w 1[y in level]) / sum(w).

    levels   codes, or tuples of codes to be pooled: ((1, 2),) is the share of "good or excellent";
             None asks the survey for every level there is

    >>> Proportion("rating", levels=((1, 2), 3)).formula(np.array([6.0, 2.0, 10.0]))
    array([0.6, 0.2])
    """

    levels: tuple[Level, ...] | None = None

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return tuple((self.variable, level, "proportion") for level in self.levels or ())

    def terms(self, columns: Columns) -> tuple[Array | float, ...]:
        y = columns[self.variable]
        return (*(_hits(y, level) for level in self.levels or ()), 1.0)

    def formula(self, totals: Any) -> Any:
        return totals[:-1] / totals[-1]


def _hits(y: Array, level: Level) -> Array:
    """1 where the answer is (one of) the level, else 0."""
    return (np.isin(y, level) if isinstance(level, tuple) else y == level).astype(float)
