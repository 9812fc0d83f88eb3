"""The paper form: every question with its codes, routing in words, real Word tables, the same bytes each time."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn

from surveyor.questionnaire import Choices, Item, Questionnaire, Section
from surveyor.questionnaire.paper import write_paper
from surveyor.questionnaire.yaml import load
from tests.conftest import ROOT

FIXED = "\N{NO-BREAK SPACE}"


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


@pytest.fixture
def small() -> Questionnaire:
    agree = {1: both("Disagree", "不同意"), 2: both("Neither", "一般"), 3: both("Agree", "同意")}
    points = {code: both(str(code), f"{code}分") for code in range(11)}
    how = {1: both("By phone", "电话"), 0: both("None of these", "都没有")}
    often = "How often do you do this: "
    items = (
        Item("case", both("Case", "编号"), "id", text=both("Case number", "样本编号"), section="A"),
        Item("owner", both("Owner", "业主"), "nominal", "yes", text=both("Do you own it?", "是您的吗？"), section="A"),
        Item("fee", both("Fee", "费用"), "number", range=(0, 50), relevance="owner == 1", section="A"),
        Item("born", both("Born", "出生"), "integer", range=(1915, "year - 18"), section="A"),
        Item("a1", both("A1", "甲"), "ordinal", "agree", text=both(often + "walk?", "您常做吗：散步？"), section="B"),
        Item("a2", both("A2", "乙"), "ordinal", "agree", text=both(often + "talk?", "您常做吗：聊天？"), section="B"),
        Item("points", both("Points", "分数"), "integer", "points", range=(0, 10), section="B"),
        Item("how", both("How", "方式"), "multiple", "how", most=1, section="B"),
        Item("stage", both("Stage", "阶段"), "weight", section="B"),
        Item("other", both("Other", "其他"), "text", section="B", hint=both("In your words", "请用自己的话")),
    )
    return Questionnaire(
        "small",
        items,
        title=both("A {form}", "一份问卷"),
        version="7",
        year=2026,
        intro=both("Taking part is voluntary.", "自愿参加。"),
        choices={
            "yes": Choices({1: both("Yes", "是"), 0: both("No", "否")}),
            "agree": Choices(agree),
            "points": Choices(points),
            "how": Choices(how, alone=(0,)),
        },
        sections={"A": Section(both("Home", "住房")), "B": Section(both("Life", "生活"), "owner == 1")},
        rotations=(("a1", "a2"),),
    )


def opened(asked: Questionnaire, folder: Path, lang: str = "en") -> docx.document.Document:
    return docx.Document(str(write_paper(asked, folder / "form.docx", lang)))


def lines(form: docx.document.Document) -> list[str]:
    return [paragraph.text.replace(FIXED, " ") for paragraph in form.paragraphs]


def line_with(form: docx.document.Document, text: str) -> str:
    return next(line for line in lines(form) if text in line)


def cells(form: docx.document.Document, at: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in form.tables[at].rows]


def test_title_version_introduction_and_sections(small: Questionnaire, tmp_path: Path) -> None:
    shown = lines(opened(small, tmp_path))
    assert shown[:3] == ["A {form}", "Version 7", "Taking part is voluntary."]
    assert "A  Home" in shown
    assert "B  Life" in shown
    assert "Numbers beside the boxes are codes. For interviewers: −1 = don't know; −2 = refused." in shown
    assert "A  住房" in lines(opened(small, tmp_path, "zh"))


def test_boxes_carry_their_codes(small: Questionnaire, tmp_path: Path) -> None:
    form = opened(small, tmp_path)
    assert line_with(form, "☐ 1 Yes").startswith("☐ 1 Yes    ☐ 0 No")
    assert line_with(form, "☐ 1 By phone").startswith("☐ 1 By phone    ☐ 0 None of these")
    assert "Choose at most 1; 'None of these' goes with no other answer" in lines(form)
    assert line_with(opened(small, tmp_path, "zh"), "☐ 1 是").startswith("☐ 1 是    ☐ 0 否")


def test_a_scale_of_points_stands_on_one_line(small: Questionnaire, tmp_path: Path) -> None:
    assert line_with(opened(small, tmp_path), "☐ 10").startswith(
        "☐ 0  ☐ 1  ☐ 2  ☐ 3  ☐ 4  ☐ 5  ☐ 6  ☐ 7  ☐ 8  ☐ 9  ☐ 10"
    )


def test_numbers_have_a_place_for_each_figure_and_a_range(small: Questionnaire, tmp_path: Path) -> None:
    form = opened(small, tmp_path)
    assert line_with(form, "1915 to 2008").startswith("|__|__|__|__|   1915 to 2008")
    assert line_with(form, "0 to 50").startswith("|__|__|.|__|   0 to 50")
    assert "☐ −1" in line_with(form, "1915 to 2008")
    assert "☐ −2" in line_with(form, "1915 to 2008")


def test_routing_stands_before_the_question(small: Questionnaire, tmp_path: Path) -> None:
    shown = lines(opened(small, tmp_path))
    at = shown.index("→ Only if owner (owner) is 'Yes'")
    assert shown[at + 1] == "fee\tFee"
    assert "→ This part only if owner (owner) is 'Yes'" in shown
    assert "→ 仅当业主（owner）为“是”时回答" in lines(opened(small, tmp_path, "zh"))


def test_items_with_one_list_are_a_table(small: Questionnaire, tmp_path: Path) -> None:
    form = opened(small, tmp_path)
    assert "How often do you do this:" in lines(form)
    assert cells(form, 1) == [
        ["", "Question", "Disagree", "Neither", "Agree", "−1", "−2"],
        ["a1", "walk?", "☐1", "☐2", "☐3", "☐", "☐"],
        ["a2", "talk?", "☐1", "☐2", "☐3", "☐", "☐"],
    ]
    head = form.tables[1].rows[0]._tr.trPr
    assert head.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in form.tables[1].rows)
    assert "Interviewer: ask a1 to a2 in the order given for this case, and note that order." in lines(form)


def test_identifiers_have_boxes_at_the_head(small: Questionnaire, tmp_path: Path) -> None:
    assert cells(opened(small, tmp_path), 0)[0][:2] == ["case  Case number", ""]


def test_what_is_never_asked_is_not_on_the_form(small: Questionnaire, tmp_path: Path) -> None:
    assert not any("stage" in line for line in lines(opened(small, tmp_path)))


def test_a_question_stays_with_its_answers(small: Questionnaire, tmp_path: Path) -> None:
    form = opened(small, tmp_path)
    at = next(i for i, paragraph in enumerate(form.paragraphs) if paragraph.text.startswith("owner\t"))
    assert form.paragraphs[at].paragraph_format.keep_with_next
    assert not form.paragraphs[at + 1].paragraph_format.keep_with_next


def test_the_same_questionnaire_gives_the_same_bytes(small: Questionnaire, tmp_path: Path) -> None:
    first = write_paper(small, tmp_path / "a.docx").read_bytes()
    assert write_paper(small, tmp_path / "b.docx").read_bytes() == first
    with zipfile.ZipFile(tmp_path / "a.docx") as made:
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in made.namelist() if "thumbnail" in name]


def test_nothing_tells_who_wrote_it(small: Questionnaire, tmp_path: Path) -> None:
    about = opened(small, tmp_path).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == about.modified
    assert about.title == "A {form}"


def test_fonts_are_named_for_latin_and_chinese(small: Questionnaire, tmp_path: Path) -> None:
    write_paper(small, tmp_path / "a.docx", "zh")
    with zipfile.ZipFile(tmp_path / "a.docx") as made:
        styles = ElementTree.fromstring(made.read("word/styles.xml"))
        names = {key.rpartition("}")[2] for fonts in styles.iter(qn("w:rFonts")) for key in fonts.attrib}
        footer = made.read("word/footer1.xml").decode()
    assert {fonts.get(qn("w:eastAsia")) for fonts in styles.iter(qn("w:rFonts"))} == {"Microsoft YaHei"}
    assert not [name for name in names if "Theme" in name]
    assert "PAGE" in footer
    assert "NUMPAGES" in footer


def test_the_page_is_a4(small: Questionnaire, tmp_path: Path) -> None:
    page = opened(small, tmp_path).sections[0]
    assert page.page_width.mm == pytest.approx(210, abs=0.1)
    assert page.page_height.mm == pytest.approx(297, abs=0.1)


def test_control_characters_are_shown_and_told(tmp_path: Path) -> None:
    asked = Questionnaire("q", (Item("a", {"en": "bad\x00sign <b>&"}, "text"),))
    with pytest.warns(UserWarning, match="1 control character"):
        form = opened(asked, tmp_path)
    assert "a\tbad\ufffdsign <b>&" in lines(form)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_question_of_the_shipped_forms_is_there(lang: str, tmp_path: Path) -> None:
    for name in ("resident", "worker", "facts"):
        asked = load(ROOT / "questionnaires" / f"{name}.yaml", Questionnaire)
        form = opened(asked, tmp_path, lang)
        text = "\n".join(
            lines(form) + [cell for at in range(len(form.tables)) for row in cells(form, at) for cell in row]
        )
        missing = [
            item.id
            for item in asked.items
            if item.type != "calculated"
            and f"{item.id}\t" not in text
            and f"\n{item.id}\n" not in text
            and f"{item.id}  " not in text
        ]
        assert not missing, name
