"""What a model says on average: adjusted means, and how they move with one variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.statistics.regression.matrix import BLOCK
from surveyor.statistics.regression.regression import Regression, Solution
from surveyor.statistics.statistic import STEP, Columns, Fit, Fitted, gradient


@dataclass(frozen=True)
class Standardised(Fitted):
    """Predictions of a regression averaged over the weighted sample, all residents given the same value of `variable`.

    levels   the code and the value of each setting; effects: differences to the first setting. Without levels: the
             average slope d mean / d variable at the residents' own values

    With g_i the prediction for row i at coefficients b, value v = sum w g / W and influence
    (g_i - v) / W + (sum w dg/db / W)' influence of b: residents and model vary together (Graubard and Korn 1999).
    """

    regression: Regression
    variable: str
    levels: tuple[tuple[float, float], ...] = ()
    effects: bool = True

    @property
    def levelled(self) -> tuple[str, ...]:
        return self.regression.levelled

    @property
    def variables(self) -> tuple[str, ...]:
        return self.regression.variables

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        codes: list[float | None] = [code for code, _ in self.levels] or [None]
        answers = self.regression.family.answers
        mean = "adjusted mean" if self.regression.family.name in ("gaussian", "poisson") else "adjusted share"
        what = "average effect" if self.effects else mean
        shown = codes[1:] if self.effects and self.levels else codes
        return tuple(
            (self.variable if k is None else f"{k:g}: {self.variable}", code, what) for code in shown for k in answers
        )

    def fit(self, columns: Columns, weights: Array) -> Fit:
        made = self.regression.solved(columns, weights)
        n, W, q = len(weights), float(weights.sum()), len(self.rows)
        g = np.empty((n, q), order="F")
        slopes = np.zeros((q, len(made.optimum.place)))
        used = {name: columns[name] for name in self.regression.matrix.variables}
        for i in range(0, n, BLOCK):
            at = slice(i, min(i + BLOCK, n))
            Q = self._settings(made, {name: column[at] for name, column in used.items()}, at.stop - at.start)
            w, place = weights[at], made.optimum.place
            g[at] = self._predicted(made, Q, place)
            slopes += gradient(lambda phi, w=w, Q=Q: w @ self._predicted(made, Q, phi), place)  # type: ignore[misc]
        values, slopes = weights @ g / W, slopes / W
        influence = made.influence(columns, slopes)
        influence += (g - values) / W
        return Fit(values, influence, shares=made.shares(columns, slopes))

    def _settings(self, made: Solution, rows: Mapping[str, Array], n: int) -> list[Array]:
        """Q at each setting; without levels, as the residents are and the change of Q with the variable."""
        matrix, base = self.regression.matrix, made.base
        if self.levels:
            return [base.of(matrix.rows({**rows, self.variable: np.full(n, value)}, n)) for _, value in self.levels]
        moved = matrix.rows({**rows, self.variable: rows[self.variable] + 1j * STEP}, n, complex)
        return [base.of(np.real(moved)), np.imag(moved) / STEP @ base.T]

    def _predicted(self, made: Solution, Q: list[Array], phi: Any) -> Any:
        """g (n, q) at coefficients phi, which may be complex."""
        family, layout = made.family, made.layout
        if not self.levels:
            slope = family.gradient(layout.eta(Q[0], phi)) @ layout.slope(Q[1], phi)[:, :, None]
            return self._spread(made, slope[:, :, 0])
        means = [self._spread(made, family.mean(layout.eta(part, phi))) for part in Q]
        if self.effects:
            return np.hstack([mean - means[0] for mean in means[1:]])
        return np.hstack(means) + made.origin

    def _spread(self, made: Solution, some: Any) -> Any:
        """A share for every level asked for, 0 for one that nobody gave."""
        answers = self.regression.family.answers
        if made.levels is None or len(answers) == some.shape[1]:
            return some
        full = np.zeros((len(some), len(answers)), dtype=some.dtype)
        full[:, made.levels] = some
        return full
