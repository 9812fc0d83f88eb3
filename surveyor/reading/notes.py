"""What is found while cells are read, gathered so that one line can speak for many columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from surveyor.format import counted
from surveyor.questionnaire import Questionnaire


@dataclass
class Notes:
    """Entries and warnings; cells by column that were labels, mapped, kept or of unknown negative codes; numbers that
    may be codes, by column."""

    entries: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)
    mapped: dict[tuple[str, int], Counter[str]] = field(default_factory=dict)
    kept: dict[int, Counter[str]] = field(default_factory=dict)
    unknown: dict[float, Counter[str]] = field(default_factory=dict)
    negatives: dict[float, list[str]] = field(default_factory=dict)

    def count_negatives(self, name: str, codes: tuple[float, ...]) -> None:
        """Learn that these negative numbers of a column count as numbers."""
        for code in codes:
            self.negatives.setdefault(code, []).append(name)

    def lines(self, questionnaire: Questionnaire) -> list[str]:
        """The entries, with one line for each code that was mapped or counts as no answer."""
        told = list(self.entries)
        if self.labels:
            told.append(f"labels turned into codes: {where(self.labels)}")
        for (cell, code), cells in sorted(self.mapped.items()):
            told.append(f"{cell} -> {code} ({questionnaire.reason(code)}): {where(cells)}")
        for code, cells in sorted(self.kept.items(), reverse=True):
            told.append(f"{code} counts as {questionnaire.reason(code)}: {where(cells)}")
        return told


def where(cells: Counter[str]) -> str:
    """How many cells, and in which columns."""
    names = list(cells)
    shown = ", ".join(names[:3]) + (f" and {counted(len(names) - 3, 'other column')}" if len(names) > 3 else "")
    return f"{counted(sum(cells.values()), 'cell')} in {shown}"
