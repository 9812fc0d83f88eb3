"""Writes a questionnaire as a DDI-Codebook 2.5 file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, indent, tostring

from surveyor.expressions import parse
from surveyor.files import whole
from surveyor.questionnaire.ddi import words
from surveyor.questionnaire.ddi.facts import StudyFacts, describe
from surveyor.questionnaire.ddi.variables import Variables, identifier
from surveyor.questionnaire.ddi.xml import LANG, add, put_in_order, say_all, within
from surveyor.questionnaire.frequencies import Frequencies
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.outline import every_text, outline, warn_of_unprintable
from surveyor.questionnaire.parts import Scale
from surveyor.questionnaire.routing import in_words
from surveyor.questionnaire.texts import Language, say

NAMESPACE = "ddi:codebook:2_5"
_SCHEMA = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_FILE = "F1"


def write_ddi(
    asked: Questionnaire,
    path: Path,
    *,
    frequencies: Frequencies | None = None,
    title: Mapping[Language, str] | None = None,
    facts: StudyFacts | None = None,
) -> Path:
    """Writes the questionnaire to `path` as DDI-Codebook 2.5 XML with both languages, and returns the path.

    frequencies  counts of a file's columns: written as category statistics, unweighted and weighted
    title        of the study; the questionnaire's if not given
    facts        what else is known of the study

    The same input gives the same bytes. Raises FileError where the file cannot be written; warns where texts hold
    characters that XML does not allow.
    """
    warn_of_unprintable(every_text(asked))
    text = document(asked, frequencies, title, facts or StudyFacts())
    with whole(path) as draft:
        draft.write_bytes(text)
    return path


def document(
    asked: Questionnaire,
    frequencies: Frequencies | None,
    title: Mapping[Language, str] | None,
    facts: StudyFacts,
) -> bytes:
    """The file's bytes."""
    main: Language = "zh" if any("zh" in item.label for item in asked.items) else "en"
    root = Element("codeBook", {"version": "2.5", "{http://www.w3.org/XML/1998/namespace}lang": LANG[main]})
    _study(root, asked, title or asked.title or {main: asked.name}, facts)
    with_file = frequencies is not None or facts.file_name is not None
    if with_file:
        _file(root, asked, frequencies, facts)
    data = add(root, "dataDscr")
    variables = Variables(asked, frequencies, main, _FILE if with_file else "")
    _sections(data, variables)
    _scales(data, variables)
    _several(data, variables)
    variables.write(data)
    put_in_order(root)
    root.set("xmlns", NAMESPACE)
    root.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    root.set("xsi:schemaLocation", f"{NAMESPACE} {_SCHEMA}")
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _study(root: Element, asked: Questionnaire, title: Mapping[Language, str], facts: StudyFacts) -> None:
    """Title in the first language there is, the parallel title in the other, and the facts."""
    study = add(root, "stdyDscr")
    titles = [(lang, title[lang]) for lang in LANG if lang in title]
    for (lang, text), tag in zip(titles, ("titl", "parTitl"), strict=False):
        add(within(study, "citation", "titlStmt"), tag, text, lang=lang)
    if asked.version:
        add(within(study, "citation", "verStmt"), "version", asked.version)
    describe(study, facts)
    if facts.unit is None:
        levels = dict.fromkeys(item.level or asked.level for item in asked.items)
        for level in levels:
            say_all(within(study, "stdyInfo", "sumDscr"), "anlyUnit", words.LEVELS[level])
    say_all(within(study, "method", "dataColl"), "resInstru", words.INSTRUMENT)
    say_all(study, "notes", asked.intro, {"type": "introduction"})


def _file(root: Element, asked: Questionnaire, frequencies: Frequencies | None, facts: StudyFacts) -> None:
    described = within(root, "fileDscr")
    described.set("ID", _FILE)
    about = add(described, "fileTxt")
    add(about, "fileName", facts.file_name or asked.name)
    add(about, "fileStrc", attributes={"type": "rectangular"})
    size = add(about, "dimensns")
    if frequencies is not None:
        add(size, "caseQnty", str(frequencies.n))
    add(size, "varQnty", str(len(asked.columns)))


def _sections(data: Element, variables: Variables) -> None:
    asked = variables.asked
    for at, part in enumerate(outline(asked), start=1):
        if part.section is None or part.name is None:
            continue
        references = [each for item in part.items for each in variables.references(item)]
        attributes = {"ID": identifier("S", part.name, at), "type": "section", "name": part.name}
        group = add(data, "varGrp", attributes={**attributes, "var": " ".join(references)})
        say_all(group, "labl", part.section.title)
        if part.section.relevance:
            filters = parse(part.section.relevance)
            say_all(group, "txt", {lang: in_words(filters, asked, lang) for lang in LANG})
            add(group, "universe", in_words(filters, asked, variables.main), lang=variables.main)


def _scales(data: Element, variables: Variables) -> None:
    """Scales of items, and indices of other scales."""
    asked = variables.asked
    ids = {name: identifier("SC", name, at) for at, name in enumerate(asked.scales, start=1)}
    for name, scale in asked.scales.items():
        items = [asked.item(each) for each in scale.items if each in asked]
        references = [each for item in items for each in variables.references(item)]
        others = [ids[each] for each in scale.items if each in ids and each not in asked]
        attributes = {"ID": ids[name], "type": "analysis", "name": name}
        attributes |= {"var": " ".join(references), "varGrp": " ".join(others)}
        group = add(data, "varGrp", attributes=attributes)
        say_all(group, "labl", scale.label)
        say_all(group, "txt", _scoring(scale))


def _scoring(scale: Scale) -> words.Both:
    return {
        lang: words.SCALE[lang].format(
            words.SCORES[scale.score][lang], scale.minimum, words.KINDS[scale.kind][lang]
        )
        for lang in LANG
    }  # fmt: skip


def _several(data: Element, variables: Variables) -> None:
    """The columns of each item with several answers."""
    for at, item in enumerate(variables.asked.items, start=1):
        if item.type == "multiple":
            attributes = {"ID": identifier("M", item.id, at), "type": "multipleResp", "name": item.id}
            references = " ".join(variables.references(item))
            group = add(data, "varGrp", attributes={**attributes, "var": references})
            say_all(group, "labl", item.label)
            say_all(group, "txt", item.text or {lang: say(item.label, lang) for lang in LANG})
