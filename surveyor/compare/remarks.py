"""What must be said of a row of a comparison: how few units there are, why there is no test, how it is measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from surveyor.compare.few_units import ALPHA, FEW, FEWEST
from surveyor.format import count, p_value
from surveyor.questionnaire import Language

if TYPE_CHECKING:
    from surveyor.compare.comparison import Comparison

REMARKS: Mapping[str, Mapping[Language, str]] = {
    "none": {"en": "no answers", "zh": "没有回答"},
    "one side": {"en": "no answers in {group}", "zh": "{group}没有回答"},
    "too few": {
        "en": "fewer than {n} primary units on one side: no p-value",
        "zh": "一方的初级抽样单位不足{n}个：不给出 p 值",
    },
    "same": {"en": "every answer is the same: no test", "zh": "所有回答相同：不作检验"},
    "still": {"en": "no variation within the groups: no test", "zh": "组内没有差异：不作检验"},
    "few": {
        "en": "fewer than {n} primary units on one side: read the interval with care",
        "zh": "一方的初级抽样单位不足{n}个：区间须谨慎解读",
    },
    "no permutation": {"en": "units cannot be permuted here: no test", "zh": "单位无法置换：不作检验"},
    "fixed": {
        "en": "too few units change places within the strata for a permutation test",
        "zh": "层内可互换的单位太少，无法作置换检验",
    },
    "split": {
        "en": "t test and permutation of units disagree (p {t} and {p}): undecided",
        "zh": "t 检验与单位置换检验不一致（p {t} 与 {p}）：尚不能判断",
    },
    "beside": {"en": "permutation of units: p {p}", "zh": "单位置换检验：p {p}"},
}


def remarks(comparison: Comparison, row: int) -> list[str]:
    """All that must be said of one row."""
    told = [*comparison.groups.notes, *_of_answers(comparison, row), comparison.said.get(comparison.outcomes[row], "")]
    return [text for text in told if text]


def _of_answers(comparison: Comparison, row: int) -> list[str]:
    said = {key: text[comparison.lang] for key, text in REMARKS.items()}
    told, pair = [], comparison.sides.n.reshape(-1, 2)[row]
    if not pair.any():
        told.append(said["none"])
    elif not pair.all():
        told.append(said["one side"].format(group=comparison.group_names[int(pair.argmin())]))
    elif comparison.too_few[row]:
        told.append(said["too few"].format(n=count(FEWEST)))
    elif comparison.still[row]:
        told.append(said["same" if comparison.differences.values[row] == 0 else "still"])
    elif comparison.smaller_side[row] < FEW:
        told += [said["few"].format(n=count(FEW)), _beside(comparison, row, said)]
    if comparison.by_permutation and np.isfinite(comparison.t[row]) and np.isnan(comparison.p[row]):
        told.append(said["no permutation"])
    return told


def _beside(comparison: Comparison, row: int, said: Mapping[str, str]) -> str:
    """What the permutation of units says beside the t test."""
    each = comparison.permuted[row]
    if each is None or comparison.by_permutation:
        return ""
    if not each.speaks(ALPHA):
        return said["fixed"]
    t, p = p_value(comparison.p[row]), p_value(comparison.permutation_p[row])
    return said["split" if comparison.split[row] else "beside"].format(t=t, p=p)
