"""Figures of a check: gaps by item, lengths of interviews, flags, weights, interviewers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.checking import Findings
from surveyor.checking.answers import FEW_PEOPLE
from surveyor.checking.design import unequal
from surveyor.checking.texts import rule_name
from surveyor.errors import UsageError, guess
from surveyor.format import count, number, percent, significant
from surveyor.questionnaire import Language, say
from surveyor.show.figure import Figure
from surveyor.show.words import capital, word

#: How many items and columns a figure has room for.
ITEMS, BINS = 20, 24

SAID: Mapping[str, Mapping[Language, str]] = {
    "missing": {"en": "Who gave no answer, by item", "zh": "各题未回答的比例"},
    "missing axis": {"en": "% of those asked", "zh": "占被问者的百分比"},
    "missing note": {
        "en": "The items with most gaps (20 at most): don't know, refused, no answer. Groups of under 10 are left out.",
        "zh": "列出未回答最多的题目，至多20题；含不知道、拒答和未答；不足10人的组不列。",
    },
    "durations": {"en": "How long interviews took", "zh": "访问时长"},
    "minutes": {"en": "minutes", "zh": "分钟"},
    "flags": {"en": "Signs of haste", "zh": "草率作答的警示"},
    "people": {"en": "people", "zh": "人数"},
    "flags note": {"en": "No bar stands for fewer than 10 people.", "zh": "不足10人不画条形。"},
    "under": {"en": "under 10", "zh": "不足10"},
    "weights": {"en": "How the weights are spread", "zh": "权数的分布"},
    "weight": {"en": "weight", "zh": "权数"},
    "interviewers": {"en": "Interviewers: mean length of their interviews", "zh": "访问员：平均访问时长"},
    "interviewers note": {"en": "Interviewers with 10 interviews or more.", "zh": "只列完成10次及以上访问的访问员。"},
    "histogram note": {
        "en": "Each column stands for 10 people or more; wide columns are drawn lower, so that areas compare.",
        "zh": "每柱至少10人；较宽的柱按面积比较，故画得较低。",
    },
    "median": {"en": "median {}", "zh": "中位数{}"},
    "none": {"en": "(none)", "zh": "（无）"},
}


def findings_figure(findings: Findings, what: str) -> Figure | None:
    """One of the figures of a check; None where it would be empty. Raises UsageError for an unknown name."""
    if what not in FIGURES:
        raise UsageError(f"a check has no figure '{what}'", remedy=guess(what, FIGURES))
    return FIGURES[what](findings)


def findings_figures(findings: Findings) -> list[Figure]:
    """All figures that are not empty."""
    return [figure for what in FIGURES if (figure := findings_figure(findings, what)) is not None]


def _missing(findings: Findings) -> Figure | None:
    lang, shares = findings.lang, findings.missing
    worst = shares.max(axis=1).dropna()
    worst = worst[worst > 0].sort_values(ascending=False, kind="stable").head(ITEMS)
    if worst.empty:
        return None
    rows = [
        {
            "label": f"{findings.survey.label(str(name))} ({name})",
            "side": "",
            "bars": [_bar(100 * float(share), percent(share)) for share in shares.loc[name]],
        }
        for name in worst.index
    ]
    alt = f"{SAID['missing'][lang]}: " + "; ".join(f"{name} {percent(share)}" for name, share in worst.head(5).items())
    groups = [capital(label) for label in shares.columns] if len(shares.columns) > 1 else []
    return _bars(findings, "missing", rows, groups, alt, "missing axis")


def _flags(findings: Findings) -> Figure | None:
    lang, answers = findings.lang, findings.answers
    if not any(rows.any() for rows in findings.flags.values()):
        return None
    asked = findings.survey.questionnaire
    rows, told = [], []
    for name, flag in findings.flags.items():
        label = say(asked.checks[name].label, lang) if asked and name in asked.checks else rule_name(name, lang)
        parts = [flag & answers.group(code) for code, _ in answers.groups[:2]] or [flag]
        counts = [int(part.sum()) for part in parts]
        rows.append({"label": capital(label), "side": "", "bars": [_people(n, lang) for n in counts]})
        told.append(f"{label}: {', '.join(str(_people(n, lang)['shown']) for n in counts)}")
    groups = [capital(label) for _, label in answers.groups[:2]]
    return _bars(findings, "flags", rows, groups, "; ".join(told), "people")


def _interviewers(findings: Findings) -> Figure | None:
    lang, table = findings.lang, findings.interviewers
    table = table[(table["n"] >= FEW_PEOPLE) & table["minutes"].notna()]
    if table.empty:
        return None
    side = {"en": "n {}, staff present {}, refused {}", "zh": "n {}，有人陪同{}，拒访{}"}[lang]
    rows = [
        {
            "label": str(row["interviewer"])[:20],
            "side": side.format(count(row["n"]), percent(row["escorted"], 0), percent(row["refused"], 0)),
            "bars": [_bar(float(row["minutes"]), number(row["minutes"], 1))],
        }
        for row in table.to_dict("records")
    ]
    ends = number(table["minutes"].min(), 1), number(table["minutes"].max(), 1)
    alt = f"{SAID['interviewers'][lang]}: {ends[0]} {word('to', lang)} {ends[1]} {SAID['minutes'][lang]}"
    return _bars(findings, "interviewers", rows, [], alt, "minutes")


def _durations(findings: Findings) -> Figure | None:
    inside = findings.answers.inside & np.isfinite(findings.seconds)
    return _histogram(findings, "durations", findings.seconds[inside] / 60, "minutes", "")


def _weights(findings: Findings) -> Figure | None:
    name = findings.survey.design.weights
    if name is None:
        return None
    weights = findings.answers.codes(name)
    weights = weights[findings.answers.inside & (weights > 0)]
    if not len(weights):
        return None
    deff = {"en": "Design effect of the weights {}.", "zh": "权数的设计效应 {}。"}[findings.lang]
    return _histogram(findings, "weights", weights, "weight", deff.format(number(unequal(weights))))


def _histogram(findings: Findings, what: str, values: Array, axis: str, note: str) -> Figure | None:
    lang = findings.lang
    if len(values) < 2 * FEW_PEOPLE or not values.max() > values.min():
        return None
    edges, counts = merged(values)
    middle = float(np.median(values))
    shown = number(middle, 1)
    ends = f"{number(values.min(), 1)} {word('to', lang)} {number(values.max(), 1)}"
    notes = [note, SAID["histogram note"][lang]]
    base = (edges[-1] - edges[0]) / BINS
    heights = [significant(float(n * base / wide)) for n, wide in zip(counts, np.diff(edges), strict=True)]
    return Figure(
        "histogram",
        SAID[what][lang],
        {"en": " ", "zh": ""}[lang].join(each for each in notes if each),
        f"{SAID[what][lang]}: {SAID['median'][lang].format(shown)}, {ends} ({SAID[axis][lang]})",
        {
            "edges": [significant(float(edge)) for edge in edges],
            "heights": heights,
            "axis": SAID[axis][lang],
            "middle": significant(middle),
            "shown": SAID["median"][lang].format(shown),
        },
        lang,
    )


def merged(values: Array) -> tuple[Array, Array]:
    """Edges and counts of columns of equal width, joined with neighbours until each holds ten people.

    >>> merged(np.repeat([0.0, 1.0, 24.0], [12, 12, 5]))[1].tolist()
    [12, 17]
    """
    counts, edges = np.histogram(values, bins=BINS)
    kept, sums, running = [float(edges[0])], [], 0
    for n, edge in zip(counts.tolist(), edges[1:].tolist(), strict=True):
        running += n
        if running >= FEW_PEOPLE:
            kept.append(edge)
            sums.append(running)
            running = 0
    if running or kept[-1] < edges[-1]:
        kept[-1] = float(edges[-1])
        sums[-1] += running
    return np.array(kept), np.array(sums)


def _bars(findings: Findings, what: str, rows: list[dict[str, Any]], groups: list[str], alt: str, axis: str) -> Figure:
    lang = findings.lang
    note = SAID.get(f"{what} note", {}).get(lang, "")
    data = {"rows": rows, "groups": groups, "axis": SAID[axis][lang]}
    return Figure("bars", SAID[what][lang], note, alt, data, lang)


def _bar(value: float, shown: str) -> dict[str, Any]:
    return {"value": significant(value), "shown": shown}


def _people(n: int, lang: Language) -> dict[str, Any]:
    """A bar for ten people or more; fewer are not counted out."""
    if 0 < n < FEW_PEOPLE:
        return {"value": None, "shown": SAID["under"][lang]}
    return _bar(float(n), count(n))


FIGURES: Mapping[str, Callable[[Findings], Figure | None]] = {
    "missing": _missing,
    "durations": _durations,
    "flags": _flags,
    "weights": _weights,
    "interviewers": _interviewers,
}
