"""Reading answers: one file per format family, all giving the same thing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from surveyor.design import Design
from surveyor.errors import DataError, FileError, SurveyorError, guess
from surveyor.format import counted
from surveyor.questionnaire import Language, Questionnaire
from surveyor.reading.answers import Answers, Ask, Log
from surveyor.reading.arrow import read_feather, read_parquet
from surveyor.reading.blanks import calculated, reasons
from surveyor.reading.draft import drafted
from surveyor.reading.fit import fit
from surveyor.reading.identifiers import without_identifiers
from surveyor.reading.native.sas import read_sas, read_transport
from surveyor.reading.native.spss import read_portable, read_spss
from surveyor.reading.native.stata import read_stata
from surveyor.reading.sheets.workbook import read_excel, read_opendocument
from surveyor.reading.sniff import kind
from surveyor.reading.source import Source
from surveyor.reading.sources import source_named, sources
from surveyor.reading.text.delimited import read_delimited
from surveyor.survey import Survey
from surveyor.waiting import waiting

__all__ = ["Answers", "Ask", "Log", "Source", "read", "read_answers", "sources"]

READERS: Mapping[str, Callable[[Path, Ask], Answers]] = {
    "SPSS": read_spss, "SPSS portable": read_portable, "Stata": read_stata, "SAS": read_sas,
    "SAS transport": read_transport, "text": read_delimited, "Excel": read_excel, "OpenDocument": read_opendocument,
    "Parquet": read_parquet, "Feather": read_feather,
}  # fmt: skip


def read_answers(path: Path, ask: Ask = Ask()) -> Answers:  # noqa: B008
    """The cells of a file as they stand in it: see `read` for what it raises."""
    answers = READERS[kind(path)](path, ask)
    if not len(answers.frame):
        raise DataError("the file has no rows", where=path.name)
    return answers


def read(
    path: str | Path,
    questionnaire: Questionnaire | str | Path | None = None,
    *,
    source: str | None = None,
    design: Design | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    keep: Collection[str] = (),
    lang: Language = "en",
    expect: Mapping[str, int | str] | None = None,
    ask: Ask | None = None,
) -> Survey:
    """A file of answers as a survey; what was changed on the way and what to look at is in `.log`.

    Reads SPSS (.sav, .zsav, .por), Stata (.dta), SAS (.sas7bdat, .xpt), text (.csv, .tsv), workbooks (.xlsx, .ods), and
    Parquet and Feather files, each by its content.

    questionnaire   a Questionnaire or its file (.yaml, an XLSForm .xlsx); without one, the labels in the file are used
    source          where the file comes from ("surveyor", "kobo", "wenjuanxing", "limesurvey", "cgss2012", ...), which
                    says what its codes for no answer mean; they are never guessed
    design          the columns that say how residents were drawn; without one that of the source, or a simple random
                    sample
    encoding        of the text in the file; detected and logged if not given
    sheet           of a workbook
    keep            columns to have although they look like names, phone numbers or other direct identifiers
    expect          {"rows": 1681} or {"sha256": "..."}: refuse the file where it is not what it should be
    ask             more that can be said about the file: see surveyor.reading.Ask

    Raises FileError for a file that is absent, damaged or not what its name says, DataError for answers
    that do not fit the questionnaire, DesignError for a design that does not fit the data.
    """
    path = Path(path)
    known = source_named(source)
    asked = Questionnaire.load(questionnaire) if isinstance(questionnaire, str | Path) else questionnaire
    given = ask or Ask()
    given = replace(given, encoding=encoding or given.encoding, sheet=sheet or given.sheet)
    with waiting(f"Reading {path.name}"):
        answers = _as_expected(read_answers(path, given), expect or {})
        return _made(path, answers, asked, known, design, keep, lang)


def _made(
    path: Path,
    answers: Answers,
    asked: Questionnaire | None,
    known: Source | None,
    design: Design | None,
    keep: Collection[str],
    lang: Language,
) -> Survey:
    """The survey that answers make once the source has arranged them and identifiers are left out."""
    if known is not None and known.arrange is not None:
        answers = known.arrange(answers, asked)
    answers = without_identifiers(answers, keep, asked)
    if asked is None:
        answers, asked = drafted(answers, path.stem, known)
    try:
        frame, log = _fitted(answers, asked, known)
        if design is None and known is not None and known.design is not None:
            design = known.design(replace(answers, frame=frame))
        return Survey(frame, design or Design(), asked, lang, log)
    except SurveyorError as error:
        raise error if error.where and path.name in error.where else error.at(path.name) from None


def _fitted(answers: Answers, asked: Questionnaire, source: Source | None) -> tuple[pd.DataFrame, Log]:
    """The frame in the questionnaire's codes, and the log of how it came to be."""
    frame, notes = fit(answers, asked, source)
    told: list[str] = []
    if source is not None and source.blanks:
        frame, told = reasons(frame, asked)
    frame, made = calculated(frame, asked)
    entries = (*notes.lines(asked), *told, *made)
    return frame, answers.log.with_notes(entries, notes.warnings)


def _as_expected(answers: Answers, expect: Mapping[str, int | str]) -> Answers:
    """The answers; raises FileError where the file is not the one that was expected."""
    found: Mapping[str, int | str] = {"rows": len(answers.frame), "sha256": answers.log.sha256}
    for what, wanted in expect.items():
        if what not in found:
            raise DataError(f"'{what}' cannot be expected of a file", remedy=guess(what, found))
        if found[what] != wanted:
            shown = counted(len(answers.frame), "row") if what == "rows" else "another content"
            raise FileError(
                f"the file has {shown}",
                where=answers.log.file,
                expected=f"{wanted} rows" if what == "rows" else f"the SHA-256 {str(wanted)[:12]}...",
                remedy="Fetch the file again, or correct what is expected of it",
            )
    return answers
