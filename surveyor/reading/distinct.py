"""A column as its distinct cells and which of them stands in each row: what is decided once holds for all rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, Flags

#: How many whole numbers in a row are counted rather than sorted, and how long they are as text.
_NARROW, _DIGITS, _MOST = 10_000, 6, 2**31
#: So many texts are tried before all are.
_BEGINNING = 100
#: Up to how many different numbers each is looked for by itself.
_FEW = 12


@dataclass(frozen=True, eq=False)
class Cells:
    """The distinct cells (k,) of a column of n rows and how often each occurs (k,).

    places  what tells rows apart (n,): the place of each row's cell, or whole numbers that `first` makes places of
    empty   which rows (n,) are empty; None where no row is
    table   place of a whole number above `first` -> place of the cell; None where `places` are places already
    """

    cells: list[Any]
    counts: Codes
    places: np.ndarray
    empty: Flags | None
    first: int = 0
    table: Codes | None = None

    @cached_property
    def at(self) -> Codes:
        """Which distinct cell stands in each row (n,), -1 where it is empty."""
        at = self.places if self.table is None else self.table[self.places - self.first]
        return at.astype(np.intp) if self.empty is None else np.where(self.empty, -1, at)

    def put(self, values: Array, out: Array) -> None:
        """Write the number (k,) that each distinct cell stands for into `out` (n,), NaN where a row is empty."""
        if self.table is not None and np.array_equal(values, np.array(self.cells, dtype=float)):
            out[:] = self.places
        elif self.table is not None:
            stand = np.append(values, np.nan)[self.table]
            np.take(stand, (self.places - self.first).astype(np.intp), out=out, mode="clip")
        else:
            np.take(np.append(values, np.nan), self.places.astype(np.intp), out=out, mode="clip")
        if self.empty is not None:
            out[self.empty] = np.nan


def distinct_cells(column: pd.Series) -> Cells:
    """The distinct cells of a column, and which of them stands in each row."""
    found = None
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "f":
        values = column.to_numpy()
        empty = np.isnan(values)
        found = _counted(values, empty if empty.any() else None)
    elif isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "pyarrow":
        return _texts(column)
    if found is not None:
        return found
    at, cells = pd.factorize(column)
    return _placed(at, list(cells))


def _placed(at: np.ndarray, cells: list[Any]) -> Cells:
    empty = at < 0
    counts = np.bincount(at[~empty], minlength=len(cells)) if empty.any() else np.bincount(at, minlength=len(cells))
    return Cells(cells, counts, np.where(empty, 0, at), empty if empty.any() else None)


def _counted(values: np.ndarray, empty: Flags | None) -> Cells | None:
    """Whole numbers in a narrow range, counted; None for other columns."""
    filled = values if empty is None else values[~empty]
    low, high = (filled.min(), filled.max()) if len(filled) else (0, -1)
    if not (0 <= high - low < _NARROW and low > -_MOST and high < _MOST):
        return None
    if values.dtype.kind == "f":
        whole = filled.astype(np.int32)
        if not np.array_equal(whole, filled):
            return None
    else:
        whole = filled
    first = int(low)
    every = _frequencies(whole - first, int(high - low) + 1)
    used = every > 0
    table = np.where(used, np.cumsum(used) - 1, 0)
    cells = (np.flatnonzero(used) + first).tolist()
    if empty is None:
        return Cells(cells, every[used], whole, None, first, table)
    places = np.full(len(values), first, dtype=whole.dtype)
    places[~empty] = whole
    return Cells(cells, every[used], places, empty, first, table)


def _frequencies(steps: np.ndarray, k: int) -> Codes:
    """How often each of 0..k-1 occurs; for a few of them a look for each is quicker than a count of all."""
    if k > _FEW:
        return np.bincount(steps, minlength=k)
    return np.array([np.count_nonzero(steps == step) for step in range(k)], dtype=np.intp)


def _texts(column: pd.Series) -> Cells:
    """Texts: as whole numbers where all of them are written as such, which is quicker, else encoded."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(column.array)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    length = pc.binary_length(texts)
    longest, total = pc.max(length).as_py() or 0, pc.sum(length).as_py() or 0
    if longest <= _DIGITS and (found := _written(texts, total) if longest > 1 else _digits(texts, total)):
        return found
    encoded = texts.dictionary_encode()
    at = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return _placed(at, encoded.dictionary.to_pylist())


def _digits(texts: Any, length: int) -> Cells | None:
    """Cells of one digit each, as most codes are: read off the memory that holds them."""
    if length != len(texts) - texts.null_count:
        return None
    begins = np.frombuffer(texts.buffers()[1], dtype=np.int64, count=1, offset=8 * texts.offset)
    data = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8, count=length, offset=int(begins[0]))
    digits = data - np.uint8(ord("0"))  # what is no digit wraps round and is above 9
    if not length or digits.max() > 9:
        return None
    empty = texts.is_null().to_numpy(zero_copy_only=False) if texts.null_count else None
    if empty is not None:
        read, digits = digits, np.zeros(len(texts), dtype=np.uint8)
        digits[~empty] = read
    found = _counted(digits, empty)
    return found and replace(found, cells=[str(number) for number in found.cells])


def _written(texts: Any, length: int) -> Cells | None:
    """Texts that are whole numbers, none with a sign or zero too many: that would make the column longer."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.cast(texts.slice(0, _BEGINNING), pa.int32())  # to fail on all of a column takes long
        numbers = pc.cast(texts, pa.int32())
    except pa.ArrowInvalid:
        return None
    empty = pc.is_null(numbers).to_numpy(zero_copy_only=False) if numbers.null_count else None
    found = _counted(numbers.fill_null(0).to_numpy(zero_copy_only=False), empty)
    if found is None:
        return None
    written = [str(number) for number in found.cells]
    if int(found.counts @ np.array([len(text) for text in written])) != length:
        return None
    return replace(found, cells=written)
