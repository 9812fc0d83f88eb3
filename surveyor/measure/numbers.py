"""Numbers of factor models as estimates: what a reader may ask of a solution, with joint uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.estimate import Estimate, Source
from surveyor.measure.fit import Solution
from surveyor.measure.functions import moved, resting_on
from surveyor.measure.implied import Behind
from surveyor.measure.setting import Setting

if TYPE_CHECKING:
    from surveyor.survey import Survey

#: (code of the group or None, variable, level, statistic).
Row = tuple[float | None, str, Any, str]


def estimates(survey: Survey, setting: Setting, solution: Solution, deviations: Array) -> Estimate:
    """All numbers of a solution, group by group, as smooth functions of those that were fitted."""
    rows: list[Row] = []
    codes: Sequence[float | None] = setting.groups.codes or (None,)
    for code in codes:
        rows += [(code, *row) for row in _rows(setting)]

    def formula(theta: Any) -> Any:
        return np.concatenate([_values(setting, solution, theta, g) for g in range(len(codes))])

    return estimate_of(survey, setting, rows, formula, (solution.theta, deviations))


def estimate_of(
    survey: Survey, setting: Setting, rows: Sequence[Row], formula: Callable[[Any], Any], fitted: tuple[Array, Array]
) -> Estimate:
    """A smooth function of fitted numbers theta (k,) with deviations (R, k), as an estimate under their design."""
    theta, D = fitted
    groups, values = setting.groups, np.asarray(formula(theta), dtype=float)
    how = "refitted" if setting.refits else "sandwich"
    deviations = moved(setting, formula, theta, D)
    df, n = resting_on(setting, deviations)
    columns = ["variable", "level", "statistic"]
    cells = pd.DataFrame([row[1:] for row in rows], columns=columns, dtype=object)
    labels = {}
    if groups.by is not None and any(row[0] is not None for row in rows):
        cells.insert(0, groups.by, [row[0] for row in rows])
        labels[groups.by] = survey.column(groups.by).texts
    factors = setting.structure.factors
    return Estimate(
        cells=cells,
        values=values,
        deviations=deviations,
        df=df,
        n=n.astype(int),
        source=Source(survey.origin, (survey.design, survey.steps, f"{groups.variant}, {how}")),
        labels=labels,
        recipe="",
        lang=survey.lang,
        names={**setting.items.labels, **{name: survey.label(name) for name in factors}},
        whole_df=groups.units.whole_df,
    )


def _rows(setting: Setting) -> list[tuple[str, Any, str]]:
    """What the values of one group are: see _values."""
    layout, names = setting.moments.layout, setting.items.names
    factors = list(setting.structure.factors)
    own = [(names[i], factor) for factor, items in setting.structure.factors.items() for i in items]
    own += [(factor, GENERAL) for factor in factors if setting.structure.general]
    made: list[tuple[str, Any, str]] = [(*pair, what) for what in ("loading", "standardised loading") for pair in own]
    for i, name in enumerate(names):
        if layout.ordinal[i]:
            made += [(name, k + 1, "threshold") for k in range(layout.counts[i])]
    made += [(name, None, what) for what in ("intercept", "residual variance") for name in names]
    made += [(name, None, what) for what in ("factor mean", "factor variance") for name in factors]
    return made + [(a, b, "factor correlation") for a, b in combinations(factors, 2)]


#: The factor behind the factors.
GENERAL = "general factor"


def _values(setting: Setting, solution: Solution, theta: Any, g: int) -> Any:
    """The numbers of one group, in the order of _rows."""
    arrays = solution.parameters.arrays(theta, g)
    layout, structure = solution.layout, setting.structure
    behind = Behind(layout, arrays)
    spread = np.diag(behind.factors) ** 0.5
    a = np.array([k for k, items in enumerate(structure.factors.values()) for _ in items])
    i = np.array([item for items in structure.factors.values() for item in items])
    plain = [arrays["loading"][i, a]]
    standard = [arrays["loading"][i, a] * spread[a] / behind.sd[i]]
    m = len(structure.factors)
    if structure.general:
        plain.append(arrays["regression"][:m, m])
        standard.append(arrays["regression"][:m, m] * spread[m] / spread[:m])
    j, k = np.triu_indices(m, 1)
    return np.concatenate([
        *plain, *standard, arrays["threshold"][layout.ordinal[layout.item]], arrays["intercept"], arrays["residual"],
        behind.mean[:m], np.diag(behind.factors)[:m], behind.factors[j, k] / (spread[j] * spread[k]),
    ])  # fmt: skip
