"""Dots with intervals: the two groups under each other, outcome by outcome."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import Rows
from surveyor.show.style import COLOURS, MARKS


def draw(figure: Figure, page: Any, width: float) -> None:
    """Two mark lines an outcome; shares on a common scale from 0 to 100 %."""
    data = figure.data
    rows = data["rows"]
    place = Rows(page, width, [r["label"] for r in rows], ["" for _ in rows], 2, 0.42)
    axes = place.axes
    if data["percent"]:
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.grid(axis="x", color="#eceff1", linewidth=0.8)
        axes.set_axisbelow(True)
    for i, row in enumerate(rows):
        for side, y in enumerate(place.mark_lines(i, 2)):
            _one(axes, row["sides"][side], y, side)
    place.write()
    axes.set_xlabel(data["axis"])
    _key(axes, data["groups"])


def _one(axes: Any, side: dict[str, Any], y: float, group: int) -> None:
    if side["value"] is None:
        return
    if side["low"] is not None:
        axes.plot([side["low"], side["high"]], [y, y], color=COLOURS[group], linewidth=2)
    axes.plot(side["value"], y, marker=MARKS[group], markersize=6.5, color=COLOURS[group])
    end = side["high"] if side["high"] is not None else side["value"]
    axes.annotate(
        side["shown"], (end, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8.5
    )


def _key(axes: Any, groups: list[str]) -> None:
    handles = [
        axes.plot([], [], marker=MARKS[k], color=COLOURS[k], linewidth=2, label=name)[0]
        for k, name in enumerate(groups)
    ]
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=2,
        frameon=False,
        borderaxespad=0.3,
        handlelength=1.6,
        columnspacing=1.2,
        borderpad=0,
    )
