"""Expected answers along a factor, group by group: what it means that an item works otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyor.measure.fit import Solution
from surveyor.measure.invariance.bias import expected, root
from surveyor.measure.invariance.ladder import held, with_means

if TYPE_CHECKING:
    from surveyor.measure.invariance.invariance import Invariance

#: Points of each curve, and how many standard deviations of its group it reaches to each side.
POINTS, REACH = 41, 2.0


def curves(result: Invariance) -> pd.DataFrame:
    """Expected answers to the items that were let go: item, factor, group (0 or 1), level, expected.

    The level is counted in standard deviations of the first group, around its mean. Each curve spans the levels of
    its own group, two standard deviations to each side of its mean. Answers are categories counted from 1, or points.
    The model is that of equal intercepts in which these items are free (see `Step`).
    """
    setting, gone = result.setting, result.let_go
    columns = ["item", "factor", "group", "level", "expected"]
    if not gone:
        return pd.DataFrame(columns=columns)
    solution = _free(result)
    parts = []
    for place, (factor, items) in enumerate(setting.structure.factors.items()):
        for item in items:
            name = setting.items.names[item]
            if name not in gone:
                continue
            for g in range(2):
                arrays = solution.parameters.arrays(solution.theta, g)
                mean, sd = arrays["factor mean"][place], root(arrays["factor variance"][place, place])
                level = mean + sd * np.linspace(-REACH, REACH, POINTS)
                answer = expected(setting, arrays, item, place, level) + float(setting.moments.layout.ordinal[item])
                parts.append(pd.DataFrame(dict(zip(columns, (name, factor, g, level, answer), strict=True))))
    return pd.concat(parts, ignore_index=True)


def _free(result: Invariance) -> Solution:
    """The model with equal intercepts but for the items let go; fitted where the ladder ended below it."""
    for step in result.steps:
        if "intercepts" in step.equal.alike:
            return step.solution
    last = result.steps[-1]
    return held(result.setting, with_means(result.setting.moments.layout, last.equal.freed), last.solution)
