"""Study: everything one analysis needs, in one YAML file."""

from __future__ import annotations

from dataclasses import dataclass as plain
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import pandas as pd
from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from surveyor.design import Design, Lonely
from surveyor.errors import DefinitionError, FileError, UsageError, guess, is_file
from surveyor.questionnaire import Choices, Item, Language, Questionnaire, Text, say
from surveyor.questionnaire.yaml import load
from surveyor.reading import read
from surveyor.shown import Shown
from surveyor.survey import Survey

if TYPE_CHECKING:
    from surveyor.report.runner import Progress
    from surveyor.show import Figure, Prose, Table

Family = Literal["social_capital", "activism", "satisfaction", "other"]
FAMILIES: tuple[Family, ...] = get_args(Family)

#: The column the type rule adds, and its code for residents of neither group.
TYPE = "type"
NEITHER = 3

#: One name or a list of names.
Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v or ())]

_CLOSED = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_CLOSED)
class Group:
    """One of the two groups: its label, and the answers (labels or codes) that belong to it."""

    label: Text
    includes: tuple[int | str, ...]


@dataclass(frozen=True, config=_CLOSED)
class TypeRule:
    """Which two kinds of housing are compared: two groups of answers to one item.

    Residents with another answer are read, kept and counted, and belong to neither group.
    """

    item: str
    label: Text
    groups: tuple[Group, Group]

    def apply(self, survey: Survey) -> Survey:
        """The survey with the column `type`: 1 and 2 for the groups, 3 for neither, missing as in the item."""
        asked = survey.questionnaire
        assert asked is not None
        choices = asked.choices_of(self.item)
        if choices is None:
            raise DefinitionError(
                f"the type rule reads '{self.item}', which is not an item with choices",
                remedy=guess(self.item, [item.id for item in asked.items if item.choices]),
            )
        if TYPE in survey.frame.columns or TYPE in asked:
            raise DefinitionError(
                f"there is already a column or item '{TYPE}', the name of the column the type rule adds",
                remedy="Rename it in the file and the questionnaire",
            )
        name = TYPE
        while name in asked.choices:
            name += "_"
        members = {}
        for number, group in enumerate(self.groups, start=1):
            for answer in group.includes:
                code = _code(choices, answer, self.item)
                if code in members:
                    raise DefinitionError(
                        f"the type rule puts '{answer}' into both groups",
                        remedy="Keep it in one of them",
                    )
                members[code] = number
        source = survey.column(self.item).values
        codes = pd.Series(source).map(lambda code: members.get(code, NEITHER), na_action="ignore")
        item = Item(id=TYPE, label=self.label, type="nominal", choices=name)
        listed = Choices(
            codes={number: group.label for number, group in enumerate(self.groups, start=1)},
            missing={NEITHER: NEITHER},
        )
        return replace(
            survey,
            frame=survey.frame.assign(**{TYPE: codes.to_numpy(dtype=float)}),
            questionnaire=replace(
                asked,
                items=(*asked.items, item),
                choices={**asked.choices, name: listed},
                missing={
                    **asked.missing,
                    NEITHER: {"en": "another kind of housing", "zh": "其他住房"},
                },
            ),
        )


def _code(choices: Choices, answer: int | str, item: str) -> float:
    """The code of an answer given by label or code."""
    for code, label in choices.codes.items():
        if answer == code or answer in label.values():
            return float(code)
    known = [say(label) for label in choices.codes.values()]
    raise DefinitionError(
        f"the type rule names '{answer}', which is no answer of '{item}'",
        remedy=guess(str(answer), known),
    )


@dataclass(frozen=True, config=_CLOSED)
class Columns:
    """The design as a study file writes it: see surveyor.Design."""

    weights: str | None = None
    strata: Names = ()
    clusters: Names = ()
    fpc: Names = ()
    lonely: Lonely = "error"
    unique_ids: bool = False

    def design(self) -> Design:
        """The design these columns make."""
        return Design(
            self.weights,
            self.strata or None,
            self.clusters or None,
            self.fpc or None,
            self.lonely,
            unique_ids=self.unique_ids,
        )


@dataclass(frozen=True, config=_CLOSED)
class ResidentFile:
    """The residents' answers: file and questionnaire, relative to the study file, and the design."""

    file: str
    questionnaire: str
    design: Columns = field(default_factory=Columns)
    encoding: str | None = None


@dataclass(frozen=True, config=_CLOSED)
class Definition:
    """The keys of a study file."""

    study: Annotated[str, Field(pattern=r"^[\w-]{1,80}$")]
    title: Text
    residents: ResidentFile
    type: TypeRule
    families: dict[Family, tuple[str, ...]]
    seed: int
    setting: Text | None = None
    fieldwork: Text | None = None
    limits: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    citation: str = ""

    @model_validator(mode="after")
    def _once(self) -> Definition:
        seen: set[str] = set()
        for name in (item for items in self.families.values() for item in items):
            if name in seen:
                raise ValueError(f"the outcome '{name}' stands in two families; keep it in one")
            seen.add(name)
        return self


@plain(frozen=True, eq=False)
class Study(Shown):
    """One study: its definition, and the surveys it opens.

    file     the study file; its files are named relative to it
    data     where to look for files of answers first, for data that may not lie beside the study
    """

    definition: Definition
    file: Path
    data: Path | None = None
    lang: Language = "en"

    @classmethod
    def load(cls, path: str | Path, *, data: str | Path | None = None, lang: Language = "en") -> Study:
        """The study in a YAML file, or in the file study.yaml of a folder.

        Raises FileError or DefinitionError (file, line, key, remedy). Answers are opened on first use.
        """
        if lang not in get_args(Language):
            raise UsageError(f"there is no language '{lang}'", expected="'en' or 'zh'")
        path = Path(path)
        path = path if is_file(path) or path.suffix in (".yaml", ".yml") else path / "study.yaml"
        definition = load(path, Definition)
        return cls(definition, path, Path(data) if data else None, lang)

    @property
    def folder(self) -> Path:
        """Where the study file lies."""
        return self.file.parent

    @property
    def title(self) -> str:
        """The title in the language of the study."""
        return say(self.definition.title, self.lang)

    @cached_property
    def residents(self) -> Survey:
        """The residents' survey with the column `type`.

        Raises what `read` raises, and DefinitionError where the study names an unknown column or answer.
        """
        files = self.definition.residents
        asked = load(self.folder / files.questionnaire, Questionnaire)
        survey = read(
            self._found(files.file),
            asked,
            design=files.design.design(),
            encoding=files.encoding,
            lang=self.lang,
        )
        try:
            for name in self.outcomes():
                if name not in survey.frame.columns:
                    raise DefinitionError(
                        f"the families name the column '{name}', which is not in {files.file}",
                        remedy=guess(name, survey.frame.columns),
                    )
            return self.definition.type.apply(survey)
        except DefinitionError as error:
            raise error.at(self.file.name) from None

    def outcomes(self, family: Family | None = None) -> list[str]:
        """The outcomes of a family in the order of the study (none where it has none), or all of them.

        Raises UsageError for an unknown family.
        """
        families = self.definition.families
        if family is None:
            return [name for names in families.values() for name in names]
        if family not in FAMILIES:
            raise UsageError(f"there is no family '{family}'", remedy=guess(family, FAMILIES))
        return list(families.get(family, ()))

    def report(self, out: str | Path = "reports", progress: Progress | None = None) -> Path:
        """Write the report and return the path of its HTML file: see surveyor.report.build.report.

        The long form: run the notebook, read its document, write the page.
        """
        from surveyor.report import report

        return report(self, out, progress)

    def check(self) -> Prose:
        """What reading the study found: files, design, groups, outcomes, changes made on the way in."""
        from surveyor.show.study import study_check

        return study_check(self)

    def who(self) -> Table:
        """Who was asked: residents by group, and those left out of the comparison."""
        from surveyor.show.study import study_who

        return study_who(self)

    def fieldwork(self) -> Prose:
        """How residents were asked, and what that lets intervals claim."""
        from surveyor.show.study import study_fieldwork

        return study_fieldwork(self)

    def everyone(self) -> Table:
        """Every outcome among all residents, weighted and unweighted."""
        from surveyor.show.study import study_everyone

        return study_everyone(self)

    def answers(self, family: Family) -> Figure | None:
        """How the answers of a family are shared out in each group; None where the family is empty."""
        categorical = [name for name in self.outcomes(family) if self.residents.column(name).labels]
        return self.residents.proportion(categorical, by=TYPE).plot() if categorical else None

    def limits(self) -> Prose:
        """What the study cannot show."""
        from surveyor.show.study import study_limits

        return study_limits(self)

    def method(self) -> Prose:
        """File, hash, design, rules and seed."""
        from surveyor.show.study import study_method

        return study_method(self)

    def versions(self) -> Prose:
        """The software that made the numbers."""
        from surveyor.show.study import study_versions

        return study_versions(self)

    def _found(self, name: str) -> Path:
        if self.data is None:
            return self.folder / name
        if not self.data.is_dir():
            raise FileError("there is no such folder", where=str(self.data), remedy="Check what --data names")
        elsewhere = self.data / Path(name).name
        return elsewhere if elsewhere.exists() else self.folder / name
