"""What was asked: items, choice lists, sections, scales and rules, in two languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path

from pydantic import model_validator
from pydantic.dataclasses import dataclass

from surveyor.errors import UsageError, guess
from surveyor.expressions import Expression, parse
from surveyor.questionnaire.choices import CHOSEN, CLOSED, Choices
from surveyor.questionnaire.consistency import Inconsistent, problems
from surveyor.questionnaire.item import Item, Level
from surveyor.questionnaire.parts import Role, Rule, Scale, Section
from surveyor.questionnaire.texts import MISSING, Language, Names, Text, say

#: The choice list of the 0/1 columns that an item with several answers is kept in.
_CHOSEN = "chosen"


@dataclass(frozen=True, config=CLOSED)
class Questionnaire:
    """What was asked: the items in order and the choice lists they share.

    missing    further missing codes that hold for every item, beside those of MISSING, with their reasons
    drafted    made from the labels of a file: only the missing codes that a column itself declares hold for it
    year       of the survey, for ranges that end with it
    level      what a row of its file describes, where an item does not say it
    sections   name -> title and who is asked
    rotations  items whose order changes from one respondent to the next
    forms      name -> the items of a short form
    scales     name -> items that are meant to measure one thing
    checks     name -> answers that cannot all be right
    batteries  items with one choice list in a row, where the same answer to all is a sign of haste
    roles      what items tell about the interview (case number, compound, interviewer); of several the first
               that a table has
    """

    name: str
    items: tuple[Item, ...]
    title: Text | None = None
    version: str = ""
    choices: dict[str, Choices] = field(default_factory=dict)
    missing: dict[int, Text] = field(default_factory=dict)
    drafted: bool = False
    year: int | None = None
    level: Level = "resident"
    intro: Text | None = None
    sections: dict[str, Section] = field(default_factory=dict)
    rotations: tuple[tuple[str, ...], ...] = ()
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    checks: dict[str, Rule] = field(default_factory=dict)
    batteries: tuple[tuple[str, ...], ...] = ()
    roles: dict[Role, Names] = field(default_factory=dict)

    @model_validator(mode="after")
    def _agree(self) -> Questionnaire:
        if found := problems(self):
            raise Inconsistent(found)
        return self

    @classmethod
    def load(cls, path: str | Path) -> Questionnaire:
        """The questionnaire in a YAML file, an XLSForm or a codebook: see `surveyor.questionnaire.files`."""
        from surveyor.questionnaire.files import open_questionnaire

        return open_questionnaire(path)[0]

    def export(self, to: str, out: str | Path = ".", lang: Language = "zh") -> list[Path]:
        """Write it as "xlsform", "limesurvey", "ddi", "docx", "codebook", "markdown" or "yaml"; returns the files."""
        from surveyor.questionnaire.files import export

        return export(self, to, out, lang)

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items} | {column.id: column for column in self.columns}

    @cached_property
    def columns(self) -> tuple[Item, ...]:
        """The columns a frame of answers has: one an item, or one a choice where several may be chosen."""
        return tuple(column for item in self.items for column in self.expanded(item))

    def expanded(self, item: Item) -> tuple[Item, ...]:
        """The columns of one item: itself, or a 0/1 column for each choice where several may be chosen."""
        listed = self.choices_named(item.choices)
        if item.type != "multiple" or listed is None:
            return (item,)
        return tuple(
            replace(
                item,
                id=f"{item.id}_{code}",
                type="nominal",
                choices=_CHOSEN,
                most=None,
                label={lang: f"{say(item.label, lang)}{_JOIN[lang]}{say(label, lang)}" for lang in item.label},
            )
            for code, label in listed.codes.items()
        )

    def __contains__(self, name: object) -> bool:
        return name in self._by_id

    def item(self, name: str) -> Item:
        """The item or column called `name`; raises UsageError with a guess where there is none."""
        if name not in self._by_id:
            raise UsageError(
                f"the questionnaire '{self.name}' has no item '{name}'",
                remedy=guess(name, self._by_id),
            )
        return self._by_id[name]

    def choices_named(self, name: str | None) -> Choices | None:
        """The choice list called `name`, or None."""
        return None if name is None else self.choices.get(name, CHOSEN if name == _CHOSEN else None)

    def choices_of(self, name: str) -> Choices | None:
        """The choice list of item `name`, or None where it has none or is not in the questionnaire."""
        item = self._by_id.get(name)
        return self.choices_named(item.choices) if item else None

    def is_score(self, name: str) -> bool:
        """Whether item `name` holds the score of the scale it is called after, which `Survey.score` makes."""
        item, scale = self._by_id.get(name), self.scales.get(name)
        return item is not None and scale is not None and item.concept == name and name not in scale.items

    def missing_codes(self, name: str) -> set[int]:
        """The codes of item `name` that stand for no answer, as they are in a frame that was read.

        A score has none: -1 is one standard deviation below the mean.
        """
        if self.is_score(name):
            return set()
        item, choices = self._by_id.get(name), self.choices_of(name)
        own = {*(item.missing.values() if item else ()), *(choices.missing.values() if choices else ())}
        return own if self.drafted else {*MISSING, *self.missing, *own}

    def label(self, name: str, lang: Language = "en") -> str:
        """The short label of an item or scale, or the name itself."""
        known = self._by_id.get(name) or self.scales.get(name)
        return say(known.label, lang) if known else name

    def reason(self, code: int, lang: Language = "en") -> str:
        """Why an answer with this missing code is missing."""
        known = self.missing.get(code) or MISSING.get(code)
        return say(known, lang) if known else str(code)  # type: ignore[arg-type]

    def role(self, role: Role) -> str | None:
        """The item that tells this about the interview, or None."""
        return next(iter(self.roles.get(role, ())), None)

    def relevance(self, name: str) -> Expression | None:
        """Who is asked item `name`: its own filter and that of its section; None where everybody is."""
        item = self.item(name)
        section = self.sections[item.section].relevance if item.section else ""
        filters = [text for text in (section, item.relevance) if text]
        return parse(" and ".join(f"({text})" for text in filters)) if filters else None

    def table(self, level: Level) -> Questionnaire:
        """The questionnaire of one level: a file with compounds and communities in two tables has two."""
        return self._with(item for item in self.items if (item.level or self.level) == level)

    def form(self, name: str) -> Questionnaire:
        """A short form by name; raises UsageError where there is none."""
        if name not in self.forms:
            raise UsageError(f"'{self.name}' has no form '{name}'", remedy=guess(name, self.forms))
        return self._with(item for item in self.items if item.id in self.forms[name])

    def _with(self, kept: Iterable[Item]) -> Questionnaire:
        """The questionnaire with these items only, and of its other parts what still has all its items."""
        items = tuple(kept)
        here = {item.id for item in items} | {each.id for item in items for each in self.expanded(item)}
        scales = {name: scale for name, scale in self.scales.items() if here.issuperset(scale.items)}
        scales |= {name: scale for name, scale in self.scales.items() if set(scale.items) <= {*here, *scales}}
        return replace(
            self,
            items=items,
            rotations=tuple(group for group in self.rotations if here.issuperset(group)),
            forms={name: form for name, form in self.forms.items() if here.issuperset(form)},
            scales=scales,
            checks={name: rule for name, rule in self.checks.items() if here.issuperset(parse(rule.when).names)},
            batteries=tuple(group for group in self.batteries if here.issuperset(group)),
            roles={role: held for role, names in self.roles.items() if (held := tuple(n for n in names if n in here))},
            sections={name: s for name, s in self.sections.items() if any(item.section == name for item in items)},
        )


_JOIN: dict[Language, str] = {"en": ": ", "zh": "："}
