"""What estimates must do on a population whose truth is known: be right on average, and cover as often as they say.

The larger run is benchmarks/known_truth.py.
"""

from __future__ import annotations

import numpy as np
import pytest

import surveyor as sv
from surveyor.plan import Sizes, draw, questionnaires
from surveyor.plan.fieldwork import sample
from tests.conftest import ROOT

#: Many small compounds, so that those that are drawn are few among them; no noise of fieldwork.
SIZES = Sizes(communities=110, dwellings=(25, 40), compounds=(16, 16, 4), drawn=14, complete=8)
OUTCOMES = ("rb06", "rf01", "rb12")
DRAWS = 60


@pytest.fixture(scope="module")
def asked():
    return questionnaires(sv.Study.load(ROOT / "data" / "demo"))


@pytest.fixture(scope="module")
def known(asked):
    return draw(asked, 21, sizes=SIZES)


def true_gaps(known) -> np.ndarray:
    """By hand: the share of the favourable end, or the mean, of old districts less that of estates."""
    people = known.population
    values = np.column_stack([people["rb06"] >= 4, people["rf01"] >= 1, people["rb12"]]).astype(float)
    first, second = (people["type"] == code for code in (1, 2))
    return values[first].mean(axis=0) - values[second].mean(axis=0)


def test_weighted_totals_are_right_on_average(known):
    """400 samples: people counted, and years of residence in all, within four Monte Carlo standard errors."""
    moved = known.population["ra01"].to_numpy()
    totals = []
    for seed in range(400):
        drawn = sample(known._places, known._people, SIZES, seed)
        totals.append([drawn.weights.sum(), drawn.weights @ (2026 - moved[drawn.rows])])
    totals = np.array(totals)
    true = np.array([len(moved), (2026 - moved).sum()])
    z = (totals.mean(axis=0) - true) / (totals.std(axis=0) / np.sqrt(len(totals)))
    assert np.abs(z).max() < 4
    assert (totals.std(axis=0) / true).max() < 0.12


def test_gaps_are_right_on_average_and_intervals_cover(known, asked):
    design = sv.Design(weights="weight", strata="stratum", clusters="rs02")
    true, gaps, errors, covered = true_gaps(known), [], [], []
    for seed in range(DRAWS):
        frame = known.again(seed, OUTCOMES)
        frame = frame.assign(type=frame["type"].where(frame["type"] < 3))
        found = sv.Survey(frame, design, asked.resident).compare(list(OUTCOMES), by="type")
        low, high = found.interval()
        gaps.append(found.differences.values)
        errors.append(found.differences.se)
        covered.append((low <= true) & (true <= high))
    spread = np.std(gaps, axis=0)
    z = (np.mean(gaps, axis=0) - true) / (spread / np.sqrt(DRAWS))
    assert np.abs(z).max() < 4
    # the spread over 60 samples is known to about 9 %
    np.testing.assert_allclose(np.mean(errors, axis=0) / spread, 1, atol=0.25)
    # 180 intervals of 95 %, those of one sample somewhat alike
    assert 0.89 <= np.mean(covered) <= 0.995
