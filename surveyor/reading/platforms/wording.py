"""Finding an item by its question and a code by its answer, in either language, however the text was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from surveyor.questionnaire import MISSING, Choices, Item, Questionnaire, say
from surveyor.questionnaire.texts import Language

Key = TypeVar("Key", bound=Hashable)
#: "(choose all that apply)" at the end of a question.
_REMARK = re.compile(r" ?\([^()]*\)$")
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def tidy(text: str) -> str:
    """The text in compatibility form (full-width letters made narrow), with single blanks.

    >>> tidy("Ａ  或\\u3000B")
    'A 或 B'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def bare(text: str) -> str:
    """Only the letters and digits of a text: no blanks, punctuation, symbols or invisible characters.

    >>> bare("您的性别是？ (Sex)"), bare("2\\u200b、年龄")
    ('您的性别是sex', '2年龄')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LNM")


@dataclass(frozen=True)
class Wording(Generic[Key]):
    """Texts and what they stand for; in each tier a text that stands for two things stands for none.

    tiers  text -> key, the surest first
    """

    tiers: tuple[Mapping[str, Key], ...]

    @classmethod
    def of(cls, *groups: Iterable[tuple[Key, str]]) -> Wording[Key]:
        """The wording of groups of (key, text), the first group the surest; each as it stands, then bare."""
        tiers = []
        for group in groups:
            pairs = list(group)
            for form in (tidy, bare):
                tiers.append(_unambiguous([(key, form(text)) for key, text in pairs]))
        return cls(tuple(tiers))

    def find(self, text: str) -> Key | None:
        """What a text stands for, or None."""
        forms = (tidy(text), bare(text))
        found = (tier.get(forms[i % 2]) for i, tier in enumerate(self.tiers))
        return next((key for key in found if key is not None), None)

    def ending(self, text: str) -> Key | None:
        """What the one known text that ends with `text` stands for, or None; for rows of a table of questions."""
        end = bare(text)
        keys = {key for tier in self.tiers[1::2] for known, key in tier.items() if known.endswith(end)}
        return keys.pop() if len(end) > 3 and len(keys) == 1 else None

    def closest(self, text: str) -> Key | None:
        """What the known text most like `text` stands for, or None where none is like it."""
        known = {each: key for tier in reversed(self.tiers[1::2]) for each, key in tier.items()}
        close = get_close_matches(bare(text), known, n=1, cutoff=0.6)
        return known[close[0]] if close else None


def _unambiguous(pairs: Iterable[tuple[Key, str]]) -> dict[str, Key]:
    keys: dict[str, set[Key]] = {}
    for key, text in pairs:
        if text:
            keys.setdefault(text, set()).add(key)
    return {text: found.pop() for text, found in keys.items() if len(found) == 1}


def questions(asked: Questionnaire) -> Wording[str]:
    """The ids of items by their question and, less surely, by it without a remark at its end, or their short label."""
    texts = [(item.id, text) for item in asked.items for text in (item.text or {}).values()]
    return Wording.of(
        texts,
        [(name, _REMARK.sub("", tidy(text))) for name, text in texts],
        [(item.id, text) for item in asked.items for text in item.label.values()],
    )


def options(asked: Questionnaire, choices: Choices) -> Wording[int]:
    """The codes of a choice list by their label and, less surely, missing codes by their reason."""
    return Wording.of(
        [(code, text) for code, label in choices.codes.items() for text in label.values()],
        reasons(asked),
    )


def reasons(asked: Questionnaire) -> list[tuple[int, str]]:
    """The missing codes and what they are called in either language."""
    return [(code, asked.reason(code, lang)) for code in (*MISSING, *asked.missing) for lang in LANGUAGES]


def listed(choices: Choices) -> str:
    """The beginning of a choice list, for messages."""
    shown = [
        f"{code} {say(text, 'zh' if 'en' not in text else 'en')}" for code, text in list(choices.codes.items())[:6]
    ]
    return ", ".join(shown) + (" ..." if len(choices.codes) > 6 else "")


def several(asked: Questionnaire) -> dict[str, tuple[Item, Choices]]:
    """The items where several answers may be chosen, with their choice lists."""
    pairs = ((item, asked.choices_named(item.choices)) for item in asked.items if item.type == "multiple")
    return {item.id: (item, choices) for item, choices in pairs if choices is not None}
