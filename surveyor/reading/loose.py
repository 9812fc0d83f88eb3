"""Columns nobody described: numbers where they can only be numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from surveyor.format import counted
from surveyor.reading.cells import Numbers, normal, spelling
from surveyor.reading.distinct import distinct_cells
from surveyor.reading.notes import Notes

#: A number outside the questionnaire; words that often stand for no answer; how many numbers make a column of
#: numbers with slips in it; up to how many different words are answers rather than texts.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?\Z")
NOTHING = ("na", "n/a", "none", "null", "nan", "-", ".", "无", "空")
MOSTLY, FEW = 0.8, 200


def loose(column: pd.Series, name: str, notes: Notes, *, decimal_commas: bool = False) -> pd.Series:
    """A column nobody described: numbers where every cell can only be one, else the texts as they are.

    Digits that begin with 0, exponents and more than fifteen digits are no measurement and stay text.

    decimal_commas  the file's numbers may have commas before decimals, so that "1,234" can be read two ways
    """
    if not pd.api.types.is_string_dtype(column):
        return column
    found = distinct_cells(column)
    cells = [str(cell) for cell in found.cells]
    if not cells:
        return column
    numbers = Numbers(cells, decimal_commas)
    plain = np.array([bool(_NUMBER.match(normal(cell).replace(",", ""))) for cell in cells])
    read = plain & ~np.isnan(numbers.values)
    counts = found.counts
    if numbers.doubtful and plain.all():
        told = counted(int(counts[numbers.doubtful].sum()), "cell")
        notes.warnings.append(f"{name}: {told} may be thousands or decimals, so the column stays text")
        return column
    if not read.all():
        _look_at(name, cells, counts, read, notes)
        return column
    for how, which in numbers.repaired.items():
        notes.entries.append(f"{name}: {counted(int(counts[which].sum()), 'cell')} with {how} read as numbers")
    out = np.empty(len(column))
    found.put(numbers.values, out)
    return pd.Series(out, index=column.index, name=column.name, copy=False)


def _look_at(name: str, cells: list[str], counts: np.ndarray, numbers: np.ndarray, notes: Notes) -> None:
    """Warnings of what looks wrong in a column of words: numbers among them, words for nothing, two spellings."""
    share = counts[numbers].sum() / counts.sum()
    if share >= MOSTLY:
        odd = counted(int(counts[~numbers].sum()), "cell")
        notes.warnings.append(f"{name}: numbers but for {odd} of text, so the column stays text")
    nothing = [k for k, cell in enumerate(cells) if normal(cell).casefold() in NOTHING]
    if nothing:
        told = counted(int(counts[nothing].sum()), "cell")
        notes.warnings.append(f"{name}: {told} may mean 'no answer' (NA, none, null), kept as an answer")
    if len(cells) <= FEW and len({spelling(cell) for cell in cells}) < len(cells):
        notes.warnings.append(
            f"{name}: one answer in several spellings (blanks, case or full-width letters), kept apart"
        )
