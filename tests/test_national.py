"""National surveys: the type of community by its label, missing codes by wave, the design that a file carries."""

from __future__ import annotations

import csv
import re

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveyor as sv
from surveyor.errors import DataError
from surveyor.questionnaire import Choices, Item, Questionnaire
from surveyor.reading.answers import Answers, Log
from surveyor.reading.national import NATIONAL, group_of, reason_of
from tests.conftest import SHARED

CODEBOOKS = SHARED / "data" / "china_codebooks"
OLD, ESTATE, OTHER = 1, 2, 3

#: Wave -> the variable, its codes with the labels of the codebook, and the group each belongs to.
VILLAGE = "新近由农村社区转变过来的城市社区"
OLD_CITY = "未经改造的老城区（街坊型社区）"
WAVES = {
    "cgss2003": ("commtype", {
        1: (OLD_CITY, OLD), 2: ("单一或混合的单位社区", OLD), 3: ("别墅区或高级住宅区", ESTATE), 4: ("移民社区", OTHER),
        5: ("普通商品房小区", ESTATE), 6: ("集镇社区", OTHER), 7: (VILLAGE, OTHER), 8: ("其他", OTHER),
        9: ("老城区与高档区混和", OLD), 10: ("正在改造的老城区", OLD)}),
    "cgss2005": ("qs3", {
        1: (OLD_CITY, OLD), 2: ("单一或混合的单位社区", OLD), 3: ("别墅区或高级住宅区", ESTATE), 4: ("移民社区", OTHER),
        5: ("普通商品房小区", ESTATE), 6: ("集镇社区", OTHER), 7: (VILLAGE + "（村改居、村居合并或“城中村", OTHER),
        8: ("农村", OTHER), 9: ("其他", OTHER)}),
    "cgss2006": ("qs4_2", {
        1: ("棚户区", OLD), 2: (OLD_CITY, OLD), 3: ("工矿企业单位社区", OLD), 4: ("机关、事业单位社区", OLD),
        5: ("经济适用房社区", OTHER), 6: ("普通商品房小区", ESTATE), 7: ("高档商品房区/高级住宅区/别墅区", ESTATE),
        8: (VILLAGE, OTHER), 9: ("移民社区", OTHER), 10: ("其他", OTHER)}),
    "cgss2008": ("v42", {
        1: (OLD_CITY, OLD), 2: ("单位社区", OLD), 3: ("普通商品房/经济适用房小区", ESTATE),
        4: ("高档商品房区/高级住宅区/别墅区", ESTATE), 5: ("移民社区", OTHER), 6: ("其他", OTHER)}),
    "cgss2011": ("s5b", {
        1: (OLD_CITY, OLD), 2: ("单一或混合的单位社区", OLD), 3: ("保障性住房社区", OTHER),
        4: ("普通商品房小区", ESTATE), 5: ("别墅区或高级住宅区", ESTATE),
        6: (VILLAGE + "（村改居、村居合并或“城中村”）", OTHER), 7: ("农村", OTHER),
        8: ("其他", OTHER)}),
    "cgss2012": ("s5b", {
        1: ("未经改造的老城区", OLD), 2: ("单一或混合的单位社区", OLD), 3: ("保障性住房社区", OTHER),
        4: ("普通商品房小区", ESTATE), 5: ("别墅区或高级住宅区", ESTATE), 6: (VILLAGE, OTHER), 7: ("农村", OTHER),
        8: ("其他", OTHER)}),
    "cfps2012": ("cz701", {
        1: ("棚户区", OLD), 2: (OLD_CITY, OLD), 3: ("工矿企业单位社区", OLD), 4: ("机关、事业单位社区", OLD),
        5: ("经济适用房社区", OTHER), 6: ("普通商品房小区", ESTATE), 7: ("限价房/两限房社区", OTHER),
        8: ("高档商品房/高级住宅/别墅区", ESTATE), 9: ("村改居社区", OTHER), 10: ("移民社区", OTHER),
        77: ("其他", OTHER)}),
}  # fmt: skip

#: Where the ordinary commercial estate stands, wave by wave.
ORDINARY = {"cgss2003": 5, "cgss2005": 5, "cgss2006": 6, "cgss2008": 3, "cgss2011": 4, "cgss2012": 4}

#: Weight and finest area code of each wave.
DESIGNS = {
    "cgss2003": ("ppwt", "neighbcm"), "cgss2005": ("weight", "qs2"), "cgss2006": ("weight", "qs2"),
    "cgss2008": ("weight", "community"), "cgss2010": ("WEIGHT", "s45"), "cgss2011": ("weight", "s45"),
    "cgss2012": ("weight", "s45"), "cgss2013": ("weight", "s44"), "cgss2015": ("weight", "s45"),
    "cgss2017": ("weight", "s41"), "cgss2018": ("weight", "provinces"), "cgss2021": ("weight", "community_i"),
    "cgss2023": ("weight2", "s45"), "cfps2012": ("rswt_natcs12", "cid"), "cfps2014": ("rswt_natcs14", "cid14"),
}  # fmt: skip


def answers(frame: pd.DataFrame, **more) -> Answers:
    return Answers(frame, Log("made.dta", "", "Stata", "utf-8", len(frame), frame.shape[1], "test"), **more)


def made(wave: str, n: int = 240) -> tuple[pd.DataFrame, dict[str, dict[int, str]], np.ndarray]:
    """An invented file of a wave, its labels, and the group every row belongs to."""
    variable, kinds = WAVES[wave]
    weight, area = DESIGNS[wave]
    codes = np.resize(list(kinds), n)
    frame = pd.DataFrame(
        {"id": np.arange(1, n + 1), variable: codes, area: np.arange(n) // 12 + 1, weight: 0.5 + (np.arange(n) % 7) / 4}
    )
    return (
        frame,
        {variable: {code: label for code, (label, _) in kinds.items()}},
        np.array([kinds[c][1] for c in codes]),
    )


def written(path, frame: pd.DataFrame, labels) -> None:
    write = pyreadstat.write_dta if path.suffix == ".dta" else pyreadstat.write_sav
    write(frame, str(path), variable_value_labels=labels)


# The type of community


@pytest.mark.parametrize("suffix", [".dta", ".sav"])
@pytest.mark.parametrize("wave", WAVES)
def test_type_by_label_in_every_wave(wave, suffix, tmp_path) -> None:
    frame, labels, groups = made(wave)
    path = tmp_path / f"made{suffix}"
    written(path, frame, labels)
    survey = sv.read(path, source=wave)
    assert survey.frame["community_type"].to_numpy() == pytest.approx(groups)
    assert survey.column("community_type").labels[2.0]["en"] == "commercial-housing estate"


def test_the_code_of_an_estate_moves_and_its_group_does_not() -> None:
    for wave, code in ORDINARY.items():
        variable, kinds = WAVES[wave]
        assert kinds[code][0].startswith("普通商品房")
        frame = pd.DataFrame({variable: [float(code)]})
        got = NATIONAL[wave].arrange(answers(frame, values={variable: {float(code): kinds[code][0]}}), None)
        assert got.frame["community_type"].tolist() == [ESTATE]


def test_labels_count_and_numbers_do_not() -> None:
    frame = pd.DataFrame({"s5b": [1.0, 2.0, 3.0, 4.0]})
    moved = {1.0: "普通商品房小区", 2.0: "农村", 3.0: "单一或混合的单位社区", 4.0: "未经改造的老城区"}
    got = NATIONAL["cgss2012"].arrange(answers(frame, values={"s5b": moved}), None)
    assert got.frame["community_type"].tolist() == [ESTATE, OTHER, OLD, OLD]


def test_unlabelled_codes_are_read_by_the_codebook_of_the_wave_with_a_warning() -> None:
    for wave, (variable, kinds) in WAVES.items():
        frame = pd.DataFrame({variable: pd.Series([str(code) for code in kinds], dtype="str")})
        got = NATIONAL[wave].arrange(answers(frame), None)
        assert [int(cell) for cell in got.frame["community_type"]] == [group for _, group in kinds.values()]
        assert any("carries no labels" in warning for warning in got.log.warnings)


def test_labels_as_cells() -> None:
    frame = pd.DataFrame({"s5b": pd.Series(["普通商品房小区", "未经改造的 老城区", "拒绝回答", None], dtype="str")})
    got = NATIONAL["cgss2012"].arrange(answers(frame), None)
    assert got.frame["community_type"].tolist()[:3] == ["2", "1", "-2"]
    assert got.frame["community_type"].isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("label", "group"),
    [
        ("4. 普通商品房小区", ESTATE), ("普通 商品房 小区", ESTATE), ("普通商品房小區", ESTATE),
        ("Ordinary commercial housing", ESTATE), ("Villa or high-grade area", ESTATE), ("High-end estate", ESTATE),
        ("Old city, not rebuilt", OLD), ("Old city mixed with high-grade", OLD), ("Work-unit community", OLD),
        ("Shanty town", OLD), ("Affordable (security) housing", OTHER), ("Newly turned from village", OTHER),
        ("Rural", OTHER), ("Migrant community", OTHER), ("Township", OTHER), ("Other", OTHER),
        ("其它", OTHER), ("households", None), ("另一种", None),
    ],
)  # fmt: skip
def test_spellings_of_kinds(label, group) -> None:
    assert group_of(label) == group


def test_a_kind_that_is_not_known_is_an_error_that_lists_it() -> None:
    frame = pd.DataFrame({"s5b": [1.0, 2.0, 9.0]})
    labels = {1.0: "未经改造的老城区", 2.0: "水上人家", 9.0: "军营大院区域"}
    with pytest.raises(DataError) as caught:
        NATIONAL["cgss2012"].arrange(answers(frame, values={"s5b": labels}), None)
    assert "水上人家" in str(caught.value)
    assert "军营大院区域" in str(caught.value)
    assert "老城区" not in caught.value.what
    with pytest.raises(DataError, match=re.escape("11 (no label)")):
        NATIONAL["cgss2012"].arrange(
            answers(frame.replace(9.0, 11.0), values={"s5b": {1.0: "农村", 2.0: "农村"}}), None
        )


def test_garbled_labels_name_the_encoding() -> None:
    garbled = "普通商品房小区".encode("gb18030").decode("latin-1")
    frame = pd.DataFrame({"s5b": [4.0]})
    with pytest.raises(DataError) as caught:
        NATIONAL["cgss2012"].arrange(answers(frame, values={"s5b": {4.0: garbled}}), None)
    assert "gb18030" in caught.value.remedy


def test_2008_says_that_affordable_housing_counts_as_estate() -> None:
    frame, labels, _ = made("cgss2008")
    values = {name: {float(code): label for code, label in pairs.items()} for name, pairs in labels.items()}
    got = NATIONAL["cgss2008"].arrange(answers(frame, values=values), None)
    assert any("affordable" in warning for warning in got.log.warnings)
    frame, labels, _ = made("cgss2012")
    values = {name: {float(code): label for code, label in pairs.items()} for name, pairs in labels.items()}
    assert not NATIONAL["cgss2012"].arrange(answers(frame, values=values), None).log.warnings


@pytest.mark.parametrize("wave", ["cgss2010", "cgss2013", "cgss2015", "cgss2017", "cgss2018", "cgss2021", "cgss2023"])
def test_waves_without_a_type_say_so(wave) -> None:
    weight, area = DESIGNS[wave]
    got = NATIONAL[wave].arrange(answers(pd.DataFrame({weight: [1.0, 2.0], area: [1, 2]})), None)
    assert "community_type" not in got.frame
    assert any("no type of community" in warning for warning in got.log.warnings)


def test_a_file_without_the_column_says_so() -> None:
    got = NATIONAL["cgss2012"].arrange(answers(pd.DataFrame({"a33": [1.0]})), None)
    assert "community_type" not in got.frame
    assert any("s5b" in warning for warning in got.log.warnings)


def test_a_column_of_that_name_is_not_overwritten() -> None:
    frame = pd.DataFrame({"s5b": [1.0], "community_type": [1.0]})
    with pytest.raises(DataError, match="community_type"):
        NATIONAL["cgss2012"].arrange(answers(frame, values={"s5b": {1.0: "农村"}}), None)


def test_letter_case_of_names_does_not_matter() -> None:
    frame = pd.DataFrame({"S5B": [1.0, 4.0], "WEIGHT": [1.0, 2.0], "S45": [1, 2]})
    got = NATIONAL["cgss2012"].arrange(answers(frame, values={"S5B": {1.0: "农村", 4.0: "普通商品房小区"}}), None)
    assert got.frame["community_type"].tolist() == [OTHER, ESTATE]
    assert NATIONAL["cgss2012"].design(got) == sv.Design(weights="WEIGHT", clusters="S45")


# Missing codes

AGREE = {1.0: "非常不同意", 5.0: "非常同意"}


@pytest.mark.parametrize(
    ("wave", "codes"),
    [
        ("cgss2003", {-1: -1, -2: -9, -3: -8}),
        ("cgss2005", {-9901: -9, -9902: -1, -9950: -9}),
        ("cgss2006", {-9901: -9}),
        ("cgss2010", {-1: -8, -2: -1, -3: -2}),
        ("cgss2011", {-1: -8, -2: -1, -3: -2}),
        ("cgss2012", {-1: -8, -2: -1, -3: -2}),
        ("cgss2013", {-1: -8, -2: -1, -3: -2}),
        ("cgss2015", {-1: -8, -2: -1, -3: -2, -8: -9}),
        ("cgss2023", {-1: -8, -2: -1, -3: -2, -5: -7}),
        ("cfps2012", {-1: -1, -2: -2, -8: -8, -9: -9, -10: -10}),
        ("cfps2014", {-1: -1, -2: -2, -8: -8, -9: -9, -10: -10}),
    ],
)
@pytest.mark.parametrize("kind", ["numbers", "integers", "texts"])
def test_missing_codes_without_labels_are_those_of_the_wave(wave, codes, kind) -> None:
    cells = [*codes, 1, 5, 98, 99]
    column = {
        "numbers": pd.Series(cells, dtype=float),
        "integers": pd.Series(cells, dtype=np.int64),
        "texts": pd.Series([str(cell) for cell in cells], dtype="str"),
    }[kind]
    got = NATIONAL[wave].arrange(answers(pd.DataFrame({"a33": column})), None)
    assert [int(cell) for cell in got.frame["a33"]] == [*codes.values(), 1, 5, 98, 99]
    assert got.frame["a33"].dtype == column.dtype
    assert got.missing["a33"] == frozenset(codes.values())
    for code, ours in codes.items():
        assert any(
            entry.startswith(f"{code} -> {ours} ") and "1 cell in 1 column" in entry for entry in got.log.entries
        )


def test_codes_that_swap_places_are_mapped_at_once() -> None:
    frame = pd.DataFrame({"a33": [-1.0, -2.0, -3.0, -2.0, 5.0]})
    got = NATIONAL["cgss2012"].arrange(answers(frame), None)
    assert got.frame["a33"].tolist() == [-8, -1, -2, -1, 5]
    assert frame["a33"].tolist() == [-1, -2, -3, -2, 5]  # the answers that came in are untouched


def test_a_label_of_the_file_goes_before_the_codebook() -> None:
    frame = pd.DataFrame({"a": [-9901.0, 1.0], "b": [-9901.0, 1.0]})
    values = {"a": {**AGREE, -9901.0: "拒答"}, "b": {**AGREE, -9901.0: "not answer"}}
    got = NATIONAL["cgss2005"].arrange(answers(frame, values=values), None)
    assert got.frame["a"].tolist() == [-2, 1]
    assert got.frame["b"].tolist() == [-9, 1]


def test_98_and_99_only_where_a_label_says_so() -> None:
    frame = pd.DataFrame({"a33": [98.0, 99.0, 5.0], "a31": [98.0, 99.0, 45.0], "n": [98.0, 99.0, 8.0]})
    values = {"a33": {**AGREE, 98.0: "不知道", 99.0: "拒绝回答"}, "n": {98.0: "九十八个", 8.0: "无法选择"}}
    got = NATIONAL["cgss2017"].arrange(answers(frame, values=values), None)
    assert got.frame["a33"].tolist() == [-1, -2, 5]
    assert got.frame["a31"].tolist() == [98, 99, 45]
    assert got.frame["n"].tolist() == [98, 99, -1]
    assert not any("98" in warning for warning in got.log.warnings)
    bare = NATIONAL["cgss2017"].arrange(answers(pd.DataFrame({"a33": pd.Series(["98"], dtype="str")})), None)
    assert any("98" in warning for warning in bare.log.warnings)


def test_an_answer_called_dont_know_stays_an_answer() -> None:
    """Where not knowing is one of the first answers of a list, it is what the question is about."""
    frame = pd.DataFrame({"c": [1.0, 2.0, 3.0]})
    got = NATIONAL["cgss2013"].arrange(answers(frame, values={"c": {1.0: "知道", 2.0: "不知道", 3.0: "不清楚"}}), None)
    assert got.frame["c"].tolist() == [1, 2, 3]
    assert "c" not in got.missing


def test_area_codes_below_zero_stay() -> None:
    """Committees of 2005 have negative codes with the name of the place."""
    frame = pd.DataFrame({"qs2": [-158083279.0, -158083271.0]})
    values = {"qs2": {-158083279.0: "甲街道乙居委会", -158083271.0: "甲街道丙居委会"}}
    got = NATIONAL["cgss2005"].arrange(answers(frame, values=values), None)
    assert got.frame["qs2"].tolist() == frame["qs2"].tolist()


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("不适用缺失值", -8), ("拒绝回答缺失值", -2), ("[不知道]      ", -1), ("[据答]", -2), ("不知道/不清楚", -1),
        ("不适用（如继承）", -8), ("无填答/不回答", -9), ("Not Answer", -9), ("电话调查未调查", -7), ("无法判断", -10),
        ("Don’t know", -1), ("Refused", -2), ("缺失", -9), ("我不知道", None),
        ("说不清满意不满意", None), ("无法替代", None),
    ],
)  # fmt: skip
def test_reasons_by_label(label, reason) -> None:
    assert reason_of(label) == reason


def test_unknown_negative_codes_are_listed_with_their_counts(tmp_path) -> None:
    frame = pd.DataFrame({"s5b": [1, 4, 4, 4], "a33": [1, -7, -7, 5], "b1": [1, 1, -4, 5]})
    labels = {"s5b": {1: "未经改造的老城区", 4: "普通商品房小区"}, "a33": {1: "否", 5: "是"}, "b1": {1: "否", 5: "是"}}
    path = tmp_path / "made.sav"
    written(path, frame, labels)
    with pytest.raises(DataError) as caught:
        sv.read(path, source="cgss2012")
    message = str(caught.value)
    assert "-7 in column 'a33' (2 rows)" in message
    assert "-4 in column 'b1' (1 row)" in message
    assert "made.sav" in message


def test_a_column_whose_codes_the_questionnaire_declares_is_left_to_it(tmp_path) -> None:
    asked = Questionnaire(
        name="made",
        items=(Item(id="a33", label={"en": "Trust"}, type="ordinal", choices="agree"),),
        choices={
            "agree": Choices(
                codes={1: {"en": "no", "zh": "否"}, 5: {"en": "yes", "zh": "是"}}, missing={-4: -9, -1: -8}
            )
        },
    )
    path = tmp_path / "made.sav"
    frame = pd.DataFrame({"a33": [1.0, -4.0, -1.0], "s5b": [1.0, 1.0, 1.0]})
    written(path, frame, {"a33": {1: "否", 5: "是"}, "s5b": {1: "农村"}})
    assert sv.read(path, asked, source="cgss2012").frame["a33"].tolist() == [1, -9, -8]


def test_missing_codes_never_enter_a_mean(tmp_path) -> None:
    frame, labels, groups = made("cgss2012")
    frame["a33"] = np.where(np.arange(len(frame)) % 5 == 0, -2, np.arange(len(frame)) % 3 + 1)
    labels["a33"] = {1: "非常不同意", 2: "一般", 3: "非常同意", -2: "不知道"}
    path = tmp_path / "made.dta"
    written(path, frame, labels)
    survey = sv.read(path, source="cgss2012")
    told = frame[(frame["a33"] > 0) & (groups == OLD)]
    expected = np.average(told["a33"], weights=told["weight"])
    shown = survey.mean("a33", by="community_type").to_frame()
    assert shown["value"].iloc[0] == pytest.approx(expected, rel=1e-12)


# Design


@pytest.mark.parametrize("wave", DESIGNS)
def test_weight_and_finest_area_code(wave) -> None:
    weight, area = DESIGNS[wave]
    frame = pd.DataFrame({"id": [1, 2, 3, 4], "s41": [1, 1, 2, 2], weight: [1.0, 2.0, 0.5, 1.5], area: [1, 2, 3, 4]})
    got = NATIONAL[wave].arrange(answers(frame), None)
    assert NATIONAL[wave].design(got) == sv.Design(weights=weight, clusters=area)
    assert any(entry.startswith(f"design of {wave}") and "no strata" in entry for entry in got.log.entries)


def test_without_a_complete_weight_there_is_no_design() -> None:
    for weight in ([1.0, np.nan], [1.0, -3.0]):
        got = NATIONAL["cgss2012"].arrange(answers(pd.DataFrame({"weight": weight, "s45": [1, 2]})), None)
        assert NATIONAL["cgss2012"].design(got) is None
        assert any("weight" in warning for warning in got.log.warnings)


def test_an_area_code_that_some_rows_lack_is_passed_over() -> None:
    """In 2023 those asked by telephone have a province only."""
    frame = pd.DataFrame({"weight2": [1.0, 2.0, 1.0], "s45": [11.0, 12.0, -5.0], "s41": [1.0, 1.0, 2.0]})
    got = NATIONAL["cgss2023"].arrange(answers(frame), None)
    assert NATIONAL["cgss2023"].design(got) == sv.Design(weights="weight2", clusters="s41")


def test_strata_where_they_are_public_and_hold_two_units() -> None:
    frame = pd.DataFrame({"WEIGHT": 1.0, "s45": [1, 2, 3, 4], "stratum": [101, 101, 201, 201]})
    source = NATIONAL["cgss2010"]
    assert source.design(answers(frame)) == sv.Design(weights="WEIGHT", strata="stratum", clusters="s45")
    lonely = frame.assign(stratum=[101, 101, 101, 201])
    assert source.design(answers(lonely)) == sv.Design(weights="WEIGHT", clusters="s45")


def test_the_design_of_a_file_that_was_read(tmp_path) -> None:
    frame, labels, _ = made("cgss2012")
    path = tmp_path / "made.sav"
    written(path, frame, labels)
    assert sv.read(path, source="cgss2012").design == sv.Design(weights="weight", clusters="s45")
    own = sv.Design(weights="weight")
    assert sv.read(path, source="cgss2012", design=own).design == own


def test_every_source_says_what_is_known() -> None:
    assert list(NATIONAL) == list(DESIGNS)
    for name, source in NATIONAL.items():
        assert source.name == name
        assert name[4:] in source.about


# The codebooks and the invented look-alikes, which are not in the repository


def codebook() -> list[dict[str, str]]:
    path = CODEBOOKS / "cgss_chfs_relevant_variables.csv"
    if not path.is_file():
        pytest.skip("the extract of the codebooks is not in the repository; set SURVEYOR_SHARED to its folder")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["wave"].startswith("CGSS")]


def labels_of(row: dict[str, str]) -> dict[int, str]:
    parts = (part.partition("=") for part in row["value_labels"].split("; "))
    return {int(code): label for code, _, label in parts if re.fullmatch(r"-?\d+", code)}


def test_every_label_of_every_type_variable_of_the_codebooks_is_known() -> None:
    rows = {(row["wave"].lower(), row["variable"]): labels_of(row) for row in codebook()}
    seen = 0
    for wave, (variable, kinds) in WAVES.items():
        if wave.startswith("cfps"):
            continue
        for code, label in rows[wave, variable].items():
            if code < 0:
                assert reason_of(label) is not None, label
            else:
                assert group_of(label) == kinds[code][1], label
                seen += 1
    assert seen == 51


def test_every_negative_code_of_the_codebooks_has_a_meaning_or_a_place() -> None:
    for row in codebook():
        for code, label in labels_of(row).items():
            if -10_000 < code < 0:
                assert reason_of(label) is not None, (row["wave"], row["variable"], code, label)


def test_the_look_alikes_of_2012_give_the_same_numbers_in_three_formats() -> None:
    files = {"utf8.sav": {}, "gb18030.dta": {"encoding": "gb18030"}, "gb18030.csv": {}}
    paths = {CODEBOOKS / f"synthetic_cgss_like_{end}": more for end, more in files.items()}
    if not all(path.is_file() for path in paths):
        pytest.skip("the invented look-alikes are not in the repository; set SURVEYOR_SHARED to their folder")
    surveys = [sv.read(path, source="cgss2012", **more) for path, more in paths.items()]
    raw = pd.read_csv(CODEBOOKS / "synthetic_cgss_like_gb18030.csv", encoding="gb18030")
    groups = raw["s5b"].map({code: group for code, (_, group) in WAVES["cgss2012"][1].items()})
    for survey in surveys:
        assert survey.design == sv.Design(weights="weight", clusters="s44")
        got = survey.frame["community_type"].astype(float)
        assert got[groups.notna()].tolist() == groups.dropna().tolist()
        assert not got[groups.isna()].isin([1, 2, 3]).any()
        for item in ("a33", "a31a", "n9a", "n1201"):
            shown = survey.mean(item, by="community_type").to_frame()["value"].tolist()
            told = raw[raw[item] > 0]
            expected = [
                np.average(told[item][groups == group], weights=told["weight"][groups == group]) for group in (1, 2, 3)
            ]
            assert shown == pytest.approx(expected, rel=1e-12)
