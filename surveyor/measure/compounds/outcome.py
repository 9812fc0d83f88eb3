"""An outcome as one number a resident, and the statistic of the survey that is its mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surveyor.arrays import Array
from surveyor.design.columns import named
from surveyor.errors import UsageError
from surveyor.measure.compounds.texts import TEXTS
from surveyor.questionnaire.column import Column
from surveyor.statistics import Mean, Proportion, Statistic
from surveyor.survey import Survey


@dataclass(frozen=True, eq=False)
class Outcome:
    """One number a resident.

    label      what it is called, with the answer whose share it is
    values     (n,) numbers, or 1 and 0 for a share; NaN where there is no answer
    statistic  what the survey calls its mean
    share      whether the mean is a share
    """

    name: str
    label: str
    values: Array
    statistic: Statistic
    share: bool = False


def outcome_of(survey: Survey, name: str) -> Outcome:
    """A column as one number a resident: a measurement or the number of an ordered answer as it is, yes/no as 1 and 0.

    Yes is the favourable end of the choice list where the questionnaire names one; else the code 1; of two words the
    last. Raises UsageError for a column with more than two answers that are no numbers.
    """
    column = survey.column(name)
    top = _yes(survey, name, column)
    if top is None:
        return Outcome(name, survey.label(name), column.measured, Mean(name))
    said = TEXTS["yes"][survey.lang].format(survey.level_text(name, top))
    colon = {"en": ": ", "zh": "："}[survey.lang]
    values = np.where(np.isnan(column.values), np.nan, np.isin(column.values, top))
    return Outcome(name, f"{survey.label(name)}{colon}{said}", values, Proportion(name, (top,)), share=True)


def with_scores(survey: Survey, outcomes: str | Sequence[str]) -> tuple[Survey, list[str]]:
    """The survey with a column for every outcome that is the name of a scale, and the names of the outcomes.

    Raises UsageError where nothing is named, or something twice.
    """
    given = named(outcomes, "outcomes")
    names = [given] if isinstance(given, str) else list(given or ())
    if not names or len(set(names)) < len(names):
        raise UsageError(
            f"outcomes={outcomes!r} names {'a column twice' if names else 'nothing'}",
            expected="columns, or scales of the questionnaire, each once",
        )
    known = survey.questionnaire.scales if survey.questionnaire else {}
    scales = [name for name in names if name not in survey.frame.columns and name in known]
    return (survey.score(scales) if scales else survey), names


def _yes(survey: Survey, name: str, column: Column) -> tuple[float, ...] | None:
    """The codes whose share is the outcome; None where the numbers are measured."""
    asked = survey.questionnaire
    choices = asked.choices_of(name) if asked is not None else None
    kind = asked.item(name).type if asked is not None and name in asked else None
    scale = [code for code in column.levels if code not in column.apart] if column.labels else []
    if not scale or (len(scale) > 2 and kind != "nominal" and not column.is_text):
        return None
    if choices is not None and choices.top:
        return tuple(float(code) for code in choices.top)
    if len(scale) <= 2:
        return (1.0,) if 1.0 in scale and not column.is_text else (scale[-1],)
    raise UsageError(
        f"the answers of '{name}' are no numbers, and no one of them is its summary",
        expected="a number, ordered answers, yes or no, or a choice list that says which codes are its `top`",
        remedy=f'Name the favourable answers as `top` in the questionnaire, or ask survey.proportion("{name}")',
    )
