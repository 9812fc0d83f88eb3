"""The standard bivariate normal distribution: what two ordinal answers are cut from."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr, owens_t

from surveyor.arrays import Array

#: Beyond this many standard deviations nothing is left to double precision.
FAR = 38.0
_TINY = 1e-300


def normal_density(x: Any) -> Any:
    """The density of the standard normal distribution."""
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


def density(h: Array, k: Array, rho: Array | float) -> Array:
    """The density at (h, k) with correlation `rho`; all broadcast."""
    free = 1 - np.square(rho)
    exponent = -(h * h - 2 * rho * h * k + k * k) / (2 * free)
    return np.asarray(np.exp(exponent) / (2 * np.pi * np.sqrt(free)))


def probability(h: Array, k: Array, rho: Array | float) -> Array:
    """P(X <= h, Y <= k) with correlation `rho`; infinite bounds allowed, or complex steps; all broadcast.

    (Phi(h) + Phi(k)) / 2 - T(h, a) - T(k, b) - [h, k of different sign] / 2, with Owen's T and
    a = (k/h - rho) / sqrt(1 - rho^2), b = (h/k - rho) / sqrt(1 - rho^2)   (Owen 1956).

    >>> probability(np.array(0.0), np.array(0.0), 0.5).round(12)
    np.float64(0.333333333333)
    """
    if any(np.iscomplexobj(each) for each in (h, k, rho)):
        return np.asarray(_stepped(h, k, rho))
    h, k = (np.where(x == 0, _TINY, np.clip(x, -FAR, FAR)) for x in (h, k))
    root = np.sqrt(1 - np.square(rho))
    apart = np.where((h > 0) == (k > 0), 0.0, 0.5)
    with np.errstate(over="ignore"):
        a, b = (k / h - rho) / root, (h / k - rho) / root
    return np.asarray((ndtr(h) + ndtr(k)) / 2 - owens_t(h, a) - owens_t(k, b) - apart)


def _stepped(h: Any, k: Any, rho: Any) -> Any:
    """The probability at finite complex bounds, along its derivatives: Owen's T is real."""
    x, y, r = np.real(h), np.real(k), np.real(rho)
    moved = np.imag(h) * conditional(x, y, r) + np.imag(k) * conditional(y, x, r) + np.imag(rho) * density(x, y, r)
    return probability(x, y, r) + 1j * moved


def conditional(h: Array, k: Array, rho: Array | float) -> Array:
    """The derivative of `probability` by h: density at h times P(Y <= k | X = h)."""
    return np.asarray(normal_density(h) * ndtr((k - rho * h) / np.sqrt(1 - np.square(rho))))
