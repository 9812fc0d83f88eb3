"""The tree of a filter as text in surveyor's own language."""

from __future__ import annotations

import re

from surveyor.expressions.tokens import NAME
from surveyor.questionnaire.xlsform.answered import Tree
from surveyor.questionnaire.xlsform.dialect import AND, FACTOR, OR, PRODUCT, SUM, TEST, Piece, plain

_LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


def spoken(tree: Tree) -> str:
    """The filter that parses to `tree`.

    >>> spoken(("or", ("test", "==", ("name", "a"), ("number", 1.0)), ("missing", ("name", "b"))))
    'a == 1 or b is missing'
    """
    return _piece(tree)[0]


def _piece(tree: Tree) -> Piece:
    operator, *parts = tree
    if operator in ("or", "and"):
        level = OR if operator == "or" else AND
        texts = [_within(parts[0], level), *(_within(each, level + 1) for each in parts[1:])]
        return f" {operator} ".join(texts), level
    if operator == "not":
        return _opposite(parts[0])
    if operator == "missing":
        return f"{_within(parts[0], SUM)} is missing", TEST
    if operator == "test":
        return f"{_within(parts[1], SUM)} {parts[0]} {_within(parts[2], SUM)}", TEST
    if operator == "in":
        return f"{_within(parts[0], SUM)} in {_listed(parts[1])}", TEST
    if operator in _LEVELS:
        level = _LEVELS[operator]
        return f"{_within(parts[0], level)} {operator} {_within(parts[1], level + 1)}", level
    if operator == "negative":
        return f"-{_within(parts[0], FACTOR)}", FACTOR
    if operator == "number":
        return plain(parts[0]), FACTOR
    if operator == "text":
        return (f'"{parts[0]}"' if "'" in parts[0] else f"'{parts[0]}'"), FACTOR
    name = str(parts[0])
    return (name if re.fullmatch(NAME, name) else f"`{name}`"), FACTOR


def _opposite(tree: Tree) -> Piece:
    if tree[0] == "missing":
        return f"{_within(tree[1], SUM)} is not missing", TEST
    if tree[0] == "in":
        return f"{_within(tree[1], SUM)} not in {_listed(tree[2])}", TEST
    return f"not {_within(tree, TEST)}", AND


def _listed(values: tuple[Tree, ...]) -> str:
    return f"[{', '.join(_piece(value)[0] for value in values)}]"


def _within(tree: Tree, level: int) -> str:
    text, inner = _piece(tree)
    return f"({text})" if inner < level else text
