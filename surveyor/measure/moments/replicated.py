"""Sample statistics of items under every replicate of the design."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from surveyor.arrays import Array
from surveyor.design import Replicates
from surveyor.design.replicates import Multipliers
from surveyor.design.replicates import replicated as made_from
from surveyor.design.units import Units
from surveyor.measure.moments.fitting import fitted
from surveyor.measure.moments.sample import Again, Once, Sample, sample_of

if TYPE_CHECKING:
    from surveyor.measure.items import Items
    from surveyor.survey.groups import Groups


class Replicated(NamedTuple):
    """Sample statistics under R replicates.

    multipliers   the replicates, and how they become deviations
    values        (R, G, q)
    spread        (R, G, q) the variance each would have if the rows were independent
    """

    multipliers: Multipliers
    values: Array
    spread: Array


def replicated(items: Items, groups: Groups) -> Replicated:
    """The statistics of `moments_of` under each replicate of the design.

    Without replicate weights these leave out one primary unit at a time, within strata (JKn; Rust 1985). The first or
    last category of an item, where a replicate leaves nobody in it, counts as half an answer.

    Raises DesignError for a stratum with one unit, and what `moments_of` raises.
    """
    return replicated_sample(sample_of(items, groups), groups.units)


def jackknifed(units: Units) -> tuple[Units, Multipliers]:
    """The units with the replicates they have, or else with those of JKn."""
    if units.replicates is None:
        units = made_from(units, Replicates(method="JKn"))
    assert units.replicates is not None
    return units, units.replicates


def replicated_sample(sample: Sample, units: Units) -> Replicated:
    """The same for rows that are known to count."""
    units, multipliers = jackknifed(units)
    start = sample.layout.correlations(fitted(sample, Once(sample.part)).values)
    unit = units.unit if sample.part.rows is None else units.unit[sample.part.rows]
    found = fitted(sample, Again(sample.part, unit, multipliers), start)
    shape = (-1, sample.groups, sample.layout.size)
    return Replicated(multipliers, found.values.reshape(shape), found.spread.reshape(shape))
