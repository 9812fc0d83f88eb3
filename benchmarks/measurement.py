"""What the tests of measurement do in samples whose truth is known.

    python -m benchmarks.measurement --samples 400 --write

Residents of compounds in two groups answer three items a facet on five points. Compounds differ in the facets and, a
little, in every item; weights are unequal. In some lines one item works otherwise in the second group, in some the
groups differ in the facets themselves. All rules see the same samples.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import surveyor as sv
from surveyor.arrays import Array
from surveyor.intervals import quantile_t
from surveyor.measure.chi_square import ChiSquare, of_difference, of_model
from surveyor.measure.fit import Solution
from surveyor.measure.invariance.gaps import ALL, SOME, latent_gaps
from surveyor.measure.invariance.gate import Verdict
from surveyor.measure.invariance.invariance import Invariance
from surveyor.measure.invariance.ladder import REFUSED, Step, climb, climbs, held
from surveyor.measure.moments import Moments, moments_of
from surveyor.measure.numbers import estimates
from surveyor.measure.setting import Setting, setting_of
from surveyor.measure.specify import Alike, Equal
from surveyor.survey import groups_of

#: Answers a compound, shares of the five points, loadings of a facet's items, correlation of facets, and the share of
#: an item's own variance that its compounds make.
ANSWERS, POINTS = 25, (0.05, 0.16, 0.27, 0.38, 0.14)
LOADINGS, TOGETHER, OWN = (0.85, 0.72, 0.60), 0.5, 0.02
CUTS = stats.norm.ppf(np.cumsum(POINTS)[:-1])

DESIGNS = ((20, 20), (10, 10), (4, 16))
ICC = (0.02, 0.05, 0.10)
STRONG: tuple[Alike, ...] = ("thresholds", "loadings", "intercepts")
STEPS = ("configural", *STRONG, "residuals")
VERDICTS: tuple[Verdict, ...] = ("alike", "partly alike", "not alike", "not tested")

#: How a distance may be judged; the first is what the package does.
RULES = {
    "F": "F, as it is",
    "chi2": "scaled and shifted chi-square",
    "many": "few compounds not counted",
    "ignored": "compounds ignored",
}


@dataclass(frozen=True)
class Case:
    """How samples are drawn.

    a, b      compounds of each group
    icc       share of the facets' variance that compounds make
    gap       latent gap, first group minus second, in standard deviations
    shift     all thresholds of the second item of the first facet move by so much in the second group, in
              standard deviations of the answer behind it
    upper     the two upper ones move by so much more
    weaker    its loading there is that of the first group times this
    cut       answers on five points, or the numbers behind them
    """

    a: int
    b: int
    icc: float = 0.05
    facets: int = 2
    gap: float = 0.0
    shift: float = 0.0
    upper: float = 0.0
    weaker: float = 1.0
    cut: bool = True

    @property
    def design(self) -> str:
        """The numbers of compounds."""
        return f"{self.a} v {self.b}"


#: The item that works otherwise where any does.
BIASED = "a2"

Record = dict[str, float]


def model(case: Case) -> dict[str, list[str]]:
    """The facets with their items."""
    return {letter: [f"{letter}{k}" for k in (1, 2, 3)] for letter in "abcde"[: case.facets]}


def sample(rng: np.random.Generator, case: Case) -> pd.DataFrame:
    """One sample."""
    J, m = case.a + case.b, case.facets
    compound = np.repeat(np.arange(J), ANSWERS)
    second = compound >= case.a
    n = len(compound)
    root = np.linalg.cholesky(np.full((m, m), TOGETHER) + (1 - TOGETHER) * np.eye(m))
    between, within = rng.normal(size=(J, m)) @ root.T, rng.normal(size=(n, m)) @ root.T
    eta = np.sqrt(case.icc) * between[compound] + np.sqrt(1 - case.icc) * within - case.gap * second[:, None]
    frame = pd.DataFrame({"compound": compound, "type": second.astype(float)})
    frame["w"] = rng.lognormal(0, 0.28, J)[compound] * rng.lognormal(0, 0.28, n)
    for f, items in enumerate(model(case).values()):
        for k, item in enumerate(items):
            loading = LOADINGS[(k + f) % 3]
            own = np.sqrt(OWN) * rng.normal(size=J)[compound] + np.sqrt(1 - OWN) * rng.normal(size=n)
            there = second & (item == BIASED)
            y = np.where(there, case.weaker, 1.0) * loading * eta[:, f] + np.sqrt(1 - loading**2) * own
            cuts = CUTS + there[:, None] * (case.shift + case.upper * (np.arange(4) >= 2))
            frame[item] = 1.0 + (y[:, None] > cuts).sum(axis=1) if case.cut else y - case.shift * there
    return frame


def surveyed(frame: pd.DataFrame) -> sv.Survey:
    """The sample under its design."""
    return sv.Survey(frame, design=sv.Design("w", clusters="compound"))


class Bare(Setting):
    """A setting that asks for no standard errors."""

    def deviations(self, solutions: Iterable[Solution]) -> tuple[Array, int]:
        """None at all."""
        return np.zeros((1, sum(len(each.theta) for each in solutions))), 0


def rungs(setting: Setting, steps: list[Step]) -> list[Solution]:
    """The models of the whole ladder, no item let go."""
    made, alike = [steps[0].solution], ()
    for at, group in enumerate(climbs(setting.moments.layout), 1):
        alike = (*alike, *group)
        same = at < len(steps) and steps[at].equal == Equal(alike)
        made.append(steps[at].solution if same else held(setting, Equal(alike), made[-1]))
    return made


def chances(test: Callable[[Moments], ChiSquare], moments: Moments, alone: Moments) -> Record:
    """The p-value of a test by every rule.

    alone   the moments with every answer its own unit
    """
    used = test(moments)
    return {
        "F": used.p,
        "chi2": float(stats.chi2.sf(used.statistic, used.df)),
        "many": test(replace(moments, df=np.full(len(moments.df), np.inf))).p,
        "ignored": test(alone).p,
    }


def ladder(case: Case, rng: np.random.Generator) -> Record:
    """The chance of every test by every rule, and what the ladder does."""
    frame = sample(rng, case)
    survey = surveyed(frame)
    setting = setting_of(survey, model(case), "type", continuous=not case.cut)
    alone = moments_of(setting.items, groups_of(sv.Survey(frame, design=sv.Design("w")), "type"))
    steps = climb(setting)
    models = rungs(setting, steps)
    names = ["configural", *(group[-1] for group in climbs(setting.moments.layout))]
    record = outcome(survey, setting, steps)
    for at, name in enumerate(names):

        def test(moments: Moments, at: int = at) -> ChiSquare:
            return of_difference(models[at], models[at - 1], moments) if at else of_model(models[0], moments)

        record |= {f"{name} {rule}": p for rule, p in chances(test, setting.moments, alone).items()}
    return record


def outcome(survey: sv.Survey, setting: Setting, steps: list[Step]) -> Record:
    """What was refused and let go, the gate of the first facet and its gaps: 1 yes, 0 no."""
    full, partial = strong(setting, steps)
    bare = Bare(setting.structure, setting.items, setting.groups, setting.moments)
    gaps, _ = latent_gaps(survey, bare, full, partial)
    found = Invariance(bare, tuple(steps), gaps, {}, "type", ("a", "b"), {})
    gone = {setting.items.names[item] for step in steps for item in step.let_go or {}}
    record = dict.fromkeys(VERDICTS, 0.0) | {found.gates["a"].verdict: 1.0}
    record["every gate"] = float(all(gate.verdict == "alike" for gate in found.gates.values()))
    record |= {"right": float(BIASED in gone), "wrong": float(bool(gone - {BIASED})), "gone": float(bool(gone))}
    record["refused"] = float(any(step.p_all < REFUSED for step in steps))
    record["stands"] = float(all(step.stands for step in steps))
    return record | {"arrived": float(all(step.arrived for step in steps))}


def strong(setting: Setting, steps: list[Step]) -> tuple[Solution, Solution]:
    """The models with equal intercepts, of all items and without those let go."""
    full = held(setting, Equal(STRONG), steps[-1].solution)
    freed = next((step for step in steps if "intercepts" in step.equal.alike), steps[-1]).equal.freed
    return full, held(setting, Equal(STRONG, freed), full) if freed else full


def numbers(case: Case, rng: np.random.Generator) -> Record:
    """Latent gap, and loadings and correlation in the second group, with standard errors and degrees of freedom."""
    survey = surveyed(sample(rng, case))
    setting = setting_of(survey, model(case), "type", continuous=not case.cut)
    full, partial = strong(setting, climb(setting))
    gaps, lost = latent_gaps(survey, setting, full, partial)
    record = {"lost": float(lost), "arrived": float(full.arrived and partial.arrived)}
    for name, what in (("full", ALL), ("partial", SOME)):
        record |= {name: gaps.pick(statistic=what).values[0], f"{name} se": gaps.pick(statistic=what).se[0]}
    record |= {"df": gaps.df[0], "df few": few(setting)}
    told = estimates(survey, setting, full, setting.deviations([full])[0]).pick(type=1.0)
    for name in ("standardised loading", "factor correlation"):
        one = told.pick(statistic=name)
        record |= {name: one.values[0], f"{name} se": one.se[0]}
    return record


def few(setting: Setting) -> float:
    """The degrees of freedom that `compare` gives a difference of means in the same design."""
    units = setting.groups.units
    part = setting.groups.grouping.part(np.ones(len(units.unit), dtype=bool))
    return float(units.shares(part.weight_sums, 1).combined(np.ones((1, 2))).df()[0])


KINDS: dict[str, Callable[[Case, np.random.Generator], Record]] = {"ladder": ladder, "numbers": numbers}
Job = tuple[str, Case, int, int, int]


def drawn(job: Job) -> list[Record]:
    """What some samples of a case show; where the package refuses one, only that it does."""
    kind, case, start, stop, seed = job
    made = []
    for at in range(start, stop):
        spread = [int(round(1000 * float(each))) for each in astuple(case)]
        try:
            made.append(KINDS[kind](case, np.random.default_rng([seed, at, *(abs(each) for each in spread)])))
        except sv.SurveyorError:
            made.append({"arrived": 0.0})
    return made
