"""Scores of scales as columns of a survey, by the rules of its questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import DataError, UsageError
from surveyor.format import number
from surveyor.measure.turning import in_order, parts_of, questionnaire_of, summed
from surveyor.questionnaire import Item, Questionnaire, say
from surveyor.questionnaire.parts import Kind

if TYPE_CHECKING:
    from surveyor.survey import Survey

#: An item runs the other way where its item-rest correlation is below this, and below 0 by so many standard errors
#: 1 / sqrt(n), with so many answers n or more.
AGAINST, ERRORS, ENOUGH = -0.05, 2.0, 30

#: Kind of scale -> why its items make no score.
APART: Mapping[Kind, str] = {
    "single": "its items are read one by one",
    "composition": "its items are parts of a whole, which are divided by their sum",
    "process": "its items are steps of a process, each with its own share",
}


def score(survey: Survey, names: Sequence[str]) -> Survey:
    """The survey of the same residents with a column for each scale, called after it and labelled in both languages.

    names   of scales of the questionnaire; the scales that an index is made of become columns too

    A score is the mean of the answered items after reversals, or the number of forms done ("count"), and missing where
    fewer than the minimum are answered. "standardised" items are first put into standard deviations from their mean,
    both weighted, of the residents of this survey with weight above 0: score the whole survey, and filter after it,
    for one scale throughout. Errors of estimates take that mean and deviation as known. See `turned` for the items.

    Items of a reflective scale must run the same way: the score stops at an item whose correlation with the rest
    (weighted; covariances from all who answered both items) is below -0.05 and, with n answers, 30 or more, below
    -2 / sqrt(n), so that neither weak items nor chance in a small domain stop it.

    Raises UsageError for unknown scales, scales whose items make no score, or a survey without questionnaire;
    DataError for items that are not in the data, that run against the rest, or are all the same where standard
    deviations are wanted, and where the data have another column of that name.

    >>> import pandas as pd
    >>> from surveyor.questionnaire import Scale
    >>> from surveyor.survey import Survey
    >>> items = tuple(Item(id=name, label={"en": name}, type="integer") for name in "ab")
    >>> asked = Questionnaire("small", items, scales={"ONE": Scale({"en": "one thing"}, ("a", "b"), minimum=2)})
    >>> survey = Survey(pd.DataFrame({"a": [1, 2, 3], "b": [3, 4, -9]}), questionnaire=asked)
    >>> score(survey, ["ONE"]).frame["ONE"].tolist()
    [2.0, 3.0, nan]
    """
    asked = questionnaire_of(survey)
    if not names:
        raise UsageError("no scale was named", expected='the name of a scale, as in survey.score("REC"), or several')
    known: dict[str, Array] = {}
    items: dict[str, Item] = {}
    for name in in_order(asked, names):
        _check_rule(asked, name)
        parts = parts_of(survey, name, known)
        if asked.scales[name].kind == "reflective":
            _check_direction(survey, name, parts)
        known[name] = summed(asked.scales[name], parts.values())
        _check_free(survey, name, known[name])
        items[name] = _item(asked, name, items)
    kept = tuple(item for item in asked.items if item.id not in items)
    return survey.with_columns(known, replace(asked, items=(*kept, *items.values())))


def item_rest(parts: Sequence[Array], weights: Array) -> tuple[Array, Array]:
    """The correlation (k,) of each item with the sum of the others, and how many answers (k,) it rests on.

    parts     k items (n,), NaN where an answer is missing; covariances are of the rows where both are known
    weights   (n,)
    """
    k = len(parts)
    there = [np.isfinite(part) & (weights > 0) for part in parts]
    C = np.zeros((k, k))
    for i in range(k):
        for j in range(i + 1):
            both = there[i] & there[j]
            C[i, j] = C[j, i] = _covariance(parts[i][both], parts[j][both], weights[both])
    own, total = np.diag(C), C.sum(axis=0)
    rest = C.sum() - 2 * total + own
    known = np.sum(there, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (total - own) / np.sqrt(own * rest)
    return r, np.array([int((mine & (known > 1)).sum()) for mine in there])


def _covariance(x: Array, y: Array, w: Array) -> float:
    if not len(x):
        return 0.0
    w = w / w.sum()
    return float(w @ ((x - w @ x) * (y - w @ y)))


def _check_rule(asked: Questionnaire, name: str) -> None:
    """Raises UsageError for a scale whose items make no score."""
    scale = asked.scales[name]
    if scale.score == "none":
        why = APART.get(scale.kind, "the questionnaire gives no rule for it")
        raise UsageError(
            f"the scale '{name}' ({say(scale.label, 'en')}) has no score: {why}",
            remedy=f"Ask for its items: {', '.join(scale.items)}",
        )


def _check_direction(survey: Survey, name: str, parts: Mapping[str, Array]) -> None:
    """Raises DataError where an item of a reflective scale runs against the rest."""
    asked = questionnaire_of(survey)
    if len(parts) < 2:
        return
    r, n = item_rest(list(parts.values()), survey.units.weights)
    against = (n >= ENOUGH) & (r < np.minimum(AGAINST, -ERRORS / np.sqrt(np.maximum(n, 1))))
    if not against.any():
        return
    worst = int(np.argmin(np.where(against, r, 1.0)))
    item = list(parts)[worst]
    marked = item in asked and asked.item(item).reversed
    raise DataError(
        f"item '{item}' looks {'reversed twice' if marked else 'unreversed'}: its correlation with the rest of {name} "
        f"is {number(r[worst])}",
        where=f"scale '{name}' ({say(asked.scales[name].label, survey.lang)})",
        expected="items that all say more of the same thing, once reversed ones are turned round",
        remedy="Take `reversed: true` off it in the questionnaire, if the file has it turned round already"
        if marked
        else "Set `reversed: true` for it in the questionnaire, or check its codes",
    )


def _check_free(survey: Survey, name: str, values: Array) -> None:
    """Raises DataError where the data or the questionnaire have something else under the name of a scale."""
    asked = questionnaire_of(survey)
    if asked.is_score(name) or (name not in asked and name not in survey.frame.columns):
        return
    if name in survey.frame.columns and not survey.column(name).is_text:
        there = survey.units.weights > 0
        if np.allclose(survey.column(name).values[there], values[there], rtol=1e-9, atol=1e-9, equal_nan=True):
            return
    raise DataError(
        f"'{name}' is another {'column of the data' if name in survey.frame.columns else 'item'}, not the score of "
        f"the scale '{name}'",
        remedy="Rename the column, or the scale in the questionnaire",
    )


def _item(asked: Questionnaire, name: str, made: Mapping[str, Item]) -> Item:
    """What the questionnaire says of a score."""
    scale = asked.scales[name]
    first = made.get(scale.items[0]) or asked.item(scale.items[0])
    return Item(id=name, label=scale.label, type="number", concept=name, level=first.level)
