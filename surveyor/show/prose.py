"""Prose as a description: blocks of text made by results, never typed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from surveyor.shown import Shown

Kind = Literal["title", "paragraph", "list", "caution"]


@dataclass(frozen=True)
class Block:
    """A title, a paragraph, a list (one item a line) or a caution that must not be overlooked."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Prose(Shown):
    """Blocks of text in order."""

    blocks: tuple[Block, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Prose:
        """What `to_json` wrote."""
        return cls(tuple(Block(each["kind"], tuple(each["lines"])) for each in data["blocks"]))

    def __str__(self) -> str:
        return "\n\n".join("\n".join(block.lines) for block in self.blocks)


def paragraphs(*texts: str) -> Prose:
    """Each text as a paragraph; empty texts are left out."""
    return Prose(tuple(Block("paragraph", (text,)) for text in texts if text))


def listed(*texts: str) -> Prose:
    """The texts as one list."""
    return Prose((Block("list", tuple(texts)),) if texts else ())
