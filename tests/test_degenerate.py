"""Cases in which there is little or nothing to compute, and faults that other survey software had.

Every expected value is worked out here by hand or follows from theory. The threads named are those in which the fault
was reported elsewhere.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import surveyor as sv
from surveyor.arrays import numbered
from surveyor.design.stage import Stage

T = {1: 12.706204736174698, 2: 4.302652729749464, 5: 2.570581835636314, 100: 1.983971518523552}
Z = 1.959963984540054


def survey_of(columns: Any, **design: Any) -> sv.Survey:
    return sv.Survey(pd.DataFrame(columns), design=sv.Design(**design))


def row(made: Any, at: int = 0) -> pd.Series:
    return made.to_frame().iloc[at]


def se_of_total(z: Any, stratum: Any, unit: Any) -> float:
    """sqrt sum over strata of m/(m-1) sum (z_u - mean z)^2 for unit totals z_u of the rows' z."""
    units = pd.Series(np.asarray(z, dtype=float)).groupby([np.asarray(stratum), np.asarray(unit)]).sum()
    return float(np.sqrt(sum(len(part) * part.var() for _, part in units.groupby(level=0))))


@pytest.fixture
def strata() -> pd.DataFrame:
    """Two strata of three units of two residents, weights unlike each other; group c lives in the first alone."""
    return pd.DataFrame(
        {
            "h": np.repeat([1, 2], 6),
            "u": np.repeat([1, 2, 3, 4, 5, 6], 2),
            "w": [1.0, 2, 1, 3, 2, 2, 4, 1, 1, 5, 3, 2],
            "y": [3.0, 5, 2, 8, 7, 1, 9, 4, 6, 2, 5, 8],
            "x": [1.0, 2, 3, 2, 4, 1, 5, 2, 2, 1, 3, 4],
            "g": list("abcaabbacbab"),
        }
    ).assign(g=lambda d: d["g"].mask((d["h"] == 2) & (d["g"] == "c"), "a"))


FULL = {"weights": "w", "strata": "h", "clusters": "u"}


class TestLittleToComputeFrom:
    def test_one_respondent(self) -> None:
        made = row(survey_of({"y": [3.0]}).mean("y"))
        assert (made["value"], made["df"], made["n"]) == (3, 0, 1)
        assert np.isnan([made["se"], made["low"], made["high"]]).all()
        assert "too few primary units" in made["note"]
        told = repr(survey_of({"y": [3.0]}).mean("y"))
        assert "nan" not in told
        assert "too few primary units" in told

    @pytest.mark.parametrize("method", ["wald", "logit", "beta", "wilson", None])
    def test_one_unit_gives_no_interval_by_any_method(self, method: str | None) -> None:
        made = survey_of({"y": [0, 1, 1], "u": [1, 1, 1]}, clusters="u").proportion("y")
        told = made.interval(method=method)
        assert (told["df"] == 0).all()
        assert told[["se", "low", "high"]].isna().all(axis=None)

    @pytest.mark.parametrize("rule", ["certainty", "center"])
    def test_no_df_no_interval_even_with_an_error(self, rule: str) -> None:
        """A unit a stratum: df are 0, and z takes their place only where it is asked for by name."""
        survey = survey_of({"y": [1.0, 4, 2], "h": [1, 2, 3]}, strata="h", lonely=rule)
        made = survey.mean("y")
        assert made.df == 0
        assert made.to_frame()[["low", "high"]].isna().all(axis=None)
        assert "too few primary units" in row(made)["note"]
        if rule == "center":
            low = made.interval(df="r")["low"][0]
            np.testing.assert_allclose(low, 7 / 3 - Z * made.se[0], rtol=1e-12)

    @pytest.mark.parametrize("df", [0, -1, float("nan")])
    def test_df_that_are_none_give_no_interval(self, df: float) -> None:
        made = survey_of({"y": [1.0, 4, 2]}).mean("y").interval(df=df)
        assert made[["low", "high"]].isna().all(axis=None)

    def test_a_comparison_without_df_has_no_p(self) -> None:
        survey = survey_of({"y": [1.0, 2, 4, 7], "g": ["a", "a", "b", "b"], "u": [1, 1, 2, 2]}, clusters="u")
        made = row(survey.compare("y", by="g"))
        assert np.isnan(made["p"])
        assert np.isnan(made["low"])
        assert made["verdict"] == ""
        assert "fewer than 4 primary units" in made["note"]

    def test_nobody_in_a_domain(self) -> None:
        made = row(survey_of({"y": [1.0, 2], "a": [30, 40]}).where("a > 50").mean("y"))
        assert made["n"] == 0
        assert np.isnan(made["value"])
        assert made["note"] == "no answers"


class TestNothingVaries:
    CONSTANT: ClassVar = {"y": [4.0] * 8, "g": list("aaaabbbb"), "x": [1.0, 2, 3, 4, 5, 6, 7, 9]}

    def test_the_interval_of_a_constant_is_a_point(self) -> None:
        made = row(survey_of(self.CONSTANT).mean("y"))
        assert tuple(made[["value", "se", "low", "high"]]) == (4, 0, 4, 4)
        assert made["note"] == "no variation between units"

    def test_a_test_of_a_constant_is_not_defined(self) -> None:
        survey = survey_of(self.CONSTANT)
        compared = survey.compare("y", by="g")
        made = row(compared)
        assert (made["difference"], made["se"], made["low"], made["high"]) == (0, 0, 0, 0)
        assert np.isnan(made["p"])
        assert np.isnan(made["p_adjusted"])
        assert "no test" in made["note"]
        assert "nan" not in repr(compared)
        assert "no test" in repr(compared)

    def test_two_constants_that_differ_are_no_proof(self) -> None:
        survey = survey_of({**self.CONSTANT, "y": [4.0] * 4 + [5.0] * 4})
        made = row(survey.compare("y", by="g"))
        assert (made["difference"], made["se"]) == (-1, 0)
        assert np.isnan(made["p"])
        assert made["verdict"] == ""

    def test_a_constant_has_no_correlation_and_no_test_of_independence(self) -> None:
        survey = survey_of(self.CONSTANT)
        made = survey.estimate(sv.Correlation("y", "x"))
        assert np.isnan(made.values[0])
        assert "cannot be computed" in row(made)["note"]
        with pytest.raises(sv.SurveyorError, match="single answer"):
            survey.crosstab("y", "g").test()

    def test_wald_of_a_constant_is_not_defined(self) -> None:
        made = survey_of(self.CONSTANT).mean("y", by="g").contrast([1, -1]).test()
        assert np.isnan(made.p)
        assert "no test" in made.note


class TestSharesAtTheEdge:
    @pytest.mark.parametrize("n", [5, 40, 300])
    def test_nobody_and_everybody(self, n: int) -> None:
        """Clopper and Pearson: none of n leaves up to 1 - 0.025^(1/n)."""
        survey = survey_of({"y": np.zeros(n)})
        made = row(survey.estimate(sv.Proportion("y", (0.0,))))
        end = 1 - 0.025 ** (1 / n)
        np.testing.assert_allclose([made["value"], made["low"], made["high"]], [1, 1 - end, 1], rtol=1e-10)
        labelled = pd.DataFrame({"y": pd.Categorical(["no"] * n, ["no", "yes"])})
        none = sv.Survey(labelled).proportion("y").pick(level="yes").to_frame().iloc[0]
        np.testing.assert_allclose([none["value"], none["low"], none["high"]], [0, 0, end], rtol=1e-10)

    def test_clusters_widen_the_interval_at_the_edge(self) -> None:
        """Korn and Graubard: n (t_{n-1} / t_df)^2 in the place of n."""
        n, clusters = 40, 6
        frame = {"y": np.zeros(n), "u": np.resize(np.arange(clusters), n)}
        made = row(survey_of(frame, clusters="u").estimate(sv.Proportion("y", (0.0,))))
        effective = n * (stats.t.ppf(0.975, n - 1) / T[5]) ** 2
        np.testing.assert_allclose(made["low"], 0.025 ** (1 / effective), rtol=1e-9)

    @pytest.mark.parametrize("method", ["beta", "wilson"])
    @pytest.mark.parametrize("ones", [0, 1, 29, 30])
    def test_intervals_stay_between_0_and_1(self, method: str, ones: int) -> None:
        survey = survey_of({"y": [1.0] * ones + [0.0] * (30 - ones)})
        told = survey.estimate(sv.Proportion("y", (1.0,) if ones else (0.0,))).interval(method=method)
        assert 0 <= told["low"][0] <= told["value"][0] <= told["high"][0] <= 1
        assert told["high"][0] > told["low"][0]


class TestGroupsAndStrata:
    def test_a_group_absent_in_a_stratum(self, strata: pd.DataFrame) -> None:
        """Its total is 0 in the units of the other stratum, which keep their place: the design is whole."""
        c = (strata["g"] == "c").astype(float)
        z = strata["w"] * c * strata["y"]
        told = sv.Survey(strata, design=sv.Design(**FULL)).total("y", by="g").pick(g="c")
        np.testing.assert_allclose(told.values, [z.sum()], rtol=1e-12)
        np.testing.assert_allclose(told.se, [se_of_total(z, strata["h"], strata["u"])], rtol=1e-12)

    def test_a_group_of_no_weight(self) -> None:
        frame = {"y": [1.0, 2, 3, 4], "g": list("aabb"), "w": [1.0, 1, 0, 0]}
        with pytest.raises(sv.SurveyorError, match="group 'b' of 'g' has no residents"):
            survey_of(frame, weights="w").compare("y", by="g")
        made = row(survey_of(frame, weights="w").mean("y", by="g"), 1)
        assert (made["g"], made["n"], made["note"]) == ("b", 0, "no answers")
        assert np.isnan(made["value"])
        with pytest.raises(sv.SurveyorError, match="all weights in 'w' are zero"):
            survey_of({**frame, "w": [0.0] * 4}, weights="w")

    def test_one_unit_in_a_stratum_names_the_rules(self, strata: pd.DataFrame) -> None:
        """svy/pull/32, samplics/issues/33, /49: dropped without a word, and the error too small."""
        with pytest.raises(sv.SurveyorError) as error:
            sv.Survey(strata[strata["u"] < 5], design=sv.Design(**FULL))
        for word in ("2", "certainty", "center", "average", "collapse"):
            assert word in str(error.value)

    def test_one_unit_in_a_stratum_by_each_rule(self, strata: pd.DataFrame) -> None:
        """Stratum 1 has 3 units and gives V; stratum 2 has unit 4 alone, with total z.

        "center" squares the total itself: for a total R's "adjust" does so too (R survey, inst/BUGS, 3).
        """
        lonely = strata[strata["u"] < 5].reset_index(drop=True)
        w, y = lonely["w"], lonely["y"]
        e = (w * (y - (w * y).sum() / w.sum()) / w.sum()).to_numpy()
        for kind, z in (("total", (w * y).to_numpy()), ("mean", e)):
            first = se_of_total(z[:6], lonely["h"][:6], lonely["u"][:6]) ** 2
            alone = z[6:].sum() ** 2
            joined = se_of_total(z, np.ones(8), lonely["u"]) ** 2
            rules = {"certainty": first, "center": first + alone, "average": 2 * first, "collapse": joined}
            for rule, variance in rules.items():
                made = getattr(sv.Survey(lonely, design=sv.Design(**FULL, lonely=rule)), kind)("y")
                np.testing.assert_allclose(made.se, [np.sqrt(variance)], rtol=1e-10, err_msg=f"{kind} {rule}")

    def test_a_unit_alone_in_its_stratum_and_in_the_population(self) -> None:
        """R NEWS 2.7: a stratum taken whole needs no rule, and has no error."""
        frame = {"h": [1, 1, 2], "N": [10, 10, 1], "w": [5.0, 5, 1], "y": [1.0, 5, 2]}
        made = survey_of(frame, weights="w", strata="h", fpc="N").total("y")
        np.testing.assert_allclose(made.values, [32])
        np.testing.assert_allclose(made.se, [np.sqrt((1 - 0.2) * 2 * ((5 - 15) ** 2 + (25 - 15) ** 2))], rtol=1e-12)

    @pytest.mark.parametrize("method", ["JKn", "bootstrap"])
    def test_replicates_of_a_unit_alone_in_the_population(self, method: str) -> None:
        """R NEWS 3.4: the jackknife gave such a stratum an error; it has none."""
        frame = {"h": [1, 1, 2], "N": [10, 10, 1], "w": [5.0, 5, 1], "y": [0.0, 0, 2]}
        made = survey_of(frame, weights="w", strata="h", fpc="N").with_replicates(method, seed=1)
        np.testing.assert_allclose(made.total("y").se, [0], atol=1e-12)

    def test_one_unit_at_a_later_stage_names_the_rules(self) -> None:
        """Compound 2 has one dwelling out of 20: its part of the variance cannot be estimated either."""
        frame = {"c": [1, 1, 2, 3, 3], "s": [1, 2, 3, 4, 5], "N": [9] * 5, "M": [20] * 5, "y": [1.0, 2, 3, 4, 5]}
        with pytest.raises(sv.SurveyorError, match=r"certainty.*collapse"):
            survey_of(frame, clusters=["c", "s"], fpc=["N", "M"]).mean("y")

    def test_an_id_in_two_strata_is_two_units_or_a_mistake(self) -> None:
        """R NEWS 3.17, 3.18: the check of units in two strata was wrong for some."""
        frame = {"h": [1, 1, 2, 2], "u": [1, 2, 2, 3], "y": [1.0, 2, 4, 8]}
        made = survey_of(frame, strata="h", clusters="u").total("y")
        np.testing.assert_allclose(made.se, [np.sqrt(2 * (0.5 + 8))], rtol=1e-12)
        assert made.df == 2
        with pytest.raises(sv.SurveyorError, match="unit '2' of 'u' stands in 2 strata"):
            survey_of(frame, strata="h", clusters="u", unique_ids=True)


class TestWhatIsShown:
    def test_tiny_p_is_never_shown_as_zero(self, far: sv.Survey) -> None:
        assert "< .001" in repr(far.compare("y", by="g"))

    def test_tiny_p_is_not_stored_as_zero(self, far: sv.Survey) -> None:
        assert (far.compare("y", by="g").to_frame()[["p", "p_adjusted"]] > 0).all(axis=None)

    @pytest.fixture
    def far(self) -> sv.Survey:
        noise = np.tile([-1e-3, 1e-3], 500)
        return survey_of({"y": np.repeat([0.0, 1e3], 500) + noise, "g": np.repeat(["a", "b"], 500)})

    def test_few_expected_answers_are_said(self) -> None:
        """Fisher's tea: eight cups, every expected count is 2."""
        cups = {"is": np.repeat(["milk", "tea"], 4), "said": ["milk"] * 3 + ["tea"] * 4 + ["milk"]}
        assert "expected" in getattr(survey_of(cups).crosstab("is", "said").test(), "note", "")
        many = {name: np.tile(column, 10) for name, column in cups.items()}
        assert getattr(survey_of(many).crosstab("is", "said").test(), "note", "") == ""

    def test_more_cells_than_units_is_said(self) -> None:
        """16 cells from 4 units: 9 contrasts, 3 degrees of freedom."""
        rng = np.random.default_rng(1)
        frame = {"a": rng.permutation(np.resize(range(4), 400)), "b": rng.permutation(np.resize(range(4), 400))}
        made = survey_of({**frame, "u": np.resize(range(4), 400)}, clusters="u").crosstab("a", "b").test()
        assert made.df <= 3
        assert getattr(made, "note", "") != ""

    def test_an_empty_level_stays_as_zero(self) -> None:
        """samplics/issues/56: a level that nobody in a domain chose failed."""
        answers = pd.Categorical(list("xxyxyyxy"), ["x", "y", "z"])
        survey = survey_of({"a": answers, "g": list("aaaabbbb")})
        for made in (survey.proportion("a"), survey.proportion("a", by="g"), survey.where("g == 'a'").proportion("a")):
            empty = made.pick(level="z").to_frame()
            assert (empty["value"] == 0).all()
            assert (empty["n"] > 0).all()
        assert "z" in repr(survey.proportion("a"))
        tested = survey.crosstab("a", "g")
        assert len(tested.to_frame()) == 6
        plain = survey_of({"a": list("xxyxyyxy"), "g": list("aaaabbbb")}).crosstab("a", "g").test()
        np.testing.assert_allclose(tested.test().p, plain.p, rtol=1e-12)

    def test_eight_empty_levels(self) -> None:
        """statsmodels/issues/9587: an interval of shares failed for many zeros."""
        n = 60
        survey = survey_of({"a": pd.Categorical(np.resize(list("abc"), n), list("abcdefghijk"))})
        told = survey.proportion("a").to_frame()
        assert len(told) == 11
        np.testing.assert_allclose(told["value"], [1 / 3] * 3 + [0] * 8)
        np.testing.assert_allclose(told["high"][3:], 1 - 0.025 ** (1 / n), rtol=1e-10)
        assert (told["low"][3:] == 0).all()

    def test_n_stands_beside_every_number(self) -> None:
        survey = survey_of({"y": [1.0, None, 3, 4, None, 8], "x": [1.0, 2, 3, 4, 5, None], "g": list("aaabbb")})
        told = survey.mean(["y", "x"], by="g").to_frame()
        assert list(told["n"]) == [2, 2, 3, 2]
        compared = survey.compare(["y", "x"], by="g").to_frame()
        assert compared[["n_a", "n_b"]].to_numpy().tolist() == [[2, 2], [3, 2]]
        assert "Answers" in repr(survey.mean("y"))
        assert "2 / 2" in repr(survey.compare("y", by="g"))


class TestDegreesOfFreedomElsewhere:
    def test_df_of_a_group_are_counted_in_the_group(self) -> None:
        """svy/issues/3, pull/95: df of the whole frame, so that intervals were too short."""
        y = np.arange(24.0) ** 2
        frame = pd.DataFrame({"h": np.repeat([1, 2, 3], 8), "u": np.repeat(np.arange(12), 2), "y": y})
        frame["g"] = np.where(frame["u"].isin([0, 1, 2, 4, 5]) & (np.arange(24) % 2 == 0), "a", "b")
        survey = sv.Survey(frame, design=sv.Design(strata="h", clusters="u"))
        made = survey.mean("y", by="g")
        assert made.df.tolist() == [5 - 2, 12 - 3]
        assert survey.where("g == 'a'").mean("y").df == 3
        told = made.to_frame()
        half = stats.t.ppf(0.975, [3, 9]) * made.se
        np.testing.assert_allclose(told["high"] - told["value"], half, rtol=1e-10)

    @pytest.mark.parametrize(("df", "t"), [(5, T[5]), (100, T[100]), (np.inf, Z), ("r", Z), ("design", T[2])])
    def test_the_df_asked_for_are_used(self, df: Any, t: float) -> None:
        """srvyr/issues/119, /58, /212: ignored, or z for t."""
        made = survey_of({"y": [1.0, 2, 6]}).mean("y")
        told = made.interval(df=df)
        half = t * np.sqrt(7 / 3)
        np.testing.assert_allclose([told["low"][0], told["high"][0]], [3 - half, 3 + half], rtol=1e-12)

    def test_an_interval_asked_for_does_not_take_the_place_of_the_error(self) -> None:
        """srvyr/issues/29, R NEWS 4.1: the column of errors held the lower ends."""
        made = survey_of({"y": [1.0, 2, 6]}).mean("y")
        before = made.to_frame()
        made.interval(level=0.5)
        wide = made.interval(level=0.99)
        after = made.to_frame()
        pd.testing.assert_frame_equal(before, after)
        for told in (before, wide):
            np.testing.assert_allclose(told["se"], [np.sqrt(7 / 3)], rtol=1e-12)
            assert told["low"][0] < told["value"][0] < told["high"][0]

    @pytest.mark.parametrize(
        "call",
        [
            lambda s: s.mean("y", quantiles=[0.1]),
            lambda s: s.compare("y", by="g", quantiles=[0.1]),
            lambda s: s.mean("y").interval(alpha=0.1),
            lambda s: getattr(s, "median", s.mean)("y", quantiles=[0.1]),
        ],
    )
    def test_an_unknown_option_is_not_swallowed(self, call: Any) -> None:
        """srvyr/issues/143: median ignored quantiles= without a word."""
        with pytest.raises(TypeError):
            call(survey_of({"y": [1.0, 2, 3, 4], "g": list("aabb")}))


class TestDomainsElsewhere:
    def test_a_filter_is_a_domain_not_a_smaller_sample(self, strata: pd.DataFrame) -> None:
        """svy/issues/2, xKDR/Survey.jl/pull/330, R NEWS 3.0: rows were dropped before the design was built."""
        inside = strata["u"] != 5
        z = (strata["w"] * strata["y"]).where(inside, 0.0)
        made = sv.Survey(strata, design=sv.Design(**FULL)).where("u != 5").total("y")
        np.testing.assert_allclose(made.se, [se_of_total(z, strata["h"], strata["u"])], rtol=1e-12)
        dropped = sv.Survey(strata[inside].reset_index(drop=True), design=sv.Design(**FULL)).total("y")
        assert dropped.values == made.values
        assert dropped.se < 0.9 * made.se

    def test_a_test_on_a_filtered_survey(self, strata: pd.DataFrame) -> None:
        """samplics/issues/64: p-values differed after filtering. A domain is rows of weight 0."""
        big = pd.concat([strata.assign(u=strata["u"] + 10 * k) for k in range(4)], ignore_index=True)
        big = big.assign(item=np.resize([1, 2, 3, 1, 2], len(big)), d=np.resize([1, 1, 0, 1, 1, 1, 0], len(big)))
        whole = sv.Survey(big, design=sv.Design(**FULL)).where("d == 1")
        zeroed = sv.Survey(big.assign(w=big["w"] * big["d"]), design=sv.Design(**FULL))
        a, b = whole.crosstab("g", "item").test(), zeroed.crosstab("g", "item").test()
        np.testing.assert_allclose([a.statistic, a.df, a.df2, a.p], [b.statistic, b.df, b.df2, b.p], rtol=1e-12)
        a, b = (row(s.where("g != 'c'").compare("y", by="g")) for s in (whole, zeroed))
        for name in ("difference", "se", "df", "p"):
            np.testing.assert_allclose(a[name], b[name], rtol=1e-12)

    def test_a_statistic_can_be_asked_again(self, strata: pd.DataFrame) -> None:
        """samplics/issues/61: the estimator object could be used once."""
        survey = sv.Survey(strata, design=sv.Design(**FULL))
        for statistic in (sv.Mean("y"), sv.StandardDeviation("y"), sv.Proportion("g"), sv.Ratio("y", "x")):
            before, told = repr(statistic), survey.estimate(statistic)
            survey.where("h == 1").estimate(statistic)
            survey.estimate(statistic, by="h")
            again = survey.estimate(statistic)
            assert repr(statistic) == before
            np.testing.assert_array_equal(again.values, told.values)
            np.testing.assert_array_equal(again.se, told.se)

    def test_by_is_not_ignored(self, strata: pd.DataFrame) -> None:
        """svy/pull/71."""
        survey = sv.Survey(strata, design=sv.Design(**FULL))
        for made in (survey.total("y", by="h"), survey.with_replicates("JKn").total("y", by="h")):
            told = (strata["w"] * strata["y"]).groupby(strata["h"]).sum()
            np.testing.assert_allclose(made.values, told, rtol=1e-12)


class TestVariancesElsewhere:
    def test_two_stages_with_labels_used_again(self) -> None:
        """svy/pull/71: units called alike in two strata were taken together. Cochran 11.9 by hand.

        N (N - n) s^2 / n between compounds, and N/n sum M (M - m) s_j^2 / m within them.
        """
        rng = np.random.default_rng(3)
        rows = []
        told = 0.0
        for h, (N, n) in enumerate(((8, 3), (5, 2))):
            totals, within = [], []
            for j in range(n):
                M, m = int(rng.integers(6, 12)), int(rng.integers(2, 4))
                y = rng.normal(h + j, 1, m)
                rows += [(h, j, k, N, M, N / n * M / m, v) for k, v in enumerate(y)]
                totals.append(M * y.mean())
                within.append(M * (M - m) * y.var(ddof=1) / m)
            told += N * (N - n) * np.var(totals, ddof=1) / n + N / n * sum(within)
        frame = pd.DataFrame(rows, columns=["h", "c", "s", "N", "M", "w", "y"])
        made = sv.Survey(frame, design=sv.Design("w", "h", ["c", "s"], ["N", "M"])).total("y")
        np.testing.assert_allclose(made.se, [np.sqrt(told)], rtol=1e-11)
        unique = frame.assign(c=frame["c"] + 10 * frame["h"], s=np.arange(len(frame)))
        again = sv.Survey(unique, design=sv.Design("w", "h", ["c", "s"], ["N", "M"])).total("y")
        np.testing.assert_allclose(again.se, made.se, rtol=1e-12)

    def test_ratio_and_total_by_hand(self, strata: pd.DataFrame) -> None:
        """CSBLatvia/vardpoor/issues/1, /21: the linearised ratio used part of the weights."""
        w, y, x = strata["w"], strata["y"], strata["x"]
        survey = sv.Survey(strata, design=sv.Design(**FULL))
        r = (w * y).sum() / (w * x).sum()
        np.testing.assert_allclose(survey.ratio("y", "x").values, [r], rtol=1e-12)
        told = se_of_total(w * (y - r * x) / (w * x).sum(), strata["h"], strata["u"])
        np.testing.assert_allclose(survey.ratio("y", "x").se, [told], rtol=1e-11)
        np.testing.assert_allclose(survey.total("y").se, [se_of_total(w * y, strata["h"], strata["u"])], rtol=1e-12)

    def test_deff_of_a_simple_sample_is_one(self) -> None:
        """R NEWS 4.1: design effects were off by a factor of n."""
        frame = pd.DataFrame({"y": [3.0, 1, 4, 1, 5, 9, 2, 6], "b": [0, 1, 1, 0, 1, 0, 0, 1], "N": 80, "w": 10.0})
        survey = sv.Survey(frame, design=sv.Design("w"))
        for made in (survey.mean("y"), survey.proportion("b"), survey.total("y"), survey.ratio("y", "w")):
            np.testing.assert_allclose(made.deff("wr"), np.ones(len(made)), rtol=1e-12)
        finite = sv.Survey(frame, design=sv.Design("w", fpc="N")).mean("y")
        np.testing.assert_allclose(finite.deff("wor"), [1], rtol=1e-12)
        np.testing.assert_allclose(finite.deff("wr"), [0.9], rtol=1e-12)

    def test_deff_of_whole_clusters(self) -> None:
        """Everybody in a cluster of b answers alike: m units say as much as m residents, deff = b m/(m-1) (n-1)/n."""
        b, y = 5, np.array([2.0, 4, 7, 1])
        m, n = len(y), 5 * len(y)
        made = survey_of({"y": np.repeat(y, b), "u": np.repeat(range(m), b)}, clusters="u").mean("y")
        np.testing.assert_allclose(made.se, [y.std(ddof=1) / np.sqrt(m)], rtol=1e-12)
        np.testing.assert_allclose(made.deff(), [b * (m / (m - 1)) * ((n - 1) / n)], rtol=1e-12)

    def test_a_comparison_knows_the_finite_population(self) -> None:
        """svy/pull/148: a t-test without it."""
        frame = pd.DataFrame({"y": [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3], "g": list("aaaaabbbbb"), "N": 25})
        told = row(sv.Survey(frame, design=sv.Design(fpc="N")).compare("y", by="g"))
        a, b = frame["y"][:5], frame["y"][5:]
        np.testing.assert_allclose(told["se"], np.sqrt(0.6 * (a.var() / 5 + b.var() / 5)), rtol=1e-12)
        census = row(sv.Survey(frame.assign(N=10), design=sv.Design(fpc="N")).compare("y", by="g"))
        assert census["se"] == 0
        assert np.isnan(census["p"])

    def test_a_comparison_knows_the_calibration(self) -> None:
        """svy/pull/147: calibrated weights, and errors as if they were not. A gap that is known has none."""
        rng = np.random.default_rng(4)
        frame = pd.DataFrame({"y": rng.normal(5, 1, 40), "g": np.repeat(["a", "b"], 20), "x": rng.normal(0, 1, 40)})
        frame["ya"], frame["yb"] = frame["y"] * (frame["g"] == "a"), frame["y"] * (frame["g"] == "b")
        sizes = {"g": {"a": 300, "b": 500}}
        known = sv.Survey(frame).calibrate({**sizes, "ya": 1530.0, "yb": 2450.0}, method="linear")
        told = row(known.compare("y", by="g"))
        np.testing.assert_allclose(told["difference"], 1530 / 300 - 2450 / 500, rtol=1e-9)
        assert told["se"] < 1e-8
        assert np.isnan(told["p"])
        made = sv.Survey(frame).calibrate({**sizes, "x": 30.0}, method="linear")
        w, a = made.units.weights, (frame["g"] == "a").to_numpy()
        y = frame["y"].to_numpy()
        mean = {True: np.average(y[a], weights=w[a]), False: np.average(y[~a], weights=w[~a])}
        e = np.where(a, (y - mean[True]) / 300, -(y - mean[False]) / 500)
        X = np.column_stack([a, ~a, frame["x"]]).astype(float)
        z = w * (e - X @ np.linalg.lstsq(X, e, rcond=None)[0])
        np.testing.assert_allclose(row(made.compare("y", by="g"))["se"], se_of_total(z, a, np.arange(40)), rtol=1e-9)

    @pytest.mark.parametrize("unit", [0.001, 1.0, 250.0])
    def test_weights_are_never_taken_for_counts(self, unit: float) -> None:
        """statsmodels/issues/8891, /2849, pyfixest/issues/367: residual df of weights under 1 were negative."""
        y = np.array([3.0, 1, 4, 1, 5, 9])
        made = survey_of({"y": y, "w": np.full(6, unit)}, weights="w").mean("y")
        np.testing.assert_allclose(made.se, [y.std(ddof=1) / np.sqrt(6)], rtol=1e-12)
        assert (made.df, made.n) == (5, 6)
        sd = survey_of({"y": y, "w": np.full(6, unit)}, weights="w").estimate(sv.StandardDeviation("y"))
        np.testing.assert_allclose(sd.values, [y.std(ddof=1)], rtol=1e-12)

    def test_all_false_is_zero_and_not_missing(self) -> None:
        """R NEWS: a condition that is FALSE for everybody."""
        survey = survey_of({"no": [False] * 6, "some": [False, True, False, False, True, False]})
        assert row(survey.mean("no"))["value"] == 0
        assert row(survey.mean("no"))["n"] == 6
        np.testing.assert_allclose(survey.mean("some").values, [1 / 3])
        assert survey.where("no == 0").mean("some").n == 6


class TestReplicatesElsewhere:
    @pytest.mark.parametrize("strata", range(1, 18))
    def test_every_unit_stands_in_half_of_the_balanced_replicates(self, strata: int) -> None:
        """svy/pull/78: a unit without weight in all replicates; replicates that came again past the matrix's order.

        The deviation of a unit's own total is +1 or -1 over sqrt R: half of each, and no two strata alike or opposed.
        """
        frame = pd.DataFrame({"h": np.repeat(range(strata), 2), "unit": range(2 * strata)})
        for k in range(2 * strata):
            frame[f"y{k}"] = (frame["unit"] == k).astype(float)
        survey = sv.Survey(frame, design=sv.Design(strata="h", clusters="unit")).with_replicates("BRR")
        D = survey.total([f"y{k}" for k in range(2 * strata)]).deviations
        assert len(D) > strata
        np.testing.assert_allclose(np.abs(D), 1 / np.sqrt(len(D)))
        np.testing.assert_allclose(D.sum(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(D[:, ::2], -D[:, 1::2])
        np.testing.assert_allclose(D[:, ::2].T @ D[:, ::2], np.eye(strata), atol=1e-12)

    @pytest.mark.parametrize("method", ["BRR", "Fay"])
    def test_balanced_replicates_know_the_fraction_of_each_stratum(self, method: str) -> None:
        """sum (1 - f_h) (z_1 - z_2)^2, with 80 % of one stratum drawn and next to nothing of the other."""
        frame = {"h": [1, 1, 2, 2], "N": [2.5, 2.5, 1e6, 1e6], "y": [1.0, 5, 2, 9]}
        survey = survey_of(frame, strata="h", fpc="N")
        told = np.sqrt(0.2 * (5 - 1) ** 2 + (1 - 2e-6) * (9 - 2) ** 2)
        np.testing.assert_allclose(survey.total("y").se, [told], rtol=1e-12)
        fay = 0.3 if method == "Fay" else None
        np.testing.assert_allclose(survey.with_replicates(method, fay=fay).total("y").se, [told], rtol=1e-12)

    @pytest.mark.parametrize("fay", [0.0, 0.3, 0.5])
    def test_weights_of_fay(self, fay: float) -> None:
        """R NEWS 2.7-1: as.svrepdesign made wrong ones. One stratum of two: the variance of a total is (z1 - z2)^2."""
        up, down = 2 - fay, fay
        frame = pd.DataFrame({"w": [3.0, 2], "y": [4.0, 5], "r1": [3 * up, 2 * down], "r2": [3 * down, 2 * up]})
        for centre in ("mean", "estimate"):
            given = sv.Replicates(["r1", "r2"], "Fay", fay, centre=centre)
            made = sv.Survey(frame, design=sv.Design("w", replicates=given)).total("y")
            np.testing.assert_allclose(made.se, [abs(12 - 10)], rtol=1e-12)
        alike = sv.Survey(frame.assign(h=1), design=sv.Design("w", strata="h")).with_replicates("Fay", fay=fay)
        np.testing.assert_allclose(alike.total("y").se, [2], rtol=1e-12)

    def test_post_stratified_replicates_are_not_all_alike(self) -> None:
        """R NEWS 4.1: all replicates got the weights of the first. Leave each out, post-stratify the rest, by hand."""
        frame = pd.DataFrame({"y": [3.0, 1, 4, 1, 5, 9, 2, 6], "g": list("aaabbbbb"), "w": [1.0, 2, 1, 3, 1, 1, 2, 2]})
        known = {"a": 40.0, "b": 60.0}

        def total(part: pd.DataFrame) -> float:
            return sum(known[g] * np.average(p["y"], weights=p["w"]) for g, p in part.groupby("g"))

        left_out = np.array([total(frame.drop(index=i)) for i in frame.index])
        told = np.sqrt(7 / 8 * ((left_out - total(frame)) ** 2).sum())
        survey = sv.Survey(frame, design=sv.Design("w")).with_replicates("JK1")
        made = survey.calibrate({"g": known}, method="poststratify")
        np.testing.assert_allclose(made.total("y").values, [total(frame)], rtol=1e-12)
        np.testing.assert_allclose(made.total("y").se, [told], rtol=1e-10)
        np.testing.assert_allclose(made.estimate(sv.Count("y"), by="g").se, [0, 0], atol=1e-9)


def test_raking_keeps_the_design_weights() -> None:
    """facebookresearch/balance/issues/431: everybody in a cell got one weight. Two margins that say what is so."""
    frame = pd.DataFrame({"g": list("aabb"), "s": [1, 2, 1, 2], "w": [1.0, 3, 2, 4], "y": [1.0, 2, 3, 4]})
    doubled = pd.concat([frame, frame.assign(w=5 * frame["w"])], ignore_index=True)
    survey = sv.Survey(doubled, design=sv.Design("w"))
    made = survey.calibrate({"g": {"a": 24, "b": 36}, "s": {1: 18, 2: 42}})
    np.testing.assert_allclose(made.units.weights, doubled["w"], rtol=1e-10)
    twice = survey.calibrate({"g": {"a": 48, "b": 72}, "s": {1: 36, 2: 84}})
    np.testing.assert_allclose(twice.units.weights, 2 * doubled["w"], rtol=1e-10)


def test_raking_of_weights_that_add_up_to_the_sample() -> None:
    """R survey's tests: badly scaled starting weights in calibration."""
    made = survey_of({"g": list("aabb"), "y": [1.0, 2, 3, 4]}).calibrate({"g": {"a": 2e5, "b": 3e5}})
    np.testing.assert_allclose(made.units.weights, [1e5, 1e5, 1.5e5, 1.5e5], rtol=1e-9)


class TestQuantilesAtTheEdge:
    def test_one_respondent_and_one_value(self) -> None:
        one = row(survey_of({"y": [3.0]}).median("y"))
        assert one["value"] == 3
        assert np.isnan(one[["low", "high"]].astype(float)).all()
        still = row(survey_of({"y": [3.0] * 9}).median("y"))
        assert (still["value"], still["low"], still["high"]) == (3, 3, 3)

    def test_the_ends_of_a_median_come_from_the_answers(self) -> None:
        """svy 0.23.0: ends were found by another rule than the point. By the default rule all are answers given."""
        y = np.array([1.0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024])
        told = row(survey_of({"y": y}).median("y"))
        assert told["value"] == 32
        assert {told["low"], told["high"]} <= set(y)
        assert told["low"] < 32 < told["high"]


class TestRegressions:
    """Separation, collinear terms and labels are in test_regression.py; R's numbers in oracle/test_regression.py."""

    def test_fitted_shares_near_0_and_1_have_the_errors_of_the_shares(self) -> None:
        """svy/pull/90: a guard against shares of 0 and 1 spoiled standard errors in the seventh digit."""
        n = 20_000
        frame = {"g": np.repeat(["a", "b"], n // 2), "y": np.zeros(n)}
        frame["y"][:3] = 1
        frame["y"][n // 2 : -2] = 1
        survey = survey_of(frame)
        made = survey.regress("y ~ g", family="binomial", inference="design").coefficients
        shares = survey.mean("y", by="g").transform(lambda p: np.log(p / (1 - p)))
        told = shares.contrast([[1, 0], [-1, 1]])
        np.testing.assert_allclose(made.values, told.values, rtol=1e-9)
        np.testing.assert_allclose(made.se, told.se, rtol=1e-9)

    def test_a_calibration_is_in_the_errors_of_a_regression(self) -> None:
        """svy/pull/147: calibration was left out. A mean whose outcome is a margin has no error left."""
        rng = np.random.default_rng(2)
        frame = {"y": rng.normal(size=60), "u": np.repeat(np.arange(20), 3)}
        survey = survey_of(frame, clusters="u").calibrate({"y": 30.0}, "linear", size=600)
        made = survey.regress("y ~ 1", inference="design").coefficients
        np.testing.assert_allclose(made.values, [0.05], rtol=1e-9)
        assert made.se[0] < 1e-12

    def test_weights_are_no_frequencies(self) -> None:
        """statsmodels/issues/8891: with small frequency weights residual df went below 0; scale must not matter."""
        rng = np.random.default_rng(3)
        frame = {"x": rng.normal(size=30), "y": rng.normal(size=30), "w": rng.uniform(1, 3, 30)}
        large = survey_of(frame, weights="w").regress("y ~ x").to_frame()
        small = survey_of({**frame, "w": frame["w"] / 1e3}, weights="w").regress("y ~ x").to_frame()
        columns = ["value", "se", "df", "p"]
        np.testing.assert_allclose(small[columns].astype(float), large[columns].astype(float), rtol=1e-9)

    def test_labels_of_a_rank_test_stay_with_their_groups_under_a_filter(self) -> None:
        """svy/pull/71: a filter that left out the first group moved the labels of the others."""
        frame = {"y": [1.0, 2, 3, 4, 5, 6, 7, 9], "g": ["a", "a", "b", "b", "b", "c", "c", "c"]}
        made = survey_of(frame).where("g != 'a'").estimate(sv.MeanRank("y", "g")).to_frame()
        told = dict(zip(made["level"], made["value"], strict=True))
        assert np.isnan(told["a"])
        np.testing.assert_allclose([told["b"], told["c"]], [1.5 / 6, 4.5 / 6], rtol=1e-12)

    def test_df_of_a_regression_as_r_counts_them(self) -> None:
        """svy/issues/5: t tests used the units less strata, where R takes off the coefficients too."""
        rng = np.random.default_rng(4)
        frame = {"x": rng.normal(size=40), "y": rng.normal(size=40), "u": np.repeat(np.arange(10), 4)}
        rows = survey_of(frame, clusters="u").regress("y ~ x", inference="design").to_frame(df="r")
        assert (rows["df"] == 10 - 1 + 1 - 2).all()
        np.testing.assert_allclose(rows["p"], 2 * stats.t.sf(np.abs(rows["value"] / rows["se"]), 8), rtol=1e-9)


class TestStrataTakenWhole:
    """A unit that was sure to be drawn is no lonely unit: nothing of it is left to chance."""

    FRAME: ClassVar = pd.DataFrame(
        {
            "h": [1, 2, 2, 2, 3, 3, 3],
            "y": [9.0, 1, 2, 4, 3, 5, 4],
            "w": [1.0, 5, 5, 5, 5, 5, 5],
            "f": [1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2],
            "N": [1, 15, 15, 15, 15, 15, 15],
        }
    )

    @pytest.mark.parametrize("fpc", ["f", "N"])
    @pytest.mark.parametrize("lonely", ["error", "certainty", "center", "average", "collapse"])
    def test_every_rule_gives_one_error(self, lonely: str, fpc: str) -> None:
        """R survey 4.1-1, options survey.lonely.psu "fail", "certainty", "adjust", "average", "remove" alike."""
        made = survey_of(self.FRAME, weights="w", strata="h", fpc=fpc, lonely=lonely)
        np.testing.assert_allclose(made.mean("y").se, [0.45619792334616], rtol=1e-12)
        np.testing.assert_allclose(made.total("y").se, [10 * np.sqrt(2)], rtol=1e-12)
        assert made.mean("y").df == 4

    def test_lonely_strata_join_each_other_over_one_taken_whole(self) -> None:
        """Strata 1 and 3 of one unit each become one of two, as if declared; 2 keeps its only unit."""
        frame = self.FRAME.assign(h=[2, 1, 3, 4, 4, 4, 4])
        joined = survey_of(frame, weights="w", strata="h", fpc="f", lonely="collapse")
        told = survey_of(frame.assign(h=frame["h"].replace(3, 1)), weights="w", strata="h", fpc="f")
        np.testing.assert_allclose(joined.mean("y").se, told.mean("y").se, rtol=1e-13)
        assert joined.mean("y").df == told.mean("y").df == 4

    def test_second_stage_units_taken_whole_stay(self) -> None:
        """One dwelling of one in the first compound: joined with others it would add to the variance."""
        frame = pd.DataFrame(
            {
                "u": [1, 2, 2, 3, 3],
                "d": [1, 2, 3, 4, 5],
                "y": [9.0, 1, 2, 4, 8],
                "M": 6,
                "N": [1, 4, 4, 4, 4],
                "w": [2.0, 4, 4, 4, 4],
            }
        )
        design = {"weights": "w", "clusters": ["u", "d"], "fpc": ["M", "N"]}
        rules = ("error", "certainty", "center", "average", "collapse")
        se = [survey_of(frame, lonely=lonely, **design).total("y").se for lonely in rules]
        z = np.array([18.0, 12, 48])
        first = (1 - 3 / 6) * 3 * z.var(ddof=1)
        second = 3 / 6 * (1 - 2 / 4) * 2 * (np.var([4.0, 8], ddof=1) + np.var([16.0, 32], ddof=1))
        np.testing.assert_allclose(se, [[np.sqrt(first + second)]] * len(rules), rtol=1e-12)


class TestIdsOfEverySize:
    @pytest.mark.parametrize(
        ("keys", "dtype"),
        [
            (range(-100, 101), "int8"),
            ([127, -128, 127], "int8"),
            ([255, 0, 254, 3], "uint8"),
            (range(-32_768, 32_768, 3), "int16"),
            (range(0, 65_536, 2), "uint16"),
            ([2**31 - 1, -(2**31), 0], "int32"),
            ([2**63 - 1, -(2**63), 0, 2**63 - 1], "int64"),
            ([2**63 - 1, 2**63 - 3], "int64"),
            ([-(2**63), -(2**63) + 2], "int64"),
            ([2**64 - 1, 2**64 - 3, 2**64 - 1], "uint64"),
            ([2**64 - 1, 0], "uint64"),
            ([5], "int8"),
        ],
    )
    def test_numbered(self, keys: Any, dtype: str) -> None:
        given = np.array(list(keys), dtype=dtype)
        codes, found = numbered(given)
        known = sorted(set(keys))
        assert codes.dtype == np.intp
        assert codes.tolist() == [known.index(key) for key in keys]
        assert [int(key) for key in found] == known

    def test_clusters_of_eight_bits(self) -> None:
        """The same error whatever the ids are stored as; 201 residents, each a cluster: s / sqrt(n)."""
        ids = np.arange(-100, 101)
        y = np.arange(201.0) % 7
        for dtype in ("int8", "int64", "float64", "object"):
            made = survey_of({"y": y, "u": ids.astype(dtype)}, clusters="u").mean("y")
            np.testing.assert_allclose(made.se, [y.std(ddof=1) / np.sqrt(201)], rtol=1e-12)
            assert made.df == 200


def test_what_center_does_is_what_is_said_of_it() -> None:
    """Strata (4), (1, 2), as R's "adjust": distance from the mean of all for a mean, its own total for a total."""
    survey = survey_of({"y": [4.0, 1, 2], "h": [1, 2, 2]}, strata="h", lonely="center")
    others = 2 * np.var([1.0, 2], ddof=1)
    np.testing.assert_allclose(survey.total("y").se, [np.sqrt(others + 4**2)], rtol=1e-12)
    np.testing.assert_allclose(survey.mean("y").se, [np.sqrt(others + (4 - 7 / 3) ** 2) / 3], rtol=1e-12)
    for said in (sv.Design.__doc__, Stage.deviations.__doc__):
        assert "a total keeps the unit's own" in " ".join(str(said).split())
