"""How well a factor model fits: CFI, TLI, RMSEA with interval, SRMR, and correlations left over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtr, chndtr

from surveyor.arrays import Array
from surveyor.measure.chi_square import ChiSquare, corrected, of_model
from surveyor.measure.fit import Solution
from surveyor.measure.moments import Moments


@dataclass(frozen=True)
class FitMeasures:
    """Measures of fit, from corrected chi-squares.

    cfi    1 - (X - df) / (X0 - df0), 0 for the items unrelated, 1 for a perfect fit (Bentler 1990)
    tli    (X0/df0 - X/df) / (X0/df0 - 1) (Tucker and Lewis 1973)
    rmsea  sqrt(G (X - df) / (N df)), low and high its 90 % interval (Steiger and Lind 1980; Browne and Cudeck 1992;
           Steiger 1998 for G groups)
    srmr   root mean square of what is left over of the p (p + 1) / 2 standardised variances and covariances, and of the
           means of continuous items (Bentler 1995; Hu and Bentler 1999), averaged over groups
    """

    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmr: float


def fit_measures(solution: Solution, moments: Moments, tested: ChiSquare | None = None) -> FitMeasures:
    """The measures of one model."""
    test = of_model(solution, moments) if tested is None else tested
    none = unrelated(solution, moments)
    X, df, X0, df0 = test.statistic, test.df, none.statistic, none.df
    away, away0 = max(X - df, 0.0), max(X0 - df0, X - df, 0.0)
    tli = (X0 / df0 - X / df) / (X0 / df0 - 1) if df > 0 else 1.0
    N, G = float(moments.n.sum()), len(moments.values)
    size = np.sqrt(G / (N * df)) if df > 0 else 0.0
    low, high = _noncentrality(X, df, 0.95), _noncentrality(X, df, 0.05)
    return FitMeasures(
        cfi=1 - away / away0 if df > 0 and away0 > 0 else 1.0,
        tli=float(tli),
        rmsea=float(size * np.sqrt(away)),
        rmsea_low=float(size * np.sqrt(low)),
        rmsea_high=float(size * np.sqrt(high)),
        srmr=srmr(solution, moments),
    )


def unrelated(solution: Solution, moments: Moments) -> ChiSquare:
    """The distance of a model in which no item has to do with another."""
    layout = moments.layout
    alone = moments.values.copy()
    alone[:, layout.covariances] = 0.0
    G, q = alone.shape
    related = np.zeros(q, dtype=bool)
    related[layout.covariances] = True
    at = np.tile(related, G)
    U = np.zeros((G * q, G * q))
    V = np.concatenate([np.diag(weight) for weight in solution.distance.weight(alone)])
    U[at, at] = V[at]
    return corrected(solution.distance(alone), int(at.sum()), U, moments)


def residual_correlations(solution: Solution, moments: Moments) -> Array:
    """(G, pairs) correlations of the sample minus those of the model; continuous items by the sample's variances."""
    ours, layout = moments.values, moments.layout
    return layout.correlations(ours) - layout.correlations(solution.implied, ours)


def srmr(solution: Solution, moments: Moments) -> float:
    """Root mean square over correlations, variances (of ordinal items always met) and means of continuous items."""
    layout = moments.layout
    squares = []
    for ours, theirs, left in zip(
        moments.values, solution.implied, residual_correlations(solution, moments), strict=True
    ):
        variance = ours[layout.variances]
        mean = (ours - theirs)[layout.starts[layout.continuous]] / np.sqrt(variance)
        spread = np.concatenate([1 - theirs[layout.variances] / variance, np.zeros(int(layout.ordinal.sum()))])
        squares.append(np.mean(np.square(np.concatenate([left, mean, spread]))))
    return float(np.average(np.sqrt(squares), weights=moments.n))


def _noncentrality(X: float, df: int, below: float) -> float:
    """The noncentrality under which a share `below` of chi-squares is smaller than X."""
    if df <= 0 or not np.isfinite(X) or X <= 0 or chdtr(df, X) < below:
        return 0.0
    return float(brentq(lambda lam: float(chndtr(X, df, lam)) - below, 0.0, max(4.0 * X, 50.0)))
