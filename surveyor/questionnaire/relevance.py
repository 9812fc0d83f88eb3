"""Who was asked what: the routing of a questionnaire met with answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.questionnaire.column import Column, column_of
from surveyor.questionnaire.item import Item
from surveyor.questionnaire.model import Questionnaire


def asked_of(frame: pd.DataFrame | Mapping[str, pd.Series], questionnaire: Questionnaire, name: str) -> Flags:
    """Which rows of columns of codes (n,) item `name` was asked of; a missing answer to what decides it means no.

    Items that are not in the frame count as unanswered. Raises what the filter raises.
    """
    filtered = questionnaire.relevance(name)
    n = len(frame) if isinstance(frame, pd.DataFrame) else len(next(iter(frame.values())))
    if filtered is None:
        return np.ones(n, dtype=bool)

    def column(each: str) -> Column:
        if each in frame:
            return column_of(frame[each], questionnaire)
        return column_of(pd.Series(np.full(n, np.nan), name=each), questionnaire)

    rows = filtered.evaluate(lambda each: column(each).values, lambda each, answer: column(each).code(each, answer))
    return np.broadcast_to(rows, n)


def copied(frame: pd.DataFrame, item: Item) -> Array:
    """The values (n,) of a calculated item: the answer to the item that `by` points at, NaN where to none."""
    assert item.copied is not None
    by = frame[item.copied.by].to_numpy(dtype=float)
    values = np.full(len(frame), np.nan)
    for code, source in item.copied.of.items():
        values = np.where(by == code, frame[source].to_numpy(dtype=float), values)
    return values


def routed(questionnaire: Questionnaire, frame: pd.DataFrame) -> Iterator[tuple[Item, Flags]]:
    """The columns of a frame that not everybody was asked, each with the rows it was asked of."""
    for item in questionnaire.items:
        if questionnaire.relevance(item.id) is None:
            continue
        rows = asked_of(frame, questionnaire, item.id)
        for each in questionnaire.expanded(item):
            if each.id in frame.columns:
                yield each, rows
