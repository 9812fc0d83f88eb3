"""All sample statistics of items under one or many weightings, and how the weight of every answer moves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.measure.moments.continuous import Joint, Moment, Pair, moment
from surveyor.measure.moments.sample import Sample, Weighting
from surveyor.statistics.most_likely import PERFECT
from surveyor.statistics.polychoric import failed
from surveyor.statistics.two_steps import Linked, Margin, Sums, linked, margin

#: Numbers in the tables that are worked on at a time.
TABLES = 1 << 20


@dataclass(frozen=True, eq=False)
class Pieces:
    """The sample statistics of B sets of groups, with what moves them.

    values, spread   (B, q)
    margins          by item, what the first step found; of continuous items only where it is kept
    links            by pair, what the second step found, where it is kept
    """

    sample: Sample
    values: Array
    spread: Array
    margins: dict[int, Margin | Moment] = field(default_factory=dict)
    links: dict[int, Linked | Joint] = field(default_factory=dict)

    def columns(self, outer: bool = False, rows: slice = slice(None)) -> Iterator[Array]:
        """How each of the q statistics moves with the weight of each of some `rows` (n,) in the group of the row.

        outer   with products of scores in place of second derivatives
        """
        part = _Rows(self.sample, self.sample.part.cell[rows], rows)
        layout = self.sample.layout
        for i in range(layout.items):
            for t in range(layout.counts[i]):
                yield part.level(self.margins[i], i, t, outer)
        for i in map(int, layout.continuous):
            yield part.level(self.margins[i], i, 1, outer)
        for pair in range(len(layout.pairs[0])):
            yield part.covariance(self.margins, self.links[pair], pair, outer)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Some rows, each in the cell of its group."""

    sample: Sample
    cell: Codes
    rows: slice

    def answers(self, i: int) -> Any:
        return self.sample.answers(i)[self.rows]

    def level(self, of: Margin | Moment, i: int, t: int, outer: bool) -> Array:
        """How threshold t, or mean and variance, of item i move."""
        if isinstance(of, Moment):
            return of.influence(self.answers(i), self.cell, outer)[:, t]
        return np.asarray(of.moved[self.cell, self.answers(i), t])

    def covariance(self, margins: dict[int, Margin | Moment], link: Linked | Joint, pair: int, outer: bool) -> Array:
        """How the covariance of a pair moves."""
        i, j = (int(index[pair]) for index in self.sample.layout.pairs)
        if isinstance(link, Linked):
            return np.asarray((link.outer if outer else link.moved)[self.cell, self.answers(i), self.answers(j)])
        first, second = _sorted(margins, i, j)
        slopes = link.outer if outer else link.moved
        made = self.pair(margins, first, second).scores(link.rho)
        for item, by in ((first, slopes.first), (second, slopes.second)):
            made -= self._returned(margins[item], item, by, outer)
        made /= slopes.rho[self.cell]
        scale = _scale(margins[i]) * _scale(margins[j])
        made *= scale[self.cell]
        for item in (i, j):
            of = margins[item]
            if isinstance(of, Moment):
                factor = (link.rho * scale / (2 * of.values[:, 1]))[self.cell]
                made += factor * self.level(of, item, 1, outer)
        return made

    def pair(self, margins: dict[int, Margin | Moment], first: int, second: int) -> Pair:
        """The two items, the continuous one second."""
        of = margins[second]
        assert isinstance(of, Moment)
        answers = self.answers(first), self.answers(second)
        return Pair(*answers, margins[first], of, self.cell, self.sample.groups)

    def _returned(self, of: Margin | Moment, i: int, slopes: Array, outer: bool) -> Array:
        """What the first step adds to the score of a correlation (n,)."""
        if isinstance(of, Margin):
            return np.asarray(np.einsum("bkt,bt->bk", of.moved, slopes)[self.cell, self.answers(i)])
        return np.asarray(np.einsum("nt,nt->n", of.influence(self.answers(i), self.cell, outer), slopes[self.cell]))


def _sorted(margins: dict[int, Margin | Moment], i: int, j: int) -> tuple[int, int]:
    return (i, j) if isinstance(margins[j], Moment) else (j, i)


def _scale(of: Margin | Moment) -> Array:
    """The standard deviation (G,) in which a correlation is a covariance: 1 behind an ordinal item."""
    return of.sd if isinstance(of, Moment) else np.ones(len(of.cuts))


@np.errstate(divide="ignore", invalid="ignore")
def fitted(sample: Sample, weighting: Weighting, start: Array | None = None, keep: bool = False) -> Pieces:
    """The sample statistics under `weighting`.

    start   (G, pairs) correlations to begin with
    keep    whether to keep what moves the correlations

    Raises DataError where two items go together perfectly, or no correlation is found.
    """
    layout = sample.layout
    B = len(weighting) * sample.groups
    made = Pieces(sample, np.full((B, layout.size), np.nan), np.full((B, layout.size), np.nan))
    for i in map(int, np.flatnonzero(layout.ordinal)):
        found = margin(weighting.sums(sample.codes[i].astype(np.intp), layout.categories[i] + 1))
        made.margins[i] = found
        made.values[:, layout.levels(i)], made.spread[:, layout.levels(i)] = found.cuts, found.spread
    for pairs in _batches(sample, B):
        some = _linked(made, weighting, pairs, start)
        at = layout.covariances.start + np.array(pairs)
        made.values[:, at] = some.rho.reshape(len(pairs), B).T
        made.spread[:, at] = some.spread.reshape(len(pairs), B).T
        if keep:
            for place, pair in enumerate(pairs):
                made.links[pair] = Linked(*(each[place * B : (place + 1) * B] for each in some))
    if len(layout.continuous):
        for r, weights in enumerate(weighting.each()):
            sets = slice(r * sample.groups, (r + 1) * sample.groups)
            one = _by_rows(made, sets, weights, start)
            if keep:
                made.margins.update(one.margins)
                made.links.update(one.links)
    _check(made, len(weighting))
    return made


def _by_rows(made: Pieces, sets: slice, weights: Array, start: Array | None) -> Pieces:
    """What has to do with continuous items under one weighting, filled into these sets of `made`."""
    sample, layout = made.sample, made.sample.layout
    one = Pieces(sample, made.values[sets], made.spread[sets])  # views
    cell, G = sample.part.cell, sample.groups
    plain = not layout.ordinal.any()
    for i, of in made.margins.items():
        if isinstance(of, Margin):
            one.margins[i] = Margin(*(each[sets] for each in of))
    for place, i in enumerate(map(int, layout.continuous)):
        found = moment(sample.numbers[i], cell, G, weights, plain)
        one.margins[i] = found
        for t, at in enumerate((layout.levels(i).start, layout.variances.start + place)):
            one.values[:, at], one.spread[:, at] = found.values[:, t], found.spread[:, t]
    rows = _Rows(sample, cell, slice(None))
    for pair, (i, j) in enumerate(zip(*layout.pairs, strict=True)):
        if layout.ordinal[i] and layout.ordinal[j]:
            continue
        known = None if start is None else start[:, pair]
        link = rows.pair(one.margins, *_sorted(one.margins, int(i), int(j))).fitted(weights, known)
        one.links[pair] = link = link._replace(outer=link.moved) if plain else link
        at = layout.covariances.start + pair
        one.values[:, at] = link.rho * _scale(one.margins[int(i)]) * _scale(one.margins[int(j)])
        moved = weights * rows.covariance(one.margins, link, pair, True)
        one.spread[:, at] = np.bincount(cell, moved * moved, G)
    return one


def _batches(sample: Sample, B: int) -> Iterator[list[int]]:
    """Pairs of ordinal items whose tables have the same shape, few enough to be worked on together."""
    layout = sample.layout
    shape = {
        pair: (layout.categories[i], layout.categories[j])
        for pair, (i, j) in enumerate(zip(*layout.pairs, strict=True))
        if layout.ordinal[i] and layout.ordinal[j]
    }
    for (K, L), same in groupby(sorted(shape, key=lambda pair: shape[pair]), key=lambda pair: shape[pair]):
        pairs = list(same)
        most = max(TABLES // (B * (K + 1) * (L + 1)), 1)
        yield from (pairs[at : at + most] for at in range(0, len(pairs), most))


def _linked(made: Pieces, weighting: Weighting, pairs: Sequence[int], start: Array | None) -> Linked:
    """Correlations of some pairs, pair by pair all B of them."""
    sample, layout = made.sample, made.sample.layout
    i, j = (index[list(pairs)] for index in layout.pairs)
    K, L = layout.categories[i[0]] + 1, layout.categories[j[0]] + 1
    tables = []
    for a, b in zip(i, j, strict=True):
        tables.append(weighting.sums(sample.codes[a].astype(np.intp) * L + sample.codes[b], K * L))
    sums = Sums(*(np.concatenate(each).reshape(-1, K, L) for each in zip(*tables, strict=True)))
    first, second = (_stacked([made.margins[int(item)] for item in index]) for index in (i, j))
    known = None if start is None else np.concatenate([np.tile(start[:, pair], len(weighting)) for pair in pairs])
    return linked(sums, first, second, known)


def _stacked(margins: Sequence[Margin | Moment]) -> Margin:
    return Margin(*(np.concatenate(each) for each in zip(*margins, strict=True)))


def _check(made: Pieces, weightings: int) -> None:
    """Raises DataError for the first correlation that is none."""
    sample, layout = made.sample, made.sample.layout
    i, j = layout.pairs
    rho = layout.correlations(made.values)
    bad = ~(np.abs(rho) < PERFECT)
    if bad.any():
        b, pair = np.argwhere(bad)[0]
        where = sample.titles[b % sample.groups]
        if weightings > 1:
            where = ", ".join(filter(None, [where, f"replicate {b // sample.groups + 1}"]))
        value = float(np.sign(rho[b, pair]))
        raise failed(sample.names[i[pair]], sample.names[j[pair]], value, where or None)
