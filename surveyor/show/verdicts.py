"""What may be said of scales before they are compared: a sentence for each, and what to compare."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from surveyor.format import count, number
from surveyor.measure.invariance import Gate, Invariance
from surveyor.measure.invariance.gate import FAR, UNITS
from surveyor.measure.reliability.result import PROCEED
from surveyor.questionnaire import Language
from surveyor.show.factor_words import quoted
from surveyor.show.prose import Block, Prose, listed, paragraphs
from surveyor.show.words import capital
from surveyor.study import TYPE

#: verdict, or why a gate is closed -> what was found; {x} the scale, {both} the groups, {items} those let go, {moved}
#: how far the latent gap moves without them, {far} how far it may.
FOUND: Mapping[str, Mapping[Language, str]] = {
    "alike": {"en": "{x}: the questions work alike in {both}.", "zh": "{x}：各题在{both}中等价。"},
    "partly alike": {
        "en": "{x}: the questions work alike in {both}, except {items}; with that let go, the latent gap moves by "
        "{moved} standard deviations (bound {far}).",
        "zh": "{x}：除{items}外，各题在{both}中等价；放开后潜在差距变动{moved}个标准差（界限 {far}）。",
    },
    "few": {
        "en": "{x}: fewer than two questions work alike in {both}.",
        "zh": "{x}：在{both}中等价的题目不足两个。",
    },
    "moved": {
        "en": "{x}: the questions do not work alike in {both}; with {items} let go, the latent gap moves by {moved} "
        "standard deviations (bound {far}).",
        "zh": "{x}：{items}在{both}中不等价，放开后潜在差距变动{moved}个标准差（界限 {far}）。",
    },
    "refused": {
        "en": "{x}: the questions do not work alike in {both}.",
        "zh": "{x}：各题在{both}中不等价。",
    },
    "unfitted": {
        "en": "{x}: whether the questions work alike in {both} was not tested, as the model did not converge.",
        "zh": "{x}：模型未收敛，未能检验各题在{both}中是否等价。",
    },
    "units": {
        "en": "{x}: whether the questions work alike in {both} was not tested, as one of them has fewer than {units} "
        "primary units.",
        "zh": "{x}：其中一组的初级抽样单位不足{units}个，未能检验各题在{both}中是否等价。",
    },
}

RELIABLE: Mapping[str, Mapping[Language, str]] = {
    "": {"en": " Reliability in the lower of the two groups: {omega}.", "zh": "两组信度较低者为 {omega}。"},
    "check": {
        "en": " Reliability in the lower of the two groups: {omega}, so that the latent gap is to be read beside the "
        "score.",
        "zh": "两组信度较低者为 {omega}，须与潜在差距一并解读。",
    },
    "unreliable": {
        "en": " Its reliability in one of the groups is only {omega}.",
        "zh": "其中一组的信度仅为 {omega}。",
    },
}
SHOWN: Mapping[bool, Mapping[Language, str]] = {
    True: {"en": " Its score may be compared.", "zh": "可以比较其得分。"},
    False: {"en": " It is shown question by question.", "zh": "逐题呈现。"},
}
BOTH: Mapping[bool, Mapping[Language, str]] = {
    True: {"en": "both kinds of compound", "zh": "两类小区"},
    False: {"en": "both groups", "zh": "两组"},
}
OPENING: Mapping[Language, str] = {
    "en": "{a} and {b}: of {k} measured, {score} may be compared by the score, {items} question by question.",
    "zh": "{a}与{b}：{k}个量表中，{score}个可比较得分，{items}个逐题比较。",
}
CAUTION: Mapping[Language, str] = {
    "en": "Where questions do not work alike, a gap between scores mixes the groups with the way they read the "
    "questions; such scores are not compared.",
    "zh": "题目不等价时，得分之差混有两组对题目理解的不同；此类得分不作比较。",
}
ALIKE: Mapping[Language, str] = {
    "en": "Alike: the ladder did not refuse it. Small departures can stay unseen in a survey of this size.",
    "zh": "等价：指未被逐级检验拒绝；以本次调查的规模，细小的偏离可能看不出。",
}


def verdict_sentences(result: Invariance, gates: Mapping[str, Gate]) -> Prose:
    """How many scales may be compared, a sentence for each, and what the words mean.

    gates   verdicts, which may know more than those of the ladder
    """
    lang = result.lang
    is_open = [gate.is_open for gate in gates.values()]
    a, b = result.groups
    scales = {"en": f"{count(len(gates))} scale{'' if len(gates) == 1 else 's'}", "zh": count(len(gates))}[lang]
    opening = OPENING[lang].format(
        a=capital(a), b=b, k=scales, score=count(sum(is_open)), items=count(len(gates) - sum(is_open))
    )
    closed = any(gate.verdict == "not alike" for gate in gates.values())
    alike = any(gate.verdict in ("alike", "partly alike") for gate in gates.values())
    return Prose(
        (
            *paragraphs(opening).blocks,
            *listed(*(_sentence(result, gate) for gate in gates.values())).blocks,
            *([Block("caution", (CAUTION[lang],))] if closed else []),
            *(paragraphs(ALIKE[lang]).blocks if alike else ()),
        )
    )


def _sentence(result: Invariance, gate: Gate) -> str:
    lang = result.lang
    key = gate.why if gate.why in FOUND else gate.verdict
    found = FOUND[key][lang].format(
        x=capital(result.names.get(gate.scale, gate.scale)),
        both=BOTH[result.by == TYPE and result.setting.moments.apart][lang],
        items=quoted(gate.let_go, result.setting.items.labels, lang),
        moved=number(abs(gate.moved)),
        far=number(FAR),
        units=count(UNITS),
    )
    return found + _reliable(gate, lang) + SHOWN[gate.is_open][lang]


def _reliable(gate: Gate, lang: Language) -> str:
    if not np.isfinite(gate.omega):
        return ""
    key = "check" if gate.is_open and gate.omega < PROCEED else gate.why
    key = key if key in RELIABLE else ""
    return RELIABLE[key][lang].format(omega=number(gate.omega))
