"""Few clusters: degrees of freedom, permutations, families of tests; every expected value from outside the code."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

import surveyor as sv
from surveyor.design.small_samples import degrees, of_means, satterthwaite, traces
from surveyor.multiplicity import adjusted
from surveyor.significance import max_t

FULL = sv.Design(weights="w", strata="stratum", clusters="cluster")


def centring(stratum: np.ndarray) -> np.ndarray:
    """M of the design page, written out."""
    M = np.zeros((len(stratum),) * 2)
    for s in np.unique(stratum):
        at = np.flatnonzero(stratum == s)
        m = len(at)
        M[np.ix_(at, at)] = m / (m - 1) * (np.eye(m) - np.ones((m, m)) / m)
    return M


def test_traces_are_those_of_the_matrices() -> None:
    rng = np.random.default_rng(5)
    stratum = np.repeat([0, 1, 2], [4, 9, 2])
    b = rng.gamma(2, size=(15, 3)) ** 2
    for k in range(3):
        MB = centring(stratum) @ np.diag(b[:, k])
        told = [np.trace(np.linalg.matrix_power(MB, power)) for power in (1, 2, 3)]
        np.testing.assert_allclose(traces(b, stratum)[:, k], told, rtol=1e-13)


def test_the_expected_variance_is_that_of_the_residual_form() -> None:
    """Trace of (I - 1a')' A M A (I - 1a') per group: deviations are taken from the estimated mean."""
    rng = np.random.default_rng(6)
    group, stratum = np.repeat([0, 1], [6, 9]), np.array([0, 0, 0, 1, 1, 1, *[2] * 5, *[3] * 4])
    weights, left = rng.gamma(1, size=15), np.array([0.7, 0.7, 0.7, 1, 1, 1, *[0.9] * 5, *[0.2] * 4])
    told = []
    for g in (0, 1):
        a = np.where(group == g, weights, 0.0)
        a /= a.sum()
        R = np.diag(np.sqrt(left) * a) @ (np.eye(15) - np.outer(np.ones(15), a))
        told.append(np.trace(R.T @ centring(stratum) @ R))
    made = of_means(np.where(group[:, None] == [0, 1], weights[:, None], 0.0), stratum, left)
    np.testing.assert_allclose(made.expected, told, rtol=1e-12)


@pytest.mark.parametrize(("sides", "spread"), [((4, 16), 0.0), ((4, 16), 0.5), ((5, 5), 0.5), ((6, 30), 0.3)])
def test_five_percent_of_samples_pass_the_quantile(sides: tuple[int, int], spread: float) -> None:
    """The working model drawn 400,000 times, with two cells a group; Satterthwaite's number is beside it."""
    rng = np.random.default_rng(7)
    J = sum(sides)
    group = np.repeat([0, 1], sides)
    stratum = np.unique(2 * group + np.concatenate([np.arange(n) % 2 for n in sides]), return_inverse=True)[1]
    W = rng.lognormal(0, spread, J)
    means = of_means(np.where(group[:, None] == [0, 1], W[:, None], 0.0), stratum, np.ones(J))
    df = means.combined(np.array([[1.0, -1.0]])).df()[0]
    a = np.where(group == 0, W / W[group == 0].sum(), W / W[group == 1].sum())
    e = rng.normal(size=(400_000, J))
    sums = [e @ np.where(group == g, a, 0.0) for g in (0, 1)]
    residual = e - np.where(group == 0, sums[0][:, None], sums[1][:, None])
    z = residual * a * np.where(group == 0, 1, -1)
    V = ((z @ centring(stratum)) * z).sum(axis=1)
    passed = (np.abs(sums[0] - sums[1]) > stats.t.ppf(0.975, df) * np.sqrt(V)).mean()
    assert 0.043 < passed < 0.054
    if sides == (4, 16):
        plain = satterthwaite(a[:, None] ** 2, stratum)[0]
        assert df > plain + 0.5
        assert (np.abs(sums[0] - sums[1]) > stats.t.ppf(0.975, plain) * np.sqrt(V)).mean() < 0.036


def test_equal_shares_have_units_less_cells() -> None:
    stratum = np.repeat([0, 1, 2, 3], 5)
    np.testing.assert_allclose(degrees(np.ones((20, 1)), stratum, np.ones(1)), [16], rtol=1e-6)


class TestPermutation:
    def brute(self, frame: pd.DataFrame) -> float:
        """All assignments within strata, weights rescaled to one mean per unit in both groups."""
        known = frame.dropna(subset="y")
        units = known.assign(wy=known["w"] * known["y"]).groupby("cluster")
        W, Y = units["w"].sum(), units["wy"].sum()
        first = units["type"].first() == "estate"
        stratum = units["stratum"].first()
        scale = pd.Series(np.where(first, W[first].mean(), W[~first].mean()), W.index)
        W, Y = (W / scale).to_numpy(), (Y / scale).to_numpy()
        blocks = [np.flatnonzero(stratum.to_numpy() == h) for h in stratum.unique()]
        ways = [[]]
        for block in blocks:
            k = int(first.to_numpy()[block].sum())
            ways = [[*way, *some] for way in ways for some in combinations(block, k)]
        gaps = []
        for way in ways:
            a = np.isin(np.arange(len(W)), way)
            gaps.append(Y[a].sum() / W[a].sum() - Y[~a].sum() / W[~a].sum())
        observed = Y[first].sum() / W[first].sum() - Y[~first].sum() / W[~first].sum()
        return float((np.abs(gaps) >= abs(observed) - 1e-12).mean())

    @pytest.fixture
    def few(self, clustered: pd.DataFrame) -> pd.DataFrame:
        some = clustered.groupby(["stratum", "type"])["cluster"].unique()
        keep = [c for (_, kind), each in some.items() for c in each[: 2 if kind == "estate" else 3]]
        return clustered[clustered["cluster"].isin(keep) & clustered["stratum"].isin([1, 2, 3])]

    def test_every_assignment_is_gone_through(self, few: pd.DataFrame) -> None:
        made = sv.Survey(few, design=FULL).compare("y", by="type", inference="permutation")
        assert len(made.permuted[0].assigned) == 10**3
        np.testing.assert_allclose(made.p, [self.brute(few)], rtol=1e-12)

    def test_the_interval_is_the_test_turned_round(self, few: pd.DataFrame) -> None:
        survey = sv.Survey(few, design=FULL)
        low, high = (end[0] for end in survey.compare("y", by="type", inference="permutation").interval())
        for shift, inside in ((low - 0.01, False), (low + 0.01, True), (high - 0.01, True), (high + 0.01, False)):
            moved = few.assign(y=few["y"] - np.where(few["type"] == "estate", shift, 0.0))
            assert (self.brute(moved) > 0.05) == inside

    def test_many_assignments_are_drawn_from_the_seed(self, clustered: pd.DataFrame) -> None:
        survey = sv.Survey(clustered, design=FULL)
        once, again, other = (
            survey.compare("y", by="type", inference=sv.Permutation(999, seed)).p[0] for seed in (1, 1, 2)
        )
        assert once == again != other
        assert once == pytest.approx(survey.compare("y", by="type").p[0], abs=0.02)

    def test_it_holds_its_size_where_groups_were_sampled_at_different_rates(self) -> None:
        rng = np.random.default_rng(8)
        rejected = 0
        for _ in range(250):
            cluster = np.repeat(np.arange(12), rng.integers(10, 30, 12))
            y = rng.normal(size=12)[cluster] + rng.normal(size=len(cluster))
            w = rng.lognormal(0, 0.4, 12)[cluster] * np.where(cluster < 5, 20.0, 1.0)
            frame = pd.DataFrame({"y": y, "w": w, "cluster": cluster, "type": cluster < 5})
            survey = sv.Survey(frame, design=sv.Design("w", clusters="cluster"))
            rejected += survey.compare("y", by="type", inference="permutation").p[0] <= 0.05
        assert 0.02 < rejected / 250 < 0.09

    def test_three_against_three_can_reject_nothing(self, clustered: pd.DataFrame) -> None:
        six = clustered[clustered["cluster"].isin([1, 2, 3, 4, 5, 6])].copy()
        six["type"] = np.where(six["cluster"] <= 3, "old", "estate")
        made = sv.Survey(six, design=sv.Design("w", clusters="cluster")).compare(
            "y", by="type", inference="permutation"
        )
        row = made.to_frame().iloc[0]
        assert np.isnan(row[["p", "low", "high"]].astype(float)).all()
        assert "no p-value" in row["note"]

    def test_where_the_two_tests_disagree_nothing_is_decided(self, clustered: pd.DataFrame) -> None:
        made = sv.Survey(clustered, design=FULL).where("cluster < 12").compare("y", by="type")
        row = made.to_frame().iloc[0]
        assert (row["clusters_a"], row["clusters_b"]) == (4, 7)
        assert row["p"] < 0.05 < made.permutation_p[0]
        assert row["verdict"] == "undecided"
        assert "disagree" in row["note"]
        assert "cannot tell whether this is a difference" in str(made.sentences())

    def test_strata_of_one_group_leave_nothing_to_permute(self, clustered: pd.DataFrame) -> None:
        """Strata of district and type, as in the usual design: no unit can change places, and the t test stands."""
        some = clustered[clustered["cluster"] < 12]
        apart = some.assign(stratum=some["type"])
        row = sv.Survey(apart, design=FULL).compare("y", by="type").to_frame().iloc[0]
        assert row["p"] < 0.05
        assert row["verdict"] == "different"
        assert "too few units change places" in row["note"]
        named = sv.Survey(apart, design=FULL).compare("y", by="type", inference="permutation").to_frame().iloc[0]
        assert np.isnan(named["p"])
        assert "cannot be permuted" in named["note"]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"inference": "permutations"}, "Did you mean 'permutation'"),
            ({"inference": sv.Permutation(), "correct": "max-t"}, "max-t adjusts t tests"),
            ({"correct": "bonferroni"}, "is not known"),
        ],
    )
    def test_messages(self, options: dict[str, object], words: str, clustered: pd.DataFrame) -> None:
        with pytest.raises(sv.SurveyorError, match=words):
            sv.Survey(clustered, design=FULL).compare("y", by="type", **options)
        with pytest.raises(sv.SurveyorError, match="at least 99"):
            sv.Permutation(draws=10)


def test_statistics_that_compare_groups_have_the_degrees_of_freedom_of_the_comparison(clustered: pd.DataFrame) -> None:
    estates = clustered.loc[clustered["type"] == "estate", "cluster"].unique()[:4]
    few = clustered[(clustered["type"] == "old") | clustered["cluster"].isin(estates)]
    apart = sv.Survey(few.assign(stratum=few["type"]), design=FULL)  # the groups are strata, as in a comparison
    told = apart.compare("y", by="type").df
    asked = [sv.HedgesG("y", "type"), sv.Superiority("y", "type"), sv.CliffsDelta("y", "type")]
    np.testing.assert_allclose(apart.estimate(asked).degrees("auto"), [told[0]] * 3, rtol=1e-9)
    ranks = apart.estimate(sv.MeanRank("y", "type")).degrees("auto")
    np.testing.assert_allclose(ranks, apart.mean("y", by="type").degrees("auto"), rtol=1e-9)


def test_cr2_needs_clusters(clustered: pd.DataFrame) -> None:
    with pytest.raises(sv.SurveyorError, match="names none"):
        sv.Survey(clustered, design=sv.Design("w")).compare("y", by="type", inference="cr2")


class TestFamilies:
    def test_bh_is_that_of_statsmodels(self) -> None:
        p = np.random.default_rng(6).uniform(size=40) ** 3
        np.testing.assert_allclose(adjusted(p, "bh"), multipletests(p, method="fdr_bh")[1], rtol=1e-14)
        gaps = np.insert(p, [0, 7], np.nan)
        np.testing.assert_allclose(adjusted(gaps, "bh")[np.isfinite(gaps)], adjusted(p, "bh"), rtol=1e-14)

    @pytest.mark.parametrize("correlation", [0.0, 0.5, 0.95])
    def test_max_t_is_the_multivariate_normal(self, correlation: float) -> None:
        """P(max |Z| > z) for three equally correlated numbers, from scipy's distribution function."""
        R = np.full((3, 3), correlation) + (1 - correlation) * np.eye(3)
        D = np.linalg.cholesky(R).T * [1.0, 10.0, 0.1]
        z = np.array([2.4, 2.0, -0.5])
        made = max_t(z, D, np.full(3, np.inf))
        told = []
        for value in np.abs(z):
            box = stats.multivariate_normal(np.zeros(3), R, abseps=1e-6, seed=1)
            told.append(1 - box.cdf(np.full(3, value), lower_limit=np.full(3, -value)))
        np.testing.assert_allclose(made, told, atol=0.0025)

    def test_max_t_lies_between_the_single_test_and_sidak(self, clustered: pd.DataFrame) -> None:
        survey = sv.Survey(clustered.assign(z=clustered["y"] + 1e-3 * clustered["x"]), design=FULL)
        made = survey.compare(["y", "z", "x"], by="type", correct="max-t")
        sidak = 1 - (1 - made.p) ** 3
        assert (made.p <= made.p_adjusted).all()
        assert (made.p_adjusted <= sidak + 1e-12).all()
        assert made.p_adjusted[0] < 0.8 * sidak[0], "y and z are nearly one number"


def test_ratios_by_hand(clustered: pd.DataFrame) -> None:
    survey = sv.Survey(clustered, design=FULL)
    made = survey.compare(sv.Proportion("rating", ((4, 5),)), by="type")
    (p, q), V = made.sides.values, made.sides.covariance
    t = stats.t.ppf(0.975, made.df[0])
    for kind, value, slopes in (
        ("risk", p / q, [1 / p, -1 / q]),
        ("odds", p * (1 - q) / (q * (1 - p)), [1 / (p * (1 - p)), -1 / (q * (1 - q))]),
    ):
        half = t * np.sqrt(slopes @ V @ slopes)
        row = made.ratios(kind).to_frame().iloc[0]
        told = [value, value * np.sqrt(slopes @ V @ slopes), value * np.exp(-half), value * np.exp(half)]
        np.testing.assert_allclose(row[["value", "se", "low", "high"]].astype(float), told, rtol=1e-10)
    with pytest.raises(sv.SurveyorError, match="only shares have odds"):
        survey.compare("y", by="type").ratios("odds")
