"""Confirmatory factor analysis: a factor model of a survey's items, and everything it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyor.errors import UsageError, guess
from surveyor.estimate import Estimate
from surveyor.measure.chi_square import ChiSquare, of_model
from surveyor.measure.fit import Solution
from surveyor.measure.fit_measures import FitMeasures, fit_measures, residual_correlations
from surveyor.measure.numbers import estimates
from surveyor.measure.problems import lost_fits, problems_of
from surveyor.measure.setting import Model, Setting, refuse_lost, setting_of
from surveyor.measure.specify import ORDER, Alike, Equal
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.threads import alone

if TYPE_CHECKING:
    from surveyor.show import Figure, Table
    from surveyor.survey import Survey

#: A residual correlation above this is worth a look.
NOTED = 0.10


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


@alone
def cfa(
    survey: Survey, model: Model, by: str | None = None, *, equal: Sequence[str] = (), continuous: bool = False
) -> FactorAnalysis:
    """Fit a factor model, each item reflecting one factor, the factors correlated.

    model        scales by name, an index made of scales (one factor behind theirs), or factors with their items
    by           the column of two groups in each of which the model is fitted
    equal        what is held alike in both: some of "thresholds", "loadings", "intercepts", "residuals", in this order
    continuous   ordinal items as numbers

    Ordinal items: thresholds and polychoric correlations, diagonally weighted least squares (Muthen 1984), errors from
    fitting again without each primary unit in turn, or by the sandwich where that misses something (`Setting.refits`).
    Calibrated weights count as fixed in these fits, and are made anew under `with_replicates`. Continuous items alone:
    maximum likelihood over complete cases with sandwich errors. The chi-square is corrected for weights, strata and
    clusters (see ChiSquare).

    Raises what `setting_of` raises, UsageError where `equal` cannot be held, DataError where the model does not
    converge.

    >>> from surveyor.survey import Survey
    >>> cube = np.array(list(np.ndindex(2, 2, 2, 2)))  # one thing behind three answers, each with a part of its own
    >>> frame = pd.DataFrame(cube[:, :1] + cube[:, 1:], columns=["a", "b", "c"])
    >>> made = cfa(Survey(frame), {"one": ["a", "b", "c"]}, continuous=True)
    >>> made.loadings()["standardised"].round(3).tolist()
    [0.707, 0.707, 0.707]
    """
    setting = setting_of(survey, model, by, continuous)
    held = Equal(_alike(setting, equal))
    solution = refuse_lost(setting.fitted(setting.specified(held)), "The factor model")
    test = of_model(solution, setting.moments)
    deviations, lost = setting.deviations([solution])
    groups = tuple(survey.level_text(str(by), code) for code in setting.groups.codes)
    return FactorAnalysis(
        setting=setting,
        solution=solution,
        estimates=estimates(survey, setting, solution, deviations),
        test=test,
        fit=fit_measures(solution, setting.moments, test),
        names={name: survey.label(name) for name in setting.structure.factors},
        groups=groups,
        problems=tuple(problems_of(setting, solution, groups, survey.lang)),
        notes=(*setting.groups.notes, *setting.items.notes, *lost_fits(lost, survey.lang)),
        lang=survey.lang,
    )


def _alike(setting: Setting, equal: Sequence[str]) -> tuple[Alike, ...]:
    """What is held alike, in order; raises UsageError for unknown words, one group, and a step whose former ones are
    left out: the model would not be identified, or compare what has no common scale.
    """
    asked = (equal,) if isinstance(equal, str) else tuple(equal)
    for what in asked:
        if what not in ORDER:
            raise UsageError(f"equal='{what}' is not known", remedy=guess(str(what), ORDER))
    if asked and setting.groups.count < 2:
        raise UsageError("there is one group, and nothing to be alike in", remedy="Name the column of the groups: by=")
    order = ORDER if setting.ordinal else ORDER[1:]
    listed = tuple(what for what in order if what in asked)
    if listed != order[: len(listed)]:
        raise UsageError(
            f"{listed[-1]} cannot be held alike alone", expected=", then ".join(order[: order.index(listed[-1]) + 1])
        )
    return listed
