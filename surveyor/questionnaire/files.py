"""Questionnaires in files: opened from YAML, XLSForm or a codebook; exported for the field and for archives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from surveyor.errors import FileError, UsageError, guess
from surveyor.files import whole
from surveyor.questionnaire.frequencies import Frequencies
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import Language
from surveyor.questionnaire.yaml import load

#: What is written: one questionnaire, the file, the language of documents that have one, and counts of answers.
Writer = Callable[[Questionnaire, Path, Language, Frequencies | None], object]


def open_questionnaire(path: str | Path) -> tuple[Questionnaire, tuple[str, ...]]:
    """The questionnaire in a YAML file, an XLSForm (.xlsx) or a codebook (.csv), and what could not be kept of it.

    Raises FileError where there is none, DefinitionError (file, line or sheet and row, item, remedy) where it cannot
    be understood.
    """
    path = Path(path)
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return load(path, Questionnaire), ()
        case ".xlsx":
            from surveyor.questionnaire.xlsform import read_xlsform_with_remarks

            return read_xlsform_with_remarks(path)
        case ".csv":
            from surveyor.questionnaire.codebook_csv import read_codebook

            return read_codebook(path), ()
    raise FileError(
        f"a questionnaire cannot be read from a file ending in '{path.suffix}'",
        where=str(path),
        expected=".yaml, .xlsx (an XLSForm) or .csv (a codebook)",
    )


def export(
    asked: Questionnaire,
    to: str,
    out: str | Path = ".",
    lang: Language = "zh",
    frequencies: Frequencies | None = None,
) -> list[Path]:
    """Write a questionnaire for the field or an archive and return the files, one for each kind of row it describes.

    to           "xlsform", "limesurvey", "ddi", "docx" (paper form), "codebook" (HTML), "markdown" or "yaml"
    out          the folder; made if it is not there
    lang         of the paper form and of codebooks; the other formats hold both
    frequencies  counts of answers, which DDI and codebooks show

    Raises UsageError for another format, FileError where the folder cannot be written to.
    """
    if to not in _WRITERS:
        raise UsageError(f"questionnaires cannot be exported to '{to}'", remedy=guess(to, _WRITERS))
    ending, write = _WRITERS[to]
    levels = list(dict.fromkeys(item.level or asked.level for item in asked.items))
    made = []
    for level in levels:
        part = asked if len(levels) == 1 else asked.table(level)
        name = asked.name if len(levels) == 1 else f"{asked.name}-{level}"
        path = Path(out) / f"{name}{ending.replace('LANG', lang)}"
        write(part, path, lang, frequencies)
        made.append(path)
    return made


def _xlsform(asked: Questionnaire, path: Path, lang: Language, counts: Frequencies | None) -> None:
    from surveyor.questionnaire.xlsform import write_xlsform

    write_xlsform(asked, path)


def _limesurvey(asked: Questionnaire, path: Path, lang: Language, counts: Frequencies | None) -> None:
    from surveyor.questionnaire.limesurvey import write_limesurvey

    write_limesurvey(asked, path, lang)


def _ddi(asked: Questionnaire, path: Path, lang: Language, counts: Frequencies | None) -> None:
    from surveyor.questionnaire.ddi import write_ddi

    write_ddi(asked, path, frequencies=counts)


def _paper(asked: Questionnaire, path: Path, lang: Language, counts: Frequencies | None) -> None:
    from surveyor.questionnaire.paper import write_paper

    write_paper(asked, path, lang)


def _codebook(asked: Questionnaire, path: Path, lang: Language, counts: Frequencies | None) -> None:
    from surveyor.questionnaire.codebook import codebook_html

    _text(codebook_html(asked, lang, counts), path)


def _markdown(asked: Questionnaire, path: Path, lang: Language, counts: Frequencies | None) -> None:
    from surveyor.questionnaire.codebook import codebook_markdown

    _text(codebook_markdown(asked, lang, counts), path)


def _yaml(asked: Questionnaire, path: Path, lang: Language, counts: Frequencies | None) -> None:
    from surveyor.questionnaire.written import write_yaml

    write_yaml(asked, path)


def _text(text: str, path: Path) -> None:
    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


_WRITERS: Mapping[str, tuple[str, Writer]] = {
    "xlsform": (".xlsx", _xlsform),
    "limesurvey": (".txt", _limesurvey),
    "ddi": (".xml", _ddi),
    "docx": ("-LANG.docx", _paper),
    "codebook": ("-codebook-LANG.html", _codebook),
    "markdown": ("-codebook-LANG.md", _markdown),
    "yaml": (".yaml", _yaml),
}
FORMATS: tuple[str, ...] = tuple(_WRITERS)
