"""From a statistic and the design to numbers with joint uncertainty: sums once, then small matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from surveyor.arrays import Array
from surveyor.design.calibration import Residual
from surveyor.design.grouping import Grouping, Part
from surveyor.design.replicates import Multipliers
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


def linearise(statistic: Statistic, columns: Mapping[str, Array], grouping: Grouping) -> Linearised:
    """Evaluate `statistic` in every cell, and differentiate it with respect to its totals.

    columns   (n,) each, NaN where an answer is missing: such rows have weight zero (a domain)

    With totals t and unit totals t_u, the influence of unit u is z_u = sum_k df/dt_k t_uk
    (Woodruff 1971; Demnati and Rao 2004): influence never exists row by row.
    """
    units = grouping.units
    part, statistic, terms = _ready(statistic, columns, grouping)
    by_unit = np.stack([part.sums(term) for term in terms])
    totals = by_unit.sum(axis=1)
    n = part.members.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = statistic.small_sample(n)
        values = scale * np.asarray(statistic.formula(totals), dtype=float)
        if units.replicates is not None:
            D = _replicated(statistic, by_unit, units.replicates, values, scale)
        else:
            slopes = scale * gradient(statistic.formula, totals)
            influence = np.einsum("qkc,kuc->ucq", slopes, by_unit).reshape(units.count, -1)
            if units.residual is not None:
                influence = influence - _explained(units, units.residual, part, terms, grouping, slopes)
            D = units.deviations(influence, np.repeat(part.members, len(values), axis=1))
    q = len(values)
    return Linearised(
        values=np.where(n > 0, values, np.nan).T.reshape(-1),
        deviations=D,
        df=np.repeat(units.degrees(part.members), q),
        n=np.repeat(n, q).astype(int),
    )


def _replicated(statistic: Statistic, by_unit: Array, replicates: Multipliers, values: Array, scale: Any) -> Array:
    """D (R, c*q) from the values under each replicate: one product of unit totals with the multipliers."""
    k, F, c = by_unit.shape
    totals = (replicates.factor.T @ by_unit.transpose(1, 0, 2).reshape(F, k * c)).reshape(-1, k, c).transpose(1, 0, 2)
    moved = scale * np.asarray(statistic.formula(totals), dtype=float)  # (q, R, c)
    flat = moved.transpose(1, 2, 0).reshape(moved.shape[1], -1)
    return replicates.deviations(values.T.reshape(-1), flat)


def _explained(
    units: Units, residual: Residual, part: Part, terms: list[Array | float], grouping: Grouping, slopes: Array
) -> Array:
    """What the calibration variables explain of the influence of each unit (F, c*q)."""
    B = residual.coefficients(part, terms, grouping.cell, slopes)
    weighted = residual.X * residual.after[:, None]
    return np.stack([np.bincount(units.unit, column, units.count) for column in weighted.T], axis=1) @ B


def _ready(
    statistic: Statistic, columns: Mapping[str, Array], grouping: Grouping
) -> tuple[Part, Statistic, list[Array | float]]:
    """The rows that count, the statistic made ready for them, and its row terms."""
    valid = np.ones(len(grouping.units.weights), dtype=bool)
    for name in statistic.variables:
        valid &= np.isfinite(columns[name])
    part = grouping.part(valid)
    known = {name: part.take(columns[name]) for name in statistic.variables}
    statistic = statistic.prepared(known)
    return part, statistic, list(statistic.terms(known))


def simple_variance(statistic: Statistic, columns: Mapping[str, Array], grouping: Grouping) -> tuple[Array, Array]:
    """Variances (c*q,) had the n residents of each cell been a simple random sample, and the population sizes.

    With e_i the influence of row i per unit of weight: W sum w (e_i - mean e)^2 / (n - 1), W = sum w; for a mean
    this is S^2 / n with S^2 as in Variance. The squares are sums of products of row terms, one pass more.
    """
    part, statistic, terms = _ready(statistic, columns, grouping)
    cell = part.key % grouping.cells
    full = [np.broadcast_to(np.asarray(term, dtype=float), len(cell)) for term in terms]

    def total(values: Array) -> Array:
        return np.asarray(np.bincount(cell, part.weights * values, grouping.cells), dtype=float)

    totals = np.stack([total(term) for term in full])
    cross = np.stack([[total(a * b) for b in full] for a in full])
    W, n = total(np.ones(len(cell))), part.members.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = statistic.small_sample(n) * gradient(statistic.formula, totals)
        mean = np.einsum("qkc,kc->qc", slopes, totals) / W
        square = np.einsum("qkc,qlc,klc->qc", slopes, slopes, cross) - W * mean**2
        variance = W * square / (n - 1)
    return variance.T.reshape(-1), np.repeat(W, len(variance))
