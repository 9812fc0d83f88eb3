"""What a simulated population is made of: tables by group, and the columns that everything is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from surveyor.arrays import Array, Codes, Flags
from surveyor.plan.seeds import stream

#: A number each for old districts, commercial-housing estates, and other housing.
Triple = tuple[float, float, float]

#: A number that holds for all, or one a group.
Level = float | Triple

GROUPS = ("old", "estate", "other")
OLD, ESTATE, OTHER = range(3)


@dataclass(frozen=True)
class Planted:
    """What is built into a simulated study.

    seed        of every stream
    difference  whether the groups differ in anything but the years and the kind on their fact sheets
    invariant   whether the items work alike in both groups
    icc         the share of what is left of a factor, apart from group and composition, that compounds have in common
    """

    seed: int
    difference: bool = True
    invariant: bool = True
    icc: float = 0.05

    def level(self, value: Level, group: Codes) -> Array:
        """A table's number for each row (n,); without differences the mean of the groups for everybody.

        >>> Planted(1).level((1.0, 2.0, 3.0), np.array([0, 1]))
        array([1., 2.])
        >>> Planted(1, difference=False).level((1.0, 2.0, 3.0), np.array([0, 1]))
        array([2., 2.])
        """
        if not isinstance(value, tuple):
            return np.full(len(group), float(value))
        found = np.asarray(value, dtype=float)
        return found[group] if self.difference else np.full(len(group), float(found.mean()))

    def stream(self, stage: str) -> np.random.Generator:
        """The random numbers of a stage."""
        return stream(self.seed, stage)


@dataclass(frozen=True, eq=False)
class World:
    """Columns (n,) by name that answers are drawn from, one row a person (or a worker), and the group of each row."""

    planted: Planted
    group: Codes
    columns: dict[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.group)

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __setitem__(self, name: str, values: Array | Codes | Flags) -> None:
        self.columns[name] = np.asarray(values, dtype=float)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def sum(self, by: Mapping[str, Level]) -> Array:
        """The sum (n,) of columns times their coefficients, which may differ between groups."""
        total = np.zeros(len(self))
        for name, coefficient in by.items():
            total += self.planted.level(coefficient, self.group) * self.columns[name]
        return total
