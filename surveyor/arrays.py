"""Names for the arrays that go from file to file, and where values stand among levels."""

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
            shifted = values - (low - 1)
            near = np.fmin(np.fmax(shifted, 0.0), len(table) - 1.0)
            at = near.astype(np.intp)  # NaN became 0
        found: Codes = table[at]
        if not np.array_equal(near, at):
            found[near != at] = L
        return found
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], values), L - 1)
    return np.where(known[order][at] == values, order[at], L)
