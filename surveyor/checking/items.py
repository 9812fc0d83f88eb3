"""Item by item: codes without a label, numbers out of range, nobody or everybody alike, forgotten reversals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.checking.answers import FEW_PEOPLE, Answers
from surveyor.checking.findings import Finding, finding
from surveyor.expressions import parse
from surveyor.format import number
from surveyor.questionnaire import Item, say
from surveyor.questionnaire.item import MEASURED
from surveyor.statistics import Correlation

#: A number like this in a message is a code as it stands.
_SHOWN = 5


def item_findings(answers: Answers) -> Iterator[Finding]:
    """What is wrong with single columns, in the order of the questionnaire."""
    for name, what in answers.unreadable.items():
        yield finding(answers, "unreadable", "error", items=(name,), said={"what": what})
    for item in answers.items:
        yield from _unlabelled(answers, item)
        yield from _out_of_range(answers, item)
        yield from _without_variation(answers, item)
    yield from _too_many(answers)
    yield from _reversals(answers)


def _unlabelled(answers: Answers, item: Item) -> Iterator[Finding]:
    asked = answers.survey.questionnaire
    assert asked is not None
    choices = asked.choices_of(item.id)
    if choices is None or item.type in MEASURED:
        return
    codes = answers.codes(item.id)
    strange = answers.inside & np.isfinite(codes)
    strange &= ~np.isin(codes, [*choices.codes, *asked.missing_codes(item.id)])
    if strange.any():
        found = np.unique(codes[strange])
        shown = ", ".join(f"{code:g}" for code in found[:_SHOWN]) + (" …" if len(found) > _SHOWN else "")
        yield finding(answers, "unlabelled", "error", strange, (item.id,), said={"codes": shown})


def _out_of_range(answers: Answers, item: Item) -> Iterator[Finding]:
    if item.type not in MEASURED or item.range is None:
        return
    asked = answers.survey.questionnaire
    low, high = item.bounds(asked.year if asked else None)
    values = answers.values(item.id)
    outside = answers.inside & ((values < low) | (values > high))
    if outside.any():
        said = [f"{end:g}" if np.isfinite(end) else number(None) for end in (low, high)]
        yield finding(answers, "range", "error", outside, (item.id,), said={"low": said[0], "high": said[1]})


def _too_many(answers: Answers) -> Iterator[Finding]:
    """Items of which more answers were chosen than the question allows."""
    asked = answers.survey.questionnaire
    there = {item.id for item in answers.items}
    for item in asked.items if asked else ():
        names = [each.id for each in asked.expanded(item) if each.id in there] if asked and item.most else []
        chosen = sum((answers.values(name) == 1 for name in names), start=np.zeros(len(answers.survey), dtype=np.intp))
        rows = answers.inside & (chosen > (item.most or 0))
        if names and rows.any():
            yield finding(answers, "too many", "warning", rows, tuple(names), said={"most": str(item.most)})


def _without_variation(answers: Answers, item: Item) -> Iterator[Finding]:
    if item.id in answers.administrative or item.id in _instructed(answers):
        return
    codes, values = answers.codes(item.id), answers.values(item.id)
    valid = values[answers.inside & np.isfinite(values)]
    if not len(valid):
        if answers.put(item).any() or not np.isfinite(codes[answers.inside]).any():
            yield finding(answers, "all missing", "warning", items=(item.id,))
    elif len(valid) >= FEW_PEOPLE and valid.min() == valid.max() and not _one_of_several(answers, item):
        yield finding(answers, "constant", "warning", items=(item.id,))


def _one_of_several(answers: Answers, item: Item) -> bool:
    """A 0/1 column of an item with several answers: one that nobody chose is no fault."""
    asked = answers.survey.questionnaire
    return asked is not None and all(item.id != each.id for each in asked.items)


def _instructed(answers: Answers) -> set[str]:
    """Items with a right answer, which everybody should give."""
    asked = answers.survey.questionnaire
    rules = asked.checks.values() if asked else ()
    return {name for rule in rules if rule.action == "flag" for name in parse(rule.when).names}


def _reversals(answers: Answers) -> Iterator[Finding]:
    """Items that go against the rest of their scale once reversed items are turned round; weighted."""
    asked = answers.survey.questionnaire
    pairs: dict[tuple[str, str], tuple[str, Array, Array]] = {}
    for scale in asked.scales.values() if asked else ():
        names = [name for name in scale.items if any(item.id == name for item in answers.items)]
        if scale.kind != "reflective" or len(names) < 2:
            continue
        turned = {name: _standard(answers, name) for name in names}
        label = say(scale.label, answers.survey.lang)
        for name in names:
            rest = _mean([turned[other] for other in names if other != name])
            if _correlates(answers, turned[name], rest):
                pairs[f"{name} item {label}", f"{name} rest {label}"] = (name, turned[name], rest)
    if not pairs:
        return
    made = {key: column for keys, (_, *both) in pairs.items() for key, column in zip(keys, both, strict=True)}
    frame = pd.concat([answers.survey.frame, pd.DataFrame(made, index=answers.survey.frame.index)], axis=1)
    estimated = replace(answers.survey, frame=frame).estimate([Correlation(*keys) for keys in pairs])
    ends = estimated.interval()["high"]
    for keys, r, high in zip(pairs, estimated.values, ends, strict=True):
        if r < 0:
            rule = "reversal" if high < 0 else "weak item"
            said = {"scale": keys[0].partition(" item ")[2], "r": number(r)}
            yield finding(answers, rule, "error" if high < 0 else "warning", items=(pairs[keys][0],), said=said)


def _standard(answers: Answers, name: str) -> Array:
    """An item in standard deviations, turned so that high means more of the scale."""
    asked = answers.survey.questionnaire
    assert asked is not None
    values = answers.survey.column(name).measured
    inside = values[answers.inside & np.isfinite(values)]
    spread = inside.std() if len(inside) else 0.0
    sign = -1.0 if asked.item(name).reversed else 1.0
    return sign * (values - inside.mean()) / spread if spread > 0 else np.full(len(values), np.nan)


def _mean(columns: list[Array]) -> Array:
    """The mean (n,) of what is answered, NaN where nothing is."""
    stacked = np.stack(columns)
    there = np.isfinite(stacked)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there, stacked, 0.0).sum(axis=0) / there.sum(axis=0))


def _correlates(answers: Answers, x: Array, y: Array) -> bool:
    """Whether there are enough pairs that vary."""
    both = answers.inside & np.isfinite(x) & np.isfinite(y)
    return bool(both.sum() >= FEW_PEOPLE and np.ptp(x[both]) > 0 and np.ptp(y[both]) > 0)
