"""From a fit with row influence and the design to numbers with joint uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.design.grouping import Grouping, Part
from surveyor.design.linearised import Linearised, gathered, rows_of
from surveyor.design.replicates import Multipliers
from surveyor.design.small_samples import MANY, Shares, expectation, satterthwaite
from surveyor.intervals import Place, quantile_t
from surveyor.statistics import Fit, Fitted

#: The rows of a cell, and what was fitted to them; None where there are no rows.
Cell = tuple[Codes | slice, Fit] | None

#: The interval whose length makes the standard error of a value read off a scale.
LEVEL = 0.95


def fitted(statistic: Fitted, columns: Mapping[str, Array], grouping: Grouping) -> Linearised:
    """Fit `statistic` in every cell; the influence of a unit is the weighted sum over its rows.

    Under replicate weights the fit is made again with each of them. Values on a scale get deviations there, and
    from there the standard error: the length of their 95 % interval over twice its t quantile (Woodruff 1952).
    """
    units = grouping.units
    part, known = rows_of(statistic, columns, grouping)
    q, cells = len(statistic.rows), grouping.cells
    fits: list[Cell] = []
    for c in range(cells):
        at = np.flatnonzero(part.cell == c) if cells > 1 else slice(None)  # one cell: no copies
        w = part.weights[at]
        fits.append((at, statistic.fit(_at(known, at), w)) if len(w) else None)
    values = np.full((q, cells), np.nan)
    for c, each in enumerate(fits):
        if each is not None:
            values[:, c] = each[1].values
    if units.replicates is not None:
        D = np.hstack([_replicated(statistic, known, part, each, units.replicates, q) for each in fits])
    else:
        D = _linearised(part, fits, grouping, q)
    D[:, np.isnan(values.T.reshape(-1))] = np.nan
    made = gathered(grouping, part, values, D)
    if made.shares is not None and any(each and each[1].shares for each in fits):
        made = replace(made, shares=_shares(part, fits, grouping, q))
    return made if not any(each and each[1].scale for each in fits) else _read_off(made, fits, q)


def _shares(part: Part, fits: list[Cell], grouping: Grouping, q: int) -> Callable[[], Shares]:
    """Shares of primary units as the fits give them, each number its own and those of combinations."""
    units = grouping.units
    first = units.first
    known = [(each[0], each[1].shares) if each else None for each in fits]  # the fits themselves may go

    def of(L: Array) -> tuple[Array, Array]:
        b: Array = np.zeros((first.count, len(L)))
        spreads = []
        for c, each in enumerate(known):
            mine = L[:, c * q : (c + 1) * q]
            if each is not None and each[1] is not None:
                spreads.append(each[1](first.member[part.unit[each[0]]], first.count, mine))
                b = b + spreads[-1].squares
            else:
                b[:, (mine != 0).any(axis=1)] = np.nan
        b = units.drawn(b)
        expected = b.sum(axis=0)
        for r in np.flatnonzero(satterthwaite(b, first.stratum) < MANY):  # elsewhere nobody asks
            told = [(spread.squares[:, r], *spread.returned(int(r))) for spread in spreads]
            expected[r] = max(sum(expectation(*each, first.stratum, units.left) for each in told), 0.0)
        return b, expected

    def shares() -> Shares:
        b, expected = of(np.eye(q * grouping.cells))
        return Shares(b, first.stratum, of, expected)

    return shares


def _at(columns: Mapping[str, Array], rows: Codes | slice) -> dict[str, Array]:
    return {name: column[rows] for name, column in columns.items()}


def _linearised(part: Part, fits: list[Cell], grouping: Grouping, q: int) -> Array:
    units = grouping.units
    influence = np.zeros((units.count, grouping.cells * q))
    by_row = np.zeros((len(part.key), q)) if units.residual is not None else None
    for c, each in enumerate(fits):
        if each is None:
            continue
        at, fit = each
        unit, w = part.unit[at], part.weights[at]
        for k in range(q):
            influence[:, c * q + k] = np.bincount(unit, w * fit.column(k), units.count)
        if by_row is not None:
            by_row[at] = np.stack([fit.column(k) for k in range(q)], axis=1)
    if units.residual is not None and by_row is not None:
        influence = influence - units.residual.of_rows(units, part, by_row)
    return units.deviations(influence, np.repeat(part.members, q, axis=1))


def _replicated(
    statistic: Fitted,
    known: Mapping[str, Array],
    part: Part,
    each: Cell,
    replicates: Multipliers,
    q: int,
) -> Array:
    """D (R, q) of one cell from the fit under each replicate."""
    R = replicates.factor.shape[1]
    if each is None:
        return np.full((R, q), np.nan)
    at, fit = each
    unit, w, columns = part.unit[at], part.weights[at], _at(known, at)
    moved = np.empty((R, q))
    for r in range(R):
        other = w * replicates.factor[unit, r]
        there = other > 0
        if not there.any():
            moved[r] = np.nan
        elif fit.scale is not None:
            moved[r] = fit.scale.again(other)
        else:
            moved[r] = statistic.fit(_at(columns, np.flatnonzero(there)), other[there]).values
    return replicates.deviations(fit.values if fit.scale is None else fit.scale.at, moved)


def _read_off(made: Linearised, fits: list[Cell], q: int) -> Linearised:
    """Places on the scale, and deviations of the values with the standard errors these give."""
    se = np.sqrt(np.einsum("uq,uq->q", made.deviations, made.deviations))
    places: list[Place | None] = []
    factor = np.full(len(se), np.nan)
    for i in range(len(se)):
        each = fits[i // q]
        if each is None or each[1].scale is None:
            places.append(None)
            continue
        scale = each[1].scale
        place = Place(float(scale.middle[i % q]), float(se[i]), scale.inverse)
        places.append(place)
        low, high = place.ends(float(made.df[i]), float(made.n[i]), LEVEL)
        width = (high - low) / 2 / float(quantile_t(LEVEL, made.df[i]))
        factor[i] = width / se[i] if se[i] > 0 else 0.0 if se[i] == 0 else np.nan
    return Linearised(made.values, -made.deviations * factor, made.df, made.n, made.shares, tuple(places))
