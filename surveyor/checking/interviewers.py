"""Interviewers: how long they took, how many refused them, who was present, and how alike their answers are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from surveyor.arrays import Array, numbered
from surveyor.checking.answers import FEW_PEOPLE, Answers
from surveyor.checking.findings import Finding, finding
from surveyor.format import count, number, percent

#: From which share of escorted interviews, which part of the others' pace, and which excess of refusals it is told.
ESCORTED, PACE, REFUSED = 0.5, 0.5, 0.10
#: The least ICC by interviewer that is told, where chance makes it in fewer than one of a thousand items.
ICC, CHANCE = 0.10, 0.001
#: Fewer interviewers have no ICC.
FEW_INTERVIEWERS = 5


def interviewers(answers: Answers, long: Array) -> pd.DataFrame:
    """One row an interviewer: interviewer, n, escorted (share), minutes (mean), refused (share of contacts).

    Interviews are those with consent, where the questionnaire asks for it; NaN where something was not recorded.
    """
    who = answers.role("interviewer")
    names = ["interviewer", "n", "escorted", "minutes", "refused"]
    if who is None:
        return pd.DataFrame(columns=names)
    codes, levels = pd.factorize(answers.survey.frame[who], sort=True)
    codes = np.where(answers.inside, codes, -1)
    consent, escorted = answers.role("consent"), answers.role("escorted")
    agreed = answers.values(consent) == 1 if consent else answers.inside
    rows = []
    for k, level in enumerate(levels):
        here = codes == k
        if not here.any():
            continue
        done = here & agreed
        present = answers.values(escorted)[done] if escorted else np.array([np.nan])
        said = answers.values(consent)[here] if consent else np.array([np.nan])
        rows.append((str(level), int(done.sum()), _mean(present), _mean(long[done]) / 60, 1 - _mean(said)))
    return pd.DataFrame(rows, columns=names)


def interviewer_findings(answers: Answers, table: pd.DataFrame) -> Iterator[Finding]:
    """Interviews with staff present, interviewers who stand out, and answers alike within interviewers."""
    escorted = answers.role("escorted")
    if escorted is not None:
        present = answers.inside & (answers.values(escorted) == 1)
        if present.any():
            yield finding(answers, "escorted", "note", present, (escorted,))
    enough = table[table["n"] >= FEW_PEOPLE]
    for row in enough.itertuples():
        yield from _standing_out(answers, row, enough)
    yield from _alike(answers)


def _standing_out(answers: Answers, row: object, table: pd.DataFrame) -> Iterator[Finding]:
    who, n = str(row.interviewer), int(row.n)  # type: ignore[attr-defined]
    others = table[table["interviewer"] != who]
    if others.empty:
        return
    name = answers.role("interviewer")
    assert name is not None
    rows = (answers.survey.frame[name].astype(str) == who).to_numpy()
    told = {"who": who, "n": count(n)}
    value = {key: float(getattr(row, key)) for key in ("escorted", "minutes", "refused")}
    pace, refused = float(others["minutes"].median()), float(others["refused"].median())
    if value["escorted"] >= ESCORTED:
        said = told | {"share": percent(value["escorted"], 0)}
        yield finding(answers, "interviewer escorted", "warning", rows, said=said)
    if value["minutes"] < PACE * pace:
        said = told | {"minutes": number(value["minutes"], 1), "others": number(pace, 1)}
        yield finding(answers, "interviewer pace", "warning", rows, said=said)
    if value["refused"] > refused + REFUSED:
        said = told | {"share": percent(value["refused"], 0), "others": percent(refused, 0)}
        yield finding(answers, "interviewer refusals", "warning", rows, said=said)


def _alike(answers: Answers) -> Iterator[Finding]:
    """Items of scales whose answers are more alike within interviewers than chance and compounds would make them."""
    who, asked = answers.role("interviewer"), answers.survey.questionnaire
    if who is None or asked is None:
        return
    codes = pd.factorize(answers.survey.frame[who])[0]
    names = dict.fromkeys(name for scale in asked.scales.values() for name in scale.items)
    known = {item.id for item in answers.items}
    for name in names:
        if name not in known:
            continue
        k, icc, p = agreement(codes, np.where(answers.inside, answers.survey.column(name).measured, np.nan))
        if k >= FEW_INTERVIEWERS and icc >= ICC and p < CHANCE:
            yield finding(
                answers, "interviewer answers", "warning", items=(name,), said={"k": str(k), "icc": number(icc)}
            )


def agreement(codes: np.ndarray, values: Array) -> tuple[int, float, float]:
    """How alike answers are within groups: the number of groups, the ICC and the p-value of no group effect.

    One-way analysis of variance with unequal groups (Donner 1986): ICC = (B - W) / (B + (m - 1) W), with B and W the
    mean squares between and within groups, m = (n - sum n_j^2 / n) / (k - 1).
    """
    there = (codes >= 0) & np.isfinite(values)
    if not there.any():
        return 0, float("nan"), float("nan")
    codes, _ = numbered(codes[there])
    y = values[there]
    n = np.bincount(codes).astype(float)
    k, N = len(n), float(len(y))
    if k < 2 or k >= N:
        return k, float("nan"), float("nan")
    means = np.bincount(codes, y) / n
    between = float(n @ (means - y.mean()) ** 2) / (k - 1)
    within = float(((y - means[codes]) ** 2).sum()) / (N - k)
    m = (N - float(n @ n) / N) / (k - 1)
    if within <= 0:
        return k, float("nan"), float("nan")
    return k, (between - within) / (between + (m - 1) * within), float(fdtrc(k - 1, N - k, between / within))


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
