"""Confirmatory factor analysis: a factor model of a survey's items, and everything it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.estimate import Estimate
from surveyor.format import counted, number
from surveyor.measure.chi_square import ChiSquare, of_model
from surveyor.measure.fit import Solution
from surveyor.measure.fit_measures import FitMeasures, fit_measures, residual_correlations
from surveyor.measure.implied import Behind
from surveyor.measure.numbers import estimates, label_of
from surveyor.measure.parameters import Kind
from surveyor.measure.setting import Model, Setting, refuse_lost, setting_of
from surveyor.measure.specify import Equal
from surveyor.questionnaire import Language
from surveyor.shown import Shown

if TYPE_CHECKING:
    from surveyor.show import Figure, Table
    from surveyor.survey import Survey

#: A residual correlation above this is worth a look.
NOTED = 0.10

#: A standardised loading above this leaves nothing to the item itself.
WHOLE = 0.995


@dataclass(frozen=True, eq=False, repr=False)
class FactorAnalysis(Shown):
    """A factor model fitted to one or two groups.

    estimates   loadings, standardised loadings, thresholds, intercepts, residual variances, factor means, variances
                and correlations, with joint uncertainty: variable is the item or factor, level the factor it loads on,
                the factor it goes with, or the number of the threshold
    test, fit   the corrected chi-square and the measures of fit
    problems    what is wrong with the solution, such as a negative variance
    """

    setting: Setting
    solution: Solution
    estimates: Estimate
    test: ChiSquare
    fit: FitMeasures
    names: dict[str, str]
    groups: tuple[str, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lang: Language = "en"

    def to_frame(self) -> pd.DataFrame:
        """The estimates' frame: group, variable, level, statistic, value, se, low, high, df, n, note."""
        return self.estimates.to_frame()

    def loadings(self) -> pd.DataFrame:
        """A row an item and group: factor, item, label, loading, se, standardised loading with interval."""
        frame = self.to_frame()
        by = self.setting.groups.by
        keys = [*([by] if by in frame else []), "variable", "level"]
        plain = frame[frame["statistic"] == "loading"].set_index(keys)
        standard = frame[frame["statistic"] == "standardised loading"].set_index(keys)
        made = pd.DataFrame({
            "loading": plain["value"], "se": plain["se"],
            "standardised": standard["value"], "low": standard["low"], "high": standard["high"],
        }).reset_index()  # fmt: skip
        made = made.rename(columns={"variable": "item", "level": "factor"})
        return made.assign(label=[self.setting.items.labels.get(item, item) for item in made["item"]])

    @cached_property
    def residuals(self) -> pd.DataFrame:
        """Pairs of items whose correlation the model misses by more than .10: group, items, what is left over."""
        left = residual_correlations(self.solution, self.setting.moments)
        names, (i, j) = self.setting.items.names, self.setting.moments.layout.pairs
        rows = [
            (self.groups[g] if self.groups else "", names[i[k]], names[j[k]], float(left[g, k]))
            for g in range(len(left)) for k in np.flatnonzero(np.abs(left[g]) > NOTED)
        ]  # fmt: skip
        made = pd.DataFrame(rows, columns=["group", "item", "other", "left"])
        return made.sort_values("left", key=np.abs, ascending=False, ignore_index=True)

    def table(self) -> Table:
        """Standardised loadings and correlations of factors, in each group."""
        from surveyor.show.factors import loadings_table

        return loadings_table(self)

    def plot(self) -> Figure:
        """The path diagram."""
        from surveyor.show.factors import paths_figure

        return paths_figure(self)


def cfa(
    survey: Survey, model: Model, by: str | None = None, *, equal: Sequence[str] = (), continuous: bool = False
) -> FactorAnalysis:
    """Fit a factor model, each item reflecting one factor, the factors correlated.

    model        scales by name, an index made of scales (one factor behind theirs), or factors with their items
    by           the column of two groups in each of which the model is fitted
    equal        what is held alike in both: some of "thresholds", "loadings", "intercepts", "residuals", in this order
    continuous   ordinal items as numbers

    Ordinal items: thresholds and polychoric correlations, diagonally weighted least squares (Muthen 1984), errors from
    fitting again without each primary unit in turn. Continuous items alone: maximum likelihood over complete cases with
    sandwich errors. The chi-square is corrected for weights, strata and clusters (see ChiSquare).

    Raises what `setting_of` raises, DataError where the model does not converge.
    """
    setting = setting_of(survey, model, by, continuous)
    held = Equal(tuple(equal))  # type: ignore[arg-type]
    solution = refuse_lost(setting.fitted(setting.specified(held)), "The factor model")
    test = of_model(solution, setting.moments)
    deviations, lost = setting.deviations([solution])
    told = [f"{counted(lost, 'fit')} under replicates did not converge"] if lost else []
    codes = setting.groups.codes
    return FactorAnalysis(
        setting=setting,
        solution=solution,
        estimates=estimates(survey, setting, solution, deviations),
        test=test,
        fit=fit_measures(solution, setting.moments, test),
        names={name: label_of(survey, name) for name in setting.structure.factors},
        groups=tuple(survey.level_text(str(by), code) for code in codes),
        problems=tuple(problems_of(setting, solution)),
        notes=(*setting.groups.notes, *setting.items.notes, *told),
        lang=survey.lang,
    )


def problems_of(setting: Setting, solution: Solution) -> list[str]:
    """What cannot be true of a solution: negative variances, correlations of 1 and more (Heywood cases)."""
    told: list[str] = []
    for g in range(solution.parameters.shape.groups):
        arrays = solution.parameters.arrays(solution.theta, g)
        where = f" in group {g + 1}" if setting.groups.codes else ""
        told += _odd_items(setting, solution, arrays, where) + _odd_factors(setting, solution, arrays, where)
    return told


def _odd_items(setting: Setting, solution: Solution, arrays: Mapping[Kind, Array], where: str) -> list[str]:
    told, names = [], setting.items.names
    for item, residual in zip(names, arrays["residual"], strict=True):
        if residual <= 0:
            told.append(
                f"{item}: the variance left by its factor is {number(float(residual), 3)}, below 0{where} (a Heywood "
                "case): too few items or answers, or the item repeats another one"
            )
    behind = Behind(solution.layout, arrays)
    with np.errstate(invalid="ignore"):
        standard = arrays["loading"] * np.sqrt(np.abs(np.diag(behind.factors))) / behind.sd[:, None]
    for item, largest in zip(names, np.abs(standard).max(axis=1), strict=True):
        if largest > WHOLE:
            told.append(
                f"{item}: its standardised loading is {number(float(largest), 3)}{where}, so that it says all its "
                "factor says (a Heywood case)"
            )
    return told


def _odd_factors(setting: Setting, solution: Solution, arrays: Mapping[Kind, Array], where: str) -> list[str]:
    told, names = [], list(setting.structure.factors)
    factors = Behind(solution.layout, arrays).factors
    variance = np.diag(factors)
    for name, each in zip(names, variance, strict=False):
        if each <= 0:
            told.append(f"{name}: its variance is {number(float(each), 3)}, below 0{where} (a Heywood case)")
    sd = np.sqrt(np.abs(variance))
    for b, a in combinations(range(len(names)), 2):
        together = float(factors[a, b] / (sd[a] * sd[b]))
        if abs(together) >= 1:
            told.append(f"{names[b]} and {names[a]} correlate at {number(together, 3)}{where}: they are one factor")
    return told
