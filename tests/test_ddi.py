"""DDI-Codebook 2.5: valid against the standard, both languages, counts, nothing lost or smuggled in."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from surveyor.questionnaire import Choices, Copied, Item, Questionnaire, Rule, Scale, Section
from surveyor.questionnaire.ddi import StudyFacts, write_ddi
from surveyor.questionnaire.frequencies import Frequencies
from surveyor.questionnaire.yaml import load
from tests.conftest import ROOT

NS = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = os.environ.get("SURVEYOR_DDI_SCHEMA")

#: The order of children in the published schema (codebook.xsd of version 2.5), for the elements that are written.
SEQUENCES = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"],
    "stdyDscr": ["citation", "studyAuthorization", "stdyInfo", "studyDevelopment", "method", "dataAccs", "othrStdyMat",
                 "notes"],
    "citation": ["titlStmt", "rspStmt", "prodStmt", "distStmt", "serStmt", "verStmt", "biblCit", "holdings", "notes"],
    "titlStmt": ["titl", "subTitl", "altTitl", "parTitl", "IDNo"],
    "rspStmt": ["AuthEnty", "othId"],
    "prodStmt": ["producer", "copyright", "prodDate", "prodPlac", "software", "fundAg", "grantNo"],
    "distStmt": ["distrbtr", "contact", "depositr", "depDate", "distDate"],
    "verStmt": ["version", "verResp", "notes"],
    "stdyInfo": ["studyBudget", "subject", "abstract", "sumDscr", "qualityStatement", "notes", "exPostEvaluation"],
    "subject": ["keyword", "topcClas"],
    "sumDscr": ["timePrd", "collDate", "nation", "geogCover", "geogUnit", "geoBndBox", "boundPoly", "anlyUnit",
                "universe", "dataKind"],
    "method": ["dataColl", "notes", "anlyInfo", "stdyClas", "dataProcessing", "codingInstructions"],
    "dataColl": ["timeMeth", "dataCollector", "collectorTraining", "frequenc", "sampProc", "sampleFrame",
                 "targetSampleSize", "deviat", "collMode", "resInstru", "instrumentDevelopment", "sources", "collSitu",
                 "actMin", "ConOps", "weight", "cleanOps"],
    "anlyInfo": ["respRate", "EstSmpErr", "dataAppr"],
    "fileDscr": ["fileTxt", "locMap", "notes"],
    "fileTxt": ["fileName", "fileCitation", "fileCont", "fileStrc", "dimensns", "fileType", "format", "filePlac",
                "dataChck", "ProcStat", "dataMsng", "software", "verStmt"],
    "fileStrc": ["recGrp", "notes"],
    "dimensns": ["caseQnty", "varQnty", "logRecL", "recPrCas", "recNumTot"],
    "dataDscr": ["varGrp", "nCubeGrp", "var", "nCube", "notes"],
    "varGrp": ["labl", "txt", "concept", "defntn", "universe", "notes"],
    "var": ["location", "labl", "imputation", "security", "embargo", "respUnit", "anlysUnit", "qstn", "valrng",
            "invalrng", "undocCod", "universe", "TotlResp", "sumStat", "txt", "stdCatgry", "catgryGrp", "catgry",
            "codInstr", "verStmt", "concept", "derivation", "varFormat", "geoMap", "catLevel", "notes"],
    "qstn": ["preQTxt", "qstnLit", "postQTxt", "forward", "backward", "ivuInstr"],
    "valrng": ["item", "range", "key", "notes"],
    "invalrng": ["item", "range", "key", "notes"],
    "catgry": ["catValu", "labl", "txt", "catStat", "mrow"],
    "derivation": ["drvdesc", "drvcmd"],
}  # fmt: skip
#: Children that may stand once only.
ONCE = {
    "citation": {"titlStmt", "rspStmt", "prodStmt", "distStmt"}, "titlStmt": {"titl"}, "varGrp": {"universe", "defntn"},
    "var": {"security", "anlysUnit", "derivation", "varFormat"}, "catgry": {"catValu"}, "derivation": {"drvdesc"},
    "fileTxt": {"fileName", "fileStrc", "dimensns"}, "verStmt": {"version"}, "method": {"anlyInfo"},
}  # fmt: skip
FACTS = StudyFacts(
    identifier="doi:10.1/x",
    authors=("Li", "Wang"),
    producer={"en": "University", "zh": "大学"},
    distributor="Archive",
    funder="Fund",
    produced="2026-11-01",
    keywords=({"en": "neighbours", "zh": "邻里"}, "trust"),
    abstract={"en": "About", "zh": "关于"},
    period=("2025-11-01", "2026-10-31"),
    collected=("2026-10-01", "2026-10-31"),
    nation={"en": "China", "zh": "中国"},
    country_code="CN",
    area="Wuhan",
    unit="households",
    universe="adults",
    kind="survey data",
    sampling="two stages",
    mode="face to face",
    weighting="design weights",
    cleaning="checked",
    response_rate="RR1 0.5",
    sampling_error="by compound",
    file_name="residents.sav",
)


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


@pytest.fixture
def small() -> Questionnaire:
    yes = Choices({1: both("Yes", "是"), 0: both("No", "否")}, top=(1,))
    agree = Choices(
        {1: both("No", "不"), 2: both("Yes", "同意"), 9: both("No such body", "没有")}, top=(2,), apart=(9,),
    )  # fmt: skip
    items = (
        Item("id", both("Case", "编号"), "id"),
        Item("owner", both("Owner", "业主"), "nominal", "yes", text=both("Do you own it?", "是您的吗？"), section="A"),
        Item("born", both("Born", "出生"), "integer", range=(1915, "year - 18"), relevance="owner == 1", section="A"),
        Item("close", both("Close", "亲近"), "ordinal", "agree", concept="SC", reversed=True, section="B"),
        Item("uses", both("Uses", "用途"), "multiple", "uses", text=both("What for?", "用于？"), most=2, section="B"),
        Item("wt", both("Weight", "权重"), "weight"),
        Item("copy", both("Copy", "复制"), "calculated", "yes", copied=Copied("owner", {1: "owner", 0: "owner"})),
    )
    return Questionnaire(
        "small",
        items,
        title=both("A study", "一项研究"),
        version="2",
        year=2026,
        choices={"yes": yes, "agree": agree, "uses": Choices({1: both("Work", "工作"), 2: both("Play", "娱乐")})},
        sections={"A": Section(both("Home", "住房")), "B": Section(both("Life", "生活"), "owner == 1")},
        scales={
            "SC": Scale(both("Closeness", "亲近感"), ("close",)),
            "IX": Scale(both("Index", "指数"), ("SC",), "index"),
        },
        checks={"x": Rule("born > 2000", both("Too young", "太年轻"))},
        rotations=(("owner", "born"),),
    )


def counts() -> Frequencies:
    return Frequencies(
        10, {"owner": {1: (6, 7.25), 0: (2, 1.5), -1: (1, 0.5), 5: (1, 0.75)}, "born": {1990: (9, None)}}
    )


def written(asked: Questionnaire, folder: Path, **options: object) -> ElementTree.Element:
    return ElementTree.parse(write_ddi(asked, folder / "ddi.xml", **options)).getroot()


def variable(root: ElementTree.Element, name: str) -> ElementTree.Element:
    return next(var for var in root.iter(f"{NS}var") if var.get("name") == name)


def texts(parent: ElementTree.Element, path: str) -> dict[str | None, str]:
    return {each.get(LANG): each.text or "" for each in parent.findall("/".join(NS + tag for tag in path.split("/")))}


def breaches(root: ElementTree.Element) -> list[str]:
    """Where children stand in another order, or more often, than the standard allows."""
    found = []
    for parent in root.iter():
        tags = [child.tag.removeprefix(NS) for child in parent]
        order = SEQUENCES.get(parent.tag.removeprefix(NS), [])
        places = [order.index(tag) if tag in order else -1 for tag in tags]
        if -1 in places or places != sorted(places):
            found.append(f"{parent.tag}: {tags}")
        once = ONCE.get(parent.tag.removeprefix(NS), set())
        found += [f"{parent.tag}: {tag} twice" for tag in once if tags.count(tag) > 1]
    return found


def test_the_order_of_the_standard_is_kept_for_every_questionnaire(small: Questionnaire, tmp_path: Path) -> None:
    shipped = [load(path, Questionnaire) for path in sorted((ROOT / "questionnaires").glob("*.yaml"))]
    for asked in (small, *shipped):
        for options in ({}, {"frequencies": counts(), "facts": FACTS}):
            root = written(asked, tmp_path, **options)
            assert root.tag == f"{NS}codeBook"
            assert root.get("version") == "2.5"
            assert not breaches(root), asked.name
            names = [var.get("name") for var in root.iter(f"{NS}var")]
            assert names == [column.id for column in asked.columns]


def test_identifiers_are_unique_and_every_reference_has_one(small: Questionnaire, tmp_path: Path) -> None:
    resident = load(ROOT / "questionnaires" / "resident.yaml", Questionnaire)
    for asked in (small, resident):
        root = written(asked, tmp_path, frequencies=counts())
        ids = [each.get("ID") for each in root.iter() if each.get("ID")]
        assert len(ids) == len(set(ids))
        for each in root.iter():
            for attribute in ("var", "varGrp", "files", "wgt-var"):
                assert set((each.get(attribute) or "").split()) <= set(ids)


def test_a_breach_of_the_order_would_be_seen(small: Questionnaire, tmp_path: Path) -> None:
    root = written(small, tmp_path)
    var = variable(root, "owner")
    var[:] = [*var[1:], var[0]]
    assert any("var:" in each for each in breaches(root))


def test_the_same_input_gives_the_same_bytes(small: Questionnaire, tmp_path: Path) -> None:
    first = write_ddi(small, tmp_path / "a.xml", frequencies=counts(), facts=FACTS).read_bytes()
    assert write_ddi(small, tmp_path / "b.xml", frequencies=counts(), facts=FACTS).read_bytes() == first


def test_titles_and_labels_stand_in_both_languages(small: Questionnaire, tmp_path: Path) -> None:
    root = written(small, tmp_path)
    assert texts(root, "stdyDscr/citation/titlStmt/titl") == {"zh-CN": "一项研究"}
    assert texts(root, "stdyDscr/citation/titlStmt/parTitl") == {"en": "A study"}
    owner = variable(root, "owner")
    assert texts(owner, "labl") == {"zh-CN": "业主", "en": "Owner"}
    assert texts(owner, "qstn/qstnLit") == {"zh-CN": "是您的吗？", "en": "Do you own it?"}
    assert texts(owner, "universe") == {}


def test_who_is_asked_is_said_with_the_gate_of_the_section(small: Questionnaire, tmp_path: Path) -> None:
    root = written(small, tmp_path)
    assert texts(variable(root, "born"), "universe") == {
        "zh-CN": "业主（owner）为“是”时询问",
        "en": "asked if owner (owner) is 'Yes'",
    }
    assert texts(variable(root, "close"), "universe")["en"] == "asked if owner (owner) is 'Yes'"
    section = next(group for group in root.iter(f"{NS}varGrp") if group.get("name") == "B")
    assert section.get("type") == "section"
    assert section.get("var") == "V_close V_uses_1 V_uses_2"
    assert texts(section, "txt")["en"] == "asked if owner (owner) is 'Yes'"


def test_ranges_and_missing_codes(small: Questionnaire, tmp_path: Path) -> None:
    root = written(small, tmp_path)
    born = variable(root, "born")
    span = born.find(f"{NS}valrng/{NS}range")
    assert span is not None
    assert (span.get("min"), span.get("max")) == ("1915", "2008")
    codes = [item.get("VALUE") for item in born.findall(f"{NS}invalrng/{NS}item")]
    assert codes == ["-1", "-2", "-7", "-8", "-9", "-10"]
    missing = {
        category.findtext(f"{NS}catValu"): category.get("missType")
        for category in born.findall(f"{NS}catgry")
        if category.get("missing") == "Y"
    }
    assert missing["-2"] == "refused"
    assert missing["-8"] == "not applicable"
    assert variable(root, "id").find(f"{NS}invalrng") is None


def test_counts_stand_unweighted_and_weighted(small: Questionnaire, tmp_path: Path) -> None:
    owner = variable(written(small, tmp_path, frequencies=counts()), "owner")
    shown = {
        category.findtext(f"{NS}catValu"): [(stat.get("wgtd"), stat.text) for stat in category.findall(f"{NS}catStat")]
        for category in owner.findall(f"{NS}catgry")
    }
    assert shown["1"] == [(None, "6"), ("wgtd", "7.25")]
    assert shown["0"] == [(None, "2"), ("wgtd", "1.5")]
    assert shown["-1"] == [(None, "1"), ("wgtd", "0.5")]
    assert shown["-2"] == [(None, "0")]
    assert {stat.get("wgt-var") for stat in owner.iter(f"{NS}catStat") if stat.get("wgtd")} == {"V_wt"}
    assert {stat.get("type"): stat.text for stat in owner.findall(f"{NS}sumStat")} == {"vald": "8", "invd": "1"}
    assert "code 5, 1 rows" in texts(owner, "undocCod")["en"]


def test_a_file_is_described_where_there_is_one(small: Questionnaire, tmp_path: Path) -> None:
    assert written(small, tmp_path).find(f"{NS}fileDscr") is None
    root = written(small, tmp_path, frequencies=counts(), facts=FACTS)
    file = root.find(f"{NS}fileDscr")
    assert file is not None
    assert file.findtext(f"{NS}fileTxt/{NS}fileName") == "residents.sav"
    assert file.findtext(f"{NS}fileTxt/{NS}dimensns/{NS}caseQnty") == "10"
    assert file.findtext(f"{NS}fileTxt/{NS}dimensns/{NS}varQnty") == "8"
    assert variable(root, "owner").get("files") == file.get("ID")


def test_several_answers_are_a_group_of_columns(small: Questionnaire, tmp_path: Path) -> None:
    root = written(small, tmp_path)
    group = next(each for each in root.iter(f"{NS}varGrp") if each.get("type") == "multipleResp")
    assert group.get("var") == "V_uses_1 V_uses_2"
    second = variable(root, "uses_2")
    assert texts(second, "qstn/preQTxt")["zh-CN"] == "用于？"
    assert texts(second, "qstn/qstnLit") == {"zh-CN": "娱乐", "en": "Play"}
    assert texts(second, "qstn/ivuInstr")["en"] == "Choose at most 2."


def test_scales_reversals_and_notes(small: Questionnaire, tmp_path: Path) -> None:
    root = written(small, tmp_path)
    groups = {group.get("name"): group for group in root.iter(f"{NS}varGrp")}
    assert groups["SC"].get("var") == "V_close"
    assert groups["IX"].get("varGrp") == groups["SC"].get("ID")
    assert groups["IX"].get("var") is None
    close = variable(root, "close")
    assert set(texts(close, "codInstr")) == {"zh-CN", "en"}
    assert texts(close, "concept") == {"zh-CN": "亲近感", "en": "Closeness"}
    notes = {(note.get("type"), note.get(LANG)): note.text for note in close.findall(f"{NS}notes")}
    assert notes["summary", "en"] == "Summary: the share of 'Yes' (codes 2)."
    assert "No such body" in notes["apart", "en"]
    owner = variable(root, "owner")
    assert any(note.get("type") == "rotation" and "owner, born" in note.text for note in owner.findall(f"{NS}notes"))
    derived = variable(root, "copy").find(f"{NS}derivation")
    assert derived is not None
    assert derived.get("var") == "V_owner"


def test_facts_of_the_study_stand_where_archives_look(small: Questionnaire, tmp_path: Path) -> None:
    study = written(small, tmp_path, facts=FACTS).find(f"{NS}stdyDscr")
    assert study is not None
    places = {
        "citation/titlStmt/IDNo": "doi:10.1/x",
        "citation/distStmt/distrbtr": "Archive",
        "citation/verStmt/version": "2",
        "stdyInfo/sumDscr/geogCover": "Wuhan",
        "stdyInfo/sumDscr/universe": "adults",
        "method/dataColl/sampProc": "two stages",
        "method/anlyInfo/respRate": "RR1 0.5",
        "method/anlyInfo/EstSmpErr": "by compound",
    }
    for place, text in places.items():
        assert list(texts(study, place).values()) == [text], place
    days = [(day.get("event"), day.get("date")) for day in study.iter(f"{NS}collDate")]
    assert days == [("start", "2026-10-01"), ("end", "2026-10-31")]
    assert [each.get("abbr") for each in study.iter(f"{NS}nation")] == ["CN", "CN"]
    assert [each.text for each in study.iter(f"{NS}AuthEnty")] == ["Li", "Wang"]


def test_hostile_texts_stand_as_they_are(tmp_path: Path) -> None:
    evil = "</labl><script>alert(1)</script> ]]> & \"'<!-- \u202e"
    asked = Questionnaire("q", (Item("收 入", {"en": evil}, "text"),))
    root = written(asked, tmp_path)
    assert texts(variable(root, "收 入"), "labl") == {"en": evil}
    assert not list(root.iter(f"{NS}script"))


def test_control_characters_are_shown_and_told(tmp_path: Path) -> None:
    asked = Questionnaire("q", (Item("a", {"en": "bad\x00sign\x1b"}, "text"),))
    with pytest.warns(UserWarning, match="2 control characters"):
        root = written(asked, tmp_path)
    assert texts(variable(root, "a"), "labl") == {"en": "bad\ufffdsign\ufffd"}


@pytest.mark.skipif(SCHEMA is None, reason="set SURVEYOR_DDI_SCHEMA to the codebook.xsd of DDI 2.5")
def test_valid_against_the_published_schema(small: Questionnaire, tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    shipped = [load(path, Questionnaire) for path in sorted((ROOT / "questionnaires").glob("*.yaml"))]
    for asked in (small, *shipped):
        for options in ({}, {"frequencies": counts(), "facts": FACTS}):
            path = write_ddi(asked, tmp_path / "ddi.xml", **options)
            schema.assertValid(etree.parse(str(path)))
