"""Two ways to say how near a factor model comes to the sample statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from surveyor.arrays import Array
from surveyor.measure.layout import Layout


class Distance(Protocol):
    """How far implied statistics lie from those of the sample; its least value is a chi-square of the model."""

    def __call__(self, sigma: Array) -> float:
        """The distance of implied statistics (G, q); infinite where no answers could have them."""

    def pull(self, sigma: Array) -> Array:
        """Minus half its derivative by the implied statistics (G, q), analytic."""

    def weight(self, sigma: Array) -> Array:
        """Half its expected second derivative (G, q, q)."""


@dataclass(frozen=True, eq=False)
class DiagonallyWeighted:
    """Squared distances over their variances, summed: diagonally weighted least squares (Muthen, du Toit and Spisic
    1997).

    values, spread   (G, q) sample statistics and their variances were all answers independent
    """

    values: Array
    spread: Array

    def __call__(self, sigma: Array) -> float:
        """The sum."""
        total = float((np.square(self.values - sigma) / self.spread).sum())
        return total if np.isfinite(total) else np.inf

    def pull(self, sigma: Array) -> Array:
        """Minus half the derivative (G, q)."""
        return np.asarray((self.values - sigma) / self.spread)

    def weight(self, sigma: Array) -> Array:
        """Half the expected second derivative (G, q, q)."""
        return np.stack([np.diag(1 / spread) for spread in self.spread])


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Minus twice the log likelihood ratio of normal answers against the saturated model (Joreskog 1971).

    n (log|Sigma| + tr Sigma^-1 (S + dd') - log|S| - p), d the distance of the means; summed over the groups.
    """

    layout: Layout
    values: Array
    n: Array

    def __call__(self, sigma: Array) -> float:
        """The ratio; infinite where Sigma is no covariance matrix."""
        total = 0.0
        for n, ours, theirs in zip(self.n, self.values, sigma, strict=True):
            m, S = self._matrices(ours)
            mu, Sigma = self._matrices(theirs)
            sign, size = np.linalg.slogdet(Sigma)
            if not (np.isfinite(theirs).all() and sign > 0 and (np.linalg.eigvalsh(Sigma) > 0).all()):
                return np.inf
            full = S + np.outer(m - mu, m - mu)
            total += n * (size + np.trace(np.linalg.solve(Sigma, full)) - np.linalg.slogdet(S)[1] - len(m))
        return float(total)

    def pull(self, sigma: Array) -> Array:
        """Minus half the derivative (G, q)."""
        return np.stack([
            n * self._precision(theirs) @ self._distance(ours, theirs)
            for n, ours, theirs in zip(self.n, self.values, sigma, strict=True)
        ])  # fmt: skip

    def weight(self, sigma: Array) -> Array:
        """Half the expected second derivative (G, q, q)."""
        return np.stack([n * self._precision(theirs) for n, theirs in zip(self.n, sigma, strict=True)])

    def seen_through(self, sigma: Array) -> Array:
        """How the distances that `pull` weighs move with the sample statistics (G, q, q): products of distances of
        means count as covariance.
        """
        p = self.layout.items
        made = np.stack([np.eye(self.layout.size)] * len(sigma))
        i, j = self.layout.pairs
        for g, theirs in enumerate(sigma):
            d = self.values[g][:p] - theirs[:p]
            made[g, np.arange(p, 2 * p), np.arange(p)] = 2 * d
            made[g, np.arange(2 * p, self.layout.size), i] = d[j]
            made[g, np.arange(2 * p, self.layout.size), j] = d[i]
        return made

    def _matrices(self, values: Array) -> tuple[Array, Array]:
        p = self.layout.items
        S = np.diag(values[p : 2 * p])
        i, j = self.layout.pairs
        S[i, j] = S[j, i] = values[2 * p :]
        return values[:p], S

    def _distance(self, ours: Array, theirs: Array) -> Array:
        p, (i, j) = self.layout.items, self.layout.pairs
        away = ours - theirs
        d = away[:p]
        return np.concatenate([d, away[p : 2 * p] + d * d, away[2 * p :] + d[i] * d[j]])

    def _precision(self, theirs: Array) -> Array:
        """The information per answer about means, variances and covariances (q, q): Sigma^-1, and
        half its square on pairs.
        """
        p = self.layout.items
        G = np.linalg.inv(self._matrices(theirs)[1])
        i, j = (np.concatenate([np.arange(p), index]) for index in self.layout.pairs)
        once = np.where(i == j, 0.5, 1.0)
        made = np.zeros((self.layout.size,) * 2, dtype=theirs.dtype)
        made[:p, :p] = G
        cross = G[np.ix_(i, i)] * G[np.ix_(j, j)] + G[np.ix_(i, j)] * G[np.ix_(j, i)]
        made[p:, p:] = cross * once[:, None] * once
        return made
