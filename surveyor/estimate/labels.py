"""The labels of levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveyor.questionnaire import Language, say

Labels = Mapping[str, Mapping[Any, Mapping[Language, str]]]


def level_text(known: Mapping[Any, Mapping[Language, str]], code: Any, lang: Language) -> str:
    """The label of a level; pooled levels are joined by 'or'."""
    if code is None:
        return ""
    if code in known:
        return say(known[code], lang)
    if isinstance(code, tuple):
        return {"en": " or ", "zh": "或"}[lang].join(level_text(known, each, lang) for each in code)
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)
