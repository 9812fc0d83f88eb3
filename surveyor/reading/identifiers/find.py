"""Which columns point at persons."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from surveyor.format import count
from surveyor.questionnaire import ItemType
from surveyor.reading.identifiers.cells import MOST, MOST_IDS, Cells, cells_of
from surveyor.reading.identifiers.checks import is_card_shaped, is_day
from surveyor.reading.identifiers.headers import BIRTH, TIME, Header, header_of, said
from surveyor.reading.identifiers.kinds import CODES, KINDS, LONG, QUASI, Identifier
from surveyor.reading.identifiers.patterns import (
    BANK_INSIDE,
    CARD18,
    FORMS,
    LANDLINE,
    MOBILE,
    Form,
    addresses_among,
    rooms_among,
)
from surveyor.reading.identifiers.places import paired_places, points_among
from surveyor.reading.identifiers.surnames import names_among

Found = tuple[str, str]

#: How many of random numbers of 18 digits pass as identity cards.
_CHANCE = 1.7e-5
_DATE = re.compile(r"(?m)^(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?(?:[ T].*)?$")


def find_identifiers(
    frame: pd.DataFrame, labels: Mapping[str, str], declared: Mapping[str, ItemType]
) -> list[Identifier]:
    """The columns that point at persons, each with its kind and the reason, in the frame's order; no value is told.

    labels    column -> its label in the file
    declared  column -> type of item, for columns the questionnaire knows: codes and measurements are only looked at for
              identity cards, telephone numbers and other long numbers

    >>> frame = pd.DataFrame({"x": ["13812345678", "13912345679"], "y": [1, 2]})
    >>> [(found.column, found.kind) for found in find_identifiers(frame, {}, {})]
    [('x', 'mobile')]
    """
    found: dict[str, Found] = {}
    for position, name in enumerate(map(str, frame.columns)):
        wanted = _wanted(declared.get(name))
        column = frame.iloc[:, position]
        one = _kind(column, name, labels, wanted, MOST_IDS if declared.get(name) == "id" else MOST)
        if one is not None:
            found[name] = one
    known = frozenset(name for name, kind in declared.items() if kind not in ("text", "id"))
    for name in paired_places(frame, labels, known):
        found.setdefault(name, ("gps", "numbers with three decimals or more, such as latitude and longitude"))
    return [Identifier(name, *found[name]) for name in map(str, frame.columns) if name in found]


def _wanted(kind: ItemType | None) -> frozenset[str]:
    """The kinds to look for in a column of that type."""
    if kind is None or kind == "text":
        return frozenset(KINDS)
    if kind == "date":
        return LONG | QUASI
    return frozenset(KINDS) - CODES if kind == "id" else LONG


def _kind(column: pd.Series, name: str, labels: Mapping[str, str], wanted: frozenset[str], most: int) -> Found | None:
    """The kind of identifier in one column, and why; None where there is none."""
    header = header_of(name, labels)
    if header is not None and header.kind not in wanted:
        header = None
    if "time" in wanted and (moment := _moments(column, name, labels)):
        return moment
    cells = cells_of(column, thorough=header is not None, most=most)
    if cells is None:
        return None
    for look in (_numbers, _forms, _within, _people):
        one = look(cells, header, wanted)
        if one is not None and one[0] in wanted:
            return one
    return _birth(cells, name, labels) if "birth" in wanted else None


def _numbers(cells: Cells, header: Header | None, wanted: frozenset[str]) -> Found | None:
    """Identity cards and mobile numbers."""
    cards = CARD18.count(cells.compact)
    if cells.rounded:
        shaped = sum(is_card_shaped(line) for line in cells.text.split("\n") if len(line) == 18)
        if shaped >= 0.3 * cells.n:
            return "card18", _share(shaped, cells, "begin like an identity card; their last digits are lost")
    enough = cards >= 1
    if cells.digits:
        enough = cards >= 1 and (cards >= 0.001 * cells.n or (cards >= 2 and cards > 3 * _CHANCE * cells.n))
    if enough:
        return "card18", _share(cards, cells, "pass the check digit of an identity card")
    mobiles = min(max(MOBILE.count(cells.compact), MOBILE.count_inside(cells.text)), cells.n)
    if mobiles and mobiles >= MOBILE.share * cells.n:
        return "mobile", _share(mobiles, cells, "have the form of a mobile number")
    return None


def _within(cells: Cells, header: Header | None, wanted: frozenset[str]) -> Found | None:
    """Long numbers that stand within free text."""
    mobiles = cells.worded > 0.5 and MOBILE.count_inside(cells.text)
    if mobiles or CARD18.count_inside(cells.text) or BANK_INSIDE.count_inside(_worded(cells)):
        return "free text", "identity-card, bank-card or mobile numbers stand within the text"
    return None


def _worded(cells: Cells) -> str:
    """The lines that hold words."""
    return "" if cells.digits else "\n".join(line for line in cells.text.split("\n") if re.search(r"[^\d\s-]", line))


def _forms(cells: Cells, header: Header | None, wanted: frozenset[str]) -> Found | None:
    """Everything that is told by its form alone."""
    for form in FORMS:
        hits = _hits(form, cells) if form.kind in wanted else 0
        if hits and hits >= form.share * cells.n:
            return form.kind, _share(hits, cells, "have that form")
    if "landline" in wanted and (hits := LANDLINE.count(cells.compact)) and hits >= LANDLINE.share * cells.n:
        return "landline", _share(hits, cells, "have the form of a telephone number")
    if "gps" in wanted and "." in cells.text and 2 * (hits := points_among(cells.text, header is not None)) >= cells.n:
        return ("gps", _share(hits, cells, "are latitude and longitude")) if hits else None
    return None


def _hits(form: Form, cells: Cells) -> int:
    return min(form.count(cells.compact) + form.count_inside(cells.text), cells.n)


def _people(cells: Cells, header: Header | None, wanted: frozenset[str]) -> Found | None:
    """Names and addresses, and what the name of the column tells."""
    if header is not None and header.kind in wanted:
        fits = len(
            re.findall(
                rf"(?im)^(?:{header.form})$", cells.text if header.kind in ("name", "address") else cells.compact
            )
        )
        if fits >= 0.5 * cells.n:
            return header.kind, "the column is called so"
    if cells.digits:
        return None
    rooms = rooms_among(cells.text)
    if "address" in wanted and (rooms or addresses_among(cells.text) >= 0.2 * cells.n):
        return "address", "answers hold streets, houses or rooms with their numbers"
    if "name" in wanted and cells.n >= 5 and cells.n >= 0.8 * cells.answered:
        people = names_among(cells.text)
        if people >= 0.6 * cells.n:
            return "name", _share(people, cells, "begin with a surname and have the length of a name")
    return None


def _moments(column: pd.Series, name: str, labels: Mapping[str, str]) -> Found | None:
    """Exact times in the columns of platforms; full dates of birth in columns of dates."""
    texts = said(name, labels)
    dates = pd.api.types.is_datetime64_any_dtype(column)
    if dates and any(BIRTH.search(text) for text in texts):
        return "birth", "dates in a column that is called so"
    if not any(TIME.search(text) for text in texts):
        return None
    some = column.dropna().iloc[:20]
    if dates or (
        not pd.api.types.is_numeric_dtype(column) and some.map(str).str.contains(r"\d:\d\d", regex=True).any()
    ):
        return "time", "times in a column that is called so"
    return None


def _birth(cells: Cells, name: str, labels: Mapping[str, str]) -> Found | None:
    if not any(BIRTH.search(text) for text in said(name, labels)):
        return None
    days = sum(is_day(*parts) for parts in _DATE.findall(cells.text))
    return ("birth", _share(days, cells, "are full dates")) if days and 2 * days >= cells.n else None


def _share(hits: int, cells: Cells, what: str) -> str:
    return f"{count(hits)} of {count(cells.n)} different answers {what}"
