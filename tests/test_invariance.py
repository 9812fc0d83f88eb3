"""Whether items work alike: planted differences are found, gates close, comparisons go by items; bad input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import surveyor as sv
from surveyor.compare.gates import through_gates
from surveyor.errors import DataError, UsageError
from surveyor.measure.cfa import cfa
from surveyor.measure.invariance import Gate, invariance
from surveyor.measure.invariance.bias import biases
from surveyor.measure.invariance.ladder import climbs, held
from surveyor.measure.layout import Layout
from surveyor.measure.parameters import Parameter
from surveyor.measure.problems import problems_of
from surveyor.measure.setting import refuse_lost, setting_of
from surveyor.measure.specify import Equal, specify

HERE = Path(__file__).resolve().parent.parent
TRUST = ["t1", "t2", "t3"]
HELP = ["h1", "h2", "h3"]
MODEL = {"trust": TRUST, "help": HELP}
CUTS = (-1.2, -0.4, 0.4, 1.2)


def answers(seed: int, shift: float = 0.0, loading: float = 0.8, gap: float = 0.3, per: int = 40) -> pd.DataFrame:
    """Two factors with three five-point items each, 20 compounds of each type; `t1` of the second type is cut `shift`
    further up and has another `loading`.
    """
    rng = np.random.default_rng(seed)
    compound = np.repeat(np.arange(40), per)
    old = compound < 20
    place = 0.2 * rng.standard_normal(40)[compound]
    trust = 0.9 * rng.standard_normal(len(old)) + place
    both = 0.5 * trust + 0.8 * rng.standard_normal(len(old)) + np.where(old, gap, 0.0)
    trust = trust + np.where(old, gap, 0.0)
    made: dict[str, object] = {}
    for name, factor in [*((item, trust) for item in TRUST), *((item, both) for item in HELP)]:
        weight = np.where(~old & (name == "t1"), loading, 0.8)
        noise = 0.6 * rng.standard_normal(len(old))
        moved = np.where(~old & (name == "t1"), shift, 0.0)
        made[name] = 1.0 + np.searchsorted(CUTS, weight * factor + noise - moved)
    made["type"] = pd.Categorical(np.where(old, "old", "estate"), ["old", "estate"])
    return pd.DataFrame({**made, "compound": compound})


def survey_of(frame: pd.DataFrame) -> sv.Survey:
    return sv.Survey(frame, design=sv.Design(clusters="compound"))


@pytest.fixture(scope="module")
def shifted() -> sv.measure.invariance.Invariance:  # type: ignore[name-defined]
    return invariance(survey_of(answers(1, shift=0.8)), MODEL)


def test_a_planted_shift_is_found_and_told(shifted: object) -> None:
    assert shifted.let_go == {"t1": "intercepts"}
    assert shifted.gates["trust"].let_go == ("t1",)
    assert shifted.gates["help"].verdict == "alike"
    frame = shifted.to_frame()
    assert list(frame["step"]) == ["configural", "thresholds", "loadings", "intercepts", "residuals"]
    step = frame.set_index("step").loc["intercepts"]
    assert step["let_go"] == "t1"
    assert step["delta_p_before_release"] < 0.01 < step["delta_p"]
    items = shifted.items().set_index("item")
    assert items["dmacs"].idxmax() == "t1"
    assert items.loc["t1", "difference"] > 0.3  # estate residents answer lower at the same level


def test_the_gap_moves_to_where_it_is(shifted: object) -> None:
    gaps = shifted.gaps.to_frame().set_index(["variable", "statistic"])["value"]
    full, partial = gaps["trust", "latent gap"], gaps["trust", "latent gap, items let go"]
    assert gaps["trust", "movement of the gap"] == pytest.approx(partial - full, abs=1e-12)
    true = 0.3 / np.hypot(0.9, 0.2)  # in standard deviations within the types
    assert full > true + 0.1
    assert partial == pytest.approx(true, abs=0.12)


def test_a_gap_that_moves_far_closes_the_gate(shifted: object) -> None:
    gate = shifted.gates["trust"]
    assert abs(gate.moved) > 0.1
    assert (gate.verdict, gate.why, gate.is_open) == ("not alike", "moved", False)


def test_two_odd_items_of_three_leave_too_few() -> None:
    rng = np.random.default_rng(5)
    base = answers(4, per=60)
    estate = (base["type"] == "estate").to_numpy()
    base["t1"] = np.clip(base["t1"] + estate * (rng.random(len(base)) < 0.6), 1, 5)
    base["t2"] = np.clip(base["t2"] - estate * (rng.random(len(base)) < 0.6), 1, 5)
    found = invariance(survey_of(base), MODEL)
    assert found.gates["trust"].verdict == "not alike"
    assert found.gates["trust"].why in ("few", "moved")
    assert found.gates["help"].is_open


def test_a_weak_item_is_let_go_at_the_loadings() -> None:
    found = invariance(survey_of(answers(6, loading=0.15, per=60)), MODEL)
    assert found.let_go.get("t1") in ("loadings", "thresholds")


def test_alike_is_told_as_alike() -> None:
    found = invariance(survey_of(answers(7)), MODEL)
    assert found.let_go == {}
    assert {name: gate.verdict for name, gate in found.gates.items()} == {"trust": "alike", "help": "alike"}
    assert (found.gaps.pick(statistic="movement of the gap").values == 0).all()


def test_numbers_have_a_ladder_of_their_own() -> None:
    found = invariance(survey_of(answers(1, shift=0.8)), MODEL, continuous=True)
    assert [step.what for step in found.steps] == ["configural", "loadings", "intercepts", "residuals"]
    assert "t1" in found.let_go


def test_yes_or_no_items_are_held_alike_in_one_step() -> None:
    frame = answers(12, per=60)
    frame[TRUST + HELP] = (frame[TRUST + HELP] >= 4) * 1.0
    found = invariance(survey_of(frame), MODEL)
    assert [step.what for step in found.steps] == ["configural", "residuals"]
    assert all(step.arrived for step in found.steps)
    assert {gate.verdict for gate in found.gates.values()} == {"alike"}
    gaps = found.gaps.pick(statistic="latent gap")
    assert np.abs(gaps.values - 0.3 / np.hypot(0.9, 0.2)).max() < 3 * gaps.se.max()


def test_groups_swapped_turn_the_gap_round() -> None:
    frame = answers(8)
    one = invariance(survey_of(frame), MODEL)
    other = invariance(survey_of(frame.assign(type=frame["type"].cat.reorder_categories(["estate", "old"]))), MODEL)
    np.testing.assert_allclose(one.gaps.values[:2], -other.gaps.values[:2], atol=2e-4)
    for mine, theirs in zip(one.steps, other.steps, strict=True):
        assert mine.test.least == pytest.approx(theirs.test.least, rel=1e-5)
        if mine.difference is not None:
            assert mine.difference.p == pytest.approx(theirs.difference.p, rel=2e-2)


def test_dmacs_is_its_integral() -> None:
    """Nye and Drasgow's formula by adaptive quadrature over the second group, from the numbers of the model alone."""
    setting = setting_of(survey_of(answers(10, shift=0.6)), MODEL, "type")
    every = ("thresholds", "loadings", "intercepts")
    near = held(setting, Equal(every), setting.fitted(setting.specified()))
    found = biases(setting, near, Equal(every))[0]
    solution = held(setting, Equal(every, {0: "thresholds"}), near)
    a, b = (solution.parameters.arrays(solution.theta, g) for g in range(2))
    mean, sd = b["factor mean"][0], np.sqrt(b["factor variance"][0, 0])

    def expected(arrays: dict, eta: float) -> float:
        behind = arrays["intercept"][0] + arrays["loading"][0, 0] * eta
        return sum(norm.sf(tau, behind, np.sqrt(arrays["residual"][0])) for tau in arrays["threshold"][:4])

    def away(power: int) -> float:
        return quad(
            lambda eta: (expected(a, eta) - expected(b, eta)) ** power * norm.pdf(eta, mean, sd),
            mean - 9 * sd, mean + 9 * sd, epsabs=1e-11,
        )[0]  # fmt: skip

    frame = answers(10, shift=0.6)
    pooled = frame.groupby("type", observed=True)["t1"].var(ddof=0).mean()  # groups of one size
    assert found.dmacs == pytest.approx(np.sqrt(away(2) / pooled), rel=1e-6)
    assert found.difference == pytest.approx(away(1), rel=1e-6)


def test_dmacs_of_numbers_has_a_closed_form() -> None:
    """The difference of two lines over a normal factor: (dnu + dlambda kappa)^2 + dlambda^2 psi."""
    setting = setting_of(survey_of(answers(10, shift=0.6)), MODEL, "type", continuous=True)
    every = ("loadings", "intercepts")
    near = held(setting, Equal(every), setting.fitted(setting.specified()))
    found = biases(setting, near, Equal(every))[0]
    solution = held(setting, Equal(every, {0: "loadings"}), near)
    a, b = (solution.parameters.arrays(solution.theta, g) for g in range(2))
    nu = a["intercept"][0] - b["intercept"][0]
    slope = a["loading"][0, 0] - b["loading"][0, 0]
    kappa, psi = b["factor mean"][0], b["factor variance"][0, 0]
    pooled = answers(10, shift=0.6).groupby("type", observed=True)["t1"].var(ddof=0).mean()
    assert found.dmacs == pytest.approx(np.sqrt(((nu + slope * kappa) ** 2 + slope**2 * psi) / pooled), rel=1e-9)
    assert found.difference == pytest.approx(nu + slope * kappa, rel=1e-9)


@pytest.mark.parametrize(
    ("categories", "wanted"),
    [
        ((5, 5, 0), [("thresholds",), ("loadings",), ("intercepts",), ("residuals",)]),
        ((3, 3, 3), [("thresholds", "loadings"), ("intercepts",), ("residuals",)]),
        ((2, 5, 5), [("thresholds", "loadings", "intercepts", "residuals")]),
        ((0, 0, 0), [("loadings",), ("intercepts",), ("residuals",)]),
    ],
)
def test_what_cannot_be_tested_alone_goes_together(categories: tuple[int, ...], wanted: list[tuple[str, ...]]) -> None:
    assert climbs(Layout(categories)) == wanted


def test_an_item_let_go_keeps_two_thresholds_as_its_scale() -> None:
    setting = setting_of(survey_of(answers(9)), MODEL, "type")
    equal = Equal(("thresholds",), {0: "thresholds"})
    made = specify(setting.moments.layout, setting.structure, setting.moments.values, equal)
    shared = [parameter.at[0] for parameter in made.free if parameter.kind == "threshold" and parameter.group is None]
    assert [at for at in shared if at < 4] == [0, 1]
    assert made.index(Parameter("residual", (0,), 1)) is not None


@pytest.fixture(scope="module")
def study() -> sv.Survey:
    return sv.Study.load(HERE / "data" / "demo" / "study.yaml").residents


class TestComparison:
    """`compare` reads the gate."""

    @staticmethod
    def measured(of: sv.Survey, **gates: Gate) -> object:
        class Measured:
            by = "type"
            origin = of.origin

        made = Measured()
        made.gates = gates
        return made

    def test_untested_scales_say_so(self, study: sv.Survey) -> None:
        frame = study.compare(["REC", "rb06", "PMOB"]).to_frame().set_index("outcome")
        assert "was not tested" in frame.loc["REC", "note"]
        assert "was not tested" not in str(frame.loc["PMOB", "note"])
        scored = study.score("REC")
        assert frame.loc["REC", "difference"] == pytest.approx(
            float(scored.compare(["REC"]).differences.values[0]), abs=1e-14
        )

    def test_a_closed_gate_gives_items(self, study: sv.Survey) -> None:
        closed = Gate("TRU", "not alike", ("rb09", "rb10", "rb11"), ("rb10",), 0.17, "moved")
        found = study.compare(["TRU", "REC"], measurement=self.measured(study, TRU=closed))
        frame = found.to_frame()
        assert list(dict.fromkeys(frame["outcome"])) == ["rb09", "rb10", "rb11", "REC"]
        assert frame[frame["outcome"] == "rb09"]["note"].str.contains("0.17").all()

    def test_partly_alike_names_the_items(self, study: sv.Survey) -> None:
        gate = Gate("COH", "partly alike", ("rb16", "rb17", "rb18"), ("rb18",), -0.02)
        frame = study.compare(["COH"], measurement=self.measured(study, COH=gate)).to_frame()
        assert "except rb18" in frame["note"].iloc[0]

    def test_alike_needs_no_note(self, study: sv.Survey) -> None:
        gate = Gate("REC", "alike", ("rb06", "rb07", "rb08"), (), 0.0)
        assert study.compare(["REC"], measurement=self.measured(study, REC=gate)).to_frame()["note"].iloc[0] == ""

    def test_an_index_falls_into_its_scales(self, study: sv.Survey) -> None:
        closed = Gate("TRU", "not alike", ("rb09", "rb10", "rb11"), (), 0.0, "few")
        opened = {
            name: Gate(name, "alike", tuple(study.questionnaire.scales[name].items), (), 0.0)
            for name in ("NET", "REC", "BEL", "COH")
        }
        _, listed, said = through_gates(study, ["SCI"], "type", self.measured(study, TRU=closed, **opened))
        assert listed == ["NET", "REC", "rb09", "rb10", "rb11", "BEL", "COH"]
        assert "Trust in neighbours" in said["REC"]
        _, listed, said = through_gates(
            study, ["SCI"], "type", self.measured(study, TRU=Gate("TRU", "alike", ("rb09",), (), 0.0), **opened)
        )
        assert (listed, said) == (["SCI"], {})

    def test_another_survey_is_refused(self, study: sv.Survey) -> None:
        other = sv.Survey(study.frame.copy(), design=study.design, questionnaire=study.questionnaire)
        with pytest.raises(UsageError, match="of other answers"):
            study.compare(["REC"], measurement=self.measured(other))

    def test_a_bound_for_a_closed_scale(self, study: sv.Survey) -> None:
        closed = Gate("TRU", "not alike", ("rb09", "rb10", "rb11"), ("rb10",), 0.17, "moved")
        with pytest.raises(UsageError, match="compared by its items"):
            study.compare(["TRU"], measurement=self.measured(study, TRU=closed), margin={"TRU": 0.2})

    def test_another_grouping_is_refused(self, study: sv.Survey) -> None:
        with pytest.raises(UsageError, match="between the groups of 'type'"):
            study.compare(["REC"], by="rh01", measurement=self.measured(study))


class TestBadInput:
    """One message each, saying what to do."""

    def test_two_items(self) -> None:
        with pytest.raises(UsageError, match="at least three"):
            cfa(survey_of(answers(1)), {"trust": TRUST[:2], "help": HELP})

    def test_an_item_twice(self) -> None:
        with pytest.raises(UsageError, match="'t1' stands in two factors"):
            cfa(survey_of(answers(1)), {"trust": TRUST, "help": ["t1", "h2", "h3"]})

    def test_an_unknown_item(self) -> None:
        with pytest.raises(UsageError, match="no column 't9'"):
            cfa(survey_of(answers(1)), {"trust": ["t1", "t2", "t9"]})

    def test_no_questionnaire(self) -> None:
        with pytest.raises(UsageError, match="no questionnaire"):
            survey_of(answers(1)).cfa("REC")

    def test_unknown_and_formative_scales(self) -> None:
        study = sv.Study.load(HERE / "data" / "demo" / "study.yaml").residents
        with pytest.raises(UsageError, match="Did you mean 'REC'"):
            study.cfa("RCE")
        with pytest.raises(UsageError, match="formative"):
            study.invariance(["PMOB"])
        with pytest.raises(UsageError, match="index made of scales"):
            study.invariance("SCI")

    def test_a_constant_item(self) -> None:
        frame = answers(1)
        frame.loc[frame["type"] == "old", "t1"] = 3.0
        with pytest.raises(DataError, match="same answer to 't1'"):
            invariance(survey_of(frame), MODEL)

    def test_an_empty_category_is_joined_with_a_note(self) -> None:
        frame = answers(1)
        frame.loc[(frame["type"] == "old") & (frame["t1"] == 1), "t1"] = 2.0
        found = invariance(survey_of(frame), MODEL)
        assert any("t1" in note and "joined" in note for note in found.notes)

    def test_two_items_that_are_one(self) -> None:
        frame = answers(1, per=15)
        frame["t2"] = frame["t1"]
        with pytest.raises(DataError, match="'t1' and 't2' go together perfectly"):
            cfa(survey_of(frame), MODEL)

    def test_heywood(self) -> None:
        """A loading that runs off leaves nothing to the item itself."""
        setting = setting_of(survey_of(answers(1)), MODEL)
        solution = setting.fitted(setting.specified())
        assert problems_of(setting, solution) == []
        theta = solution.theta.copy()
        theta[solution.parameters.index(Parameter("loading", (0, 0), 0))] = 40.0
        told = problems_of(setting, replace(solution, theta=theta))
        assert len(told) == 1
        assert "t1" in told[0]
        assert "Heywood" in told[0]

    def test_negative_variance_of_numbers(self) -> None:
        rng = np.random.default_rng(3)
        a, b = rng.standard_normal((2, 60))
        frame = pd.DataFrame({
            "x": a + 0.05 * rng.standard_normal(60), "y": a + 0.3 * b + 0.05 * rng.standard_normal(60),
            "z": b + 0.2 * a + rng.standard_normal(60), "compound": np.arange(60) % 12,
        })  # fmt: skip
        corr = frame[["x", "y", "z"]].corr().to_numpy()
        assert corr[0, 1] * corr[1, 2] / corr[0, 2] > 1  # the variance of y that x and z imply
        made = cfa(survey_of(frame), {"f": ["x", "y", "z"]}, continuous=True)
        assert any("below 0" in problem and "Heywood" in problem for problem in made.problems)

    def test_no_convergence_is_said_plainly(self) -> None:
        setting = setting_of(survey_of(answers(1)), MODEL)
        solution = setting.fitted(setting.specified())
        with pytest.raises(DataError, match=r"did not converge: no values") as told:
            refuse_lost(replace(solution, arrived=False), "The factor model")
        assert "leave out items" in str(told.value)

    def test_noise_gives_finite_numbers_or_words(self) -> None:
        """Answers that have nothing in common: no warning, no NaN, no bare exception."""
        rng = np.random.default_rng(11)
        seen = set()
        for _ in range(20):
            frame = pd.DataFrame(rng.integers(1, 4, (60, 6)), columns=TRUST + HELP).assign(compound=np.arange(60) % 8)
            try:
                made = cfa(survey_of(frame), MODEL)
            except sv.SurveyorError as error:
                seen.add(str(error)[:40])
            else:
                assert np.isfinite(made.solution.theta).all()
                seen.add("fitted")
        assert "fitted" in seen
