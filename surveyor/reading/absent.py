"""Columns of the questionnaire that a file lacks, and columns that are nearly called like them."""

from __future__ import annotations

from collections.abc import Sequence

from surveyor.format import counted
from surveyor.questionnaire import Questionnaire
from surveyor.reading.cells import spelling


def absent(names: Sequence[str], asked: Questionnaire) -> tuple[list[str], list[str]]:
    """What to log and what to warn of.

    names  of the columns that were read, in order
    """
    here = set(names)
    lost = [each.id for each in asked.columns if each.id not in here and not each.personal and each.copied is None]
    if not lost or asked.drafted:
        return [], []
    if here.isdisjoint(each.id for each in asked.columns):
        return [], [
            f"no column is an item of the questionnaire '{asked.name}': the names of the columns must be the ids of "
            "its items, letter by letter"
        ]
    more = f" and {counted(len(lost) - 3, 'other')}" if len(lost) > 3 else ""
    entry = f"not among the columns: {counted(len(lost), 'item')} of the questionnaire ({', '.join(lost[:3])}{more})"
    like = {spelling(name): name for name in lost}
    return [entry], [
        f"column '{name[:60]}' is not read as the item '{like[spelling(name)]}': names must agree letter by letter"
        for name in names
        if name not in asked and spelling(name) in like
    ]
