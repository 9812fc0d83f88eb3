"""The two groups of a comparison, and the design it is made under."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from surveyor.arrays import Array, Codes, Flags
from surveyor.compare.permutation import Permutation, Permuted
from surveyor.design import Grouping, Units, collapse
from surveyor.errors import UsageError
from surveyor.estimate import Estimate
from surveyor.format import counted
from surveyor.statistics import Statistic, Superiority
from surveyor.survey import Survey, estimate, levels_of

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
    """The groups of `by` with the design of DESIGN "Group contrasts": where the group is constant inside
    primary units, the numbers of units per group are fixed or conditioned on, so the group is a stratum.

    Raises UsageError unless `by` has exactly two groups with residents in each.
    """
    column = survey.column(by)
    there = survey.units.weights > 0
    levels = levels_of(column, by)
    seen = [code for code in levels if (there & (column.values == code)).any()]
    codes = levels if len(levels) == 2 else seen  # an unused level of a longer list is no group
    if len(codes) != 2:
        shown = ", ".join(survey.level_text(by, code) for code in codes[:8])
        raise UsageError(
            f"'{by}' has {counted(len(codes), 'group')} with residents ({shown})",
            expected="exactly two groups to compare",
            remedy="Name the two in the type rule of the study, or take the others out with where()",
        )
    for code in codes:
        if code not in seen:
            raise UsageError(
                f"the group '{survey.level_text(by, code)}' of '{by}' has no residents",
                expected="residents in both groups",
                remedy="Check the codes of this column and the weights",
            )
    cell = np.where(column.values == codes[0], 0, np.where(column.values == codes[1], 1, -1))
    pair = (codes[0], codes[1])
    permutation = inference if isinstance(inference, Permutation) else Permutation()
    inference = "permutation" if isinstance(inference, Permutation) else inference
    if survey.units.replicates is not None:
        note = "the variance is that of the replicate weights"
        return TwoGroups(by, pair, cell, survey.units, "design", (note,))
    if inference == "design":
        return TwoGroups(by, pair, cell, survey.units, inference)
    group = _group_of_units(survey.units, cell)
    if group is None:
        note = "the groups share primary units: the declared strata were used"
        return TwoGroups(by, pair, cell, survey.units, inference, (note,))
    declared = survey.units.first.stratum
    stratum, merged = collapse(declared, group, survey.units.first.fraction >= 1)
    notes = (f"{counted(merged, 'cell')} with one unit of a group joined with a neighbour",)
    units = survey.units.restratified(stratum)
    return TwoGroups(by, pair, cell, units, inference, notes if merged else (), declared, permutation)


def _group_of_units(units: Units, cell: Codes) -> Codes | None:
    """The group of each unit (2 for units of neither), or None where some unit holds residents of both.

    A unit whose residents all have weight zero still is of their type: an empty compound is one of its group.
    """
    unit = units.first.member[units.unit]

    def seen(rows: Flags) -> Flags:
        key = (unit * 3 + cell + 1)[rows]
        return np.bincount(key, minlength=3 * units.first.count).reshape(-1, 3)[:, 1:] > 0

    there, empty = seen(units.weights > 0), seen(units.weights <= 0)
    there = np.where(there.any(axis=1, keepdims=True), there, empty)
    if there.all(axis=1).any():
        return None
    return np.where(there.any(axis=1), there.argmax(axis=1), 2)
