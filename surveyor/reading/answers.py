"""What every reader gives: the same frame of cells, the labels found, and a log of what was done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Log:
    """Where answers came from and what was changed on the way in. Nothing changes without an entry.

    encoding  how bytes became text, and how that was decided ("gb18030, detected")
    entries   what was changed: old form -> new form, how many cells
    warnings  what a person should look at before trusting the numbers
    """

    file: str
    sha256: str
    format: str
    encoding: str
    rows: int
    columns: int
    reader: str
    entries: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def with_notes(self, entries: Iterable[str] = (), warnings: Iterable[str] = ()) -> Log:
        """The log with further entries and warnings."""
        return replace(self, entries=(*self.entries, *entries), warnings=(*self.warnings, *warnings))


@dataclass(frozen=True)
class Ask:
    """What a caller may say about a file.

    encoding    of the text in it, where that is known
    sheet       of a workbook, by name
    columns     read only these, in the file's order
    header_row  the row (first row = 1) that holds the column names
    """

    encoding: str | None = None
    sheet: str | None = None
    columns: tuple[str, ...] | None = None
    header_row: int | None = None


@dataclass(frozen=True, eq=False)
class Answers:
    """Cells as they stand in the file, with the labels the file carries.

    frame    from text and sheets: every cell as text (pandas' str), missing where empty; from native
             formats: numbers, texts and dates. Codes of missing answers stay codes
    labels   column -> its label
    values   column -> code -> label of the code
    missing  column -> codes the file itself declares missing
    ordered  columns the file calls ordinal
    sets     multiple-response set -> its columns, in order
    weight   the column the file itself names as its weight
    first_row        the number that the first row of answers has for whoever opens the file
    decimal_commas   its numbers may have commas before decimals, so that "1,234" can be read two ways
    """

    frame: pd.DataFrame
    log: Log
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    missing: Mapping[str, frozenset[float]] = field(default_factory=dict)
    ordered: frozenset[str] = frozenset()
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weight: str | None = None
    first_row: int = 1
    decimal_commas: bool = False

    def noted(self, entries: Iterable[str] = (), warnings: Iterable[str] = ()) -> Answers:
        """The answers with further entries and warnings in their log."""
        return replace(self, log=self.log.with_notes(entries, warnings))


def fingerprint(path: Path) -> str:
    """SHA-256 of the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
