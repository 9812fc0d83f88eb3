"""Empty cells given their reason, and calculated items their values: what only the routing can tell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from surveyor.format import counted
from surveyor.questionnaire import Questionnaire
from surveyor.questionnaire.item import CODED, MEASURED
from surveyor.questionnaire.relevance import asked_of, copied

SKIPPED, LEFT = -8, -9


def reasons(frame: pd.DataFrame, questionnaire: Questionnaire) -> tuple[pd.DataFrame, list[str]]:
    """Empty cells as -8 where routing did not ask the item and -9 where it did, and what was changed.

    Items are taken in the order of asking, so that each is judged by answers that are settled.
    """
    done, skipped, left = frame.copy(deep=False), 0, 0
    for item in questionnaire.items:
        for each in questionnaire.expanded(item):
            if each.id not in done.columns or item.type not in (*CODED, *MEASURED):
                continue
            empty = done[each.id].isna().to_numpy()
            if not empty.any():
                continue
            asked = asked_of(done, questionnaire, item.id)
            done[each.id] = np.where(empty, np.where(asked, LEFT, SKIPPED), done[each.id].to_numpy(dtype=float))
            skipped += int((empty & ~asked).sum())
            left += int((empty & asked).sum())
    told = [
        f"empty cells: {counted(skipped, 'cell')} -> {SKIPPED} ({questionnaire.reason(SKIPPED)}), "
        f"{counted(left, 'cell')} -> {LEFT} ({questionnaire.reason(LEFT)}), by the questionnaire's routing"
    ]
    return done, told if skipped + left else []


def calculated(frame: pd.DataFrame, questionnaire: Questionnaire) -> tuple[pd.DataFrame, list[str]]:
    """The frame with the calculated items that are not in it, and which they are."""
    done, told = frame.copy(deep=False), []
    for item in questionnaire.items:
        if item.copied is None or item.id in done.columns:
            continue
        if {item.copied.by, *item.copied.of.values()} <= set(done.columns):
            values = copied(done, item)
            done[item.id] = np.where(np.isnan(values), SKIPPED, values)
            told.append(f"{item.id} calculated from {item.copied.by} and what it points at")
    return done, told
