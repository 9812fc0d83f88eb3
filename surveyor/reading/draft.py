"""A questionnaire drafted from the labels a file carries, for whoever has only the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from surveyor.format import counted
from surveyor.questionnaire import MISSING, Choices, Item, ItemType, Language, Questionnaire
from surveyor.reading.answers import Answers
from surveyor.reading.cells import spelling
from surveyor.reading.loose import loose
from surveyor.reading.notes import Notes
from surveyor.reading.source import Source

#: Labels that tell that an answer is none; where no missing code is declared, somebody must look.
_NO_ANSWER = frozenset(
    spelling(label)
    for label in (
        "不知道", "说不清", "不清楚", "拒答", "拒绝回答", "不适用", "不回答", "无回答", "未回答", "缺失", "跳过",
        "don't know", "do not know", "dk", "refused", "refusal", "no answer", "not applicable", "not asked", "missing",
    )
)  # fmt: skip


def drafted(answers: Answers, name: str, source: Source | None = None) -> tuple[Answers, Questionnaire]:
    """The answers with plain numbers as numbers, and one item per column.

    An item has choices where every answer has a label, else it is a number or text. Codes that the file declares
    missing keep their number and their label as the reason; those the source knows become ours.
    """
    notes = Notes()
    columns = {str(each): loose(answers.frame[each], str(each), notes) for each in answers.frame.columns}
    read = replace(answers, frame=pd.DataFrame(columns, index=answers.frame.index, copy=False))
    told = {float(cell): code for cell, code in (source.missing if source else {}).items() if _is_number(cell)}
    asked = _questionnaire(read, name, told)
    return read.noted(notes.entries, [*notes.warnings, *_undeclared(read, told)]), asked


def _questionnaire(answers: Answers, name: str, told: Mapping[float, int]) -> Questionnaire:
    items: list[Item] = []
    lists: dict[str, Choices] = {}
    reasons: dict[int, dict[Language, str]] = {}
    for column in answers.frame.columns:
        labels = answers.values.get(column, {})
        declared = answers.missing.get(column, frozenset()) - told.keys()
        cells = answers.frame[column].dropna()
        kind: ItemType = "number" if pd.api.types.is_numeric_dtype(cells) else "text"
        whole = all(float(code).is_integer() for code in labels)
        answered = [code for code in labels if code not in declared and code not in told]
        missing = {code: code for code in told.values()} if kind == "number" else {}
        if kind == "number":
            missing |= {int(code): int(code) for code in declared if float(code).is_integer()}
            reasons |= _reasons(missing, labels, told)
        if kind == "number" and answered and whole and set(cells) <= {*labels, *declared, *told}:
            kind = "ordinal" if column in answers.ordered else "nominal"
            lists[column] = Choices(codes=_apart({int(code): labels[code] for code in answered}), missing=missing)
        items.append(
            Item(
                id=str(column),
                label={"en": answers.labels.get(column, str(column))},
                type=kind,
                choices=column if column in lists else None,
                missing={} if column in lists else missing,
            )
        )
    return Questionnaire(name=name, items=tuple(items), choices=lists, missing=reasons, drafted=True)


def _reasons(
    missing: Mapping[int, int], labels: Mapping[float, str], told: Mapping[float, int]
) -> dict[int, dict[Language, str]]:
    """The file's words for its missing codes, but for those that are ours and have our words in both languages."""
    own = {code: labels.get(code, str(code)) for code in missing if code not in told.values()}
    ours = {code: {spelling(text) for text in both.values()} for code, both in MISSING.items()}
    return {code: {"en": label} for code, label in own.items() if spelling(label) not in ours.get(code, ())}


def _apart(labels: Mapping[int, str]) -> dict[int, dict[Language, str]]:
    """Labels of codes, with the code added where two have the same."""
    given = list(labels.values())
    return {code: {"en": text if given.count(text) == 1 else f"{text} ({code})"} for code, text in labels.items()}


def _undeclared(answers: Answers, told: Mapping[float, int]) -> list[str]:
    """Codes whose label says that there is no answer, but which nothing declares missing."""
    found: dict[float, list[str]] = {}
    for column, labels in answers.values.items():
        if column not in answers.frame.columns:
            continue
        declared = answers.missing.get(column, frozenset())
        for code, label in labels.items():
            if code not in declared and code not in told and spelling(label).strip("。.") in _NO_ANSWER:
                found.setdefault(code, []).append(column)
    return [
        f"code {code:g} counts as an answer in {counted(len(columns), 'column')} ({', '.join(columns[:3])}), though "
        "its label says there is none; declare it missing in a questionnaire, or name the source of the file"
        for code, columns in sorted(found.items())
    ]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
