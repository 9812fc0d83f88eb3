"""Shares of the levels of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.statistic import OfOne

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

    def terms(self, columns: Mapping[str, Array]) -> Array:
        y = columns[self.variable]
        shares = [np.isin(y, level).astype(float) for level in self.levels or ()]
        return np.column_stack([*shares, np.ones_like(y)])

    def formula(self, totals: Any) -> Any:
        return totals[:-1] / totals[-1]
