"""The small safe language of filters: `where="age >= 60 and type == 'old'"`.

    or := and ("or" and)*            and := not ("and" not)*         not := "not" not | test
    test := sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum)* | sum ["not"] "in" "[" value, ... "]"
          | sum "is" ["not"] "missing"
    sum := product (("+" | "-") product)*    product := factor (("*" | "/") factor)*
    factor := number | "text" | name | `any name` | "-" factor | "(" or ")"

Texts are parsed by this grammar and evaluated on columns; nothing is ever handed to Python's own evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.arrays import Array, Flags
from surveyor.errors import UsageError
from surveyor.expressions.tokens import NAME, NUMBER, Reader, shown

_SIGNS = r"(?P<sign>==|!=|<=|>=|[<>=+\-*/()\[\],])"
_TESTS: dict[str, Callable[[Array, Array], Flags]] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip

#: Operators of one kind that are joined from the left before groups of them are; how high a tree may be.
GROUP, HEIGHT = 25, 150

#: name of a column -> its numbers (NaN where missing); (name, text) -> the code that text stands for;
#: name -> one of its words where its numbers only stand for words, else None.
Numbers = Callable[[str], Array]
CodeOf = Callable[[str, str], float]
WordOf = Callable[[str], str | None]


@dataclass(frozen=True)
class Expression:
    """A parsed filter: `names` it reads, and its tree of tuples (operator, parts...)."""

    source: str
    names: tuple[str, ...]
    tree: tuple[Any, ...]

    def evaluate(self, numbers: Numbers, code_of: CodeOf, word_of: WordOf = lambda name: None) -> Flags:
        """Which rows fulfil the filter; a comparison with a missing answer is not fulfilled.

        Raises UsageError for a column or answer that is not there, words used as numbers, or no comparison.
        """
        with np.errstate(all="ignore"):
            value = _Evaluation(self.source, numbers, code_of, word_of).run(self.tree)
        if value.dtype != bool:
            raise UsageError(
                f"the filter '{shown(self.source)}' gives numbers", expected="a comparison, such as age >= 60"
            )
        return np.asarray(value)


def parse(source: str) -> Expression:
    """The filter in `source`; raises UsageError that shows where it cannot be read."""
    if not isinstance(source, str):
        raise UsageError(f"the filter {source!r} is no text", expected='for example "age >= 60"')
    reader = _Reader(source)
    tree = reader.either()
    if reader.token.kind != "end":
        raise reader.unexpected("the end")
    if _height(tree) > HEIGHT:
        raise UsageError(
            f"the filter '{shown(source)}' joins too many parts",
            expected=f"at most {HEIGHT} signs in a row",
            remedy="Make a column of it in the data, or write a list: x in [1, 2, 3]",
        )
    return Expression(source, tuple(dict.fromkeys(reader.names)), tree)


def _chained(operator: str, parts: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Parts joined by one operator, from the left; many in groups of a few, so that no chain makes a high tree."""
    while len(parts) > GROUP:
        parts = [_chained(operator, parts[at : at + GROUP]) for at in range(0, len(parts), GROUP)]
    tree = parts[0]
    for part in parts[1:]:
        tree = (operator, tree, part)
    return tree


def _height(tree: tuple[Any, ...]) -> int:
    """How many operators stand one inside the other."""
    level, height = [tree], 0
    while level:
        height += 1
        level = list({id(part): part for parts in level for part in parts if isinstance(part, tuple)}.values())
    return height


class _Reader(Reader):
    """Recursive descent, one method a rule of the grammar."""

    what = "filter"
    allowed = "names, numbers, 'texts', == != < <= > >= + - * / and or not in is missing"
    pattern = re.compile(rf"""\s*(?:{NUMBER}|(?P<text>"[^"]*"|'[^']*')|{NAME}|{_SIGNS})""")
    words = ("and", "or", "not", "in", "is", "missing")

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.names: list[str] = []

    def hint(self) -> str:
        if self.token.text == "=":
            return " For equality write ==."
        if self.token.text == "(" and self.at > 0 and self.tokens[self.at - 1].is_name:
            return f" There are no functions; '{self.tokens[self.at - 1].text}(...)' cannot be called."
        return ""

    def either(self) -> tuple[Any, ...]:
        self.deeper()
        parts = [self.both()]
        while self.took("or"):
            parts.append(self.both())
        self.depth -= 1
        return _chained("or", parts)

    def both(self) -> tuple[Any, ...]:
        parts = [self.negated()]
        while self.took("and"):
            parts.append(self.negated())
        return _chained("and", parts)

    def negated(self) -> tuple[Any, ...]:
        times = 0
        while self.took("not"):
            times += 1
        tree = self.test()
        return ("not", tree) if times % 2 else tree

    def test(self) -> tuple[Any, ...]:
        left = self.sum()
        steps: list[tuple[Any, ...]] = []
        while sign := self.took(*_TESTS):  # 1 < x < 3 is (1 < x) and (x < 3)
            right = self.sum()
            steps.append(("test", sign, left, right))
            left = right
        if steps:
            return _chained("and", steps)
        if self.took("is"):
            negative = self.took("not")
            self.need("missing")
            tree: tuple[Any, ...] = ("missing", left)
            return ("not", tree) if negative else tree
        negative = self.took("not")
        if self.took("in"):
            tree = ("in", left, self.listed())
            return ("not", tree) if negative else tree
        if negative:
            raise self.unexpected("'in'")
        return left

    def listed(self) -> tuple[Any, ...]:
        self.need("[")
        values = [self.factor()]
        while self.took(","):
            values.append(self.factor())
        self.need("]")
        return tuple(values)

    def sum(self) -> tuple[Any, ...]:
        tree = self.product()
        while sign := self.took("+", "-"):
            tree = (sign, tree, self.product())
        return tree

    def product(self) -> tuple[Any, ...]:
        tree = self.factor()
        while sign := self.took("*", "/"):
            tree = (sign, tree, self.factor())
        return tree

    def factor(self) -> tuple[Any, ...]:
        token = self.token
        if self.took("-"):
            self.deeper()
            tree: tuple[Any, ...] = ("negative", self.factor())
            self.depth -= 1
            return tree
        if self.took("("):
            tree = self.either()
            self.need(")")
            return tree
        if token.kind not in ("number", "text", "name", "quoted"):
            raise self.unexpected("a name, number or text")
        self.at += 1
        if token.kind == "number":
            return ("number", float(token.text))
        if token.kind == "text":
            return ("text", token.text[1:-1])
        self.names.append(token.text)
        return ("name", token.text)


class _Evaluation:
    """Evaluates a tree on columns."""

    def __init__(self, source: str, numbers: Numbers, code_of: CodeOf, word_of: WordOf) -> None:
        self.source, self.numbers, self.code_of, self.word_of = source, numbers, code_of, word_of

    def run(self, tree: tuple[Any, ...]) -> Any:
        operator, *parts = tree
        match operator:
            case "number":
                return np.float64(parts[0])
            case "name":
                return self.measured(parts[0])
            case "text":
                raise self.misplaced(parts[0])
            case "and":
                return self.flags(parts[0]) & self.flags(parts[1])
            case "or":
                return self.flags(parts[0]) | self.flags(parts[1])
            case "not":
                return ~self.flags(parts[0]) & self.known(parts[0])
            case "missing":
                return np.isnan(self.answers(parts[0]))
            case "test":
                left, right = self.pair(parts[1], parts[2])
                return _TESTS[parts[0]](left, right) & np.isfinite(left) & np.isfinite(right)
            case "in":
                pairs = [self.pair(parts[0], value) for value in parts[1]]
                return np.logical_or.reduce([left == right for left, right in pairs])
            case "negative":
                return -self.number(parts[0])
        left, right = self.number(parts[0]), self.number(parts[1])
        return {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}[operator](left, right)

    def known(self, tree: tuple[Any, ...]) -> Any:
        """Where every column the part reads is known; `is missing` reads it either way."""
        operator, *parts = tree
        if operator == "name":
            return np.isfinite(self.numbers(parts[0]))
        if operator == "missing":
            return np.True_
        inner = [part for part in parts if isinstance(part, tuple) and part and isinstance(part[0], str)]
        known: Any = np.True_
        for part in inner:
            known = known & self.known(part)
        return known

    def pair(self, left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, Any]:
        """Two sides of a comparison; a text stands for its code among the answers of the other side."""
        if left[0] == "text" and right[0] == "name":
            return np.float64(self.code_of(right[1], left[1])), self.answers(right)
        if right[0] == "text" and left[0] == "name":
            return self.answers(left), np.float64(self.code_of(left[1], right[1]))
        return self.number(left), self.number(right)

    def answers(self, tree: tuple[Any, ...]) -> Any:
        """A column where words may stand too, any other part as numbers."""
        return self.numbers(tree[1]) if tree[0] == "name" else self.number(tree)

    def measured(self, name: str) -> Array:
        """A column as numbers, refused where they are only the places of its words."""
        values, word = self.numbers(name), self.word_of(name)
        if word is not None:
            written, quote = name if re.fullmatch(NAME, name) else f"`{name}`", '"' if "'" in word else "'"
            raise UsageError(
                f"'{name}' holds words: compare it with a text, such as {written} == {quote}{word}{quote}",
                where=f"the filter '{shown(self.source)}'",
            )
        return values

    def number(self, tree: tuple[Any, ...]) -> Any:
        value = self.run(tree)
        if value.dtype == bool:
            raise UsageError(f"the filter '{shown(self.source)}' uses a comparison where a number should be")
        return value

    def flags(self, tree: tuple[Any, ...]) -> Any:
        value = self.run(tree)
        if value.dtype != bool:
            raise UsageError(
                f"the filter '{shown(self.source)}' uses a number where a comparison should be",
                expected="for example: age >= 60 and sex == 1",
            )
        return value

    def misplaced(self, text: str) -> UsageError:
        return UsageError(
            f"the text '{text}' in the filter '{shown(self.source)}' stands alone",
            expected="a comparison with a column, such as type == 'old'",
        )
