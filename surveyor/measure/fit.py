"""A factor model brought as near to the sample statistics as it can come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import minimize

from surveyor.arrays import Array
from surveyor.measure.distance import Distance
from surveyor.measure.implied import implied
from surveyor.measure.layout import Layout
from surveyor.measure.parameters import Parameters

#: The slope, per answer, under which a fit has arrived, and the steps it may take.
ARRIVED, STEPS = 1e-9, 300


@dataclass(frozen=True, eq=False)
class Solution:
    """Where a model comes nearest.

    theta       (k,) its numbers
    least       the distance there
    arrived     whether the search ended at a place without slope
    """

    layout: Layout
    parameters: Parameters
    distance: Distance
    theta: Array
    least: float
    arrived: bool

    @cached_property
    def _there(self) -> tuple[Array, Array]:
        return implied(self.layout, self.parameters, self.theta)

    @property
    def implied(self) -> Array:
        """The statistics (G, q) of the model."""
        return self._there[0]

    @property
    def slopes(self) -> Array:
        """Their derivatives by the k numbers (G * q, k)."""
        return self._there[1].reshape(-1, len(self.theta))

    @cached_property
    def weight(self) -> Array:
        """The weights of the distances (G * q, G * q), block by block."""
        return blocks(self.distance.weight(self.implied))

    @cached_property
    def information(self) -> Array:
        """Slopes' weight slopes (k, k)."""
        return self.slopes.T @ self.weight @ self.slopes

    @cached_property
    def inverse(self) -> Array:
        """The inverse of the information (k, k), generalised where a loading that runs off leaves a direction without
        any.
        """
        return np.asarray(np.linalg.pinv(self.information, rcond=1e-13, hermitian=True))

    @property
    def df(self) -> int:
        """Sample statistics minus estimated numbers."""
        return self.parameters.shape.groups * self.layout.size - len(self.parameters)


def fit(layout: Layout, parameters: Parameters, distance: Distance, answers: float) -> Solution:
    """The model's numbers at the least distance, from its starting values, by trust-region steps (Conn, Gould and Toint
    2000) with the expected second derivative.

    answers   how many answers there are in all, so that slopes can be judged
    """
    look = _Look(layout, parameters, distance, answers)
    found = minimize(
        look.distance, parameters.start, jac=look.slope, hess=look.curvature, method="trust-exact",
        options={"gtol": ARRIVED, "maxiter": STEPS},
    )  # fmt: skip
    theta = np.asarray(found.x, dtype=float)
    slope = float(np.abs(look.slope(theta)).max())
    return Solution(layout, parameters, distance, theta, distance(implied(layout, parameters, theta)[0]), slope < 1e-6)


class _Look:
    """Distance, slope and curvature per answer at one place, computed once."""

    def __init__(self, layout: Layout, parameters: Parameters, distance: Distance, answers: float) -> None:
        self.layout, self.parameters, self.of, self.answers = layout, parameters, distance, answers
        self.known: tuple[bytes, tuple[Array, Array]] | None = None

    def there(self, theta: Array) -> tuple[Array, Array]:
        if self.known is None or self.known[0] != theta.tobytes():
            with np.errstate(invalid="ignore", divide="ignore"):
                self.known = (theta.tobytes(), implied(self.layout, self.parameters, theta))
        return self.known[1]

    def distance(self, theta: Array) -> float:
        return self.of(self.there(theta)[0]) / self.answers

    def slope(self, theta: Array) -> Array:
        sigma, slopes = self.there(theta)
        return np.asarray(-2 * np.einsum("gq,gqk->k", self.of.pull(sigma), slopes) / self.answers)

    def curvature(self, theta: Array) -> Array:
        sigma, slopes = self.there(theta)
        flat = slopes.reshape(-1, len(theta))
        if not np.isfinite(flat).all() or not np.isfinite(self.of(sigma)):
            return np.eye(len(theta))  # no place to go to: the step is not taken
        return np.asarray(2 * flat.T @ blocks(self.of.weight(sigma)) @ flat / self.answers)


def blocks(parts: Array) -> Array:
    """Matrices (G, q, q) along a diagonal (G * q, G * q)."""
    G, q, _ = parts.shape
    made = np.zeros((G * q, G * q), dtype=parts.dtype)
    for g in range(G):
        made[g * q : (g + 1) * q, g * q : (g + 1) * q] = parts[g]
    return made
