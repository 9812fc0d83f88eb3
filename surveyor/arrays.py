"""Names for the arrays that go from file to file; values as levels, places and order, in few passes over memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Numbers.
Array = NDArray[np.floating[Any]]
#: Yes or no per row.
Flags = NDArray[np.bool_]
#: Whole numbers that stand for a unit, a stratum or a cell; -1 for none.
Codes = NDArray[np.intp]

#: Whole numbers spread over less than this are looked up in a table.
SPAN = 10_000


def complete(values: Array) -> bool:
    """Whether all values are finite: one sum says so, and only where it is not finite every value is looked at."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(values.sum())) or bool(np.isfinite(values).all())


def distinct(values: Array) -> list[float]:
    """The different values, in order; all are finite.

    >>> distinct(np.array([3.0, 1.0, 3.0]))
    [1.0, 3.0]
    """
    if not len(values):
        return []
    low, high = values.min(), values.max()
    if high - low < SPAN and low == np.floor(low):
        at = (values - low).astype(np.intp)
        if np.array_equal(at + low, values):  # whole numbers: counted, not sorted
            return [float(low + k) for k in np.flatnonzero(np.bincount(at))]
    return [float(value) for value in np.unique(values)]


def numbered(keys: NDArray[np.integer[Any]]) -> tuple[Codes, NDArray[np.integer[Any]]]:
    """Whole numbers (n,) as codes 0.. in their order, and the number each code stands for.

    >>> numbered(np.array([7, 5, 7]))
    (array([1, 0, 1]), array([5, 7]))
    """
    low, high = int(keys.min()), int(keys.max())  # Python's own numbers: a difference may pass what the array holds
    if high - low > 2 * len(keys):
        found, codes = np.unique(keys, return_inverse=True)
        return codes.astype(np.intp), found
    wide = keys if keys.dtype.kind == "u" else keys.astype(np.int64, copy=False)
    start = wide.dtype.type(low)
    codes = (wide - start).astype(np.intp, copy=False)
    there = np.bincount(codes) > 0
    if not there.all():
        np.take(np.cumsum(there) - 1, codes, out=codes, mode="clip")
    return codes, np.flatnonzero(there).astype(wide.dtype) + start


def ascending(values: Array) -> Codes:
    """The order (n,) that sorts finite values, equal ones in the order they stand.

    A coarse order of 16 bits first (a radix sort, linear in n), then a merge sort of what is nearly sorted.
    """
    low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
    with np.errstate(over="ignore"):
        step = (high - low) / 65_535
    if len(values) < SPAN or not (np.isfinite(step) and step > 0):
        return np.asarray(np.argsort(values, kind="stable"))
    coarse = np.argsort(((values - low) / step).astype(np.uint16), kind="stable")
    return np.asarray(coarse[np.argsort(values[coarse], kind="stable")])


def places(values: Array, levels: Sequence[float]) -> Codes:
    """Where each value (n,) stands among `levels`; len(levels) for values that are none of them, NaN among them.

    >>> places(np.array([5.0, 2.0, np.nan, 3.0]), [2.0, 5.0])
    array([1, 0, 2, 2])
    """
    known = np.asarray(levels, dtype=float)
    L = len(known)
    if not L:
        return np.zeros(len(values), dtype=np.intp)
    low, high = known.min(), known.max()
    if high - low < SPAN and (known == np.floor(known)).all():  # whole numbers: one look-up
        table = np.full(int(high - low) + 3, L, dtype=np.intp)
        table[(known - low).astype(np.intp) + 1] = np.arange(L)
        with np.errstate(invalid="ignore"):
            near = values - (low - 1)
            np.fmax(near, 0.0, out=near)  # NaN becomes 0
            np.fmin(near, len(table) - 1.0, out=near)
            at: Codes = near.astype(np.intp)
        odd = near != at
        np.take(table, at, out=at, mode="clip")
        if odd.any():
            at[odd] = L
        return at
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], values), L - 1)
    return np.where(known[order][at] == values, order[at], L)
