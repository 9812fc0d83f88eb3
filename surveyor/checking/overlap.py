"""Whether the two groups are of people who can be compared: their demographic items side by side."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from surveyor.checking.answers import FEW_PEOPLE, Answers
from surveyor.checking.findings import Finding, finding
from surveyor.format import number, percent
from surveyor.questionnaire import Item
from surveyor.questionnaire.item import MEASURED
from surveyor.statistics import Mean, Proportion, Variance

#: The concept of demographic items in a questionnaire.
CONCEPT = "DEMO"
#: Standardised differences, and shares outside the other group's range, from which it is told.
DIFFERENCE, OUTSIDE = 0.25, 0.10


def overlap_findings(answers: Answers) -> Iterator[Finding]:
    """Demographic items on which the first two groups differ much, or hardly overlap; weighted."""
    if len(answers.groups) < 2 or any(answers.group(code).sum() < FEW_PEOPLE for code, _ in answers.groups[:2]):
        return
    for item in answers.asked_items:
        if item.concept != CONCEPT or not _answered(answers, item):
            continue
        if item.type in MEASURED:
            yield from _measured(answers, item)
        elif item.type != "calculated":
            yield from _coded(answers, item)


def _answered(answers: Answers, item: Item) -> bool:
    there = np.isfinite(answers.values(item.id))
    return all((there & answers.group(code)).sum() >= FEW_PEOPLE for code, _ in answers.groups[:2])


def _measured(answers: Answers, item: Item) -> Iterator[Finding]:
    (a, label_a), (b, label_b) = answers.groups[:2]
    survey, by = answers.survey, answers.by
    means = survey.estimate(Mean(item.id), by=by).values[:2]
    spread = np.sqrt(survey.estimate(Variance(item.id), by=by).values[:2].mean())
    d = float((means[0] - means[1]) / spread) if spread > 0 else 0.0
    if abs(d) > DIFFERENCE:
        said = {"a": label_a, "b": label_b, "level": "", "d": number(d)}
        yield finding(answers, "imbalance", "note", items=(item.id,), said=said)
    values = answers.values(item.id)
    for one, other, this, that in ((a, b, label_a, label_b), (b, a, label_b, label_a)):
        theirs = values[answers.group(other) & np.isfinite(values)]
        mine = answers.group(one) & np.isfinite(values)
        outside = mine & ((values < theirs.min()) | (values > theirs.max()))
        share = float(outside.sum() / mine.sum())
        if share > OUTSIDE:
            said = {"a": this, "b": that, "share": percent(share, 0)}
            yield finding(answers, "no overlap", "warning", outside, (item.id,), said=said)


def _coded(answers: Answers, item: Item) -> Iterator[Finding]:
    """The answer whose share differs most, in standard deviations of a share."""
    (_, label_a), (_, label_b) = answers.groups[:2]
    levels = answers.survey.column(item.id).levels
    p = answers.survey.estimate(Proportion(item.id), by=answers.by).values.reshape(-1, len(levels))[:2]
    spread = np.sqrt((p * (1 - p)).mean(axis=0))
    d = np.divide(p[0] - p[1], spread, out=np.zeros(len(levels)), where=spread > 0)
    size = np.abs(d)
    worst = int(np.argmax(size >= size.max() - 1e-9))  # the first of equals
    if abs(d[worst]) > DIFFERENCE:
        lang = answers.survey.lang
        text = answers.survey.level_text(item.id, levels[worst])
        level = {"en": f"‘{text}’, ", "zh": f"“{text}”，"}[lang]
        said = {"a": label_a, "b": label_b, "level": level, "d": number(float(d[worst]))}
        yield finding(answers, "imbalance", "note", items=(item.id,), said=said)
