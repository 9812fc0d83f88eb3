"""Variables of a DDI-Codebook file: one for each column of the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from surveyor.format import significant
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.ddi import words
from surveyor.questionnaire.ddi.xml import LANG, Said, add, plain, say_all
from surveyor.questionnaire.frequencies import Counts, Frequencies
from surveyor.questionnaire.item import CODED, MEASURED, Item, ItemType
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.routing import in_words
from surveyor.questionnaire.texts import Language, say

#: type -> what the standard calls it: interval, nature, representation, and the kind of question.
_TYPES: dict[ItemType, tuple[str, str, str, str]] = {
    "ordinal": ("discrete", "ordinal", "code", "category"),
    "nominal": ("discrete", "nominal", "code", "category"),
    "multiple": ("discrete", "nominal", "code", "multiple"),
    "integer": ("discrete", "ratio", "numeric", "numeric"),
    "number": ("contin", "ratio", "numeric", "numeric"),
    "weight": ("contin", "ratio", "numeric", "numeric"),
    "calculated": ("discrete", "ordinal", "code", ""),
    "text": ("discrete", "", "text", "text"),
    "id": ("discrete", "nominal", "text", "text"),
    "date": ("discrete", "interval", "datetime", "datetime"),
}
_CHARACTERS = ("text", "id", "date")


@dataclass(frozen=True)
class Variables:
    """Writes the columns of a questionnaire; `main` is the language of what the standard allows only once."""

    asked: Questionnaire
    frequencies: Frequencies | None
    main: Language
    file: str = ""

    @cached_property
    def ids(self) -> dict[str, str]:
        """Column -> its identifier in the file: its own name where XML allows it, else its number."""
        names = [column.id for column in self.asked.columns]
        return {name: identifier("V", name, at) for at, name in enumerate(names, start=1)}

    def references(self, item: Item) -> list[str]:
        """The identifiers of the columns of an item."""
        return [self.ids[column.id] for column in self.asked.expanded(item)]

    def write(self, parent: Element) -> None:
        """Adds every variable to the data description."""
        for item in self.asked.items:
            for column in self.asked.expanded(item):
                self._variable(parent, item, column)

    def _variable(self, parent: Element, item: Item, column: Item) -> None:
        interval, nature, representation, _ = _TYPES[item.type]
        attributes = {
            "ID": self.ids[column.id], "name": column.id, "files": self.file, "intrvl": interval, "nature": nature,
            "representationType": representation, "wgt": "wgt" if item.type == "weight" else "",
            "dcml": "0" if item.type == "integer" else "",
        }  # fmt: skip
        var = add(parent, "var", attributes=attributes)
        say_all(var, "labl", column.label)
        add(var, "anlysUnit", words.LEVELS[item.level or self.asked.level][self.main], lang=self.main)
        if item.personal:
            add(var, "security", words.PERSONAL[self.main], lang=self.main)
        self._question(var, item, column)
        self._values(var, item, column)
        relevance = self.asked.relevance(item.id)
        if relevance is not None:
            say_all(var, "universe", {lang: in_words(relevance, self.asked, lang) for lang in LANG})
        if item.reversed:
            say_all(var, "codInstr", words.REVERSED)
        if item.concept:
            scale = self.asked.scales.get(item.concept)
            say_all(var, "concept", scale.label if scale else item.concept)
        self._format(var, item)
        for kind, note in self._notes(item):
            say_all(var, "notes", note, {"type": kind})

    def _question(self, var: Element, item: Item, column: Item) -> None:
        """The wording; of an item with several answers the stem, and the answer as the question of its column."""
        if item.text is None and item.hint is None and item.type not in CODED:
            return
        qstn = add(var, "qstn", attributes={"responseDomainType": _TYPES[item.type][3]})
        wording = item.text or item.label
        if item.type == "multiple":
            say_all(qstn, "preQTxt", wording)
            listed = self.asked.choices_named(item.choices)
            at = [each.id for each in self.asked.expanded(item)].index(column.id)
            say_all(qstn, "qstnLit", list(listed.codes.values())[at] if listed else wording)
        else:
            say_all(qstn, "qstnLit", wording)
        for instruction in (item.hint, words.choosing(item)):
            say_all(qstn, "ivuInstr", instruction)

    def _values(self, var: Element, item: Item, column: Item) -> None:
        """Ranges, categories and counts; neither for words nor for identifiers."""
        if item.type in (*_CHARACTERS, "weight"):
            return
        choices = self.asked.choices_of(column.id)
        counts = self.frequencies.of(column.id) if self.frequencies else {}
        self._valid(var, item, choices)
        missing = sorted(self.asked.missing_codes(column.id), reverse=True)
        if missing:
            invalid = add(var, "invalrng")
            for code in missing:
                add(invalid, "item", attributes={"VALUE": str(code)})
        for code, label in (choices.codes if choices else {}).items():
            self._category(var, code, label, counts)
        for code in missing:
            labels: dict[Language, str] = {lang: self.asked.reason(code, lang) for lang in LANG}
            self._category(var, code, labels, counts, missing=self.asked.reason(code, "en"))
        listed = choices.codes if choices and item.type not in MEASURED else counts
        unknown = sorted(set(counts) - set(listed) - set(missing))
        for code in unknown:
            say_all(var, "undocCod", words.filled(words.UNKNOWN, code, counts[code][0]))
        if counts:
            lost = sum(rows for code, (rows, _) in counts.items() if code in missing)
            known = sum(rows for code, (rows, _) in counts.items() if code not in (*missing, *unknown))
            add(var, "sumStat", str(known), {"type": "vald"})
            add(var, "sumStat", str(lost), {"type": "invd"})

    def _valid(self, var: Element, item: Item, choices: Choices | None) -> None:
        if item.type in MEASURED:
            ends = dict(zip(("min", "max"), item.bounds(self.asked.year), strict=True))
            known = {key: plain(value) for key, value in ends.items() if math.isfinite(value)}
            if known:
                units = {"UNITS": "REAL"} if item.type == "number" else {}
                add(add(var, "valrng"), "range", attributes={**units, **known})
        elif choices is not None:
            valid = add(var, "valrng")
            for code in choices.codes:
                add(valid, "item", attributes={"VALUE": str(code)})

    def _category(self, var: Element, code: int, label: Said, counts: Counts, missing: str = "") -> None:
        attributes: Mapping[str, str] = {"missing": "Y", "missType": missing} if missing else {}
        category = add(var, "catgry", attributes=attributes)
        add(category, "catValu", str(code))
        say_all(category, "labl", label)
        if counts:
            rows, total = counts.get(code, (0, None))
            add(category, "catStat", str(rows), {"type": "freq"})
            if total is not None:
                weighted = {"type": "freq", "wgtd": "wgtd", "wgt-var": self._weight}
                add(category, "catStat", plain(significant(total) or 0), weighted)

    @cached_property
    def _weight(self) -> str:
        """The weight's identifier, where the questionnaire has just one."""
        found = [item.id for item in self.asked.items if item.type == "weight"]
        return self.ids[found[0]] if len(found) == 1 else ""

    def _format(self, var: Element, item: Item) -> None:
        if item.copied is not None:
            pairs = ", ".join(f"{code} → {name}" for code, name in item.copied.of.items())
            used = [item.copied.by, *item.copied.of.values()]
            references = [self.ids[name] for name in used if name in self.ids]
            derived = add(var, "derivation", attributes={"var": " ".join(dict.fromkeys(references))})
            add(derived, "drvdesc", words.COPIED[self.main].format(item.copied.by, pairs), lang=self.main)
        attributes = {"type": "character" if item.type in _CHARACTERS else "numeric"}
        if item.type == "date":
            attributes |= {"category": "date", "formatname": "date.iso8601", "schema": "XML-Data"}
        add(var, "varFormat", attributes=attributes)

    def _notes(self, item: Item) -> list[tuple[str, words.Both]]:
        """What else a reader must know: the summary, answers apart, rotation."""
        found: list[tuple[str, words.Both]] = []
        choices = self.asked.choices_named(item.choices)
        if choices is not None:
            codes = ", ".join(map(str, choices.top))
            if choices.top and item.type not in (*MEASURED, "multiple"):
                found.append(("summary", {lang: words.TOP[lang].format(_top(choices, lang), codes) for lang in LANG}))
            for kind, text, named in (("exclusive", words.ALONE, choices.alone), ("apart", words.APART, choices.apart)):
                if named:
                    shown = {lang: _labels(choices, named, lang) for lang in LANG}
                    found.append((kind, {lang: text[lang].format(shown[lang]) for lang in LANG}))
        for group in self.asked.rotations:
            if item.id in group:
                found.append(("rotation", words.filled(words.ROTATED, ", ".join(group))))
        return found


def _top(choices: Choices, lang: Language) -> str:
    return say(choices.top_label, lang) or _labels(choices, choices.top, lang)


def _labels(choices: Choices, codes: tuple[int, ...], lang: Language) -> str:
    return {"en": ", ", "zh": "、"}[lang].join(say(choices.codes[code], lang) for code in codes)


def identifier(prefix: str, name: str, at: int) -> str:
    """An XML identifier made of a name, or of a number where the name holds what XML does not allow in one.

    >>> identifier("V", "ra01", 3), identifier("V", "收入", 4)
    ('V_ra01', 'V-4')
    """
    fits = name.isascii() and name and all(sign.isalnum() or sign in "._-" for sign in name)
    return f"{prefix}_{name}" if fits else f"{prefix}-{at}"
