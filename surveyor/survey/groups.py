"""The groups of a column, and the design in which the group is a stratum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Codes, Flags
from surveyor.design import Grouping, Units, collapse
from surveyor.errors import UsageError
from surveyor.estimate import Estimate
from surveyor.format import count, counted
from surveyor.questionnaire import Language
from surveyor.statistics import Statistic
from surveyor.survey.asking import estimate, levels_of

if TYPE_CHECKING:
    from surveyor.survey.survey import Survey

#: What a reader must know of the design; {cells} how many cells of stratum and group had one unit.
NOTES: Mapping[str, Mapping[Language, str]] = {
    "replicates": {
        "en": "the variance is that of the replicate weights",
        "zh": "方差由复制权数得出",
    },
    "shared": {
        "en": "the groups share primary units: the declared strata were used",
        "zh": "两组有共同的初级抽样单位：沿用所述的层",
    },
    "joined": {
        "en": "{cells} with one unit of a group joined with a neighbour",
        "zh": "{cells}个层内某组只有一个单位，已与同组的相邻层合并",
    },
}


@dataclass(frozen=True, eq=False)
class Stratified:
    """A design with the groups as strata, where they can be.

    declared   (U,) declared stratum of each primary unit; None where the groups are no strata
    """

    units: Units
    declared: Codes | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Groups:
    """Everybody, or the two groups of a column, with the design that deviations are centred by.

    by      the column; None for everybody as one group
    codes   its two levels, a first
    cell    (n,) 0 for a, 1 for b, -1 for neither
    """

    by: str | None
    codes: tuple[float, ...]
    cell: Codes
    design: Stratified

    @property
    def units(self) -> Units:
        """The design met with the rows."""
        return self.design.units

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the design."""
        return self.design.notes

    @property
    def count(self) -> int:
        """How many groups there are."""
        return max(len(self.codes), 1)

    @property
    def apart(self) -> bool:
        """Whether no primary unit holds residents of both groups, so that the groups are independent."""
        return self.design.declared is not None

    @property
    def variant(self) -> str:
        """What distinguishes this design from the declared one."""
        return f"stratum {self.by}" if self.apart else ""

    @cached_property
    def grouping(self) -> Grouping:
        """The rows sorted into the groups."""
        return Grouping(self.units, self.cell, self.count)

    def estimate(self, survey: Survey, statistics: Sequence[Statistic]) -> Estimate:
        """Statistics in every group, group by group, under this design."""
        if self.by is None:
            return estimate(survey, statistics, [], self.units)
        return estimate(survey, statistics, [self.by], self.units, self.variant, (self.codes, self.grouping))


def groups_of(survey: Survey, by: str | None) -> Groups:
    """The two groups of `by`, or everybody; raises UsageError as `two_codes` does."""
    if by is None:
        return Groups(None, (), np.where(survey.units.weights > 0, 0, -1), Stratified(survey.units))
    codes, cell = two_codes(survey, by)
    return Groups(by, codes, cell, stratified(survey.units, cell, survey.lang))


def two_codes(survey: Survey, by: str) -> tuple[tuple[float, float], Codes]:
    """The two levels of `by` that residents have, and where each row (n,) belongs: 0, 1, or -1 for neither.

    Raises UsageError unless `by` has exactly two groups with residents in each.
    """
    if not isinstance(by, str):
        raise UsageError(f"by={by!r} is not one column", expected='a name, such as by="type"')
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
    return (codes[0], codes[1]), cell


def stratified(units: Units, cell: Codes, lang: Language = "en") -> Stratified:
    """The design of DESIGN "Group contrasts": where the group is constant inside primary units, the numbers of units
    per group are fixed or conditioned on, so the group is a stratum.

    A cell of stratum and group with one unit joins a neighbour of its group. Replicate weights, and units that hold
    both groups, leave the design as it is.
    """
    if units.replicates is not None:
        return Stratified(units, None, (NOTES["replicates"][lang],))
    group = _group_of_units(units, cell)
    if group is None:
        return Stratified(units, None, (NOTES["shared"][lang],))
    declared = units.first.stratum
    stratum, merged = collapse(declared, group, units.first.fraction >= 1)
    cells = {"en": counted(merged, "cell"), "zh": count(merged)}[lang]
    notes = (NOTES["joined"][lang].format(cells=cells),) if merged else ()
    return Stratified(units.restratified(stratum), declared, notes)


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
