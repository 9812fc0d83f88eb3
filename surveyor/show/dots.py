"""Dots with intervals: the two groups under each other, outcome by outcome."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import MARGIN, MARK, Rows, flowed
from surveyor.show.style import COLOURS, FAINT, INK, MARKS


def draw(figure: Figure, page: Any, width: float) -> None:
    """Two mark lines an outcome; shares on a common scale from 0 to 100 %."""
    data = figure.data
    inner = width - 2 * MARGIN
    key = flowed(data["groups"], inner)
    place = Rows(page, width, [(row["label"], "") for row in data["rows"]], 2, key[-1][1] + 0.45)
    axes = place.axes
    if data["percent"]:
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.grid(axis="x", color="#eceff1", linewidth=0.8)
        axes.set_axisbelow(True)
    for i, row in enumerate(data["rows"]):
        for side in (0, 1):
            _one(axes, row["sides"][side], place.mark_line(i, side), side)
    place.write()
    axes.set_xlabel(data["axis"], color=FAINT)
    low, high = axes.get_xlim()
    for group, ((x, y), name) in enumerate(zip(key, data["groups"], strict=True)):
        at = low + (high - low) * (x + 0.08) / inner
        axes.plot(
            at,
            y + MARK / 2,
            marker=MARKS[group],
            markersize=6.5,
            color=COLOURS[group],
            clip_on=False,
        )
        place.put((x + 0.22) / inner, y + 0.04, name, INK)
    axes.set_xlim(low, high)


def _one(axes: Any, side: dict[str, Any], y: float, group: int) -> None:
    if side["value"] is None:
        return
    if side["low"] is not None:
        axes.plot([side["low"], side["high"]], [y, y], color=COLOURS[group], linewidth=2)
    axes.plot(side["value"], y, marker=MARKS[group], markersize=6.5, color=COLOURS[group])
    end = side["high"] if side["high"] is not None else side["value"]
    crowded = end > 0.9 * axes.get_xlim()[1]
    start = side["low"] if crowded and side["low"] is not None else end
    axes.annotate(
        side["shown"],
        (start, y),
        xytext=(-5 if crowded else 5, 0),
        textcoords="offset points",
        ha="right" if crowded else "left",
        va="center",
        fontsize=8.5,
    )
