"""Strata with one unit, joined with their neighbours."""

from __future__ import annotations

import numpy as np

from surveyor.arrays import Codes


def collapse(stratum: Codes, block: Codes) -> tuple[Codes, int]:
    """Strata within blocks, numbered anew, and how many were merged away.

    stratum, block   (U,) of each unit; units of different blocks never share a stratum

    A stratum with one unit joins the next stratum of its block, the last one the stratum before it.

    >>> collapse(np.array([0, 1, 1, 2]), np.zeros(4, dtype=int))
    (array([0, 0, 0, 0]), 2)
    """
    cells = np.zeros(len(stratum), dtype=np.intp)
    label = merged = 0
    for b in np.unique(block):
        inside = np.flatnonzero(block == b)
        present, first, counts = np.unique(stratum[inside], return_inverse=True, return_counts=True)
        bundle = np.zeros(len(present), dtype=np.intp)
        open_count = number = 0
        for i, count in enumerate(counts):
            bundle[i] = number
            open_count += count
            if open_count >= 2:
                number, open_count = number + 1, 0
        if open_count and number:  # a last single unit joins the bundle before it
            bundle[bundle == number] = number - 1
        kept = int(bundle.max()) + 1
        cells[inside] = label + bundle[first]
        label += kept
        merged += len(present) - kept
    return cells, merged
