"""How many factors: against psych and lavaan, against full polychoric fits, and simulated."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.measure.items import items_of
from surveyor.measure.moments import moments_of
from surveyor.measure.parallel import Parallel, parallel
from surveyor.measure.unrelated import Unrelated
from surveyor.show.parallel import parallel_table
from surveyor.show.text import table_text
from surveyor.survey.groups import groups_of

ORACLE = Path(__file__).parent / "oracle"
CUTS = np.array([-1.4, -0.5, 0.3, 1.1])


@cache
def bfi(complete: bool) -> sv.Survey:
    frame = pd.read_csv(ORACLE / "bfi.csv").iloc[:, :25]
    return sv.Survey(frame.dropna().reset_index(drop=True) if complete else frame)


@cache
def of_bfi(complete: bool, continuous: bool = False) -> Parallel:
    survey = bfi(complete)
    return parallel(survey, list(survey.frame.columns), seed=1, draws=200, continuous=continuous)


def expected(data: str, correlation: str, kind: str) -> np.ndarray:
    table = pd.read_csv(ORACLE / "parallel_r.csv")
    of = table[(table["data"] == data) & (table["correlation"] == correlation) & (table["kind"] == kind)]
    return of["value"].to_numpy()


def facets(seed: int, k: int, per: int, phi: float, alike: float = 0.0) -> sv.Survey:
    """k factors of `per` items in 40 compounds of 25; `alike` of what is an item's own lies between compounds."""
    rng = np.random.default_rng(seed)
    compound = np.repeat(np.arange(40), 25)

    def clustered(columns: int, share: float) -> np.ndarray:
        between, within = rng.standard_normal((40, columns))[compound], rng.standard_normal((1000, columns))
        return np.sqrt(share) * between + np.sqrt(1 - share) * within

    F = clustered(k, 0.05) @ np.linalg.cholesky(np.full((k, k), phi) + (1 - phi) * np.eye(k)).T
    y = 0.7 * F[:, np.arange(k * per) // per] + np.sqrt(0.51) * clustered(k * per, alike)
    frame = pd.DataFrame(1 + (y[:, :, None] > CUTS).sum(axis=2)).add_prefix("q")
    frame = frame.assign(compound=compound, weight=rng.uniform(0.5, 1.5, 1000))
    return sv.Survey(frame, design=sv.Design(weights="weight", clusters="compound"))


@pytest.mark.parametrize("data", ["complete", "all"])
def test_eigenvalues_of_polychoric_correlations_are_those_of_lavaan(data: str) -> None:
    made = of_bfi(data == "complete")
    np.testing.assert_allclose(made.eigenvalues["components"], expected(data, "polychoric", "components"), atol=1e-6)
    np.testing.assert_allclose(made.eigenvalues["factors"], expected(data, "polychoric", "reduced"), atol=1e-6)
    if data == "all":  # psych finds correlations to four digits
        np.testing.assert_allclose(
            made.eigenvalues["components"], expected(data, "polychoric by psych", "components"), atol=1e-4
        )


def test_eigenvalues_of_pearson_correlations_are_those_of_psych() -> None:
    made = of_bfi(True, continuous=True)
    np.testing.assert_allclose(
        made.eigenvalues["components"], expected("complete", "pearson", "components"), atol=1e-10
    )
    np.testing.assert_allclose(made.eigenvalues["factors"], expected("complete", "pearson", "factors"), atol=1e-10)
    drawn = made.random["components"]
    error = drawn.std(axis=0) * np.sqrt(1 / 200 + 1 / 500)  # psych drew 500 times
    assert (np.abs(drawn.mean(axis=0) - expected("complete", "pearson", "random components")) < 4 * error).all()


def test_drawn_correlations_are_polychoric_ones() -> None:
    """Eigenvalues from normal scores lie where those of full polychoric fits to unrelated ordinal data lie."""
    rng = np.random.default_rng(5)
    n, p, draws = 400, 6, 60
    null = Unrelated((CUTS,) * p, np.ones((n, p), dtype=bool), np.ones(n), np.arange(n), np.zeros(p))
    scores = np.array([np.linalg.eigvalsh(null.correlations(rng))[::-1] for _ in range(draws)])
    full = []
    for _ in range(draws):
        answers = (rng.standard_normal((n, p))[:, :, None] > CUTS).sum(axis=2)
        survey = sv.Survey(pd.DataFrame(answers).add_prefix("q"))
        groups = groups_of(survey, None)
        moments = moments_of(items_of(survey, list(survey.frame), groups), groups)
        R = np.eye(p)
        R[moments.layout.pairs] = moments.values[0][moments.layout.covariances]
        full.append(np.linalg.eigvalsh(R + np.triu(R, 1).T)[::-1])
    error = np.sqrt((scores.var(axis=0) + np.var(full, axis=0)) / draws)
    assert (np.abs(scores.mean(axis=0) - np.mean(full, axis=0)) < 4 * error).all()
    np.testing.assert_allclose(scores.std(axis=0), np.std(full, axis=0), rtol=0.4)


def test_drawn_answers_are_as_alike_in_units_as_those_of_the_data() -> None:
    """Independent items of which half lies between compounds: their chance correlations are as large as drawn ones."""
    alike, draws = 0.5, 20
    seen, told, flat = [], [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        compound = np.repeat(np.arange(40), 25)
        between, within = rng.standard_normal((40, 6))[compound], rng.standard_normal((1000, 6))
        y = np.sqrt(alike) * between + np.sqrt(1 - alike) * within
        frame = pd.DataFrame((y[:, :, None] > CUTS).sum(axis=2)).add_prefix("q").assign(compound=compound)
        names = list(frame.columns[:6])
        made = parallel(sv.Survey(frame, design=sv.Design(clusters="compound")), names, seed, draws)
        alone = parallel(sv.Survey(frame), names, seed, draws)
        seen.append(made.eigenvalues["components"][0])
        told.append(made.random["components"][:, 0].mean())
        flat.append(alone.random["components"][:, 0].mean())
        assert made.alike.mean() == pytest.approx(alike, abs=0.12)
    assert np.mean(told) == pytest.approx(np.mean(seen), abs=4 * np.std(seen) / np.sqrt(12))
    assert np.mean(seen) - np.mean(flat) > 4 * np.std(seen) / np.sqrt(12)  # which residents on their own would not be


def test_planted_factors_are_counted() -> None:
    five = [f"q{k}" for k in range(15)]
    for seed in range(3):
        made = parallel(facets(seed, 5, 3, 0.3), five, seed=seed, draws=60)
        assert made.kept("components") == made.kept("factors") == 5 == made.number
        one = parallel(facets(seed, 1, 5, 0.0, alike=0.2), five[:5], seed=seed, draws=60)
        assert one.kept("components") == one.kept("factors") == 1
        close = parallel(facets(seed, 5, 3, 0.6), five, seed=seed, draws=60, kind="factors")
        assert close.number == 5 > close.kept("components")


def test_the_frame_says_what_is_kept() -> None:
    made = of_bfi(True)
    frame = made.to_frame()
    assert list(frame.columns) == ["kind", "number", "eigenvalue", "random_mean", "random_95", "kept"]
    assert list(frame["kind"].unique()) == ["components", "factors"]
    assert len(frame) == 50
    assert frame.groupby("kind")["kept"].sum().to_dict() == {
        kind: made.kept(kind) for kind in ("components", "factors")
    }
    of = frame[frame["kind"] == "components"]
    assert of["eigenvalue"].sum() == pytest.approx(25, abs=1e-9)
    np.testing.assert_allclose(of["random_95"], np.quantile(made.random["components"], 0.95, axis=0))


def test_the_seed_decides() -> None:
    survey = facets(1, 1, 4, 0.0)
    names = ["q0", "q1", "q2", "q3"]
    a, b, c = (parallel(survey, names, seed=seed, draws=20).to_frame() for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(a, b)
    assert not a["random_mean"].equals(c["random_mean"])
    assert a["eigenvalue"].equals(c["eigenvalue"])


def test_weights_make_chance_larger() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 6, (500, 6))).add_prefix("q").assign(w=rng.exponential(size=500) ** 2)
    names = [f"q{k}" for k in range(6)]
    plain = parallel(sv.Survey(frame), names, seed=1, draws=60)
    weighted = parallel(sv.Survey(frame, design=sv.Design(weights="w")), names, seed=1, draws=60)
    assert weighted.random["components"][:, 0].mean() - 1 > 1.5 * (plain.random["components"][:, 0].mean() - 1)


@pytest.mark.parametrize(
    ("items", "options", "said"),
    [
        (["q0", "q1"], {}, "2 items"),
        (["q0", "q1", "q9x"], {}, "no column 'q9x'"),
        (["q0", "q1", "q2"], {"seed": -1}, "seed=-1"),
        (["q0", "q1", "q2"], {"draws": 5}, "draws=5"),
        (["q0", "q1", "q2"], {"kind": "factor"}, "no kind 'factor'"),
    ],
)
def test_refusals_say_what_is_expected(items: list[str], options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parallel(facets(1, 1, 4, 0.0), items, **{"seed": 1, **options})  # type: ignore[arg-type]


def test_the_table_says_what_both_kinds_suggest() -> None:
    made = of_bfi(True)
    said = f"Components suggest {made.kept('components')}, common factors {made.kept('factors')}."
    assert said.replace(".", "") in table_text(parallel_table(made))
    assert "主成分提示" in table_text(parallel_table(replace(made, lang="zh")))
