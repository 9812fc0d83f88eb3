"""One column of answers as numbers: codes or measurements, NaN where missing, with its levels."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Complex, Real
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags, complete, distinct
from surveyor.errors import DataError, UsageError, guess
from surveyor.format import counted
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.item import MEASURED
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import Language


@dataclass(frozen=True, eq=False)
class Column:
    """values (n,) with NaN for missing; labels: code -> text by language, in the questionnaire's order.

    pooled  labels of codes taken together: (1.0, 2.0) -> "good or excellent"
    apart   codes that are answers, but no point of the scale
    `is_text` where the numbers only stand for words, so that no mean of them makes sense.
    """

    values: Array
    labels: Mapping[float, Mapping[Language, str]]
    is_text: bool = False
    pooled: Mapping[tuple[float, ...], Mapping[Language, str]] = field(default_factory=dict)
    apart: tuple[float, ...] = ()

    @property
    def texts(self) -> dict[Any, Mapping[Language, str]]:
        """The labels of codes and of pooled codes."""
        return {**self.labels, **self.pooled}

    @cached_property
    def levels(self) -> list[float]:
        """The codes that can occur: those of the choice list, else those that do occur, in order."""
        if self.labels:
            return list(self.labels)
        return distinct(self.values if self.complete else self.values[np.isfinite(self.values)])

    @cached_property
    def complete(self) -> bool:
        """Whether every row has an answer."""
        return complete(self.values)

    @cached_property
    def measured(self) -> Array:
        """The values without answers that are no point of the scale ("there is no such body"): NaN."""
        return _without(self.values, np.isin(self.values, self.apart)) if self.apart else self.values

    @property
    def word(self) -> str | None:
        """One of the words its numbers stand for; None where they are numbers."""
        return next(iter(label["en"] for label in self.labels.values()), None) if self.is_text else None

    def code(self, name: str, answer: Any) -> float:
        """The code of an answer given by label or code; raises UsageError where it is none of the levels."""
        for code, label in self.labels.items():
            if answer in label.values():
                return code
        inner = isinstance(answer, float) or not self.is_text  # whole numbers never mean the place of a word
        if isinstance(answer, Real | np.bool_) and inner and (not self.labels or float(answer) in self.labels):
            return float(answer)
        known = [next(iter(label.values())) for label in self.labels.values()]
        raise UsageError(f"'{answer}' is no answer of '{name}'", remedy=guess(str(answer), known))


def column_of(series: pd.Series, questionnaire: Questionnaire | None) -> Column:
    """The column as numbers, by its choice list where the questionnaire has one.

    Answers outside the choice list and missing codes become NaN; texts, and whole numbers too long for exact
    arithmetic, become levels numbered in order. Raises DataError where text stands in a column of numbers, for
    infinite and complex values, and for lists and other things that are no answer.
    """
    name = str(series.name)
    item = questionnaire.item(name) if questionnaire is not None and name in questionnaire else None
    choices = questionnaire.choices_of(name) if questionnaire else None
    is_word = not pd.api.types.is_numeric_dtype(series)
    if item is not None and item.type in ("text", "id", "date"):
        is_word = is_word or item.type != "id"
    elif item is not None:
        is_word = False
    if is_word or _too_long(series):
        return _of_words(series)
    numbers = _numbers(series)
    if item is not None and item.type not in MEASURED and choices is not None:
        return _of_choices(numbers, choices)
    if item is not None and questionnaire is not None:
        numbers = _without(numbers, np.isin(numbers, list(questionnaire.missing_codes(name))))
    return Column(numbers, {})


def _too_long(series: pd.Series) -> bool:
    """Whether whole numbers pass 2^53, beyond which neighbours are one number."""
    whole = pd.api.types.is_integer_dtype(series) and series.notna().any()
    return bool(whole and series.abs().max() > 2**53)


def _of_choices(numbers: Array, choices: Choices) -> Column:
    labels = {float(code): text for code, text in choices.codes.items()}
    numbers = _without(numbers, ~np.isin(numbers, list(labels)))
    top = tuple(float(code) for code in choices.top)
    pooled = {top: choices.top_label} if choices.top_label else {}
    return Column(numbers, labels, pooled=pooled, apart=tuple(float(code) for code in choices.apart))


def _of_words(series: pd.Series) -> Column:
    """Categories in their own order, other words in alphabetical order; numbers among them keep their number."""
    try:
        words = series if isinstance(series.dtype, pd.CategoricalDtype) else series.astype("category")
    except TypeError:  # what cannot be compared
        _refuse(series, np.array([not isinstance(cell, Hashable) for cell in series]), "neither a number nor a text")
        raise
    categories = words.cat.categories
    for is_bad, what in ((_is_infinite, "an infinite value"), (_is_complex, "a complex number")):
        bad = np.array([is_bad(word) for word in categories] if categories.dtype.kind in "Ofc" else [], dtype=bool)
        if bad.any():
            _refuse(series, np.isin(words.cat.codes, np.flatnonzero(bad)), what)
    numeric = pd.api.types.is_numeric_dtype(categories) and not _too_long(categories.to_series())
    codes = categories.to_numpy(dtype=float) if numeric else np.arange(1.0, len(categories) + 1)
    at = words.cat.codes.to_numpy()
    values = np.where(at < 0, np.nan, np.append(codes, np.nan)[at])
    labels: dict[float, Mapping[Language, str]] = {
        float(code): {"en": str(word)} for code, word in zip(codes, categories, strict=True)
    }
    return Column(values, labels, is_text=not numeric)


def _without(numbers: Array, gaps: Flags) -> Array:
    """The numbers with NaN at the gaps; the column of the frame itself is never written to."""
    return np.where(gaps, np.nan, numbers) if gaps.any() else numbers


def _numbers(series: pd.Series) -> Array:
    """The column as floats, uncopied where it is that already."""
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iuf":
        plain = series.to_numpy(dtype=float)
        if series.dtype.kind != "f" or complete(plain):
            return plain
    if series.dtype.kind in "Mm":
        _refuse(series, series.notna().to_numpy(), "a date where numbers are expected")
        return np.full(len(series), np.nan)
    found: Any
    try:
        found = pd.to_numeric(series, errors="coerce")
    except (TypeError, ValueError, OverflowError):
        found = np.array([_number(cell) for cell in series])
    if np.iscomplexobj(found):
        _refuse(series, np.array([_is_complex(cell) for cell in series]), "a complex number")
    numbers = np.asarray(found, dtype=float)
    if np.isfinite(numbers).all():
        return numbers
    _refuse(series, np.isinf(numbers), "an infinite value")
    _refuse(series, np.isnan(numbers) & series.notna().to_numpy(), "text where numbers are expected")
    return numbers


def _refuse(series: pd.Series, bad: Flags, what: str) -> None:
    """Raises DataError where rows of a column are bad, naming the first."""
    if bad.any():
        at = int(np.argmax(bad))
        raise DataError(
            f"{what}: '{str(series.iloc[at])[:20]}' in row {at + 1} ({counted(int(bad.sum()), 'row')})",
            where=f"column '{series.name}'",
            remedy="Read the file with sv.read and its questionnaire, or correct these cells",
        )


def _is_infinite(cell: Any) -> bool:
    return isinstance(cell, float | np.floating) and bool(np.isinf(cell))


def _is_complex(cell: Any) -> bool:
    return isinstance(cell, Complex) and not isinstance(cell, Real)


def _number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError, OverflowError):
        return float("nan")
