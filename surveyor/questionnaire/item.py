"""One question, and what kinds of answers there are."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from surveyor.questionnaire.choices import CLOSED
from surveyor.questionnaire.texts import Text

#: ordinal, nominal  one code of a choice list       multiple        several codes, one 0/1 column each
#: integer, number   a measurement                   text, date, id  words, a day, who or where it was
#: weight            how many people a row stands for   calculated   copied from another item, never asked
ItemType = Literal[
    "ordinal", "nominal", "multiple", "integer", "number", "text", "date", "id", "weight", "calculated"
]  # fmt: skip
CODED = ("ordinal", "nominal", "multiple")
MEASURED = ("integer", "number")

#: What a row of the file describes.
Level = Literal["resident", "worker", "compound", "community"]

#: A number, or the year of the survey with or without a distance: "year", "year - 18".
Bound = int | float | Annotated[str, Field(pattern=r"^year( - \d{1,3})?$")]


@dataclass(frozen=True, config=CLOSED)
class Copied:
    """Where a calculated item takes its answer: from the item that the answer to `by` points at.

    by    an earlier item with choices
    of    code of `by` -> the item whose answer is copied
    """

    by: str
    of: dict[int, str]


@dataclass(frozen=True, config=CLOSED)
class Item:
    """One question: its id (the column's name), wording, short label, kind of answer and concept.

    label      short, for tables; text: the full wording
    missing    for numbers: code in the file -> missing code (see MISSING)
    range      the least and largest number that can be true
    relevance  who is asked, as a filter on earlier items ("ra02 in [1, 2]"); everybody if empty
    most       how many answers may be chosen where several may
    reversed   a high code means less of the concept
    section    the part of the questionnaire it stands in
    personal   points at a person (a name, a phone number): left out of every frame unless asked for
    """

    id: str
    label: Text
    type: ItemType = "ordinal"
    choices: str | None = None
    text: Text | None = None
    concept: str | None = None
    missing: dict[int, int] = field(default_factory=dict)
    range: tuple[Bound, Bound] | None = None
    relevance: str = ""
    most: int | None = None
    reversed: bool = False
    section: str | None = None
    level: Level | None = None
    copied: Copied | None = None
    personal: bool = False
    hint: Text | None = None

    @model_validator(mode="after")
    def _agree(self) -> Item:
        if self.type in CODED and self.choices is None:
            raise ValueError(f"item '{self.id}' is {self.type} and needs a choice list")
        if self.range is not None and self.type not in MEASURED:
            raise ValueError(f"item '{self.id}' is {self.type}; only numbers have a range")
        if self.most is not None and self.type != "multiple":
            raise ValueError(f"item '{self.id}' is {self.type}; only 'multiple' items have 'most'")
        if (self.copied is not None) != (self.type == "calculated"):
            raise ValueError(f"item '{self.id}': 'calculated' items and only they say where they are copied from")
        return self

    def bounds(self, year: int | None) -> tuple[float, float]:
        """The least and largest number that can be true, in a survey of `year`; infinite where nothing is said."""
        low, high = self.range or (float("-inf"), float("inf"))
        return _number(low, year, float("-inf")), _number(high, year, float("inf"))


def _number(bound: Bound, year: int | None, unknown: float) -> float:
    if not isinstance(bound, str):
        return float(bound)
    return unknown if year is None else float(year - int(bound.partition(" - ")[2] or 0))
