"""OpenDocument sheets (.ods), read in one pass over their XML: repeated cells count without being written out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import iterparse

from surveyor.reading.sheets.archive import CELLS, Extent, check_extent, letters
from surveyor.reading.sheets.excel import DIGITS, text_of
from surveyor.reading.sheets.sheet import Cell, Range, Sheet, choose

SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TABLE, OFFICE, TEXT = SPACE % "table", SPACE % "office", SPACE % "text"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
#: Elements inside a paragraph that stand for blanks.
BLANK = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
#: The most blanks that one element is believed to stand for.
FIELD = 10_000
#: A time of day or a duration as OpenDocument writes it.
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def opendocument_sheet(path: Path, asked: str | None) -> tuple[Sheet, tuple[str, ...]]:
    """The sheet that was asked for, or the only one that looks like a table, and warnings.

    Raises what the XML parser raises for damaged files, and the errors of `choose` and `check_extent`.
    """
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        sheets = list(_sheets(stream, path.name))
    name, told = choose(sheets, asked, path.name)
    return next(sheet for sheet in sheets if sheet.name == name), told


@dataclass
class _Building:
    """A sheet as far as it has been read."""

    name: str
    file: str
    rows: list[list[Cell]] = field(default_factory=list)
    gap: int = 0  # empty rows that count only if a filled one follows
    cells: int = 0
    merged: list[Range] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    hidden: int = 0

    def add(self, node: Any) -> None:
        """A table-row element."""
        times = int(node.get(f"{TABLE}number-rows-repeated", "1"))
        row: list[Cell] = []
        empty = 0  # cells that count only if a filled one follows
        number = len(self.rows) + self.gap + 1
        for cell in node:
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            text = self._cell(cell, number, len(row) + empty + 1)
            if text is None:
                empty += repeated
                continue
            self._check(number, len(row) + empty + repeated)
            row += [*[None] * empty, *[text] * repeated]
            empty = 0
        if not row:
            self.gap += times
            return
        self._check(number + times - 1, len(row))
        self.cells += times * len(row)
        self.rows += [*[[] for _ in range(self.gap)], *[row] * times]
        self.gap = 0
        if node.get(f"{TABLE}visibility") in ("collapse", "filter"):
            self.hidden += times

    def _check(self, rows: int, columns: int) -> None:
        if rows * columns > CELLS:
            check_extent(Extent(rows, columns, self.cells), self.file, self.name)

    def _cell(self, node: Any, row: int, column: int) -> Cell:
        """The text of a cell, None where it is empty or holds an error."""
        address = f"{letters(column)}{row}"
        down, across = (int(node.get(f"{TABLE}number-{which}-spanned", "1")) for which in ("rows", "columns"))
        if down > 1 or across > 1:
            self.merged.append(Range(row, column, row + down - 1, column + across - 1))
        kind = node.get(f"{OFFICE}value-type")
        shown = "\n".join(_paragraph(each) for each in node.findall(f"{TEXT}p"))
        if node.get(f"{CALC}value-type") == "error" or (node.get(f"{TABLE}formula") and shown.startswith("#")):
            self.errors.append(address)
            return None
        if kind is None and not shown and node.get(f"{TABLE}formula"):
            self.uncalculated.append(address)
        if kind == "date":
            return node.get(f"{OFFICE}date-value") or shown or None
        if kind == "time":
            return _clock(node.get(f"{OFFICE}time-value", "")) or shown or None
        if kind == "boolean":
            return "TRUE" if node.get(f"{OFFICE}boolean-value") == "true" else "FALSE"
        value = node.get(f"{OFFICE}value")
        if kind in ("float", "percentage", "currency") and value is not None:
            if abs(float(value)) >= 10**DIGITS:
                self.long.append(address)
            return text_of(float(value))
        return node.get(f"{OFFICE}string-value") or shown or None

    def made(self) -> Sheet:
        """The sheet, now that all of it has been read."""
        return Sheet(
            self.name,
            self.rows,
            tuple(self.merged),
            tuple(self.errors),
            tuple(self.uncalculated),
            tuple(self.long),
            self.hidden,
        )


def _paragraph(node: Any) -> str:
    """The text of a paragraph: blanks at its beginning and repeated ones are elements of their own."""
    made = node.text or ""
    for part in node:
        blank = BLANK.get(part.tag)
        times = int(part.get(f"{TEXT}c", "1")) if blank == " " else 1
        made += _paragraph(part) if blank is None else blank * min(times, FIELD)
        made += part.tail or ""
    return made


def _clock(value: str) -> str:
    """PT10H05M00S as 10:05:00."""
    found = DURATION.fullmatch(value)
    return f"{found[1].zfill(2)}:{found[2]}:{found[3]}" if found else value


def _sheets(stream: Any, file: str) -> Iterator[Sheet]:
    """All sheets; what has been read of the XML is dropped as it goes."""
    building: _Building | None = None
    for event, node in iterparse(stream, events=("start", "end")):
        if event == "start" and node.tag == f"{TABLE}table":
            building = _Building(node.get(f"{TABLE}name", ""), file)
        elif event == "end" and building is not None:
            if node.tag == f"{TABLE}table-row":
                building.add(node)
                node.clear()
            elif node.tag == f"{TABLE}table":
                yield building.made()
                node.clear()
                building = None
