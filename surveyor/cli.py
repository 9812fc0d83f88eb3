"""The command line: arguments in, one function call, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from surveyor import __version__, plan
from surveyor.errors import DefinitionError, SurveyorError
from surveyor.files import whole
from surveyor.questionnaire import Questionnaire
from surveyor.questionnaire.files import FORMATS, export, open_questionnaire
from surveyor.reading import read
from surveyor.report.build import LANGUAGES
from surveyor.report.findings import findings_html
from surveyor.study import Study
from surveyor.survey.frequencies import frequencies

STUDY = click.argument("study", type=click.Path(path_type=Path))
DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with the files of answers, where they do not lie beside the study.",
)


class Commands(click.Group):
    """Turns every problem a user can cause into one paragraph and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SurveyorError as error:
            click.echo(f"surveyor: {error}", err=True)
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="surveyor")
def main() -> None:
    """Compare the residents of two kinds of community, from questionnaire to report."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a character shows it escaped
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@main.command()
@STUDY
@DATA
@click.option("--html", type=click.Path(path_type=Path), help="Write the findings, with figures, to this file as well.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def check(study: Path, data: Path | None, html: Path | None, lang: Any) -> None:
    """Read a study and say what was found, what was changed, what is wrong; exit code 1 where it is not ready."""
    opened = Study.load(study, data=data, lang=lang)
    click.echo(str(opened.check()))
    if html is not None:
        with whole(html) as draft:
            page = findings_html(opened.findings, opened.response_rates(), opened.title)
            draft.write_text(page, encoding="utf-8", newline="\n")
        click.echo(html)
    if opened.findings.verdict == "not ready":
        sys.exit(1)


@main.command()
@STUDY
@DATA
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    show_default=True,
    help="Folder to write the report into.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
def report(study: Path, data: Path | None, out: Path, lang: Any) -> None:
    """Write the report of a study as one HTML file, with the executed notebook beside it."""
    with _bar("Running the notebook") as progress:
        path = Study.load(study, data=data, lang=lang).report(out, progress)
    click.echo(path.resolve())


@main.command()
@STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write the study into.")
@click.option("--seed", type=int, help="Another seed than the study's.")
@click.option("--no-difference", is_flag=True, help="No outcome differs between the two kinds of housing.")
@click.option("--noninvariance", is_flag=True, help="Some items are understood differently in estates.")
def simulate(study: Path, out: Path, seed: int | None, no_difference: bool, noninvariance: bool) -> None:
    """Draw a whole study (residents, workers, compounds, communities) whose true values are known: truth.json."""
    with _bar("Drawing") as progress:
        made = plan.simulate(
            Study.load(study),
            out,
            seed=seed,
            difference=not no_difference,
            invariant=not noninvariance,
            progress=progress,
        )
    click.echo(made)


@main.group()
def questionnaire() -> None:
    """Check a questionnaire, export it for the field, import one from elsewhere."""


FILE = click.argument("file", type=click.Path(path_type=Path))
FOLDER = click.option("--out", type=click.Path(path_type=Path), default=Path(), help="Folder to write into.")


@questionnaire.command("check")
@FILE
def questionnaire_check(file: Path) -> None:
    """Say what is wrong with a questionnaire (.yaml, XLSForm .xlsx, codebook .csv), or that nothing is."""
    try:
        asked, remarks = open_questionnaire(file)
    except DefinitionError as error:
        for each in (error, *error.also):
            click.echo(f"surveyor: {each}", err=True)
        sys.exit(2)
    for remark in remarks:
        click.echo(f"note: {remark}")
    click.echo(f"{file.name}: {len(asked.items)} items, {len(asked.choices)} choice lists, nothing wrong")


@questionnaire.command("export")
@FILE
@click.option("--to", type=click.Choice(FORMATS), required=True)
@FOLDER
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "--study", type=click.Path(path_type=Path), help="Count the answers of this study's residents (ddi, codebook)."
)
@DATA
def questionnaire_export(file: Path, to: str, out: Path, lang: Any, study: Path | None, data: Path | None) -> None:
    """Write a questionnaire as XLSForm, LimeSurvey text, DDI, paper form, codebook or YAML."""
    asked = Questionnaire.load(file)
    counts = frequencies(Study.load(study, data=data).residents) if study else None
    for path in export(asked, to, out, lang, counts):
        click.echo(path)


@questionnaire.command("import")
@FILE
@FOLDER
def questionnaire_import(file: Path, out: Path) -> None:
    """Write as YAML what an XLSForm, a codebook (.csv), or the labels of a .sav or .dta file say was asked."""
    if file.suffix.lower() in (".xlsx", ".csv", ".yaml", ".yml"):
        asked, remarks = open_questionnaire(file)
    else:
        drafted = read(file)
        assert drafted.questionnaire is not None
        assert drafted.log is not None
        asked, remarks = drafted.questionnaire, drafted.log.warnings
    for remark in remarks:
        click.echo(f"note: {remark}", err=True)
    for path in export(asked, "yaml", out):
        click.echo(path)


@contextmanager
def _bar(label: str) -> Iterator[Any]:
    """A progress bar on the terminal's error stream, drawn once the first step is done."""
    shown: list[Any] = []

    def progress(done: int, of: int) -> None:
        if not shown:
            shown.append(click.progressbar(length=of, label=label, file=sys.stderr))
            shown[0].__enter__()
        shown[0].update(done - shown[0].pos)

    try:
        yield progress
    finally:
        if shown:
            shown[0].__exit__(None, None, None)
