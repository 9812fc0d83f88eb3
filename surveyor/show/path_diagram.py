"""Path diagram: factors as ovals, questions as boxes, loadings on arrows, correlations of factors on arcs."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from matplotlib.patches import Ellipse, FancyArrowPatch, Rectangle
from matplotlib.path import Path

from surveyor.show.figure import Figure
from surveyor.show.rows import MARGIN, MARK, PER_INCH, flowed, length, wrapped
from surveyor.show.style import COLOURS, FAINT, INK, MARKS, TEXTS

#: The size that `rows.length` counts in, and inches that lines need at the edge of the page.
SIZE, EDGE = 9.5, 0.02


@dataclass(frozen=True)
class Measures:
    """Inches of the columns from left to right, and the size of letters.

    step    how much further left an arc reaches for each factor it passes
    beside  whether the numbers of the groups at an arrow stand side by side, not below each other
    """

    step: float
    oval: float
    gap: float
    size: float
    beside: bool

    @property
    def line(self) -> float:
        """The height of a line of text."""
        return self.size * 0.0182


PAGE, PHONE = Measures(0.44, 1.35, 1.5, 8.5, True), Measures(0.2, 0.84, 0.62, 7.0, False)

#: The same where a factor stands behind the factors.
BEHIND = {PAGE: Measures(0.0, 1.3, 1.2, 8.5, True), PHONE: Measures(0.0, 0.8, 0.44, 7.0, False)}


def draw(figure: Figure, page: Any, width: float) -> None:
    """Factor under factor: what is behind or between the factors to the left, their questions to the right."""
    data, inner = figure.data, width - 2 * MARGIN
    measures = PAGE if width > 5 else PHONE
    measures = BEHIND[measures] if data["general"] else measures
    left = _left(data, measures)
    box = inner - left - measures.oval - measures.gap - EDGE
    place = _Places(data, measures, box)
    top = _key_height(data, inner) if data["groups"] or data["freed"] else 0.1
    high = top + place.high + 0.1
    page.set_size_inches(width, high)
    axes = page.add_axes((MARGIN / width, 0, inner / width, 1))
    axes.set(xlim=(0, inner), ylim=(high, 0))
    axes.axis("off")
    _key(axes, data, inner)
    pen = _Pen(axes, measures)
    for arc in sorted(data["arcs"], key=lambda each: each["from"] - each["to"]):
        ends = (top + place.factors[arc["from"]], top + place.factors[arc["to"]])
        pen.arc(left, ends, arc["to"] - arc["from"], arc["shown"])
    if data["general"]:
        middle = top + place.high / 2
        for each in data["general"]:
            y = top + place.factors[each["to"]]
            pen.arrow((measures.oval, middle), (left, y), each["shown"], 0.6)
        pen.oval(measures.oval / 2, middle, data["behind"])
    for factor, y, rows in zip(data["factors"], place.factors, place.items, strict=True):
        for item, at in zip(factor["items"], rows, strict=True):
            start, end = (left + measures.oval, top + y), (inner - EDGE - box, top + at)
            pen.arrow(start, end, item["shown"], 0.66)
            pen.box((inner - EDGE - box, top + at), box, item["label"], item["let_go"])
        pen.oval(left + measures.oval / 2, top + y, factor["label"])


def _left(data: Any, measures: Measures) -> float:
    """The room left of the factors."""
    if data["general"]:
        return measures.oval + measures.gap
    far = max((arc["to"] - arc["from"] for arc in data["arcs"]), default=0)
    return measures.step * far + 0.2 if far else 0.0


class _Places:
    """Heights of the factors and, factor by factor, of their questions, in inches from the top."""

    def __init__(self, data: Any, measures: Measures, box: float) -> None:
        self.factors: list[float] = []
        self.items: list[list[float]] = []
        y = 0.0
        for factor in data["factors"]:
            start, rows = y, []
            for item in factor["items"]:
                high = _box_height(item["label"], box, measures)
                rows.append(y + high / 2)
                y += high + 0.07
            self.items.append(rows)
            self.factors.append((start + y - 0.07) / 2)
            y += 0.14
        self.high = y - 0.14


def _lines(text: str, width: float, measures: Measures) -> list[str]:
    """The text in lines of at most `width` inches, narrower than `rows.wrapped` makes them where letters are small."""
    room = width * SIZE / measures.size
    latin = length(text) * PER_INCH <= len(text)
    return wrap(text, max(int(room * PER_INCH), 8)) if latin else wrapped(text, room)


def _box_height(label: str, box: float, measures: Measures) -> float:
    lines = len(_lines(label, box - 0.12, measures))
    return max(lines * measures.line + 0.1, 2 * measures.line + 0.08)


class _Pen:
    """Draws the parts of a diagram on axes in inches."""

    def __init__(self, axes: Any, measures: Measures) -> None:
        self.axes, self.measures = axes, measures

    def oval(self, x: float, y: float, label: str) -> None:
        lines = _lines(label, self.measures.oval - 0.06, self.measures)
        high = max(0.46, len(lines) * self.measures.line + 0.3)
        self.axes.add_patch(
            Ellipse((x, y), self.measures.oval, high, facecolor="white", edgecolor=INK, linewidth=1.2, zorder=4)
        )
        self._text(x, y, lines, "center")

    def box(self, at: tuple[float, float], wide: float, label: str, let_go: bool) -> None:
        lines = _lines(label, wide - 0.12, self.measures)
        high = _box_height(label, wide, self.measures)
        style = _freed() if let_go else {"facecolor": "white", "edgecolor": FAINT, "linewidth": 0.9}
        self.axes.add_patch(Rectangle((at[0], at[1] - high / 2), wide, high, zorder=4, **style))
        self._text(at[0] + 0.06, at[1], lines, "left")

    def arrow(self, start: tuple[float, float], end: tuple[float, float], shown: list[str], share: float) -> None:
        """An arrow with its numbers at `share` of its way."""
        self._patch(posA=start, posB=end, arrowstyle="-|>")
        x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        self._numbers(x, y, shown, self.measures.beside)

    def arc(self, x: float, ends: tuple[float, float], span: int, shown: list[str]) -> None:
        """An arc from factor to factor, further left the more it passes."""
        far = x - 4 / 3 * self.measures.step * span
        start, end = ends[0] + 0.03 * span, ends[1] - 0.03 * span  # ends that meet at a factor stay apart
        points = [(x, start), (far, start), (far, end), (x, end)]
        self._patch(path=Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]), arrowstyle="<|-|>")
        self._numbers(x - self.measures.step * span, (start + end) / 2, shown, False)

    def _patch(self, **how: Any) -> None:
        look: dict[str, Any] = {"color": FAINT, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0, "zorder": 2}
        self.axes.add_patch(FancyArrowPatch(mutation_scale=7, **how, **look))

    def _numbers(self, x: float, y: float, shown: list[str], beside: bool) -> None:
        """The numbers of the groups on white, the first before or above the second."""
        size, line, more = self.measures.size, self.measures.line, len(shown) - 1
        away = 0.041 * size
        wide, high = away + more * away * beside, line + more * line * (not beside)
        back = Rectangle((x - wide / 2, y - high / 2), wide, high, facecolor="white", edgecolor="none", zorder=3)
        self.axes.add_patch(back)
        for k, text in enumerate(shown):
            move = k - more / 2
            at = (x + move * away, y) if beside else (x, y + move * line)
            colour = TEXTS[k] if more else INK
            self.axes.text(*at, text, ha="center", va="center", color=colour, fontsize=size, zorder=3)

    def _text(self, x: float, y: float, lines: list[str], align: str) -> None:
        for k, line in enumerate(lines):
            at = y + (k - (len(lines) - 1) / 2) * self.measures.line
            self.axes.text(
                x, at, line, ha=align, va="center_baseline", color=INK, fontsize=self.measures.size, zorder=5
            )


def _freed() -> dict[str, Any]:
    return {"facecolor": "#fdf5ec", "edgecolor": INK, "linewidth": 1.3, "linestyle": (0, (4, 2))}


def _texts(data: Any) -> list[str]:
    return [*data["groups"], *([data["freed"]] if data["freed"] else [])]


def _key_height(data: Any, inner: float) -> float:
    return flowed(_texts(data), inner)[-1][1] + MARK + 0.16


def _key(axes: Any, data: Any, inner: float) -> None:
    for k, ((x, y), text) in enumerate(zip(flowed(_texts(data), inner), _texts(data), strict=True)):
        middle = y + MARK / 2
        if k < len(data["groups"]):
            axes.plot(x + 0.08, middle, marker=MARKS[k], markersize=6.5, color=COLOURS[k])
        else:
            axes.add_patch(Rectangle((x, middle - 0.06), 0.18, 0.12, **_freed()))
        axes.text(x + 0.25, middle, text, va="center", color=INK)
