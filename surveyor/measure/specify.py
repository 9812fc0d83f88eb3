"""From factors and their items to a model in one or two groups: what is estimated, and what is alike in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import numpy as np

from surveyor.arrays import Array
from surveyor.measure.layout import Layout
from surveyor.measure.parameters import Kind, Parameter, Parameters, Shape
from surveyor.questionnaire import Language

#: What may be alike in both groups, in the order in which it is asked (Wu and Estabrook 2016; Meredith 1993).
Alike = Literal["thresholds", "loadings", "intercepts", "residuals"]
ORDER: tuple[Alike, ...] = ("thresholds", "loadings", "intercepts", "residuals")

#: The same in words.
HELD: Mapping[str, Mapping[Language, str]] = {
    "thresholds": {"en": "thresholds", "zh": "阈值"},
    "loadings": {"en": "loadings", "zh": "负荷"},
    "intercepts": {"en": "intercepts", "zh": "截距"},
    "residuals": {"en": "residual variances", "zh": "残差方差"},
}


@dataclass(frozen=True)
class Structure:
    """Which items are thought to reflect which factor.

    factors   name -> places of its items
    general   whether one more factor stands behind the factors
    """

    factors: Mapping[str, tuple[int, ...]]
    general: bool = False

    @property
    def count(self) -> int:
        """How many factors there are, the general one last."""
        return len(self.factors) + self.general

    def of(self, item: int) -> str:
        """The factor of an item."""
        return next(factor for factor, items in self.factors.items() if item in items)


@dataclass(frozen=True)
class Equal:
    """What is held alike in both groups.

    alike   the steps taken so far
    freed   items that were let go, and the step at which: from there on nothing of them is held
    """

    alike: tuple[Alike, ...] = ()
    freed: Mapping[int, Alike] = field(default_factory=dict)

    def holds(self, item: int, what: Alike) -> bool:
        """Whether this of an item is the same number in both groups."""
        let_go = self.freed.get(item)
        return what in self.alike and not (let_go is not None and ORDER.index(let_go) <= ORDER.index(what))


#: The thresholds of an item that set the scale of the answer behind it, alike even where the item is let go.
SCALE = 2

#: Nothing alike: the same factors in both groups, everything else its own (configural).
NOTHING = Equal()


def specify(layout: Layout, structure: Structure, values: Array, equal: Equal = NOTHING) -> Parameters:
    """The model in as many groups as `values` (G, q) has; its numbers start from these sample statistics.

    Factors have mean 0 and variance 1 in the first group, and answers behind ordinal items residual variance 1 and
    intercept 0 there (Theta parameterisation). In the second group a threshold held alike lets the item's intercept
    and residual variance differ, loadings held alike the factors' variances, and intercepts held alike their means
    (Wu and Estabrook 2016).
    """
    G = len(values)
    made = _Made(layout, values, Shape(int(layout.starts[-1]), layout.items, structure.count, G))
    for factor, items in enumerate(structure.factors.values()):
        for item in items:
            for g in range(G):
                made.item(item, factor, g, equal)
    _factors(made, structure, equal)
    return made.parameters()


class _Made:
    """Numbers to be estimated and fixed ones, as they are named."""

    def __init__(self, layout: Layout, values: Array, shape: Shape) -> None:
        self.layout, self.values, self.shape = layout, values, shape
        self.start: dict[Parameter, float] = {}
        self.fixed: dict[Parameter, float] = {}

    def free(self, kind: Kind, at: tuple[int, ...], group: int | None, start: float) -> None:
        """A number to be estimated; one of all groups is named again for each."""
        self.start.setdefault(Parameter(kind, at, group), start)

    def fix(self, kind: Kind, at: tuple[int, ...], group: int, value: float) -> None:
        """A number that is not estimated."""
        self.fixed[Parameter(kind, at, group)] = value

    def item(self, item: int, factor: int, g: int, equal: Equal) -> None:
        """What one group has of one item."""
        own: dict[Alike, int | None] = {what: None if equal.holds(item, what) else g for what in ORDER}
        places = self.layout.levels(item)
        spread = 1.0
        if self.layout.ordinal[item]:
            for t in range(places.start, places.stop):
                shared = "thresholds" in equal.alike and t - places.start < SCALE
                self.free("threshold", (t,), None if shared else own["thresholds"], float(self.values[g, t]) * 1.4)
            self._behind(item, g, equal)
        else:
            at = self.layout.variances.start + int(np.flatnonzero(self.layout.continuous == item)[0])
            spread = float(np.sqrt(self.values[g, at]))
            self.free("intercept", (item,), own["intercepts"], float(self.values[g, places.start]))
            self.free("residual", (item,), own["residuals"], 0.5 * spread**2)
        self.free("loading", (item, factor), own["loadings"], 0.7 * spread)

    def _behind(self, item: int, g: int, equal: Equal) -> None:
        """Intercept and residual variance of the answer behind an ordinal item.

        In the second group a threshold held alike sets the intercept free, a second one the residual variance; with one
        threshold alone the residual variance is free only once the intercept is not (Wu and Estabrook 2016).
        """
        held = g > 0 and "thresholds" in equal.alike
        if held and not equal.holds(item, "intercepts"):
            self.free("intercept", (item,), g, 0.0)
        scaled = self.layout.categories[item] > 2 or equal.holds(item, "intercepts")
        if held and scaled and not equal.holds(item, "residuals"):
            self.free("residual", (item,), g, 1.0)
        else:
            self.fix("residual", (item,), g, 1.0)

    def parameters(self) -> Parameters:
        """All together."""
        return Parameters(self.shape, tuple(self.start), np.array(list(self.start.values())), self.fixed)


def _factors(made: _Made, structure: Structure, equal: Equal) -> None:
    """Variances, covariances and means of the factors: a variance of the second group is free where a loading links it
    to the first, a mean where an intercept does.
    """
    first = len(structure.factors)
    for g in range(made.shape.groups):
        for a, items in enumerate(structure.factors.values()):
            if g > 0 and any(equal.holds(item, "loadings") for item in items):
                made.free("factor variance", (a, a), g, 1.0)
            else:
                made.fix("factor variance", (a, a), g, 1.0)
            if g > 0 and any(equal.holds(item, "intercepts") for item in items):
                made.free("factor mean", (a,), g, 0.0)
        if structure.general:
            made.fix("factor variance", (first, first), g, 1.0)
            for a in range(first):
                made.free("regression", (a, first), g, 0.7)
        else:
            for a, b in combinations(range(first), 2):
                made.free("factor variance", (a, b), g, 0.3)
