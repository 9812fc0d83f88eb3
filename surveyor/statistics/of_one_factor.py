"""What reliabilities by a one-factor model share: three items or more, their signs, and what can stand in the way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, Protocol, Self

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import UsageError
from surveyor.statistics.one_factor import OneFactor
from surveyor.statistics.statistic import Columns, Fit, Fitted, Meaning

#: Fewer items leave the model with more loadings than correlations.
FEWEST = 3

#: Why there is no reliability, or none to rely on.
Reason = Literal["one answer", "perfect", "heywood", "not found", "against"]


class Trouble(NamedTuple):
    """What stands in the way among some answers, and the items it is about."""

    reason: Reason
    items: tuple[str, ...]


class Solved(Protocol):
    """A reliability, and what it was made of."""

    @property
    def value(self) -> float:
        """The reliability."""

    @property
    def model(self) -> OneFactor:
        """The one-factor model."""

    def influence(self) -> Array:
        """The derivative of the value by the weight of each row (n,)."""


@dataclass(frozen=True)
class OfOneFactor(Fitted):
    """A reliability of the sum of k items, from a one-factor model.

    signs   -1 for items that run against the others, else +1; None asks the questionnaire

    Raises UsageError for fewer than three items, and signs that are not 1 or -1 for each.
    """

    items: tuple[str, ...]
    signs: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        given: str | Iterable[str] = self.items
        listed = (given,) if isinstance(given, str) else tuple(given)
        object.__setattr__(self, "items", listed)
        _check(type(self).__name__, listed)
        if self.signs is not None:
            object.__setattr__(self, "signs", tuple(self.signs))
            if len(self.signs) != len(listed) or not set(self.signs) <= {-1, 1}:
                raise UsageError(
                    f"signs={self.signs!r} do not fit {len(listed)} items", expected="1 or -1 for each item"
                )

    @property
    def variables(self) -> tuple[str, ...]:
        return self.items

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return ((", ".join(self.items), None, "omega"),)

    def completed(self, of: Meaning) -> Self:
        return replace(self, signs=tuple(of.sign(name) for name in self.items)) if self.signs is None else self

    def fit(self, columns: Columns, weights: Array) -> Fit:
        solved = self.solved(columns, weights)
        if isinstance(solved, Trouble):
            return Fit(np.array([np.nan]), lambda k: np.full(len(weights), np.nan))
        found = solved
        return Fit(np.array([found.value]), lambda k: found.influence())

    def trouble(self, columns: Columns, weights: Array) -> Trouble | None:
        """Why there is no value among rows (n,) with weights above 0, or which items run against the others."""
        solved = self.solved(columns, weights)
        if isinstance(solved, Trouble):
            return solved
        against = self.named(solved.model.loadings <= 0)
        return Trouble("against", against) if against else None

    def loadings(self, columns: Columns, weights: Array) -> Array:
        """The loadings (k,) of the one-factor model; NaN where there is none."""
        solved = self.solved(columns, weights)
        return np.full(len(self.items), np.nan) if isinstance(solved, Trouble) else solved.model.loadings

    @abstractmethod
    def solved(self, columns: Columns, weights: Array) -> Solved | Trouble:
        """The reliability with what it was made of, or what stands in the way."""

    def turned(self, columns: Columns) -> list[Array]:
        """The items (n,), those with sign -1 turned round."""
        signs = self.signs or (1,) * len(self.items)
        return [sign * columns[name] for name, sign in zip(self.items, signs, strict=True)]

    def named(self, which: Iterable[bool]) -> tuple[str, ...]:
        """The items that are meant."""
        return tuple(name for name, hit in zip(self.items, which, strict=True) if hit)

    def unsound(self, model: OneFactor) -> Trouble | None:
        """What is wrong with a model: no least value, or a loading that leaves an item no variance of its own."""
        if not model.found:
            return Trouble("not found", self.items)
        heywood = self.named(np.abs(model.loadings) >= 1)
        return Trouble("heywood", heywood) if heywood else None


def _check(what: str, listed: tuple[str, ...]) -> None:
    if len(listed) == 2:
        raise UsageError(
            f"{what} of 2 items ({', '.join(listed)}): a one-factor model of two items is not identified, as their one "
            "correlation would have to give two loadings",
            expected="three items or more",
            remedy="Use sv.Alpha, or the correlation of the two",
        )
    if len(listed) < FEWEST or len(set(listed)) < len(listed):
        raise UsageError(
            f"{what} of {', '.join(map(repr, listed)) or 'no items'} cannot be had",
            expected="the names of three items or more, each once",
        )
