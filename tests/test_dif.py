"""Items that are read differently: against R, simulated, and refused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.measure.dif import ItemBias, dif
from surveyor.measure.matching import matches
from surveyor.questionnaire import Questionnaire, Scale
from surveyor.show.dif import dif_sentences, dif_table
from surveyor.show.text import table_text

ORACLE = Path(__file__).parent / "oracle"
SCALES = (("rb09", "rb10", "rb11"), ("rb16", "rb17", "rb18"))


@cache
def demo() -> sv.Survey:
    design = sv.Design(weights="weight", strata="stratum", clusters="compound")
    return sv.Survey(pd.read_csv(ORACLE / "measure_demo.csv"), design=design)


@cache
def bias(items: tuple[str, ...], matching: str) -> ItemBias:
    return dif(demo(), items, matching=matching, purify=False)  # type: ignore[arg-type]


def simulated(seed: int, items: int, gap: float = 0.0, shift: float = 0.0, loading: float = 0.75) -> sv.Survey:
    """20 compounds of 25 on each side; `shift` is added behind the first item in the second group."""
    rng = np.random.default_rng(seed)
    compound = np.repeat(np.arange(40), 25)
    side = (compound >= 20).astype(float)
    level = gap * side + np.sqrt(0.05) * rng.standard_normal(40)[compound] + np.sqrt(0.95) * rng.standard_normal(1000)
    frame = pd.DataFrame({"compound": compound, "type": np.where(side == 1, "estate", "old")})
    frame["weight"] = rng.uniform(0.5, 1.5, 1000)
    for k in range(items):
        y = loading * level + np.sqrt(1 - loading**2) * rng.standard_normal(1000) + (shift * side if k == 0 else 0)
        frame[f"q{k}"] = 1 + (y[:, None] > [-1.4, -0.5, 0.3, 1.1]).sum(axis=1)
    frame["type"] = pd.Categorical(frame["type"], ["old", "estate"])
    return sv.Survey(frame, design=sv.Design(weights="weight", clusters="compound"))


@pytest.mark.parametrize("matching", ["observed", "corrected"])
@pytest.mark.parametrize("items", SCALES)
def test_numbers_and_errors_are_those_of_r(items: tuple[str, ...], matching: str) -> None:
    expected = pd.read_csv(ORACLE / "dif_r.csv")
    expected = expected[expected["matching"] == matching].set_index(["item", "what"])
    made = bias(items, matching).to_frame().set_index(["item", "test"])
    for item in items:
        uniform, changing = made.loc[(item, "uniform")], made.loc[(item, "non-uniform")]
        row = expected.loc[item]
        assert uniform["log_odds"] == pytest.approx(row.loc["log_odds", "value"], abs=1e-6)
        assert uniform["points"] == pytest.approx(row.loc["points", "value"], abs=1e-6)
        assert changing["log_odds"] == pytest.approx(row.loc["change", "value"], abs=1e-6)
        # the jackknife makes the scores anew each time, so that the error of the correction is in it
        assert uniform["se"] == pytest.approx(row.loc["log_odds", "jackknife"], rel=0.01)
        half = (uniform["points_high"] - uniform["points_low"]) / 2
        assert half / stdtrit(33, 0.975) == pytest.approx(row.loc["points", "jackknife"], rel=0.03)
        loose = min(bias(items, matching).reliability[item]) < 0.5  # there the jackknife sees the bend
        assert changing["se"] == pytest.approx(row.loc["change", "jackknife"], rel=0.07 if loose else 0.03)
        if matching == "observed":  # svyolr stops where its likelihood does not change
            assert uniform["se"] == pytest.approx(row.loc["log_odds", "linearised"], rel=5e-4)


def test_the_error_of_the_correction_counts() -> None:
    """Without it the error of the product is less than nine tenths of the one that a jackknife in R agrees with."""
    survey = demo()
    points = {name: survey.column(name).values for name in SCALES[1]}
    match = matches(survey, "type", points, points, {"rb16": SCALES[1][1:]}, "corrected")["rb16"]
    fixed = match.survey.regress(f"{match.answer} ~ {match.score} * factor({match.group})", family="ordinal")
    term = fixed.coefficients.cells["variable"] == f"{match.score}:factor({match.group})"
    row = bias(SCALES[1], "corrected").to_frame().iloc[1]
    sd = row["log_odds"] / -fixed.coefficients.values[term][0]
    assert fixed.coefficients.se[term][0] * sd < 0.9 * row["se"]


def test_alpha_of_the_others_is_what_the_score_is_corrected_by() -> None:
    frame = demo().frame
    for side, code in enumerate((1, 2)):
        of = frame[(frame["type"] == code) & frame[["rb10", "rb11"]].notna().all(axis=1)]
        V = np.cov(of[["rb10", "rb11"]].T, aweights=of["weight"], ddof=0)
        alpha = 2 * (1 - np.trace(V) / V.sum())
        assert bias(SCALES[0], "corrected").reliability["rb09"][side] == pytest.approx(alpha, abs=1e-12)


def test_a_gap_in_what_is_measured_is_no_bias() -> None:
    """Where groups are 0.6 apart, three items that all read alike are found different by the observed score only."""
    observed, corrected = [], []
    for seed in range(4):
        survey = simulated(seed, 3, gap=0.6)
        for found, matching in ((observed, "observed"), (corrected, "corrected")):
            table = dif(survey, ["q0", "q1", "q2"], matching=matching, purify=False).to_frame()  # type: ignore[arg-type]
            found.append(table.loc[table["test"] == "uniform", "log_odds"].mean())
    assert np.mean(observed) < -0.2  # old minus estate: the lower group seems to answer lower at the same score
    assert abs(np.mean(corrected)) < 0.08


def test_the_planted_item_is_found_and_taken_out() -> None:
    result = dif(simulated(3, 5, gap=0.3, shift=-0.6), [f"q{k}" for k in range(5)])
    assert result.flagged == ("q0",) == result.apart
    assert result.groups == ("old", "estate")
    row = result.to_frame().iloc[0]
    assert row["verdict"] == "large"
    assert row["points"] > 0
    assert row["points_low"] > 0
    assert any("q0" in note for note in result.notes)
    kept = dif(simulated(3, 5, gap=0.3, shift=-0.6), [f"q{k}" for k in range(5)], purify=False).to_frame()
    assert kept.loc[kept["item"] != "q0", "points"].mean() < result.to_frame().query("item != 'q0'")["points"].mean()


def test_three_items_leave_nothing_to_take_out() -> None:
    result = dif(simulated(5, 3, shift=-0.8), ["q0", "q1", "q2"])
    assert "q0" in result.flagged
    assert not result.apart
    assert any("too few would remain" in note for note in result.notes)


def test_turning_an_item_round_changes_nothing_but_its_codes() -> None:
    """An item with reversed codes, which the questionnaire says are reversed, gives the same table."""
    text = """
name: t
choices:
  five: {codes: {1: {en: a}, 2: {en: b}, 3: {en: c}, 4: {en: d}, 5: {en: e}}}
items:
  - {id: q0, label: {en: q0}, choices: five, reversed: true}
  - {id: q1, label: {en: q1}, choices: five}
  - {id: q2, label: {en: q2}, choices: five}
scales:
  S: {label: {en: the scale}, items: [q0, q1, q2]}
"""
    plain = simulated(1, 3)
    turned = plain.frame.assign(q0=6 - plain.frame["q0"])
    asked = questionnaire_of(text)
    made = dif(replace(plain, frame=turned, questionnaire=asked, met=None), "S").to_frame()
    pd.testing.assert_frame_equal(made, dif(plain, ["q0", "q1", "q2"]).to_frame(), check_exact=False, rtol=1e-9)


def questionnaire_of(text: str) -> Questionnaire:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "q.yaml"
        path.write_text(text, encoding="utf-8")
        return Questionnaire.load(path)


def test_other_groups_are_left_out() -> None:
    """Compounds of no type, with weight, change the strata of none of the two groups."""
    two = simulated(2, 3)
    more = two.frame.assign(
        compound=two.frame["compound"] + 100, type=pd.Categorical([np.nan] * 1000, ["old", "estate"])
    )
    three = sv.Survey(pd.concat([two.frame, more.iloc[:25]], ignore_index=True), design=two.design)
    for column in ("log_odds", "points", "n"):
        a, b = (dif(each, ["q0", "q1", "q2"]).to_frame()[column] for each in (two, three))
        np.testing.assert_allclose(a, b, rtol=1e-9)


def test_a_domain_and_calibrated_weights_pass_through() -> None:
    survey = simulated(4, 3)
    sexes = survey.frame.assign(sex=np.tile([1, 2], 500))
    whole = sv.Survey(sexes, design=survey.design)
    part = dif(whole.where("sex == 1"), ["q0", "q1", "q2"])
    assert set(part.to_frame()["n"]) == {500}
    fitted = whole.calibrate({"sex": {1: 700, 2: 300}})
    again = dif(fitted, ["q0", "q1", "q2"]).to_frame()
    by_hand = dif(replace(whole, frame=sexes.assign(weight=fitted.units.weights), met=None), ["q0", "q1", "q2"])
    np.testing.assert_allclose(again["log_odds"], by_hand.to_frame()["log_odds"], rtol=1e-8)
    assert not np.allclose(again["se"], by_hand.to_frame()["se"], rtol=1e-4)  # calibration is known to the variance


def test_measured_items_are_tested_by_lines() -> None:
    rng = np.random.default_rng(1)
    survey = simulated(6, 3)
    frame = survey.frame.assign(q0=np.exp(survey.frame["q0"] / 3) + 0.3 * rng.standard_normal(1000))
    made = dif(sv.Survey(frame, design=survey.design), ["q0", "q1", "q2"]).to_frame()
    assert made.loc[0, "log_odds"] == pytest.approx(made.loc[0, "points"], rel=1e-10)
    assert made.loc[2, "log_odds"] != pytest.approx(made.loc[2, "points"], rel=0.1)


def test_few_compounds_have_no_p_value() -> None:
    survey = simulated(1, 3)
    few = sv.Survey(survey.frame[survey.frame["compound"].between(18, 39)].reset_index(drop=True), design=survey.design)
    made = dif(few, ["q0", "q1", "q2"])
    assert made.to_frame()["p"].isna().all()
    assert not made.flagged
    assert set(made.to_frame()["verdict"]) == {"not tested"}
    assert made.to_frame()["note"].str.contains("fewer than").all()


def test_items_without_anything_in_common_are_not_bias() -> None:
    rng = np.random.default_rng(8)
    frame = simulated(1, 3).frame.assign(**{f"q{k}": rng.integers(1, 6, 1000) for k in range(3)})
    frame["q2"] = 6 - frame["q1"]
    made = dif(sv.Survey(frame, design=sv.Design(weights="weight", clusters="compound")), ["q0", "q1", "q2"])
    assert made.to_frame()["note"].str.contains("do not go together").all()


@pytest.mark.parametrize(
    ("asked", "options", "said"),
    [
        (["q0", "q1"], {}, "three items"),
        (["q0", "q1", "qq"], {}, "no column 'qq'"),
        ("TRU", {}, "no scale 'TRU'"),
        (["q0", "q1", "q2"], {"matching": "true"}, "no matching 'true'"),
        (["q0", "q1", "q2"], {"by": "compound"}, "40 groups"),
    ],
)
def test_refusals_say_what_to_do(asked: object, options: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        dif(simulated(1, 3), asked, **options)  # type: ignore[arg-type]


def test_a_formative_scale_is_refused() -> None:
    from surveyor.questionnaire import Item

    asked = Questionnaire(
        name="t", items=tuple(Item(id=f"q{k}", label={"en": "q"}, type="number") for k in range(3)),
        scales={"F": Scale(label={"en": "forms"}, items=("q0", "q1", "q2"), kind="formative")},
    )  # fmt: skip
    with pytest.raises(UsageError, match="formative"):
        dif(replace(simulated(1, 3), questionnaire=asked, met=None), "F")


def test_the_table_says_in_words_what_was_found() -> None:
    result = dif(simulated(3, 5, gap=0.3, shift=-0.6), [f"q{k}" for k in range(5)])
    table = table_text(dif_table(result))
    points = result.to_frame()["points"].iloc[0]
    assert f"q0 reads differently: at the same level, old answers {points:.1f} points higher." in table
    assert "一致性" in table_text(dif_table(replace(result, lang="zh")))
    assert dif_sentences(bias(SCALES[0], "corrected")) == ["No item was found to read differently."]
