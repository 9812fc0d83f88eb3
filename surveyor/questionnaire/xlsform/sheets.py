"""The sheets of a workbook as rows of texts; a workbook is a stranger's file and is read with guards."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from surveyor.errors import DefinitionError, FileError, guess, is_file
from surveyor.questionnaire.texts import Language

LIMIT = 20_000_000  # bytes unpacked
ROWS, COLUMNS = 20_000, 300
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, TypeError, SyntaxError)

#: Words that a language is called by.
_LANGUAGES: Mapping[str, Language] = {
    "zh": "zh", "zh-cn": "zh", "zh-hans": "zh", "zh_cn": "zh", "chi": "zh", "zho": "zh", "chinese": "zh",
    "mandarin": "zh", "simplified chinese": "zh", "中文": "zh", "汉语": "zh", "简体中文": "zh", "普通话": "zh",
    "en": "en", "en-us": "en", "en-gb": "en", "eng": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip
#: Older or other headings for the same column.
_HEADINGS: Mapping[str, str] = {
    "relevance": "relevant", "caption": "label", "list name": "list_name", "list": "list_name", "value": "name",
    "constraint message": "constraint_message", "constraint_msg": "constraint_message", "calculate": "calculation",
    "required message": "required_message", "default language": "default_language", "form title": "form_title",
    "title": "form_title", "form id": "form_id", "id_string": "form_id", "guidance hint": "guidance_hint",
    "choice filter": "choice_filter",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of a sheet: its number as the user sees it, and its cells by heading (with `::` and a language)."""

    number: int
    cells: Mapping[str, str]

    def get(self, heading: str) -> str:
        """The cell under a heading; empty where there is none."""
        return self.cells.get(heading, "")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its headings as they were written, its rows."""

    name: str
    headings: Mapping[str, str]
    rows: tuple[Row, ...]


def sheets(path: Path) -> dict[str, Sheet]:
    """The sheets of an .xlsx file by lower-case name; values only, no formula is run.

    Raises FileError where it is no workbook, is damaged or unpacks to more than 20 MB, DefinitionError for doubled
    headings.
    """
    _guard(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            lines = {sheet.title.strip().lower(): _lines(sheet, path) for sheet in book.worksheets}
        finally:
            book.close()
    except FileError:
        raise
    except _DAMAGED as error:
        raise FileError(
            f"the workbook is damaged ({type(error).__name__})",
            where=str(path),
            remedy="Open it in a spreadsheet program and save it again as .xlsx",
        ) from None
    return {name: _sheet(name, rows, path) for name, rows in lines.items()}


def _guard(path: Path) -> None:
    if not is_file(path):
        raise FileError("there is no such file", where=str(path), remedy="Check the name and the folder")
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(each.file_size for each in packed.infolist())
            known = "xl/workbook.xml" in packed.namelist()
    except _DAMAGED:
        size, known = 0, False
    if not known:
        raise FileError(
            "this is no .xlsx workbook",
            where=str(path),
            expected="an XLSForm saved as Excel workbook (.xlsx)",
            remedy="Open it in a spreadsheet program and save it as .xlsx",
        )
    if size > LIMIT:
        raise FileError(
            f"the workbook unpacks to more than {LIMIT // 1_000_000} MB",
            where=str(path),
            expected="a questionnaire, which is far smaller",
            remedy="Take out pictures and data sheets and save it again",
        )


def _lines(sheet: Any, path: Path) -> list[tuple[int, list[str]]]:
    found = []
    for number, line in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > ROWS or len(line) > COLUMNS:
            raise FileError(
                f"the sheet '{sheet.title}' has more than {ROWS} rows or {COLUMNS} columns",
                where=str(path),
                remedy="Delete the empty rows and columns beyond the questionnaire",
            )
        cells = [_text(cell) for cell in line]
        if any(cells):
            found.append((number, cells))
    return found


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\xa0", " ").strip()


def _sheet(name: str, lines: list[tuple[int, list[str]]], path: Path) -> Sheet:
    written = lines[0][1] if lines else []
    headings: dict[str, str] = {}
    keys = [heading_of(each) for each in written]
    for key, shown in zip(keys, written, strict=True):
        if key and key in headings:
            raise DefinitionError(
                f"two columns are headed '{shown}'",
                where=f"{path.name}, sheet '{name}', row {lines[0][0]}",
                remedy="Keep one of the two",
            )
        headings[key] = shown
    rows = tuple(
        Row(number, {key: cell for key, cell in zip(keys, cells, strict=False) if key and cell})
        for number, cells in lines[1:]
    )
    return Sheet(name, {key: shown for key, shown in headings.items() if key}, rows)


def heading_of(written: str) -> str:
    """A heading in one form: lower case, today's name, `::` before a language.

    >>> heading_of("Label : English (en)"), heading_of("relevance")
    ('label::english (en)', 'relevant')
    """
    column, _, language = re.sub(r"\s*::?\s*", "::", written.strip(), count=1).partition("::")
    column = re.sub(r"\s+", " ", column.strip().lower())
    column = _HEADINGS.get(column, column)
    return f"{column}::{language.strip().lower()}" if language else column


def language_of(name: str) -> Language | None:
    """Which of the two languages is meant by "English (en)", "中文" or "zh-cn"; None for another.

    >>> language_of("中文 (zh)"), language_of("English"), language_of("Français (fr)")
    ('zh', 'en', None)
    """
    name = name.strip().lower()
    code = re.search(r"\(([^()]*)\)\s*$", name)
    if code:
        return _LANGUAGES.get(code[1].strip()) or _LANGUAGES.get(name[: code.start()].strip())
    return _LANGUAGES.get(name)


def needed(found: Mapping[str, Sheet], name: str, columns: tuple[str, ...], path: Path) -> Sheet:
    """The sheet `name` with its columns; raises DefinitionError, with a guess, where one is not there."""
    if name not in found:
        raise DefinitionError(
            f"there is no sheet '{name}'",
            where=path.name,
            expected="an XLSForm with the sheets survey, choices and settings",
            remedy=guess(name, found),
        )
    sheet = found[name]
    for column in columns:
        if not any(heading.partition("::")[0] == column for heading in sheet.headings):
            raise DefinitionError(
                f"there is no column '{column}'",
                where=f"{path.name}, sheet '{name}', row 1",
                remedy=guess(column, sheet.headings.values()),
            )
    return sheet
