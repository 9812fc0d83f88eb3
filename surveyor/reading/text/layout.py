"""How a delimited text is laid out: its separator, the line of its names, and where its rows begin."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from surveyor.errors import DataError
from surveyor.reading.text.names import header_row, more_headers, two_headers

SEPARATORS = (",", ";", "\t", "|")
SHOWN = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
#: Separators of a Chinese keyboard that no program writes.
WIDE = {"，": "Chinese commas (，)", "；": "Chinese semicolons (；)"}
#: Excel's own first line that names the separator.
SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
#: How many bytes and records at the beginning are looked at.
LOOKED_AT, RECORDS = 1_000_000, 60


@dataclass(frozen=True)
class Layout:
    """What the beginning of a delimited text says about the rest.

    names    of the columns, blanks around them cut off
    start    the byte at which the first row of answers begins
    line     the line (first = 1) at which it begins
    """

    separator: str
    names: tuple[str, ...]
    start: int
    line: int
    entries: tuple[str, ...] = ()


def layout(utf8: bytes, asked: int | None, file: str) -> Layout:
    """The separator, names and first row of a text.

    utf8   the text without a byte-order mark
    asked  the line of the names, where the caller knows it

    Raises DataError for Chinese commas, lines above the names, two rows of names, and rows that are all
    one field longer than the names.
    """
    beginning = io.StringIO(utf8[:LOOKED_AT].decode("utf-8", "ignore"), newline="")
    first = SEP_LINE.fullmatch(beginning.readline())
    skipped = 1 if first else 0
    if asked is not None:
        skipped = max(asked - 1, skipped)
    records = _records(utf8, skipped)
    separator = first[1] if first else _separator(records)
    rows = records[separator] if separator in records else _parse(utf8, skipped, separator)
    if not rows:
        raise DataError(
            "there is no line of column names", where=file, remedy="Check header_row=" if asked else "Export it again"
        )
    _judge(rows, asked is not None, skipped, file)
    names, start, line = _names(utf8, skipped, separator)
    entries = [f"the first line says that {SHOWN.get(separator, separator)}s separate the fields"] if first else []
    if asked is not None and asked > 1:
        entries.append(f"the lines above line {asked} were left out, as asked (header_row={asked})")
    decimal = [names[i] for i in _decimal_commas(rows)] if separator != "," else []
    if separator == ";" and decimal:
        shown = ", ".join(decimal[:5]) + (" ..." if len(decimal) > 5 else "")
        entries.append(f"semicolons separate the fields; numbers are written with decimal commas in: {shown}")
    return Layout(separator, names, start, line, tuple(entries))


def lines(utf8: bytes) -> Iterator[str]:
    r"""The lines of a text with their ends, whichever of \n, \r\n and \r they are."""
    return iter(io.TextIOWrapper(io.BytesIO(utf8), encoding="utf-8", errors="ignore", newline=""))


def _records(utf8: bytes, skipped: int) -> dict[str, list[list[str]]]:
    return {separator: _parse(utf8, skipped, separator) for separator in SEPARATORS}


def _parse(utf8: bytes, skipped: int, separator: str) -> list[list[str]]:
    """The first records, blank lines left out."""
    text = list(lines(utf8[:LOOKED_AT]))[skipped:]
    rows: list[list[str]] = []
    try:
        for row in csv.reader(text, delimiter=separator):
            if row:
                rows.append(row)
            if len(rows) == RECORDS:
                break
    except csv.Error:
        pass
    if len(utf8) > LOOKED_AT and 1 < len(rows) < RECORDS:
        rows.pop()  # it may be cut
    return rows


def _separator(records: dict[str, list[list[str]]]) -> str:
    """The separator that gives the names and most rows one width, the widest first among equals."""

    def score(separator: str) -> tuple[bool, float, int]:
        widths = [len(row) for row in records[separator]]
        usual, rows = Counter(widths).most_common(1)[0] if widths else (1, 1)
        many = usual > 1 or (widths[:1] or [1])[0] > 1
        return many, (widths[:1] == [usual]) + rows / max(len(widths), 1), usual

    return max(SEPARATORS, key=score)


def _judge(rows: list[list[str]], asked: bool, skipped: int, file: str) -> None:
    """Raises DataError where the first row cannot be the names of the rows below it."""
    head, body = rows[0], rows[1:]
    usual = Counter(len(row) for row in body).most_common(1)[0][0] if body else len(head)
    for sign, called in WIDE.items():
        if len(head) == 1 and head[0].count(sign) and not asked:
            raise DataError(
                f"{called} stand between the names, where plain commas are needed",
                where=f"{file}, line {skipped + 1}",
                remedy=f"Replace {sign} by a plain comma between the fields, or export the file again",
            )
    if usual == len(head) + 1 and len(head) > 1 and all(len(row) == usual for row in body):
        raise DataError(
            f"every row has {usual} fields and the header {len(head)}: all columns would move by one",
            where=f"{file}, line {skipped + 1}",
            remedy="Remove the separator at the end of each row, or add the missing column name",
        )
    if asked:
        return
    if usual > 1 and len(head) < usual - 1 and len(body) > 2:
        found = next(i for i, row in enumerate(rows) if len(row) == usual)
        raise _above(found, "has fewer fields than the table below", file, skipped)
    if (title := header_row(rows[:30])) is not None:
        raise _above(title, "looks like a title, not like names", file, skipped)
    if more := more_headers(rows):
        raise two_headers(more, f"{file}, line {skipped + 2}", skipped + 2)


def _above(found: int, what: str, file: str, skipped: int) -> DataError:
    row = skipped + found + 1
    return DataError(
        f"the first line {what}",
        where=f"{file}, line {skipped + 1}",
        expected="the names of the columns",
        remedy=f"Remove the lines above the names, or say where the names stand: header_row={row}",
    )


def _names(utf8: bytes, skipped: int, separator: str) -> tuple[tuple[str, ...], int, int]:
    """The names, the byte after them, and the number of the line after them."""
    used = 0

    def counted_lines() -> Iterator[str]:
        nonlocal used
        for line in lines(utf8):
            used += len(line.encode("utf-8"))
            yield line

    source = counted_lines()
    for _ in range(skipped):
        next(source, "")
    reader = csv.reader(source, delimiter=separator)
    row = next((row for row in reader if row), [])
    return tuple(name.strip() for name in row), used, skipped + reader.line_num + 1


def _decimal_commas(rows: list[list[str]]) -> list[int]:
    """Columns whose first rows hold numbers such as 3,5."""
    return [
        i
        for i in range(len(rows[0]))
        if any(DECIMAL_COMMA.fullmatch(row[i].strip()) for row in rows[1:] if i < len(row))
    ]
