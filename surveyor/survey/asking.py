"""Statistics asked of a survey: columns as numbers, groups as cells, values under the design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, places
from surveyor.design import Grouping, Shares, Units, evaluate, simple_variance
from surveyor.errors import DataError, UsageError
from surveyor.estimate import RESERVED, Estimate, Source
from surveyor.questionnaire.column import Column
from surveyor.statistics import OnTotals, Statistic

if TYPE_CHECKING:
    from surveyor.survey.survey import Survey


def source_of(survey: Survey, variant: str = "") -> Source:
    """Whose answers under which design; `variant` names another stratification than the declared one."""
    return Source(survey.origin, (survey.design, survey.steps, variant))


def estimate(
    survey: Survey,
    statistics: Sequence[Statistic],
    by: Sequence[str],
    units: Units,
    variant: str = "",
    cells: tuple[Sequence[float], Grouping] | None = None,
) -> Estimate:
    """The joint estimate of `statistics` in the cells of `by`, with deviations centred as `units` say.

    variant   what distinguishes `units` from the declared design
    cells     for one grouping: the levels to keep, and the rows sorted into them already
    """
    for name in by:
        if name in RESERVED or list(by).count(name) > 1:
            raise UsageError(
                f"the groups cannot be those of '{name}'" if name in RESERVED else f"'{name}' is named twice",
                expected=f"a column not called {', '.join(RESERVED)}" if name in RESERVED else None,
                remedy="Rename the column in the data" if name in RESERVED else None,
            )
    groups = {name: survey.column(name) for name in by}
    levels = [levels_of(column, name) for name, column in groups.items()]
    if cells is not None:
        levels[0] = list(cells[0])
    combinations = list(product(*levels))
    grouping = cells[1] if cells else Grouping(units, _cell_of(groups, levels, len(survey)), len(combinations))
    labels = {name: column.texts for name, column in groups.items()}
    asked: list[tuple[Statistic, dict[str, Array]]] = []
    frames = []
    for wanted in statistics:
        statistic = completed(survey, wanted)
        columns = {name: survey.column(name) for name in statistic.variables}
        labels |= {name: column.texts for name, column in columns.items()}
        asked.append((statistic, {name: _numbers(column, name, statistic) for name, column in columns.items()}))
        rows = [(*combination, *row) for combination in combinations for row in statistic.rows]
        frames.append(pd.DataFrame(rows, columns=[*by, "variable", "level", "statistic"], dtype=object))
    pieces = [evaluate(statistic, numbers, grouping) for statistic, numbers in asked]
    smooth = [(statistic, numbers) for statistic, numbers in asked if isinstance(statistic, OnTotals)]

    def simple() -> tuple[Array, Array]:
        parts = [simple_variance(statistic, numbers, grouping) for statistic, numbers in smooth]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def shares() -> Shares:
        made = [piece.shares() for piece in pieces if piece.shares is not None]
        return reduce(Shares.beside, made)

    places_on = [piece.places or (None,) * len(piece.values) for piece in pieces]
    return Estimate(
        cells=pd.concat(frames, ignore_index=True),
        values=np.concatenate([piece.values for piece in pieces]),
        deviations=np.hstack([piece.deviations for piece in pieces]),
        df=np.concatenate([piece.df for piece in pieces]),
        n=np.concatenate([piece.n for piece in pieces]),
        source=source_of(survey, variant),
        labels=labels,
        recipe=f"estimate({list(statistics)!r}, by={list(by)!r})",
        lang=survey.lang,
        names={name: survey.label(name) for name in labels},
        whole_df=units.whole_df,
        simple=simple if len(smooth) == len(asked) else None,
        shares=None if units.replicates is not None else shares,
        places=tuple(place for some in places_on for place in some) if any(piece.places for piece in pieces) else (),
    )


def completed(survey: Survey, statistic: Statistic) -> Statistic:
    """The statistic with the levels it does not name, and codes for the labels it names."""
    return statistic.completed(Meanings(survey))


@dataclass(frozen=True)
class Meanings:
    """What the questionnaire and the data of a survey say of its columns."""

    survey: Survey

    def levels(self, name: str) -> Sequence[float]:
        """The levels of a column, in the order they are listed."""
        return levels_of(self.survey.column(name), name)

    def code(self, name: str, answer: Any) -> float:
        """The code of an answer given by label or code."""
        return self.survey.code(name, answer)

    def direction(self, name: str) -> int:
        """-1 where the questionnaire calls low codes favourable, else +1."""
        choices = self.survey.questionnaire.choices_of(name) if self.survey.questionnaire else None
        return -1 if choices is not None and choices.direction < 0 else 1

    def sign(self, name: str) -> int:
        """-1 where the questionnaire calls the item reversed, else +1."""
        asked = self.survey.questionnaire
        return -1 if asked is not None and name in asked and asked.item(name).reversed else 1


def _numbers(column: Column, name: str, statistic: Statistic) -> Array:
    if column.is_text and name not in statistic.levelled:
        shown = next(iter(column.labels.values()), {"en": ""})["en"][:20]
        raise DataError(
            f"text where numbers are expected: '{shown}'",
            where=f"column '{name}'",
            remedy="Ask for its proportions, or turn the words into numbers first",
        )
    return column.values if name in statistic.levelled else column.measured


def levels_of(column: Column, name: str) -> list[float]:
    """The levels of a column, refused where there are none or too many to show."""
    levels = column.levels
    if not levels:
        raise DataError(f"'{name}' has no answers at all", remedy="Leave it out, or check how it was read")
    if len(levels) > 200:
        raise UsageError(
            f"'{name}' has {len(levels)} different values",
            expected="a column with a few groups or answers",
            remedy="Use bands, or ask for its mean",
        )
    return levels


def _cell_of(groups: Mapping[str, Column], levels: list[list[float]], n: int) -> Codes:
    """The cell of each row in the product of the groups' levels, -1 where a group is missing."""
    cell = np.zeros(n, dtype=np.intp)
    for column, known in zip(groups.values(), levels, strict=True):
        at = places(column.values, known)
        at[at == len(known)] = -1
        cell = at if len(groups) == 1 else np.where((cell < 0) | (at < 0), -1, cell * len(known) + at)
    return cell
