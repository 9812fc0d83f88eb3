"""What fieldwork adds to answers: interviewers, staff who listen, haste, and answers that are missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.plan.answering import NOT_ASKED
from surveyor.plan.seeds import stream
from surveyor.plan.world import Triple
from surveyor.questionnaire import Questionnaire
from surveyor.questionnaire.relevance import copied, routed

#: Share of interviews with staff present, by group, and how often such an answer about the committee goes up by one.
ESCORTED: Triple = (0.14, 0.06, 0.10)
FLATTERED, KINDER = ("rg01", "rd15", "rd16", "rd17", "rd18", "rd19", "rd20", "rd21", "rg05"), 0.35

#: Answers that depend on who asks, and how much: the spread over interviewers of the chance to move by one.
ASKED_FOR, INTERVIEWERS = ("rb13", "rb14", "rb16", "rd16", "rd18", "rd19", "rg01", "rg07"), 0.08

#: Share of respondents who answer without reading, and what they make of their time.
CARELESS, HASTE = 0.025, 0.28
MEDIAN_SECONDS, SPREAD = 1260.0, 0.22

#: Reason (see surveyor.questionnaire.MISSING) -> share of cells; more for some items. Older people know less.
UNANSWERED: Mapping[int, float] = {-1: 0.008, -2: 0.003, -9: 0.004}
OFTEN: Mapping[str, Mapping[int, float]] = {
    "rh10": {-1: 0.03, -2: 0.08}, "rg02": {-1: 0.06}, "rb11": {-1: 0.05}, "re10": {-1: 0.12}, "rb12": {-1: 0.02},
    "rc10": {-1: 0.02}, "rh05": {-2: 0.02}, "rg01": {-2: 0.012}, "re11": {-1: 0.05}, "rd20": {-1: 0.03},
}  # fmt: skip
NEVER = ("rs", "rq", "rh01", "rh02")


def noisy(
    frame: pd.DataFrame, asked: Questionnaire, group: np.ndarray, older: Array, seed: int
) -> tuple[pd.DataFrame, Array]:
    """The answers as fieldwork brings them in, and how many seconds each interview took.

    group, older   of each respondent: the row in GROUPS, and age in 16 years from 45
    """
    done = frame.copy()
    _interviewers(done, asked, stream(seed, "interviewers"))
    _escorted(done, asked, group, stream(seed, "escorted"))
    rng = stream(seed, "careless")
    hasty = rng.random(len(done)) < CARELESS
    _careless(done, asked, hasty, rng)
    pace = np.exp(SPREAD * rng.standard_normal(len(done)) + 0.06 * older)
    _unanswered(done, asked, older, seed)
    _rerouted(done, asked)
    return done, np.rint(MEDIAN_SECONDS * pace * np.where(hasty, HASTE, 1.0))


def _interviewers(frame: pd.DataFrame, asked: Questionnaire, rng: np.random.Generator) -> None:
    name = asked.role("interviewer")
    if name is None:
        return
    who, _ = pd.factorize(frame[name], sort=True)
    for item in ASKED_FOR:
        push = INTERVIEWERS * rng.standard_normal(int(who.max()) + 1)[who]
        _moved(frame, asked, item, rng.random(len(frame)) < np.abs(push), np.sign(push))


def _escorted(frame: pd.DataFrame, asked: Questionnaire, group: np.ndarray, rng: np.random.Generator) -> None:
    name = asked.role("escorted")
    if name is None:
        return
    present = rng.random(len(frame)) < np.asarray(ESCORTED)[group]
    frame[name] = present.astype(float)
    for item in FLATTERED:
        up = -1.0 if item in asked and asked.item(item).reversed else 1.0
        _moved(frame, asked, item, present & (rng.random(len(frame)) < KINDER), np.full(len(frame), up))


def _moved(frame: pd.DataFrame, asked: Questionnaire, item: str, rows: Flags, by: Array) -> None:
    """Answers of some rows moved by one code, within the scale; answers beside it stay."""
    choices = asked.choices_of(item)
    if item not in frame.columns or choices is None:
        return
    scale = [code for code in choices.codes if code not in choices.apart]
    values = frame[item].to_numpy(dtype=float)
    moved = np.clip(values + by, min(scale), max(scale))
    frame[item] = np.where(rows & np.isin(values, scale), moved, values)


def _careless(frame: pd.DataFrame, asked: Questionnaire, hasty: Flags, rng: np.random.Generator) -> None:
    """The same answer to all of a battery, a failed instructed item, and an owner's word for it from some."""
    n = len(frame)
    for battery in asked.batteries:
        same = rng.integers(3, 6, n).astype(float)
        for item in battery:
            if item in frame.columns:
                frame[item] = np.where(hasty & (frame[item] >= 0), same, frame[item])
    for item, share, wrong in (("rq01", 0.8, 4.0), ("rq02", 0.5, 3.0)):
        if item in frame.columns:
            frame[item] = np.where(hasty & (rng.random(n) < share), wrong, frame[item])


def _unanswered(frame: pd.DataFrame, asked: Questionnaire, older: Array, seed: int) -> None:
    for item in asked.items:
        columns = [column.id for column in asked.expanded(item) if column.id in frame.columns]
        if not columns or item.type in ("id", "text", "date", "calculated") or item.id.startswith(NEVER):
            continue
        rng = stream(seed, f"unanswered {item.id}")
        roll = rng.random(len(frame))
        low = np.zeros(len(frame))
        for reason in UNANSWERED:
            share = UNANSWERED[reason] + OFTEN.get(item.id, {}).get(reason, 0.0)
            high = low + share * (np.exp(0.35 * older) if reason == -1 else 1.0)
            hit = (roll >= low) & (roll < high)
            for name in columns:
                values = frame[name].to_numpy(dtype=float)
                frame[name] = np.where(hit & (values != NOT_ASKED), float(reason), values)
            low = high


def _rerouted(frame: pd.DataFrame, asked: Questionnaire) -> None:
    """What a missing answer leaves unasked is -8; what is calculated from it is as it is."""
    for item in asked.items:
        if item.copied is not None and item.id in frame.columns:
            values = copied(frame, item)
            frame[item.id] = np.where(np.isnan(values), frame[item.copied.by].to_numpy(dtype=float), values)
    for column, rows in routed(asked, frame):
        frame[column.id] = np.where(rows, frame[column.id].to_numpy(dtype=float), NOT_ASKED)
