"""The care respondents took: speed, straight lines, and who shows two kinds of haste."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.checking.answers import Answers
from surveyor.checking.findings import Finding, finding
from surveyor.checking.rules import is_conflict
from surveyor.format import number

#: Faster than this share of the median of the same mode, or than this many seconds a question.
SHARE, SECONDS = 1 / 3, 2.0
#: How many answers make a line.
FEWEST = 3
#: Where the length of an interview stands if no item has that role, in seconds.
DURATION, MODE = "duration", "mode"
#: What stands for an interviewer where there was none.
ALONE = ("self-completed", "self", "自填")


def seconds(answers: Answers) -> Array:
    """The length (n,) of each interview in seconds, NaN where it is unknown or not above 0."""
    frame = answers.survey.frame
    name = answers.role("duration") or (DURATION if DURATION in frame.columns else None)
    start, end = answers.role("start"), answers.role("end")
    if name is not None:
        long = answers.codes(name)
    elif start is not None and end is not None:
        moments = [pd.to_datetime(frame[each], errors="coerce", format="mixed", utc=True) for each in (start, end)]
        long = (moments[1] - moments[0]).dt.total_seconds().to_numpy(dtype=float)
    else:
        return np.full(len(frame), np.nan)
    return np.where(long > 0, long, np.nan)


def haste(answers: Answers, long: Array, rows_of: Mapping[str, Flags]) -> dict[str, Flags]:
    """Kind of haste -> rows (n,): the questionnaire's own flags, speed, straight lines."""
    asked = answers.survey.questionnaire
    flags = {
        name: rows
        for name, rows in rows_of.items()
        if asked is not None and asked.checks[name].action == "flag" and not is_conflict(answers, asked.checks[name])
    }
    if np.isfinite(long).any():
        flags["speed"] = too_fast(answers, long) & answers.inside
    if asked is not None and asked.batteries:
        flags["straight line"] = straight(answers) & answers.inside
    return flags


def haste_findings(answers: Answers, long: Array, flags: Mapping[str, Flags], twice: Flags) -> Iterator[Finding]:
    """Speed and straight lines as notes, two kinds of haste as a warning."""
    asked = answers.survey.questionnaire
    if "speed" in flags and flags["speed"].any():
        middle = float(np.nanmedian(long[answers.inside]))
        yield finding(answers, "speed", "note", flags["speed"], said={"median": number(middle / 60, 1)})
    if "straight line" in flags and flags["straight line"].any() and asked is not None:
        items = tuple(name for battery in asked.batteries for name in battery)
        yield finding(answers, "straight line", "note", flags["straight line"], items)
    if twice.any():
        yield finding(answers, "careless", "warning", twice)


def too_fast(answers: Answers, long: Array) -> Flags:
    """(n,) interviews under a third of the median of their mode, or under 2 seconds a question that was put."""
    fast = np.zeros(len(long), dtype=bool)
    modes = _mode(answers)
    for mode in np.unique(modes):
        here = (modes == mode) & answers.inside & np.isfinite(long)
        if here.any():
            fast |= here & (long < SHARE * np.median(long[here]))
    with np.errstate(invalid="ignore"):
        return np.asarray(fast | (long < SECONDS * _questions(answers)))


def straight(answers: Answers) -> Flags:
    """(n,) the same answer to all the answered questions of a battery, at least half of them and three."""
    asked = answers.survey.questionnaire
    assert asked is not None
    lines = np.zeros(len(answers.survey), dtype=bool)
    for battery in asked.batteries:
        names = [name for name in battery if name in answers.survey.frame.columns and name not in answers.unreadable]
        if len(names) < FEWEST:
            continue
        least, most = np.full(len(lines), np.inf), np.full(len(lines), -np.inf)
        answered = np.zeros(len(lines))
        for name in names:
            values = answers.values(name)
            least, most = np.fmin(least, values), np.fmax(most, values)
            answered += np.isfinite(values)
        lines |= (least == most) & (answered >= max(FEWEST, len(names) / 2))
    return lines


def _questions(answers: Answers) -> Array:
    """(n,) how many questions were put; one with several answers counts once."""
    asked = answers.survey.questionnaire
    total = np.zeros(len(answers.survey))
    names = {item.id: item for item in answers.asked_items}
    for item in asked.items if asked else ():
        column = next((each for each in asked.expanded(item) if each.id in names), None) if asked else None
        if column is not None:
            total += answers.put(column)
    return total


def _mode(answers: Answers) -> np.ndarray:
    """(n,) the mode of each interview as a number: a column `mode`, else whether somebody asked."""
    frame, who = answers.survey.frame, answers.role("interviewer")
    if MODE in frame.columns:
        return pd.factorize(frame[MODE], use_na_sentinel=False)[0].astype(float)
    if who is None:
        return np.zeros(len(frame))
    return frame[who].astype(str).str.strip().str.casefold().isin(ALONE).to_numpy(dtype=float)
