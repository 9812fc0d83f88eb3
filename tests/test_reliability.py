"""Reliability of scales by group: numbers of R, intervals by their formula, flags, and scales that have none."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import surveyor as sv
from surveyor.errors import DataError, SurveyorError, UsageError
from surveyor.measure.reliability import Reliability, reliability
from surveyor.measure.reliability.texts import FLAGS, NOTES, STATISTICS, TROUBLES

ROOT = Path(__file__).parent.parent
FIVE = ["NET", "REC", "TRU", "BEL", "COH"]
GROUPS = ("old-district residents", "commercial-estate residents")


@pytest.fixture(scope="module")
def residents() -> sv.Survey:
    return sv.Study.load(ROOT / "data" / "demo").residents.where("type in [1, 2]")


@pytest.fixture(scope="module")
def made(residents: sv.Survey) -> Reliability:
    return reliability(residents, [*FIVE, "SCI"], by="type")


@pytest.fixture(scope="module")
def frame(made: Reliability) -> pd.DataFrame:
    return made.to_frame()


def row(frame: pd.DataFrame, scale: str, statistic: str, group: str = "", item: str = "") -> pd.Series:
    found = frame[
        (frame["scale"] == scale) & (frame["statistic"] == statistic) & (frame["group"] == group)
        & (frame["item"] == item)
    ]  # fmt: skip
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize("scale", ["REC", "TRU", "BEL", "COH"])
def test_omega_by_type_is_that_of_semtools(scale: str, frame: pd.DataFrame) -> None:
    r = pd.read_csv(ROOT / "tests" / "oracle" / "omega_r.csv")
    for g, group in enumerate(GROUPS, start=1):
        known = r[(r["scale"] == scale) & (r["group"] == f"type {g}") & (r["statistic"] == "omega")]["value"].item()
        assert row(frame, scale, "omega", group)["value"] == pytest.approx(known, abs=1e-6)


def test_alpha_and_company_by_their_textbook_formulas(residents: sv.Survey, frame: pd.DataFrame) -> None:
    """Of BEL among old districts, from weighted covariances of the complete rows; rb15 is turned round."""
    items = ["rb13", "rb14", "rb15"]
    answers = pd.DataFrame({item: residents.column(item).values for item in items}).assign(w=residents.units.weights)
    answers = answers[(residents.column("type").values == 1) & answers.notna().all(axis=1) & (answers["w"] > 0)]
    y = answers[items].to_numpy() * [1, 1, -1]
    S = np.cov(y.T, aweights=answers["w"])
    k, whole = 3, S.sum()
    expected = k / (k - 1) * (1 - np.trace(S) / whole)
    assert row(frame, "BEL", "alpha", GROUPS[0])["value"] == pytest.approx(expected, abs=1e-12)
    R = S / np.sqrt(np.outer(np.diag(S), np.diag(S)))
    mean = row(frame, "BEL", "mean inter-item correlation", GROUPS[0])["value"]
    assert mean == pytest.approx(R[np.triu_indices(3, 1)].mean(), abs=1e-12)
    for j, item in enumerate(items):
        rest = [i for i in range(3) if i != j]
        against = S[j, rest].sum() / math.sqrt(S[j, j] * S[np.ix_(rest, rest)].sum())
        assert row(frame, "BEL", "item-rest correlation", GROUPS[0], item)["value"] == pytest.approx(against, abs=1e-12)
    assert row(frame, "BEL", "alpha", GROUPS[0])["n"] == len(answers)


def test_intervals_are_made_on_log_of_one_minus_x_and_on_arctanh(frame: pd.DataFrame) -> None:
    t = student.ppf(0.975, 18)
    for what, x_to, back, slope in [
        ("alpha", lambda x: math.log(1 - x), lambda y: 1 - math.exp(y), lambda x: 1 / (1 - x)),
        ("omega", lambda x: math.log(1 - x), lambda y: 1 - math.exp(y), lambda x: 1 / (1 - x)),
        ("mean inter-item correlation", math.atanh, math.tanh, lambda x: 1 / (1 - x * x)),
    ]:
        each = row(frame, "TRU", what, GROUPS[0])
        ends = sorted(back(x_to(each["value"]) + s * t * each["se"] * slope(each["value"])) for s in (-1, 1))
        assert each["df"] == 18
        assert [each["low"], each["high"]] == pytest.approx(ends, abs=1e-12)


def test_differences_have_the_degrees_of_freedom_of_compare(residents: sv.Survey, frame: pd.DataFrame) -> None:
    """The group is a stratum, and groups are independent; the answers are those complete on the three items."""
    compared = residents.where("rb06 >= 1 and rb07 >= 1 and rb08 >= 1").compare("rb06", by="type")
    for what in ("alpha", "omega"):
        gap = row(frame, "REC", f"difference of {what}")
        a, b = (row(frame, "REC", what, group) for group in GROUPS)
        assert gap["value"] == pytest.approx(a["value"] - b["value"], abs=1e-14)
        assert gap["se"] == pytest.approx(math.hypot(a["se"], b["se"]), rel=1e-12)
        assert gap["df"] == pytest.approx(compared.df[0], abs=1e-9)
        half = student.ppf(0.975, gap["df"]) * gap["se"]
        assert [gap["low"], gap["high"]] == pytest.approx([gap["value"] - half, gap["value"] + half], abs=1e-12)


def test_units_and_the_jackknife(residents: sv.Survey, frame: pd.DataFrame) -> None:
    assert set(frame[frame["group"] != ""]["units"]) == {20}
    again = reliability(residents.with_replicates("JKn"), ["NET", "COH"], by="type").to_frame()
    for scale in ("NET", "COH"):
        for group in GROUPS:
            for what in ("alpha", "omega"):
                one, other = (row(each, scale, what, group) for each in (frame, again))
                assert one["value"] == pytest.approx(other["value"], abs=1e-12)
                assert one["se"] == pytest.approx(other["se"], rel=0.08)


def test_the_index_and_scales_with_counts_have_the_linear_omega(frame: pd.DataFrame) -> None:
    net, sci = (row(frame, scale, "omega", GROUPS[0]) for scale in ("NET", "SCI"))
    assert net["note"] == NOTES["numbers"]["en"]
    assert sci["note"] == NOTES["index"]["en"]
    assert sci["items"] == 5
    assert row(frame, "SCI", "item-rest correlation", GROUPS[0], "NET")["value"] > 0.3
    for each in (net, sci):
        alpha = row(frame, each["scale"], "alpha", GROUPS[0])["value"]
        assert each["value"] == pytest.approx(alpha, abs=0.03)


def test_flags_follow_the_unrounded_value(made: Reliability) -> None:
    estimate = made["REC"].estimate
    for value, flag in [(0.70, "proceed"), (0.6999, "check"), (0.60, "check"), (0.5999, "items"), (math.nan, "check")]:
        values = np.where(estimate.cells["statistic"] == "omega", value, estimate.values)
        values = np.where(estimate.cells["statistic"] == "alpha", 0.65, values)  # decides where there is no omega
        known = replace(made["REC"], estimate=replace(estimate, values=values))
        assert known.flag(0) == flag
        assert known.deciding(0) == ("alpha" if math.isnan(value) else "omega")


def test_far_apart_groups_are_flagged(made: Reliability) -> None:
    assert not made.differs("REC")
    each = made["REC"]
    at = np.flatnonzero(each.estimate.cells["statistic"] == "omega")
    for gap, flagged in [(0.1001, True), (0.0999, False)]:
        values = each.estimate.values.copy()
        values[at] = [0.8, 0.8 - gap]
        other = replace(made, scales=(replace(each, estimate=replace(each.estimate, values=values)),))
        assert other.differs("REC") is flagged
        told = other.to_frame()
        flags = told[told["statistic"].str.startswith("difference")].set_index("statistic")["flag"]
        assert flags["difference of omega"] == ("differs between the groups" if flagged else "")
        assert flags["difference of alpha"] == ""


def test_lowest_and_look_up(made: Reliability, frame: pd.DataFrame) -> None:
    omegas = frame[(frame["scale"] == "COH") & (frame["statistic"] == "omega")]["value"]
    assert made.lowest("COH") == omegas.min()
    assert made.flag("COH") == "check"
    assert made.flag("REC") == "proceed"
    assert len(made) == 6
    with pytest.raises(UsageError, match="Did you mean 'COH'"):
        made["COHE"]


def test_everybody_as_one(residents: sv.Survey) -> None:
    told = reliability(residents, "REC").to_frame()
    assert set(told["group"]) == {""}
    assert not told["statistic"].str.startswith("difference").any()
    assert told["df"].iloc[0] == residents.estimate(sv.Mean("rb06")).df[0]


def test_items_under_a_name_of_their_own(residents: sv.Survey, frame: pd.DataFrame) -> None:
    mine = reliability(residents, {"mine": ["rb13", "rb14", "rb15"]}, by="type").to_frame()
    assert row(mine, "mine", "omega", GROUPS[1])["value"] == row(frame, "BEL", "omega", GROUPS[1])["value"]
    listed = reliability(residents, [["rb13", "rb14"]])
    told = listed.to_frame()
    assert set(told["scale"]) == {"rb13, rb14"}
    assert set(told["statistic"]) == {"alpha", "mean inter-item correlation", "item-rest correlation"}
    assert row(told, "rb13, rb14", "alpha")["note"] == NOTES["two"]["en"]
    assert listed.lowest("rb13, rb14") == row(told, "rb13, rb14", "alpha")["value"]


def test_without_a_questionnaire_a_reversed_item_is_named() -> None:
    bfi = pd.read_csv(ROOT / "tests" / "oracle" / "bfi.csv")
    told = reliability(sv.Survey(bfi), {"A": ["A1", "A2", "A3", "A4", "A5"]}).to_frame()
    assert "A1 runs against the other items" in row(told, "A", "omega")["note"]
    assert pd.isna(told["units"]).all()


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        ("PMOB", r"PMOB.*do not measure one thing: they are forms that add up.*survey\.score\(\"PMOB\"\)"),
        ("PPROP", "forms that add up"),
        ("ACT", "forms that add up"),
        ("REACH", "forms that add up"),
        ("FUN", "steps of a process.*Compare its steps: re01"),
        ("WILL", "no two of its items.*Compare each item by itself: rc13, rc14, rc15"),
        ("STR", "no two of its items"),
        ("RECI", "there is no scale 'RECI'. Did you mean 'REC'"),
        ("rb06", "'rb06' is an item, not a scale"),
    ],
)
def test_scales_that_have_none_say_why(scale: str, said: str, residents: sv.Survey) -> None:
    with pytest.raises(UsageError, match=said):
        reliability(residents, scale, by="type")


def test_burdens_of_workers_add_up() -> None:
    workers = sv.Study.load(ROOT / "data" / "demo").workers
    formative = [name for name, scale in workers.questionnaire.scales.items() if scale.kind == "formative"]
    assert formative
    for name in formative:
        with pytest.raises(UsageError, match="do not measure one thing"):
            reliability(workers, name)


def test_bad_calls(residents: sv.Survey) -> None:
    with pytest.raises(UsageError, match="no scale was named"):
        reliability(residents, [])
    with pytest.raises(UsageError, match="'REC' is named twice"):
        reliability(residents, ["REC", "REC"])
    with pytest.raises(UsageError, match=r"has 1 item.*two items or more"):
        reliability(residents, {"one": ["rb06"]})
    with pytest.raises(SurveyorError, match="rb99"):
        reliability(residents, {"new": ["rb06", "rb99"]})
    with pytest.raises(UsageError, match="there is no scale 'X'"):
        reliability(sv.Survey(pd.DataFrame({"a": [1, 2], "b": [1, 2]})), "X")


def test_one_answer_in_a_group_is_said() -> None:
    frame = pd.DataFrame({"g": [1, 1, 1, 2, 2, 2] * 4, "a": [1, 2, 3, 1, 1, 1] * 4, "b": [1, 2, 3, 3, 2, 1] * 4})
    with pytest.raises(DataError, match="gave the same answer to 'a'"):
        reliability(sv.Survey(frame), {"ab": ["a", "b"]}, by="g")


def test_a_perfect_pair_leaves_a_row_that_says_so() -> None:
    rng = np.random.default_rng(5)
    a = rng.integers(1, 5, 200)
    answers = pd.DataFrame({"a": a, "b": a, "c": np.clip(a + rng.integers(-1, 2, 200), 1, 4)})
    made = reliability(sv.Survey(answers), {"abc": ["a", "b", "c"]})
    each = row(made.to_frame(), "abc", "omega")
    assert math.isnan(each["value"])
    assert "the answers to a, b go together perfectly" in each["note"]
    assert made.lowest("abc") == row(made.to_frame(), "abc", "alpha")["value"]


def test_words_in_chinese(residents: sv.Survey) -> None:
    told = reliability(replace(residents, lang="zh"), ["REC", "NET"], by="type").to_frame()
    assert set(told["label"]) == {"互惠", "邻里网络"}
    assert set(told["group"]) == {"老旧小区居民", "商品房小区居民", ""}
    assert set(told["flag"]) == {"可以使用", ""}
    for table in (FLAGS, NOTES, STATISTICS, TROUBLES):
        for words in table.values():
            assert set(words) == {"en", "zh"}
