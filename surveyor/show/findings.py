"""Findings and response rates as tables, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from surveyor.checking import Finding, Findings, ResponseRates
from surveyor.checking.findings import SEVERITIES, listed
from surveyor.checking.texts import rule_name
from surveyor.format import count, counted, percent
from surveyor.questionnaire import Language
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import capital, word

SAID: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "What the check found", "zh": "数据检查结果"},
    "problem": {"en": "What was found", "zh": "发现"},
    "item": {"en": "Item", "zh": "题目"},
    "rows": {"en": "Rows", "zh": "行数"},
    "cases": {"en": "Cases", "zh": "个案"},
    "error": {"en": "Errors: results would be wrong", "zh": "错误：结果会出错"},
    "warning": {"en": "Warnings: look at and report", "zh": "警告：请查看并说明"},
    "note": {"en": "Notes", "zh": "提示"},
    "dropped": {"en": "Two flags or more: {}.", "zh": "两次及以上警示：{}。"},
    "all": {"en": "All", "zh": "合计"},
    "outcome": {"en": "Outcome", "zh": "访问结果"},
    "compounds": {"en": "Compounds", "zh": "小区"},
    "rates": {"en": "Rates", "zh": "各项比率"},
    "e": {"en": "e, taken as eligible among the unknown", "zh": "e，资格未知者中视为合格的比例"},
    "admitted share": {"en": "Compounds admitted", "zh": "小区准入率"},
    "product": {"en": "Compounds admitted × RR3", "zh": "小区准入率 × RR3"},
}

#: What a single finding is.
SEVERITY: Mapping[str, Mapping[Language, str]] = {
    "error": {"en": "error", "zh": "错误"},
    "warning": {"en": "warning", "zh": "警告"},
    "note": {"en": "note", "zh": "提示"},
}

#: What each code of an outcome means.
OUTCOMES: Mapping[str, Mapping[Language, str]] = {
    "I": {"en": "Complete interviews (I)", "zh": "完成访问 (I)"},
    "P": {"en": "Partial interviews (P)", "zh": "部分完成 (P)"},
    "R": {"en": "Refusals and break-offs (R)", "zh": "拒访及中断 (R)"},
    "NC": {"en": "Non-contacts (NC)", "zh": "未联系上 (NC)"},
    "O": {"en": "Other eligible, no interview (O)", "zh": "其他合格而未访 (O)"},
    "UH": {"en": "Unknown whether occupied (UH)", "zh": "不知是否有人居住 (UH)"},
    "UO": {"en": "Unknown otherwise (UO)", "zh": "其他情况不明 (UO)"},
    "NE": {"en": "Not eligible (NE)", "zh": "不合格 (NE)"},
}
STAGE: Mapping[str, Mapping[Language, str]] = {
    "approached": {"en": "Approached", "zh": "联系"},
    "admitted": {"en": "Admitted", "zh": "准入"},
    "refused": {"en": "Refused", "zh": "拒绝"},
}
FAMILIES: Mapping[str, Mapping[str, Mapping[Language, str]]] = {
    "response": {
        "title": {"en": "Response rates", "zh": "应答率"},
        "RR": {"en": "Response rate", "zh": "应答率"},
        "COOP": {"en": "Cooperation rate", "zh": "合作率"},
        "REF": {"en": "Refusal rate", "zh": "拒访率"},
        "CON": {"en": "Contact rate", "zh": "接触率"},
    },
    "participation": {
        "title": {"en": "Participation rates", "zh": "参与率"},
        "RR": {"en": "Participation rate", "zh": "参与率"},
        "COOP": {"en": "Cooperation rate", "zh": "合作率"},
        "REF": {"en": "Refusal rate", "zh": "拒访率"},
        "CON": {"en": "Contact rate", "zh": "接触率"},
    },
}
HOW: Mapping[str, Mapping[Language, str]] = {
    "proportional": {
        "en": "e is the share of the eligible among all whose eligibility is known, group by group; for all it is such "
        "that the groups add up.",
        "zh": "e 为资格已知者中合格者的比例，各组分别计算；合计的 e 使各组相加一致。",
    },
    "given": {"en": "e was given.", "zh": "e 由用户给定。"},
}
SOURCE: Mapping[Language, str] = {
    "en": "Rates as in AAPOR, Standard Definitions. Unweighted.",
    "zh": "比率定义见 AAPOR《标准定义》。未加权。",
}
PARTICIPATION: Mapping[Language, str] = {
    "en": "The chances to be asked are not known: these are participation rates, not response rates.",
    "zh": "被抽中的概率未知：此为参与率，而非应答率。",
}


def findings_table(findings: Findings) -> Table:
    """Errors, warnings, notes, one line each; below it what to do about each rule, and the verdict at the end."""
    lang = findings.lang
    groups = [capital(label) for _, label in findings.answers.groups]
    header = (
        *(Cell(SAID[key][lang]) for key in ("problem", "item")),
        *(Cell(text, None, "right") for text in (SAID["rows"][lang], *groups)),
        *([Cell(SAID["cases"][lang])] if findings.named else []),
    )
    body: list[tuple[Cell, ...]] = []
    for severity in SEVERITIES:
        rows = [each for each in findings.found if each.severity == severity]
        if rows:
            body.append((Cell(SAID[severity][lang]),))
            body += [_finding(findings, each) for each in rows]
    notes = [f"{_rule(each, lang)}{word('colon', lang)}{each.remedy}" for each in findings.found]
    if findings.careless.any():
        notes.append(SAID["dropped"][lang].format(_dropped(findings)))
    return Table(SAID["title"][lang], (header,), tuple(body), (*dict.fromkeys(notes), findings.verdict_text))


def _finding(findings: Findings, each: Finding) -> tuple[Cell, ...]:
    rows = np.zeros(len(findings.survey), dtype=bool)
    rows[each.rows] = True
    inside = [int((rows & findings.answers.group(code)).sum()) for code, _ in findings.answers.groups]
    counts = [numeric(count(n), float(n)) if len(each.rows) else Cell("", None, "right") for n in inside]
    n = len(each.rows)
    return (
        Cell(f"{_rule(each, findings.lang)}{word('colon', findings.lang)}{each.problem}"),
        Cell(listed(each.items)),
        numeric(count(n), float(n)) if n else Cell("", None, "right"),
        *counts,
        *([Cell(findings.cases_of(each))] if findings.named else []),
    )


def finding_lines(findings: Findings) -> list[str]:
    """Each finding as a line: severity, rule, what was found, items, rows, cases, what to do."""
    lang, lines = findings.lang, []
    for each in findings.found:
        where = [listed(each.items)] if each.items else []
        if len(each.rows):
            rows = {"en": counted(len(each.rows), "row"), "zh": f"{count(len(each.rows))}行"}[lang]
            where.append(f"{rows}{word('colon', lang)}{findings.cases_of(each)}" if findings.named else rows)
        inside = f" ({'; '.join(where)})" if where else ""
        stop = {"en": ". ", "zh": "。"}[lang]
        lines.append(f"{SEVERITY[each.severity][lang]}{word('colon', lang)}{each.problem}{inside}{stop}{each.remedy}")
    return lines


def _rule(each: Finding, lang: Language) -> str:
    return capital(rule_name(each.rule, lang))


def _dropped(findings: Findings) -> str:
    join, total = {"en": ("; ", "in all"), "zh": ("；", "共")}[findings.lang]
    parts = [f"{label} {count(n)}" for label, n in findings.dropped.items() if label]
    return join.join([*parts, f"{total} {count(int(findings.careless.sum()))}"])


def rates_table(rates: ResponseRates) -> Table:
    """Outcomes, e, and every rate, a column for each group and one for all."""
    lang = rates.lang
    groups = [group for group in rates.counts.index if group]
    columns = [*groups, ""]
    header = heads(SAID["outcome"][lang], *(capital(group) for group in groups), SAID["all"][lang])
    body: list[tuple[Cell, ...]] = []
    if rates.stage is not None:
        body.append((Cell(SAID["compounds"][lang]),))
        for key, text in STAGE.items():
            body.append((Cell(text[lang]), *(_count(float(rates.stage.loc[group, key])) for group in columns)))
        body.append((Cell(SAID["outcome"][lang]),))
    for code, text in OUTCOMES.items():
        body.append((Cell(text[lang]), *(_count(float(rates.counts.loc[group, code])) for group in columns)))
    body.append((Cell(SAID["rates"][lang]),))
    body.append((Cell(SAID["e"][lang]), *(_percent(float(rates.e.loc[group])) for group in columns)))
    made = rates.rates
    for rate in made.columns:
        body.append((Cell(_rate(rates, rate)), *(_percent(float(made[rate][group])) for group in columns)))
    body += _staged(rates, made, columns)
    notes = [HOW[rates.how][lang], SOURCE[lang]]
    if rates.name == "participation":
        notes.insert(0, PARTICIPATION[lang])
    return Table(FAMILIES[rates.name]["title"][lang], (header,), tuple(body), tuple(notes))


def _staged(rates: ResponseRates, made: pd.DataFrame, columns: list[str]) -> list[tuple[Cell, ...]]:
    admitted = rates.admitted
    if admitted is None:
        return []
    shares = [float(admitted.loc[group]) for group in columns]
    products = [share * float(made["RR3"][group]) for group, share in zip(columns, shares, strict=True)]
    return [
        (Cell(SAID["admitted share"][rates.lang]), *map(_percent, shares)),
        (Cell(SAID["product"][rates.lang]), *map(_percent, products)),
    ]


def _rate(rates: ResponseRates, rate: str) -> str:
    family = FAMILIES[rates.name][rate.rstrip("0123456789")][rates.lang]
    return {"en": f"{family} {rate[-1]} ({rate})", "zh": f"{family}{rate[-1]}（{rate}）"}[rates.lang]


def _count(n: float) -> Cell:
    return numeric(count(n), n)


def _percent(share: float) -> Cell:
    return numeric(percent(share), share)
