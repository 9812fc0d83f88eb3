"""How much an item itself differs between the groups, at the same level of its factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from surveyor.arrays import Array
from surveyor.measure.fit import Solution
from surveyor.measure.invariance.ladder import climbs, held
from surveyor.measure.parameters import Kind
from surveyor.measure.setting import Setting
from surveyor.measure.specify import Equal

#: Points of a normal distribution at which expected answers are compared.
NODES = 61


@dataclass(frozen=True)
class Bias:
    """What an item adds or takes, in one group, from what its factor says.

    dmacs       root mean square of the difference of expected answers at the same level, over the standard deviation
                of the item pooled over the groups (Nye and Drasgow 2011)
    difference  the mean of these differences, first group minus second, in categories or points
    """

    dmacs: float
    difference: float


def biases(setting: Setting, near: Solution, equal: Equal) -> list[Bias]:
    """The bias of each item: the others are held alike (but those let go), it alone may differ in everything.

    near    the model with equal intercepts from which the fits start
    """
    first = climbs(setting.moments.layout)[0][0]
    return [
        _bias(setting, near, replace(equal, freed={**equal.freed, item: first}), item)
        for item in range(setting.moments.layout.items)
    ]


def _bias(setting: Setting, near: Solution, equal: Equal, item: int) -> Bias:
    name = setting.structure.of(item)
    factor = list(setting.structure.factors).index(name)
    if all(other in equal.freed for other in setting.structure.factors[name]):
        return Bias(float("nan"), float("nan"))  # nothing links the groups
    solution = held(setting, equal, near)
    if not solution.arrived:
        return Bias(float("nan"), float("nan"))
    groups = [solution.parameters.arrays(solution.theta, g) for g in range(2)]
    mean, variance = groups[1]["factor mean"][factor], groups[1]["factor variance"][factor, factor]
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    eta = mean + root(variance) * nodes
    weights = weights / weights.sum()
    away = expected(setting, groups[0], item, factor, eta) - expected(setting, groups[1], item, factor, eta)
    spread = np.sqrt(np.average([observed_variance(setting, g, item) for g in range(2)], weights=setting.moments.n))
    return Bias(float(np.sqrt(weights @ away**2) / spread), float(weights @ away))


def expected(setting: Setting, arrays: Mapping[Kind, Array], item: int, factor: int, eta: Array) -> Array:
    """The expected answer to an item at levels `eta` of its factor: its category, counted from 0, or its points."""
    layout = setting.moments.layout
    behind = arrays["intercept"][item] + arrays["loading"][item, factor] * eta
    if not layout.ordinal[item]:
        return np.asarray(behind)
    tau = arrays["threshold"][layout.levels(item)]
    return np.asarray(ndtr((behind[:, None] - tau) / root(arrays["residual"][item])).sum(axis=1))


def root(variance: float) -> float:
    """The standard deviation; NaN of a variance that cannot be."""
    return float(np.sqrt(variance)) if variance > 0 else float("nan")


def observed_variance(setting: Setting, group: int, item: int) -> float:
    """The variance of the answers to an item in one group."""
    layout, values = setting.moments.layout, setting.moments.values[group]
    if not layout.ordinal[item]:
        return float(values[layout.variances][int(np.flatnonzero(layout.continuous == item)[0])])
    upto = np.concatenate([[0.0], ndtr(values[layout.levels(item)]), [1.0]])
    shares, points = np.diff(upto), np.arange(len(upto) - 1)
    return float(shares @ points**2 - (shares @ points) ** 2)
