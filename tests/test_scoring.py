"""Scores of scales and items as numbers: by hand, by brute force on the demo study, and what stops."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import DataError, UsageError
from surveyor.measure.items import Items, items_of, turned
from surveyor.measure.scoring import item_rest
from surveyor.questionnaire import Choices, Item, Questionnaire, Scale
from surveyor.survey import groups_of
from tests.conftest import ROOT

AGREE = Choices(codes={k: {"en": f"agree {k}", "zh": f"同意{k}"} for k in range(1, 6)}, top=(4, 5))
TRUST = Choices(codes={**AGREE.codes, 96: {"en": "no such body"}}, top=(4, 5), apart=(96,))
OFTEN = Choices(codes={k: {"en": f"{k} times"} for k in range(4)}, top=(1, 2, 3))
PARTY = Choices(codes={1: {"en": "red"}, 2: {"en": "blue"}, 3: {"en": "green"}})
SIDES = Choices(codes={1: {"en": "old district"}, 2: {"en": "estate"}})


def item(name: str, choices: str | None = "agree", kind: str = "ordinal", **more: Any) -> Item:
    return Item(id=name, label={"en": f"item {name}", "zh": f"题{name}"}, type=kind, choices=choices, **more)


def scale(*items: str, minimum: int = 1, **more: Any) -> Scale:
    return Scale(label={"en": f"scale of {items[0]}", "zh": "量表"}, items=items, minimum=minimum, **more)


ASKED = Questionnaire(
    name="small",
    choices={"agree": AGREE, "trust": TRUST, "often": OFTEN, "party": PARTY, "sides": SIDES},
    items=(
        item("g", "sides", "nominal"),
        *(item(name) for name in ("a1", "a2")),
        item("a3", reversed=True),
        item("b1", "trust", reversed=True),
        item("n1", None, "integer"),
        item("often", "often"),
        item("f1", "often"),
        item("f2", "often"),
        item("party", "party", "nominal"),
        item("heat", None, "integer", reversed=True, range=(0, 10)),
        item("free", None, "number", reversed=True),
        item("words", None, "text"),
    ),
    scales={
        "MEAN": scale("a1", "a2", "a3", minimum=2),
        "BODY": scale("b1"),
        "NET": scale("n1", "often", score="standardised", minimum=1),
        "INDEX": scale("MEAN", "NET", kind="index", score="standardised", minimum=2),
        "FORMS": scale("f1", "f2", kind="formative", score="count", minimum=1),
        "PARTS": scale("n1", "f1", kind="composition", score="none"),
        "VOTE": scale("party", kind="formative", score="count"),
        "HEAT": scale("heat"),
        "FREE": scale("free"),
        "WORDS": scale("words"),
        "g": scale("a1"),
    },
)


def survey(columns: dict[str, list[Any]], **more: Any) -> sv.Survey:
    return sv.Survey(pd.DataFrame(columns), questionnaire=more.pop("questionnaire", ASKED), **more)


def scored(name: str, columns: dict[str, list[Any]], **more: Any) -> np.ndarray:
    return survey(columns, **more).score(name).frame[name].to_numpy()


# --- by hand


def test_mean_of_answered_items_after_reversals() -> None:
    """Five residents: all answered; one missing; a code for no answer; two missing; nothing."""
    found = scored(
        "MEAN",
        {
            "a1": [1, 5, 2, -9, np.nan],
            "a2": [2, np.nan, 4, -1, np.nan],
            "a3": [5, 1, -2, 3, np.nan],
        },
    )
    np.testing.assert_array_equal(found, [(1 + 2 + 1) / 3, (5 + 5) / 2, (2 + 4) / 2, np.nan, np.nan])


def test_answers_beside_the_scale_are_missing_and_do_not_turn_the_scale() -> None:
    np.testing.assert_array_equal(scored("BODY", {"b1": [1, 5, 96, 2]}), [5, 1, np.nan, 4])


def test_a_reversed_number_turns_round_in_its_range() -> None:
    np.testing.assert_array_equal(scored("HEAT", {"heat": [0, 3, 10, -1]}), [10, 7, 0, np.nan])


def test_count_of_forms_done() -> None:
    found = scored("FORMS", {"f1": [0, 1, 3, np.nan, np.nan], "f2": [0, 0, 2, 1, np.nan]})
    np.testing.assert_array_equal(found, [0, 1, 2, 1, np.nan])


def test_counts_in_logarithms_and_standard_deviations() -> None:
    """log(1 + y) of 0, 1, 3 is 0, 1, 2 in units of log 2; with weights 1, 2, 1 the deviation is sqrt(1/2) of it."""
    columns = {"n1": [0, 1, 3], "often": [0, 1, 2]}
    np.testing.assert_allclose(scored("NET", columns), [-sqrt(1.5), 0, sqrt(1.5)], rtol=1e-14)
    weighted = scored("NET", {**columns, "w": [1, 2, 1]}, design=sv.Design("w"))
    np.testing.assert_allclose(weighted, [-sqrt(2), 0, sqrt(2)], rtol=1e-14, atol=1e-15)


def test_residents_with_weight_zero_do_not_decide_the_scale() -> None:
    columns = {"n1": [0, 1, 3, 500], "often": [0, 1, 2, 3], "w": [1, 2, 1, 0]}
    found = scored("NET", columns, design=sv.Design("w"))
    np.testing.assert_allclose(found[:3], [-sqrt(2), 0, sqrt(2)], rtol=1e-14, atol=1e-15)


def test_minus_one_is_a_score_and_no_missing_code(tmp_path) -> None:
    """The codes -1, -2, -7 ... mean "no answer" everywhere but here."""
    made = survey({"n1": [0, 1, 0, 1], "often": [1, 2, 1, 2]}).score("NET")
    np.testing.assert_array_equal(made.column("NET").values, [-1, 1, -1, 1])
    assert made.mean("NET").n == [4]
    made.write(tmp_path / "scored.sav")
    np.testing.assert_array_equal(sv.read(tmp_path / "scored.sav").mean("NET").values, [0])


def test_an_index_brings_its_facets_along() -> None:
    columns = {"a1": [1, 3, 5], "a2": [1, 3, 5], "a3": [5, 3, 1], "n1": [0, 1, 3], "often": [0, 1, 2]}
    made = survey(columns).score("INDEX")
    assert list(made.frame.columns[-3:]) == ["MEAN", "NET", "INDEX"]
    np.testing.assert_array_equal(made.frame["MEAN"], [1, 3, 5])
    np.testing.assert_allclose(made.frame["INDEX"], [-sqrt(1.5), 0, sqrt(1.5)], rtol=1e-14)
    parts = turned(survey(columns), "INDEX")
    assert list(parts) == ["MEAN", "NET"]
    np.testing.assert_allclose(parts["MEAN"], [-sqrt(1.5), 0, sqrt(1.5)], rtol=1e-14)


def test_a_domain_has_its_own_scale() -> None:
    columns = {"n1": [0, 1, 3, 0, 0], "often": [0, 1, 2, 3, 3], "g": [1, 1, 1, 2, 2]}
    made = survey(columns).where("g == 1").score("NET")
    np.testing.assert_allclose(made.frame["NET"][:3], [-sqrt(1.5), 0, sqrt(1.5)], rtol=1e-14)
    np.testing.assert_allclose(made.mean("NET").values, [0], atol=1e-15)
    assert made.mean("NET").n == [3]


def test_turned_items_are_what_the_score_is_made_of() -> None:
    columns = {"a1": [1, 5, 2], "a2": [2, -1, 4], "a3": [5, 1, 2]}
    parts = turned(survey(columns), "MEAN")
    np.testing.assert_array_equal(np.column_stack(list(parts.values())), [[1, 2, 1], [5, np.nan, 5], [2, 4, 4]])


# --- the demo study


@pytest.fixture(scope="module")
def demo() -> sv.Study:
    return sv.Study.load(ROOT / "data" / "demo")


@pytest.fixture(scope="module")
def residents(demo: sv.Study) -> sv.Survey:
    return demo.residents.score(
        [name for name, each in demo.residents.questionnaire.scales.items() if each.score != "none"]
    )


def test_the_social_capital_index_written_out(demo: sv.Study, residents: sv.Survey) -> None:
    frame, w = demo.residents.frame, demo.residents.frame["weight"].to_numpy()
    answers = frame.filter(regex=r"^rb\d\d$").where(lambda f: f >= 0)
    answers[["rb15", "rb18"]] = 6 - answers[["rb15", "rb18"]]
    answers["rb01"] = np.log1p(answers["rb01"])

    def z(column: pd.Series) -> pd.Series:
        known = column.notna()
        mean = np.average(column[known], weights=w[known])
        return (column - mean) / sqrt(np.average((column[known] - mean) ** 2, weights=w[known]))

    def averaged(table: pd.DataFrame, minimum: int) -> pd.Series:
        return table.mean(axis=1).where(table.notna().sum(axis=1) >= minimum)

    facets = {
        "NET": averaged(answers[["rb01", "rb02", "rb03", "rb04"]].apply(z), 3),
        "REC": averaged(answers[["rb06", "rb07", "rb08"]], 2),
        "TRU": averaged(answers[["rb09", "rb10", "rb11"]], 2),
        "BEL": averaged(answers[["rb13", "rb14", "rb15"]], 2),
        "COH": averaged(answers[["rb16", "rb17", "rb18"]], 2),
    }
    index = averaged(pd.DataFrame(facets).apply(z), 4)
    for name, expected in {**facets, "SCI": index}.items():
        np.testing.assert_allclose(residents.frame[name], expected, rtol=1e-12, atol=1e-12)
    assert 0 < residents.frame["NET"].isna().sum() < 20


def test_scores_of_the_sample_lie_around_the_truth(residents: sv.Survey) -> None:
    """By design of the demo the gaps are known; eight means of points within four standard errors of them."""
    import json

    truth = json.loads((ROOT / "data" / "demo" / "truth.json").read_text(encoding="utf-8"))["scales"]
    names = ["REC", "TRU", "BEL", "COH", "CEF", "STR", "PMOB", "REACH"]
    made = residents.compare(names, by="type").to_frame()
    true = np.array([truth[name]["gap"] for name in names])
    assert (np.abs(made["difference"] - true) < 4 * made["se"]).all()


# --- the survey that comes back


def test_it_is_of_the_same_residents(demo: sv.Study) -> None:
    before = demo.residents.calibrate({"rh01": {1: 48_000, 2: 52_000}}).where("rh01 == 1")
    after = before.score("REC")
    assert (after.origin is before.origin, after.steps, after.lang) == (True, before.steps, before.lang)
    assert after.log is before.log
    np.testing.assert_array_equal(after.units.weights, before.units.weights)
    made, alone = after.mean("REC", by="type"), after.mean("rb06", by="type")
    both = before.mean("rb06", by="type").beside(made)
    expected = after.estimate([sv.Mean("rb06"), sv.Mean("REC")], by="type").covariance
    np.testing.assert_allclose(both.covariance, expected, rtol=1e-12, atol=1e-18)
    np.testing.assert_array_equal(both.covariance[:2, :2], alone.covariance)
    assert "REC" not in before.frame.columns


def test_replicate_weights_stay() -> None:
    rng = np.random.default_rng(1)
    columns = {name: rng.integers(1, 6, 30) for name in ("a1", "a2")} | {"w": rng.integers(1, 4, 30)}
    before = survey(columns | {"a3": 6 - columns["a1"]}, design=sv.Design("w")).with_replicates("JKn")
    after = before.score("MEAN")
    np.testing.assert_array_equal(after.mean("a1").se, before.mean("a1").se)
    again = sv.Survey(after.frame, questionnaire=after.questionnaire, design=sv.Design("w")).with_replicates("JKn")
    np.testing.assert_allclose(after.mean("MEAN").se, again.mean("MEAN").se, rtol=1e-12)


def test_scoring_again_gives_the_same(residents: sv.Survey) -> None:
    again = residents.score(["SCI", "PMOB"])
    for name in ("NET", "SCI", "PMOB"):
        np.testing.assert_array_equal(again.frame[name], residents.frame[name])
    assert list(again.frame.columns) == list(residents.frame.columns)
    assert {each.id for each in again.questionnaire.items} == {each.id for each in residents.questionnaire.items}


def test_a_file_of_scores_is_scored_again(residents: sv.Survey, demo: sv.Study) -> None:
    """A column of that name that holds the score already, as a written file brings it back."""
    back = sv.Survey(residents.frame, questionnaire=demo.residents.questionnaire, design=demo.residents.design)
    again = back.score("SCI")
    np.testing.assert_array_equal(again.frame["SCI"], residents.frame["SCI"])
    assert again.label("SCI") == "Social-capital index"


def test_scores_have_labels_in_both_languages(residents: sv.Survey, tmp_path) -> None:
    assert (residents.label("REC"), replace(residents, lang="zh").label("REC")) == ("Reciprocity", "互惠")
    assert "Reciprocity" in repr(residents.compare("REC", by="type"))
    for lang, label in (("en", "Reciprocity"), ("zh", "互惠")):
        residents.write(tmp_path / "scored.sav", lang=lang)
        back = sv.read(tmp_path / "scored.sav")
        assert (
            back.label(
                "REC",
            )
            == label
        )
        np.testing.assert_array_equal(back.frame["SCI"], residents.frame["SCI"])


def test_the_questionnaire_of_a_scored_survey_can_be_kept(residents: sv.Survey, tmp_path) -> None:
    (path,) = residents.questionnaire.export("yaml", tmp_path)
    again = Questionnaire.load(path)
    assert again.is_score("SCI")
    assert not again.is_score("rb19")
    assert again.missing_codes("SCI") == set()
    assert -1 in again.missing_codes("rb01")
    assert again.table("resident").item("SCI").label["zh"] == "社会资本指数"


def test_scores_stand_on_the_level_of_their_items() -> None:
    asked = replace(
        ASKED, items=tuple(replace(each, level="worker") if each.id == "a1" else each for each in ASKED.items)
    )
    made = survey({"a1": [1], "a2": [1], "a3": [5]}, questionnaire=asked).score("MEAN")
    assert made.questionnaire.item("MEAN").level == "worker"


# --- items that run the other way


def leaning(n: int, against: float, seed: int = 3) -> dict[str, list[Any]]:
    """Three items of one factor as they should be, a3 reversed; `against` is how far a3 is not."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=n)
    sides = {"a1": 1.0, "a2": 1.0, "a3": 2 * against - 1}
    points = {name: np.clip(np.floor(3.5 + side * factor + rng.normal(size=n)), 1, 5) for name, side in sides.items()}
    return {name: list(values) for name, values in points.items()}


def test_an_item_that_was_turned_in_the_file_already_stops() -> None:
    with pytest.raises(DataError) as told:
        survey(leaning(200, 1)).score("MEAN")
    text = str(told.value)
    assert "item 'a3' looks reversed twice: its correlation with the rest of MEAN is −0." in text
    assert "Take `reversed: true` off it" in text
    assert "scale 'MEAN' (scale of a1)" in text


def test_an_item_the_questionnaire_does_not_call_reversed_stops() -> None:
    asked = replace(ASKED, items=tuple(replace(each, reversed=False) for each in ASKED.items))
    with pytest.raises(DataError, match=r"item 'a3' looks unreversed.*Set `reversed: true`"):
        survey(leaning(200, 0), questionnaire=asked).score("MEAN")


def test_neither_weak_items_nor_few_residents_nor_formative_scales_stop() -> None:
    assert survey(leaning(200, 0)).score("MEAN")
    assert survey(leaning(29, 1)).score("MEAN")
    for seed in range(20):  # a3 has nothing to do with the others
        assert survey(leaning(30, 0.5, seed)).score("MEAN")
    with pytest.raises(DataError):
        survey(leaning(30, 1)).score("MEAN")
    formative = replace(ASKED.scales["MEAN"], kind="formative")
    asked = replace(ASKED, scales={**ASKED.scales, "MEAN": formative})
    assert survey(leaning(200, 1), questionnaire=asked).score("MEAN")


def test_item_rest_correlation_of_people_counted() -> None:
    rng = np.random.default_rng(8)
    y, w = rng.normal(size=(25, 3)) + rng.normal(size=(25, 1)), rng.integers(0, 4, 25)
    r, n = item_rest(list(y.T), w.astype(float))
    everybody = np.repeat(y, w, axis=0)
    expected = [np.corrcoef(everybody[:, i], np.delete(everybody, i, axis=1).sum(axis=1))[0, 1] for i in range(3)]
    np.testing.assert_allclose(r, expected, rtol=1e-12)
    assert list(n) == [(w > 0).sum()] * 3
    np.testing.assert_allclose(
        np.sign(r), np.sign(item_rest([np.where(np.arange(25) < 5, np.nan, each) for each in y.T], w * 1.0)[0])
    )


# --- what stops


TINY = {"a1": [1, 2], "a2": [1, 2], "a3": [5, 4], "n1": [0, 1], "often": [0, 1], "f1": [0, 1], "party": [1, 2]}


@pytest.mark.parametrize(
    ("name", "columns", "words"),
    [
        ("MEEN", TINY, "has no scale 'MEEN'.*Did you mean 'MEAN'"),
        ("PARTS", TINY, "no score: its items are parts of a whole.*Ask for its items: n1, f1"),
        ("FORMS", TINY, "scale 'FORMS': the data have no column 'f2'.*f1, f2"),
        ("NET", {**TINY, "n1": [0, -3]}, "column 'n1': -3 where a count is expected, in row 2"),
        ("NET", {**TINY, "often": [1, 1]}, "everybody has the same value of 'often'"),
        ("NET", {**TINY, "often": [np.nan, -1]}, "nobody has a value of 'often'"),
        ("VOTE", TINY, "nothing says which answers to 'party' count"),
        ("FREE", {"free": [1.5, 2]}, "'free' is reversed, but nothing says between which numbers"),
        ("WORDS", {"words": ["so", "la"]}, "words where an answer to an item is expected: 'la'"),
        ("MEAN", {**TINY, "MEAN": [1, 3]}, "'MEAN' is another column of the data, not the score"),
        ("MEAN", {**TINY, "MEAN": ["x", "y"]}, "'MEAN' is another column of the data"),
        ("g", {**TINY}, "'g' is another item, not the score"),
        ([], TINY, "no scale was named"),
        (3, TINY, "names no column"),
    ],
)
def test_messages(name: Any, columns: dict[str, list[Any]], words: str) -> None:
    with pytest.raises(sv.SurveyorError, match=words):
        survey(columns).score(name)


def test_without_a_questionnaire_there_is_nothing_to_score() -> None:
    with pytest.raises(UsageError, match=r"no questionnaire.*sv\.read"):
        sv.Survey(pd.DataFrame(TINY)).score("MEAN")


def test_a_scale_made_of_itself_stops() -> None:
    scales = {"X": scale("Y", kind="index"), "Y": scale("X", kind="index")}
    with pytest.raises(UsageError, match=r"X → Y → X.*made of itself"):
        survey(TINY, questionnaire=replace(ASKED, scales=scales)).score("X")


# --- items of a factor model


def items(columns: dict[str, list[Any]], names: list[str], by: str | None = None, **more: Any) -> Items:
    continuous = more.pop("continuous", False)
    given = survey(columns, **more)
    return items_of(given, names, groups_of(given, by), continuous)


def test_categories_go_from_less_to_more_of_the_concept() -> None:
    made = items({"a1": [1, 2, 3, 4, 5, -1], "b1": [1, 2, 3, 4, 5, 96]}, ["a1", "b1"])
    assert made.categories == (5, 5)
    np.testing.assert_array_equal(made.values[:, 0], [0, 1, 2, 3, 4, np.nan])
    np.testing.assert_array_equal(made.values[:, 1], [4, 3, 2, 1, 0, np.nan])
    assert made.levels[1] == ((5.0,), (4.0,), (3.0,), (2.0,), (1.0,))
    assert made.labels == {"a1": "item a1", "b1": "item b1"}
    assert made.notes == ()


def test_numbers_stay_numbers_and_counts_are_logged() -> None:
    made = items({"n1": [0, 1, 3, np.nan], "heat": [0, 1, 10, 4]}, ["n1", "heat"])
    assert (made.categories, made.levels) == ((0, 0), ((), ()))
    np.testing.assert_allclose(made.values[:, 0], np.log([1, 2, 4, np.nan]))
    np.testing.assert_array_equal(made.values[:, 1], [10, 9, 0, 6])


def test_ordinal_items_as_numbers() -> None:
    made = items({"a1": [1, 2, 5], "a3": [1, 2, 5]}, ["a1", "a3"], continuous=True)
    assert made.categories == (0, 0)
    np.testing.assert_array_equal(made.values, [[1, 5], [2, 4], [5, 1]])


def test_scores_are_numbers_without_logarithms() -> None:
    given = survey({"n1": [0, 1, 0, 1], "often": [1, 2, 1, 2]}).score("NET")
    made = items_of(given, ["NET"], groups_of(given, None))
    assert made.categories == (0,)
    np.testing.assert_array_equal(made.values[:, 0], [-1, 1, -1, 1])


def test_a_category_that_one_group_does_not_use_is_joined_in_both() -> None:
    columns = {"a1": [1, 2, 3, 4, 5, 2, 3, 4, 4, 2], "g": [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]}
    made = items(columns, ["a1"], "g")
    assert made.levels == (((1.0, 2.0), (3.0,), (4.0, 5.0)),)
    np.testing.assert_array_equal(made.values[:, 0], [0, 0, 1, 2, 2, 0, 1, 2, 2, 0])
    assert made.notes == (
        "a1: 'agree 1' joined with 'agree 2', as nobody among the estate chose it",
        "a1: 'agree 5' joined with 'agree 4', as nobody among the estate chose it",
    )


def test_a_category_nobody_uses_is_joined_towards_the_middle_and_the_middle_with_the_smaller_side() -> None:
    made = items({"a1": [2, 2, 4, 5]}, ["a1"])
    assert made.levels == (((1.0, 2.0), (3.0, 4.0), (5.0,)),)
    assert made.notes == (
        "a1: 'agree 1' joined with 'agree 2', as nobody chose it",
        "a1: 'agree 3' joined with 'agree 4', as nobody chose it",
    )
    assert items({"a1": [1, 1, 2, 4, 5, 5]}, ["a1"]).levels == (((1.0,), (2.0, 3.0), (4.0,), (5.0,)),)
    assert items({"a1": [1, 2, 2, 4, 5, 5]}, ["a1"]).levels == (((1.0,), (2.0,), (3.0, 4.0), (5.0,)),)


def test_residents_with_weight_zero_use_no_category() -> None:
    made = items({"a1": [1, 2, 3, 4, 5], "w": [0, 1, 1, 1, 1]}, ["a1"], design=sv.Design("w"))
    assert made.levels[0][0] == (1.0, 2.0)


def test_without_a_questionnaire_few_whole_numbers_and_ordered_words_are_categories() -> None:
    words = pd.Categorical(["low", "high", "mid", None] * 3, ["low", "mid", "high"], ordered=True)
    columns = {"x": [0, 2, 1, 1] * 3, "y": [0.5, 1, 2, 3] * 3, "z": range(12), "words": words}
    made = items(columns, ["x", "y", "z", "words"], questionnaire=None)
    assert made.categories == (3, 0, 0, 3)
    np.testing.assert_array_equal(made.values[:4, 3], [0, 2, 1, np.nan])


@pytest.mark.parametrize(
    ("columns", "names", "words"),
    [
        ({"a1": [1, 2, 3, 3], "g": [1, 1, 2, 2]}, ["a1"], "everybody among the estate gave the same answer to 'a1'"),
        ({"a1": [1, 2, -1, -1], "g": [1, 1, 2, 2]}, ["a1"], "nobody among the estate answered 'a1'"),
        ({"a1": [1, 2, 4, 5], "g": [1, 1, 2, 2]}, ["a1"], "the groups of 'g' have no two answers to 'a1' in common"),
        ({"n1": [1, 2, 4, 4], "g": [1, 1, 2, 2]}, ["n1"], "everybody among the estate gave the same answer to 'n1'"),
        ({"a1": [1, 2, 1, 2], "g": [1, 1, 2, 2]}, ["a1", "a1"], "'a1' is named twice"),
        ({"a1": [1, 2, 1, 2], "g": [1, 1, 2, 2]}, [], "no item was named"),
        ({"a1": [1, 2, 1, 2], "g": [1, 1, 2, 2]}, ["a11"], "no column 'a11'.*Did you mean 'a1'"),
        ({"a1": [1, 2, 1, 2], "g": [1, 1, 2, 2]}, ["MEAN"], r"Score it first: survey.score\(\"MEAN\"\)"),
        ({"party": [1, 2, 3, 2], "g": [1, 1, 2, 2]}, ["party"], "'party' have no order: the item is nominal"),
        ({"words": ["a", "b", "a", "b"], "g": [1, 1, 2, 2]}, ["words"], "'words' is of type text"),
        ({"other": ["a", "b", "a", "b"], "g": [1, 1, 2, 2]}, ["other"], "column 'other': words where"),
    ],
)
def test_messages_of_items(columns: dict[str, list[Any]], names: list[str], words: str) -> None:
    with pytest.raises(sv.SurveyorError, match=words):
        items(columns, names, "g")
