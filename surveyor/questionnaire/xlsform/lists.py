"""The choices sheet of an XLSForm as choice lists with whole numbers as codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from surveyor.errors import DefinitionError
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.texts import MISSING, Language
from surveyor.questionnaire.xlsform.sheets import Row, Sheet

Texts = dict[Language, str]


@dataclass(frozen=True)
class Listed:
    """A list as the form has it: label of each code, and the code of each name; what was said on the way."""

    codes: Mapping[int, Texts]
    named: Mapping[str, int]
    remarks: tuple[str, ...]

    def choices(self, name: str, alone: tuple[int, ...], path: Path) -> Choices:
        """The choice list, with the codes that go with no other; raises DefinitionError for two equal labels."""
        try:
            return Choices(codes=dict(self.codes), alone=tuple(code for code in alone if code in self.codes))
        except ValidationError as error:
            said = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise DefinitionError(f"list '{name}': {said}", where=f"{path.name}, sheet 'choices'") from None

    def with_other(self) -> Listed:
        """The list and an answer 'other' at its end, as `or_other` asks for."""
        code = max(self.codes, default=0) + 1
        other: Texts = {"en": "Other", "zh": "其他"}
        langs = {lang for label in self.codes.values() for lang in label}
        label = {lang: other[lang] for lang in other if lang in langs}
        return Listed({**self.codes, code: label or other}, {**self.named, "other": code}, self.remarks)


def lists(sheet: Sheet | None, labels: Mapping[str, Language], path: Path) -> dict[str, Listed]:
    """The lists of a choices sheet by name; `labels` says which headings hold the labels of which language.

    Raises DefinitionError with sheet and row for a choice without a list or name, and for a name twice in a list.
    """
    rows: dict[str, dict[str, Row]] = {}
    for row in sheet.rows if sheet else ():
        where = f"{path.name}, sheet 'choices', row {row.number}"
        name, code = row.get("list_name"), row.get("name")
        if not name and not code:
            continue
        if not name or not code:
            gap = "name" if name else "list_name"
            raise DefinitionError(f"the column '{gap}' is empty", where=where, remedy="Fill it, or delete the row")
        if code in rows.setdefault(name, {}):
            raise DefinitionError(
                f"the list '{name}' has the choice '{code[:20]}' here and in row {rows[name][code].number}",
                where=f"{where}, column 'name'",
                remedy="Give one of the two another name",
            )
        rows[name][code] = row
    return {name: _listed(name, found, labels, path) for name, found in rows.items()}


def _listed(name: str, rows: Mapping[str, Row], labels: Mapping[str, Language], path: Path) -> Listed:
    where = f"{path.name}, sheet 'choices', list '{name}'"
    named = _numbered(list(rows))
    renamed = [f"{old} → {code}" for old, code in named.items() if str(code) != old]
    remarks = [f"{where}: choices became numbers: {', '.join(renamed)}"] if renamed else []
    codes: dict[int, Texts] = {}
    for old, row in rows.items():
        code = named[old]
        label: Texts = {lang: row.get(key) for key, lang in labels.items() if row.get(key)}
        if old in map(str, MISSING):
            if not set(label.values()) <= set(MISSING[code].values()):
                shown = next(iter(label.values()))
                remarks.append(f"{where}: {code} '{shown}' is read as the missing code '{MISSING[code]['en']}'")
            continue
        if code < 0:
            remarks.append(f"{where}: {code} looks like a missing code; if so, say so under 'missing' of the list")
        codes[code] = label or {"en": old}
    return Listed(codes, named, tuple(remarks))


def _numbered(names: list[str]) -> dict[str, int]:
    """Whole numbers as they are; other names are counted from 1, past the numbers there are."""
    named = {name: int(name) for name in names if re.fullmatch(r"-?(0|[1-9]\d{0,8})", name)}
    free = max(named.values(), default=0)
    for name in names:
        if name not in named:
            free = max(free, 0) + 1
            named[name] = free
    return {name: named[name] for name in names}
