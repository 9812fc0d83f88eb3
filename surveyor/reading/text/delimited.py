"""Delimited text (.csv, .tsv, .txt): read as text, whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.reading.answers import Answers, Ask, Log
from surveyor.reading.text.columns import BLANKS, clean, frame_of, garbled
from surveyor.reading.text.encodings import Decoded, decode
from surveyor.reading.text.layout import Layout, layout, lines
from surveyor.reading.text.names import check_names, wanted

#: The longest field that is believed, in bytes.
FIELD = 1 << 20
#: Text that Arrow parses in one piece; longer than any row that is believed.
BLOCK = 8 << 20
QUOTE, LINE_ENDS = ord('"'), (10, 13)
UNVERIFIED = "the format has no row count: completeness cannot be verified"


def read_delimited(path: Path, ask: Ask) -> Answers:
    """Every cell as text, blanks around it cut off; an empty cell is missing.

    Raises FileError for bytes that are not text in one encoding, DataError with the line for a row of another
    width, an open quotation mark, NUL bytes, doubled or empty column names, or a header without rows.
    """
    raw = path.read_bytes()
    with ThreadPoolExecutor(1) as beside:
        sha256 = beside.submit(lambda: hashlib.sha256(raw).hexdigest())
        answers = _read(raw, path, ask)
    return replace(answers, log=replace(answers.log, sha256=sha256.result()))


def _read(raw: bytes, path: Path, ask: Ask) -> Answers:
    decoded = decode(raw, ask.encoding, path.name)
    _no_zeros(decoded.utf8, path.name)
    with _long_fields():
        plan = layout(decoded.utf8, ask.header_row, path.name)
        cells, reader = _columns(decoded.utf8, plan, path.name)
    columns, warnings = _named(plan, cells, path.name)
    keep = wanted(list(columns), ask, path.name)
    plain = decoded.utf8.isascii()
    apart = plan.separator.encode()  # line ends stand inside cells only where there are quotation marks
    blanks = any(each in decoded.utf8 for each in (b'"', *BLANKS) if each not in (apart, b"\n", b"\r"))
    cleaned = clean(columns, keep, first=plan.line, ascii_only=plain, blanks=blanks)
    if not plain:
        warnings += [
            f"column names: {what}" for what, _ in garbled(pa.chunked_array([list(columns)], pa.large_string()))
        ]
    frame = frame_of(cleaned.columns)
    log = Log(
        file=path.name,
        sha256="",
        format="delimited text",
        encoding=f"{decoded.encoding}, {decoded.how}",
        rows=len(frame),
        columns=frame.shape[1],
        reader=reader,
        entries=(
            UNVERIFIED,
            *_said(decoded),
            *plan.entries,
            *_unnamed(len(plan.names) - len(columns)),
            *_empty_lines(decoded.utf8, plan, len(cells[0])),
            *cleaned.entries,
        ),
        warnings=(*decoded.warnings, *warnings, *cleaned.warnings),
    )
    return Answers(frame=frame, log=log, first_row=plan.line, decimal_commas=plan.separator == ";")


def _named(plan: Layout, cells: Sequence[pa.ChunkedArray], file: str) -> tuple[dict[str, pa.ChunkedArray], list[str]]:
    """Name -> column, without those that have neither a name nor an answer, and warnings about names."""
    rows, where = len(cells[0]), f"{file}, line {plan.line - 1}"
    used = [i for i, name in enumerate(plan.names) if name or not rows or cells[i].null_count < rows]
    warnings = check_names([plan.names[i] for i in used], lambda _: where)
    if not rows:
        raise DataError("the file has column names but no rows", where=file)
    return {plan.names[i]: cells[i] for i in used}, warnings


@dataclass(frozen=True)
class _Scan:
    """A text read row by row: where its rows begin, for messages."""

    utf8: bytes
    plan: Layout
    file: str

    def rows(self) -> Iterator[list[str]]:
        """Each row; raises DataError with the line for the first that is not right."""
        width = len(self.plan.names)
        reader = csv.reader(lines(self.utf8[self.plan.start :]), delimiter=self.plan.separator, strict=True)
        while True:
            line = self.plan.line + reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._broken(str(error), line, self.plan.line + reader.line_num - 1) from None
            if not row and width == 1:
                row = [""]
            if row and len(row) != width:
                raise DataError(
                    f"this row has {len(row)} fields and the header {width}",
                    where=f"{self.file}, line {line}",
                    remedy="Look for an unquoted separator or a missing field on this line",
                )
            if row:
                yield row

    def _broken(self, error: str, first: int, last: int) -> DataError:
        if "limit" in error:
            return DataError(
                "a field is longer than 1 MiB",
                where=f"{self.file}, line {first}",
                remedy="Look for a quotation mark that is never closed, or shorten the text",
            )
        opened = f", opened on line {first}," if last > first else ""
        if "end of data" in error:
            return DataError(
                "a quotation mark is opened on this line and never closed: the file may be cut short",
                where=f"{self.file}, line {self._opened(first)}",
                remedy="Close it, or export the file again",
            )
        return DataError(
            f"a quoted text{opened} is followed by other text",
            where=f"{self.file}, line {last}",
            expected='a separator after the closing "; a " inside a text is written twice ("")',
            remedy="Correct this line, or export the file again",
        )

    def _opened(self, first: int) -> int:
        """The line of the last quotation mark: the one that was opened and not closed."""
        head = self.utf8[: self.utf8.rfind(b'"')]
        return max(first, len(re.findall(rb"\r\n|\n|\r", head)) + 1)


def _columns(utf8: bytes, plan: Layout, file: str) -> tuple[Sequence[pa.ChunkedArray], str]:
    """The columns as text, by Arrow where it and the csv module must agree, else row by row."""
    scan = _Scan(utf8, plan, file)
    if _quotes_are_regular(utf8[plan.start :] if b'"' in utf8 else b"", plan.separator):
        try:
            table = _parsed(utf8, plan)
        except pa.ArrowInvalid:
            pass  # the row-by-row reading finds the line, or reads what only it can
        else:
            if _fields_are_short(table):
                return table.columns, f"pyarrow {pa.__version__}"
    rows = list(scan.rows())
    made = [[row[i] or None for row in rows] for i in range(len(plan.names))]
    return [pa.chunked_array([cells], pa.large_string()) for cells in made], "csv"


def _parsed(utf8: bytes, plan: Layout) -> pa.Table:
    """The rows as Arrow reads them: strict widths, every cell a text, none a missing word but the empty one."""
    names = [str(i) for i in range(len(plan.names))]  # the file's own may be doubled
    inside = pa.py_buffer(utf8).slice(plan.start)
    if not inside.size:
        return pa.table({name: pa.array([], pa.large_string()) for name in names})
    return arrow_csv.read_csv(
        pa.BufferReader(inside),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=BLOCK),
        parse_options=arrow_csv.ParseOptions(
            delimiter=plan.separator,
            newlines_in_values=b'"' in utf8,
            ignore_empty_lines=len(plan.names) > 1,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )


def _quotes_are_regular(body: bytes, separator: str) -> bool:
    """Whether every quotation mark stands where a field begins or ends, or is doubled inside one."""
    data = np.frombuffer(body, dtype=np.uint8)
    at = np.flatnonzero(data == QUOTE)
    if len(at) % 2:
        return False
    edges = np.array([ord(separator), QUOTE, *LINE_ENDS], dtype=np.uint8)
    opening, closing = at[0::2], at[1::2]
    before = data[opening[opening > 0] - 1]
    after = data[closing[closing < len(data) - 1] + 1]
    return bool(np.isin(before, edges).all() and np.isin(after, edges).all())


def _fields_are_short(table: pa.Table) -> bool:
    """Whether no field is longer than is believed; columns with less text than that need no look."""
    for column in table.columns:
        for chunk in column.chunks:
            if chunk.nbytes > FIELD and len(chunk):
                offsets = np.frombuffer(chunk.buffers()[1], dtype=np.int64)[
                    chunk.offset : chunk.offset + len(chunk) + 1
                ]
                if np.diff(offsets).max() > FIELD:
                    return False
    return True


@contextmanager
def _long_fields() -> Iterator[None]:
    """The csv module's limit for a field raised to ours, for as long as this file is read."""
    before = csv.field_size_limit(FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _no_zeros(utf8: bytes, file: str) -> None:
    if (at := utf8.find(b"\x00")) >= 0:
        raise DataError(
            f"NUL bytes in the text ({counted(utf8.count(0), 'byte')}): the file is damaged or no text",
            where=f"{file}, line {utf8.count(10, 0, at) + 1}",
            remedy="Export it again",
        )


def _unnamed(left: int) -> tuple[str, ...]:
    return (f"{counted(left, 'column')} without a name or any answer left out",) if left else ()


def _said(decoded: Decoded) -> tuple[str, ...]:
    """An entry that says how bytes became text, where that is not plain UTF-8."""
    if decoded.encoding == "utf-8" and decoded.how != "named by the caller":
        return ()
    shown = f"; the first line reads '{decoded.sample}'" if decoded.sample else ""
    return (f"the text was read as {decoded.encoding.upper()} ({decoded.how}){shown}",)


def _empty_lines(utf8: bytes, plan: Layout, rows: int) -> tuple[str, ...]:
    """An entry for empty lines between rows, where no quotation mark hides which lines are rows."""
    ends = utf8.count(10, plan.start) + (not utf8.endswith(b"\n"))
    if ends == rows or b'"' in utf8 or len(plan.names) == 1:
        return ()
    n = len(re.findall(rb"(?<=\n)\r?\n", utf8[plan.start :].rstrip(b"\r\n")))
    return (f"{counted(n, 'empty line')} between rows left out",) if n else ()
