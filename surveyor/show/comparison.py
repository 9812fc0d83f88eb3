"""A comparison as table, figures and sentences: three views of one object."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from surveyor.compare import Comparison
from surveyor.errors import UsageError, guess
from surveyor.format import count, counted, digits_of, interval, number, p_value, percent, points, significant
from surveyor.questionnaire import Language
from surveyor.show.figure import Figure
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import capital, stopped, word

INFERENCE: dict[str, dict[Language, str]] = {
    "auto": {
        "en": "The group is a stratum of the design; t intervals with degrees of freedom for few and "
        "unequal units (Satterthwaite, third moment).",
        "zh": "以组别为层；t 区间，自由度按 Satterthwaite 方法（含三阶矩）计算。",
    },
    "strata": {
        "en": "The group is a stratum of the design; t intervals on units minus cells.",
        "zh": "以组别为层；t 区间，自由度为单位数减层数。",
    },
    "design": {
        "en": "Declared design; t intervals on units minus strata.",
        "zh": "按所述设计；t 区间，自由度为单位数减层数。",
    },
    "cr2": {
        "en": "Bias-reduced cluster-robust variance (CR2); t intervals with Satterthwaite degrees of freedom.",
        "zh": "偏差校正的聚类稳健方差（CR2）；t 区间，自由度按 Satterthwaite 方法计算。",
    },
    "permutation": {
        "en": "p-values and intervals by permuting primary units within the declared strata.",
        "zh": "p 值与区间由在所述层内置换初级抽样单位得出。",
    },
}

#: How p-values are adjusted; {} is how many comparisons there are.
CORRECTED: dict[str, dict[Language, str]] = {
    "holm": {"en": "p-values are adjusted for {} (Holm).", "zh": "p 值按 {} 项比较校正（Holm）。"},
    "bh": {
        "en": "p-values are adjusted for {} so that the share of false claims is held (Benjamini and Hochberg).",
        "zh": "p 值按 {} 项比较校正，控制错误发现率（Benjamini-Hochberg）。",
    },
    "max-t": {
        "en": "p-values are adjusted for {} from their joint distribution (max-t).",
        "zh": "p 值按 {} 项比较的联合分布校正（max-t）。",
    },
    "none": {"en": "p-values are not adjusted.", "zh": "p 值未校正。"},
}


def label_of(comparison: Comparison, row: int) -> str:
    """The outcome of a row, with its level where it is a share."""
    name = comparison.names[comparison.outcomes[row]]
    level = comparison.level_text(row)
    return f"{name}{word('colon', comparison.lang)}{level}" if level else name


def is_share(comparison: Comparison, row: int) -> bool:
    """Whether a row compares shares (shown as percent) or means."""
    return comparison.levels[row] is not None


def shown_value(comparison: Comparison, row: int, value: float) -> str:
    """A value of one side, as percent or number."""
    return percent(value) if is_share(comparison, row) else number(value, _digits(comparison, row))


def shown_gap(comparison: Comparison, row: int, gap: float) -> str:
    """A difference with its sign, in points or in the unit of the outcome."""
    return points(gap) if is_share(comparison, row) else number(gap, _digits(comparison, row), sign=True)


def _digits(comparison: Comparison, row: int) -> int:
    return digits_of(float(comparison.differences.se[row]))


def comparison_table(comparison: Comparison) -> Table:
    """Per outcome: both groups, the difference with its interval, its size, the verdict, who answered."""
    lang = comparison.lang
    frame = comparison.to_frame()
    a, b = comparison.group_names
    clustered = bool(frame["clusters_a"].notna().any())
    header = heads(
        word("outcome", lang),
        capital(a),
        capital(b),
        f"{word('difference', lang)} ({word('interval', lang)})",
        word("size", lang),
        word("pairs", lang),
        word("verdict", lang),
        word("answers", lang),
        *([word("compounds", lang)] if clustered else []),
    )
    body = tuple(_table_row(comparison, i, row, clustered) for i, row in enumerate(frame.to_dict("records")))
    return Table(
        title={"en": capital(f"{a} and {b}"), "zh": f"{a}与{b}"}[lang],
        header=(header,),
        body=body,
        notes=_notes(comparison, frame),
    )


def _table_row(comparison: Comparison, i: int, row: Mapping[Hashable, Any], clustered: bool) -> tuple[Cell, ...]:
    def pair(what: str) -> str:
        return " / ".join(count(float(row[f"{what}_{side}"])) for side in "ab")

    low, high = (shown_gap(comparison, i, row[end]) for end in ("low", "high"))
    ends = interval(low, high, to=word("to", comparison.lang))
    said = word(row["verdict"], comparison.lang)
    superiority = row["superiority"]
    cells = (
        Cell(label_of(comparison, i)),
        numeric(shown_value(comparison, i, row["value_a"]), row["value_a"]),
        numeric(shown_value(comparison, i, row["value_b"]), row["value_b"]),
        numeric(f"{shown_gap(comparison, i, row['difference'])} ({ends})", row["difference"]),
        numeric(number(row["effect"], sign=True), row["effect"]),
        numeric(number(100 * superiority, 0), superiority),
        numeric(f"{said} ({p_value(row['p_adjusted'])})" if said else "", row["p_adjusted"]),
        Cell(pair("n"), None, "right"),
    )
    return (*cells, Cell(pair("clusters"), None, "right")) if clustered else cells


def _notes(comparison: Comparison, frame: pd.DataFrame) -> tuple[str, ...]:
    lang = comparison.lang
    a, b = comparison.group_names
    tests = int(frame["p"].notna().sum())
    said = {
        "en": [
            f"Difference: {a} minus {b}; for shares in percentage points.",
            INFERENCE[comparison.groups.inference][lang],
            "Size (d): the difference over the spread between residents. Ahead in 100 pairs: of 100 random pairs "
            f"of one resident from each group, in how many the one of the {a} is ahead, ties counting half; "
            "shown for numbers and ordered answers.",
            CORRECTED[comparison.correct][lang].format(counted(tests, "comparison")),
        ],
        "zh": [
            f"差值：{a}减{b}；占比之差以百分点计。",
            INFERENCE[comparison.groups.inference][lang],
            f"效应量 (d)：差值除以居民之间的离散程度。百对中领先：两组各随机取一人配成百对，{a}一方领先的对数，"
            "相同各计一半；用于数值和有序回答。",
            CORRECTED[comparison.correct][lang].format(tests),
        ],
    }[lang]
    return (*said, *_remarks(comparison))


def _remarks(comparison: Comparison) -> list[str]:
    """Each remark once, with the outcomes (or levels) it belongs to, unless it belongs to all."""
    lang, rows_of = comparison.lang, dict[str, list[int]]()
    for i in range(len(comparison)):
        for text in comparison.remarks(i):
            rows_of.setdefault(text, []).append(i)
    told = []
    for text, rows in rows_of.items():
        names = {"en": ", ", "zh": "、"}[lang].join(_quoted(comparison, rows))
        of_all = len(rows) == len(comparison)
        told.append(stopped(text if of_all else f"{names}{word('colon', lang)}{text}", lang))
    return told


def _quoted(comparison: Comparison, rows: Sequence[int]) -> list[str]:
    """Outcomes in quotation marks; where only some levels of one are meant, these."""
    names = []
    for row in rows:
        outcome = comparison.outcomes[row]
        whole = all(i in rows for i, each in enumerate(comparison.outcomes) if each == outcome)
        names.append(comparison.names[outcome] if whole else label_of(comparison, row))
    return [f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}" for name in dict.fromkeys(names)]


def comparison_figure(comparison: Comparison, kind: str) -> Figure:
    """ "forest": differences with intervals; "dots": the two groups with intervals."""
    made = {"forest": _forest, "dots": _dots}
    if kind not in made:
        raise UsageError(f"there is no figure '{kind}' of a comparison", remedy=guess(kind, made))
    return made[kind](comparison)


def _forest(comparison: Comparison) -> Figure:
    """Shares in percentage points, means in their own unit; both together in units of spread."""
    lang = comparison.lang
    frame = comparison.to_frame()
    a, b = comparison.group_names
    shares = [is_share(comparison, i) for i in range(len(comparison))]
    if all(shares):
        ends, scale, axis = ("difference", "low", "high"), 100.0, word("points", lang)
    elif not any(shares):
        ends, scale, axis = ("difference", "low", "high"), 1.0, word("difference", lang)
    else:
        ends, scale, axis = ("effect", "effect_low", "effect_high"), 1.0, word("size", lang)
    digits = 1 if scale == 100 else 2
    rows = []
    for i, row in enumerate(frame.to_dict("records")):
        value, low, high = (significant(scale * row[end]) for end in ends)
        ci = interval(*(number(end, digits, sign=True) for end in (low, high)), to=word("to", lang))
        shown = f"{number(value, digits, sign=True)}  ({ci})"
        rows.append(
            {
                "label": label_of(comparison, i),
                "value": value,
                "low": low,
                "high": high,
                "shown": shown,
                "shown_different": row["verdict"] == "different",
            }
        )
    different = sum(row["shown_different"] for row in rows)
    listed = "; ".join(f"{row['label']} {row['shown']}" for row in rows)
    title = {
        "en": f"Where do {a} and {b} differ?",
        "zh": f"{a}与{b}在哪些方面有差别？",
    }
    alt = {
        "en": f"Forest plot of {len(rows)} differences, {a} minus {b}, in {axis}. {different} of {len(rows)} "
        f"are shown to differ. {listed}.",
        "zh": f"{len(rows)}项差值的森林图（{a}减{b}，{axis}）。{different}项有差别。{listed}。",
    }
    note = {
        "en": f"{capital(a)} minus {b}, with 95 % intervals. Filled marks: different; open marks: undecided or "
        "within the bound.",
        "zh": f"{a}减{b}，95% 区间。实心：有差别；空心：尚不能判断或在界限之内。",
    }
    higher = {"en": " higher", "zh": "较高"}[lang]
    ahead = [f"\N{LEFTWARDS ARROW} {capital(b)}{higher}", f"{capital(a)}{higher} \N{RIGHTWARDS ARROW}"]
    data = {"rows": rows, "axis": axis, "ahead": ahead}
    return Figure("forest", title[lang], _bases(note[lang], frame, lang), alt[lang], data, lang)


def _dots(comparison: Comparison) -> Figure:
    lang = comparison.lang
    frame = comparison.sides.interval()
    groups = [capital(name) for name in comparison.group_names]
    whole = range(len(comparison))
    shares = any(is_share(comparison, i) for i in whole)
    kept = [i for i in whole if is_share(comparison, i) == shares]  # one axis holds one unit
    scale = 100.0 if shares else 1.0
    rows: list[dict[str, Any]] = []
    for i in kept:
        sides: list[dict[str, Any]] = []
        for k in (2 * i, 2 * i + 1):
            low, value, high = (significant(scale * frame[end][k]) for end in ("low", "value", "high"))
            sides.append(
                {
                    "value": value,
                    "low": low,
                    "high": high,
                    "shown": number(value, 0 if shares else 2),
                }
            )
        rows.append({"label": label_of(comparison, i), "sides": sides})
    axis = {"en": "% of valid answers", "zh": "有效回答占比（%）"}[lang] if shares else ""
    listed = "; ".join(f"{row['label']} {row['sides'][0]['shown']} / {row['sides'][1]['shown']}" for row in rows)
    title = {"en": "The two groups side by side", "zh": "两组对照"}[lang]
    alt = {
        "en": f"Dots with intervals, {groups[0]} / {groups[1]}, {axis or 'means'}: {listed}.",
        "zh": f"点与区间图，{groups[0]} / {groups[1]}，{axis}：{listed}。",
    }[lang]
    note = {"en": "Estimates with 95 % intervals.", "zh": "估计值及 95% 区间。"}[lang]
    if len(kept) < len(comparison):
        note += {"en": " Means are in the table.", "zh": "均值见表。"}[lang]
    data = {"rows": rows, "groups": groups, "percent": shares, "axis": axis}
    return Figure("dots", title, _bases(note, comparison.to_frame(), lang), alt, data, lang)


def _bases(note: str, frame: pd.DataFrame, lang: Language) -> str:
    """The note with how many answers, and primary units, stand behind each side."""

    def span(what: str) -> str:
        low, high = np.nanmin(frame[what].astype(float)), np.nanmax(frame[what].astype(float))
        return count(low) if low == high else f"{count(low)}\N{EN DASH}{count(high)}"

    text = {
        "en": f"Answers: {span('n_a')} and {span('n_b')}",
        "zh": f"有效回答：{span('n_a')}与{span('n_b')}",
    }[lang]
    if frame["clusters_a"].notna().any():
        text += {
            "en": f", from {span('clusters_a')} and {span('clusters_b')} primary units",
            "zh": f"，来自 {span('clusters_a')} 与 {span('clusters_b')} 个初级抽样单位",
        }[lang]
    return f"{note} {text}." if lang == "en" else f"{note}{text}。"
