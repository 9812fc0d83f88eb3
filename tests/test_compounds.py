"""Compounds as what is measured: against matrices of all rows, at the bounds, and without any name."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.measure.compounds import Compounds, compounds
from surveyor.measure.compounds.gap import apart
from surveyor.measure.compounds.one_way import OneWay, fitted
from surveyor.measure.compounds.shrunken import shrunken, variance_of_variances, variances_unknown
from surveyor.measure.compounds.sums import Sums, sums_of
from surveyor.show.caterpillar import draw
from surveyor.show.compounds import compounds_table
from surveyor.show.style import canvas
from tests.conftest import ROOT


def drawn(seed: int = 0, J: int = 12, tau: float = 1.0, gap: float = 0.0, size: int = 30) -> pd.DataFrame:
    """Answers in J compounds of two types and unequal sizes."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(J), rng.integers(size // 2, 3 * size // 2, J))
    kind = np.arange(J) % 2
    y = tau * rng.normal(size=J)[unit] + gap * kind[unit] + rng.normal(size=len(unit))
    names = np.array([f"Garden {j} Road" for j in range(J)])
    return pd.DataFrame(
        {"home": names[unit], "type": np.array(["estate", "old"])[kind][unit], "y": y, "yes": (y > 0.5).astype(int),
         "w": rng.lognormal(0, 0.5, len(unit))}
    )  # fmt: skip


def asked(frame: pd.DataFrame, outcomes: str | list[str] = "y", by: str | None = "type") -> Compounds:
    return compounds(sv.Survey(frame, design=sv.Design("w", clusters="home")), outcomes, by)


@pytest.fixture(scope="module")
def small() -> tuple[Sums, np.ndarray, np.ndarray, np.ndarray]:
    """Sums, and what they are of: answers (N,), types (N, G) and compounds (N, J) as columns of 0 and 1."""
    frame = drawn(3, J=8, size=6)
    unit, kind = frame["home"].astype("category").cat.codes.to_numpy(), (frame["type"] == "old").to_numpy().astype(int)
    y = frame["y"].to_numpy() + 1000
    type_of = pd.Series(kind).groupby(unit).first().to_numpy()
    return sums_of(y, unit.astype(int), type_of), y, np.eye(2)[kind], np.eye(8)[unit]


def dense(y: np.ndarray, X: np.ndarray, Z: np.ndarray, r: float) -> float:
    """-2 restricted log likelihood, sigma^2 put at its best, up to a constant: from the (N, N) covariance."""
    V = np.eye(len(y)) + r * Z @ Z.T
    inner = X.T @ np.linalg.solve(V, X)
    rest = y - X @ np.linalg.solve(inner, X.T @ np.linalg.solve(V, y))
    spread = np.linalg.slogdet(V)[1] + np.linalg.slogdet(inner)[1]
    return float((len(y) - X.shape[1]) * np.log(rest @ np.linalg.solve(V, rest)) + spread)


def test_the_deviance_is_that_of_the_whole_matrix(small: tuple[Sums, np.ndarray, np.ndarray, np.ndarray]) -> None:
    sums, y, X, Z = small
    at = [0.0, 0.1, 0.7, 3.0]
    mine = np.array([OneWay(sums, r).deviance for r in at])
    np.testing.assert_allclose(mine - mine[0], np.array([dense(y, X, Z, r) for r in at]) - dense(y, X, Z, 0), atol=1e-7)
    slopes = [(dense(y, X, Z, r + 1e-5) - dense(y, X, Z, r - 1e-5)) / 2e-5 for r in at[1:]]
    np.testing.assert_allclose([OneWay(sums, r).slope for r in at[1:]], slopes, rtol=1e-4)
    best = fitted(sums).ratio
    around = [dense(y, X, Z, best * k) for k in (0.98, 1.0, 1.02)]
    assert around[1] < min(around[0], around[2])


def test_the_variance_of_variances_is_the_inverse_information(
    small: tuple[Sums, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """2 / trace(V^-1 dV_i V^-1 dV_j) from the whole matrix; g3 by differences of lambda."""
    sums, y, _, Z = small
    model = fitted(sums)
    V = np.linalg.inv(model.sigma2 * np.eye(len(y)) + model.tau2 * Z @ Z.T)
    parts = (V @ Z @ Z.T, V)
    information = np.array([[np.trace(a @ b) for b in parts] for a in parts])
    made = variance_of_variances(model)
    np.testing.assert_allclose(made, 2 * np.linalg.inv(information), rtol=1e-8)

    def kept(tau2: float, sigma2: float) -> np.ndarray:
        return np.asarray(tau2 / (tau2 + sigma2 / sums.n))

    t, s, h = model.tau2, model.sigma2, 1e-5
    slopes = np.array([kept(t + h, s) - kept(t - h, s), kept(t, s + h) - kept(t, s - h)]) / (2 * h)
    g3 = np.einsum("ij,ik,kj->j", slopes, made, slopes) * (t + s / sums.n)
    np.testing.assert_allclose(variances_unknown(model), g3, rtol=1e-7)


@pytest.mark.parametrize("between", [1.0, 9.0, 40.0])
def test_balanced_layouts_have_closed_forms(between: float) -> None:
    """tau^2 = (MSB - MSW) / n; ends of the ratio (F / F_quantile - 1) / n (Scheffe 1959)."""
    n, J = 5, 7
    mean = np.linspace(-1, 1, J)
    mean *= np.sqrt(between * (J - 1) / n / (mean @ mean))
    sums = Sums(np.full(J, float(n)), mean, 2.0 * J * (n - 1), np.zeros(J, dtype=int), np.arange(J))
    model, F = fitted(sums), between / 2.0
    expected = max((between - 2.0) / n, 0.0)
    np.testing.assert_allclose(model.tau2, expected, rtol=1e-9, atol=0)
    ends = [max((F / stats.f.ppf(p, J - 1, J * (n - 1)) - 1) / n, 0.0) for p in (0.975, 0.025)]
    np.testing.assert_allclose(np.array(model.interval()) / (1 - np.array(model.interval())), ends, rtol=1e-9)
    if expected == 0:  # at the bound the variance is that around the mean of all
        np.testing.assert_allclose(model.sigma2, (sums.within + (J - 1) * between) / (J * n - 1), rtol=1e-12)


def test_at_the_bound_every_compound_has_the_mean_of_its_type() -> None:
    frame = drawn(1, J=10, tau=0.0)
    made = asked(frame)
    part = made.part("y")
    assert part.model is not None
    assert part.model.tau2 == 0
    assert "tau2 = 0" in part.note
    means = made.means("y")
    assert (means.groupby("group")["shrunken"].nunique() == 1).all()
    assert (means["se"] > 0).all()
    expected = frame.groupby("type")["y"].mean()
    np.testing.assert_allclose(means.groupby("group")["shrunken"].first(), expected, rtol=1e-12)


def test_the_frame() -> None:
    frame = drawn(2, gap=1.0)
    made = asked(frame, ["y", "yes"])
    table = made.to_frame()
    assert (
        list(table.columns)
        == (
            "outcome group icc low high tau2 sigma2 n compounds n_bar lambda lambda_min deff_kish deff_design mean "
            "mean_weighted note"
        ).split()
    )
    assert list(table["group"]) == ["estate", "old", "within types", "all"] * 2
    y = table[table["outcome"] == "y"].set_index("group")
    assert y.loc["estate", "n"] + y.loc["old", "n"] == y.loc["all", "n"] == y.loc["within types", "n"] == len(frame)
    assert y.loc["all", "tau2"] > y.loc["within types", "tau2"]  # the gap of types is a difference between compounds
    survey = made.survey
    by_type, whole = survey.mean("y", by="type"), survey.mean("y")
    np.testing.assert_allclose(y.loc[["estate", "old"], "mean_weighted"], by_type.values, rtol=1e-12)
    np.testing.assert_allclose(y.loc["all", "deff_design"], whole.deff()[0], rtol=1e-12)
    n = frame[frame["type"] == "old"].groupby("home").size()
    icc = y.loc["old", "icc"]
    np.testing.assert_allclose(y.loc["old", "deff_kish"], 1 + ((n**2).sum() / n.sum() - 1) * icc, rtol=1e-12)
    kept = icc / (icc + (1 - icc) / n)
    np.testing.assert_allclose(
        y.loc["old", ["lambda", "lambda_min"]].astype(float), [kept.mean(), kept.min()], rtol=1e-9
    )
    assert ((table["low"] <= table["icc"]) & (table["icc"] <= table["high"])).all()


def test_weights_change_no_variance_and_a_weight_of_zero_leaves_out() -> None:
    frame = drawn(4)
    made = asked(frame).to_frame()
    same = ["icc", "tau2", "sigma2", "lambda", "mean"]
    pd.testing.assert_frame_equal(asked(frame.assign(w=1.0)).to_frame()[same], made[same])
    halved = asked(frame.assign(w=np.where(np.arange(len(frame)) % 2, frame["w"], 0.0))).to_frame()
    pd.testing.assert_frame_equal(asked(frame[1::2]).to_frame()[same], halved[same])
    survey = sv.Survey(frame, design=sv.Design("w", clusters="home"))
    domain = compounds(survey.where("y > 0"), "y", "type").to_frame()
    pd.testing.assert_frame_equal(domain[same], asked(frame[frame["y"] > 0]).to_frame()[same])


def test_the_order_of_rows_and_a_shift_of_the_answers_do_not_matter() -> None:
    frame = drawn(5)
    same = ["icc", "low", "high", "tau2", "sigma2", "lambda"]
    made = asked(frame).to_frame()[same]
    pd.testing.assert_frame_equal(asked(frame.sample(frac=1, random_state=1)).to_frame()[same], made, rtol=1e-9)
    pd.testing.assert_frame_equal(asked(frame.assign(y=frame["y"] + 1e7)).to_frame()[same], made, rtol=1e-6)


def test_no_compound_is_named_or_ranked() -> None:
    frame = drawn(6, J=16)
    made = asked(frame, ["y", "yes"])
    figure = made.plot("y")
    shown = [made.means("y").to_csv(), made.to_frame().to_csv(), str(made.sentence("y")), json.dumps(figure.to_json()),
             json.dumps(compounds_table(made).to_json())]  # fmt: skip
    assert not any("Garden" in text for text in shown)
    means = made.means("y")
    assert list(means.columns) == "group n mean shrunken se low high lambda note".split()
    for value in ("shrunken", "mean", "n"):
        order = np.argsort(means[value].to_numpy(), kind="stable")
        assert not np.array_equal(order, np.arange(16))
        assert not np.array_equal(order, np.arange(16)[::-1])
    by_name = frame.groupby("home")["y"].mean()
    assert not np.array_equal(means["mean"], by_name)
    np.testing.assert_allclose(np.sort(means["mean"]), np.sort(by_name), rtol=1e-12)


def test_a_predictor_is_keyed_by_compound_and_joins() -> None:
    frame = drawn(7)
    made = asked(frame)
    found = made.predictor("y")
    assert made.part("y").reliability > 0.7
    assert set(made.means("y")["note"]) == {""}
    assert found.index.name == "home"
    assert set(found.index) == set(frame["home"])
    raw = frame.groupby("home")["y"].mean()
    centre = raw.groupby(frame.groupby("home")["type"].first()).transform("mean")
    assert (np.abs(found - centre) < np.abs(raw - centre) + 0.02).all()  # drawn towards the type
    assert np.corrcoef(found, raw.loc[found.index])[0, 1] > 0.99


def test_names_that_stand_in_several_strata_are_kept_apart() -> None:
    frame = drawn(8).assign(half=lambda f: f["home"].str.extract(r"(\d+)", expand=False).astype(int) % 2)
    frame["home"] = "Garden " + (frame["home"].str.extract(r"(\d+)", expand=False).astype(int) // 2).astype(str)
    survey = sv.Survey(frame, design=sv.Design("w", strata="half", clusters="home"))
    found = compounds(survey, "y", by="type").predictor("y")
    assert found.index.names == ["half", "home"]
    assert found.index.is_unique
    assert len(found) == 12


def test_a_predictor_of_low_reliability_is_refused() -> None:
    made = asked(drawn(9, tau=0.15, size=8))
    assert made.part("y").reliability < 0.5
    with pytest.raises(UsageError, match=r"reliability is \.\d+.*at least \.50"):
        made.predictor("y")
    assert made.means("y")["note"].str.contains("too few interviews to tell compounds apart").all()
    assert "too few interviews to tell compounds apart" in made.plot("y").title


def test_between_half_and_seven_tenths_there_is_no_ranking() -> None:
    made = asked(drawn(2, J=30, tau=0.3, size=20))
    assert 0.5 < made.part("y").reliability < 0.7
    assert made.means("y")["note"].str.contains("no ranking of compounds").all()
    assert len(made.predictor("y")) == 30


@pytest.mark.parametrize(
    ("tau", "gap", "verdict", "said"),
    [
        (1.0, 0.0, "compounds", "compounds differ more within each type than the types differ"),
        (0.2, 3.0, "types", "the types differ more than compounds within them"),
        (0.5, 0.6, "undecided", "cannot tell whether compounds of one type differ more"),
    ],
)
def test_sentences_and_titles_say_what_is_so(tau: float, gap: float, verdict: str, said: str) -> None:
    frame = drawn(11, J=40, tau=tau, gap=gap, size=40)
    made = asked(frame)
    model = made.part("y").model
    assert model is not None
    found = apart(model)
    assert found.verdict == verdict
    sentence, title = str(made.sentence("y")), made.plot("y").title
    assert said in sentence
    assert (said in title) == (verdict != "undecided")
    means = frame.groupby(["type", "home"])["y"].mean().groupby("type").mean()
    np.testing.assert_allclose(found.types[0], abs(means["old"] - means["estate"]), atol=0.03)
    np.testing.assert_allclose(found.compounds[0], 2 / np.sqrt(np.pi) * np.sqrt(model.tau2), rtol=1e-12)
    assert f"{len(frame):,} in 40 compounds" in sentence


def test_without_types_the_sentence_gives_the_share_of_variance() -> None:
    made = asked(drawn(12), by=None)
    assert list(made.to_frame()["group"]) == ["all"]
    assert "of the variance lies between compounds" in str(made.sentence("y"))
    assert made.plot("y").title == "y: compounds differ"


def test_yes_and_no_are_shares_of_the_answer_that_is_named() -> None:
    frame = drawn(13)
    numbers, words = asked(frame, "yes"), asked(frame.assign(yes=np.where(frame["yes"] == 1, "yes", "no")), "yes")
    same = ["icc", "tau2", "sigma2", "mean", "mean_weighted", "deff_design"]
    pd.testing.assert_frame_equal(words.to_frame()[same], numbers.to_frame()[same])
    label = words.found[0].outcome.label
    assert label.endswith("share of \N{LEFT DOUBLE QUOTATION MARK}yes\N{RIGHT DOUBLE QUOTATION MARK}")
    assert "percentage points" in str(words.sentence("yes"))
    assert "%" in words.plot("yes").data["axis"]


def test_a_rare_answer_has_a_note() -> None:
    frame = drawn(13).assign(yes=lambda f: (f["y"] > 1.8).astype(int).astype(str))
    assert 0.02 < (frame["yes"] == "1").mean() < 0.2
    assert asked(frame, "yes").to_frame()["note"].str.contains("too narrow").any()
    common = asked(frame.assign(yes=(frame["y"] > 0).astype(int).astype(str)), "yes")
    assert not common.to_frame()["note"].str.contains("too narrow").any()


NO_ICC = {
    "two compounds of a type": (drawn(1, J=5), "with answers: 2; no ICC with fewer than 3", "old"),
    "the same answer everywhere": (drawn(1).assign(y=0.1), "all answers are the same", "old"),
    "one answer in each compound": (drawn(1).drop_duplicates("home"), "one answer in each compound", "old"),
    "compounds that agree": (drawn(1).assign(y=lambda f: f["home"].str.len() + f["w"] * 0), "all answer alike", "all"),
    "nobody in one type": (drawn(1).assign(y=lambda f: f["y"].where(f["type"] == "old")), "answers: 0", "estate"),
    "nobody in the other": (drawn(1).assign(y=lambda f: f["y"].where(f["type"] != "old")), "answers: 0", "old"),
}


@pytest.mark.parametrize("case", NO_ICC)
def test_where_there_is_no_icc_a_note_says_why(case: str) -> None:
    frame, note, group = NO_ICC[case]
    made = asked(frame)
    row = made.to_frame().set_index("group").loc[group]
    assert np.isnan(row["icc"])
    assert note in row["note"]
    assert compounds_table(made).body
    if made.part("y").model is None:
        assert "cannot be compared" in str(made.sentence("y"))
        for refused in (made.means, made.predictor, made.plot):
            with pytest.raises(UsageError, match="cannot be told apart"):
                refused("y")


FRAME = drawn(14)
WRONG = {
    "no clusters": (lambda: compounds(sv.Survey(FRAME), "y"), "names no clusters.*compound_id"),
    "residents of both types": (
        lambda: asked(FRAME.assign(type=np.where(np.arange(len(FRAME)) % 2, "old", "estate"))),
        "12 compounds with residents of both groups of 'type'"),
    "an outcome that is no number": (
        lambda: asked(FRAME.assign(y=np.array(["red", "blue", "green"])[np.arange(len(FRAME)) % 3])), "no numbers"),
    "an unknown column": (lambda: asked(FRAME, "yy"), "no column 'yy'.*Did you mean 'y'"),
    "an outcome that was not asked for": (lambda: asked(FRAME).means("yes"), "none of the outcomes.*Known: y"),
    "a group that is none": (lambda: asked(FRAME).part("y", "odl"), "no group 'odl'.*Did you mean 'old'"),
    "an outcome twice": (lambda: asked(FRAME, ["y", "y"]), "names a column twice"),
    "no outcome": (lambda: asked(FRAME, []), "names nothing"),
    "three types": (lambda: asked(FRAME.assign(type=FRAME["home"].str[7])), "exactly two groups"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_refused_and_why(case: str) -> None:
    call, said = WRONG[case]
    with pytest.raises(UsageError, match=said):
        call()


def test_small_compounds_are_counted_and_not_drawn() -> None:
    frame = drawn(15, J=14)
    place = frame.groupby("home").cumcount()
    few = frame["home"].isin(["Garden 0 Road", "Garden 1 Road"]) & (place >= 9)
    made = asked(frame[~few])
    figure = made.plot("y")
    assert len(figure.data["rows"]) == 12
    assert "2 compounds with fewer than 10 answers" in figure.note
    assert made.to_frame()["compounds"].iloc[-1] == 14
    with pytest.raises(UsageError, match="no compound has 10 answers"):
        asked(frame[place < 9]).plot("y")


@pytest.mark.parametrize("by", ["type", None])
def test_figures_draw_the_same_bytes_twice_at_both_widths(by: str | None) -> None:
    figure = asked(drawn(16, J=90), by=by).plot("y")
    assert type(figure).from_json(figure.to_json()) == figure
    values = [row["value"] for row in figure.data["rows"]]
    assert values == sorted(values)
    for width in (7.4, 3.7):
        assert canvas(draw, figure, width) == canvas(draw, figure, width)


def test_the_simulated_study_in_chinese() -> None:
    survey = sv.Study.load(ROOT / "data" / "demo", lang="zh").residents
    made = compounds(survey, ["rd16", "SCI"], by="type")
    assert list(made.to_frame()["outcome"].unique()) == ["rd16", "SCI"]
    assert made.found[1].outcome.label == "社会资本指数"
    table = compounds_table(made)
    assert "不属于两类的小区不计入。" in table.notes
    assert "ICC" in table.header[0][2].text
    assert "小区" in str(made.sentence("rd16"))
    shown = " ".join([*table.notes, str(made.sentence("rd16")), made.plot("rd16").title, made.plot("rd16").note])
    assert not any(word in shown for word in ("compounds", "unweighted", "reliability"))


def test_replicate_weights_keep_the_compounds() -> None:
    survey = sv.Survey(drawn(17), design=sv.Design("w", clusters="home"))
    same = ["icc", "tau2", "sigma2", "lambda", "mean_weighted"]
    made = compounds(survey.with_replicates("JKn"), "y", by="type").to_frame()
    pd.testing.assert_frame_equal(made[same], compounds(survey, "y", by="type").to_frame()[same])


@pytest.mark.parametrize("yes", [False, True])
def test_the_interval_covers(yes: bool) -> None:
    """400 samples: 95 % +- 3.1 (three standard errors); more in benchmarks/icc.py."""
    rng, icc, runs = np.random.default_rng(20), 0.05, 400
    held, close = 0, 0.0
    for _ in range(runs):
        unit = np.repeat(np.arange(20), 25)
        if yes:
            true = rng.beta(0.4 * 19, 0.6 * 19, 20)
            y = (rng.random(500) < true[unit]).astype(float)
        else:
            true = np.sqrt(icc) * rng.normal(size=20)
            y = true[unit] + np.sqrt(1 - icc) * rng.normal(size=500)
        model = fitted(sums_of(y, unit, np.zeros(20, dtype=int)))
        low, high = model.interval()
        held += low <= icc <= high
        value, se = shrunken(model)
        close += float(np.mean(np.abs(value - true) <= stats.t.ppf(0.975, 19) * se))
    assert 0.919 <= held / runs <= 0.981
    assert 0.93 <= close / runs <= 0.98
