"""Rows in cells of units: the sums that every statistic of one call is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from surveyor.arrays import Array, Codes, Flags
from surveyor.design.units import Units
from surveyor.statistics import Indicators
from surveyor.statistics.statistic import Term

#: Rows that are worked on at a time.
BLOCK = 1 << 18


@dataclass(frozen=True, eq=False)
class Part:
    """The rows that count for one statistic, and where each goes.

    rows   indices of these rows; None: all of them
    key    finest unit x cell of each
    """

    rows: Codes | None
    key: Codes
    weights: Array
    shape: tuple[int, int]

    def take(self, column: Array) -> Array:
        """A column (n,) at these rows."""
        return column if self.rows is None else column[self.rows]

    def sums(self, term: Term) -> Array:
        """Weighted sums per finest unit and cell (terms, F, cells); a number stands for a constant term."""
        if isinstance(term, Indicators):
            F, cells = self.shape
            flat = np.zeros(F * cells * term.count)
            for start in range(0, len(self.key), BLOCK):  # pairs of key and place exist a block at a time
                rows = slice(start, start + BLOCK)
                pairs = self.key[rows] * term.count + term.place[rows]
                flat += np.bincount(pairs, self.weights[rows], len(flat))
            return np.moveaxis(flat.reshape(F, cells, term.count), 2, 0)
        if isinstance(term, float | int):
            return (term * self.weight_sums)[None]
        return np.reshape(self._matrix @ term, (1, *self.shape))

    @cached_property
    def _matrix(self) -> Any:
        """The weights as a sparse matrix (F * cells, n), so that sums are one product and need no copy of a term."""
        n, size = len(self.weights), self.shape[0] * self.shape[1]
        if (self.key[1:] >= self.key[:-1]).all():  # the rows of a unit stand together: sum along them
            starts = np.concatenate([[0], np.cumsum(np.bincount(self.key, minlength=size))])
            return csr_array((self.weights, np.arange(n, dtype=np.int32), starts.astype(np.int32)), shape=(size, n))
        return csc_array((self.weights, self.key.astype(np.int32), np.arange(n + 1, dtype=np.int32)), shape=(size, n))

    def columns(self, terms: Sequence[Term]) -> list[Array]:
        """The row terms written out, one array (n,) each."""
        made = []
        for term in terms:
            if isinstance(term, Indicators):
                made += [(term.place == k).astype(float) for k in range(term.count)]
            else:
                made.append(np.broadcast_to(np.asarray(term, dtype=float), len(self.key)))
        return made

    @property
    def cell(self) -> Codes:
        """The cell of each row."""
        return self.key % self.shape[1] if self.shape[1] > 1 else np.zeros_like(self.key)

    @property
    def unit(self) -> Codes:
        """The finest unit of each row."""
        return self.key // self.shape[1] if self.shape[1] > 1 else self.key

    @cached_property
    def weight_sums(self) -> Array:
        """Sums of the weights (F, cells)."""
        return self._counted(self.weights)

    @cached_property
    def members(self) -> Array:
        """How many rows each unit has in each cell (F, cells), unweighted."""
        return self._counted(None)

    def _counted(self, values: Array | None) -> Array:
        flat = np.bincount(self.key, values, self.shape[0] * self.shape[1])
        return np.reshape(flat, self.shape).astype(float, copy=False)


@dataclass(frozen=True, eq=False)
class Grouping:
    """The cells of one call.

    cell   (n,) cell of each row, -1 for none
    """

    units: Units
    cell: Codes
    cells: int

    def part(self, valid: Flags) -> Part:
        """The rows of a cell with weight above 0 where `valid` (n,): others have weight zero (a domain)."""
        return self._whole if valid.all() else self._part(self._there & valid)

    @cached_property
    def _there(self) -> Flags:
        return np.asarray((self.cell >= 0) & (self.units.weights > 0))

    @cached_property
    def _whole(self) -> Part:
        return self._part(self._there)

    def _part(self, counted: Flags) -> Part:
        shape = (self.units.count, self.cells)
        if counted.all():
            return Part(None, self._key, self.units.weights, shape)
        rows = np.flatnonzero(counted)
        return Part(rows, self._key[rows], self.units.weights[rows], shape)

    @cached_property
    def _key(self) -> Codes:
        if self.cells == 1 and self.cell.min() == 0:
            return self.units.unit
        key = self.units.unit * self.cells
        key += self.cell
        return key
