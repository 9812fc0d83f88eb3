"""Regression as a user meets it: terms and levels, notes, messages, averages, rules of inference."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.show import bundle

FULL = sv.Design("w", "stratum", "cluster")


@pytest.fixture(scope="module")
def people(clustered: pd.DataFrame) -> pd.DataFrame:
    return clustered.assign(
        good=(clustered["rating"] >= 4).astype(float).where(clustered["rating"].notna()),
        side=np.where(clustered["cluster"] % 2, "left", "right"),
        sex=np.where(np.arange(len(clustered)) % 3, "f", "m"),
    )


@pytest.fixture(scope="module")
def survey(people: pd.DataFrame) -> sv.Survey:
    return sv.Survey(people, design=FULL)


# Comparisons are the simplest models


@pytest.mark.parametrize("inference", ["auto", "strata", "design", "cr2"])
@pytest.mark.parametrize("outcome", ["y", "rating", "member"])
def test_two_groups_are_their_comparison(survey: sv.Survey, outcome: str, inference: str) -> None:
    made = survey.regress(f"{outcome} ~ type", inference=inference).to_frame().iloc[1]
    known = survey.compare(sv.Mean(outcome), by="type", inference=inference).to_frame().iloc[0]
    assert made["value"] == pytest.approx(-known["difference"], rel=1e-12)
    for column in ("se", "df", "p"):
        assert made[column] == pytest.approx(known[column], rel=1e-10)


def test_two_groups_of_a_calibrated_survey_are_their_comparison(survey: sv.Survey) -> None:
    asked = survey.calibrate({"sex": {"f": 300, "m": 160}})
    made = asked.regress("y ~ type").to_frame().iloc[1]
    known = asked.compare("y", by="type").to_frame().iloc[0]
    assert made["value"] == pytest.approx(-known["difference"], rel=1e-12)
    assert made["se"] == pytest.approx(known["se"], rel=1e-10)


def test_a_model_of_groups_alone_has_their_means(survey: sv.Survey) -> None:
    means = survey.mean("y", by="type")
    np.testing.assert_allclose(survey.regress("y ~ type - 1").coefficients.values, means.values, rtol=1e-12)
    made = survey.regress("y ~ type", inference="design").adjusted("type")
    np.testing.assert_allclose(made.values, means.values, rtol=1e-12)
    np.testing.assert_allclose(made.se, means.se, rtol=1e-12)
    shares = survey.proportion("good", by="type").pick(level=1.0)
    made = survey.regress("good ~ type", "binomial", inference="design").adjusted("type")
    np.testing.assert_allclose(made.values, shares.values, rtol=1e-10)
    np.testing.assert_allclose(made.se, shares.se, rtol=1e-9)
    levels = survey.where("type == 'old'").proportion("rating")
    answers = survey.regress("rating ~ type", "multinomial", inference="design").adjusted("type").pick(level="old")
    np.testing.assert_allclose(answers.values, levels.values, rtol=1e-9)
    np.testing.assert_allclose(answers.se, levels.se, rtol=1e-8)


# Terms and levels


def test_levels_come_from_the_questionnaire(copenhagen: sv.Study) -> None:
    made = copenhagen.residents.regress("satisfaction ~ influence + dwelling", family="multinomial")
    frame = made.to_frame()
    assert list(frame["satisfaction"].unique()) == ["Medium", "High"]
    assert list(frame["term"].unique()) == ["(intercept)", "influence", "dwelling"]
    assert list(frame["level"])[:6] == ["", "Medium", "High", "Apartment", "Atrium house", "Terraced house"]
    assert made.model.references == {"influence": "Low", "dwelling": "Tower block"}
    picked = made.coefficients.pick(satisfaction="High", variable="influence", level="High")
    assert len(picked) == 1


def test_the_first_category_is_the_reference(people: pd.DataFrame) -> None:
    turned = people.assign(type=pd.Categorical(people["type"], ["old", "estate"]))
    a = sv.Survey(people, design=FULL).regress("y ~ type").coefficients
    b = sv.Survey(turned, design=FULL).regress("y ~ type").coefficients
    assert list(b.to_frame()["level"]) == ["", "estate"]
    np.testing.assert_allclose(b.values[1], -a.values[1])


def test_yes_is_the_favourable_end(copenhagen: sv.Study, people: pd.DataFrame) -> None:
    made = copenhagen.residents.regress("satisfaction ~ contact", family="binomial")
    assert made.notes[0] == "satisfaction: yes is High"
    high = copenhagen.residents.proportion("satisfaction", by="contact").pick(level="High").values
    np.testing.assert_allclose(made.adjusted("contact").values, high)
    words = sv.Survey(people.assign(said=np.where(people["member"] == 1, "yes", "no")))
    assert words.regress("said ~ x", family="binomial").notes == ("said: yes is yes",)


def test_levels_that_nobody_has_are_named(survey: sv.Survey, people: pd.DataFrame) -> None:
    more = people.assign(type=people["type"].astype(pd.CategoricalDtype(["village", "estate", "old"])))
    made = sv.Survey(more, design=FULL).regress("y ~ type + x")
    assert "type: nobody here has village" in made.notes
    np.testing.assert_allclose(made.coefficients.values, survey.regress("y ~ type + x").coefficients.values)
    alone = survey.where("type == 'old'").regress("y ~ type + x")
    assert alone.notes[:2] == ("type: nobody here has estate", "type: all have old")
    assert list(alone.to_frame()["term"]) == ["(intercept)", "x"]


def test_a_model_of_numbers_with_an_offset_keeps_its_digits(people: pd.DataFrame) -> None:
    far = sv.Survey(people.assign(y=people["y"] + 1e9, x=people["x"] + 1e9), design=FULL)
    near = sv.Survey(people, design=FULL)
    for inference in ("auto", "cr2", "jackknife"):
        a = near.regress("y ~ x + type", inference=inference).coefficients
        b = far.regress("y ~ x + type", inference=inference).coefficients
        np.testing.assert_allclose(b.values[1:], a.values[1:], rtol=2e-6)
        np.testing.assert_allclose(b.se[1:], a.se[1:], rtol=1e-6)


# What cannot be estimated


def test_repeated_terms_are_left_out_and_named(people: pd.DataFrame) -> None:
    again = sv.Survey(people.assign(x2=2 * people["x"] + 3), design=FULL)
    made = again.regress("y ~ x + type + x2")
    assert "left out, as they add nothing to the terms before them: x2" in made.notes
    known = sv.Survey(people, design=FULL).regress("y ~ x + type")
    np.testing.assert_allclose(made.coefficients.values, known.coefficients.values, rtol=1e-9)
    np.testing.assert_allclose(made.to_frame()["p"], known.to_frame()["p"], rtol=1e-7)
    assert made.residual_df == known.residual_df


SEPARATED = pd.DataFrame(
    {
        "yes": [0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1] * 3,
        "count": [2, 1, 0, 3, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 1, 2] * 3,
        "g": ["a"] * 24 + ["b"] * 24,
        "x": np.tile([1.0, 2, 3, 4, 5, 6, 7, 8], 6),
    }
)
SEPARATED.loc[SEPARATED["g"] == "b", "yes"] = 1
SEPARATED["o"] = np.where(SEPARATED["g"] == "b", 3, SEPARATED["count"].clip(upper=2) + 1)


@pytest.mark.parametrize(
    ("formula", "family"), [("yes ~ x + g", "binomial"), ("o ~ x + g", "ordinal"), ("o ~ x + g", "multinomial")]
)
def test_a_term_that_predicts_perfectly_is_named(formula: str, family: str) -> None:
    made = sv.Survey(SEPARATED).regress(formula, family=family)
    frame = made.to_frame()
    lost = frame["value"].isna()
    assert set(frame["term"][lost]) == {"g"}
    assert (frame["note"][lost] == "predicts the outcome perfectly: no finite coefficient").all()
    assert made.notes[-1] == "predicts the outcome perfectly, so that it has no finite coefficient: g"
    assert np.isfinite(made.test("x").p)
    assert np.isnan(made.test("g").p)
    alone = sv.Survey(SEPARATED).where("g == 'a'").regress(formula.replace(" + g", ""), family=family)
    if family == "binomial":  # those whose answer is certain say nothing of the rest
        np.testing.assert_allclose(made.coefficients.values[:2], alone.coefficients.values, rtol=1e-8)
    text = bundle(made)["text/plain"]
    assert "inf" not in text
    shares = made.adjusted("g")
    assert np.isfinite(shares.values).all()


def test_complete_separation() -> None:
    made = sv.Survey(pd.DataFrame({"y": [0, 0, 0, 1, 1, 1], "x": [1.0, 2, 3, 4, 5, 6]})).regress("y ~ x", "binomial")
    assert made.to_frame()["value"].isna().all()
    assert "(intercept), x" in made.notes[-1]


def test_a_replicate_that_separates_leaves_no_standard_error() -> None:
    frame = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "g": ["a", "a", "a", "b", "b", "b", "b", "b"], "c": range(8)})
    made = sv.Survey(frame).regress("y ~ g", "binomial", inference="jackknife")
    assert np.isnan(made.coefficients.se).all()
    assert (made.to_frame()["note"] == "the standard error cannot be computed").all()


def test_an_exact_function_has_no_error() -> None:
    made = sv.Survey(pd.DataFrame({"y": [3.0, 5, 7, 9, 11], "x": [1.0, 2, 3, 4, 5]})).regress("y ~ x")
    frame = made.to_frame()
    np.testing.assert_allclose(frame["value"], [1, 2], rtol=1e-12)
    assert (frame["se"] == 0).all()
    assert frame["p"].isna().all()
    assert (frame["note"] == "no variation between units").all()


def test_more_coefficients_than_units(people: pd.DataFrame) -> None:
    few = people[people["cluster"].isin([1, 2, 29, 30])]
    made = sv.Survey(few, design=sv.Design("w", clusters="cluster")).regress("y ~ x*type + member + sex")
    assert any("too few primary units to be tested together" in note for note in made.notes)
    assert np.isfinite(made.to_frame()["se"]).all()


def test_groups_of_fewer_than_four_units_have_no_p_value(people: pd.DataFrame) -> None:
    few = sv.Survey(
        people[people["cluster"].isin([1, 2, 3, 29, 30, 31, 32, 33, 34])], design=sv.Design("w", None, "cluster")
    )
    made = few.regress("y ~ type + x")
    p = made.to_frame().set_index("term")["p"]
    assert np.isnan(p["type"])
    assert np.isfinite(p["x"])
    assert "fewer than 4 primary units" in made.test("type").note
    assert np.isnan(made.test("type").p)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda s: s.regress("y ~ x", family="gausian"), "Did you mean 'gaussian'"),
        (lambda s: s.regress("y ~ x", inference="jacknife"), "Did you mean 'jackknife'"),
        (lambda s: s.regress("y ~ x", link="probit"), "link='probit'"),
        (lambda s: s.regress("member ~ x", "binomial", link="logic"), "link='logic'"),
        (lambda s: s.regress("member ~ x", "binomial", inference="cr2"), "cr2 is for linear models"),
        (lambda s: s.regress("y ~ x").test("z"), "no term 'z'"),
        (lambda s: s.regress("y ~ x").margins("type"), "no variable 'type'"),
        (lambda s: s.regress("y ~ x").adjusted("x"), r'at=\[...\]'),
        (lambda s: s.regress("y ~ type").adjusted("type", at=[1]), "holds levels"),
        (lambda s: s.regress("y ~ x + bin(x, 3)").margins("x"), "in two ways"),
        (lambda s: s.regress("y ~ type + x", inference="cr2").margins("x"), "no CR2 variance"),
        (lambda s: s.regress("type ~ x"), "holds words"),
        (lambda s: s.regress("y ~ log(type)"), "needs numbers"),
        (lambda s: s.regress("y ~ log(member)"), "cannot have a logarithm"),
        (lambda s: s.regress("y ~ poly(member, 2)"), "too few for poly"),
        (lambda s: s.regress("y ~ factor(y)"), "both sides"),
        (lambda s: s.regress("x ~ factor(y)"), "different values"),
        (lambda s: s.regress("rating ~ x", "binomial"), "5 different answers"),
        (lambda s: s.where("member == 1").regress("member ~ x", "binomial"), "all .* have '1' in 'member'"),
        (lambda s: s.where("member == 1").regress("member ~ x"), "an outcome that differs"),
        (lambda s: s.where("x > 1000").regress("y ~ x"), "nobody has answers"),
        (lambda s: sv.Survey(s.frame.assign(y=-s.frame["x"])).regress("y ~ member", "poisson"), "below 0"),
        (lambda s: sv.Survey(s.frame).regress("y ~ x", inference="cr2"), "names none"),
    ],
)  # fmt: skip
def test_calls_that_cannot_be_answered(survey: sv.Survey, call: Callable[[sv.Survey], object], match: str) -> None:
    with pytest.raises(sv.SurveyorError, match=match):
        call(survey)


# Averages of a model, by hand


TINY = pd.DataFrame(
    {
        "y": [1.0, 3, 2, 5, 4, 7, 6, 9],
        "n": [0, 2, 1, 4, 1, 3, 2, 6],
        "x": [0.0, 1, 2, 3, 1, 2, 4, 5],
        "g": ["a", "a", "a", "a", "b", "b", "b", "b"],
        "w": [1.0, 2, 1, 1, 3, 1, 2, 1],
    }
)


def test_ratios_are_exponentials_with_their_names(survey: sv.Survey) -> None:
    made = survey.regress("good ~ type + x", "binomial")
    ratios, told = made.ratios().to_frame(), made.to_frame()
    for column in ("value", "low", "high"):
        np.testing.assert_allclose(ratios[column], np.exp(told[column]), rtol=1e-9)
    assert list(ratios["variable"]) == list(told["term"])
    assert set(ratios["statistic"]) == {"odds ratio"}
    assert set(survey.regress("member ~ x", "poisson").ratios().to_frame()["statistic"]) == {"rate ratio"}
    with pytest.raises(sv.SurveyorError, match="no logs of ratios"):
        survey.regress("y ~ x").ratios()


def test_averages_by_hand() -> None:
    survey = sv.Survey(TINY, design=sv.Design("w"))
    x, w, b = TINY["x"].to_numpy(), TINY["w"].to_numpy(), (TINY["g"] == "b").to_numpy()
    made = survey.regress("y ~ x * g")
    c = made.coefficients.values
    np.testing.assert_allclose(made.margins("x").values, np.average(c[1] + c[3] * b, weights=w))
    np.testing.assert_allclose(made.margins("g").values, np.average(c[2] + c[3] * x, weights=w))
    np.testing.assert_allclose(
        made.adjusted("g").values,
        [np.average(c[0] + c[1] * x, weights=w), np.average(c[0] + c[2] + (c[1] + c[3]) * x, weights=w)],
    )
    np.testing.assert_allclose(
        made.adjusted("x", at=[2]).values, np.average(c[0] + 2 * c[1] + (c[2] + 2 * c[3]) * b, weights=w)
    )
    counts = survey.regress("n ~ poly(x, 2) + g", "poisson")
    step = 1e-5
    X = [counts.model.statistic.matrix.rows({"x": x + s, "g": b + 1.0}, 8) for s in (-step, 0, step)]
    mean = [np.exp(each @ counts.coefficients.values) for each in X]
    np.testing.assert_allclose(
        counts.margins("x").values, np.average((mean[2] - mean[0]) / 2 / step, weights=w), rtol=1e-8
    )


def test_answers_share_their_effects(survey: sv.Survey) -> None:
    for family in ("ordinal", "multinomial"):
        made = survey.regress("rating ~ x + type", family=family)
        assert made.margins("x").values.sum() == pytest.approx(0, abs=1e-12)
        assert made.margins("type").contrast(np.ones((1, 5))).se[0] == pytest.approx(0, abs=1e-12)
        np.testing.assert_allclose(made.adjusted("type").values.reshape(2, 5).sum(axis=1), 1)
        assert len(made.adjusted("type").pick(rating=5.0)) == 2


# Rules of inference


def test_groups_of_whole_units_are_strata(survey: sv.Survey) -> None:
    made = survey.regress("y ~ sex + type*side + x")
    assert made.plan.cells.used == ("type", "side")
    assert made.notes[0].startswith("strata by type and side")
    assert survey.regress("y ~ type + sex + side + x").plan.cells.used == ("type",)
    assert survey.regress("y ~ type + sex + side + x", inference="design").notes == ()
    assert survey.regress("y ~ sex + x").plan.cells.used == ()


def test_replicate_weights_are_taken_as_they_are(survey: sv.Survey) -> None:
    asked = survey.with_replicates("JKn")
    made = asked.regress("good ~ type + x", "binomial")
    assert "the variance is that of the replicate weights" in made.notes
    np.testing.assert_allclose(
        made.coefficients.se,
        survey.regress("good ~ type + x", "binomial", inference="design").coefficients.se,
        rtol=0.1,
    )


@pytest.mark.parametrize("family", ["gaussian", "binomial", "poisson", "ordinal", "multinomial"])
def test_the_jackknife_is_near(survey: sv.Survey, family: str) -> None:
    outcome = {"gaussian": "y", "binomial": "good", "poisson": "member"}.get(family, "three")
    asked = sv.Survey(survey.frame.assign(three=survey.frame["rating"].clip(1, 3)), design=FULL)
    made = asked.regress(f"{outcome} ~ type + x", family, inference="jackknife")
    near = asked.regress(f"{outcome} ~ type + x", family, inference="design")  # x does not meet the groups
    np.testing.assert_allclose(made.coefficients.values, near.coefficients.values, rtol=1e-12)
    np.testing.assert_allclose(made.coefficients.se, near.coefficients.se, rtol=0.12)
    np.testing.assert_array_equal(made.coefficients.df, near.coefficients.df)
    again = asked.calibrate({"type": {"old": 250, "estate": 200}}, "poststratify")
    both = [
        again.regress(f"{outcome} ~ type + x", family, inference=rule).coefficients for rule in ("jackknife", "design")
    ]
    np.testing.assert_allclose(both[0].se, both[1].se, rtol=0.15)


def test_degrees_of_freedom_of_combinations(survey: sv.Survey) -> None:
    """A difference of two adjusted means is the effect, and has its degrees of freedom."""
    made = survey.regress("y ~ type + x + sex", inference="design")
    difference = made.adjusted("type").contrast([-1, 1])
    effect = made.margins("type")
    np.testing.assert_allclose(difference.se, effect.se, rtol=1e-10)
    np.testing.assert_allclose(difference.degrees("auto"), effect.degrees("auto"), rtol=1e-8)
    auto = survey.regress("y ~ type + x + sex").coefficients
    np.testing.assert_allclose(auto.contrast([0, 1, 0, 0]).degrees("auto"), auto.df[1], rtol=1e-10)


def test_what_differs_between_groups_is_part_of_the_error_of_a_slope_and_a_mean() -> None:
    """Slopes of 0 and 2 by type, type drawn with the clusters: the common slope and the adjusted mean vary with it."""
    rng = np.random.default_rng(3)
    values = {"auto": [], "design": []}
    for _ in range(60):
        old = rng.random(30) < 0.4
        cl = np.repeat(np.arange(30), 12)
        x, sex = rng.normal(size=360), rng.choice(["f", "m"], 360)
        y = 2 * old[cl] * (1 + x) + rng.normal(size=360)
        frame = pd.DataFrame({"y": y, "x": x, "sex": sex, "type": np.where(old[cl], "old", "estate"), "cl": cl})
        survey = sv.Survey(frame, design=sv.Design(clusters="cl"))
        for rule, found in values.items():
            made = survey.regress("y ~ type + x + sex", inference=rule)
            slope, mean = made.coefficients.pick(variable="x"), made.adjusted("sex").pick(level="f")
            found.append([slope.values[0], slope.se[0], mean.values[0], mean.se[0]])
    for found in values.values():
        told = np.array(found)
        spread = told[:, [0, 2]].std(axis=0, ddof=1)
        assert (told[:, [1, 3]].mean(axis=0) > 0.8 * spread).all()


def test_averages_of_a_model_with_repeated_terms_are_refused(people: pd.DataFrame) -> None:
    asked = sv.Survey(people.assign(again=people["type"]))
    made = asked.regress("y ~ type + again")
    for call in (made.margins, made.adjusted):
        with pytest.raises(sv.SurveyorError, match="repeat others"):
            call("type")


def test_a_test_of_many_levels_holds_its_size_with_few_clusters() -> None:
    """Ten clusters and five levels: Wald's F rejects 17 % of true hypotheses at 5 %."""
    rng = np.random.default_rng(4)
    rejected = 0
    for _ in range(150):
        cl = np.repeat(np.arange(10), 25)
        y = 0.23 * rng.normal(size=10)[cl] + rng.normal(size=250)
        frame = pd.DataFrame({"y": y, "g": rng.choice(list("abcde"), 250), "w": rng.lognormal(0, 0.4, 250), "cl": cl})
        survey = sv.Survey(frame, design=sv.Design("w", clusters="cl"))
        rejected += survey.regress("y ~ g").test("g").p < 0.05
    assert rejected / 150 < 0.1


def test_words_without_an_order_are_no_scale(people: pd.DataFrame) -> None:
    said = people.assign(said=np.resize(["low", "mid", "high"], len(people)))
    with pytest.raises(sv.SurveyorError, match="in which order"):
        sv.Survey(said).regress("said ~ x", family="ordinal")
    ordered = said.assign(said=pd.Categorical(said["said"], ["low", "mid", "high"], ordered=True))
    cuts = sv.Survey(ordered).regress("said ~ x", family="ordinal").to_frame()["level"]
    assert list(cuts)[-2:] == ["low | mid", "mid | high"]


@pytest.mark.parametrize("at", [[], "12", [np.nan], 30, ["a"]])
def test_values_that_are_none(survey: sv.Survey, at: object) -> None:
    made = survey.regress("y ~ x")
    if at == 30:
        assert len(made.adjusted("x", at=at)) == 1
        return
    with pytest.raises(sv.SurveyorError, match="are no values"):
        made.adjusted("x", at=at)
    np.testing.assert_allclose(made.adjusted("x", at=np.array([1.0, 2.0])).values, made.adjusted("x", at=[1, 2]).values)


def test_one_cluster_has_no_cr2(survey: sv.Survey) -> None:
    rows = survey.where("cluster == 3").regress("y ~ x", inference="cr2").to_frame()
    assert rows["se"].isna().all()
    assert rows["p"].isna().all()


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_any_scale_has_degrees_of_freedom(survey: sv.Survey, scale: float) -> None:
    plain = survey.regress("y ~ x").to_frame()
    far = sv.Survey(survey.frame.assign(x=survey.frame["x"] * scale), design=FULL).regress("y ~ x").to_frame()
    np.testing.assert_allclose(far["df"], plain["df"], rtol=1e-6)


def test_estimates_of_one_survey_vary_together(survey: sv.Survey) -> None:
    """The coefficient of the groups and their difference are the same number."""
    made = survey.regress("y ~ type", inference="design").coefficients.pick(variable="type")
    gap = survey.mean("y", by="type").contrast([-1, 1])
    assert (made - gap).se[0] == pytest.approx(0, abs=1e-10)


# Display


def test_a_table_in_two_languages(copenhagen: sv.Study) -> None:
    made = copenhagen.residents.regress("satisfaction ~ influence*contact", family="ordinal")
    text = repr(made)
    assert "Satisfaction with housing: proportional-odds regression" in text
    assert "Felt influence on the management, against Low" in text
    assert "Medium \N{MULTIPLICATION SIGN} High" in text
    assert "Low | Medium" in text
    assert "1,681 residents." in text
    chinese = sv.Survey(
        copenhagen.residents.frame, copenhagen.residents.design, copenhagen.residents.questionnaire, lang="zh"
    ).regress("satisfaction ~ influence*contact", family="ordinal")
    assert "比例优势回归" in repr(chinese)
    assert "（对照：低）" in repr(chinese)
    assert set(bundle(made)) == {"text/plain", "text/html", "application/vnd.surveyor.table+json"}


def test_the_frame_has_its_columns(survey: sv.Survey) -> None:
    frame = survey.regress("y ~ type + x").to_frame(level=0.9)
    assert list(frame) == ["term", "level", "value", "se", "df", "low", "high", "t", "p", "note"]
    assert survey.regress("y ~ type + x", inference="design").to_frame(df="r")["df"].unique() == [32.0]
