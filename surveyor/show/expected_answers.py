"""Questions that were let go, as a figure: expected answers at each level of the scale in the two groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from surveyor.format import number, significant
from surveyor.measure.invariance import Invariance
from surveyor.measure.invariance.curves import curves
from surveyor.measure.specify import HELD
from surveyor.questionnaire import Language
from surveyor.show.factor_words import DIGITS, bases, named
from surveyor.show.figure import Figure
from surveyor.show.words import capital

SAID: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "Questions that work otherwise in the two groups", "zh": "在两组中不等价的题目"},
    "axis": {"en": "level of: {}", "zh": "{}的水平"},
    "answer": {"en": "expected answer", "zh": "期望回答"},
    "side": {"en": "let go at the {}; dMACS {}", "zh": "放开于{}；dMACS {}"},
    "note": {
        "en": "Expected answer (categories from 1, low to high) at each level of the scale, in standard deviations of "
        "the {a}; each line spans its own group, two standard deviations to each side of its mean. Where lines lie "
        "apart, people of the same level answer otherwise.",
        "zh": "横轴为量表水平（以{a}的标准差为单位），纵轴为期望回答（由低到高从1计）；每条线覆盖本组均值"
        "两侧各两个标准差。两线分开之处，水平相同的人回答不同。",
    },
    "alt": {"en": "Lines of expected answers, {a} / {b}. {each}.", "zh": "期望回答曲线，{a} / {b}。{each}。"},
    "one": {
        "en": "{x}, at the mean of the {a}: {va} / {vb}",
        "zh": "{x}，在{a}的均值处：{va} / {vb}",
    },
}  # fmt: skip


def expected_figure(result: Invariance) -> Figure | None:
    """A panel a question that was let go; None where none was."""
    frame = curves(result)
    if frame.empty:
        return None
    lang = result.lang
    a, b = result.groups
    panels = [_panel(result, str(item), part) for item, part in frame.groupby("item", sort=False)]
    join = {"en": ". ", "zh": "。"}[lang]
    each = join.join(
        SAID["one"][lang].format(x=panel["label"], a=a, va=panel["shown"][0], vb=panel["shown"][1]) for panel in panels
    )
    note = f"{SAID['note'][lang].format(a=a)}{' ' if lang == 'en' else ''}{bases(result.setting, result.groups, lang)}"
    alt = SAID["alt"][lang].format(a=capital(a), b=b, each=each)
    groups = [capital(name) for name in result.groups]
    data = {"panels": panels, "groups": groups, "answer": SAID["answer"][lang]}
    return Figure("expected", SAID["title"][lang], note, alt, data, lang)


def _panel(result: Invariance, item: str, part: pd.DataFrame) -> dict[str, Any]:
    lang, setting = result.lang, result.setting
    factor = str(part["factor"].iloc[0])
    place = setting.items.names.index(item)
    lines = [
        {what: [significant(x, DIGITS) for x in half[what]] for what in ("level", "expected")}
        for _, half in part.groupby("group")
    ]
    at_mean = [float(half["expected"].iloc[(half["level"].abs()).argmin()]) for _, half in part.groupby("group")]
    where = HELD[result.let_go[item]][lang]
    return {
        "label": named(item, setting.items.labels),
        "side": SAID["side"][lang].format(where, number(result.bias[item].dmacs)),
        "axis": SAID["axis"][lang].format(result.names.get(factor, factor)),
        "top": setting.items.categories[place] or None,
        "lines": lines,
        "shown": [number(value) for value in at_mean],
    }
