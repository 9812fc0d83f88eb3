"""The Gini coefficient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.ranks import ranked
from surveyor.statistics.statistic import Columns, Fit, Fitted


@dataclass(frozen=True)
class Gini(Fitted):
    """Gini coefficient of `variable`, 0 where all have the same: 2 sum(w y F(y)) / sum(w y) - 1.

    NaN where a value is below 0. F is the weighted midrank, so that ties share their rank (Lerman and Yitzhaki 1989).
    Influence 2 (y F + U) / T - (G + 1) (1 / W + y / T), with W = sum w, T = sum w y and W U what those above hold
    of T, plus half of what those level hold: the derivative by the weight of one row (Deville 1999).

    >>> Gini("income").fit({"income": np.array([0.0, 0.0, 0.0, 4.0])}, np.ones(4)).values
    array([0.75])
    """

    variable: str

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "Gini"),)

    def fit(self, columns: Columns, weights: Array) -> Fit:
        y = columns[self.variable]
        if (y < 0).any():  # shares of a total make no sense
            return Fit(np.array([np.nan]), np.full((len(y), 1), np.nan))
        if y[0] > 0 and (y == y[0]).all():
            return Fit(np.zeros(1), np.zeros((len(y), 1)))
        place, M = ranked(y, np.zeros(len(y), dtype=np.intp), 1, weights)
        F = M[0, place]
        W, T = weights.sum(), (weights * y).sum()
        held = np.bincount(place, weights * y)
        above = (T - np.cumsum(held) + held / 2)[place] / W
        with np.errstate(divide="ignore", invalid="ignore"):
            G = 2 * (weights * y * F).sum() / T - 1
            influence = 2 * (y * F + above) / T - (G + 1) * (1 / W + y / T)
        return Fit(np.array([G]), influence[:, None])
