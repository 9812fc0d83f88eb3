"""What reading keeps, changes and logs: no code becomes an answer, and no answer a missing code, in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveyor as sv
from surveyor.questionnaire import Choices, Item, Questionnaire
from tests.conftest import ROOT, SHARED

AWKWARD = SHARED / "data" / "awkward_formats"


def write(path: Path, frame: pd.DataFrame, **options: object) -> Path:
    pyreadstat.write_sav(frame, str(path), **options)
    return path


def asked(*items: Item, **lists: Choices) -> Questionnaire:
    return Questionnaire(name="t", items=items, choices=lists)


def test_a_code_declared_missing_in_two_columns_is_an_answer_in_neither(tmp_path: Path) -> None:
    frame = pd.DataFrame({"age": [20.0, 30, 99, 40], "sex": [1.0, 2, 99, 1]})
    labels = {"sex": {1: "m", 2: "f", 99: "refused"}}
    path = write(tmp_path / "a.sav", frame, missing_ranges={"age": [99], "sex": [99]}, variable_value_labels=labels)
    survey = sv.read(path)
    assert survey.mean("age").values[0] == 30
    assert survey.proportion("sex").n[0] == 3
    assert any(entry == "99 counts as refused: 2 cells in age, sex" for entry in survey.log.entries)


def test_missing_codes_of_a_questionnaire_hold_for_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("age\n20\n30\n99\n-1\n")
    questionnaire = Questionnaire(
        name="t", items=(Item(id="age", label={"en": "Age"}, type="number"),), missing={99: {"en": "refused"}}
    )
    with pytest.raises(sv.SurveyorError, match=r"-1: 1 cell in age.*source="):
        sv.read(tmp_path / "a.csv", questionnaire)
    survey = sv.read(tmp_path / "a.csv", questionnaire, source="surveyor")
    assert survey.mean("age").values[0] == 25
    assert {entry for entry in survey.log.entries if "counts as" in entry} == {
        "99 counts as refused: 1 cell in age",
        "-1 counts as don't know: 1 cell in age",
    }


@pytest.mark.parametrize("name", ["a.csv", "a.sav"])
def test_negative_numbers_of_an_unknown_file_are_numbers(name: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"y": [-1.0, -2, 3, 5]})
    if name.endswith("csv"):
        frame.to_csv(tmp_path / name, index=False)
    else:
        write(tmp_path / name, frame)
    assert sv.read(tmp_path / name).mean("y").values[0] == 1.25


def test_a_number_item_may_declare_its_own_missing_code(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y\n0\n50\n100\n99\n")
    both = Choices(codes={0: {"en": "none"}, 100: {"en": "all"}})
    item = Item(id="y", label={"en": "Y"}, type="number", choices="ends", missing={99: -9})
    survey = sv.read(tmp_path / "a.csv", asked(item, ends=both))
    assert survey.mean("y").values[0] == 50


@pytest.mark.parametrize(
    ("choices", "match"),
    [
        ({"codes": {2: "Other", 3: "Other"}}, "two answers are called 'Other'"),
        ({"codes": {1: "A", 2: "B"}, "missing": {9: 2}}, "stands both as an answer and as missing"),
        ({"codes": {1: "A"}, "top": [4]}, "not among the codes"),
    ],
)
def test_contradictory_choice_lists_are_refused(choices: dict, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Choices(**choices)


def test_a_declared_but_unused_code_is_no_level(tmp_path: Path) -> None:
    frame = pd.DataFrame({"g": [1.0, 2, 1, 2], "y": [1.0, 2, 3, 4]})
    labels = {"g": {1: "a", 2: "b", 9: "refused"}}
    path = write(tmp_path / "a.sav", frame, missing_ranges={"g": [9]}, variable_value_labels=labels)
    survey = sv.read(path)
    assert survey.column("g").levels == [1.0, 2.0]
    assert survey.compare("y", by="g").group_names == ("a", "b")


def test_words_can_be_groups_and_missing_ones_leave_gaps(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y,g\n1,old\n2,estate\n3,old\n4,\n")
    made = sv.read(tmp_path / "a.csv").mean("y", by="g")
    assert list(made.to_frame()["g"]) == ["estate", "old"]
    assert list(made.values) == [2, 2]


def test_missing_codes_and_blanks_are_no_strata(tmp_path: Path) -> None:
    choices = Choices(codes={1: {"en": "A"}, 2: {"en": "B"}})
    (tmp_path / "a.csv").write_text("y,s\n1,1\n2,1\n3,2\n4,2\n5,-9\n6,-9\n")
    questionnaire = asked(
        Item(id="y", label={"en": "Y"}, type="number"), Item(id="s", label={"en": "S"}, choices="s"), s=choices
    )
    with pytest.raises(sv.SurveyorError, match="2 rows without a stratum"):
        sv.read(tmp_path / "a.csv", questionnaire, source="surveyor", design=sv.Design(strata="s"))
    blank = write(tmp_path / "b.sav", pd.DataFrame({"y": [1.0, 2, 3], "c": ["p", "", "q"]}))
    with pytest.raises(sv.SurveyorError, match="1 row without a cluster"):
        sv.read(blank, design=sv.Design(clusters="c"))


def test_a_choice_list_called_type_is_left_alone(tmp_path: Path) -> None:
    folder = ROOT / "data" / "copenhagen"
    (tmp_path / "residents.sav").write_bytes((folder / "residents.sav").read_bytes())
    study = (folder / "study.yaml").read_text(encoding="utf-8").replace("../../questionnaires/", "")
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    text = (ROOT / "questionnaires" / "copenhagen.yaml").read_text(encoding="utf-8")
    text = text.replace("  dwelling:\n", "  type:\n", 1).replace("choices: dwelling", "choices: type")
    (tmp_path / "copenhagen.yaml").write_text(text, encoding="utf-8")
    rows = {row[0].text: row[1].text for row in sv.Study.load(tmp_path).who().body if len(row) > 1}
    assert rows["Apartment"] == "765"
    assert rows["No answer"] == "0"


@pytest.mark.skipif(not AWKWARD.is_dir(), reason="the awkward files are not in the repository; set SURVEYOR_SHARED")
@pytest.mark.parametrize("path", sorted(AWKWARD.rglob("*sav")), ids=lambda p: p.name)
def test_awkward_files_are_read_or_refused(path: Path) -> None:
    survey = sv.read(path)
    assert len(survey.log.sha256) == 64
    for name in survey.frame.columns:
        column = survey.column(name)
        assert column.values.shape == (len(survey),)
        assert np.isfinite(column.levels).all()
