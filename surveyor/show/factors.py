"""A factor model as table and path diagram: loadings, correlations of factors, and what the model misses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from surveyor.format import count, interval, number, p_value, significant
from surveyor.measure.cfa import NOTED, FactorAnalysis
from surveyor.measure.invariance import Invariance
from surveyor.measure.numbers import GENERAL
from surveyor.measure.specify import HELD
from surveyor.questionnaire import Language
from surveyor.show.display import Display
from surveyor.show.factor_words import DIGITS, bases, fitted, named
from surveyor.show.figure import Figure
from surveyor.show.table import Cell, Table, heads
from surveyor.show.words import capital, stopped, word

SAID: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "Loadings of questions on their scales", "zh": "题目在量表上的负荷"},
    "question": {"en": "Question", "zh": "题目"},
    "loading": {"en": "Standardised loading", "zh": "标准化负荷"},
    "let go": {"en": "Let go", "zh": "放开"},
    "correlations": {"en": "Correlations of factors", "zh": "因子相关"},
    "general": {"en": "Factor behind the scales", "zh": "量表背后的因子"},
    "with": {"en": "{} with {}", "zh": "{}与{}"},
    "paths": {"en": "How questions hang together", "zh": "题目之间的结构"},
    "first": {"en": "{} (first number)", "zh": "{}（前一数字）"},
    "second": {"en": "{} (second number)", "zh": "{}（后一数字）"},
    "freed": {"en": "let go: works otherwise in the two groups", "zh": "放开：在两组中不等价"},
}

#: Values that prompt a closer look at a model; made for numbers and maximum likelihood (Hu and Bentler 1999).
PROMPTS: Mapping[str, float] = {"cfi": 0.95, "rmsea": 0.06, "srmr": 0.08}

#: How many pairs of questions whose correlation the model misses are named.
MOST = 5

NOTES: Mapping[str, Mapping[Language, str]] = {
    "fit": {
        "en": "Fit: corrected chi-square {x} (df {df}), F test p {p}; CFI {cfi}, TLI {tli}, RMSEA {rmsea} (90 % "
        "interval {ends}), SRMR {srmr}. CFI from {good_cfi}, RMSEA to {good_rmsea}, SRMR to {good_srmr} are prompts, "
        "not verdicts (Hu and Bentler 1999).",
        "zh": "拟合：校正卡方 {x}（自由度 {df}），F 检验 p {p}；CFI {cfi}，TLI {tli}，RMSEA {rmsea}（90% 区间 "
        "{ends}），SRMR {srmr}。CFI 不低于 {good_cfi}、RMSEA 不高于 {good_rmsea}、SRMR 不高于 {good_srmr} 仅为提示，"
        "并非结论（Hu 与 Bentler 1999）。",
    },
    "loadings": {
        "en": "Standardised loadings with 95 % intervals{each}. Questions that run against their scale are turned "
        "round.",
        "zh": "标准化负荷及 95% 区间{each}。反向题已转换方向。",
    },
    "each": {"en": ", nothing held alike", "zh": "，两组各自估计"},
    "dmacs": {
        "en": "dMACS: how far expected answers lie apart at the same level of the scale, in standard deviations of the "
        "answers (Nye and Drasgow 2011).",
        "zh": "dMACS：量表水平相同时两组期望回答之差，以回答的标准差为单位（Nye 与 Drasgow 2011）。",
    },
    "left": {
        "en": "Correlations the model misses by more than {noted}: {each}.",
        "zh": "模型未能解释的相关（绝对值大于 {noted}）：{each}。",
    },
    "paths": {
        "en": "Numbers at arrows: standardised loadings; at arcs: correlations of factors.",
        "zh": "箭头旁为标准化负荷，弧线旁为因子相关。",
    },
    "paths general": {
        "en": "Numbers at arrows: standardised loadings.",
        "zh": "箭头旁为标准化负荷。",
    },
}  # fmt: skip


def loadings_table(result: FactorAnalysis, invariance: Invariance | None = None) -> Table:
    """Per factor its questions with a standardised loading a group, then correlations of factors, fit below.

    invariance   adds dMACS and where a question was let go
    """
    lang = result.lang
    names = [capital(name) for name in result.groups] or [SAID["loading"][lang]]
    extra = [] if invariance is None else ["dMACS", SAID["let go"][lang]]
    header = heads(SAID["question"][lang], *names, *extra)
    biased = {} if invariance is None else {row["item"]: row for row in invariance.items().to_dict("records")}
    body: list[tuple[Cell, ...]] = []
    for factor, rows in _wide(result, "standardised loading").groupby("level", sort=False):
        body.append((Cell(_factor(result, str(factor))),))
        for row in rows.to_dict("records"):
            cells = _bias(biased.get(row["variable"]), lang) if extra else ()
            body.append((Cell(_question(result, row["variable"])), *_values(row["cells"], lang), *cells))
    together = _wide(result, "factor correlation")
    if len(together) and not result.setting.structure.general:
        body.append((Cell(SAID["correlations"][lang]),))
        blank = tuple(Cell("", None, "right") for _ in extra)
        for row in together.to_dict("records"):
            pair = SAID["with"][lang].format(_factor(result, row["variable"]), _factor(result, row["level"]))
            body.append((Cell(pair), *_values(row["cells"], lang), *blank))
    return Table(SAID["title"][lang], (header,), tuple(body), _notes(result, invariance))


def factors_display(result: FactorAnalysis) -> Display:
    """Loadings and path diagram."""
    return Display((loadings_table(result), paths_figure(result)))


def _wide(result: FactorAnalysis, statistic: str) -> pd.DataFrame:
    """variable, level and the rows of each group, in the order of the model."""
    frame = result.to_frame()
    frame = frame[frame["statistic"] == statistic]
    parts = [
        {"variable": variable, "level": level, "cells": rows[["value", "low", "high"]].to_dict("records")}
        for (variable, level), rows in frame.groupby(["variable", "level"], sort=False)
    ]
    return pd.DataFrame(parts, columns=["variable", "level", "cells"])


def _factor(result: FactorAnalysis, name: str) -> str:
    return SAID["general"][result.lang] if name == GENERAL else capital(result.names.get(name, name))


def _question(result: FactorAnalysis, name: str) -> str:
    return _factor(result, name) if name in result.names else named(name, result.setting.items.labels)


def _values(cells: list[dict[str, float]], lang: Language) -> tuple[Cell, ...]:
    return tuple(
        fitted(
            f"{number(each['value'])} ({interval(number(each['low']), number(each['high']), to=word('to', lang))})",
            each["value"],
        )
        for each in cells
    )


def _bias(row: Mapping[Any, Any] | None, lang: Language) -> tuple[Cell, ...]:
    if row is None:
        return (Cell("", None, "right"), Cell("", None, "right"))
    gone = HELD[row["let_go"]][lang] if row["let_go"] else ""
    dmacs = float(row["dmacs"]) if np.isfinite(row["dmacs"]) else None
    return fitted(number(dmacs), dmacs), Cell(gone, None, "right")


def _notes(result: FactorAnalysis, invariance: Invariance | None) -> tuple[str, ...]:
    lang = result.lang
    each = NOTES["each"][lang] if result.groups else ""
    told = [bases(result.setting, result.groups, lang), NOTES["loadings"][lang].format(each=each), fit_words(result)]
    if len(result.residuals):
        told.append(_left(result))
    if invariance is not None:
        told.insert(2, NOTES["dmacs"][lang])
    already = () if invariance is None else invariance.notes
    return (*told, *(stopped(text, lang) for text in (*result.problems, *result.notes) if text not in already))


def fit_words(result: FactorAnalysis) -> str:
    """How well the model fits, in one sentence, with the values that prompt a closer look."""
    lang, fit = result.lang, result.fit
    ends = interval(number(fit.rmsea_low, 3), number(fit.rmsea_high, 3), to=word("to", lang))
    return NOTES["fit"][lang].format(
        x=number(result.test.statistic), df=count(result.test.df), p=p_value(result.test.p),
        cfi=number(fit.cfi, 3), tli=number(fit.tli, 3), rmsea=number(fit.rmsea, 3), ends=ends, srmr=number(fit.srmr, 3),
        **{f"good_{key}": number(value) for key, value in PROMPTS.items()},
    )  # fmt: skip


def _left(result: FactorAnalysis) -> str:
    lang = result.lang
    rows = result.residuals.head(MOST).to_dict("records")
    join, more, who = {"en": ("; ", "; …", " ({})"), "zh": ("；", "；……", "（{}）")}[lang]
    each = join.join(
        f"{row['item']}, {row['other']} {number(row['left'], sign=True)}"
        + (who.format(row["group"]) if row["group"] else "")
        for row in rows
    )
    return NOTES["left"][lang].format(noted=number(NOTED), each=each + (more if len(result.residuals) > MOST else ""))


def paths_figure(result: FactorAnalysis, invariance: Invariance | None = None) -> Figure:
    """The model drawn: factors, questions, loadings and correlations of both groups.

    invariance   marks questions that were let go
    """
    lang = result.lang
    gone = {} if invariance is None else invariance.let_go
    loadings, together = _wide(result, "standardised loading"), _wide(result, "factor correlation")
    factors: list[dict[str, Any]] = []
    for name in result.setting.structure.factors:
        mine = loadings[loadings["level"] == name].to_dict("records")
        items = [
            {"label": named(row["variable"], result.setting.items.labels), "let_go": row["variable"] in gone,
             **_numbers(row["cells"])}
            for row in mine
        ]  # fmt: skip
        factors.append({"label": _factor(result, name), "items": items})
    behind = loadings[loadings["level"] == GENERAL].to_dict("records")
    places = {name: i for i, name in enumerate(result.setting.structure.factors)}
    arcs = [] if behind else [
        {"from": places[row["variable"]], "to": places[row["level"]], **_numbers(row["cells"])}
        for row in together.to_dict("records")
    ]  # fmt: skip
    keys = ("first", "second") if len(result.groups) > 1 else ()
    data = {
        "factors": factors,
        "arcs": arcs,
        "general": [{"to": places[row["variable"]], **_numbers(row["cells"])} for row in behind],
        "behind": SAID["general"][lang] if behind else "",
        "groups": [SAID[key][lang].format(capital(name)) for key, name in zip(keys, result.groups, strict=True)],
        "freed": SAID["freed"][lang] if any(item["let_go"] for each in factors for item in each["items"]) else "",
    }  # fmt: skip
    note = NOTES["paths general" if behind else "paths"][lang]
    note += ("" if lang == "zh" else " ") + bases(result.setting, result.groups, lang)
    return Figure("paths", SAID["paths"][lang], note, _alt(result, data), data, lang)


def _numbers(cells: list[dict[str, float]]) -> dict[str, Any]:
    return {
        "values": [significant(each["value"], DIGITS) for each in cells],
        "shown": [number(each["value"]) for each in cells],
    }


def _alt(result: FactorAnalysis, data: Mapping[str, Any]) -> str:
    """Every number of the drawing, factor by factor."""
    lang = result.lang
    comma, semi, dot = {"en": (", ", "; ", ". "), "zh": ("、", "；", "。")}[lang]
    colon = word("colon", lang)

    def both(each: Mapping[str, Any]) -> str:
        return " / ".join(each["shown"])

    parts = []
    for factor in data["factors"]:
        items = comma.join(
            f"{item['label']} {both(item)}" + (f" [{SAID['let go'][lang]}]" if item["let_go"] else "")
            for item in factor["items"]
        )
        parts.append(f"{factor['label']}{colon}{items}")
    label = [factor["label"] for factor in data["factors"]]
    if data["arcs"]:
        pairs = (
            f"{SAID['with'][lang].format(label[each['from']], label[each['to']])} {both(each)}" for each in data["arcs"]
        )
        parts.append(SAID["correlations"][lang] + colon + semi.join(pairs))
    if data["general"]:
        parts.append(data["behind"] + colon + semi.join(f"{label[e['to']]} {both(e)}" for e in data["general"]))
    groups = f" ({' / '.join(result.groups)})" if result.groups else ""
    lead = {"en": "Path diagram with standardised loadings", "zh": "路径图，附标准化负荷"}[lang]
    return f"{lead}{groups}{dot}{dot.join(parts)}{dot.strip()}"
