"""Days and moments that native files keep as numbers, as ISO text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["date", "moment", "time", "month"]

#: Formats -> what their numbers are, by the letters they begin with.
SPSS: dict[str, Kind] = {
    "DATE": "date", "ADATE": "date", "EDATE": "date", "JDATE": "date", "SDATE": "date",
    "QYR": "date", "MOYR": "date", "WKYR": "date",
    "DATETIME": "moment", "YMDHMS": "moment", "TIME": "time", "DTIME": "time", "MTIME": "time",
}  # fmt: skip
ORDERS = tuple(order + mark for order in ("YYMMDD", "MMDDYY", "DDMMYY") for mark in ("", *"BCDNPS"))
SAS: dict[str, Kind] = {
    **dict.fromkeys(("DATE", "WEEKDATE", "WEEKDATX", "WORDDATE", "WORDDATX", "JULIAN", *ORDERS), "date"),
    **dict.fromkeys(("IS8601DA", "E8601DA", "B8601DA", "MONYY", "YYMM", "MMYY", "YYMON"), "date"),
    **dict.fromkeys(("DATETIME", "DATEAMPM", "MDYAMPM", "IS8601DT", "E8601DT", "B8601DT", "B8601DN"), "moment"),
    **dict.fromkeys(("TIME", "HHMM", "TOD", "TIMEAMPM", "IS8601TM", "E8601TM", "B8601TM", "MMSS"), "time"),
}
STATA: dict[str, Kind] = {"td": "date", "d": "date", "tc": "moment", "tC": "moment", "tm": "month"}
#: Stata's counts that have no ISO text.
STATA_COUNTS = {"tw": "weeks", "tq": "quarters", "th": "half-years", "tg": "steps"}


@dataclass(frozen=True)
class Calendar:
    """How a program counts: from which day, in which fraction of a second, and days in days or in that unit."""

    first: str
    per_second: int
    days: bool
    formats: Mapping[str, Kind]


SPSS_DATES = Calendar("1582-10-14", 1, False, SPSS)
SAS_DATES = Calendar("1960-01-01", 1, True, SAS)
STATA_DATES = Calendar("1960-01-01", 1000, True, STATA)


def kind_of(shown: str, calendar: Calendar) -> Kind | None:
    """What the numbers of a column are, by its display format; None where they are numbers.

    >>> kind_of("EDATE10", SPSS_DATES), kind_of("%tdD_m_Y", STATA_DATES), kind_of("%tcHH:MM", STATA_DATES)
    ('date', 'date', 'time')
    """
    if calendar is STATA_DATES:
        match = re.match(r"%-?(t[a-zA-Z]|d)(.*)", shown)
        kind = calendar.formats.get(match[1]) if match else None
        only_hours = match is not None and re.fullmatch(r"[HhMSs:.aAmMpP_ ]+", match[2])
        return "time" if kind == "moment" and only_hours else kind
    match = re.match(r"([A-Z][A-Z0-9]*[A-Z]|[A-Z])(?=[0-9.]|$)", shown.upper())
    return calendar.formats.get(match[1]) if match else None


def iso(cells: np.ndarray, kind: Kind, calendar: Calendar) -> tuple[np.ndarray, int]:
    """The cells as ISO text (None where missing), and how many lie outside the years 1 to 9999.

    cells  numbers of one column, NaN where missing

    >>> iso(np.array([13744944000.0, np.nan]), "date", SPSS_DATES)[0].tolist()
    ['2018-05-06', None]
    """
    shown = np.full(len(cells), None, dtype=object)
    known = np.isfinite(cells)
    outside = int(np.isinf(cells).sum())
    if kind == "month":
        fits = known & (np.abs(cells) < 12 * 9000)
        months = np.datetime64(calendar.first, "M") + _whole(np.where(fits, cells, 0.0))
        fits &= _in_calendar(months)
        shown[fits] = np.datetime_as_string(months[fits])
        return shown, outside + int((known & ~fits).sum())
    scale = 86_400_000 if kind == "date" and calendar.days else 1000 // calendar.per_second
    thousandths = np.where(known, cells, 0.0) * scale
    fits = known & (np.abs(thousandths) < 1e15)
    whole = _whole(np.where(fits, thousandths, 0.0))
    if kind == "time":
        shown[fits] = [_clock(each) for each in whole[fits].tolist()]
        return shown, outside + int((known & ~fits).sum())
    moments = np.datetime64(calendar.first, "ms") + whole
    fits &= _in_calendar(moments)
    only_days = kind == "date" and not (whole[fits] % 86_400_000).any()  # a time of day behind a date is kept
    unit: Literal["D", "ms", "s"] = "D" if only_days else "ms" if (whole[fits] % 1000).any() else "s"
    shown[fits] = np.datetime_as_string(moments[fits].astype(f"datetime64[{unit}]"))
    return shown, outside + int((known & ~fits).sum())


def _whole(thousandths: np.ndarray) -> np.ndarray:
    return np.asarray(np.rint(thousandths), dtype=np.int64)


def _in_calendar(moments: np.ndarray) -> np.ndarray:
    return np.asarray((moments >= np.datetime64("0001-01-01")) & (moments < np.datetime64("10000-01-01")))


def _clock(thousandths: int) -> str:
    """Hours may pass 24: SPSS keeps durations this way.

    >>> _clock(36_610_000), _clock(-90_000)
    ('10:10:10', '-00:01:30')
    """
    sign = "-" if thousandths < 0 else ""
    seconds, rest = divmod(abs(thousandths), 1000)
    parts = (str(part).zfill(2) for part in (seconds // 3600, seconds // 60 % 60, seconds % 60))
    return sign + ":".join(parts) + (f".{str(rest).zfill(3)}" if rest else "")
