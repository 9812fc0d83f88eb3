"""Cells of text as numbers and days: what can be read one way only is read, everything else stays as it is."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from surveyor.arrays import Array

#: So many cells are read in one pass rather than one by one.
_MANY = 1_000

_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\Z", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?\Z", re.ASCII)
_COMMA = re.compile(r"[-+]?\d+,\d+\Z", re.ASCII)
_INFINITE = re.compile(r"[-+]?(inf|infinity)\Z", re.IGNORECASE)
#: Minus signs and dashes that stand for a minus; characters that cannot be seen.
_ODD = str.maketrans({"−": "-", "–": "-", "﹣": "-", "，": ",", "\u200b": None, "\ufeff": None, "\xa0": " "})

#: The years that a day in a survey can lie in.
_YEARS = range(1850, 2101)

_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?\Z")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[-+]\d\d:?\d\d)?\Z")


def normal(text: str) -> str:
    """A text as it reads: full-width letters and digits made half-width, no blanks at the ends or invisible signs."""
    return unicodedata.normalize("NFKC", text).translate(_ODD).strip()


def spelling(text: str) -> str:
    """What two spellings of one answer have in common."""
    return "".join(normal(text).casefold().split())


def is_number(text: str) -> bool:
    """Whether a text is a plain number, such as a code of a source."""
    return _PLAIN.match(text) is not None


class Numbers:
    """Distinct cells read as numbers.

    values    (k,) the numbers, NaN where a cell is none
    repaired  how cells that are no plain numbers were read -> which
    doubtful  cells with a comma that may be thousands or decimals
    """

    def __init__(self, cells: Sequence[str], decimal_commas: bool = False) -> None:
        self.repaired: dict[str, list[int]] = {}
        self.doubtful: list[int] = []
        self.values: Array = np.full(len(cells), np.nan)
        commas = []
        if (every := _all_plain(cells)) is not None:
            self.values = every
            return
        for at, cell in enumerate(cells):
            if _PLAIN.match(cell) or _INFINITE.match(cell):
                self.values[at] = float(cell)
                continue
            if any(unicodedata.category(letter) == "No" for letter in cell):
                continue  # 10² is not 102
            plain = normal(cell)
            if _PLAIN.match(plain):
                self._read(at, plain, "full-width digits, blanks or other minus signs")
            elif _GROUPED.match(plain) or _COMMA.match(plain):
                commas.append((at, plain))
        self._commas(commas, decimal_commas)

    def _commas(self, found: list[tuple[int, str]], decimal_commas: bool) -> None:
        """Commas are decimals where one of them cannot be thousands, thousands where the file's decimals are points."""
        decimals = any(not _GROUPED.match(text) for _, text in found)
        for at, text in found:
            if decimals and _COMMA.match(text):
                self._read(at, text.replace(",", "."), "decimal commas")
            elif not decimals and not decimal_commas:
                self._read(at, text.replace(",", ""), "commas between thousands")
            else:
                self.doubtful.append(at)

    def _read(self, at: int, text: str, how: str) -> None:
        self.values[at] = float(text)
        self.repaired.setdefault(how, []).append(at)


def _all_plain(cells: Sequence[str]) -> Array | None:
    """Many cells that are all plain finite numbers, read in one pass; None for others."""
    if len(cells) < _MANY:
        return None
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        values = pc.cast(pa.array(cells, pa.large_string()), pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return values if np.isfinite(values).all() else None


def day(cell: str) -> str | None:
    """A day or moment in ISO form; None where the text is none, or could be two ("05/01/2024").

    Raises ValueError for a day no calendar has, or before 1850 or after 2100.

    >>> day("2024年5月1日")
    '2024-05-01'
    """
    text = normal(cell)
    if moment := _MOMENT.match(text):
        return f"{_possible(*map(int, moment[1].split('-')))}T{moment[2]}{moment[3] or ''}"
    if found := _DAY.match(text):
        return _possible(int(found[1]), int(found[2]), int(found[3]))
    return None


def _possible(year: int, month: int, day: int) -> str:
    if year not in _YEARS:
        raise ValueError(f"the year {year}")
    return datetime.date(year, month, day).isoformat()
