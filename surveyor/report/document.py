"""The document inside an executed notebook: headings, prose, tables and figures, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from surveyor.show import DISPLAY, FIGURE, PROSE, TABLE, Display, Figure, Prose, Table
from surveyor.show.prose import Block


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 (section) or 3."""

    level: int
    text: str


Part = Heading | Prose | Table | Figure


@dataclass(frozen=True)
class Document:
    """What a report says, before anyone decides how it looks."""

    title: str
    lang: str
    parts: tuple[Part, ...]


def document(nb: Any, lang: str) -> Document:
    """Read the private data of each output; code, streams and HTML are left behind.

    A heading under which nothing was said is dropped.
    """
    parts: list[Part] = []
    title = ""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            parts += _markdown(cell.source)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if DISPLAY in data:
                parts += Display.from_json(data[DISPLAY]).views
            elif TABLE in data:
                parts.append(Table.from_json(data[TABLE]))
            elif FIGURE in data:
                parts.append(Figure.from_json(data[FIGURE]))
            elif PROSE in data:
                prose = Prose.from_json(data[PROSE])
                title = next((b.lines[0] for b in prose.blocks if b.kind == "title"), title)
                rest = tuple(b for b in prose.blocks if b.kind != "title")
                parts += [Prose(rest)] if rest else []
    return Document(title, lang, tuple(_without_empty(parts)))


def _markdown(source: str) -> list[Part]:
    """Headings and paragraphs of a Markdown cell; a cell that begins with # is for JupyterLab only."""
    parts: list[Part] = []
    if source.startswith("# "):
        return parts
    for chunk in source.strip().split("\n\n"):
        marks, _, text = chunk.partition(" ")
        if marks in ("##", "###"):
            parts.append(Heading(len(marks), text.strip()))
        elif chunk.strip():
            parts.append(Prose((Block("paragraph", (" ".join(chunk.split()),)),)))
    return parts


def _without_empty(parts: list[Part]) -> list[Part]:
    kept: list[Part] = []
    for part in reversed(parts):
        follows = kept[-1] if kept else None
        empty = follows is None or (isinstance(follows, Heading) and follows.level <= _level(part))
        if not (isinstance(part, Heading) and empty):
            kept.append(part)
    return kept[::-1]


def _level(part: Part) -> int:
    return part.level if isinstance(part, Heading) else 9
