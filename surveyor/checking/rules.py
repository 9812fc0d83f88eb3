"""The rules that a questionnaire names itself: answers that cannot all be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from surveyor.arrays import Flags
from surveyor.checking.answers import Answers
from surveyor.checking.findings import Finding, Severity
from surveyor.checking.texts import ACTIONS
from surveyor.expressions import parse
from surveyor.questionnaire import Rule, say

SEVERITY: Mapping[str, Severity] = {"flag": "note", "query": "warning", "constraint": "error"}


def broken(answers: Answers) -> dict[str, Flags]:
    """Rule -> the rows (n,) that break it; rules that read a column the frame lacks are left out."""
    asked = answers.survey.questionnaire
    found = {}
    for name, rule in asked.checks.items() if asked else ():
        rows = answers.evaluated(parse(rule.when))
        if rows is not None:
            found[name] = np.asarray(rows & answers.inside)
    return found


def rule_findings(answers: Answers, rows_of: Mapping[str, Flags]) -> Iterator[Finding]:
    """One finding for each rule that somebody breaks."""
    asked, lang = answers.survey.questionnaire, answers.survey.lang
    for name, rows in rows_of.items():
        if rows.any() and asked is not None:
            rule = asked.checks[name]
            action = "conflict" if is_conflict(answers, rule) else rule.action
            items = parse(rule.when).names
            yield Finding(
                name, SEVERITY[rule.action], say(rule.label, lang), ACTIONS[action][lang], items, np.flatnonzero(rows)
            )


def is_conflict(answers: Answers, rule: Rule) -> bool:
    """Whether a flag rests on a pair of items of which one is reversed: no sign of haste of its own.

    Who draws a straight line breaks it too, and would be counted twice.
    """
    asked = answers.survey.questionnaire
    assert asked is not None
    names = parse(rule.when).names
    return rule.action == "flag" and len({asked.item(name).reversed for name in names}) == 2
