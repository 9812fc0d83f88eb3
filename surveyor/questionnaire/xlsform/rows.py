"""The survey sheet of an XLSForm, row by row: items, sections and rules."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from surveyor.errors import DefinitionError, UsageError, guess
from surveyor.questionnaire.item import MEASURED, Bound, Copied, Item, ItemType, Level
from surveyor.questionnaire.parts import Rule, Section
from surveyor.questionnaire.texts import Text
from surveyor.questionnaire.xlsform.answered import Tree
from surveyor.questionnaire.xlsform.copied import copied
from surveyor.questionnaire.xlsform.kinds import Asked, all_types, asked_as
from surveyor.questionnaire.xlsform.layout import CONCEPT, KIND, LEVEL, LIST, PERSONAL, REVERSED, SECTION
from surveyor.questionnaire.xlsform.lists import Listed
from surveyor.questionnaire.xlsform.recognised import Held, opposite, recognised
from surveyor.questionnaire.xlsform.relevance import read_expression
from surveyor.questionnaire.xlsform.sheets import Row, Sheet
from surveyor.questionnaire.xlsform.spoken import spoken
from surveyor.questionnaire.xlsform.translate import Known, Translation, Untranslatable
from surveyor.questionnaire.xlsform.wordings import Wordings


@dataclass(frozen=True)
class _Frame:
    """An open group: repeat or not, the section it is, who is asked any of it, and its row."""

    repeat: bool
    section: str
    relevance: tuple[str, ...]
    row: int


class Form:
    """What a survey sheet was found to hold; `read` fills it."""

    def __init__(self, path: Path, listed: Mapping[str, Listed], wordings: Wordings) -> None:
        self.path, self.wordings = path, wordings
        self.lists: dict[str, Listed] = dict(listed)
        self.remarks: list[str] = [remark for each in listed.values() for remark in each.remarks]
        self.items: list[Item] = []
        self.sections: dict[str, Section] = {}
        self.checks: dict[str, Rule] = {}
        self.alone: dict[str, list[int]] = {}
        self.intro: Text | None = None
        self._known: dict[str, Known] = {}
        self._rows: dict[str, int] = {}
        self._open: list[_Frame] = []

    def read(self, survey: Sheet) -> None:
        """Every row in order; raises DefinitionError with the row where one cannot be understood."""
        for row in survey.rows:
            if not row.get("type"):
                if row.cells:
                    self._remark(row, "a row without a type was left out")
                continue
            asked = asked_as(row.get("type"))
            if asked is None:
                word = row.get("type").split()[0]
                raise self._error(row, "type", f"'{row.get('type')[:40]}' is no type", guess(word, all_types()))
            self._row(row, asked)
        if self._open:
            raise DefinitionError(
                "a group is opened here and never closed",
                where=f"{self.path.name}, sheet 'survey', row {self._open[-1].row}",
                remedy="Add a row of type end_group (or end_repeat)",
            )

    def _row(self, row: Row, asked: Asked) -> None:
        if asked.kind.startswith(("begin", "end")):
            self._frame(row, *asked.kind.split())
        elif any(frame.repeat for frame in self._open):
            self._remark(row, f"'{row.get('name')}' stands in a repeat, a table of its own; it was left out")
        elif asked.kind == "file":
            raise self._error(
                row, "type", "the answers of this question are in another file",
                "Copy them to the sheet choices and write select_one with the list's name",
            )  # fmt: skip
        elif asked.kind == "left out":
            self._left_out(row)
        elif not row.get("name"):
            raise self._error(row, "name", "the column is empty", "Give the question a name")
        else:
            self._item(row, asked)

    def _left_out(self, row: Row) -> None:
        if row.get("type") == "note" and not self.items and self.intro is None and row.get("name").startswith("intro"):
            self.intro = self.wordings.texts(row, "label") or None
        else:
            self._remark(row, f"'{row.get('name') or row.get('type')}' ({row.get('type')}) was left out: no answer "
                              "of a respondent that a table holds")  # fmt: skip

    def _frame(self, row: Row, end: str, kind: str) -> None:
        repeat = kind == "repeat"
        if end == "end":
            if not self._open or self._open[-1].repeat != repeat:
                raise self._error(row, "type", f"there is no open {kind} to end", "Delete this row, or open the group")
            self._open.pop()
            return
        if repeat:
            self._open.append(_Frame(True, "", (), row.number))
            self._remark(row, f"the repeat '{row.get('name')}' was left out: it is a table of its own")
            return
        outer = self._open[-1].relevance if self._open else ()
        own = self._filter(row, "relevant")
        relevance = (*outer, own) if own else outer
        name = row.get(SECTION) or row.get("name") or f"section{len(self.sections) + 1}"
        if name not in self.sections:
            title = self.wordings.texts(row, "label") or {"en": name}
            self.sections[name] = Section(title=title, relevance=_all(relevance))
        elif not row.get(SECTION):
            name = next(each for each in (f"{name}_{n}" for n in range(2, 10_000)) if each not in self.sections)
            self.sections[name] = Section(title={"en": name}, relevance=_all(relevance))
        self._open.append(_Frame(False, name, relevance, row.number))

    def _item(self, row: Row, asked: Asked) -> None:
        name = row.get("name")
        if name in self._rows:
            raise self._error(
                row, "name", f"two questions are called '{name}'; the other is in row {self._rows[name]}",
                "Give one of them another name",
            )  # fmt: skip
        self._rows[name] = row.number
        kind = self._kind(row, asked)
        if kind is None:
            return
        listed = self._list(row, asked)
        item = self._built(row, kind, listed)
        if kind == "calculated":
            found = self._calculated(row, item)
            if found is None:
                return
            item = found
        item = replace(item, relevance=self._filter(row, "relevant"))
        self.items.append(self._constrained(row, item))
        if item.type == "multiple" and listed:
            self._rows |= {f"{name}_{code}": row.number for code in self.lists[listed].codes}
        if row.get("choice_filter"):
            self._remark(row, f"the choice_filter of '{name}' was left out: every answer is offered", "choice_filter")
        if asked.other:
            self._other(row, item)

    def _kind(self, row: Row, asked: Asked) -> ItemType | None:
        """The type of an item; surveyor's own column knows more than the form's types."""
        own = row.get(KIND)
        if own in get_args(ItemType):
            return own  # type: ignore[return-value]
        if asked.kind == "weight":
            self._remark(row, f"'{row.get('name')}' (hidden) was left out: nobody answers it")
            return None
        if asked.kind == "nominal":
            self.remarks.append(f"{self.path.name}, sheet 'survey': questions with one answer are read as nominal; "
                                "write 'type: ordinal' where the answers have an order")  # fmt: skip
        if row.get("type").lower() == "range":
            return "number" if "." in row.get("parameters") else "integer"
        return asked.kind  # type: ignore[return-value]

    def _list(self, row: Row, asked: Asked) -> str | None:
        """The name of a row's list, which surveyor's own column may know better."""
        sheet = asked.list or row.get(LIST).replace(" ", "_")
        if not sheet:
            return None
        if sheet not in self.lists and row.get(LIST) not in self.lists:
            raise self._error(
                row, "type", f"there is no list '{sheet}' on the sheet choices, for '{row.get('name')}'",
                guess(sheet, self.lists),
            )  # fmt: skip
        name = row.get(LIST) or sheet
        self.lists.setdefault(name, self.lists.get(sheet) or self.lists[name])
        if not self.lists[name].codes:
            raise self._error(row, "type", f"the list '{name}' has no answers", "Add its choices")
        if asked.other:
            name = f"{name}_other"
            self.lists[name] = self.lists[sheet].with_other()
        return name

    def _built(self, row: Row, kind: ItemType, listed: str | None) -> Item:
        words, short = self.wordings.texts(row, "label"), self.wordings.short(row)
        if not words and kind != "calculated":
            self._remark(row, f"'{row.get('name')}' has no label")
        level = row.get(LEVEL)
        parts: dict[str, Any] = {
            "id": row.get("name"),
            "label": short or words or {"en": row.get("name")},
            "text": words if short and words else None,
            "type": "text" if kind == "calculated" else kind,
            "choices": listed,
            "concept": row.get(CONCEPT) or None,
            "reversed": row.get(REVERSED) == "yes",
            "personal": row.get(PERSONAL) == "yes",
            "level": level if level in get_args(Level) else None,
            "section": self._open[-1].section if self._open else None,
            "hint": self.wordings.texts(row, "hint") or None,
        }
        try:
            return Item(**parts)
        except ValidationError as error:
            said = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise self._error(row, "type", said, "See the other columns of this row") from None

    def _calculated(self, row: Row, item: Item) -> Item | None:
        found: Copied | None = None
        with contextlib.suppress(UsageError):
            found = copied(read_expression(row.get("calculation")), self._known)
        if found is None:
            self._remark(row, f"'{item.id}' was left out: its calculation copies no answer by another", "calculation")
            return None
        source = self._known[next(iter(found.of.values()))].item
        return replace(item, type="calculated", copied=found, choices=item.choices or source.choices)

    def _constrained(self, row: Row, item: Item) -> Item:
        """The item with range and greatest number of answers; the rest of a constraint becomes a rule."""
        tree = self._tree(row, "constraint")
        held = recognised(tree, item.type == "integer") if tree else Held()
        if item.choices is not None and held.alone:
            named, mine = self.lists[item.choices].named, self.alone.setdefault(item.choices, [])
            mine += [c for c in (named.get(each) for each in held.alone) if c is not None and c not in mine]
        span = self._parameters(row) or held.range
        if item.type in MEASURED and span:
            item = replace(item, range=span)
        elif held.range:
            self._remark(row, f"the range of '{item.id}' was left out: it is {item.type}", "constraint")
        if item.type == "multiple" and held.most:
            item = replace(item, most=held.most)
        self._known[item.id] = self._learnt(item)
        for part in held.rest:
            self._rule(row, item, part)
        return item

    def _learnt(self, item: Item) -> Known:
        listed = self.lists.get(item.choices or "")
        if listed is not None:
            return Known(item, listed.named, min(listed.codes) >= 0)
        low = item.range[0] if item.range else -1
        return Known(item, {}, isinstance(low, str) or low >= 0)

    def _parameters(self, row: Row) -> tuple[Bound, Bound] | None:
        """The range of a slider: `start=1 end=10 step=1`."""
        if row.get("type").lower() != "range":
            return None
        found = dict(each.partition("=")[::2] for each in row.get("parameters").replace(",", " ").split())
        try:
            low, high = float(found.get("start", "1")), float(found.get("end", "10"))
        except ValueError:
            return None
        return (int(low), int(high)) if low.is_integer() and high.is_integer() else (low, high)

    def _rule(self, row: Row, item: Item, part: Tree) -> None:
        try:
            translation = Translation(self._known, item.id)
            negated = opposite(part)
            when = ("not", translation.truth(part)) if negated is None else translation.truth(negated)
        except Untranslatable as error:
            self._remark(row, f"a part of the constraint of '{item.id}' was left out: {error}", "constraint")
            return
        label = self.wordings.texts(row, "constraint_message") or {"en": f"The answer to '{item.id}' does not fit"}
        name = next(each for each in (f"{item.id}_{n}" for n in range(1, 1000)) if each not in self.checks)
        self.checks[name] = Rule(when=spoken(when), label=label, action="constraint")

    def _filter(self, row: Row, column: str) -> str:
        """Who is asked, in surveyor's language; empty with a remark where it cannot be said."""
        tree = self._tree(row, column)
        if tree is None:
            return ""
        try:
            return spoken(Translation(self._known).truth(tree))
        except Untranslatable as error:
            self._remark(row, f"who is asked '{row.get('name')}' was left out: {error}", column)
            return ""

    def _tree(self, row: Row, column: str) -> Tree | None:
        if not row.get(column):
            return None
        try:
            return read_expression(row.get(column))
        except UsageError as error:
            self._remark(row, f"the {column} of '{row.get('name')}' was left out: {error.what}", column)
            return None

    def _other(self, row: Row, item: Item) -> None:
        """The text that `or_other` asks for beside the answer 'other'."""
        code = self._known[item.id].codes["other"]
        name = f"{item.id}_other"
        asked = f"{item.id}_{code} == 1" if item.type == "multiple" else f"{item.id} == {code}"
        if name in self._rows:
            raise self._error(row, "name", f"'{name}' is the name of another question", "Rename that question")
        self._rows[name] = row.number
        label: Text = {"en": "Other: what?", "zh": "其他：请说明"}
        label = {lang: text for lang, text in label.items() if lang in item.label}
        self.items.append(Item(id=name, label=label, type="text", relevance=asked, section=item.section))
        self._known[name] = Known(self.items[-1], {}, False)
        self._remark(row, f"or_other became the answer {code} of '{item.id}' and a text '{name}'")

    def _remark(self, row: Row, what: str, column: str = "") -> None:
        place = f", column '{column}'" if column else ""
        self.remarks.append(f"{self.path.name}, sheet 'survey', row {row.number}{place}: {what}")

    def _error(self, row: Row, column: str, what: str, remedy: str) -> DefinitionError:
        where = f"{self.path.name}, sheet 'survey', row {row.number}, column '{column}'"
        return DefinitionError(what, where=where, remedy=remedy)


def _all(filters: Iterable[str]) -> str:
    found = list(filters)
    return found[0] if len(found) == 1 else " and ".join(f"({each})" for each in found)
