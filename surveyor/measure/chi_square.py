"""Tests of factor models whose chi-square is corrected for what the design says of the sample statistics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import null_space
from scipy.special import chdtrc, fdtrc

from surveyor.arrays import Array
from surveyor.measure.fit import Solution
from surveyor.measure.moments import Moments
from surveyor.significance import Test, hotelling


@dataclass(frozen=True)
class ChiSquare:
    """A distance, and how far it would be if the model held.

    least        the distance itself: distributed as a weighted sum of chi-squares
    df           sample statistics minus estimated numbers
    scale, shift the corrected chi-square is least / scale + shift (Asparouhov and Muthen 2010)
    df1, df2     of F = least / its expectation (Rao and Scott 1987; Thomas and Rao 1987)
    expected     the mean of the distance if the model held
    """

    least: float
    df: int
    scale: float
    shift: float
    expected: float
    df1: float
    df2: float

    @property
    def statistic(self) -> float:
        """The corrected chi-square on df degrees of freedom, for measures of fit."""
        return self.least / self.scale + self.shift

    @property
    def f(self) -> float:
        """The distance over its expectation."""
        return self.least / self.expected

    @property
    def p(self) -> float:
        """The chance of a larger distance if the model held; NaN where nothing is tested."""
        if self.df <= 0:
            return float("nan")
        if np.isinf(self.df2):
            return float(chdtrc(self.df1, self.f * self.df1))
        return float(fdtrc(self.df1, self.df2, self.f))


def of_model(solution: Solution, moments: Moments) -> ChiSquare:
    """The distance of a model from the saturated one."""
    return corrected(solution.least, solution.df, unexplained(solution), moments)


def of_difference(restricted: Solution, wider: Solution, moments: Moments) -> ChiSquare:
    """The distance of a model from a wider one that contains it (Satorra 2000).

    With slopes Delta of the wider model, P = Delta'V Delta and A P^-1 A' the restrictions seen in its numbers, the
    difference of the distances is a quadratic form in V Delta P^-1 A'(A P^-1 A')^-1 A P^-1 Delta'V.
    """
    slopes, V = wider.slopes, wider.weight
    within = np.linalg.lstsq(slopes, restricted.slopes, rcond=None)[0]
    A = null_space(within.T, rcond=1e-8).T
    lead = A @ wider.inverse @ slopes.T @ V
    U = lead.T @ np.linalg.pinv(A @ wider.inverse @ A.T, rcond=1e-13, hermitian=True) @ lead
    return corrected(restricted.least - wider.least, restricted.df - wider.df, U, moments)


def score_test(restricted: Solution, wider: Solution, moments: Moments) -> Test:
    """Whether the wider model, at the estimates of the restricted one, pulls away from it (Rao 1948; Boos 1992).

    The pull of the restrictions, cleared of the numbers the restricted model estimates, has deviations like any other
    number, so that the test knows of strata and clusters.
    """
    V = restricted.weight
    known, slopes = restricted.slopes, wider.slopes
    rest = slopes - known @ restricted.inverse @ known.T @ V @ slopes
    size, directions = np.linalg.eigh(rest.T @ V @ rest)
    m = len(wider.theta) - len(restricted.theta)
    there = rest @ (directions[:, -m:] / np.sqrt(size[-m:]))
    lead = V @ there
    pull = restricted.distance.pull(restricted.implied).reshape(-1)
    return hotelling(there.T @ pull, moments.deviations @ lead, _shared_df(lead, moments))


def _shared_df(lead: Array, moments: Moments) -> float:
    """The degrees of freedom of a covariance L'Gamma L (m, m) to which independent groups add S_g, as shares of it:
    (m + m^2) / sum_g (tr S_g^2 + tr^2 S_g) / nu_g (Nel and van der Merwe 1986; Krishnamoorthy and Yu 2004).
    """
    if not moments.apart:
        return moments.shared_df
    q, m = moments.layout.size, lead.shape[1]
    parts = [
        moments.deviations[:, at] @ lead[at] for at in (slice(g * q, g * q + q) for g in range(len(moments.values)))
    ]
    whole = np.linalg.pinv(sum(part.T @ part for part in parts), hermitian=True)
    shares = [whole @ part.T @ part for part in parts]
    spent = sum(
        ((S * S.T).sum() + np.trace(S) ** 2) / nu for S, nu in zip(shares, moments.df, strict=True) if np.isfinite(nu)
    )
    return float((m + m**2) / spent) if spent > 0 else np.inf


def unexplained(solution: Solution) -> Array:
    """U = V - V Delta (Delta'V Delta)^-1 Delta'V: what the model leaves of the sample statistics (Satorra and Bentler
    1994).
    """
    lead = solution.weight @ solution.slopes
    return solution.weight - lead @ solution.inverse @ lead.T


def corrected(least: float, df: int, U: Array, moments: Moments) -> ChiSquare:
    """The distance with mean tr(U Gamma) and variance 2 tr(U Gamma U Gamma), Gamma the covariance of the statistics.

    Gamma is estimated from few primary units, which makes the second trace too large: with nu degrees of freedom a
    Wishart matrix has E tr(UGUG) = (1 + 1/nu) tr(UGUG) + tr(UG)^2 / nu, and what is returned is free of that (Bai and
    Saranadasa 1996). The first trace is uncertain by 2 tr(UGUG) / nu, which gives the second df of F.
    """
    if df <= 0:
        return ChiSquare(least, df, 1.0, 0.0, np.nan, np.nan, np.nan)
    within, first, across = _parts(U, moments)
    seconds = [_unbiased(float(np.trace(A)), float((A * A.T).sum()), nu) for A, nu in within]
    second = max(sum(seconds) + across, first**2 / df)
    noise = sum(each / nu for each, (_, nu) in zip(seconds, within, strict=True))
    scale = float(np.sqrt(second / df))
    df2 = first**2 / noise if noise > 0 else np.inf
    return ChiSquare(least, df, scale, float(df - first / scale), first, float(first**2 / second), float(df2))


def _unbiased(first: float, second: float, nu: float) -> float:
    if not np.isfinite(nu) or nu < 2:
        return second
    return max(nu**2 / ((nu - 1) * (nu + 2)) * (second - first**2 / nu), 0.0)


def _parts(U: Array, moments: Moments) -> tuple[list[tuple[Array, float]], float, float]:
    """U Gamma within each group with the df of its Gamma; tr(U Gamma); what of tr(U Gamma U Gamma) is across groups.

    Groups with no primary unit in common go together all the same where weights were calibrated on both at once.
    """
    gamma, q = moments.covariance, moments.layout.size
    whole = U @ gamma
    first = float(np.trace(whole))
    if not moments.apart:
        return [(whole, moments.shared_df)], first, 0.0
    at = [slice(g * q, (g + 1) * q) for g in range(len(moments.values))]
    within: list[tuple[Array, float]] = [
        (U[a, a] @ gamma[a, a], float(df)) for a, df in zip(at, moments.df, strict=True)
    ]
    return within, first, float((whole * whole.T).sum() - sum((A * A.T).sum() for A, _ in within))
