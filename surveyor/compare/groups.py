"""The two groups of a comparison, and the design it is made under."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from surveyor.arrays import Array, Codes, Flags
from surveyor.compare.permutation import Permutation, Permuted
from surveyor.design import Grouping, Units
from surveyor.estimate import Estimate
from surveyor.statistics import Statistic, Superiority
from surveyor.survey import Survey, estimate, stratified, two_codes

Inference = Literal["auto", "strata", "design", "cr2", "permutation"]
INFERENCE: tuple[Inference, ...] = ("auto", "strata", "design", "cr2", "permutation")


@dataclass(frozen=True, eq=False)
class TwoGroups:
    """Groups a and b of the variable `by`.

    codes      the two levels, a first
    cell       (n,) 0 for a, 1 for b, -1 for neither
    units      the design that deviations are centred by
    inference  "auto" group as stratum, df for few and unequal units (design.small_samples); "strata" the same
               variance, units minus cells;
               "design" the declared strata only, units minus strata (parity with R, Stata and svy);
               "cr2" bias-reduced cluster-robust variance with its own df; "permutation" of units in strata
    declared   (U,) declared stratum of each primary unit, in which units are permuted
    """

    by: str
    codes: tuple[float, float]
    cell: Codes
    units: Units
    inference: Inference
    notes: tuple[str, ...] = ()
    declared: Codes | None = None
    permutation: Permutation = field(default_factory=Permutation)

    @cached_property
    def grouping(self) -> Grouping:
        """The rows sorted into the two groups, once for all outcomes."""
        return Grouping(self.units, self.cell, 2)

    def estimate(self, survey: Survey, statistic: Statistic) -> Estimate:
        """A statistic in both groups, a first, under this design."""
        return estimate(survey, [statistic], [self.by], self.units, self._variant, (self.codes, self.grouping))

    def whole(self, survey: Survey, name: str) -> Estimate:
        """Superiority of group a over b in the numbers of a column, under this design."""
        return estimate(survey, [Superiority(name, self.by, self.codes)], [], self.units, self._variant)

    @property
    def _variant(self) -> str:
        """What distinguishes this design from the declared one."""
        return "" if self.declared is None else f"stratum {self.by}"

    def degrees(self, valid: Flags) -> float:
        """Degrees of freedom of a difference over the rows in `valid` (n,)."""
        part = self.grouping.part(valid)
        if self.inference in ("strata", "design"):
            return float(self.units.degrees(part.members.sum(axis=1, keepdims=True))[0])
        found = float(self.units.shares(part.weight_sums, 1).combined(np.ones((1, 2))).df()[0])
        if np.isnan(found) and (self.units.left == 0).all():  # a census of units: chance is below them
            return float(self.units.degrees(part.members.sum(axis=1, keepdims=True))[0])
        return found

    def clusters(self, valid: Flags) -> tuple[int, int] | None:
        """Primary units with answers on each side; None where the design names none."""
        if not self.units.clustered:
            return None
        members = self.units.primary(self.grouping.part(valid).members) > 0
        return int(members[:, 0].sum()), int(members[:, 1].sum())

    def unit_of(self, rows: Codes | None) -> Codes:
        """The primary unit of each row."""
        unit = self.units.first.member[self.units.unit]
        return unit if rows is None else unit[rows]

    def permuted(self, y: Array) -> Permuted | None:
        """The gap in y (n,) under permutations of the units that have answers; None where groups share units."""
        part = self.grouping.part(np.isfinite(y))
        weight = self.units.primary(part.weight_sums)
        there = weight.sum(axis=1) > 0
        first = weight[:, 0] > 0
        if self.declared is None or (first & (weight[:, 1] > 0)).any() or not 0 < first[there].sum() < there.sum():
            return None
        total = self.units.primary(part.sums(part.take(y))[0]).sum(axis=1)
        return Permuted(weight.sum(axis=1)[there], total[there], lambda: self._assigned(first[there], there))

    def _assigned(self, first: Flags, there: Flags) -> Flags:
        """Assignments are drawn once for all outcomes that rest on the same units."""
        assert self.declared is not None
        key = there.tobytes()
        if key not in self._drawn:
            self._drawn[key] = self.permutation.assignments(first, self.declared[there])
        return self._drawn[key]

    @cached_property
    def _drawn(self) -> dict[bytes, Flags]:
        return {}


def two_groups(survey: Survey, by: str, inference: Inference | Permutation = "auto") -> TwoGroups:
    """The groups of `by` with the design of DESIGN "Group contrasts": see surveyor.survey.groups.

    Raises UsageError unless `by` has exactly two groups with residents in each.
    """
    codes, cell = two_codes(survey, by)
    permutation = inference if isinstance(inference, Permutation) else Permutation()
    inference = "permutation" if isinstance(inference, Permutation) else inference
    if survey.units.replicates is not None or inference != "design":
        made = stratified(survey.units, cell, survey.lang)
        inference = "design" if survey.units.replicates is not None else inference
        return TwoGroups(by, codes, cell, made.units, inference, made.notes, made.declared, permutation)
    return TwoGroups(by, codes, cell, survey.units, inference)
