"""The answers that are checked: codes, who was asked, cases and groups, each worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.errors import SurveyorError
from surveyor.estimate import level_text
from surveyor.expressions import Expression
from surveyor.questionnaire import Item
from surveyor.questionnaire.parts import Role
from surveyor.survey import Survey

#: Codes of what was not asked, and of what was asked and left without an answer.
NOT_APPLICABLE, NOT_ASKED = -8, -7
UNASKED = (NOT_APPLICABLE, NOT_ASKED)
#: Spoken reasons not to answer: they show that the question was put.
SPOKEN = (-1, -2)
#: A group of fewer people is not judged, and no bar stands for it.
FEW_PEOPLE = 10
#: Kinds of items whose answers are codes or numbers that can be wrong.
_WORDS = ("text", "id", "date")
_CHECKED = ("ordinal", "nominal", "multiple", "integer", "number", "calculated")


@dataclass(frozen=True, eq=False)
class Answers:
    """A survey looked at as answers, not as numbers: rows outside its domain are left alone.

    by         the column of the groups that are compared, or None
    compounds  the fact sheet of the compounds, workers the survey of the community workers
    outcomes   the columns that results will be about
    """

    survey: Survey
    by: str | None = None
    compounds: Survey | None = None
    workers: Survey | None = None
    outcomes: tuple[str, ...] = ()
    _asked: dict[str, Flags | None] = field(default_factory=dict)
    _codes: dict[str, Array] = field(default_factory=dict)

    @cached_property
    def inside(self) -> Flags:
        """(n,) the rows that are checked."""
        domain = self.survey.domain
        return np.ones(len(self.survey), dtype=bool) if domain is None else domain

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items with codes or numbers that the frame has and that can be read, several answers as columns."""
        asked = self.survey.questionnaire
        if asked is None:
            return ()
        there = [each for item in asked.items for each in asked.expanded(item) if each.id in self.survey.frame.columns]
        return tuple(item for item in there if item.type in _CHECKED and item.id not in self.unreadable)

    @cached_property
    def unreadable(self) -> Mapping[str, str]:
        """Columns with something that is no answer -> what it is."""
        found = {}
        asked = self.survey.questionnaire
        for name in self.survey.frame.columns:
            if asked is not None and name in asked and asked.item(name).type in _WORDS:
                continue
            try:
                self.survey.column(name)
            except SurveyorError as error:
                found[str(name)] = error.what
        return found

    @cached_property
    def asked_items(self) -> tuple[Item, ...]:
        """The items that respondents answer: without those that only tell about the interview or the group."""
        return tuple(item for item in self.items if item.id not in self.administrative and item.copied is None)

    @cached_property
    def administrative(self) -> frozenset[str]:
        """The columns of roles, of the design and of the groups."""
        asked, design = self.survey.questionnaire, self.survey.design
        roles = [name for names in asked.roles.values() for name in names] if asked else []
        named = [name for part in (design.strata, design.clusters, design.fpc) for name in _names(part)]
        return frozenset([*roles, *named, *_names(design.weights), *_names(self.by)])

    def codes(self, name: str) -> Array:
        """The column (n,) as it stands, missing codes and all; NaN where blank."""
        if name not in self._codes:
            column = self.survey.frame[name]
            self._codes[name] = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        return self._codes[name]

    def values(self, name: str) -> Array:
        """The valid answers (n,), NaN elsewhere."""
        return self.survey.column(name).values

    def asked(self, item: Item) -> Flags | None:
        """Who was asked (n,); None where it rests on an item that the frame does not have."""
        return self._fulfilled(self._relevance(item))

    def put(self, item: Item) -> Flags:
        """Whom the question was put to (n,): by its routing, else by its codes; never those not asked by design."""
        asked, codes = self.asked(item), self.codes(item.id)
        if asked is None:
            return self.inside & ~np.isin(codes, UNASKED)
        return self.inside & asked & ~np.isin(codes, UNASKED)

    def _relevance(self, item: Item) -> Expression | None:
        asked = self.survey.questionnaire
        assert asked is not None
        return asked.relevance(item.id)

    def _fulfilled(self, filtered: Expression | None) -> Flags | None:
        if filtered is None:
            return np.ones(len(self.survey), dtype=bool)
        if filtered.source not in self._asked:
            self._asked[filtered.source] = self.evaluated(filtered)
        return self._asked[filtered.source]

    def evaluated(self, filtered: Expression) -> Flags | None:
        """The rows (n,) that fulfil a filter; None where it names a column that is absent or cannot be read."""
        here = self.survey.frame.columns
        if any(name not in here or name in self.unreadable for name in filtered.names):
            return None
        survey = self.survey
        rows = filtered.evaluate(
            lambda name: survey.column(name).values, survey.code, lambda name: survey.column(name).word
        )
        return np.asarray(np.broadcast_to(rows, len(survey)))

    def role(self, role: Role) -> str | None:
        """The column that tells this about the interview, where the frame has it."""
        asked = self.survey.questionnaire
        names = asked.roles.get(role, ()) if asked else ()
        return next((n for n in names if n in self.survey.frame.columns and n not in self.unreadable), None)

    @cached_property
    def cases(self) -> Callable[[int], str]:
        """The name of a row: its case number; without one its row in the file, the header being row 1."""
        name = self.role("case")
        asked = self.survey.questionnaire
        if name is None or asked is None or asked.item(name).personal:
            return lambda row: {"en": f"row {row + 2}", "zh": f"第{row + 2}行"}[self.survey.lang]
        column = self.survey.frame[name]
        return lambda row: _shown(column.iloc[row])

    @cached_property
    def groups(self) -> tuple[tuple[float, str], ...]:
        """The code and label of each group; none where the survey is not split."""
        if self.by is None:
            return ()
        column = self.survey.column(self.by)
        return tuple((code, level_text(column.texts, code, self.survey.lang)) for code in column.levels)

    def group(self, code: float) -> Flags:
        """The checked rows (n,) of one group."""
        assert self.by is not None
        return np.asarray(self.inside & (self.values(self.by) == code))

    def label(self, name: str) -> str:
        """An item as a reader knows it."""
        return self.survey.label(name)


def _names(part: Any) -> list[str]:
    return [] if part is None else [part] if isinstance(part, str) else [str(each) for each in part]


def _shown(case: Any) -> str:
    if isinstance(case, float) and case.is_integer():
        return str(int(case))
    return "" if pd.isna(case) else str(case).strip()[:20]
