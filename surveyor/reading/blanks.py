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
    done, skipped, left = {str(name): column for name, column in frame.items()}, 0, 0
    for item in questionnaire.items:
        for each in questionnaire.expanded(item):
            if each.id not in done or item.type not in (*CODED, *MEASURED, "calculated"):
                continue
            empty = done[each.id].isna().to_numpy()
            if not empty.any():
                continue
            asked = asked_of(done, questionnaire, item.id)
            values = np.where(empty, np.where(asked, LEFT, SKIPPED), done[each.id].to_numpy(dtype=float))
            done[each.id] = pd.Series(values, index=frame.index, name=each.id)
            skipped += int((empty & ~asked).sum())
            left += int((empty & asked).sum())
    told = [
        f"empty cells: {counted(skipped, 'cell')} -> {SKIPPED} ({questionnaire.reason(SKIPPED)}), "
        f"{counted(left, 'cell')} -> {LEFT} ({questionnaire.reason(LEFT)}), by the questionnaire's routing"
    ]
    return (pd.DataFrame(done), told) if skipped + left else (frame, [])


def calculated(frame: pd.DataFrame, questionnaire: Questionnaire) -> tuple[pd.DataFrame, list[str]]:
    """The frame with the calculated items that are not in it, and which they are."""
    made: dict[str, np.ndarray] = {}
    for item in questionnaire.items:
        if item.copied is None or item.id in frame.columns:
            continue
        if {item.copied.by, *item.copied.of.values()} <= set(frame.columns):
            values, asked = copied(frame, item), asked_of(frame, questionnaire, item.id)
            made[item.id] = np.where(np.isnan(values), np.where(asked, LEFT, SKIPPED), values)
    if not made:
        return frame, []
    told = [f"{', '.join(made)} calculated from the items that the questionnaire names"]
    return pd.concat([frame, pd.DataFrame(made, index=frame.index)], axis=1), told
