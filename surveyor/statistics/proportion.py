"""Shares of the levels of an item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from surveyor.arrays import places
from surveyor.errors import UsageError
from surveyor.statistics.statistic import Columns, Indicators, Meaning, OfOne, Term

Level = float | tuple[float, ...]


@dataclass(frozen=True)
class Proportion(OfOne):
    """Share of each level of `variable` among valid answers: sum(w 1[y in level]) / sum(w).

    levels   codes, or tuples of codes to be pooled: ((1, 2),) is the share of "good or excellent";
             None asks the survey for every level there is

    >>> Proportion("rating", levels=((1, 2), 3)).formula(np.array([4.0, 2.0, 2.0, 2.0]))
    array([0.6, 0.2])
    """

    levels: tuple[Level, ...] | None = None

    @property
    def levelled(self) -> tuple[str, ...]:
        return (self.variable,)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return tuple((self.variable, level, "proportion") for level in self.levels or ())

    def completed(self, of: Meaning) -> Self:
        if self.levels is None:
            return replace(self, levels=tuple(of.levels(self.variable)))
        if not self.levels:
            raise UsageError(f"no answer of '{self.variable}' was named", expected="at least one code or label")
        return replace(self, levels=tuple(coded(level, self.variable, of) for level in self.levels))

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        codes = self._codes
        return (Indicators(places(columns[self.variable], codes), len(codes) + 1),)  # the last: no level named

    def formula(self, totals: Any) -> Any:
        codes = self._codes
        pooled = np.array([[code in parts(level) for code in codes] for level in self.levels or ()], dtype=float)
        return np.tensordot(pooled.reshape(-1, len(codes)), totals[:-1], axes=1) / totals.sum(axis=0)

    @property
    def _codes(self) -> list[float]:
        """Every code that some level names, once."""
        return list(dict.fromkeys(code for level in self.levels or () for code in parts(level)))


def parts(level: Level) -> Sequence[float]:
    """The codes of a level."""
    return level if isinstance(level, tuple) else (level,)


def coded(level: Any, variable: str, of: Meaning) -> Level:
    """A level with labels turned into codes."""
    return tuple(of.code(variable, part) for part in level) if isinstance(level, tuple) else of.code(variable, level)
