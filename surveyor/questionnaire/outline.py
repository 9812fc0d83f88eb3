"""The order in which a questionnaire is read: its sections, each with its items."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from surveyor.format import counted
from surveyor.questionnaire.item import Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.parts import Section

#: What no XML file may hold: control characters, halves of characters, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Part:
    """A section by name (None outside any) with the items that are read under its heading, in order."""

    name: str | None
    section: Section | None
    items: tuple[Item, ...]


def outline(asked: Questionnaire) -> tuple[Part, ...]:
    """The parts in the order of asking; items of another section in the midst of one stay where they are asked.

    >>> from surveyor.questionnaire import Questionnaire
    >>> form = Questionnaire("form", (Item("a", {"en": "A"}, "text"), Item("b", {"en": "B"}, "text")))
    >>> [(part.name, [item.id for item in part.items]) for part in outline(form)]
    [(None, ['a', 'b'])]
    """
    last = {item.section: at for at, item in enumerate(asked.items)}
    parts: list[tuple[str | None, list[Item]]] = []
    for at, item in enumerate(asked.items):
        here = parts[-1][0] if parts else None
        if not parts or (item.section != here and (here is None or at > last[here])):
            parts.append((item.section, []))
        parts[-1][1].append(item)
    return tuple(Part(name, asked.sections.get(name) if name else None, tuple(items)) for name, items in parts)


def printable(text: str) -> str:
    """A text without characters that no XML file may hold; each is shown as U+FFFD instead.

    >>> printable("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return _UNPRINTABLE.sub(_INSTEAD, text.replace("\r\n", "\n").replace("\r", "\n"))


def warn_of_unprintable(texts: Iterable[str], stacklevel: int = 3) -> None:
    """Warns once where texts hold characters that `printable` shows otherwise."""
    if n := sum(len(_UNPRINTABLE.findall(text)) for text in texts):
        warnings.warn(
            f"{counted(n, 'control character')} in the texts of the questionnaire cannot stand in this file; "
            "each is shown as a replacement character",
            stacklevel=stacklevel,
        )


def every_text(asked: Questionnaire) -> Iterable[str]:
    """All the texts of a questionnaire, in both languages."""
    titles = (asked.title, asked.intro, *(section.title for section in asked.sections.values()))
    wording = (text for item in asked.items for text in (item.label, item.text, item.hint))
    answers = (label for listed in asked.choices.values() for label in (*listed.codes.values(), listed.top_label))
    named = (each.label for group in (asked.scales, asked.checks) for each in group.values())
    for text in (*titles, *wording, *answers, *named, *asked.missing.values()):
        yield from (text or {}).values()
