"""Reading answers: one file per format family, all giving the same thing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from surveyor.design import Design
from surveyor.errors import DataError, SurveyorError
from surveyor.questionnaire import Language, Questionnaire
from surveyor.questionnaire.yaml import load
from surveyor.reading.answers import Answers, Ask, Log
from surveyor.reading.delimited import read_delimited
from surveyor.reading.draft import draft
from surveyor.reading.fit import fit, plain
from surveyor.reading.sniff import kind
from surveyor.reading.spss import read_spss
from surveyor.survey import Survey

__all__ = ["Answers", "Log", "read"]

READERS = {"SPSS": read_spss, "text": read_delimited}


def read(
    path: str | Path,
    questionnaire: Questionnaire | str | Path | None = None,
    *,
    design: Design | None = None,
    encoding: str | None = None,
    lang: Language = "en",
) -> Survey:
    """A file of answers (.sav, .zsav, .csv, .tsv) as a survey; what was changed on the way is in `.log`.

    questionnaire   a Questionnaire or its YAML file; without one, the labels in the file are used
    design          the columns that say how residents were drawn; without one, a simple random sample

    Raises FileError for a file that is absent, damaged or not what its name says, DataError for answers
    that do not fit the questionnaire, DesignError for a design that does not fit the data.
    """
    path = Path(path)
    answers = READERS[kind(path)](path, Ask(encoding))
    if not len(answers.frame):
        raise DataError("the file has no rows", where=path.name)
    if questionnaire is None:
        answers = replace(answers, frame=answers.frame.apply(plain))
        asked = draft(answers, path.stem)
    elif isinstance(questionnaire, Questionnaire):
        asked = questionnaire
    else:
        asked = load(Path(questionnaire), Questionnaire)
    frame, entries = fit(answers, asked)
    log = replace(answers.log, entries=(*answers.log.entries, *entries))
    try:
        return Survey(frame, design or Design(), asked, lang, log)
    except SurveyorError as error:
        raise error.at(path.name) from None
