"""Drawn answers to items that have nothing in common, under the weights, gaps and clusters of a survey."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from surveyor.arrays import Array, Codes, Flags
from surveyor.measure.compounds.one_way import fitted
from surveyor.measure.compounds.sums import sums_of
from surveyor.statistics.bivariate_normal import normal_density

#: Answers of one primary unit are never more alike than this in drawn data.
ALIKE = 0.99


@dataclass(frozen=True, eq=False)
class Unrelated:
    """Data in which p items have nothing in common.

    thresholds  per item where its normal answer is cut (K - 1,); none for a number
    known       (n, p) who answered; weights (n,); unit (n,) primary units
    alike       (p,) the share of the variance of the normal answer that lies between units
    """

    thresholds: tuple[Array, ...]
    known: Flags
    weights: Array
    unit: Codes
    alike: Array

    def alike_as(self, values: Array) -> Unrelated:
        """The same with each item as alike within units as in answers (n, p).

        The intraclass correlation of normal scores g (see OneWay), over var g: two normal answers with a small
        correlation rho have scores with covariance rho (var g)^2.
        """
        alike, everybody = np.zeros(len(self.thresholds)), np.zeros(int(self.unit.max()) + 1, dtype=np.intp)
        for i, cuts in enumerate(self.thresholds):
            rows = self.known[:, i]
            scores, spread = _scores(cuts)
            y = scores[values[rows, i].astype(np.intp)] if len(cuts) else values[rows, i]
            sums = sums_of(y, self.unit[rows], everybody)
            if sums.between_df > 0 and sums.within_df > 0 and sums.within > 0:
                alike[i] = min(fitted(sums).icc / spread, ALIKE)
        return replace(self, alike=alike)

    def correlations(self, rng: np.random.Generator) -> Array:
        """The correlations (p, p) of one draw."""
        n, p = self.known.shape
        shared = rng.standard_normal((int(self.unit.max()) + 1, p))[self.unit]
        z = np.sqrt(self.alike) * shared + np.sqrt(1 - self.alike) * rng.standard_normal((n, p))
        spread = np.ones(p)
        for i, cuts in enumerate(self.thresholds):
            if len(cuts):
                scores, spread[i] = _scores(cuts)
                z[:, i] = scores[np.searchsorted(cuts, z[:, i])]
        R = _pairwise(z, self.known, self.weights) / np.sqrt(np.outer(spread, spread))
        np.fill_diagonal(R, 1.0)
        return R


def _scores(cuts: Array) -> tuple[Array, float]:
    """The mean of a standard normal answer in each category (K,), and their variance (1 for a number).

    g_k = (phi(tau_k-1) - phi(tau_k)) / P_k
    """
    if not len(cuts):
        return np.zeros(0), 1.0
    edge = np.concatenate([[0.0], normal_density(cuts), [0.0]])
    share = np.diff(np.concatenate([[0.0], ndtr(cuts), [1.0]]))
    scores = -np.diff(edge) / share
    return scores, float(share @ scores**2)


def _pairwise(z: Array, known: Flags, w: Array) -> Array:
    """Weighted correlations (p, p) over the rows that know both."""
    there = known.astype(float)
    y = np.where(known, z, 0.0)
    weighted = w[:, None] * there
    W = weighted.T @ there
    mean = (w[:, None] * y).T @ there / W  # of item i over the rows that know i and j
    square = (w[:, None] * y * y).T @ there / W - mean**2
    both = (w[:, None] * y).T @ y / W - mean * mean.T
    return np.asarray(both / np.sqrt(square * square.T))
