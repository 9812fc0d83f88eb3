"""Compounds: what is known of them from their residents, without naming any."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes
from surveyor.design.columns import several
from surveyor.errors import UsageError, guess
from surveyor.format import number, significant
from surveyor.intervals import quantile_t
from surveyor.measure.compounds.one_way import OneWay
from surveyor.measure.compounds.outcome import Outcome
from surveyor.measure.compounds.shrunken import shrunken
from surveyor.measure.compounds.sums import Sums
from surveyor.measure.compounds.texts import say
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.survey import Survey

if TYPE_CHECKING:
    from surveyor.show import Figure, Prose

#: The least reliability of a compound's mean: as a predictor, and in an order of compounds.
PREDICTOR, RANKS = 0.50, 0.70


@dataclass(frozen=True, eq=False)
class Part:
    """One outcome in all compounds, in those of one type, or within types.

    model         None where there is none; `note` says why
    deff          design effect of the mean as the survey has it, with weights and strata; NaN within types
    weighted      the mean with weights; NaN within types
    """

    group: str
    sums: Sums
    model: OneWay | None
    deff: float
    weighted: float
    note: str

    @property
    def reliability(self) -> float:
        """Lambda: the mean of the reliabilities of the compounds' means; NaN without a model."""
        return float("nan") if self.model is None else float(self.model.reliability.mean())

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The interval of the ICC."""
        return (float("nan"), float("nan")) if self.model is None else self.model.interval()

    def row(self) -> dict[str, object]:
        """The part as a row of `Compounds.to_frame`."""
        sums, model, nan = self.sums, self.model, float("nan")
        kept = np.full(1, nan) if model is None else model.reliability
        return {
            "group": self.group,
            "icc": nan if model is None else model.icc,
            "low": self.ends[0],
            "high": self.ends[1],
            "tau2": nan if model is None else model.tau2,
            "sigma2": nan if model is None else model.sigma2,
            "n": int(sums.n.sum()),
            "compounds": sums.compounds,
            "n_bar": sums.answers / sums.compounds if sums.compounds else nan,
            "lambda": self.reliability,
            "lambda_min": float(kept.min()),
            "deff_kish": nan if model is None else model.design_effect,
            "deff_design": self.deff,
            "mean": float(model.mu[0]) if model is not None and sums.types == 1 else nan,
            "mean_weighted": self.weighted,
            "note": self.note,
        }


@dataclass(frozen=True, eq=False)
class Across:
    """One outcome: its parts, those of the types first, all compounds last; before the last the one within types."""

    outcome: Outcome
    parts: tuple[Part, ...]

    @property
    def main(self) -> Part:
        """The part that compounds' means come from: within types where there are any, else all."""
        return self.parts[-2] if len(self.parts) > 1 else self.parts[-1]


@dataclass(frozen=True, eq=False, repr=False)
class Compounds(Shown):
    """How far compounds differ in some outcomes.

    found     the outcomes, in the order they were asked for
    types     labels of the two types; none where none were asked for
    first     (U,) a row of the frame for each compound
    outside   whether compounds of neither type were left out
    """

    survey: Survey
    by: str | None
    found: tuple[Across, ...]
    types: tuple[str, ...]
    first: Codes
    outside: bool = False

    @property
    def lang(self) -> Language:
        """The language of labels and words."""
        return self.survey.lang

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of all of it."""
        keys = ("unweighted", "interval", *(("neither",) if self.outside else ()))
        return tuple(say(key, self.lang) for key in keys)

    def across(self, outcome: str) -> Across:
        """One outcome; raises UsageError where it was not asked for."""
        known = {each.outcome.name: each for each in self.found}
        if outcome not in known:
            raise UsageError(f"'{outcome}' is none of the outcomes", remedy=guess(outcome, known))
        return known[outcome]

    def part(self, outcome: str, group: str | None = None) -> Part:
        """One outcome in one group by its label; without one, what compounds' means come from.

        Raises UsageError for what was not asked for.
        """
        parts = {each.group: each for each in self.across(outcome).parts}
        if group is None:
            return self.across(outcome).main
        if group not in parts:
            raise UsageError(f"there is no group '{group}'", remedy=guess(group, parts))
        return parts[group]

    def to_frame(self) -> pd.DataFrame:
        """One row an outcome and group: outcome, group, icc, low, high, tau2, sigma2, n, compounds, n_bar, lambda,
        lambda_min, deff_kish, deff_design, mean, mean_weighted, note.

        lambda is the mean reliability of the compounds' means, lambda_min the least; deff_kish is 1 + (n* - 1) ICC,
        deff_design that of the survey's mean with weights and strata; mean is that of the compounds (unweighted).
        """
        rows = [{"outcome": each.outcome.name} | part.row() for each in self.found for part in each.parts]
        return pd.DataFrame(rows)

    def means(self, outcome: str) -> pd.DataFrame:
        """One row a compound, without its name and in no order: group, n, mean, shrunken, se, low, high, lambda, note.

        The shrunken mean is drawn towards the mean of its type; its interval takes t on compounds minus types.
        Raises UsageError where there is no model.
        """
        part, model = self._modelled(outcome)
        sums = model.sums
        value, se = shrunken(model)
        half = quantile_t(0.95, np.array(sums.between_df)) * se
        labels = np.array(self.types or (say("all", self.lang),), dtype=object)
        frame = pd.DataFrame(
            {
                "group": labels[sums.type],
                "n": sums.n.astype(int),
                "mean": sums.mean,
                "shrunken": value,
                "se": se,
                "low": value - half,
                "high": value + half,
                "lambda": model.reliability,
                "note": self.caution(part),
            }
        )
        return frame.iloc[_mixed(value)].reset_index(drop=True)

    def caution(self, part: Part) -> str:
        """What must not be done with the means of these compounds."""
        if part.reliability >= RANKS:
            return ""
        return say("no ranks" if part.reliability >= PREDICTOR else "low lambda", self.lang, shown=_shown(part))

    def predictor(self, outcome: str) -> pd.Series:
        """The shrunken means by compound, to be joined to other files; never to be published.

        The index is the cluster column, with the strata before it where a name stands in several of them.
        Raises UsageError where lambda is under .50 or there is no model.
        """
        part, model = self._modelled(outcome)
        if part.reliability < PREDICTOR:
            raise UsageError(
                f"the means of '{outcome}' cannot stand for the compounds: their reliability is {_shown(part)}",
                expected="a reliability of at least .50",
                remedy="Ask more residents per compound, take a scale instead of one item, or use a multilevel model",
            )
        design = self.survey.design
        cluster = several(design.clusters)[0]
        rows = self.survey.frame.iloc[self.first[model.sums.unit]]
        names = [cluster] if rows[cluster].is_unique else [*several(design.strata), cluster]
        index = pd.MultiIndex.from_frame(rows[names]) if len(names) > 1 else pd.Index(rows[cluster], name=cluster)
        return pd.Series(shrunken(model)[0], index=index, name=outcome).sort_index()

    def plot(self, outcome: str) -> Figure:
        """The shrunken means with intervals in order, coloured by type and without names."""
        from surveyor.show.compounds import compounds_figure

        return compounds_figure(self, outcome)

    def sentence(self, outcome: str) -> Prose:
        """Whether compounds differ more within each type than the types differ; without types, how far they differ."""
        from surveyor.show.compounds import compounds_sentence

        return compounds_sentence(self, outcome)

    def _modelled(self, outcome: str) -> tuple[Part, OneWay]:
        part = self.across(outcome).main
        if part.model is None:
            raise UsageError(f"the compounds cannot be told apart in '{outcome}': {part.note}")
        return part, part.model


def _shown(part: Part) -> str:
    return number(part.reliability, 3).removeprefix("0")


def _mixed(values: Array) -> Codes:
    """An order that follows neither the names of the compounds nor their values: that of a hash of each value."""
    keys = [blake2b(repr(significant(float(value), 8)).encode()).digest() for value in values]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)
