"""Codes for no answer made ours: by the label of the file where there is one, else by the codebook of the wave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import MISSING, Questionnaire, say
from surveyor.reading.answers import Answers
from surveyor.reading.national.columns import code_of
from surveyor.reading.national.kinds import reason_of
from surveyor.reading.national.waves import Wave

#: Positive codes that can stand for no answer, where their label says so: 8, 9, 97, 98, 99, 997 ...
NINES = re.compile(r"[89]|9+[789]")


def mapped(answers: Answers, wave: Wave, asked: Questionnaire | None) -> Answers:
    """The answers with our codes for no answer, all codes of a column replaced at once.

    A column whose codes the questionnaire declares is left to it. Raises DataError that lists the negative codes
    without a meaning, in columns whose answers have labels.
    """
    frame, values, missing = answers.frame.copy(deep=False), dict(answers.values), dict(answers.missing)
    cells: dict[tuple[int, int], list[int]] = {}
    unknown: list[str] = []
    for name in frame.columns:
        if _declared(asked, str(name)):
            continue
        labels = dict(values.get(name, {}))
        codes = _codes(labels, wave)
        frame[name], hits = _replaced(frame[name], codes)
        for code, n in hits.items():
            cells.setdefault((code, codes[code]), []).append(n)
        told = {codes[code] for code in codes if code in labels or code in hits}
        if told:
            kept = {code: label for code, label in labels.items() if code not in codes}
            values[name] = {**kept, **{float(ours): reason(ours) for ours in sorted(told)}}
            missing[name] = frozenset(missing.get(name, frozenset()) - codes.keys() | told)
        unknown += _undeclared(frame[name], values.get(name, {}), missing.get(name, frozenset()))
    if unknown:
        raise _unknown(unknown, answers.log.file, wave)
    entries = [
        f"{code} -> {ours} ({reason(ours)}): {counted(sum(n), 'cell')} in {counted(len(n), 'column')}"
        for (code, ours), n in sorted(cells.items())
    ]
    warnings = []
    if wave.nines and not answers.values:
        warnings.append(
            f"in {wave.name} codes such as 98 and 99 stand for no answer in some columns, and this file carries no "
            "labels that say in which; declare them in the questionnaire, or read the .dta or .sav file"
        )
    return replace(answers, frame=frame, values=values, missing=missing).noted(entries, warnings)


def reason(code: int) -> str:
    """Our words for a missing code."""
    return say(MISSING[code])  # type: ignore[arg-type]


def _unknown(found: list[str], file: str, wave: Wave) -> DataError:
    return DataError(
        f"negative codes that are not known in {wave.name}: {'; '.join(found[:5])}"
        + (f" and {len(found) - 5} more" if len(found) > 5 else ""),
        where=file,
        expected=f"codes with a label in the file, or those of the {wave.name} codebook",
        remedy="Label these codes in the file, or say in the questionnaire's choice list what they stand for",
    )


def _codes(labels: Mapping[float, str], wave: Wave) -> dict[int, int]:
    """Codes of one column that stand for no answer -> ours."""
    found = {int(code): ours for code, ours in wave.missing.items() if code not in labels}
    for code, label in labels.items():
        reason = reason_of(label)
        if reason is not None and float(code).is_integer() and (code < 0 or NINES.fullmatch(f"{code:g}")):
            found[int(code)] = reason
    return found


def _declared(asked: Questionnaire | None, name: str) -> bool:
    """Whether the questionnaire itself says what the file's codes for no answer mean: then they are left to it."""
    if asked is None or name not in asked:
        return False
    choices = asked.choices_of(name)
    return any(
        code != ours for code, ours in {**asked.item(name).missing, **(choices.missing if choices else {})}.items()
    )


def _replaced(column: pd.Series, codes: Mapping[int, int]) -> tuple[pd.Series, dict[int, int]]:
    """The column with all codes replaced at once, and code -> how many cells."""
    numeric = pd.api.types.is_numeric_dtype(column)
    if not codes or not (numeric or pd.api.types.is_string_dtype(column)):
        return column, {}
    seen = column.drop_duplicates().dropna()
    forms = {cell: code for cell in seen if (code := code_of(cell)) in codes}
    replaced, hits = column, Counter[int]()
    for cell, code in forms.items():
        here = column == cell
        hits[int(code)] += int(here.sum())
        if codes[int(code)] != code:
            replaced = replaced.mask(here, codes[int(code)] if numeric else str(codes[int(code)]))
    return replaced, dict(hits)


def _undeclared(column: pd.Series, labels: Mapping[float, str], missing: frozenset[float]) -> list[str]:
    """Negative codes without a meaning, in a column whose answers have labels."""
    if not pd.api.types.is_numeric_dtype(column) or not any(code >= 0 for code in labels):
        return []
    strange = column[(column < 0) & ~column.isin({*labels, *missing})].value_counts().sort_index()
    return [f"{code:g} in column '{column.name}' ({counted(int(n), 'row')})" for code, n in strange.items()]
