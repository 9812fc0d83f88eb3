"""How often each code was given, for codebooks: counted elsewhere, shown here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: code -> (rows, their weighted total or None where nothing is weighted)
Counts = Mapping[int, tuple[int, float | None]]


@dataclass(frozen=True)
class Frequencies:
    """The counts of a file's columns, missing codes among them.

    n        rows of the file
    columns  column -> code -> (rows, weighted total or None); an item with several answers has a column for each
    """

    n: int
    columns: Mapping[str, Counts]

    def of(self, column: str) -> Counts:
        """The counts of one column; empty where it was not counted.

        >>> Frequencies(3, {"sex": {1: (2, None), -1: (1, None)}}).of("sex")[1]
        (2, None)
        """
        return self.columns.get(column, {})

    @property
    def weighted(self) -> bool:
        """Whether any count has a weighted total."""
        return any(total is not None for counts in self.columns.values() for _, total in counts.values())
