"""Invariance, step by step: how much of a factor model may be the same in both groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from surveyor.measure.chi_square import ChiSquare, of_difference, of_model, score_test
from surveyor.measure.fit import Solution
from surveyor.measure.fit_measures import FitMeasures, fit_measures
from surveyor.measure.implied import implied
from surveyor.measure.layout import Layout
from surveyor.measure.setting import Setting
from surveyor.measure.specify import NOTHING, ORDER, Alike, Equal

#: A step is refused below this chance; then items whose score test is below the other are let go.
REFUSED, PULLS = 0.01, 0.05

#: Where the test refuses, losses of fit up to these are small (Cheung and Rensvold 2002; Chen 2007).
SMALL = {"cfi": 0.010, "rmsea": 0.015}

#: So many items of a factor must stay alike.
KEPT = 2


@dataclass(frozen=True, eq=False)
class Step:
    """A model in which one more thing is held alike.

    what         what is new: "configural" (nothing but the factors), or the last of `equal.alike`
    equal        everything that is held, and the items let go so far
    difference   the test against the step before; None for the first
    p_all        its chance before any item was let go
    let_go       items let go at this step, each with the chance of its score test
    stuck        factors of which fewer than two items would stay alike: all of them were let go
    stands       whether the next step may be asked
    """

    what: str
    equal: Equal
    solution: Solution
    test: ChiSquare
    fit: FitMeasures
    difference: ChiSquare | None = None
    p_all: float = float("nan")
    let_go: Mapping[int, float] = field(default_factory=dict)
    stuck: tuple[str, ...] = ()
    stands: bool = True

    @property
    def arrived(self) -> bool:
        """Whether its model was found."""
        return self.solution.arrived


def climb(setting: Setting) -> list[Step]:
    """The steps of the ladder, up to the first that does not stand.

    Ordinal items: configural, thresholds, loadings, intercepts, residuals (Wu and Estabrook 2016); continuous ones:
    configural, loadings, intercepts, residuals (Meredith 1993). Where the difference test refuses a step below .01, the
    item with the strongest score test is let go, one at a time, as long as the test refuses and an item pulls (below
    .05); where fewer than two items of a factor would stay alike, the factor is given up and the others go on. A step
    that is refused all the same stands if it costs at most .010 of CFI and .015 of RMSEA.
    """
    first = _first(setting)
    steps = [first]
    for group in climbs(setting.moments.layout):
        if not steps[-1].stands:
            break
        steps.append(_next(setting, steps[-1], group))
    return steps


def climbs(layout: Layout) -> list[tuple[Alike, ...]]:
    """What is held alike from step to step; what cannot be tested alone is taken together with what comes next.

    Three categories have two thresholds, which only set the scale of the answer behind them; with two categories
    thresholds, loadings and intercepts can only be held together (Wu and Estabrook 2016), and residual variances left
    free are hardly told from the factor's where items are alike, so that they are held with them.

    >>> climbs(Layout((5, 5, 3)))
    [('thresholds',), ('loadings',), ('intercepts',), ('residuals',)]
    >>> climbs(Layout((2, 2, 2)))
    [('thresholds', 'loadings', 'intercepts', 'residuals')]
    """
    counts = [count for count in layout.categories if count]
    if not counts:
        return [("loadings",), ("intercepts",), ("residuals",)]
    if 2 in counts:
        return [ORDER]
    if max(counts) == 3:
        return [("thresholds", "loadings"), ("intercepts",), ("residuals",)]
    return [(what,) for what in ORDER]


def with_means(layout: Layout, freed: Mapping[int, Alike] | None = None) -> Equal:
    """Everything up to intercepts alike, but for the items let go: what gaps between the groups rest on.

    >>> with_means(Layout((5, 5, 5))).alike
    ('thresholds', 'loadings', 'intercepts')
    """
    alike: tuple[Alike, ...] = ()
    for group in climbs(layout):
        alike = (*alike, *group)
        if "intercepts" in group:
            break
    return Equal(alike, freed or {})


def held(setting: Setting, equal: Equal, near: Solution) -> Solution:
    """The model with these things alike, fitted from where another one stands; from its own start where it cannot
    stand there, or does not arrive from there.
    """
    own = setting.specified(equal)
    begun = own.started(near.parameters, near.theta)
    with np.errstate(invalid="ignore", divide="ignore"):
        possible = np.isfinite(setting.distance(implied(near.layout, begun, begun.start)[0]))
    found = setting.fitted(begun if possible else own)
    return found if found.arrived or not possible else setting.fitted(own)


def _first(setting: Setting) -> Step:
    solution = setting.fitted(setting.specified(NOTHING))
    test = of_model(solution, setting.moments)
    measures = fit_measures(solution, setting.moments, test)
    return Step("configural", NOTHING, solution, test, measures, stands=solution.arrived)


def _next(setting: Setting, before: Step, group: tuple[Alike, ...]) -> Step:
    """The next step, with items let go where the test refuses it."""
    moments = setting.moments
    equal = Equal((*before.equal.alike, *group), before.equal.freed)
    solution = held(setting, equal, before.solution)
    difference = of_difference(solution, before.solution, moments)
    p_all = difference.p
    let_go: dict[int, float] = {}
    stuck: set[str] = set()
    while difference.p < REFUSED and solution.arrived:
        item, p = _strongest(setting, solution, equal, group[0])
        if item is None:
            break
        factor = setting.structure.of(item)
        left = [other for other in setting.structure.factors[factor] if other not in equal.freed]
        if len(left) <= KEPT:
            stuck.add(factor)
        else:
            let_go[item], left = p, [item]
        equal = replace(equal, freed={**equal.freed, **dict.fromkeys(left, group[0])})
        solution = held(setting, equal, solution)
        difference = of_difference(solution, before.solution, moments)
    test = of_model(solution, moments)
    measures = fit_measures(solution, moments, test)
    small = before.fit.cfi - measures.cfi <= SMALL["cfi"] and measures.rmsea - before.fit.rmsea <= SMALL["rmsea"]
    stands = solution.arrived and (not difference.p < REFUSED or small)
    return Step(group[-1], equal, solution, test, measures, difference, p_all, let_go, tuple(sorted(stuck)), stands)


def _strongest(setting: Setting, solution: Solution, equal: Equal, what: Alike) -> tuple[int | None, float]:
    """The item whose being held alike the sample pulls at most, with the chance of that; None where none does."""
    held = [item for item in range(setting.moments.layout.items) if _is_tested(setting, equal, item, what)]
    if not held:
        return None, float("nan")
    p = np.array([_pull(setting, solution, equal, item, what) for item in held])
    p = np.where(np.isnan(p), 1.0, p)
    best = int(p.argmin())
    return (held[best], float(p[best])) if p[best] < PULLS else (None, float(p[best]))


def _pull(setting: Setting, solution: Solution, equal: Equal, item: int, what: Alike) -> float:
    """The chance of the score test that lets one item go."""
    wider = setting.specified(replace(equal, freed={**equal.freed, item: what}))
    wider = wider.started(solution.parameters, solution.theta)
    moved = Solution(solution.layout, wider, solution.distance, wider.start, solution.least, True)
    return score_test(solution, moved, setting.moments).p


def _is_tested(setting: Setting, equal: Equal, item: int, what: Alike) -> bool:
    """Whether an item is held alike in something that could differ."""
    only_scale = what == "thresholds" and "intercepts" not in equal.alike
    return equal.holds(item, what) and not (only_scale and setting.moments.layout.categories[item] <= 3)
