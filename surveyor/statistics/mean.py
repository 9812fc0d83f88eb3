"""The weighted mean of a variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from surveyor.statistics.statistic import Centred, Columns, Term


@dataclass(frozen=True)
class Mean(Centred):
    """Mean of `variable`: sum(w y) / sum(w), computed as c + sum(w (y - c)) / sum(w). Hajek 1971.

    >>> import numpy as np
    >>> Mean("age", centre=40.0).formula(np.array([10.0, 2.0]))
    array([45.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "mean"),)

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        return (self.around(columns), 1.0)

    def formula(self, totals: Any) -> Any:
        return (self.centre or 0.0) + totals[:1] / totals[1]
