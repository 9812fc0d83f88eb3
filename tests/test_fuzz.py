"""Whatever stands in a file or a text: an answer, or a message for people; never a traceback.

SURVEYOR_FUZZ=50 runs fifty times as many examples.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.expressions import parse, parse_formula
from surveyor.questionnaire import Choices, Item, Questionnaire
from surveyor.questionnaire.files import FORMATS, export
from surveyor.questionnaire.xlsform import read_xlsform, write_xlsform
from surveyor.questionnaire.yaml import load
from tests.conftest import ROOT

TIMES = int(os.environ.get("SURVEYOR_FUZZ", "1"))


def examples(n: int) -> settings:
    return settings(
        max_examples=n * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# --- questionnaires and studies in YAML --------------------------------------------------------------------------

ASKED = (ROOT / "questionnaires" / "copenhagen.yaml").read_text(encoding="utf-8")
STUDY = (ROOT / "data" / "copenhagen" / "study.yaml").read_text(encoding="utf-8").replace("residents.sav", "few.csv")
ANSWERS = "id,dwelling,contact,influence,satisfaction\n" + "".join(
    f"{k},{k % 4 + 1},{k % 2 + 1},{k % 3 + 1},{k * 7 % 3 + 1}\n" for k in range(40)
)
PIECES = (
    "{", "}", "[", "]", ": ", ":", "- ", "&a ", "*a", "<<: *a", "!!python/object:os.system ", "!t ", "\t", "  ",
    "null", "~", "1e999", ".inf", ".nan", "0x1f", "0o7", "1_000", "2024-01-01", "yes", "'", '"', "|", ">-", "#",
    "%YAML 1.1\n", "---\n", "...\n", "\x00", "\x7f", "\u2028", "\ufeff", "小区", "x" * 300, "? ", "-", "true", "-5",
    "99999999999999999999", "relevance: own == 1", "reversed: true", "type: multiple", "range: [1, 0]", "top: [9]",
    "choices: none", "id: id",
)  # fmt: skip
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
    st.just([[]]), st.just({"en": "x"}), st.just({1: {"en": "x"}}),
    st.sampled_from(["id", "dwelling", "ordinal", "en", "../.."]),
    st.lists(st.sampled_from(["contact", "influence", 1, None]), max_size=3),
)  # fmt: skip


@st.composite
def written_over(draw: st.DrawFn, text: str) -> str:
    """A text with lines left out, doubled or changed places, and pieces put in."""
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        lines = text.split("\n")
        at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["out", "twice", "swap", "in", "in", "in", "cut", "over"])):
            case "out":
                del lines[at]
            case "twice":
                lines.insert(to, lines[at])
            case "swap":
                lines[at], lines[to] = lines[to], lines[at]
            case "cut":
                lines = lines[: at + 1]
            case how:
                place = draw(st.integers(0, len(lines[at])))
                end = place + (how == "over")
                lines[at] = lines[at][:place] + draw(st.sampled_from(PIECES)) + lines[at][end:]
        text = "\n".join(lines) or "x"
    return text


@st.composite
def rebuilt(draw: st.DrawFn, text: str) -> str:
    """A YAML text with some values, keys and parts of it changed for others."""
    data = yaml.load(text, yaml.CSafeLoader)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        node = data
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = node[key]
            if isinstance(inner, dict | list) and inner and draw(st.integers(0, 4)):
                node = inner
                continue
            match draw(st.sampled_from(["value", "value", "out", "name"])):
                case "value":
                    node[key] = draw(VALUES)
                case "out":
                    del node[key]
                case _ if isinstance(node, dict):
                    node[draw(st.one_of(st.text(max_size=5), st.sampled_from(["codes", "id", "missing", "top"])))] = (
                        inner
                    )
            break
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def both(text: str) -> st.SearchStrategy[str]:
    return st.one_of(written_over(text), rebuilt(text))


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


@examples(150)
@given(text=both(ASKED), to=st.sampled_from(FORMATS))
def test_any_questionnaire_is_read_or_refused(text: str, to: str, tmp_path: Path) -> None:
    path = put(tmp_path / "asked.yaml", text)
    with contextlib.suppress(sv.SurveyorError):
        asked = load(path, Questionnaire)
        with contextlib.suppress(sv.SurveyorError):
            export(asked, to, tmp_path / "out")
        sv.read(put(tmp_path / "few.csv", ANSWERS), asked, source="surveyor").check()


@examples(60)
@given(text=both(STUDY))
def test_any_study_is_opened_or_refused(text: str, tmp_path: Path) -> None:
    put(tmp_path / "questionnaires" / "copenhagen.yaml", ASKED)
    put(tmp_path / "data" / "copenhagen" / "few.csv", ANSWERS)
    path = put(tmp_path / "data" / "copenhagen" / "study.yaml", text)
    with contextlib.suppress(sv.SurveyorError):
        study = sv.Study.load(path)
        assert len(study.residents) == 40
        study.residents.compare(list(study.outcomes())[:1])


# --- delimited text ----------------------------------------------------------------------------------------------

ITEMS = Questionnaire(
    "t",
    (
        Item("id", {"en": "Number"}, "id"),
        Item("q1", {"en": "Grade"}, "ordinal", "s"),
        Item("q2", {"en": "Age"}, "integer", range=(0, 99)),
        Item("day", {"en": "Day"}, "date"),
        Item("say", {"en": "Remark"}, "text"),
        Item("many", {"en": "Several"}, "multiple", "s"),
    ),
    choices={"s": Choices(codes={1: {"en": "bad", "zh": "差"}, 2: {"en": "good", "zh": "好"}}, missing={97: -1})},
)
TABLE = (
    "id,q1,q2,day,say,many_1,many_2\n001,1,30,2024-05-01,fine,1,0\n002,good,45,2024年5月2日,\"a, b\",0,1\n"
    "003,97,-9,,很好,,\n004,差,18,2024/5/4,NA,1,1\n"
)  # fmt: skip
CELLS = (
    ",", ";", "\t", '"', '""', "\n", "\r\n", "\r", "\x00", "\ufeff", "，", "inf", "nan", "1e400", "-1e400", "1e5", "5",
    "٣", "²", "1,5", "1.234,5", "-1", "-9", "-99", "97", "7", "1.0000001", "good", "GOOD ", "好", "2024-02-30",
    "9999-99-99", "=1+1", "\u202e", "\ud7ff", "🏠", "é", " ", "None", "q1", "id", "0" * 400, "9" * 400, "sep=;\n",
)  # fmt: skip


#: Without a questionnaire, with one, and as the file of a source.
HOW = ("none", "asked", "surveyor", "kobo", "wenjuanxing", "limesurvey")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The table with cells, separators and bytes changed, in one of several encodings."""
    text = TABLE
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(CELLS)) + text[at + draw(st.integers(0, 3)) :]
    raw = text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "gb18030", "utf-16", "utf-8-sig"])), "replace")
    if raw and draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(raw) - 1))
        raw = raw[:at] + draw(st.binary(max_size=3)) + raw[at + 1 :]
    return raw


@st.composite
def refilled(draw: st.DrawFn) -> bytes:
    """The table with other cells, each in its place."""
    rows = list(csv.reader(io.StringIO(TABLE)))
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.integers(0 if draw(st.integers(0, 9)) == 0 else 1, len(rows) - 1))
        rows[row][draw(st.integers(0, len(rows[0]) - 1))] = draw(st.one_of(st.sampled_from(CELLS), st.text(max_size=4)))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


@examples(250)
@given(raw=st.one_of(refilled(), refilled(), mutated(), st.binary(max_size=200)), how=st.sampled_from(HOW))
def test_any_text_is_read_or_refused(raw: bytes, how: str, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(raw)
    source = None if how in HOW[:2] else how
    try:
        survey = sv.read(path, None if how == "none" else ITEMS, source=source)
    except sv.SurveyorError:
        return
    assert survey.log is not None
    assert survey.log.sha256 == hashlib.sha256(raw).hexdigest()
    assert survey.log.rows == len(survey) > 0
    for name in survey.frame:
        with contextlib.suppress(sv.SurveyorError):
            survey.mean(str(name))
    repr(survey.check())


# --- filters and formulas ----------------------------------------------------------------------------------------

FRAME = pd.DataFrame(
    {
        "a": [1.0, 2.0, np.nan, 4.0, 2.5, 3.0],
        "b": [1, 0, 1, 1, 0, 1],
        "g": ["x", "y", None, "x", "it's", "y"],
        "k": pd.Categorical(["lo", "hi", "lo", "hi", "lo", None], ["lo", "hi"]),
        "an odd name": [3, 1, 2, 5, 4, 6],
        "y": [1.0, 3.0, 2.0, 5.0, 4.0, 2.0],
    }
)
SURVEY = sv.Survey(FRAME)
SHARED_PIECES = (
    "a", "b", "g", "k", "`an odd name`", "y", "(", ")", "+", "-", "*", ":", ",", "1", "0", "2.5", "1e999", "5e-324",
)  # fmt: skip
FILTER = (
    *SHARED_PIECES, "==", "!=", "<", "<=", ">", ">=", "=", "/", "and", "or", "not", "in", "is", "missing", "[", "]",
    "'x'", '"y"', "'lo'", "''", "'", "`", "``", "nowhere", "小区", ".", "\n", "\x00", "٣", "x()", "1_0", "e5", "0x1",
    "٣ <",
)  # fmt: skip
FORMULA = (
    *SHARED_PIECES, "~", "y ~", "^", "^2", "^5", "^6", "log(", "center(", "factor(", "poly(", "bin(", "poly(a, 2)",
    "bin(a, 2)", "log(a)", "log(b)", "/", "|", "%in%", "I(", "C(g)", "nowhere", "- 1", "+ 0", "`", "\n", "é", "2", "3",
)  # fmt: skip
TERMS = "a|b|g|k|a:g|b*k|poly(a, 2)|log(a)|bin(y, 2)|factor(b)|(a + g)^2|0|1".split("|")
NUMBER = st.sampled_from(
    ["a", "b", "`an odd name`", "1", "2.5", "0", "-a", "(a + b)", "a / b", "a * 1e308 * 10", "y - a"]
)


def comparisons() -> st.SearchStrategy[str]:
    """Filters as the grammar has them."""
    sign = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    one = st.one_of(
        st.tuples(NUMBER, sign, NUMBER).map(" ".join),
        st.tuples(NUMBER, sign, NUMBER, sign, NUMBER).map(" ".join),
        st.sampled_from(
            ["g == 'x'", "k >= 'hi'", "g in ['x', 'y']", "a not in [1, 2]", "g is missing", "k is not missing"]
        ),
    )
    return st.recursive(
        one,
        lambda inner: st.one_of(
            inner.map("not {}".format), inner.map("({})".format),
            st.lists(inner, min_size=2, max_size=40).map(" or ".join), st.lists(inner, min_size=2,
            max_size=40).map(" and ".join),
        ),
        max_leaves=60,
    )  # fmt: skip


def answered(text: str) -> bool:
    """Whether a filter can be read and asked of the survey; anything but UsageError passes through."""
    domain, refused = None, ""
    try:
        parse(text)
        domain = SURVEY.where(text).domain
    except UsageError as error:
        refused = str(error)
    assert len(refused) < 1_000
    if refused:
        return False
    assert domain is not None
    assert domain.shape == (len(FRAME),)
    assert domain.dtype == bool
    return True


@examples(600)
@given(text=st.lists(st.sampled_from(FILTER), min_size=1, max_size=14).map(" ".join))
def test_any_pieces_of_a_filter_are_answered_or_refused(text: str) -> None:
    answered(text)


@examples(200)
@given(text=comparisons())
def test_filters_of_the_grammar_are_answered_and_are_the_same_in_brackets(text: str) -> None:
    if len(text) > 9_000 or not answered(text):
        return
    np.testing.assert_array_equal(SURVEY.where(text).domain, SURVEY.where(f"(({text}))").domain)


@examples(100)
@given(text=st.text(max_size=40))
def test_any_letters_are_no_filter_and_no_formula_or_they_are(text: str) -> None:
    answered(text)
    with contextlib.suppress(UsageError):
        parse_formula(f"y ~ {text}")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (" or ".join(["a==2"] * 1_250), [1]),
        (" or ".join([f"a=={k}" for k in range(1_000)]), [0, 1, 3, 5]),
        (" and ".join(["b==1"] * 1_100), [0, 2, 3, 5]),
        ("not " * 2_001 + "b == 1", [1, 4]),
        ("b" + "<2>b" * 2_000 + " and b == 1", [0, 2, 3, 5]),
        ("not (" + " or ".join(["a == 2"] * 900) + ")", [0, 3, 4, 5]),
        ("a" + "+0" * 140 + " == 2", [1]),
        ("a in [" + ",".join(map(str, range(2_000))) + "]", [0, 1, 3, 5]),
    ],
)
def test_long_chains_work(text: str, rows: list[int]) -> None:
    assert len(text) <= 10_000
    assert np.flatnonzero(SURVEY.where(text).domain).tolist() == rows


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("a" + " or a" * 1_999, "a number where a comparison should be"),
        ("a" + "+a" * 3_000 + " > 1", "joins too many parts"),
        ("a" + "*a" * 3_000 + " > 1", "joins too many parts"),
        ("(" * 40 + "a" + "+a)" * 40 + "+a" * 130 + " > 1", "joins too many parts"),
        ("(" * 40 + "1<" * 30 + "a" + "<2)" * 40, "a comparison where a number should be"),
    ],
)
def test_longer_ones_are_refused_in_plain_words(text: str, match: str) -> None:
    with pytest.raises(UsageError, match=match) as caught:
        SURVEY.where(text)
    assert len(str(caught.value)) < 1_000


@examples(200)
@given(
    text=st.one_of(
        st.lists(st.sampled_from(FORMULA), min_size=1, max_size=12).map(" ".join),
        st.lists(st.sampled_from(FORMULA), min_size=1, max_size=10).map(lambda parts: "y ~ " + " ".join(parts)),
        st.lists(st.sampled_from(TERMS), min_size=1, max_size=5).map(lambda terms: "y ~ " + " + ".join(terms)),
    )
)
@pytest.mark.filterwarnings("error")
def test_any_formula_is_fitted_or_refused(text: str) -> None:
    refused = ""
    try:
        assert parse_formula(text).outcome
    except UsageError as error:
        refused = str(error)
    assert len(refused) < 1_000
    if not refused:
        with contextlib.suppress(sv.SurveyorError):
            SURVEY.regress(text).to_frame()


@pytest.mark.parametrize(
    "text",
    ["y ~ a" + " + a" * 2_400, "y ~ a" + ":a" * 4_900, "y ~ a" + "*a" * 4_900, "y ~ (a + b)^5" + "*(a + b)^5" * 500],
)
def test_long_formulas_are_read(text: str) -> None:
    assert {factor.name for factor in parse_formula(text).factors} <= {"a", "b"}


# --- XLSForm workbooks -------------------------------------------------------------------------------------------

FORM_CELLS = st.one_of(
    st.sampled_from(
        [
            None, "", " ", 0, 1, -5, 1.5, True, "1", "integer", "text", "select_one", "select_one nothing",
            "select_one yn", "select_multiple yn", "select_multiple yn or_other", "begin_group", "end_group",
            "begin repeat", "end repeat", "calculate", "note", "note x", "rank yn", "select_one_from_file a.csv", "id",
            "q1", "q 1", "1q", "q1\n", "小区", "{}", "${q1} = 1", "${q1} = ", "${q1", "${nothing} > 2",
            "selected(${q1}, '1')", "not(selected(${many}, '1'))", "(" * 60, ". >= 0 and . <= 99", ". > ",
            "1 or " * 1_500 + "1", "if(${q1} = 1, 2, 3)", "count-selected(.) <= 2", "yes", "=1+1", "-9", "97", "1e400",
            "x" * 5_000, "true()", "concat('a', \"b\")", "\u202e", "label::xx",
        ]
    ),
    st.text(max_size=6).filter(lambda text: not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(text)),
)  # fmt: skip


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form of ours: routing, ranges, several answers."""
    yes = Choices(codes={1: {"en": "yes", "zh": "是"}, 2: {"en": "no", "zh": "否"}}, alone=(2,))
    asked = Questionnaire(
        "form",
        (
            Item("id", {"en": "Number", "zh": "编号"}, "id"),
            Item("q1", {"en": "Owner", "zh": "业主"}, "nominal", "yn"),
            Item("q2", {"en": "Years", "zh": "年数"}, "integer", range=(0, 99), relevance="q1 == 1"),
            Item("many", {"en": "Several", "zh": "多选"}, "multiple", "yn", relevance="q1 == 1 or q2 > 5"),
            Item("say", {"en": "Remark", "zh": "意见"}, "text"),
        ),
        choices={"yn": yes},
        year=2026,
    )
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    write_xlsform(asked, path)
    assert [item.id for item in read_xlsform(path).items] == ["id", "q1", "q2", "many", "say"]
    return path


@examples(80)
@given(data=st.data())
def test_any_form_is_read_or_refused(data: st.DataObject, form: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(form)
    for _ in range(data.draw(st.integers(1, 4))):
        sheet = book[data.draw(st.sampled_from(book.sheetnames))]
        row = data.draw(st.integers(1, sheet.max_row + 1))
        match data.draw(st.sampled_from(["cell", "cell", "cell", "cell", "row", "column", "sheet"])):
            case "cell":
                sheet.cell(row, data.draw(st.integers(1, sheet.max_column + 1))).value = data.draw(FORM_CELLS)
            case "row":
                sheet.delete_rows(row)
            case "column":
                sheet.delete_cols(data.draw(st.integers(1, sheet.max_column)))
            case _:
                sheet.title = data.draw(st.sampled_from(["survey ", "Survey", "choices", "other"]))
    path = tmp_path / "changed.xlsx"
    book.save(path)
    with contextlib.suppress(sv.SurveyorError):
        asked = read_xlsform(path)
        assert asked.items
        write_xlsform(asked, tmp_path / "again.xlsx")
