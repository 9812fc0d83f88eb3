"""Answers to the items of a factor model: ordinal ones as categories, others as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Array, Codes, Flags, places
from surveyor.errors import DataError, UsageError, guess
from surveyor.measure.turning import points, turned
from surveyor.questionnaire import Language
from surveyor.questionnaire.column import Column
from surveyor.questionnaire.item import MEASURED

if TYPE_CHECKING:
    from surveyor.survey import Survey
    from surveyor.survey.groups import Groups

__all__ = ["Items", "items_of", "turned"]

#: Whole numbers without a choice list are categories up to this many.
MOST = 10

#: Kinds of items that are no answer on a scale.
ASIDE = ("text", "date", "id", "weight")

#: The codes of a category: several where categories were joined.
Category = tuple[float, ...]

#: What is said of categories that were joined.
NOTES: Mapping[str, Mapping[Language, str]] = {
    "joined": {
        "en": "{item}: '{one}' joined with '{other}', as nobody{among} chose it",
        "zh": "{item}：“{one}”并入“{other}”，因{among}无人选择",
    },
    "among": {"en": " among the {group}", "zh": "{group}中"},
}


@dataclass(frozen=True, eq=False)
class Items:
    """Answers to p items, turned so that more means more of the concept.

    names        ids, (p,)
    values       (n, p): for an ordinal item the number 0, 1, ... of its category; for a continuous one a number; NaN
                 where an answer is missing
    categories   (p,) how many categories; 0: continuous
    levels       per item, per category, the codes it holds (several where categories were joined)
    labels       id -> label in the survey's language
    notes        what was joined, in words
    """

    names: tuple[str, ...]
    values: Array
    categories: tuple[int, ...]
    levels: tuple[tuple[Category, ...], ...]
    labels: Mapping[str, str]
    notes: tuple[str, ...] = ()


def items_of(survey: Survey, names: Sequence[str], groups: Groups, continuous: bool = False) -> Items:
    """Items as categories or numbers, ready for a factor model in these groups.

    An item is ordinal if the questionnaire says so or it has a choice list; without a questionnaire, if its column has
    at most 10 whole values or ordered words. Its categories go from the low to the high code, in reversed items from
    high to low; answers beside the scale are missing. A category that nobody uses in one of the groups is joined
    with its neighbour towards the middle, in all groups. A number stays as it is, or is log(1 + y) where it is an
    item of a scale with score "standardised".

    groups       made by `groups_of`; only residents with weight above 0 in one of them decide what is joined
    continuous   ordinal items as numbers too, turned round where reversed; nothing is joined

    Raises UsageError for unknown columns, an item named twice and kinds of items that have no order; DataError where a
    group gives only one answer, or none.

    >>> import pandas as pd
    >>> from surveyor.survey import Survey, groups_of
    >>> survey = Survey(pd.DataFrame({"a": [1, 2, 5, 5], "b": [0.5, 1.5, 2.5, 9.0]}))
    >>> made = items_of(survey, ["a", "b"], groups_of(survey, None))
    >>> made.categories, made.levels[0]
    ((3, 0), ((1.0,), (2.0,), (5.0,)))
    """
    listed = _checked(survey, names)
    columns, categories, levels, notes = [], [], [], []
    for name in listed:
        codes = _codes(survey, name)
        if codes is None or continuous:
            values = points(survey, name, _is_logged(survey, name))
            found: tuple[Category, ...] = ()
            _check_numbers(survey, name, values, groups)
        else:
            values, found, told = _categories(survey, name, codes, groups)
            notes += told
        columns.append(values)
        categories.append(len(found))
        levels.append(found)
    return Items(
        names=tuple(listed),
        values=np.column_stack(columns),
        categories=tuple(categories),
        levels=tuple(levels),
        labels={name: survey.label(name) for name in listed},
        notes=tuple(notes),
    )


def _checked(survey: Survey, names: Sequence[str]) -> list[str]:
    listed = [names] if isinstance(names, str) else list(names)
    if not listed:
        raise UsageError("no item was named", expected="the names of the items of a scale")
    for name in listed:
        if listed.count(name) > 1:
            raise UsageError(f"the item '{name}' is named twice")
        if name not in survey.frame.columns:
            scales = survey.questionnaire.scales if survey.questionnaire else {}
            remedy = f'Score it first: survey.score("{name}")' if name in scales else guess(name, survey.frame.columns)
            raise UsageError(f"the data have no column '{name}'", remedy=remedy)
    return listed


def _codes(survey: Survey, name: str) -> tuple[float, ...] | None:
    """The codes of an ordinal item from low to high on the scale of the concept; None for a number."""
    asked, column = survey.questionnaire, survey.column(name)
    if asked is None or name not in asked:
        return _codes_of(survey, name, column)
    item = asked.item(name)
    if item.type in ASIDE:
        raise UsageError(
            f"the item '{name}' is of type {item.type}",
            expected="answers that go from less to more: items of type ordinal, integer or number",
        )
    if item.type in MEASURED or not column.labels:
        return None
    listed = sorted(code for code in column.labels if code not in column.apart)
    if item.type == "nominal" and len(listed) > 2:
        raise UsageError(
            f"the answers to '{name}' have no order: the item is nominal",
            expected="items of type ordinal, integer or number, or with two answers",
            remedy="If its answers do go from less to more, set `type: ordinal` in the questionnaire",
        )
    return tuple(listed[::-1] if item.reversed else listed)


def _codes_of(survey: Survey, name: str, column: Column) -> tuple[float, ...] | None:
    """The codes of a column the questionnaire does not know: those of ordered words, or few whole numbers."""
    if column.is_text and not getattr(survey.frame[name].dtype, "ordered", False):
        points(survey, name)  # says what is wrong with words
    if column.is_text:
        return tuple(column.labels)
    few = len(column.levels) <= MOST and all(float(code).is_integer() for code in column.levels)
    return tuple(sorted(column.levels)) if few else None


def _is_logged(survey: Survey, name: str) -> bool:
    """Whether an item stands in a scale that takes counts in logarithms."""
    scales = survey.questionnaire.scales.values() if survey.questionnaire else ()
    return any(scale.score == "standardised" and name in scale.items for scale in scales)


def _categories(
    survey: Survey, name: str, codes: tuple[float, ...], groups: Groups
) -> tuple[Array, tuple[Category, ...], list[str]]:
    """The category (n,) of each answer, the codes of each category, and what was joined."""
    at = places(survey.column(name).values, codes)
    used = np.stack([np.bincount(at[rows], minlength=len(codes) + 1)[:-1] for rows in _rows(groups)])
    for g, counts in enumerate(used):
        found = [code for code, count in zip(codes, counts, strict=True) if count]
        _check_used(survey, name, groups, g, found)
    runs, joins = _joined(used)
    if len(runs) < 2:
        raise DataError(
            f"the groups of '{groups.by}' have no two answers to '{name}' in common",
            expected="at least two answers that both groups give, or categories that can be joined so that they do",
            remedy="Leave the item out",
        )

    def said(run: Sequence[int]) -> str:
        return " / ".join(survey.level_text(name, codes[k]) for k in run)

    text = NOTES["joined"][survey.lang]
    notes = [
        text.format(item=name, one=said(one), other=said(other), among=_among(survey, groups, g, survey.lang))
        for one, other, g in joins
    ]
    category = np.full(len(codes) + 1, np.nan)
    for k, run in enumerate(runs):
        category[run] = k
    return category[at], tuple(tuple(codes[k] for k in run) for run in runs), notes


def _joined(used: Codes) -> tuple[list[list[int]], list[tuple[list[int], list[int], int | None]]]:
    """Categories as runs of places, each used in every group, from counts (G, K).

    The outermost unused run joins its neighbour towards the middle; the one in the middle joins the smaller neighbour.
    Also what was joined, in order: the run, the neighbour, and the group that did not use it (None: none did).
    """
    runs, counts = [[k] for k in range(used.shape[1])], used.copy()
    joins: list[tuple[list[int], list[int], int | None]] = []
    while len(runs) > 1 and not counts.all():
        middle = (len(runs) - 1) / 2
        unused = np.flatnonzero((counts == 0).any(axis=0))
        k = int(max(unused, key=lambda each: abs(each - middle)))
        total = counts.sum(axis=0)
        inner = k + 1 if k < middle or (k == middle and total[k + 1] < total[k - 1]) else k - 1
        lacking = np.flatnonzero(counts[:, k] == 0)
        joins.append((runs[k], runs[inner], int(lacking[0]) if len(lacking) < len(counts) else None))
        low, high = sorted((k, inner))
        runs[low : high + 1] = [runs[low] + runs[high]]
        counts[:, low] += counts[:, high]
        counts = np.delete(counts, high, axis=1)
    return runs, joins


def _rows(groups: Groups) -> list[Flags]:
    """The rows (n,) of each group with weight above 0."""
    there = groups.units.weights > 0
    return [there & (groups.cell == g) for g in range(groups.count)]


def _check_numbers(survey: Survey, name: str, values: Array, groups: Groups) -> None:
    for g, rows in enumerate(_rows(groups)):
        known = values[rows & np.isfinite(values)]
        _check_used(survey, name, groups, g, [*known[:1], *known[known != known[0]][:1]] if len(known) else [])


def _check_used(survey: Survey, name: str, groups: Groups, g: int, found: Sequence[float]) -> None:
    """Raises DataError where a group gives fewer than two different answers to an item."""
    if len(found) < 2:
        among = _among(survey, groups, g)
        told = (
            f"everybody{among} gave the same answer to '{name}'" if len(found) else f"nobody{among} answered '{name}'"
        )
        raise DataError(
            told,
            expected="at least two different answers in every group",
            remedy="Leave the item out, or check how its codes were read",
        )


def _among(survey: Survey, groups: Groups, g: int | None, lang: Language = "en") -> str:
    if groups.by is None or g is None:
        return ""
    return NOTES["among"][lang].format(group=survey.level_text(groups.by, groups.codes[g]))
