"""Moments and durations as platforms write them: ISO moments, whole seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

#: "1小时2分3秒", "1分23秒", "123秒", "123".
_SPAN = re.compile(r"(?:(\d+)\s*(?:小时|时|h)\s*)?(?:(\d+)\s*(?:分钟|分|m)\s*)?(?:(\d+)(?:\.\d+)?\s*(?:秒|s)?)?")
_DAY = re.compile(r"(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?\s*(\d{1,2}:\d{2}(?::\d{2})?)?")


def seconds(cell: str) -> int | None:
    """Whole seconds of a duration, or None.

    >>> seconds("1分23秒"), seconds("1小时2分3秒"), seconds("123秒"), seconds("soon")
    (83, 3723, 123, None)
    """
    found = _SPAN.fullmatch(cell.strip())
    if not found or not any(found.groups()):
        return None
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + rest


def moment(cell: str) -> datetime | None:
    """A moment, with its offset where one is written, or None.

    >>> moment("2026/11/3 9:05:01").isoformat(), moment("2026-11-03T09:05:01.5+08:00").hour, moment("x")
    ('2026-11-03T09:05:01', 9, None)
    """
    text = cell.strip()
    if found := _DAY.fullmatch(text):
        year, month, day, clock = found.groups()
        text = f"{year}-{month.zfill(2)}-{day.zfill(2)}"
        if clock:  # "9:05" -> "09:05"
            text += f"T{clock.zfill(len(clock) + clock.find(':') % 2)}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def between(start: pd.Series, end: pd.Series) -> tuple[pd.Series, int]:
    """Whole seconds from start to end as text, and the rows where both stand but give no duration."""
    moments = {cell: moment(cell) for cell in {*start.dropna().unique(), *end.dropna().unique()}}
    spans = [_span(moments.get(a), moments.get(b)) for a, b in zip(start, end, strict=True)]
    made = pd.Series([None if span is None else str(span) for span in spans], index=start.index, dtype="str")
    return made, int((start.notna() & end.notna() & made.isna()).sum())


def _span(first: datetime | None, last: datetime | None) -> int | None:
    if first is None or last is None or (first.tzinfo is None) != (last.tzinfo is None):
        return None
    span = int((last - first).total_seconds())
    return span if span >= 0 else None


def each(column: pd.Series, change: Callable[[str], object]) -> pd.Series:
    """A column of text with every different cell changed once; None becomes missing."""
    at, cells = pd.factorize(column)
    made = [change(str(cell)) for cell in cells]
    texts = np.array([*(None if value is None else str(value) for value in made), None], dtype=object)
    return pd.Series(texts[at], index=column.index, dtype="str")
