"""Columns of text made ready: blanks cut off, empty rows named, damage done to the text earlier pointed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from surveyor.format import counted

#: What an earlier wrong reading left in a text -> a pattern (RE2) that finds it.
GARBLED: tuple[tuple[str, str], ...] = (
    ("replacement characters (U+FFFD): letters are lost", "\ufffd"),
    ("the nonsense 锟斤拷: letters are lost", "锟斤拷|锟斤|烫烫烫|屯屯屯"),
    (
        "text that was UTF-8 and was read as Latin-1",
        r"[ÂÃ][\x{80}-\x{BF}]|[ã-é][\x{80}-\x{BF}€-™œšžŒŠŽƒ‚„†‡ˆ‰‹›]{2}|â€",
    ),
    ("text that was GB18030 and was read as Latin-1", r"[\x{B0}-\x{F7}][\x{A1}-\x{FE}][\x{B0}-\x{F7}][\x{A1}-\x{FE}]"),
    (
        "text that was UTF-8 and was read as GBK",
        "锛[^a-z]|銆|鈥|鐨勫|绀惧尯|灏忓尯|鎬у埆|婊℃剰|涓嶇煡|缂栧彿|骞撮緞|鍦板",
    ),
)
#: Bytes of which one must be there before blanks are looked for at all.
BLANKS = (b" ", b"\t", b"\n", b"\r", b"\xc2\xa0", b"\xe3\x80\x80")


@dataclass(frozen=True)
class Cleaned:
    """Columns of text, missing where empty, and what was done or seen."""

    columns: Mapping[str, pa.ChunkedArray]
    entries: tuple[str, ...]
    warnings: tuple[str, ...]


def clean(
    columns: Mapping[str, pa.ChunkedArray],
    keep: Sequence[str],
    *,
    first: int = 2,
    ascii_only: bool = False,
    blanks: bool = True,
) -> Cleaned:
    """The wanted columns with blanks around cells cut off, blank cells missing and an empty tail of rows dropped.

    columns     name -> large_string array, all of one length; all columns, for a row is empty where all of it is
    keep        the wanted ones
    first       the number of the first row, as the user sees it (the names are row 1)
    ascii_only  whether the text is known to be ASCII, which saves two looks
    blanks      whether there may be blanks in it
    """
    entries: list[str] = []
    warnings: list[str] = []
    made: dict[str, pa.ChunkedArray] = {}
    wanted = set(keep)
    for name, column in columns.items():
        made[name], cut = _stripped(column) if blanks else (column, 0)
        if name not in wanted:
            continue
        if cut:
            entries.append(f"{name}: blanks around the text were cut off in {counted(cut, 'cell')}")
        if not ascii_only:
            warnings += [f"{name}: {what}, in {counted(n, 'cell')}" for what, n in garbled(made[name])]
    made = _without_empty_rows(made, first, entries, warnings)
    return Cleaned({name: made[name] for name in keep}, tuple(entries), tuple(warnings))


def garbled(column: pa.ChunkedArray) -> list[tuple[str, int]]:
    """What an earlier wrong reading left in a column, with the number of cells."""
    if all(chunk.buffers()[2] is None or bytes(chunk.buffers()[2]).isascii() for chunk in column.chunks):
        return []
    found = []
    for what, pattern in GARBLED:
        n = pc.sum(pc.match_substring_regex(column, pattern)).as_py() or 0
        if n:
            found.append((what, n))
    return found


def frame_of(columns: Mapping[str, pa.ChunkedArray]) -> pd.DataFrame:
    """A frame of pandas' text type that shares the memory of the arrays."""
    return pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in columns.items()})


def _stripped(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """The column without blanks around cells, and the number of cells with text that this changed."""
    if not _holds(column, BLANKS):
        return column, 0
    bare = pc.utf8_trim_whitespace(column)
    bare = pc.if_else(pc.equal(bare, ""), pa.scalar(None, bare.type), bare)
    changed = pc.sum(pc.not_equal(bare, column)).as_py() or 0
    return bare, changed


def _holds(column: pa.ChunkedArray, needles: tuple[bytes, ...]) -> bool:
    """Whether the text of a column holds one of some bytes, by a look at its memory."""
    for chunk in column.chunks:
        data = chunk.buffers()[2]
        text = b"" if data is None else bytes(data)
        if any(needle in text for needle in needles):
            return True
    return False


def _without_empty_rows(
    columns: dict[str, pa.ChunkedArray], first: int, entries: list[str], warnings: list[str]
) -> dict[str, pa.ChunkedArray]:
    """Rows in which every cell is missing: dropped at the end, named elsewhere."""
    if not columns or not min(column.null_count for column in columns.values()):
        return columns
    empty = None
    for column in columns.values():
        here = pc.is_null(column)
        empty = here if empty is None else pc.and_(empty, here)
        if not pc.any(empty).as_py():
            return columns
    flags = pa.chunked_array([] if empty is None else empty.chunks, pa.bool_()).to_numpy()
    full = (~flags).nonzero()[0]
    last = int(full[-1]) + 1 if len(full) else 0
    if last < len(flags):
        entries.append(f"{counted(len(flags) - last, 'empty row')} at the end left out")
        columns = {name: column.slice(0, last) for name, column in columns.items()}
    inside = flags[:last].nonzero()[0]
    if len(inside) and len(columns) > 1:
        rows = ", ".join(str(i + first) for i in inside[:3])
        warnings.append(f"{counted(len(inside), 'row')} in which every answer is missing (row {rows})")
    return columns
