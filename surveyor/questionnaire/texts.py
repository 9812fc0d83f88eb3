"""Texts in two languages, and the reasons why an answer is missing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

Language = Literal["en", "zh"]

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


#: Our missing codes as Stata's letters (extended missing values): don't know, refused, passed over, not applicable,
#: no answer (missing), invalid.
STATA_LETTERS: Mapping[int, str] = MappingProxyType({-1: "d", -2: "r", -7: "p", -8: "n", -9: "m", -10: "i"})


def _both(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


#: A text by language; a plain string is English.
Text = Annotated[dict[Language, str], BeforeValidator(_both)]

#: One name or a list of names.
Names = Annotated[tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given or ())]


def say(text: Mapping[Language, str] | None, lang: Language = "en") -> str:
    """The text in `lang`, else in the language there is."""
    if not text:
        return ""
    return text.get(lang) or next(iter(text.values()))
