"""What an archive wants to know of a study beside its questionnaire, and where DDI keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from surveyor.questionnaire.ddi.xml import Said, add, say_all, within


@dataclass(frozen=True)
class StudyFacts:
    """Facts of a study; each may be left out. Texts are by language, {"en": ..., "zh": ...}, or one text.

    identifier      number or DOI of the study
    authors         persons or bodies responsible
    producer, distributor, funder   bodies
    produced        day of production, YYYY-MM-DD (no day is written unless it is given)
    keywords        what the study is about
    period          first and last day that the answers are about, YYYY-MM-DD
    collected       first and last day of the field work
    nation, country_code   the country, and its two letters
    sampling, mode, weighting, cleaning, response_rate, sampling_error   how the answers came about
    file_name       of the data
    """

    identifier: str | None = None
    authors: tuple[str, ...] = ()
    producer: Said | None = None
    distributor: Said | None = None
    funder: Said | None = None
    produced: str | None = None
    keywords: tuple[Said, ...] = ()
    abstract: Said | None = None
    period: tuple[str, str] | None = None
    collected: tuple[str, str] | None = None
    nation: Said | None = None
    country_code: str = ""
    area: Said | None = None
    unit: Said | None = None
    universe: Said | None = None
    kind: Said | None = None
    sampling: Said | None = None
    mode: Said | None = None
    weighting: Said | None = None
    cleaning: Said | None = None
    response_rate: Said | None = None
    sampling_error: Said | None = None
    file_name: str | None = None


#: field -> where in the study description it stands.
_PLACES: dict[str, str] = {
    "identifier": "citation/titlStmt/IDNo",
    "authors": "citation/rspStmt/AuthEnty",
    "producer": "citation/prodStmt/producer",
    "funder": "citation/prodStmt/fundAg",
    "distributor": "citation/distStmt/distrbtr",
    "keywords": "stdyInfo/subject/keyword",
    "abstract": "stdyInfo/abstract",
    "area": "stdyInfo/sumDscr/geogCover",
    "unit": "stdyInfo/sumDscr/anlyUnit",
    "universe": "stdyInfo/sumDscr/universe",
    "kind": "stdyInfo/sumDscr/dataKind",
    "sampling": "method/dataColl/sampProc",
    "mode": "method/dataColl/collMode",
    "weighting": "method/dataColl/weight",
    "cleaning": "method/dataColl/cleanOps",
    "response_rate": "method/anlyInfo/respRate",
    "sampling_error": "method/anlyInfo/EstSmpErr",
}
_SPANS: dict[str, str] = {"period": "timePrd", "collected": "collDate"}


def describe(study: Element, facts: StudyFacts) -> None:
    """Writes the facts that are known into the study description."""
    for name, place in _PLACES.items():
        value = getattr(facts, name)
        *path, tag = place.split("/")
        for said in value if isinstance(value, tuple) else (value,):
            if said:
                say_all(within(study, *path), tag, said)
    for name, tag in _SPANS.items():
        for event, day in zip(("start", "end"), getattr(facts, name) or (), strict=False):
            add(within(study, "stdyInfo", "sumDscr"), tag, day, {"event": event, "date": day})
    if facts.produced:
        add(within(study, "citation", "prodStmt"), "prodDate", facts.produced, {"date": facts.produced})
    if facts.nation:
        say_all(within(study, "stdyInfo", "sumDscr"), "nation", facts.nation, {"abbr": facts.country_code})
