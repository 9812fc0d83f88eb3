"""How large a gap is: the standardised difference and the probability of superiority."""

from __future__ import annotations

from typing import Any

import numpy as np


def standardised(mean_a: Any, mean_b: Any, variance_a: Any, variance_b: Any) -> Any:
    """d = (a - b) / sqrt((variance_a + variance_b) / 2), the standardiser of Cohen 1988 for two groups.

    For a share the variance is p (1 - p). Analytic, so that its standard error follows exactly.

    >>> standardised(3.0, 2.0, 4.0, 4.0)
    0.5
    """
    return (mean_a - mean_b) / ((variance_a + variance_b) / 2) ** 0.5


def superiority(shares_a: Any, shares_b: Any) -> Any:
    """P(A > B) + P(A = B) / 2 for one resident of each group, from shares of ordered levels (L,) each.

    Levels run from low to high. Ties count half, so row order cannot matter (Agresti 2010, section 2.1).

    >>> float(superiority(np.array([0.0, 1.0]), np.array([0.5, 0.5])))
    0.75
    """
    below_b = np.cumsum(shares_b) - shares_b
    return (shares_a * (below_b + shares_b / 2)).sum()
