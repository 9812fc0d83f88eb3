"""The keys of a study file."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from surveyor.design import Design, Lonely
from surveyor.questionnaire import Language, Text
from surveyor.questionnaire.texts import Names
from surveyor.study.type_rule import TypeRule

Family = Literal["social_capital", "activism", "satisfaction", "other"]
FAMILIES: tuple[Family, ...] = get_args(Family)

_CLOSED = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_CLOSED)
class Columns:
    """The design as a study file writes it: see surveyor.Design."""

    weights: str | None = None
    strata: Names = ()
    clusters: Names = ()
    fpc: Names = ()
    lonely: Lonely = "error"
    unique_ids: bool = False

    def design(self) -> Design:
        """The design these columns make."""
        return Design(
            self.weights,
            self.strata or None,
            self.clusters or None,
            self.fpc or None,
            self.lonely,
            unique_ids=self.unique_ids,
        )


@dataclass(frozen=True, config=_CLOSED)
class AnswerFile:
    """A file of answers and its questionnaire, relative to the study file; its source and design.

    keep  columns to have although they look like direct identifiers
    """

    file: str
    questionnaire: str
    design: Columns = field(default_factory=Columns)
    source: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    keep: Names = ()


@dataclass(frozen=True, config=_CLOSED)
class Contacts:
    """What became of every dwelling that was drawn: one row each.

    outcome   the column with the outcome's code: see surveyor.checking.response
    compound  the column with the compound's code
    """

    file: str
    outcome: str = "outcome"
    compound: str = "compound"


@dataclass(frozen=True, config=_CLOSED)
class Definition:
    """The keys of a study file."""

    study: Annotated[str, Field(pattern=r"^[\w-]{1,80}$")]
    title: Text
    residents: AnswerFile
    type: TypeRule
    families: dict[Family, tuple[str, ...]]
    seed: int
    workers: AnswerFile | None = None
    compounds: AnswerFile | None = None
    communities: AnswerFile | None = None
    contacts: Contacts | None = None
    simulated: bool = False
    setting: Text | None = None
    fieldwork: Text | None = None
    limits: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    citation: str = ""

    @model_validator(mode="after")
    def _once(self) -> Definition:
        seen: set[str] = set()
        for name in (item for items in self.families.values() for item in items):
            if name in seen:
                raise ValueError(f"the outcome '{name}' stands in two families; keep it in one")
            seen.add(name)
        return self
