"""Expressions of XLSForm as filters of surveyor, or word of what has no place there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveyor.errors import guess
from surveyor.questionnaire.item import MEASURED, Item
from surveyor.questionnaire.texts import MISSING
from surveyor.questionnaire.xlsform.answered import Tree, needed
from surveyor.questionnaire.xlsform.dialect import plain

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_NUMERIC = re.compile(r"-?\d{1,15}(\.\d{1,15})?\Z")
_PASSED = ("number", "int", "string", "boolean")


class Untranslatable(Exception):
    """What raises where an expression has no place in surveyor's language; its text says why."""


@dataclass(frozen=True)
class Known:
    """An item that an expression may name.

    codes     name of a choice in the form -> its code; empty where there is no list
    positive  no answer is below 0, so that only missing codes are
    """

    item: Item
    codes: Mapping[str, int]
    positive: bool


def _flat(tree: Tree, operator: str) -> list[Tree]:
    if tree[0] != operator:
        return [tree]
    return [part for each in tree[1:] for part in _flat(each, operator)]


def _joined(operator: str, parts: Iterable[Tree]) -> Tree:
    first, *rest = parts
    for each in rest:
        first = (operator, first, each)
    return first


class Translation:
    """Translates the expressions of one row; `here` is the item that `.` stands for.

    In a form a comparison with nothing can be true (`${a} != '1'`); in surveyor's language it never is. Where the
    form asks for an answer too (`and ${a} >= 0`) the two agree; elsewhere `or a is missing` is added.
    """

    def __init__(self, known: Mapping[str, Known], here: str | None = None) -> None:
        self.known, self.here = known, here

    def truth(self, tree: Tree) -> Tree:
        """A part that is true or false, as a filter; raises Untranslatable."""
        return self._part(tree, frozenset())[0]

    def _part(self, tree: Tree, sure: frozenset[str]) -> tuple[Tree, set[str]]:
        """A filter, and those of the `sure` items whose being answered it implies."""
        if tree[0] == "and":
            return self._all(_flat(tree, "and")), set()
        if tree[0] == "or":
            return _gathered([self.truth(part) for part in _flat(tree, "or")]), set()
        if tree[0] == "test":
            return self._test(tree[1], tree[2], tree[3], sure)
        if tree[0] == "call":
            return self._call(tree, sure)
        raise Untranslatable("a value stands where a comparison should be")

    def _all(self, parts: list[Tree]) -> Tree:
        guards = [self._guard(part) for part in parts]
        sure = frozenset(name for name in guards if name)
        found: list[Tree | None] = []
        implied: set[str] = set()
        for part, guard in zip(parts, guards, strict=True):
            if guard is None:
                tree, used = self._part(part, sure)
                implied |= used
                found.append(tree)
            else:
                found.append(None)
        out: list[Tree] = []
        for tree_, guard in zip(found, guards, strict=True):
            if tree_ is not None:
                out.append(tree_)
            elif guard and guard not in implied:
                implied.add(guard)
                out.append(("not", self._unanswered(guard)))
        return _joined("and", out)

    def _guard(self, part: Tree) -> str | None:
        """The item a part only asks an answer of: `${a} >= 0`, `${a} != ''`, `${a} != '-1'`."""
        if part[0] != "test" or part[2][0] != "name":
            return None
        known = self._item(part[2][1])
        name, sign, value = known.item.id, part[1], part[3]
        if sign == ">=" and value == ("number", 0.0) and known.positive:
            return name
        if sign == "!=" and (value == ("text", "") or _code(value) in MISSING):
            return name
        return None

    def _test(self, sign: str, left: Tree, right: Tree, sure: frozenset[str]) -> tuple[Tree, set[str]]:
        if right[0] == "name" and left[0] in ("text", "number") and sign in ("==", "!="):
            left, right = right, left
        if guard := self._guard(("test", sign, left, right)):
            return ("not", self._unanswered(guard)), {guard}
        if left[0] == "name" and right[0] in ("text", "number"):
            tree = self._with_constant(sign, self._item(left[1]), right)
        else:
            tree = ("test", sign, self._number(left), self._number(right))
        names = {self._parent(name) for name in needed(tree)}
        if tree[0] == "missing":
            return tree, set()
        if sign in ("==", "!=") and left[0] == right[0] == "name" and not names <= sure:
            return _two(tree), set()
        if sign != "!=" or names <= sure:
            return tree, names & sure
        return self._or_missing(tree), set()

    def _with_constant(self, sign: str, known: Known, value: Tree) -> Tree:
        if value == ("text", "") and sign == "==":
            return self._unanswered(known.item.id)
        if sign in ("==", "!=") and _code(value) in MISSING:
            raise Untranslatable(f"the missing code {_code(value)} cannot be compared with")
        if known.item.type == "multiple":
            raise Untranslatable(f"'{known.item.id}' has several answers; selected(...) is for these")
        name: Tree = ("name", known.item.id)
        if known.codes and sign in ("==", "!="):
            return ("test", sign, name, ("number", float(self._choice(known, value))))
        if value[0] == "text" and (known.item.type in MEASURED or known.codes):
            if not _NUMERIC.match(value[1]):
                raise Untranslatable(f"'{known.item.id}' is a number, not a text")
            value = ("number", float(value[1]))
        return ("test", sign, name, value)

    def _choice(self, known: Known, value: Tree) -> int:
        text = plain(value[1]) if value[0] == "number" else value[1]
        if text not in known.codes:
            raise Untranslatable(f"'{text[:20]}' is no answer of '{known.item.id}'. {guess(text, known.codes)}")
        return known.codes[text]

    def _call(self, tree: Tree, sure: frozenset[str]) -> tuple[Tree, set[str]]:
        name, *parts = tree[1:]
        if name == "not" and len(parts) == 1:
            return self._opposite(parts[0], sure)
        if name == "selected" and len(parts) == 2:
            return self._selected(parts[0], parts[1], 1.0), set()
        raise Untranslatable(f"the function {name}() has no counterpart")

    def _selected(self, item: Tree, value: Tree, answer: float) -> Tree:
        if item[0] != "name" or value[0] not in ("text", "number"):
            raise Untranslatable("selected() needs a ${name} and a text")
        known = self._item(item[1])
        code = self._choice(known, value)
        if code in MISSING:
            raise Untranslatable(f"the missing code {code} cannot be compared with")
        if known.item.type == "multiple":
            return ("test", "==", ("name", f"{known.item.id}_{code}"), ("number", answer))
        return ("test", "==" if answer else "!=", ("name", known.item.id), ("number", float(code)))

    def _opposite(self, tree: Tree, sure: frozenset[str]) -> tuple[Tree, set[str]]:
        """not(...): pushed inwards, as an unanswered item fulfils it too, unless an answer is asked for beside it."""
        if (guard := self._guard(tree)) is not None:
            return self._unanswered(guard), set()
        if tree[0] == "call" and tree[1] == "selected":
            other = self._selected(tree[2], tree[3], 0.0)
            item = self._item(tree[2][1]).item.id
            if item in sure:
                return other, {item}
            return self._or_missing(other), set()
        inner = self.truth(tree)
        names = {self._parent(name) for name in needed(inner)}
        if names <= sure and names:
            return ("not", inner), names
        if tree[0] in ("and", "or"):
            parts = [self._opposite(part, frozenset())[0] for part in _flat(tree, tree[0])]
            return _joined("or" if tree[0] == "and" else "and", parts), set()
        if tree[0] == "call" and tree[1] == "not":
            return self.truth(tree[2]), set()
        if tree[0] == "test" and tree[1] in ("==", "!="):
            return self._test(_OPPOSITE[tree[1]], tree[2], tree[3], frozenset())
        if inner[0] != "test":
            return ("not", inner), set()
        return self._or_missing(("test", _OPPOSITE[inner[1]], inner[2], inner[3])), set()

    def _or_missing(self, tree: Tree) -> Tree:
        return _joined("or", [tree, *(("missing", ("name", name)) for name in needed(tree))])

    def _unanswered(self, name: str) -> Tree:
        """That an item has no answer; of several answers any column tells."""
        known = self.known[name]
        if known.item.type != "multiple":
            return ("missing", ("name", name))
        return ("missing", ("name", f"{name}_{next(code for code in known.codes.values() if code not in MISSING)}"))

    def _number(self, tree: Tree) -> Tree:
        if tree[0] == "name":
            known = self._item(tree[1])
            if known.item.type == "multiple":
                raise Untranslatable(f"'{known.item.id}' has several answers and is no number")
            return ("name", known.item.id)
        if tree[0] == "call" and tree[1] in _PASSED and len(tree) == 3:
            inner = tree[2]
            if inner[0] == "call" and inner[1] == "selected":
                return ("name", self._selected(inner[2], inner[3], 1.0)[2][1])
            return self._number(inner)
        if tree[0] in ("+", "-", "*", "/", "negative"):
            return (tree[0], *(self._number(part) for part in tree[1:]))
        if tree[0] in ("number", "text"):
            return tree
        raise Untranslatable(f"the function {tree[1]}() has no counterpart" if tree[0] == "call" else "it is no number")

    def _item(self, name: str) -> Known:
        found = self.known.get(self.here or "" if name == "." else name)
        if found is None:
            raise Untranslatable(f"'{name}' is no earlier question. {guess(name, self.known)}")
        return found

    def _parent(self, column: str) -> str:
        if column in self.known:
            return column
        return next(
            (name for name, known in self.known.items() if column in {f"{name}_{c}" for c in known.codes.values()}),
            column,
        )


def _code(value: Tree) -> int | None:
    """The whole number that a constant is, or None."""
    if value[0] not in ("number", "text") or not _NUMERIC.match(str(value[1])) or not float(value[1]).is_integer():
        return None
    return int(float(value[1]))


def _two(tree: Tree) -> Tree:
    """Whether two answers are the same, or not, where two that are missing count as the same."""
    left, right = ("missing", tree[2]), ("missing", tree[3])
    if tree[1] == "==":
        return _joined("or", [tree, ("and", left, right)])
    return _joined("or", [tree, ("and", left, ("not", right)), ("and", ("not", left), right)])


def _gathered(parts: list[Tree]) -> Tree:
    """`a == 1 or a == 2` as `a in [1, 2]`, where all parts are of this kind."""
    kinds = {part[2] if part[:2] == ("test", "==") and part[2][0] == "name" else None for part in parts}
    constants = all(part[0] == "test" and part[3][0] in ("number", "text") for part in parts)
    if len(parts) > 1 and len(kinds) == 1 and None not in kinds and constants:
        return ("in", parts[0][2], tuple(part[3] for part in parts))
    return _joined("or", parts)
