"""The design met with the data, and the one step that turns influence into deviations."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from surveyor.arrays import Array, Codes


@dataclass(frozen=True, eq=False)
class Units:
    """Who belongs where.

    weights   (n,) weight of each row
    unit      (n,) primary sampling unit of each row, numbered 0..U-1 in the order of the strata
    stratum   (U,) stratum of each unit, numbered from 0
    clustered whether the units are declared clusters (compounds) or single residents
    """

    weights: Array
    unit: Codes
    stratum: Codes
    clustered: bool

    @property
    def count(self) -> int:
        """How many primary units there are."""
        return len(self.stratum)

    def sums(self, values: Array, cell: Codes, cells: int) -> Array:
        """Sums of the row `values` (n, k) per unit and cell, shape (k, U, cells); cell -1 counts nowhere."""
        inside = cell >= 0
        key = self.unit[inside] * cells + cell[inside]
        flat = [np.bincount(key, column, self.count * cells) for column in values[inside].T]
        return np.reshape(flat, (values.shape[1], self.count, cells))

    def deviations(self, influence: Array, members: Array) -> Array:
        """Independent pieces of error D (U, q) from influence totals per unit (U, q): D'D is the covariance.

        Per stratum of m units: sqrt(m / (m - 1)) (z_u - mean z). Binder 1983, formula for sampling with
        replacement. A stratum with one unit has no estimate of variance: its row is NaN where that unit has
        `members` (U, q), residents on whom the value rests.
        """
        m = np.bincount(self.stratum)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.sqrt(m / (m - 1.0))[self.stratum]
            means = np.stack([np.bincount(self.stratum, z, len(m)) for z in influence.T]) / m
            centred = influence - means.T[self.stratum]
            lonely = (m == 1)[self.stratum, None]
            alone = np.where(members > 0, np.nan, 0.0)
            return np.asarray(np.where(lonely, alone, scale[:, None] * centred))

    def restratified(self, stratum: Codes) -> Units:
        """The same rows and units, centred in other strata."""
        return replace(self, stratum=stratum)

    def shares(self, cell: Codes, cells: int) -> Array:
        """Share of each unit in the weight of each cell, shape (U, cells)."""
        weight = self.sums(self.weights[:, None], cell, cells)[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(weight / weight.sum(axis=0))

    def degrees(self, members: Array) -> Array:
        """Units minus strata, each counted where `members` (U, c) is positive: df of c domains, shape (c,)."""
        there = members > 0
        strata = np.zeros((int(self.stratum.max()) + 1, there.shape[1]), dtype=bool)
        np.logical_or.at(strata, self.stratum, there)
        return np.asarray(there.sum(axis=0) - strata.sum(axis=0), dtype=float)
