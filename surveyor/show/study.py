"""What a study says of itself: its question, who was asked, all residents, its limits, how it was computed."""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from platform import python_version

import numpy as np

from surveyor.design import Design
from surveyor.design.columns import several
from surveyor.design.design import Names
from surveyor.estimate import level_text
from surveyor.format import count, digits_of, interval, number, percent
from surveyor.questionnaire import Language, say
from surveyor.show.findings import finding_lines
from surveyor.show.prose import Block, Prose, listed, paragraphs
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import capital, word
from surveyor.study import NEITHER, TYPE, Study
from surveyor.survey import Survey

#: The files a study may have beside the residents'.
TABLES = ("workers", "compounds", "communities")

#: The packages whose versions can change a number.
PACKAGES = ("surveyor", "numpy", "scipy", "pandas", "pyreadstat")


def study_card(study: Study) -> Prose:
    """Title and setting."""
    setting = say(study.definition.setting, study.lang)
    return Prose((Block("title", (study.title,)), *paragraphs(setting).blocks))


def study_fieldwork(study: Study) -> Prose:
    """How residents were asked, and what the design can and cannot say."""
    told = say(study.definition.fieldwork, study.lang)
    return Prose((*paragraphs(told).blocks, Block("caution", (design_caveat(study.residents),))))


def study_check(study: Study) -> Prose:
    """Files, design, groups and outcomes in words, every change made while reading, every finding, and the verdict.

    Asking for the comparison makes every message it could raise appear here.
    """
    survey = study.residents
    gaps = survey.compare(study.outcomes(), by=TYPE)
    a, b = gaps.group_names
    n_a, n_b = (int((survey.frame[TYPE] == k).sum()) for k in (1, 2))
    files = [("residents", survey), *((name, table) for name in TABLES if (table := _table(study, name)) is not None)]
    frame = gaps.to_frame()
    noted = [f"{name}: {note}" for name, note in zip(frame["outcome"], frame["note"], strict=True) if note]
    changed = [f"{name}: {entry}" for name, table in files if table.log for entry in table.log.entries]
    warned = [f"{name}: {entry}" for name, table in files if table.log for entry in table.log.warnings]
    return Prose(
        (
            Block("title", (f"{study.definition.study}: {study.title}",)),
            *listed(
                *(_file_words(name, table) for name, table in files),
                f"design: {design_words(survey.design, study.lang)}",
                f"type rule: {rule_words(study)}",
                f"groups: {a} {count(n_a)}, {b} {count(n_b)}, neither {count(len(survey) - n_a - n_b)}",
                f"outcomes: {len(study.outcomes())}",
            ).blocks,
            *listed(*(f"changed: {entry}" for entry in changed)).blocks,
            *listed(*(f"look at: {entry}" for entry in warned)).blocks,
            *listed(*(f"note: {each}" for each in noted)).blocks,
            *listed(*finding_lines(study.findings)).blocks,
            *paragraphs(study.findings.verdict_text).blocks,
        )
    )


def _table(study: Study, name: str) -> Survey | None:
    return getattr(study, name) if getattr(study.definition, name) is not None else None


def _file_words(name: str, survey: Survey) -> str:
    assert survey.log is not None
    return f"{name}: {survey.log.file}, {count(survey.log.rows)} rows, {survey.log.columns} columns"


def study_who(study: Study) -> Table:
    """Residents by group, with those read and kept but left out of the comparison; unweighted counts first."""
    lang, survey = study.lang, study.residents
    rule = study.definition.type
    groups, weights = survey.frame[TYPE].to_numpy(dtype=float), survey.units.weights
    total, unit = weights.sum(), survey.units.first.member[survey.units.unit]
    clustered = survey.design.clusters is not None

    def line(text: str, who: np.ndarray) -> tuple[Cell, ...]:
        share, units = float(weights[who].sum() / total), len(np.unique(unit[who]))
        return (
            Cell(text),
            numeric(count(int(who.sum())), float(who.sum())),
            *([numeric(count(units), float(units))] if clustered else []),
            numeric(percent(share), share),
        )

    body = [line(capital(say(group.label, lang)), groups == k) for k, group in enumerate(rule.groups, start=1)]
    if rule.item:
        source = survey.column(rule.item)
        body.append((Cell(word("left_out", lang).capitalize()),))
        for code in source.levels:
            who = (source.values == code) & (groups == NEITHER)
            if who.any():
                body.append(line(level_text(source.labels, code, lang), who))
        body.append(line(word("no_answer", lang).capitalize(), ~np.isfinite(source.values)))
    else:
        others = ((word("left_out", lang), groups == NEITHER), (word("no_answer", lang), ~np.isfinite(groups)))
        body += [line(text.capitalize(), who) for text, who in others if who.any()]
    body.append(line(word("total", lang), np.ones(len(survey), dtype=bool)))
    title = {"en": "Who was asked", "zh": "调查对象"}[lang]
    units = [word("compounds", lang)] if clustered else []
    header = heads(say(rule.label, lang), word("residents", lang), *units, word("weighted", lang))
    notes = {
        "en": ("Residents: unweighted counts. Weighted: share of all residents under the design.",),
        "zh": ("居民数为未加权人数；加权为按设计计算的占比。",),
    }[lang]
    return Table(title, (header,), tuple(body), notes)


def study_everyone(study: Study) -> Table:
    """Every outcome among all residents: the design's estimate with its interval, and the bare share in the file."""
    lang, survey = study.lang, study.residents
    plain = Survey(survey.frame, Design(), survey.questionnaire, lang)
    asked = [survey.summary(name) for name in study.outcomes()]
    weighted = survey.estimate(asked).interval()
    bare = plain.estimate(asked).interval()
    body = []
    for row, raw in zip(weighted.to_dict("records"), bare["value"], strict=True):
        show = percent if row["statistic"] == "proportion" else partial(number, digits=digits_of(row["se"]))
        name = survey.label(row["variable"])
        label = f"{name}{word('colon', lang)}{row['level']}" if row["level"] else name
        body.append(
            (
                Cell(label),
                numeric(show(row["value"]), row["value"]),
                Cell(interval(show(row["low"]), show(row["high"]), to=word("to", lang)), None, "right"),
                numeric(show(raw), raw),
                numeric(count(row["n"]), row["n"]),
            )
        )
    header = heads(
        word("outcome", lang),
        word("weighted", lang),
        word("interval", lang),
        word("unweighted", lang),
        word("answers", lang),
    )
    title = word("total", lang)
    notes = {
        "en": ("Don't know and no answer are left out; answers: how many residents each line rests on.",),
        "zh": ("不含不知道和未回答；有效回答为各行所依据的人数。",),
    }[lang]
    return Table(title, (header,), tuple(body), notes)


def study_careful(study: Study) -> Prose:
    """What changes in the comparison without those who show two signs of haste or more."""
    lang, findings = study.lang, study.findings
    n = int(findings.careless.sum())
    if not n:
        return paragraphs(
            {"en": "Nobody shows two signs of haste or more.", "zh": "没有受访者出现两次及以上敷衍作答的迹象。"}[lang]
        )
    every, careful = (
        survey.compare(study.outcomes(), by=TYPE).to_frame() for survey in (study.residents, findings.careful())
    )
    changed = [
        study.residents.label(name)
        for name, was, now in zip(every["outcome"], every["verdict"], careful["verdict"], strict=True)
        if was != now
    ]
    names = {"en": ", ", "zh": "、"}[lang].join(dict.fromkeys(changed))
    told = {
        "en": f"{count(n)} residents show two signs of haste or more. They are part of all results here; without them "
        + (f"another verdict is reached on {count(len(changed))} of {count(len(every))} comparisons: {names}."
           if changed else f"the verdicts on all {count(len(every))} comparisons stay the same."),
        "zh": f"{count(n)}名受访者出现两次及以上敷衍作答的迹象。本报告结果包含他们；剔除后，"
        + (f"{count(len(every))}项比较中有{count(len(changed))}项结论改变：{names}。"
           if changed else f"{count(len(every))}项比较的结论均不变。"),
    }  # fmt: skip
    return paragraphs(told[lang])


def study_limits(study: Study) -> Prose:
    """The limits the study file names, in the language of the study."""
    limits = study.definition.limits
    lines = limits.get(study.lang) or next(iter(limits.values()), ())
    return listed(*lines)


def study_method(study: Study) -> Prose:
    """What a reader needs to compute the same numbers again: file, hash, design, rules, seed, source."""
    lang, survey = study.lang, study.residents
    log = survey.log
    assert log is not None
    lines: dict[Language, list[str]] = {
        "en": [
            f"Answers: {log.file} ({log.format}, {log.encoding}), {count(log.rows)} rows, {log.columns} columns.",
            f"SHA-256 of the file: {log.sha256}.",
            f"Design: {design_words(survey.design, lang)}",
            f"Type rule, fixed in the study file before outcomes are opened: {rule_words(study)} "
            f"(SHA-256 {study.definition.type.sha256}).",
            "Standard errors by linearisation: each statistic is a formula on weighted totals, differentiated exactly; "
            "missing answers are zero weights, so that nobody leaves the design.",
            "Intervals are 95 %: t for means and differences; for shares logit, and beta (Korn and Graubard) below "
            "10 %, above 90 % or under 30 answers.",
            f"{len(log.entries)} changes were made while reading; study.residents.log lists them.",
            f"Seed: {study.definition.seed} (no number in this report is random).",
        ],
        "zh": [
            f"数据：{log.file}（{log.format}，{log.encoding}），{count(log.rows)}行，{log.columns}列。",
            f"文件 SHA-256：{log.sha256}。",
            f"设计：{design_words(survey.design, lang)}",
            f"分类规则（写在研究文件中，先于结果确定）：{rule_words(study)}"
            f"（SHA-256 {study.definition.type.sha256}）。",
            "标准误按线性化方法计算：各统计量为加权总量的公式，精确求导；缺失回答以零权数处理，样本设计保持完整。",
            "区间均为 95%：均值与差值用 t 区间；占比用 logit 区间，低于 10%、高于 90% 或回答不足 30 时用 beta 区间"
            "（Korn 与 Graubard）。",
            f"读取时作了{len(log.entries)}处处理，见 study.residents.log。",
            f"随机种子：{study.definition.seed}（本报告未使用随机数）。",
        ],
    }
    if study.definition.citation:
        lines[lang].append({"en": "Source: ", "zh": "来源："}[lang] + study.definition.citation)
    return listed(*lines[lang])


def study_versions(study: Study) -> Prose:
    """The software that made the numbers."""
    said = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lead = {"en": "Computed with Python", "zh": "计算环境：Python"}[study.lang]
    return paragraphs(f"{lead} {python_version()}, {said}.")


def rule_words(study: Study) -> str:
    """Who belongs to which group, as the study file says it."""
    lang, rule = study.lang, study.definition.type
    said = []
    for group in rule.groups:
        among = ", ".join(map(str, group.includes))
        said.append(f"{say(group.label, lang)}: {group.where or f'{rule.item} in [{among}]'}")
    return {"en": "; ", "zh": "；"}[lang].join(said)


def design_words(design: Design, lang: Language) -> str:
    """The design in one sentence."""
    named: dict[Language, list[tuple[str, Names]]] = {
        "en": [
            ("weights", design.weights),
            ("strata", design.strata),
            ("clusters", design.clusters),
        ],
        "zh": [("权数", design.weights), ("分层", design.strata), ("整群", design.clusters)],
    }
    none = {"en": "none", "zh": "无"}[lang]
    parts = [f"{what} {', '.join(several(name)) or none}" for what, name in named[lang]]
    if design.fpc is not None:
        parts.append(f"{ {'en': 'finite populations', 'zh': '有限总体'}[lang] } {', '.join(several(design.fpc))}")
    return {"en": ", ".join(parts) + ".", "zh": "，".join(parts) + "。"}[lang]


def design_caveat(survey: Survey) -> str:
    """What the recorded design lets intervals claim."""
    design, lang = survey.design, survey.lang
    if design.replicates is not None:
        return {
            "en": f"Standard errors come from replicate weights ({design.replicates.method}).",
            "zh": f"标准误由重复权数计算（{design.replicates.method}）。",
        }[lang]
    if design.clusters is not None:
        return {
            "en": f"Residents were drawn in {count(survey.units.first.count)} primary units; intervals rest on "
            "the number of units, not on the number of residents.",
            "zh": f"居民抽自{count(survey.units.first.count)}个初级抽样单位；区间取决于单位数，而非居民数。",
        }[lang]
    told = {
        "en": "no weights, strata or clusters" if design.weights is None else "weights, but no strata or clusters",
        "zh": "未记录权数、分层和整群" if design.weights is None else "附有权数，但未记录分层和整群",
    }
    if design.strata is not None:
        told = {"en": "strata, but no clusters", "zh": "记录了分层，但未记录整群"}
    return {
        "en": f"The file records {told['en']}. Intervals are those of residents drawn at random one by one"
        f"{'' if design.weights is None else ' with unequal chances'}. Where residents of the same buildings or "
        "areas were drawn together, the true intervals are wider.",
        "zh": f"数据{told['zh']}。区间按逐个随机抽取居民计算；若同一楼栋或片区的居民被一并抽取，实际区间会更宽。",
    }[lang]
