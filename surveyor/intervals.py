"""Confidence intervals from a value, its standard error, its degrees of freedom and its number of answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import betaincinv, ndtri, stdtrit

from surveyor.arrays import Array

Method = Literal["wald", "logit", "beta", "wilson"]
METHODS: tuple[Method, ...] = ("wald", "logit", "beta", "wilson")
Ends = tuple[Array, Array]


def quantile_t(level: float, df: Array) -> Array:
    """Two-sided t quantiles, normal ones for infinite df; NaN where df is not above 0: no interval."""
    df = np.asarray(df, dtype=float)
    tail = (1 + level) / 2
    t = stdtrit(np.where((df > 0) & np.isfinite(df), df, 1.0), tail)
    return np.where(df > 0, np.where(np.isinf(df), ndtri(tail), t), np.nan)


def wald(v: Array, se: Array, df: Array, n: Array, level: float) -> Ends:
    """v -+ t se."""
    half = quantile_t(level, df) * se
    return v - half, v + half


def logit(v: Array, se: Array, df: Array, n: Array, level: float) -> Ends:
    """Wald on log(p / (1-p)) and back: inside 0 and 1, undefined at them (Korn and Graubard 1998)."""
    center, half = np.log(v / (1 - v)), quantile_t(level, df) * se / (v * (1 - v))
    return 1 / (1 + np.exp(half - center)), 1 / (1 + np.exp(-half - center))


def beta(v: Array, se: Array, df: Array, n: Array, level: float) -> Ends:
    """Clopper and Pearson's exact interval on the effective sample size (Korn and Graubard 1998).

    n* = p(1-p)/se^2 (t_{n-1} / t_df)^2; at exactly 0 or 1, where se is 0, n stands for p(1-p)/se^2.
    """
    edge = (v <= 0) | (v >= 1)
    effective = np.where(edge, n, v * (1 - v) / se**2)
    effective = effective * (quantile_t(level, n - 1.0) / quantile_t(level, df)) ** 2
    x, a = effective * v, (1 - level) / 2
    low = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), effective - x + 1, a), 0.0)
    high = np.where(effective - x > 0, betaincinv(x + 1, np.maximum(effective - x, 1e-300), 1 - a), 1.0)
    known = np.isfinite(effective)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def wilson(v: Array, se: Array, df: Array, n: Array, level: float) -> Ends:
    """The score interval on the effective sample size p(1-p)/se^2, with t for z (Wilson 1927; Kott and Carr 1997)."""
    effective = np.where((v <= 0) | (v >= 1), n, v * (1 - v) / se**2)
    z2 = quantile_t(level, df) ** 2 / effective
    center, half = v + z2 / 2, np.sqrt(z2 * (v * (1 - v) + z2 / 4))
    return (center - half) / (1 + z2), (center + half) / (1 + z2)


class Place(NamedTuple):
    """A value that is read off another scale: where it lies there, how sure that is, and how to read it off.

    For a quantile the scale is the share of the weight at or below it (Woodruff 1952), for a ratio its logarithm.
    """

    at: float
    se: float
    inverse: Callable[[float], float]
    share: bool = True

    def ends(self, df: float, n: float, level: float, method: Method | None = None) -> tuple[float, float]:
        """Low and high end of the value, from those of its place.

        The method is that of the place, "wald" unless named; where a share would leave 0 and 1, "beta".
        """
        given = np.array([self.at]), np.array([self.se]), np.array([df]), np.array([n])
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            low, high = (float(end[0]) for end in ENDS[(self.share and method) or "wald"](*given, level))
            if self.share and (low < 0 or high > 1):
                low, high = (float(end[0]) for end in beta(*given, level))
        if not (np.isfinite(low) and np.isfinite(high)):
            return np.nan, np.nan
        ends = sorted((float(self.inverse(low)), float(self.inverse(high))))
        return ends[0], ends[1]


ENDS = {"wald": wald, "logit": logit, "beta": beta, "wilson": wilson}


def automatic(v: Array, n: Array) -> Array:
    """For shares: "beta" below .1, above .9 or under 30 answers, else "logit", as an array of names."""
    return np.where((v < 0.1) | (v > 0.9) | (n < 30), "beta", "logit")
