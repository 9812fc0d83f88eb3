"""What is wrong with a solution, in both languages: numbers that cannot be, and fits that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from surveyor.arrays import Array
from surveyor.format import count, number
from surveyor.measure.fit import Solution
from surveyor.measure.implied import Behind
from surveyor.measure.parameters import Kind
from surveyor.measure.setting import Setting
from surveyor.questionnaire import Language

#: A standardised loading above this leaves nothing to the item itself.
WHOLE = 0.995

#: {x} an item or factor, {y} another factor, {value} the number, {where} the group.
PROBLEMS: Mapping[str, Mapping[Language, str]] = {
    "residual": {
        "en": "{x}: the variance left by its factor is {value}, below 0{where} (a Heywood case): too few items or "
        "answers, or the item repeats another one",
        "zh": "{x}：{where}因子未解释的方差为{value}，小于0（海伍德情形）：题目或回答太少，或该题与另一题重复",
    },
    "loading": {
        "en": "{x}: its standardised loading is {value}{where}, so that it says all its factor says (a Heywood case)",
        "zh": "{x}：{where}标准化负荷为{value}，该题与因子完全重合（海伍德情形）",
    },
    "variance": {
        "en": "{x}: its variance is {value}, below 0{where} (a Heywood case)",
        "zh": "{x}：{where}因子方差为{value}，小于0（海伍德情形）",
    },
    "correlation": {
        "en": "{x} and {y} correlate at {value}{where}: they are one factor",
        "zh": "{x}与{y}：{where}相关为{value}，实为同一因子",
    },
    "where": {"en": " among the {group}", "zh": "{group}中"},
    "lost": {
        "en": "{lost} of the fits under replicates did not converge; errors rest on where they stopped",
        "zh": "重复拟合中有{lost}次未收敛；标准误按其停止处的数值计算",
    },
}


def problems_of(setting: Setting, solution: Solution, groups: Sequence[str] = (), lang: Language = "en") -> list[str]:
    """What cannot be true of a solution: negative variances, correlations of 1 and more (Heywood cases).

    groups   the names of the groups, nothing where there is one
    """
    told: list[str] = []
    for g in range(solution.parameters.shape.groups):
        arrays = solution.parameters.arrays(solution.theta, g)
        where = PROBLEMS["where"][lang].format(group=groups[g]) if groups else ""
        for key, names, value in (*_odd_items(setting, solution, arrays), *_odd_factors(setting, solution, arrays)):
            x, y = (*names, "")[:2]
            told.append(PROBLEMS[key][lang].format(x=x, y=y, value=number(value, 3), where=where))
    return told


def lost_fits(lost: int, lang: Language) -> list[str]:
    """What is said of fits under replicates that did not arrive."""
    return [PROBLEMS["lost"][lang].format(lost=count(lost))] if lost else []


#: Which problem, of what, and the number that cannot be.
Odd = tuple[str, tuple[str, ...], float]


def _odd_items(setting: Setting, solution: Solution, arrays: Mapping[Kind, Array]) -> list[Odd]:
    names = setting.items.names
    behind = Behind(solution.layout, arrays)
    with np.errstate(invalid="ignore"):
        standard = arrays["loading"] * np.sqrt(np.abs(np.diag(behind.factors))) / behind.sd[:, None]
    left = zip(names, arrays["residual"], strict=True)
    largest = zip(names, np.abs(standard).max(axis=1), strict=True)
    return [
        *(("residual", (item,), float(value)) for item, value in left if value <= 0),
        *(("loading", (item,), float(value)) for item, value in largest if value > WHOLE),
    ]


def _odd_factors(setting: Setting, solution: Solution, arrays: Mapping[Kind, Array]) -> list[Odd]:
    names = list(setting.structure.factors)
    factors = Behind(solution.layout, arrays).factors
    variance = np.diag(factors)[: len(names)]
    sd = np.sqrt(np.abs(variance))
    together = {(b, a): float(factors[a, b] / (sd[a] * sd[b])) for b, a in combinations(range(len(names)), 2)}
    return [
        *(("variance", (name,), float(value)) for name, value in zip(names, variance, strict=True) if value <= 0),
        *(("correlation", (names[b], names[a]), r) for (b, a), r in together.items() if abs(r) >= 1),
    ]
