"""The look of figures: one colour per group everywhere, safe for colour-blind readers and in grey print."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure as Canvas

from surveyor.show.fonts import families

if TYPE_CHECKING:
    from surveyor.show.figure import Figure

#: Group a, group b: apart in hue and in lightness, and drawn with different marks.
COLOURS = ("#d07a1f", "#0b4f7d")
MARKS = ("o", "s")

#: The same hues dark enough for small letters on white.
TEXTS = ("#96530e", "#0b4f7d")
INK, FAINT, RULE = "#1f2933", "#5b6770", "#d5dade"

Draw = Callable[["Figure", Any, float], None]


def canvas(draw: Draw, figure: Figure, width: float) -> bytes:
    """The figure drawn at `width` inches, as SVG whose bytes depend on nothing but the figure."""
    rc: dict[Any, Any] = {
        "font.family": families(repr(figure.to_json())),
        "font.size": 9.5,
        "text.parse_math": False,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": FAINT,
        "svg.fonttype": "path",
        "svg.hashsalt": figure.kind,
        "axes.unicode_minus": True,
    }
    with mpl.rc_context(), sns.axes_style("white", rc=rc):
        mpl.rcParams.update(rc)
        page = Canvas(figsize=(width, 1.0), layout=None)
        draw(figure, page, width)
        out = io.BytesIO()
        page.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=False)
    return out.getvalue()


def steps(n: int) -> list[tuple[float, float, float]]:
    """n colours from light to dark for ordered answers."""
    return list(sns.light_palette("#2f6f73", n_colors=n + 1)[1:])


def ink_on(colour: tuple[float, float, float]) -> str:
    """Black or white, whichever is easier to read on `colour` (WCAG relative luminance)."""
    r, g, b = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in colour)
    return "white" if 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.3 else INK
