"""Records that are there twice: case numbers, whole rows, and interviews nearly alike by one interviewer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from surveyor.arrays import Codes, Flags
from surveyor.checking.answers import Answers
from surveyor.checking.findings import Finding, finding

#: Two interviews are nearly alike from this share of the questions that either answered.
ALIKE = 0.95
#: Fewer questions, or fewer answers, can be alike by chance.
QUESTIONS = 20
#: What stands for no answer.
_GAP = np.float32(-32768)

Matrix = np.ndarray


def record_findings(answers: Answers) -> Iterator[Finding]:
    """Case numbers that are missing or stand twice, equal rows, nearly equal rows of one interviewer."""
    yield from _ids(answers)
    table = _table(answers)
    if table.shape[1] < QUESTIONS:
        return
    told = answers.inside & ((table != _GAP).sum(axis=1) >= QUESTIONS)
    rows = np.flatnonzero(told)
    same = np.zeros(len(told), dtype=bool)
    keys = _hashes(table[rows], 1)[0]
    _, first, place, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    same[rows] = counts[place] > 1
    if same.any():
        yield finding(answers, "duplicate row", "warning", same)
    who = answers.role("interviewer")
    if who is not None:
        by = pd.factorize(answers.survey.frame[who])[0]
        once = rows[np.sort(first)]
        near = _nearly(table, once[by[once] >= 0], by, len(told))
        if near.any():
            yield finding(answers, "near duplicate", "warning", near)


def _ids(answers: Answers) -> Iterator[Finding]:
    name = answers.role("case")
    if name is None:
        return
    ids = answers.survey.frame[name]
    if pd.api.types.is_numeric_dtype(ids):
        empty = ids.isna().to_numpy()
    else:
        ids = ids.astype("string").str.strip()
        empty = (ids.isna() | (ids == "").fillna(True)).to_numpy(dtype=bool)
    inside = answers.inside & ~empty
    twice = np.zeros(len(inside), dtype=bool)
    twice[inside] = ids[inside].duplicated(keep=False).to_numpy()
    if twice.any():
        yield finding(answers, "duplicate id", "error", twice, (name,))
    if (answers.inside & empty).any():
        yield finding(answers, "no id", "error", answers.inside & empty, (name,))


def _table(answers: Answers) -> Matrix:
    """Rows by questions: each answer as a number, several answers to one question as one number."""
    asked = answers.survey.questionnaire
    known = {item.id for item in answers.asked_items}
    columns = []
    for item in asked.items if asked else ():
        here = [each.id for each in asked.expanded(item) if each.id in known] if asked else []
        if len(here) == 1:
            columns.append(answers.values(here[0]))
        elif here:
            parts = [answers.values(name) for name in here]
            columns.append(np.sum([part * 2.0**k for k, part in enumerate(parts[:20])], axis=0))
    if not columns:
        return np.zeros((len(answers.survey), 0), dtype=np.float32)
    made = np.empty((len(answers.survey), len(columns)), dtype=np.float32)
    for k, column in enumerate(columns):
        made[:, k] = np.where(np.isfinite(column), column, _GAP)
    return made


def _hashes(table: Matrix, parts: int) -> list[np.ndarray]:
    """A number (n,) for the answers to each of `parts` sets of questions; equal answers, equal number."""
    rng = np.random.default_rng(0)
    odd = 2 * np.asarray(rng.integers(1, 2**61, table.shape[1], dtype=np.int64)) + 1
    sums = [np.zeros(len(table), dtype=np.int64) for _ in range(parts)]
    for k in range(table.shape[1]):
        bits = np.ascontiguousarray(table[:, k]).view(np.int32).astype(np.int64)
        mixed = (bits ^ (bits >> 15)) * odd[k]
        sums[k % parts] += mixed ^ (mixed >> 31)
    return sums


def _nearly(table: Matrix, rows: Codes, by: Codes, n: int) -> Flags:
    """(n,) rows that agree with another row of the same interviewer on 95 % of what either answered.

    Two rows that differ on at most d of k questions agree wholly on one of d + 1 sets of questions; so only rows
    that agree on a whole set are ever compared.
    """
    near = np.zeros(n, dtype=bool)
    sets = int((1 - ALIKE) * table.shape[1] + 1e-9) + 1
    for key in _hashes(table[rows], sets):
        order = np.lexsort((key, by[rows]))
        sorted_by, sorted_key = by[rows][order], key[order]
        new = np.append(True, (np.diff(sorted_by) != 0) | (np.diff(sorted_key) != 0))
        starts = np.append(np.flatnonzero(new), len(order))
        sizes = np.diff(starts)
        for k in np.flatnonzero(sizes > 1):
            _compare(table, rows[order[starts[k] : starts[k + 1]]], near)
    return near


def _compare(table: Matrix, bucket: Codes, near: Flags) -> None:
    """Mark the rows of a bucket that are nearly alike."""
    answers = table[bucket]
    there = answers != _GAP
    for i in range(len(bucket) - 1):
        either = (there[i] | there[i + 1 :]).sum(axis=1)
        differ = (answers[i] != answers[i + 1 :]).sum(axis=1)
        alike = differ <= (1 - ALIKE) * either + 1e-9
        if alike.any():
            near[bucket[i]] = True
            near[bucket[i + 1 :][alike]] = True
