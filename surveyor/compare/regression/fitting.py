"""A model evaluated under one rule of inference: its numbers with their deviations and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.compare.few_units import left_out
from surveyor.compare.regression.cells import Cells, cells_of
from surveyor.compare.regression.model import Model
from surveyor.design import Grouping, Linearised, Replicates, Units, evaluate
from surveyor.design.cr2 import cr2
from surveyor.design.replicates import build
from surveyor.errors import DesignError, UsageError
from surveyor.estimate import Estimate
from surveyor.format import counted
from surveyor.statistics import Fitted
from surveyor.statistics.regression.families import Gaussian
from surveyor.survey import source_of
from surveyor.survey.groups import NOTES

Inference = Literal["auto", "strata", "design", "cr2", "jackknife"]
INFERENCE: tuple[Inference, ...] = ("auto", "strata", "design", "cr2", "jackknife")
#: More refits than this are refused.
REFITS = 10_000


@dataclass(frozen=True, eq=False)
class Plan:
    """The design a model is evaluated under.

    inference  "auto" groups of whole units as strata, df for few and unequal units; "strata" the same variance,
               units minus cells;
               "design" the declared strata only, units minus strata (parity with R, Stata and svy);
               "cr2" bias-reduced cluster-robust variance with its own df (gaussian); "jackknife" one unit of these
               strata left out at a time
    declared   the design without these strata, for numbers that the groups do not enter: nobody fixed how many units of
               each group there are, so what differs between the groups belongs to the error of a slope or a mean
    """

    inference: Inference
    cells: Cells
    variant: str
    notes: tuple[str, ...] = ()
    declared: Units | None = None

    @property
    def units(self) -> Units:
        """Who belongs where, and the strata in which deviations are centred."""
        return self.cells.units


def plan_of(model: Model, inference: Inference) -> Plan:
    """The design for a rule of inference.

    Raises UsageError for a rule that does not go with the family, DesignError for one that needs clusters or strata
    the design does not have.
    """
    survey = model.survey
    units = survey.units
    groups = {factor.label: group for factor, group in model.group.items()}
    terms = {frozenset(factor.label for factor in term) for term in model.formula.terms}
    cells = cells_of(units, groups, model.there, terms)
    bare = replace(cells, units=units, used=(), notes=())
    if units.replicates is not None:
        return Plan("design", bare, "", (NOTES["replicates"][survey.lang],))
    if inference == "design":
        return Plan(inference, bare, "")
    if inference == "cr2":
        if not isinstance(model.statistic.family, Gaussian):
            raise UsageError(
                "cr2 is for linear models", expected='family="gaussian"', remedy='Use inference="jackknife"'
            )
        if not units.clustered:
            raise DesignError(
                "cr2 is a variance for clusters, and the design names none", remedy='Use inference="auto"'
            )
        return Plan(inference, bare, "cr2", left_out("cr2", units, survey.lang))
    if inference == "jackknife":
        whole = all(term.issuperset(cells.used) for term in terms)
        return Plan(inference, *_left_out(model, cells if whole else bare))
    apart = None if all(term.issuperset(cells.used) for term in terms) else units
    return Plan(inference, cells, f"stratum {' and '.join(cells.used)}" if cells.used else "", cells.notes, apart)


def _left_out(model: Model, cells: Cells) -> tuple[Cells, str, tuple[str, ...]]:
    """The design with one primary unit left out at a time.

    After calibration these are the declared strata, and each replicate is calibrated again.
    """
    if cells.units.first.count > REFITS:
        raise UsageError(
            f"the jackknife would fit this model {counted(cells.units.first.count, 'time')}",
            remedy='Use inference="auto"',
        )
    units = cells.units
    later = ("the jackknife does not count later stages",) if len(units.stages) > 1 else ()
    if model.survey.steps:
        again = model.survey.with_replicates("JKn").units
        said = ("jackknife in the declared strata, weights made anew in each", *later)
        return replace(cells, units=again, used=()), "jackknife", said
    alone = replace(units.first, member=np.arange(units.first.count))
    made = build(Replicates(None, "JKn"), alone)
    again = replace(units, unit=units.first.member[units.unit], stages=(alone,), replicates=made)
    return replace(cells, units=again), f"jackknife {' and '.join(cells.used)}", ("jackknife", *cells.notes, *later)


def evaluated(
    model: Model, plan: Plan, statistic: Fitted, cells: pd.DataFrame, recipe: str, grouped: Flags
) -> Estimate:
    """The numbers of a statistic under a plan, with what they are in `cells`.

    grouped   (q,) the numbers that the groups which became strata enter
    """
    survey, units = model.survey, plan.units
    everyone = np.zeros(len(survey), dtype=np.intp)
    grouping = Grouping(units, everyone, 1)
    made: Linearised = evaluate(statistic, model.columns, grouping)
    D, shares = made.deviations, made.shares
    df = shares().df() if plan.inference == "auto" and shares is not None else made.df
    if plan.declared is not None and not grouped.all():
        other = evaluate(statistic, model.columns, Grouping(plan.declared, everyone, 1))
        D = np.where(grouped, D, other.deviations)
        rest = other.shares().df() if plan.inference == "auto" and other.shares is not None else other.df
        df = np.where(grouped, df, rest)
    if plan.inference == "cr2":
        D, df = _reduced(model, grouping, made.values)
        shares = None
    labels = {factor.label: dict(texts) for factor, texts in model.texts.items()}
    return Estimate(
        cells=cells,
        values=made.values,
        deviations=D,
        df=df,
        n=made.n,
        source=source_of(survey, plan.variant),
        labels={**labels, model.formula.outcome: survey.column(model.formula.outcome).texts},
        recipe=recipe,
        lang=survey.lang,
        names=model.names,
        whole_df=units.whole_df,
        shares=None if units.replicates is not None else shares,
    )


def _reduced(model: Model, grouping: Grouping, values: Array) -> tuple[Array, Array]:
    """CR2 deviations (U, p) and df (p,) of the coefficients of a linear model."""
    part = grouping.part(model.there)
    columns = {name: part.take(column) for name, column in model.columns.items()}
    X = model.statistic.matrix.rows(columns, len(part.key))
    e = columns[model.formula.outcome] - X @ values
    base = model.statistic.solved(columns, part.weights).base
    unit = grouping.units.first.member[part.unit]
    used, place = np.unique(unit, return_inverse=True)
    if len(used) < 2:
        return np.full((grouping.units.first.count, len(values)), np.nan), np.full(len(values), np.nan)
    A = base.back
    found, df = cr2(base.of(X), part.weights, e, place, A)
    D = np.zeros((grouping.units.first.count, len(values)))
    D[used] = found
    return D, df
