"""Labels made to fit what a format can hold: cut between characters, and still told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

Code = TypeVar("Code", int, float, str)

#: Characters that no label, name or XML text can hold: controls other than tab and line ends, halves of pairs.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def in_bytes(text: str) -> int:
    """The length of a text in bytes of UTF-8: three for each Han character.

    >>> in_bytes("小区"), in_bytes("old")
    (6, 3)
    """
    return len(text.encode("utf-8"))


def cut(text: str, limit: int, size: Callable[[str], int] = in_bytes) -> str:
    """The beginning of a text that is at most `limit` long, whole characters only.

    size  how length is counted: in bytes, or `len` for characters

    >>> cut("老旧小区", 8)
    '老旧'
    """
    if size(text) <= limit:
        return text
    if size is in_bytes:
        return text.encode("utf-8")[:limit].decode("utf-8", "ignore")
    return text[:limit]


def fitting(labels: Mapping[Code, str], limit: int) -> tuple[dict[Code, str], list[Code]]:
    """The labels of codes cut to `limit` bytes, and the codes whose label was cut.

    Where labels that differ would become one, each ends with its code, so that no two answers look alike.

    >>> fitting({1: "never or hardly ever", 2: "never or hard to say"}, 12)
    ({1: 'never or (1)', 2: 'never or (2)'}, [1, 2])
    """
    short = {code: cut(label, limit) for code, label in labels.items()}
    changed = [code for code, label in labels.items() if short[code] != label]
    taken = list(short.values())
    for code in changed:
        if taken.count(short[code]) > 1:
            tail = f" ({code})"
            short[code] = cut(labels[code], limit - in_bytes(tail)).rstrip() + tail
    return short, changed
