"""Pieces of a text and a reader of them, shared by filters and formulas."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from surveyor.errors import UsageError

LIMIT, QUOTED = 10_000, 200  # characters
DEPTH = 50

#: The parts of a pattern that both languages share; a pattern ends with its signs.
NUMBER = r"(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"
NAME = r"`(?P<quoted>[^`]+)`|(?P<name>[^\W\d]\w*(?:\.\w+)*)"


def shown(source: str) -> str:
    """A text as messages quote it: no more than its first 200 characters."""
    return source if len(source) <= QUOTED else f"{source[:QUOTED]}..."


class Token(NamedTuple):
    """A piece of a text: number, text, name, quoted name, word, sign or end, and at which character it begins."""

    kind: str
    text: str
    place: int

    @property
    def is_name(self) -> bool:
        """Whether it names a column."""
        return self.kind in ("name", "quoted")


class Reader:
    """Reads the tokens of one text in order; the grammar is in the classes that inherit it.

    Raises UsageError that shows the place where the text cannot be read.
    """

    #: What is read, in messages; which signs and words may stand in it; words among the names.
    what, allowed = "text", ""
    pattern: re.Pattern[str]
    words: Collection[str] = ()

    def __init__(self, source: str) -> None:
        if len(source) > LIMIT:
            raise UsageError(f"the {self.what} is longer than {LIMIT} characters")
        self.source, self.at, self.depth = source, 0, 0
        self.tokens = self._tokens()

    def _tokens(self) -> list[Token]:
        found, at, source = [], 0, self.source
        while source[at:].strip():
            match = self.pattern.match(source, at)
            if match is None:
                at += len(source[at:]) - len(source[at:].lstrip())
                raise UsageError(
                    f"'{source[at]}' at character {at + 1} of the {self.what} '{shown(source)}' cannot be read",
                    expected=self.allowed,
                )
            group = str(match.lastgroup)
            kind = "word" if match[group] in self.words and group == "name" else group
            found.append(Token(kind, match[group], match.start(group) + 1))
            at = match.end()
        return [*found, Token("end", "the end", len(source) + 1)]

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def took(self, *texts: str) -> str | None:
        """The next token if it is one of these signs or words, and a step on."""
        if self.token.kind in ("sign", "word") and self.token.text in texts:
            self.at += 1
            return self.tokens[self.at - 1].text
        return None

    def need(self, text: str) -> None:
        """A step over a sign that must be there."""
        if self.took(text) is None:
            raise self.unexpected(f"'{text}'")

    def deeper(self) -> None:
        """One level of nesting more; `self.depth -= 1` takes it back."""
        self.depth += 1
        if self.depth > DEPTH:
            raise UsageError(f"the {self.what} is nested more than {DEPTH} deep")

    def hint(self) -> str:
        """What more can be said of a token that is not expected."""
        return ""

    def unexpected(self, wanted: str) -> UsageError:
        """What stands where something else should be."""
        return UsageError(
            f"the {self.what} '{shown(self.source)}' has '{self.token.text}' at character {self.token.place} "
            f"where {wanted} should be.{self.hint()}"
        )
