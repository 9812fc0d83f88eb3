"""Which item and which choice a column of Wenjuanxing holds, by the wording of its header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surveyor.questionnaire import Questionnaire
from surveyor.reading.platforms.headers import Place
from surveyor.reading.platforms.wording import Wording, options, questions, several, tidy

#: "3、", "3.", "3:", "Q3:", "第3题", "3(": a question's number, and the rest of a header in compatibility form.
_NUMBER = re.compile(r"(?:第 ?(\d+) ?题|[Qq]?(\d+) ?(?:[、.:,)]|(?=\())) ?[、.:]? ?(.*)", re.DOTALL)
#: What the platform puts behind a question: "[单选题]", "【必答】", "*".
_KIND = re.compile(r" ?(?:[\[【][^\]】]*(?:题|必答|必填|选答)[^\]】]*[\]】]|\*) ?")
_BETWEEN = re.compile(r" ?(?:[—–_|:-]+) ?")


@dataclass(frozen=True)
class Header:
    """A header taken apart: the number of its question, if it has one, and its wording."""

    number: int | None
    text: str

    @classmethod
    def of(cls, raw: str) -> Header:
        """A header as it stands in the file.

        >>> Header.of("第３题（没有担任）"), Header.of("Q12：性别【单选题】")
        (Header(number=3, text='(没有担任)'), Header(number=12, text='性别'))
        """
        found = _NUMBER.fullmatch(tidy(raw))
        number = int(found[1] or found[2]) if found else None
        return cls(number, _KIND.sub("", found[3] if found else tidy(raw)).strip())

    def parts(self) -> Iterator[tuple[str, str]]:
        """The ways to take the wording as a question and one of its choices or rows: "question(choice)"."""
        if self.text.endswith(")"):
            for at in (i for i, sign in enumerate(self.text) if sign == "("):
                yield self.text[:at], self.text[at + 1 : -1]
        for found in _BETWEEN.finditer(self.text):
            yield self.text[: found.start()], self.text[found.end() :]


class Finder:
    """Headers -> what their columns hold."""

    def __init__(self, asked: Questionnaire) -> None:
        self.questions = questions(asked)
        self.several = several(asked)
        self.options: dict[str, Wording[int]] = {
            name: options(asked, choices) for name, (_, choices) in self.several.items()
        }

    def places(self, names: Sequence[str]) -> dict[str, Place]:
        """What each column holds; headers that cannot be told are left out."""
        headers = {name: Header.of(name) for name in names}
        found = {name: place for name, header in headers.items() if (place := self._alone(header))}
        numbers = {header.number for header in headers.values()} - {None}
        for number in sorted(numbers, key=str):
            group = {name: header for name, header in headers.items() if header.number == number}
            found |= self._together(group, found)
        return {name: found[name] for name in names if name in found}

    def closest(self, name: str) -> str | None:
        """The item whose wording is most like a header's."""
        return self.questions.closest(Header.of(name).text)

    def _alone(self, header: Header) -> Place | None:
        if (item := self.questions.find(header.text)) is not None:
            return Place(item)
        for stem, part in header.parts():
            item = self.questions.find(stem)
            if item in self.options and (code := self._option(item, part)) is not None:
                return Place(item, code)
            if part and (row := self.questions.find(stem + part)) is not None:
                return Place(row)
        return None

    def _option(self, item: str, part: str) -> int | None:
        """The code of a choice in a header, with or without the blank that follows it."""
        found = self.options[item].find(part)
        return found if found is not None else self.options[item].find(part.partition("〖")[0])

    def _together(self, group: dict[str, Header], found: dict[str, Place]) -> dict[str, Place]:
        """Columns that only show a choice or a row: told by their neighbours, or by all choices together."""
        parts = {name: _only(header) for name, header in group.items() if name not in found}
        if not parts:
            return {}
        owners = {found[name].item for name in group if name in found and found[name].option is not None}
        for item in owners or (set(self.several) - {place.item for place in found.values()}):
            codes = {name: self._option(item, part) for name, part in parts.items()}
            known = {name: Place(item, code) for name, code in codes.items() if code is not None}
            if known and (owners or (len(known) == len(parts) and self._is_only(item, list(parts.values())))):
                return known
        rows = {name: self.questions.find(part) or self.questions.ending(part) for name, part in parts.items()}
        return {name: Place(row) for name, row in rows.items() if row is not None}

    def _is_only(self, item: str, parts: list[str]) -> bool:
        """Whether no other item has all these choices."""
        fitting = [name for name in self.several if all(self._option(name, part) is not None for part in parts)]
        return len(parts) > 1 and fitting == [item]


def _only(header: Header) -> str:
    text = header.text
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text
