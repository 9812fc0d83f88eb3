"""Sample statistics of items in every group, and how they vary under the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Array
from surveyor.measure.layout import Layout
from surveyor.measure.moments.fitting import Pieces, fitted
from surveyor.measure.moments.replicated import replicated_sample
from surveyor.measure.moments.sample import Once, sample_of

if TYPE_CHECKING:
    from surveyor.measure.items import Items
    from surveyor.survey.groups import Groups

#: Columns of influence that exist row by row at the same time, where calibration must see them; numbers in a block of
#: rows.
COLUMNS, BLOCK = 16, 1 << 22


@dataclass(frozen=True, eq=False)
class Moments:
    """Sample statistics of p items in G groups, and how they vary.

    layout       the order of the q statistics
    values       (G, q)
    spread       (G, q) the variance each would have if the rows were independent (Muthen 1984, products of scores):
                 its inverse is the weight in diagonally weighted least squares
    deviations   (R, G * q) independent pieces of error D under the design: D'D is the covariance of all values
    n            (G,) rows with weight and at least one answer (where all items are continuous: all answers)
    df           (G,) primary units minus strata behind each group; whole: behind all together
    apart        whether the groups have no primary unit in common, so that D'D is block diagonal but for calibration
    """

    layout: Layout
    values: Array
    spread: Array
    deviations: Array
    n: Array
    df: Array
    apart: bool
    whole: float

    @property
    def shared_df(self) -> float:
        """The degrees of freedom of what rests on all groups, none counted twice where groups share primary units."""
        return float(self.df.sum()) if self.apart else self.whole

    @property
    def covariance(self) -> Array:
        """The covariance (G * q, G * q) of the values under the design."""
        return np.asarray(self.deviations.T @ self.deviations)


def moments_of(items: Items, groups: Groups) -> Moments:
    """Thresholds or means, variances, and polychoric, polyserial or plain covariances of items in every group.

    Two steps of maximum likelihood (Olsson 1979; Muthen 1984), each answer with its weight: thresholds from all who
    answered the item, correlations from all who answered both. The deviations are those of the exact influence of
    every answer on the statistics (Binder 1983), summed by unit; under replicate weights all is fitted again.

    Raises DataError where two items go together perfectly, or a group has no answers.
    """
    sample = sample_of(items, groups)
    part, units = sample.part, groups.units
    members = part.members
    again = units.replicates is not None
    pieces = fitted(sample, Once(part), keep=not again)
    if again:
        made = replicated_sample(sample, units)
        D = made.multipliers.deviations(pieces.values.reshape(-1), made.values.reshape(len(made.values), -1))
    else:
        D = units.deviations(_influence(pieces, groups), np.repeat(members, sample.layout.size, axis=1))
    df, whole = units.degrees(members), units.degrees(members.sum(axis=1, keepdims=True))
    return Moments(sample.layout, pieces.values, pieces.spread, D, members.sum(axis=0), df,
                   groups.apart or groups.count == 1, float(whole[0]))  # fmt: skip


def independent(items: Items, groups: Groups) -> Array:
    """The covariance (G, q, q) of the statistics were all rows independent: Muthen's (1984) sandwich with products of
    scores, whose diagonal is `Moments.spread`.
    """
    sample = sample_of(items, groups)
    pieces = fitted(sample, Once(sample.part), keep=True)
    made = np.zeros((sample.groups, sample.layout.size, sample.layout.size))
    size = max(BLOCK // sample.layout.size, 1)
    for start in range(0, len(sample.part.key), size):
        rows = slice(start, start + size)
        w, cell = sample.part.weights[rows], sample.part.cell[rows]
        moved = np.stack([w * column for column in pieces.columns(outer=True, rows=rows)], axis=1)
        for g in range(sample.groups):
            mine = moved[cell == g]
            made[g] += mine.T @ mine
    return made


def _influence(pieces: Pieces, groups: Groups) -> Array:
    """Sums of influence per finest unit (F, G * q), as far as calibration does not explain it."""
    part, residual = pieces.sample.part, groups.units.residual
    F, G = part.shape
    made = np.empty((F, G, pieces.sample.layout.size))
    block: list[Array] = []
    for s, column in enumerate(pieces.columns()):
        made[:, :, s] = np.bincount(part.key, part.weights * column, F * G).reshape(F, G)
        if residual is None:
            continue
        block.append(column)
        if len(block) == COLUMNS or s == made.shape[2] - 1:
            explained = residual.of_rows(groups.units, part, np.stack(block, axis=1))
            made[:, :, s + 1 - len(block) : s + 1] -= explained.reshape(F, G, -1)
            block = []
    return made.reshape(F, -1)
