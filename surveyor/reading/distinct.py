"""A column as its distinct cells and which of them stands in each row: what is decided once holds for all rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes

#: How many whole numbers in a row are counted rather than sorted, and how long they are as text.
_NARROW, _DIGITS = 10_000, 6

#: Which distinct cell stands in each row (n,), -1 where it is empty, and the distinct cells (k,).
Cells = tuple[Codes, list[Any]]


def distinct_cells(column: pd.Series) -> Cells:
    """The distinct cells of a column, and which of them stands in each row."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "f":
        values = column.to_numpy()
        found = _counted(values, np.isnan(values))
    elif isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "pyarrow":
        found = _texts(column)
    else:
        found = None
    if found is not None:
        return found
    at, cells = pd.factorize(column)
    return at, list(cells)


def _counted(values: Array, empty: np.ndarray) -> Cells | None:
    """Whole numbers in a narrow range, counted; None for other columns."""
    filled = values if not empty.any() else values[~empty]
    low, high = (filled.min(), filled.max()) if len(filled) else (0, -1)
    if not 0 <= high - low < _NARROW:
        return None
    filled = np.where(empty, low, values) if len(filled) < len(values) else values
    steps = (filled - low).astype(np.intp)
    if values.dtype.kind == "f" and not np.array_equal(steps + low, filled):
        return None
    steps[empty] = int(high - low) + 1
    used = np.bincount(steps, minlength=int(high - low) + 2)[:-1] > 0
    cells = (np.flatnonzero(used) + low).tolist()
    if used.all():
        steps[empty] = -1
        return steps, cells
    return np.append(np.cumsum(used) - 1, -1)[steps], cells


def _texts(column: pd.Series) -> Cells:
    """Texts: as whole numbers where all of them are written as such, which is quicker, else encoded."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = pa.array(column.array)
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    length = pc.binary_length(cells)
    if (pc.max(length).as_py() or 0) <= _DIGITS:
        try:
            numbers = pc.cast(cells, pa.int32())
        except pa.ArrowInvalid:
            numbers = None
        if numbers is not None:
            empty = pc.is_null(numbers).to_numpy(zero_copy_only=False)
            found = _counted(numbers.fill_null(0).to_numpy(zero_copy_only=False), empty)
            written = [] if found is None else [str(number) for number in found[1]]
            if found is not None and _as_written(found[0], written, pc.sum(length).as_py()):
                return found[0], written
    encoded = cells.dictionary_encode()
    at = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return at.astype(np.intp), encoded.dictionary.to_pylist()


def _as_written(at: Codes, written: list[str], length: int | None) -> bool:
    """Whether the texts have no sign or zero too many: each of them would make the column longer."""
    counts = np.bincount(at + 1, minlength=len(written) + 1)[1:]
    return bool(counts @ [len(text) for text in written] == (length or 0))
