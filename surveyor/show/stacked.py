"""Stacked bars: how the answers to an ordinal item are shared out in each group."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import LINE, MARK, wrapped
from surveyor.show.style import FAINT, INK, ink_on, steps

BAR, PAUSE = 0.30, 0.14  # inches


def draw(figure: Figure, page: Any, width: float) -> None:
    """One panel per choice list: its key, then per item one bar a group, shares written inside."""
    inner = width - 0.3
    y = 0.05
    places = []
    for panel in figure.data["panels"]:
        keys, y = _key_places(panel["levels"], inner, y)
        items = []
        for item in panel["items"]:
            lines = wrapped(item["label"], inner)
            bars = []
            at = y + len(lines) * LINE + 0.03
            for bar in item["bars"]:
                bars.append((at, bar))
                at += LINE + BAR
            items.append((y, lines, bars))
            y = at + PAUSE
        places.append((panel, keys, items))
        y += 0.1
    page.set_size_inches(width, y)
    axes = page.add_axes((0.15 / width, 0.0, inner / width, 1.0))
    axes.set_xlim(0, inner)
    axes.set_ylim(y, 0)
    axes.axis("off")
    for panel, keys, items in places:
        colours = steps(len(panel["levels"]))
        for (x, top, text), colour in zip(keys, colours, strict=True):
            axes.add_patch(_box(x, top + 0.02, 0.14, 0.14, colour))
            axes.text(x + 0.2, top + 0.09, text, va="center", fontsize=9)
        for top, lines, bars in items:
            for k, line in enumerate(lines):
                axes.text(0, top + k * LINE, line, va="top", color=INK)
            for at, bar in bars:
                axes.text(0, at, f"{bar['group']} ({bar['shown_n']})", va="top", fontsize=8.5, color=FAINT)
                _bar(axes, at + LINE, bar["shares"], bar["shown"], colours, inner)


def _bar(axes: Any, top: float, shares: list[float], shown: list[str], colours: Any, inner: float) -> None:
    left = 0.0
    for share, text, colour in zip(shares, shown, colours, strict=True):
        length = share * inner
        axes.add_patch(_box(left, top, length, BAR - 0.06, colour))
        if length > 0.36:
            axes.text(
                left + length / 2,
                top + (BAR - 0.06) / 2,
                text,
                ha="center",
                va="center",
                fontsize=8.5,
                color=ink_on(colour),
            )
        left += length


def _key_places(levels: list[str], inner: float, y: float) -> tuple[list[tuple[float, float, str]], float]:
    """Where the entries of a key stand: side by side, and on a new line where the page is full."""
    x, places = 0.0, []
    for text in levels:
        long = 0.42 + sum(2 if ord(char) > 0x2E80 else 1 for char in text) / 13.0
        if x and x + long > inner:
            x, y = 0.0, y + MARK
        places.append((x, y, text))
        x += long
    return places, y + MARK + 0.08


def _box(x: float, y: float, width: float, height: float, colour: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), width, height, facecolor=colour, edgecolor="white", linewidth=0.8)
