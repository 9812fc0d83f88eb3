"""Study: everything one analysis needs, in one YAML file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pandas as pd

from surveyor.errors import DefinitionError, FileError, UsageError, guess, is_file
from surveyor.questionnaire import Language, Level, Questionnaire, say
from surveyor.questionnaire.yaml import load
from surveyor.reading import read, read_answers
from surveyor.shown import Shown
from surveyor.study.definition import FAMILIES, AnswerFile, Definition, Family
from surveyor.study.type_rule import TYPE
from surveyor.survey import Survey

if TYPE_CHECKING:
    from surveyor.checking import Findings, ResponseRates
    from surveyor.report.runner import Progress
    from surveyor.show import Figure, Prose, Table


@dataclass(frozen=True, eq=False)
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
        rule = self.definition.type
        compounds = self.compounds if rule.of == "compounds" and self.definition.compounds else None
        survey = self._opened(self.definition.residents, "resident")
        try:
            for name in self.outcomes():
                if name not in survey.frame.columns:
                    raise DefinitionError(
                        f"the families name the column '{name}', which is not in {self.definition.residents.file}",
                        remedy=guess(name, survey.frame.columns),
                    )
            return rule.apply(survey, compounds)
        except DefinitionError as error:
            raise error.at(self.file.name) from None

    @cached_property
    def workers(self) -> Survey:
        """The survey of the community workers; raises UsageError where the study has none."""
        return self._table("workers", self.definition.workers, "worker")

    @cached_property
    def compounds(self) -> Survey:
        """The fact sheet of the compounds, one row each; raises UsageError where the study has none."""
        return self._table("compounds", self.definition.compounds, "compound")

    @cached_property
    def communities(self) -> Survey:
        """The fact sheet of the communities, one row each; raises UsageError where the study has none."""
        return self._table("communities", self.definition.communities, "community")

    def _table(self, name: str, files: AnswerFile | None, level: Level) -> Survey:
        if files is None:
            raise UsageError(
                f"the study '{self.definition.study}' names no file of {name}",
                where=self.file.name,
                remedy=f"Add '{name}:' with its file and questionnaire",
            )
        return self._opened(files, level)

    def _opened(self, files: AnswerFile, level: Level) -> Survey:
        asked = load(self.folder / files.questionnaire, Questionnaire)
        if any(item.level not in (None, level) for item in asked.items):
            asked = asked.table(level)
        return read(
            self._found(files.file),
            asked,
            source=files.source,
            design=files.design.design(),
            encoding=files.encoding,
            sheet=files.sheet,
            keep=files.keep,
            lang=self.lang,
        )

    @cached_property
    def findings(self) -> Findings:
        """What is wrong with the residents' answers, or should be looked at: see surveyor.checking.check."""
        from surveyor.checking import check

        compounds = self.compounds if self.definition.compounds else None
        workers = self.workers if self.definition.workers else None
        return check(self.residents, compounds=compounds, workers=workers, outcomes=self.outcomes())

    def response_rates(self) -> ResponseRates | None:
        """Response rates by type, from what became of every dwelling drawn; None where the study has no contacts.

        Raises FileError or DataError where the file of contacts cannot be read, DefinitionError where it has other
        columns than the study says.
        """
        from surveyor.checking import response_rates

        named = self.definition.contacts
        if named is None:
            return None
        table = read_answers(self._found(named.file)).frame
        for column in (named.outcome, named.compound):
            if column not in table.columns:
                raise DefinitionError(
                    f"the contacts have no column '{column}'", where=named.file, remedy=guess(column, table.columns)
                )
        homes = self.residents.frame
        asked = self.residents.questionnaire
        place = asked.role("compound") if asked else None
        if place is None:
            return response_rates(table, outcome=named.outcome, lang=self.lang)
        known = homes.drop_duplicates(place).set_index(place)[TYPE]
        labels = {k: say(group.label, self.lang) for k, group in enumerate(self.definition.type.groups, start=1)}
        other = {"en": "another kind of housing", "zh": "其他住房"}[self.lang]
        kinds = table[named.compound].map(known.rename(index=str)).map(labels).fillna(other)
        in_order = pd.Categorical(kinds, [*labels.values(), other])
        return response_rates(table.assign(**{TYPE: in_order}), by=TYPE, outcome=named.outcome, lang=self.lang)

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

    def scales(self, family: Family | None = None) -> list[str]:
        """The scales that can be measured of which an item is among the outcomes of a family, or of any.

        They are reflective, with three items or more that the file holds. Raises UsageError for an unknown family.
        """
        from surveyor.measure.setting import LEAST

        asked, there = self.residents.questionnaire, self.residents.frame.columns
        outcomes = set(self.outcomes(family))
        return [
            name
            for name, scale in (asked.scales.items() if asked else ())
            if scale.kind == "reflective" and len(scale.items) >= LEAST
            if outcomes & set(scale.items) and all(item in there for item in scale.items)
        ]

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

    def careful(self) -> Prose:
        """What changes in the comparison without those who answered in haste."""
        from surveyor.show.study import study_careful

        return study_careful(self)

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
