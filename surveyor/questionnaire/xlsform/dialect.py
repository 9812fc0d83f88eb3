"""A filter in the language of another program: one skeleton, which each language fills in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from surveyor.errors import UsageError
from surveyor.expressions import parse
from surveyor.questionnaire.item import Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.xlsform.answered import Tree, names_in, needed, parent_of

#: How tightly a piece binds; a looser one goes into brackets.
OR, AND, TEST, SUM, PRODUCT, FACTOR = range(1, 7)
Piece = tuple[str, int]

_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Dialect:
    """Writes filters of one questionnaire; `here` is the item whose own answer is being judged.

    A comparison with a missing answer is not fulfilled in surveyor's language. Other languages know no missing
    codes, so that every comparison which -1, -2 or nothing could fulfil is joined by one that they cannot.
    """

    signs: ClassVar[Mapping[str, str]] = {}
    negation: ClassVar[str] = "not({})"

    def __init__(self, asked: Questionnaire, here: str | None = None) -> None:
        self.asked, self.here = asked, here
        self._by_tree: dict[str, Callable[[Tree], Piece]] = {
            "or": lambda t: self.either(self.truth(part) for part in t[1:]),
            "and": lambda t: self.all(self.truth(part) for part in t[1:]),
            "not": lambda t: self.opposite(t[1]),
            "missing": lambda t: (self.negation.format(self.all(self.answered(names_in(t[1])))[0]), FACTOR),
            "test": lambda t: self.test(t[1], t[2], t[3]),
            "in": lambda t: self.either(self.test("==", t[1], value) for value in t[2]),
        }

    def written(self, text: str) -> str:
        """The filter `text` in this language; raises UsageError where it is no filter on the questionnaire."""
        return self.truth(parse(text).tree)[0]

    def reference(self, name: str) -> str:
        """The answer to an item."""
        raise NotImplementedError

    def chosen(self, item: Item, code: str) -> Piece:
        """That an answer of an item with several is chosen."""
        raise NotImplementedError

    def is_answered(self, item: Item) -> list[Piece]:
        """That an item has an answer which is no missing code."""
        raise NotImplementedError

    def constant(self, item: Item | None, value: float | str) -> str:
        """A code or text as it is compared with the answer to `item`."""
        raise NotImplementedError

    def ordered(self, sign: str, item: Item, value: float) -> Piece | None:
        """A comparison by order where the language has a form of its own for it."""
        return None

    def truth(self, tree: Tree) -> Piece:
        """A part that is true or false."""
        if tree[0] not in self._by_tree:
            raise UsageError("a number stands where a comparison should be", expected="such as age >= 60")
        return self._by_tree[tree[0]](tree)

    def either(self, pieces: Iterable[Piece]) -> Piece:
        """One of several."""
        return _joined(f" {self.signs['or']} ", list(pieces), OR)

    def all(self, pieces: Iterable[Piece]) -> Piece:
        """All of several, each once."""
        return _joined(f" {self.signs['and']} ", list(dict.fromkeys(pieces)), AND)

    def answered(self, names: Iterable[str]) -> list[Piece]:
        """That each of some columns has an answer."""
        items = dict.fromkeys(parent_of(self.asked, name).id for name in names)
        return [piece for each in items for piece in self.is_answered(self.asked.item(each))]

    def opposite(self, tree: Tree) -> Piece:
        """The opposite of a part, for rows that answered everything it reads."""
        if tree[0] == "missing":
            return self.all(self.answered(names_in(tree)))
        return self.all([(self.negation.format(self.truth(tree)[0]), FACTOR), *self.answered(needed(tree))])

    def test(self, sign: str, left: Tree, right: Tree) -> Piece:
        """One comparison, with what keeps missing answers from fulfilling it."""
        if right[0] == "name" and left[0] in ("number", "text"):
            return self.test(_TURNED[sign], right, left)
        if left[0] == "name" and right[0] in ("number", "text"):
            return self._with_constant(sign, str(left[1]), right[1])
        piece = f"{self.number(left, SUM)} {self.signs[sign]} {self.number(right, SUM)}", TEST
        return self.all([piece, *self.answered((*names_in(left), *names_in(right)))])

    def _with_constant(self, sign: str, name: str, value: float | str) -> Piece:
        item = parent_of(self.asked, name)
        if item.id != name and value in (0, 1) and sign in ("==", "!="):
            chosen = self.chosen(item, name.removeprefix(f"{item.id}_"))
            if (sign == "==") == (value == 1):
                return chosen
            return self.all([(self.negation.format(chosen[0]), FACTOR), *self.answered((name,))])
        if isinstance(value, str):
            value = self._code(item, value)
        if not isinstance(value, str) and sign not in ("==", "!=") and item.id == name:
            own = self.ordered(sign, item, value)
            if own is not None:
                return own
        shown = self.constant(item if sign in ("==", "!=") and item.id == name else None, value)
        piece = f"{self.number(('name', name), SUM)} {self.signs[sign]} {shown}", TEST
        beyond = isinstance(value, str) or value >= 0
        if beyond and sign in ("==", ">", ">="):
            return piece
        return self.all([piece, *self.answered((name,))])

    def _code(self, item: Item, text: str) -> float | str:
        """The code that a text stands for among the answers of an item; the text where there is no list."""
        choices = self.asked.choices_named(item.choices)
        if choices is None:
            return text
        for code, label in choices.codes.items():
            if text in label.values():
                return float(code)
        raise UsageError(f"'{text}' is no answer of '{item.id}'")

    def number(self, tree: Tree, within: int) -> str:
        """A part that is a number, in brackets where `within` binds tighter."""
        operator = tree[0]
        if operator == "number":
            return plain(tree[1])
        if operator == "name":
            item = parent_of(self.asked, tree[1])
            if item.id == tree[1]:
                return self.reference(item.id)
            return self.as_number(self.chosen(item, tree[1].removeprefix(f"{item.id}_"))[0])
        if operator == "negative":
            return f"-{self.number(tree[1], FACTOR)}"
        if operator not in ("+", "-", "*", "/"):
            raise UsageError("a comparison or text stands where a number should be")
        level = SUM if operator in "+-" else PRODUCT
        text = f"{self.number(tree[1], level)} {self.signs[operator]} {self.number(tree[2], level + 1)}"
        return f"({text})" if level < within else text

    def as_number(self, truth: str) -> str:
        """1 where something is true, else 0."""
        raise NotImplementedError


def plain(value: float) -> str:
    """A number as it is written in an expression."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _joined(sign: str, pieces: list[Piece], level: int) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    return sign.join(f"({text})" if inner < level else text for text, inner in pieces), level
