"""Items summed up by one number per level: the share of the top, agreement less disagreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from surveyor.arrays import places
from surveyor.errors import UsageError
from surveyor.statistics.statistic import Columns, Indicators, Meaning, OfOne, Term


@dataclass(frozen=True)
class OfLevels(OfOne):
    """A statistic of the shares of an item's levels, taken in order.

    levels   the codes from the unfavourable to the favourable end; None asks the questionnaire, or takes them from
             low to high
    """

    levels: tuple[float, ...] | None = None

    @property
    def levelled(self) -> tuple[str, ...]:
        return (self.variable,)

    def completed(self, of: Meaning) -> Self:
        if self.levels is None:
            low_to_high = sorted(of.levels(self.variable))
            return replace(self, levels=tuple(low_to_high[:: of.direction(self.variable)]))
        return replace(self, levels=tuple(of.code(self.variable, level) for level in self.levels))

    def terms(self, columns: Columns) -> tuple[Term, ...]:
        levels = self.levels or ()
        return (Indicators(places(columns[self.variable], levels), len(levels) + 1),)

    def shares(self, totals: Any) -> Any:
        """The shares of the levels (L, ...) among all valid answers."""
        return totals[:-1] / totals.sum(axis=0)


def _mean(scores: Sequence[float], shares: Any) -> Any:
    return np.tensordot(np.asarray(scores, dtype=float), shares, axes=1)


@dataclass(frozen=True)
class TopShare(OfLevels):
    """Share of the `top` most favourable levels, two by default ("satisfied or very satisfied").

    >>> TopShare("rating", levels=(1.0, 2.0, 3.0, 4.0)).formula(np.array([1.0, 2.0, 3.0, 4.0, 0.0]))
    array([0.7])
    """

    top: int = 2

    def __post_init__(self) -> None:
        if not isinstance(self.top, int) or self.top < 1:
            raise UsageError(f"the top {self.top!r} levels are none", expected="a whole number of at least 1")

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, tuple((self.levels or ())[-self.top :]), "proportion"),)

    def formula(self, totals: Any) -> Any:
        below = max(len(self.levels or ()) - self.top, 0)
        return _mean([float(i >= below) for i in range(len(self.levels or ()))], self.shares(totals))[None]


@dataclass(frozen=True)
class NetAgreement(OfLevels):
    """Share of the upper half of the levels minus that of the lower half, a middle level counting for neither.

    >>> NetAgreement("rating", levels=(1.0, 2.0, 3.0)).formula(np.array([2.0, 5.0, 3.0, 0.0]))
    array([0.1])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "net agreement"),)

    def formula(self, totals: Any) -> Any:
        L = len(self.levels or ())
        return _mean([np.sign(2 * i - (L - 1)) for i in range(L)], self.shares(totals))[None]


@dataclass(frozen=True)
class Consensus(OfLevels):
    """How close answers lie together: 1 if all are the same, 0 if half stand at each end.

    1 + sum_i p_i log2(1 - |i - m| / (L - 1)), i = 1..L the places of the levels, m their mean
    (Tastle and Wierman 2007).

    >>> Consensus("rating", levels=(1.0, 2.0, 3.0)).formula(np.array([2.0, 0.0, 2.0, 0.0]))
    array([0.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "consensus"),)

    def formula(self, totals: Any) -> Any:
        shares = self.shares(totals)
        L = len(shares)
        m = _mean(range(L), shares)
        result: Any = 1.0 + 0 * m
        for i in range(L):
            away = (i - m) * np.sign(np.real(i - m))  # |i - m|, differentiable on either side of 0
            near = 1 - away / max(L - 1, 1)
            empty = np.real(shares[i]) == 0  # nobody there, or everybody elsewhere: p log p -> 0
            result = result + np.where(empty, 0, shares[i] * np.log(np.where(np.real(near) > 0, near, 1.0)) / np.log(2))
        return result[None]


@dataclass(frozen=True)
class Polarisation(Consensus):
    """One minus the consensus: 0 if all answers are the same, 1 if half stand at each end.

    >>> Polarisation("rating", levels=(1.0, 2.0, 3.0)).formula(np.array([2.0, 0.0, 2.0, 0.0]))
    array([1.])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((self.variable, None, "polarisation"),)

    def formula(self, totals: Any) -> Any:
        return 1 - super().formula(totals)
