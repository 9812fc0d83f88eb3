"""From a formula on totals and the design to numbers with joint uncertainty: sums once, then small matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array, complete
from surveyor.design.grouping import Grouping, Part
from surveyor.design.replicates import Multipliers
from surveyor.design.small_samples import Shares
from surveyor.intervals import Place
from surveyor.statistics import OnTotals, Statistic, gradient
from surveyor.statistics.statistic import Term


@dataclass(frozen=True, eq=False)
class Linearised:
    """Values of q statistics in c cells, cell by cell (c*q in all).

    deviations  one row per unit and stage, c*q columns; D'D is the covariance
    n           answers each value rests on
    shares      makes the shares of primary units in each value, when degrees of freedom are asked for
    places      for values that are read off a scale, such as quantiles, where they lie on it
    """

    values: Array
    deviations: Array
    df: Array
    n: Array
    shares: Callable[[], Shares] | None
    places: tuple[Place | None, ...] = ()


def linearise(statistic: OnTotals, columns: Mapping[str, Array], grouping: Grouping) -> Linearised:
    """Evaluate `statistic` in every cell, and differentiate it with respect to its totals.

    columns   (n,) each, NaN where an answer is missing: such rows have weight zero (a domain)

    With totals t and unit totals t_u, the influence of unit u is z_u = sum_k df/dt_k t_uk
    (Woodruff 1971; Demnati and Rao 2004): influence never exists row by row.
    """
    units = grouping.units
    part, statistic, terms = _ready(statistic, columns, grouping)
    by_unit = np.concatenate([part.sums(term) for term in terms])
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
                influence = influence - units.residual.of_terms(units, part, terms, slopes)
            D = units.deviations(influence, np.repeat(part.members, len(values), axis=1))
    return gathered(grouping, part, values, D)


def gathered(
    grouping: Grouping, part: Part, values: Array, D: Array, places: Sequence[Place | None] = ()
) -> Linearised:
    """What every estimate carries, from values (q, c) and deviations (U, c*q)."""
    q, n = len(values), part.members.sum(axis=0)
    return Linearised(
        values=values.T.reshape(-1),
        deviations=D,
        df=np.repeat(grouping.units.degrees(part.members), q),
        n=np.repeat(n, q).astype(int),
        shares=None if grouping.units.replicates is not None else lambda: grouping.units.shares(part.weight_sums, q),
        places=tuple(places),
    )


def rows_of(statistic: Statistic, columns: Mapping[str, Array], grouping: Grouping) -> tuple[Part, dict[str, Array]]:
    """The rows that count for a statistic, and its columns at these rows."""
    valid = np.ones(1, dtype=bool)
    for name in statistic.variables:
        if not complete(columns[name]):
            valid = valid & np.isfinite(columns[name])
    part = grouping.part(valid)
    return part, {name: part.take(columns[name]) for name in statistic.variables}


def _ready(
    statistic: OnTotals, columns: Mapping[str, Array], grouping: Grouping
) -> tuple[Part, OnTotals, tuple[Term, ...]]:
    """The rows that count, the statistic made ready for them, and its row terms."""
    part, known = rows_of(statistic, columns, grouping)
    statistic = statistic.prepared(known)
    return part, statistic, statistic.terms(known)


def _replicated(statistic: OnTotals, by_unit: Array, replicates: Multipliers, values: Array, scale: Any) -> Array:
    """D (R, c*q) from the values under each replicate: one product of unit totals with the multipliers."""
    k, F, c = by_unit.shape
    totals = (replicates.factor.T @ by_unit.transpose(1, 0, 2).reshape(F, k * c)).reshape(-1, k, c).transpose(1, 0, 2)
    moved = scale * np.asarray(statistic.formula(totals), dtype=float)  # (q, R, c)
    flat = moved.transpose(1, 2, 0).reshape(moved.shape[1], -1)
    return replicates.deviations(values.T.reshape(-1), flat)


def simple_variance(statistic: OnTotals, columns: Mapping[str, Array], grouping: Grouping) -> tuple[Array, Array]:
    """Variances (c*q,) had the n residents of each cell been a simple random sample, and the population sizes.

    With e_i the influence of row i per unit of weight: W sum w (e_i - mean e)^2 / (n - 1), W = sum w; for a mean
    this is S^2 / n with S^2 as in Variance. The squares are sums of products of row terms, one pass more.
    """
    part, statistic, terms = _ready(statistic, columns, grouping)
    full = part.columns(terms)

    def total(values: Array) -> Array:
        return np.asarray(np.bincount(part.cell, part.weights * values, grouping.cells), dtype=float)

    totals = np.stack([total(term) for term in full])
    cross = np.stack([[total(a * b) for b in full] for a in full])
    W, n = total(np.ones(len(part.key))), part.members.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = statistic.small_sample(n) * gradient(statistic.formula, totals)
        mean = np.einsum("qkc,kc->qc", slopes, totals) / W
        square = np.einsum("qkc,qlc,klc->qc", slopes, slopes, cross) - W * mean**2
        variance = W * square / (n - 1)
    return variance.T.reshape(-1), np.repeat(W, len(variance))
