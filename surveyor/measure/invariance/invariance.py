"""Invariance: whether the items of scales work alike in the two groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyor.errors import UsageError
from surveyor.estimate import Estimate
from surveyor.measure.fit import Solution
from surveyor.measure.invariance.bias import Bias, biases
from surveyor.measure.invariance.gaps import MOVED, latent_gaps
from surveyor.measure.invariance.gate import FAR, UNITS, Gate, Verdict, Why
from surveyor.measure.invariance.ladder import Step, climb, held, with_means
from surveyor.measure.problems import few_answers, lost_fits
from surveyor.measure.setting import Model, Setting, refuse_lost, setting_of
from surveyor.measure.specify import HELD, Alike, Equal
from surveyor.multiplicity import adjusted
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.threads import alone
from surveyor.waiting import waiting

if TYPE_CHECKING:
    from surveyor.show import Figure, Prose, Table
    from surveyor.survey import Survey


#: Said where a model behind the latent gaps was not found.
LOST_GAPS: Mapping[Language, str] = {
    "en": "a model behind the latent gaps did not converge: there are none",
    "zh": "潜在差距所依据的模型未收敛，无法给出",
}


@dataclass(frozen=True, eq=False, repr=False)
class Invariance(Shown):
    """The ladder of invariance, what was let go on it, and what that does to the gaps.

    steps    from nothing alike to everything
    gaps     per factor the latent gap, the same without the items let go, and the movement; first group minus second,
             in standard deviations pooled over the groups
    bias     per item how much it differs by itself
    by       the column of the groups; groups their names, a first
    notes    what a reader must know
    """

    setting: Setting
    steps: tuple[Step, ...]
    gaps: Estimate
    bias: Mapping[str, Bias]
    by: str
    groups: tuple[str, str]
    names: Mapping[str, str]
    notes: tuple[str, ...] = ()
    lang: Language = "en"

    @property
    def let_go(self) -> dict[str, Alike]:
        """The items that were let go, and the step at which."""
        names = self.setting.items.names
        return {names[item]: what for item, what in self._strong.equal.freed.items()}

    @property
    def _strong(self) -> Step:
        """The step at which intercepts are held, or the last there is."""
        with_means = [step for step in self.steps if "intercepts" in step.equal.alike]
        return with_means[0] if with_means else self.steps[-1]

    @cached_property
    def gates(self) -> dict[str, Gate]:
        """Per factor what may be compared: see Gate."""
        moved = self.gaps.pick(statistic=MOVED)
        far = dict(zip(moved.cells["variable"], moved.values, strict=True))
        return {name: self._gate(name, items, float(far[name])) for name, items in self._factors.items()}

    @property
    def _factors(self) -> dict[str, tuple[str, ...]]:
        names = self.setting.items.names
        return {factor: tuple(names[i] for i in items) for factor, items in self.setting.structure.factors.items()}

    def _gate(self, factor: str, items: tuple[str, ...], moved: float) -> Gate:
        gone = tuple(item for item in items if item in self.let_go)
        verdict, why = self._judged(factor, gone, moved)
        return Gate(factor, verdict, items, gone, moved, why)

    def _judged(self, factor: str, gone: Sequence[str], moved: float) -> tuple[Verdict, Why]:
        reached = self._strong
        climbed = self.steps[: self.steps.index(reached) + 1]
        if not all(step.arrived for step in climbed):
            return "not tested", "unfitted"
        if self.setting.units.min() < UNITS:
            return "not tested", "units"
        if "intercepts" not in reached.equal.alike:
            return "not alike", "refused"
        if any(factor in step.stuck for step in climbed):
            return "not alike", "few"
        if not reached.stands:
            return "not alike", "refused"
        if gone and np.isnan(moved):
            return "not tested", "unfitted"
        if gone and abs(moved) > FAR:
            return "not alike", "moved"
        return ("partly alike" if gone else "alike"), ""

    def to_frame(self) -> pd.DataFrame:
        """A row a step: chi-square and measures of fit, the test against the step before, what was let go."""
        p = adjusted(
            np.array([np.nan if step.difference is None else step.difference.p for step in self.steps]), "holm"
        )
        rows = []
        for at, step in enumerate(self.steps):
            before, difference = self.steps[at - 1] if at else None, step.difference
            rows.append({
                "step": step.what,
                "chi_square": step.test.statistic, "df": step.test.df, "p": step.test.p,
                "cfi": step.fit.cfi, "tli": step.fit.tli,
                "rmsea": step.fit.rmsea, "rmsea_low": step.fit.rmsea_low, "rmsea_high": step.fit.rmsea_high,
                "srmr": step.fit.srmr,
                "delta_chi_square": np.nan if difference is None else difference.statistic,
                "delta_df": np.nan if difference is None else difference.df,
                "delta_p": np.nan if difference is None else difference.p,
                "delta_p_adjusted": p[at],
                "delta_p_before_release": step.p_all,
                "delta_cfi": step.fit.cfi - before.fit.cfi if before else np.nan,
                "delta_rmsea": step.fit.rmsea - before.fit.rmsea if before else np.nan,
                "let_go": ", ".join(self.setting.items.names[item] for item in step.let_go),
                "stands": step.stands,
            })  # fmt: skip
        return pd.DataFrame(rows)

    def items(self) -> pd.DataFrame:
        """A row an item: its factor, whether it was let go and where, dMACS, and by how much it differs by itself."""
        rows = [
            {"factor": factor, "item": item, "label": self.setting.items.labels[item],
             "let_go": self.let_go.get(item, ""), "dmacs": self.bias[item].dmacs,
             "difference": self.bias[item].difference}
            for factor, items in self._factors.items() for item in items
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def table(self, what: str = "ladder") -> Table:
        """A table: "ladder", "items" or "gaps"; raises UsageError for another name."""
        from surveyor.show.invariance import invariance_table

        return invariance_table(self, what)

    def plot(self) -> Figure | None:
        """Expected answers to the items that were let go, in both groups; None where none was."""
        from surveyor.show.expected_answers import expected_figure

        return expected_figure(self)

    def sentences(self) -> Prose:
        """What may be compared of each scale, in words."""
        from surveyor.show.verdicts import verdict_sentences

        return verdict_sentences(self, self.gates)


@alone
def invariance(survey: Survey, model: Model, by: str = "type", continuous: bool = False) -> Invariance:
    """Climb the ladder of invariance between the two groups of `by`: see `climb` for its steps and rules.

    model        scales by name, or factors with their items (see setting_of)
    continuous   ordinal items as numbers, by maximum likelihood: a second look

    Standard errors of ordinal models come from fitting them again without each primary unit in turn.

    Raises what `setting_of` raises, UsageError for an index with a factor behind its scales, DataError where the model
    does not fit in the two groups at all.

    >>> from surveyor.survey import Survey
    >>> cube = np.array(list(np.ndindex(2, 2, 2, 2)))  # one thing behind three answers, each with a part of its own
    >>> frame = pd.DataFrame(cube[:, :1] + cube[:, 1:], columns=["a", "b", "c"])
    >>> both = pd.concat([frame.assign(kind=1), (frame + 1).assign(kind=2)])
    >>> made = invariance(Survey(both), {"one": ["a", "b", "c"]}, by="kind", continuous=True)
    >>> made.gates["one"].verdict, made.gaps.values[0].round(6)  # in standard deviations of the one thing: 1 / 0.5
    ('alike', np.float64(-2.0))
    """
    if by is None:
        raise UsageError("no groups were named", expected='the column of two groups, such as by="type"')
    setting = setting_of(survey, model, by, continuous)
    if setting.structure.general:
        raise UsageError(
            f"the ladder is climbed for scales, and '{model}' is an index made of scales",
            remedy="Name its scales: " + ", ".join(f'"{name}"' for name in setting.structure.factors),
        )
    with waiting("Climbing the ladder of invariance"):
        steps = climb(setting)
        refuse_lost(steps[0].solution, "The model with nothing alike in the groups")
        full, partial, equal = _strong(setting, steps)
        found = biases(setting, partial, equal)
    gaps, lost = latent_gaps(survey, setting, full, partial)
    codes = setting.groups.codes
    groups = (survey.level_text(by, codes[0]), survey.level_text(by, codes[1]))
    lang = survey.lang
    told = (*few_answers(setting, groups, lang), *_lost_steps(steps, lang), *lost_fits(lost, lang))
    told = told if full.arrived and partial.arrived else (*told, LOST_GAPS[lang])
    return Invariance(
        setting=setting,
        steps=tuple(steps),
        gaps=gaps,
        bias=dict(zip(setting.items.names, found, strict=True)),
        by=by,
        groups=groups,
        names=gaps.names,
        notes=(*setting.groups.notes, *setting.items.notes, *told),
        lang=lang,
    )


def _strong(setting: Setting, steps: Sequence[Step]) -> tuple[Solution, Solution, Equal]:
    """The models with equal intercepts, of all items and without those let go, and what the second holds alike."""
    layout = setting.moments.layout
    full = held(setting, with_means(layout), steps[-1].solution)
    freed = next((step for step in steps if "intercepts" in step.equal.alike), steps[-1]).equal.freed
    equal = with_means(layout, freed)
    return full, (held(setting, equal, full) if freed else full), equal


def _lost_steps(steps: Sequence[Step], lang: Language) -> list[str]:
    """What is said of steps whose model was not found; the first one always is."""
    text = {"en": "the step '{}' did not converge", "zh": "“{}相同”一步未收敛"}[lang]
    return [text.format(HELD[step.equal.alike[-1]][lang]) for step in steps if not step.arrived]
