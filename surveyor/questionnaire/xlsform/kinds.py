"""What the types of an XLSForm are here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from surveyor.questionnaire.item import ItemType

#: Types with an item of their own kind.
PLAIN: Mapping[str, ItemType] = {
    "integer": "integer", "int": "integer", "decimal": "number", "range": "number", "text": "text", "string": "text",
    "barcode": "text", "date": "date", "calculate": "calculated", "hidden": "weight",
}  # fmt: skip
#: Types that are no answers of a respondent, or answers that no table holds; left out with a remark.
LEFT_OUT = (
    "note", "start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "email",
    "audit", "start-geopoint", "background-audio", "background-geopoint", "geopoint", "geotrace", "geoshape", "image",
    "audio", "video", "file", "acknowledge", "trigger", "rank", "time", "datetime", "xml-external", "csv-external",
    "osm",
)  # fmt: skip
#: Rows that open and close groups.
FRAMES: Mapping[str, tuple[str, str]] = {
    "begin group": ("begin", "group"), "end group": ("end", "group"),
    "begin repeat": ("begin", "repeat"), "end repeat": ("end", "repeat"),
    "begin loop": ("begin", "repeat"), "end loop": ("end", "repeat"),
}  # fmt: skip
_SELECT = re.compile(
    r"(?P<several>select[_ ]?(one|1)|select[_ ]?multiple|select all that apply)(?: from)?\s+"
    r"(?P<list>\S+)(?P<other>\s+or[_ ](specify[_ ])?other)?\Z",
    re.IGNORECASE,
)
_FILE = re.compile(r"select[_ ]?(one|multiple)[_ ](from[_ ]file|external)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A type cell: what kind of row it is, the list it names, whether an 'other' answer is added."""

    kind: str
    list: str = ""
    other: bool = False


def asked_as(cell: str) -> Asked | None:
    """What a type cell says; None where it is no type.

    >>> asked_as("select_one yn or_other")
    Asked(kind='nominal', list='yn', other=True)
    """
    if _FILE.match(cell):
        return Asked("file")
    if found := _SELECT.match(cell):
        one = re.sub(r"[_ ]", "", found["several"].lower()) in ("selectone", "select1")
        return Asked("nominal" if one else "multiple", found["list"], bool(found["other"]))
    plain = cell.strip().lower()
    frame = FRAMES.get(re.sub(r"[_ ]+", " ", plain))
    if frame:
        return Asked(" ".join(frame))
    if plain in PLAIN:
        return Asked(PLAIN[plain])
    if plain.replace("_", "-") in LEFT_OUT or plain in LEFT_OUT or plain.replace(" ", "") in LEFT_OUT:
        return Asked("left out")
    return None


def all_types() -> tuple[str, ...]:
    """The types there are, for a guess at what was meant."""
    frames = ("begin_group", "end_group", "begin_repeat", "end_repeat")
    return ("select_one", "select_multiple", *PLAIN, *LEFT_OUT, *frames)
