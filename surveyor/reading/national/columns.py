"""Columns of a file looked up by what is known of a wave."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from surveyor.questionnaire import MISSING
from surveyor.reading.answers import Answers


def code_of(cell: object) -> float:
    """A cell as a code; NaN where it is none."""
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("nan")


def named(answers: Answers, name: str) -> str | None:
    """The column of that name whatever its letter case."""
    return next((str(each) for each in answers.frame.columns if str(each).casefold() == name.casefold()), None)


def complete(answers: Answers, names: Sequence[str], *, number: bool = False) -> str | None:
    """The first of the columns that is there and filled in every row."""
    for name in names:
        found = named(answers, name)
        if found is None:
            continue
        column = answers.frame[found]
        numbers = pd.to_numeric(column, errors="coerce")
        bad = column.isna() | numbers.isin(list(MISSING))
        if not (bad | (numbers.isna() | (numbers < 0)) if number else bad).any():
            return found
    return None
