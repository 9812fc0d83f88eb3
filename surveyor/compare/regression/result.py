"""Regression under the design of a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtr

from surveyor.arrays import Array
from surveyor.compare.few_units import FEWEST
from surveyor.compare.regression.fitting import INFERENCE, Inference, Plan, evaluated, plan_of
from surveyor.compare.regression.model import Model, model_of
from surveyor.compare.remarks import REMARKS
from surveyor.errors import UsageError, guess
from surveyor.estimate import DegreesRule, Estimate
from surveyor.format import count, counted
from surveyor.shown import Shown
from surveyor.significance import Test, hotelling, kept, wald
from surveyor.statistics.regression.families import Gaussian, Poisson
from surveyor.statistics.regression.matrix import Band, Level
from surveyor.statistics.regression.standardised import Standardised
from surveyor.survey import Survey


@dataclass(frozen=True, eq=False, repr=False)
class RegressionResult(Shown):
    """Coefficients of a model with their joint uncertainty, and what the model says on average.

    coefficients  one value per column of the model (and cut point), with `df` by the rule of inference;
    model, plan   what was fitted, and under which design
    notes         what was left out, merged or cannot be had
    """

    coefficients: Estimate
    model: Model
    plan: Plan
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Residents the model rests on."""
        return int(self.model.there.sum())

    @property
    def clusters(self) -> int | None:
        """Primary units with such residents; None where the design names none."""
        units = self.plan.units
        if not units.clustered:
            return None
        return len(np.unique(units.first.member[units.unit[self.model.there]]))

    @property
    def residual_df(self) -> float:
        """R's df: primary units minus strata plus one minus the coefficients (cut points count as one)."""
        statistic, units = self.model.statistic, self.plan.units
        members = np.bincount(units.unit[self.model.there], minlength=units.count).astype(float)[:, None]
        slopes = len(statistic.matrix) * (1 if statistic.family.ordered else statistic.family.predictors)
        return float(units.degrees(members)[0]) + (0 if statistic.family.ordered else 1) - slopes

    def to_frame(self, level: float = 0.95, df: DegreesRule | float | None = None) -> pd.DataFrame:
        """term, level, value, se, df, low, high, t, p, note; before them the answer, for a multinomial model.

        df   None: by the rule of inference; "r": residual_df; or a rule of Estimate.interval, or a number
        """
        estimate = self.coefficients
        rule = self._rule(df)
        frame = estimate.interval(level, "wald", rule).rename(columns={"variable": "term"})
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (frame["value"] / frame["se"]).to_numpy()
        untested = np.logical_or(self._few, estimate.se <= 1e-13 * np.abs(estimate.values))
        p = np.where(untested, np.nan, kept(2 * stdtr(frame["df"], -np.abs(t))))
        note = [
            "predicts the outcome perfectly: no finite coefficient" if np.isnan(value)
            else self._untested if few
            else said or ("" if df > 0 else "too few primary units for an interval")
            for value, few, said, df in zip(frame["value"], self._few, frame["note"], frame["df"], strict=True)
        ]  # fmt: skip
        frame = frame.assign(t=t, p=p, note=note)
        first = [self.model.formula.outcome] if self._answers else []
        return frame[[*first, "term", "level", "value", "se", "df", "low", "high", "t", "p", "note"]]

    def test(self, term: str, df: DegreesRule | float | None = None) -> Test:
        """Wald F test that all coefficients of a term are 0.

        Under "design", or with a rule for df, F on their number (or rank) and the least of their df, as R has it; else
        Hotelling's, which counts that the covariance is estimated from few units (see significance.hotelling).

        term   as in the formula, such as "type", "poly(age, 2)" or "type:sex"
        df     as in to_frame; R's regTermTest has df="r"

        Raises UsageError where there is no such term.
        """
        estimate = self.coefficients
        slopes = (estimate.cells["statistic"] == "coefficient").to_numpy()
        terms = estimate.cells["variable"][slopes].unique()
        if term not in terms:
            raise UsageError(f"the model has no term '{term}'", remedy=guess(term, terms))
        at = np.flatnonzero(slopes & (estimate.cells["variable"] == term).to_numpy())
        rule = self._rule(df)
        degrees = estimate.degrees(rule)[at]
        values, D = estimate.values[at], estimate.deviations[:, at]
        if self.plan.inference == "design" or df is not None:
            made = wald(values, D, float(degrees.min()))
        else:
            made = hotelling(values, D, float(degrees.mean()))
        if self._few[at].any():
            return replace(made, p=np.nan, note=self._untested)
        return made

    @property
    def _untested(self) -> str:
        return REMARKS["too few"][self.coefficients.lang].format(n=count(FEWEST))

    def ratios(self) -> Estimate:
        """Exponentials of the coefficients, with intervals made before: odds ratios, or rate ratios of a Poisson model.

        They belong into an annex: an odds ratio is no ratio of shares, which margins() and adjusted() give.

        Raises UsageError for a model without a logit or log.
        """
        family = self.model.statistic.family
        if isinstance(family, Gaussian) or getattr(family, "link", "logit") != "logit":
            raise UsageError(
                "the coefficients of this model are no logs of ratios", remedy="Use margins() or adjusted()"
            )
        made = self.coefficients.transform(lambda b: b, back=np.exp)
        what = "rate ratio" if isinstance(family, Poisson) else "odds ratio"
        return replace(made, cells=self.coefficients.cells.assign(statistic=what), df=self.coefficients.df)

    def margins(self, variable: str) -> Estimate:
        """Average marginal effects of a variable: for numbers the mean slope d E(y) / d x, for levels the mean
        difference to the reference level; for shares of answers, of each answer.

        All residents are given the same level and the predictions averaged with the weights; the residents count as
        drawn, so that their composition varies too (Graubard and Korn 1999).

        Raises UsageError where the model has no such variable, or has it both as numbers and as levels.
        """
        parts = self._levels(variable)
        settings = tuple((part.code, part.inside) for part in parts)
        return self._standardised(variable, settings, effects=True)

    def adjusted(self, variable: str, at: Sequence[float] | None = None) -> Estimate:
        """Means, or shares of answers, had all residents the same level of a variable (standardisation).

        at   the values of a variable of numbers

        Raises UsageError where the model has no such variable, or values are missing or not wanted.
        """
        parts = self._levels(variable)
        wanted = None if at is None else _numbers(at)
        if wanted is not None and not wanted:
            raise UsageError(f"at={at!r} are no values", expected=f'numbers, as in adjusted("{variable}", at=[30, 60])')
        if bool(parts) == (at is not None):
            raise UsageError(
                f"'{variable}' holds {'levels' if parts else 'numbers'}",
                expected=f'adjusted("{variable}")' if parts else f'adjusted("{variable}", at=[...])',
                remedy=None if parts else f'Or ask margins("{variable}") for its mean slope',
            )
        settings = tuple((part.code, part.inside) for part in parts) or tuple((v, v) for v in wanted or ())
        return self._standardised(variable, settings, effects=False)

    @cached_property
    def deviance(self) -> float:
        """Twice what the log-likelihood lacks to one of a model that fits every answer; weights with mean 1."""
        columns, w = self._rows
        made = self.model.statistic.solved(columns, w)
        return float(2 * (w @ self._best(columns) - made.optimum.value) / w.mean())

    @cached_property
    def null_deviance(self) -> float:
        """The deviance of a model that predicts the same for all."""
        columns, w = self._rows
        family = self.model.statistic.family
        y = family.coded(columns[self.model.formula.outcome])
        eta = np.tile(family.start(y, w), (len(w), 1))
        return float(2 * (w @ (self._best(columns) - family.slopes(y, eta).loglik)) / w.mean())

    def _best(self, columns: dict[str, Array]) -> Array:
        family = self.model.statistic.family
        return np.asarray(family.best(family.coded(columns[self.model.formula.outcome])) + np.zeros(self.n))

    @property
    def _rows(self) -> tuple[dict[str, Array], Array]:
        there = self.model.there
        return {name: column[there] for name, column in self.model.columns.items()}, self.plan.units.weights[there]

    @property
    def _answers(self) -> bool:
        """Whether each answer has coefficients of its own."""
        return self.model.statistic.family.predictors > 1 and not self.model.statistic.family.ordered

    def _rule(self, df: DegreesRule | float | None) -> DegreesRule | float:
        return "design" if df is None else self.residual_df if df == "r" else df

    @cached_property
    def _few(self) -> Array:
        """Coefficients (q,) of groups of whole units that have too few units at a level or the reference."""
        counts = self.plan.cells.counts if self.plan.units.clustered else {}
        model = self.model
        few = np.zeros(len(self.coefficients), dtype=bool)
        p, several, last = len(model.statistic.matrix), self._answers, len(few)
        for k, column in enumerate(model.statistic.matrix.columns):
            for factor, parts in model.parts.items():
                if factor.label in counts and any(part in column.parts for part in parts):
                    sides = [model.place(factor, part) for part in parts if part in (*column.parts, parts[0])]
                    few[k : last if several else k + 1 : p] |= bool((counts[factor.label][sides] < FEWEST).any())
        return few

    def _levels(self, variable: str) -> list[Level | Band]:
        """The levels of a variable in the model; none if it stands there as numbers."""
        found = [factor for factor in self.model.parts if variable in (factor.name, factor.label)]
        if not found:
            known = [factor.name for factor in self.model.parts]
            raise UsageError(f"the model has no variable '{variable}'", remedy=guess(variable, known))
        same = [factor for factor in self.model.parts if factor.name == found[0].name]
        kinds = {factor in self.model.texts for factor in same}
        if len(kinds) > 1 or (True in kinds and len(same) > 1):
            raise UsageError(f"'{found[0].name}' is in the model in two ways ({', '.join(f.label for f in same)})")
        return [part for part in self.model.parts[found[0]] if isinstance(part, Level | Band)]

    def _standardised(self, variable: str, settings: tuple[tuple[float, float], ...], effects: bool) -> Estimate:
        if self.plan.inference == "cr2":
            raise UsageError("averages of the model have no CR2 variance", remedy='Use inference="auto"')
        if self.model.repeated:
            raise UsageError(
                "terms that repeat others were left out, so the model cannot say what all would answer at each level",
                remedy="Take them out of the formula, or join levels",
            )
        name = next(factor.name for factor in self.model.parts if variable in (factor.name, factor.label))
        statistic = Standardised(self.model.statistic, name, settings, effects)
        outcome = self.model.formula.outcome
        answers = [(k,) if k is not None else () for k in statistic.regression.family.answers]
        groups = [outcome] if answers[0] else []
        rows = [
            (*answers[i % len(answers)], variable, level, what) for i, (_, level, what) in enumerate(statistic.rows)
        ]
        cells = pd.DataFrame(rows, columns=[*groups, "variable", "level", "statistic"], dtype=object)
        verb = "margins" if effects else "adjusted"
        grouped = np.full(len(cells), effects and bool({name, variable} & {*self.plan.cells.used}))
        recipe = f"{self.coefficients.recipe}.{verb}({variable!r})"
        return evaluated(self.model, self.plan, statistic, cells, recipe, grouped)


def regress(
    survey: Survey, formula: str, family: str = "gaussian", inference: Inference = "auto", link: str = "logit"
) -> RegressionResult:
    """A model of an outcome: `"satisfaction ~ type + age + type:age"` (see surveyor.expressions.formulas).

    family      "gaussian", "binomial", "poisson", "ordinal" (proportional odds) or "multinomial"
    inference   "auto", "strata", "design", "cr2" or "jackknife": see surveyor.compare.regression.fitting.Plan
    link        "logit", or for a binomial model "probit"

    Columns with labels or words are levels, coded against the first in the questionnaire's order.

    Raises UsageError for a formula that cannot be read or names what is not there, DataError where the answers
    cannot bear the model, DesignError where the design cannot bear the inference.

    >>> survey = Survey(pd.DataFrame({"y": [1.0, 2, 3, 6], "g": ["a", "a", "b", "b"]}))
    >>> regress(survey, "y ~ g").coefficients.values
    array([1.5, 3. ])
    """
    if inference not in INFERENCE:
        raise UsageError(f"there is no inference '{inference}'", remedy=guess(str(inference), INFERENCE))
    model = model_of(survey, formula, family, link)
    plan = plan_of(model, inference)
    recipe = f"regress({formula!r}, family={family!r}, inference={inference!r}, link={link!r})"
    made = evaluated(model, plan, model.statistic, model.cells, recipe, model.entered_by(plan.cells.used))
    notes = (*model.notes, *plan.notes)
    if np.isnan(made.values).any() and (more := model.without_repeated()) is not None:
        model, left = more
        notes = (*notes, f"left out, as they add nothing to the terms before them: {', '.join(left)}")
        made = evaluated(model, plan, model.statistic, model.cells, recipe, model.entered_by(plan.cells.used))
    lost = list(dict.fromkeys(made.cells["variable"][np.isnan(made.values)]))
    if lost:
        notes = (*notes, f"predicts the outcome perfectly, so that it has no finite coefficient: {', '.join(lost)}")
    result = RegressionResult(made, model, plan, notes)
    if result.residual_df <= 0:
        notes = (*notes, f"{counted(len(made), 'coefficient')} rest on too few primary units to be tested together")
    return replace(result, notes=notes)


def _numbers(given: Any) -> list[float]:
    """Finite numbers, or none where they are something else."""
    try:
        found = np.asarray(given, dtype=float).reshape(-1) if not isinstance(given, str) else np.zeros(0)
    except (TypeError, ValueError):
        return []
    return [float(v) for v in found] if np.isfinite(found).all() else []
