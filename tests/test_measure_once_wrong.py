"""What the measurement chapter once got wrong: each of these failed before it was mended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.compare.gates import through_gates
from surveyor.errors import DesignError, UsageError
from surveyor.measure.cfa import cfa
from surveyor.measure.chi_square import unexplained
from surveyor.measure.compounds import compounds
from surveyor.measure.compounds.gap import apart
from surveyor.measure.compounds.one_way import fitted
from surveyor.measure.compounds.sums import sums_of
from surveyor.measure.invariance import Gate, invariance
from surveyor.measure.invariance.gaps import ALL, SOME, latent_gaps
from surveyor.measure.invariance.ladder import held
from surveyor.measure.specify import Equal
from surveyor.questionnaire import Choices, Item, Questionnaire, Scale

TRUST = {"trust": ["t1", "t2", "t3"]}
BOTH = {**TRUST, "help": ["h1", "h2", "h3"]}
CUTS = (-1.2, -0.4, 0.4, 1.2)


def answers(seed: int = 1, per: int = 15, units: int = 20, old_units: int = 10, shift: float = 0.0) -> pd.DataFrame:
    """Two factors with three five-point items each; `t1` of the second type is cut `shift` further up."""
    rng = np.random.default_rng(seed)
    compound = np.repeat(np.arange(units), per)
    old = compound < old_units
    trust = 0.9 * rng.standard_normal(len(old)) + 0.2 * rng.standard_normal(units)[compound] + 0.3 * old
    both = 0.5 * trust + 0.8 * rng.standard_normal(len(old))
    made: dict[str, Any] = {}
    for name, factor in [*((item, trust) for item in TRUST["trust"]), *((item, both) for item in BOTH["help"])]:
        moved = np.where(~old & (name == "t1"), shift, 0.0)
        made[name] = 1.0 + np.searchsorted(CUTS, 0.8 * factor + 0.6 * rng.standard_normal(len(old)) - moved)
    made["type"] = pd.Categorical(np.where(old, "old", "estate"), ["old", "estate"])
    frame = pd.DataFrame({**made, "compound": compound, "person": np.arange(len(old))})
    return frame.assign(w=np.exp(0.4 * rng.standard_normal(len(old))), sex=rng.integers(1, 3, len(old)))


def survey_of(frame: pd.DataFrame, **design: Any) -> sv.Survey:
    return sv.Survey(frame, design=sv.Design(**{"weights": "w", "clusters": "compound", **design}))


def numbers(survey: sv.Survey, statistic: str, **options: Any) -> pd.DataFrame:
    frame = cfa(survey, TRUST, **options).to_frame()
    return frame[frame["statistic"] == statistic]


class TestDegreesOfFreedom:
    """Primary units were counted twice where groups share them, and pooled where they do not."""

    def test_groups_that_share_compounds(self) -> None:
        found = cfa(survey_of(answers()), BOTH, "sex")
        assert set(found.to_frame()["df"]) == {19.0}  # 20 compounds, one stratum: not 38
        assert found.setting.moments.shared_df == 19

    def test_given_replicate_weights(self) -> None:
        frame = answers()
        again = {f"r{u}": frame["w"] * np.where(frame["compound"] == u, 0, 20 / 19) for u in range(20)}
        design = sv.Design(weights="w", replicates=sv.Replicates(columns="^r[0-9]", method="JK1"))
        found = cfa(sv.Survey(frame.assign(**again), design=design), BOTH, "type")
        assert set(found.to_frame()["df"]) == {19.0}  # of 20 replicates, once for all groups: not 38

    def test_a_number_of_one_group_has_those_of_its_units(self) -> None:
        found = numbers(survey_of(answers(per=40, units=20, old_units=4)), "standardised loading", by="type")
        assert found["df"].to_numpy() == pytest.approx([3.0] * 3 + [15.0] * 3)  # 4 and 16 compounds
        assert list(found["n"]) == [160] * 3 + [640] * 3

    def test_a_gap_has_those_of_two_samples(self) -> None:
        found = invariance(survey_of(answers(per=30, units=20, old_units=4)), TRUST, "type").gaps
        assert 3 < found.df[0] < 18


class TestErrors:
    def test_second_stages_count_where_every_compound_was_drawn(self) -> None:
        frame = answers().assign(N=10, M=30)
        staged = survey_of(frame, strata="type", clusters=["compound", "person"], fpc=["N", "M"])
        strata = survey_of(frame, strata="compound", clusters=None, fpc="M")  # the same design, said otherwise
        mine, other = (numbers(each, "standardised loading")["se"].to_numpy() for each in (staged, strata))
        assert mine == pytest.approx(other, rel=0.05)  # sandwich and jackknife of 300 residents; once it was 0

    def test_a_loading_that_runs_off_in_one_replicate(self) -> None:
        again = survey_of(answers(4, per=12)).with_replicates("bootstrap", n=60, seed=4)
        found = numbers(again, "standardised loading", by="type")
        assert found["se"].max() < 1  # a number between -1 and 1; it was 100 and more

    def test_groups_swapped_turn_the_gap_round_with_its_error(self) -> None:
        frame = answers(per=12, shift=0.5)
        turned = frame.assign(type=pd.Categorical(frame["type"], ["estate", "old"]))
        one, other = (invariance(survey_of(each), BOTH, "type").gaps for each in (frame, turned))
        assert other.values == pytest.approx(-one.values, abs=1e-6)
        assert other.se == pytest.approx(one.se, rel=1e-4, abs=1e-6)

    @pytest.mark.parametrize("lonely", ["certainty", "center", "average"])
    def test_a_stratum_with_one_unit(self, lonely: str) -> None:
        frame = answers()
        survey = survey_of(frame.assign(place=np.where(frame["compound"] == 3, 9, 1)), strata="place", lonely=lonely)
        assert np.isfinite(numbers(survey, "loading")["se"]).all()


def test_calibration_on_both_groups_at_once_ties_them_together() -> None:
    """The test took the groups for independent: their statistics correlate at .2 and more here."""
    frame = answers(seed=1)
    noise = np.random.default_rng(5).standard_normal(len(frame))
    survey = survey_of(frame.assign(sex=np.where(frame["t1"] + noise > 3, 1, 2)), strata="type")
    found = cfa(survey.calibrate({"sex": {1: 500, 2: 600}}, method="poststratify"), TRUST, "type", equal=["thresholds"])
    gamma, U = found.setting.moments.covariance, unexplained(found.solution)
    q = found.setting.moments.layout.size
    sd = np.sqrt(np.diag(gamma))
    assert np.abs(gamma / np.outer(sd, sd))[:q, q:].max() > 0.2
    assert found.test.expected == pytest.approx(np.trace(U @ gamma), rel=1e-10)


class TestFewUnits:
    def test_one_compound_of_a_type_is_refused(self) -> None:
        with pytest.raises(DesignError, match="1 primary unit among the old"):
            invariance(survey_of(answers(units=6, old_units=1, per=40)), TRUST, "type")
        with pytest.raises(DesignError, match="1 primary unit:"):
            cfa(survey_of(answers(units=1, old_units=1, per=200)), BOTH)

    def test_two_compounds_of_a_type_show_nothing_alike(self) -> None:
        """Shifted by 0.8 standard deviations, an item is let go in 1 of 20 such samples: no test, no verdict."""
        found = invariance(survey_of(answers(units=4, old_units=2, per=100, shift=0.8)), TRUST, "type")
        assert (found.gates["trust"].verdict, found.gates["trust"].why) == ("not tested", "units")
        assert not found.gates["trust"].is_open
        assert "fewer than 4 primary units" in str(found.sentences())
        assert "不足4个" in str(replace(found, lang="zh").sentences())

    def test_few_answers_are_told(self) -> None:
        told = invariance(survey_of(answers()), TRUST, "type").notes
        assert "with fewer than 250 answers in a group (old 150, estate 150)" in told[-1]

    def test_a_gap_of_a_model_that_was_not_found_is_none(self) -> None:
        found = invariance(survey_of(answers()), TRUST, "type")
        full = held(found.setting, Equal(("thresholds", "loadings", "intercepts")), found.steps[0].solution)
        lost = replace(full, arrived=False)
        gaps, _ = latent_gaps(survey_of(answers()), found.setting, full, lost)
        assert np.isfinite(gaps.pick(statistic=ALL).values).all()
        assert np.isnan(gaps.pick(statistic=SOME).values).all()
        assert np.isnan(gaps.pick(statistic=SOME).se).all()

    def test_a_lost_last_step_does_not_close_the_gate(self) -> None:
        found = invariance(survey_of(answers()), TRUST, "type")
        *others, last = found.steps
        assert last.what == "residuals"
        lost = replace(found, steps=(*others, replace(last, solution=replace(last.solution, arrived=False))))
        assert lost.gates["trust"].verdict == found.gates["trust"].verdict == "alike"


class TestAsked:
    """Questions that ended in a traceback, or were answered as if they had been others."""

    @pytest.mark.parametrize("model", [None, 5])
    def test_no_model(self, model: Any) -> None:
        with pytest.raises(UsageError, match="names no factor"):
            cfa(survey_of(answers()), model)

    def test_one_item_is_no_list_of_letters(self) -> None:
        with pytest.raises(UsageError, match=r"has 1 item \(t1\)"):
            cfa(survey_of(answers()), {"trust": "t1"})  # type: ignore[dict-item]

    def test_no_group_and_several_columns(self) -> None:
        with pytest.raises(UsageError, match="no groups were named"):
            invariance(survey_of(answers()), TRUST, by=None)  # type: ignore[arg-type]
        for verb in (cfa, invariance):
            with pytest.raises(UsageError, match="is not one column"):
                verb(survey_of(answers()), TRUST, by=["type"])  # type: ignore[operator]

    @pytest.mark.parametrize(
        ("equal", "by", "told"),
        [
            (["loading"], "type", "'loading' is not known"),
            (["intercepts"], "type", "intercepts cannot be held alike alone"),
            (["thresholds"], None, "one group"),
        ],
    )
    def test_what_cannot_be_held_alike(self, equal: list[str], by: str | None, told: str) -> None:
        with pytest.raises(UsageError, match=told):
            cfa(survey_of(answers()), TRUST, by, equal=equal)

    def test_one_word_is_held_alike(self) -> None:
        survey = survey_of(answers(per=30))
        one, listed = (cfa(survey, TRUST, "type", equal=equal) for equal in ("thresholds", ["thresholds"]))
        assert one.test.df == listed.test.df == 6  # 2 x 3 thresholds beyond the two that set the scale

    def test_an_item_that_has_nothing_to_do_with_the_others(self) -> None:
        """A step starts from where the one before ended: a place with a negative variance is none to start from."""
        frame = answers(per=15)
        frame["c1"] = np.log1p(np.random.default_rng(0).poisson(4, len(frame)))
        found = invariance(survey_of(frame), {"net": ["c1", "t1", "t2"]}, "type")
        assert "net" in found.gates

    def test_a_model_without_degrees_of_freedom_fits(self) -> None:
        rng = np.random.default_rng(3)
        frame = answers().assign(**{name: rng.standard_normal(300) for name in ("x", "y", "z")})
        assert cfa(survey_of(frame), {"none": ["x", "y", "z"]}).fit.cfi == 1.0

    def test_an_item_asked_the_other_way_round_is_told(self) -> None:
        frame = answers()
        told = cfa(survey_of(frame.assign(t3=6 - frame["t3"])), TRUST).problems
        assert [told.split(":")[0] for told in told if "the other way round" in told] == ["t3"]
        assert not cfa(survey_of(frame), TRUST).problems


def test_a_constant_item_has_no_correlation() -> None:
    """Constant in one group, off the mean of both: rounding over 0 was -inf."""
    frame = answers()
    survey = survey_of(frame.assign(t1=np.where(frame["type"] == "old", 3.0, frame["t1"])))
    found = survey.estimate(sv.ItemRest(TRUST["trust"]), by="type").to_frame()
    assert np.isnan(found["value"][0])
    assert found["note"][0]
    assert np.isfinite(found["value"][1:]).all()
    assert np.isnan(survey.estimate(sv.InterItem(TRUST["trust"]), by="type").values[0])


class TestCompounds:
    def test_an_interval_from_0_to_0_shows_nothing(self) -> None:
        """Six compounds with the same mean in each type: nearer than chance lets them be."""
        values = np.tile([0.0, 1.0, 2.0, 3.0], 12) + np.repeat([0.0, 0.5], 24)
        model = fitted(sums_of(values, np.repeat(np.arange(12), 4), np.repeat([0, 1], 6)))
        assert model.interval() == (0.0, 0.0)
        assert apart(model).verdict == "undecided"
        frame = pd.DataFrame({"y": values, "compound": np.repeat(np.arange(12), 4), "w": 1.0})
        assert "closer together than chance" in compounds(survey_of(frame), "y").to_frame()["note"][0]

    def test_by_is_one_column(self) -> None:
        with pytest.raises(UsageError, match="is not one column"):
            compounds(survey_of(answers()), "t1", by=["type"])  # type: ignore[arg-type]


AGREE = Choices(codes={k: {"en": f"agree {k}", "zh": f"同意{k}"} for k in range(1, 6)}, top=(4, 5))
SIDES = Choices(codes={1: {"en": "old"}, 2: {"en": "estate"}})


@pytest.fixture(scope="module")
def asked() -> sv.Survey:
    items = [
        Item(id=name, label={"en": f"item {name}", "zh": name}, type="ordinal", choices="agree",
             reversed=name == "h3")
        for names in BOTH.values() for name in names
    ]  # fmt: skip
    group = Item(id="type", label={"en": "type", "zh": "类型"}, type="nominal", choices="sides")
    scales = {
        "TRU": Scale(label={"en": "Trust", "zh": "信任"}, items=("t1", "t2", "t3"), minimum=2),
        "HLP": Scale(label={"en": "Help", "zh": "互助"}, items=("h1", "h2", "h3"), minimum=2),
        "ALL": Scale(label={"en": "All", "zh": "总"}, items=("TRU", "HLP"), kind="index", minimum=2),
    }
    choices = {"agree": AGREE, "sides": SIDES}
    asked = Questionnaire(name="small", choices=choices, items=(group, *items), scales=scales)
    frame = answers()
    frame = frame.assign(type=np.where(frame["type"] == "old", 1.0, 2.0), h3=6 - frame["h3"])
    return sv.Survey(frame, questionnaire=asked, design=sv.Design(weights="w", clusters="compound"))


class Found:
    """Gates as a measurement has them."""

    by = "type"

    def __init__(self, of: sv.Survey, **gates: Gate) -> None:
        self.origin, self.gates = of.origin, gates


class TestGates:
    def test_a_score_asked_for_as_a_mean_says_that_its_gate_is_closed(self, asked: sv.Survey) -> None:
        closed = Found(asked, TRU=Gate("TRU", "not alike", ("t1", "t2", "t3"), why="few"))
        found = asked.score("TRU").compare([sv.Mean("TRU")], by="type", measurement=closed).to_frame()
        assert "fewer than two of its questions work alike" in found["note"][0]

    def test_a_reversed_item_of_a_closed_scale_is_told(self, asked: sv.Survey) -> None:
        closed = Found(asked, HLP=Gate("HLP", "not alike", ("h1", "h2", "h3"), why="few"))
        _, listed, said = through_gates(asked, ["HLP"], "type", closed)
        assert listed == ["h1", "h2", "h3"]
        assert "a larger value means less of Help" in said["h3"]
        assert "other way round" not in said["h1"]

    def test_an_index_tells_of_a_scale_that_is_partly_alike(self, asked: sv.Survey) -> None:
        gates = Found(
            asked,
            TRU=Gate("TRU", "alike", ("t1", "t2", "t3")),
            HLP=Gate("HLP", "partly alike", ("h1", "h2", "h3"), ("h1",), 0.03),
        )
        _, listed, said = through_gates(asked, ["ALL"], "type", gates)
        assert listed == ["ALL"]
        assert said["ALL"].startswith("Help: ")
        assert "except h1" in said["ALL"]

    def test_something_else_is_no_measurement(self, asked: sv.Survey) -> None:
        with pytest.raises(UsageError, match="is no measurement"):
            asked.compare("TRU", by="type", measurement=5)
