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
DESIGN, ALONE = sv.Design("w", clusters="compound"), sv.Design("w")
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
    second, n = compound >= case.a, J * ANSWERS
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


@dataclass(frozen=True, eq=False)
class Given(Setting):
    """A setting whose deviations are known, or not asked for."""

    given: Array | None = None

    def deviations(self, solutions: Iterable[Solution]) -> tuple[Array, int]:
        """Those that were given, or zeros."""
        if self.given is not None:
            return self.given, 0
        return np.zeros((self.groups.units.first.count, sum(len(each.theta) for each in solutions))), 0


def rungs(setting: Setting, steps: list[Step]) -> list[Solution]:
    """The models of the whole ladder, no item let go."""
    made, alike = [steps[0].solution], tuple[Alike, ...]()
    for at, group in enumerate(climbs(setting.moments.layout), 1):
        alike = (*alike, *group)
        same = at < len(steps) and steps[at].equal == Equal(alike)
        made.append(steps[at].solution if same else held(setting, Equal(alike), made[-1]))
    return made


def chances(test: Callable[[Moments], ChiSquare], moments: Moments, alone: Moments) -> Record:
    """The p-value of a test by every rule; `alone` are the moments with every answer its own unit."""
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
    survey = sv.Survey(frame, design=DESIGN)
    setting = setting_of(survey, model(case), "type", continuous=not case.cut)
    alone = moments_of(setting.items, groups_of(sv.Survey(frame, design=ALONE), "type"))
    steps = climb(setting)
    models = rungs(setting, steps)
    record = outcome(survey, setting, steps)
    for at, name in enumerate(["configural", *(group[-1] for group in climbs(setting.moments.layout))]):

        def test(moments: Moments, at: int = at) -> ChiSquare:
            return of_difference(models[at], models[at - 1], moments) if at else of_model(models[0], moments)

        record |= {f"{name} {rule}": p for rule, p in chances(test, setting.moments, alone).items()}
    return record


def outcome(survey: sv.Survey, setting: Setting, steps: list[Step]) -> Record:
    """What was refused and let go, the gate of the first facet and its gaps: 1 yes, 0 no."""
    full, partial = strong(setting, steps)
    bare = Given(setting.structure, setting.items, setting.groups, setting.moments)
    gaps, _ = latent_gaps(survey, bare, full, partial)
    found = Invariance(bare, tuple(steps), gaps, {}, "type", ("a", "b"), {})
    gone = {setting.items.names[item] for step in steps for item in step.let_go or {}}
    record: Record = {verdict: float(found.gates["a"].verdict == verdict) for verdict in VERDICTS}
    record["every gate"] = float(all(gate.verdict == "alike" for gate in found.gates.values()))
    record |= {"right": float(BIASED in gone), "wrong": float(bool(gone - {BIASED})), "gone": float(bool(gone))}
    record["refused"] = float(any(step.p_all < REFUSED for step in steps))
    return record | {"arrived": float(all(step.arrived for step in steps))}


def strong(setting: Setting, steps: list[Step]) -> tuple[Solution, Solution]:
    """The models with equal intercepts, of all items and without those let go."""
    full = held(setting, Equal(STRONG), steps[-1].solution)
    freed = next((step for step in steps if "intercepts" in step.equal.alike), steps[-1]).equal.freed
    return full, held(setting, Equal(STRONG, freed), full) if freed else full


def numbers(case: Case, rng: np.random.Generator) -> Record:
    """Latent gap, and a loading and a correlation in the first group, with standard errors and degrees of freedom."""
    survey = sv.Survey(sample(rng, case), design=DESIGN)
    setting = setting_of(survey, model(case), "type", continuous=not case.cut)
    full, partial = strong(setting, climb(setting))
    D, _ = setting.deviations([full] if partial is full else [full, partial])
    known = Given(setting.structure, setting.items, setting.groups, setting.moments, D)
    gaps, _ = latent_gaps(survey, known, full, partial)
    record = {"arrived": float(full.arrived and partial.arrived)}
    for name, what in (("full", ALL), ("partial", SOME)):
        record |= {name: gaps.pick(statistic=what).values[0], f"{name} se": gaps.pick(statistic=what).se[0]}
    record |= few(setting) | {"df": gaps.df[0]}
    told = estimates(survey, setting, full, D[:, : len(full.theta)]).pick(type=0.0)
    for name in TRUTH:
        one = told.pick(statistic=name)
        record |= {name: one.values[0], f"{name} se": one.se[0], "df first": one.df[0]}
    return record


def few(setting: Setting) -> Record:
    """The degrees of freedom of a mean in the first group and of a difference of means, as `compare` counts them."""
    units = setting.groups.units
    shares = units.shares(setting.groups.grouping.part(np.ones(len(units.unit), dtype=bool)).weight_sums, 1)
    return {"few first": float(shares.df()[0]), "few": float(shares.combined(np.ones((1, 2))).df()[0])}


KINDS: dict[str, Callable[[Case, np.random.Generator], Record]] = {"ladder": ladder, "numbers": numbers}
Job = tuple[str, Case, int, int, int]


def drawn(job: Job) -> list[Record]:
    """What some samples of a case show; where the package refuses one, only that it does."""
    kind, case, start, stop, seed = job
    made = []
    for at in range(start, stop):
        drawn_by = [seed, at, *(round(1000 * float(each)) for each in astuple(case))]
        try:
            made.append(KINDS[kind](case, np.random.default_rng(drawn_by)))
        except sv.SurveyorError:
            made.append({"arrived": 0.0})
    return made


#: What is planted on one item.
PLANTED: dict[str, dict[str, float]] = {
    "all thresholds by .25": {"shift": 0.25},
    "all thresholds by .50": {"shift": 0.50},
    "all thresholds by .75": {"shift": 0.75},
    "two upper thresholds by .50": {"upper": 0.50},
    "loading halved": {"weaker": 0.5},
}
NULL = [Case(a, b, icc) for (a, b), icc in product(DESIGNS, ICC)]
NULL += [Case(20, 20, gap=0.3), Case(20, 20, facets=5)]
FOUND = [(what, Case(a, b, **given)) for (a, b), (what, given) in product(DESIGNS[:2], PLANTED.items())]
GAPS = [Case(a, b, gap=0.3) for a, b in DESIGNS] + [Case(20, 20, gap=0.3, shift=0.5)]
NUMBERS = [Case(20, 20, cut=False), Case(10, 10, cut=False), Case(4, 16, cut=False)]
#: Numbers of the first group whose truth is known.
SAID = {"full": "latent gap", "partial": "latent gap, items let go"}
TRUTH = {"standardised loading": LOADINGS[0], "factor correlation": TOGETHER}


def table(words: Iterable[str], figures: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown, words to the left and figures to the right."""
    left, right = list(words), list(figures)
    lines = [[*left, *right], ["---"] * len(left) + ["---:"] * len(right), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def tests(cases: dict[Case, pd.DataFrame], level: float) -> str:
    """A row a case: how often each test finds what is not there."""
    steps = [step for step in STEPS if any(f"{step} F" in found for found in cases.values())]
    return table(["compounds"], ["facets", "ICC", "gap", "samples", *steps], (
        [case.design, case.facets, f"{case.icc:.2f}", f"{case.gap:.1f}", len(found),
         *(percent(found[f"{step} F"].dropna() < level) for step in steps)]
        for case, found in cases.items()
    ))  # fmt: skip


def rules(cases: dict[Case, pd.DataFrame]) -> str:
    """A row a design and rule, over all ICC: at 5 % and at 1 %."""
    steps = [step for step in STEPS if any(f"{step} F" in found for found in cases.values())]
    rows = []
    for design, facets in dict.fromkeys((case.design, case.facets) for case in cases):
        found = pd.concat([each for case, each in cases.items() if (case.design, case.facets) == (design, facets)])
        for rule, title in RULES.items():
            p = [found[f"{step} {rule}"].dropna() for step in steps]
            rows.append([design, facets, title, *(f"{percent(each < 0.05)} / {percent(each < 0.01)}" for each in p)])
    return table(["compounds", "facets", "rule"], steps, rows)


def ladders(cases: Iterable[tuple[str, Case, pd.DataFrame]]) -> str:
    """A row a case: what the ladder does with it."""
    columns = {"refused": "a step refuses", "right": "lets the item go", "wrong": "lets another go"}
    columns |= {str(verdict): verdict for verdict in VERDICTS} | {"every gate": "every gate alike"}
    return table(["planted", "compounds"], ["facets", "ICC", "gap", *columns.values()], (
        [what, case.design, case.facets, f"{case.icc:.2f}", f"{case.gap:.1f}",
         *(percent(found[column].fillna(0.0) > 0) for column in columns)]
        for what, case, found in cases
    ))  # fmt: skip


def gaps_and_others(cases: dict[Case, pd.DataFrame]) -> str:
    """A row a case and number: truth, mean, spread over samples, standard error, share of intervals that hold it."""
    rows = []
    for case, everything in cases.items():
        found = everything[everything["arrived"] > 0]
        for name, true in {"full": case.gap, "partial": case.gap, **TRUTH}.items():
            if name in (TRUTH if case.shift else ("partial",)):
                continue
            value, se, of = found[name], found[f"{name} se"], " first" if name in TRUTH else ""
            away, counts = (value - true).abs() / se, (f"df{of}", f"few{of}")
            rows.append([
                case.design, "yes" if case.shift else "no", SAID.get(name, f"{name}, first group"), len(found),
                f"{true:.2f}", f"{value.mean():.3f}", f"{value.std():.3f}", f"{se.median():.3f}",
                *(percent(away <= quantile_t(0.95, found[count].to_numpy())) for count in counts),
            ])  # fmt: skip
    figures = ["samples", "truth", "mean", "standard deviation", "standard error", "covered", "covered, df of compare"]
    return table(["compounds", "item biased", "number"], figures, rows)


def percent(hits: pd.Series) -> str:
    """A share in percent."""
    return f"{100 * hits.mean():.1f}"


def jobs(samples: int, seed: int) -> list[Job]:
    """Everything to be drawn, in portions of 25 samples, the slow ones first."""
    wanted = [("numbers", case, samples // 2) for case in (*GAPS, *NUMBERS)]
    wanted += [("ladder", case, samples // 2 if case.facets > 2 else samples) for case in (*NULL, *NUMBERS)]
    wanted += [("ladder", case, samples // 2) for _, case in FOUND]
    return [(kind, case, at, min(at + 25, stop), seed) for kind, case, stop in wanted for at in range(0, stop, 25)]


def results(samples: int, seed: int, workers: int) -> dict[tuple[str, Case], pd.DataFrame]:
    """What all samples show, by kind and case."""
    listed = jobs(samples, seed)
    made: dict[tuple[str, Case], list[Record]] = {}
    with ProcessPoolExecutor(workers) as pool:
        for at, (job, records) in enumerate(zip(listed, pool.map(drawn, listed), strict=True), 1):
            made.setdefault(job[:2], []).extend(records)
            print(f"{at} of {len(listed)}: {job[0]} {job[1].design} {job[2]}-{job[3]}", flush=True)
    return {key: pd.DataFrame(records) for key, records in made.items()}


def markdown(found: dict[tuple[str, Case], pd.DataFrame], samples: int, seed: int) -> str:
    """The page."""
    null = {case: found["ladder", case] for case in NULL}
    plain = {case: each for case, each in null.items() if not case.gap}
    measured = {case: found["ladder", case] for case in NUMBERS}
    lost = sum(int((each["arrived"] == 0).sum()) for each in found.values())
    error = 196 * np.sqrt(0.05 * 0.95 / samples)
    nothing = [("nothing", case, each) for case, each in null.items()]
    planted = [(what, case, found["ladder", case]) for what, case in FOUND]
    parts = [
        "# What the tests of measurement do where the truth is known",
        f"Facets of three items on five points ({', '.join(f'{share:.2f}' for share in POINTS)}), loadings "
        f"{', '.join(f'{each:.2f}' for each in LOADINGS)}, facets correlated {TOGETHER}, {ANSWERS} answers a compound, "
        "weights with a coefficient of variation of .4. ICC is that of the facets; "
        f"of each item's own variance compounds make {OWN:.2f}. {samples:,} samples a line of a test with two facets, "
        f"half as many with five facets, with something planted, and where standard errors come from fitting again; "
        f"from seed {seed} (Monte Carlo at {samples}: 5.0 \N{PLUS-MINUS SIGN} {error:.1f}). In "
        f"{lost:,} of {sum(map(len, found.values())):,} samples some model did not converge; they count as they fell "
        f"in the tables of ladders, and are left out of the tables of numbers. Made by `benchmarks/measurement.py`.",
        "## Nothing planted: how often a test finds something",
        "In percent of samples, at 5 %: the model test and the tests of the difference between steps.",
        tests(null, 0.05),
        "The same at 1 %, where the ladder refuses a step.",
        tests(null, 0.01),
        "The same samples by other rules, over all ICC, at 5 % / at 1 %.",
        rules(plain),
        "What the ladder makes of it, in percent of samples; the gate of the first facet, and of all.",
        ladders(nothing),
        "## Something planted on one of three items of a facet",
        ladders(planted),
        "## Latent gap, loadings, correlations: truth, error, intervals",
        "Intervals of 95 %. Standard error: the median over samples, by fitting again without each compound "
        "in turn. The item biased has its thresholds moved by .50 in the second group.",
        gaps_and_others({case: found["numbers", case] for case in GAPS}),
        "## Continuous items, by maximum likelihood",
        "Nothing planted, in percent of samples, at 5 %.",
        tests(measured, 0.05),
        "By other rules, at 5 % / at 1 %.",
        rules(measured),
        "Intervals with sandwich errors.",
        gaps_and_others({case: found["numbers", case] for case in NUMBERS}),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Print the page, and with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="keep the page as benchmarks/MEASUREMENT.md")
    given = parser.parse_args()
    text = markdown(results(given.samples, given.seed, given.workers), given.samples, given.seed)
    print(text)
    if given.write:
        Path(__file__).with_name("MEASUREMENT.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
