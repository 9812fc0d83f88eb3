"""From a study to a report: run the notebook, read its document, write one page; all or nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import surveyor
from surveyor.errors import FileError, ReportError, UsageError, guess
from surveyor.files import whole
from surveyor.questionnaire import Language
from surveyor.report.runner import Progress
from surveyor.study import Study

LANGUAGES: tuple[Language, ...] = ("en",)
NEEDED = ("nbclient", "nbformat", "ipykernel")


def report(study: Study, out: str | Path = "reports", progress: Progress | None = None) -> Path:
    """Write the report of a study and return the path of its HTML file; the executed notebook lies beside it.

    out        the folder to write into; made if it is not there
    progress   called with (cells done, cells in all)

    Raises what opening the study's files raises, FileError where `out` cannot be written, ReportError where
    a cell fails (the notebook up to it is kept as *.failed.ipynb, an earlier report stays as it is).
    """
    if study.lang not in LANGUAGES:
        raise UsageError(f"reports in '{study.lang}' cannot be made yet", remedy=guess(study.lang, LANGUAGES))
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ReportError(f"the package {missing[0]} is not installed", remedy="Run: pip install 'surveyor[reports]'")
    study.check()  # what is wrong with the files is said here, before a kernel starts
    folder = _writable(Path(out))
    name = f"{study.definition.study}-report-{study.lang}"

    import nbformat

    from surveyor.report.document import document
    from surveyor.report.page import page
    from surveyor.report.runner import run

    parameters = {
        "study_file": study.file.name,
        "data_folder": None if study.data is None else os.path.relpath(study.data, study.folder),
        "lang": study.lang,
    }
    nb, failed = run(template("report"), parameters, study.folder, progress or (lambda done, of: None))
    text = nbformat.writes(nb) + "\n"  # type: ignore[no-untyped-call]
    if failed:
        _write({folder / f"{name}.failed.ipynb": text})
        raise failed
    html = folder / f"{name}.html"
    _write({folder / f"{name}.ipynb": text, html: page(document(nb, study.lang))})
    return html


def template(name: str) -> Path:
    """The notebook of a report: inside the installed package, or beside it in a checkout."""
    home = Path(surveyor.__file__).parent
    inside = home / "notebooks" / f"{name}.ipynb"
    return inside if inside.is_file() else home.parent / "notebooks" / f"{name}.ipynb"


def _writable(folder: Path) -> Path:
    """The folder, made if need be and tried out before the work begins."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise FileError(
            f"nothing can be written there ({error.strerror})",
            where=str(folder),
            remedy="Name another folder with --out",
        ) from None
    return folder


def _write(files: Mapping[Path, str]) -> None:
    """Write all files, then let them take their places: a reader never finds half a file, nor one without the other."""
    with ExitStack() as drafts:
        for path, text in files.items():
            drafts.enter_context(whole(path)).write_text(text, encoding="utf-8", newline="\n")
