"""Answers as points of a scale: turned round, counted, in logarithms, in standard deviations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import DataError, UsageError, guess
from surveyor.questionnaire import Questionnaire, Scale
from surveyor.questionnaire.item import MEASURED

if TYPE_CHECKING:
    from surveyor.survey import Survey


def turned(survey: Survey, scale: str) -> dict[str, Array]:
    """The items of a scale as the numbers (n,) its score is made of, by name, NaN where an answer is missing.

    Reversed items are turned round (low + high - x). In a scale with score "count" a form is 1 where done, else 0; in
    one with score "standardised" a count y of something is log(1 + y), and each item is in standard deviations from
    its mean among the residents of the survey, weighted. The items of an index are the scores of its scales.

    Raises UsageError for an unknown scale, DataError for items that are not in the data or cannot be turned or
    standardised.
    """
    asked = questionnaire_of(survey)
    *below, last = in_order(asked, [scale])
    known: dict[str, Array] = {}
    for name in below:
        known[name] = summed(asked.scales[name], parts_of(survey, name, known).values())
    return parts_of(survey, last, known)


def questionnaire_of(survey: Survey) -> Questionnaire:
    """The questionnaire of a survey; raises UsageError where it has none."""
    if survey.questionnaire is None:
        raise UsageError(
            "the survey has no questionnaire, which says what items make up a scale",
            remedy="Read the file with sv.read(..., questionnaire=...)",
        )
    return survey.questionnaire


def is_scale(asked: Questionnaire, name: str) -> bool:
    """Whether a name among the items of a scale is another scale rather than a question."""
    return name in asked.scales and (name not in asked or asked.is_score(name))


def in_order(asked: Questionnaire, names: Sequence[str]) -> list[str]:
    """These scales, each after the scales it is made of; raises UsageError for unknown scales and circles."""
    found: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name not in asked.scales:
            raise UsageError(
                f"the questionnaire '{asked.name}' has no scale '{name}'", remedy=guess(name, asked.scales)
            )
        if name in above:
            raise UsageError(
                f"the scale '{name}' is made of itself",
                where=" → ".join((*above, name)),
                expected="scales made of items, or of scales that are",
            )
        for each in asked.scales[name].items:
            if is_scale(asked, each):
                visit(each, (*above, name))
        if name not in found:
            found.append(name)

    for name in names:
        visit(name, ())
    return found


def parts_of(survey: Survey, name: str, known: Mapping[str, Array]) -> dict[str, Array]:
    """What `turned` gives, with the scores `known` of the scales it is made of."""
    asked = questionnaire_of(survey)
    scale = asked.scales[name]
    where = f"scale '{name}'"
    for each in scale.items:
        if each not in known and each not in survey.frame.columns:
            raise DataError(
                f"the data have no column '{each}'",
                where=where,
                expected="all items of the scale: " + ", ".join(scale.items),
                remedy=f"Read the column, or take the item out of the scale in the questionnaire '{asked.name}'",
            )
    if scale.score == "count":
        return {each: known[each] if each in known else _done(survey, each, where) for each in scale.items}
    logged = scale.score == "standardised"
    made = {each: known[each] if each in known else points(survey, each, logged) for each in scale.items}
    if scale.score != "standardised":
        return made
    return {each: standardised(values, survey.units.weights, each, where) for each, values in made.items()}


def summed(scale: Scale, parts: Iterable[Array]) -> Array:
    """The score (n,): how many are done ("count"), else the mean of what is answered; NaN below the minimum."""
    table = np.column_stack(list(parts))
    known = np.isfinite(table)
    answered = known.sum(axis=1)
    total = np.where(known, table, 0.0).sum(axis=1)
    score = total if scale.score == "count" else total / np.maximum(answered, 1)
    return np.where(answered >= scale.minimum, score, np.nan)


def points(survey: Survey, name: str, logged: bool = False) -> Array:
    """The answers (n,) to an item as numbers, turned round where it is reversed; counts as log(1 + y) if `logged`.

    Raises DataError for words and for counts below 0, UsageError for a reversed number without a range.
    """
    asked, column = survey.questionnaire, survey.column(name)
    if column.is_text:
        raise DataError(
            f"words where an answer to an item is expected: '{column.word}'",
            where=f"column '{name}'",
            remedy="Turn the words into codes first, and name their order in the questionnaire",
        )
    values = column.measured
    item = asked.item(name) if asked is not None and name in asked else None
    if asked is None or item is None:
        return values
    if item.reversed:
        listed = [code for code in column.labels if code not in column.apart]
        low, high = (min(listed), max(listed)) if listed else item.bounds(asked.year)
        if not np.isfinite(low + high):
            raise UsageError(
                f"item '{name}' is reversed, but nothing says between which numbers it lies",
                expected="a choice list, or a range, in the questionnaire",
            )
        values = low + high - values
    if logged and item.type in MEASURED and not asked.is_score(name):
        return _log(values, name)
    return values


def standardised(values: Array, weights: Array, name: str, where: str) -> Array:
    """Values in standard deviations (divisor sum of weights) from their weighted mean over rows with weight above 0.

    Raises DataError where there is nothing to standardise.
    """
    there = np.isfinite(values) & (weights > 0)
    y, w = values[there], weights[there]
    if not len(y) or y.min() == y.max():
        told = f"everybody has the same value of '{name}'" if len(y) else f"nobody has a value of '{name}'"
        raise DataError(
            f"{told}, so that it cannot be put into standard deviations",
            where=where,
            remedy="Check how the column was read and the filter, or take it out of the scale in the questionnaire",
        )
    mean = float(w @ y / w.sum())
    spread = float(np.sqrt(w @ (y - mean) ** 2 / w.sum()))
    return np.asarray((values - mean) / spread)


def _done(survey: Survey, name: str, where: str) -> Array:
    """1 where the answer (n,) is one that counts, the `top` of the choice list, else 0."""
    asked = questionnaire_of(survey)
    choices = asked.choices_of(name)
    if choices is None or not choices.top:
        raise UsageError(
            f"nothing says which answers to '{name}' count",
            where=where,
            expected="a choice list with `top`, the codes that count",
        )
    values = survey.column(name).measured
    return np.where(np.isnan(values), np.nan, np.isin(values, choices.top))


def _log(values: Array, name: str) -> Array:
    below = values < 0
    if below.any():
        raise DataError(
            f"{values[below][0]:g} where a count is expected, in row {int(np.argmax(below)) + 1}",
            where=f"column '{name}'",
            remedy="Name codes for no answer in the questionnaire, or correct these cells",
        )
    return np.log1p(values)
