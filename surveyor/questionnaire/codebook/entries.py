"""A codebook as plain rows, before it becomes a page or Markdown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from surveyor.expressions import parse
from surveyor.format import count, percent
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.codebook import words
from surveyor.questionnaire.frequencies import Counts, Frequencies
from surveyor.questionnaire.item import MEASURED, Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.outline import outline, printable
from surveyor.questionnaire.routing import condition
from surveyor.questionnaire.texts import MISSING, Language, Text, say

MINUS = "\N{MINUS SIGN}"
OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}


@dataclass(frozen=True)
class Grid:
    """A table: heads of its columns and its rows, all as text; `numbers` of its last columns are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 0


@dataclass(frozen=True)
class Entry:
    """One item: its name, label and wording, each also in the other language, facts and answers."""

    id: str
    label: str
    other_label: str
    wording: str
    other_wording: str
    facts: tuple[tuple[str, str], ...]
    answers: Grid | None


@dataclass(frozen=True)
class Chapter:
    """A part of a codebook: items under a heading, or one table."""

    title: str
    note: str = ""
    entries: tuple[Entry, ...] = ()
    table: Grid | None = None


@dataclass(frozen=True)
class Codebook:
    """The whole: title, lines below it, chapters."""

    title: str
    lines: tuple[str, ...]
    chapters: tuple[Chapter, ...]


def codebook(asked: Questionnaire, lang: Language, frequencies: Frequencies | None) -> Codebook:
    """The rows of a codebook in one language, with wording and answers in the other beside it."""
    entries = _Entries(asked, lang, frequencies)
    title = words.CODEBOOK[lang].format(say(asked.title, lang) or asked.name)
    size = words.SIZE[lang].format(count(len(asked.items)), count(len(asked.columns)))
    lines = [words.VERSION[lang].format(asked.version)] if asked.version else []
    lines.append(size)
    if frequencies is not None:
        lines.append(words.ROWS[lang].format(count(frequencies.n)))
    chapters = [*entries.sections(), entries.missing(), entries.scales(), entries.checks()]
    kept = (each for each in chapters if each.entries or (each.table and each.table.rows))
    return Codebook(printable(title), tuple(map(printable, lines)), tuple(kept))


@dataclass(frozen=True)
class _Entries:
    asked: Questionnaire
    lang: Language
    frequencies: Frequencies | None

    def sections(self) -> list[Chapter]:
        found = []
        for part in outline(self.asked):
            title, note = self._say(self.asked.title) or self.asked.name, ""
            if part.section is not None:
                name = f"{part.name}  " if part.name and len(part.name) <= 2 else ""
                title = name + self._say(part.section.title)
                if part.section.relevance:
                    note = words.GATE[self.lang].format(self._condition(part.section.relevance))
            elif part.name is None:
                title = words.ITEMS[self.lang]
            found.append(Chapter(title, note, tuple(self._entry(item) for item in part.items)))
        return found

    def missing(self) -> Chapter:
        codes = () if self.asked.drafted else sorted({*MISSING, *self.asked.missing}, reverse=True)
        rows = tuple((_minus(code), printable(self.asked.reason(code, self.lang))) for code in codes)
        return Chapter(words.MISSING[self.lang], table=Grid(self._heads(words.CODE, words.ANSWER), rows))

    def scales(self) -> Chapter:
        heads = (words.SCALE, words.LABEL, words.ITEMS, words.KIND, words.SCORE, words.LEAST)
        rows = []
        for name, scale in self.asked.scales.items():
            items = [
                f"{each} ({words.REVERSED[self.lang]})" if self._is_reversed(each) else each for each in scale.items
            ]
            kind, score = words.KINDS[scale.kind][self.lang], words.SCORES[scale.score][self.lang]
            least = f"{count(scale.minimum)}/{count(len(scale.items))}"
            rows.append((name, self._say(scale.label), ", ".join(items), kind, score, least))
        return Chapter(words.SCALES[self.lang], table=Grid(self._heads(*heads), tuple(rows)))

    def checks(self) -> Chapter:
        heads = (words.RULE, words.WRONG, words.WHEN, words.ACTION)
        rows = tuple(
            (name, self._say(rule.label), printable(rule.when), words.ACTIONS[rule.action][self.lang])
            for name, rule in self.asked.checks.items()
        )
        return Chapter(words.CHECKS[self.lang], table=Grid(self._heads(*heads), rows))

    def _entry(self, item: Item) -> Entry:
        return Entry(
            item.id,
            self._say(item.label),
            self._other(item.label),
            self._say(item.text) if item.text else "",
            self._other(item.text) if item.text else "",
            tuple(self._facts(item)),
            self._answers(item),
        )

    def _facts(self, item: Item) -> list[tuple[str, str]]:
        """Terms and what holds, in the order of reading; what goes without saying is left out."""
        choices = self.asked.choices_named(item.choices)
        facts: list[tuple[words.Both, str]] = [(words.TYPE, words.TYPES[item.type][self.lang])]
        low, high = item.bounds(self.asked.year)
        if item.type in MEASURED and (math.isfinite(low) or math.isfinite(high)):
            facts.append((words.RANGE, f"{_end(low)} … {_end(high)}"))
        who = words.ONLY[self.lang].format(self._condition(item.relevance)) if item.relevance else ""
        facts.append((words.ASKED, who or words.EVERYBODY[self.lang]))
        if item.most:
            facts.append((words.MOST, count(item.most)))
        if item.hint:
            facts.append((words.HINT, self._say(item.hint)))
        if item.concept:
            scale = self.asked.scales.get(item.concept)
            facts.append((words.CONCEPT, f"{item.concept} ({self._say(scale.label)})" if scale else item.concept))
        if item.reversed:
            facts.append((words.REVERSED, words.REVERSED_YES[self.lang]))
        if choices is not None:
            facts += self._named_codes(item, choices)
        if item.copied is not None:
            pairs = ", ".join(f"{code} → {name}" for code, name in item.copied.of.items())
            facts.append((words.COPIED, f"{words.COPIED_FROM[self.lang].format(item.copied.by)}: {pairs}"))
        facts += [(words.ROTATED, ", ".join(group)) for group in self.asked.rotations if item.id in group]
        if item.personal:
            facts.append((words.PERSONAL, words.PERSONAL_YES[self.lang]))
        codes = self._missing_codes(item)
        if codes:
            facts.append((words.MISSING, ", ".join(map(_minus, codes))))
        return [(term[self.lang], printable(text)) for term, text in facts]

    def _named_codes(self, item: Item, choices: Choices) -> list[tuple[words.Both, str]]:
        found: list[tuple[words.Both, str]] = []
        if choices.top and item.type not in (*MEASURED, "multiple"):
            codes = ", ".join(map(_minus, choices.top))
            joined = words.OR[self.lang].join(self._say(choices.codes[code]) for code in choices.top)
            label = self._say(choices.top_label) or joined
            found.append((words.TOP, words.TOP_IS[self.lang].format(codes, label)))
        for term, named in ((words.APART, choices.apart), (words.ALONE, choices.alone)):
            if named and (item.type == "multiple" or term is words.APART):
                found.append((term, ", ".join(f"{_minus(code)} {self._say(choices.codes[code])}" for code in named)))
        return found

    def _answers(self, item: Item) -> Grid | None:
        """The codes with their labels in both languages, and the counts where there are any."""
        if item.type == "multiple":
            return self._several(item)
        choices = self.asked.choices_named(item.choices)
        counts = self._counts(item.id)
        labels: dict[int, tuple[str, str]] = {}
        for code, text in (choices.codes if choices else {}).items():
            labels[code] = (self._say(text), self._other(text))
        missing = self._missing_codes(item)
        is_listed = choices is not None and item.type not in MEASURED
        valid = {code: counts[code] for code in counts if (code in labels if is_listed else code not in missing)}
        for code in sorted(set(counts) - set(labels), reverse=True):
            if code in missing:
                labels[code] = (self.asked.reason(code, self.lang), self.asked.reason(code, OTHER[self.lang]))
            elif is_listed:
                labels[code] = (words.UNLISTED[self.lang], words.UNLISTED[OTHER[self.lang]])
        if not labels:
            return None
        rows = tuple(
            (_minus(code), *map(printable, both), *self._numbers(code, counts, valid)) for code, both in labels.items()
        )
        return self._grid(words.CODE, rows, bool(counts))

    def _several(self, item: Item) -> Grid:
        """A row for each column of an item with several answers: how many chose it."""
        choices = self.asked.choices_named(item.choices)
        rows, counted = [], False
        for column, text in zip(self.asked.expanded(item), choices.codes.values() if choices else (), strict=True):
            counts = self._counts(column.id)
            counted = counted or bool(counts)
            valid = {code: counts[code] for code in counts if code in (0, 1)}
            rows.append((column.id, self._say(text), self._other(text), *self._numbers(1, counts, valid)))
        return self._grid(words.COLUMN, tuple(rows), counted)

    def _grid(self, first: words.Both, rows: tuple[tuple[str, ...], ...], counted: bool) -> Grid:
        other = words.ANSWER[OTHER[self.lang]]
        heads = [first[self.lang], words.ANSWER[self.lang], other if any(row[2] for row in rows) else ""]
        shown = (words.COUNT, words.SHARE, words.WEIGHTED)[: 3 if self._is_weighted else 2] if counted else ()
        heads += [each[self.lang] for each in shown]
        wide = len(heads)
        filled = tuple((*row, *[""] * (wide - len(row)))[:wide] for row in rows)
        if not heads[2]:
            heads, filled = heads[:2] + heads[3:], tuple(row[:2] + row[3:] for row in filled)
        return Grid(tuple(heads), filled, len(shown))

    def _numbers(self, code: int, counts: Counts, valid: Counts) -> tuple[str, ...]:
        """Rows with this code, its share of valid answers, and its weighted share."""
        if not counts:
            return ()
        rows, total = counts.get(code, (0, None))
        if code not in valid and code in counts:
            return (count(rows), "", "")
        everyone = sum(n for n, _ in valid.values())
        weight = sum(w or 0.0 for _, w in valid.values())
        share = percent(rows / everyone) if everyone else ""
        return (count(rows), share, percent((total or 0.0) / weight) if weight else "")

    @property
    def _is_weighted(self) -> bool:
        return self.frequencies is not None and self.frequencies.weighted

    def _counts(self, column: str) -> Counts:
        return self.frequencies.of(column) if self.frequencies else {}

    def _missing_codes(self, item: Item) -> list[int]:
        """The codes for no answer, where the column holds numbers."""
        if item.type in ("text", "id", "date", "weight"):
            return []
        return sorted(self.asked.missing_codes(item.id), reverse=True)

    def _is_reversed(self, name: str) -> bool:
        return name in self.asked and self.asked.item(name).reversed

    def _condition(self, relevance: str) -> str:
        return printable(condition(parse(relevance), self.asked, self.lang))

    def _heads(self, *heads: words.Both) -> tuple[str, ...]:
        return tuple(head[self.lang] for head in heads)

    def _say(self, text: Text | None) -> str:
        return printable(say(text, self.lang))

    def _other(self, text: Text | None) -> str:
        """The text in the other language; nothing where it is only in one."""
        return printable((text or {}).get(OTHER[self.lang], "")) if text and self.lang in text else ""


def _end(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return _minus(int(value)) if value == int(value) else f"{value:g}".replace("-", MINUS)


def _minus(code: int) -> str:
    return str(code).replace("-", MINUS)
