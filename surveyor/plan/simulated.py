"""A whole simulated study on disk: the files a study names, and the truth they were drawn from."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyor.arrays import Codes
from surveyor.design import Design
from surveyor.errors import DefinitionError, FileError
from surveyor.files import whole
from surveyor.plan.draw import Asked, Simulated, draw
from surveyor.plan.places import Sizes
from surveyor.questionnaire import Level, Questionnaire
from surveyor.questionnaire.yaml import load
from surveyor.survey import Survey
from surveyor.writing import write

if TYPE_CHECKING:
    from surveyor.study import Study

Progress = Callable[[int, int], None]

#: What a row of a file describes -> what the study file calls it.
LEVELS: Mapping[Level, str] = {
    "resident": "residents", "worker": "workers", "compound": "compounds", "community": "communities",
}  # fmt: skip

TRUTH, STUDY = "truth.json", "study.yaml"
_PATH = re.compile(r"""(\bquestionnaire:[ \t]*)(["']?)([^"',}\n#]+?)\2(?=[ \t]*(?:[,}#\n]|$))""")
_MARK = re.compile(r"^simulated:.*\n", re.MULTILINE)
_SEED = re.compile(r"^seed:[ \t]*\d+", re.MULTILINE)


def simulate(
    study: Study,
    out: str | Path,
    *,
    seed: int | None = None,
    difference: bool = True,
    invariant: bool = True,
    sizes: Sizes = Sizes(),  # noqa: B008
    progress: Progress | None = None,
) -> Path:
    """Draw the study a study file describes, and write its files, study.yaml and truth.json into the folder `out`.

    seed        of the study file if not given; the written study.yaml has it
    difference  False: the two groups differ in nothing that residents, workers or fact sheets tell, except in what
                makes the types
    invariant   False: some items work otherwise in estates
    progress    told of the files that are written and of how many there are

    Each file is written whole or not at all, the study file last. Returns the path of the written study file.

    Raises DefinitionError where the study file names no workers, compounds, communities or contacts, or a type rule
    that does not read the compounds, UsageError for sizes that make no population, FileError where `out` holds
    answers that were not simulated or cannot be written to.
    """
    out = Path(out)
    asked = questionnaires(study)
    _safe(study, out)
    seed = study.definition.seed if seed is None else seed
    drawn = draw(
        asked,
        seed,
        difference=difference,
        invariant=invariant,
        sizes=sizes,
        types=lambda sheet: _types(study, sheet, asked.compound),
    )
    _write(study, drawn, out, seed, progress or (lambda done, total: None))
    return out / STUDY


def questionnaires(study: Study) -> Asked:
    """The four questionnaires a study file names.

    Raises DefinitionError where one is not named, no file of contacts is, or the type rule does not read the compounds.
    """
    definition = study.definition
    found: dict[str, Questionnaire] = {}
    for level, name in LEVELS.items():
        files = getattr(definition, name)
        if files is None or (level == "resident" and definition.contacts is None):
            missing = "contacts" if files is not None else name
            raise DefinitionError(
                f"a simulated study has a file of {missing}, and this study names none",
                where=study.file.name,
                remedy=f"Add '{missing}:' with its file, as in data/demo/study.yaml",
            )
        asked = load(study.folder / files.questionnaire, Questionnaire)
        mixed = any(item.level not in (None, level) for item in asked.items)
        found[level] = asked.table(level) if mixed else asked
    if definition.type.of != "compounds":
        raise DefinitionError(
            "the type rule reads the residents' answers",
            where=study.file.name,
            expected="'of: compounds', as residents of one compound are of one type",
        )
    return Asked(**found)


def _types(study: Study, sheet: pd.DataFrame, asked: Questionnaire) -> Codes:
    """The group of every compound, by the rule of the study."""
    return np.nan_to_num(study.definition.type.codes(Survey(sheet, questionnaire=asked)), nan=3).astype(np.intp)


def _write(study: Study, drawn: Simulated, out: Path, seed: int, progress: Progress) -> None:
    definition = study.definition
    assert definition.contacts is not None
    contacts = drawn.contacts.rename(
        columns={"outcome": definition.contacts.outcome, "compound": definition.contacts.compound}
    )
    asked, weight = questionnaires(study), definition.residents.design.weights
    tables = (
        Survey(_renamed(study, drawn.residents), Design(weights=weight), asked.resident),
        Survey(drawn.workers, questionnaire=asked.worker),
        Survey(drawn.compounds, questionnaire=asked.compound),
        Survey(drawn.communities, questionnaire=asked.community),
        Survey(contacts),
    )
    total = len(tables) + 2
    for k, (table, name) in enumerate(zip(tables, _names(study), strict=True), start=1):
        write(table, out / name)
        progress(k, total)
    first, second = (group.label for group in definition.type.groups)
    truth = {"study": definition.study, "types": {"first": first, "second": second}, **drawn.truth}
    _text(out / TRUTH, json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
    progress(total - 1, total)
    _text(out / STUDY, _study_text(study, out, seed))
    progress(total, total)


def _names(study: Study) -> list[str]:
    """The files of residents, workers, compounds, communities and contacts, relative to the study file."""
    return [getattr(study.definition, name).file for name in (*LEVELS.values(), "contacts")]


def _safe(study: Study, out: Path) -> None:
    """Raises DefinitionError for files elsewhere, FileError where real answers would be overwritten."""
    names = _names(study)
    for name in names:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise DefinitionError(
                "this file does not lie in the study's own folder, so it is not written",
                where=f"{study.file.name}, {name}",
                remedy="Name files in the folder of the study file",
            )
    known = [name for name in (*names, STUDY) if (out / name).exists()]
    if known and not (out / TRUTH).exists() and not (study.definition.simulated and known == [STUDY]):
        raise FileError(
            f"the folder holds '{known[0]}' and is not that of a simulated study, so nothing is written over it",
            where=str(out),
            remedy="Name an empty folder",
        )


def _renamed(study: Study, residents: pd.DataFrame) -> pd.DataFrame:
    """The columns of weight and stratum under the names the study file gives them."""
    design = study.definition.residents.design
    names = {"weight": design.weights or "weight", "stratum": (*design.strata, "stratum")[0]}
    return residents.rename(columns=names)


def _study_text(study: Study, out: Path, seed: int) -> str:
    """The study file as it would stand in `out`: marked as simulated, its questionnaires found from there, its seed."""
    try:
        text = study.file.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"the study file cannot be read ({error.strerror})", where=str(study.file)) from None

    def moved(found: re.Match[str]) -> str:
        path = study.folder / found[3].strip()
        return f"{found[1]}{found[2]}{_from(out, path)}{found[2]}"

    text = _SEED.sub(f"seed: {seed}", _PATH.sub(moved, text))
    if study.definition.simulated:
        return text
    return "# SIMULATED: nobody was asked; the true values stand in truth.json.\nsimulated: true\n" + _MARK.sub(
        "", text
    )


def _from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _text(path: Path, text: str) -> None:
    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
