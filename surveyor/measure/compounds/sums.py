"""What is needed of the answers: sums per compound, made once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from surveyor.arrays import Array, Codes


@dataclass(frozen=True, eq=False)
class Sums:
    """What J compounds of G types say of one outcome.

    n        (J,) answers of each compound, at least 1
    mean     (J,) their mean
    within   sum of squares of the answers around the mean of their compound
    type     (J,) type of each compound, 0 to G - 1
    unit     (J,) the compound's place among all of the design
    types    G
    """

    n: Array
    mean: Array
    within: float
    type: Codes
    unit: Codes
    types: int = 1

    @property
    def compounds(self) -> int:
        """J."""
        return len(self.n)

    @property
    def answers(self) -> float:
        """N: how many answers there are."""
        return float(self.n.sum())

    @property
    def between_df(self) -> int:
        """J - G."""
        return self.compounds - self.types

    @property
    def within_df(self) -> float:
        """N - J."""
        return self.answers - self.compounds

    @property
    def kish(self) -> float:
        """Sum n^2 / sum n: how many answers the compound of a random answer has (Kish 1987)."""
        return float((self.n**2).sum() / self.answers)

    def per_type(self, values: Array) -> Array:
        """Sums (G,) of values (J,)."""
        return np.asarray(np.bincount(self.type, values, self.types), dtype=float)

    @property
    def level(self) -> float:
        """The root mean square of the means: what rounding is measured by."""
        return float(np.sqrt((self.n * self.mean**2).sum() / self.answers))

    def off(self, weight: Array) -> tuple[Array, Array]:
        """Means (G,) of the compounds of each type with weights (J,), and how far each compound is off (J,)."""
        centre = self.per_type(weight * self.mean) / self.per_type(weight)
        return centre, self.mean - centre[self.type]


def sums_of(values: Array, unit: Codes, type_of: Codes) -> Sums:
    """The sums of answers (N,) in compounds (N,); `type_of` (U,) is the type of each compound of the design.

    >>> sums_of(np.array([1.0, 3.0, 5.0]), np.array([0, 0, 2]), np.zeros(3, dtype=int)).mean
    array([2., 5.])
    """
    counts = np.bincount(unit, minlength=len(type_of)).astype(float)
    middle = float(values.mean()) if len(values) else 0.0
    y = values - middle  # large numbers lose no digits
    mean = np.bincount(unit, y, len(type_of)) / np.maximum(counts, 1)
    rest = y - mean[unit]
    there = np.flatnonzero(counts)
    return Sums(counts[there], mean[there] + middle, float(rest @ rest), type_of[there], there, int(type_of.max()) + 1)
