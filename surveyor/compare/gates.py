"""Scales among the outcomes: scored, and compared by their items where the gate of their measurement is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from surveyor.errors import UsageError
from surveyor.format import number
from surveyor.questionnaire import Language, Questionnaire

if TYPE_CHECKING:
    from surveyor.survey import Survey


class Gate(Protocol):
    """What is known of a scale before it is compared: see surveyor.measure.invariance.gate."""

    @property
    def verdict(self) -> str:
        """ "alike", "partly alike", "not alike" or "not tested"."""

    @property
    def is_open(self) -> bool:
        """Whether the score may be compared."""

    @property
    def items(self) -> Sequence[str]:
        """The items of the scale."""

    @property
    def let_go(self) -> Sequence[str]:
        """The items that work otherwise in the two groups."""

    @property
    def moved(self) -> float:
        """How far the latent gap moves without them."""

    @property
    def why(self) -> str:
        """Why the gate is closed."""

    @property
    def omega(self) -> float:
        """The lower reliability of the two groups."""


class Measured(Protocol):
    """A result of measurement that scales are looked up in."""

    @property
    def by(self) -> str:
        """The column whose groups were compared."""

    @property
    def origin(self) -> Any:
        """The frame whose residents were measured."""

    @property
    def gates(self) -> Mapping[str, Gate]:
        """The gate of each scale."""


WORDS: Mapping[str, Mapping[Language, str]] = {
    "not tested": {
        "en": "whether the questions of this scale work alike in both groups was not tested",
        "zh": "未检验该量表的题目在两组中是否等价",
    },
    "partly alike": {
        "en": "the questions work alike in both groups, except {items}; without them the gap moves by {moved} sd",
        "zh": "除{items}外，题目在两组中等价；去掉这些题目，差距变动{moved}个标准差",
    },
    "item": {
        "en": "a question of {scale}, which is compared question by question: {why}",
        "zh": "“{scale}”的题目，该量表逐题比较：{why}",
    },
    "reversed": {
        "en": "asked the other way round: a larger value means less of {scale}",
        "zh": "反向题：数值越大，“{scale}”越低",
    },
    "score": {
        "en": "a score asked for by itself, though {why}",
        "zh": "直接指定的得分，但{why}",
    },
    "part": {
        "en": "part of {scale}, which is not compared as a whole because of {parts}",
        "zh": "“{scale}”的一部分，因{parts}不作整体比较",
    },
    "few": {
        "en": "fewer than two of its questions work alike in both groups",
        "zh": "在两组中等价的题目不足两个",
    },
    "moved": {
        "en": "its gap rests on questions that work otherwise in the two groups (it moves by {moved} sd without them)",
        "zh": "差距取决于在两组中不等价的题目（去掉后变动{moved}个标准差）",
    },
    "refused": {
        "en": "its questions do not work alike in both groups",
        "zh": "题目在两组中不等价",
    },
    "unfitted": {
        "en": "whether they work alike in both groups could not be found out",
        "zh": "无法判断题目在两组中是否等价",
    },
    "units": {
        "en": "one of the groups has too few primary units to test whether they work alike",
        "zh": "其中一组的初级抽样单位太少，无法检验题目是否等价",
    },
    "unreliable": {
        "en": "its reliability is only {omega} in one of the groups",
        "zh": "其中一组的信度仅为{omega}",
    },
}  # fmt: skip


def through_gates(
    survey: Survey, outcomes: Sequence[Any], by: str, measurement: Measured | None
) -> tuple[Survey, list[Any], dict[str, str]]:
    """The survey with the scores that are compared, the outcomes with closed scales as their items, and what must be
    said of each.

    Raises UsageError where the measurement was between other groups or of other answers; what `Survey.score` raises.
    """
    if measurement is not None and not all(hasattr(measurement, name) for name in ("by", "origin", "gates")):
        raise UsageError(
            f"measurement={measurement!r} is no measurement", expected='what survey.measurement([...], by="type") gives'
        )
    if measurement is not None and measurement.by != by:
        raise UsageError(
            f"the measurement is between the groups of '{measurement.by}'",
            expected=f"one between the groups of '{by}'",
        )
    if measurement is not None and measurement.origin is not survey.origin:
        raise UsageError(
            "the measurement is of other answers than these",
            expected="a measurement of this survey, or of a domain of it",
            remedy=f'Measure these: survey.measurement([...], by="{by}")',
        )
    gates = measurement.gates if measurement is not None else {}
    said: dict[str, str] = {}
    listed: list[Any] = []
    for outcome in outcomes:
        is_scale = isinstance(outcome, str) and _is_scale(survey, outcome)
        for name, text in _through(survey, outcome, gates) if is_scale else [(outcome, "")]:
            if name not in listed:
                listed.append(name)
            if text:
                said[name] = text
        if not isinstance(outcome, str) and _is_scale(survey, outcome.variable):
            _warned(survey, outcome.variable, gates, said)
    scores = [name for name in listed if isinstance(name, str) and _is_scale(survey, name)]
    return (survey.score(scores) if scores else survey), listed, said


def _through(survey: Survey, scale: str, gates: Mapping[str, Gate]) -> list[tuple[str, str]]:
    """What a scale is compared by, and what must be said of each: itself, its items, or the scales of an index."""
    asked, gate = _asked(survey), gates.get(scale)
    if asked.scales[scale].kind == "index":
        return _index(survey, scale, gates)
    if gate is None:
        latent = asked.scales[scale].kind == "reflective"
        return [(scale, WORDS["not tested"][survey.lang] if latent else "")]
    if gate.is_open:
        return [(scale, _filled(survey, gate, gate.verdict) if gate.verdict in WORDS else "")]
    label = survey.label(scale)
    text = WORDS["item"][survey.lang].format(scale=label, why=_filled(survey, gate, gate.why))
    other = f"; {WORDS['reversed'][survey.lang].format(scale=label)}"
    return [(item, text + (other if item in asked and asked.item(item).reversed else "")) for item in gate.items]


def _warned(survey: Survey, score: str, gates: Mapping[str, Gate], said: dict[str, str]) -> None:
    """Adds what must be said of a score that was asked for as a statistic, which no gate turns into items."""
    parts = [name for name, _ in _through(survey, score, gates)]
    gate = gates.get(score)
    if gate is not None and not gate.is_open:
        said[score] = WORDS["score"][survey.lang].format(why=_filled(survey, gate, gate.why))
    elif parts == [score]:
        said[score] = _through(survey, score, gates)[0][1]
    else:
        said[score] = WORDS["score"][survey.lang].format(why=WORDS["refused"][survey.lang])


def _index(survey: Survey, scale: str, gates: Mapping[str, Gate]) -> list[tuple[str, str]]:
    """An index is compared where all its scales may be; else they stand for it."""
    parts = _asked(survey).scales[scale].items
    closed = [part for part in parts if part in gates and not gates[part].is_open]
    if not closed:
        if not all(part in gates for part in parts):
            return [(scale, WORDS["not tested"][survey.lang])]
        told = [(part, text) for part in parts for _, text in _through(survey, part, gates) if text]
        return [(scale, "; ".join(f"{survey.label(part)}: {text}" for part, text in told))]
    names = ", ".join(survey.label(part) for part in closed)
    text = WORDS["part"][survey.lang].format(scale=survey.label(scale), parts=names)
    found = [each for part in parts for each in _through(survey, part, gates)]
    return [(name, "; ".join(each for each in (told, text) if each)) for name, told in found]


def _asked(survey: Survey) -> Questionnaire:
    assert survey.questionnaire is not None  # a scale is one of a questionnaire
    return survey.questionnaire


def _is_scale(survey: Survey, name: str) -> bool:
    asked = survey.questionnaire
    return asked is not None and name in asked.scales and (name not in asked or asked.is_score(name))


def _filled(survey: Survey, gate: Gate, word: str) -> str:
    return WORDS[word][survey.lang].format(
        items=", ".join(gate.let_go), moved=number(gate.moved, 2), omega=number(gate.omega, 2)
    )
