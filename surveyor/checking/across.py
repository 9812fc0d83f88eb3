"""What residents say held against the fact sheets of their compounds, and against the workers' file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.checking.answers import Answers
from surveyor.checking.findings import Finding, finding
from surveyor.questionnaire.parts import Role
from surveyor.survey import Survey

#: Rule -> an item of the resident that cannot be less than an item of the compound.
NOT_BEFORE = {"before the building": ("ra01", "f04")}


def across_findings(answers: Answers) -> Iterator[Finding]:
    """Years before the building stood, compounds without a fact sheet, communities without workers."""
    if answers.compounds is not None:
        yield from _compounds(answers, answers.compounds)
    if answers.workers is not None:
        yield from _workers(answers, answers.workers)


def _compounds(answers: Answers, compounds: Survey) -> Iterator[Finding]:
    mine, theirs = _keys(answers.survey, "compound"), _keys(compounds, "compound")
    if mine is None or theirs is None:
        return
    unknown = mine.notna() & ~mine.isin(theirs)
    if (answers.inside & unknown.to_numpy()).any():
        name = answers.role("compound") or ""
        yield finding(answers, "unknown compound", "error", unknown.to_numpy(), (name,))
    for rule, (name, fact) in NOT_BEFORE.items():
        known = name in answers.survey.frame.columns and name not in answers.unreadable
        if known and fact in compounds.frame.columns:
            rows = answers.values(name) < _carried(mine, theirs, compounds.column(fact).values)
            if (answers.inside & rows).any():
                yield finding(answers, rule, "warning", rows, (name, fact))


def _carried(mine: pd.Series, theirs: pd.Series, values: Array) -> Array:
    """The compound's value for each resident, NaN where the compound is unknown."""
    once = ~theirs.duplicated().to_numpy() & theirs.notna().to_numpy()
    facts = pd.Series(values[once], index=theirs[once].to_numpy())
    return mine.map(facts).to_numpy(dtype=float)


def _workers(answers: Answers, workers: Survey) -> Iterator[Finding]:
    mine, theirs = _keys(answers.survey, "community"), _keys(workers, "community")
    if mine is None or theirs is None:
        return
    without = mine.notna() & ~mine.isin(theirs) & answers.inside
    if without.any():
        name = answers.role("community") or ""
        yield finding(
            answers, "no workers", "note", without.to_numpy(), (name,), said={"n": str(mine[without].nunique())}
        )


def _keys(survey: Survey, role: Role) -> pd.Series | None:
    """Codes as texts, so that 7 in one file is "7" in another; None where no item has the role."""
    asked = survey.questionnaire
    names = asked.roles.get(role, ()) if asked else ()
    name = next((each for each in names if each in survey.frame.columns), None)
    if name is None:
        return None
    column = survey.frame[name].reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(column):
        return column.map(lambda code: f"{code:g}", na_action="ignore").astype("string").astype(object)
    texts = column.astype("string").str.strip()
    return texts.where(texts != "").astype(object).where(lambda each: each.notna(), np.nan)
