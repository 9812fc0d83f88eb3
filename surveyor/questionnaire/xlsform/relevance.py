"""Expressions of XLSForm, read by a small grammar of their own: `selected(${a}, '1') and ${b} > 2`.

    or := and ("or" and)*        and := test ("and" test)*       test := sum (("=" | "!=" | "<" | ...) sum)?
    sum := product (("+" | "-") product)*                        product := factor (("*" | "div") factor)*
    factor := number | 'text' | ${name} | "." | "-" factor | "(" or ")" | function "(" or, ... ")"

The tree is that of surveyor's filters, with ("call", function, arguments...) beside.
"""

from __future__ import annotations

import re
from typing import Any

from surveyor.errors import UsageError
from surveyor.expressions.tokens import Reader

Tree = tuple[Any, ...]

#: How many parts an expression may join; each nests the tree one deeper.
PARTS = 150
_JOINING = ("and", "or", "+", "-", "*", "div")
_TESTS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_PATTERN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>"[^"]*"|'[^']*')|\$\{\s*(?P<name>[^{}\s]+)\s*\}"""
    r"""|(?P<word>[A-Za-z][\w-]*)|(?P<sign>!=|<=|>=|[=<>()+\-*,.]))"""
)


def read_expression(source: str) -> Tree:
    """The tree of an XLSForm expression; raises UsageError that shows where it cannot be read."""
    reader = _Reader(source)
    if sum(token.text in _JOINING for token in reader.tokens) > PARTS:
        raise UsageError(f"the expression has more than {PARTS} parts")
    tree = reader.either()
    if reader.token.kind != "end":
        raise reader.unexpected("the end")
    return tree


class _Reader(Reader):
    """Recursive descent, one method a rule of the grammar."""

    what = "expression"
    allowed = "${names}, numbers, 'texts', = != < <= > >= + - * div and or not(...) selected(...)"
    pattern = _PATTERN

    def either(self) -> Tree:
        self.deeper()
        tree = self.both()
        while self.took("or"):
            tree = ("or", tree, self.both())
        self.depth -= 1
        return tree

    def both(self) -> Tree:
        tree = self.test()
        while self.took("and"):
            tree = ("and", tree, self.test())
        return tree

    def test(self) -> Tree:
        left = self.sum()
        sign = self.took(*_TESTS)
        return ("test", _TESTS[sign], left, self.sum()) if sign else left

    def sum(self) -> Tree:
        tree = self.product()
        while sign := self.took("+", "-"):
            tree = (sign, tree, self.product())
        return tree

    def product(self) -> Tree:
        tree = self.factor()
        while sign := self.took("*", "div"):
            tree = ("*" if sign == "*" else "/", tree, self.factor())
        return tree

    def factor(self) -> Tree:
        token = self.token
        if self.took("-"):
            return self._negative()
        if self.took("("):
            tree = self.either()
            self.need(")")
            return tree
        if self.took("."):
            return ("name", ".")
        if token.kind == "word":
            return self._call()
        if token.kind not in ("number", "text", "name"):
            raise self.unexpected("a ${name}, number or text")
        self.at += 1
        if token.kind == "number":
            return ("number", float(token.text))
        return ("text", token.text[1:-1]) if token.kind == "text" else ("name", token.text)

    def _negative(self) -> Tree:
        self.deeper()
        tree = self.factor()
        self.depth -= 1
        return ("number", -tree[1]) if tree[0] == "number" else ("negative", tree)

    def _call(self) -> Tree:
        name = self.token.text
        self.at += 1
        self.need("(")
        parts: list[Tree] = []
        if not self.took(")"):
            parts.append(self.either())
            while self.took(","):
                parts.append(self.either())
            self.need(")")
        return ("call", name, *parts)
