"""The two groups of a comparison, and the design it is made under."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from surveyor.arrays import Codes, Flags
from surveyor.design import Grouping, Units, collapse
from surveyor.errors import UsageError
from surveyor.estimate import Estimate
from surveyor.format import counted
from surveyor.statistics import Statistic
from surveyor.survey import Survey, estimate, levels_of

Inference = Literal["auto", "strata", "design"]
INFERENCE = ("auto", "strata", "design")


@dataclass(frozen=True, eq=False)
class TwoGroups:
    """Groups a and b of the variable `by`.

    codes      the two levels, a first
    cell       (n,) 0 for a, 1 for b, -1 for neither
    units      the design that deviations are centred by
    inference  "auto" group as stratum, Satterthwaite df; "strata" the same variance, units minus cells;
               "design" the declared strata only, units minus strata (parity with R, Stata and svy)
    """

    by: str
    codes: tuple[float, float]
    cell: Codes
    units: Units
    inference: Inference
    notes: tuple[str, ...] = ()

    @cached_property
    def grouping(self) -> Grouping:
        """The rows sorted into the two groups, once for all outcomes."""
        return Grouping(self.units, self.cell, 2)

    def estimate(self, survey: Survey, statistic: Statistic) -> Estimate:
        """A statistic in both groups, a first, under this design."""
        variant = "" if self.inference == "design" else f"stratum {self.by}"
        return estimate(survey, [statistic], [self.by], self.units, variant, (self.codes, self.grouping))

    def degrees(self, valid: Flags) -> float:
        """Degrees of freedom of a difference over the rows in `valid` (n,)."""
        part = self.grouping.part(valid)
        if self.inference != "auto":
            return float(self.units.degrees(part.members.sum(axis=1, keepdims=True))[0])
        return float(self.units.shares(part.weight_sums, 1).combined(np.ones((1, 2))).df()[0])

    def clusters(self, valid: Flags) -> tuple[int, int] | None:
        """Primary units with answers on each side; None where the design names none."""
        if not self.units.clustered:
            return None
        members = self.units.primary(self.grouping.part(valid).members) > 0
        return int(members[:, 0].sum()), int(members[:, 1].sum())


def two_groups(survey: Survey, by: str, inference: Inference = "auto") -> TwoGroups:
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
    if survey.units.replicates is not None:
        note = "the variance is that of the replicate weights"
        return TwoGroups(by, pair, cell, survey.units, "design", (note,))
    if inference == "design":
        return TwoGroups(by, pair, cell, survey.units, inference)
    group = _group_of_units(survey.units, cell)
    if group is None:
        note = "the groups share primary units: the declared design was used"
        return TwoGroups(by, pair, cell, survey.units, "design", (note,))
    stratum, merged = collapse(survey.units.first.stratum, group)
    notes = (f"{counted(merged, 'cell')} with one unit of a group joined with a neighbour",)
    units = survey.units.restratified(stratum)
    return TwoGroups(by, pair, cell, units, inference, notes if merged else ())


def _group_of_units(units: Units, cell: Codes) -> Codes | None:
    """The group of each unit (2 for units of neither), or None where some unit holds both.

    Residents of weight zero count here: an empty compound still is of its type.
    """
    unit = units.first.member[units.unit]
    there = np.zeros((units.first.count, 2), dtype=bool)
    there[unit[cell >= 0], cell[cell >= 0]] = True
    if there.all(axis=1).any():
        return None
    return np.where(there.any(axis=1), there.argmax(axis=1), 2)
