"""Where one question is answered: boxes with codes, a line, or places for figures."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from docx.document import Document as Word
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.item import CODED, Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.paper import words
from surveyor.questionnaire.paper.layout import BOX, WIDTH, spaced, write
from surveyor.questionnaire.texts import Language, say

MINUS = "\N{MINUS SIGN}"
REFUSALS = (-1, -2)
_FIXED = "\N{NO-BREAK SPACE}"
#: Widths of text in Latin letters (a Chinese character counts for two) that fit: on one line, in half of
#: one, and on one that leaves room for more.
_LINE, _HALF, _ROOM = 84, 44, 72


@dataclass(frozen=True)
class Answers:
    """Writes the place for the answer to one question, `indent` mm from the margin."""

    asked: Questionnaire
    lang: Language
    word: Word
    indent: float

    def write(self, item: Item) -> None:
        """Boxes for codes, figures for numbers, a line for words."""
        choices = self.asked.choices_named(item.choices)
        if choices is not None and (item.type in CODED or len(choices.codes) > 1):
            self._boxes(item, choices)
        elif item.type in ("integer", "number"):
            self._figures(item)
        elif item.type == "date":
            paragraph = self._paragraph()
            write(paragraph, "|__|__| |__|__| |__|__|__|__|   ", 11)
            write(paragraph, words.DATE[self.lang], 8, faint=True)
        else:
            self._line()

    def _boxes(self, item: Item, choices: Choices) -> None:
        if item.type == "multiple":
            note = words.MOST[self.lang].format(item.most) if item.most else words.SEVERAL[self.lang]
            alone = [words.ALONE[self.lang].format(say(choices.codes[code], self.lang)) for code in choices.alone]
            write(self._paragraph(with_next=True), words.BETWEEN[self.lang].join([note, *alone]), 8, faint=True)
        labels = {code: say(label, self.lang) for code, label in choices.codes.items()}
        if all(_says(code, label) for code, label in labels.items()):
            self._in_lines(labels, len(labels), gap="  ", size=9)
            return
        per_line = _per_line([f"{BOX} {code} {label}" for code, label in labels.items()])
        self._in_lines(labels, per_line, gap="    " if per_line == len(labels) else "\t")

    def _in_lines(self, labels: dict[int, str], per_line: int, gap: str, size: float = 10) -> None:
        """The boxes, so many on a line, and the small boxes after or below them."""
        codes = list(labels)
        last = self._paragraph(with_next=True)
        for at, code in enumerate(codes):
            if at and at % per_line == 0:
                last = self._paragraph(with_next=True)
            elif at:
                write(last, gap, size)
            if gap == "\t" and per_line == 2:
                last.paragraph_format.tab_stops.add_tab_stop(Mm(self.indent + (WIDTH - self.indent) / 2))
            _box(last, code, labels[code], size)
        room = per_line == len(codes) and sum(map(width, labels.values())) + 6 * len(codes) <= _ROOM
        self._refusals(last, new_line=len(codes) % per_line == 0 and not room)

    def _figures(self, item: Item) -> None:
        """A place for each figure of the largest number that can be true, and the range."""
        low, high = item.bounds(self.asked.year)
        paragraph = self._paragraph()
        figures = len(str(int(high))) if math.isfinite(high) else 4
        write(paragraph, "|" + "__|" * figures + ("." + "|__|" if item.type == "number" else ""), 11)
        if hint := self.bounds(low, high):
            write(paragraph, f"   {hint}", 8, faint=True)
        self._refusals(paragraph, new_line=False)

    def bounds(self, low: float, high: float) -> str:
        """The range in words; nothing where there is none."""
        ends = [str(int(end)) if math.isfinite(end) and end == int(end) else f"{end:g}" for end in (low, high)]
        if math.isfinite(low) and math.isfinite(high):
            return words.RANGE[self.lang].format(*ends)
        if math.isfinite(low):
            return words.LEAST[self.lang].format(ends[0])
        return words.GREATEST[self.lang].format(ends[1]) if math.isfinite(high) else ""

    def _line(self) -> None:
        paragraph = self._paragraph()
        write(paragraph, "_" * 60, 10, faint=True)

    def _refusals(self, paragraph: Paragraph, new_line: bool) -> None:
        """Small boxes for an interviewer: don't know, refused."""
        if new_line:
            paragraph = self._paragraph()
        else:
            paragraph.paragraph_format.keep_with_next = False
            write(paragraph, "      ", 10)
        for code in REFUSALS:
            write(paragraph, BOX, 7.5, faint=True)
            write(paragraph, f"{_FIXED}{minus(code)}  ", 7, faint=True)

    def _paragraph(self, with_next: bool = False) -> Paragraph:
        made = spaced(self.word.add_paragraph(), after=1, with_next=with_next)
        made.paragraph_format.left_indent = Mm(self.indent)
        return made


def minus(code: int) -> str:
    """A code with a true minus sign."""
    return str(code).replace("-", MINUS)


def _says(code: int, label: str) -> bool:
    """Whether a label says its own number, as on a scale from 0 to 10."""
    digits = str(code)
    return label.startswith(digits) and not label[len(digits) : len(digits) + 1].isdigit()


def _per_line(shown: list[str]) -> int:
    """All on one line where they fit, else two by two, else each on its own."""
    wide = [width(text) + 4 for text in shown]
    if sum(wide) <= _LINE:
        return len(shown)
    return 2 if len(shown) > 3 and max(wide) <= _HALF else 1


def _box(paragraph: Paragraph, code: int, label: str, size: float) -> None:
    """A box, its code small, and its label; short labels are not broken."""
    write(paragraph, BOX, size)
    write(paragraph, _FIXED, 7)
    if not _says(code, label) or size == 10:
        write(paragraph, f"{code}{_FIXED}", 7, faint=True)
    write(paragraph, label.replace(" ", _FIXED) if width(label) < _HALF else label, size)


def width(text: str) -> int:
    """How wide a text is in Latin letters.

    >>> width("ab"), width("居民")
    (2, 4)
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
