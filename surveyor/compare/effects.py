"""How large a gap is: the standardised difference, the probability of superiority, ratios."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import UsageError
from surveyor.estimate import Estimate

Ratio = Literal["risk", "odds"]


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


def ratios(sides: Estimate, df: Array, kind: Ratio) -> Estimate:
    """Ratios a / b (R,) of the sides a, b of each row (2R,): "risk" of the values, "odds" of p / (1 - p).

    Raises UsageError for another kind, or odds of anything but shares.
    """
    if kind not in ("risk", "odds"):
        raise UsageError(f"there is no ratio '{kind}'", expected="'risk' or 'odds'")
    if kind == "odds" and (sides.cells["statistic"] != "proportion").any():
        raise UsageError("only shares have odds", remedy='Use kind="risk"')

    def logs(v: Any) -> Any:
        u = np.log(v) if kind == "risk" else np.log(v) - np.log(1 - v)
        return u[::2] - u[1::2]

    with np.errstate(divide="ignore", invalid="ignore"):
        made = sides.transform(logs, f"{kind} ratio", back=np.exp)
    cells = sides.cells.iloc[::2][["variable", "level"]].assign(statistic=f"{kind} ratio").reset_index(drop=True)
    return replace(made, cells=cells, df=df)
