"""The codebook as Markdown, for a repository or a notebook."""

from __future__ import annotations

import re

from surveyor.questionnaire.codebook import words
from surveyor.questionnaire.codebook.entries import Chapter, Entry, Grid, codebook
from surveyor.questionnaire.frequencies import Frequencies
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import Language

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_BREAKS = re.compile(r"[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_FIRST = re.compile(r"^(\s*)([-+=](?=[\s=-]|$)|\d+[.)](?=\s|$))")


def codebook_markdown(asked: Questionnaire, lang: Language = "en", frequencies: Frequencies | None = None) -> str:
    """The codebook of a questionnaire as Markdown in `lang`, wording and answers also in the other language.

    frequencies  counts of a file's columns: shown beside the answers, with weighted shares where there are weights
    """
    book = codebook(asked, lang, frequencies)
    blocks = [f"# {plain(book.title)}", *map(plain, book.lines)]
    for chapter in book.chapters:
        blocks += _chapter(chapter, words.COLON[lang])
    return "\n\n".join(blocks) + "\n"


def plain(text: str) -> str:
    """A text on one line, in which no sign means anything to Markdown or HTML.

    >>> print(plain("a|b *c* <d>"))
    a\\|b \\*c\\* \\<d\\>
    """
    escaped = _SIGNS.sub(r"\\\1", _BREAKS.sub(" ", text).strip())
    return _FIRST.sub(_escape_first, escaped)


def _escape_first(found: re.Match[str]) -> str:
    """A dash or a number with a dot at the start would begin a list."""
    space, mark = found.groups()
    return f"{space}{mark[:-1]}\\{mark[-1]}"


def _chapter(chapter: Chapter, colon: str) -> list[str]:
    blocks = [f"## {plain(chapter.title)}"]
    if chapter.note:
        blocks.append(plain(chapter.note))
    for entry in chapter.entries:
        blocks += _entry(entry, colon)
    if chapter.table is not None:
        blocks.append(_table(chapter.table))
    return blocks


def _entry(entry: Entry, colon: str) -> list[str]:
    other = f" / {plain(entry.other_label)}" if entry.other_label else ""
    blocks = [f"### {plain(entry.id)}: {plain(entry.label)}{other}"]
    blocks += [plain(text) for text in (entry.wording, entry.other_wording) if text]
    blocks.append("\n".join(f"- {plain(term)}{colon}{plain(text)}" for term, text in entry.facts))
    if entry.answers is not None:
        blocks.append(_table(entry.answers))
    return blocks


def _table(grid: Grid) -> str:
    first = len(grid.heads) - grid.numbers
    rules = ["---" if at < first else "---:" for at in range(len(grid.heads))]
    rows = [grid.heads, *grid.rows]
    lines = [f"| {' | '.join(plain(cell) for cell in row)} |" for row in rows]
    lines.insert(1, f"| {' | '.join(rules)} |")
    return "\n".join(lines)
