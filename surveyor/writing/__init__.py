"""Writing answers back: one file per format, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from surveyor.errors import UsageError
from surveyor.files import whole
from surveyor.questionnaire import Language
from surveyor.survey import Survey
from surveyor.writing.arrow import write_parquet
from surveyor.writing.common import Table, prepared
from surveyor.writing.delimited import write_delimited, write_raw
from surveyor.writing.spss import write_spss
from surveyor.writing.stata import write_stata
from surveyor.writing.workbook import write_workbook
from surveyor.writing.written import Written

__all__ = ["Written", "write"]

WRITERS: Mapping[str, Callable[[Table, Path], tuple[str, ...]]] = {
    ".sav": write_spss,
    ".zsav": write_spss,
    ".dta": write_stata,
    ".csv": write_delimited,
    ".xlsx": write_workbook,
    ".parquet": write_parquet,
}


def write(survey: Survey, path: str | Path, *, lang: Language | None = None, raw: bool = False) -> Written:
    """Write a survey to a file whose ending says the format; an earlier file stays as it was until all is written.

    lang  of the labels: "en" or "zh"; the survey's own if not given
    raw   .csv only: leave texts that a spreadsheet would run as formulas as they are

    Codes stay codes, also those for no answer. What the file cannot hold as the survey has it is in `.warnings`.

    Raises UsageError for an unknown ending, DataError (file, column) for cells and names the format cannot hold,
    FileError where the file cannot be written.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in WRITERS:
        raise UsageError(
            f"'{path.name}' has no ending that says how to write it",
            expected="a name that ends with " + ", ".join(WRITERS),
        )
    if raw and ending != ".csv":
        raise UsageError(f"'raw' is for .csv, not {ending}", remedy="Leave it out: such a file runs no text")
    writer = write_raw if raw else WRITERS[ending]
    table = prepared(survey, path.name, lang or survey.lang)
    with whole(path) as draft:
        warnings = writer(table, draft)
    return Written(path, warnings)
