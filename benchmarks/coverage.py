"""Coverage of 95 % intervals for the gap of two groups with few clusters, and how often a test finds what is not there.

    python -m benchmarks.coverage --runs 2000 --write

Each sample has clusters of 15 to 35 residents in two groups, weights that differ between clusters and between
residents, and no difference between the groups. With strata, two declared strata of different levels hold half of each
group's clusters. Every interval is made on the same samples.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import surveyor as sv
from surveyor.intervals import quantile_t

CLUSTERS = ((5, 5), (4, 16), (6, 30), (8, 8), (10, 30), (20, 20))
ICC = (0.02, 0.05, 0.10)
OUTCOMES = ("normal", "yes/no", "5-point", "skewed")
RULES = ("naive", "design", "strata", "auto")
#: What the default rule must cover, and how many times as many samples a line outside it is drawn with.
WANTED, AGAIN = (0.94, 0.97), 4
TITLES = {
    "naive": "weights only",
    "design": "R, Stata, svy: declared design",
    "strata": "group as stratum, units minus cells",
    "auto": "auto",
}


Job = tuple[int, int, float, bool, int, int]
Found = dict[Job, dict[tuple[str, str], float]]


def sample(rng: np.random.Generator, a: int, b: int, icc: float, strata: bool) -> pd.DataFrame:
    """One sample: residents in clusters, with outcomes of intraclass correlation `icc`."""
    J = a + b
    sizes = rng.integers(15, 36, J)
    cluster = np.repeat(np.arange(J), sizes)
    group = np.repeat([0.0, 1.0], [a, b])
    stratum = np.concatenate([np.arange(a) % 2, np.arange(b) % 2]) if strata else np.zeros(J, dtype=int)
    weight = rng.lognormal(0, 0.4, J)[cluster] * rng.lognormal(0, 0.3, len(cluster))
    shift = 0.3 * stratum[cluster]
    latent = np.sqrt(icc) * rng.normal(size=J)[cluster] + np.sqrt(1 - icc) * rng.normal(size=len(cluster)) + shift
    again = np.sqrt(icc) * rng.normal(size=J)[cluster] + np.sqrt(1 - icc) * rng.normal(size=len(cluster)) + shift
    k = (1 - icc) / icc
    base = 0.35 + 0.1 * stratum
    share = rng.beta(base * k, (1 - base) * k)
    return pd.DataFrame(
        {
            "cluster": cluster,
            "group": group[cluster],
            "stratum": stratum[cluster],
            "w": weight,
            "normal": latent,
            "yes/no": (rng.random(len(cluster)) < share[cluster]).astype(float),
            "5-point": np.searchsorted([-1.2, -0.4, 0.4, 1.2], again).astype(float),
            "skewed": np.exp(1.2 * again),
        }
    )


def gaps(frame: pd.DataFrame, strata: bool) -> dict[str, sv.Comparison]:
    """The gaps of all outcomes by every rule."""
    alone = sv.Survey(frame, design=sv.Design("w"))
    survey = sv.Survey(frame, design=sv.Design("w", strata="stratum" if strata else None, clusters="cluster"))
    asked = {rule: (alone, "design") if rule == "naive" else (survey, rule) for rule in RULES}
    return {rule: of.compare(list(OUTCOMES), by="group", inference=name) for rule, (of, name) in asked.items()}


def cell(a: int, b: int, icc: float, strata: bool, runs: int, seed: int) -> dict[tuple[str, str], float]:
    """Share of `runs` samples whose interval holds the truth, no difference, by rule and outcome."""
    rng = np.random.default_rng([seed, a, b, round(1000 * icc), strata])
    held = dict.fromkeys(product(RULES, OUTCOMES), 0)
    for _ in range(runs):
        frame = sample(rng, a, b, icc, strata)
        for rule, made in gaps(frame, strata).items():
            inside = np.abs(made.differences.values) <= quantile_t(0.95, made.df) * made.differences.se
            for outcome, hit in zip(OUTCOMES, inside, strict=True):
                held[rule, outcome] += int(hit)
    return {key: count / runs for key, count in held.items()}


def _cell(job: Job) -> dict[tuple[str, str], float]:
    return cell(*job)


def table(runs: int, seed: int, workers: int) -> pd.DataFrame:
    """Coverage of every cell, rule and outcome; cells where the default rule leaves WANTED are drawn again, longer."""
    jobs = [(*sides, icc, strata, runs, seed) for sides, icc, strata in product(CLUSTERS, ICC, (False, True))]
    with ProcessPoolExecutor(workers) as pool:
        found = dict(zip(jobs, _watched(jobs, pool.map(_cell, jobs)), strict=True))
        longer = [(*job[:4], AGAIN * runs, seed) for job, held in found.items() if outside(held)]
        again = dict(zip(longer, _watched(longer, pool.map(_cell, longer)), strict=True))
    return rows_of({job: again.get((*job[:4], AGAIN * runs, seed), held) for job, held in found.items()}, again)


def outside(held: dict[tuple[str, str], float]) -> bool:
    """Whether the default rule leaves what it must cover, for outcomes that are not skewed."""
    return any(not WANTED[0] <= held["auto", outcome] <= WANTED[1] for outcome in OUTCOMES if outcome != "skewed")


def rows_of(found: Found, again: Found) -> pd.DataFrame:
    """One row a cell, outcome and rule; `samples` is how many it rests on."""
    longer = {job[:4]: job[4] for job in again}
    rows = []
    for job, held in found.items():
        a, b, icc, strata = job[:4]
        for (rule, outcome), share in held.items():
            samples = longer.get(job[:4], job[4])
            rows.append((f"{a} v {b}", icc, "yes" if strata else "no", samples, outcome, rule, share))
    return pd.DataFrame(rows, columns=["clusters", "icc", "strata", "samples", "outcome", "rule", "coverage"])


def _watched(
    jobs: list[Job], results: Iterator[dict[tuple[str, str], float]]
) -> Iterator[dict[tuple[str, str], float]]:
    """The results, each said as it comes."""
    for job, held in zip(jobs, results, strict=True):
        print(*job[:5], "auto", [held["auto", outcome] for outcome in OUTCOMES], flush=True)
        yield held


def markdown(rows: pd.DataFrame, runs: int, seed: int) -> str:
    """The table as text."""
    error = stats.norm.ppf(0.975) * np.sqrt(0.95 * 0.05 / runs)
    wide = rows.pivot_table(
        index=["outcome", "clusters", "strata", "icc", "samples"], columns="rule", values="coverage", sort=False
    )
    lines = [
        "# Coverage of 95 % intervals with few clusters",
        "",
        "Share of samples, in percent, whose interval for the gap holds the truth (no difference); 100 minus it is how "
        "often a test at 5 % finds a difference that is not there. "
        f"{runs:,} samples a line from seed {seed} (Monte Carlo: 95.0 \N{PLUS-MINUS SIGN} {100 * error:.1f}), "
        f"{AGAIN} times as many where the default rule first left {100 * WANTED[0]:.0f} to {100 * WANTED[1]:.0f}; "
        "all intervals on the same samples: `benchmarks/coverage.py`. For skewed outcomes no interval of this kind is "
        "right with few clusters; there the others on the same samples are the measure.",
        "",
        f"| outcome | clusters | strata | ICC | samples | {' | '.join(TITLES[rule] for rule in RULES)} |",
        "|---|---|---|---|---:|" + "---:|" * len(RULES),
    ]
    for (outcome, clusters, strata, icc, samples), row in wide.iterrows():
        shares = " | ".join(f"{100 * row[rule]:.1f}" for rule in RULES)
        lines.append(f"| {outcome} | {clusters} | {strata} | {icc:.2f} | {samples:,} | {shares} |")
    head = " | ".join(TITLES[rule] for rule in RULES)
    lines += ["", "Over all lines of an outcome, lowest to highest:", "", f"| outcome | {head} |"]
    lines += ["|---|" + "---:|" * len(RULES)]
    for outcome, part in wide.groupby(level="outcome", sort=False):
        ends = " | ".join(f"{100 * part[rule].min():.1f} to {100 * part[rule].max():.1f}" for rule in RULES)
        lines.append(f"| {outcome} | {ends} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table, and with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="keep the table as benchmarks/COVERAGE.md")
    given = parser.parse_args()
    text = markdown(table(given.runs, given.seed, given.workers), given.runs, given.seed)
    print(text)
    if given.write:
        Path(__file__).with_name("COVERAGE.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
