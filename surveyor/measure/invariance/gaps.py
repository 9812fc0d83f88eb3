"""The gap between the groups in the factors themselves, and how far it moves when items are let go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveyor.estimate import Estimate
from surveyor.measure.fit import Solution
from surveyor.measure.numbers import estimate_of
from surveyor.measure.parameters import Parameter, Parameters
from surveyor.measure.setting import Setting

if TYPE_CHECKING:
    from surveyor.survey import Survey

#: What the three numbers of each factor are.
ALL, SOME, MOVED = "latent gap", "latent gap, items let go", "movement of the gap"


def latent(parameters: Parameters, factors: int) -> Callable[[Any], Any]:
    """Numbers of a model (k,) -> the gap of each factor, first group minus second, in standard deviations pooled over
    the groups: (0 - kappa) / sqrt((1 + psi) / 2), where the first group has mean 0 and variance 1.
    """
    mean = [parameters.index(Parameter("factor mean", (a,), 1)) for a in range(factors)]
    spread = [parameters.index(Parameter("factor variance", (a, a), 1)) for a in range(factors)]

    def formula(theta: Any) -> Any:
        kappa = np.stack([np.nan * theta[0] if at is None else theta[at] for at in mean])
        psi = np.stack([1.0 + 0 * theta[0] if at is None else theta[at] for at in spread])
        return -kappa / ((1 + psi) / 2) ** 0.5

    return formula


def latent_gaps(survey: Survey, setting: Setting, full: Solution, partial: Solution) -> tuple[Estimate, int]:
    """Per factor the latent gap with everything alike, with the items let go, and the movement from one to the other;
    and how many fits under replicates did not arrive.

    The errors do not count that the items let go were chosen on the same answers: with one of three items biased by
    half a standard deviation the second interval holds the truth less often than it says (benchmarks/MEASUREMENT.md).

    full, partial   the models with equal intercepts: of all items, and without those let go (the same where none was);
                    NaN stands for what rests on one that was not found
    """
    solutions: Sequence[Solution] = [full] if partial is full else [full, partial]
    deviations, lost = setting.deviations(solutions)
    factors = len(setting.structure.factors)
    split = len(full.theta)

    def known(solution: Solution) -> float:
        return 1.0 if solution.arrived else float("nan")

    def formula(theta: Any) -> Any:
        every = latent(full.parameters, factors)(theta[:split]) * known(full)
        some = every if partial is full else latent(partial.parameters, factors)(theta[split:]) * known(partial)
        return np.concatenate([every, some, some - every])

    theta = np.concatenate([each.theta for each in solutions])
    rows = [(None, name, None, what) for what in (ALL, SOME, MOVED) for name in setting.structure.factors]
    return estimate_of(survey, setting, rows, formula, (theta, deviations)), lost
