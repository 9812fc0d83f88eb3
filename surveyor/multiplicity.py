"""p-values of a family of comparisons, adjusted for their number."""

from __future__ import annotations

from typing import Literal

import numpy as np

from surveyor.arrays import Array

Correction = Literal["holm", "bh", "max-t", "none"]
CORRECTIONS: tuple[Correction, ...] = ("holm", "bh", "max-t", "none")


def adjusted(p: Array, correction: Correction) -> Array:
    """Adjusted p-values, NaN where there is none; only those that exist count as the family.

    "holm"  the running maximum of (m - i) p_(i), i = 0.. from the smallest: no false claim in the family (Holm 1979)
    "bh"    the running minimum, from the largest, of m p_(i) / i, i = 1..: the share of false claims among all that
            are made (Benjamini and Hochberg 1995)

    "max-t" needs the joint covariance of the rows and is that of `surveyor.significance.max_t`.

    >>> adjusted(np.array([0.01, np.nan, 0.04]), "holm")
    array([0.02,  nan, 0.04])
    """
    if correction == "none":
        return p.copy()
    result = np.full_like(p, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    m = len(order)
    steps: Array
    if correction == "bh":
        steps = p[order] * m / np.arange(1, m + 1)
        result[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    else:
        steps = p[order] * np.arange(m, 0, -1)
        result[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return result
