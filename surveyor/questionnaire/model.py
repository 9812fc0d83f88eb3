"""What was asked: items, choice lists, missing codes, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, model_validator
from pydantic.dataclasses import dataclass

from surveyor.errors import UsageError, guess

Language = Literal["en", "zh"]
ItemType = Literal["ordinal", "nominal", "number", "text", "id", "weight"]

#: Why an answer is missing. The codes are negative and in one range, which is all a .sav file can hold.
MISSING: Mapping[int, Mapping[str, str]] = MappingProxyType(
    {
        -1: {"en": "don't know", "zh": "不知道"},
        -2: {"en": "refused", "zh": "拒绝回答"},
        -7: {"en": "not asked", "zh": "未问"},
        -8: {"en": "not applicable", "zh": "不适用"},
        -9: {"en": "no answer", "zh": "未回答"},
        -10: {"en": "invalid", "zh": "无效"},
    }
)


def _both(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


#: A text by language; a plain string is English.
Text = Annotated[dict[Language, str], BeforeValidator(_both)]


def say(text: Mapping[Language, str] | None, lang: Language = "en") -> str:
    """The text in `lang`, else in the language there is."""
    if not text:
        return ""
    return text.get(lang) or next(iter(text.values()))


_CLOSED = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_CLOSED)
class Choices:
    """A list of answers: codes with labels in order, which codes are the favourable end, which mean 'no answer'.

    codes      code -> label, in the order of the questionnaire
    top        the codes at the favourable end; their share is the item's summary
    top_label  what that share is called ("good or excellent"); the labels joined by "or" if not given
    missing   code in the file -> missing code (see MISSING), or itself where no reason is known
    """

    codes: dict[int, Text]
    top: tuple[int, ...] = ()
    top_label: Text | None = None
    missing: dict[int, int] = field(default_factory=dict)

    @model_validator(mode="after")
    def _agree(self) -> Choices:
        unknown = [code for code in self.top if code not in self.codes]
        if unknown:
            raise ValueError(f"top names the code {unknown[0]}, which is not among the codes")
        both = [code for code in (*self.missing, *self.missing.values()) if code in self.codes]
        if both:
            raise ValueError(f"the code {both[0]} stands both as an answer and as missing")
        for lang in ("en", "zh"):
            labels = [label[lang] for label in self.codes.values() if lang in label]
            twice = [label for label in labels if labels.count(label) > 1]
            if twice:
                raise ValueError(f"two answers are called '{twice[0]}'; give one of them another label")
        return self

    @property
    def direction(self) -> int:
        """+1 when `top` is at the end of the list, -1 when at its beginning, 0 where there is no such end."""
        listed = list(self.codes)
        return (listed[-1] in self.top) - (listed[0] in self.top) if self.top else 0


@dataclass(frozen=True, config=_CLOSED)
class Item:
    """One question: its id (the column's name), wording, short label, kind of answer and concept.

    missing   for numbers: code in the file -> missing code (see MISSING)
    """

    id: str
    label: Text
    type: ItemType = "ordinal"
    choices: str | None = None
    text: Text | None = None
    concept: str | None = None
    missing: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, config=_CLOSED)
class Questionnaire:
    """What was asked: the items in order and the choice lists they share.

    missing   further missing codes that hold for every item, beside those of MISSING, with their reasons
    drafted   made from the labels of a file: only the missing codes that a column itself declares hold for it
    """

    name: str
    items: tuple[Item, ...]
    title: Text | None = None
    version: str = ""
    choices: dict[str, Choices] = field(default_factory=dict)
    missing: dict[int, Text] = field(default_factory=dict)
    drafted: bool = False

    @model_validator(mode="after")
    def _agree(self) -> Questionnaire:
        seen: set[str] = set()
        for item in self.items:
            if item.id in seen:
                raise ValueError(f"two items are called '{item.id}'; give one of them another id")
            seen.add(item.id)
            if item.choices is not None and item.choices not in self.choices:
                raise ValueError(
                    f"item '{item.id}' uses the choice list '{item.choices}', which is not there. "
                    + guess(item.choices, self.choices)
                )
            if item.type in ("ordinal", "nominal") and item.choices is None:
                raise ValueError(f"item '{item.id}' is {item.type} and needs a choice list")
        return self

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    def __contains__(self, name: object) -> bool:
        return name in self._by_id

    def item(self, name: str) -> Item:
        """The item called `name`; raises UsageError with a guess where there is none."""
        if name not in self._by_id:
            raise UsageError(
                f"the questionnaire '{self.name}' has no item '{name}'",
                remedy=guess(name, self._by_id),
            )
        return self._by_id[name]

    def choices_of(self, name: str) -> Choices | None:
        """The choice list of item `name`, or None where it has none or is not in the questionnaire."""
        item = self._by_id.get(name)
        return self.choices[item.choices] if item and item.choices else None

    def missing_codes(self, name: str) -> set[int]:
        """The codes of item `name` that stand for no answer, as they are in a frame that was read."""
        item, choices = self._by_id.get(name), self.choices_of(name)
        own = {*(item.missing.values() if item else ()), *(choices.missing.values() if choices else ())}
        return own if self.drafted else {*MISSING, *self.missing, *own}

    def label(self, name: str, lang: Language = "en") -> str:
        """The short label of item `name`, or the name itself."""
        item = self._by_id.get(name)
        return say(item.label, lang) if item else name

    def reason(self, code: int, lang: Language = "en") -> str:
        """Why an answer with this missing code is missing."""
        known = self.missing.get(code) or MISSING.get(code)
        return say(known, lang) if known else str(code)  # type: ignore[arg-type]
