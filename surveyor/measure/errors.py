"""How the numbers of a factor model vary under the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from surveyor.arrays import Array
from surveyor.measure.distance import DiagonallyWeighted, Likelihood
from surveyor.measure.fit import Solution, blocks, fit
from surveyor.measure.implied import implied
from surveyor.measure.moments import Moments, Replicated
from surveyor.statistics import gradient
from surveyor.waiting import waiting


def curvature(solution: Solution) -> Array:
    """Half the second derivative of the distance by the model's numbers (k, k), exact by a complex step."""

    def slope(theta: Array) -> Array:
        sigma, slopes = implied(solution.layout, solution.parameters, theta)
        return np.asarray(-np.einsum("gq,gqk->k", solution.distance.pull(sigma), slopes))

    return gradient(slope, solution.theta)


def sandwich(solution: Solution, moments: Moments) -> Array:
    """Deviations of the numbers (R, k) of a model: D J', J = H^-1 Delta' P C.

    H is half the observed curvature, P the weight of the distances, C how they move with the sample statistics. With
    every answer its own unit these are the robust errors of maximum likelihood (Huber 1967; Satorra and Bentler 1994)
    and of diagonally weighted least squares, its weights taken as known (Muthen, du Toit and Spisic 1997).
    """
    distance, through = solution.distance, solution.weight
    if isinstance(distance, Likelihood):
        through = through @ blocks(distance.seen_through(solution.implied))
    H = np.linalg.pinv(curvature(solution), rcond=1e-13, hermitian=True)
    return np.asarray(moments.deviations @ (H @ solution.slopes.T @ through).T)


def refitted(solutions: Sequence[Solution], replicates: Replicated, answers: float) -> tuple[Array, int]:
    """Deviations of the numbers of several models (R, k1 + k2 + ...) from fitting each again under every replicate,
    from where it stands, and how many of these fits did not arrive.

    Under the delete-one jackknife these are the errors of Quenouille (1956) and Rust (1985).
    """
    moved = np.empty((len(replicates.values), sum(len(each.theta) for each in solutions)))
    lost = 0
    starts = [replace(each.parameters, start=each.theta) for each in solutions]
    with waiting("Fitting the model again under each replicate") as done:
        for r in range(len(replicates.values)):
            distance = DiagonallyWeighted(replicates.values[r], replicates.spread[r])
            again = [fit(each.layout, start, distance, answers) for each, start in zip(solutions, starts, strict=True)]
            lost += sum(not each.arrived for each in again)
            moved[r] = np.concatenate([each.theta for each in again])
            done((r + 1) / len(replicates.values))
    theta = np.concatenate([each.theta for each in solutions])
    return replicates.multipliers.deviations(theta, moved), lost
