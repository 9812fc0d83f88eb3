"""Scale scores of complete answers by the questionnaire's own rules, for true values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.questionnaire import Questionnaire, Scale
from surveyor.questionnaire.column import column_of


def measured(frame: pd.DataFrame, asked: Questionnaire, name: str) -> Array:
    """The answers (n,) to an item as points of its scale: NaN where not asked, or an answer beside the scale."""
    return np.asarray(column_of(frame[name], asked).measured, dtype=float)


def scores(frame: pd.DataFrame, asked: Questionnaire) -> dict[str, Array]:
    """The scores (n,) of every scale whose rule makes one number of its items; NaN below the minimum answered."""
    found: dict[str, Array] = {}
    for name, scale in asked.scales.items():
        if scale.score == "none":
            continue
        columns = [found[each] if each in asked.scales else _turned(frame, asked, each, scale) for each in scale.items]
        table = np.column_stack(columns)
        known = np.isfinite(table)
        enough = known.sum(axis=1) >= scale.minimum
        if scale.score == "standardised":
            table = (table - np.nanmean(table, axis=0)) / np.nanstd(table, axis=0)
        total = np.where(known, table, 0.0).sum(axis=1)
        value = total if scale.score == "count" else total / np.maximum(known.sum(axis=1), 1)
        found[name] = np.where(enough, value, np.nan)
    return found


def _turned(frame: pd.DataFrame, asked: Questionnaire, name: str, scale: Scale) -> Array:
    """An item so that more means more of the concept: reversed where it is, counted as done or not, log of a count."""
    values = measured(frame, asked, name)
    item, choices = asked.item(name), asked.choices_of(name)
    if scale.score == "count" and choices is not None:
        return np.where(np.isnan(values), np.nan, np.isin(values, choices.top))
    if item.reversed and choices is not None:
        codes = [code for code in choices.codes if code not in choices.apart]
        return min(codes) + max(codes) - values
    if scale.score == "standardised" and choices is None:
        return np.log1p(values)
    return values
