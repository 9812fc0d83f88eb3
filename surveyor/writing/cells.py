"""One column of a frame as whole numbers, numbers or text, ready for any format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from surveyor.errors import DataError
from surveyor.format import counted

#: What pandas finds in a column of Python objects -> how each of its cells is written.
OBJECTS: dict[str, Callable[[Any], Any]] = {
    "string": str,
    "integer": int,
    "boolean": int,
    "floating": float,
    "mixed-integer-float": float,
    "decimal": float,
    "empty": float,
    "date": lambda day: day.isoformat(),
    "datetime": lambda moment: moment.isoformat(),
    "time": lambda time: time.isoformat(),
}


def cells(series: pd.Series, file: str) -> tuple[pa.Array, int]:
    """The cells of a column as an int64, float64 or large_string array with gaps, and how many letters were lost.

    A letter is lost, and U+FFFD written for it, where a text holds half of a surrogate pair, which no file can.
    Yes and no become 1 and 0, days and times their ISO form, empty texts gaps.

    Raises DataError (file, column) for infinite numbers, whole numbers of more than 18 digits, and columns in which
    numbers and texts are mixed, or that hold what is no answer (lists, complex numbers).
    """
    place = f"{file}, column '{series.name}'"
    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return cells(series.astype(object), file)
    if pd.api.types.is_object_dtype(kind):
        return _objects(series, place)
    if pd.api.types.is_datetime64_any_dtype(kind):
        return _moments(series), 0
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_integer_dtype(kind):
        return _whole(series.array, place), 0
    if pd.api.types.is_float_dtype(kind):
        return _numbers(series.to_numpy(dtype=float, na_value=np.nan), place), 0
    if isinstance(kind, pd.StringDtype):
        return _texts(_objects_of(series))
    raise DataError(
        f"a column of the kind {kind} cannot be written",
        where=place,
        expected="numbers, texts or dates",
        remedy="Turn it into one of these, or leave it out",
    )


def is_text(array: pa.Array) -> bool:
    """Whether a column holds text."""
    return bool(pa.types.is_large_string(array.type))


def is_whole(array: pa.Array) -> bool:
    """Whether every number of a column is a whole one that a computer holds exactly (up to 2^53, or an integer)."""
    if pa.types.is_integer(array.type):
        return True
    if is_text(array):
        return False
    numbers = array.drop_null().to_numpy(zero_copy_only=False)
    return bool(np.all((np.abs(numbers) <= 2.0**53) & (numbers == np.floor(numbers))))


def floats(array: pa.Array) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The numbers of a column, NaN in the gaps."""
    return np.asarray(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=float)


def replaced(array: pa.Array, pattern: str, by: str) -> tuple[pa.Array, int]:
    """A column of text with what fits `pattern` (RE2) written as `by`, and the number of cells that changed."""
    hits = pc.sum(pc.match_substring_regex(array, pattern)).as_py() or 0
    return (pc.replace_substring_regex(array, pattern, by) if hits else array), int(hits)


def counts(array: pa.Array) -> dict[float, int]:
    """How often each number occurs."""
    found = pc.value_counts(array.drop_null())
    return dict(zip(found.field(0).to_pylist(), found.field(1).to_pylist(), strict=True))


def longest(array: pa.Array) -> int:
    """The length of the longest text, in bytes of UTF-8."""
    return int(pc.max(pc.binary_length(array)).as_py() or 0)


def _objects_of(series: pd.Series) -> list[Any]:
    return [None if gap else cell for cell, gap in zip(series, series.isna(), strict=True)]


def _whole(values: Any, place: str) -> pa.Array:
    try:
        array = pa.array(values, from_pandas=True)
        return (array.cast(pa.int8()) if pa.types.is_boolean(array.type) else array).cast(pa.int64())
    except (pa.ArrowInvalid, OverflowError):
        raise _too_long(place) from None


def _too_long(place: str) -> DataError:
    return DataError(
        "whole numbers of more than 18 digits cannot be written as numbers",
        where=place,
        remedy="Turn the column into text: such numbers name something",
    )


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]], place: str) -> pa.Array:
    endless = np.isinf(values)
    if endless.any():
        raise DataError(
            f"an infinite value ({counted(int(endless.sum()), 'row')}, first in row {int(np.argmax(endless)) + 2})",
            where=place,
            remedy="Correct these cells: no file format can hold them",
        )
    return pa.array(values, pa.float64(), from_pandas=True)


def _texts(texts: Any) -> tuple[pa.Array, int]:
    """Texts as an array: empty ones are gaps, halves of surrogate pairs U+FFFD."""
    lost = 0
    try:
        array = pa.array(texts, pa.large_string(), from_pandas=True)
    except UnicodeEncodeError:
        mended = [t if t is None else t.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for t in texts]
        lost = sum(a != b for a, b in zip(texts, mended, strict=True))
        array = pa.array(mended, pa.large_string())
    empty = pc.equal(array, "")
    return (pc.if_else(empty, pa.scalar(None, array.type), array) if pc.any(empty).as_py() else array), lost


def _moments(series: pd.Series) -> pa.Array:
    """Dates, with the time of day where one is not midnight."""
    known = series.dropna()
    only_days = known.dt.tz is None and bool((known == known.dt.normalize()).all())
    said = series.map(lambda moment: (moment.date() if only_days else moment).isoformat(), na_action="ignore")
    return _texts(_objects_of(said))[0]


def _objects(series: pd.Series, place: str) -> tuple[pa.Array, int]:
    found = pd.api.types.infer_dtype(series, skipna=True)
    if found not in OBJECTS:
        mixed = found.startswith("mixed-integer")
        raise DataError(
            "numbers and texts are mixed in one column" if mixed else f"what this column holds is no answer ({found})",
            where=place,
            expected="numbers, texts or dates",
            remedy="Make it one or the other" if mixed else "Turn it into one of these, or leave it out",
        )
    write = OBJECTS[found]
    values = [None if pd.isna(cell) else write(cell) for cell in series]
    if write is int:
        return _whole(values, place), 0
    if write is float:
        return _numbers(np.array([np.nan if v is None else v for v in values], dtype=float), place), 0
    return _texts(values)
