"""What writing keeps: codes, labels and reasons in every format, and the earlier file where anything goes wrong."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest

import surveyor as sv
from surveyor.questionnaire import Choices, Item, Questionnaire
from surveyor.questionnaire.yaml import load
from surveyor.reading import Ask, read_answers
from surveyor.writing import write
from surveyor.writing.missing import declared
from tests.conftest import ROOT

ENDINGS = [".sav", ".zsav", ".dta", ".csv", ".xlsx", ".parquet"]
REASONS = {-10: "无效", -9: "未回答", -8: "不适用", -7: "未问", -2: "拒绝回答", -1: "不知道"}
LETTERS = {"d": -1, "r": -2, "p": -7, "n": -8, "m": -9, "i": -10}
COLUMNS = {
    "编号": ["001", "002", "1E5", "12345678901234567890"],
    "sat": [1.0, 2, -1, -9],
    "m_1": [1.0, 0, -8, np.nan],
    "m_2": [0.0, 1, -8, np.nan],
    "age": [30.5, -2, 1e-7, np.nan],
    "w": [1.5, 2, 1, 1],
    "note": ["老 \"旧\", 小区", None, "a\nb", "ok"],
}  # fmt: skip


def asked(sat: str = "满意度", good: str = "满意", bad: str = "不满意") -> Questionnaire:
    items = (
        Item(id="编号", label={"zh": "问卷编号"}, type="id"),
        Item(id="sat", label={"en": "Satisfaction", "zh": sat}, choices="s"),
        Item(id="m", label={"zh": "多选"}, type="multiple", choices="m"),
        Item(id="age", label={"zh": "年龄"}, type="number"),
        Item(id="w", label={"zh": "权数"}, type="weight"),
        Item(id="note", label={"zh": "备注"}, type="text"),
    )
    lists = {
        "s": Choices(codes={1: {"en": "no", "zh": bad}, 2: {"en": "yes", "zh": good}}),
        "m": Choices(codes={1: {"zh": "甲"}, 2: {"zh": "乙"}}),
    }
    return Questionnaire(name="t", items=items, choices=lists)


def residents(questionnaire: Questionnaire | None = None, **columns: list) -> sv.Survey:
    frame = pd.DataFrame({**COLUMNS, **columns})
    return sv.Survey(frame, design=sv.Design(weights="w"), questionnaire=questionnaire or asked(), lang="zh")


def plain(**columns: object) -> sv.Survey:
    return sv.Survey(pd.DataFrame(columns))


def drafted(codes: dict, missing: list, *cells: float) -> sv.Survey:
    """One nominal column whose own codes stand for no answer."""
    choices = Choices(codes={code: {"en": label} for code, label in codes.items()}, missing={m: m for m in missing})
    questionnaire = Questionnaire(
        name="d", items=(Item(id="x", label={"en": "X"}, type="nominal", choices="x"),), choices={"x": choices},
        missing={code: {"en": f"reason {code}"} for code in missing}, drafted=True,
    )  # fmt: skip
    return sv.Survey(pd.DataFrame({"x": list(cells)}), questionnaire=questionnaire)


# --- the same answers in every format


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_written_reads_back(ending: str, tmp_path: Path) -> None:
    written = write(residents(), tmp_path / f"居民{ending}")
    assert written.warnings == ()
    again = sv.read(written.path, asked(), source="surveyor", keep=["编号", "note"])
    for name, cells in COLUMNS.items():
        pd.testing.assert_series_equal(
            again.frame[name], pd.Series(cells, name=name), check_dtype=False, check_index_type=False
        )


def test_stata_keeps_reasons_as_letters(tmp_path: Path) -> None:
    written = write(residents(), tmp_path / "a.dta")
    cells, meta = pyreadstat.read_dta(str(written.path), user_missing=True, output_format="dict")
    for name, expected in COLUMNS.items():
        again = [LETTERS.get(cell, cell) if name in ("sat", "m_1", "m_2", "age") else cell for cell in cells[name]]
        assert again == [("" if name == "note" else None) if pd.isna(cell) else cell for cell in expected], name
    assert meta.column_names_to_labels["sat"] == "满意度"
    reasons = {letter: REASONS[code] for letter, code in LETTERS.items()}
    assert meta.variable_value_labels["sat"] == {1: "不满意", 2: "满意", **reasons}
    assert meta.variable_value_labels["age"] == reasons
    assert b"<release>118" in written.path.read_bytes()[:60]


def test_spss_keeps_labels_reasons_and_measures(tmp_path: Path) -> None:
    written = write(residents(), tmp_path / "a.sav")
    _, meta = pyreadstat.read_sav(str(written.path), user_missing=True)
    assert meta.column_names_to_labels["m_2"] == "多选：乙"
    assert meta.variable_value_labels["sat"] == {**REASONS, 1: "不满意", 2: "满意"}
    ranges = {name: [{"lo": -10, "hi": -1}] for name in ("sat", "m_1", "m_2", "age")}
    assert meta.missing_ranges == ranges
    assert meta.variable_measure == {
        "编号": "nominal", "sat": "ordinal", "m_1": "nominal", "m_2": "nominal", "age": "scale", "w": "scale",
        "note": "nominal",
    }  # fmt: skip
    assert meta.variable_display_width["编号"] == 20
    assert meta.variable_display_width["sat"] == 8
    english = write(residents(), tmp_path / "b.sav", lang="en")
    _, meta = pyreadstat.read_sav(str(english.path))
    assert meta.column_names_to_labels["sat"] == "Satisfaction"
    assert meta.variable_value_labels["sat"][-1] == "don't know"
    assert meta.variable_value_labels["sat"][2] == "yes"


def test_parquet_carries_labels_in_its_metadata(tmp_path: Path) -> None:
    table = pq.read_table(write(residents(), tmp_path / "a.parquet").path)
    told = json.loads(table.schema.metadata[b"surveyor"])
    assert told["labels"]["sat"] == "满意度"
    assert told["values"]["sat"] == {**{str(code): text for code, text in REASONS.items()}, "1": "不满意", "2": "满意"}
    assert sorted(told["missing"]["age"]) == [-10, -9, -8, -7, -2, -1]
    assert told["ordered"] == ["sat"]
    assert told["sets"] == {"m": ["m_1", "m_2"]}
    assert told["weight"] == "w"
    for name, cells in COLUMNS.items():
        assert table[name].to_pylist() == [None if pd.isna(cell) else cell for cell in cells], name
    assert [str(kind) for kind in table.schema.types] == ["string", *["double"] * 5, "string"]


def test_a_workbook_explains_its_codes(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(residents(), tmp_path / "a.xlsx").path)
    assert book.sheetnames == ["answers", "codebook"]
    rows = [row for row in book["codebook"].iter_rows(values_only=True) if row[0] in ("sat", "note", "column")]
    assert rows[0] == ("column", "label", "code", "label of code", "missing")
    assert rows[1:] == [
        *(("sat", "满意度", code, text, "yes") for code, text in REASONS.items()),
        ("sat", "满意度", 1, "不满意", "no"),
        ("sat", "满意度", 2, "满意", "no"),
        ("note", "备注", None, None, None),
    ]


@pytest.mark.parametrize("name", ["resident", "worker"])
@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_whole_instruments_fit(name: str, ending: str, tmp_path: Path) -> None:
    questionnaire = load(ROOT / "questionnaires" / f"{name}.yaml", Questionnaire)
    random = np.random.default_rng(1)
    columns = {}
    for item in questionnaire.columns:
        choices = questionnaire.choices_of(item.id)
        codes = [*choices.codes, -1, -8] if choices else [*range(1, 6), -2]
        words = item.type in ("text", "id", "date")
        columns[item.id] = ["x"] * 30 if words else random.choice(codes, 30).astype(float)
    survey = sv.Survey(pd.DataFrame(columns), questionnaire=questionnaire, lang="zh")
    written = write(survey, tmp_path / f"a{ending}")
    assert not [warning for warning in written.warnings if "cut" not in warning]
    answers = read_answers(written.path)
    assert list(answers.frame.columns) == list(columns)
    if ending == ".sav":
        pd.testing.assert_frame_equal(answers.frame, survey.frame, check_dtype=False)


def test_a_real_file_is_written_as_it_was(copenhagen: sv.Study, tmp_path: Path) -> None:
    path = write(copenhagen.residents, tmp_path / "a.sav").path
    before, old = pyreadstat.read_sav(str(ROOT / "data" / "copenhagen" / "residents.sav"))
    after, new = pyreadstat.read_sav(str(path))
    pd.testing.assert_frame_equal(after[before.columns], before)
    for name, labels in old.variable_value_labels.items():
        assert labels.items() <= new.variable_value_labels[name].items()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_survey_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    first, second = (write(residents(), tmp_path / f"{n}{ending}").path.read_bytes() for n in "ab")
    assert first == second
    today = datetime.datetime.now()
    for way in ("%d %b %y", "%d %b %Y", "%Y-%m-%dT"):
        assert today.strftime(way).encode() not in first[:1000]
    if ending == ".xlsx":
        book = zipfile.ZipFile(io.BytesIO(first))
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(b"creat" in book.read(part) or b"modified" in book.read(part) for part in book.namelist())


# --- what a format cannot hold


def test_chinese_labels_are_cut_by_bytes_and_named(tmp_path: Path) -> None:
    long = asked(sat="满" * 100, good="很" * 50, bad="不" * 50)
    written = write(residents(long), tmp_path / "a.sav")
    assert written.warnings == (
        "sat: its label was cut to 255 bytes (85 of 100 letters)",
        "sat: the labels of codes 1, 2 were cut to 120 bytes",
    )
    _, meta = pyreadstat.read_sav(str(written.path))
    assert meta.column_names_to_labels["sat"] == "满" * 85
    assert meta.variable_value_labels["sat"][1] == "不" * 40
    assert meta.variable_value_labels["sat"][2] == "很" * 40
    stata = write(residents(long), tmp_path / "a.dta")
    assert stata.warnings == ("sat: its label was cut to 80 of 100 letters",)
    _, meta = pyreadstat.read_dta(str(stata.path))
    assert meta.column_names_to_labels["sat"] == "满" * 80
    assert meta.variable_value_labels["sat"][2] == "很" * 50


def test_labels_that_just_fit_are_left_alone(tmp_path: Path) -> None:
    assert not write(residents(asked(sat="满" * 85, good="很" * 40)), tmp_path / "a.sav").warnings
    assert not write(residents(asked(sat="满" * 80)), tmp_path / "a.dta").warnings


def test_labels_cut_alike_are_still_told_apart(tmp_path: Path) -> None:
    written = write(residents(asked(good="很" * 50 + "好", bad="很" * 50 + "坏")), tmp_path / "a.sav")
    labels = pyreadstat.read_sav(str(written.path))[1].variable_value_labels["sat"]
    assert labels[1] == "很" * 38 + " (1)"
    assert labels[2] == "很" * 38 + " (2)"


@pytest.mark.parametrize(
    ("ending", "name", "match"),
    [
        (".sav", "a" * 65, "65 bytes long"),
        (".sav", "中" * 22, "66 bytes long"),
        (".sav", "1a", "no name that SPSS allows"),
        (".sav", "_a", "no name that SPSS allows"),
        (".sav", "a b", "no name that SPSS allows"),
        (".sav", "a.", "no name that SPSS allows"),
        (".sav", "group/a", "no name that SPSS allows"),
        (".sav", "With", "means something else in SPSS"),
        (".dta", "a" * 33, "33 letters long"),
        (".dta", "a.b", "no name that Stata allows"),
        (".dta", "2a", "no name that Stata allows"),
        (".dta", "_N", "means something else in Stata"),
        (".dta", "str12", "means something else in Stata"),
    ],
)
def test_names_a_format_does_not_allow_are_refused(ending: str, name: str, match: str, tmp_path: Path) -> None:
    with pytest.raises(sv.SurveyorError, match=match) as raised:
        write(plain(**{name: [1, 2]}), tmp_path / f"a{ending}")
    assert raised.value.remedy
    assert f"a{ending}" in str(raised.value)
    assert not list(tmp_path.iterdir())
    assert write(plain(**{name: [1, 2]}), tmp_path / "a.csv").path.is_file()


def test_names_that_are_allowed_are_written(tmp_path: Path) -> None:
    names = ["a" * 64, "中" * 21, "q1.a_b", "x$"]
    path = write(plain(**{name: [1.0] for name in names}), tmp_path / "a.sav").path
    assert list(pyreadstat.read_sav(str(path))[0].columns) == names
    names = ["a" * 32, "中" * 32, "_x", "A", "a"]
    path = write(plain(**{name: [1.0] for name in names}), tmp_path / "a.dta").path
    assert list(pyreadstat.read_dta(str(path))[0].columns) == names
    with pytest.raises(sv.SurveyorError, match="'A' and 'a' are the same name in SPSS"):
        write(plain(A=[1], a=[2]), tmp_path / "b.sav")


def test_long_whole_numbers_change_in_no_format(tmp_path: Path) -> None:
    number = 2**53 + 1
    for ending in (".sav", ".dta"):
        with pytest.raises(sv.SurveyorError, match="9,007,199,254,740,992 would change their last digits"):
            write(plain(card=[number, 1]), tmp_path / f"a{ending}")
        assert not write(plain(card=[2**53, 1]), tmp_path / f"b{ending}").warnings
    assert write(plain(card=[number, 1]), tmp_path / "a.csv").path.read_text("utf-8-sig") == f'"card"\n{number}\n1\n'
    assert pq.read_table(write(plain(card=[number]), tmp_path / "a.parquet").path)["card"].to_pylist() == [number]
    written = write(plain(card=[number, 1]), tmp_path / "a.xlsx")
    assert "card: numbers of more than 15 digits were written as text" in written.warnings[0]
    assert openpyxl.load_workbook(written.path)["answers"]["A2"].value == str(number)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("cells", "match"),
    [
        ([1.0, np.inf, -np.inf], "an infinite value .2 rows, first in row 3"),
        ([1, "a"], "numbers and texts are mixed"),
        ([[1], [2]], "is no answer"),
        ([2**70, 1], "more than 18 digits"),
    ],
)
def test_cells_no_format_holds_are_refused(ending: str, cells: list, match: str, tmp_path: Path) -> None:
    (tmp_path / f"a{ending}").write_text("as it was")
    with pytest.raises(sv.SurveyorError, match=match) as raised:
        write(
            plain(y=pd.Series(cells, dtype=object if not isinstance(cells[0], float) else float)),
            tmp_path / f"a{ending}",
        )
    assert "column 'y'" in str(raised.value)
    assert (tmp_path / f"a{ending}").read_text() == "as it was"


@pytest.mark.parametrize("ending", ENDINGS)
def test_other_kinds_of_columns_have_one_form(ending: str, tmp_path: Path) -> None:
    days = pd.to_datetime(["2024-05-01", None, "1931-02-03"])
    survey = plain(
        yes=pd.array([True, None, False], "boolean"),
        whole=pd.array([1, None, 3], "Int64"),
        word=pd.Categorical(["乙", "甲", None]),
        grade=pd.Categorical([2, 1, 2]),
        day=days,
        moment=days.tz_localize("Asia/Shanghai"),
        gap=pd.Series([None] * 3, dtype=object),
        empty=pd.Series(["", "a", None], dtype="str"),
    )
    sheet = "answers" if ending == ".xlsx" else None
    frame = read_answers(write(survey, tmp_path / f"a{ending}").path, Ask(sheet=sheet)).frame
    said = {name: [None if pd.isna(cell) else cell for cell in frame[name]] for name in frame.columns}
    numbers = {"yes": [1, None, 0], "whole": [1, None, 3], "grade": [2, 1, 2], "gap": [None] * 3}
    for name, cells in numbers.items():
        assert [None if cell is None else float(cell) for cell in said[name]] == cells, name
    assert said["word"] == ["乙", "甲", None]
    assert said["day"] == ["2024-05-01", None, "1931-02-03"]
    assert said["moment"] == ["2024-05-01T00:00:00+08:00", None, "1931-02-03T00:00:00+08:00"]
    assert said["empty"] == [None, "a", None]


def test_text_is_changed_only_with_a_warning(tmp_path: Path) -> None:
    survey = plain(t=["a\0b", "end  ", "\x07bell"])
    spss = write(survey, tmp_path / "a.sav")
    assert spss.warnings == (
        "t: NUL characters were written as U+FFFD in 1 cell",
        "t: blanks at the end of the text are not kept, in 1 cell",
    )
    assert list(pyreadstat.read_sav(str(spss.path))[0]["t"]) == ["a\ufffdb", "end", "\x07bell"]
    excel = write(survey, tmp_path / "a.xlsx")
    assert excel.warnings == ("t: control characters were written as U+FFFD in 2 cells",)
    assert openpyxl.load_workbook(excel.path)["answers"]["A4"].value == "\ufffdbell"
    broken = write(plain(t=pd.Series(["a\ud800", "b"], dtype=object)), tmp_path / "a.csv")
    assert broken.warnings == ("t: broken letters were written as U+FFFD in 1 cell",)
    with pytest.raises(sv.SurveyorError, match="a text is 40,000 bytes long"):
        write(plain(t=["x" * 40_000]), tmp_path / "b.sav")
    with pytest.raises(sv.SurveyorError, match="longer than the 32,767 letters"):
        write(plain(t=["x" * 40_000]), tmp_path / "b.xlsx")
    assert (
        pyreadstat.read_dta(str(write(plain(t=["中" * 15_000]), tmp_path / "b.dta").path))[0]["t"][0] == "中" * 15_000
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_names_and_labels_hold_no_control_characters(ending: str, tmp_path: Path) -> None:
    for name, match in (("a\0b", "the name of column 2 holds a control character"), (" ", "column 2 has no name")):
        with pytest.raises(sv.SurveyorError, match=match):
            write(plain(**{"x": [1], name: [2]}), tmp_path / f"a{ending}")
    with pytest.raises(sv.SurveyorError, match="more than one column is called '1'"):
        write(sv.Survey(pd.DataFrame([[1, 2]], columns=[1, "1"])), tmp_path / f"a{ending}")
    written = write(residents(asked(sat="a\0b", good="c\x07")), tmp_path / f"a{ending}")
    assert written.warnings == ("sat: control characters in its labels were written as U+FFFD",)
    if ending == ".sav":
        meta = pyreadstat.read_sav(str(written.path))[1]
        assert (meta.column_names_to_labels["sat"], meta.variable_value_labels["sat"][2]) == ("a\ufffdb", "c\ufffd")
    if ending == ".xlsx":
        book = openpyxl.load_workbook(written.path)["codebook"]
        assert {row[1] for row in book.iter_rows(values_only=True) if row[0] == "sat"} == {"a\ufffdb"}


@pytest.mark.parametrize(
    ("codes", "used", "answers", "expected"),
    [
        ([-10, -9, -8, -7, -2, -1], {}, [1, 2], ([{"lo": -10, "hi": -1}], [])),
        ([-9, -1, 99], {99: 1}, [1, 2], ([{"lo": -10, "hi": -1}, 99], [])),
        ([97, 98, 99], {}, [1], ([97, 98, 99], [])),
        ([96, 97, 98, 99], {}, [1], ([{"lo": 96, "hi": 99}], [])),
        ([-9, -8, -2, -1], {-1: 4}, [-3.5, 2], ([-1], [])),  # a temperature of -3.5 is no missing answer
        ([-9, -8, -2, -1], {-9: 1, -8: 2, -2: 9, -1: 9}, [-3.5], ([-2, -1, -8], [-9])),
        ([7, 8, 9, 99], {7: 1, 99: 5}, [10], ([7, 99], [])),
        ([-99, -9, -8, 98, 99], {-99: 1, -8: 1, 98: 1, 99: 2}, [1], ([99, -99, -8], [98])),
    ],
)
def test_missing_codes_find_a_declaration(codes: list, used: dict, answers: list, expected: tuple) -> None:
    assert declared(codes, used, answers) == expected


def test_codes_of_foreign_files_are_declared_or_said(tmp_path: Path) -> None:
    path = write(drafted({1: "a", 2: "b"}, [97, 98, 99], 1, 97, 99, 2), tmp_path / "a.sav").path
    cells, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert list(cells["x"]) == [1, 97, 99, 2]
    assert sorted(each["lo"] for each in meta.missing_ranges["x"]) == [97, 98, 99]
    many = write(drafted({1: "a", 50: "b"}, [2, 3, 97, 98], 1, 2, 2, 3, 3, 97, 97, 98), tmp_path / "b.sav")
    assert many.warnings == ("x: SPSS cannot declare so many missing codes: code 98 became empty, in 1 cell",)
    assert np.isnan(pyreadstat.read_sav(str(many.path), user_missing=True)[0]["x"].iloc[-1])
    stata = write(drafted({1: "a"}, [97, -1], 1, 97, -1), tmp_path / "a.dta")
    assert stata.warnings == ("missing codes: 97 became .a",)
    cells, meta = pyreadstat.read_dta(str(stata.path), user_missing=True, output_format="dict")
    assert cells["x"] == [1, "a", "d"]
    assert meta.variable_value_labels["x"] == {1: "a", "a": "reason 97", "d": "reason -1"}


def test_what_a_file_does_not_keep_of_a_survey_is_said(tmp_path: Path) -> None:
    survey = residents().where("age > 0")
    assert write(survey, tmp_path / "a.csv").warnings == ("the filter is not kept: all 4 rows were written",)
    trimmed = sv.Survey(pd.DataFrame({"w": [1.0, 1, 1, 30]}), design=sv.Design(weights="w")).trim(upper=10)
    assert "before" in write(trimmed, tmp_path / "b.csv").warnings[0]


# --- text that a spreadsheet would run


@pytest.mark.parametrize("start", [*"=+-@\t\r＝＋－＠", "\n"])
def test_no_text_of_a_csv_runs(start: str, tmp_path: Path) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    survey = plain(t=[text, "plain", "-5", "-3.25"], n=[-1, -2.5, 3, 4])
    written = write(survey, tmp_path / "a.csv")
    assert written.warnings == ("t: an apostrophe was put before 1 text that a spreadsheet would run",)
    rows = list(csv.reader(io.StringIO(written.path.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[1:] == [["'" + text, "-1"], ["plain", "-2.5"], ["-5", "3"], ["-3.25", "4"]]
    raw = write(survey, tmp_path / "raw.csv", raw=True)
    assert raw.warnings == ()
    assert (
        next(csv.reader(io.StringIO(raw.path.read_bytes().decode("utf-8-sig").split("\n", 1)[1], newline="")))[0]
        == text
    )


def test_a_csv_is_what_excel_opens_right(tmp_path: Path) -> None:
    survey = plain(
        id=["001", "1E5", None], n=[1.0, np.nan, 3.0], x=[0.1, 1e-7, 123456789012.5], t=['a"b', "c,d", "中\n文"]
    )
    raw = write(survey, tmp_path / "a.csv").path.read_bytes()
    lines = '"id","n","x","t"', '"001",1,0.1,"a""b"', '"1E5",,0.0000001,"c,d"', ',3,123456789012.5,"中\n文"', ""
    assert raw == b"\xef\xbb\xbf" + "\n".join(lines).encode()
    one = write(plain(t=["a", None, "b"]), tmp_path / "b.csv").path.read_text("utf-8-sig")
    assert one == '"t"\n"a"\n""\n"b"\n'
    with pytest.raises(sv.SurveyorError, match="begins like a formula"):
        write(plain(**{"=1+1": [1]}), tmp_path / "c.csv")


def test_decimal_fractions_come_back_to_the_last_bit(tmp_path: Path) -> None:
    numbers = [float(x) for x in np.random.default_rng(1).lognormal(0, 60, 500)]
    text = write(plain(y=numbers), tmp_path / "a.csv").path.read_text("utf-8-sig")
    assert [float(line) for line in text.split()[1:]] == numbers
    assert "e" not in text.lower()


def test_no_text_of_a_workbook_runs(tmp_path: Path) -> None:
    texts = ["=1+1", '=HYPERLINK("http://a.org")', "+cmd", "#N/A", "http://a.org", "007", "<&>"]
    written = write(plain(t=texts, n=range(7)), tmp_path / "a.xlsx")
    assert written.warnings == ()
    with zipfile.ZipFile(written.path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets")]
    assert len(sheets) == 2
    assert not any(
        "<f>" in text or "<f " in text or "hyperlink" in text.lower().replace("=hyperlink", "") for text in sheets
    )
    assert not any("External" in text for text in parts.values())
    sheet = openpyxl.load_workbook(written.path)["answers"]
    assert [cell.value for cell in sheet["A"]][1:] == texts
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert [cell.value for cell in sheet["B"]][1:] == [0, 1, 2, 3, 4, 5, 6]


# --- whole or not at all


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    for name in ("a.xls", "a"):
        with pytest.raises(sv.SurveyorError, match=r"\.sav, \.zsav, \.dta, \.csv, \.xlsx, \.parquet"):
            write(plain(y=[1]), tmp_path / name)
    with pytest.raises(sv.SurveyorError, match=r"'raw' is for \.csv"):
        write(plain(y=[1]), tmp_path / "a.sav", raw=True)
    assert not list(tmp_path.iterdir())


def test_what_was_written_is_a_path(tmp_path: Path) -> None:
    written = write(plain(y=[1]), tmp_path / "A.CSV")
    assert Path(written).read_text("utf-8-sig") == '"y"\n1\n'
    assert str(written) == str(tmp_path / "A.CSV")


SCRIPT = """
import hashlib, os, random, resource, signal, sys, time
from pathlib import Path
import numpy as np, pandas as pd
import surveyor as sv
from surveyor.writing import write
folder = Path(sys.argv[1])

def survey(seed, rows):
    numbers = np.random.default_rng(seed).random((rows, 15))
    return sv.Survey(pd.DataFrame(numbers, columns=[f"v{i}" for i in range(15)]))
"""

KILLS = """
def forked(work):
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return child

def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()

random.seed(1)
both = survey(1, 3000), survey(2, 4000)
for ending in (".csv", ".sav"):
    path, good, hit = folder / f"a{ending}", set(), 0
    for each in both:
        os.waitpid(forked(lambda: write(each, path)), 0)
        good.add(digest(path))
    assert len(good) == 2

    def work():
        while True:
            for each in both:
                write(each, path)

    for _ in range(40):
        child = forked(work)
        time.sleep(0.01 + random.random() / 25)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert digest(path) in good
        parts = [p for p in folder.iterdir() if ".part" in p.name]
        hit += bool(parts)
        for part in parts:
            part.unlink()
    print(hit)
"""

FULL = """
endings = sys.argv[2:]
small, large = survey(1, 3), survey(2, 2500)
for ending in endings:
    write(small, folder / f"a{ending}")
before = {p.name: p.read_bytes() for p in folder.iterdir()}
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for ending in endings:
    try:
        write(large, folder / f"a{ending}")
        print("silent", ending)
    except sv.SurveyorError as error:
        print(type(error).__name__, f"a{ending}" in str(error), "make room" in str(error))
print({p.name: p.read_bytes() for p in folder.iterdir()} == before)
"""

EDGES = """
table, outcomes = survey(3, 400), set()
for ending in (".sav", ".dta"):
    path = folder / f"a{ending}"
    for limit in range(30_000, 30_140, 4):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        try:
            write(table, path)
            outcomes.add("silent" + ending)
        except sv.SurveyorError as error:
            outcomes.add(type(error).__name__)
print(outcomes, list(folder.iterdir()))
"""


def run(script: str, *arguments: object) -> list[str]:
    """The lines a script prints in a process of its own."""
    command = [sys.executable, "-W", "error", "-c", SCRIPT + script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed another way there")
def test_a_killed_writer_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    hits = [int(line) for line in run(KILLS, tmp_path)]
    assert min(hits) >= 10  # kills that fell into the middle of writing


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files there")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    lines = run(FULL, tmp_path, *ENDINGS)
    assert lines == ["FileError True True"] * len(ENDINGS) + ["True"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files there")
def test_no_place_where_the_disk_is_full_goes_unseen(tmp_path: Path) -> None:
    """pyreadstat says nothing where the room ends exactly between two of its pieces."""
    assert run(EDGES, tmp_path) == ["{'FileError'} []"]


# --- PSPP as a second opinion


needs_pspp = pytest.mark.skipif(not shutil.which("pspp"), reason="PSPP is not installed (Debian package pspp)")


@needs_pspp
@pytest.mark.parametrize("ending", [".sav", ".zsav"])
def test_pspp_reads_the_same_values(ending: str, tmp_path: Path) -> None:
    path = write(residents(), tmp_path / f"a{ending}").path
    subprocess.run(["pspp-convert", path, tmp_path / "a.csv"], check=True, capture_output=True)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_bytes().decode(), newline="")))
    assert list(rows[0]) == list(COLUMNS)
    for name, cells in COLUMNS.items():
        for row, cell in zip(rows, cells, strict=True):
            said = row[name]
            assert (
                said.strip() == "" if pd.isna(cell) else said == cell if isinstance(cell, str) else float(said) == cell
            )


@needs_pspp
def test_pspp_reads_the_same_labels_and_missing_ranges(tmp_path: Path) -> None:
    path = write(residents(), tmp_path / "a.sav").path
    (tmp_path / "a.sps").write_text(f"GET FILE='{path}'.\nDISPLAY DICTIONARY.\n", encoding="utf-8")
    command = ["pspp", "-b", "-O", "format=csv", "-o", tmp_path / "out.csv", tmp_path / "a.sps"]
    subprocess.run(command, check=True, capture_output=True)
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_bytes().decode(), newline="")))
    start, end = rows.index(["Table: Variables"]), rows.index(["Table: Value Labels"])
    header = rows[start + 1]
    variables = {row[0]: dict(zip(header, row, strict=True)) for row in rows[start + 2 : end] if row}
    assert {name: row["Label"] for name, row in variables.items()} == {
        "编号": "问卷编号", "sat": "满意度", "m_1": "多选：甲", "m_2": "多选：乙", "age": "年龄", "w": "权数",
        "note": "备注",
    }  # fmt: skip
    coded = {"sat", "m_1", "m_2", "age"}
    assert {name for name, row in variables.items() if row["Missing Values"] == "-10 THRU -1"} == coded
    assert {row["Missing Values"] for name, row in variables.items() if name not in coded} == {""}
    assert variables["sat"]["Measurement Level"] == "Ordinal"
    labels = rows[end + 2 : end + 10]
    assert labels[0][0] == "满意度"
    assert [row[1:] for row in labels] == [
        *([f"{code}[a]", text] for code, text in REASONS.items()), ["1", "不满意"], ["2", "满意"]
    ]  # fmt: skip
    assert ["Footnote: a. User-missing value"] in rows
