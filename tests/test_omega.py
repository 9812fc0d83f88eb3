"""Omega: against lavaan and semTools, numbers worked out by hand, and the derivative by every weight."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.statistics.one_factor import one_factor
from surveyor.statistics.pairs_of_items import pairs_of

ORACLE = Path(__file__).parent / "oracle"
TURNED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")
FACETS = {facet: tuple(f"{facet}{i}" for i in range(1, 6)) for facet in "ACENO"}
DEMO = {
    "REC": ("rb06", "rb07", "rb08"),
    "TRU": ("rb09", "rb10", "rb11"),
    "BEL": ("rb13", "rb14", "rb15"),
    "COH": ("rb16", "rb17", "rb18"),
}
ABC = ("a", "b", "c")
ONES = (1, 1, 1)


@pytest.fixture(scope="module")
def r() -> pd.DataFrame:
    return pd.read_csv(ORACLE / "omega_r.csv")


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    frame = pd.read_csv(ORACLE / "bfi.csv")
    frame["w"] = 1 + (np.arange(1, len(frame) + 1) % 5) / 2
    frame["two"] = (frame["A2"] > 5).where(frame["A2"].notna())
    frame["three"] = pd.cut(frame["A3"], [0, 2, 4, 6], labels=False)
    frame["seven"] = frame["A4"] + (frame["A5"] == 6).where(frame["A5"].notna())
    return frame


def known(r: pd.DataFrame, scale: str, group: str, weights: str) -> pd.Series:
    rows = r[(r["scale"] == scale) & (r["group"] == group) & (r["weights"] == weights)]
    return rows.set_index("statistic")["value"]


def answers(frame: pd.DataFrame, items: tuple[str, ...]) -> dict[str, np.ndarray]:
    return {item: frame[item].to_numpy(dtype=float) for item in items}


def signs(items: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(-1 if item in TURNED else 1 for item in items)


def complete(frame: pd.DataFrame, items: tuple[str, ...], group: str) -> pd.DataFrame:
    there = frame[list(items)].notna().all(axis=1)
    return frame[there & (frame["gender"] == int(group[-1]))] if group != "all" else frame[there]


@pytest.mark.parametrize("weights", ["none", "w"])
@pytest.mark.parametrize("group", ["all", "gender 1", "gender 2"])
@pytest.mark.parametrize("facet", FACETS)
def test_bfi_as_lavaan_and_semtools(facet: str, group: str, weights: str, bfi: pd.DataFrame, r: pd.DataFrame) -> None:
    items, expected = FACETS[facet], known(r, facet, group, weights)
    rows = complete(bfi, items, group)
    w = rows["w"].to_numpy() if weights == "w" else np.ones(len(rows))
    columns = answers(rows, items)
    asked = sv.Omega(items, signs(items))
    assert asked.fit(columns, w).values[0] == pytest.approx(expected["omega"], abs=1e-6)
    model = sv.Omega(items, signs(items), variance="model").fit(columns, w).values[0]
    assert model == pytest.approx(expected["omega of model"], abs=1e-6)
    loadings = asked.loadings(columns, w)
    np.testing.assert_allclose(loadings, expected[[f"loading {item}" for item in items]], atol=1e-6)


def test_items_with_two_three_seven_and_six_answers(bfi: pd.DataFrame, r: pd.DataFrame) -> None:
    items, expected = ("two", "three", "seven", "A5"), known(r, "mixed categories", "all", "none")
    rows = bfi[bfi[list(items)].notna().all(axis=1)]
    columns, w = answers(rows, items), np.ones(len(rows))
    made = sv.Omega(items, (1, 1, 1, 1))
    assert made.fit(columns, w).values[0] == pytest.approx(expected["omega"], abs=1e-6)
    np.testing.assert_allclose(made.loadings(columns, w), expected[[f"loading {each}" for each in items]], atol=1e-6)


@pytest.mark.parametrize("group", [1, 2])
@pytest.mark.parametrize("scale", DEMO)
def test_simulated_residents_as_lavaan_and_semtools(scale: str, group: int, r: pd.DataFrame) -> None:
    frame, items = pd.read_csv(ORACLE / "measure_demo.csv"), DEMO[scale]
    rows = frame[(frame["type"] == group) & frame[list(items)].notna().all(axis=1)]
    made = sv.Omega(items, ONES).fit(answers(rows, items), rows["weight"].to_numpy())
    assert made.values[0] == pytest.approx(known(r, scale, f"type {group}", "w")["omega"], abs=1e-6)


@pytest.mark.parametrize("weights", ["none", "w"])
def test_the_weights_of_correlations_are_those_of_lavaan(weights: str, bfi: pd.DataFrame, r: pd.DataFrame) -> None:
    rows = complete(bfi, FACETS["N"], "all")
    w = rows["w"].to_numpy() if weights == "w" else np.ones(len(rows))
    at = [rows[item].to_numpy(dtype=int) - 1 for item in FACETS["N"]]
    spread = pairs_of(at, [6] * 5, w).spread[np.triu_indices(5, 1)] * len(rows)
    expected = known(r, "N", "all", weights)[[f"spread {i}" for i in range(1, 11)]]
    np.testing.assert_allclose(spread, expected, rtol=1e-6)


@pytest.mark.parametrize("facet", FACETS)
def test_linear_omega_as_lavaan(facet: str, bfi: pd.DataFrame, r: pd.DataFrame) -> None:
    items = FACETS[facet]
    rows = complete(bfi, items, "all")
    made = sv.LinearOmega(items, signs(items)).fit(answers(rows, items), np.ones(len(rows)))
    assert made.values[0] == pytest.approx(known(r, facet, "all", "none")["linear omega"], abs=1e-6)


#: Three items with two answers, any two of which agree in 8 of 12: correlations sin(2 pi (4/12 - 1/4)) = 1/2 behind.
TWELVE = np.array([(0, 0, 0), (1, 1, 1)] * 2 + list(np.ndindex(2, 2, 2)), dtype=float)


def test_by_hand() -> None:
    """Loadings are sqrt(1/2), C(1/2) = 4/12 - 1/4 = 1/12 and variances 1/4: (9/12) / (3/4 + 6/12)."""
    columns = dict(zip(ABC, TWELVE.T, strict=True))
    made = sv.Omega(ABC, ONES)
    assert made.fit(columns, np.ones(12)).values[0] == pytest.approx(0.6, abs=1e-12)
    np.testing.assert_allclose(made.loadings(columns, np.ones(12)), np.sqrt(0.5), atol=1e-12)
    assert sv.Omega(ABC, ONES, "model").fit(columns, np.ones(12)).values[0] == pytest.approx(0.6, abs=1e-12)
    assert sv.LinearOmega(ABC, ONES).fit(columns, np.ones(12)).values[0] == pytest.approx(0.6, abs=1e-12)


def test_steps_between_codes_count() -> None:
    """With codes 0 and g = 1, 2, 3: sum_jk g_j g_k / 12 = 3 over 14/4 + 22/12."""
    columns = dict(zip(ABC, (TWELVE * [1, 2, 3]).T, strict=True))
    assert sv.Omega(ABC, ONES).fit(columns, np.ones(12)).values[0] == pytest.approx(3 / (14 / 4 + 22 / 12), abs=1e-12)


def test_what_does_not_change_it(bfi: pd.DataFrame) -> None:
    items = FACETS["C"]
    rows = complete(bfi, items, "all")
    columns, w = answers(rows, items), rows["w"].to_numpy()
    value = sv.Omega(items, signs(items)).fit(columns, w).values[0]
    for scale in (1e-6, 1e6):
        assert sv.Omega(items, signs(items)).fit(columns, scale * w).values[0] == pytest.approx(value, abs=1e-10)
    turned = {name: 7 - each if name in TURNED else each for name, each in columns.items()}
    assert sv.Omega(items, (1,) * 5).fit(turned, w).values[0] == pytest.approx(value, abs=1e-12)
    other = items[::-1]
    assert sv.Omega(other, signs(other)).fit(columns, w).values[0] == pytest.approx(value, abs=1e-10)
    twice = {name: np.repeat(each, 2) for name, each in columns.items()}
    half = np.repeat(w, 2)
    assert sv.Omega(items, signs(items)).fit(twice, half).values[0] == pytest.approx(value, abs=1e-10)


def few(bfi: pd.DataFrame) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rows = bfi[bfi[["two", "three", "A4", "A5", "A1"]].notna().all(axis=1)].iloc[:90]
    return answers(rows, ("two", "three", "A4", "A5", "A1")), rows["w"].to_numpy()


def binary() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Nobody has a without b: the empty cell of a table of two by two."""
    rows = np.array(
        [(0, 0, 0)] * 7 + [(0, 1, 0)] * 6 + [(0, 1, 1)] * 3 + [(1, 1, 1)] * 8 + [(1, 1, 0)] * 4 + [(0, 0, 1)] * 2
    )
    return dict(zip(ABC, rows.T.astype(float), strict=True)), 1 + (np.arange(len(rows)) % 4) / 3


@pytest.mark.parametrize("kind", ["linear", "empty cell"])
def test_influence_is_the_derivative_by_the_weight(kind: str, bfi: pd.DataFrame) -> None:
    if kind == "empty cell":
        columns, w = binary()
        asked = sv.Omega(ABC, ONES)
    else:
        columns, w = few(bfi)
        names, turned = tuple(columns), (1, 1, 1, 1, -1)
        asked = sv.LinearOmega(names, turned)
    made = asked.fit(columns, w)
    assert np.isfinite(made.values[0])
    slope = np.empty(len(w))
    for i in range(len(w)):
        h = 2e-3 * w[i]
        at = {k: asked.fit(columns, w + k * h * (np.arange(len(w)) == i)).values[0] for k in (-2, -1, 1, 2)}
        slope[i] = (at[-2] - 8 * at[-1] + 8 * at[1] - at[2]) / (12 * h)
    np.testing.assert_allclose(made.column(0), slope, rtol=1e-6, atol=1e-9)
    assert w @ made.column(0) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("variance", ["sample", "model"])
def test_influence_is_what_one_more_answer_changes(variance: str, bfi: pd.DataFrame) -> None:
    """The answers 400 times over, and 1 or 2 more or fewer of one resident: squares of weights count as they should."""
    columns, w = few(bfi)
    M, n = 400, len(w)
    asked = sv.Omega(tuple(columns), (1, 1, 1, 1, -1), variance)
    made = asked.fit(columns, w)

    def at(i: int, k: int) -> float:
        rows = np.repeat(np.arange(n), M + k * (np.arange(n) == i))
        return asked.fit({name: each[rows] for name, each in columns.items()}, w[rows]).values[0]

    assert at(0, 0) == pytest.approx(made.values[0], abs=1e-12)
    some = range(0, n, 4)
    slope = np.array([(at(i, -2) - 8 * at(i, -1) + 8 * at(i, 1) - at(i, 2)) / 12 * M for i in some])
    np.testing.assert_allclose((w * made.column(0))[some], slope, rtol=1e-6, atol=1e-8)
    assert w @ made.column(0) == pytest.approx(0, abs=1e-12)


def test_four_items_meet_the_jackknife_as_samples_grow(clustered: pd.DataFrame) -> None:
    asked = sv.Omega(("one", "two", "three", "four"), signs=(1, 1, -1, 1))
    apart = []
    for times in (1, 10):
        rows = [clustered.assign(cluster=clustered["cluster"] + 1000 * k) for k in range(times)]
        design = sv.Design(weights="w", strata="stratum", clusters="cluster")
        survey = sv.Survey(pd.concat(rows, ignore_index=True), design=design)
        one, two = survey.estimate(asked), survey.with_replicates("JKn").estimate(asked)
        apart.append(abs(two.se[0] / one.se[0] - 1))
    assert apart[0] < 0.02
    assert apart[1] < 0.15 * apart[0]


def test_the_model_by_least_squares_has_the_least_distance() -> None:
    rng = np.random.default_rng(3)
    loadings = np.array([0.8, 0.5, 0.7, 0.6])
    R = np.outer(loadings, loadings) + 0.1 * rng.uniform(-1, 1, (4, 4))
    R = (R + R.T) / 2
    spread = rng.uniform(0.5, 2, (4, 4))
    spread = spread + spread.T

    def distance(each: np.ndarray) -> float:
        return float((((R - np.outer(each, each)) ** 2 / spread)[np.triu_indices(4, 1)]).sum())

    made = one_factor(R, spread)
    assert made.found
    for step in 1e-3 * np.vstack([np.eye(4), -np.eye(4)]):
        assert distance(made.loadings) < distance(made.loadings + step)


def test_what_stands_in_the_way_is_named() -> None:
    same = TWELVE.copy()
    same[:, 1] = 1
    assert sv.Omega(ABC, ONES).trouble(dict(zip(ABC, same.T, strict=True)), np.ones(12)) == ("one answer", ("b",))
    twin = TWELVE.copy()
    twin[:, 2] = twin[:, 0]
    assert sv.Omega(ABC, ONES).trouble(dict(zip(ABC, twin.T, strict=True)), np.ones(12)) == ("perfect", ("a", "c"))
    weak = np.array(
        [(0, 0, 0)] * 9 + [(1, 1, 1)] * 9 + [(0, 1, 0), (1, 0, 1)] + [(0, 0, 1), (1, 1, 0)] * 8, dtype=float
    )
    columns = dict(zip(ABC, weak.T, strict=True))
    columns["c"] = np.where(np.arange(len(weak)) % 9 == 0, 1 - columns["c"], columns["c"])
    for kind in (sv.Omega, sv.LinearOmega):
        made = kind(ABC, ONES)
        found = made.trouble(columns, np.ones(len(weak)))
        assert found is not None
        assert found.reason in ("heywood", "not found")
        assert np.isnan(made.fit(columns, np.ones(len(weak))).values).all()
        assert np.isnan(made.loadings(columns, np.ones(len(weak)))).all()


def test_heywood_names_the_item() -> None:
    """r_ab r_ac / r_bc = .8 * .8 / .5 > 1."""
    r = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    rng = np.random.default_rng(1)
    y = rng.multivariate_normal(np.zeros(3), r, 4000)
    columns = {name: np.digitize(column, [-0.7, 0.6]).astype(float) for name, column in zip(ABC, y.T, strict=True)}
    assert sv.Omega(ABC, ONES).trouble(columns, np.ones(4000)) == ("heywood", ("a",))
    survey = sv.Survey(pd.DataFrame(columns))
    made = survey.estimate(sv.Omega(ABC))
    assert np.isnan(made.values[0])
    assert made.notes() == ["cannot be computed from these answers"]


def test_an_item_that_runs_against_the_others_is_named(bfi: pd.DataFrame) -> None:
    items = FACETS["A"]
    rows = complete(bfi, items, "all")
    made = sv.Omega(items, (1,) * 5).trouble(answers(rows, items), np.ones(len(rows)))
    assert made == ("against", ("A1",))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: sv.Omega(("a", "b")), "a one-factor model of two items is not identified"),
        (lambda: sv.LinearOmega(("a", "b")), "Use sv.Alpha, or the correlation of the two"),
        (lambda: sv.Omega(()), "three items or more"),
        (lambda: sv.Omega("a"), "three items or more"),
        (lambda: sv.Omega(("a", "b", "a")), "each once"),
        (lambda: sv.Omega(ABC, (1, 1)), "do not fit 3 items"),
        (lambda: sv.Omega(ABC, (1, 1, 0)), "1 or -1 for each item"),
        (lambda: sv.Omega(ABC, None, "observed"), "'sample' or 'model'"),
    ],
)
def test_bad_calls_say_what_to_do(make, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make()


def test_measurements_are_refused() -> None:
    columns = {name: np.arange(20.0) for name in ABC}
    with pytest.raises(UsageError, match=r"'a' has 20 different answers.*sv\.LinearOmega"):
        sv.Omega(ABC, ONES).fit(columns, np.ones(20))


def test_signs_come_from_the_questionnaire() -> None:
    study = sv.Study.load(Path(__file__).parent.parent / "data" / "demo")
    one = study.residents.estimate(sv.Omega(("rb13", "rb14", "rb15")))
    other = study.residents.estimate(sv.Omega(("rb13", "rb14", "rb15"), signs=(1, 1, -1)))
    assert one.values[0] == other.values[0] > 0.6
