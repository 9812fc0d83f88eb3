"""Delimited text (.csv, .tsv): read as text, whole or not at all."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pandas as pd

from surveyor.errors import DataError, FileError
from surveyor.reading.answers import Answers, Ask, Log, fingerprint


def read_delimited(path: Path, ask: Ask) -> Answers:
    """Every cell as text; an empty cell is missing.

    Raises FileError for bytes that are not text in the encoding (UTF-8 unless named), DataError with
    the line for a row of another width, doubled or empty column names, or a header without rows.
    """
    raw = path.read_bytes()
    used = ask.encoding or ("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    try:
        text = raw.decode(used)
    except (UnicodeDecodeError, LookupError) as error:
        line = raw[: getattr(error, "start", 0)].count(b"\n") + 1
        raise FileError(
            f"this is not {used.removesuffix('-sig').upper()} text",
            where=f"{path.name}, line {line}",
            remedy='Save the file as UTF-8, or name its encoding, for example encoding="gb18030"',
        ) from None
    separator = _separator(text.partition("\n")[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    rows: list[list[str | None]] = []
    try:
        for row in reader:
            if not header:
                header = [name.strip() for name in row]
                _check_header(header, path)
            elif row and len(row) != len(header):
                raise DataError(
                    f"this row has {len(row)} fields and the header {len(header)}",
                    where=f"{path.name}, line {reader.line_num}",
                    remedy="Look for an unquoted separator or a missing field on this line",
                )
            elif row:
                rows.append([cell if cell.strip() else None for cell in row])
    except csv.Error as error:
        raise DataError(f"{error}", where=f"{path.name}, line {reader.line_num}") from None
    if not rows:
        raise DataError("the file has column names but no rows", where=path.name)
    frame = pd.DataFrame(rows, columns=header, dtype=object)
    log = Log(
        file=path.name,
        sha256=fingerprint(path),
        format="delimited text",
        encoding=used,
        rows=len(frame),
        columns=frame.shape[1],
        reader="csv",
        entries=("the format has no row count: completeness cannot be verified",),
    )
    return Answers(frame=frame, log=log)


def _separator(header: str) -> str:
    return max((",", ";", "\t"), key=header.count)


def _check_header(header: list[str], path: Path) -> None:
    twice = [name for name, times in Counter(header).items() if times > 1]
    if twice:
        what = f"two columns are called '{twice[0]}'" if twice[0] else "two columns have no name"
        raise DataError(what, where=f"{path.name}, line 1", remedy="Give each its own name")
    if "" in header:
        raise DataError(f"column {header.index('') + 1} has no name", where=f"{path.name}, line 1")
