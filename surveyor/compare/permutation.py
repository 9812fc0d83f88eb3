"""Permutation of primary units between two groups: a test that leans on no distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import comb, prod

import numpy as np

from surveyor.arrays import Array, Codes, Flags
from surveyor.errors import UsageError
from surveyor.format import counted

#: As many assignments as this are all gone through; of more, `draws` are drawn.
ALL = 20_000
#: More units times draws than this are refused: they would fill the memory.
MOST = 2 * 10**8
#: Relative difference up to which two gaps are the same gap.
SAME = 1e-10


@dataclass(frozen=True)
class Permutation:
    """How primary units are permuted: all assignments where they are few, else `draws` of them from `seed`."""

    draws: int = 9_999
    seed: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.draws, int) or self.draws < 99:
            raise UsageError(f"{self.draws!r} permutations are too few", expected="at least 99, for example 9,999")

    def assignments(self, first: Flags, stratum: Codes) -> Flags:
        """Which units (P, U) are called group a in each assignment, the observed one first.

        first    (U,) whether a unit is of group a
        stratum  (U,) declared stratum, in which the number of units of a is kept
        """
        blocks = [np.flatnonzero(stratum == h) for h in np.unique(stratum)]
        taken = [int(first[block].sum()) for block in blocks]
        if prod(comb(len(block), k) for block, k in zip(blocks, taken, strict=True)) <= ALL:
            ways = [list(combinations(block, k)) for block, k in zip(blocks, taken, strict=True)]
            chosen = np.array([[u for part in way for u in part] for way in product(*ways)], dtype=np.intp)
            made = np.zeros((len(chosen), len(first)), dtype=bool)
            np.put_along_axis(made, chosen, True, axis=1)
            return np.vstack([first, made[(made != first).any(axis=1)]])
        if self.draws * len(first) > MOST:
            raise UsageError(
                f"{counted(len(first), 'unit')} are too many to permute {counted(self.draws, 'time')}",
                remedy='With so many units use inference="auto"',
            )
        rng = np.random.default_rng(self.seed)
        made = np.zeros((self.draws + 1, len(first)), dtype=bool)
        made[0] = first
        for block, k in zip(blocks, taken, strict=True):
            order = rng.random((self.draws, len(block))).argsort(axis=1)
            rows = np.arange(1, self.draws + 1)[:, None]
            made[rows, block[order[:, :k]]] = True
        return made


@dataclass(frozen=True, eq=False)
class Permuted:
    """The gap a - b under every assignment of units to the groups.

    weight, total  (U,) of each unit: sum(w) and sum(w y)
    draw           makes the assignments (P, U), the observed one first, when they are asked for

    Weights are first scaled to the same mean per unit in both groups: where the groups were sampled at different
    rates, raw weights would make large and small units change places, and the test would reject 1 % instead of 5 %.
    Under a shift d of group a the gap of an assignment is T - d o, o the part of group a among its units called a
    less that among those called b, so that the test can be turned into an interval.
    """

    weight: Array
    total: Array
    draw: Callable[[], Flags]

    @cached_property
    def assigned(self) -> Flags:
        """The assignments (P, U)."""
        return self.draw()

    def speaks(self, alpha: float) -> bool:
        """Whether there are assignments enough to reject anything at `alpha`: two-sided, p is at least 2 / P."""
        return 2 / len(self.assigned) <= alpha

    @cached_property
    def _parts(self) -> tuple[Array, Array]:
        """Gaps T and overlaps o (P,)."""
        assigned = self.assigned
        first = assigned[0]
        scale = np.where(first, self.weight[first].mean(), self.weight[~first].mean())
        w, y = self.weight / scale, self.total / scale
        a, b = assigned.astype(float), (~assigned).astype(float)
        wa, wb = a @ w, b @ w
        gap = (a @ y) / wa - (b @ y) / wb
        own = np.where(first, w, 0.0)
        return gap, (a @ own) / wa - (b @ own) / wb

    def p(self, shift: float = 0.0) -> float:
        """Two-sided p-value that group a stands `shift` above b: the part of assignments with as large a gap.

        NaN where the observed assignment is the only one.
        """
        if len(self.assigned) < 2:
            return np.nan
        gap, overlap = self._parts
        beyond = np.abs(gap - shift * overlap) >= np.abs(gap[0] - shift) * (1 - SAME)
        beyond[0] = True
        return float(beyond.mean())

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The shifts that a test at 1 - level does not reject; NaN where so few assignments can reject none."""
        if not np.isfinite(self._parts[0]).all() or not self.speaks(1 - level):
            return np.nan, np.nan
        return self._end(level, -1.0), self._end(level, 1.0)

    def _end(self, level: float, side: float) -> float:
        gap = self._parts[0]
        step = max(float(np.std(gap)), np.finfo(float).tiny)
        inner = outer = float(gap[0])
        for _ in range(60):
            outer = inner + side * step
            if self.p(outer) <= 1 - level:
                break
            inner, step = outer, 2 * step
        else:
            return np.nan
        for _ in range(50):
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if self.p(middle) > 1 - level else (inner, middle)
        return outer
