"""What platforms export comes back as the answers that were given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.questionnaire import Questionnaire
from surveyor.questionnaire.limesurvey import OFFERED_AS, write_limesurvey
from surveyor.questionnaire.xlsform import write_xlsform
from surveyor.questionnaire.yaml import load
from surveyor.reading.platforms.kobo import main_sheet
from surveyor.reading.platforms.limesurvey import ASIDE
from tests import exports
from tests.conftest import ROOT
from tests.corpus.platforms import ASKED, EXPORTS, Export

#: Warnings that a reader of text or the look for identifiers gives, whatever the platform.
ELSEWHERE = ("looks like", "column name", "no answer at all", "may hold", "holds ")


@pytest.mark.parametrize("case", EXPORTS, ids=lambda case: case.id)
def test_an_export_of_the_corpus(case: Export, tmp_path: Path) -> None:
    path = tmp_path / f"{case.id}.csv"
    path.write_bytes(case.content)
    if case.outcome == "error":
        with pytest.raises(sv.SurveyorError) as caught:
            sv.read(path, ASKED, source=case.source)
        told = str(caught.value)
        assert path.name in told
    else:
        survey = sv.read(path, ASKED, source=case.source)
        warned = [line for line in survey.log.warnings if not any(word in line for word in ELSEWHERE)]
        assert bool(warned) == (case.outcome == "warning"), warned
        told = "\n".join([*survey.log.entries, *survey.log.warnings])
        for name, cells in case.cells.items():
            assert read_as(survey.frame[name]) == cells, name
        assert not set(case.absent) & set(survey.frame.columns)
    for word in case.words:
        assert word in told
    for word in case.never:
        assert word not in told


def read_as(column: pd.Series) -> list[float | str | None]:
    return [None if pd.isna(cell) else cell if isinstance(cell, str) else float(cell) for cell in column]


# ------------------------------------------------------------------------------------------------- round trips

TABLES = {"resident": None, "worker": None, "compound": "facts", "community": "facts"}


def instrument(name: str) -> Questionnaire:
    asked = load(ROOT / "questionnaires" / f"{TABLES[name] or name}.yaml", Questionnaire)
    return asked.table(name) if TABLES[name] else asked


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Questionnaire, Path, pd.DataFrame]]:
    """Every instrument, its XLSForm, and simulated answers to it."""
    folder = tmp_path_factory.mktemp("forms")
    made = {}
    for seed, name in enumerate(TABLES):
        asked = instrument(name)
        form = write_xlsform(asked, folder / f"{name}.xlsx")
        made[name] = asked, form, exports.simulated(asked, 40, seed)
    return made


def differences(asked: Questionnaire, answers: pd.DataFrame, frame: pd.DataFrame) -> dict[str, tuple[object, object]]:
    """The first cell of each column that did not come back."""
    found: dict[str, tuple[object, object]] = {}
    for name in answers.columns:
        given, came = answers[name], frame[name]
        if asked.item(name).type in ("text", "id", "date"):
            same = (given.fillna("") == came.fillna("")).to_numpy()
        else:
            was, now = given.to_numpy(dtype=float), came.to_numpy(dtype=float)
            same = was == now
        if not same.all():
            at = int(np.flatnonzero(~same)[0])
            found[name] = given.iloc[at], came.iloc[at]
    return found


def test_simulated_answers_obey_routing_and_hold_every_kind(forms: dict) -> None:
    answers = exports.simulated(forms["resident"][0], 300, 1)
    assert (answers.loc[answers.rs05 == 0, "ra02"] == -8).all()
    owners = answers.ra02.isin([1, 2])
    assert (answers.loc[~owners, "ra03"] == -8).all()
    assert (answers.loc[owners, "ra03"] != -8).all()
    assert {-1.0, -2.0, -8.0, -9.0, 0.0, 1.0} <= set(answers.rc11_0)
    for name, (here, _, made) in forms.items():
        assert list(made.columns) == [column.id for column in here.columns], name


@pytest.mark.parametrize("values", ["names", "zh", "en"])
@pytest.mark.parametrize("multiple", ["summary", "details", "both"])
@pytest.mark.parametrize("headers", ["names", "zh", "en"])
@pytest.mark.parametrize("name", TABLES)
def test_kobo_round_trip(name: str, headers: str, multiple: str, values: str, forms: dict, tmp_path: Path) -> None:
    asked, form, answers = forms[name]
    path = exports.kobo(form, asked, answers, tmp_path / "a.csv", headers, multiple, values)
    survey = sv.read(path, asked, source="kobo")
    assert len(survey) == 40
    assert differences(asked, answers, survey.frame) == {}
    assert survey.frame["duration"].tolist() == [3630.0] * 40


@pytest.mark.parametrize("headers", ["names", "zh", "en"])
@pytest.mark.parametrize("name", TABLES)
def test_kobo_round_trip_of_a_workbook_with_groups(name: str, headers: str, forms: dict, tmp_path: Path) -> None:
    asked, form, answers = forms[name]
    path = exports.kobo(form, asked, answers, tmp_path / "a.xlsx", headers, "both", headers, groups="/")
    survey = sv.read(path, asked, source="kobo")
    assert differences(asked, answers, survey.frame) == {}


@pytest.mark.parametrize("groups", [":", ".", "-"])
def test_odk_round_trip(groups: str, forms: dict, tmp_path: Path) -> None:
    asked, form, answers = forms["resident"]
    path = exports.kobo(form, asked, answers, tmp_path / "a.csv", "names", "details", "names", groups=groups)
    assert differences(asked, answers, sv.read(path, asked, source="kobo").frame) == {}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_wenjuanxing_round_trip_by_text(suffix: str, forms: dict, tmp_path: Path) -> None:
    asked = forms["resident"][0]
    answers = told_online(asked, exports.simulated(asked, 40, 11))
    path = exports.wenjuanxing(asked, answers, tmp_path / f"a{suffix}", "text", encoding="gb18030")
    survey = sv.read(path, asked, source="wenjuanxing")
    assert differences(asked, answers, survey.frame) == {}
    assert survey.frame["duration"].tolist() == [100.0 + i for i in range(40)]
    assert "来自IP" not in survey.frame


def test_wenjuanxing_round_trip_by_code(forms: dict, tmp_path: Path) -> None:
    asked = forms["resident"][0]
    answers = exports.simulated(asked, 40, 12, aside=0)  # by code nothing says which place "don't know" has
    path = exports.wenjuanxing(asked, answers, tmp_path / "a.csv", "code", encoding="gb18030")
    assert differences(asked, answers, sv.read(path, asked, source="wenjuanxing").frame) == {}


def told_online(asked: Questionnaire, answers: pd.DataFrame) -> pd.DataFrame:
    """Answers without "don't know" where a number is typed: on Wenjuanxing there is no way to say it."""
    numbers = [item.id for item in asked.items if item.type in ("integer", "number")]
    made = answers.copy()
    made[numbers] = made[numbers].mask(made[numbers].isin([-1, -2]), -9)
    return made


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("values", ["code", "text"])
@pytest.mark.parametrize("headers", ["code", "text", "codetext"])
def test_limesurvey_round_trip(headers: str, values: str, lang: str, forms: dict, tmp_path: Path) -> None:
    asked, _, answers = forms["resident"]
    form = write_limesurvey(asked, tmp_path / "survey.txt")
    path = exports.limesurvey(form, asked, answers, tmp_path / "a.csv", headers, values, lang)
    survey = sv.read(path, asked, source="limesurvey")
    assert differences(asked, answers, survey.frame) == {}
    assert any("5 interviews not completed" in line for line in survey.log.warnings)


def test_our_own_codes_of_limesurvey_are_understood() -> None:
    assert {code: name for name, code in ASIDE.items()} == OFFERED_AS


def test_the_main_sheet_is_the_one_nothing_points_from() -> None:
    sheets = {"members": ["age", "_index", "_parent_index"], "resident": ["sex", "_id", "_index"]}
    assert main_sheet(sheets) == "resident"
    assert main_sheet({"resident": ["sex", "_index"]}) is None
    assert main_sheet({"a": ["x"], "b": ["y"]}) is None


@pytest.mark.parametrize("source", ["kobo", "wenjuanxing", "limesurvey"])
def test_without_a_questionnaire_only_the_platform_is_taken_out(source: str, tmp_path: Path) -> None:
    header = {"kobo": "_uuid,__version__,q", "wenjuanxing": "来自IP,所用时间,q", "limesurvey": "seed,interviewtime,q"}[
        source
    ]
    (tmp_path / "a.csv").write_text(f"{header}\nu1,12,3\nu2,34,4\n", encoding="utf-8")
    survey = sv.read(tmp_path / "a.csv", source=source)
    assert survey.mean("q").values[0] == 3.5
    assert not {"_uuid", "来自IP", "seed"} & set(survey.frame.columns)
