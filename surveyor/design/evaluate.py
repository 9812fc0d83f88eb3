"""Any statistic under a design: by its totals, or by its fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from surveyor.arrays import Array, places
from surveyor.design.fitted import fitted
from surveyor.design.grouping import Grouping
from surveyor.design.linearised import Linearised, linearise, rows_of
from surveyor.design.small_samples import Shares, of_means
from surveyor.statistics import Fitted, Indicators, OnTotals, Statistic


def evaluate(statistic: Statistic, columns: Mapping[str, Array], grouping: Grouping) -> Linearised:
    """The values of `statistic` in every cell, and their deviations.

    columns   (n,) each, NaN where an answer is missing
    """
    if isinstance(statistic, Fitted):
        made = fitted(statistic, columns, grouping)
    else:
        assert isinstance(statistic, OnTotals)
        made = linearise(statistic, columns, grouping)
    if statistic.compared is None or made.shares is None:
        return made
    return replace(made, shares=lambda: _of_groups(statistic, columns, grouping))


def _of_groups(statistic: Statistic, columns: Mapping[str, Array], grouping: Grouping) -> Shares:
    """Shares of units where a statistic compares groups within a cell: each unit's of its group, not of the cell."""
    assert statistic.compared is not None
    by, groups = statistic.compared
    units, part = grouping.units, rows_of(statistic, columns, grouping)[0]
    G, cells = len(groups), grouping.cells
    sums = part.sums(Indicators(places(part.take(columns[by]), groups), G + 1))[:G]  # (G, F, cells)
    weights = units.primary(np.moveaxis(sums, 0, 2).reshape(units.count, cells * G))
    made = of_means(weights, units.first.stratum, units.left)
    return made if len(statistic.rows) == G else made.combined(np.kron(np.eye(cells), np.ones((1, G))))
