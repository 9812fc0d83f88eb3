"""Which item and which choice a column of Kobo or ODK holds: by name behind groups, or by label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveyor.errors import DataError
from surveyor.questionnaire import Questionnaire
from surveyor.reading.platforms.kobo.system import last_part
from surveyor.reading.platforms.wording import Wording, options, questions, several

_DETAIL = re.compile(r"(?:.*[/:.\-])?(\w+)[/:.](-?\d+)")


@dataclass(frozen=True)
class Place:
    """What a column holds: the answers of an item, or whether one of its choices was chosen."""

    item: str
    option: int | None = None


def once(places: Mapping[str, Place], file: str) -> None:
    """Raises DataError where two columns hold the same answers."""
    holders: dict[Place, str] = {}
    for name, place in places.items():
        if place in holders:
            raise DataError(
                f"two columns hold the answers of '{place.item}'",
                where=f"{file}, columns '{holders[place][:40]}' and '{name[:40]}'",
                remedy="Remove the one that is not meant, or correct its heading",
            )
        holders[place] = name


class Headers:
    """Headers of an export -> what their columns hold."""

    def __init__(self, asked: Questionnaire) -> None:
        self.several = several(asked)
        self.places = {item.id.casefold(): Place(item.id) for item in asked.items}
        for name, (_, choices) in self.several.items():
            self.places |= {f"{name}_{code}".casefold(): Place(name, code) for code in choices.codes}
        self.questions = questions(asked)
        self.options: dict[str, Wording[int]] = {
            name: options(asked, choices) for name, (_, choices) in self.several.items()
        }

    def find(self, header: str) -> Place | None:
        """What the column under `header` holds, or None where the questionnaire does not know it."""
        return self._by_name(header) or self._by_label(header)

    def _by_name(self, header: str) -> Place | None:
        if found := self.places.get(header.casefold()):
            return found
        if detail := _DETAIL.fullmatch(header):
            item = self.places.get(detail[1].casefold())
            if item and item.item in self.several:
                return Place(item.item, int(detail[2]))
        return self.places.get(last_part(header).casefold())

    def _by_label(self, header: str) -> Place | None:
        for text in _behind_groups(header):
            if (item := self.questions.find(text)) is not None:
                return Place(item)
            for at in (i for i, sign in enumerate(text) if sign == "/"):
                item = self.questions.find(text[:at])
                code = self.options[item].find(text[at + 1 :]) if item in self.options else None
                if item is not None and code is not None:
                    return Place(item, code)
        return None


def _behind_groups(header: str) -> Iterator[str]:
    """The header, and what is left of it behind each slash."""
    yield header
    for at, sign in enumerate(header):
        if sign == "/":
            yield header[at + 1 :]
