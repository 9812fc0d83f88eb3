"""The ladder of invariance, latent gaps, and the verdict on each scale in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from surveyor.errors import UsageError, guess
from surveyor.format import count, interval, number, p_value
from surveyor.measure.invariance import Gate, Invariance
from surveyor.measure.invariance.gaps import ALL, MOVED, SOME
from surveyor.measure.invariance.gate import FAR
from surveyor.measure.invariance.ladder import REFUSED, SMALL, Step
from surveyor.measure.specify import HELD
from surveyor.questionnaire import Language
from surveyor.show.display import Display
from surveyor.show.expected_answers import expected_figure
from surveyor.show.factor_words import bases, fitted, named
from surveyor.show.table import Cell, Table, heads
from surveyor.show.verdicts import verdict_sentences
from surveyor.show.words import capital, stopped, word

SAID: Mapping[str, Mapping[Language, str]] = {
    "ladder": {"en": "How much of the measurement is the same in both groups", "zh": "两组的测量有多少相同"},
    "step": {"en": "Step", "zh": "步骤"},
    "chi": {"en": "Chi-square (df)", "zh": "卡方（自由度）"},
    "cfi": {"en": "CFI (change)", "zh": "CFI（变化）"},
    "rmsea": {"en": "RMSEA (change)", "zh": "RMSEA（变化）"},
    "test": {"en": "Difference: chi-square (df)", "zh": "差异：卡方（自由度）"},
    "p": {"en": "p (Holm)", "zh": "p（Holm）"},
    "let go": {"en": "Let go", "zh": "放开的题目"},
    "stands": {"en": "Stands?", "zh": "是否成立"},
    "yes": {"en": "yes", "zh": "是"},
    "small": {"en": "yes: small loss", "zh": "是：损失很小"},
    "no": {"en": "no", "zh": "否"},
    "lost": {"en": "did not converge", "zh": "未收敛"},
    "same": {"en": "Same factors", "zh": "因子相同"},
    "more": {"en": "+ same {}", "zh": "+ {}相同"},
    "gaps": {"en": "Latent gaps: {a} minus {b}", "zh": "潜在差距：{a}减{b}"},
    "scale": {"en": "Scale", "zh": "量表"},
    "all": {"en": "All questions held alike", "zh": "所有题目设为等价"},
    "some": {"en": "Some let go", "zh": "放开部分题目"},
    "moved": {"en": "Movement", "zh": "变动"},
    "verdict": {"en": "Questions work", "zh": "题目"},
    "nothing": {"en": "nothing let go", "zh": "无放开题目"},
    "items": {"en": "How far each question works otherwise in the two groups", "zh": "各题在两组中的差异程度"},
    "question": {"en": "Question", "zh": "题目"},
    "apart": {"en": "Expected answers apart", "zh": "期望回答之差"},
}

#: The verdicts of a gate.
VERDICTS: Mapping[str, Mapping[Language, str]] = {
    "alike": {"en": "alike", "zh": "等价"},
    "partly alike": {"en": "partly alike", "zh": "部分等价"},
    "not alike": {"en": "not alike", "zh": "不等价"},
    "not tested": {"en": "not tested", "zh": "未检验"},
}

NOTES: Mapping[str, Mapping[Language, str]] = {
    "ordinal": {
        "en": "Answers as ordered categories: thresholds and polychoric correlations, diagonally weighted least "
        "squares (Muthén 1984); thresholds first (Wu and Estabrook 2016).",
        "zh": "回答按有序类别处理：阈值与多分格相关，对角加权最小二乘（Muthén 1984）；"
        "先设阈值相同（Wu 与 Estabrook 2016）。",
    },
    "continuous": {
        "en": "Answers as numbers: maximum likelihood (Meredith 1993).",
        "zh": "回答按数值处理：极大似然（Meredith 1993）。",
    },
    "corrected": {
        "en": "Chi-squares and differences are corrected for weights, strata and primary units in mean and variance "
        "(Satorra 2000; Asparouhov and Muthén 2010). p is that of F, the distance over its expectation, with degrees "
        "of freedom that know how many primary units there are (Thomas and Rao 1987); in brackets adjusted for the "
        "number of steps (Holm).",
        "zh": "卡方及其差异按权数、分层和初级抽样单位作均值与方差校正（Satorra 2000；Asparouhov 与 Muthén 2010）。"
        "p 由 F（距离与其期望之比）得出，自由度考虑初级抽样单位数（Thomas 与 Rao 1987）；括号内按步骤数校正（Holm）。",
    },
    "rule": {
        "en": "A step stands where its p is not below {p}, or where it costs at most {cfi} of CFI and {rmsea} of "
        "RMSEA; these two bounds were made for numbers and maximum likelihood and are weak evidence here (Cheung and "
        "Rensvold 2002; Chen 2007). Else the question that pulls at most is let go, one at a time.",
        "zh": "p 不低于 {p}，或 CFI 下降不超过 {cfi} 且 RMSEA 上升不超过 {rmsea} 时，该步成立；后两个界限依据数值与"
        "极大似然，在此只是弱证据（Cheung 与 Rensvold 2002；Chen 2007）。否则逐一放开检验统计量最大的题目。",
    },
    "before": {
        "en": "{step}: before questions were let go p {p}; let go: {each} (p of score tests).",
        "zh": "{step}：放开题目之前 p {p}；放开：{each}（得分检验的 p）。",
    },
    "stuck": {
        "en": "{step}: not alike in {scales}, where with one question more let go fewer than two would stay alike.",
        "zh": "{step}：{scales}不等价，再放开一题则等价的题目不足两个。",
    },
    "stopped": {"en": "The ladder ends here: no further step was asked.", "zh": "到此为止，不再检验后面的步骤。"},
    "first": {
        "en": "Same factors: F test p {p}, RMSEA {rmsea} (90 % interval {ends}), SRMR {srmr}.",
        "zh": "因子相同：F 检验 p {p}，RMSEA {rmsea}（90% 区间 {ends}），SRMR {srmr}。",
    },
    "gap": {
        "en": "In standard deviations pooled over the groups, with 95 % intervals; above 0: {a} higher. A gap may move "
        "by at most {far} when questions are let go; where the questions do not work alike it is not to be read "
        "as one. Which questions are let go is decided on the same answers, and the interval does not count that.",
        "zh": "以两组合并的标准差为单位，附 95% 区间；大于 0：{a}较高。放开题目后差距的变动不得超过 {far}；"
        "题目不等价时，不应解读为两组的差距。放开哪些题目由同一批回答决定，区间未计入这一步。",
    },
    "dmacs": {
        "en": "dMACS: how far expected answers to the question lie apart at the same level of its scale, in standard "
        "deviations of its answers (Nye and Drasgow 2011). Expected answers apart: {a} minus {b}, in answer "
        "categories.",
        "zh": "dMACS：在量表水平相同时，两组对该题的期望回答相差多少，以回答的标准差为单位（Nye 与 Drasgow 2011）。"
        "期望回答之差：{a}减{b}，以回答类别计。",
    },
}  # fmt: skip


def invariance_table(result: Invariance, what: str = "ladder") -> Table:
    """ "ladder", "gaps" or "items"; raises UsageError for another name."""
    made = {"ladder": _ladder, "gaps": gaps_table, "items": _items}
    if what not in made:
        raise UsageError(f"there is no table '{what}' of invariance", remedy=guess(what, made))
    return made[what](result)


def invariance_display(result: Invariance) -> Display:
    """Verdicts, ladder, questions, gaps, and the questions that were let go as a figure."""
    figure = expected_figure(result)
    verdicts = verdict_sentences(result, result.gates)
    tables = (_ladder(result), _items(result), gaps_table(result))
    return Display((verdicts, *tables, *([figure] if figure else [])))


def _ladder(result: Invariance) -> Table:
    lang = result.lang
    keys = ("step", "chi", "cfi", "rmsea", "test", "p", "let go", "stands")
    header = heads(*(SAID[key][lang] for key in keys))
    rows = result.to_frame().to_dict("records")
    body = tuple(_step(result, step, row, i) for i, (step, row) in enumerate(zip(result.steps, rows, strict=True)))
    return Table(SAID["ladder"][lang], (header,), body, _ladder_notes(result))


def _step(result: Invariance, step: Step, row: Mapping[Any, Any], i: int) -> tuple[Cell, ...]:
    def changed(what: str) -> Cell:
        change = "" if i == 0 else f" ({number(row[f'delta_{what}'], 3, sign=True)})"
        return fitted(number(row[what], 3) + change, row[what])

    test, p = Cell("", None, "right"), Cell("", None, "right")
    if step.difference is not None:
        test = fitted(_chi(row["delta_chi_square"], row["delta_df"]), row["delta_chi_square"])
        p = fitted(f"{p_value(row['delta_p'])} ({p_value(row['delta_p_adjusted'])})", row["delta_p"])
    gone = {"en": ", ", "zh": "、"}[result.lang].join(result.setting.items.names[item] for item in step.let_go)
    return (
        Cell(_step_words(result, i)), fitted(_chi(row["chi_square"], row["df"]), row["chi_square"]),
        changed("cfi"), changed("rmsea"), test, p, Cell(gone, None, "right"),
        Cell(SAID[_standing(step)][result.lang], None, "right"),
    )  # fmt: skip


def _chi(value: float, df: float) -> str:
    return f"{number(value)} ({count(df)})"


def _standing(step: Step) -> str:
    if not step.arrived:
        return "lost"
    if not step.stands:
        return "no"
    return "small" if step.difference is not None and step.difference.p < REFUSED else "yes"


def _step_words(result: Invariance, i: int) -> str:
    """What is held alike from this step on."""
    lang = result.lang
    if i == 0:
        return SAID["same"][lang]
    before = result.steps[i - 1].equal.alike
    new = [HELD[each][lang] for each in result.steps[i].equal.alike if each not in before]
    return SAID["more"][lang].format({"en": ", ", "zh": "、"}[lang].join(new))


def _let_go(result: Invariance, item: int) -> str:
    items = result.setting.items
    return named(items.names[item], items.labels)


def _ladder_notes(result: Invariance) -> tuple[str, ...]:
    lang, fit = result.lang, result.steps[0].fit
    kind = "ordinal" if result.setting.ordinal else "continuous"
    ends = interval(number(fit.rmsea_low, 3), number(fit.rmsea_high, 3), to=word("to", lang))
    first = NOTES["first"][lang].format(
        p=p_value(result.steps[0].test.p), rmsea=number(fit.rmsea, 3), ends=ends, srmr=number(fit.srmr, 3)
    )
    rule = NOTES["rule"][lang].format(p=number(REFUSED), cfi=number(SMALL["cfi"], 3), rmsea=number(SMALL["rmsea"], 3))
    told = [bases(result.setting, result.groups, lang), first, NOTES["corrected"][lang], rule]
    for i, step in enumerate(result.steps):
        if step.let_go:
            join = {"en": "; ", "zh": "；"}[lang]
            each = join.join(f"{_let_go(result, item)} p {p_value(p)}" for item, p in step.let_go.items())
            told.append(NOTES["before"][lang].format(step=_step_words(result, i), p=p_value(step.p_all), each=each))
        if step.stuck:
            join = {"en": ", ", "zh": "、"}[lang]
            scales = join.join(result.names.get(factor, factor) for factor in step.stuck)
            told.append(NOTES["stuck"][lang].format(step=_step_words(result, i), scales=scales))
    if not result.steps[-1].stands:
        told.append(NOTES["stopped"][lang])
    return (*told, NOTES[kind][lang], *(stopped(note, lang) for note in result.notes))


def gaps_table(result: Invariance, gates: Mapping[str, Gate] | None = None) -> Table:
    """Per scale the latent gap with all questions alike, without those let go, and the movement between the two.

    gates   verdicts that know more than those of the ladder
    """
    lang = result.lang
    a, b = result.groups
    header = heads(*(SAID[key][lang] for key in ("scale", "all", "some", "moved", "verdict")))
    frame = result.gaps.to_frame().set_index(["variable", "statistic"])
    body = []
    for name, gate in (gates or result.gates).items():
        cells = [_gap(frame.loc[(name, what)], lang) for what in (ALL, SOME, MOVED)]
        if not gate.let_go:
            cells[1:] = [Cell(SAID["nothing"][lang], None, "right"), Cell("", None, "right")]
        verdict = VERDICTS[gate.verdict][lang]
        body.append((Cell(capital(result.names.get(name, name))), *cells, Cell(verdict, None, "right")))
    note = NOTES["gap"][lang].format(a=a, far=number(FAR))
    return Table(SAID["gaps"][lang].format(a=a, b=b), (header,), tuple(body), (note,))


def _gap(row: Any, lang: Language) -> Cell:
    ends = interval(number(row["low"], sign=True), number(row["high"], sign=True), to=word("to", lang))
    return fitted(f"{number(row['value'], sign=True)} ({ends})", float(row["value"]))


def _items(result: Invariance) -> Table:
    """Per question dMACS, how far expected answers lie apart, and where it was let go."""
    lang = result.lang
    a, b = result.groups
    header = heads(SAID["question"][lang], "dMACS", SAID["apart"][lang], SAID["let go"][lang])
    body: list[tuple[Cell, ...]] = []
    for factor, rows in result.items().groupby("factor", sort=False):
        body.append((Cell(capital(result.names.get(str(factor), str(factor)))),))
        for row in rows.to_dict("records"):
            gone = HELD[row["let_go"]][lang] if row["let_go"] else ""
            apart = fitted(number(row["difference"], sign=True), _known(row["difference"]))
            cells = (fitted(number(row["dmacs"]), _known(row["dmacs"])), apart, Cell(gone, None, "right"))
            body.append((Cell(named(row["item"], result.setting.items.labels)), *cells))
    return Table(SAID["items"][lang], (header,), tuple(body), (NOTES["dmacs"][lang].format(a=a, b=b),))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
