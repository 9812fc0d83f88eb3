"""p-values of a family of comparisons, adjusted for their number."""

from __future__ import annotations

from typing import Literal

import numpy as np

from surveyor.arrays import Array

Correction = Literal["holm", "none"]
CORRECTIONS = ("holm", "none")


def adjusted(p: Array, correction: Correction) -> Array:
    """Adjusted p-values, NaN where there is none; only those that exist count as the family.

    "holm": the running maximum of (m - i) p_(i), at most 1, i = 0.. from the smallest (Holm 1979).

    >>> adjusted(np.array([0.01, np.nan, 0.04]), "holm")
    array([0.02,  nan, 0.04])
    """
    if correction == "none":
        return p.copy()
    result = np.full_like(p, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    result[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return result
