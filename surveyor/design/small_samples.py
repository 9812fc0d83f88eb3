"""Degrees of freedom where units are few or unequal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln, ndtr, ndtri, stdtridf

from surveyor.arrays import Array, Codes

#: The interval at which the t distribution stands for that of the estimate over its standard error.
LEVEL = 0.95
#: Beyond this many degrees of freedom t quantiles differ by less than .2 % and Satterthwaite's number is taken.
MANY = 200.0
#: A t quantile beyond this says nothing.
FURTHEST = 1e6


def traces(b: Array, stratum: Codes) -> Array:
    """tr (M B)^k for k = 1, 2, 3, shape (3, q): the moments of linearised variances, sums over units alone.

    b        (U, q) square of the share a_j that each unit has in each of q numbers
    stratum  (U,) cell in which unit totals are centred

    Take a mean, or a difference of means of groups of whole units: unit j enters with share a_j, its weight over
    its group's. Let units have independent effects e_j of equal variance. The number's error is sum a_j e_j, its
    variance proportional to sum b, and the estimate of that is the quadratic form e' A M A e with A = diag(a) and,
    per cell of m units, M = m/(m-1) (I - 11'/m). With B = A^2 and s_k the sum of b^k in the cell,

        tr M B = s_1,    tr (M B)^2 = s_2 + (s_1^2 - s_2) / (m - 1)^2,
        tr (M B)^3 = (m / (m-1))^3 (s_3 (1 - 3/m) + 3 s_1 s_2 / m^2 - s_1^3 / m^3)

    summed over cells. A unit alone in its cell counts as if it had no neighbour.

    A number made of several cells, or a formula on them, has error sum_c L_c sum_j a_jc e_jc, L_c its slopes:
    then b_j = sum_c L_c^2 a_jc^2. In a regression b_j = W_j sum_i w_i q_i^2, the sum over the rows of unit j with
    q_i = (H^-1 x_i)_k, W_j = sum_i w_i; where q is the same for all rows of a unit, as for means of groups, this is
    a_j^2, and it is the largest variance that one error per unit spread over its rows in any pattern can have
    (Cauchy and Schwarz), so that no term of within-unit variation is left without degrees of freedom.
    """
    strata = int(stratum.max()) + 1
    m = np.bincount(stratum, minlength=strata).astype(float)[:, None]
    s1, s2, s3 = (np.stack([np.bincount(stratum, column, strata) for column in (b**k).T], axis=1) for k in (1, 2, 3))
    with np.errstate(divide="ignore", invalid="ignore"):
        second = np.where(m > 1, s2 + (s1**2 - s2) / (m - 1) ** 2, s2)
        centred = s3 * (1 - 3 / m) + 3 * s1 * s2 / m**2 - s1**3 / m**3
        third = np.where(m > 1, (m / (m - 1)) ** 3 * centred, s3)
    return np.stack([s1.sum(axis=0), second.sum(axis=0), third.sum(axis=0)])


def satterthwaite(b: Array, stratum: Codes) -> Array:
    """tr(M B)^2 / tr((M B)^2) (q,): the chi-square with the same two moments (Satterthwaite 1946; Bell and McCaffrey
    2002). With equal shares this is units minus cells; NaN where nobody answered.

    >>> satterthwaite(np.full((12, 1), 0.25), np.repeat([0, 1], 6)).tolist()
    [10.0]
    """
    first, second, _ = traces(b, stratum)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(first**2 / second)


def degrees(b: Array, stratum: Codes, bias: Array) -> Array:
    """The df (q,) of the t distribution with the same 95 % interval as the estimate over its standard error.

    bias   (q,) expectation of the variance estimate over the variance, under the same working model

    Satterthwaite's chi-square has the mean and variance of the variance estimate and a longer tail towards 0: where
    two or three units carry a group, and many the other, its intervals cover 97 % instead of 95. Three moments
    mend that (Pearson 1959): with l_k = tr (M B)^k the estimate is distributed like

        c_0 + c_1 chi2_v,    v = l_2^3 / l_3^2,    c_1 = l_3 / l_2,    c_0 = l_1 - c_1 v,

    c_0 being 0 where all is alike. The point t that |error| / (standard error) passes in 5 % of samples solves
    E 2 Phi(-t sqrt(bias (c_0 + c_1 chi2_v) / l_1)) = .05, and the df are those whose t quantile it is.

    >>> float(degrees(np.full((12, 1), 0.25), np.repeat([0, 1], 6), np.ones(1))[0].round(6))
    10.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second, third = traces(b / b.sum(axis=0), stratum)  # the scale of b does not matter
        plain = np.asarray(first**2 / second)
    found: Array = plain.copy()
    for i in np.flatnonzero(np.isfinite(plain) & (plain < MANY)):
        v = second[i] ** 3 / third[i] ** 2
        slope = third[i] / second[i] / first[i]
        found[i] = _matching(v, slope, max(1 - slope * v, 0.0), float(bias[i]))
    return found


@cache
def _nodes() -> tuple[Array, Array]:
    """Points and weights of an integral from -1 to 1 (Gauss and Legendre)."""
    x, weight = np.polynomial.legendre.leggauss(120)
    return x, weight


def _matching(v: float, slope: float, floor: float, bias: float) -> float:
    """The df of the t distribution with the 95 % point of Z / sqrt(bias (floor + slope chi2_v))."""
    x, weight = _nodes()
    low, high = max(np.sqrt(v) - 7.0, 0.0), np.sqrt(v) + 7.0
    root = low + (high - low) * (x + 1) / 2  # of chi2_v, whose density is smooth
    density = np.exp((v - 1) * np.log(root) - root**2 / 2 - (v / 2 - 1) * np.log(2) - gammaln(v / 2))
    weight = weight * density
    weight = weight / weight.sum()
    size = np.sqrt(bias * (floor + slope * root**2))

    def beyond(t: float) -> float:
        return float(2 * weight @ ndtr(-t * size)) - (1 - LEVEL)

    normal = float(ndtri((1 + LEVEL) / 2))
    if beyond(normal) <= 0:
        return float("inf")
    if beyond(FURTHEST) > 0:
        return float("nan")  # hardly any unit has a neighbour to differ from
    t = brentq(beyond, normal, FURTHEST, xtol=1e-12, rtol=1e-14)
    return float(stdtridf((1 + LEVEL) / 2, t))


@dataclass(frozen=True, eq=False)
class Shares:
    """Squared shares of primary units in q numbers, and the cells in which units are centred.

    b, stratum  (U, q) and (U,): see `traces`
    of          slopes L (r, q) -> b (U, r) and `expected` (r,) of combinations, where they are not sums of L^2 times b
    expected    (q,) expectation of the variance estimate, in units in which the variance is the sum of b; None: that
    """

    b: Array
    stratum: Codes
    of: Callable[[Array], tuple[Array, Array]] | None = None
    expected: Array | None = None

    def df(self) -> Array:
        """Degrees of freedom (q,): see `degrees`."""
        total = self.b.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return degrees(
                self.b, self.stratum, np.ones(len(total)) if self.expected is None else self.expected / total
            )

    def combined(self, L: Array) -> Shares:
        """Those of r numbers with slopes L (r, q)."""
        of = self.of
        if of is not None:
            made, told = of(L)
            return replace(self, b=made, expected=told, of=lambda K: of(K @ L))
        bad = ~np.isfinite(self.b).all(axis=0)
        square = np.where(np.isfinite(L), L, 0.0).T ** 2
        b = np.where(bad, 0.0, self.b) @ square
        b[:, (L[:, bad] != 0).any(axis=1)] = np.nan
        expected = None if self.expected is None else np.where(bad, 0.0, self.expected) @ square
        return replace(self, b=b, expected=expected)

    def at(self, columns: Codes) -> Shares:
        """Those of some of the numbers."""
        of = self.of
        if of is not None:
            return self.combined(np.eye(self.b.shape[1])[columns])
        return replace(self, b=self.b[:, columns], expected=None if self.expected is None else self.expected[columns])

    def beside(self, other: Shares) -> Shares:
        """Those of the numbers of both, which belong to the same units."""
        q = self.b.shape[1]
        mine, theirs = self.of, other.of
        told = [each.b.sum(axis=0) if each.expected is None else each.expected for each in (self, other)]

        def of(L: Array) -> tuple[Array, Array]:
            assert mine is not None
            assert theirs is not None
            (b, expected), (c, more) = mine(L[:, :q]), theirs(L[:, q:])
            return b + c, expected + more

        both = mine is not None and theirs is not None
        b, expected = np.hstack([self.b, other.b]), np.concatenate(told)
        return replace(self, b=b, of=of if both else None, expected=expected)


def expectation(b: Array, P: Array, V: Array, stratum: Codes, left: Array) -> float:
    """The expectation of a variance estimate in units in which the variance is the sum of b (U,).

    P, V   (U, q): unit j deviates by z_j = sqrt(b_j) e_j - P_j' sum_k V_k e_k, for the fit takes part of the errors
    left   (U,) what the finite-population correction leaves of each unit's variance, 1 - f

    The sum over strata of (1 - f) m/(m-1) sum (z_j - mean z)^2; with a single group P and V are its shares
    (see of_means).
    """
    M = V.T @ V
    strata = int(stratum.max()) + 1
    m = np.bincount(stratum, minlength=strata).astype(float)

    def by_stratum(values: Array) -> Array:
        return np.stack([np.bincount(stratum, column, strata) for column in values.T], axis=1)

    cross = np.sqrt(b)[:, None] * V
    own = b - 2 * (P * cross).sum(axis=1) + np.einsum("ua,ab,ub->u", P, M, P)
    Ph, kept = by_stratum(P), by_stratum(left[:, None])[:, 0] / m
    mean = np.bincount(stratum, b, strata) - 2 * (Ph * by_stratum(cross)).sum(axis=1) + np.einsum(
        "ha,ab,hb->h", Ph, M, Ph
    )  # fmt: skip
    each = np.bincount(stratum, left * own, strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.where(m > 1, m / (m - 1) * (each - kept * mean / m), each).sum())


def of_means(weights: Array, stratum: Codes, left: Array) -> Shares:
    """The shares of units in the means of c cells, from the weight sums (U, c) of units in cells.

    left   (U,) what the finite-population correction leaves of each unit's variance, 1 - f

    The deviations of a mean are taken from the estimated mean, so that with unequal shares their squares fall
    short on average: of e_j - sum a_k e_k instead of e_j. In units of the working model, with a(h) the share and s(h)
    the sum of a^2 of stratum h, and s that of all,

        expected = sum_h (1 - f_h) m/(m-1) (sum a^2 (1 - 2 a + s) - (s(h) (1 - 2 a(h)) + a(h)^2 s) / m).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        a = weights / weights.sum(axis=0)
    strata = int(stratum.max()) + 1
    m = np.bincount(stratum, minlength=strata).astype(float)[:, None]

    def by_stratum(values: Array) -> Array:
        return np.stack([np.bincount(stratum, column, strata) for column in values.T], axis=1)

    s = (a**2).sum(axis=0)
    ah, sh = by_stratum(a), by_stratum(a**2)
    own = by_stratum(left[:, None] * a**2 * (1 - 2 * a + s))
    kept = by_stratum(left[:, None]) / m
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.where(m > 1, m / (m - 1) * (own - kept * (sh * (1 - 2 * ah) + ah**2 * s) / m), own)
    return Shares(a**2 * left[:, None], stratum, None, told.sum(axis=0))
