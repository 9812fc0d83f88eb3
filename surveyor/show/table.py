"""A table as a description: what stands where; how it looks is the writers' business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from surveyor.format import significant
from surveyor.shown import Shown

Align = Literal["left", "right"]


@dataclass(frozen=True)
class Cell:
    """Text as a reader sees it, with the number behind it where there is one."""

    text: str
    value: float | None = None
    align: Align = "left"
    span: int = 1


@dataclass(frozen=True)
class Table(Shown):
    """header and body are rows of cells; a body row with one cell that spans everything is a heading."""

    title: str
    header: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns there are."""
        return sum(cell.span for cell in self.header[-1])

    def to_json(self) -> dict[str, Any]:
        """Plain data, numbers cut to ten significant digits so that two machines agree."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Table:
        """The table that `to_json` wrote."""

        def rows(part: Sequence[Any]) -> tuple[tuple[Cell, ...], ...]:
            return tuple(tuple(Cell(**cell) for cell in row) for row in part)

        return cls(data["title"], rows(data["header"]), rows(data["body"]), tuple(data["notes"]))


def numeric(text: str, value: float | None) -> Cell:
    """A right-aligned cell that shows `text` and keeps `value`."""
    return Cell(text, significant(value), "right")


def heads(*texts: str) -> tuple[Cell, ...]:
    """A header row: the first column to the left, the numbers to the right."""
    return tuple(Cell(text, None, "right" if i else "left") for i, text in enumerate(texts))
