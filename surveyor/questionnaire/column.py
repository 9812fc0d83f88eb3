"""One column of answers as numbers: codes or measurements, NaN where missing, with its levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire.model import MISSING, Choices, Language, Questionnaire


@dataclass(frozen=True, eq=False)
class Column:
    """values (n,) with NaN for missing; labels: code -> text by language, in the questionnaire's order.

    pooled  labels of codes taken together: (1.0, 2.0) -> "good or excellent"
    `is_text` where the numbers only stand for words, so that no mean of them makes sense.
    """

    values: Array
    labels: Mapping[float, Mapping[Language, str]]
    is_text: bool = False
    pooled: Mapping[tuple[float, ...], Mapping[Language, str]] = field(default_factory=dict)

    @property
    def texts(self) -> dict[Any, Mapping[Language, str]]:
        """The labels of codes and of pooled codes."""
        return {**self.labels, **self.pooled}

    @cached_property
    def levels(self) -> list[float]:
        """The codes that can occur: those of the choice list, else those that do occur, in order."""
        if self.labels:
            return list(self.labels)
        return [float(code) for code in np.unique(self.values[np.isfinite(self.values)])]


def column_of(series: pd.Series, questionnaire: Questionnaire | None) -> Column:
    """The column as numbers, by its choice list where the questionnaire has one.

    Answers outside the choice list and missing codes (see MISSING) become NaN. Raises DataError where
    text stands in a column of numbers or codes.
    """
    name = str(series.name)
    known = questionnaire is not None and name in questionnaire
    choices = questionnaire.choices_of(name) if questionnaire else None
    if not known and not pd.api.types.is_numeric_dtype(series):
        return _of_words(series)
    numbers = _numbers(series, name)
    if choices is not None:
        return _of_choices(numbers, choices)
    if known:
        numbers[np.isin(numbers, list(MISSING))] = np.nan
    return Column(numbers, {})


def _of_choices(numbers: Array, choices: Choices) -> Column:
    labels = {float(code): text for code, text in choices.codes.items()}
    numbers[~np.isin(numbers, list(labels))] = np.nan
    top = tuple(float(code) for code in choices.top)
    return Column(numbers, labels, pooled={top: choices.top_label} if choices.top_label else {})


def _of_words(series: pd.Series) -> Column:
    """Categories in their own order, other words in alphabetical order, numbered from 1."""
    words = series if isinstance(series.dtype, pd.CategoricalDtype) else series.astype("category")
    codes = words.cat.codes.to_numpy().astype(float) + 1
    codes[codes == 0] = np.nan
    labels: dict[float, Mapping[Language, str]] = {
        float(i): {"en": str(word)} for i, word in enumerate(words.cat.categories, start=1)
    }
    return Column(codes, labels, is_text=True)


def _numbers(series: pd.Series, name: str) -> Array:
    numbers = pd.to_numeric(series, errors="coerce").astype(float).to_numpy(copy=True)
    text = ~np.isfinite(numbers) & series.notna().to_numpy()
    if text.any():
        at = int(np.argmax(text))
        shown = str(series.iloc[at])[:20]
        raise DataError(
            f"text where numbers are expected: '{shown}' in row {at + 1} ({counted(int(text.sum()), 'row')})",
            where=f"column '{name}'",
            remedy="Read the file with sv.read and its questionnaire, which turns labels into codes",
        )
    return np.asarray(numbers)
