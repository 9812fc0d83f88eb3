"""A regression as a table: coefficients under their terms, with the level they are compared with."""

from __future__ import annotations

import math
from typing import Any

from surveyor.compare import RegressionResult
from surveyor.format import count, digits_of, interval, number, p_value
from surveyor.questionnaire import Language
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import stopped, word

#: family -> what its coefficients are; {x} is the outcome.
TITLES: dict[Language, dict[str, str]] = {
    "en": {
        "gaussian": "{x}: linear regression",
        "binomial": "{x}: logistic regression (log odds)",
        "probit": "{x}: probit regression",
        "poisson": "{x}: Poisson regression (logs of rates)",
        "ordinal": "{x}: proportional-odds regression (log odds of a higher answer)",
        "multinomial": "{x}: multinomial regression (log odds against the first answer)",
    },
    "zh": {
        "gaussian": "{x}：线性回归",
        "binomial": "{x}：逻辑回归（对数发生比）",
        "probit": "{x}：probit 回归",
        "poisson": "{x}：泊松回归（对数发生率）",
        "ordinal": "{x}：比例优势回归（较高回答的对数发生比）",
        "multinomial": "{x}：多项逻辑回归（相对第一个回答的对数发生比）",
    },
}
#: rule of inference -> how standard errors and degrees of freedom were made.
RULES: dict[Language, dict[str, str]] = {
    "en": {
        "auto": "Linearised standard errors, degrees of freedom for few and unequal units.",
        "strata": "Linearised standard errors, degrees of freedom: primary units minus cells.",
        "design": "Standard errors of the declared design, degrees of freedom: primary units minus strata.",
        "cr2": "CR2 standard errors with their own degrees of freedom.",
        "jackknife": "Jackknife standard errors, one primary unit left out at a time.",
    },
    "zh": {
        "auto": "线性化标准误，Satterthwaite 自由度。",
        "strata": "线性化标准误，自由度为初级抽样单位数减单元数。",
        "design": "按所声明设计计算的标准误，自由度为初级抽样单位数减层数。",
        "cr2": "CR2 标准误及其自由度。",
        "jackknife": "刀切法标准误，每次去掉一个初级抽样单位。",
    },
}


def regression_table(result: RegressionResult) -> Table:
    """One row per coefficient: level, value, interval, standard error, degrees of freedom, p, note."""
    model, lang = result.model, result.model.survey.lang
    names, references = model.names, model.references
    header = heads(
        word("term", lang),
        word("coefficient", lang),
        word("interval", lang),
        word("se", lang),
        word("df", lang),
        "p",
        word("note", lang),
    )
    body: list[tuple[Cell, ...]] = []
    group = answer = None
    for row in result.to_frame().to_dict("records"):
        several = row.get(model.formula.outcome)
        if several != answer:
            body.append((Cell(f"{names[model.formula.outcome]}{word('colon', lang)}{several}"),))
            answer, group = several, None
        name = names.get(row["term"], row["term"])
        if row["level"] and row["term"] != group:
            against = references.get(row["term"])
            shown = {"en": f"{name}, against {against}", "zh": f"{name}（对照：{against}）"}[lang] if against else name
            body.append((Cell(shown),))
        group = row["term"]
        body.append((Cell(row["level"] or name), *_numbers(row, lang)))
    family = model.statistic.family
    title = TITLES[lang]["probit" if getattr(family, "link", "") == "probit" else family.name]
    return Table(title.format(x=names[model.formula.outcome]), (header,), tuple(body), _notes(result, lang))


def _numbers(row: dict[Any, Any], lang: Language) -> tuple[Cell, ...]:
    digits = digits_of(row["se"])
    ends = interval(number(row["low"], digits), number(row["high"], digits), to=word("to", lang))
    return (
        numeric(number(row["value"], digits), row["value"]),
        Cell(ends, None, "right"),
        numeric(number(row["se"], digits), row["se"]),
        numeric(number(row["df"], 0 if row["df"] >= 100 else 1), row["df"]),
        numeric(p_value(row["p"]), row["p"]),
        Cell(row["note"]),
    )


def _notes(result: RegressionResult, lang: Language) -> tuple[str, ...]:
    units = result.clusters
    base = {"en": f"{count(result.n)} residents", "zh": f"居民 {count(result.n)} 人"}[lang]
    if units is not None:
        base += {"en": f" in {count(units)} primary units", "zh": f"，初级抽样单位 {count(units)} 个"}[lang]
    fit = ""
    if math.isfinite(result.deviance):
        fit = {
            "en": f"Deviance {number(result.deviance, 1)}, of {number(result.null_deviance, 1)} without terms.",
            "zh": f"偏差 {number(result.deviance, 1)}，无自变量时 {number(result.null_deviance, 1)}。",
        }[lang]
    notes = [stopped(note, lang) for note in result.notes]
    return (base + word("stop", lang), RULES[lang][result.plan.inference], fit, *notes)
