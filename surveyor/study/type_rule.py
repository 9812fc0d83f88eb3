"""The type rule: which two kinds of housing are compared, fixed in the study file before outcomes are opened."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import ConfigDict, StrictInt, StrictStr, model_validator
from pydantic.dataclasses import dataclass

from surveyor.arrays import Array
from surveyor.errors import DataError, DefinitionError, guess
from surveyor.expressions import parse
from surveyor.format import counted
from surveyor.questionnaire import MISSING, Choices, Item, Text, say
from surveyor.survey import Survey

#: The column the type rule adds, and its code for residents of neither group.
TYPE = "type"
NEITHER = 3

_CLOSED = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_CLOSED)
class Group:
    """One of the two groups: its label, and who belongs to it.

    includes  answers (labels or codes) to the rule's item
    where     or a filter on the rows the rule reads: "f03 in [1, 2] and f05 <= 2000"
    """

    label: Text
    includes: tuple[StrictInt | StrictStr, ...] = ()
    where: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Group:
        if bool(self.includes) == bool(self.where):
            raise ValueError("a group says who belongs to it either by 'includes' or by 'where'")
        return self


@dataclass(frozen=True, config=_CLOSED)
class TypeRule:
    """Two groups of residents, by an answer of their own or by facts about their compound.

    of    whose answers the rule reads: the residents', or those of the compounds' fact sheet, which reach the
          residents by the compound's code. Who belongs to neither group is read, kept and counted
    item  the item that `includes` speaks of
    """

    label: Text
    groups: tuple[Group, Group]
    item: str = ""
    of: Literal["residents", "compounds"] = "residents"

    @model_validator(mode="after")
    def _named(self) -> TypeRule:
        if any(group.includes for group in self.groups) and not self.item:
            raise ValueError("a rule with 'includes' names the 'item' whose answers they are")
        return self

    @property
    def sha256(self) -> str:
        """What tells one rule from another: written down before outcomes are opened."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def apply(self, residents: Survey, compounds: Survey | None = None) -> Survey:
        """The residents with the column `type`: 1 and 2 for the groups, 3 for neither, missing as in the item.

        Raises DefinitionError where the rule names unknown items or answers or puts somebody into both groups,
        DataError where residents live in compounds that the fact sheet does not have.
        """
        asked = residents.questionnaire
        assert asked is not None
        if TYPE in residents.frame.columns or TYPE in asked:
            raise DefinitionError(
                f"there is already a column or item '{TYPE}', the name of the column the type rule adds",
                remedy="Rename it in the file and the questionnaire",
            )
        if self.of == "residents":
            codes = self.codes(residents)
        elif compounds is None:
            raise DefinitionError("the type rule reads the compounds, but the study names no file of compounds")
        else:
            codes = _carried(self.codes(compounds), compounds, residents)
        name = TYPE
        while name in asked.choices:
            name += "_"
        listed = Choices(
            codes={number: group.label for number, group in enumerate(self.groups, start=1)},
            missing={NEITHER: NEITHER},
        )
        item = Item(id=TYPE, label=self.label, type="nominal", choices=name)
        return replace(
            residents,
            frame=residents.frame.assign(**{TYPE: codes}),
            questionnaire=replace(asked, items=(*asked.items, item), choices={**asked.choices, name: listed}),
        )

    def codes(self, survey: Survey) -> Array:
        """The group (n,) of each row that the rule reads: 1, 2, 3 for neither, NaN where a fact it needs is missing."""
        inside = [self._members(survey, group) for group in self.groups]
        if (inside[0] & inside[1]).any():
            both = counted(int((inside[0] & inside[1]).sum()), "row")
            raise DefinitionError(
                f"the type rule puts {both} into both groups", remedy="Let the groups exclude each other"
            )
        codes = np.where(inside[0], 1.0, np.where(inside[1], 2.0, float(NEITHER)))
        return np.where((codes == NEITHER) & self._unknown(survey), np.nan, codes)

    def _unknown(self, survey: Survey) -> np.ndarray:
        """Which rows (n,) lack a fact that the rule reads: which group they belong to cannot be said."""
        names = {self.item} if self.item else set()
        for group in self.groups:
            names |= set(parse(group.where).names) if group.where else set()
        gaps = [np.isnan(survey.column(name).values) for name in sorted(names)]
        return np.asarray(np.logical_or.reduce(gaps))

    def _members(self, survey: Survey, group: Group) -> np.ndarray:
        if group.where:
            inside = survey.where(group.where).domain
            assert inside is not None
            return np.asarray(inside)
        asked = survey.questionnaire
        choices = asked.choices_of(self.item) if asked else None
        if choices is None:
            known = [item.id for item in asked.items if item.choices] if asked else []
            raise DefinitionError(
                f"the type rule reads '{self.item}', which is not an item with choices",
                remedy=guess(self.item, known),
            )
        members = [_code(choices, answer, self.item) for answer in group.includes]
        others = [
            _code(choices, answer, self.item) for each in self.groups if each is not group for answer in each.includes
        ]
        for answer, code in zip(group.includes, members, strict=True):
            if code in others or members.count(code) > 1:
                raise DefinitionError(
                    f"the type rule puts '{answer}' into both groups", remedy="Keep it in one of them, once"
                )
        return np.isin(survey.column(self.item).values, members)


def _code(choices: Choices, answer: int | str, item: str) -> float:
    """The code of an answer given by label or code."""
    for code, label in choices.codes.items():
        if answer == code or answer in label.values():
            return float(code)
    known = [say(label) for label in choices.codes.values()]
    raise DefinitionError(
        f"the type rule names '{answer}', which is no answer of '{item}'",
        remedy=guess(str(answer), known),
    )


def _carried(codes: Array, compounds: Survey, residents: Survey) -> Array:
    """The group of each resident: that of the compound with the same code."""
    facts, people = _keys(compounds, "compounds"), _keys(residents, "residents")
    for keys, whose in ((facts, "compounds"), (people, "residents")):
        if keys.isna().any():
            raise DataError(
                f"{counted(int(keys.isna().sum()), 'row')} of the {whose} without a compound's code",
                remedy="Fill in the code: it says which kind of housing the row belongs to",
            )
    if facts.duplicated().any():
        twice = counted(int(facts.duplicated().sum()), "row")
        raise DataError(f"{twice} of the compounds repeat a compound's code", remedy="Keep one row a compound")
    lost = people[~people.isin(facts)]
    if len(lost):
        bare = lost.str.lstrip("0").isin(facts.str.lstrip("0"))
        raise DataError(
            f"{counted(len(lost), 'resident')} in {counted(lost.nunique(), 'compound')} that the fact sheet lacks",
            remedy="The codes differ in leading zeros: write them as text in both files"
            if bare.any()
            else "Add these compounds to the fact sheet, or correct the residents' compound codes",
        )
    return people.map(pd.Series(codes, index=facts.to_numpy())).to_numpy(dtype=float)


def _keys(survey: Survey, whose: str) -> pd.Series:
    """The compounds' codes as texts, so that 7 in one file is "7" in another; missing where there is none."""
    asked = survey.questionnaire
    name = asked.role("compound") if asked else None
    if name is None or name not in survey.frame.columns:
        raise DefinitionError(
            f"the questionnaire of the {whose} does not say which column holds the compound's code",
            remedy="Write under 'roles': compound: <column>",
        )
    column = survey.frame[name]
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.where(~column.isin(list(MISSING)))
        return numbers.map(lambda code: str(int(code)) if code == int(code) else repr(code), na_action="ignore")
    texts = column.astype("str").str.strip()
    return texts.where(~texts.isin(["", *(str(code) for code in MISSING)]))
