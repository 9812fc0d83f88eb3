"""Workbooks (.xlsx, .xlsm, .ods): looked at before they are parsed, then one sheet as a table of text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from surveyor.errors import FileError, SurveyorError
from surveyor.reading.answers import Answers, Ask, Log, fingerprint
from surveyor.reading.sheets.archive import check_archive, damaged, too_large
from surveyor.reading.sheets.excel import excel_sheet
from surveyor.reading.sheets.opendocument import opendocument_sheet
from surveyor.reading.sheets.sheet import Sheet, table
from surveyor.reading.text.columns import frame_of

NO_MACROS = "the macros in this workbook were not run"


def read_excel(path: Path, ask: Ask) -> Answers:
    """The cells of a sheet as text: dates in ISO form, formulas by the value Excel calculated last.

    Raises FileError for a workbook that is damaged, unsafe or too large, UsageError for a sheet that is not there, and
    DataError with the sheet and cell for what is no table: merged cells, two rows of names, formulas without values.
    """
    import openpyxl

    answers = _read(path, ask, "Excel", f"openpyxl {openpyxl.__version__}", excel_sheet)
    return answers.noted([NO_MACROS]) if path.suffix.lower() == ".xlsm" else answers


def read_opendocument(path: Path, ask: Ask) -> Answers:
    """The cells of a sheet as text: the same as `read_excel`, from an .ods file."""
    return _read(path, ask, "OpenDocument", "surveyor", opendocument_sheet)


def _read(
    path: Path,
    ask: Ask,
    family: str,
    reader: str,
    load: Callable[[Path, str | None], tuple[Sheet, tuple[str, ...]]],
) -> Answers:
    check_archive(path)
    try:
        sheet, told = load(path, ask.sheet)
    except SurveyorError:
        raise
    except MemoryError:
        raise too_large(path.name, "it does not fit into the memory") from None
    except Exception:  # the parsers raise whatever the damaged part makes them trip over
        raise damaged(path.name) from None
    found = table(sheet, ask, path.name)
    frame = frame_of(found.columns.columns)
    if not len(frame):
        raise FileError("the sheet has no rows", where=path.name)
    log = Log(
        file=path.name,
        sha256=fingerprint(path),
        format=family,
        encoding="utf-8, as the format demands",
        rows=len(frame),
        columns=frame.shape[1],
        reader=reader,
        entries=(f"the sheet '{sheet.name}' was read", *found.entries, *found.columns.entries),
        warnings=(*told, *found.warnings, *found.columns.warnings),
    )
    return Answers(frame=frame, log=log, first_row=found.first_row)
