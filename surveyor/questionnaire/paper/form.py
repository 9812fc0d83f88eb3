"""Writes a questionnaire as a form to fill in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path

from docx.document import Document as Word
from docx.shared import Mm, Pt

from surveyor.expressions import parse
from surveyor.files import whole
from surveyor.questionnaire.item import Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.outline import Part, every_text, outline, warn_of_unprintable
from surveyor.questionnaire.paper import words
from surveyor.questionnaire.paper.answers import Answers, minus
from surveyor.questionnaire.paper.grid import grids, write_grid
from surveyor.questionnaire.paper.layout import (
    WIDTH,
    blank,
    numbered,
    row,
    save,
    shaded,
    spaced,
    table,
    write,
)
from surveyor.questionnaire.routing import condition
from surveyor.questionnaire.texts import Language, say

INDENT = 14  # mm: the margin for the questions' names
_ASIDE = ("weight", "calculated")  # never asked


def write_paper(asked: Questionnaire, path: Path, lang: Language = "en") -> Path:
    """Writes the questionnaire to `path` as a Word file in one language, and returns the path.

    The same questionnaire gives the same bytes. Raises FileError where the file cannot be written; warns where texts
    hold characters that no Word file may hold.
    """
    warn_of_unprintable(every_text(asked))
    title = say(asked.title, lang) or asked.name
    word = blank(title, lang)
    form = _Form(asked, lang, word)
    form.head(title)
    parts = outline(asked)
    for _, together in groupby(parts, key=_gate):
        form.parts(list(together))
    spaced(word.add_paragraph(), before=12)
    write(word.paragraphs[-1], words.END[lang], 10)
    numbered(word, f"{title.replace('{', '(').replace('}', ')')}  ·  {words.PAGE[lang]}")
    with whole(path) as draft:
        save(word, draft)
    return path


@dataclass(frozen=True)
class _Form:
    """Writes the parts of one form."""

    asked: Questionnaire
    lang: Language
    word: Word

    def head(self, title: str) -> None:
        write(spaced(self.word.add_paragraph(style="Heading 1"), after=2), title, 16, bold=True)
        if self.asked.version:
            version = words.VERSION[self.lang].format(self.asked.version)
            write(spaced(self.word.add_paragraph(), after=6), version, 8, faint=True)
        if self.asked.intro:
            write(spaced(self.word.add_paragraph(), after=6), say(self.asked.intro, self.lang), 10)
        reasons = words.BETWEEN[self.lang].join(
            words.CODE[self.lang].format(minus(code), self.asked.reason(code, self.lang)) for code in (-1, -2)
        )
        write(spaced(self.word.add_paragraph(), after=4), words.CODES[self.lang].format(reasons), 8, faint=True)

    def parts(self, parts: list[Part]) -> None:
        """Sections in a row that the same people are asked: who they are is said once."""
        relevance = _gate(parts[0])
        for at, part in enumerate(parts):
            self._part(
                part, self._only(words.GATE, words.GATE_TO, relevance, [self._called(each) for each in parts[at:]])
            )
            relevance = ""

    def _called(self, part: Part) -> str:
        return str(part.name) if part.section is None or _is_letter(part) else say(part.section.title, self.lang)

    def _only(self, one: words.Both, several: words.Both, relevance: str, names: list[str]) -> str:
        """Who is asked what is named; empty where everybody is."""
        if not relevance:
            return ""
        said = condition(parse(relevance), self.asked, self.lang)
        return several[self.lang].format(names[0], names[-1], said) if len(names) > 1 else one[self.lang].format(said)

    def _part(self, part: Part, gate: str) -> None:
        """A heading, who is asked, the boxes for identifiers, and the questions."""
        items = [item for item in part.items if item.type not in _ASIDE]
        if not items:
            return
        if part.section is not None:
            heading = spaced(self.word.add_paragraph(style="Heading 2"), before=14, after=4, with_next=True)
            title = say(part.section.title, self.lang)
            write(heading, f"{part.name}  {title}" if _is_letter(part) else title, 13, bold=True)
            self._aside(gate, indent=0)
        boxes = list(takewhile(lambda item: item.type == "id", items))
        if boxes:
            self._boxes(boxes)
        groups = grids(self.asked, items[len(boxes) :])
        for at, group in enumerate(groups):
            self._rotation(group)
            if len(group) > 1:
                write_grid(self.word, self.asked, group, self.lang)
                continue
            relevance = group[0].relevance
            again = at > 0 and relevance == groups[at - 1][-1].relevance
            same = takewhile(lambda each, same=relevance: each[0].relevance == same, groups[at:])  # type: ignore[misc]
            names = [each[0].id for each in same]
            self._question(group[0], "" if again else self._only(words.ONLY, words.ONLY_TO, relevance, names))

    def _boxes(self, items: list[Item]) -> None:
        """The table for case numbers and the like."""
        widths = [WIDTH / 2 - 30, 30.0] * 2
        made = table(self.word, widths)
        for at in range(0, len(items), 2):
            cells = row(made, widths)
            for place, item in enumerate(items[at : at + 2]):
                label, empty = cells[2 * place], cells[2 * place + 1]
                shaded(label)
                paragraph = spaced(label.paragraphs[0], before=3, after=3)
                write(paragraph, f"{item.id}  ", 7.5, faint=True)
                write(paragraph, say(item.text or item.label, self.lang), 9)
                spaced(empty.paragraphs[0], before=3, after=3)

    def _question(self, item: Item, only: str) -> None:
        """Who is asked, the wording with its name at the margin, and where to answer; all on one page."""
        self._aside(only, indent=INDENT, before=7)
        asking = spaced(self.word.add_paragraph(), before=1 if only else 7, after=1, with_next=True)
        asking.paragraph_format.left_indent = Mm(INDENT)
        asking.paragraph_format.first_line_indent = Mm(-INDENT)
        asking.paragraph_format.tab_stops.add_tab_stop(Mm(INDENT))
        write(asking, f"{item.id}\t", 7.5, faint=True)
        write(asking, say(item.text or item.label, self.lang), 10, bold=True)
        if item.hint:
            hint = spaced(self.word.add_paragraph(), after=1, with_next=True)
            hint.paragraph_format.left_indent = Mm(INDENT)
            write(hint, say(item.hint, self.lang), 8.5, faint=True)
        Answers(self.asked, self.lang, self.word, INDENT).write(item)

    def _aside(self, said: str, indent: float, before: float = 0) -> None:
        if not said:
            return
        paragraph = spaced(self.word.add_paragraph(), before=before, after=2, with_next=True)
        paragraph.paragraph_format.left_indent = Mm(indent)
        write(paragraph, said, 8.5, faint=True).font.italic = self.lang == "en"

    def _rotation(self, group: list[Item]) -> None:
        """A note before the first of the items that change places."""
        for rotated in self.asked.rotations:
            if group[0].id == rotated[0]:
                paragraph = spaced(self.word.add_paragraph(), before=8, with_next=True)
                write(paragraph, words.ROTATED[self.lang].format(rotated[0], rotated[-1]), 8, faint=True)
                paragraph.paragraph_format.space_after = Pt(0)


def _gate(part: Part) -> str:
    return part.section.relevance if part.section else ""


def _is_letter(part: Part) -> bool:
    """Whether a section's name is a letter or a number, not a word for its file alone."""
    return part.name is not None and len(part.name) <= 2
