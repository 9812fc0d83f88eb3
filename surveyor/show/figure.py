"""A figure as a description: a kind, its data, its words; drawing comes last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

from surveyor.questionnaire import Language
from surveyor.shown import Shown

#: Kind -> the module whose `draw(figure, page, width)` makes it.
KINDS = {
    "forest": "forest", "dots": "dots", "stacked": "stacked", "bars": "bars", "histogram": "histogram",
    "paths": "path_diagram", "expected": "expected", "caterpillar": "caterpillar",
}  # fmt: skip


@dataclass(frozen=True)
class Figure(Shown):
    """What a figure shows.

    title  the question or finding; note: n, primary units, weight, interval, exclusions
    alt    what a reader who cannot see it must know, made from the data
    data   plain lists and numbers, ten significant digits
    """

    kind: str
    title: str
    note: str
    alt: str
    data: Mapping[str, Any]
    lang: Language = "en"

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Figure:
        """What `to_json` wrote."""
        return cls(**data)

    def svg(self, *, narrow: bool = False) -> bytes:
        """The drawing as SVG with text as outlines, 7.4 inches wide, or 3.7 for a phone."""
        from surveyor.show.style import canvas

        draw = import_module(f"surveyor.show.{KINDS[self.kind]}").draw
        return canvas(draw, self, 3.7 if narrow else 7.4)
