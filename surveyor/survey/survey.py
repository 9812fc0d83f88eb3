"""Survey: answers, the questionnaire they answer, and the design they came by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.design import (
    Calibration,
    Design,
    Margins,
    Replicates,
    Trimming,
    Units,
)
from surveyor.design.columns import named
from surveyor.design.margins import margins_of
from surveyor.design.replicates import replicated
from surveyor.errors import DataError, UsageError
from surveyor.estimate import Estimate, level_text
from surveyor.expressions import parse
from surveyor.questionnaire import Language, Questionnaire
from surveyor.questionnaire.column import Column
from surveyor.shown import Shown
from surveyor.statistics import Correlation, Mean, Proportion, Quantile, Ratio, Statistic, Total
from surveyor.survey.asking import estimate
from surveyor.survey.met import Met, meet

if TYPE_CHECKING:
    from pathlib import Path

    from surveyor.checking import Findings
    from surveyor.compare import Comparison, Crosstab, RegressionResult
    from surveyor.design.replicates import Method
    from surveyor.measure.cfa import FactorAnalysis
    from surveyor.measure.compounds import Compounds
    from surveyor.measure.dif import ItemBias
    from surveyor.measure.invariance import Invariance
    from surveyor.measure.measurement import Measurement
    from surveyor.measure.parallel import Parallel
    from surveyor.measure.reliability import Reliability
    from surveyor.measure.setting import Model
    from surveyor.reading import Log
    from surveyor.statistics.quantile import Rule
    from surveyor.writing import Written

SIMPLE = Design()
Names = str | Sequence[str]


@dataclass(frozen=True, eq=False)
class Survey(Shown):
    """Answers (any pandas DataFrame of codes), a questionnaire if there is one, and a design.

    The frame is taken as it is now: what is done to it later does not change the survey.

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
    steps: tuple[Margins | Trimming, ...] = ()
    met: Met | None = None

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
        if self.met is None or not self.met.fits(self.frame, self.questionnaire, self.design):
            object.__setattr__(self, "met", meet(self.frame, self.questionnaire, self.design))
        object.__setattr__(self, "frame", self._met.frame)
        _ = self.units  # the design must fit before anything is asked

    @cached_property
    def units(self) -> Units:
        """The design met with these rows; residents outside the domain have weight zero and keep their place."""
        units = self._everybody
        return units if self.domain is None else replace(units, weights=np.where(self.domain, units.weights, 0.0))

    @cached_property
    def _everybody(self) -> Units:
        """The same whatever the domain."""
        units = self._met.units
        for step in self.steps:
            units = step.applied(units)
        return units

    @property
    def _met(self) -> Met:
        assert self.met is not None
        return self.met

    @property
    def origin(self) -> pd.DataFrame:
        """The frame the survey was made of: two surveys of one frame are of the same residents."""
        return self._met.origin

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        return f"<Survey: {len(self.frame)} residents, {self.frame.shape[1]} columns>"

    def where(self, condition: str) -> Survey:
        """The residents who fulfil a condition, as a domain: the design stays whole.

        condition   comparisons of columns, numbers and texts with and, or, not, in, is missing;
                    a text stands for the label of an answer: see surveyor.expressions

        Raises UsageError where the condition cannot be read, names an unknown column or answer, or takes
        words for numbers.

        >>> survey = Survey(pd.DataFrame({"age": [30, 60, 70], "g": ["a", "b", "a"]}))
        >>> survey.where("age >= 60 and g == 'a'").mean("age").values
        array([70.])
        """
        filtered = parse(condition)
        inside = filtered.evaluate(
            lambda name: self.column(name).values, self.code, lambda name: self.column(name).word
        )
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

        Acts on all residents, whatever the domain.

        margins   column -> {answer: people}; a tuple of columns crosses them; a number is the total of a
                  numeric column. method "rake", "poststratify" (one margin), "linear" (GREG)
        bounds    for "linear": the least and largest ratio of new to old weights
        size      how many people there are in all, where no margin says it

        Raises UsageError for unknown columns and answers, and totals that are no numbers; DesignError for
        totals that cannot be met, or only with a negative weight, or that leave nobody where there is somebody.
        """
        made = margins_of(self.column, self._everybody.weights > 0, margins, method, bounds, size)
        return replace(self, steps=(*self.steps, made))

    def trim(self, upper: float | None = None, lower: float = 0, *, strict: bool = False) -> Survey:
        """The survey with weights between `lower` and `upper` (five times the median weight, if not given).

        What is cut off is shared out equally among the others: once, as R's trimWeights, so that some of them may end
        just outside the bounds; or, if `strict`, again until no weight lies outside. Acts on all residents with weight
        above 0, whatever the domain. Calibrate again after it: trimming moves the totals of margins.

        Raises UsageError for bounds that are no bounds, DesignError where nobody is left to take what is cut off.
        """
        weights = self._everybody.weights
        bound = 5 * float(np.median(weights[weights > 0])) if upper is None else upper
        try:
            apart = bool(0 <= lower < bound)
        except (TypeError, ValueError):
            apart = False
        if not apart:
            raise UsageError(f"weights cannot be trimmed to {lower} to {bound}", expected="numbers 0 <= lower < upper")
        return replace(self, steps=(*self.steps, Trimming(float(lower), float(bound), strict)))

    def with_replicates(
        self, method: Method = "bootstrap", n: int = 500, seed: int | None = None, fay: float | None = None
    ) -> Survey:
        """The same survey with variances from replicates made from its design: see surveyor.Replicates.

        Raises UsageError for a bootstrap without a seed and numbers of replicates that cannot be, DesignError
        where the strata do not suit the method.
        """
        made = Replicates(None, method, fay, n=n, seed=seed)
        design = replace(self.design, replicates=made)
        ready = None if self.design.replicates else replicated(self._met.units, made)
        return replace(self, design=design, met=replace(self._met, design=design, ready=ready))

    def with_columns(self, columns: Mapping[str, Array], questionnaire: Questionnaire | None) -> Survey:
        """The survey of the same residents with further columns (n,), and the questionnaire that knows them."""
        met = self._met.extended(columns, questionnaire)
        return replace(self, frame=met.frame, questionnaire=questionnaire, met=met)

    def score(self, scales: Names) -> Survey:
        """The survey with a column for each scale, such as "SCI", by the questionnaire's rule: see `surveyor.measure`.

        Scores in standard deviations are those of the residents of this survey: score first, filter after it.
        """
        from surveyor.measure.scoring import score

        return score(self, _list(scales, "scales"))

    def column(self, name: str) -> Column:
        """The numbers of one column, NaN where an answer is missing, with its levels.

        Raises UsageError for an unknown column, DataError for text where codes are expected.
        """
        return self._met.column(name)

    def label(self, name: str) -> str:
        """The short label of a column or scale, or its name."""
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
        groups = [] if by is None else _list(by, "by")
        wanted = list(statistic) if isinstance(statistic, Sequence) else [statistic]
        for each in wanted:
            if not isinstance(each, Statistic):
                raise UsageError(f"{each!r} is no statistic", expected='a statistic, such as sv.Mean("y"), or several')
        if not wanted:
            raise UsageError("no statistic was asked for", expected='a statistic, such as sv.Mean("y"), or several')
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

    def regress(self, formula: str, family: str = "gaussian", **options: Any) -> RegressionResult:
        """A model of an outcome, such as "y ~ type + age": see `surveyor.compare.regress` for the options."""
        from surveyor.compare import regress

        return regress(self, formula, family, **options)

    def cfa(self, model: Model, by: str | None = None, **options: Any) -> FactorAnalysis:
        """A factor model of items, such as ["REC", "TRU"]: see `surveyor.measure.cfa`."""
        from surveyor.measure.cfa import cfa

        return cfa(self, model, by, **options)

    def invariance(self, model: Model, by: str = "type", **options: Any) -> Invariance:
        """Whether items work alike in the two groups of `by`: see `surveyor.measure.invariance`."""
        from surveyor.measure.invariance import invariance

        return invariance(self, model, by, **options)

    def measurement(self, scales: Names, by: str = "type") -> Measurement:
        """Reliability, invariance, loadings and latent gaps of scales in one: see `surveyor.measure.measurement`."""
        from surveyor.measure.measurement import measurement

        return measurement(self, _list(scales, "scales"), by)

    def reliability(self, scales: Any, by: str | None = None) -> Reliability:
        """Alpha, omega and their company of scales, by group: see `surveyor.measure.reliability`."""
        from surveyor.measure.reliability import reliability

        return reliability(self, scales, by)

    def dif(self, scale: str | Sequence[str], by: str = "type", **options: Any) -> ItemBias:
        """Which items are answered differently at the same level of their scale: see `surveyor.measure.dif`."""
        from surveyor.measure.dif import dif

        return dif(self, scale, by, **options)

    def parallel(self, items: Names, seed: int, **options: Any) -> Parallel:
        """How many factors stand behind items, by comparison with noise: see `surveyor.measure.parallel`."""
        from surveyor.measure.parallel import parallel

        return parallel(self, _list(items, "items"), seed, **options)

    def compounds(self, outcomes: Names, by: str | None = None) -> Compounds:
        """How compounds differ, and how well their means are known: see `surveyor.measure.compounds`."""
        from surveyor.measure.compounds import compounds

        return compounds(self, outcomes, by)

    def check(self, **options: Any) -> Findings:
        """What is wrong, or should be looked at, before results are believed: see `surveyor.checking.check`."""
        from surveyor.checking import check

        return check(self, **options)

    def write(self, path: str | Path, *, lang: Language | None = None) -> Written:
        """Write answers, labels and missing codes to .sav, .dta, .csv, .xlsx or .parquet: see `surveyor.writing`."""
        from surveyor.writing import write

        return write(self, path, lang=lang)

    def compare(self, outcomes: Any, by: str = "type", **options: Any) -> Comparison:
        """The same outcomes in two groups: see `surveyor.compare.compare` for the options."""
        from surveyor.compare import compare

        return compare(self, outcomes, by, **options)


def _list(given: Names, argument: str = "variables") -> list[str]:
    """One name or several as a list; raises UsageError for what names no column."""
    names = named(given, argument)
    return [names] if isinstance(names, str) else list(names or ())
