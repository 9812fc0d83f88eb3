"""What writing and reading an XLSForm share: names of languages and columns, answers beside the scale."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from surveyor.questionnaire.texts import Language

#: How a language is called in the heading of a column: the name, and its code in brackets.
CALLED: Mapping[Language, str] = MappingProxyType({"zh": "中文 (zh)", "en": "English (en)"})

#: Answers that every question with choices or numbers admits: don't know, refused.
OFFERED = (-1, -2)

#: The year of the interview.
YEAR = "int(format-date(today(), '%Y'))"

#: Columns that only surveyor reads; every other program passes over them.
OWN = "surveyor_"
KIND, LIST, SECTION, SHORT = f"{OWN}type", f"{OWN}list", f"{OWN}section", f"{OWN}short"
CONCEPT, REVERSED, LEVEL, PERSONAL = f"{OWN}concept", f"{OWN}reversed", f"{OWN}level", f"{OWN}personal"

#: The same in the settings.
NAME, TITLE, YEAR_OF = f"{OWN}name", f"{OWN}title", f"{OWN}year"
