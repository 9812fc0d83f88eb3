"""XLSForm: what is written converts without a warning and asks whom the questionnaire asks; what is read fits."""

from __future__ import annotations

import contextlib
import re
import zipfile
from dataclasses import fields
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from surveyor.errors import DefinitionError, FileError, UsageError
from surveyor.expressions import parse
from surveyor.questionnaire import Choices, Copied, Item, Questionnaire, Rule, Section
from surveyor.questionnaire.xlsform import read_xlsform, read_xlsform_with_remarks, write_xlsform
from surveyor.questionnaire.xlsform.recognised import recognised
from surveyor.questionnaire.xlsform.relevance import read_expression
from surveyor.questionnaire.xlsform.spoken import spoken
from surveyor.questionnaire.xlsform.translate import Known, Translation, Untranslatable
from surveyor.questionnaire.xlsform.xpath import XPath
from surveyor.questionnaire.yaml import load
from tests.conftest import ROOT

FILES = ("resident", "worker", "facts:compound", "facts:community", "copenhagen", "bloomington")


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """Every instrument, the workbook written from it, the XForm made of that, and the converter's warnings."""
    made = {}
    folder = tmp_path_factory.mktemp("forms")
    for name in FILES:
        file, _, level = name.partition(":")
        asked = load(ROOT / "questionnaires" / f"{file}.yaml", Questionnaire)
        asked = asked.table(level) if level else asked
        path = write_xlsform(asked, folder / f"{file}{level}.xlsx")
        warnings = []
        xform = convert(str(path), warnings=warnings).xform
        made[name] = asked, path, ElementTree.fromstring(xform), warnings
    return made


def binds(root):
    """Item -> what its bind says, with names in place of paths."""
    found = {}
    for bind in root.iter("{http://www.w3.org/2002/xforms}bind"):
        said = {
            key.rpartition("}")[2]: re.sub(r"\s*/\w+(?:/\w+)*/(\w+)\s*", r"{\1}", cell) for key, cell in bind.items()
        }
        found[bind.get("nodeset").rpartition("/")[2]] = said
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_instrument_converts_without_a_warning(forms, name):
    asked, path, root, warnings = forms[name]
    assert warnings == []
    spoken_in = {
        each.get("lang"): each.get("default") for each in root.iter("{http://www.w3.org/2002/xforms}translation")
    }
    assert spoken_in == {"中文 (zh)": "true()", "English (en)": None}
    headings = [cell.value for cell in load_workbook(path)["survey"][1]]
    assert "label::中文 (zh)" in headings
    assert "label::English (en)" in headings
    assert "label" not in headings
    assert all(each == each.lower() for each in binds(root) if each != "instanceID")
    assert len(binds(root)) >= len(asked.items)


@pytest.mark.parametrize("name", FILES)
def test_every_instrument_comes_back(forms, name):
    asked, path, _, _ = forms[name]
    back, remarks = read_xlsform_with_remarks(path)
    assert remarks == ()
    assert [item.id for item in back.items] == [item.id for item in asked.items]
    for field in fields(Item):
        before = {item.id: getattr(item, field.name) for item in asked.items}
        assert {item.id: getattr(item, field.name) for item in back.items} == before, field.name
    for list_name, choices in back.choices.items():
        assert (choices.codes, choices.alone) == (asked.choices[list_name].codes, asked.choices[list_name].alone)
    kept = ("name", "title", "intro", "sections", "level", "year", "version")
    assert {key: getattr(back, key) for key in kept} == {key: getattr(asked, key) for key in kept}


SOME = "{re01} > 0 or {re02} > 0 or {re03} > 0 or {re04} > 0 or {re05} > 0 or {re06} > 0"
RELEVANT = {
    "rs06": "{rs05} = '1'", "ra03": "{ra02} = '1' or {ra02} = '2'", "re07": SOME, "re07s": SOME, "re08": "{re07} >= 0",
    "re09": "{re08} = '0'", "re11": "{re07s} >= 3", "rd06": "{rd01} = '2' or {rd01} = '3'", "rd14": "{rd13} > 0",
    "rc12": "selected({rc11}, '0')", "rc16": "{rc14} <= 3 and {rc14} >= 0",
    "section_a": "{rs05} = '1' and {rs08} >= 6",
}  # fmt: skip
CONSTRAINTS = {
    "rs06": "(. >= 1 and . <= 15) or . = -1 or . = -2",
    "rh02": "(. >= 1915 and . <= int(format-date(today(), '%Y')) - 18) or . = -1 or . = -2",
    "rd11": "not(selected(., '0') and count-selected(.) > 1) and not(selected(., '-1') and count-selected(.) > 1) and "
    "not(selected(., '-2') and count-selected(.) > 1) and count-selected(.) <= 3",
    "re07": "not(. = '1' and{re01}= '0' or . = '2' and{re02}= '0' or . = '3' and{re03}= '0' or . = '4' and{re04}= '0' "
    "or . = '5' and{re05}= '0' or . = '6' and{re06}= '0')",
}  # fmt: skip


def test_the_form_asks_whom_the_questionnaire_asks(forms):
    found = binds(forms["resident"][2])
    for name, relevant in RELEVANT.items():
        assert found[name]["relevant"].replace(" ", "") == relevant.replace(" ", ""), name
    assert "relevant" not in found["ra01"]
    for name, constraint in CONSTRAINTS.items():
        assert found[name]["constraint"].replace(" ", "") == constraint.replace(" ", ""), name
    nested = "if({re07}='1',{re01},if({re07}='2',{re02},if({re07}='3',{re03},"
    assert found["re07s"]["calculate"].replace(" ", "").startswith(nested)
    facts = binds(forms["facts:compound"][2])
    assert facts["f15"]["relevant"].replace(" ", "") == "{f14}!='5'and{f14}>=0"
    types = {name: found[name].get("type") for name in ("rs01", "rb01", "rb12", "rc11", "re07s")}
    assert types == {"rs01": "string", "rb01": "int", "rb12": "string", "rc11": "string", "re07s": "string"}
    assert found["rb06"]["required"] == "true()"
    assert "required" not in found["rs01"]


def test_every_list_ends_with_dont_know_and_refused(forms):
    asked, path, _, _ = forms["resident"]
    rows = list(load_workbook(path)["choices"].iter_rows(min_row=2, values_only=True))
    for name in {item.choices for item in asked.items if item.choices}:
        mine = [row[1:] for row in rows if row[0] == name]
        assert mine[-2:] == [("-1", "不知道", "don't know"), ("-2", "拒绝回答", "refused")], name
        assert len(mine) == len(asked.choices[name].codes) + 2


# ---- what the expressions mean, with libxml2 as judge -------------------------------------------------------------

NUMBERED = {n: {"en": f"answer {n}", "zh": f"第{n}"} for n in range(4)}
TINY = Questionnaire(
    name="tiny",
    items=(
        Item(id="a", label={"en": "A"}, type="ordinal", choices="four"),
        Item(id="b", label={"en": "B"}, type="nominal", choices="four"),
        Item(id="n", label={"en": "N"}, type="integer", range=(0, 9)),
        Item(id="z", label={"en": "Z"}, type="number"),
        Item(id="m", label={"en": "M"}, type="multiple", choices="four", most=2),
    ),
    choices={"four": Choices(codes=NUMBERED, alone=(0,))},
)
COLUMNS = [column.id for column in TINY.columns]


def selected(_, nodes, code):
    return code in ("".join(nodes[0].itertext())).split()


def count_selected(_, nodes):
    return float(len("".join(nodes[0].itertext()).split()))


FUNCTIONS = etree.FunctionNamespace(None)
FUNCTIONS["selected"] = selected
FUNCTIONS["count-selected"] = count_selected
FUNCTIONS["int"] = lambda _, value: float(int(value))
FUNCTIONS["today"] = lambda _: "today"
FUNCTIONS["format-date"] = lambda _, day, form: float(date.today().year)


def judged(expression, answers, here=None):
    """What an XPath engine says of an expression, given the answers as the form stores them."""
    root = etree.Element("d")
    for name, answer in answers.items():
        etree.SubElement(root, name).text = answer
    at = root.find(here) if here else root
    return bool(at.xpath(re.sub(r"\$\{(\w+)\}", r"/d/\1", expression)))


def meant(text, answers):
    """What surveyor's own language says, with missing codes missing."""
    numbers = {}
    for name, answer in answers.items():
        if name == "m":
            known = answer not in ("", "-1", "-2")
            numbers |= {f"m_{c}": float(str(c) in answer.split()) if known else np.nan for c in range(4)}
        else:
            numbers[name] = np.nan if answer in ("", "-1", "-2") else float(answer)
    frame = {name: np.array([value]) for name, value in numbers.items()}
    return bool(parse(text).evaluate(frame.__getitem__, lambda name, word: float(word[-1]))[0])


ANSWERS = st.fixed_dictionaries(
    {
        "a": st.sampled_from(["", "-1", "-2", "0", "1", "2", "3"]),
        "b": st.sampled_from(["", "-1", "-2", "0", "1", "2", "3"]),
        "n": st.sampled_from(["", "-1", "-2", "0", "3", "9"]),
        "z": st.sampled_from(["", "-1", "-2", "0", "1.5", "-7"]),
        "m": st.sampled_from(["", "-1", "-2", "0", "1", "1 3", "2 3"]),
    }
)
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
LEAVES = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(["a", "b", "n", "z"]), SIGNS, st.sampled_from(["0", "1", "3", "2"])),
    st.builds("{} {} {}".format, st.sampled_from(["1", "2"]), SIGNS, st.sampled_from(["a", "n", "z"])),
    st.builds("a {} n".format, SIGNS),
    st.builds("{} + z {} n * 2 - 1".format, st.sampled_from(["a", "n", "m_1"]), SIGNS),
    st.builds("z {} -3".format, SIGNS),
    st.builds("m_{} {} {}".format, st.integers(0, 3), st.sampled_from(["==", "!=", ">"]), st.integers(0, 1)),
    st.builds("{} is missing".format, st.sampled_from(["a", "n", "z", "m_2"])),
    st.builds("{} is not missing".format, st.sampled_from(["a", "n", "z", "m_2"])),
    st.sampled_from(["a in [1, 3]", "n not in [0, 3]", "b == 'answer 2'", "a != 'answer 1'", "m_0 + m_1 + m_3 >= 1"]),
)
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=5,
)


def known(asked):
    """What a reader of the form knows of its items."""
    codes = {str(code): code for code in (*range(4), -1, -2)}
    listed = {item.id: Known(item, codes if item.choices else {}, item.id in "abnm") for item in asked.items}
    return listed


@settings(max_examples=400, deadline=None, derandomize=True)
@given(FILTERS, ANSWERS)
def test_a_filter_means_the_same_in_the_form(text, answers):
    written = XPath(TINY).written(text)
    assert judged(written, answers) == meant(text, answers), written


@settings(max_examples=300, deadline=None, derandomize=True)
@given(FILTERS, ANSWERS)
def test_a_filter_comes_back_with_its_meaning(text, answers):
    written = XPath(TINY).written(text)
    back = spoken(Translation(known(TINY)).truth(read_expression(written)))
    assert meant(back, answers) == meant(text, answers), (written, back)


FOREIGN_LEAVES = st.one_of(
    st.builds("${{{}}} {} {}".format, st.sampled_from(["a", "n"]), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
              st.sampled_from(["'1'", "3", "0"])),
    st.builds("selected(${{{}}}, '{}')".format, st.sampled_from(["a", "m"]), st.integers(0, 3)),
    st.builds("${{{}}} {} ''".format, st.sampled_from(["a", "n", "m"]), st.sampled_from(["=", "!="])),
    st.sampled_from(["number(${a}) > 1", "${n} - ${a} >= 1", "'2' = ${b}", "${n} * 2 != 6"]),
    st.sampled_from(["${a} = ${b}", "${b} != ${a}"]),
)  # fmt: skip
FOREIGN = st.recursive(
    FOREIGN_LEAVES,
    lambda inner: st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(FOREIGN, ANSWERS)
def test_a_foreign_filter_means_the_same_here(text, answers):
    """Forms of others know no -1 and -2."""
    answers = {name: "" if answer.startswith("-") else answer for name, answer in answers.items()}
    read = spoken(Translation(known(TINY)).truth(read_expression(text)))
    assert meant(read, answers) == judged(text, answers), read


@pytest.mark.parametrize(
    ("item", "answer", "accepted"),
    [
        ("rb01", "0", True), ("rb01", "500", True), ("rb01", "501", False), ("rb01", "-1", True), ("rb01", "-2", True),
        ("rb01", "-3", False), ("ra01", str(date.today().year), True), ("ra01", str(date.today().year + 1), False),
        ("rh02", str(date.today().year - 17), False), ("rh02", str(date.today().year - 18), True),
        ("rd11", "1 2 3", True), ("rd11", "1 2 3 4", False), ("rd11", "0", True), ("rd11", "0 1", False),
        ("rd11", "-1", True), ("rd11", "-1 2", False), ("rd11", "-1 -2", False), ("rc11", "0 2", False),
        ("re07", "1", False), ("re07", "2", True), ("re07", "3", True), ("re07", "-1", True),
    ],
)  # fmt: skip
def test_what_the_form_accepts(forms, item, answer, accepted):
    path = forms["resident"][1]
    rows = list(load_workbook(path)["survey"].iter_rows(values_only=True))
    constraint = next(row[rows[0].index("constraint")] for row in rows if row[rows[0].index("name")] == item)
    answers = {"re01": "0", "re02": "4", "re03": "", "re04": "-1", "re05": "0", "re06": "0"} | {item: answer}
    assert judged(constraint, answers, here=item) is accepted


def test_a_rule_does_not_stop_who_refused(forms):
    path = forms["worker"][1]
    rows = list(load_workbook(path)["survey"].iter_rows(values_only=True))
    constraint = next(row[rows[0].index("constraint")] for row in rows if row[rows[0].index("name")] == "we04")
    for solved, passed, unsolved, accepted in (("5", "3", "2", True), ("5", "3", "3", False), ("-2", "3", "3", True)):
        answers = {"we02": solved, "we03": passed, "we04": unsolved}
        assert judged(constraint, answers, here="we04") is accepted


# ---- writing ------------------------------------------------------------------------------------------------------


def test_two_kinds_of_rows_are_two_forms(tmp_path):
    asked = load(ROOT / "questionnaires" / "facts.yaml", Questionnaire)
    with pytest.raises(UsageError, match=r"rows of two kinds.*asked\.table\('compound'\)"):
        write_xlsform(asked, tmp_path / "facts.xlsx")
    assert not (tmp_path / "facts.xlsx").exists()


def test_ids_that_no_form_allows_are_refused(tmp_path):
    asked = Questionnaire(name="x", items=(Item(id="年龄", label={"zh": "年龄"}, type="integer"),))
    with pytest.raises(UsageError, match="'年龄' cannot be exported under this id"):
        write_xlsform(asked, tmp_path / "x.xlsx")


def test_one_language_hints_and_cells_like_formulas(tmp_path):
    asked = Questionnaire(
        name="Yearly survey 2", intro={"en": "Hello"},
        items=(
            Item(id="a", label={"en": "=1+1"}, type="integer", range=(-5, 5), hint={"en": "In years"}, personal=True),
            Item(id="b", label={"en": "+b"}, type="number", relevance="a > -2"),
            Item(id="w", label={"en": "Weight"}, type="weight"),
            Item(id="c", label={"en": "C"}, type="nominal", choices="my list", concept="X", reversed=True),
        ),
        choices={"my list": Choices(codes={1: {"en": "@one"}, 2: {"en": "two"}})},
    )  # fmt: skip
    path = write_xlsform(asked, tmp_path / "x.xlsx")
    warnings = []
    assert 'lang="English (en)"' in convert(str(path), warnings=warnings).xform
    assert warnings == []
    cells = [cell for row in load_workbook(path)["survey"] for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    settings_ = list(load_workbook(path)["settings"].iter_rows(values_only=True))
    found = dict(zip(*settings_, strict=True))
    assert (found["form_id"], found["version"], found["default_language"]) == ("yearly_survey_2", "1", "English (en)")
    back = read_xlsform(path)
    assert back.items == asked.items
    assert back.intro == asked.intro
    assert back.choices == asked.choices


def test_an_earlier_form_survives_a_failure(tmp_path):
    path = tmp_path / "x.xlsx"
    asked = Questionnaire(name="x", items=(Item(id="a", label={"en": "A"}, type="text"),))
    write_xlsform(asked, path)
    before = path.read_bytes()
    with pytest.raises(UsageError):
        write_xlsform(Questionnaire(name="x", items=(Item(id="a b", label={"en": "A"}, type="text"),)), path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["x.xlsx"]


# ---- reading what others wrote --------------------------------------------------------------------------------------


def form(tmp_path, survey, choices=(), settings=(), name="form.xlsx"):
    """A workbook with these sheets."""
    book = Workbook()
    book.active.title = "survey"
    for row in survey:
        book.active.append(row)
    for title, rows in (("choices", choices), ("settings", settings)):
        if rows:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
    path = tmp_path / name
    book.save(path)
    return path


YES_NO = [["list name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


def test_a_foreign_form(tmp_path):
    path = form(
        tmp_path,
        [
            ["type", "name", "label", "relevant", "constraint", "constraint message", "calculation", "hint"],
            ["start", "start"],
            ["note", "hello", "Welcome"],
            ["select one yn", "work", "Do you work?"],
            ["begin group", "job", "Your job", "${work} = 'yes'"],
            ["integer", "hours", "Hours a week", None, ". > 0 and . <= 100", "At most 100"],
            ["decimal", "pay", "Pay", None, ". >= 0", "Not below nothing", None, "a month"],
            ["end group"],
            [
                "select_multiple yn or_other",
                "why",
                "Why not?",
                "not(selected(${work}, 'yes'))",
                "count-selected(.) < 3",
            ],
            ["calculate", "total", None, None, None, None, "${hours} * ${pay}"],
            ["geopoint", "place", "Where?"],
            ["begin_repeat", "child", "Children"],
            ["integer", "age", "Age of the child"],
            ["end_repeat"],
            ["text", "last", "Anything else?", "string-length(${hours}) > 1"],
            ["range", "score", "Points", "${why} != '' and ${hours} > 40"],
            ["date", "day", "Which day?"],
        ],
        YES_NO,
        [["form_title", "form_id"], ["A foreign form", "foreign"]],
    )
    asked, remarks = read_xlsform_with_remarks(path)
    found = {item.id: item for item in asked.items}
    assert list(found) == ["work", "hours", "pay", "why", "why_other", "last", "score", "day"]
    assert {name: item.type for name, item in found.items()} == {
        "work": "nominal", "hours": "integer", "pay": "number", "why": "multiple", "why_other": "text", "last": "text",
        "score": "integer", "day": "date",
    }  # fmt: skip
    assert asked.choices["yn"].codes == {1: {"en": "Yes"}, 2: {"en": "No"}}
    assert asked.choices["yn_other"].codes == {1: {"en": "Yes"}, 2: {"en": "No"}, 3: {"en": "Other"}}
    assert asked.sections["job"] == Section(title={"en": "Your job"}, relevance="work == 1")
    assert found["hours"].section == found["pay"].section == "job"
    assert found["why"].section is None
    assert (found["hours"].range, found["score"].range) == ((1, 100), (1, 10))
    assert found["why"].relevance == "work != 1 or work is missing"
    assert found["why"].most == 2
    assert (found["why_other"].relevance, found["last"].relevance) == ("why_3 == 1", "")
    assert found["score"].relevance == "why_1 is not missing and hours > 40"
    assert asked.checks["pay_1"] == Rule(when="not pay >= 0", label={"en": "Not below nothing"}, action="constraint")
    assert (asked.name, asked.title, found["pay"].hint) == ("foreign", {"en": "A foreign form"}, {"en": "a month"})
    said = "\n".join(remarks)
    for part in (
        "form.xlsx, sheet 'choices', list 'yn': choices became numbers: yes → 1, no → 2",
        "row 2: 'start' (start) was left out", "row 3: 'hello' (note) was left out",
        "row 10, column 'calculation': 'total' was left out", "row 11: 'place' (geopoint) was left out",
        "row 12: the repeat 'child' was left out", "row 13: 'age' stands in a repeat",
        "row 15, column 'relevant': who is asked 'last' was left out: the function string-length() has no counterpart",
        "row 9: or_other became the answer 3 of 'why' and a text 'why_other'",
        "questions with one answer are read as nominal",
    ):  # fmt: skip
        assert part in said, part
    assert len(remarks) == 10


@pytest.mark.parametrize(
    ("headings", "labels"),
    [
        (["label::English (en)", "label::中文 (zh)"], {"en": "one", "zh": "two"}),
        (["label::Chinese", "label::English"], {"en": "two", "zh": "one"}),
        (["label : zh-CN", "label::Français (fr)"], {"zh": "one"}),
        (["label::Français (fr)", "label::Deutsch"], {"en": "one"}),
        (["Label", "hint"], {"en": "one"}),
        (["caption", "label::中文"], {"en": "one", "zh": "two"}),
    ],
)
def test_languages_of_a_foreign_form(tmp_path, headings, labels):
    path = form(tmp_path, [["type", "name", *headings], ["text", "a", "one", "two"]])
    asked, remarks = read_xlsform_with_remarks(path)
    assert asked.items[0].label == labels
    assert bool(remarks) == any("Français" in each for each in headings)


def test_a_label_without_language_is_in_the_language_of_its_letters(tmp_path):
    path = form(tmp_path, [["type", "name", "label"], ["text", "a", "您的姓名？"]])
    assert read_xlsform(path).items[0].label == {"zh": "您的姓名？"}


def test_the_routing_of_the_brief_reads_as_it_was_meant(tmp_path):
    """Expressions as the instruments' own tables have them."""
    listed = [
        ["list_name", "name", "label"],
        *(["m", n, f"m{n}"] for n in range(1, 4)),
        ["r", 0, "none"],
        ["r", 1, "one"],
    ]
    head = ["type", "name", "label", "relevant", "calculation"]
    path = form(
        tmp_path,
        [
            head, ["select_one m", "x1", "X1"], ["select_one m", "x2", "X2"], ["select_one m", "x3", "X3"],
            ["select_one m", "by", "By", "${x1} > 0 or ${x2} > 0"],
            ["calculate", "got", "Got", "${x1} > 0", "if(${by} = '1', ${x1}, if(${by} = '2', ${x2}, ${x3}))"],
            ["select_multiple r", "roles", "Roles", "${by} != ''"],
            ["text", "t", "T", "selected(${roles}, '0') and (${got} = '1' or ${got} = '3')"],
            ["text", "u", "U", "${got} <= 2"],
        ],
        listed,
    )  # fmt: skip
    asked = read_xlsform(path)
    assert {item.id: item.relevance for item in asked.items if item.relevance} == {
        "by": "x1 > 0 or x2 > 0", "got": "x1 > 0", "roles": "by is not missing",
        "t": "roles_0 == 1 and got in [1, 3]", "u": "got <= 2",
    }  # fmt: skip
    assert asked.item("got").copied == Copied(by="by", of={1: "x1", 2: "x2", 3: "x3"})
    assert asked.item("got").choices == "m"


BAD = {
    "type": ([["type", "name", "label"], ["selct_one", "a", "A"]], [],
             r"form\.xlsx, sheet 'survey', row 2, column 'type': 'selct_one' is no type\. Did you mean 'select_one'\?"),
    "list": ([["type", "name", "label"], ["text", "t", "T"], ["select_one yesno", "a", "A"]],
             [["list_name", "name", "label"], ["yes_no", "1", "Yes"]],
             r"sheet 'survey', row 3, column 'type': there is no list 'yesno'.* for 'a'\. Did you mean 'yes_no'\?"),
    "twice": ([["type", "name", "label"], ["text", "a", "A"], [], ["text", "a", "B"]], [],
              r"row 4, column 'name': two questions are called 'a'; the other is in row 2\. Give one"),
    "file": ([["type", "name", "label"], ["select_one_from_file x.csv", "a", "A"]], [],
             r"row 2, column 'type': the answers of this question are in another file\. Copy them"),
    "open": ([["type", "name", "label"], ["begin_group", "g", "G"], ["text", "a", "A"]], [],
             r"row 2: a group is opened here and never closed\. Add a row of type end_group"),
    "end": ([["type", "name", "label"], ["text", "a", "A"], ["end group"]], [],
            r"row 3, column 'type': there is no open group to end"),
    "name": ([["type", "name", "label"], ["text", None, "A"]], [], r"row 2, column 'name': the column is empty"),
    "column": ([["type", "nam", "label"], ["text", "a", "A"]], [],
               r"sheet 'survey', row 1: there is no column 'name'\. Did you mean 'nam'\?"),
    "heading": ([["type", "name", "label", "Label"], ["text", "a", "A"]], [], r"row 1: two columns are headed 'Label'"),
    "code": ([["type", "name", "label"], ["select_one l", "a", "A"]],
             [["list_name", "name", "label"], ["l", 1, "x"], ["l", 1, "y"]],
             r"sheet 'choices', row 3, column 'name': the list 'l' has the choice '1' here and in row 2"),
    "label": ([["type", "name", "label"], ["select_one l", "a", "A"]],
              [["list_name", "name", "label"], ["l", 1, "x"], ["l", 2, "x"]],
              r"sheet 'choices': list 'l': two answers are called 'x'"),
    "gap": ([["type", "name", "label"], ["select_one l", "a", "A"]],
            [["list_name", "name", "label"], ["l", 1, "x"], [None, 2, "y"]],
            r"sheet 'choices', row 3: the column 'list_name' is empty"),
    "empty": ([["type", "name", "label"], ["note", "a", "A"]], [], "the form asks nothing"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_errors_say_where_and_what_to_do(tmp_path, case):
    survey, choices, said = BAD[case]
    with pytest.raises(DefinitionError, match=said):
        read_xlsform(form(tmp_path, survey, choices))


@pytest.mark.parametrize(
    "relevant",
    [
        "${b} = 1",
        "${a} = '9'",
        "${a} = ",
        "pulldata('x', ${a})",
        "../a = 1",
        "${a} = '-1'",
        "“1” = ${a}",
        "(" * 80,
        " or ".join(["${a} = '1'"] * 700),
        "${m} = 1",
    ],
)
def test_what_cannot_be_said_here_is_left_out_with_a_remark(tmp_path, relevant):
    survey = [["type", "name", "label", "relevant"], ["select_one l", "a", "A"], ["select_multiple l", "m", "M"],
              ["text", "t", "T", relevant], ["text", "b", "B"]]  # fmt: skip
    asked, remarks = read_xlsform_with_remarks(form(tmp_path, survey, [["list_name", "name", "label"], ["l", 1, "x"]]))
    assert asked.item("t").relevance == ""
    assert any("form.xlsx, sheet 'survey', row 4, column 'relevant': " in each and "'t'" in each for each in remarks)


PIECES = st.lists(
    st.sampled_from(["${a}", "${m}", "${n}", ".", "'1'", "''", "2", "-", "=", "!=", ">=", "and", "or", "div", "(", ")",
                     "not(", "selected(", ",", "count-selected(", "today()", "'inf'", "'nan'", "if("]),
    max_size=12,
)  # fmt: skip


@settings(max_examples=500, deadline=None, derandomize=True)
@given(PIECES)
def test_no_expression_breaks_the_reader(pieces):
    text = "a == 1"
    with contextlib.suppress(UsageError, Untranslatable):
        tree = read_expression(" ".join(pieces))
        recognised(tree, True)
        text = spoken(Translation(known(TINY), "n").truth(tree))
    assert set(parse(text).names) <= set(COLUMNS)


def test_missing_codes_in_a_foreign_list(tmp_path):
    choices = [["list_name", "name", "label"], ["l", 1, "good"], ["l", -1, "no idea"], ["l", -99, "no answer"]]
    asked, remarks = read_xlsform_with_remarks(
        form(tmp_path, [["type", "name", "label"], ["select_one l", "a", "A"]], choices)
    )
    assert list(asked.choices["l"].codes) == [1, -99]
    assert any("-1 'no idea' is read as the missing code 'don't know'" in each for each in remarks)
    assert any("-99 looks like a missing code" in each for each in remarks)


def test_strange_files_are_refused(tmp_path):
    text = tmp_path / "a.xlsx"
    text.write_text("type,name\n")
    with pytest.raises(FileError, match=r"this is no \.xlsx workbook"):
        read_xlsform(text)
    with pytest.raises(FileError, match="there is no such file"):
        read_xlsform(tmp_path / "none.xlsx")
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<a/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 21_000_000)
    with pytest.raises(FileError, match="unpacks to more than 20 MB"):
        read_xlsform(bomb)
    torn = tmp_path / "torn.xlsx"
    with zipfile.ZipFile(torn, "w") as packed:
        packed.writestr("xl/workbook.xml", "<a")
    with pytest.raises(FileError, match="damaged"):
        read_xlsform(torn)
    path = form(tmp_path, [["a"]])
    book = load_workbook(path)
    book.active.title = "surveys"
    book.save(path)
    with pytest.raises(DefinitionError, match=r"no sheet 'survey'.*Did you mean 'surveys'"):
        read_xlsform(path)
