"""The rows that count for items, and weighted tables of them: under their own weights or under every replicate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from surveyor.arrays import Array, Codes, Flags
from surveyor.design.grouping import BLOCK, Part
from surveyor.design.replicates import Multipliers
from surveyor.errors import DataError
from surveyor.measure.layout import Layout
from surveyor.statistics.two_steps import Sums, sums_of

if TYPE_CHECKING:
    from surveyor.measure.items import Items
    from surveyor.survey.groups import Groups


@dataclass(frozen=True, eq=False)
class Sample:
    """Answers to p items by the rows that count.

    part     these rows: their weights, units and groups
    codes    (p, n) categories of ordinal items; the number of categories for a missing answer
    numbers  by continuous item (n,), NaN missing
    titles   what each group is called in a message, nothing where there is one
    """

    names: tuple[str, ...]
    layout: Layout
    part: Part
    codes: NDArray[np.int16]
    numbers: dict[int, Array]
    titles: tuple[str, ...]

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return self.part.shape[1]

    def answers(self, i: int) -> Any:
        """The answers to item i (n,): categories, or numbers."""
        return self.codes[i] if self.layout.ordinal[i] else self.numbers[i]


def sample_of(items: Items, groups: Groups) -> Sample:
    """The rows of a group with weight and an answer: to at least one item or, where all are continuous, to all.

    Raises DataError where a group has no such rows.
    """
    layout = Layout(tuple(int(count) for count in items.categories))
    part = groups.grouping.part(_answered(items.values, bool(layout.ordinal.any())))
    empty = part.members.sum(axis=0) == 0
    if empty.any():
        raise DataError("nobody in one of the groups answered these items", where=", ".join(items.names),
                        expected="answers in every group")  # fmt: skip
    codes = np.empty((layout.items, len(part.key)), dtype=np.int16)
    numbers = {}
    for i, count in enumerate(layout.categories):
        column = part.take(items.values[:, i])
        if count:
            missing = np.isnan(column)
            codes[i] = np.where(missing, count, column)
        else:
            numbers[i] = np.ascontiguousarray(column)
    titles = tuple(f"{groups.by} = {code:g}" for code in groups.codes) or ("",)
    return Sample(tuple(items.names), layout, part, codes, numbers, titles)


def _answered(values: Array, some: bool) -> Flags:
    rows = [np.isfinite(values[start : start + BLOCK]) for start in range(0, len(values), BLOCK)]
    return np.concatenate([block.any(axis=1) if some else block.all(axis=1) for block in rows])


class Weighting(Protocol):
    """One weighting of the rows, or several: B sets of groups in all."""

    def sums(self, code: Codes, size: int) -> Sums:
        """Sums (B, size) by category, `code` (n,) of `size`."""

    def each(self) -> Iterator[Array]:
        """The weights of the rows (n,), one weighting after the other."""

    def __len__(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Once:
    """The rows under their own weights: B = groups."""

    part: Part

    def sums(self, code: Codes, size: int) -> Sums:
        """Sums in every group."""
        return sums_of(self._cell * size + code, self.part.weights, self.part.shape[1], size)

    @cached_property
    def _cell(self) -> Codes:
        return self.part.cell

    def each(self) -> Iterator[Array]:
        """The one weighting."""
        yield self.part.weights

    def __len__(self) -> int:
        return 1


@dataclass(frozen=True, eq=False)
class Again:
    """The rows under every replicate: B = replicates x groups, from sums by unit.

    unit   (n,) which row of the multipliers each answer goes by
    """

    part: Part
    unit: Codes
    replicates: Multipliers

    def sums(self, code: Codes, size: int) -> Sums:
        """Sums in every group under every replicate: the multipliers times the sums of the units."""
        factor, groups, w = self.replicates.factor, self.part.shape[1], self.part.weights
        key = self._key * size + code
        width = groups * size

        def of(values: Array | None, by: Array) -> Array:
            units = np.bincount(key, values, len(factor) * width).reshape(len(factor), width)
            return np.asarray((by.T @ units).reshape(-1, size))

        return Sums(of(w, factor), of(w * w, factor**2), of(None, (factor > 0).astype(float)))

    @cached_property
    def _key(self) -> Codes:
        return self.unit * self.part.shape[1] + self.part.cell

    def each(self) -> Iterator[Array]:
        """The weightings of all replicates."""
        for r in range(len(self)):
            yield self.part.weights * self.replicates.factor[self.unit, r]

    def __len__(self) -> int:
        return int(self.replicates.factor.shape[1])
