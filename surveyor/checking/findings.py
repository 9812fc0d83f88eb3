"""Findings: what is wrong, or should be looked at, before results are believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, Flags
from surveyor.checking.answers import Answers
from surveyor.checking.texts import TEXTS, VERDICTS, WHY, rule_name
from surveyor.errors import UsageError
from surveyor.format import counted
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.survey import Survey

if TYPE_CHECKING:
    from surveyor.show import Figure

Severity = Literal["error", "warning", "note"]
Verdict = Literal["ready", "ready with warnings", "not ready"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

#: How many cases are named in the table; `rows` holds all of them.
NAMED = 5


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing that was found.

    rule      its name: one of surveyor.checking.texts, or a rule of the questionnaire
    items     the columns it is about
    rows      the rows (k,) it is about, as places in the frame; none where it is about the whole
    problem   what was found; remedy what to do
    """

    rule: str
    severity: Severity
    problem: str
    remedy: str
    items: tuple[str, ...] = ()
    rows: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.intp))


def finding(
    answers: Answers,
    rule: str,
    severity: Severity,
    rows: Flags | None = None,
    items: tuple[str, ...] = (),
    said: Mapping[str, str] | None = None,
) -> Finding:
    """A finding of a rule in `texts`, in the language of the survey; `rows` (n,) flags."""
    problem, remedy = (text.format(**(said or {})) for text in TEXTS[rule][answers.survey.lang])
    at = np.flatnonzero(rows & answers.inside) if rows is not None else np.zeros(0, dtype=np.intp)
    return Finding(rule, severity, problem, remedy, items, at)


@dataclass(frozen=True, eq=False, repr=False)
class Findings(Shown):
    """Everything `check` found in one survey.

    found         the findings, errors first
    flags         kind of haste -> rows (n,) that show it
    seconds       (n,) length of each interview, NaN where unknown
    missing       item x group: the share of those asked who gave no answer; None where nothing was asked
    interviewers  one row each: interviews, length, refusals, staff present
    named         how many cases are named for each finding
    """

    answers: Answers
    found: tuple[Finding, ...]
    flags: Mapping[str, Flags]
    seconds: Array
    missing: pd.DataFrame
    interviewers: pd.DataFrame
    named: int = NAMED

    def without_cases(self) -> Findings:
        """The same findings without any case number, as a report that leaves the house shows them."""
        return replace(self, named=0)

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Finding]:
        """The findings, errors first."""
        return iter(self.found)

    @property
    def survey(self) -> Survey:
        """The survey that was checked."""
        return self.answers.survey

    @property
    def lang(self) -> Language:
        """The language of labels and words."""
        return self.survey.lang

    @cached_property
    def flagged(self) -> Codes:
        """(n,) how many kinds of haste each respondent shows."""
        counts = np.zeros(len(self.survey), dtype=np.intp)
        for rows in self.flags.values():
            counts += rows
        return counts

    @cached_property
    def careless(self) -> Flags:
        """(n,) who shows two kinds of haste or more."""
        return self.flagged >= 2

    @property
    def excluded(self) -> list[str]:
        """The case numbers of those who show two kinds of haste or more."""
        return [self.answers.cases(int(row)) for row in np.flatnonzero(self.careless)]

    @property
    def dropped(self) -> dict[str, int]:
        """How many show two kinds of haste or more, in each group (in all where there is none)."""
        if not self.answers.groups:
            return {"": int(self.careless.sum())}
        return {label: int((self.careless & self.answers.group(code)).sum()) for code, label in self.answers.groups}

    def careful(self, survey: Survey | None = None) -> Survey:
        """The survey without those who show two kinds of haste or more, as a domain: the design stays whole.

        survey   another survey of the same rows; the one that was checked, if not given

        Raises UsageError where it has other rows.
        """
        survey = self.survey if survey is None else survey
        if survey.origin is not self.survey.origin and len(survey) != len(self.survey):
            raise UsageError("this survey has other rows than the one that was checked", remedy="Check it first")
        kept = ~self.careless
        return replace(survey, domain=kept if survey.domain is None else kept & survey.domain)

    def count(self, severity: Severity) -> int:
        """How many findings there are of one severity."""
        return sum(each.severity == severity for each in self.found)

    @property
    def verdict(self) -> Verdict:
        """Whether results can be computed from these answers."""
        return "not ready" if self.count("error") else "ready with warnings" if self.count("warning") else "ready"

    @property
    def verdict_text(self) -> str:
        """The verdict and why, in one sentence each."""
        kind: Severity = "error" if self.verdict == "not ready" else "warning"
        rules = dict.fromkeys(rule_name(each.rule, self.lang) for each in self.found if each.severity == kind)
        n = self.count(kind)
        shown = {"en": counted(n, "finding"), "zh": f"{n}项"}[self.lang]
        join = {"en": ", ", "zh": "、"}[self.lang]
        why = WHY[self.verdict][self.lang].format(n=shown, rules=join.join(rules))
        stop = {"en": ". ", "zh": "。"}[self.lang]
        said = VERDICTS[self.verdict][self.lang]
        return f"{said[:1].upper()}{said[1:]}{stop}{why}"

    def to_frame(self) -> pd.DataFrame:
        """One row a finding: rule, severity, item, rows, cases, a count per group, problem, what to do.

        `cases` holds the first five case numbers; no other value of a respondent is shown.
        """
        return pd.DataFrame(
            [self._row(each) for each in self.found],
            columns=[
                "rule", "severity", "item", "rows", "cases",
                *(label for _, label in self.answers.groups), "problem", "what to do",
            ],
        )  # fmt: skip

    def _row(self, each: Finding) -> list[object]:
        rows = np.zeros(len(self.survey), dtype=bool)
        rows[each.rows] = True
        counts = [int((rows & self.answers.group(code)).sum()) for code, _ in self.answers.groups]
        named = self.cases_of(each)
        return [each.rule, each.severity, listed(each.items), len(each.rows), named, *counts, each.problem, each.remedy]

    def cases_of(self, each: Finding) -> str:
        """The first case numbers of a finding, and how many more there are."""
        named = ", ".join(self.answers.cases(int(row)) for row in each.rows[:NAMED])
        more = len(each.rows) - NAMED
        return named + ({"en": f" and {more} more", "zh": f"等{len(each.rows)}个"}[self.lang] if more > 0 else "")

    def plot(self, what: str = "missing") -> Figure | None:
        """A figure: "missing", "durations", "flags", "weights" or "interviewers"; None where there is nothing to show.

        Raises UsageError for another name.
        """
        from surveyor.show.findings_plots import findings_figure

        return findings_figure(self, what)


def listed(items: tuple[str, ...]) -> str:
    """The names of columns, the first three where they are many.

    >>> listed(("a", "b", "c", "d", "e"))
    'a, b, c … (5)'
    """
    return ", ".join(items) if len(items) <= 4 else f"{', '.join(items[:3])} … ({len(items)})"
