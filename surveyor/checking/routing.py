"""Broken routing: answered though not asked, and not applicable though to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from surveyor.arrays import Flags
from surveyor.checking.answers import NOT_APPLICABLE, SPOKEN, Answers
from surveyor.checking.findings import Finding, finding
from surveyor.questionnaire import Item
from surveyor.questionnaire.routing import condition


def routing_findings(answers: Answers) -> Iterator[Finding]:
    """Items whose answers do not fit who was asked; items with the same rows are told together."""
    for rule, wrong in (("not asked", _answered), ("not put", _skipped)):
        for items, rows in _together(answers, wrong):
            said = {"condition": _condition(answers, items[0])} if rule == "not asked" else {}
            yield finding(answers, rule, "warning", rows, items, said=said)


def _together(
    answers: Answers, wrong: Callable[[Answers, Item, Flags], Flags]
) -> Iterator[tuple[tuple[str, ...], Flags]]:
    """Rows that are wrong, and the items in which they are."""
    found: dict[bytes, tuple[list[str], Flags]] = {}
    for item in answers.items:
        asked = None if item.id in answers.administrative or item.copied else answers.asked(item)
        if asked is None or not (item.relevance or item.section):
            continue
        rows = wrong(answers, item, asked) & answers.inside
        if rows.any():
            found.setdefault(np.packbits(rows).tobytes(), ([], rows))[0].append(item.id)
    for names, rows in found.values():
        yield tuple(names), rows


def _answered(answers: Answers, item: Item, asked: Flags) -> Flags:
    spoken = np.isin(answers.codes(item.id), SPOKEN)
    return np.asarray(~asked & (np.isfinite(answers.values(item.id)) | spoken))


def _skipped(answers: Answers, item: Item, asked: Flags) -> Flags:
    if _may_not_apply(answers, item):
        return np.zeros(len(asked), dtype=bool)
    return np.asarray(asked & (answers.codes(item.id) == NOT_APPLICABLE))


def _may_not_apply(answers: Answers, item: Item) -> bool:
    """Whether an answer of the item itself says that it does not apply."""
    asked = answers.survey.questionnaire
    choices = asked.choices_of(item.id) if asked else None
    return NOT_APPLICABLE in item.missing.values() or bool(choices and NOT_APPLICABLE in choices.missing.values())


def _condition(answers: Answers, name: str) -> str:
    """Who is asked, in words: the item's own condition, else that of its section."""
    asked, lang = answers.survey.questionnaire, answers.survey.lang
    assert asked is not None
    relevance = asked.relevance(name)
    assert relevance is not None
    words = condition(relevance, asked, lang)
    return {"en": f"it is asked only if {words}", "zh": words}[lang]
