"""Places on the map: "lat,lon" in one column, or two columns of numbers side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.reading.identifiers.checks import in_china
from surveyor.reading.identifiers.headers import LATITUDE, LONGITUDE, said

_DEGREES = r"(-?\d{1,3}\.\d{3,})°?[NSEW]?"
_POINT = re.compile(rf"(?im)^[(\[]?[NSEW]?{_DEGREES}(?: ?[,;，/] ?| ){_DEGREES}(?:[ ,]+-?\d+(?:\.\d+)?){{0,2}}[)\]]?$")
#: So many numbers of a column are looked at.
_LOOK = 1000
_NORTH, _EAST = (3.0, 54.0), (73.0, 136.0)


def points_among(lines: str, named: bool) -> int:
    """How many lines are latitude and longitude of a place: in China, or anywhere where the column is named so.

    >>> points_among("31.23041,121.47370\\n31.2 121.4", named=False)
    1
    """
    pairs = ((float(first), float(second)) for first, second in _POINT.findall(lines))
    return sum(in_china(*pair) or (named and abs(pair[0]) <= 180 and abs(pair[1]) <= 180) for pair in pairs)


def paired_places(frame: pd.DataFrame, labels: Mapping[str, str], skip: frozenset[str]) -> list[str]:
    """Columns that are latitudes or longitudes: by their name, or two side by side with numbers of places in China."""
    found: list[str] = []
    before: tuple[str, str] | None = None
    for position, name in enumerate(map(str, frame.columns)):
        numbers = None if name in skip else _fine(frame.iloc[:, position])
        if numbers is None:
            before = None
            continue
        texts = said(name, labels)
        if (
            any(LATITUDE.search(text) or LONGITUDE.search(text) for text in texts)
            and (np.abs(numbers) <= 180).mean() >= 0.5
        ):
            found.append(name)
        axis = "lat" if _within(numbers, _NORTH) else "lon" if _within(numbers, _EAST) else ""
        if before is not None and {axis, before[1]} == {"lat", "lon"}:
            found += [before[0], name]
        before = (name, axis) if axis else None
    return list(dict.fromkeys(found))


def _fine(column: pd.Series) -> Array | None:
    """Some numbers of a column where half or more have three decimals; None elsewhere."""
    if column.dtype == object or not (pd.api.types.is_float_dtype(column) or pd.api.types.is_string_dtype(column)):
        return None
    some = column if len(column) <= _LOOK else column.iloc[np.linspace(0, len(column) - 1, _LOOK).astype(np.int64)]
    some = some.dropna()
    if not pd.api.types.is_float_dtype(column):
        if not len(some) or "." not in str(some.iloc[0]):
            return None
        some = pd.to_numeric(some, errors="coerce").dropna()
    numbers = some.to_numpy(dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    hundredths = numbers * 100
    if not len(numbers) or (np.abs(hundredths - np.rint(hundredths)) > 1e-6).mean() < 0.5:
        return None
    return np.asarray(numbers, dtype=float)


def _within(numbers: Array, span: tuple[float, float]) -> bool:
    return bool(((numbers >= span[0]) & (numbers <= span[1])).mean() >= 0.9)
