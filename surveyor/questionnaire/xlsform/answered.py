"""Which answers an expression needs: what is true of a missing answer differs from one language to the next."""

from __future__ import annotations

from typing import Any

from surveyor.questionnaire.item import MEASURED, Item
from surveyor.questionnaire.model import Questionnaire

Tree = tuple[Any, ...]


def names_in(tree: Any) -> tuple[str, ...]:
    """The columns that a part of an expression reads, each once, in order."""
    if not isinstance(tree, tuple) or not tree:
        return ()
    if tree[0] == "name":
        return (str(tree[1]),)
    return tuple(dict.fromkeys(name for part in tree for name in names_in(part)))


def needed(tree: Any) -> tuple[str, ...]:
    """The columns that must be answered before the opposite of `tree` holds; `is missing` reads them either way."""
    if not isinstance(tree, tuple) or not tree or tree[0] == "missing":
        return ()
    if tree[0] == "name":
        return (str(tree[1]),)
    inner = [part for part in tree[1:] if isinstance(part, tuple) and part and isinstance(part[0], str)]
    return tuple(dict.fromkeys(name for part in inner for name in needed(part)))


def never_negative(asked: Questionnaire, item: Item) -> bool:
    """Whether every answer of an item is 0 or more, so that only missing codes are below."""
    choices = asked.choices_named(item.choices)
    if choices is not None:
        return min(choices.codes, default=-1) >= 0
    if item.type in MEASURED and item.range is not None:
        return isinstance(item.range[0], str) or item.range[0] >= 0
    return False


def parent_of(asked: Questionnaire, name: str) -> Item:
    """The item that a column belongs to: the one with several answers, or the column itself."""
    stem, _, code = name.rpartition("_")
    if stem in asked and asked.item(stem).type == "multiple":
        choices = asked.choices_of(stem)
        if choices is not None and code in map(str, choices.codes):
            return asked.item(stem)
    return asked.item(name)
