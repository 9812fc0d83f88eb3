"""Caterpillar plot: compounds in order of their means, each with its interval, coloured by type and without names."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import FOOT, MARGIN, MARK, flowed, wrapped
from surveyor.show.style import COLOURS, FAINT, INK, MARKS, RULE

#: Inches from one compound to the next, fewer where they would take more than TALL; a line of text; room at the top.
STEP, TALL, LINE, TOP = 0.115, 9.0, 0.19, 0.04


def draw(figure: Figure, page: Any, width: float) -> None:
    """One line a compound; a dashed line at the mean of each type."""
    data = figure.data
    inner = width - 2 * MARGIN
    axis = wrapped(data["axis"], inner)
    key = flowed([mean["label"] for mean in data["means"]], inner)
    step = min(STEP, TALL / len(data["rows"]))
    head = TOP + key[-1][1] + MARK + 0.14
    foot = FOOT + LINE * (len(axis) - 1)
    high = head + step * (len(data["rows"]) + 1)
    page.set_size_inches(width, high + foot)
    axes = page.add_axes((MARGIN / width, foot / (high + foot), inner / width, high / (high + foot)))
    axes.set_ylim(high, 0)
    _frame(axes, "\n".join(axis))
    _scale(axes, data)
    for i, row in enumerate(data["rows"]):
        y, colour = head + step * (i + 1), COLOURS[row["type"]]
        axes.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.3 * step / STEP, alpha=0.55, zorder=2)
        axes.plot(row["value"], y, marker=MARKS[row["type"]], markersize=4 * step / STEP, color=colour, zorder=4)
    for mean in data["means"]:
        ends = [head, high]
        axes.plot(
            [mean["value"]] * 2, ends, color=COLOURS[mean["type"]], linewidth=1.1, linestyle=(0, (5, 3)), zorder=3
        )
    low, top = axes.get_xlim()
    for (x, y), mean in zip(key, data["means"], strict=True):
        at = low + (top - low) * (x + 0.08) / inner
        middle, kind = TOP + y + MARK / 2, mean["type"]
        axes.plot(at, middle, marker=MARKS[kind], markersize=6.5, color=COLOURS[kind], clip_on=False)
        text_at = low + (top - low) * (x + 0.22) / inner
        axes.text(text_at, middle, mean["label"], ha="left", va="center", color=INK)
    axes.set_xlim(low, top)


def _frame(axes: Any, label: str) -> None:
    axes.set_yticks([])
    for edge in ("left", "right", "top"):
        axes.spines[edge].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.tick_params(axis="x", length=3, color=RULE)
    axes.set_xlabel(label, color=FAINT)


def _scale(axes: Any, data: Any) -> None:
    """From the lowest to the highest end, and a little more."""
    low = min(row["low"] for row in data["rows"])
    high = max(row["high"] for row in data["rows"])
    room = 0.03 * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)
    axes.locator_params(axis="x", nbins=6)
