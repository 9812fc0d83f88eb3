"""Strata that a model is made under: groups of whole primary units, whose numbers are taken as given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from surveyor.arrays import Codes, Flags
from surveyor.design import Units, collapse
from surveyor.format import counted


@dataclass(frozen=True, eq=False)
class Cells:
    """The design with groups of whole units as strata.

    used    the groups that became strata
    counts  group that does not vary inside units -> how many units with answers each of its levels has
    notes   what a reader must know of it
    """

    units: Units
    used: tuple[str, ...]
    counts: Mapping[str, Codes]
    notes: tuple[str, ...]


def cells_of(units: Units, groups: Mapping[str, Codes], there: Flags, terms: Collection[frozenset[str]]) -> Cells:
    """The strata for a model with these groups, name -> the group of each row (n,), -1 for none.

    there   (n,) the rows that count; in the strata rows of weight zero count too, as their unit is of its kind
    terms   the factors of each term of the model

    A group counts if it does not vary inside primary units and has two units or more at every level (DESIGN "Group
    contrasts", as for two groups). Several are crossed in their order, as long as each cell keeps two units and the
    model has the term in which they all meet: cells without a mean of their own would take the model's misfit
    between them out of the variance. Where residents are the units nobody fixed how many of a group there are, and
    only a group that meets every term counts, so that nothing is taken out.
    """
    unit = units.first.member[units.unit]
    U = units.first.count
    answered = np.bincount(unit[there], minlength=U) > 0
    block = np.zeros(U, dtype=np.intp)
    used: list[str] = []
    counts: dict[str, Codes] = {}
    for name, group in groups.items():
        known = group >= 0
        levels = int(group.max(initial=-1)) + 1
        of = np.full(U, levels, dtype=np.intp)  # units without an answer are a group of their own
        of[unit[known]] = group[known]
        if (of[unit[known]] != group[known]).any():
            continue
        counts[name] = np.bincount(of[answered], minlength=levels + 1)[:levels]
        crossed = block * (levels + 1) + of
        sizes = np.bincount(crossed[of < levels])
        met = frozenset([*used, name]) in terms if units.clustered else all(term | {name} in terms for term in terms)
        if met and len(np.unique(of[of < levels])) > 1 and (sizes[sizes > 0] > 1).all():
            used.append(name)
            block = np.unique(crossed, return_inverse=True)[1]
    if not used:
        return Cells(units, (), counts, ())
    stratum, merged = collapse(units.first.stratum, block, units.first.fraction >= 1)
    said = f"strata by {' and '.join(used)}"
    said += f", {counted(merged, 'cell')} with one unit joined with a neighbour" if merged else ""
    return Cells(units.restratified(stratum), tuple(used), counts, (said,))
