"""Trimmed weights: few residents should not speak for many, at the price of some bias."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Array
from surveyor.design.calibration import reweighted
from surveyor.errors import DesignError

if TYPE_CHECKING:
    from surveyor.design.units import Units

STEPS = 100


@dataclass(frozen=True)
class Trimming:
    """Weights between `lower` and `upper`; what is cut off is shared out equally among the others (Potter 1990).

    strict   again, until no weight lies outside; else once, as R's trimWeights does, so that some of those who take
             what is cut off may end just outside

    The variance takes the trimmed weights as they are, as after any step that has no margins.
    """

    lower: float
    upper: float
    strict: bool = False

    def weights(self, d: Array) -> Array:
        """Trimmed weights (n,); residents of weight 0 keep it.

        Raises DesignError where nobody is left to take what is cut off.

        >>> Trimming(0.0, 4.0).weights(np.array([1.0, 2.0, 9.0])).tolist()
        [3.5, 4.5, 4.0]
        """
        w, fixed = d, d <= 0
        for _ in range(STEPS):
            outside = ~fixed & ((w < self.lower) | (w > self.upper))
            if not outside.any():
                return w
            cut = np.where(outside, np.clip(w, self.lower, self.upper), w)
            fixed = fixed | outside
            if fixed.all():
                raise self._impossible()
            w = np.where(fixed, cut, cut + (w.sum() - cut.sum()) / (~fixed).sum())
            if not self.strict:
                return w
        raise self._impossible()

    def applied(self, units: Units) -> Units:
        """The units with trimmed weights; a calibration before it goes on to explain influence.

        Raises DesignError where too little is left for a resident to keep a weight above 0; in replicates it may be.
        """
        moved = reweighted(units, self.weights)
        if (moved.weights <= 0)[units.weights > 0].any():
            raise self._impossible()
        return (
            moved if units.residual is None else replace(moved, residual=replace(units.residual, final=moved.weights))
        )

    def _impossible(self) -> DesignError:
        return DesignError(
            f"no weights between {self.lower:g} and {self.upper:g} add up to what they do now",
            expected="bounds on both sides of the mean weight",
            remedy="Widen the bounds",
        )
