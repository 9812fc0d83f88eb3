"""Answers without the columns that point at persons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from surveyor.errors import UsageError, guess
from surveyor.questionnaire import ItemType, Questionnaire
from surveyor.reading.answers import Answers
from surveyor.reading.identifiers.find import find_identifiers
from surveyor.reading.identifiers.kinds import Identifier


def without_identifiers(answers: Answers, keep: Collection[str], asked: Questionnaire | None) -> Answers:
    """The answers without columns that hold direct identifiers, each with an entry in the log.

    keep    columns to have all the same
    asked   what was asked: items marked personal are always left out, codes and measurements rarely looked at

    Dates of birth and times of interview stay, with a warning. Raises UsageError where `keep` names no column.
    """
    names = [str(name) for name in answers.frame.columns]
    kept = {keep} if isinstance(keep, str) else set(keep)
    for name in sorted(kept - set(names)):
        raise UsageError(f"keep names '{name}', which is no column of the file", remedy=guess(name, names))
    personal = {column.id for column in asked.columns if column.personal} if asked is not None else set()
    found = find_identifiers(answers.frame, answers.labels, _declared(asked))
    entries = [_entry(name, "is marked personal in the questionnaire", kept) for name in names if name in personal]
    direct = [one for one in found if not one.quasi and one.column not in personal]
    entries += [_entry(one.column, f"looks like {one.looks}", kept) for one in direct]
    dropped = ({one.column for one in direct} | (personal & set(names))) - kept
    warnings = [_quasi(one) for one in found if one.quasi and one.column not in personal]
    return _without(answers, dropped).noted(entries, warnings)


def _declared(asked: Questionnaire | None) -> dict[str, ItemType]:
    """The types of the columns that people, not labels of a file, have described."""
    if asked is None or asked.drafted:
        return {}
    return {column.id: column.type for column in asked.columns}


def _entry(name: str, why: str, kept: Collection[str]) -> str:
    if name in kept:
        return f"column '{name}' {why} and is here because keep= names it; show no single answer of it"
    return f"column '{name}' {why} and was left out; name it in keep=['{name}'] to have it"


def _quasi(one: Identifier) -> str:
    return (
        f"column '{one.column}' looks like {one.looks}: together with other answers it can point at a person; "
        "use the year or the age, and never publish it row by row"
    )


def _without(answers: Answers, dropped: Collection[str]) -> Answers:
    """The answers and all that is said of them without some columns."""
    if not dropped:
        return answers
    return replace(
        answers,
        frame=answers.frame.drop(columns=[name for name in answers.frame.columns if str(name) in dropped]),
        labels={name: label for name, label in answers.labels.items() if name not in dropped},
        values={name: labels for name, labels in answers.values.items() if name not in dropped},
        missing={name: codes for name, codes in answers.missing.items() if name not in dropped},
        ordered=answers.ordered - set(dropped),
        sets={
            name: left
            for name, columns in answers.sets.items()
            if (left := tuple(each for each in columns if each not in dropped))
        },
        weight=None if answers.weight in dropped else answers.weight,
    )
