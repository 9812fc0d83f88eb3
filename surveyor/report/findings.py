"""What a check found as one page: the verdict, the table, the figures."""

from __future__ import annotations

from collections.abc import Mapping

from surveyor.checking import Findings, ResponseRates
from surveyor.questionnaire import Language
from surveyor.report.document import Document, Heading, Part
from surveyor.report.page import page
from surveyor.show.findings import findings_table, rates_table
from surveyor.show.findings_plots import findings_figures
from surveyor.show.prose import Block, Prose

HEADINGS: Mapping[str, Mapping[Language, str]] = {
    "verdict": {"en": "Verdict", "zh": "结论"},
    "found": {"en": "Findings", "zh": "检查结果"},
    "figures": {"en": "Figures", "zh": "图"},
    "rates": {"en": "Who could be reached", "zh": "访问结果"},
}
TITLE: Mapping[Language, str] = {"en": "Check of the answers", "zh": "数据检查"}


def findings_html(findings: Findings, rates: ResponseRates | None = None, title: str = "") -> str:
    """A self-contained HTML page of a check, with figures; response rates where they are given.

    title   what was checked; put before "Check of the answers"
    """
    lang = findings.lang
    heading = {name: Heading(2, text[lang]) for name, text in HEADINGS.items()}
    verdict = Prose((Block("paragraph" if findings.verdict == "ready" else "caution", (findings.verdict_text,)),))
    parts: list[Part] = [heading["verdict"], verdict]
    if len(findings):
        parts += [heading["found"], findings_table(findings)]
    if rates is not None:
        parts += [heading["rates"], rates_table(rates)]
    if figures := findings_figures(findings):
        parts += [heading["figures"], *figures]
    join = {"en": ": ", "zh": "："}[lang]
    return page(Document(f"{title}{join}{TITLE[lang]}" if title else TITLE[lang], lang, tuple(parts)))
