"""Codes that stand for no answer, declared in the few ways a .sav file has: up to three values, or a range and one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

#: All of our own codes lie in here, so that one range declares them.
OURS = (-10, -1)

#: What pyreadstat takes as the missing values of one column: codes, and ranges with "lo" and "hi".
Declared = list[Any]


def declared(codes: Collection[int], used: Mapping[int, int], answers: Collection[float]) -> tuple[Declared, list[int]]:
    """The declaration for a column, and the codes in use that found no place in it.

    codes    that stand for no answer
    used     of these, the ones that occur, with how often
    answers  every other number that occurs or has a label: none of them may fall into the range

    >>> declared([-10, -9, -1], {-1: 5}, [1, 2])
    ([{'lo': -10, 'hi': -1}], [])
    >>> declared([97, 98, 99], {}, [1, 2])
    ([97, 98, 99], [])
    """
    for wanted in (set(codes), set(used)):
        shape = _shape(wanted, answers)
        if shape is not None:
            return shape, []
    often = sorted(used, key=lambda code: (-used[code], code))
    return list(often[:3]), sorted(often[3:])


def _shape(codes: set[int], answers: Collection[float]) -> Declared | None:
    """Our range and at most one code beside it, three codes, or a range on one side of zero; None where none fits."""
    ours = {code for code in codes if OURS[0] <= code <= OURS[1]}
    others = sorted(codes - ours)
    if ours and len(others) <= 1 and not _between(answers, *OURS):
        return [{"lo": OURS[0], "hi": OURS[1]}, *others]
    listed = sorted(codes)
    if len(listed) <= 3:
        return list(listed)
    low, high = listed[0], listed[-1]
    if low * high > 0 and not _between(answers, low, high):
        return [{"lo": low, "hi": high}]
    return None


def _between(answers: Collection[float], low: int, high: int) -> bool:
    return any(low <= answer <= high for answer in answers)
