"""Column names as they stand in text and sheets: each there, each once, and none that could be mistaken for code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from surveyor.errors import DataError, UsageError, guess
from surveyor.format import counted
from surveyor.reading.answers import Ask

#: What in a name is no name -> how it is called in the warning.
HOSTILE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<\s*[a-zA-Z!/?]"), "HTML"),
    (re.compile(r"^[=+@]|^-(?!\d)"), "a spreadsheet formula"),
    (re.compile(r"\.\.[/\\]|^/|^[A-Za-z]:\\|^\\\\"), "a path"),
    (re.compile(r"__(?!version__)\w+__|\b(eval|exec|import|system|open|getattr)\s*\("), "program code"),
    (re.compile(r"\$\{|\{\{|\{%|`|\$\("), "a template or command"),
    (re.compile(r"'\s*;|;\s*(drop|delete|update|insert)\b", re.IGNORECASE), "SQL"),
    (
        re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"),
        "line breaks or invisible characters",
    ),
)
NUMBER = re.compile(r"[-\u2212]?\d+([.,]\d+)?")
#: Words that stand for "nothing" in data rows, so that a first row of them is not taken for labels.
NOTHING = frozenset({"", "na", "n/a", "nan", "none", "null", ".", "-", "#n/a", "(空)", "(跳过)"})


def check_names(names: Sequence[str], place: Callable[[int], str]) -> list[str]:
    """Warnings about names; place gives where the name of a column (0 = first) stands.

    Raises DataError for a name that is blank or doubled.
    """
    seen: dict[str, int] = {}
    blank = [i for i, name in enumerate(names) if not name]
    if len(blank) > 1:
        raise DataError("two columns have no name", where=place(blank[0]), remedy="Give each its own name")
    if blank:
        raise DataError(
            f"column {blank[0] + 1} has no name", where=place(blank[0]), remedy="Give it one, or remove the column"
        )
    for i, name in enumerate(names):
        if name in seen:
            raise DataError(f"two columns are called '{name[:60]}'", where=place(i), remedy="Give each its own name")
        seen[name] = i
    numbers = ["all column names are numbers: if the first row is a respondent, add a row of names above it"]
    found = [(i, what) for i, name in enumerate(names) for pattern, what in HOSTILE if pattern.search(name)]
    return [
        *(numbers if all(NUMBER.fullmatch(name) for name in names) else []),
        *_hostile(found),
    ]


def _hostile(found: Sequence[tuple[int, str]]) -> list[str]:
    kinds = dict.fromkeys(what for _, what in found)
    return [
        f"{counted(len(at), 'column name')} {'holds' if len(at) == 1 else 'hold'} {what} "
        f"(column {', '.join(str(i + 1) for i in at[:3])}{' ...' if len(at) > 3 else ''}); it is kept as a plain text"
        for what in kinds
        for at in [[i for i, other in found if other == what]]
    ]


def wanted(names: Sequence[str], ask: Ask, file: str) -> list[str]:
    """The columns that were asked for, in the file's order. Raises UsageError for one that is not there."""
    if ask.columns is None:
        return list(names)
    for name in ask.columns:
        if name not in names:
            raise UsageError(f"there is no column '{name}'", where=file, remedy=guess(name, names))
    return [name for name in names if name in ask.columns]


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The row (first = 0) of a beginning of a table that looks like its names, where that is not the first.

    rows  some 30 of the first rows, cells as text, "" where empty
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    width = max(filled, default=0)
    if not filled or width < 3 or filled[0] > width / 2:
        return None
    for i, row in enumerate(rows[:-1]):
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) == width and len(set(cells)) == width and not any(NUMBER.fullmatch(cell) for cell in cells):
            return i
    return None


def more_headers(rows: Sequence[Sequence[str]]) -> int:
    """How many rows below the names hold labels, not answers: words above columns of nothing but numbers.

    rows  some 30 of the first rows, the first of them the names
    """
    return next((n for n in (1, 2) if len(rows) > n + 2 and _are_labels(rows[1 : n + 1], rows[n + 1 :])), 0)


def two_headers(more: int, where: str, second: int) -> DataError:
    """The error for further rows of names.

    second  the row (first = 1) in which they begin
    """
    many = {1: "two", 2: "three"}[more]
    return DataError(
        f"there are {many} rows of names: below the names stand words, and only numbers in the rows that follow",
        where=where,
        remedy=f"Remove all but one of them, or say which holds the names, for example header_row={second}",
    )


def _are_labels(labels: Sequence[Sequence[str]], answers: Sequence[Sequence[str]]) -> bool:
    """Whether every column of numbers (there are two or more) has words of its own in the rows of labels."""
    numeric = [i for i in range(len(labels[0])) if _all_numbers([row[i].strip() for row in answers if i < len(row)])]
    for row in labels:
        words = [row[i].strip() for i in numeric if i < len(row)]
        if len(words) < 2 or len(set(words)) < len(words) or len(words) < len(numeric):
            return False
        if any(word.casefold() in NOTHING or NUMBER.fullmatch(word) for word in words):
            return False
    return True


def _all_numbers(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell.casefold() not in NOTHING]
    return bool(said) and all(NUMBER.fullmatch(cell) for cell in said)
