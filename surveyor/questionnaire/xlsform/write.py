"""A questionnaire as an XLSForm workbook for ODK Collect and KoboToolbox."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from surveyor.errors import UsageError
from surveyor.files import whole
from surveyor.questionnaire.item import Bound, Copied, Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import MISSING, Language, say
from surveyor.questionnaire.xlsform.constraints import Limits, limits
from surveyor.questionnaire.xlsform.layout import (
    CALLED,
    CONCEPT,
    KIND,
    LEVEL,
    LIST,
    NAME,
    OFFERED,
    PERSONAL,
    REVERSED,
    SECTION,
    SHORT,
    TITLE,
    YEAR,
    YEAR_OF,
)  # fmt: skip
from surveyor.questionnaire.xlsform.xpath import XPath

Row = dict[str, str]

_TYPES = {
    "ordinal": "select_one", "nominal": "select_one", "multiple": "select_multiple", "integer": "integer",
    "number": "decimal", "text": "text", "id": "text", "date": "date", "weight": "hidden", "calculated": "calculate",
}  # fmt: skip
_COLUMNS = (
    "type", "name", "label", "hint", "guidance_hint", "relevant", "constraint", "constraint_message", "required",
    "required_message", "calculation", SHORT, KIND, LIST, SECTION, CONCEPT, REVERSED, LEVEL, PERSONAL,
)  # fmt: skip
_NEEDED: dict[Language, str] = {"en": "An answer is needed here.", "zh": "请回答这一题。"}
_ASIDE: dict[Language, str] = {
    "en": "Do not read out “don't know” and “refused”.",
    "zh": "“不知道”和“拒绝回答”不读出。",
}
_ASIDE_NUMBER: dict[Language, str] = {
    "en": "Don't know: -1, refused: -2; do not read out.",
    "zh": "不知道填-1，拒绝回答填-2；不读出。",
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


def write_xlsform(asked: Questionnaire, path: Path) -> Path:
    """The questionnaire as an XLSForm (.xlsx) at `path`, whole or not at all; gives `path` back.

    Every list and number admits -1 (don't know) and -2 (refused). Rotation has no place in an XLSForm and is left out.
    Raises UsageError where items describe two kinds of rows, or an id is no name that XLSForm allows; FileError where
    the file cannot be written.
    """
    _check(asked)
    book = Workbook()
    book.remove(book.worksheets[0])
    filled = {"survey": [*_survey(asked)], "choices": [*_choices(asked)], "settings": [_settings(asked)]}
    for name, rows in filled.items():
        _fill(book.create_sheet(name), _order(name, rows), rows)
    with whole(path) as draft:
        book.save(draft)
    return path


def languages(asked: Questionnaire) -> tuple[Language, ...]:
    """The languages a questionnaire speaks, Chinese first."""
    texts = [item.text or item.label for item in asked.items]
    return tuple(lang for lang in CALLED if any(lang in text for text in texts))


def one_level(asked: Questionnaire, to: str) -> None:
    """Raises UsageError where the items of a questionnaire describe rows of two kinds."""
    levels = list(dict.fromkeys(item.level or asked.level for item in asked.items))
    if len(levels) > 1:
        raise UsageError(
            f"the items describe rows of two kinds: {' and '.join(levels)}",
            where=f"questionnaire '{asked.name}'",
            expected=f"one kind of row in each {to}",
            remedy=f"Write one file for each: asked.table('{levels[0]}'), then asked.table('{levels[1]}')",
        )


def _check(asked: Questionnaire) -> None:
    one_level(asked, "form")
    for item in asked.items:
        if not _NAME.match(item.id):
            raise UsageError(
                f"the item '{item.id}' cannot be exported under this id",
                where=f"questionnaire '{asked.name}'",
                expected="a Latin letter, then letters, digits and _ (a rule of XLSForm)",
                remedy="Give the item another id",
            )


def _survey(asked: Questionnaire) -> Iterator[Row]:
    langs = languages(asked)
    if asked.intro:
        yield {"type": "note", "name": _free("intro", asked)} | _texts("label", asked.intro, langs)
    used: set[str] = set()
    for name, items in groupby(asked.items, key=lambda item: item.section):
        rows = [_question(asked, item, langs) for item in items]
        if name is None:
            yield from rows
            continue
        section = asked.sections[name]
        relevant = XPath(asked).written(section.relevance) if section.relevance else ""
        group = _group(name, used)
        yield {"type": "begin_group", "name": group, "relevant": relevant, SECTION: name} | _texts(
            "label", section.title, langs
        )
        yield from rows
        yield {"type": "end_group", "name": group}


def _question(asked: Questionnaire, item: Item, langs: tuple[Language, ...]) -> Row:
    kind = _TYPES[item.type]
    listed = item.choices is not None and item.type != "calculated"
    if listed:
        kind = "select_multiple" if item.type == "multiple" else "select_one"
    row: Row = {
        "type": f"{kind} {_list_name(item.choices)}" if listed else kind,
        "name": item.id,
        "relevant": XPath(asked).written(item.relevance) if item.relevance else "",
        KIND: "" if item.type in ("integer", "number", "text", "date", "multiple") and not listed else item.type,
        LIST: item.choices if item.choices and (not listed or _list_name(item.choices) != item.choices) else "",
        CONCEPT: item.concept or "",
        REVERSED: "yes" if item.reversed else "",
        LEVEL: item.level or "",
        PERSONAL: "yes" if item.personal else "",
    }
    row |= _texts("label", item.text or item.label, langs)
    if item.text is not None:
        row |= _texts(SHORT, item.label, langs)
    if item.hint:
        row |= _texts("hint", item.hint, langs)
    if item.copied is not None:
        row["calculation"] = _calculation(asked, item.copied)
    elif listed or item.type in ("integer", "number"):
        row |= {"required": "yes"} | _texts("required_message", _NEEDED, langs)
        row |= _texts("guidance_hint", _ASIDE if listed else _ASIDE_NUMBER, langs)
    held = limits(asked, item)
    if held:
        row["constraint"] = constraint(asked, held)
        row |= {f"constraint_message::{CALLED[lang]}": held.message(lang) for lang in langs}
    return row


def constraint(asked: Questionnaire, held: Limits) -> str:
    """What an answer must fulfil, in XPath.

    The opposite of a rule stands there without asking whether other answers are known: rows where they are not known
    do not break it.
    """
    parts = []
    if held.range:
        low, high = (_bound(each) for each in held.range)
        admitted = " or ".join(f". = {code}" for code in OFFERED)
        parts.append(f"((. >= {low} and . <= {high}) or {admitted})")
    parts += [f"not(selected(., '{code}') and count-selected(.) > 1)" for code in held.alone]
    if held.most:
        parts.append(f"count-selected(.) <= {held.most}")
    parts += [f"not({XPath(asked, held.item.id).written(rule.when)})" for rule in held.rules]
    return parts[0][1:-1] if len(parts) == 1 and held.range else " and ".join(parts)


def _bound(bound: Bound) -> str:
    if isinstance(bound, str):
        return bound.replace("year", YEAR)
    return str(int(bound)) if float(bound).is_integer() else repr(bound)


def _calculation(asked: Questionnaire, copied: Copied) -> str:
    """`if(${re07} = '1', ${re01}, if(...))`."""
    write = XPath(asked)
    by = asked.item(copied.by)
    text = "''"
    for code, source in reversed(copied.of.items()):
        text = f"if(${{{copied.by}}} = {write.constant(by, code)}, ${{{source}}}, {text})"
    return text


def _choices(asked: Questionnaire) -> Iterator[Row]:
    langs = languages(asked)
    for name in dict.fromkeys(item.choices for item in asked.items if item.choices):
        choices = asked.choices_named(name)
        assert choices is not None  # the questionnaire was checked
        for code, label in choices.codes.items():
            yield {"list_name": _list_name(name), "name": str(code)} | _texts("label", label, langs)
        for code in OFFERED:
            yield {"list_name": _list_name(name), "name": str(code)} | _texts("label", dict(MISSING[code]), langs)  # type: ignore[arg-type]


def _settings(asked: Questionnaire) -> Row:
    langs = languages(asked)
    return {
        "form_title": say(asked.title, langs[0]) or asked.name,
        "form_id": form_id(asked.name),
        "version": asked.version or "1",
        "default_language": CALLED[langs[0]],
        NAME: asked.name,
        LEVEL: asked.level,
        YEAR_OF: str(asked.year or ""),
    } | _texts(TITLE, asked.title or {}, langs)


def form_id(name: str) -> str:
    """A questionnaire's name as the id of a form: lower-case Latin letters, digits and _."""
    made = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return made if made[:1].isalpha() else f"form_{made}".rstrip("_")


def _list_name(name: str | None) -> str:
    return re.sub(r"\s+", "_", name or "")


def _group(name: str, used: set[str]) -> str:
    made = "section_" + re.sub(r"[^a-z0-9_]+", "_", name.lower())
    found, n = made, 1
    while found in used:
        n += 1
        found = f"{made}_{n}"
    used.add(found)
    return found


def _free(name: str, asked: Questionnaire) -> str:
    while name in asked:
        name += "_"
    return name


def _texts(column: str, text: Mapping[Language, str], langs: tuple[Language, ...]) -> Row:
    own = column in (SHORT, TITLE)
    return {f"{column}_{lang}" if own else f"{column}::{CALLED[lang]}": say(text, lang) for lang in langs}


def _order(sheet: str, rows: list[Row]) -> list[str]:
    """The headings a sheet needs, in order."""
    there = [key for row in rows for key, cell in row.items() if cell]
    if sheet != "survey":
        return list(dict.fromkeys(["list_name", "name", *there] if sheet == "choices" else there))
    place = {name: at for at, name in enumerate(_COLUMNS)}
    known = dict.fromkeys(["type", "name", *there])
    return sorted(known, key=lambda key: place[key if key in place else _stem(key)])


def _stem(key: str) -> str:
    return SHORT if key.startswith(SHORT) else key.partition("::")[0]


def _fill(sheet: Worksheet, headings: list[str], rows: list[Row]) -> None:
    """Every cell as text, also one that begins with '=': a form holds no formulas."""
    lines: list[list[Any]] = [list(headings), *([row.get(key, "") for key in headings] for row in rows)]
    for at, line in enumerate(lines, 1):
        for place, value in enumerate(line, 1):
            if value:
                cell = sheet.cell(at, place, value)
                cell.data_type = "s"
                if at == 1:
                    cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
