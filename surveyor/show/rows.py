"""Rows of a figure: a label line above a mark line, so that the same drawing fits a page and a phone."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from surveyor.show.style import FAINT, INK, RULE

LINE, MARK, GAP = 0.19, 0.24, 0.12  # inches
PER_INCH = 13.5  # Latin letters an inch holds at this size; a Chinese character counts as two


def wrapped(text: str, width: float) -> list[str]:
    """The text in lines of at most `width` inches."""
    room = int(width * PER_INCH)
    if any("\u2e80" <= char <= "\uffef" for char in text):
        half = max(room // 2, 8)
        return [text[i : i + half] for i in range(0, len(text), half)]
    return wrap(text, max(room, 16)) or [""]


class Rows:
    """Places rows from the top of a page downwards and finishes it with an axis.

    page    the matplotlib figure; its height is set at the end
    marks   lines of marks under each label (two groups: two)
    """

    def __init__(
        self, page: Any, width: float, labels: Sequence[str], sides: Sequence[str], marks: int, top: float
    ) -> None:
        self.page, self.width = page, width
        inner = width - 0.3
        beside = width > 5
        self.texts = []
        y = top
        for label, side in zip(labels, sides, strict=True):
            room = inner - (len(side) / PER_INCH + 0.25 if beside and side else 0)
            lines = wrapped(label, room)
            extra = [] if beside or not side else [side]
            self.texts.append((y, lines, side if beside else "", extra))
            y += (len(lines) + len(extra)) * LINE + marks * MARK + GAP
        self.bottom = y
        self.height = y + 0.55
        page.set_size_inches(width, self.height)
        self.axes = page.add_axes(
            (0.15 / width, 0.5 / self.height, inner / width, (self.bottom - top) / self.height)
        )
        self.axes.set_ylim(self.bottom, top)
        self.axes.set_yticks([])
        for edge in ("left", "right", "top"):
            self.axes.spines[edge].set_visible(False)
        self.axes.spines["bottom"].set_color(RULE)
        self.axes.tick_params(axis="x", length=3, color=RULE)

    def mark_lines(self, row: int, marks: int) -> list[float]:
        """The heights, in the units of the axis, of the mark lines of a row."""
        y, lines, _, extra = self.texts[row]
        start = y + (len(lines) + len(extra)) * LINE
        return [start + (k + 0.5) * MARK for k in range(marks)]

    def write(self) -> None:
        """Write the labels; call once the limits of the x axis are set."""
        for y, lines, side, extra in self.texts:
            for k, line in enumerate(lines):
                self._put(0, y + k * LINE, line, "left", INK)
            for k, line in enumerate(extra):
                self._put(0, y + (len(lines) + k) * LINE, line, "left", FAINT)
            if side:
                self._put(1, y, side, "right", FAINT)

    def _put(self, x: float, y: float, text: str, align: str, colour: str) -> None:
        self.axes.text(
            x, y, text, ha=align, va="top", color=colour, transform=self.axes.get_yaxis_transform()
        )
