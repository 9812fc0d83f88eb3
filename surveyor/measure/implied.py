"""The sample statistics a factor model implies, and their exact derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.measure.layout import Layout
from surveyor.measure.parameters import Kind, Parameters


def implied(layout: Layout, parameters: Parameters, theta: Array) -> tuple[Array, Array]:
    """The statistics (G, q) that estimates theta (k,) imply, and their derivatives (G, q, k).

    Factors eta = alpha + B eta + zeta and answers y = nu + Lambda eta + epsilon have, with A = (I - B)^-1,

        mu = nu + Lambda A alpha,   Sigma = Lambda A Psi A' Lambda' + Theta          (Joreskog 1973; Bollen 1989)

    and an ordinal item shows in which interval between its thresholds tau the answer behind it falls:
    what can be seen of it is (tau - mu) / sqrt(Sigma_ii) and Sigma_ij / sqrt(Sigma_ii Sigma_jj) (Muthen 1984).
    Analytic, so that theta may be complex.
    """
    G, q = parameters.shape.groups, layout.size
    values = np.empty((G, q), dtype=theta.dtype)
    slopes = np.zeros((G, q, len(theta)), dtype=theta.dtype)
    for g in range(G):
        model = Behind(layout, parameters.arrays(theta, g))
        values[g] = model.seen()
        for source, change in model.changes(parameters.places(g)):
            np.add.at(slopes[g].T, source, change.T)
    return values, slopes


class Behind:
    """Mean `mu` and covariance `sigma` of the answers in one group, or of what is behind them; `factors` is the
    covariance of the factors and `mean` their mean.
    """

    def __init__(self, layout: Layout, arrays: Mapping[Kind, Array]) -> None:
        self.layout = layout
        self.tau, self.nu, self.loading = arrays["threshold"], arrays["intercept"], arrays["loading"]
        m = self.loading.shape[1]
        self.through = np.linalg.inv(np.eye(m) - arrays["regression"])  # A
        self.mean = self.through @ arrays["factor mean"]
        self.factors = self.through @ arrays["factor variance"] @ self.through.T
        self.reach = self.loading @ self.through  # Lambda A: what a disturbance of a factor adds to each answer
        self.shared = self.factors @ self.loading.T  # covariance of factors and answers (m, p)
        self.mu = self.nu + self.loading @ self.mean
        self.sigma = self.loading @ self.shared + np.diag(arrays["residual"])
        self.sd = np.sqrt(np.diag(self.sigma))
        self.scale = np.where(layout.ordinal, self.sd, 1.0)

    def seen(self) -> Array:
        """The q statistics."""
        i, j = self.layout.pairs
        item = self.layout.item
        level = np.where(self.layout.ordinal[item], (self.tau - self.mu[item]) / self.sd[item], self.mu[item])
        variance = np.diag(self.sigma)[self.layout.continuous]
        return np.concatenate([level, variance, self.sigma[i, j] / (self.scale[i] * self.scale[j])])

    def changes(self, places: Mapping[Kind, tuple[Codes, Codes]]) -> Iterator[tuple[Codes, Array]]:
        """By kind, which of the k numbers is moved, and by how much the statistics move with it (q, entries)."""
        p, m = self.loading.shape
        unit, none = np.eye(p), np.zeros
        for kind, (flat, source) in places.items():
            N = len(flat)
            if kind == "threshold":
                made = np.zeros((self.layout.size, N), dtype=self.tau.dtype)
                made[flat, np.arange(N)] = 1 / self.sd[self.layout.item[flat]]
                yield source, made
                continue
            if kind == "intercept":
                yield source, self._moved(unit[:, flat], none((p, N)), none((p, N)))
            elif kind == "residual":
                yield source, self._moved(none((p, N)), unit[:, flat], 0.5 * unit[:, flat])
            elif kind == "loading":
                i, a = np.divmod(flat, m)
                yield source, self._moved(unit[:, i] * self.mean[a], unit[:, i], self.shared[a].T)
            elif kind == "regression":
                a, b = np.divmod(flat, m)
                yield source, self._moved(self.reach[:, a] * self.mean[b], self.reach[:, a], self.shared[b].T)
            elif kind == "factor mean":
                yield source, self._moved(self.reach[:, flat], none((p, N)), none((p, N)))
            else:  # each of the two sides of the diagonal is an entry of its own
                a, b = np.divmod(flat, m)
                yield source, self._moved(none((p, N)), self.reach[:, a], 0.5 * self.reach[:, b])

    def _moved(self, mu: Array, u: Array, v: Array) -> Array:
        """How the statistics move (q, N) where the mean moves by mu (p, N) and Sigma by u v' + v u'."""
        i, j = self.layout.pairs
        item, ordinal = self.layout.item, self.layout.ordinal
        variance = 2 * u * v
        sd = variance / (2 * self.sd[:, None])
        z = ((self.tau - self.mu[item]) / self.sd[item])[:, None]
        level = np.where(ordinal[item][:, None], -(mu[item] + z * sd[item]) / self.sd[item][:, None], mu[item])
        relative = np.where(ordinal[:, None], sd / self.sd[:, None], 0.0)
        scale = (self.scale[i] * self.scale[j])[:, None]
        seen = self.sigma[i, j][:, None] / scale
        covariance = (u[i] * v[j] + u[j] * v[i]) / scale - seen * (relative[i] + relative[j])
        return np.concatenate([level, variance[self.layout.continuous], covariance])
