"""Stata files (.dta, release 118: Stata 14 and later) with labels and extended missing values, through pyreadstat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd

from surveyor.errors import DataError
from surveyor.questionnaire.texts import STATA_LETTERS
from surveyor.writing.cells import floats
from surveyor.writing.common import Table, Variable, without
from surveyor.writing.labels import cut, fitting
from surveyor.writing.names import Naming
from surveyor.writing.native import NUL, check_cells, check_whole, column, overwrite, plainly

#: Letters for the missing codes that are not ours.
OTHERS = tuple(letter for letter in ascii_lowercase if letter not in STATA_LETTERS.values())

#: Letters of a variable label; bytes of the label of a value; bytes of a text.
LABEL, VALUE_LABEL, TEXT = 80, 31_997, 2_000_000_000

RESERVED = frozenset(
    (
        *("_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_N", "_pi"),
        *("_pred", "_rc", "_skip", "strL", "using", "with"),
        *(f"str{n}" for n in range(1, 2046)),
    )
)

NAMES = Naming(
    format="Stata",
    pattern=re.compile(r"[^\W\d]\w*"),
    said="names of at most 32 letters, digits and _ that do not begin with a digit",
    limit=32,
    size=len,
    unit="letters",
    reserved=RESERVED,
)

WRITTEN_TAG, WRITTEN = b"<timestamp>\x11", b"01 Jan 1980 00:00"


def write_stata(table: Table, path: Path) -> tuple[str, ...]:
    """Write a table to `path` and say what was cut or coded anew.

    Raises DataError for names, numbers and texts such a file cannot hold, OSError where there is no room.
    """
    import pyreadstat

    NAMES.check(table)
    check_cells(table, TEXT)
    letters = _letters(table)
    table = without(table, NUL, "NUL characters").changed(_fitted)
    renamed = [f"{code} became .{letter}" for code, letter in letters.items() if code not in STATA_LETTERS]
    parts = table.variables
    with plainly(table.file):
        pyreadstat.write_dta(
            pd.DataFrame({each.name: _tagged(each, letters) for each in parts}),
            str(path),
            version=14,
            column_labels={each.name: each.label for each in parts if each.label},
            variable_value_labels={each.name: _labels(each, letters) for each in parts if each.labels},
            missing_user_values={
                each.name: sorted(letters[code] for code in each.reasons) for each in parts if each.reasons
            },
        )
    check_whole(path, table, pyreadstat.read_dta)
    _fix_time(path)
    return (*table.warnings, *([f"missing codes: {', '.join(renamed)}"] if renamed else []))


def _letters(table: Table) -> dict[int, str]:
    """The letter of every code that stands for no answer somewhere in the table.

    Raises DataError where there are more of them than letters.
    """
    strange = sorted({code for each in table.variables for code in each.reasons} - STATA_LETTERS.keys())
    if len(strange) > len(OTHERS):
        raise DataError(
            f"there are {len(strange) + len(STATA_LETTERS)} different missing codes",
            where=table.file,
            expected="at most 26, one for each letter from .a to .z",
            remedy="Write .sav, or give fewer reasons in the questionnaire",
        )
    return {**STATA_LETTERS, **dict(zip(strange, OTHERS, strict=False))}


def _fitted(variable: Variable) -> tuple[Variable, list[str]]:
    """Labels cut to what the format holds."""
    warnings = []
    label = cut(variable.label, LABEL, len)
    if label != variable.label:
        warnings.append(f"{variable.name}: its label was cut to {LABEL} of {len(variable.label)} letters")
    labels, changed = fitting(variable.labels, VALUE_LABEL)
    if changed:
        warnings.append(f"{variable.name}: the labels of {len(changed)} codes were cut")
    answers = {code: labels[code] for code in variable.answers}
    reasons = {code: labels[code] for code in variable.reasons}
    return replace(variable, label=label, answers=answers, reasons=reasons), warnings


def _labels(variable: Variable, letters: Mapping[int, str]) -> dict[Any, str]:
    return {**variable.answers} | {letters[code]: text for code, text in variable.reasons.items()}


def _tagged(variable: Variable, letters: Mapping[int, str]) -> pd.Series:
    """The cells with letters for missing codes, which pyreadstat writes as .a to .z."""
    numbers = floats(variable.cells) if variable.reasons else np.empty(0)
    if not np.isin(numbers, list(variable.reasons)).any():
        return column(variable)
    tagged: np.ndarray[Any, Any] = numbers.astype(object)
    for code in variable.reasons:
        tagged[numbers == code] = letters[code]
    return pd.Series(tagged, dtype=object)


def _fix_time(path: Path) -> None:
    """The time of writing made the same in every file."""
    with path.open("rb") as stream:
        at = stream.read(1024).index(WRITTEN_TAG)
    overwrite(path, at + len(WRITTEN_TAG), WRITTEN)
