"""Forest plot: one difference with its interval per outcome, around a line at zero."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import LINE, Rows, length
from surveyor.show.style import COLOURS, FAINT, MARKS


def draw(figure: Figure, page: Any, width: float) -> None:
    """Each mark in the colour of the group that is ahead, filled where the verdict is 'different'."""
    data = figure.data
    rows = [row for row in data["rows"] if row["value"] is not None]
    left, right = data["ahead"]
    stacked = length(left) + length(right) + 0.3 > width
    place = Rows(page, width, [(r["label"], r["shown"]) for r in rows], 1, 0.45 + stacked * LINE)
    axes = place.axes
    ends = [abs(r[end]) for r in rows for end in ("value", "low", "high") if r[end] is not None]
    reach = 1.08 * max(ends, default=1.0) or 1.0
    axes.set_xlim(-reach, reach)
    axes.axvline(0, color=FAINT, linewidth=0.9, zorder=1)
    for i, row in enumerate(rows):
        y = place.mark_line(i)
        ahead = 0 if row["value"] > 0 else 1
        colour = COLOURS[ahead]
        if row["low"] is not None:
            axes.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=2, zorder=3)
        axes.plot(
            row["value"],
            y,
            marker=MARKS[ahead],
            markersize=7,
            color=colour,
            markerfacecolor=colour if row["shown_different"] else "white",
            markeredgewidth=1.6,
            zorder=4,
        )
    place.write()
    place.put(0, 0.06, left, COLOURS[1])
    place.put(1, 0.06 + stacked * LINE, right, COLOURS[0], "right")
    axes.set_xlabel(data["axis"], color=FAINT)
