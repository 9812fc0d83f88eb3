"""What a questionnaire says beside its items: sections, scales, rules for good answers."""

from __future__ import annotations

from typing import Literal

from pydantic.dataclasses import dataclass

from surveyor.questionnaire.choices import CLOSED
from surveyor.questionnaire.texts import Text

#: What an item tells about the interview itself.
Role = Literal["case", "compound", "community", "interviewer", "consent", "escorted", "start", "end", "duration"]

#: How a scale is meant: items that reflect one thing; forms that add up; parts of a whole; steps of a process.
Kind = Literal["reflective", "formative", "index", "composition", "process", "single"]


@dataclass(frozen=True, config=CLOSED)
class Section:
    """A part of the questionnaire; `relevance` says who is asked any of it."""

    title: Text
    relevance: str = ""


@dataclass(frozen=True, config=CLOSED)
class Scale:
    """Items that are meant to measure one thing.

    items    ids of items, or names of other scales (for an index); reversals stand with the items
    minimum  how many of them must be answered
    score    how they become one number
    """

    label: Text
    items: tuple[str, ...]
    kind: Kind = "reflective"
    minimum: int = 1
    score: Literal["mean", "standardised", "count", "none"] = "mean"


@dataclass(frozen=True, config=CLOSED)
class Rule:
    """Answers that cannot all be right: `when` is a filter that such rows fulfil.

    action  "flag" counts against the care of a respondent; "query" asks to look the case up; "constraint" is
            also held at entry, on the last item it names
    """

    when: str
    label: Text
    action: Literal["flag", "query", "constraint"] = "query"
