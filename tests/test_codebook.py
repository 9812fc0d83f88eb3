"""Routing in words, and the codebook as a page and as Markdown."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from surveyor.expressions import parse
from surveyor.questionnaire import Choices, Copied, Item, Questionnaire, Rule, Scale, Section
from surveyor.questionnaire.codebook import codebook_html, codebook_markdown
from surveyor.questionnaire.frequencies import Frequencies
from surveyor.questionnaire.outline import outline
from surveyor.questionnaire.routing import condition, in_words
from surveyor.questionnaire.yaml import load
from tests.conftest import ROOT

EVIL = "<script>alert(1)</script> | \"x\" 'y' & `z` [a](b) *c* ]]> \u202e"


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


TENURE = Choices({1: both("Owned", "自有"), 2: both("Owned by family", "亲属所有"), 3: both("Rented", "租住")})
STAGE = Choices(
    {0: both("Did not happen", "没有遇到"), 1: both("Nobody raised it", "没人反映"), 2: both("No answer", "没有回应"),
     3: both("Acted on", "已处理"), 4: both("Solved", "已解决"), 5: both("Came back", "又反复")},
    top=(4, 5),
)  # fmt: skip
BODY = Choices({1: both("Low", "低"), 2: both("High", "高"), 96: both("No such body", "没有")}, top=(2,), apart=(96,))
ROLES = Choices({1: both("Chief", "楼栋长"), 0: both("None", "没有担任")}, alone=(0,))


@pytest.fixture
def form() -> Questionnaire:
    items = (
        Item("agrees", both("Consent", "同意参加"), "nominal", "yes"),
        Item("months", both("Months lived here", "居住月数"), "integer", range=(0, 12)),
        Item("tenure", both("Home ownership", "住房产权"), "nominal", "tenure"),
        Item("noise", both("Noise", "噪音"), "ordinal", "stage"),
        Item("smells", both("Smells", "异味"), "ordinal", "stage"),
        Item("trust", both("Trust in the committee", "对居委会的信任"), "ordinal", "body"),
        Item("roles", both("Roles held", "担任的角色"), "multiple", "roles"),
        Item("points", both("GDP guess", "估计"), "integer", "points", range=(0, 10)),
    )
    points = Choices({code: both(str(code), str(code)) for code in range(11)})
    yes = Choices({1: both("Yes", "是"), 0: both("No", "否")})
    choices = {"yes": yes, "tenure": TENURE, "stage": STAGE, "body": BODY, "roles": ROLES, "points": points}
    return Questionnaire("form", items, choices=choices)


@pytest.mark.parametrize(
    ("relevance", "en", "zh"),
    [
        ("tenure == 3", "home ownership (tenure) is 'Rented'", "住房产权（tenure）为“租住”"),
        ("3 == tenure", "home ownership (tenure) is 'Rented'", "住房产权（tenure）为“租住”"),
        ("tenure == '租住'", "home ownership (tenure) is 'Rented'", "住房产权（tenure）为“租住”"),
        ("tenure != 3", "home ownership (tenure) is not 'Rented'", "住房产权（tenure）不是“租住”"),
        ("not tenure == 3", "home ownership (tenure) is not 'Rented'", "住房产权（tenure）不是“租住”"),
        ("tenure in [1, 2]", "home ownership (tenure) is 'Owned' or 'Owned by family'",
         "住房产权（tenure）为“自有”或“亲属所有”"),
        ("tenure == 1 or tenure == 2", "home ownership (tenure) is 'Owned' or 'Owned by family'",
         "住房产权（tenure）为“自有”或“亲属所有”"),
        ("tenure not in [1, 2]", "home ownership (tenure) is neither 'Owned' nor 'Owned by family'",
         "住房产权（tenure）既不是“自有”也不是“亲属所有”"),
        ("noise > 0", "noise (noise) is not 'Did not happen'", "噪音（noise）不是“没有遇到”"),
        ("noise >= 3", "noise (noise) is 'Acted on', 'Solved' or 'Came back'",
         "噪音（noise）为“已处理”、“已解决”或“又反复”"),
        ("noise < 2", "noise (noise) is 'Did not happen' or 'Nobody raised it'",
         "噪音（noise）为“没有遇到”或“没人反映”"),
        ("trust >= 2", "trust in the committee (trust) is 'High'", "对居委会的信任（trust）为“高”"),
        ("noise is missing", "noise (noise) has no answer", "噪音（noise）没有回答"),
        ("noise is not missing", "noise (noise) has an answer", "噪音（noise）有回答"),
        ("months >= 6", "months lived here (months) is 6 or more", "居住月数（months）不少于6"),
        ("months < 6.5", "months lived here (months) is less than 6.5", "居住月数（months）小于6.5"),
        ("not months > 6", "months lived here (months) is at most 6", "居住月数（months）不超过6"),
        ("months == 0", "months lived here (months) is 0", "居住月数（months）等于0"),
        ("points <= 4", "GDP guess (points) is at most 4", "估计（points）不超过4"),
        ("roles_0 == 1", "roles held (roles) includes 'None'", "担任的角色（roles）选了“没有担任”"),
        ("roles_1 == 0", "roles held (roles) does not include 'Chief'", "担任的角色（roles）没选“楼栋长”"),
        ("noise > 0 or smells > 0", "any of noise (noise) or smells (smells) is not 'Did not happen'",
         "噪音（noise）或异味（smells）中任一项不是“没有遇到”"),
        ("noise == 4 and smells == 4", "all of noise (noise) and smells (smells) is 'Solved'",
         "噪音（noise）和异味（smells）每一项都为“已解决”"),
        ("agrees == 1 and months >= 6", "consent (agrees) is 'Yes' and months lived here (months) is 6 or more",
         "同意参加（agrees）为“是”，并且居住月数（months）不少于6"),
        ("agrees == 1 and months >= 6 and tenure == 3",
         "consent (agrees) is 'Yes', months lived here (months) is 6 or more, and home ownership (tenure) is 'Rented'",
         "同意参加（agrees）为“是”，居住月数（months）不少于6，并且住房产权（tenure）为“租住”"),
        ("(tenure == 3 or noise == 4) and agrees == 1",
         "(home ownership (tenure) is 'Rented' or noise (noise) is 'Solved') and consent (agrees) is 'Yes'",
         "（住房产权（tenure）为“租住”，或者噪音（noise）为“已解决”），并且同意参加（agrees）为“是”"),
        ("10 * (months + points) > 5", "10 * (months lived here (months) + GDP guess (points)) is more than 5",
         "10 * （居住月数（months） + 估计（points））大于5"),
        ("months > points", "months lived here (months) is more than GDP guess (points)",
         "居住月数（months）大于估计（points）"),
    ],
)  # fmt: skip
def test_relevance_in_words(form: Questionnaire, relevance: str, en: str, zh: str) -> None:
    assert condition(parse(relevance), form, "en") == en
    assert condition(parse(relevance), form, "zh") == zh


def test_a_sentence_says_who_is_asked(form: Questionnaire) -> None:
    assert in_words(parse("tenure == 3"), form, "en") == "asked if home ownership (tenure) is 'Rented'"
    assert in_words(parse("tenure == 3"), form, "zh") == "住房产权（tenure）为“租住”时询问"


def test_every_relevance_of_the_shipped_questionnaires_has_words() -> None:
    for path in sorted((ROOT / "questionnaires").glob("*.yaml")):
        asked = load(path, Questionnaire)
        for item in asked.items:
            relevance = asked.relevance(item.id)
            if relevance is None:
                continue
            for lang, sign in (("en", "asked if "), ("zh", "时询问")):
                said = in_words(relevance, asked, lang)
                assert sign in said
                bare = re.sub(r"'[^']*'|“[^”]*”", "", said)
                assert not re.search(r"==|!=|\bin \[|None\b|\{|\}", bare), f"{path.name} {item.id}: {said}"


def test_the_outline_keeps_the_order_of_asking() -> None:
    order = [("a", "A"), ("q", "Q"), ("b", "A"), ("c", None), ("d", "B"), ("e", None)]
    items = tuple(Item(name, {"en": name}, "text", section=section) for name, section in order)
    asked = Questionnaire("q", items, sections={name: Section({"en": name}) for name in "ABQ"})
    parts = [(part.name, [item.id for item in part.items]) for part in outline(asked)]
    assert parts == [("A", ["a", "q", "b"]), (None, ["c"]), ("B", ["d"]), (None, ["e"])]


@pytest.fixture
def small() -> Questionnaire:
    items = (
        Item("rent", both("Rent", "房租"), "number", range=(0, 9.5), relevance="tenure == 3", concept="M", section="B"),
        Item("close", both("Close", "亲近"), "ordinal", "body", text=both("Are you close?", "亲近吗？"), reversed=True,
             concept="SC", section="B"),
        Item("roles", both("Roles", "角色"), "multiple", "roles", most=3, section="B"),
        Item("copy", both("Copy", "复制"), "calculated", "tenure", copied=Copied("tenure", {1: "tenure"}), section="B"),
    )  # fmt: skip
    tenure = Item("tenure", both("Tenure", "产权"), "nominal", "tenure", section="A")
    return Questionnaire(
        "small",
        (tenure, *items),
        title=both("A study", "一项研究"),
        version="3",
        choices={"tenure": TENURE, "body": BODY, "roles": ROLES},
        sections={"A": Section(both("Home", "住房")), "B": Section(both("Life", "生活"), "tenure in [1, 3]")},
        scales={"SC": Scale(both("Closeness", "亲近感"), ("close",))},
        checks={"odd": Rule("rent > 9", both("Rent is high", "房租过高"))},
    )


def counts() -> Frequencies:
    columns = {
        "tenure": {1: (6, 30.0), 2: (2, 10.0), 3: (0, 0.0), -2: (4, 1.0), 8: (1, 1.0)},
        "roles_1": {1: (3, 30.0), 0: (9, 30.0)},
    }
    return Frequencies(1234, columns)


class Page(HTMLParser):
    """What a browser would see: tags with attributes, text, rows of tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.is_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.is_cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.is_cell:
            self.rows[-1][-1] += data


def test_the_page_is_self_contained(small: Questionnaire) -> None:
    page = Page(codebook_html(small, "zh"))
    policy = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
    assert ("html", {"lang": "zh-CN"}) in page.tags
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "img", "iframe")]
    assert not [attrs for _, attrs in page.tags if "src" in attrs or (attrs.get("href") or "#")[0] != "#"]
    assert [tag for tag, _ in page.tags].count("h1") == 1


def test_the_contents_lead_to_every_section(small: Questionnaire) -> None:
    page = Page(codebook_html(small))
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert len(links) == 5  # two sections, missing codes, scales, checks
    assert all(link is not None and link[1:] in ids for link in links)
    assert {"i-tenure", "i-rent", "i-close", "i-roles", "i-copy"} <= ids


def test_an_item_has_wording_type_routing_and_codes_in_both_languages(small: Questionnaire) -> None:
    html = codebook_html(small)
    text = Page(html).text
    for said in (
        "Are you close?", "亲近吗？", "0 … 9.5", "if tenure (tenure) is 'Rented'", "one answer, in order",
        "a high code means less of the concept", "share of 2: High", "SC (Closeness)", "96 No such body",
        "Asked only if tenure (tenure) is 'Owned' or 'Rented'.", "what tenure points at: 1 → tenure",
        "−1, −2, −7, −8, −9, −10",
    ):  # fmt: skip
        assert said in text, said
    rows = Page(html).rows
    assert ["1", "Owned", "自有"] in rows
    assert ["roles_0", "None", "没有担任"] in rows
    assert ["SC", "Closeness", "close (Reversed)", "signs of one thing", "mean", "1/1"] in rows
    assert ["odd", "Rent is high", "rent > 9", "look the case up"] in rows
    assert ["1", "自有", "Owned"] in Page(codebook_html(small, "zh")).rows


def test_counts_stand_beside_the_answers(small: Questionnaire) -> None:
    page = Page(codebook_html(small, "en", counts()))
    assert "1,234 rows" in page.text
    assert ["Code", "Answer", "回答", "n", "Share", "Weighted share"] in page.rows
    assert ["1", "Owned", "自有", "6", "75.0 %", "75.0 %"] in page.rows
    assert ["3", "Rented", "租住", "0", "0.0 %", "0.0 %"] in page.rows
    assert ["−2", "refused", "拒绝回答", "4", "", ""] in page.rows
    assert ["8", "not in the list of answers", "不在选项表内", "1", "", ""] in page.rows
    assert ["roles_1", "Chief", "楼栋长", "3", "25.0 %", "50.0 %"] in page.rows


def test_counts_without_weights_have_no_weighted_column(small: Questionnaire) -> None:
    page = Page(codebook_html(small, "en", Frequencies(8, {"tenure": {1: (6, None), 2: (2, None)}})))
    assert ["1", "Owned", "自有", "6", "75.0 %"] in page.rows
    assert "Weighted" not in page.text


def test_hostile_texts_stand_as_they_are() -> None:
    item = Item("a", {"en": EVIL}, "ordinal", "c", text={"en": EVIL}, concept=EVIL)
    asked = Questionnaire("q", (item,), title={"en": EVIL}, choices={"c": Choices({1: {"en": EVIL}})})
    html = codebook_html(asked)
    page = Page(html)
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert page.text.count("<script>alert(1)</script>") >= 5
    for line in codebook_markdown(asked).splitlines():
        assert not re.search(r"(?<!\\)[<`\[]", line)
        assert len(re.findall(r"(?<!\\)\|", line)) in (0, 3)


def test_markdown_has_the_same_facts(small: Questionnaire) -> None:
    text = codebook_markdown(small, "en", counts())
    for line in (
        "# A study (codebook)",
        "## B Life",
        "### close: Close / 亲近",
        "Are you close?",
        "- Asked: if tenure (tenure) is 'Rented'",
        "| Code | Answer | 回答 | n | Share | Weighted share |",
        "| --- | --- | --- | ---: | ---: | ---: |",
        "| 1 | Owned | 自有 | 6 | 75.0 % | 75.0 % |",
        "| roles\\_1 | Chief | 楼栋长 | 3 | 25.0 % | 50.0 % |",
    ):
        assert line in text.splitlines(), line
    assert "- 询问对象：产权（tenure）为“租住”时" in codebook_markdown(small, "zh").splitlines()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_item_of_the_shipped_questionnaires_is_there(lang: str) -> None:
    for path in sorted((ROOT / "questionnaires").glob("*.yaml")):
        asked = load(path, Questionnaire)
        page = Page(codebook_html(asked, lang))
        ids = {attrs.get("id") for _, attrs in page.tags}
        assert {f"i-{item.id}" for item in asked.items} <= ids
        assert len(page.rows) > len(asked.items) / 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", "1\\. first"),
        ("75.0 %", "75.0 %"),
        ("- item", "\\- item"),
        ("-1", "-1"),
        ("===", "\\==="),
        ("a\nb", "a b"),
    ],
)
def test_no_text_begins_a_list_or_a_heading(text: str, shown: str) -> None:
    asked = Questionnaire("q", (Item("a", {"en": "A"}, "text", text={"en": text}),))
    assert shown in codebook_markdown(asked).splitlines()
