"""Tables and prose as plain text."""

from __future__ import annotations

import unicodedata

from surveyor.show.table import Cell, Table


def table_text(table: Table) -> str:
    """The table in aligned columns; Chinese characters count as two columns wide.

    >>> from surveyor.show.table import heads, numeric
    >>> print(table_text(Table("Ages", (heads("Who", "Age"),), ((Cell("Ann"), numeric("41", 41.0)),))))
    Ages
    Who  Age
    --------
    Ann   41
    """
    rows = [*table.header, *table.body]
    widths = [0] * table.width
    for row in rows:
        if len(row) == table.width:
            widths = [max(w, _wide(cell.text)) for w, cell in zip(widths, row, strict=True)]
    lines = [_line(row, widths) for row in rows]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    head = len(table.header)
    return "\n".join([table.title, *lines[:head], rule, *lines[head:], *table.notes])


def _line(row: tuple[Cell, ...], widths: list[int]) -> str:
    if len(row) != len(widths):
        return "  ".join(cell.text for cell in row)
    parts = []
    for cell, width in zip(row, widths, strict=True):
        gap = " " * (width - _wide(cell.text))
        parts.append(gap + cell.text if cell.align == "right" else cell.text + gap)
    return "  ".join(parts).rstrip()


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
