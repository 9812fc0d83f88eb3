"""Families of regression: what one answer says of its linear predictors, and what it does not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from scipy.special import expit, log_ndtr, ndtr, ndtri, xlogy

from surveyor.arrays import Array, places


class Slopes(NamedTuple):
    """Of n answers with m linear predictors each: log-likelihood (n,), its derivatives (n, m), and minus the second
    derivatives (n, m, m).
    """

    loglik: Array
    first: Array
    second: Array


class Family(ABC):
    """A distribution of answers given m linear predictors.

    ordered   whether the predictors are cut points minus one predictor that they share
    """

    name: ClassVar[str]
    ordered: ClassVar[bool] = False

    @property
    def predictors(self) -> int:
        """m: how many linear predictors there are."""
        return 1

    @property
    def answers(self) -> tuple[float | None, ...]:
        """What `mean` gives a number for: the levels of the outcome, or (None,) for its mean."""
        return (None,)

    def coded(self, y: Array) -> Array:
        """The answers as the other methods want them."""
        return y

    @abstractmethod
    def slopes(self, y: Any, eta: Array) -> Slopes:
        """At predictors eta (n, m)."""

    @abstractmethod
    def mean(self, eta: Any) -> Any:
        """The expected answers or shares of levels (n, k). Analytic, so that it accepts complex numbers."""

    @abstractmethod
    def gradient(self, eta: Any) -> Any:
        """The derivatives of `mean` by the predictors (n, k, m). Analytic."""

    @abstractmethod
    def start(self, y: Any, weights: Array) -> Array:
        """Predictors (m,) that fit best where they are the same for all."""

    def best(self, y: Any) -> Any:
        """The log-likelihood (n,) of a model with a parameter for every answer."""
        return 0.0


@dataclass(frozen=True)
class Gaussian(Family):
    """A measure with mean eta: least squares."""

    name: ClassVar[str] = "gaussian"

    def slopes(self, y: Any, eta: Array) -> Slopes:
        r = y - eta[:, 0]
        return Slopes(-0.5 * r * r, r[:, None], np.ones((len(y), 1, 1)))

    def mean(self, eta: Any) -> Any:
        return eta

    def gradient(self, eta: Any) -> Any:
        return np.ones_like(eta)[:, :, None]

    def start(self, y: Any, weights: Array) -> Array:
        return np.array([np.average(y, weights=weights)])


@dataclass(frozen=True)
class Binomial(Family):
    """Yes or no, with the chance of yes a logistic or normal function of eta.

    yes    the codes that count as yes; empty: the answers are 0 and 1, or shares
    link   "logit" or "probit"
    """

    name: ClassVar[str] = "binomial"
    yes: tuple[float, ...] = ()
    link: str = "logit"

    def coded(self, y: Array) -> Array:
        return np.isin(y, self.yes).astype(float) if self.yes else y

    def slopes(self, y: Any, eta: Array) -> Slopes:
        t = eta[:, 0]
        if self.link == "probit":
            up, down = log_ndtr(t), log_ndtr(-t)
            density = -0.5 * t * t - 0.5 * np.log(2 * np.pi)
            a, b = np.exp(density - up), np.exp(density - down)  # of yes and of no
            second = y * a * (a + t) + (1 - y) * b * (b - t)
            return Slopes(y * up + (1 - y) * down, (y * a - (1 - y) * b)[:, None], second[:, None, None])
        small = np.exp(-np.abs(t))
        p = np.where(t > 0, 1.0, small) / (1 + small)
        loglik = y * t - np.maximum(t, 0.0) - np.log1p(small)
        return Slopes(loglik, (y - p)[:, None], (p * (1 - p))[:, None, None])

    def mean(self, eta: Any) -> Any:
        return ndtr(eta) if self.link == "probit" else _logistic(eta)

    def gradient(self, eta: Any) -> Any:
        if self.link == "probit":
            return (np.exp(-eta * eta / 2) / np.sqrt(2 * np.pi))[:, :, None]
        return (_logistic(eta) * _logistic(-eta))[:, :, None]

    def start(self, y: Any, weights: Array) -> Array:
        share = np.average(y, weights=weights)
        return np.array([ndtri(share) if self.link == "probit" else _logit(share)])

    def best(self, y: Any) -> Any:
        return xlogy(y, y) + xlogy(1 - y, 1 - y)


@dataclass(frozen=True)
class Poisson(Family):
    """Counts with mean exp(eta)."""

    name: ClassVar[str] = "poisson"

    def slopes(self, y: Any, eta: Array) -> Slopes:
        mu = np.exp(eta[:, 0])
        return Slopes(y * eta[:, 0] - mu, (y - mu)[:, None], mu[:, None, None])

    def mean(self, eta: Any) -> Any:
        return np.exp(eta)

    def gradient(self, eta: Any) -> Any:
        return np.exp(eta)[:, :, None]

    def start(self, y: Any, weights: Array) -> Array:
        return np.log(np.maximum([np.average(y, weights=weights)], 1e-300))

    def best(self, y: Any) -> Any:
        return xlogy(y, y) - y


@dataclass(frozen=True)
class OfLevels(Family):
    """The part that families of answers on several levels share; outcomes are the places of the levels."""

    levels: tuple[float, ...] = ()

    @property
    def predictors(self) -> int:
        return len(self.levels) - 1

    @property
    def answers(self) -> tuple[float | None, ...]:
        return self.levels

    def coded(self, y: Array) -> Any:
        return places(y, self.levels)

    def among(self, levels: Sequence[float]) -> Self:
        """The family for some of the levels."""
        return replace(self, levels=tuple(levels))


@dataclass(frozen=True)
class Ordinal(OfLevels):
    """Levels in order, P(Y <= level k) = logistic(cut_k - x b): proportional odds (McCullagh 1980)."""

    name: ClassVar[str] = "ordinal"
    ordered: ClassVar[bool] = True

    def slopes(self, y: Any, eta: Array) -> Slopes:
        n, m = eta.shape
        i = np.arange(n)
        top, low = np.minimum(y, m - 1), np.maximum(y - 1, 0)
        up, down = np.where(y < m, eta[i, top], np.inf), np.where(y > 0, eta[i, low], -np.inf)
        with np.errstate(all="ignore"):
            width = np.where(np.isfinite(up) & np.isfinite(down), up - down, np.inf)
            loglik = np.log1p(-np.exp(-width)) - np.logaddexp(0.0, -up) - np.logaddexp(0.0, down)
            near = 1 / np.expm1(width)
            both = near * (1 + near)
        first, second = np.zeros((n, m)), np.zeros((n, m, m))
        a, b = expit(up), expit(down)
        first[i, top] += np.where(y < m, near + 1 - a, 0.0)
        first[i, low] += np.where(y > 0, -near - b, 0.0)
        second[i, top, top] += np.where(y < m, both + a * (1 - a), 0.0)
        second[i, low, low] += np.where(y > 0, both + b * (1 - b), 0.0)
        inner = (y > 0) & (y < m)
        second[i[inner], top[inner], low[inner]] = second[i[inner], low[inner], top[inner]] = -both[inner]
        return Slopes(loglik, first, second)

    def mean(self, eta: Any) -> Any:
        below = _logistic(eta)
        edge = np.zeros_like(below[:, :1])
        return np.diff(np.hstack([edge, below, edge + 1.0]), axis=1)

    def gradient(self, eta: Any) -> Any:
        n, m = eta.shape
        slope = _logistic(eta) * _logistic(-eta)
        made = np.zeros((n, m + 1, m), dtype=slope.dtype)
        k = np.arange(m)
        made[:, k, k] = slope
        made[:, k + 1, k] = -slope
        return made

    def start(self, y: Any, weights: Array) -> Array:
        share = np.bincount(y, weights, len(self.levels))
        return np.asarray(_logit(np.cumsum(share)[:-1] / share.sum()))


@dataclass(frozen=True)
class Multinomial(OfLevels):
    """Levels without order, log P(Y = level k) / P(Y = first level) = x b_k."""

    name: ClassVar[str] = "multinomial"

    def slopes(self, y: Any, eta: Array) -> Slopes:
        n, m = eta.shape
        top = np.maximum(eta.max(axis=1), 0.0)
        total = top + np.log(np.exp(-top) + np.exp(eta - top[:, None]).sum(axis=1))
        p = np.exp(eta - total[:, None])
        chosen = np.hstack([np.zeros((n, 1)), eta])[np.arange(n), y]
        first = (y[:, None] == np.arange(1, m + 1)) - p
        second = -p[:, :, None] * p[:, None, :]
        k = np.arange(m)
        second[:, k, k] += p
        return Slopes(chosen - total, first, second)

    def mean(self, eta: Any) -> Any:
        full = np.hstack([np.zeros_like(eta[:, :1]), eta])
        part = np.exp(full - np.real(full).max(axis=1, keepdims=True))
        return part / part.sum(axis=1, keepdims=True)

    def gradient(self, eta: Any) -> Any:
        p = self.mean(eta)
        made = -p[:, :, None] * p[:, None, 1:]
        k = np.arange(p.shape[1] - 1)
        made[:, k + 1, k] += p[:, 1:]
        return made

    def start(self, y: Any, weights: Array) -> Array:
        share = np.bincount(y, weights, len(self.levels))
        return np.asarray(np.log(share[1:] / share[0]))


def _logistic(eta: Any) -> Any:
    """1 / (1 + exp(-eta)), of complex numbers too, far from 0 without overflow."""
    small = np.exp(np.where(np.real(eta) > 0, -eta, eta))
    return np.where(np.real(eta) > 0, 1.0, small) / (1 + small)


def _logit(p: Any) -> Any:
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return np.log(p / (1 - p))
