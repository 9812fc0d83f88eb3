"""Whether compounds differ more within types than the types do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from surveyor.measure.compounds.one_way import OneWay

Verdict = Literal["compounds", "types", "undecided"]
Ends = tuple[float, float, float]


@dataclass(frozen=True)
class Apart:
    """How far two compounds of one type are apart on average, and how far the types: each with its interval."""

    compounds: Ends
    types: Ends

    @property
    def verdict(self) -> Verdict:
        """Which is larger, where the interval of their difference leaves out 0.

        Ends of a difference from those of its parts, x - y -+ sqrt(half_x^2 + half_y^2) (Zou and Donner 2008); the two
        are independent as far as the variances are known from residuals alone.
        """
        (c, c_low, c_high), (t, t_low, t_high) = self.compounds, self.types
        if not c_high > 0:
            return "undecided"  # an interval from 0 to 0 is none
        if c - t - np.hypot(c - c_low, t_high - t) > 0:
            return "compounds"
        return "types" if c - t + np.hypot(c_high - c, t - t_low) < 0 else "undecided"


def apart(model: OneWay) -> Apart:
    """Two compounds of one type differ by 2 tau / sqrt(pi) on average (Gini's mean difference of a normal variable).

    Its ends are those of the ICC at the estimated variance of residents.

    >>> from surveyor.measure.compounds.sums import Sums
    >>> sums = Sums(np.full(6, 9.0), np.array([0.0, 4, 8, 1, 5, 9]), 48.0, np.repeat([0, 1], 3), np.arange(6), 2)
    >>> apart(OneWay(sums, 16.0)).verdict
    'undecided'
    """

    def typical(icc: float) -> float:
        return float(2 * np.sqrt(model.sigma2 * icc / (1 - icc) / np.pi))

    low, high = model.interval()
    gap, gap_low, gap_high = model.gap()
    if gap < 0:
        gap, gap_low, gap_high = -gap, -gap_high, -gap_low
    return Apart((typical(model.icc), typical(low), typical(high)), (gap, max(gap_low, 0.0), gap_high))
