"""Forest plot: one difference with its interval per outcome, around a line at zero."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import Rows
from surveyor.show.style import COLOURS, FAINT, INK, MARKS


def draw(figure: Figure, page: Any, width: float) -> None:
    """A mark coloured by the group that is ahead; open where the interval holds zero."""
    data = figure.data
    rows = [row for row in data["rows"] if row["value"] is not None]
    place = Rows(page, width, [r["label"] for r in rows], [r["shown"] for r in rows], 1, 0.42)
    axes = place.axes
    reach = max([abs(r[end]) for r in rows for end in ("low", "high") if r[end] is not None] or [1.0])
    axes.set_xlim(-1.08 * reach, 1.08 * reach)
    axes.axvline(0, color=FAINT, linewidth=0.9, zorder=1)
    for i, row in enumerate(rows):
        (y,) = place.mark_lines(i, 1)
        ahead = 0 if row["value"] > 0 else 1
        colour = COLOURS[ahead]
        if row["low"] is None:
            axes.plot(row["value"], y, marker="x", color=INK)
            continue
        clear = row["low"] > 0 or row["high"] < 0
        axes.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=2, zorder=2)
        axes.plot(
            row["value"],
            y,
            marker=MARKS[ahead],
            markersize=7,
            color=colour,
            markerfacecolor=colour if clear else "white",
            markeredgewidth=1.6,
            zorder=3,
        )
    place.write()
    axes.set_xlabel(data["axis"], color=FAINT)
    for x, side, align in ((0.0, 1, "left"), (1.0, 0, "right")):
        axes.text(
            x,
            0.12,
            data["ahead"][side],
            color=COLOURS[side],
            ha=align,
            va="center",
            fontweight="normal",
            transform=axes.get_yaxis_transform(),
        )
