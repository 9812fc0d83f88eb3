"""Which entries of a factor model are estimated, which are fixed, and which are one number in both groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from surveyor.arrays import Array, Codes

#: threshold       (T,)    where the answer behind an ordinal item passes from one category to the next
#: intercept       (p,)    the expected answer where every factor is 0
#: loading         (p, m)  what one point of a factor adds to it
#: residual        (p,)    the variance that no factor explains
#: regression      (m, m)  what one point of a general factor (column) adds to a factor (row)
#: factor mean     (m,)
#: factor variance (m, m)  variances and covariances of the factors, or of what a general factor leaves of them
Kind = Literal["threshold", "intercept", "loading", "residual", "regression", "factor mean", "factor variance"]


@dataclass(frozen=True)
class Parameter:
    """One number of a factor model.

    at      the place in the array of its kind
    group   None: the same number in all groups
    """

    kind: Kind
    at: tuple[int, ...]
    group: int | None = None

    @property
    def places(self) -> tuple[tuple[int, ...], ...]:
        """Every place that holds it: a covariance stands on both sides of the diagonal."""
        if self.kind == "factor variance" and self.at[0] != self.at[1]:
            return self.at, self.at[::-1]
        return (self.at,)


@dataclass(frozen=True, eq=False)
class Shape:
    """The sizes of the arrays: T thresholds and means, p items, m factors, G groups."""

    thresholds: int
    items: int
    factors: int
    groups: int

    def of(self, kind: Kind) -> tuple[int, ...]:
        """The shape of the array of one kind in one group."""
        p, m = self.items, self.factors
        return {
            "threshold": (self.thresholds,), "intercept": (p,), "loading": (p, m), "residual": (p,),
            "regression": (m, m), "factor mean": (m,), "factor variance": (m, m),
        }[kind]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Parameters:
    """A factor model in G groups.

    free    the k estimated numbers
    start   (k,) where to start looking for them
    fixed   values of entries that are not estimated; all others are 0
    """

    shape: Shape
    free: tuple[Parameter, ...]
    start: Array
    fixed: Mapping[Parameter, float]

    def __len__(self) -> int:
        return len(self.free)

    def arrays(self, theta: Array, group: int) -> dict[Kind, Array]:
        """The arrays of one group, filled with estimates theta (k,), real or complex."""
        made: dict[Kind, Array] = {kind: fixed.astype(theta.dtype) for kind, fixed in self._fixed[group].items()}
        for kind, (flat, source) in self._places[group].items():
            made[kind].reshape(-1)[flat] = theta[source]
        return made

    def places(self, group: int) -> dict[Kind, tuple[Codes, Codes]]:
        """By kind, the flat places of a group that are estimated, and which of the k numbers stands there."""
        return self._places[group]

    @cached_property
    def _fixed(self) -> tuple[dict[Kind, Array], ...]:
        kinds: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
        made: tuple[dict[Kind, Array], ...] = tuple(
            {kind: np.zeros(self.shape.of(kind)) for kind in kinds} for _ in range(self.shape.groups)
        )
        for parameter, value in self.fixed.items():
            for g in range(self.shape.groups) if parameter.group is None else (parameter.group,):
                for place in parameter.places:
                    made[g][parameter.kind][place] = value
        return made

    @cached_property
    def _places(self) -> tuple[dict[Kind, tuple[Codes, Codes]], ...]:
        found = []
        for g in range(self.shape.groups):
            listed: dict[Kind, list[tuple[int, int]]] = {}
            for k, parameter in enumerate(self.free):
                if parameter.group in (None, g):
                    shape = self.shape.of(parameter.kind)
                    for place in parameter.places:
                        flat = int(np.ravel_multi_index(place, shape))
                        listed.setdefault(parameter.kind, []).append((flat, k))
            found.append(
                {
                    kind: (np.array([flat for flat, _ in pairs]), np.array([k for _, k in pairs]))
                    for kind, pairs in listed.items()
                }
            )
        return tuple(found)

    def index(self, parameter: Parameter) -> int | None:
        """Where an estimated number, of one group or of all, stands among the k; None where it is fixed."""
        for wanted in (parameter, replace(parameter, group=None)):
            if wanted in self._index:
                return self._index[wanted]
        return None

    @cached_property
    def _index(self) -> dict[Parameter, int]:
        return {parameter: k for k, parameter in enumerate(self.free)}

    def started(self, other: Parameters, theta: Array) -> Parameters:
        """The same model with starting values from the estimates of another one, where it has them."""
        start = self.start.copy()
        for k, parameter in enumerate(self.free):
            for g in range(self.shape.groups) if parameter.group is None else (parameter.group,):
                at = other.index(replace(parameter, group=g))
                if at is not None:
                    start[k] = theta[at]
                    break
        return replace(self, start=start)
