"""The design met with the data: who belongs where, sums per unit, and deviations from influence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.design.calibration import Residual
from surveyor.design.replicates import Multipliers
from surveyor.design.small_samples import Shares, of_means
from surveyor.design.stage import Lonely, Stage


@dataclass(frozen=True, eq=False)
class Units:
    """Who belongs where.

    weights    (n,) weight of each row
    unit       (n,) finest unit of each row, numbered 0..F-1: the primary unit, or the unit of the last stage
               whose variance is estimated
    stages     the stages of sampling, first to last
    clustered  whether primary units are declared clusters (compounds) or single residents
    lonely     the rule for strata with one unit
    residual   what calibration explains of influence
    replicates replicate weights; where there are some, they alone give the variance
    """

    weights: Array
    unit: Codes
    stages: tuple[Stage, ...]
    clustered: bool
    lonely: Lonely = "error"
    replicates: Multipliers | None = None
    residual: Residual | None = None

    @property
    def first(self) -> Stage:
        """The first stage: its units are the primary sampling units."""
        return self.stages[0]

    @property
    def count(self) -> int:
        """How many finest units there are."""
        return len(self.first.member)

    def deviations(self, influence: Array, members: Array) -> Array:
        """Independent pieces of error D from influence totals per finest unit (F, q): D'D is the covariance.

        members   (F, q) residents each value rests on, by unit
        """
        parts = [stage.deviations(influence, members, self.lonely) for stage in self.stages]
        return parts[0] if len(parts) == 1 else np.vstack(parts)

    def restratified(self, stratum: Codes) -> Units:
        """The same rows and units, with primary units centred in other strata."""
        first = replace(self.first, stratum=stratum)
        return replace(self, stages=(first, *self.stages[1:]))

    def primary(self, finest: Array) -> Array:
        """Totals per primary unit (U, c) from totals per finest unit (F, c)."""
        return self.first.totals(finest)

    def shares(self, weights: Array, q: int) -> Shares:
        """Shares of the primary units in q values of each of c cells, from weight sums (F, c)."""
        made = of_means(self.primary(weights), self.first.stratum, self.left)
        return made.at(np.repeat(np.arange(weights.shape[1]), q))

    @property
    def left(self) -> Array:
        """(U,) how far chance decided which primary units there are: 1 - f, nothing for a unit sure to be drawn."""
        left = 1 - self.first.fraction
        return np.where(self.first.lonely, 0.0, left) if self.lonely == "certainty" else left

    @property
    def shown_by_leaving_out(self) -> bool:
        """Whether leaving out primary units one at a time shows all of the variance: no later stage adds to it, and no
        stratum has only one unit.
        """
        later = len(self.stages) > 1 and bool((self.first.fraction > 0).any())
        return not later and not bool(self.first.lonely.any())

    def drawn(self, b: Array) -> Array:
        """Squared shares (U, q) as far as chance decided which units there are."""
        return b * self.left[:, None]

    @property
    def whole_df(self) -> float:
        """Primary units minus strata of the whole design, or what its replicate weights have."""
        counted = float(self.first.count - len(np.unique(self.first.stratum)))
        return counted if self.replicates is None else min(counted, self.replicates.df)

    def degrees(self, members: Array) -> Array:
        """Primary units minus strata, each counted where `members` (F, c) is positive: df of c domains.

        With replicate weights no more than these have (see Multipliers.df).
        """
        there = self.primary(members) > 0
        stratum = self.first.stratum
        strata = np.zeros((int(stratum.max()) + 1, there.shape[1]), dtype=bool)
        np.logical_or.at(strata, stratum, there)
        counted = np.asarray(there.sum(axis=0) - strata.sum(axis=0), dtype=float)
        return counted if self.replicates is None else np.minimum(counted, self.replicates.df)
