"""Item nonresponse: who was asked and gave no answer, by group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from surveyor.checking.answers import FEW_PEOPLE, Answers
from surveyor.checking.findings import Finding, finding
from surveyor.format import count, percent
from surveyor.questionnaire import Item

#: From this difference between groups, and from this share in one, an item is shown up.
APART, MANY = 0.05, 0.20
#: Shares are compared up to rounding in the last bits.
_ROUNDING = 1e-9


def nonresponse(answers: Answers) -> pd.DataFrame:
    """Item x group (or one column, ""): the share of those asked without a valid answer, NaN for under 10 asked."""
    groups = answers.groups[:2]
    who = {label: answers.group(code) for code, label in groups} or {"": answers.inside}
    rows = {}
    for item in answers.asked_items:
        put, gap = answers.put(item), ~np.isfinite(answers.values(item.id))
        counts = [(int((put & gap & each).sum()), int((put & each).sum())) for each in who.values()]
        rows[item.id] = [gaps / asked if asked >= FEW_PEOPLE else np.nan for gaps, asked in counts]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(who))


def nonresponse_findings(answers: Answers, shares: pd.DataFrame) -> Iterator[Finding]:
    """Items that a fifth left out, or one group more than the other by five points; all missing is said elsewhere."""
    for name, row in shares.iterrows():
        known = row.dropna()
        if known.empty or (known == 1).all():
            continue
        if known.max() - known.min() < APART - _ROUNDING and known.max() < MANY - _ROUNDING:
            continue
        item = next(each for each in answers.asked_items if each.id == name)
        rows = answers.put(item) & ~np.isfinite(answers.values(item.id))
        if rows.sum() < FEW_PEOPLE and known.max() < MANY - _ROUNDING:
            continue  # a few people make five points of a small base
        said = {"en": "; ", "zh": "；"}[answers.survey.lang].join(
            _of(answers, item, label, known) for label in known.index
        )
        yield finding(answers, "nonresponse", "warning", rows, (item.id,), said={"shares": said})


def _of(answers: Answers, item: Item, label: str, shares: pd.Series) -> str:
    """The share of one group and of how many asked."""
    code = next((code for code, text in answers.groups if text == label), None)
    who = answers.inside if code is None else answers.group(code)
    said = {"en": "{} {} of {}", "zh": "{}{}中的{}"}[answers.survey.lang]
    asked, share = count(int((answers.put(item) & who).sum())), percent(float(shares[label]))
    parts = (label, share, asked) if answers.survey.lang == "en" else (label, asked, share)
    return said.format(*parts).strip()
