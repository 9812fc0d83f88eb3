"""Workbooks (.xlsx): a sheet of answers, every text as text, and a sheet that says what the codes mean."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from surveyor.errors import DataError
from surveyor.format import count, counted
from surveyor.writing.cells import replaced
from surveyor.writing.common import Table, Variable, without
from surveyor.writing.spelling import joined, numerals

#: What a sheet holds at most, and how many digits of a number Excel keeps.
ROWS, COLUMNS, LETTERS, DIGITS = 1_048_576, 16_384, 32_767, 15

#: Characters that no XML text can hold.
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"

ANSWERS, CODEBOOK = "answers", "codebook"
HEADINGS = ("column", "label", "code", "label of code", "missing")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

#: The parts of a workbook that hold no cells: nothing in them says who wrote it, or when.
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews><sheets>'
    f'<sheet name="{ANSWERS}" sheetId="1" r:id="r1"/><sheet name="{CODEBOOK}" sheetId="2" r:id="r2"/>'
    f"</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
}
#: Around the rows of a sheet; its first row stays in sight.
HEAD = (
    f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:%s%s"/><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
TAIL = "</sheetData></worksheet>"
#: What begins a cell of text, and signs that stand for something else in XML.
TEXT = ' t="inlineStr"><is><t xml:space="preserve">'
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
WRITTEN = (1980, 1, 1, 0, 0, 0)
AT_ONCE = 50_000
#: Beyond this many bytes a part of a zip file needs another form, which not every program opens.
ZIP32 = 2**31


def write_workbook(table: Table, path: Path) -> tuple[str, ...]:
    """Write a table to `path`: the same survey gives the same bytes.

    Raises DataError for more rows, columns or letters in a cell than Excel holds, OSError where there is no room.
    """
    _check(table)
    table = without(table, CONTROL, "control characters").changed(_line_ends).changed(_long_numbers)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in PARTS.items():
            book.writestr(_part(name), _XML + text)
        for name, sheet in (("sheet1", table.variables), ("sheet2", _codebook(table))):
            part = _part(f"xl/worksheets/{name}.xml")
            with book.open(part, "w", force_zip64=_bytes(sheet) > ZIP32) as stream:
                for text in _sheet(sheet):
                    stream.write(text.encode("utf-8"))
    return table.warnings


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, WRITTEN)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.create_system = 3  # the same on every system
    return part


def _bytes(columns: tuple[Variable, ...]) -> int:
    """At least as many bytes as the text of a sheet takes."""
    return sum(5 * each.cells.nbytes + 80 * len(each.cells) for each in columns)


def _check(table: Table) -> None:
    for what, there, most in (("row", table.rows + 1, ROWS), ("column", len(table.variables), COLUMNS)):
        if there > most:
            raise DataError(
                f"there are {counted(there, what)}; a sheet holds {count(most)}",
                where=table.file,
                remedy="Write .csv or .parquet",
            )
    for variable in table.variables:
        if variable.is_text and (pc.max(pc.utf8_length(variable.cells)).as_py() or 0) > LETTERS:
            raise DataError(
                f"a text is longer than the {count(LETTERS)} letters of a cell",
                where=f"{table.file}, column '{variable.name}'",
                remedy="Shorten it, leave the column out, or write .csv or .parquet",
            )


def _line_ends(variable: Variable) -> tuple[Variable, list[str]]:
    """Line ends of one kind: a workbook keeps no other."""
    if not variable.is_text:
        return variable, []
    cells, hits = replaced(variable.cells, r"\r\n?", "\n")
    said = [f"{variable.name}: line ends were made of one kind in {counted(hits, 'cell')}"] if hits else []
    return replace(variable, cells=cells), said


def _long_numbers(variable: Variable) -> tuple[Variable, list[str]]:
    """Whole numbers of more digits than Excel keeps, as texts."""
    if variable.is_text or not variable.is_whole:
        return variable, []
    whole = variable.cells.cast(pa.int64())
    ends = pc.min_max(whole).as_py()
    if max(abs(ends["min"] or 0), abs(ends["max"] or 0)) < 10**DIGITS:
        return replace(variable, cells=whole), []
    said = f"{variable.name}: numbers of more than {DIGITS} digits were written as text, as Excel would change them"
    return replace(variable, cells=whole.cast(pa.large_string())), [said]


def _codebook(table: Table) -> tuple[Variable, ...]:
    """The sheet of codes: one row a code, or a column where it has no codes."""
    rows: list[tuple[str, str, float | None, str | None, str | None]] = []
    for each in table.variables:
        for code, text in each.labels.items():
            rows.append((each.name, each.label, code, text, "yes" if code in each.reasons else "no"))
        if not each.labels:
            rows.append((each.name, each.label, None, None, None))
    kinds = (pa.large_string(), pa.large_string(), pa.float64(), pa.large_string(), pa.large_string())
    columns = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    return tuple(
        Variable(heading, pa.array(column, kind))
        for heading, column, kind in zip(HEADINGS, columns, kinds, strict=True)
    )


def _sheet(columns: tuple[Variable, ...]) -> Iterator[str]:
    """The text of a sheet, piece by piece."""
    letters = [_letters(at) for at in range(len(columns))]
    rows = len(columns[0].cells)
    yield _XML + HEAD % (letters[-1], rows + 1)
    names = (f'<c r="{at}1"{TEXT}{_escaped(each.name)}</t></is></c>' for at, each in zip(letters, columns, strict=True))
    yield f'<row r="1">{"".join(names)}</row>'
    for start in range(0, rows, AT_ONCE):
        numbers = pa.array(range(start + 2, min(start + AT_ONCE, rows) + 2), pa.int64()).cast(pa.large_string())
        cells = (
            _cells(replace(each, cells=each.cells.slice(start, AT_ONCE)), at, numbers)
            for at, each in zip(letters, columns, strict=True)
        )
        yield "".join(joined('<row r="', numbers, '">', *cells, "</row>").to_pylist())
    yield TAIL


def _cells(column: Variable, letters: str, numbers: pa.Array) -> pa.Array:
    """The cells of a column: texts inside the sheet itself, whatever they begin with, so that none is a formula."""
    start = joined(f'<c r="{letters}', numbers)
    if column.is_text:
        text = column.cells
        for sign, entity in ENTITIES.items():
            text = pc.replace_substring(text, sign, entity)
        made = joined(start, f'"{TEXT}', text, "</t></is></c>")
    else:
        made = joined(start, '"><v>', numerals(column), "</v></c>")
    return pc.fill_null(made, "")


def _escaped(text: str) -> str:
    for sign, entity in ENTITIES.items():
        text = text.replace(sign, entity)
    return text


def _letters(at: int) -> str:
    """What a sheet calls its columns: A to Z, AA, AB and so on."""
    head, last = divmod(at, 26)
    return (_letters(head - 1) if head else "") + chr(ord("A") + last)
