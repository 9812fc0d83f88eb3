"""A filter in XPath, as XLSForm wants it: `${ra02} = '1' or ${ra02} = '2'`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from surveyor.questionnaire.item import MEASURED, Item
from surveyor.questionnaire.xlsform.answered import never_negative
from surveyor.questionnaire.xlsform.dialect import FACTOR, TEST, Dialect, Piece, plain
from surveyor.questionnaire.xlsform.layout import OFFERED


def is_select(item: Item) -> bool:
    """Whether an item is answered from a list, so that its answer is a text such as '1'."""
    return item.choices is not None


class XPath(Dialect):
    """Filters in XPath; the answer being judged is `.`."""

    signs: ClassVar[Mapping[str, str]] = {
        "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
        "+": "+", "-": "-", "*": "*", "/": "div", "and": "and", "or": "or",
    }  # fmt: skip

    def reference(self, name: str) -> str:
        """The answer to an item."""
        return "." if name == self.here else f"${{{name}}}"

    def chosen(self, item: Item, code: str) -> Piece:
        """That an answer of an item with several is chosen."""
        return f"selected({self.reference(item.id)}, '{code}')", FACTOR

    def is_answered(self, item: Item) -> list[Piece]:
        """That an item has an answer: 0 or more where no answer is below, else neither empty nor a missing code."""
        answer = self.reference(item.id)
        if item.type != "multiple" and never_negative(self.asked, item):
            return [(f"{answer} >= 0", TEST)]
        if item.choices is None and item.type not in MEASURED:
            return [(f"{answer} != ''", TEST)]
        codes = [self.constant(item, code) for code in OFFERED]
        return [(f"{answer} != {each}", TEST) for each in ("''", *codes)]

    def constant(self, item: Item | None, value: float | str) -> str:
        """A code as a text where the item has a list, numbers as they are."""
        if isinstance(value, str):
            return f'"{value}"' if "'" in value else f"'{value}'"
        return f"'{plain(value)}'" if item is not None and is_select(item) else plain(value)

    def as_number(self, truth: str) -> str:
        """1 where something is true, else 0."""
        return f"number({truth})"
