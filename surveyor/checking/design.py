"""The design: weights, and how many people and primary units stand behind each group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from surveyor.arrays import Array, Flags
from surveyor.checking.answers import FEW_PEOPLE, Answers
from surveyor.checking.findings import Finding, finding
from surveyor.format import count, number

#: Weights above this many medians; design effects and correlations with answers from which it is told.
MEDIANS, SPREAD, GOES_WITH = 100, 1.5, 0.2
#: How near the sum of the weights must be to 1, or to the number of rows, to be that and not a number of people.
NEARLY = 1e-3
#: Under so many primary units in a group there is no test, or a weak one.
FEWEST, FEW = 4, 8


def design_findings(answers: Answers) -> Iterator[Finding]:
    """Weights, then groups, units and strata."""
    if answers.survey.design.weights is not None:
        yield from _weights(answers, answers.codes(answers.survey.design.weights))
    yield from _groups(answers)
    yield from _strata(answers)


def unequal(weights: Array) -> float:
    """By how much unequal weights multiply the variance of a mean: 1 + CV squared (Kish 1965).

    >>> unequal(np.array([1.0, 1.0, 4.0]))
    1.5
    """
    total = weights.sum()
    return float(len(weights) * (weights**2).sum() / total**2) if total > 0 else float("nan")


def _weights(answers: Answers, weights: Array) -> Iterator[Finding]:
    name = answers.survey.design.weights
    assert name is not None
    inside = answers.inside
    positive = weights[inside & (weights > 0)]
    if not len(positive):
        return
    if (zero := inside & (weights == 0)).any():
        yield finding(answers, "weight zero", "warning", zero, (name,))
    if (large := inside & (weights > MEDIANS * np.median(positive))).any():
        yield finding(answers, "weight large", "warning", large, (name,))
    deff = unequal(positive)
    if deff >= SPREAD:
        said = {"low": number(positive.min()), "high": number(positive.max()), "deff": number(deff)}
        effective = count(len(positive) / deff)
        yield finding(answers, "weight spread", "note", items=(name,), said={"effective": effective, **said})
    yield from _relative(answers, name, weights)
    yield from _with_answers(answers, name)


def _relative(answers: Answers, name: str, weights: Array) -> Iterator[Finding]:
    """Weights of the whole file that add up to 1, or to its number of rows: totals are then no numbers of people."""
    total = float(weights.sum())
    for size in (1, len(weights)):
        if len(weights) > 1 and abs(total - size) <= NEARLY * size:
            yield finding(answers, "weight sum", "note", items=(name,), said={"sum": count(size)})
            return


def _with_answers(answers: Answers, name: str) -> Iterator[Finding]:
    """Outcomes that go with the weight: unweighted correlations."""
    weights = answers.codes(name)
    for outcome in answers.outcomes:
        if outcome in answers.unreadable:
            continue
        values = answers.survey.column(outcome).measured
        there = answers.inside & np.isfinite(values) & np.isfinite(weights)
        w, y = weights[there], values[there]
        if len(y) < FEW_PEOPLE or not (np.ptp(w) > 0 and np.ptp(y) > 0):
            continue
        r = float(np.corrcoef(w, y)[0, 1])
        if abs(r) >= GOES_WITH:
            yield finding(answers, "weight and answer", "note", items=(outcome,), said={"r": number(r)})


def _groups(answers: Answers) -> Iterator[Finding]:
    """People and primary units of each group that is compared: the first two."""
    if answers.by is None:
        return
    clustered = answers.survey.units.clustered
    for code, label in answers.groups[:2]:
        rows = answers.group(code)
        n = int(rows.sum())
        units = len(np.unique(_primary(answers)[rows]))
        if not n:
            yield finding(answers, "empty group", "error", items=(answers.by,), said={"group": label})
            continue
        if n < FEW_PEOPLE:
            yield finding(answers, "small group", "warning", rows, (answers.by,), said={"group": label})
        if clustered and units < FEW:
            rule, severe = ("few units", "error") if units < FEWEST else ("some units", "warning")
            said = {"group": label, "units": str(units)}
            yield finding(answers, rule, severe, items=(answers.by,), said=said)  # type: ignore[arg-type]
    if (neither := _neither(answers)).any():
        label = answers.label(answers.by)
        yield finding(answers, "no group", "note", neither, (answers.by,), said={"label": label})


def _neither(answers: Answers) -> Flags:
    either = [answers.group(code) for code, _ in answers.groups[:2]]
    return answers.inside & ~np.logical_or.reduce(either) if either else answers.inside


def _primary(answers: Answers) -> np.ndarray:
    """(n,) the primary unit of each row."""
    units = answers.survey.units
    return units.first.member[units.unit]


def _strata(answers: Answers) -> Iterator[Finding]:
    """Strata with one primary unit, where a rule says what becomes of them; without one no survey can be made."""
    design, units = answers.survey.design, answers.survey.units
    if design.strata is None or design.replicates is not None:
        return
    lonely = units.first.lonely
    if lonely.any():
        rows = lonely[_primary(answers)]
        names = (design.strata,) if isinstance(design.strata, str) else tuple(design.strata)
        yield finding(answers, "lonely stratum", "warning", rows, names, said={"k": str(int(lonely.sum()))})
