"""Survey: answers, the questionnaire they answer, and the design they came by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveyor.arrays import Flags
from surveyor.design import (
    Calibration,
    Design,
    Margins,
    Replicates,
    Units,
    calibrate,
)
from surveyor.design.columns import several
from surveyor.design.margins import margins_of
from surveyor.errors import DataError, UsageError, guess
from surveyor.estimate import Estimate, level_text
from surveyor.expressions import parse
from surveyor.questionnaire import Language, Questionnaire
from surveyor.questionnaire.column import Column, column_of
from surveyor.shown import Shown
from surveyor.statistics import Correlation, Mean, Proportion, Quantile, Ratio, Statistic, Total
from surveyor.survey.asking import estimate

if TYPE_CHECKING:
    from surveyor.compare import Comparison, Crosstab
    from surveyor.design.replicates import Method
    from surveyor.reading import Log
    from surveyor.statistics.quantile import Rule

SIMPLE = Design()
Names = str | Sequence[str]


@dataclass(frozen=True, eq=False)
class Survey(Shown):
    """Answers (any pandas DataFrame of codes), a questionnaire if there is one, and a design.

    Raises DataError where the frame has no rows or two columns with one name, DesignError where the
    design does not fit (see Design.units).

    >>> survey = Survey(pd.DataFrame({"age": [30, 40], "w": [1, 3]}), design=Design(weights="w"))
    >>> survey.mean("age").values
    array([37.5])
    """

    frame: pd.DataFrame
    design: Design = SIMPLE
    questionnaire: Questionnaire | None = None
    lang: Language = "en"
    log: Log | None = None
    domain: Flags | None = None
    margins: Margins | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.frame, pd.DataFrame) or not isinstance(self.design, Design):
            raise UsageError(
                "a survey is made of a pandas DataFrame and a Design",
                expected='sv.Survey(frame, design=sv.Design(weights="w", strata=..., clusters=...))',
            )
        if not len(self.frame):
            raise DataError("the data hold no rows")
        twice = self.frame.columns[self.frame.columns.duplicated()]
        if len(twice):
            raise DataError(f"two columns are called '{twice[0]}'", remedy="Give one of them another name")
        _ = self.units  # the design must fit before anything is asked

    @cached_property
    def units(self) -> Units:
        """The design met with these rows; residents outside the domain have weight zero and keep their place."""
        units = self.design.units(self._with_gaps())
        if self.margins is not None:
            units = calibrate(units, self.margins)
        return units if self.domain is None else replace(units, weights=np.where(self.domain, units.weights, 0.0))

    @cached_property
    def _columns(self) -> dict[str, Column]:
        """Columns read so far."""
        return {}

    def _with_gaps(self) -> pd.DataFrame:
        """The frame with missing codes as gaps in the columns that name strata and clusters."""
        named = (*several(self.design.strata), *several(self.design.clusters))
        known = [name for name in named if self.questionnaire and name in self.questionnaire and name in self.frame]
        gaps = {name: self.frame[name].mask(np.isnan(self.column(name).values)) for name in known}
        return self.frame.assign(**gaps) if gaps else self.frame

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        return f"<Survey: {len(self.frame)} residents, {self.frame.shape[1]} columns>"

    def where(self, condition: str) -> Survey:
        """The residents who fulfil a condition, as a domain: the design stays whole.

        condition   comparisons of columns, numbers and texts with and, or, not, in, is missing;
                    a text stands for the label of an answer: see surveyor.expressions

        Raises UsageError where the condition cannot be read or names an unknown column or answer.

        >>> survey = Survey(pd.DataFrame({"age": [30, 60, 70], "g": ["a", "b", "a"]}))
        >>> survey.where("age >= 60 and g == 'a'").mean("age").values
        array([70.])
        """
        inside = parse(condition).evaluate(lambda name: self.column(name).values, self.code)
        inside = np.broadcast_to(inside, len(self.frame))
        return replace(self, domain=inside if self.domain is None else inside & self.domain)

    def code(self, name: str, answer: Any) -> float:
        """The code of an answer given by code or label; raises UsageError where there is no such answer."""
        return self.column(name).code(name, answer)

    def calibrate(
        self,
        margins: Mapping[str | tuple[str, ...], Any],
        method: Calibration = "rake",
        *,
        bounds: tuple[float, float] | None = None,
        size: float | None = None,
    ) -> Survey:
        """The survey with weights that meet known totals of the population, and variances that know it.

        margins   column -> {answer: people}; a tuple of columns crosses them; a number is the total of a
                  numeric column. method "rake", "poststratify" (one margin), "linear" (GREG)
        bounds    for "linear": the least and largest ratio of new to old weights
        size      how many people there are in all, where no margin says it

        Raises UsageError for unknown columns and answers, DesignError for totals that cannot be met.
        """
        if self.margins is not None:
            raise UsageError("this survey is calibrated already", remedy="Give all margins in one call")
        values = {name: self.column(name).values for key in margins for name in several(key)}
        made = margins_of(values.__getitem__, self.code, len(self), margins, method, bounds, size)
        return replace(self, margins=made)

    def with_replicates(
        self, method: Method = "bootstrap", n: int = 500, seed: int | None = None, fay: float | None = None
    ) -> Survey:
        """The same survey with variances from replicates made from its design: see surveyor.Replicates.

        Raises UsageError for a bootstrap without a seed, DesignError where the strata do not suit the method.
        """
        replicates = Replicates(None, method, fay, n=n, seed=seed)
        return replace(self, design=replace(self.design, replicates=replicates))

    def column(self, name: str) -> Column:
        """The numbers of one column, NaN where an answer is missing, with its levels.

        Raises UsageError for an unknown column, DataError for text where codes are expected.
        """
        if name not in self.frame.columns:
            raise UsageError(f"the data have no column '{name}'", remedy=guess(name, self.frame.columns))
        if name not in self._columns:
            self._columns[name] = column_of(self.frame[name], self.questionnaire)
        return self._columns[name]

    def label(self, name: str) -> str:
        """The short label of a column, or its name."""
        return self.questionnaire.label(name, self.lang) if self.questionnaire else name

    def summary(self, name: str) -> Mean | Proportion:
        """The statistic that sums up a column: the share of its favourable end where the questionnaire
        names one, every share where it has levels, else the mean.
        """
        column = self.column(name)
        if not column.labels:
            return Mean(name)
        choices = self.questionnaire.choices_of(name) if self.questionnaire else None
        top = tuple(float(code) for code in choices.top) if choices else ()
        return Proportion(name, (top,) if top else tuple(column.levels))

    def level_text(self, name: str, code: Any) -> str:
        """The label of one code of a column."""
        return level_text(self.column(name).texts, code, self.lang)

    def estimate(self, statistic: Statistic | Sequence[Statistic], by: Names | None = None) -> Estimate:
        """Any statistic in every cell of `by`, with the covariance of all of them.

        >>> survey = Survey(pd.DataFrame({"y": [1, 2, 3, 6], "g": ["a", "a", "b", "b"]}))
        >>> survey.estimate(Mean("y"), by="g").values
        array([1.5, 4.5])
        """
        groups = [by] if isinstance(by, str) else list(by or ())
        wanted = list(statistic) if isinstance(statistic, Sequence) else [statistic]
        if not wanted:
            raise UsageError("no statistic was asked for")
        return estimate(self, wanted, groups, self.units)

    def mean(self, variables: Names, by: Names | None = None) -> Estimate:
        """Weighted means; a multiple-choice item is averaged over its codes."""
        return self.estimate([Mean(name) for name in _list(variables)], by)

    def proportion(self, variables: Names, by: Names | None = None) -> Estimate:
        """The share of each level among valid answers."""
        return self.estimate([Proportion(name) for name in _list(variables)], by)

    def total(self, variables: Names, by: Names | None = None) -> Estimate:
        """Weighted totals."""
        return self.estimate([Total(name) for name in _list(variables)], by)

    def ratio(self, numerator: str, denominator: str, by: Names | None = None) -> Estimate:
        """The ratio of two totals, over the residents who have both."""
        return self.estimate(Ratio(numerator, denominator), by)

    def quantile(
        self, variables: Names, p: float | Sequence[float] = (0.25, 0.5, 0.75), by: Names | None = None,
        rule: Rule = "math",
    ) -> Estimate:  # fmt: skip
        """Quantiles with Woodruff intervals; `rule` says how values between answers are found: see sv.Quantile."""
        return self.estimate([Quantile(name, p, rule) for name in _list(variables)], by)  # type: ignore[arg-type]

    def median(self, variables: Names, by: Names | None = None, rule: Rule = "math") -> Estimate:
        """Medians with Woodruff intervals."""
        return self.quantile(variables, [0.5], by, rule)

    def correlation(self, x: str, y: str, by: Names | None = None) -> Estimate:
        """Pearson's correlation of two variables, over the residents who have both."""
        return self.estimate(Correlation(x, y), by)

    def crosstab(self, rows: str, columns: str) -> Crosstab:
        """The joint shares of two items, with a test of independence."""
        from surveyor.compare import crosstab

        return crosstab(self, rows, columns)

    def compare(self, outcomes: Any, by: str = "type", **options: Any) -> Comparison:
        """The same outcomes in two groups: see `surveyor.compare.compare` for the options."""
        from surveyor.compare import compare

        return compare(self, outcomes, by, **options)


def _list(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
