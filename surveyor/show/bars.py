"""Bars: a label above one bar a group, the number at its end."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import MARGIN, MARK, Rows, flowed
from surveyor.show.style import COLOURS, FAINT, INK

#: How much of a mark line a bar fills.
FILLED = 0.72


def draw(figure: Figure, page: Any, width: float) -> None:
    """Bars from zero in the colours of the groups; a value that may not be shown has its words only."""
    data = figure.data
    inner = width - 2 * MARGIN
    key = flowed(data["groups"], inner) if data["groups"] else []
    bars = max(len(row["bars"]) for row in data["rows"])
    head = key[-1][1] + 0.45 if key else 0.1
    place = Rows(page, width, [(row["label"], row["side"]) for row in data["rows"]], bars, head)
    axes = place.axes
    values = [bar["value"] for row in data["rows"] for bar in row["bars"] if bar["value"] is not None]
    reach = 1.18 * max(values, default=1.0) or 1.0
    axes.set_xlim(0, reach)
    for i, row in enumerate(data["rows"]):
        for k, bar in enumerate(row["bars"]):
            y, value = place.mark_line(i, k), bar["value"] or 0.0
            axes.barh(y, value, FILLED * MARK, color=COLOURS[k % 2] if data["groups"] else COLOURS[1], zorder=3)
            at = {"xytext": (4, 0), "textcoords": "offset points", "va": "center", "fontsize": 8.5, "color": INK}
            axes.annotate(bar["shown"], (value, y), **at)
    place.write()
    axes.set_xlabel(data["axis"], color=FAINT)
    for k, ((x, y), name) in enumerate(zip(key, data["groups"], strict=True)):
        axes.barh(y + MARK / 2, 0.14 * reach / inner, 0.14, left=x * reach / inner, color=COLOURS[k % 2])
        place.put((x + 0.22) / inner, y + 0.04, name, INK)
