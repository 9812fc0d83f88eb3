"""Polychoric and polyserial correlations: closed forms, likelihoods written out in R, and answers that have none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

import surveyor as sv
from surveyor.statistics.bivariate_normal import probability
from surveyor.statistics.cut_normal import filled, thresholds
from surveyor.statistics.most_likely import correlations

ORACLE = Path(__file__).parent / "oracle"
LEVELS = tuple(float(code) for code in range(1, 7))


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    frame = pd.read_csv(ORACLE / "bfi.csv")
    return frame.assign(w=1 + (np.arange(1, len(frame) + 1) % 5) / 2)


@pytest.mark.parametrize("p", [0.05, 0.2, 0.25, 0.4])
def test_halves_have_a_closed_form(p: float) -> None:
    table = np.array([[[p, 0.5 - p], [0.5 - p, p]]])
    zero = np.zeros((1, 1))
    np.testing.assert_allclose(correlations(table, zero, zero), np.sin(2 * np.pi * (p - 0.25)), atol=1e-12)


@pytest.mark.parametrize("rho", [-0.97, -0.6, 0.0, 0.3, 0.9, 0.985])
def test_shares_of_a_normal_distribution_give_its_correlation_back(rho: float) -> None:
    h, k = np.array([-1.2, 0.1, 1.5]), np.array([-0.4, 0.8])
    joint = multivariate_normal([0, 0], [[1, rho], [rho, 1]], abseps=1e-12, releps=1e-12)
    edges = [np.concatenate([[-9], each, [9]]) for each in (h, k)]
    grid = np.array([[joint.cdf([x, y]) for y in edges[1]] for x in edges[0]])
    table = np.maximum(np.diff(np.diff(grid, axis=0), axis=1), 0)[None]
    found = correlations(table, thresholds(table.sum(axis=2), 1000), thresholds(table.sum(axis=1), 1000))
    np.testing.assert_allclose(found, rho, atol=1e-7)


def test_many_tables_at_once_are_as_each_alone() -> None:
    rng = np.random.default_rng(3)
    tables = rng.integers(1, 40, (50, 4, 3)) + np.array([[60, 0, 0], [20, 9, 0], [0, 9, 20], [0, 0, 60]])
    tables = tables.astype(float)
    tables[::2] = tables[::2, ::-1]
    h, k = thresholds(tables.sum(axis=2), 500), thresholds(tables.sum(axis=1), 500)
    alone = [correlations(tables[i : i + 1], h[i : i + 1], k[i : i + 1])[0] for i in range(50)]
    np.testing.assert_allclose(correlations(tables, h, k), alone, atol=1e-12)
    np.testing.assert_allclose(correlations(tables, h, k, np.full(50, -0.9)), alone, atol=1e-11)


def _likelihood(table: np.ndarray, h: np.ndarray, k: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """The log likelihood at each rho, cells from the distribution function by differences."""
    x, y = (np.concatenate([[-30.0], each, [30.0]]) for each in (h, k))
    F = probability(x[None, :, None], y[None, None, :], rho[:, None, None])
    return (table * np.log(np.maximum(np.diff(np.diff(F, axis=1), axis=2), 1e-14))).sum(axis=(1, 2))


def test_sparse_tables_are_fitted_or_perfect() -> None:
    """Small samples with many empty cells: no place on a fine grid is more likely than what was found."""
    rng = np.random.default_rng(11)
    grid = np.tanh(np.linspace(-3.8, 3.8, 381))
    seen = []
    for _ in range(200):
        rho, n, (K, L) = rng.uniform(-0.97, 0.97), rng.integers(8, 120), rng.integers(2, 6, 2)
        z = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
        table = np.zeros((K, L))
        np.add.at(
            table, tuple(np.digitize(z[:, i], np.sort(rng.normal(0, 1.2, m - 1))) for i, m in enumerate((K, L))), 1
        )
        table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        if min(table.shape) < 2:
            continue
        table = filled(table[None], np.array([float(n)]))[0]
        h, k = thresholds(table.sum(axis=2), n), thresholds(table.sum(axis=1), n)
        found = correlations(table, h, k)
        seen.append(found[0])
        reached = _likelihood(table[0], h[0], k[0], np.clip(found, grid[0], grid[-1]))
        assert reached >= _likelihood(table[0], h[0], k[0], grid).max() - 1e-8
    assert 5 < np.sum(np.abs(seen) == 1) < 50
    assert len(seen) > 150


def test_stairs_are_perfect() -> None:
    table = np.array([[[1.0, 0, 0], [14, 0, 0], [35, 7, 2], [0, 0, 1]]])
    h, k = thresholds(table.sum(axis=2), 60), thresholds(table.sum(axis=1), 60)
    assert correlations(table, h, k) == 1
    np.testing.assert_array_equal(correlations(table[:, ::-1], -h[:, ::-1], k), -1)


def test_an_empty_cell_of_two_by_two_gets_half_an_answer() -> None:
    made, _ = filled(np.array([[[10.0, 0.0], [5.0, 5.0]], [[10.0, 1.0], [5.0, 4.0]]]), np.array([20.0, 20.0]))
    np.testing.assert_array_equal(made[0], [[9.5, 0.5], [5.5, 4.5]])
    np.testing.assert_array_equal(made[1], [[10, 1], [5, 4]])


def test_weights_may_have_any_size(bfi: pd.DataFrame) -> None:
    few = bfi[["A1", "A5", "w"]].dropna()[:60]
    few = few.assign(low=(few["A1"] >= 5) * 1.0, high=((few["A5"] >= 3) | (few["A1"] >= 5)) * 1.0)
    statistic = sv.Polychoric("low", "high", (0.0, 1.0), (0.0, 1.0))
    columns = {name: few[name].to_numpy() for name in ("low", "high")}
    one, many = (statistic.fit(columns, few["w"].to_numpy() * size).values for size in (1, 1e6))
    np.testing.assert_allclose(one, many, rtol=1e-12)


def test_polyserial_against_the_likelihood_in_r(bfi: pd.DataFrame) -> None:
    known = pd.read_csv(ORACLE / "moments_serial.csv")
    assert len(known) == 6
    for row in known.itertuples():
        design = sv.Design(weights="w") if row.weights == "w" else sv.Design()
        found = sv.Survey(bfi, design=design).estimate(sv.Polyserial(row.item, "age"))
        np.testing.assert_allclose(found.values, row.rho, atol=1e-6)
        assert found.cells.loc[0, "statistic"] == "polyserial correlation"


def test_polychoric_of_a_survey(bfi: pd.DataFrame) -> None:
    values = pd.read_csv(ORACLE / "moments_values.csv")
    known = values[(values["case"] == "pairwise_weighted")]["value"].to_numpy()[20:]
    names = ["A1", "N1", "C4", "E2"]
    survey = sv.Survey(bfi.dropna(subset=names), design=sv.Design(weights="w"))
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    found = survey.estimate([sv.Polychoric(a, b) for a, b in pairs])
    np.testing.assert_allclose(found.values, known, atol=0.01)  # there with all who answered the one or the other
    assert list(found.cells["variable"]) == [f"{a}, {b}" for a, b in pairs]
    assert set(found.cells["statistic"]) == {"polychoric correlation"}


def test_answers_that_are_no_level_do_not_count(bfi: pd.DataFrame) -> None:
    columns = {name: bfi[name].to_numpy() for name in ("A1", "A2", "age")}
    there = bfi[["A1", "A2"]].notna().all(axis=1).to_numpy()
    columns = {name: column[there] for name, column in columns.items()}
    some = columns["A1"] < 6
    for statistic in (sv.Polychoric("A1", "A2", LEVELS[:5], LEVELS), sv.Polyserial("A1", "age", LEVELS[:5])):
        fit = statistic.fit(columns, np.ones(len(some)))
        again = statistic.fit({name: column[some] for name, column in columns.items()}, np.ones(some.sum()))
        np.testing.assert_allclose(fit.values, again.values, atol=1e-12)
        np.testing.assert_array_equal(fit.column(0)[~some], 0)
        np.testing.assert_allclose(fit.column(0)[some], again.column(0), atol=1e-15)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_perfect_correlations_are_named(sign: float) -> None:
    frame = pd.DataFrame({"x": [1.0, 2, 3] * 10, "z": [1.0, 2, 3] * 10}).assign(y=lambda f: sign * f["x"])
    survey = sv.Survey(frame, design=sv.Design())
    with pytest.raises(sv.SurveyorError, match="'x' and 'z' go together perfectly"):
        survey.estimate(sv.Polychoric("x", "z"))
    with pytest.raises(sv.SurveyorError, match="'x' and 'y' go together perfectly"):
        survey.estimate(sv.Polyserial("x", "y"))


@pytest.mark.parametrize("statistic", [sv.Polychoric("x", "y"), sv.Polyserial("x", "y"), sv.Polychoric("y", "x")])
def test_an_item_with_one_answer_has_no_correlation(statistic: sv.Polychoric | sv.Polyserial) -> None:
    frame = pd.DataFrame({"x": [1.0] * 10 + [1.0, 2.0] * 10, "y": np.arange(30) % 3 * 1.0, "g": [0] * 10 + [1] * 20})
    found = sv.Survey(frame, design=sv.Design()).estimate(statistic, by="g")
    np.testing.assert_array_equal(np.isnan(found.values), [True, False])
    np.testing.assert_array_equal(np.isnan(found.se), [True, False])


def test_words_may_be_levels() -> None:
    rng = np.random.default_rng(1)
    numbers = pd.DataFrame({"x": rng.integers(1, 4, 200), "y": rng.integers(1, 4, 200)})
    words = numbers.replace({1: "a", 2: "b", 3: "c"})
    found = [sv.Survey(each, design=sv.Design()).estimate(sv.Polychoric("x", "y")).values for each in (numbers, words)]
    np.testing.assert_allclose(*found, atol=1e-12)
