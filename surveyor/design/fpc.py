"""Finite populations: how large a part of its stratum was drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes
from surveyor.design.columns import numbers_of, row_of
from surveyor.errors import DesignError


def sampling_fraction(frame: pd.DataFrame, name: str, unit: Codes, stratum: Codes) -> Array:
    """The fraction f (U,) of each unit's stratum that was drawn, from the column `name`.

    unit     (n,) unit of each row
    stratum  (U,) stratum of each unit

    Values all at most 1 are fractions, else counts of units in the population (N, so f = m / N).

    Raises DesignError for text, gaps, values not above 0, a value that varies within a stratum, a
    population smaller than its sample, or fractions and counts in one column.
    """
    numbers = numbers_of(frame, name, "finite-population correction")
    if (numbers <= 0).any():
        raise DesignError(f"'{name}' is not above 0 in row {row_of(numbers <= 0)}", expected="a count or a fraction")
    of_row = stratum[unit]
    values = pd.Series(numbers).groupby(of_row).agg(["min", "max"])
    varies = values["min"] != values["max"]
    if varies.any():
        at = int(np.argmax(of_row == varies.index[varies][0])) + 1
        raise DesignError(
            f"'{name}' varies within one stratum (the one of row {at})",
            expected="one population count or fraction per stratum and stage",
        )
    value: Array = values["max"].to_numpy(dtype=float)
    if (value <= 1).all():
        return np.asarray(value[stratum])
    m = np.bincount(stratum)
    small = value < m
    if small.any():
        h = int(np.argmax(small))
        at = int(np.argmax(of_row == h)) + 1
        raise DesignError(
            f"'{name}' says a stratum has {value[h]:g} units, but {m[h]} were drawn (see row {at})",
            expected="counts of units in the population, or fractions in every row",
        )
    return np.asarray((m / value)[stratum])
