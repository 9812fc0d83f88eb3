"""Whose answers an estimate rests on, and the rows of several sources side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import UsageError


@dataclass(frozen=True, eq=False)
class Source:
    """Whose answers, under which design: `frame` by identity, `variant` (design, margins, strata) by value."""

    frame: object
    variant: tuple[Any, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.frame is other.frame and self.variant == other.variant

    def __hash__(self) -> int:
        return id(self.frame)


#: A source and how many rows of D belong to it.
Block = tuple[Source, int]


def joined(one: Sequence[Block], other: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of two estimates: those of one source are the same rows, others are independent.

    Raises UsageError where the same residents stand in both under different designs or weights.
    """
    blocks = list(one)
    for source, rows in other:
        if (source, rows) in blocks:
            continue
        if any(known.frame is source.frame for known, _ in blocks):
            raise UsageError(
                "these two estimates rest on the same residents under different designs or weights",
                remedy="Make both from one survey; a comparison has its own design, with the group as stratum",
            )
        blocks.append((source, rows))
    return tuple(blocks)


def placed(D: Array, own: Sequence[Block], blocks: Sequence[Block]) -> Array:
    """D (U, q) with its rows where `blocks` have them, and 0 for sources it does not rest on."""
    starts = np.cumsum([0, *[rows for _, rows in own]])
    known = {source: D[starts[i] : starts[i + 1]] for i, (source, _) in enumerate(own)}
    return np.vstack([known.get(source, np.zeros((rows, D.shape[1]))) for source, rows in blocks])
