"""Any statistic under a design: by its totals, or by its fit."""

from __future__ import annotations

from collections.abc import Mapping

from surveyor.arrays import Array
from surveyor.design.fitted import fitted
from surveyor.design.grouping import Grouping
from surveyor.design.linearised import Linearised, linearise
from surveyor.statistics import Fitted, OnTotals, Statistic


def evaluate(statistic: Statistic, columns: Mapping[str, Array], grouping: Grouping) -> Linearised:
    """The values of `statistic` in every cell, and their deviations.

    columns   (n,) each, NaN where an answer is missing
    """
    if isinstance(statistic, Fitted):
        return fitted(statistic, columns, grouping)
    assert isinstance(statistic, OnTotals)
    return linearise(statistic, columns, grouping)
