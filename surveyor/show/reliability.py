"""Reliability of scales as a table: alpha and omega in each group, what they allow, and questions that do not fit."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from surveyor.errors import UsageError, guess
from surveyor.format import count, counted, interval, number
from surveyor.measure.reliability import OfScale, Reliability
from surveyor.measure.reliability.result import APART, CHECK, PROCEED
from surveyor.measure.reliability.texts import STATISTICS, Flag
from surveyor.questionnaire import Language
from surveyor.show.display import Display
from surveyor.show.factor_words import fitted, named
from surveyor.show.table import Cell, Table, heads
from surveyor.show.words import capital, stopped, word

SAID: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "Reliability of scales", "zh": "量表信度"},
    "group": {"en": "Scale and group", "zh": "量表与组别"},
    "between": {"en": "Mean r of items", "zh": "题间平均相关"},
    "answers": {"en": "Answers / units", "zh": "有效回答 / 单位"},
    "allows": {"en": "May be compared by", "zh": "可比较"},
    "items": {"en": "Each question with the others of its scale (item-rest correlation)", "zh": "校正题总相关"},
    "question": {"en": "Question", "zh": "题目"},
}

#: What a reliability allows.
ALLOWS: Mapping[Flag, Mapping[Language, str]] = {
    "proceed": {"en": "score", "zh": "得分"},
    "check": {"en": "score with latent gap", "zh": "得分并看潜在差距"},
    "items": {"en": "question by question", "zh": "逐题"},
    "differs": {"en": "groups far apart", "zh": "两组相差较大"},
    "": {"en": "", "zh": ""},
}

NOTES: Mapping[str, Mapping[Language, str]] = {
    "omega": {
        "en": "Omega of the sum of ordinal answers (Green and Yang 2009); 95 % intervals made on the scale of "
        "log(1 − x) (Bonett 2002), from the design. Answers: those who answered all questions of a scale; "
        "units: primary units.",
        "zh": "ω 为有序回答总分的信度（Green 与 Yang 2009）；95% 区间按设计在 log(1 − x) 尺度上计算（Bonett 2002）。"
        "有效回答：回答了量表全部题目的人；单位：初级抽样单位。",
    },
    "rule": {
        "en": "From {proceed} on the score may be used, from {check} on with a look at the latent gap, below that "
        "question by question. Groups more than {apart} apart are flagged (McNeish 2018; Flora 2020).",
        "zh": "{proceed} 及以上可使用得分；{check} 至 {proceed} 须与潜在差距核对；更低则逐题比较。两组相差超过 {apart} "
        "时标出（McNeish 2018；Flora 2020）。",
    },
    "rest": {
        "en": "Correlation of each question with the sum of the others, turned so that more means more; 95 % "
        "intervals.",
        "zh": "各题与其余题目之和的相关（反向题已转换），附 95% 区间。",
    },
}  # fmt: skip


def reliability_table(result: Reliability, what: str = "scales") -> Table:
    """ "scales", or "items" for the item-rest correlations; raises UsageError for another name."""
    made = {"scales": _scales, "items": _items}
    if what not in made:
        raise UsageError(f"there is no table '{what}' of reliability", remedy=guess(what, made))
    return made[what](result)


def reliability_display(result: Reliability) -> Display:
    """Scales, and their questions."""
    return Display((_scales(result), _items(result)))


def _scales(result: Reliability) -> Table:
    lang = result.lang
    statistics = [STATISTICS[what][lang] for what in ("alpha", "omega")]
    header = heads(SAID["group"][lang], *statistics, *(SAID[key][lang] for key in ("between", "answers", "allows")))
    frame = result.to_frame()
    body: list[tuple[Cell, ...]] = []
    for scale in result.scales:
        k = counted(len(scale.items), "question") if lang == "en" else f"{count(len(scale.items))}题"
        body.append((Cell({"en": f"{capital(scale.label)} ({k})", "zh": f"{scale.label}（{k}）"}[lang]),))
        rows = {(row["group"], row["statistic"]): row for row in _of(frame, scale) if not row["item"]}
        for g, name in enumerate(result.names):
            body.append(_group(result, scale, g, {what: row for (group, what), row in rows.items() if group == name}))
        if scale.gaps is not None:
            body.append(_difference(result, scale, {what: row for (group, what), row in rows.items() if not group}))
    return Table(SAID["title"][lang], (header,), tuple(body), (*_rules(lang), *_told(result, frame)))


def _of(frame: pd.DataFrame, scale: OfScale) -> list[dict[Hashable, Any]]:
    return frame[frame["scale"] == scale.name].to_dict("records")


def _group(result: Reliability, scale: OfScale, g: int, rows: Mapping[Any, Any]) -> tuple[Cell, ...]:
    lang, between = result.lang, rows["mean inter-item correlation"]
    n, units = between["n"], scale.units[g]
    answers = count(n) if units is None else f"{count(n)} / {count(units)}"
    return (
        Cell(capital(result.names[g]) or word("total", lang)),
        *(_value(rows.get(what), lang) for what in ("alpha", "omega")),
        fitted(number(between["value"]), between["value"]), fitted(answers, float(n)),
        Cell(ALLOWS[scale.flag(g)][lang], None, "right"),
    )  # fmt: skip


def _difference(result: Reliability, scale: OfScale, rows: Mapping[Any, Any]) -> tuple[Cell, ...]:
    lang, blank = result.lang, Cell("", None, "right")
    flag = ALLOWS["differs" if result.differs(scale.name) else ""][lang]
    values = (_value(rows.get(f"difference of {what}"), lang, sign=True) for what in ("alpha", "omega"))
    return (Cell(word("difference", lang)), *values, blank, blank, Cell(flag, None, "right"))


def _value(row: Mapping[Any, Any] | None, lang: Language, *, sign: bool = False) -> Cell:
    if row is None:
        return Cell("", None, "right")
    ends = interval(number(row["low"], sign=sign), number(row["high"], sign=sign), to=word("to", lang))
    return fitted(f"{number(row['value'], sign=sign)} ({ends})", row["value"])


def _rules(lang: Language) -> tuple[str, ...]:
    rule = NOTES["rule"][lang].format(proceed=number(PROCEED), check=number(CHECK), apart=number(APART))
    return NOTES["omega"][lang], rule


def _told(result: Reliability, frame: pd.DataFrame) -> list[str]:
    """What a reader must know, scale by scale, and of the design."""
    lang, told = result.lang, [stopped(note, result.lang) for note in result.notes]
    for row in frame.to_dict("records"):
        if row["note"] and row["note"] not in result.notes and not row["item"]:
            who = f" ({row['group']})" if row["group"] else ""
            told.append(stopped(f"{row['label']}{who}{word('colon', lang)}{row['note']}", lang))
    return list(dict.fromkeys(told))


def _items(result: Reliability) -> Table:
    """The correlation of each question with the others of its scale."""
    lang, frame = result.lang, result.to_frame()
    header = heads(SAID["question"][lang], *(capital(name) or word("total", lang) for name in result.names))
    body: list[tuple[Cell, ...]] = []
    for scale in result.scales:
        body.append((Cell(capital(scale.label)),))
        rows = {(row["item"], row["group"]): row for row in _of(frame, scale) if row["item"]}
        for item in scale.items:
            cells = (_value(rows.get((item, name)), lang) for name in result.names)
            body.append((Cell(named(item, scale.labels)), *cells))
    return Table(SAID["items"][lang], (header,), tuple(body), (NOTES["rest"][lang],))
