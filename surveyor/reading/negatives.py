"""Negative numbers that look like codes for no answer where nothing says whether they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.format import counted

#: What surveys write for no answer: -1 to -10, repeated nines, eights and sevens and their neighbours.
CODES = (*range(-10, 0), -66, -77, -88, -97, -98, -99, -666, -777, -888, -997, -998, -999, -8888, -9998, -9999, -99999)


def like_codes(values: Array) -> tuple[float, ...]:
    """The negative numbers (highest first) of a column in which all of them look like codes for no answer.

    >>> like_codes(np.array([3.0, -9.0, 5.0, np.nan])), like_codes(np.array([3.0, -9.0, -2.5]))
    ((-9.0,), ())
    """
    below = values[values < 0]
    found = np.unique(below)[::-1] if len(below) else below
    return tuple(found.tolist()) if np.isin(found, CODES).all() else ()


def undescribed(column: pd.Series) -> tuple[float, ...]:
    """The same for a column of a frame; none where it holds no numbers."""
    return like_codes(column.to_numpy(dtype=float, na_value=np.nan)) if _is_plain(column) else ()


def said(found: Mapping[float, Sequence[str]]) -> list[str]:
    """One warning a code.

    found  code -> the columns in which it counts as a number
    """
    return [
        f"{code:g} counts as a number in {counted(len(names), 'column')} ({', '.join(names[:3])}"
        f"{' ...' if len(names) > 3 else ''}); if it stands for no answer, declare it in a questionnaire, under "
        "'missing' of the item"
        for code, names in sorted(found.items(), reverse=True)
    ]


def _is_plain(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column) and column.dtype.kind != "c"
