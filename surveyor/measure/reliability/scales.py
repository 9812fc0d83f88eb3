"""The scales whose reliability is asked for: their items as the numbers that the score is the sum of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Array, distinct
from surveyor.errors import UsageError, guess
from surveyor.measure.items import items_of
from surveyor.measure.reliability.texts import REFUSED
from surveyor.measure.turning import is_scale, points, turned
from surveyor.questionnaire import Questionnaire, say
from surveyor.statistics.omega import MOST
from surveyor.survey.groups import Groups

if TYPE_CHECKING:
    from surveyor.survey import Survey

#: Names of scales, lists of items, or name -> items.
Scales = str | Sequence[str | Sequence[str]] | Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class Asked:
    """One scale.

    items     its items by name, each as numbers (n,), turned so that more means more; NaN where missing
    ordinal   whether all of them are ordinal
    index     whether it is made of scales
    labels    of the items
    """

    name: str
    label: str
    items: Mapping[str, Array]
    ordinal: bool
    index: bool
    labels: Mapping[str, str]


def asked(survey: Survey, scales: Scales, groups: Groups) -> list[Asked]:
    """The scales by name, or items under a name of their own.

    Raises UsageError for unknown scales, for those whose items do not measure one thing, for a single item and for two
    scales of one name; DataError and UsageError as `items_of` does.
    """
    named = list(scales.items()) if isinstance(scales, Mapping) else [(None, each) for each in _listed(scales)]
    if not named:
        raise UsageError("no scale was named", expected='the name of a scale, such as "REC", or several')
    found = []
    for name, each in named:
        if isinstance(each, str) and name is None:
            found.append(_of_questionnaire(survey, each, groups))
        else:
            items = [each] if isinstance(each, str) else list(each)
            found.append(_of_items(survey, ", ".join(items) if name is None else name, items, groups))
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"the scale '{name}' is named twice")
    return found


def _listed(scales: str | Sequence[str | Sequence[str]]) -> list[str | Sequence[str]]:
    return [scales] if isinstance(scales, str) else list(scales)


def _of_questionnaire(survey: Survey, name: str, groups: Groups) -> Asked:
    known = survey.questionnaire
    if known is None or name not in known.scales:
        if name in survey.frame.columns:
            raise UsageError(
                f"'{name}' is an item, not a scale",
                remedy=f'To take items as one scale, give them a name: {{"mine": ["{name}", ...]}}',
            )
        scales = known.scales if known else ()
        raise UsageError(f"there is no scale '{name}'", remedy=guess(name, scales))
    _check_kind(known, name)
    scale = known.scales[name]
    made = turned(survey, name)
    index = any(is_scale(known, each) for each in scale.items)
    labels = {each: survey.label(each) for each in scale.items}
    ordinal = not index and _is_ordinal(survey, list(scale.items), made, groups)
    return Asked(name, say(scale.label, survey.lang), made, ordinal, index, labels)


def _of_items(survey: Survey, name: str, items: list[str], groups: Groups) -> Asked:
    if len(items) < 2:
        raise UsageError(
            f"'{name}' has {len(items) or 'no'} item{'' if len(items) == 1 else 's'}",
            expected="two items or more: one answer alone says nothing of its reliability",
        )
    items_of(survey, items, groups, continuous=True)  # says what is wrong with a name or a column
    made = {each: points(survey, each) for each in items}
    return Asked(name, name, made, _is_ordinal(survey, items, made, groups), False, {i: survey.label(i) for i in items})


def _is_ordinal(survey: Survey, items: list[str], made: Mapping[str, Array], groups: Groups) -> bool:
    """Whether every item is ordinal, with no more answers than categorical omega takes."""
    few = all(len(distinct(values[np.isfinite(values)])) <= MOST for values in made.values())
    return 0 not in items_of(survey, items, groups).categories and few


def _check_kind(known: Questionnaire, name: str) -> None:
    """Raises UsageError for a scale whose items do not measure one thing, or that has one item."""
    scale = known.scales[name]
    kind = "formative" if scale.score == "count" and scale.kind not in REFUSED else scale.kind
    if kind not in REFUSED and len(scale.items) < 2:
        kind = "single"
    if kind not in REFUSED:
        return
    why, instead = REFUSED[kind]
    raise UsageError(
        f"the scale '{name}' ({say(scale.label, 'en')}) has no reliability: {why}",
        expected="a scale of kind reflective, or an index of such scales",
        remedy=instead.format(name=name, items=", ".join(scale.items)),
    )
