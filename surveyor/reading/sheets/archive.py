"""Workbooks are zip archives of XML: what is looked at before anything in one is parsed. Nothing goes to disk."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from surveyor.errors import FileError
from surveyor.format import count, counted

MB = 10**6
#: More than this is no survey: bytes when unpacked, members, cells between the first and the farthest.
UNPACKED, MEMBERS, CELLS = 200 * MB, 5_000, 20_000_000
#: A member of more than 10 MB that was packed by more than this is made to fill the memory.
PACKED, LARGE = 100, 10 * MB
CHUNK, OVERLAP = 1 << 20, 200
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)")
ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d{1,9})[\"']")
CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})\d")


@dataclass(frozen=True)
class Extent:
    """How far a sheet reaches: the last row and column that hold a cell, and how many cells there are."""

    rows: int
    columns: int
    cells: int


def check_archive(path: Path) -> None:
    """Raises FileError for an archive that is damaged, made to fill the memory, or holds XML that declares entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive.infolist(), path.name)
            for member in archive.namelist():
                if member.lower().endswith((".xml", ".rels")):
                    _check_xml(archive, member, path.name)
    except DAMAGED:
        raise damaged(path.name) from None


def damaged(file: str) -> FileError:
    """The error for a workbook that cannot be read."""
    return FileError(
        "this workbook is damaged or was cut short",
        where=file,
        remedy="Copy or export it again; if it opens in Excel or LibreOffice, save it there under a new name",
    )


def too_large(
    file: str, what: str, remedy: str = "Keep only the answers in the workbook, or save them as .csv"
) -> FileError:
    """The error for a workbook that would fill the memory."""
    return FileError(f"this workbook is refused: {what}", where=file, remedy=remedy)


def check_extent(found: Extent, file: str, sheet: str) -> None:
    """Raises FileError for a sheet of too many cells, or with a cell far away from the others."""
    if found.cells > CELLS:
        raise too_large(file, f"its sheet '{sheet}' has more than {count(CELLS)} cells", "Save the answers as .csv")
    if found.rows * found.columns > CELLS:
        raise too_large(
            file,
            f"its sheet '{sheet}' reaches to row {count(found.rows)} and column {letters(found.columns)}, "
            f"but holds only {counted(found.cells, 'cell')}",
            "Delete the cells far away from the answers (Ctrl+End goes there) and save it",
        )


def extent(archive: zipfile.ZipFile, member: str) -> Extent:
    """How far the sheet in a member of an .xlsx reaches, from a look at its bytes."""
    rows = cells = 0
    columns: set[bytes] = set()
    for chunk in chunks(archive, member):
        rows = max(rows, max((int(row) for row in ROW.findall(chunk)), default=0))
        found = CELL.findall(chunk)
        cells += len(found)
        columns.update(found)
        if cells > CELLS:
            break
    return Extent(rows, max((number(each.decode()) for each in columns), default=0), cells)


def chunks(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """A member in pieces that overlap, so that nothing short is cut in two."""
    before = b""
    with archive.open(member) as stream:
        while piece := stream.read(CHUNK):
            yield before + piece
            before = piece[-OVERLAP:]


def number(column: str) -> int:
    """The number of a column of a sheet.

    >>> number("A"), number("AA"), number("XFD")
    (1, 27, 16384)
    """
    made = 0
    for letter in column:
        made = 26 * made + ord(letter) - 64
    return made


def letters(column: int) -> str:
    """The letters of a column of a sheet.

    >>> letters(1), letters(27), letters(16384)
    ('A', 'AA', 'XFD')
    """
    made = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def _check_directory(members: list[zipfile.ZipInfo], file: str) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise FileError("this archive has a password", where=file, remedy="Save the workbook without a password")
    if len(members) > MEMBERS:
        raise too_large(file, f"it holds {count(len(members))} parts")
    size = sum(member.file_size for member in members)
    if size > UNPACKED:
        raise too_large(file, f"it unpacks to {count(size / MB)} MB (at most {count(UNPACKED / MB)})")
    for member in members:
        if member.file_size > LARGE and member.file_size > PACKED * max(member.compress_size, 1):
            raise too_large(
                file,
                f"a part of it is packed {count(member.file_size / max(member.compress_size, 1))} times "
                f"(at most {PACKED}), as in files made to fill the memory",
            )


def _check_xml(archive: zipfile.ZipFile, member: str, file: str) -> None:
    for i, chunk in enumerate(chunks(archive, member)):
        if DECLARATION.search(chunk) or (i == 0 and chunk[:2] in (b"\xff\xfe", b"\xfe\xff")):
            raise FileError(
                "refused: unsafe XML (a part of this workbook declares entities, which workbooks never need)",
                where=file,
                remedy="Open it in LibreOffice and save the answers as .csv, if you trust where it comes from",
            )
