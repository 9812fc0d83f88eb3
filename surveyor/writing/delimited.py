"""Comma-separated text (.csv): UTF-8 with its mark for Excel, codes as they are, no cell that runs as a formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.writing.cells import replaced
from surveyor.writing.common import Table, Variable, without
from surveyor.writing.native import NUL
from surveyor.writing.spelling import joined, numerals

#: Rows put together at once.
ROWS = 50_000

#: A text a spreadsheet would run as a formula; a plain negative number is none.
RUNS = r"^[=+\-@\t\r\n\x00＝＋－＠]"
NEGATIVE = r"^-[0-9]+(\.[0-9]+)?$"


def write_delimited(table: Table, path: Path) -> tuple[str, ...]:
    """Write a table to `path` with an apostrophe before every text that a spreadsheet would run as a formula.

    Raises DataError for the name of a column that would run, OSError where there is no room.
    """
    for variable in table.variables:
        if pc.match_substring_regex(pa.scalar(variable.name), RUNS).as_py():
            raise DataError(
                "the name of a column begins like a formula, which a spreadsheet would run",
                where=f"{table.file}, column '{variable.name}'",
                remedy="Rename the column",
            )
    return write_raw(without(table.changed(_guarded), NUL, "NUL characters"), path)


def write_raw(table: Table, path: Path) -> tuple[str, ...]:
    """Write a table to `path` with every text as it stands, for programs that run no formulas."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(",".join(_quoted(each.name) for each in table.variables) + "\n")
        columns = [_written(each, alone=len(table.variables) == 1) for each in table.variables]
        for lines in _lines(columns, table.rows):
            stream.write(lines)
    return table.warnings


def _guarded(variable: Variable) -> tuple[Variable, list[str]]:
    if not variable.is_text:
        return variable, []
    runs = pc.and_(
        pc.match_substring_regex(variable.cells, RUNS),
        pc.invert(pc.match_substring_regex(variable.cells, NEGATIVE)),
    )
    hits = pc.sum(runs).as_py() or 0
    if not hits:
        return variable, []
    guarded = joined("'", variable.cells)
    said = f"{variable.name}: an apostrophe was put before {counted(hits, 'text')} that a spreadsheet would run"
    return replace(variable, cells=pc.if_else(runs, guarded, variable.cells)), [said]


def _written(variable: Variable, *, alone: bool) -> pa.Array:
    """The cells as they stand in the file: texts in quotes, numbers bare, gaps empty.

    alone  whether it is the only column: a line with nothing on it would be no row
    """
    if variable.is_text:
        doubled, _ = replaced(variable.cells, '"', '""')
        written = joined('"', doubled, '"')
    else:
        written = numerals(variable)
    return pc.fill_null(written, '""' if alone else "")


def _lines(columns: list[pa.Array], rows: int) -> Iterator[str]:
    for at in range(0, rows, ROWS):
        lines = joined(*(column.slice(at, ROWS) for column in columns), by=",")
        yield "\n".join(lines.to_pylist()) + "\n"


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
