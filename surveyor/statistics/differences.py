"""The standardised difference of two groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import numpy as np

from surveyor.arrays import Array, Flags
from surveyor.errors import UsageError, guess
from surveyor.statistics.statistic import Columns, Meaning, OnTotals, Term
from surveyor.statistics.variance import spread

Standardiser = Literal["pooled", "average", "a", "b"]
STANDARDISERS: tuple[Standardiser, ...] = ("pooled", "average", "a", "b")


@dataclass(frozen=True)
class OfGroups:
    """The part that statistics of one variable in two groups share.

    groups   the codes of groups a and b; None asks the survey for the levels of `by`, which must be two
    """

    variable: str
    by: str
    groups: tuple[float, float] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The variable and the grouping."""
        return (self.variable, self.by)

    @property
    def levelled(self) -> tuple[str, ...]:
        """The grouping may be in words."""
        return (self.by,)

    @property
    def compared(self) -> tuple[str, tuple[float, ...]]:
        """The grouping and its two groups."""
        return self.by, self.groups or ()

    def completed(self, of: Meaning) -> Self:
        """The same with the two groups' codes."""
        named = self.groups if self.groups is not None else of.levels(self.by)
        codes = [of.code(self.by, group) for group in named] if self.groups is not None else list(named)
        if len(codes) != 2:
            raise UsageError(f"'{self.by}' has {len(codes)} groups", expected="two, or groups=(a, b) that name them")
        return replace(self, groups=(codes[0], codes[1]))

    def sides(self, columns: Columns) -> tuple[Flags, Flags]:
        """Which rows (n,) belong to group a, and which to b."""
        a, b = self.groups or (np.nan, np.nan)
        return columns[self.by] == a, columns[self.by] == b


@dataclass(frozen=True)
class HedgesG(OfGroups, OnTotals):
    """Hedges' g of groups a and b: J (mean a - mean b) / s, J = 1 - 3 / (4 (n - 2) - 1), n answers.

    standardiser   s: "pooled" sqrt of the variances weighted by the groups' weights; "average" of the two
                   variances alike (Cohen 1988); "a" or "b" the standard deviation of one group (Glass 1976)

    Hedges 1981; the variance within groups is total, between and within clusters (Hedges 2007, d_T).

    >>> HedgesG("y", "g", centre=0.0).formula(np.array([6.0, 14.0, 3.0, 0.0, 2.0, 3.0])).tolist()
    [2.449489742783178]
    """

    standardiser: Standardiser = "pooled"
    centre: float | None = None

    def __post_init__(self) -> None:
        if self.standardiser not in STANDARDISERS:
            raise UsageError(
                f"there is no standardiser '{self.standardiser}'", remedy=guess(self.standardiser, STANDARDISERS)
            )

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "Hedges' g"),)

    def prepared(self, columns: Columns) -> Self:
        y = columns[self.variable]
        return replace(self, centre=float(y.mean()) if len(y) else 0.0) if self.centre is None else self

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        y = columns[self.variable] - (self.centre or 0.0)
        return tuple(part for side in self.sides(columns) for part in (side * y, side * y * y, side.astype(float)))

    def formula(self, totals: Any) -> Any:
        (ya, yya, wa), (yb, yyb, wb) = totals[:3], totals[3:]
        va, vb = spread(yya / wa, ya / wa), spread(yyb / wb, yb / wb)
        square = {
            "pooled": (wa * va + wb * vb) / (wa + wb),
            "average": (va + vb) / 2,
            "a": va,
            "b": vb,
        }[self.standardiser]
        return ((ya / wa - yb / wb) / square**0.5)[None]

    def small_sample(self, n: Array) -> Any:
        return 1 - 3 / (4 * (n - 2.0) - 1)
