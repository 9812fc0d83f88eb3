"""Rows of a figure: a label line above mark lines, so that the same drawing fits a page and a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from surveyor.show.style import FAINT, INK, RULE

LINE, MARK, GAP, FOOT, MARGIN = 0.19, 0.24, 0.12, 0.5, 0.15  # inches
PER_INCH = 13.0  # Latin letters an inch holds at this size; a Chinese character counts as two


def length(text: str) -> float:
    """Roughly how many inches a text takes."""
    return sum(2 if _is_wide(char) else 1 for char in text) / PER_INCH


def wrapped(text: str, width: float) -> list[str]:
    """The text in lines of at most `width` inches."""
    if length(text) <= width:
        return [text]
    room = int(width * PER_INCH)
    if any(map(_is_wide, text)):
        half = max(room // 2, 8)
        return [text[i : i + half] for i in range(0, len(text), half)]
    return wrap(text, max(room, 16))


def flowed(texts: Sequence[str], width: float) -> list[tuple[float, float]]:
    """Places (x, y) of the entries of a key: side by side, on a new line where the page is full."""
    x = y = 0.0
    places = []
    for text in texts:
        long = length(text) + 0.45
        if x and x + long > width:
            x, y = 0.0, y + MARK
        places.append((x, y))
        x += long
    return places


def _is_wide(char: str) -> bool:
    return "\u2e80" <= char <= "\uffef"


@dataclass(frozen=True)
class Row:
    """A label, a shorter text that stands to its right (below it on a phone), and where its marks begin."""

    lines: list[str]
    side: str
    top: float
    marks_at: float
    beside: bool


class Rows:
    """Rows laid out from the top of a page; x belongs to the data, y is inches from the top.

    head    inches kept free above the first row
    marks   mark lines under each label
    """

    def __init__(self, page: Any, width: float, labels: Sequence[tuple[str, str]], marks: int, head: float) -> None:
        self.width = width - 2 * MARGIN
        self.rows: list[Row] = []
        y = head
        for label, side in labels:
            beside = length(label) + length(side) + 0.2 < self.width
            lines = wrapped(label, self.width)
            under = y + LINE * (len(lines) + (0 if beside or not side else 1))
            self.rows.append(Row(lines, side, y, under, beside))
            y = under + marks * MARK + GAP
        page.set_size_inches(width, y + FOOT)
        self.axes = page.add_axes((MARGIN / width, FOOT / (y + FOOT), self.width / width, y / (y + FOOT)))
        self.axes.set_ylim(y, 0)
        self.axes.set_yticks([])
        for edge in ("left", "right", "top"):
            self.axes.spines[edge].set_visible(False)
        self.axes.spines["bottom"].set_color(RULE)
        self.axes.tick_params(axis="x", length=3, color=RULE)

    def mark_line(self, row: int, mark: int = 0) -> float:
        """The height of one mark line of a row."""
        return self.rows[row].marks_at + (mark + 0.5) * MARK

    def write(self) -> None:
        """Write the labels on white, above any line of the axis."""
        for row in self.rows:
            for k, line in enumerate(row.lines):
                self.put(0, row.top + k * LINE, line, INK)
            if row.side and row.beside:
                self.put(1, row.top, row.side, FAINT, "right")
            elif row.side:
                self.put(0, row.marks_at - LINE, row.side, FAINT)

    def put(self, x: float, y: float, text: str, colour: str, align: str = "left") -> None:
        """A text at x (0 left, 1 right edge) and y inches from the top."""
        self.axes.text(
            x,
            y,
            text,
            ha=align,
            va="top",
            color=colour,
            transform=self.axes.get_yaxis_transform(),
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            zorder=2,
        )
