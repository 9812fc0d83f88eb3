"""A questionnaire drafted from the labels a file carries, for whoever has only the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from surveyor.format import counted
from surveyor.questionnaire import MISSING, Choices, Item, ItemType, Language, Questionnaire
from surveyor.reading.answers import Answers
from surveyor.reading.cells import is_number, spelling
from surveyor.reading.fit import NEAR
from surveyor.reading.loose import loose
from surveyor.reading.negatives import said, undescribed
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
    commas = answers.decimal_commas
    columns = {
        str(each): loose(answers.frame[each], str(each), notes, decimal_commas=commas) for each in answers.frame.columns
    }
    for each, labels in answers.values.items():
        if each in columns:
            columns[each] = _exact(columns[each], labels, each, notes)
    read = replace(answers, frame=pd.DataFrame(columns, index=answers.frame.index, copy=False))
    told = {float(cell): code for cell, code in (source.missing if source else {}).items() if is_number(cell)}
    asked = _questionnaire(read, name, told)
    looked = [*notes.warnings, *_undeclared(read, told), *_negatives(read, told), *_strays(read, told)]
    return read.noted(notes.entries, looked), asked


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


def _negatives(answers: Answers, told: Mapping[float, int]) -> list[str]:
    """Negative numbers without a label that look like codes for no answer, but which nothing declares missing."""
    notes = Notes()
    for column in answers.frame.columns:
        known = {*answers.values.get(column, {}), *answers.missing.get(column, frozenset()), *told}
        notes.count_negatives(column, tuple(code for code in undescribed(answers.frame[column]) if code not in known))
    return said(notes.negatives)


def _exact(column: pd.Series, labels: Mapping[float, str], name: str, notes: Notes) -> pd.Series:
    """Numbers a hair beside a labelled code become that code; halves never do."""
    if not pd.api.types.is_float_dtype(column):
        return column
    values = column.to_numpy(dtype=float, na_value=np.nan)
    whole = np.rint(values)
    near = (values != whole) & (np.abs(values - whole) < NEAR) & np.isin(whole, list(labels))
    if not near.any():
        return column
    notes.entries.append(f"{name}: {counted(int(near.sum()), 'cell')} within a millionth of a code read as the code")
    return pd.Series(np.where(near, whole, values), index=column.index, name=column.name)


def _strays(answers: Answers, told: Mapping[float, int]) -> list[str]:
    """Codes without a label in columns where most codes have one: the columns then count as numbers."""
    found = []
    for column, labels in answers.values.items():
        if column not in answers.frame.columns or not pd.api.types.is_numeric_dtype(answers.frame[column]):
            continue
        silent = {*answers.missing.get(column, frozenset()), *told, *undescribed(answers.frame[column])}
        cells = {float(cell) for cell in answers.frame[column].dropna().unique()} - silent
        bare = sorted(cells - labels.keys())
        if bare and 2 * len(bare) < len(cells):
            found.append(f"{column} ({', '.join(f'{code:g}' for code in bare[:3])}{' ...' if bare[3:] else ''})")
    if not found:
        return []
    shown = ", ".join(found[:3]) + (" ..." if found[3:] else "")
    return [
        f"{counted(len(found), 'column')} with codes that have no label, where most have one: {shown}; the labels are "
        "not used and the codes count as numbers: correct the codes, or describe the items in a questionnaire"
    ]
