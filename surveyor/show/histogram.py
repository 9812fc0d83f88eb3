"""Histogram: columns whose areas are people, with a line at the median."""

from __future__ import annotations

from typing import Any

import numpy as np

from surveyor.show.figure import Figure
from surveyor.show.rows import MARGIN
from surveyor.show.style import COLOURS, FAINT, INK, RULE

HEIGHT, FOOT, HEAD = 2.6, 0.55, 0.3  # inches


def draw(figure: Figure, page: Any, width: float) -> None:
    """Columns over the values; no axis of heights, because areas are what compares."""
    data = figure.data
    page.set_size_inches(width, HEIGHT)
    axes = page.add_axes((MARGIN / width, FOOT / HEIGHT, (width - 2 * MARGIN) / width, (HEIGHT - FOOT - HEAD) / HEIGHT))
    edges = np.array(data["edges"])
    axes.bar(edges[:-1], data["heights"], np.diff(edges), align="edge", color=COLOURS[1], edgecolor="white")
    axes.axvline(data["middle"], color=COLOURS[0], linewidth=1.6)
    axes.text(data["middle"], 1.02, f" {data['shown']}", color=INK, va="bottom", ha="center",
              transform=axes.get_xaxis_transform())  # fmt: skip
    axes.set_yticks([])
    for edge in ("left", "right", "top"):
        axes.spines[edge].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.set_xlabel(data["axis"], color=FAINT)
