"""Compounds as a table, a caterpillar plot and a sentence, none of which names a compound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveyor.checking.answers import FEW_PEOPLE
from surveyor.errors import UsageError
from surveyor.format import count, counted, interval, number, percent, significant
from surveyor.measure.compounds import Compounds, Part
from surveyor.measure.compounds.gap import Ends, apart
from surveyor.measure.compounds.result import PREDICTOR, Across
from surveyor.questionnaire import Language
from surveyor.show.figure import Figure
from surveyor.show.prose import Prose, paragraphs
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import capital, word

SAID: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "How far compounds differ", "zh": "小区之间的差别"},
    "group": {"en": "Compounds", "zh": "小区"},
    "answers": {"en": "Answers / compounds", "zh": "有效回答 / 小区"},
    "icc": {"en": "Share of variance between compounds, ICC (95 % interval)", "zh": "组内相关系数 ICC（95% 区间）"},
    "lambda": {"en": "Reliability of a compound’s mean (least)", "zh": "小区均值信度（最低）"},
    "deff": {"en": "Design effect: ICC / survey", "zh": "设计效应：ICC / 调查"},
    "mean": {"en": "Mean: compounds / weighted", "zh": "均值：小区 / 加权"},
    "deff note": {
        "en": "Design effect: 1 + (n* − 1) ICC with Kish’s n*, which knows clusters only; that of the survey’s mean "
        "also knows weights and strata.",
        "zh": "设计效应：1 + (n* − 1) ICC（n* 为 Kish 平均规模），只反映聚类；调查均值的设计效应还包括权数与分层。",
    },
    "low": {
        "en": "{x}: too few interviews to tell compounds apart",
        "zh": "{x}：访问份数太少，无法区分各小区",
    },
    "compounds": {
        "en": "{x}: compounds differ more within each type than the types differ",
        "zh": "{x}：同类小区之间的差别大于两类小区之间的差别",
    },
    "types": {
        "en": "{x}: the types differ more than compounds within them",
        "zh": "{x}：两类小区之间的差别大于同类小区之间的差别",
    },
    "differ": {"en": "{x}: compounds differ", "zh": "{x}：各小区之间有差别"},
    "unsure": {
        "en": "{x}: it is not certain that compounds differ",
        "zh": "{x}：尚不能确定各小区之间是否有差别",
    },
    "axis": {
        "en": "mean of a compound{unit}, drawn towards the mean of its type, with 95 % interval",
        "zh": "小区均值{unit}及 95% 区间，均值向本类收缩",
    },
    "axis all": {
        "en": "mean of a compound{unit}, drawn towards the mean of all, with 95 % interval",
        "zh": "小区均值{unit}及 95% 区间，均值向总体收缩",
    },
    "unit": {"en": " (%)", "zh": "（%）"},
    "with mean": {"en": "{}, mean {}", "zh": "{}，均值 {}"},
    "undrawn": {
        "en": " Not drawn: {} with fewer than 10 answers.",
        "zh": "有{}个小区的回答不足10份，未画出。",
    },
}

#: {x} outcome, {c} and {t} how far two compounds of a type and the two types are apart, with their intervals {ci} {ti}.
SENTENCES: Mapping[str, Mapping[Language, str]] = {
    "compounds": {
        "en": "{x}: compounds differ more within each type than the types differ. Two compounds of one type are {c} "
        "apart on average (95 % interval {ci}), the means of the two types {t} ({ti}).",
        "zh": "{x}：同类小区之间的差别大于两类小区之间的差别。同类的两个小区平均相差{c}（95% 区间 {ci}），"
        "两类小区的均值相差{t}（{ti}）。",
    },
    "types": {
        "en": "{x}: the types differ more than compounds within them. The means of the two types are {t} apart (95 % "
        "interval {ti}), two compounds of one type {c} on average ({ci}).",
        "zh": "{x}：两类小区之间的差别大于同类小区之间的差别。两类小区的均值相差{t}（95% 区间 {ti}），"
        "同类的两个小区平均相差{c}（{ci}）。",
    },
    "undecided": {
        "en": "{x}: the survey cannot tell whether compounds of one type differ more than the types do. Two compounds "
        "of one type are {c} apart on average (95 % interval {ci}), the means of the two types {t} ({ti}).",
        "zh": "{x}：本次调查还不能判断同类小区之间的差别是否大于两类小区之间的差别。同类的两个小区平均相差{c}"
        "（95% 区间 {ci}），两类小区的均值相差{t}（{ti}）。",
    },
    "all": {
        "en": "{x}: {icc} of the variance lies between compounds (95 % interval {ci}); the mean of a compound has a "
        "reliability of {kept}.",
        "zh": "{x}：方差的{icc}在小区之间（95% 区间 {ci}）；小区均值的信度为{kept}。",
    },
    "": {"en": "{x}: compounds cannot be compared ({note}).", "zh": "{x}：无法比较各小区（{note}）。"},
    "base": {"en": " Answers: {n} in {j}.", "zh": "（有效回答{n}份，来自{j}个小区）"},
}


def compounds_table(result: Compounds) -> Table:
    """Outcome by outcome: the types, within types, and all."""
    lang = result.lang
    header = heads(*(SAID[key][lang] for key in ("group", "answers", "icc", "lambda", "deff", "mean")))
    body: list[tuple[Cell, ...]] = []
    notes = [*result.notes, SAID["deff note"][lang]]
    for each in result.found:
        body.append((Cell(each.outcome.label),))
        for part in each.parts:
            body.append(_row(part, each.outcome.share, lang))
            if part.note:
                comma = {"en": ", ", "zh": "，"}[lang]
                notes.append(f"{each.outcome.label}{comma}{part.group}{word('colon', lang)}{part.note}")
        if caution := result.caution(each.main):
            notes.append(f"{each.outcome.label}{word('colon', lang)}{caution}")
    return Table(SAID["title"][lang], (header,), tuple(body), tuple(notes))


def _row(part: Part, share: bool, lang: Language) -> tuple[Cell, ...]:
    row: dict[str, Any] = part.row()
    ends = interval(number(row["low"], 3), number(row["high"], 3), to=word("to", lang))

    def beside(key: str, shown: str, other: str) -> Cell:
        return numeric(f"{shown} ({other})", row[key]) if part.model is not None else numeric(shown, None)

    return (
        Cell(capital(part.group)),
        numeric(f"{count(row['n'])} / {count(row['compounds'])}", float(row["n"])),
        beside("icc", number(row["icc"], 3), ends),
        beside("lambda", number(row["lambda"]), number(row["lambda_min"])),
        numeric(f"{number(row['deff_kish'])} / {number(row['deff_design'])}", row["deff_kish"]),
        numeric(f"{_mean(row['mean'], share)} / {_mean(row['mean_weighted'], share)}", row["mean"]),
    )


def compounds_figure(result: Compounds, outcome: str) -> Figure:
    """The caterpillar plot of one outcome: compounds with ten answers or more.

    Raises UsageError where there is no model, or no compound of ten answers.
    """
    lang, each = result.lang, result.across(outcome)
    every = result.means(outcome)
    frame = every[every["n"] >= FEW_PEOPLE].sort_values("shrunken", kind="stable")
    if frame.empty:
        raise UsageError(
            f"no compound has {FEW_PEOPLE} answers to '{outcome}'",
            expected=f"compounds with {FEW_PEOPLE} answers or more: fewer are not drawn one by one",
            remedy="Use the table",
        )
    scale = 100.0 if each.outcome.share else 1.0
    rows = [
        {"type": _type(result, row["group"]), **{e: significant(scale * row[e]) for e in ("low", "high")},
         "value": significant(scale * row["shrunken"])}
        for row in frame.to_dict("records")
    ]  # fmt: skip
    model = each.main.model
    assert model is not None
    names = [capital(label) for label in result.types] or [capital(each.main.group)]
    means = [
        {"type": _type(result, result.types[g]) if result.types else 1, "value": significant(scale * float(mu)),
         "label": SAID["with mean"][lang].format(name, _mean(float(mu), each.outcome.share))}
        for g, (name, mu) in enumerate(zip(names, model.mu, strict=True))
    ]  # fmt: skip
    unit = SAID["unit"][lang] if each.outcome.share else ""
    axis = SAID["axis" if result.types else "axis all"][lang].format(unit=unit)
    title = _title(result, each)
    note = _note(each, len(every) - len(frame), lang)
    alt = _alt(title, rows, means, each.outcome.share, lang)
    return Figure("caterpillar", title, note, alt, {"rows": rows, "means": means, "axis": axis}, lang)


def _type(result: Compounds, group: str) -> int:
    """The colour of a type; that of the second where there are none."""
    return result.types.index(group) if result.types else 1


def _title(result: Compounds, each: Across) -> str:
    """A finding, where compounds can be told apart at all."""
    part = each.main
    assert part.model is not None
    verdict = apart(part.model).verdict if result.types else "undecided"
    if part.reliability < PREDICTOR:
        key = "low"
    elif verdict == "undecided":
        key = "differ" if part.ends[0] > 0 else "unsure"
    else:
        key = verdict
    return SAID[key][result.lang].format(x=each.outcome.label)


def _note(each: Across, undrawn: int, lang: Language) -> str:
    part = each.main
    assert part.model is not None
    icc = f"{number(part.model.icc, 3)} ({_ends(part.ends, 3, lang)})"
    said = {
        "en": f"Each line is a compound, not weighted. ICC {icc}, reliability of a compound’s mean "
        f"{number(part.reliability)}. Answers: {count(part.sums.answers)} "
        f"in {counted(part.sums.compounds, 'compound')}.",
        "zh": f"每条线为一个小区，未加权。组内相关系数 {icc}，小区均值信度 {number(part.reliability)}。"
        f"有效回答{count(part.sums.answers)}份，来自{count(part.sums.compounds)}个小区。",
    }[lang]
    if not undrawn:
        return said
    return said + SAID["undrawn"][lang].format(counted(undrawn, "compound") if lang == "en" else count(undrawn))


def _alt(title: str, rows: list[dict[str, Any]], means: list[dict[str, Any]], share: bool, lang: Language) -> str:
    """The title, how many lines there are and between which values, and the means."""
    low, high = (_mean(row["value"] / (100 if share else 1), share) for row in (rows[0], rows[-1]))
    listed = {"en": "; ", "zh": "；"}[lang].join(mean["label"] for mean in means)
    return {
        "en": f"{title}. Means of {counted(len(rows), 'compound')} in order, with intervals, without names: "
        f"from {low} to {high}. {listed}.",
        "zh": f"{title}。{count(len(rows))}个小区的均值由低到高排列，附区间，不列名称：从{low}至{high}。{listed}。",
    }[lang]


def compounds_sentence(result: Compounds, outcome: str) -> Prose:
    """What may be said of compounds and types; nothing beyond the intervals."""
    lang, each = result.lang, result.across(outcome)
    part, x = each.main, each.outcome.label
    if part.model is None:
        return paragraphs(SENTENCES[""][lang].format(x=x, note=part.note))
    base = SENTENCES["base"][lang].format(
        n=count(part.sums.answers),
        j=counted(part.sums.compounds, "compound") if lang == "en" else count(part.sums.compounds),
    )
    if not result.types:
        ends = interval(*(percent(end) for end in part.ends), to=word("to", lang))
        text = SENTENCES["all"][lang].format(x=x, icc=percent(part.model.icc), ci=ends, kept=number(part.reliability))
        return paragraphs(text + base)
    found, share = apart(part.model), each.outcome.share
    text = SENTENCES[found.verdict][lang].format(
        x=x, c=_size(found.compounds, share, lang), ci=_range(found.compounds, share, lang),
        t=_size(found.types, share, lang), ti=_range(found.types, share, lang),
    )  # fmt: skip
    return paragraphs(text + base)


def _size(ends: Ends, share: bool, lang: Language) -> str:
    if share:
        return f"{number(100 * ends[0], 1)}{' ' if lang == 'en' else ''}{word('points', lang)}"
    return number(ends[0])


def _range(ends: Ends, share: bool, lang: Language) -> str:
    scale, digits = (100, 1) if share else (1, 2)
    return _ends((scale * ends[1], scale * ends[2]), digits, lang)


def _ends(ends: tuple[float, float], digits: int, lang: Language) -> str:
    return interval(number(ends[0], digits), number(ends[1], digits), to=word("to", lang))


def _mean(value: float, share: bool) -> str:
    return percent(value) if share else number(value)
