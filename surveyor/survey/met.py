"""A frame met by its design: units and columns are made once and shared by every survey of the same answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.design import Design, Units
from surveyor.design.columns import several
from surveyor.errors import UsageError, guess
from surveyor.questionnaire import Questionnaire
from surveyor.questionnaire.column import Column, column_of

#: Where the shallow copy of a frame keeps the frame it was made of.
_ORIGIN = "_surveyor_origin"


@dataclass(frozen=True, eq=False)
class Met:
    """What a survey, its domains and its calibrations have in common.

    origin   the user's own frame: two surveys of one frame are of the same residents
    frame    a shallow copy of it, so that what is done to the user's frame later changes no number
    ready    the units, where they are known already
    columns  the columns read so far, by name
    """

    origin: pd.DataFrame
    frame: pd.DataFrame
    questionnaire: Questionnaire | None
    design: Design
    ready: Units | None = None
    columns: dict[str, Column] = field(default_factory=dict)

    def fits(self, frame: pd.DataFrame, questionnaire: Questionnaire | None, design: Design) -> bool:
        """Whether these are the same answers, questions and design."""
        return self.frame is frame and self.questionnaire is questionnaire and self.design == design

    @cached_property
    def units(self) -> Units:
        """The design met with the rows."""
        return self.ready or self.design.units(self._with_gaps())

    def column(self, name: str) -> Column:
        """The numbers of one column; raises UsageError for an unknown one."""
        if name not in self.frame.columns:
            raise UsageError(f"the data have no column '{name}'", remedy=guess(name, self.frame.columns))
        if name not in self.columns:
            self.columns[name] = column_of(self.frame[name], self.questionnaire)
        return self.columns[name]

    def extended(self, columns: Mapping[str, Array], questionnaire: Questionnaire | None) -> Met:
        """The same residents and design with these columns (n,) beside, or in place of, those of their names."""
        frame = self.frame.assign(**columns)
        object.__setattr__(frame, _ORIGIN, self.origin)
        read = {name: column for name, column in self.columns.items() if name not in columns}
        return replace(self, frame=frame, questionnaire=questionnaire, ready=self.units, columns=read)

    def _with_gaps(self) -> pd.DataFrame:
        """The frame with missing codes as gaps in the columns that name strata and clusters."""
        named = (*several(self.design.strata), *several(self.design.clusters))
        known = [name for name in named if self.questionnaire and name in self.questionnaire and name in self.frame]
        gaps = {name: self.frame[name].mask(np.isnan(self.column(name).values)) for name in known}
        return self.frame.assign(**gaps) if gaps else self.frame


def meet(frame: pd.DataFrame, questionnaire: Questionnaire | None, design: Design) -> Met:
    """A frame met by a design: the user's own one, or the copy that another survey keeps of it."""
    origin = frame.__dict__.get(_ORIGIN, frame)
    kept = frame.copy(deep=False)  # copy on write: nobody else's changes reach it
    object.__setattr__(kept, _ORIGIN, origin)
    return Met(origin, kept, questionnaire, design)
