"""Items that are read differently in two groups: a table and sentences, in both languages."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from surveyor.format import count, digits_of, interval, number, p_value
from surveyor.measure.dif import ItemBias
from surveyor.questionnaire import Language
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import stopped, word

SAID: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "Do both groups read the items alike?", "zh": "两组对题目的理解是否一致？"},
    "item": {"en": "Item", "zh": "题目"},
    "points": {"en": "Points at the same level: {a} minus {b}", "zh": "同一水平上的分差：{a}减{b}"},
    "log_odds": {"en": "Log odds", "zh": "对数发生比"},
    "size": {"en": "In standard deviations", "zh": "以标准差计"},
    "verdict": {"en": "Difference (adjusted p)", "zh": "差异（校正 p）"},
    "uniform": {"en": "The same gap at every level", "zh": "各水平差距相同（一致性）"},
    "non-uniform": {
        "en": "A gap that changes with the level (one standard deviation above the mean minus one below)",
        "zh": "差距随水平变化（非一致性；均值上一个标准差减下一个标准差）",
    },
    "corrected": {
        "en": "Level: the other items, corrected for how reliable they are in each group (Shealy and Stout 1993).",
        "zh": "水平：其余题目之均值，按各组信度校正（Shealy 与 Stout 1993）。",
    },
    "observed": {
        "en": "Level: the mean of the other items as observed. Groups that differ in what the items measure can seem "
        "to read them differently.",
        "zh": "水平：其余题目之观测均值。若两组在所测内容上确有差别，可能被误判为理解不同。",
    },
    "rule": {
        "en": "Moderate from .17, large from .25 standard deviations of the item, if adjusted p < .05 "
        "(Zwick, Thayer and Mazzeo 1997; Holm).",
        "zh": "校正 p < .05 时，差异达题目标准差的 .17 为中等，.25 为大（Zwick 等 1997；Holm 校正）。",
    },
}
VERDICTS: Mapping[str, Mapping[Language, str]] = {
    "none found": {"en": "none found", "zh": "未发现"},
    "slight": {"en": "slight", "zh": "轻微"},
    "moderate": {"en": "moderate", "zh": "中等"},
    "large": {"en": "large", "zh": "大"},
    "not tested": {"en": "not tested", "zh": "未检验"},
}
SENTENCES: Mapping[str, Mapping[Language, str]] = {
    "uniform": {
        "en": "{item} reads differently: at the same level{of}, {group} answers {points} points {way}",
        "zh": "{item}的理解不同：在{of}相同水平上，{group}的回答{way}{points}分",
    },
    "non-uniform": {
        "en": "{item} reads differently at different levels{of}: {a} minus {b} is {low} points where the level is low "
        "and {high} where it is high",
        "zh": "{item}的理解随水平而异：在{of}低水平上{a}减{b}为{low}分，高水平上为{high}分",
    },
    "nothing": {"en": "No item was found to read differently", "zh": "未发现理解不同的题目"},
    "untested": {"en": "Whether the items read alike could not be tested", "zh": "题目的理解是否一致无法检验"},
}
WAYS: Mapping[bool, Mapping[Language, str]] = {
    True: {"en": "lower", "zh": "低"},
    False: {"en": "higher", "zh": "高"},
}


def dif_table(result: ItemBias) -> Table:
    """One row an item and test: points with interval, log odds, size, verdict; below it what was found in words."""
    lang = result.lang
    a, b = result.groups
    header = heads(
        SAID["item"][lang], SAID["points"][lang].format(a=a, b=b), word("interval", lang), SAID["log_odds"][lang],
        SAID["size"][lang], SAID["verdict"][lang], word("answers", lang),
    )  # fmt: skip
    body: list[tuple[Cell, ...]] = []
    for test, rows in result.table.groupby("test", sort=False):
        body.append((Cell(SAID[str(test)][lang]),))
        body += [_row(row, result) for row in rows.to_dict("records")]
    said = [stopped(text, lang) for text in dict.fromkeys([*result.notes, *result.table["note"]]) if text]
    notes = (" ".join(dif_sentences(result)), SAID[result.matching][lang], SAID["rule"][lang], *said)
    title = SAID["title"][lang]
    return Table(
        f"{result.title}{word('colon', lang)}{title}" if result.title else title, (header,), tuple(body), notes
    )


def dif_sentences(result: ItemBias) -> list[str]:
    """What was found, an item a sentence; or that nothing was."""
    lang = result.lang
    hit = result.table[result.table["verdict"].isin(["moderate", "large"])]
    if hit.empty:
        nothing = "untested" if (result.table["verdict"] == "not tested").all() else "nothing"
        return [SENTENCES[nothing][lang] + word("stop", lang)]
    return [_sentence(row, result) + word("stop", lang) for row in hit.to_dict("records")]


def _sentence(row: Mapping[Hashable, Any], result: ItemBias) -> str:
    lang, (a, b) = result.lang, result.groups
    of = {"en": f" of {result.title}", "zh": f"“{result.title}”"}[lang] if result.title else ""
    return SENTENCES[row["test"]][lang].format(
        item=_named(row["item"], result), of=of, group=a, a=a, b=b,
        points=number(abs(row["points"]), 1), way=WAYS[row["points"] < 0][lang],
        low=number(row["at_low"], 1, sign=True), high=number(row["at_high"], 1, sign=True),
    )  # fmt: skip


def _row(row: Mapping[Hashable, Any], result: ItemBias) -> tuple[Cell, ...]:
    lang = result.lang
    half = (row["points_high"] - row["points_low"]) / 4
    digits = digits_of(half)
    ends = interval(number(row["points_low"], digits), number(row["points_high"], digits), to=word("to", lang))
    verdict = VERDICTS[row["verdict"]][lang]
    p = p_value(row["p_adjusted"])
    return (
        Cell(_named(row["item"], result)),
        numeric(number(row["points"], digits, sign=True), row["points"]),
        Cell(ends, None, "right"),
        numeric(number(row["log_odds"], digits_of(row["se"]), sign=True), row["log_odds"]),
        numeric(number(row["size"], sign=True), row["size"]),
        Cell(verdict if row["verdict"] == "not tested" else f"{verdict} ({p})", None, "right"),
        numeric(count(row["n"]), float(row["n"])),
    )


def _named(item: str, result: ItemBias) -> str:
    label = result.items[item]
    return item if label == item else {"en": f"{item} ({label})", "zh": f"{item}（{label}）"}[result.lang]
