"""What the factor models of a survey are fitted to: items, groups, sample statistics and a way to be near them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from surveyor.arrays import Array
from surveyor.errors import DataError, DesignError, UsageError, guess
from surveyor.format import counted
from surveyor.measure.distance import DiagonallyWeighted, Distance, Likelihood
from surveyor.measure.errors import refitted, sandwich
from surveyor.measure.fit import Solution, fit
from surveyor.measure.items import Items, items_of
from surveyor.measure.moments import Moments, Replicated, moments_of, replicated
from surveyor.measure.parameters import Parameters
from surveyor.measure.specify import NOTHING, Equal, Structure, specify
from surveyor.survey import Groups, groups_of

if TYPE_CHECKING:
    from surveyor.survey import Survey

#: Scales by name, or factors with their items.
Model = str | Sequence[str] | Mapping[str, Sequence[str]]

#: Fewer items than this do not say what their factor is.
LEAST = 3


@dataclass(frozen=True, eq=False)
class Setting:
    """Items in groups, and the statistics of the sample that models have to come near.

    structure   which items are thought to reflect which factor
    """

    structure: Structure
    items: Items
    groups: Groups
    moments: Moments

    @property
    def ordinal(self) -> bool:
        """Whether any item is ordinal, so that models are fitted by diagonally weighted least squares."""
        return bool(self.moments.layout.ordinal.any())

    @property
    def answers(self) -> float:
        """How many people answered."""
        return float(self.moments.n.sum())

    @cached_property
    def distance(self) -> Distance:
        """How models are brought near: least squares for ordinal items, likelihood where all are continuous."""
        if self.ordinal:
            return DiagonallyWeighted(self.moments.values, self.moments.spread)
        return Likelihood(self.moments.layout, self.moments.values, self.moments.n)

    def specified(self, equal: Equal = NOTHING) -> Parameters:
        """The model with these things alike in both groups."""
        return specify(self.moments.layout, self.structure, self.moments.values, equal)

    def fitted(self, parameters: Parameters) -> Solution:
        """The model brought near."""
        return fit(self.moments.layout, parameters, self.distance, self.answers)

    @cached_property
    def replicates(self) -> Replicated:
        """The sample statistics without each primary unit in turn, or under the replicate weights of the design."""
        return replicated(self.items, self.groups)

    @property
    def refits(self) -> bool:
        """Whether errors come from fitting again under replicates, and not from the sandwich: for ordinal items, unless
        leaving out primary units would miss something.
        """
        units = self.groups.units
        return self.ordinal and (units.replicates is not None or units.shown_by_leaving_out)

    @cached_property
    def units(self) -> Array:
        """(G,) how many primary units with answers there are in each group."""
        part = self.groups.grouping.part(np.asarray(np.isfinite(self.items.values).any(axis=1)))
        return np.asarray((self.groups.units.primary(part.members) > 0).sum(axis=0))

    def deviations(self, solutions: Sequence[Solution]) -> tuple[Array, int]:
        """Deviations of the numbers of several models side by side, and how many fits under replicates did not arrive:
        from replicates or by the sandwich (see refits).
        """
        if self.refits:
            return refitted(solutions, self.replicates, self.answers)
        return np.hstack([sandwich(each, self.moments) for each in solutions]), 0


def setting_of(survey: Survey, model: Model, by: str | None = None, continuous: bool = False) -> Setting:
    """The setting for factors named by scales of the questionnaire, or given with their items.

    model        "REC", ["REC", "TRU"], an index such as "SCI" (its scales, and one factor behind them), or
                 {"trust": ["rb09", "rb10", "rb11"], ...}
    by           the column of the two groups; None for everybody
    continuous   ordinal items as numbers, fitted by maximum likelihood over complete cases

    Raises UsageError for unknown scales and items, scales whose items do not reflect one thing, factors with fewer
    than three items and items of two factors; what `items_of` and `moments_of` raise.
    """
    factors, general = factors_of(survey, model)
    names = [item for items in factors.values() for item in items]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"the item '{name}' stands in two factors", expected="each item in one factor")
    groups = groups_of(survey, by)
    items = items_of(survey, names, groups, continuous)
    at = {name: i for i, name in enumerate(names)}
    structure = Structure({factor: tuple(at[item] for item in listed) for factor, listed in factors.items()}, general)
    made = Setting(structure, items, groups, moments_of(items, groups))
    _check_units(survey, made)
    return made


def _check_units(survey: Survey, made: Setting) -> None:
    """Raises DesignError where nothing is known of how the primary units of a group differ."""
    groups, moments = made.groups, made.moments
    few = moments.df < 1 if moments.apart else np.array([moments.shared_df < 1])
    if not few.any():
        return
    g = int(few.argmax())
    among = f" among the {survey.level_text(groups.by, groups.codes[g])}" if moments.apart and groups.by else ""
    raise DesignError(
        f"{counted(int(made.units[g]), 'primary unit')}{among}: nobody knows how far others would differ",
        expected="two units or more in a stratum, so that errors and tests can be had",
        remedy="Name other clusters or strata in the design, or look at these items without a factor model",
    )


def factors_of(survey: Survey, model: Model) -> tuple[dict[str, tuple[str, ...]], bool]:
    """Factors with their items, and whether a general factor stands behind them; raises UsageError as `setting_of`."""
    given: object = model
    if not isinstance(given, str | Sequence | Mapping):
        expected = 'scales such as ["REC", "TRU"], or factors with their items'
        raise UsageError(f"model={model!r} names no factor", expected=expected)
    if isinstance(model, Mapping):
        factors = {str(name): (items,) if isinstance(items, str) else tuple(items) for name, items in model.items()}
        general = False
    else:
        factors, general = _scales(survey, [model] if isinstance(model, str) else list(model))
    if not factors:
        raise UsageError("no factor was named", expected='scales such as ["REC", "TRU"], or factors with their items')
    for name, items in factors.items():
        if len(items) < LEAST:
            raise UsageError(
                f"the factor '{name}' has {counted(len(items), 'item')} ({', '.join(map(str, items))})",
                expected="at least three: with fewer, what they have in common cannot be told from what they have not",
                remedy="Add items, or use the correlation of the two: survey.estimate(sv.Polychoric(...))",
            )
    if general and len(factors) < LEAST:
        raise UsageError("a factor behind others needs at least three of them")
    return factors, general


def _scales(survey: Survey, names: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], bool]:
    asked = survey.questionnaire
    if asked is None:
        raise UsageError(
            "the survey has no questionnaire that says what scales there are",
            expected='factors with their items, such as {"trust": ["rb09", "rb10", "rb11"]}',
        )
    factors: dict[str, tuple[str, ...]] = {}
    for name in names:
        if name not in asked.scales:
            raise UsageError(f"the questionnaire has no scale '{name}'", remedy=guess(name, asked.scales))
        scale = asked.scales[name]
        if scale.kind == "index":
            if len(names) > 1:
                raise UsageError(
                    f"'{name}' is an index made of scales", expected="its scales by name, or the index alone"
                )
            return _scales(survey, scale.items)[0], True
        if scale.kind != "reflective":
            raise UsageError(
                f"the items of '{name}' do not reflect one thing: the scale is {scale.kind}",
                expected="scales of kind reflective, whose items go together because one thing is behind them",
                remedy="Compare its items or its score instead",
            )
        factors[name] = tuple(scale.items)
    return factors, False


def refuse_lost(solution: Solution, what: str) -> Solution:
    """The solution; raises DataError where the search for it did not arrive."""
    if solution.arrived:
        return solution
    raise DataError(
        f"{what} did not converge: no values of its numbers fit better than their neighbours",
        expected="items that go together, and more answers than numbers to estimate",
        remedy="Look at the correlations of the items, leave out items with few answers in a category, use fewer "
        "factors, or fit each scale alone",
    )
