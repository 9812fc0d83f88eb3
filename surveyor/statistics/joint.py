"""Joint shares of two items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Self

from surveyor.arrays import places
from surveyor.statistics.statistic import Columns, Indicators, Meaning, OnTotals, Term


@dataclass(frozen=True)
class Joint(OnTotals):
    """Share of each pair of levels of two items among those who answered both: sum(w 1[a, b]) / sum(w).

    levels   the codes of the two items; None asks the survey for them

    >>> import numpy as np
    >>> Joint("sex", "vote", ((1.0, 2.0), (0.0, 1.0))).formula(np.array([1.0, 4.0, 3.0, 2.0, 0.0]))
    array([0.1, 0.4, 0.3, 0.2])
    """

    first: str
    second: str
    levels: tuple[tuple[float, ...], tuple[float, ...]] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.first, self.second)

    @property
    def levelled(self) -> tuple[str, ...]:
        return (self.first, self.second)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        name = f"{self.first} x {self.second}"
        return tuple((name, pair, "proportion") for pair in product(*(self.levels or ((), ()))))

    def completed(self, of: Meaning) -> Self:
        if self.levels is None:
            return replace(self, levels=(tuple(of.levels(self.first)), tuple(of.levels(self.second))))
        one, two = self.levels
        return replace(
            self, levels=(tuple(of.code(self.first, x) for x in one), tuple(of.code(self.second, x) for x in two))
        )

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        one, two = self.levels or ((), ())
        i, j = places(columns[self.first], one), places(columns[self.second], two)
        cells = len(one) * len(two)
        place = i * len(two) + j
        place[(i == len(one)) | (j == len(two))] = cells  # the last: a level not named
        return (Indicators(place, cells + 1),)

    def formula(self, totals: Any) -> Any:
        return totals[:-1] / totals[:-1].sum(axis=0)
