"""Linear combinations of deviations, and whether a formula can be differentiated exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from surveyor.arrays import Array


def is_slope(formula: Callable[[Any], Any], v: Array, se: Array, J: Array) -> bool:
    """Whether J predicts a small real step along the standard errors, where that can be told.

    The slope seen is Richardson's from two steps, so that curvature does not count, and rounding is allowed for.
    """
    step = 1e-4 * np.where(np.isfinite(se) & (se > 0), se, np.maximum(np.abs(v), 1e-8))

    with np.errstate(all="ignore"):
        at = {share: np.asarray(formula(v + share * step)) for share in (-1.0, -0.5, 0.0, 0.5, 1.0)}
        seen = (4 * (at[0.5] - at[-0.5]) - (at[1.0] - at[-1.0]) / 2) / 3
        told = combined(step[None, :], J)[0]
        size = np.abs(J) @ step + np.abs(seen)
        largest = np.abs(np.stack(list(at.values()))).max(axis=0)
        rounding = 1e-9 * largest + 1e-14 * (np.abs(J) @ np.abs(v))
        wrong = np.abs(seen - told) > 1e-3 * size + rounding
    return not bool(np.any(wrong & np.isfinite(seen) & np.isfinite(told)))


def combined(D: Array, L: Array) -> Array:
    """D L' where a column that could not be computed (NaN) spoils only the combinations that use it."""
    bad = ~np.isfinite(D).all(axis=0)
    result = np.where(bad, 0.0, D) @ L.T
    result[:, (L[:, bad] != 0).any(axis=1)] = np.nan
    return np.asarray(result)
