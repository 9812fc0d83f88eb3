"""Degrees of freedom where units are few or unequal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from surveyor.arrays import Array, Codes


def satterthwaite(b: Array, stratum: Codes) -> Array:
    """Degrees of freedom (q,) of linearised variances, a property of design and contrast alone.

    b        (U, q) square of the share a_j that each unit has in each of q numbers
    stratum  (U,) cell in which unit totals are centred

    Take a mean, or a difference of means of groups of whole units: unit j enters with share a_j, its weight over
    its group's. Let units have independent effects e_j of equal variance. The number's error is sum a_j e_j, and
    its variance estimate is the quadratic form e' A M A e with A = diag(a) and, per cell of m units,
    M = m/(m-1) (I - 11'/m). Its mean is tr(M B) and its variance 2 tr((M B)^2), with B = A^2 (for normal effects; up
    to the square of the variance of e_j). A chi-square over its df, times that mean, has the same two moments if

        df = tr(M B)^2 / tr((M B)^2),    tr(M B) = sum b,
        tr((M B)^2) = sum over cells of  sum b^2 + ((sum b)^2 - sum b^2) / (m - 1)^2

    because M has 1 on its diagonal and -1/(m-1) off it (Satterthwaite 1946; Bell and McCaffrey 2002). With
    equal shares df is units minus cells; it is NaN where nobody answered. A unit alone in its cell has no neighbour.

    A number made of several cells, or a formula on them, has error sum_c L_c sum_j a_jc e_jc, L_c its slopes:
    then b_j = sum_c L_c^2 a_jc^2. In a regression b_j = W_j sum_i w_i q_i^2, the sum over the rows of unit j with
    q_i = (H^-1 x_i)_k, W_j = sum_i w_i; where q is the same for all rows of a unit, as for means of groups, this is
    a_j^2, and it is the largest variance that one error per unit spread over its rows in any pattern can have
    (Cauchy and Schwarz), so that no term of within-unit variation is left without degrees of freedom.

    >>> satterthwaite(np.full((12, 1), 0.25), np.repeat([0, 1], 6)).tolist()
    [10.0]
    """
    strata = int(stratum.max()) + 1
    m = np.bincount(stratum, minlength=strata).astype(float)[:, None]
    total = np.stack([np.bincount(stratum, column, strata) for column in b.T], axis=1)
    squares = np.stack([np.bincount(stratum, column, strata) for column in (b**2).T], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.where(m > 1, (total**2 - squares) / (m - 1) ** 2, 0.0)
        return np.asarray(total.sum(axis=0) ** 2 / (squares + off).sum(axis=0))


@dataclass(frozen=True, eq=False)
class Shares:
    """Squared shares b (U, q) of primary units in q numbers, and the cells (U,) in which units are centred."""

    b: Array
    stratum: Codes

    def df(self) -> Array:
        """Degrees of freedom (q,) by Satterthwaite's rule."""
        return satterthwaite(self.b, self.stratum)

    def combined(self, L: Array) -> Shares:
        """Those of r numbers with slopes L (r, q)."""
        bad = ~np.isfinite(self.b).all(axis=0)
        b = np.where(bad, 0.0, self.b) @ np.where(np.isfinite(L), L, 0.0).T ** 2
        b[:, (L[:, bad] != 0).any(axis=1)] = np.nan
        return replace(self, b=b)

    def at(self, columns: Codes) -> Shares:
        """Those of some of the numbers."""
        return replace(self, b=self.b[:, columns])

    def beside(self, other: Shares) -> Shares:
        """Those of the numbers of both, which belong to the same units."""
        return replace(self, b=np.hstack([self.b, other.b]))
