"""The different answers of a column, prepared for looking at: few, normalised, as one text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

#: As many different answers are looked at; of more, ones evenly spread.
MOST = 200_000
#: Of the case numbers that a questionnaire declares, so many tell what they are.
MOST_IDS = 5_000
#: No code or measurement of fewer digits is an identifier.
LARGE = 1e9
#: Texts of so few bytes are none either.
SHORT = 5
_MEASURED = r"^[-+]?\d{0,8}\.\d+([eE]-\d+)?$"
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\r]")


@dataclass(frozen=True)
class Cells:
    """The different answers of a column, one a line.

    text      normalised (NFKC), without invisible characters
    n         how many
    answered  rows with an answer
    number    they came from a column of numbers
    rounded   numbers so large that their last digits are lost
    """

    text: str
    n: int
    answered: int
    number: bool = False
    rounded: bool = False

    @cached_property
    def compact(self) -> str:
        """The lines without spaces and hyphens."""
        return re.sub(r"[ \t\u2010-\u2015-]", "", self.text)

    @cached_property
    def worded(self) -> float:
        """The share of answers that hold words: free text rather than numbers."""
        return len(re.findall(r"(?m)^.*?(?:[\u4e00-\u9fff]|[A-Za-z]{2}).*$", self.text)) / max(self.n, 1)

    @cached_property
    def digits(self) -> bool:
        """Whether all are digits, as numbers read as text are."""
        return self.number or re.search(r"[^\d\n]", self.compact) is None


def cells_of(column: pd.Series, *, thorough: bool = False, most: int = MOST) -> Cells | None:
    """Up to `most` answers of a column; None where they are too short to tell of a person, unless `thorough`."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return None
    if pd.api.types.is_numeric_dtype(column):
        return _of_numbers(column, thorough)
    texts = _texts(column)
    longest = pc.max(pc.binary_length(texts)).as_py()
    if longest is None or (longest <= SHORT and not thorough):
        return None
    different = pc.unique(texts).drop_null()
    if not thorough:  # a number with decimals is a measurement, however many digits it has
        different = different.filter(pc.invert(pc.match_substring_regex(different, _MEASURED)))
    lines = [line for line in (" ".join(each.split()) for each in _sample(different, most).to_pylist()) if line]
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", "\n".join(lines)))
    return Cells(text, len(lines), len(texts) - texts.null_count) if lines else None


def _texts(column: pd.Series) -> pa.ChunkedArray:
    if not pd.api.types.is_string_dtype(column.dtype) or column.dtype == object:
        column = column.map(str, na_action="ignore")
    texts = pa.array(column, type=pa.large_string(), from_pandas=True)
    return texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts])


def _sample(different: pa.Array, most: int) -> pa.Array:
    if len(different) <= most:
        return different
    return different.take(pa.array(np.linspace(0, len(different) - 1, most).astype(np.int64)))


def _of_numbers(column: pd.Series, thorough: bool) -> Cells | None:
    numbers = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.to_numpy(dtype=float, na_value=np.nan)
    if numbers.dtype.kind == "c" or not len(numbers):
        return None
    top = np.fmax.reduce(numbers)
    if not top >= LARGE and not thorough:
        return None
    whole = numbers[np.isfinite(numbers)]
    different = pd.unique(whole[whole == np.floor(whole)])
    if len(different) > MOST:
        different = different[np.linspace(0, len(different) - 1, MOST).astype(np.int64)]
    rounded = numbers.dtype.kind == "f" and top > 2**53
    text = "\n".join(str(int(value)) for value in different)
    return Cells(text, len(different), len(whole), number=True, rounded=bool(rounded)) if len(different) else None
