"""How an answer comes from what a person is like: one small model for each kind of item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy.special import expit, ndtri

from surveyor.arrays import Array
from surveyor.plan.world import ESTATE, Level, World

Generator = np.random.Generator
By = Mapping[str, Level]


class Model(Protocol):
    """Answers (n,) to one item, in its codes."""

    def draw(self, world: World, rng: Generator) -> Array:
        """The answers of everybody, asked or not."""
        ...


@dataclass(frozen=True)
class Shift:
    """How an item differs in estates where measurement is not invariant: `cuts` added to its cuts, `loading` times."""

    cuts: float = 0.0
    loading: float = 1.0


@dataclass(frozen=True)
class Ordered:
    """An ordinal answer: a factor with noise, cut so that the codes in order have these shares in the population."""

    factor: str
    loading: float
    shares: tuple[float, ...]
    first: int = 1
    shift: Shift = Shift()

    def draw(self, world: World, rng: Generator) -> Array:
        """Codes from `first` upwards."""
        inner = np.clip(np.cumsum(self.shares)[:-1] / sum(self.shares), 1e-9, 1 - 1e-9)
        noisy = _noisy(world, self, rng)
        return np.asarray(self.first + np.searchsorted(ndtri(inner), noisy), dtype=float)


@dataclass(frozen=True)
class Points:
    """Points on a scale: a factor with noise, to the nearest whole number."""

    factor: str
    loading: float
    mean: float
    spread: float
    low: float = 0
    high: float = 10

    def draw(self, world: World, rng: Generator) -> Array:
        """Whole numbers from `low` to `high`."""
        noise = np.sqrt(1 - self.loading**2) * rng.standard_normal(len(world))
        found = self.mean + self.spread * (self.loading * world[self.factor] + noise)
        return np.asarray(np.clip(np.rint(found), self.low, self.high))


@dataclass(frozen=True)
class Amount:
    """A count whose logarithm follows a factor: few have much."""

    factor: str
    loading: float
    median: Level
    spread: float
    low: float
    high: float

    def draw(self, world: World, rng: Generator) -> Array:
        """Whole numbers from `low` to `high`."""
        noise = np.sqrt(1 - self.loading**2) * rng.standard_normal(len(world))
        middle = np.log(world.planted.level(self.median, world.group))
        found = np.exp(middle + self.spread * (self.loading * world[self.factor] + noise))
        return np.asarray(np.clip(np.floor(found), self.low, self.high))


@dataclass(frozen=True)
class Chance:
    """Yes (1) or no (0): a share by group, and what moves its logit."""

    share: Level
    by: By = field(default_factory=dict)

    def draw(self, world: World, rng: Generator) -> Array:
        """Ones and zeros."""
        return np.asarray(rng.random(len(world)) < chance(world, self.share, self.by), dtype=float)


@dataclass(frozen=True)
class Pick:
    """One of several answers: weights by group, and what moves the logarithm of each."""

    weights: Mapping[int, Level]
    tilts: Mapping[int, By] = field(default_factory=dict)

    def draw(self, world: World, rng: Generator) -> Array:
        """Codes of the answers."""
        scores = np.empty((len(world), len(self.weights)))
        for k, (code, weight) in enumerate(self.weights.items()):
            scores[:, k] = np.log(world.planted.level(weight, world.group)) + world.sum(self.tilts.get(code, {}))
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        upto = np.cumsum(scores, axis=1)
        chosen = (rng.random(len(world))[:, None] * upto[:, -1:] >= upto).sum(axis=1)
        codes = np.array(list(self.weights), dtype=float)
        return np.asarray(codes[np.minimum(chosen, len(codes) - 1)])


@dataclass(frozen=True)
class Taken:
    """An answer that is known of the person."""

    column: str

    def draw(self, world: World, rng: Generator) -> Array:
        """The column."""
        return world[self.column]


@dataclass(frozen=True)
class Body:
    """Trust in a body: an ordered answer where there is one, `code` from most people where there is none."""

    trust: Ordered
    lacking: str
    share: float = 0.8
    code: int = 96

    def draw(self, world: World, rng: Generator) -> Array:
        """Codes of trust, or `code`."""
        trust = self.trust.draw(world, rng)
        return np.where((world[self.lacking] > 0) & (rng.random(len(world)) < self.share), float(self.code), trust)


@dataclass(frozen=True)
class Several:
    """Several answers may be chosen: a share by group for each, and what moves its logit; `none` where no other is."""

    shares: Mapping[int, Level]
    none: int | None = 0
    tilts: Mapping[int, By] = field(default_factory=dict)

    def draw_all(self, world: World, rng: Generator, codes: list[int], most: int | None) -> dict[int, Array]:
        """A column of ones and zeros for each code, at most `most` ones a row."""
        order = rng.random((len(world), len(codes)))
        chosen = np.zeros((len(world), len(codes)), dtype=bool)
        for k, code in enumerate(codes):
            if code in self.shares:
                share = chance(world, self.shares[code], self.tilts.get(code, {}))
                chosen[:, k] = rng.random(len(world)) < share
        if most is not None:
            order[~chosen] = 2.0
            chosen &= order.argsort(axis=1).argsort(axis=1) < most
        if self.none in codes:
            chosen[:, codes.index(self.none)] = ~chosen.any(axis=1)
        return {code: chosen[:, k].astype(float) for k, code in enumerate(codes)}


def chance(world: World, share: Level, by: By) -> Array:
    """Probabilities (n,): a share by group, its logit moved by columns."""
    base = world.planted.level(share, world.group)
    return np.asarray(expit(np.log(base / (1 - base)) + world.sum(by)))


def _noisy(world: World, item: Ordered, rng: Generator) -> Array:
    """The factor with the item's own noise; in estates with the planted shift."""
    estate = world.group == ESTATE
    loading = np.where(estate, item.loading * item.shift.loading, item.loading)
    own = rng.standard_normal(len(world)) * np.sqrt(1 - loading**2)
    return np.asarray(loading * world[item.factor] + own - np.where(estate, item.shift.cuts, 0.0))
