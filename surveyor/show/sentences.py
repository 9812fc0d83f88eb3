"""Plain sentences about a comparison: slots filled from the result, and nothing claimed beyond its interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from surveyor.compare import Comparison
from surveyor.format import count, counted, number
from surveyor.questionnaire import Language
from surveyor.show.comparison import is_share, shown_gap, shown_value
from surveyor.show.prose import Prose, listed, paragraphs

#: verdict -> sentence; "undecided, many": the interval leaves out zero, the adjusted p-value does not;
#: "undecided, split": the t test and the permutation of primary units say different things.
#: {x} is the outcome, {what} the mean or the share of a level, {a} {b} the groups with their values
#: {va} {vb}, {gap} the size of the difference, {low} to {high} its interval, {bound} the bound of equivalence.
TEMPLATES: dict[Language, dict[str, str]] = {
    "en": {
        "different": "{x}: {what} is {direction} among {a} ({va}) than among {b} ({vb}), "
        "a difference of {gap} (95 % interval {low} to {high}).",
        "different but trivial": "{x}: {what} is {direction} among {a} ({va}) than among {b} ({vb}), "
        "but the difference is smaller than {bound}.",
        "equivalent": "{x}: any difference in {what} between {a} ({va}) and {b} ({vb}) is smaller than {bound}.",
        "undecided": "{x}: the survey cannot tell whether {what} differs between {a} ({va}) and {b} ({vb}); "
        "the difference may lie anywhere from {low} to {high} (95 % interval).",
        "undecided, many": "{x}: {what} is {direction} among {a} ({va}) than among {b} ({vb}), but among {looks} "
        "comparisons a difference of this size can arise by chance; taken alone, its 95 % interval is {low} to {high}.",
        "undecided, split": "{x}: {what} is {va} among {a} and {vb} among {b}; with so few primary units the survey "
        "cannot tell whether this is a difference (95 % interval {low} to {high}; exchanging units between the groups "
        "says otherwise).",
        "no test": "{x}: {what} is {va} among {a} and {vb} among {b}; no test is given ({note}).",
        "": "{x}: no comparison of {what} can be made ({note}).",
    },
    "zh": {
        "different": "{x}：{a}的{what}（{va}）{direction}{b}（{vb}），相差{gap}（95% 区间 {low} 至 {high}）。",
        "different but trivial": "{x}：{a}的{what}（{va}）{direction}{b}（{vb}），但差别小于{bound}。",
        "equivalent": "{x}：{a}（{va}）与{b}（{vb}）在{what}上的差别小于{bound}。",
        "undecided": "{x}：本次调查还不能判断{a}（{va}）与{b}（{vb}）的{what}是否有差别；"
        "差值可能在 {low} 至 {high} 之间（95% 区间）。",
        "undecided, many": "{x}：{a}的{what}（{va}）{direction}{b}（{vb}），但在{looks}项比较中，"
        "这样大小的差别可能出于偶然；单独看，95% 区间为 {low} 至 {high}。",
        "undecided, split": "{x}：{a}的{what}为 {va}，{b}为 {vb}；初级抽样单位太少，本次调查还不能判断是否有差别"
        "（95% 区间 {low} 至 {high}；在两组间置换单位得出不同结论）。",
        "no test": "{x}：{a}的{what}为 {va}，{b}为 {vb}；不作检验（{note}）。",
        "": "{x}：无法比较{what}（{note}）。",
    },
}


#: verdict -> how many there are, in the opening of a summary.
COUNTED: dict[Language, dict[str, str]] = {
    "en": {
        "different": "{} different",
        "different but trivial": "{} different but within the bound",
        "equivalent": "{} equivalent within the bound",
        "undecided": "{} undecided",
        "": "{} without a test",
    },
    "zh": {
        "different": "{}项有差别",
        "different but trivial": "{}项有差别但在界限之内",
        "equivalent": "{}项在界限内相当",
        "undecided": "{}项尚不能判断",
        "": "{}项不作检验",
    },
}


def comparison_sentences(comparison: Comparison, outcomes: Sequence[str] | None = None) -> Prose:
    """One sentence per row, in the order of the comparison; with `outcomes`, only theirs."""
    frame = comparison.to_frame()
    return listed(
        *[
            _sentence(comparison, i, row)
            for i, row in enumerate(frame.itertuples())
            if outcomes is None or comparison.outcomes[i] in outcomes
        ]
    )


def comparison_summary(comparison: Comparison) -> Prose:
    """How many outcomes differ, are equivalent or undecided, and the largest differences that were shown."""
    frame = comparison.to_frame()
    verdicts = Counter(frame["verdict"])
    a, b = comparison.group_names
    parts = [verdicts[key] and text.format(count(verdicts[key])) for key, text in COUNTED[comparison.lang].items()]
    joined = {"en": ", ", "zh": "，"}[comparison.lang].join(part for part in parts if part)
    opening = {
        "en": f"{counted(len(frame), 'comparison')} between {a} and {b}: {joined}.",
        "zh": f"{a}与{b}共比较{count(len(frame))}项：{joined}。",
    }[comparison.lang]
    shown = frame[frame["verdict"] == "different"]
    largest = shown["effect"].abs().sort_values(ascending=False, kind="stable").index[:5]
    rows = dict(enumerate(frame.itertuples()))
    return Prose(
        (
            *paragraphs(opening).blocks,
            *listed(*[_sentence(comparison, int(i), rows[int(i)]) for i in largest]).blocks,
        )
    )


def _sentence(comparison: Comparison, i: int, row: Any) -> str:
    lang = comparison.lang
    share = is_share(comparison, i)
    level = comparison.level_text(i)
    ends = [row.low, row.high]
    said = row.verdict
    if said == "" and math.isfinite(row.difference):
        said = "no test"
    if comparison.split[i]:
        said = "undecided, split"
    elif said == "undecided" and (row.low > 0 or row.high < 0):
        said = "undecided, many"
    if said in ("different", "different but trivial"):
        ends = sorted(abs(end) for end in ends)  # said as a size: the direction is in words
        low, high = (_size(comparison, i, end) for end in ends)
    else:
        low, high = (shown_gap(comparison, i, end) for end in ends)
        high += _unit(share, lang)
    up = row.difference > 0
    text = TEMPLATES[lang][said].format(
        looks=int(np.isfinite(comparison.p).sum()),
        x=comparison.names[comparison.outcomes[i]],
        what={
            "en": f"the share answering \N{LEFT DOUBLE QUOTATION MARK}{level}\N{RIGHT DOUBLE QUOTATION MARK}"
            if share
            else "the mean",
            "zh": f"回答\N{LEFT DOUBLE QUOTATION MARK}{level}\N{RIGHT DOUBLE QUOTATION MARK}的比例"
            if share
            else "均值",
        }[lang],
        direction={"en": "higher" if up else "lower", "zh": "高于" if up else "低于"}[lang],
        a=row.group_a,
        b=row.group_b,
        va=shown_value(comparison, i, row.value_a),
        vb=shown_value(comparison, i, row.value_b),
        gap=_size(comparison, i, abs(row.difference)) + _unit(share, lang),
        low=low,
        high=high,
        bound=_bound(comparison, i, lang),
        note=row.note,
    )
    return text + _base(row, lang)


def _size(comparison: Comparison, i: int, value: float) -> str:
    """The size of a difference, without its sign."""
    return number(100 * value, 1) if is_share(comparison, i) else shown_value(comparison, i, value)


def _unit(share: bool, lang: Language) -> str:
    return {"en": " percentage points", "zh": "个百分点"}[lang] if share else ""


def _bound(comparison: Comparison, i: int, lang: Language) -> str:
    margin = comparison.margins[i]
    share = is_share(comparison, i)
    return "" if margin is None else _size(comparison, i, margin) + _unit(share, lang)


def _base(row: Any, lang: Language) -> str:
    """Who stands behind the sentence: answers, and primary units where there are any."""
    n = f"{count(row.n_a)}", f"{count(row.n_b)}"
    units = None if pd.isna(row.clusters_a) else (count(row.clusters_a), count(row.clusters_b))
    if lang == "zh":
        tail = f"，来自{units[0]}与{units[1]}个初级抽样单位" if units else ""
        return f"（有效回答{n[0]}与{n[1]}{tail}）"
    tail = f" in {units[0]} and {units[1]} primary units" if units else ""
    return f" Answers: {n[0]} and {n[1]}{tail}."
