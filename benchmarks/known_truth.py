"""Coverage on a simulated population: 600 samples, seven outcomes, the intervals of survey.compare.

Run from the repository: python benchmarks/known_truth.py [samples]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import surveyor as sv
from surveyor.plan import Sizes, draw, questionnaires

DEMO = Path(__file__).resolve().parent.parent / "data" / "demo"
SIZES = Sizes(communities=150, dwellings=(25, 45), compounds=(20, 20, 6), drawn=16, complete=10)
OUTCOMES = ["rb06", "rb02", "rd21", "rf01", "rb01", "rc06", "rh02"]


def main(samples: int) -> None:
    """Draw the samples and print a table."""
    asked = questionnaires(sv.Study.load(DEMO))
    known = draw(asked, 11, sizes=SIZES)
    design = sv.Design(weights="weight", strata="stratum", clusters="rs02")
    true = np.array([gap(known.truth["items"][name], asked.resident, name) for name in OUTCOMES])
    gaps, errors, covered = [], [], []
    for seed in range(samples):
        frame = known.again(seed, OUTCOMES)
        frame = frame.assign(type=frame["type"].where(frame["type"] < 3))
        found = sv.Survey(frame, design, asked.resident).compare(OUTCOMES, by="type")
        low, high = found.interval()
        gaps.append(found.differences.values)
        errors.append(found.differences.se)
        covered.append((low <= true) & (true <= high))
    spread = np.std(gaps, axis=0)
    z = (np.mean(gaps, axis=0) - true) / (spread / np.sqrt(samples))
    print(f"{'outcome':8} {'true gap':>9} {'mean':>9} {'z':>6} {'se/spread':>9} {'covered':>8}")
    ratio, share = np.mean(errors, axis=0) / spread, np.mean(covered, axis=0)
    for row in zip(OUTCOMES, true, np.mean(gaps, axis=0), z, ratio, share, strict=True):
        print("{:8} {:9.4f} {:9.4f} {:6.2f} {:9.3f} {:8.3f}".format(*row))
    print(f"all intervals: {np.mean(covered):.4f}")


def gap(truth: dict, asked: sv.Questionnaire, name: str) -> float:
    """The true gap of what `compare` compares: the share of the favourable end, or the mean."""
    choices = asked.choices_of(name)
    if choices is None or not choices.top or "shares" not in truth:
        return truth["gap"]
    return sum(truth["shares"][str(code)]["gap"] for code in choices.top)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
