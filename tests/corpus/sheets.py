"""Bad and awkward workbooks, Parquet and Feather files: makers, and a literal table of what must come of each."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

from surveyor.reading.answers import Ask
from tests.corpus import Case

GOOD: list[list[object]] = [["id", "q1", "type"], ["001", 2, "老旧小区"], ["002", 3.5, None], ["003", 4, "商品房"]]
GOOD_CELLS = {"id": ["001", "002", "003"], "q1": ["2", "3.5", "4"], "type": ["老旧小区", None, "商品房"]}
FILLER: list[list[object]] = [["id", "q1", "q2"], [1, 2, 3], [2, 3, 4], [3, 4, 5]]
COVER: list[list[object]] = [["Residents 2024"], ["made by the field team"], [None], ["see the next sheet"]]
DAY = datetime.datetime(2021, 5, 4)


def book(
    *sheets: tuple[str, Sequence[Sequence[object]]], change: Callable[[openpyxl.Workbook], object] | None = None
) -> bytes:
    """An .xlsx of named sheets, changed before it is saved."""
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def one(rows: Sequence[Sequence[object]], change: Callable[[object], object] | None = None) -> bytes:
    """An .xlsx of one sheet, "Sheet1", changed before it is saved."""
    return book(("Sheet1", rows), change=None if change is None else lambda made: change(made["Sheet1"]))


def patched(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one member changed, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
        if member not in old.namelist():
            new.writestr(member, change(b""))
    return out.getvalue()


SHEET1 = "xl/worksheets/sheet1.xml"


def replaced(old: str, new: str, rows: Sequence[Sequence[object]] = GOOD) -> bytes:
    """An .xlsx of one sheet in whose XML a piece is replaced."""

    def change(xml: bytes) -> bytes:
        assert re.search(old.encode(), xml), old
        return re.sub(old.encode(), new.encode(), xml, count=1)

    return patched(one(rows), SHEET1, change)


def declared(entity: str) -> bytes:
    """An .xlsx whose shared strings begin with a document type that declares entities."""
    head = f"<!DOCTYPE sst [{entity}]>".encode()
    return patched(one(GOOD), "xl/sharedStrings.xml", lambda xml: head + xml)


def bomb() -> bytes:
    """A workbook of some 60 KB with a part that unpacks to 60 MB of one letter."""
    return patched(one(GOOD), "xl/media/a.xml", lambda _: b"<a>" + b" " * 60_000_000 + b"</a>")


def many_cells() -> bytes:
    """A sheet that holds 200 columns in its first and last possible row."""
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>1</v></c>' for column in ("A", "B", "GR")) + "</row>"
        for row in (1, 1_048_576)
    )
    return replaced("<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>")


def shared() -> bytes:
    """A sheet whose texts stand in a part of their own, as Excel writes them; openpyxl writes them into the cells."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = f"<sst {space}><si><r><t>老旧</t></r><r><t>小区</t></r></si></sst>"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    made = replaced('<c r="C2" t="inlineStr">.*?</c>', '<c r="C2" t="s"><v>0</v></c>')
    made = patched(made, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", part.encode()))
    return patched(made, "xl/sharedStrings.xml", lambda _: strings.encode())


ODS_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2">
<office:body><office:spreadsheet>"""
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
TAIL = (
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
BLANK = '<table:table-cell table:number-columns-repeated="16381"/>'


def cell(value: object, more: str = "") -> str:
    """A cell of an .ods as XML."""
    if value is None:
        return f"<table:table-cell {more}/>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, datetime.datetime):
        kind = f'office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind} {more}><text:p>{value}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    """A row of an .ods as XML."""
    return f"<table:table-row {more}>{''.join(cells)}{BLANK}</table:table-row>"


def ods(*sheets: tuple[str, Sequence[str]], head: str = ODS_HEAD) -> bytes:
    """An .ods of named sheets, each a list of rows as XML."""
    out = io.BytesIO()
    body = "".join(f'<table:table table:name="{name}">{"".join(rows)}</table:table>' for name, rows in sheets)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", head + body + ODS_TAIL)
    return out.getvalue()


ODS_ROWS = [row(*(cell(value) for value in values)) for values in GOOD]


def parquet(table: pa.Table) -> bytes:
    """A table as Parquet."""
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return out.getvalue().to_pybytes()


def feathered(table: pa.Table, version: int = 2) -> bytes:
    """A table as Feather."""
    out = io.BytesIO()
    feather.write_feather(table, out, version=version, compression="uncompressed")
    return out.getvalue()


OURS = pa.table({"id": ["01", "02"], "q1": pa.array([1.0, -9.0]), "m1": [1, 0], "m2": [0, 1], "w": [0.5, 1.5]})
OURS = OURS.replace_schema_metadata({
    b"surveyor": json.dumps({
        "labels": {"q1": "信任"}, "values": {"q1": {"1": "高", "-9": "no answer"}}, "missing": {"q1": [-9]},
        "ordered": ["q1"], "sets": {"m": ["m1", "m2"]}, "weight": "w",
    }).encode()
})  # fmt: skip
FOREIGN = pa.table({
    "id": pa.array([9007199254740993, 1]), "n": pa.array([1, None], pa.int32()), "yes": [True, None],
    "g": pa.array(["old", "new"]).dictionary_encode(), "day": pa.array([DAY, None], pa.timestamp("ns")),
    "at": pa.array([datetime.datetime(2021, 5, 4, 2, 30, 0, 50000), None], pa.timestamp("us", tz="Asia/Shanghai")),
    "zero": ["007", ""],
})  # fmt: skip
FOREIGN_CELLS = {
    "id": ["9007199254740993", "1"], "n": [1.0, None], "yes": [1.0, None], "g": ["old", "new"],
    "day": ["2021-05-04", None], "at": ["2021-05-04T10:30:00.050000+08:00", None], "zero": ["007", None],
}  # fmt: skip


def case(outcome: str, ending: str = "xlsx") -> Callable[..., Case]:
    def make(data: bytes, *words: str, cells: dict | None = None, **more: object) -> Case:
        return Case(f"a.{ending}", data, outcome, words, cells or {}, **more)  # type: ignore[arg-type]

    return make


error, warning, right = case("error"), case("warning"), case("right")
ods_error, ods_warning, ods_right = case("error", "ods"), case("warning", "ods"), case("right", "ods")

EXCEL: dict[str, Case] = {
    "xlsx_good": right(one(GOOD), "the sheet 'Sheet1' was read", cells=GOOD_CELLS),
    "xlsx_shared_texts": right(shared(), cells=GOOD_CELLS),
    "xlsm_good": case("right", "xlsm")(one(GOOD), "macros", cells=GOOD_CELLS),
    "xlsx_numbers_as_text": right(
        one([["id", "q1"], ["1", "2"], ["2", "3"]]), cells={"id": ["1", "2"], "q1": ["2", "3"]}),
    "xlsx_kinds_of_values": right(
        one([["id", "a", "b"], [1, True, 0.1], [2, False, 1e-7]]),
        cells={"a": ["TRUE", "FALSE"], "b": ["0.1", "1e-07"]}),
    "xlsx_merged_header": error(
        one([["id", "trust", None], [1, 2, 3], [2, 3, 4]], lambda sheet: sheet.merge_cells("B1:C1")),
        "Sheet1!B1:C1", "merged cells among the names"),
    "xlsx_merged_body": error(
        one([["area", "q1", "q2"], ["A", 1, 1], [None, 2, 1], [None, 3, 1], ["B", 1, 1], [None, 2, 1]],
            lambda sheet: (sheet.merge_cells("A2:A4"), sheet.merge_cells("A5:A6"))),
        "Sheet1!A2:A4, Sheet1!A5:A6", "merged cells among the answers"),
    "xlsx_merged_above_the_names": right(
        one([["Survey", None, None], *FILLER], lambda sheet: sheet.merge_cells("A1:C1")),
        "1 row above the names", cells={"q1": ["2", "3", "4"]}, ask=Ask(header_row=2)),
    "xlsx_two_header_rows": error(
        one([["id", "q1", "q2"], ["number", "trust", "age"], [1, 2, 30], [2, 3, 40]]),
        "two rows of names", "'Sheet1', row 2", "header_row=2"),
    "xlsx_title_row": error(one([["Residents 2024"], [None], *FILLER]), "title", "header_row=3"),
    "xlsx_title_row_asked": right(
        one([["Residents 2024"], [None], *FILLER]), cells={"q2": ["3", "4", "5"]}, ask=Ask(header_row=3)),
    "xlsx_header_row_too_far": error(one(GOOD), "no row 9", "1 to 4", ask=Ask(header_row=9)),
    "xlsx_duplicate_columns": error(one([["id", "q", "q "], [1, 2, 3]]), "two columns are called 'q'", "cell C1"),
    "xlsx_blank_column_name": error(one([["id", None, "q"], [1, 2, 3]]), "cell B1", "empty"),
    "xlsx_empty_column": right(one([["id", None, "q"], [1, None, 3]]), "1 empty column", cells={"q": ["3"]}),
    "xlsx_header_no_rows": error(one([["id", "q"]]), "no rows"),
    "xlsx_empty": error(one([]), "empty"),
    "xlsx_long_number": warning(
        one([["id", "q"], [123456789012345678, 1], [123456789012345679, 2], [3, 3]]),
        "Excel keeps 15 digits", "A2, A3"),
    "xlsx_dates": right(
        one([["id", "day", "at"], [1, DAY, datetime.datetime(2021, 5, 4, 10, 30)], [2, DAY, DAY]],
            lambda sheet: [setattr(sheet[place], "number_format", "yyyy-mm-dd") for place in ("B2", "B3")]),
        cells={"day": ["2021-05-04", "2021-05-04"], "at": ["2021-05-04T10:30:00", "2021-05-04T00:00:00"]}),
    "xlsx_times": right(
        one([["id", "at", "for"], [1, datetime.time(10, 5), datetime.timedelta(hours=30, minutes=1)]]),
        cells={"at": ["10:05:00"], "for": ["30:01:00"]}),
    "xlsx_1904": right(
        book(("Sheet1", [["id", "day"], [1, DAY]]), change=lambda made: (
            setattr(made, "epoch", openpyxl.utils.datetime.CALENDAR_MAC_1904),
            setattr(made["Sheet1"]["B2"], "number_format", "yyyy-mm-dd"))),
        cells={"day": ["2021-05-04"]}),
    "xlsx_error_cells": warning(
        one([["id", "q"], [1, "#N/A"], [2, "#DIV/0!"], [3, 4]]), "2 cells with an error", "B2, B3",
        cells={"q": [None, None, "4"]}),
    "xlsx_formula_no_value": error(
        one([["id", "q"], [1, "=A2+1"], [2, "=A3+1"]]), "never calculated", "B2, B3", "Open the workbook once"),
    "xlsx_formula_with_value": right(
        replaced('<c r="B2"[^>]*><v>2</v></c>', '<c r="B2"><f>1+1</f><v>2</v></c>'), cells=GOOD_CELLS),
    "xlsx_formula_with_empty_text": right(
        replaced('<c r="B2"[^>]*><v>2</v></c>', '<c r="B2" t="str"><f>""</f><v></v></c>'),
        cells={"q1": [None, "3.5", "4"]}),
    "xlsx_cover_sheet": warning(
        book(("Cover", COVER), ("Answers", GOOD)), "'Answers'", "left out: 'Cover'", cells=GOOD_CELLS),
    "xlsx_two_data_sheets": error(
        book(("Old", GOOD), ("New", GOOD)), "several sheets", "'Old', 'New'", 'sheet="'),
    "xlsx_sheet_asked": right(
        book(("Old", FILLER), ("New", GOOD)), "'New'", cells=GOOD_CELLS, ask=Ask(sheet="New")),
    "xlsx_unknown_sheet": error(book(("Old", GOOD)), "no sheet 'old'", "Did you mean 'Old'", ask=Ask(sheet="old")),
    "xlsx_no_table": error(book(("Cover", COVER), ("Notes", COVER)), "no sheet looks like a table", "'Cover', 'Notes'"),
    "xlsx_hidden_sheet": right(
        book(("Lists", FILLER), ("Answers", GOOD), change=lambda made: setattr(made["Lists"], "sheet_state", "hidden")),
        "'Answers'", cells=GOOD_CELLS),
    "xlsx_hidden_rows": warning(
        one(GOOD, lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True)), "1 row of the sheet", "hidden",
        cells=GOOD_CELLS),
    "xlsx_total_row": warning(
        one([*FILLER, ["合计", 9, 12]]), "totals", "row 5", cells={"id": ["1", "2", "3", "合计"]}),
    "xlsx_total_row_english": warning(one([*FILLER, [None, "Total", 12]]), "totals", "row 5"),
    "xlsx_blank_tail": right(one([*GOOD, [None, " "], [None], ["", None]]), cells=GOOD_CELLS),
    "xlsx_blank_row_inside": warning(
        one([*FILLER[:2], [None], *FILLER[2:]]), "every answer is missing", "row 3",
        cells={"id": ["1", None, "2", "3"]}),
    "xlsx_blanks": right(
        one([[" id ", "q"], [" 1", "a "], ["2", "b"]]), "q: blanks", "1 cell", cells={"q": ["a", "b"]}),
    "xlsx_hostile_names": warning(one([["id", "<script>x</script>"], [1, 2]]), "HTML", "column 2"),
    "xlsx_wrong_dimension": right(
        replaced('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"'), cells=GOOD_CELLS),
    "xlsx_half": error(one(GOOD)[: len(one(GOOD)) // 2], "damaged", "not a workbook"),
    "xlsx_half_member": error(
        patched(one(GOOD), SHEET1, lambda xml: xml[: len(xml) // 2]), "damaged"),
    "xlsx_no_sheet_member": error(
        patched(one(GOOD), "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet1", b"sheet7")), "damaged"),
    "xlsx_entities": error(
        declared('<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">'), "unsafe XML"),
    "xlsx_external_entity": error(declared('<!ENTITY x SYSTEM "file:///etc/hostname">'), "unsafe XML"),
    "xlsx_zip_bomb": error(bomb(), "refused", "packed"),
    "xlsx_far_cell": error(
        replaced("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        "refused", "row 1,048,576 and column XFD"),
    "xlsx_far_row": error(many_cells(), "refused", "column GR"),
}  # fmt: skip

OPEN_DOCUMENT: dict[str, Case] = {
    "ods_good": ods_right(ods(("Sheet1", ODS_ROWS)), "the sheet 'Sheet1' was read", cells=GOOD_CELLS),
    "ods_repeated_tail": ods_right(ods(("Sheet1", [*ODS_ROWS, TAIL])), cells=GOOD_CELLS),
    "ods_repeated_rows": ods_right(
        ods(("Sheet1", [ODS_ROWS[0], row(cell("x"), cell(1), cell("a"), more='table:number-rows-repeated="3"')])),
        cells={"id": ["x", "x", "x"], "q1": ["1", "1", "1"]}),
    "ods_repeated_cells": ods_right(
        ods(("Sheet1", [ODS_ROWS[0], row(cell("x"), cell(1, 'table:number-columns-repeated="2"'))])),
        cells={"q1": ["1"], "type": ["1"]}),
    "ods_repeated_full": ods_error(
        ods(("Sheet1", [*ODS_ROWS, row(cell("x", 'table:number-columns-repeated="16000"'),
                                       more='table:number-rows-repeated="1048000"')])),
        "refused", "row 1,048,004"),
    "ods_far_cell": ods_error(
        ods(("Sheet1", [*ODS_ROWS, TAIL,
                        f'<table:table-row><table:table-cell table:number-columns-repeated="16383"/>{cell(1)}'
                        "</table:table-row>"])),
        "refused", "column XFD"),
    "ods_merged_header": ods_error(
        ods(("Sheet1", [row(cell("id"), cell("trust", 'table:number-columns-spanned="2"'),
                            "<table:covered-table-cell/>"), *ODS_ROWS[1:]])),
        "Sheet1!B1:C1", "merged"),
    "ods_merged_body": ods_error(
        ods(("Sheet1", [ODS_ROWS[0], row(cell("A", 'table:number-rows-spanned="2"'), cell(1), cell(2)),
                        row("<table:covered-table-cell/>", cell(1), cell(2))])),
        "Sheet1!A2:A3"),
    "ods_dates": ods_right(
        ods(("Sheet1", [row(cell("id"), cell("day"), cell("q")), row(cell(1), cell(DAY), cell(2))])),
        cells={"day": ["2021-05-04"]}),
    "ods_texts_and_times": ods_right(
        ods(("Sheet1", [row(cell("id"), cell("said"), cell("at")), row(
            cell(1),
            '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
            '<text:p>a<text:s text:c="2"/>b <text:span>c</text:span></text:p><text:p>d</text:p></table:table-cell>',
            '<table:table-cell office:value-type="time" office:time-value="PT10H05M00S"/>')])),
        cells={"said": ["a  b c\nd"], "at": ["10:05:00"]}),
    "ods_yes_and_no": ods_right(
        ods(("Sheet1", [row(cell("id"), cell("q"), cell("r")), row(
            cell(0.5), '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
            '<table:table-cell office:value-type="percentage" office:value="0.25"><text:p>25%</text:p>'
            "</table:table-cell>")])),
        cells={"id": ["0.5"], "q": ["TRUE"], "r": ["0.25"]}),
    "ods_error_cells": ods_warning(
        ods(("Sheet1", [row(cell("id"), cell("q"), cell("r")),
                        row(cell(1), cell("#N/A", 'calcext:value-type="error" table:formula="of:=NA()"'), cell(3))])),
        "1 cell with an error", "B2", cells={"q": [None], "r": ["3"]}),
    "ods_formula_no_value": ods_error(
        ods(("Sheet1", [row(cell("id"), cell("q"), cell("r")),
                        row(cell(1), cell(None, 'table:formula="of:=[.A2]+1"'), cell(3))])),
        "never calculated", "B2"),
    "ods_long_number": ods_warning(
        ods(("Sheet1", [row(cell("id"), cell("q"), cell("r")), row(cell(123456789012345678), cell(1), cell(3))])),
        "15 digits", "A2"),
    "ods_hidden_rows": ods_warning(
        ods(("Sheet1", [*ODS_ROWS[:3], row(*map(cell, GOOD[3]), more='table:visibility="filter"')])),
        "1 row of the sheet", "hidden", cells=GOOD_CELLS),
    "ods_two_data_sheets": ods_error(ods(("Old", ODS_ROWS), ("New", ODS_ROWS)), "several sheets", "'Old', 'New'"),
    "ods_sheet_asked": ods_right(
        ods(("Old", ODS_ROWS[:2]), ("New", ODS_ROWS)), "'New'", cells=GOOD_CELLS, ask=Ask(sheet="New")),
    "ods_entities": ods_error(
        ods(("Sheet1", ODS_ROWS), head=ODS_HEAD.replace("<office:document-content", '<!DOCTYPE a [<!ENTITY b "c">]>'
                                                        "<office:document-content", 1)),
        "unsafe XML"),
    "ods_half": ods_error(ods(("Sheet1", ODS_ROWS))[:400], "damaged"),
    "ods_half_member": ods_error(
        patched(ods(("Sheet1", ODS_ROWS)), "content.xml", lambda xml: xml[: len(xml) // 2]), "damaged"),
}  # fmt: skip

ARROW: dict[str, Case] = {
    "parquet_ours": case("right", "parquet")(parquet(OURS), cells={"id": ["01", "02"], "q1": [1.0, -9.0]}),
    "parquet_foreign": case("right", "parquet")(
        parquet(FOREIGN), "id: whole numbers", "yes: true -> 1", cells=FOREIGN_CELLS),
    "parquet_pandas_index": case("right", "parquet")(
        parquet(pa.Table.from_pandas(pd.DataFrame({"q": [1, 2, 3]}, index=[5, 7, 9]))), "row numbers",
        cells={"q": [1, 2, 3]}),
    "parquet_asked_columns": case("right", "parquet")(
        parquet(OURS), cells={"q1": [1.0, -9.0]}, ask=Ask(columns=("q1",))),
    "parquet_nested": case("error", "parquet")(
        parquet(pa.table({"id": [1], "many": [[1, 2]]})), "column 'many'", "lists"),
    "parquet_twice": case("error", "parquet")(
        parquet(pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["q", "q"])), "two columns are called 'q'"),
    "parquet_junk": case("error", "parquet")(b"PAR1" + bytes(range(256)) * 4 + b"PAR1", "damaged"),
    "parquet_text": case("error", "parquet")(b"id,q\n1,2\n", "says Parquet", "comma-separated"),
    "parquet_half": case("error", "parquet")(parquet(OURS)[:600], "damaged"),
    "parquet_bad_labels": case("error", "parquet")(
        parquet(OURS.replace_schema_metadata({b"surveyor": b"{not json"})), "labels stored in it"),
    "feather_ours": case("right", "feather")(feathered(OURS), cells={"id": ["01", "02"], "q1": [1.0, -9.0]}),
    "feather_half": case("error", "feather")(feathered(OURS)[:600], "damaged"),
    "feather_junk": case("error", "feather")(b"ARROW1\0\0" + bytes(range(256)) * 4, "damaged"),
}  # fmt: skip

CASES = {**EXCEL, **OPEN_DOCUMENT, **ARROW}
