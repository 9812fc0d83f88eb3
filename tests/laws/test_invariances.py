"""What must not change a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.statistics import OnTotals
from tests.laws.test_weight_derivative import CLASSES, EXAMPLES

FULL = sv.Design(weights="w", strata="stratum", clusters="cluster")


def estimate(frame: pd.DataFrame, kind: type, design: sv.Design = FULL) -> sv.Estimate:
    return sv.Survey(frame, design=design).estimate(EXAMPLES[kind], by="type")


def small_sample(kind: type, made: sv.Estimate) -> np.ndarray | float:
    """n/(n-1), the only part of a statistic that counts rows: doubled rows change it and nothing else."""
    statistic = EXAMPLES[kind]
    return statistic.small_sample(made.n.astype(float)) if isinstance(statistic, OnTotals) else 1.0


def same(a: sv.Estimate, b: sv.Estimate, scale: np.ndarray | float = 1.0) -> None:
    np.testing.assert_allclose(b.values, scale * a.values, rtol=1e-12)
    np.testing.assert_allclose(b.se, scale * a.se, rtol=1e-11)
    np.testing.assert_array_equal(b.df, a.df)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
class TestEveryStatistic:
    def test_row_order(self, kind: type, clustered: pd.DataFrame) -> None:
        same(estimate(clustered, kind), estimate(clustered.sample(frac=1, random_state=3), kind))

    def test_weight_scale(self, kind: type, clustered: pd.DataFrame) -> None:
        scale = 7.0 if kind.__name__ in ("Total", "Count") else 1.0
        same(estimate(clustered, kind), estimate(clustered.assign(w=7 * clustered["w"]), kind), scale)

    def test_a_row_twice_at_half_weight(self, kind: type, clustered: pd.DataFrame) -> None:
        half = clustered.assign(w=clustered["w"] / 2)
        one, two = estimate(clustered, kind), estimate(pd.concat([half, half], ignore_index=True), kind)
        same(one, two, small_sample(kind, two) / small_sample(kind, one))

    def test_doubled_weights_are_not_doubled_units(self, kind: type, clustered: pd.DataFrame) -> None:
        twice = pd.concat([clustered, clustered.assign(cluster=clustered["cluster"] + 1000)], ignore_index=True)
        one, two = estimate(clustered, kind), estimate(twice, kind)
        scale = 2.0 if kind.__name__ in ("Total", "Count") else 1.0
        scale = scale * small_sample(kind, two) / small_sample(kind, one)
        np.testing.assert_allclose(two.values, scale * one.values, rtol=1e-12)
        if kind is sv.Quantile:  # its standard error is read off between answers
            scale = 4 / 3
        assert (two.se <= 0.75 * scale * one.se).all()

    def test_a_domain_is_zero_weight(self, kind: type, clustered: pd.DataFrame) -> None:
        old = clustered["type"] == "old"
        zeroed = clustered.assign(w=clustered["w"].where(old, 0.0))
        whole = estimate(clustered, kind).pick(type="old")
        alone = sv.Survey(zeroed, design=FULL).estimate(EXAMPLES[kind])
        same(whole, alone)

    def test_names_do_not_matter(self, kind: type, clustered: pd.DataFrame) -> None:
        renamed = clustered.assign(
            cluster="小区" + (100 - clustered["cluster"]).astype(str),
            stratum=clustered["stratum"].map({1: "z", 2: "y", 3: "x", 4: "w"}),
        )
        same(estimate(clustered, kind), estimate(renamed, kind))

    def test_a_cluster_id_repeated_in_two_strata_is_two_clusters(self, kind: type, clustered: pd.DataFrame) -> None:
        within = clustered.groupby("stratum")["cluster"].transform(lambda c: c - c.min() + 1)
        same(estimate(clustered, kind), estimate(clustered.assign(cluster=within), kind))


def test_sums_over_domains_are_the_total(clustered: pd.DataFrame) -> None:
    survey = sv.Survey(clustered, design=FULL)
    parts = survey.total("y", by="type").contrast([1, 1])
    whole = survey.total("y")
    np.testing.assert_allclose(parts.values, whole.values, rtol=1e-12)
    np.testing.assert_allclose(parts.se, whole.se, rtol=1e-11)


def test_a_difference_of_estimates_is_their_contrast(clustered: pd.DataFrame) -> None:
    both = sv.Survey(clustered, design=FULL).mean("y", by="type")
    minus = both.pick(type="old") - both.pick(type="estate")
    contrast = both.contrast([-1, 1])
    np.testing.assert_allclose(minus.values, contrast.values, rtol=1e-14)
    np.testing.assert_allclose(minus.se, contrast.se, rtol=1e-14)


def test_what_cannot_be_computed_spoils_nothing_else(clustered: pd.DataFrame) -> None:
    survey = sv.Survey(clustered.assign(gone=np.nan), design=FULL)
    alone = survey.mean("y", by="type").contrast([1, -1])
    beside = survey.mean(["gone", "y"], by="type").contrast([0, 0, 1, -1])
    np.testing.assert_array_equal(beside.se, alone.se)
    assert np.isnan(survey.mean(["gone", "y"], by="type").contrast([1, 0, 1, 0]).se).all()


def test_independent_surveys_add_their_variances(clustered: pd.DataFrame) -> None:
    a = sv.Survey(clustered, design=FULL).mean("y")
    b = sv.Survey(clustered.assign(y=clustered["y"] + 1), design=FULL).mean("y")
    np.testing.assert_allclose((a - b).se ** 2, a.se**2 + b.se**2, rtol=1e-12)


def test_a_large_offset_costs_no_digits_of_the_variance(clustered: pd.DataFrame) -> None:
    shifted = clustered.assign(y=clustered["y"] + 1e9)
    plain = sv.Survey(clustered, design=FULL).compare("y", by="type").to_frame()
    far = sv.Survey(shifted, design=FULL).compare("y", by="type").to_frame()
    np.testing.assert_allclose(far["effect"], plain["effect"], rtol=1e-5)


def test_swapping_the_groups_changes_the_sign_only(clustered: pd.DataFrame) -> None:
    order = pd.CategoricalDtype(["old", "estate"])
    a = sv.Survey(clustered, design=FULL).compare(["y", "rating"], by="type").to_frame()
    b = sv.Survey(clustered.assign(type=clustered["type"].astype(order)), design=FULL)
    b = b.compare(["y", "rating"], by="type").to_frame()
    np.testing.assert_allclose(b["difference"], -a["difference"], rtol=1e-12)
    np.testing.assert_allclose(b[["se", "df", "p"]], a[["se", "df", "p"]], rtol=1e-10)
