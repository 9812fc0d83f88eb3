"""Numbers and words that were once wrong: each has its right answer from hand, from theory or from another tool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv


def survey_of(columns, **design) -> sv.Survey:
    return sv.Survey(pd.DataFrame(columns), design=sv.Design(**design))


class TestTables:
    def test_two_copies_of_an_item_are_not_independent(self) -> None:
        """Zero cells make R's svychisq stop as singular; every p must be tiny, none noise."""
        for seed in range(12):
            a = np.random.default_rng(seed).integers(1, 4, 600)
            test = survey_of({"a": a, "b": a, "cl": np.arange(600) // 10}, clusters="cl").crosstab("a", "b").test()
            assert test.p < 1e-12
            assert 0 < test.df <= 4 + 1e-9
            assert "expected shares" in test.note

    def test_nothing_that_varies_between_units_has_no_test(self) -> None:
        cells = [(a, b) for a in "xy" for b in "uv"]
        frame = pd.DataFrame(cells * 6, columns=["a", "b"]).assign(cl=np.repeat(np.arange(6), 4))
        test = survey_of(frame, clusters="cl").crosstab("a", "b").test()
        assert np.isnan(test.p)
        assert "nothing varies" in test.note


class TestQuantilesOfFewAnswers:
    @pytest.mark.parametrize("shares", [[0.17, 0.17, 0.17, 0.3, 0.19], [0.1, 0.1, 0.1, 0.22, 0.48]])
    def test_intervals_of_a_median_hold_it(self, shares: list[float]) -> None:
        """Around the share at the estimate instead of around p they hold it in 64 and 70 % of samples."""
        rng = np.random.default_rng(7)
        true = int(np.searchsorted(np.cumsum(shares), 0.5)) + 1
        held = {"p": 0, "estimate": 0}
        for _ in range(300):
            survey = survey_of({"y": rng.choice([1, 2, 3, 4, 5], 200, p=shares)})
            for around in held:
                row = survey.estimate(sv.Quantile("y", [0.5], around=around)).to_frame().iloc[0]
                held[around] += row["low"] <= true <= row["high"]
        assert held["p"] >= 0.93 * 300
        assert held["estimate"] <= 0.8 * 300

    def test_a_median_at_the_top_answer(self) -> None:
        """48.5 % stand below 5: the interval must reach down to 4."""
        row = survey_of({"y": np.repeat([1, 2, 3, 4, 5], [10, 10, 10, 67, 103])}).median("y").to_frame().iloc[0]
        assert (row["value"], row["low"], row["high"]) == (5, 4, 5)
        assert row["note"] == ""


class TestTwoSurveys:
    A = survey_of({"y": [1.0, 2, 3, 4], "z": [2.0, 1, 5, 3], "g": list("aabb")})
    B = survey_of({"y": [10.0, 20, 30, 40], "z": [1.0, 7, 5, 3], "g": list("bbcc")})

    def test_groups_keep_their_names(self) -> None:
        frame = self.A.mean("y", by="g").beside(self.B.mean("y", by="g")).to_frame()
        assert list(zip(frame["g"], frame["value"], strict=True)) == [("a", 1.5), ("b", 3.5), ("b", 15.0), ("c", 35.0)]

    def test_a_difference_from_itself_has_no_error(self) -> None:
        change = self.A.mean("y") - self.B.mean("y")
        np.testing.assert_allclose((change - change).se, [0], atol=1e-15)

    def test_changes_of_two_outcomes_vary_together(self) -> None:
        """Var of (a_y - b_y) - (a_z - b_z) is that of a_y - a_z plus that of b_y - b_z."""
        change = {v: self.A.mean(v) - self.B.mean(v) for v in "yz"}
        told = [(s.mean("y") - s.mean("z")).se ** 2 for s in (self.A, self.B)]
        np.testing.assert_allclose((change["y"] - change["z"]).se ** 2, told[0] + told[1], rtol=1e-12)

    def test_rows_that_do_not_answer_each_other_are_refused(self) -> None:
        with pytest.raises(sv.SurveyorError, match="other groups or levels"):
            _ = self.A.mean("y", by="g") - self.B.mean("y", by="g")

    def test_two_calibrations_of_one_sample_are_not_one_survey(self) -> None:
        made = [self.A.calibrate({"g": {"a": a, "b": 10.0 - a}}).mean("y") for a in (4.0, 6.0)]
        with pytest.raises(sv.SurveyorError, match="different designs or weights"):
            _ = made[0] - made[1]


class TestReplicates:
    def test_df_are_those_of_the_replicates(self) -> None:
        """R's degf: the rank of the replicate weights less one, however many rows there are."""
        rng = np.random.default_rng(1)
        reps = {f"r{i}": 2.0 * rng.integers(0, 2, 20)[np.arange(200) // 10] for i in range(6)}
        frame = {"y": rng.normal(size=200), "w": np.ones(200), **reps}
        made = survey_of(frame, weights="w", replicates=sv.Replicates(r"^r\d", "BRR")).mean("y")
        told = np.linalg.matrix_rank(np.column_stack(list(reps.values()))) - 1
        assert made.df.tolist() == [told]
        assert made.interval(df="stata")["df"].tolist() == [told]


class TestNothingVaries:
    def test_a_constant_group_has_no_spread(self) -> None:
        frame = {"y": [0.1] * 20 + [0.3] * 20, "g": ["a"] * 20 + ["b"] * 20, "c": np.arange(40) // 4}
        survey = survey_of(frame, clusters="c")
        for statistic in (sv.Variance("y"), sv.StandardDeviation("y"), sv.Gini("y")):
            rows = survey.estimate(statistic, by="g").to_frame()
            np.testing.assert_allclose(rows[["value", "se"]].astype(float), 0, atol=1e-15)
            assert (rows["note"] == "no variation between units").all()
        assert survey.median("y", by="g").to_frame()["note"].tolist() == ["no variation between units"] * 2

    def test_ids_and_timestamps_can_be_compared(self) -> None:
        rng = np.random.default_rng(2)
        frame = {"y": rng.integers(0, 9, 80) + 1e12, "g": ["a"] * 40 + ["b"] * 40}
        far = survey_of(frame).compare("y", by="g").to_frame().iloc[0]
        near = survey_of({**frame, "y": frame["y"] - 1e12}).compare("y", by="g").to_frame().iloc[0]
        columns = ["difference", "se", "p"]
        np.testing.assert_allclose(far[columns].astype(float), near[columns].astype(float), rtol=1e-3)

    def test_small_weights_are_weights(self) -> None:
        rng = np.random.default_rng(3)
        frame = {"y": rng.normal(size=50), "x": rng.normal(size=50), "w": rng.uniform(1, 2, 50)}
        tiny = {**frame, "w": frame["w"] * 1e-60}
        asked = [sv.Mean("y"), sv.StandardDeviation("y"), sv.Correlation("y", "x")]
        one, two = (survey_of(f, weights="w").estimate(asked) for f in (frame, tiny))
        np.testing.assert_allclose(two.se, one.se, rtol=1e-10)


class TestDirections:
    def test_low_codes_may_be_the_favourable_end(self) -> None:
        from surveyor.questionnaire import Choices, Item, Questionnaire

        listed = Choices(codes={k: {"en": f"answer {k}"} for k in (1, 2, 3, 4, 5)}, top=(1, 2))
        asked = Questionnaire(name="t", items=(Item(id="k", label={"en": "K"}, choices="k"),), choices={"k": listed})
        frame = pd.DataFrame({"k": [1, 1, 2, 5] * 5 + [3, 4, 4, 5] * 5, "g": ["a"] * 20 + ["b"] * 20})
        survey = sv.Survey(frame, questionnaire=asked)
        made = survey.estimate([sv.TopShare("k"), sv.NetAgreement("k"), sv.Superiority("k", "g")])
        row = survey.compare("k", by="g").to_frame().iloc[0]
        np.testing.assert_allclose(made.values[:2], [15 / 40, 15 / 40 - 20 / 40], rtol=1e-12)
        np.testing.assert_allclose(made.values[2], row["superiority"], rtol=1e-12)
        assert row["superiority"] > 0.5

    @pytest.mark.parametrize("top", [0, -1, 1.5])
    def test_a_top_of_nothing(self, top: float) -> None:
        with pytest.raises(sv.SurveyorError, match="at least 1"):
            sv.TopShare("k", top=top)


class TestDerived:
    SURVEY = survey_of({"y": [3.0, 5, 4, 6], "g": list("aabb")})

    def test_a_decreasing_way_back_keeps_low_below_high(self) -> None:
        row = self.SURVEY.mean("y").transform(np.log, back=lambda u: np.exp(-u)).to_frame().iloc[0]
        assert row["low"] < row["value"] < row["high"]

    def test_a_way_back_takes_values_one_by_one(self) -> None:
        with pytest.raises(sv.SurveyorError, match="one by one"):
            self.SURVEY.mean("y", by="g").transform(np.log, back=lambda u: np.exp(u - u[::-1]))

    def test_a_flat_place_is_smooth(self) -> None:
        made = survey_of({"y": [-1.0, 1, -2, 2]}).mean("y").transform(lambda v: v**3)
        assert (made.values[0], made.n[0]) == (0, 4)
        assert made.se[0] < 1e-50

    def test_a_difference_has_the_df_of_its_comparison(self, clustered: pd.DataFrame) -> None:
        survey = sv.Survey(clustered, design=sv.Design("w", strata="stratum", clusters="cluster"))
        for rule in ("auto", "strata", "cr2"):
            made = survey.compare("y", by="type", inference=rule)
            told, row = made.to_frame().iloc[0], made.differences.to_frame().iloc[0]
            assert (row["df"], row["low"], row["high"]) == (told["df"], told["low"], told["high"])
            np.testing.assert_allclose(made.differences.test().p, told["p"], rtol=1e-10)

    @pytest.mark.parametrize(
        ("call", "words"),
        [
            (lambda s: s.mean("y").interval(method="beta"), "interval of shares"),
            (lambda s: s.mean("y").interval(df=[1, 2, 3]), "does not give 1 numbers"),
            (lambda s: s.mean("y").deff("wor"), "no more people than answered"),
            (lambda s: s.median("y").deff(), "no simple sample beside it"),
            (lambda s: s.compare("g", by="g"), "makes the groups"),
            (lambda s: s.compare("y", by=["g"]), "not one column"),
            (lambda s: s.compare("y", by="g", margin=True), "cannot be a bound"),
        ],
    )
    def test_messages(self, call, words: str) -> None:
        with pytest.raises(sv.SurveyorError, match=words):
            call(self.SURVEY)

    def test_no_rule_for_df_is_that_of_the_design(self) -> None:
        made = self.SURVEY.mean("y")
        pd.testing.assert_frame_equal(made.interval(df=None), made.to_frame())


def test_a_census_of_clusters_has_the_df_of_its_units() -> None:
    rng = np.random.default_rng(5)
    dwelling = np.arange(240) // 2
    frame = {"y": rng.normal(size=240), "cl": dwelling // 6, "dw": dwelling, "f1": 1.0, "f2": 0.3}
    survey = survey_of({**frame, "g": np.where(frame["cl"] < 10, "a", "b")}, clusters=["cl", "dw"], fpc=["f1", "f2"])
    row = survey.compare("y", by="g").to_frame().iloc[0]
    assert row["df"] == 18
    assert np.isfinite(row[["se", "low", "high", "p"]].astype(float)).all()


def test_what_cr2_and_permutations_leave_out_is_said() -> None:
    rng = np.random.default_rng(6)
    cl = np.arange(200) // 10
    survey = survey_of({"y": rng.normal(size=200), "cl": cl, "N": 21, "g": np.where(cl < 10, "a", "b")},
                       clusters="cl", fpc="N")  # fmt: skip
    for rule in ("cr2", "permutation"):
        note = survey.compare("y", by="g", inference=rule).to_frame()["note"][0]
        assert f"{rule} does not count the finite population" in note
    one = survey_of({"y": rng.normal(size=200), "cl": cl, "g": np.where(cl < 1, "a", "b")}, clusters="cl")
    assert np.isnan(one.compare("y", by="g", inference="cr2").to_frame()["se"][0])


def test_many_units_are_not_permuted() -> None:
    rng = np.random.default_rng(8)
    survey = survey_of({"y": rng.normal(size=50_000), "g": np.arange(50_000) % 2})
    with pytest.raises(sv.SurveyorError, match="too many to permute"):
        survey.compare("y", by="g", inference="permutation").to_frame()


def test_a_comparison_leaves_units_taken_whole_alone() -> None:
    """One compound stands for itself: it has no error and takes no neighbour's."""
    rng = np.random.default_rng(9)
    cl = np.arange(170) // 10
    frame = {"y": rng.normal(size=170), "cl": cl, "h": np.where(cl == 16, 2, 1), "f": np.where(cl == 16, 1.0, 0.2)}
    survey = survey_of(
        {**frame, "g": np.where(cl < 8, "a", "b")}, strata="h", clusters="cl", fpc="f", lonely="certainty"
    )
    row = survey.compare("y", by="g").to_frame().iloc[0]
    assert "joined" not in row["note"]
    means = pd.DataFrame(frame).groupby("cl")["y"].mean()
    a, b = means[:8], means[8:16]
    told = 0.8 * (a.var() / 8 + (8 / 9) ** 2 * b.var() / 8)
    np.testing.assert_allclose(row["se"], np.sqrt(told), rtol=1e-10)


class TestReading:
    """Cells that were read as something else, and what was not said."""

    ASKED = """
name: t
choices:
  kids: {codes: {1: {en: "0", zh: 无}, 2: {en: "1", zh: 一}, 3: {en: 2 or more, zh: 二及以上}}}
  land: {codes: {1: {en: U S}, 2: {en: us}}}
items:
  - {id: kids, label: {en: Children}, choices: kids}
  - {id: land, label: {en: Land}, choices: land}
  - {id: x, label: {en: Number}, type: number}
  - {id: day, label: {en: Day}, type: date}
  - {id: rooms, label: {en: Rooms}, type: integer, range: [0, 20]}
"""

    def read(self, tmp_path, text: str, asked: bool = True, **options) -> sv.Survey:
        (tmp_path / "t.yaml").write_text(self.ASKED, encoding="utf-8")
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        return sv.read(tmp_path / "a.csv", tmp_path / "t.yaml" if asked else None, **options)

    @pytest.mark.parametrize(
        ("cells", "codes"),
        [(["0", "1", "2 or more"], [1, 2, 3]), (["1", "1", "2 or more"], [2, 2, 3]), (["1", "2", "3"], [1, 2, 3])],
    )
    def test_labels_that_are_numbers(self, tmp_path, cells: list[str], codes: list[int]) -> None:
        """Code 2 is called "1": a column of labels holds no codes, a column of codes no labels."""
        read = self.read(tmp_path, "kids,x\n" + "".join(f"{cell},1\n" for cell in cells))
        assert read.frame["kids"].tolist() == codes

    def test_labels_that_are_numbers_and_codes(self, tmp_path) -> None:
        read = self.read(tmp_path, "kids,x\n1,5\n1,6\n")
        assert read.log.warnings == ("kids: '1' is a code, and the label of the code 2; the cells were read as codes",)
        with pytest.raises(sv.SurveyorError, match="other cells of the column are codes and labels"):
            self.read(tmp_path, "kids,x\n1,5\n3,5\n2 or more,5\n")

    def test_one_language_may_not_call_an_answer_what_the_other_calls_another(self, tmp_path) -> None:
        text = self.ASKED.replace("1: {en: U S}, 2: {en: us}", "1: {en: A, zh: B}, 2: {en: B, zh: A}")
        (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(sv.SurveyorError, match=r"line 5: .*two answers are called 'A'"):
            sv.read(tmp_path / "a.csv", tmp_path / "t.yaml")

    def test_a_spelling_of_two_answers_is_neither(self, tmp_path) -> None:
        assert self.read(tmp_path, "land,x\nU S,1\nus,1\n").frame["land"].tolist() == [1, 2]
        with pytest.raises(sv.SurveyorError, match="'US'"):
            self.read(tmp_path, "land,x\nUS,1\nus,1\n")

    def test_no_thousands_begin_with_zero(self, tmp_path) -> None:
        assert self.read(tmp_path, "kids\tx\n1\t0,125\n2\t1,375\n").frame["x"].tolist() == [0.125, 1.375]

    @pytest.mark.parametrize("cell", ["10²", "①"])
    def test_raised_and_circled_digits_are_no_digits(self, tmp_path, cell: str) -> None:
        with pytest.raises(sv.SurveyorError, match="text where numbers are expected"):
            self.read(tmp_path, f"kids,x\n1,{cell}\n")

    @pytest.mark.parametrize("cell", ["nan", "1_0", "٣"])
    def test_what_is_no_number_is_not_infinite(self, tmp_path, cell: str) -> None:
        with pytest.raises(sv.SurveyorError, match=f"text where numbers are expected: '{cell}'"):
            self.read(tmp_path, f"kids,x\n1,{cell}\n")

    def test_thousands_or_decimals_stay_text(self, tmp_path) -> None:
        read = self.read(tmp_path, "a;b\n1,234;1\n2,345;0\n", asked=False)
        assert read.frame["a"].tolist() == ["1,234", "2,345"]
        assert read.log.warnings == ("a: 2 cells may be thousands or decimals, so the column stays text",)

    def test_negative_numbers_that_may_be_no_answers_are_told(self, tmp_path) -> None:
        drafted = self.read(tmp_path, "a,b\n-9,4.5\n3,-12\n2,-8\n5,-8\n", asked=False)
        assert [each.partition(" (")[0] for each in drafted.log.warnings] == ["-9 counts as a number in 1 column"]
        read = self.read(tmp_path, "kids,x,more\n1,-99,1\n2,3,-8\n")
        told = ["-8 counts as a number in 1 column (more)", "-99 counts as a number in 1 column (x)"]
        assert [each.partition(";")[0] for each in read.log.warnings] == told

    def test_decimals_in_a_whole_number(self, tmp_path) -> None:
        read = self.read(tmp_path, "kids,rooms\n1,2.5\n2,3.0\n")
        assert read.log.warnings == ("rooms: 1 number with decimals where whole ones are expected, kept",)

    def test_days_are_told_in_one_line(self, tmp_path) -> None:
        read = self.read(tmp_path, "kids,day\n1,45413\n2,45414\n1,2024-02-30\n2,2024-02-29\n")
        assert read.frame["day"].tolist()[3] == "2024-02-29"
        assert read.log.warnings == (
            "day: 2 cells with no day that can be read one way only, kept as text; write days as 2024-05-01",
            "day: 1 cell with a day that cannot be, emptied",
        )

    def test_items_that_are_not_there(self, tmp_path) -> None:
        read = self.read(tmp_path, "kids,X,rooms\n3,2,3\n")
        assert "not among the columns: 3 items of the questionnaire (land, x, day)" in read.log.entries
        assert read.log.warnings == ("column 'X' is not read as the item 'x': names must agree letter by letter",)
        strange = self.read(tmp_path, "Children,Land\n1,2\n")
        assert [each.partition(":")[0] for each in strange.log.warnings] == [
            "no column is an item of the questionnaire 't'"
        ]


def test_more_answers_than_the_question_allows() -> None:
    from surveyor.questionnaire import Choices, Item, Questionnaire

    listed = Choices(codes={k: {"en": f"answer {k}"} for k in (1, 2, 3)})
    item = Item(id="m", label={"en": "M"}, type="multiple", choices="m", most=2)
    asked = Questionnaire(name="t", items=(item,), choices={"m": listed})
    frame = pd.DataFrame({"m_1": [1, 1, 1, 0], "m_2": [1, 1, 0, 1], "m_3": [1, 0, -1, 1]})
    found = [each for each in sv.Survey(frame, questionnaire=asked).check() if each.rule == "too many"]
    assert [each.rows.tolist() for each in found] == [[0]]
    assert found[0].problem == "More than 2 answers chosen"


def test_every_problem_of_a_questionnaire_is_told_with_its_line(tmp_path: Path) -> None:
    """Only the first wrong type was told, the others counted."""
    (tmp_path / "q.yaml").write_text(
        "name: q\nitems:\n- {id: a, label: A, type: numbr}\n- {id: b, label: B, type: texd}\n"
        "- {id: c, lable: C, type: text}\n"
    )
    with pytest.raises(sv.SurveyorError) as caught:
        sv.Questionnaire.load(tmp_path / "q.yaml")
    told = [str(each) for each in (caught.value, *caught.value.also)]
    assert [each.split(":")[0] for each in told[:1]] == ["q.yaml, line 5"]
    assert "Did you mean 'label'?" in told[0]
    assert any("line 3" in each and "Did you mean 'number'?" in each for each in told)
    assert any("line 4" in each and "Did you mean 'text'?" in each for each in told)
