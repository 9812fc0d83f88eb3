"""The labels of levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveyor.questionnaire import Language, say

Labels = Mapping[str, Mapping[Any, Mapping[Language, str]]]


def level_text(known: Mapping[Any, Mapping[Language, str]], code: Any, lang: Language) -> str:
    """The label of a level; pooled levels are joined by 'or'."""
    if code is None or (isinstance(code, float) and code != code):  # no level, no group
        return ""
    if code in known:
        return say(known[code], lang)
    if isinstance(code, tuple):
        return {"en": " or ", "zh": "或"}[lang].join(level_text(known, each, lang) for each in code)
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


def recoded(mine: Mapping[Any, Mapping[Language, str]], theirs: Mapping[Any, Mapping[Language, str]]) -> dict[Any, Any]:
    """Codes of one list of labels -> codes of another with the same texts, new ones where a text is not there.

    >>> recoded({1.0: {"en": "a"}, 2.0: {"en": "b"}}, {1.0: {"en": "b"}, 2.0: {"en": "c"}})
    {1.0: 2.0, 2.0: 3.0}
    """
    known = {tuple(sorted(text.items())): code for code, text in mine.items()}
    if all(mine.get(code, text) == text for code, text in theirs.items()):
        return {}
    made: dict[Any, Any] = {}
    new = max((code for code in (*mine, *theirs) if isinstance(code, float)), default=0.0)
    for code, text in theirs.items():
        there = known.get(tuple(sorted(text.items())))
        if there is None:
            clash = code in mine
            new += clash
            there = new if clash else code
        made[code] = there
    return made
