"""A questionnaire as tab-separated text that LimeSurvey imports as a survey."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from typing import ClassVar

from surveyor.errors import UsageError
from surveyor.files import whole
from surveyor.questionnaire.item import MEASURED, Bound, Copied, Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import MISSING, Language, say
from surveyor.questionnaire.xlsform.constraints import Limits, limits
from surveyor.questionnaire.xlsform.dialect import FACTOR, TEST, Dialect, Piece, plain
from surveyor.questionnaire.xlsform.layout import OFFERED
from surveyor.questionnaire.xlsform.write import languages, one_level

Row = dict[str, str]

#: Answer codes are letters and digits, so that -1 and -2 go by these names; a reader maps them back.
OFFERED_AS: Mapping[int, str] = {-1: "DK", -2: "RF"}
#: What LimeSurvey calls the two languages.
CALLED: Mapping[Language, str] = {"zh": "zh-Hans", "en": "en"}

_COLUMNS = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation",
    "mandatory", "other", "default", "same_default", "date_format", "em_validation_q", "em_validation_q_tip",
    "equation", "exclude_all_others", "hidden", "max_answers", "num_value_int_only", "random_group",
)  # fmt: skip
_TYPES = {
    "ordinal": "L", "nominal": "L", "multiple": "M", "integer": "N", "number": "N", "text": "S", "id": "S",
    "date": "D", "weight": "N", "calculated": "*",
}  # fmt: skip
_UNTITLED: Mapping[Language, str] = {"en": "Questions", "zh": "问题"}
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}\Z")


class ExpressionScript(Dialect):
    """Filters in LimeSurvey's own expression language: `ra02.NAOK == "1" or ra02.NAOK == "2"`.

    With .NAOK an item that was not asked counts as empty; without it, it would make the whole expression false.
    Codes of lists are texts there, so that an order among them becomes a list of the codes that fulfil it.
    """

    signs: ClassVar[Mapping[str, str]] = {
        sign: sign for sign in ("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "and", "or")
    }
    negation: ClassVar[str] = "!({})"

    def reference(self, name: str) -> str:
        """The answer to an item."""
        return f"{name}.NAOK"

    def chosen(self, item: Item, code: str) -> Piece:
        """That an answer of an item with several is chosen."""
        return f'{item.id}_{code}.NAOK == "Y"', TEST

    def is_answered(self, item: Item) -> list[Piece]:
        """That an item has an answer which is neither don't know nor refused."""
        choices = self.asked.choices_named(item.choices)
        if item.type == "multiple" and choices is not None:
            return [self.either(self.chosen(item, str(code)) for code in choices.codes)]
        answer = self.reference(item.id)
        filled: Piece = (f"!is_empty({answer})", FACTOR)
        if choices is None and item.type not in MEASURED:
            return [filled]
        codes = [self.constant(item, code) for code in OFFERED]
        return [filled, *((f"{answer} != {each}", TEST) for each in codes)]

    def constant(self, item: Item | None, value: float | str) -> str:
        """A code as a text where the item has a list, numbers as they are."""
        if isinstance(value, str):
            return f"'{value}'" if '"' in value else f'"{value}"'
        return f'"{_answer(int(value))}"' if item is not None and item.choices is not None else plain(value)

    def ordered(self, sign: str, item: Item, value: float) -> Piece | None:
        """A comparison by order among the codes of a list, as those that fulfil it."""
        choices = self.asked.choices_named(item.choices)
        if choices is None:
            return None
        fulfils = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}[sign]
        kept = [code for code in choices.codes if fulfils(float(code), float(value))]
        answer = self.reference(item.id)
        return self.either((f"{answer} == {self.constant(item, code)}", TEST) for code in kept) if kept else ("0", TEST)

    def as_number(self, truth: str) -> str:
        """1 where something is true, else 0."""
        return f"if({truth}, 1, 0)"


def write_limesurvey(asked: Questionnaire, path: Path, lang: Language = "zh") -> Path:
    """The questionnaire as LimeSurvey's tab-separated text (.txt, UTF-8) at `path`; gives `path` back.

    `lang` is the language the survey starts in; the other follows where the questionnaire speaks it. -1 and -2 are
    the answers DK and RF in lists, and admitted as numbers elsewhere; items of one rotation share a random group.

    Raises UsageError where items describe two kinds of rows, an id is no question code of LimeSurvey (a letter, then
    letters and digits, at most 20) or a code has more than five characters; FileError where `path` cannot be written.
    """
    _check(asked)
    spoken = languages(asked)
    ordered = [lang, *(each for each in spoken if each != lang)] if lang in spoken else list(spoken)
    rows = [*_settings(asked, ordered)]
    for each in ordered:
        rows += _Paper(asked, each).rows()
    with whole(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS, restval="", dialect="excel-tab", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _check(asked: Questionnaire) -> None:
    one_level(asked, "survey")
    where = f"questionnaire '{asked.name}'"
    for item in asked.items:
        if not _CODE.match(item.id):
            raise UsageError(
                f"LimeSurvey cannot take the item '{item.id}' under this id",
                where=where,
                expected="a Latin letter, then letters and digits, 20 at most",
                remedy="Give the item another id",
            )
        choices = asked.choices_named(item.choices)
        wrong = [code for code in (choices.codes if choices else ()) if not 0 <= code < 100_000]
        if wrong:
            raise UsageError(
                f"LimeSurvey cannot take the code {wrong[0]} of the list '{item.choices}'",
                where=where,
                expected="codes of at most five digits, 0 or more",
            )


def _settings(asked: Questionnaire, langs: list[Language]) -> Iterator[Row]:
    base, *others = (CALLED[lang] for lang in langs)
    for name, value in (("language", base), ("additional_languages", " ".join(others)), ("format", "G"),
                        ("anonymized", "Y"), ("savetimings", "Y")):  # fmt: skip
        yield {"class": "S", "name": name, "text": value}
    for lang in langs:
        for name, text in (("title", say(asked.title, lang) or asked.name), ("welcometext", say(asked.intro, lang))):
            yield {"class": "SL", "name": f"surveyls_{name}", "text": _shown(text), "language": CALLED[lang]}


@dataclass(frozen=True)
class _Paper:
    """All groups, questions and answers in one language, in the same order and under the same ids in each."""

    asked: Questionnaire
    lang: Language

    def rows(self) -> Iterator[Row]:
        """Groups in order, each with its questions."""
        ids = count(1)
        for order, (name, items) in enumerate(groupby(self.asked.items, key=lambda item: item.section), 1):
            section = self.asked.sections.get(name or "")
            title = say(section.title, self.lang) if section else _UNTITLED[self.lang]
            relevance = section.relevance if section else ""
            yield self._row(
                "G", str(order), id=str(order), name=_shown(title),
                relevance=ExpressionScript(self.asked).written(relevance) if relevance else "1",
            )  # fmt: skip
            for item in items:
                yield from self._question(item, ids)

    def _row(self, kind: str, scale: str, **cells: str) -> Row:
        return {"class": kind, "type/scale": scale, "language": CALLED[self.lang], **cells}

    def _question(self, item: Item, ids: Iterator[int]) -> Iterator[Row]:
        number = str(next(ids))
        choices = self.asked.choices_named(item.choices)
        listed = choices is not None and item.type not in ("multiple", "calculated")
        asked = item.type not in ("text", "id", "date", "weight", "calculated")
        yield self._row(
            "Q", "L" if listed else _TYPES[item.type], id=number, name=item.id,
            relevance=ExpressionScript(self.asked).written(item.relevance) if item.relevance else "1",
            text=_shown(say(item.text or item.label, self.lang)), help=_shown(say(item.hint, self.lang)),
            mandatory="Y" if asked else "N", other="N", **self._attributes(item),
        )  # fmt: skip
        if choices is None or item.type == "calculated":
            return
        answers = [(str(code), say(label, self.lang)) for code, label in choices.codes.items()]
        answers += [(OFFERED_AS[code], MISSING[code][self.lang]) for code in OFFERED]
        for code, text in answers:
            own = {"id": str(next(ids)), "related_id": number} if item.type == "multiple" else {"id": number}
            yield self._row("SQ" if item.type == "multiple" else "A", "0", name=code, text=_shown(text), **own)

    def _attributes(self, item: Item) -> Row:
        held = limits(self.asked, item)
        found: Row = {}
        group = next((n for n, group in enumerate(self.asked.rotations, 1) if item.id in group), None)
        if group is not None:
            found["random_group"] = f"rotation{group}"
        if held.alone:
            found["exclude_all_others"] = ";".join(_answer(code) for code in held.alone)
        if held.most:
            found["max_answers"] = str(held.most)
        if item.type == "integer" and item.choices is None:
            found["num_value_int_only"] = "1"
        if item.type == "date":
            found["date_format"] = "yyyy-mm-dd"
        if item.type in ("weight", "calculated"):
            found["hidden"] = "1"
        if item.copied is not None:
            found["equation"] = f"{{{_equation(self.asked, item.copied)}}}"
        if said := _validation(self.asked, held):
            found |= {"em_validation_q": said, "em_validation_q_tip": _shown(held.message(self.lang))}
        return found


def _validation(asked: Questionnaire, held: Limits) -> str:
    """What an answer must fulfil beside what the attributes of its question hold."""
    write = ExpressionScript(asked, held.item.id)
    parts: list[Piece] = []
    if held.range and held.item.choices is None:
        answer = write.reference(held.item.id)
        low, high = (_bound(each) for each in held.range)
        admitted = " or ".join(f"{answer} == {code}" for code in OFFERED)
        inside = f"({answer} >= {low} and {answer} <= {high})"
        parts.append((f"(is_empty({answer}) or {inside} or {admitted})", FACTOR))
    parts += [(f"!({write.written(rule.when)})", FACTOR) for rule in held.rules]
    return write.all(parts)[0] if parts else ""


def _bound(bound: Bound) -> str:
    return bound.replace("year", 'date("Y")') if isinstance(bound, str) else plain(float(bound))


def _equation(asked: Questionnaire, copied: Copied) -> str:
    write = ExpressionScript(asked)
    by, text = asked.item(copied.by), '""'
    for code, source in reversed(copied.of.items()):
        text = f"if({write.reference(by.id)} == {write.constant(by, code)}, {write.reference(source)}, {text})"
    return text


def _answer(code: int) -> str:
    """The answer code in LimeSurvey: letters and digits only."""
    return OFFERED_AS.get(code, str(code))


def _shown(text: str) -> str:
    """A text as LimeSurvey shows it: HTML, where a curly bracket would begin an expression."""
    flat = html.escape(re.sub(r"[\t\r\n]+", " ", text), quote=False)
    return flat.replace("{", "&#123;").replace("}", "&#125;")


__all__ = ["CALLED", "OFFERED_AS", "ExpressionScript", "write_limesurvey"]
