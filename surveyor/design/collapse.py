"""Strata with one unit, joined with their neighbours."""

from __future__ import annotations

import numpy as np

from surveyor.arrays import Codes, Flags


def collapse(stratum: Codes, block: Codes, whole: Flags | None = None) -> tuple[Codes, int]:
    """Strata within blocks, numbered anew, and how many were merged away.

    stratum, block   (U,) of each unit; units of different blocks never share a stratum
    whole            (U,) units of strata taken whole: nothing was left to chance there, so they stay as they are

    A stratum with one unit joins the next stratum of its block, the last one the stratum before it.

    >>> collapse(np.array([0, 1, 1, 2]), np.zeros(4, dtype=int))
    (array([0, 0, 0, 0]), 2)
    >>> collapse(np.array([0, 1, 1, 2]), np.zeros(4, dtype=int), np.array([True, False, False, False]))
    (array([1, 0, 0, 0]), 1)
    """
    cells = np.zeros(len(stratum), dtype=np.intp)
    fixed = np.zeros(len(stratum), dtype=bool) if whole is None else whole
    label = merged = 0
    for b in np.unique(block):
        inside = np.flatnonzero((block == b) & ~fixed)
        if len(inside):
            bundle = _bundled(stratum[inside])
            cells[inside] = label + bundle
            label += int(bundle.max()) + 1
            merged += len(np.unique(stratum[inside])) - int(bundle.max()) - 1
        inside = np.flatnonzero((block == b) & fixed)
        present, at = np.unique(stratum[inside], return_inverse=True)
        cells[inside] = label + at
        label += len(present)
    return cells, merged


def _bundled(stratum: Codes) -> Codes:
    """Strata joined in their order until each has two units, numbered from 0."""
    present, at, counts = np.unique(stratum, return_inverse=True, return_counts=True)
    bundle = np.zeros(len(present), dtype=np.intp)
    open_count = number = 0
    for i, count in enumerate(counts):
        bundle[i] = number
        open_count += count
        if open_count >= 2:
            number, open_count = number + 1, 0
    if open_count and number:  # a last single unit joins the bundle before it
        bundle[bundle == number] = number - 1
    return np.asarray(bundle[at], dtype=np.intp)
