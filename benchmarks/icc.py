"""Coverage of the 95 % interval of the ICC, and of shrunken compound means, for normal, 5-point and yes/no answers.

    python -m benchmarks.icc --runs 2000 --write

Each sample has 20 compounds of 15 to 35 answers. 5-point answers are a normal variable cut at -1.2, -0.4, 0.4, 1.2,
with the correlation behind them at which the answers have the ICC of the line; for yes/no answers the share of yes in a
compound has a beta distribution.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import brentq

from surveyor.intervals import quantile_t
from surveyor.measure.compounds.one_way import fitted
from surveyor.measure.compounds.shrunken import shrunken
from surveyor.measure.compounds.sums import sums_of

COMPOUNDS, ICC = 20, (0.02, 0.05, 0.10)
CUTS = np.array([-1.2, -0.4, 0.4, 1.2])
#: Outcome -> the share of yes; None where there is none.
OUTCOMES = {"normal": None, "5-point": None, "yes/no, 35 %": 0.35, "yes/no, 20 %": 0.20, "yes/no, 10 %": 0.10}


def latent(icc: float) -> float:
    """The correlation of two normal variables whose 5-point answers correlate by `icc`."""
    below = stats.norm.cdf(CUTS)

    def covariance(rho: float) -> float:
        joint = [stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([s, t]) for s, t in product(CUTS, CUTS)]
        return float(np.sum(joint) - below.sum() ** 2)

    variance = np.minimum.outer(below, below).sum() - below.sum() ** 2
    return float(brentq(lambda rho: covariance(rho) - icc * variance, 1e-4, 0.9, xtol=1e-5))


def sample(rng: np.random.Generator, outcome: str, icc: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answers and compounds (n,), and the true mean of each compound (NaN for 5-point answers); `icc` as `latent`."""
    unit = np.repeat(np.arange(COMPOUNDS), rng.integers(15, 36, COMPOUNDS))
    share = OUTCOMES[outcome]
    if share is not None:
        k = (1 - icc) / icc
        true = rng.beta(share * k, (1 - share) * k, COMPOUNDS)
        return (rng.random(len(unit)) < true[unit]).astype(float), unit, true
    true = np.sqrt(icc) * rng.normal(size=COMPOUNDS)
    y = true[unit] + np.sqrt(1 - icc) * rng.normal(size=len(unit))
    if outcome == "normal":
        return y, unit, true
    return np.searchsorted(CUTS, y).astype(float), unit, np.full(COMPOUNDS, np.nan)


def line(outcome: str, icc: float, runs: int, seed: int) -> dict[str, object]:
    """One line of the table."""
    rng = np.random.default_rng([seed, list(OUTCOMES).index(outcome), int(1000 * icc)])
    behind = latent(icc) if outcome == "5-point" else icc
    below = above = inside = 0.0
    found = []
    for _ in range(runs):
        y, unit, true = sample(rng, outcome, behind)
        model = fitted(sums_of(y, unit, np.zeros(COMPOUNDS, dtype=int)))
        low, high = model.interval()
        below, above = below + (high < icc), above + (low > icc)
        value, se = shrunken(model)
        inside += float(np.mean(np.abs(value - true) <= quantile_t(0.95, np.array(COMPOUNDS - 1)) * se))
        found.append(model.icc)
    held = 100 * (1 - (below + above) / runs)
    means = "" if outcome == "5-point" else f"{100 * inside / runs:.1f}"
    ends = f"{100 * below / runs:.1f}", f"{100 * above / runs:.1f}"
    return {"outcome": outcome, "ICC": f"{icc:.2f}", "mean of estimates": f"{np.mean(found):.3f}",
            "covers": f"{held:.1f}", "too low": ends[0], "too high": ends[1], "shrunken means": means}  # fmt: skip


def markdown(rows: pd.DataFrame, runs: int, seed: int) -> str:
    """The table as text."""
    error = 1.96 * np.sqrt(0.95 * 0.05 / runs) * 100
    head = [
        "# The interval of the ICC",
        "",
        "Percent of samples whose 95 % interval holds the true ICC, lies below or above it; and of compounds whose "
        f"true mean lies in the interval of the shrunken mean. {COMPOUNDS} compounds of 15 to 35 answers, {runs:,} "
        f"samples a line from seed {seed} (Monte Carlo: 95.0 \N{PLUS-MINUS SIGN} {error:.1f}): `benchmarks/icc.py`.",
        "",
        f"| {' | '.join(rows.columns)} |",
        "|---|" + "---:|" * (rows.shape[1] - 1),
    ]
    return "\n".join([*head, *(f"| {' | '.join(map(str, row))} |" for row in rows.to_numpy())]) + "\n"


def main() -> None:
    """Print the table, and with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--write", action="store_true", help="keep the table as benchmarks/ICC.md")
    given = parser.parse_args()
    rows = pd.DataFrame([line(y, icc, given.runs, given.seed) for y, icc in product(OUTCOMES, ICC)])
    text = markdown(rows, given.runs, given.seed)
    print(text)
    if given.write:
        Path(__file__).with_name("ICC.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
