"""LimeSurvey's tab-separated text, and codebooks kept as tables."""

from __future__ import annotations

import contextlib
import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveyor.errors import DefinitionError, FileError, SurveyorError, UsageError
from surveyor.questionnaire import Choices, Copied, Item, Questionnaire, Rule, Section
from surveyor.questionnaire.codebook_csv import read_codebook
from surveyor.questionnaire.limesurvey import ExpressionScript, write_limesurvey
from surveyor.questionnaire.yaml import load
from tests.conftest import BLOOMINGTON, ROOT

FILES = ("resident", "worker", "facts:compound", "facts:community", "copenhagen", "bloomington")


def rows_of(path):
    """The rows of a survey, read as LimeSurvey reads them."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", strict=True))


def filled(row):
    """What stands in a row, but for its ids and language."""
    return {key: cell for key, cell in row.items() if cell and key not in ("id", "related_id", "language")}


def instrument(name):
    file, _, level = name.partition(":")
    asked = load(ROOT / "questionnaires" / f"{file}.yaml", Questionnaire)
    return asked.table(level) if level else asked


YES = {1: {"en": "Yes", "zh": "是"}, 0: {"en": "No <none>", "zh": "否"}}
SMALL = Questionnaire(
    name="small", title={"en": "A & B", "zh": "甲乙"}, intro={"en": "Hello {you}", "zh": "您好"},
    items=(
        Item(id="a", label={"en": "A", "zh": "甲"}, text={"en": "Is it A?", "zh": "是甲吗？"}, type="nominal",
             choices="yn"),
        Item(id="n", label={"en": "N", "zh": "数"}, type="integer", range=(1950, "year - 18"), relevance="a == 1"),
        Item(id="m", label={"en": "M", "zh": "多"}, type="multiple", choices="part", most=2, section="B"),
        Item(id="q1", label={"en": "Q1", "zh": "问1"}, type="ordinal", choices="part", section="B"),
        Item(id="q2", label={"en": "Q2", "zh": "问2"}, type="ordinal", choices="part", section="B",
             relevance="m_0 == 0"),
        Item(id="c", label={"en": "C", "zh": "算"}, type="calculated", choices="part", section="B",
             copied=Copied(by="a", of={1: "q1", 0: "q2"})),
        Item(id="d", label={"en": "D", "zh": "日"}, type="date", hint={"en": "a day", "zh": "某日"}, section="B"),
    ),
    choices={
        "yn": Choices(codes=YES),
        "part": Choices(codes={n: {"en": f"part {n}", "zh": f"第{n}"} for n in range(3)}, alone=(0,)),
    },
    sections={"B": Section(title={"en": "Part B", "zh": "乙部"}, relevance="a == 1 and n <= 2000")},
    rotations=(("q1", "q2"),),
    checks={"r": Rule(when="a == 0 and q1 > 1", label={"en": "Not both", "zh": "不能同时"}, action="constraint")},
)  # fmt: skip


def test_a_small_survey_row_by_row(tmp_path):
    path = write_limesurvey(SMALL, tmp_path / "small.txt", lang="en")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\t")
    rows = rows_of(path)
    assert [filled(row) for row in rows if row["class"] in ("S", "SL")] == [
        {"class": "S", "name": "language", "text": "en"},
        {"class": "S", "name": "additional_languages", "text": "zh-Hans"},
        {"class": "S", "name": "format", "text": "G"},
        {"class": "S", "name": "anonymized", "text": "Y"},
        {"class": "S", "name": "savetimings", "text": "Y"},
        {"class": "SL", "name": "surveyls_title", "text": "A &amp; B"},
        {"class": "SL", "name": "surveyls_welcometext", "text": "Hello &#123;you&#125;"},
        {"class": "SL", "name": "surveyls_title", "text": "甲乙"},
        {"class": "SL", "name": "surveyls_welcometext", "text": "您好"},
    ]
    english = [filled(row) for row in rows if row["language"] == "en" and row["class"] not in ("S", "SL")]
    valid = '(is_empty(n.NAOK) or (n.NAOK >= 1950 and n.NAOK <= date("Y") - 18) or n.NAOK == -1 or n.NAOK == -2)'
    known = 'm_0.NAOK == "Y" or m_1.NAOK == "Y" or m_2.NAOK == "Y"'
    parts = [{"class": "A", "type/scale": "0", "name": str(n), "text": f"part {n}"} for n in range(3)]
    unknown = [{"class": "A", "type/scale": "0", "name": "DK", "text": "don't know"},
               {"class": "A", "type/scale": "0", "name": "RF", "text": "refused"}]  # fmt: skip
    assert english == [
        {"class": "G", "type/scale": "1", "name": "Questions", "relevance": "1"},
        {"class": "Q", "type/scale": "L", "name": "a", "relevance": "1", "text": "Is it A?", "mandatory": "Y",
         "other": "N"},
        {"class": "A", "type/scale": "0", "name": "1", "text": "Yes"},
        {"class": "A", "type/scale": "0", "name": "0", "text": "No &lt;none&gt;"},
        *unknown,
        {"class": "Q", "type/scale": "N", "name": "n", "relevance": 'a.NAOK == "1"', "text": "N", "mandatory": "Y",
         "other": "N", "num_value_int_only": "1", "em_validation_q": valid,
         "em_validation_q_tip": "Enter a number from 1950 to this year less 18; -1 for don't know, -2 for refused."},
        {"class": "G", "type/scale": "2", "name": "Part B",
         "relevance": 'a.NAOK == "1" and n.NAOK <= 2000 and !is_empty(n.NAOK) and n.NAOK != -1 and n.NAOK != -2'},
        {"class": "Q", "type/scale": "M", "name": "m", "relevance": "1", "text": "M", "mandatory": "Y", "other": "N",
         "exclude_all_others": "0;DK;RF", "max_answers": "2"},
        *({**each, "class": "SQ"} for each in (*parts, *unknown)),
        {"class": "Q", "type/scale": "L", "name": "q1", "relevance": "1", "text": "Q1", "mandatory": "Y", "other": "N",
         "random_group": "rotation1", "em_validation_q": '!(a.NAOK == "0" and q1.NAOK == "2")',
         "em_validation_q_tip": "Not both."},
        *parts, *unknown,
        {"class": "Q", "type/scale": "L", "name": "q2", "relevance": f'!(m_0.NAOK == "Y") and ({known})', "text": "Q2",
         "mandatory": "Y", "other": "N", "random_group": "rotation1"},
        *parts, *unknown,
        {"class": "Q", "type/scale": "*", "name": "c", "relevance": "1", "text": "C", "mandatory": "N", "other": "N",
         "hidden": "1", "equation": '{if(a.NAOK == "1", q1.NAOK, if(a.NAOK == "0", q2.NAOK, ""))}'},
        {"class": "Q", "type/scale": "D", "name": "d", "relevance": "1", "text": "D", "help": "a day", "mandatory": "N",
         "other": "N", "date_format": "yyyy-mm-dd"},
    ]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_instrument_in_both_languages(tmp_path, name):
    asked = instrument(name)
    rows = rows_of(write_limesurvey(asked, tmp_path / "x.txt"))
    own = [row for row in rows if row["class"] not in ("S", "SL")]
    half = len(own) // 2
    structure = [[(row["id"], row["class"], row["type/scale"]) for row in part] for part in (own[:half], own[half:])]
    assert structure[0] == structure[1]
    assert {row["language"] for row in own[:half]} == {"zh-Hans"}
    assert {row["language"] for row in own[half:]} == {"en"}
    assert [row["name"] for row in own[:half] if row["class"] == "Q"] == [item.id for item in asked.items]
    ids = [row["id"] for row in own[:half] if row["class"] in ("Q", "SQ")]
    assert len(ids) == len(set(ids))
    assert all(len(row["name"]) <= 5 and row["name"].isalnum() for row in own if row["class"] in ("A", "SQ"))
    assert all(row["text"] for row in own if row["class"] in ("Q", "A", "SQ"))


EXPECTED = {
    "ra03": 'ra02.NAOK == "1" or ra02.NAOK == "2"',
    "re08": '!is_empty(re07.NAOK) and re07.NAOK != "DK" and re07.NAOK != "RF"',
    "re12": 're07s.NAOK == "4" or re07s.NAOK == "5" or re07s.NAOK == "6"',
    "rd14": "rd13.NAOK > 0",
    "rc12": 'rc11_0.NAOK == "Y"',
    "rc16": 'rc14.NAOK == "1" or rc14.NAOK == "2" or rc14.NAOK == "3"',
    "ra01": "1",
}


def test_the_resident_survey_asks_whom_it_should(tmp_path):
    rows = rows_of(write_limesurvey(instrument("resident"), tmp_path / "x.txt"))
    asked = {row["name"]: row for row in rows if row["class"] == "Q" and row["language"] == "zh-Hans"}
    assert {name: asked[name]["relevance"] for name in EXPECTED} == EXPECTED
    gates = {row["relevance"] for row in rows if row["class"] == "G"}
    assert gates == {"1", 'rs05.NAOK == "1" and rs08.NAOK >= 6'}
    groups = {row["name"]: row["random_group"] for row in asked.values() if row["random_group"]}
    assert groups == {
        **{f"re0{n}": "rotation1" for n in range(1, 7)},
        **{f"rd0{n}": "rotation2" for n in range(1, 6)},
        **{f"rc0{n}": "rotation3" for n in range(1, 8)},
    }
    kinds = {name: asked[name]["type/scale"] for name in ("rs01", "rb01", "rb12", "rc11", "re07s")}
    assert kinds == {"rs01": "S", "rb01": "N", "rb12": "L", "rc11": "M", "re07s": "*"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a != 1", 'a.NAOK != "1" and !is_empty(a.NAOK) and a.NAOK != "DK" and a.NAOK != "RF"'),
        ("n is missing", "!(!is_empty(n.NAOK) and n.NAOK != -1 and n.NAOK != -2)"),
        ("a == 'Yes' or n > 3", 'a.NAOK == "1" or n.NAOK > 3'),
        ("2 > q1", 'q1.NAOK == "0" or q1.NAOK == "1"'),
        ("q1 > 2", "0"),
        ("m_1 + m_2 == 2",
         'if(m_1.NAOK == "Y", 1, 0) + if(m_2.NAOK == "Y", 1, 0) == 2 and '
         '(m_0.NAOK == "Y" or m_1.NAOK == "Y" or m_2.NAOK == "Y")'),
    ],
)  # fmt: skip
def test_filters_in_expressionscript(text, written):
    assert ExpressionScript(SMALL).written(text) == written


def test_what_limesurvey_cannot_take(tmp_path):
    def one(**parts):
        item = Item(**({"id": "a", "label": {"en": "A"}, "type": "nominal", "choices": "l"} | parts.pop("item", {})))
        codes = parts.pop("codes", {1: {"en": "x"}})
        return Questionnaire(name="x", items=(item,), choices={"l": Choices(codes=codes)})

    with pytest.raises(UsageError, match=r"'a_b' under this id.*letters and digits"):
        write_limesurvey(one(item={"id": "a_b"}), tmp_path / "x.txt")
    for code in (-5, 100_000):
        with pytest.raises(UsageError, match=f"the code {code} of the list 'l'"):
            write_limesurvey(one(codes={code: {"en": "x"}}), tmp_path / "x.txt")
    with pytest.raises(UsageError, match="rows of two kinds"):
        write_limesurvey(load(ROOT / "questionnaires" / "facts.yaml", Questionnaire), tmp_path / "x.txt")
    assert not list(tmp_path.iterdir())
    rows = rows_of(write_limesurvey(one(), tmp_path / "x.txt"))
    assert {row["language"] for row in rows} == {"", "en"}


# ---- codebooks ----------------------------------------------------------------------------------------------------


def codebook(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "book.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_codebook_with_answers_in_one_cell(tmp_path):
    asked = read_codebook(codebook(tmp_path, "Variable,Label,Wording,Value_Labels,dont_know_code,Type\n"
                                   "sex,Sex,Are you a man or a woman?,1=Man; 2=Woman,,\n"
                                   'sat,Satisfied,,"1 = bad, 2 = good, so so, 8 = no idea",8,ordinal\n'
                                   "again,Satisfied again,,1=bad; 2=good,,ordinal\n"
                                   "inc,Income,,,99,numeric\n"
                                   "why,Why,,,,string\n"))  # fmt: skip
    assert [(item.id, item.type, item.choices) for item in asked.items] == [
        ("sex", "nominal", "sex"), ("sat", "ordinal", "sat"), ("again", "ordinal", "again"), ("inc", "number", None),
        ("why", "text", None),
    ]  # fmt: skip
    assert asked.item("sex").text == {"en": "Are you a man or a woman?"}
    assert asked.choices["sat"] == Choices(codes={1: {"en": "bad"}, 2: {"en": "good, so so"}}, missing={8: -1})
    assert asked.item("inc").missing == {99: -1}
    assert asked.missing_codes("inc") == {-1}
    assert asked.missing_codes("why") == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_chinese_codebook_with_one_row_a_code(tmp_path, encoding):
    asked = read_codebook(codebook(tmp_path, "变量名\t变量标签\t代码\t代码含义\t类型\n"
                                   "a1\t性别\t1\t男\t定类\n\t\t2\t女\t\n"
                                   "a2\t健康\t1\t好\t定序\na2\t健康\t2\t差\t定序\n"
                                   "a3\t年龄\t\t\t整数\n", encoding))  # fmt: skip
    assert asked.choices["a1"].codes == {1: {"zh": "男"}, 2: {"zh": "女"}}
    assert [(item.id, item.type) for item in asked.items] == [("a1", "nominal"), ("a2", "ordinal"), ("a3", "integer")]
    assert asked.item("a2").label == {"zh": "健康"}
    assert asked.choices["a2"].codes == {1: {"zh": "好"}, 2: {"zh": "差"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,y\n1,2\n", r"book\.csv, line 1: no column holds the variable's name\. Expected: a column headed variable"),
        ("variable,y\n1,2\n", "line 1: no column holds its label or wording"),
        ("variable,label\na,A\n\nb,B\na,C\n", r"line 5: the variable 'a' stands here and on line 2\. Keep"),
        ("variable,label\na,A\na,B\n", "line 3: the variable 'a' stands here and on the row above"),
        ("variable,label\n,A\n", "line 2: the variable has no name"),
        ("variable,label,answers\na,A,1=x; two\n", r"line 2: 'two' is no answer with its code\. Expected: .*1=Yes"),
        ("variable,label,answers\na,A,1=x; 1=y\n", "line 2: the code 1 stands twice"),
        ("variable,label,answers\na,A,1=x; 2=x\n", "line 2: variable 'a': two answers are called 'x'"),
        ("variable,label,type\na,A,ordnal\n", r"line 2: 'ordnal' is no type\. Did you mean 'ordinal'"),
        ("variable,label\n", "names no variable"),
        ("", "has no rows"),
        ('variable,label\na,"A" x\n', "line 2: this row cannot be read"),
    ],
)
def test_errors_of_a_codebook_name_the_line(tmp_path, text, said):
    with pytest.raises(DefinitionError, match=said):
        read_codebook(codebook(tmp_path, text))


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet="ab1289=;:,\t\n\"' -.是否", max_size=60))
def test_no_codebook_breaks_the_reader(tmp_path, text):
    with contextlib.suppress(SurveyorError):
        assert read_codebook(codebook(tmp_path, "variable,label,answers,missing codes\n" + text)).drafted


def test_a_codebook_in_an_old_encoding_is_not_guessed(tmp_path):
    with pytest.raises(FileError, match=r"line 2: this line is not UTF-8 text\. Save the codebook as UTF-8"):
        read_codebook(codebook(tmp_path, "variable,label\na1,性别\n", "gb18030"))
    with pytest.raises(FileError, match="there is no such file"):
        read_codebook(tmp_path / "none.csv")


def test_the_codebook_of_bloomington():
    path = BLOOMINGTON / "codebook.csv"
    if not path.is_file():
        pytest.skip("the Bloomington codebook may not be in the repository; set SURVEYOR_SHARED to its folder")
    asked = read_codebook(path)
    assert len(asked.items) == 227
    assert asked.item("q1a").label == {"en": "Bloomington as a place to live"}
    labels = {1: "Excellent", 2: "Good", 3: "Fair", 4: "Poor"}
    assert asked.choices_of("q1b") == Choices(codes={n: {"en": word} for n, word in labels.items()}, missing={5: -1})
    assert asked.item("q2d").label["en"].startswith("Overall “built environment” of Bloomington")
