"""The columns of a design as numbers: weights, and codes of strata and units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, complete, numbered
from surveyor.errors import DesignError, UsageError
from surveyor.format import counted


def several(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """One name, several or none, as a tuple."""
    return () if names is None else (names,) if isinstance(names, str) else tuple(names)


def named(given: object, argument: str, one: bool = False) -> str | tuple[str, ...] | None:
    """A column's name as it is, several as a tuple; None for none. Raises UsageError for what names no column.

    >>> named(["stratum", "half"], "strata"), named([], "clusters")
    (('stratum', 'half'), None)
    """
    if given is None or isinstance(given, str):
        return given
    listed = tuple(given) if isinstance(given, Sequence | np.ndarray | pd.Index | pd.Series) and not one else (given,)
    if not all(isinstance(name, str) for name in listed):
        raise UsageError(
            f"{argument}={given!r} names no column",
            expected="the name of one column" if one else "the name of a column, or a list of names",
        )
    return tuple(str(name) for name in listed) or None


def unit_codes(frame: pd.DataFrame, names: list[str], what: str) -> Codes:
    """One whole number per row for the combination of the columns; missing values and lists are an error."""
    if not names:
        return np.zeros(len(frame), dtype=np.intp)
    column = frame[names[0]]
    if len(names) == 1 and isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return numbered(column.to_numpy())[0]
    gaps = frame[names].isna().any(axis=1)
    if gaps.any():
        raise DesignError(
            f"{counted(int(gaps.sum()), 'row')} without a {what} ({', '.join(names)}), the first in row {row_of(gaps)}",
            remedy="Fill it in or remove these rows: every resident must belong somewhere",
        )
    try:
        return np.asarray(frame.groupby(names, sort=True, observed=True).ngroup(), dtype=np.intp)
    except TypeError:
        raise DesignError(
            f"a {what} in {', '.join(names)} is neither a number nor a text, so that they cannot be told apart",
            expected="a number or a text in every row",
        ) from None


def weights_of(frame: pd.DataFrame, name: str | None) -> Array:
    """The weights (n,), at least 0 and not all 0; ones where no column is named."""
    if name is None:
        return np.ones(len(frame))
    numbers = numbers_of(frame, name, "weight")
    if (numbers < 0).any():
        raise DesignError(
            f"{counted(int((numbers < 0).sum()), 'row')} with a negative weight in '{name}', "
            f"the first in row {row_of(numbers < 0)}",
            expected="a number of at least 0 in every row",
            remedy="A resident who should not count has weight 0",
        )
    if not (numbers > 0).any():
        raise DesignError(f"all weights in '{name}' are zero", expected="some above 0")
    return numbers


def numbers_of(frame: pd.DataFrame, name: str, what: str) -> Array:
    """A column of finite numbers without gaps; raises DesignError for text, gaps and infinite values."""
    column = frame[name]
    if column.dtype == np.float64 and complete(column.to_numpy()):
        return column.to_numpy()
    found = pd.to_numeric(column, errors="coerce")
    odd = found.dtype if found.dtype.kind not in "iufb" else column.dtype if column.dtype.kind in "Mm" else None
    if odd is not None:
        raise DesignError(
            f"the {what} '{name}' holds {odd} where numbers are expected", expected="a number in every row"
        )
    numbers = found.astype(float)
    text = numbers.isna() & column.notna()
    if text.any():
        raise DesignError(
            f"the {what} '{name}' holds text where numbers are expected: "
            f"'{column[text].iloc[0]}' in row {row_of(text)} ({counted(int(text.sum()), 'row')})",
            expected="a number in every row",
        )
    for bad, kind in ((numbers.isna(), f"no {what}"), (np.isinf(numbers), f"an infinite {what}")):
        if bad.any():
            raise DesignError(
                f"{counted(int(bad.sum()), 'row')} with {kind} in '{name}', the first in row {row_of(bad)}",
                expected="a number in every row",
            )
    return numbers.to_numpy()


def row_of(flags: Any) -> int:
    """The first flagged row as a person counts it, from 1."""
    return int(np.argmax(np.asarray(flags))) + 1
