"""An XLSForm workbook as a questionnaire: our own back, and those of others as far as they fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from surveyor.errors import DefinitionError
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.consistency import Inconsistent
from surveyor.questionnaire.item import Level
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import Text
from surveyor.questionnaire.xlsform.layout import LEVEL, NAME, TITLE, YEAR_OF
from surveyor.questionnaire.xlsform.lists import lists
from surveyor.questionnaire.xlsform.rows import Form
from surveyor.questionnaire.xlsform.sheets import Sheet, needed, sheets
from surveyor.questionnaire.xlsform.wordings import Wordings, script_of


def read_xlsform(path: Path) -> Questionnaire:
    """The questionnaire in an XLSForm workbook; what it cannot hold is left out.

    `read_xlsform_with_remarks` also says what was left out or changed, and raises the same errors.
    """
    return read_xlsform_with_remarks(path)[0]


def read_xlsform_with_remarks(path: Path) -> tuple[Questionnaire, tuple[str, ...]]:
    """The questionnaire in an XLSForm workbook, and a remark on everything that was left out or changed.

    Raises FileError where there is no readable workbook, DefinitionError (file, sheet, row, column, remedy) for an
    unknown type, a list that is not there, a name twice, groups that do not close and answers kept in other files.
    """
    found = sheets(path)
    survey = needed(found, "survey", ("type", "name"), path)
    listed = "choices" in found and found["choices"].rows
    choices = needed(found, "choices", ("list_name", "name"), path) if listed else None
    settings = _settings(found.get("settings"))
    wordings = Wordings(survey, settings.get("default_language", ""), path)
    labels = Wordings(choices, settings.get("default_language", ""), path) if choices else wordings
    form = Form(path, lists(choices, labels.headings("label"), path), wordings)
    form.read(survey)
    if not form.items:
        raise DefinitionError("the form asks nothing", where=f"{path.name}, sheet 'survey'", remedy="Add a question")
    remarks = (*wordings.remarks, *(labels.remarks if choices else ()), *form.remarks)
    return _assembled(form, settings, path), tuple(dict.fromkeys(remarks))


def _settings(sheet: Sheet | None) -> Mapping[str, str]:
    return sheet.rows[0].cells if sheet is not None and sheet.rows else {}


def _assembled(form: Form, settings: Mapping[str, str], path: Path) -> Questionnaire:
    parts: dict[str, Any] = {
        "name": settings.get(NAME) or settings.get("form_id") or path.stem,
        "items": tuple(form.items),
        "title": _title(settings),
        "version": settings.get("version", ""),
        "choices": _choices(form, path),
        "sections": {name: each for name, each in form.sections.items() if any(i.section == name for i in form.items)},
        "checks": form.checks,
        "intro": form.intro,
        "level": settings[LEVEL] if settings.get(LEVEL) in get_args(Level) else "resident",
        "year": int(settings[YEAR_OF]) if settings.get(YEAR_OF, "").isdecimal() else None,
    }
    try:
        return Questionnaire(**parts)
    except ValidationError as error:
        said = next((e for e in (each.get("ctx", {}).get("error") for each in error.errors()) if e is not None), error)
        what = said.problems[0].what if isinstance(said, Inconsistent) else error.errors()[0]["msg"]
        raise DefinitionError(what, where=f"{path.name}, sheet 'survey'") from None


def _title(settings: Mapping[str, str]) -> Text | None:
    own = {lang: settings[f"{TITLE}_{lang}"] for lang in ("en", "zh") if settings.get(f"{TITLE}_{lang}")}
    title = settings.get("form_title", "")
    return own or ({script_of(title): title} if title else None)  # type: ignore[return-value]


def _choices(form: Form, path: Path) -> dict[str, Choices]:
    """The lists that an item uses; a code goes with no other where any item says so."""
    used = dict.fromkeys(item.choices for item in form.items if item.choices)
    return {name: form.lists[name].choices(name, tuple(form.alone.get(name, ())), path) for name in used}
