"""Expected answers: a small panel a question, a line a group."""

from __future__ import annotations

from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.rows import LINE, MARGIN, MARK, flowed, wrapped
from surveyor.show.style import COLOURS, FAINT, INK, MARKS, RULE

TALL, LEFT, FOOT, GAP, MOST = 1.65, 0.42, 0.45, 0.25, 3  # inches, and panels in a row


def draw(figure: Figure, page: Any, width: float) -> None:
    """Panels side by side where the page is wide, below each other on a phone."""
    data = figure.data
    panels, inner = data["panels"], width - 2 * MARGIN
    across = min(MOST, len(panels)) if width > 5 else 1
    wide = (inner - GAP * (across - 1)) / max(across, 2 if width > 5 else 1)
    key = flowed(data["groups"], inner)
    top = key[-1][1] + MARK + 0.1
    heads = [wrapped(panel["label"], wide) + wrapped(panel["side"], wide) for panel in panels]
    rows = [range(i, min(i + across, len(panels))) for i in range(0, len(panels), across)]
    lines = [max(len(heads[k]) for k in row) for row in rows]
    high = top + sum(LINE * n + TALL + FOOT + GAP for n in lines) - GAP
    page.set_size_inches(width, high)
    whole = page.add_axes((MARGIN / width, 0, inner / width, 1))
    whole.set(xlim=(0, inner), ylim=(high, 0))
    whole.axis("off")
    for group, ((x, y), name) in enumerate(zip(key, data["groups"], strict=True)):
        whole.plot(x + 0.08, y + MARK / 2, marker=MARKS[group], markersize=6.5, color=COLOURS[group])
        whole.text(x + 0.22, y + MARK / 2, name, va="center", color=INK)
    y = top
    for row, n in zip(rows, lines, strict=True):
        for column, k in enumerate(row):
            x = column * (wide + GAP)
            _head(whole, heads[k], len(wrapped(panels[k]["label"], wide)), x, y + LINE * (n - len(heads[k])))
            box = ((MARGIN + x + LEFT) / width, 1 - (y + LINE * n + TALL) / high, (wide - LEFT) / width, TALL / high)
            _panel(page.add_axes(box), panels[k], data["answer"])
        y += LINE * n + TALL + FOOT + GAP


def _head(axes: Any, lines: list[str], first: int, x: float, y: float) -> None:
    for k, line in enumerate(lines):
        colour, size = (INK, 9.5) if k < first else (FAINT, 8.5)
        axes.text(x, y + k * LINE, line, va="top", color=colour, fontsize=size)


def _panel(axes: Any, panel: Any, answer: str) -> None:
    for group, line in enumerate(panel["lines"]):
        style = {"color": COLOURS[group], "marker": MARKS[group], "markevery": 10, "markersize": 4.5}
        axes.plot(line["level"], line["expected"], linewidth=1.8, **style)
    if panel["top"]:
        axes.set_ylim(0.8, panel["top"] + 0.2)
        axes.set_yticks(range(1, panel["top"] + 1))
    axes.grid(axis="y", color="#eceff1", linewidth=0.8)
    axes.set_axisbelow(True)
    for edge in ("right", "top"):
        axes.spines[edge].set_visible(False)
    for edge in ("left", "bottom"):
        axes.spines[edge].set_color(RULE)
    axes.tick_params(length=3, color=RULE, labelsize=8.5, labelcolor=FAINT)
    axes.set_xlabel(panel["axis"], color=FAINT, fontsize=8.5)
    axes.set_ylabel(answer, color=FAINT, fontsize=8.5)
