"""Stacked bars: how the answers to an ordinal item are shared out in each group."""

from __future__ import annotations

from typing import Any

from matplotlib.patches import Rectangle

from surveyor.show.figure import Figure
from surveyor.show.rows import LINE, MARGIN, MARK, flowed, wrapped
from surveyor.show.style import FAINT, INK, ink_on, steps

BAR, PAUSE = 0.24, 0.2  # inches


def draw(figure: Figure, page: Any, width: float) -> None:
    """One panel per choice list: its key, then per item one bar a group, shares written inside."""
    inner = width - 2 * MARGIN
    axes = page.add_axes((MARGIN / width, 0.0, inner / width, 1.0))
    y = 0.05
    for panel in figure.data["panels"]:
        colours = steps(len(panel["levels"]))
        key = flowed(panel["levels"], inner)
        for (x, down), text, colour in zip(key, panel["levels"], colours, strict=True):
            axes.add_patch(_box(x, y + down + 0.03, 0.14, 0.14, colour))
            axes.text(x + 0.2, y + down + 0.1, text, va="center", fontsize=9)
        y += key[-1][1] + MARK + 0.1
        for item in panel["items"]:
            y = _item(axes, item, colours, inner, y)
    page.set_size_inches(width, y)
    axes.set_xlim(0, inner)
    axes.set_ylim(y, 0)
    axes.axis("off")


def _item(axes: Any, item: dict[str, Any], colours: Any, inner: float, y: float) -> float:
    """One item with its bars from height `y`; returns the height below it."""
    for line in wrapped(item["label"], inner):
        axes.text(0, y, line, va="top", color=INK)
        y += LINE
    y += 0.04
    for bar in item["bars"]:
        axes.text(0, y, f"{bar['group']} ({bar['shown_n']})", va="top", fontsize=8.5, color=FAINT)
        y += LINE
        left = 0.0
        for share, text, colour in zip(bar["shares"], bar["shown"], colours, strict=True):
            long = share * inner
            axes.add_patch(_box(left, y, long, BAR, colour))
            if long > 0.36:
                middle = left + long / 2, y + BAR / 2
                axes.text(*middle, text, ha="center", va="center", fontsize=8.5, color=ink_on(colour))
            left += long
        y += BAR + 0.06
    return y + PAUSE


def _box(x: float, y: float, width: float, height: float, colour: Any) -> Rectangle:
    return Rectangle((x, y), width, height, facecolor=colour, edgecolor="white", linewidth=0.8)
