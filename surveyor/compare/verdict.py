"""One word for what a comparison has shown."""

from __future__ import annotations

import math
from typing import Literal

Verdict = Literal["different", "equivalent", "different but trivial", "undecided", ""]


def verdict(p: float, low90: float, high90: float, margin: float | None, alpha: float = 0.05) -> Verdict:
    """The verdict from the (adjusted) p-value of the gap and its 90 % interval against a bound.

    Equivalent: the 90 % interval lies inside the bound (two one-sided tests at 5 %, Schuirmann 1987).
    No bound, no equivalence: a gap that is not shown is undecided, never "no difference".

    >>> verdict(0.40, -0.02, 0.04, margin=0.05), verdict(0.40, -0.02, 0.04, margin=None)
    ('equivalent', 'undecided')
    """
    if not math.isfinite(p):
        return ""
    inside = margin is not None and -margin < low90 and high90 < margin
    if p < alpha:
        return "different but trivial" if inside else "different"
    return "equivalent" if inside else "undecided"
