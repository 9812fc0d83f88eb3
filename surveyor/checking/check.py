"""The verb: every rule asked of a survey, one table of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from surveyor.checking.across import across_findings
from surveyor.checking.answers import Answers
from surveyor.checking.design import design_findings
from surveyor.checking.findings import SEVERITIES, Finding, Findings
from surveyor.checking.interviewers import interviewer_findings, interviewers
from surveyor.checking.items import item_findings
from surveyor.checking.missing import nonresponse, nonresponse_findings
from surveyor.checking.overlap import overlap_findings
from surveyor.checking.records import record_findings
from surveyor.checking.respondents import haste, haste_findings, seconds
from surveyor.checking.routing import routing_findings
from surveyor.checking.rules import broken, rule_findings
from surveyor.survey import Survey

#: The column of the groups, where the survey has one and nothing else is asked for.
TYPE = "type"

Progress = Callable[[int, int], None]


def check(
    survey: Survey,
    *,
    compounds: Survey | None = None,
    workers: Survey | None = None,
    by: str | None = None,
    outcomes: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Findings:
    """What is wrong with answers, or should be looked at, before results are believed.

    compounds  the fact sheet of the compounds, one row each; workers the survey of the community workers
    by         the column of the groups that are compared; `type` where the survey has it
    outcomes   the columns results will be about; the items of the questionnaire's scales, if not given
    progress   called with (families of rules done, in all)

    Nothing is changed: `Findings.careful` gives the survey without careless respondents, as a domain.
    Raises UsageError for an unknown column.

    >>> import pandas as pd
    >>> check(Survey(pd.DataFrame({"age": [30, 40, 50]}))).verdict
    'ready'
    """
    by = TYPE if by is None and TYPE in survey.frame.columns else by
    for name in (*([by] if by else []), *(outcomes or ())):
        survey.column(name)
    answers = Answers(survey, by, compounds, workers, tuple(_outcomes(survey) if outcomes is None else outcomes))
    rows_of, long = broken(answers), seconds(answers)
    flags = haste(answers, long, rows_of)
    twice = np.sum([*flags.values(), np.zeros(len(survey), dtype=bool)], axis=0) >= 2
    shares, table = nonresponse(answers), interviewers(answers, long)
    families: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: record_findings(answers),
        lambda: item_findings(answers),
        lambda: rule_findings(answers, rows_of),
        lambda: routing_findings(answers),
        lambda: haste_findings(answers, long, flags, twice),
        lambda: nonresponse_findings(answers, shares),
        lambda: across_findings(answers),
        lambda: interviewer_findings(answers, table),
        lambda: design_findings(answers),
        lambda: overlap_findings(answers),
    )
    found: list[Finding] = []
    for done, family in enumerate(families, start=1):
        found += family()
        if progress is not None:
            progress(done, len(families))
    found.sort(key=lambda each: SEVERITIES.index(each.severity))
    return Findings(answers, tuple(found), flags, long, shares, table)


def _outcomes(survey: Survey) -> list[str]:
    """The items of the scales, as far as the frame has them."""
    asked = survey.questionnaire
    names = dict.fromkeys(name for scale in asked.scales.values() for name in scale.items) if asked else {}
    return [name for name in names if name in survey.frame.columns]
