"""Means of compounds drawn towards the mean of their type, as far as chance among their residents asks for it."""

from __future__ import annotations

import numpy as np

from surveyor.arrays import Array
from surveyor.measure.compounds.one_way import OneWay


def shrunken(model: OneWay) -> tuple[Array, Array]:
    """Empirical Bayes means (J,) of the compounds and their standard errors (J,).

    mu_g + lambda_j (mean_j - mu_g). The mean squared error is g1 + g2 + 2 g3 (Prasad and Rao 1990; for variances by
    restricted maximum likelihood Datta and Lahiri 2000): g1 = tau^2 (1 - lambda_j) for chance within the compound,
    g2 = (1 - lambda_j)^2 var(mu_g) for the estimated mean, g3 for the estimated variances.

    >>> from surveyor.measure.compounds.sums import Sums
    >>> sums = Sums(np.array([2.0, 2.0]), np.array([0.0, 3.0]), 2.0, np.zeros(2, dtype=int), np.arange(2))
    >>> shrunken(OneWay(sums, 4.0))[0] * 9
    array([ 1.5, 25.5])
    """
    mu, off = model.sums.off(model.weight)
    kept = model.reliability
    g1 = model.tau2 * (1 - kept)
    g2 = (1 - kept) ** 2 * model.mu_variance[model.sums.type]
    return mu[model.sums.type] + kept * off, np.sqrt(g1 + g2 + 2 * variances_unknown(model))


def variances_unknown(model: OneWay) -> Array:
    """g3 (J,): what is added because tau^2 and sigma^2 are estimated (Prasad and Rao 1990, nested errors).

    (sigma^4 V_tt + tau^4 V_ss - 2 tau^2 sigma^2 V_ts) / (n^2 (tau^2 + sigma^2 / n)^3), with V the asymptotic covariance
    of (tau^2, sigma^2).
    """
    n, tau2, sigma2 = model.sums.n, model.tau2, model.sigma2
    V = variance_of_variances(model)
    spread = sigma2**2 * V[0, 0] + tau2**2 * V[1, 1] - 2 * tau2 * sigma2 * V[0, 1]
    return np.asarray(spread / (n**2 * (tau2 + sigma2 / n) ** 3))


def variance_of_variances(model: OneWay) -> Array:
    """Asymptotic covariance (2, 2) of (tau^2, sigma^2): twice the inverse of sums over eigenvalues of the covariance.

    A compound has the eigenvalue e = sigma^2 + n tau^2 once and sigma^2 n - 1 times (Searle, Casella and McCulloch
    1992, section 3.7).
    """
    n, sigma2 = model.sums.n, model.sigma2
    e = sigma2 + n * model.tau2
    tt, ts, ss = ((n / e) ** 2).sum(), (n / e**2).sum(), (1 / e**2 + (n - 1) / sigma2**2).sum()
    return 2 * np.linalg.inv(np.array([[tt, ts], [ts, ss]]))
