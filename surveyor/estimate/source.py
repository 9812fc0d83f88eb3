"""Whose answers an estimate rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Source:
    """Whose answers, under which design: `frame` by identity, `variant` (design, margins, strata) by value."""

    frame: object
    variant: tuple[Any, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.frame is other.frame and self.variant == other.variant

    def __hash__(self) -> int:
        return id(self.frame)
