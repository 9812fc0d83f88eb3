"""Degrees of freedom where units are few or unequal."""

from __future__ import annotations

import numpy as np

from surveyor.arrays import Array, Codes


def satterthwaite(share: Array, stratum: Codes) -> float:
    """Degrees of freedom of the linearised variance of a contrast, a property of design and contrast alone.

    share    (U,) share a_j of each unit in the contrast: its weight over its group's weight
    stratum  (U,) cell in which unit totals are centred

    Under independent unit effects of equal variance the variance estimate is the quadratic form
    e' A M A e with A = diag(a) and, per cell of m units, M = m/(m-1) (I - 11'/m). Matching its first two
    moments to a chi-square (Satterthwaite 1946; Bell and McCaffrey 2002) gives, with b_j = a_j^2,

        df = tr(M B)^2 / tr((M B)^2),    tr(M B) = sum b,
        tr((M B)^2) = sum over cells of  sum b^2 + ((sum b)^2 - sum b^2) / (m - 1)^2

    because M has 1 on its diagonal and -1/(m-1) off it. With equal shares df is units minus cells; it is
    NaN where nobody answered or a cell has one unit.

    >>> satterthwaite(np.full(12, 1 / 6), np.repeat([0, 1], 6)) - 10 < 1e-9
    True
    """
    b = share**2
    m = np.bincount(stratum).astype(float)
    total = np.bincount(stratum, b)
    squares = np.bincount(stratum, b**2)
    used = total > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares + (total**2 - squares) / (m - 1) ** 2
        return float(np.sum(total[used]) ** 2 / np.sum(spread[used]))
