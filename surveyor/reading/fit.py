"""Answers made to fit the questionnaire: texts to codes, the file's missing codes to ours, each change logged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import Choices, Item, Questionnaire, say
from surveyor.reading.answers import Answers


def fit(answers: Answers, questionnaire: Questionnaire) -> tuple[pd.DataFrame, list[str]]:
    """The frame with questionnaire columns as numbers and known missing codes, and what was changed.

    Raises DataError (file, column, row) for text where codes or numbers are expected and for negative
    codes nobody declared; answers outside the choice list are kept, counted in the log, and missing
    to every statistic.
    """
    entries: list[str] = []
    columns: dict[str, pd.Series] = {}
    for name in answers.frame.columns:
        column = answers.frame[name]
        if name in questionnaire:
            item = questionnaire.item(name)
            choices = questionnaire.choices_of(name)
            if item.type not in ("text", "id"):
                column = _numbers(column, item, choices, answers.log.file, entries)
                column = _missing(column, item, choices, questionnaire, answers, entries)
        else:
            column = plain(column)
        columns[str(name)] = column
    outside = [name for name in columns if name not in questionnaire]
    if outside:
        entries.append(f"{len(outside)} columns are not in the questionnaire and were kept as they are")
    return pd.DataFrame(columns), entries


def _numbers(column: pd.Series, item: Item, choices: Choices | None, file: str, entries: list[str]) -> pd.Series:
    """Texts as numbers: a code, a number, or the label of a code in either language."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(float)
    words = column.map(lambda cell: cell.strip() if isinstance(cell, str) else cell)
    numbers = pd.to_numeric(words, errors="coerce").astype(float)
    text = numbers.isna() & words.notna()
    if choices is not None and text.any():
        codes = {label: code for code, both in choices.codes.items() for label in both.values()}
        found = words[text].map(codes).astype(float)
        numbers[text] = found
        if found.notna().any():
            entries.append(f"{item.id}: {int(found.notna().sum())} labels were turned into codes")
        text &= numbers.isna()
    if text.any() or np.isinf(numbers).any():
        bad = text | np.isinf(numbers)
        places = ", ".join(str(i + 1) for i in np.flatnonzero(bad)[:3])
        raise DataError(
            f"text where {'codes' if choices else 'numbers'} are expected: "
            f"'{str(column[bad].iloc[0])[:20]}' ({counted(int(bad.sum()), 'row')}, first in row {places} of the data)",
            where=f"{file}, column '{item.id}'",
            expected=_expected(choices),
            remedy="Correct the file, or the type of this item in the questionnaire",
        )
    return numbers


def _missing(
    column: pd.Series,
    item: Item,
    choices: Choices | None,
    questionnaire: Questionnaire,
    answers: Answers,
    entries: list[str],
) -> pd.Series:
    """The file's codes for 'no answer' as ours; unknown negative codes are an error."""
    mapping: Mapping[int, int] = {**item.missing, **(choices.missing if choices else {})}
    for code, ours in mapping.items():
        hits = int((column == code).sum())
        if hits and code != ours:
            entries.append(f"{item.id}: {code} -> {ours} ({questionnaire.reason(ours)}), {counted(hits, 'row')}")
    column = column.replace({float(k): float(v) for k, v in mapping.items()})
    known = questionnaire.missing_codes(item.id)
    declared = answers.missing.get(item.id, frozenset()) - {float(k) for k in mapping}
    for unmapped in sorted(declared - known):
        hits = int((column == unmapped).sum())
        column = column.mask(column == unmapped)
        entries.append(f"{item.id}: {unmapped:g} is declared missing in the file, {counted(hits, 'row')} emptied")
    if item.type == "number":
        for code in sorted(known - set(mapping.values())):
            if hits := int((column == code).sum()):
                entries.append(f"{item.id}: {code} counts as {questionnaire.reason(code)}, {counted(hits, 'row')}")
        return column
    if choices is None:
        return column
    codes = {*choices.codes, *known}
    strange = column[column.notna() & ~column.isin(codes)]
    if (strange < 0).any():
        code = strange[strange < 0].iloc[0]
        raise DataError(
            f"the negative code {code:g} is not declared ({counted(int((strange == code).sum()), 'row')})",
            where=f"{answers.log.file}, column '{item.id}'",
            expected=_expected(choices),
            remedy="Say in the choice list, under 'missing', what it stands for",
        )
    for odd, rows in strange.value_counts().sort_index().items():
        entries.append(f"{item.id}: {odd:g} is not in the choice list, {counted(rows, 'row')} not counted")
    return column


def _expected(choices: Choices | None) -> str:
    if choices is None:
        return "numbers"
    shown = [f"{code} {say(text)}" for code, text in list(choices.codes.items())[:6]]
    return ", ".join(shown) + (" ..." if len(choices.codes) > 6 else "")


def plain(column: pd.Series) -> pd.Series:
    """A column outside the questionnaire: numbers only where every cell is a plain number."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    cells = column.dropna().astype(str)
    if len(cells) and cells.str.fullmatch(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?").all():
        return pd.to_numeric(column)
    return column
