"""One stage of sampling: which units were drawn, out of how many, and in which strata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from surveyor.arrays import Array, Codes, Flags

#: What to do with a stratum that holds a single unit.
Lonely = Literal["error", "certainty", "center", "average", "collapse"]
LONELY: tuple[Lonely, ...] = ("error", "certainty", "center", "average", "collapse")


@dataclass(frozen=True, eq=False)
class Stage:
    """The sampling of one stage.

    member    (F,) unit of this stage that each finest unit belongs to
    stratum   (U,) stratum in which each unit was drawn (at later stages the unit above it, or a part of it)
    fraction  (U,) sampling fraction f of that stratum, 0 for sampling with replacement
    above     (U,) product of the sampling fractions of the stages above, 1 at the first stage
    """

    member: Codes
    stratum: Codes
    fraction: Array
    above: Array

    @property
    def count(self) -> int:
        """How many units of this stage there are."""
        return len(self.stratum)

    @property
    def lonely(self) -> Flags:
        """(U,) whether a unit is alone in a stratum that was not taken whole."""
        return np.asarray((np.bincount(self.stratum)[self.stratum] == 1) & (self.fraction < 1))

    def totals(self, finest: Array) -> Array:
        """Totals per unit of this stage from totals per finest unit (F, q)."""
        if self.count == len(self.member):
            return finest
        return np.stack([np.bincount(self.member, column, self.count) for column in finest.T], axis=1)

    def deviations(self, influence: Array, members: Array, lonely: Lonely) -> Array:
        """Rows of D (U, q) from influence totals per finest unit (F, q).

        Per stratum of m units: sqrt(F (1 - f) m / (m - 1)) (z_u - mean z), with F the product of the
        fractions above: the first stage as in Binder 1983, the later ones as in Cochran 1977, section 11.9,
        where the variance within a unit enters multiplied by the fraction of units that were drawn.

        A lonely unit: "certainty" contributes nothing; "center" its own z, as R's "adjust": for means and other
        statistics whose influence sums to 0 this is its distance from the mean of all units, while a total keeps the
        unit's own total; "average" stands for the mean of the other strata that have members; "error" NaN where the
        unit has `members` (F, q), residents on whom the value rests.
        """
        z = self.totals(influence)
        m = np.bincount(self.stratum)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.sqrt(self.above * (1 - self.fraction) * (m / (m - 1.0))[self.stratum])
        means = np.stack([np.bincount(self.stratum, column, len(m)) for column in z.T], axis=1) / m[:, None]
        D = np.where(np.isfinite(scale), scale, 0.0)[:, None] * (z - means[self.stratum])
        alone = self.lonely
        if not alone.any():
            return D
        if lonely == "center":
            D[alone] = np.sqrt(self.above * (1 - self.fraction))[alone, None] * z[alone]
        elif lonely == "average":
            there = np.stack([np.bincount(self.stratum, column, len(m)) for column in self.totals(members).T]) > 0
            strata, single = there.sum(axis=1), there[:, np.unique(self.stratum[alone])].sum(axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                D *= np.where(strata > single, np.sqrt(strata / (strata - single)), np.nan)
        elif lonely != "certainty":
            D[alone] = np.where(self.totals(members)[alone] > 0, np.nan, 0.0)
        return D
