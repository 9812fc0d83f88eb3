"""Elements of a DDI-Codebook file, and the order the standard wants them in."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from surveyor.questionnaire.outline import printable
from surveyor.questionnaire.texts import Language

#: A text by language, or one text in whatever language it is.
Said = Mapping[Language, str] | str

LANG: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: The children of each element in the order of the standard, as far as they are written here.
ORDER: dict[str, str] = {
    "codeBook": "stdyDscr fileDscr dataDscr",
    "stdyDscr": "citation stdyInfo method notes",
    "citation": "titlStmt rspStmt prodStmt distStmt verStmt",
    "titlStmt": "titl parTitl IDNo",
    "rspStmt": "AuthEnty",
    "prodStmt": "producer prodDate fundAg",
    "distStmt": "distrbtr",
    "verStmt": "version",
    "stdyInfo": "subject abstract sumDscr",
    "subject": "keyword",
    "sumDscr": "timePrd collDate nation geogCover anlyUnit universe dataKind",
    "method": "dataColl anlyInfo",
    "dataColl": "sampProc collMode resInstru weight cleanOps",
    "anlyInfo": "respRate EstSmpErr",
    "fileDscr": "fileTxt",
    "fileTxt": "fileName fileStrc dimensns",
    "dimensns": "caseQnty varQnty",
    "dataDscr": "varGrp var",
    "varGrp": "labl txt universe notes",
    "var": "labl security anlysUnit qstn valrng invalrng undocCod universe sumStat catgry codInstr concept derivation "
    "varFormat notes",
    "qstn": "preQTxt qstnLit ivuInstr",
    "valrng": "item range",
    "invalrng": "item",
    "catgry": "catValu labl catStat",
    "derivation": "drvdesc",
}


def add(
    parent: Element,
    tag: str,
    text: str | None = None,
    attributes: Mapping[str, str] | None = None,
    lang: Language | None = None,
) -> Element:
    """A new child, its text fit for XML; attributes without a value are left out."""
    child = SubElement(parent, tag, {key: value for key, value in (attributes or {}).items() if value})
    if lang is not None:
        child.set(_XML_LANG, LANG[lang])
    child.text = None if text is None else printable(text)
    return child


def say_all(parent: Element, tag: str, said: Said | None, attributes: Mapping[str, str] | None = None) -> None:
    """One child a language, Chinese first; the standard repeats elements rather than joining languages."""
    if isinstance(said, str):
        add(parent, tag, said, attributes)
        return
    for lang in LANG:
        if said and said.get(lang):
            add(parent, tag, said[lang], attributes, lang)


def within(parent: Element, *tags: str) -> Element:
    """The child at the end of a path of tags, made where it is not there."""
    for tag in tags:
        child = parent.find(tag)
        parent = SubElement(parent, tag) if child is None else child
    return parent


def put_in_order(parent: Element) -> None:
    """Sorts the children of every element as the standard wants; those of one tag keep their order."""
    order = {tag: at for at, tag in enumerate(ORDER.get(parent.tag, "").split())}
    parent[:] = sorted(parent, key=lambda child: order[child.tag])
    for child in parent:
        put_in_order(child)


def plain(value: float) -> str:
    """A number as a machine reads it: all its digits, no decimals where it is whole.

    >>> plain(2026.0), plain(0.5)
    ('2026', '0.5')
    """
    return str(int(value)) if value == int(value) else repr(float(value))
