"""The small safe language of models: `"satisfaction ~ type + age + type:age"`.

    formula := name "~" sum                          sum := ["-"] star (("+" | "-") star)*
    star := colon ("*" colon)*                       colon := power (":" power)*
    power := atom ["^" 1..5]                         atom := name | `any name` | call | "(" sum ")" | 0 | 1
    call := factor(name) | log(name) | center(name) | poly(name, 1..5) | bin(name, cut, cut, ...)

`a*b` is `a + b + a:b`, `(a + b)^2` all of them up to pairs, `- 1` or `+ 0` leaves out the intercept. Texts are parsed
by this grammar into terms; nothing is ever handed to Python's own evaluation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from surveyor.errors import UsageError, guess
from surveyor.expressions.tokens import NAME, NUMBER, Reader, shown

#: The functions of formulas, with an example of each.
FUNCTIONS = {
    "factor": "factor(x)",
    "log": "log(x)",
    "center": "center(x)",
    "poly": "poly(x, 2)",
    "bin": "bin(x, 30, 60)",
}
POWERS = 5
TERMS = 500


@dataclass(frozen=True)
class Factor:
    """A column of the data, or one of the functions of it with its numbers."""

    name: str
    function: str = ""
    numbers: tuple[float, ...] = ()

    @property
    def label(self) -> str:
        """As it is written: "age", "poly(age, 2)"."""
        written = [str(int(number)) if number.is_integer() else str(number) for number in self.numbers]
        inside = ", ".join([self.name, *written])
        return f"{self.function}({inside})" if self.function else self.name


#: The factors whose product a term is; none for the intercept.
Term = tuple[Factor, ...]
#: Terms by the set of their factors, in the order they first appear.
Terms = dict[frozenset[Factor], Term]
INTERCEPT: frozenset[Factor] = frozenset()


@dataclass(frozen=True)
class Formula:
    """A parsed formula: the outcome, and terms by how many factors they have, the intercept (an empty term) first."""

    source: str
    outcome: str
    terms: tuple[Term, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The different factors, in order."""
        return tuple(dict.fromkeys(factor for term in self.terms for factor in term))


def parse_formula(source: str) -> Formula:
    """The formula in `source`; raises UsageError that shows where it cannot be read.

    >>> [" x ".join(factor.label for factor in term) for term in parse_formula("y ~ a*b - 1").terms]
    ['a', 'b', 'a x b']
    """
    if not isinstance(source, str):
        raise UsageError(f"the formula {source!r} is no text", expected='for example "y ~ type + age"')
    return _Reader(source).formula()


class _Reader(Reader):
    """Recursive descent, one method a rule of the grammar; each returns the terms it stands for."""

    what = "formula"
    allowed = f"names, ~ + - : * ^ ( ) and {', '.join(FUNCTIONS.values())}"
    pattern = re.compile(rf"\s*(?:{NUMBER}|{NAME}|(?P<sign>[~+\-:*^(),]))")

    def formula(self) -> Formula:
        outcome = self.token
        if not outcome.is_name or self.tokens[self.at + 1].text == "(":
            raise self.unexpected("the name of the outcome")
        self.at += 1
        self.need("~")
        terms = self.sum({INTERCEPT: ()})
        if self.token.kind != "end":
            raise self.unexpected("+ or the end")
        made = Formula(self.source, outcome.text, tuple(sorted(terms.values(), key=len)))
        if outcome.text in [factor.name for factor in made.factors]:
            raise UsageError(f"'{outcome.text}' stands on both sides of the formula '{shown(self.source)}'")
        return made

    def hint(self) -> str:
        if self.token.text in ("/", "==", "|"):
            return f" The signs are {self.allowed}."
        if self.token.text == "(" and self.at and self.tokens[self.at - 1].is_name:
            return " Only functions can be called."
        return ""

    def sum(self, terms: Terms) -> Terms:
        """Terms put in and taken out, beginning with `terms`."""
        self.deeper()
        top = INTERCEPT in terms
        sign = self.took("-", "+") or "+"
        while True:
            if self.token.kind == "number":
                terms = self.intercept(terms, sign, top)
            elif sign == "+":
                terms = _joined(terms, self.star())
            else:
                out = self.star()
                terms = {key: term for key, term in terms.items() if key not in out}
            self.few(len(terms))
            sign = self.took("+", "-") or ""
            if not sign:
                self.depth -= 1
                return terms

    def intercept(self, terms: Terms, sign: str, top: bool) -> Terms:
        """1, 0 or -1 in the outermost sum: the intercept is there or not."""
        text = self.token.text
        if text not in ("0", "1") or not top:
            raise self.unexpected("the name of a column" if top else "a name (1 and 0 stand outside of brackets)")
        self.at += 1
        rest = {key: term for key, term in terms.items() if key != INTERCEPT}
        return {INTERCEPT: (), **rest} if (text == "1") == (sign == "+") else rest

    def star(self) -> Terms:
        terms = self.colon()
        while self.took("*"):
            right = self.colon()
            terms = _joined(terms, right, self.product(terms, right))
        return terms

    def colon(self) -> Terms:
        terms = self.power()
        while self.took(":"):
            terms = self.product(terms, self.power())
        return terms

    def power(self) -> Terms:
        terms = self.atom()
        if not self.took("^"):
            return terms
        token = self.token
        if token.kind != "number" or token.text not in [str(k) for k in range(1, POWERS + 1)]:
            raise self.unexpected(f"a whole number from 1 to {POWERS}")
        if len(terms) == 1:
            name = next(iter(terms.values()))[0].name
            raise UsageError(
                f"the power at character {token.place} of the formula '{shown(self.source)}' is of a single column",
                expected="a power of a sum, such as (a + b)^2",
                remedy=f"For a square write poly({name}, 2)",
            )
        self.at += 1
        made = terms
        for _ in range(int(token.text) - 1):
            made = _joined(made, self.product(made, terms))
        return made

    def product(self, left: Terms, right: Terms) -> Terms:
        """Every term of the left times every term of the right."""
        self.few(max(len(left), len(right)))
        made: Terms = {}
        for a in left.values():
            for b in right.values():
                term = tuple(dict.fromkeys((*a, *b)))
                made.setdefault(frozenset(term), term)
        self.few(len(made))
        return made

    def few(self, terms: int) -> None:
        if terms > TERMS:
            raise UsageError(f"the formula '{shown(self.source)}' has more than {TERMS} terms")

    def atom(self) -> Terms:
        token = self.token
        if self.took("("):
            terms = self.sum({})
            self.need(")")
            return terms
        if not token.is_name:
            raise self.unexpected("the name of a column")
        self.at += 1
        called = token.kind == "name" and self.token.text == "("
        factor = self.call(token.text) if called else Factor(token.text)
        return {frozenset([factor]): (factor,)}

    def call(self, function: str) -> Factor:
        """One of the functions, of a column and numbers."""
        place = self.tokens[self.at - 1].place
        if function not in FUNCTIONS:
            raise UsageError(
                f"the formula '{shown(self.source)}' calls {function}(...) at character {place}: "
                f"function {function} is not known",
                expected=", ".join(FUNCTIONS.values()),
                remedy=guess(function, FUNCTIONS) if "." not in function else "Make a column of it in the data first",
            )
        self.need("(")
        if not self.token.is_name:
            raise self.unexpected("the name of a column")
        name = self.token.text
        self.at += 1
        numbers = []
        while self.took(","):
            numbers.append(self.number())
        self.need(")")
        whole = function == "poly" and len(numbers) == 1 and numbers[0] in range(1, POWERS + 1)
        cuts = function == "bin" and numbers and numbers == sorted(set(numbers))
        if not (whole or cuts or (function not in ("poly", "bin") and not numbers)):
            raise UsageError(
                f"{function} at character {place} of the formula '{shown(self.source)}' has the wrong numbers",
                expected={"poly": f"a degree from 1 to {POWERS}: poly(x, 2)", "bin": "rising cuts: bin(x, 30, 60)"}.get(
                    function, FUNCTIONS[function]
                ),
            )
        return Factor(name, function, tuple(numbers))

    def number(self) -> float:
        sign = -1.0 if self.took("-") else 1.0
        if self.token.kind != "number":
            raise self.unexpected("a number")
        self.at += 1
        return sign * float(self.tokens[self.at - 1].text)


def _joined(*several: Terms) -> Terms:
    """Terms of all, each as it first appears."""
    made: Terms = {}
    for terms in several:
        for key, term in terms.items():
            made.setdefault(key, term)
    return made
