"""Questions in a row that share their answers, as one table."""

from __future__ import annotations

from itertools import groupby, takewhile

from docx.document import Document as Word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table, _Cell

from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.item import Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.paper import words
from surveyor.questionnaire.paper.answers import REFUSALS, minus
from surveyor.questionnaire.paper.layout import BOX, WIDTH, gap, row, shaded, spaced, table, write
from surveyor.questionnaire.texts import Language, say

_MOST = 7  # answers that fit beside the questions
_TOGETHER = 4  # questions that stand on one page
_NAME, _REFUSAL, _ANSWER, _QUESTION = 11.0, 7.0, 19.0, 46.0  # mm: of columns; the last at least
_COLONS = (": ", "：")


def grids(asked: Questionnaire, items: list[Item]) -> list[list[Item]]:
    """The items in groups: those next to each other with the same answers together, every other one alone."""
    groups: list[list[Item]] = []
    for _, run in groupby(items, key=lambda item: _shared(asked, item)):
        together = list(run)
        groups += [together] if _shared(asked, together[0]) else [[item] for item in together]
    return groups


def _shared(asked: Questionnaire, item: Item) -> str | None:
    """The choice list of an item that may stand in a table; None for one that may not."""
    choices = asked.choices_named(item.choices)
    fits = item.type in ("ordinal", "nominal") and choices is not None and len(choices.codes) <= _MOST
    return item.choices if fits and not item.relevance and item.hint is None else None


def write_grid(word: Word, asked: Questionnaire, items: list[Item], lang: Language) -> None:
    """A table with a row a question and a column an answer; what all questions begin with stands above it."""
    choices = asked.choices_named(items[0].choices)
    if choices is None:
        return
    texts = [say(item.text or item.label, lang) for item in items]
    lead = beginning(texts)
    gap(word, 7, with_next=True)
    if lead:
        write(spaced(word.add_paragraph(), after=2, with_next=True), lead.strip(), 10, bold=True)
    widths = _widths(choices)
    made = table(word, widths)
    _head(made, widths, choices, lang)
    for at, (item, text) in enumerate(zip(items, texts, strict=True)):
        cells = row(made, widths)
        stays = at < len(items) - 1 and (at == 0 or len(items) <= _TOGETHER)  # on the page of the next row
        write(spaced(cells[0].paragraphs[0], before=2, after=2, with_next=stays), item.id, 7.5, faint=True)
        write(spaced(cells[1].paragraphs[0], before=2, after=2, with_next=stays), text[len(lead) :], 9.5)
        for cell, code in zip(cells[2:], [*choices.codes, *REFUSALS], strict=True):
            _tick(cell, code, stays)
    gap(word, 4)


def _tick(cell: _Cell, code: int, stays: bool) -> None:
    """A box with its code beside it; a small one for a refusal, whose code stands at the head."""
    paragraph = spaced(cell.paragraphs[0], before=2, after=2, with_next=stays)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    refusal = code in REFUSALS
    write(paragraph, BOX, 8 if refusal else 11, faint=refusal)
    if not refusal:
        write(paragraph, str(code), 6.5, faint=True)


def _widths(choices: Choices) -> list[float]:
    """Millimetres: name, question, each answer, each refusal."""
    answers = len(choices.codes)
    each = min(_ANSWER, (WIDTH - _NAME - 2 * _REFUSAL - _QUESTION) / answers)
    question = WIDTH - _NAME - 2 * _REFUSAL - answers * each
    return [_NAME, question, *[each] * answers, *[_REFUSAL] * len(REFUSALS)]


def _head(made: Table, widths: list[float], choices: Choices, lang: Language) -> None:
    cells = row(made, widths, head=True)
    labels = ["", words.QUESTION[lang], *(say(label, lang) for label in choices.codes.values()), *map(minus, REFUSALS)]
    for at, (cell, label) in enumerate(zip(cells, labels, strict=True)):
        shaded(cell)
        paragraph = spaced(cell.paragraphs[0], before=2, after=2, with_next=True)
        if at > 1:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
        refusal = at >= len(labels) - len(REFUSALS)
        write(paragraph, label, 6.5 if refusal or len(labels) > 9 else 7.5, faint=refusal)


def beginning(texts: list[str]) -> str:
    """What all texts begin with, up to a colon; nothing where they begin otherwise.

    >>> beginning(["How often: shop?", "How often: walk?"])
    'How often: '
    """
    same = takewhile(lambda signs: len(set(signs)) == 1, zip(*texts, strict=False))
    shared = "".join(signs[0] for signs in same)
    ends = [shared.rfind(colon) + len(colon) for colon in _COLONS if colon in shared]
    return shared[: max(ends)] if ends else ""
