"""From a statistic and the design to numbers with joint uncertainty: one pass of sums, then small matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.design.units import Units
from surveyor.statistics import Statistic, gradient


class Linearised(NamedTuple):
    """Values of q statistics in c cells, cell by cell (c*q in all).

    deviations  one row per unit and stage, c*q columns; D'D is the covariance
    n           answers each value rests on
    """

    values: Array
    deviations: Array
    df: Array
    n: Array


def linearise(statistic: Statistic, columns: Mapping[str, Array], units: Units, cell: Codes, cells: int) -> Linearised:
    """Evaluate `statistic` in every cell, and differentiate it with respect to its totals.

    columns   (n,) each, NaN where an answer is missing: such rows have weight zero (a domain)
    cell      (n,) cell of each row, -1 for none

    With totals t and unit totals t_u, the influence of unit u is z_u = sum_k df/dt_k t_uk
    (Woodruff 1971; Demnati and Rao 2004): influence never exists row by row.
    """
    valid = np.isfinite(np.stack([columns[name] for name in statistic.variables])).all(axis=0)
    valid &= units.weights > 0
    cell = np.where(valid, cell, -1)
    known = {name: np.where(valid, columns[name], 0.0) for name in statistic.variables}
    w = units.weights
    terms = statistic.terms(known)
    members = units.members(cell, cells)
    by_unit = units.sums(w[:, None] * terms, cell, cells)
    totals = by_unit.sum(axis=1)
    n = members.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.asarray(statistic.formula(totals), dtype=float)
        slopes = gradient(statistic.formula, totals)
        influence = np.einsum("qkc,kuc->ucq", slopes, by_unit).reshape(units.count, -1)
    q = len(values)
    return Linearised(
        values=np.where(n > 0, values, np.nan).T.reshape(-1),
        deviations=units.deviations(influence, np.repeat(members, q, axis=1)),
        df=np.repeat(units.degrees(members), q),
        n=np.repeat(n, q).astype(int),
    )
