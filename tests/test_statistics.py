"""Values by hand: every pair of residents counted, every formula written out again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from tests.laws.test_weight_derivative import CLASSES, EXAMPLES

FULL = sv.Design(weights="w", strata="stratum", clusters="cluster")


@pytest.fixture(scope="module")
def survey(clustered: pd.DataFrame) -> sv.Survey:
    return sv.Survey(clustered, design=FULL)


def groups(frame: pd.DataFrame, name: str) -> list[tuple[np.ndarray, np.ndarray]]:
    known = frame.dropna(subset=[name, "type"])
    return [(g[name].to_numpy(), g["w"].to_numpy()) for _, g in known.groupby("type")]


@pytest.mark.parametrize("name", ["y", "rating"])
def test_superiority_counts_every_weighted_pair(name: str, clustered: pd.DataFrame, survey: sv.Survey) -> None:
    (a, wa), (b, wb) = groups(clustered, name)
    ahead = np.sign(a[:, None] - b)
    pairs = wa[:, None] * wb / (wa.sum() * wb.sum())
    made = survey.estimate([sv.Superiority(name, "type"), sv.CliffsDelta(name, "type")])
    np.testing.assert_allclose(made.values, [(pairs * (ahead + 1) / 2).sum(), (pairs * ahead).sum()], rtol=1e-12)


def test_mean_ranks_differ_by_superiority_less_one_half(survey: sv.Survey) -> None:
    """Exactly, in value and in error: the rank test of two groups is the test of superiority against 1/2."""
    ranks = survey.estimate(sv.MeanRank("rating", "type")).contrast([1, -1])
    ahead = survey.estimate(sv.Superiority("rating", "type"))
    np.testing.assert_allclose(ranks.values, ahead.values - 0.5, rtol=1e-12)
    np.testing.assert_allclose(ranks.se, ahead.se, rtol=1e-12)
    np.testing.assert_allclose(ranks.test().p, ahead.test(0.5).p, rtol=1e-10)


def test_the_rank_test_of_five_groups_does_not_see_the_order_of_rows(clustered: pd.DataFrame) -> None:
    """Ties share their rank; R's svyranktest breaks them by the order of the rows."""

    def tested(frame: pd.DataFrame):
        return sv.Survey(frame, design=FULL).estimate(sv.MeanRank("member", "rating")).test("equal")

    one, other = tested(clustered), tested(clustered.sample(frac=1, random_state=9))
    assert one.df == 4
    np.testing.assert_allclose([other.statistic, other.p], [one.statistic, one.p], rtol=1e-9)


def test_equal_is_the_test_of_every_difference(survey: sv.Survey) -> None:
    made = survey.mean("y", by="rating")
    D = np.vstack([np.eye(4), np.zeros(4)]) - np.vstack([np.zeros(4), np.eye(4)])
    gap, V = D.T @ made.values, D.T @ made.covariance @ D
    test = made.test("equal")
    np.testing.assert_allclose(test.statistic, gap @ np.linalg.solve(V, gap) / 4, rtol=1e-9)
    assert (test.df, test.df2) == (4, made.df.min())
    with pytest.raises(sv.SurveyorError, match="cannot be tested"):
        survey.mean("y").test("equal")


def test_gini_is_the_mean_difference_of_all_pairs(clustered: pd.DataFrame, survey: sv.Survey) -> None:
    known = clustered.dropna(subset="y")
    y, w = known["y"].to_numpy(), known["w"].to_numpy()
    W = w.sum()
    apart = (w[:, None] * w * np.abs(y[:, None] - y)).sum() / W**2
    np.testing.assert_allclose(survey.estimate(sv.Gini("y")).values, apart / (2 * (w @ y) / W), rtol=1e-12)


@pytest.mark.parametrize("standardiser", ["pooled", "average", "a", "b"])
def test_hedges_g_written_out(standardiser: str, clustered: pd.DataFrame, survey: sv.Survey) -> None:
    sides = groups(clustered, "y")
    m = [np.average(y, weights=w) for y, w in sides]
    v = [np.average((y - np.average(y, weights=w)) ** 2, weights=w) for y, w in sides]
    W = [w.sum() for _, w in sides]
    square = {"pooled": np.average(v, weights=W), "average": np.mean(v), "a": v[0], "b": v[1]}[standardiser]
    n = sum(len(y) for y, _ in sides)
    expected = (m[0] - m[1]) / np.sqrt(square) * (1 - 3 / (4 * (n - 2) - 1))
    made = survey.estimate(sv.HedgesG("y", "type", standardiser=standardiser))
    np.testing.assert_allclose(made.values, expected, rtol=1e-11)


def test_scores_of_levels_written_out(clustered: pd.DataFrame, survey: sv.Survey) -> None:
    known = clustered.dropna(subset="rating")
    r, w = known["rating"].to_numpy(), known["w"].to_numpy()
    p = np.array([w[r == k].sum() for k in range(1, 6)]) / w.sum()
    m = p @ np.arange(1, 6)
    consensus = 1 + sum(p[k - 1] * np.log2(1 - abs(k - m) / 4) for k in range(1, 6))
    made = survey.estimate(
        [sv.TopShare("rating"), sv.NetAgreement("rating"), sv.Consensus("rating"), sv.Polarisation("rating")]
    )
    np.testing.assert_allclose(
        made.values, [p[3] + p[4], p[3] + p[4] - p[0] - p[1], consensus, 1 - consensus], rtol=1e-12
    )


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_linearised_meets_the_jackknife_as_samples_grow(kind: type, clustered: pd.DataFrame) -> None:
    """Two roads to one variance: ten times as many clusters, and they part by a tenth."""
    if kind is sv.Quantile:
        pytest.skip("the jackknife does not hold for quantiles (Efron 1982)")
    many = pd.concat([clustered.assign(cluster=clustered["cluster"] + 1000 * k) for k in range(10)], ignore_index=True)
    apart = []
    for frame in (clustered, many):
        survey = sv.Survey(frame, design=FULL)
        one = survey.estimate(EXAMPLES[kind])
        two = survey.with_replicates("JKn").estimate(EXAMPLES[kind])
        np.testing.assert_allclose(two.values, one.values, rtol=1e-12)
        apart.append(np.abs(two.se / one.se - 1).max())
    assert apart[0] < 0.1
    assert apart[1] < max(0.2 * apart[0], 1e-9)


def test_a_billion_with_a_spread_of_one_keeps_ten_digits() -> None:
    rng = np.random.default_rng(4)
    y = rng.integers(-24, 25, size=(2, 500)) / 8  # exact in binary, with a billion too
    small = pd.DataFrame({"y": y[0], "x": y[1], "w": rng.integers(1, 5, 500) / 4, "u": np.arange(500) % 50})
    large = small.assign(y=small["y"] + 1e9, x=small["x"] - 1e9)
    asked = [sv.StandardDeviation("y"), sv.Variance("y"), sv.Covariance("x", "y"), sv.Correlation("x", "y")]
    plain, far = (sv.Survey(f, design=sv.Design("w", clusters="u")).estimate(asked) for f in (small, large))
    np.testing.assert_allclose(far.values, plain.values, rtol=1e-10)
    np.testing.assert_allclose(far.se, plain.se, rtol=1e-10)
    made = sv.Survey(large, design=sv.Design("w", clusters="u")).mean("y")
    np.testing.assert_allclose(made.values - 1e9, [np.average(y[0], weights=small["w"])], atol=2e-7)
    np.testing.assert_allclose(made.se, sv.Survey(small, design=sv.Design("w", clusters="u")).mean("y").se, rtol=1e-10)


def test_effective_sample_size(clustered: pd.DataFrame) -> None:
    """Kish: with weights alone, the effective size of a mean is near (sum w)^2 / sum w^2."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"y": rng.normal(size=4000), "w": rng.gamma(2, size=4000)})
    made = sv.Survey(frame, design=sv.Design("w")).mean("y")
    kish = frame["w"].sum() ** 2 / (frame["w"] ** 2).sum()
    np.testing.assert_allclose(made.effective_n(), [kish], rtol=0.05)
    np.testing.assert_allclose(made.effective_n(), made.n / made.deff(), rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.quantile("y", 1.5), "not between 0 and 1"),
        (lambda s: s.quantile("y", []), "no quantile"),
        (lambda s: s.quantile("y", rule="maths"), "Did you mean 'math'"),
        (lambda s: s.estimate(sv.HedgesG("y", "type", standardiser="pool")), "Did you mean 'pooled'"),
        (lambda s: s.estimate(sv.Superiority("y", "rating")), "has 5 groups"),
        (lambda s: s.estimate(sv.Gini("type")), "text where numbers"),
        (lambda s: s.mean("y").test([1, 2]), "null has 2 numbers"),
        (lambda s: s.estimate(sv.Spread("y")).transform(lambda v: v[0] / v[1]).degrees("auto"), "not known"),
    ],
)  # fmt: skip
def test_messages(call, words: str, survey: sv.Survey) -> None:
    with pytest.raises(sv.SurveyorError, match=words):
        call(survey)


def test_superiority_goes_by_codes_where_a_list_is_written_from_yes_to_no() -> None:
    from surveyor.questionnaire import Choices, Item, Questionnaire

    yes_no = Choices(codes={1: {"en": "Yes"}, 0: {"en": "No"}}, top=(1,))
    asked = Questionnaire(name="t", items=(Item(id="y", label={"en": "Y"}, choices="yn"),), choices={"yn": yes_no})
    frame = pd.DataFrame({"y": [1, 1, 1, 0, 1, 0, 0, 0], "g": ["a"] * 4 + ["b"] * 4})
    made = sv.Survey(frame, questionnaire=asked).estimate(sv.Superiority("y", "g"))
    assert made.values[0] == pytest.approx(0.75, abs=1e-12)  # 9/16 ahead, 6/16 ties
