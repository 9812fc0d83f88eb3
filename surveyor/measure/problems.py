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

#: One below this runs against the others of its factor.
AGAINST = -0.10

#: With fewer answers in a group the ladder is climbed with a caution (SUBSTANCE C9).
ENOUGH = 250

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
    "against": {
        "en": "{x}: its standardised loading is {value}{where}, against the rest of its factor: is it asked the other "
        "way round?",
        "zh": "{x}：{where}标准化负荷为{value}，与同一因子的其他题目方向相反：是否为反向题？",
    },
    "variance": {
        "en": "{x}: its variance is {value}, below 0{where} (a Heywood case)",
        "zh": "{x}：{where}因子方差为{value}，小于0（海伍德情形）",
    },
    "correlation": {
        "en": "{x} and {y} correlate at {value}{where}: they are one factor",
        "zh": "{x}与{y}：{where}相关为{value}，实为同一因子",
    },
    "few": {
        "en": "with fewer than {enough} answers in a group ({counts}), questions that work otherwise are easily missed",
        "zh": "有一组的回答不足{enough}份（{counts}），容易漏掉不等价的题目",
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


def few_answers(setting: Setting, groups: Sequence[str], lang: Language) -> list[str]:
    """What is said of groups with so few answers that items which work otherwise are easily missed."""
    n = setting.moments.n
    if n.min() >= ENOUGH:
        return []
    counts = {"en": ", ", "zh": "，"}[lang].join(f"{group} {count(k)}" for group, k in zip(groups, n, strict=True))
    return [PROBLEMS["few"][lang].format(enough=count(ENOUGH), counts=counts)]


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
        *_against(setting, standard),
    ]


def _against(setting: Setting, standard: Array) -> list[Odd]:
    """Items whose standardised loading (p, m) has another sign than the sum of those of its factor."""
    told: list[Odd] = []
    for a, items in enumerate(setting.structure.factors.values()):
        way = np.sign(standard[list(items), a].sum())
        told += [
            ("against", (setting.items.names[item],), float(standard[item, a]))
            for item in items
            if way * standard[item, a] < AGAINST
        ]
    return told


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
