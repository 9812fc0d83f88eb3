"""What .sav and .dta files have in common: numbers they can hold, and pyreadstat's errors in plain words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from surveyor.errors import DataError
from surveyor.format import count, counted
from surveyor.writing.cells import floats, longest
from surveyor.writing.common import Table, Variable

#: Whole numbers beyond this share one number with their neighbours.
EXACT = 2**53
#: Beyond this Stata has no numbers, and SPSS keeps one for "missing".
LARGEST = 8.9e307
NO_ROOM = "there was no room for all of it"
#: What both formats end a text with.
NUL = r"\x00"


@contextlib.contextmanager
def plainly(file: str) -> Iterator[None]:
    """pyreadstat's errors as ours: OSError where nothing more could be written, else DataError."""
    from pyreadstat import PyreadstatError, ReadstatError

    try:
        yield
    except (PyreadstatError, ReadstatError) as error:
        if "Unable to write" in str(error):
            raise OSError(NO_ROOM) from None
        raise DataError(f"this cannot be written ({error})", where=file) from None


def check_cells(table: Table, longest_text: int) -> None:
    """Raises DataError for cells that would change: whole numbers beyond 2^53, numbers that stand for "missing" in
    such a file, and texts of more than `longest_text` bytes.
    """
    for variable in table.variables:
        where = f"{table.file}, column '{variable.name}'"
        if variable.is_text:
            if (size := longest(variable.cells)) > longest_text:
                raise DataError(
                    f"a text is {counted(size, 'byte')} long",
                    where=where,
                    expected=f"at most {counted(longest_text, 'byte')}",
                    remedy="Shorten it, leave the column out, or write .csv or .parquet",
                )
            continue
        ends = pc.min_max(variable.cells).as_py()
        largest = max(abs(ends["min"] or 0), abs(ends["max"] or 0))
        if pa.types.is_integer(variable.cells.type) and largest > EXACT:
            raise DataError(
                f"whole numbers beyond {count(EXACT)} would change their last digits",
                where=where,
                remedy="Turn the column into text: such numbers name something",
            )
        if largest > LARGEST:
            raise DataError("a number is too large for this kind of file", where=where, remedy="Correct this cell")


def check_whole(path: Path, table: Table, read: Callable[..., Any]) -> None:
    """Raises OSError where the last row is not in the file: on a full disk pyreadstat may stop without a word.

    read  what pyreadstat reads this kind of file with
    """
    from pyreadstat import ReadstatError

    try:
        last, _ = read(str(path), row_offset=table.rows - 1, row_limit=1, usecols=[table.variables[0].name])
        found = len(last)
    except (ReadstatError, UnicodeDecodeError):
        found = 0
    if found != 1:
        raise OSError(NO_ROOM)


def column(variable: Variable) -> pd.Series:
    """The cells as pyreadstat takes them: floats with NaN, or texts."""
    return pd.Series(variable.cells, dtype="str") if variable.is_text else pd.Series(floats(variable.cells))


def overwrite(path: Path, at: int, by: bytes) -> None:
    """Bytes of a file replaced: the time of writing, so that the same survey gives the same file."""
    with path.open("rb+") as stream:
        stream.seek(at)
        stream.write(by)
