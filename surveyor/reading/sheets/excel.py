"""Excel's sheets (.xlsx, .xlsm): values through openpyxl, and what it does not tell from the XML itself."""

from __future__ import annotations

import datetime
import posixpath
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

from surveyor.reading.sheets.archive import check_extent, damaged, extent, letters, number
from surveyor.reading.sheets.sheet import LOOKED_AT, Cell, Range, Sheet, choose

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
HIDDEN = ("hidden", "veryHidden")
#: The digits a spreadsheet keeps.
DIGITS = 15


def excel_sheet(path: Path, asked: str | None) -> tuple[Sheet, tuple[str, ...]]:
    """The sheet that was asked for, or the only one that looks like a table, and warnings.

    Raises what openpyxl raises for damaged files, and the errors of `choose` and `check_extent`.
    """
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of openpyxl, about parts of a workbook that hold no cells
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [
                Sheet(each.title, _texts(each, LOOKED_AT).rows, visible=each.sheet_state not in HIDDEN)
                for each in book.worksheets
            ]
            if not sheets:
                raise damaged(path.name)
            name, told = choose(sheets, asked, path.name)
            with zipfile.ZipFile(path) as archive:
                member = _members(archive)[name]
                check_extent(extent(archive, member), path.name, name)
                seen = _look(archive, member)
            found = _texts(book[name], None)
        finally:
            book.close()
    merged = tuple(sorted(_range(each) for each in seen.merged))
    return replace(found, merged=merged, uncalculated=tuple(seen.uncalculated), hidden=seen.hidden), told


def _texts(sheet: Any, limit: int | None) -> Sheet:
    """The cells of a sheet as text, up to a row; dates in ISO form, whole numbers without a point."""
    sheet.reset_dimensions()  # what the file says about its size may be wrong
    rows: list[list[Cell]] = []
    errors: list[str] = []
    long: list[str] = []
    for i, row in enumerate(sheet.iter_rows(max_row=limit), start=1):
        cells: list[Cell] = []
        for j, cell in enumerate(row, start=1):
            value = cell.value
            if value is None or cell.data_type == "e":
                if value is not None:
                    errors.append(f"{letters(j)}{i}")
                cells.append(None)
                continue
            if type(value) is str:
                cells.append(value)
            elif type(value) is int:
                cells.append(str(value))
            else:
                cells.append(text_of(value, cell.number_format if cell.is_date else ""))
            if isinstance(value, int | float) and abs(value) >= 10**DIGITS:
                long.append(f"{letters(j)}{i}")
        rows.append(cells)
    return Sheet(sheet.title, rows, errors=tuple(errors), long=tuple(long))


def text_of(value: object, shown: str = "") -> str:
    """A cell's value as text.

    shown  the number format, which tells a day from a moment at midnight

    >>> text_of(3.0), text_of(0.1), text_of(True), text_of(datetime.datetime(2021, 5, 4), "yyyy-mm-dd")
    ('3', '0.1', 'TRUE', '2021-05-04')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        moment = value.time() != datetime.time(0) or "h" in shown.lower()
        return value.isoformat() if moment else value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds() + 0.5), 60)
        return ":".join(str(part).zfill(2) for part in (minutes // 60, minutes % 60, seconds))
    return str(value)


@dataclass
class _Look:
    """What a pass over the XML of a sheet finds."""

    merged: list[str] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    hidden: int = 0
    cell: str = ""
    text: bool = False  # the cell is a text, so that an empty value is one
    value: bool = False  # inside the value of a cell
    formula: bool = False  # a formula has been seen, and no value so far

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Expat's handler for the beginning of an element."""
        tag = tag.rpartition(":")[2]
        self.value = tag == "v"
        if tag == "c":
            self.cell, self.text, self.formula = attributes.get("r", "?"), attributes.get("t") == "str", False
        elif tag == "f":
            self.formula = True
        elif tag == "v":
            self.formula = self.formula and not self.text
        elif tag == "row":
            self.hidden += attributes.get("hidden") in ("1", "true")
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def characters(self, _: str) -> None:
        """Expat's handler for text."""
        if self.value:
            self.formula = False

    def end(self, tag: str) -> None:
        """Expat's handler for the end of an element."""
        self.value = False
        if self.formula and tag.rpartition(":")[2] == "c":
            self.uncalculated.append(self.cell)
            self.formula = False


def _look(archive: zipfile.ZipFile, member: str) -> _Look:
    """Merged cells, formulas without a value and hidden rows of a sheet, in one pass."""
    look = _Look()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = look.start
    parser.EndElementHandler = look.end
    parser.CharacterDataHandler = look.characters
    with archive.open(member) as stream:
        parser.ParseFile(stream)
    return look


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of a sheet -> the member of the archive that holds it."""
    links = {
        node.get("Id"): node.get("Target", "")
        for node in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        if node.get("Target")
    }
    found = {}
    for node in _sheets(fromstring(archive.read("xl/workbook.xml"))):
        key = next((value for name, value in node.attrib.items() if name.endswith("}id")), None)
        target = links.get(key, "")
        found[node.get("name", "")] = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
    return found


def _sheets(root: Any) -> Iterable[Any]:
    return [node for space in (MAIN, STRICT) for node in root.iter(f"{space}sheet")]


def _range(ref: str) -> Range:
    """B1:C1 as numbers."""
    first, _, last = ref.partition(":")
    (left, top), (right, bottom) = _place(first), _place(last or first)
    return Range(top, left, bottom, right)


def _place(address: str) -> tuple[int, int]:
    column = address.rstrip("0123456789")
    return number(column), int(address[len(column) :])
