"""Several chosen answers as one 0/1 column a choice, whichever way a platform writes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveyor.arrays import Flags
from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import MISSING, Choices, Item, say
from surveyor.reading.platforms.wording import listed

#: The codes chosen, a missing code, or None for no answer.
Pick = frozenset[int] | int | None

#: (n,) the place of each person's answer among the different answers.
Places = NDArray[np.intp]

#: The words for what a platform's own negative codes could be taken for.
SAID = {code: MISSING[code]["en"] for code in (-1, -2)}


@dataclass(frozen=True, eq=False)
class Picks:
    """Answers of n people where several may be chosen.

    distinct  the different answers   at  (n,) the place of each person's answer among them
    mixed     rows in which "don't know" or "refused" stood beside answers, which were kept
    """

    distinct: tuple[Pick, ...]
    at: Places
    mixed: int = 0

    def columns(self, item: Item, choices: Choices) -> dict[str, pd.Series]:
        """One column for each choice: "1", "0", why there is no answer (as a word where it has one), or a blank."""
        return {f"{item.id}_{code}": self._column(code) for code in choices.codes}

    def _column(self, code: int) -> pd.Series:
        cells = np.array([_cell(pick, code) for pick in self.distinct], dtype=object)
        return pd.Series(cells[self.at], dtype="str")

    def differ(self, other: Picks) -> Flags:
        """Which people's answers are not the same in the other."""
        known = {pick: i for i, pick in enumerate(dict.fromkeys((*self.distinct, *other.distinct)))}
        here, there = (np.array([known[pick] for pick in each.distinct], dtype=int) for each in (self, other))
        return np.asarray(here[self.at] != there[other.at])


def _cell(pick: Pick, code: int) -> str | None:
    if pick is None:
        return None
    return SAID.get(pick, str(pick)) if isinstance(pick, int) else str(int(code in pick))


def settled(codes: Collection[int]) -> Pick:
    """What chosen codes come to: a missing code counts only where no answer stands beside it.

    >>> settled({3, 1}) == {1, 3}, settled([-1]), settled([2, -1]) == {2}, settled([])
    (True, -1, True, None)
    """
    answers = frozenset(code for code in codes if code >= 0)
    if answers:
        return answers
    return min(codes, default=None)


def from_one(column: pd.Series, parse: Callable[[str], Collection[int] | str], unknown: Unknown) -> Picks:
    """Picks from one column of joined answers.

    parse  a cell -> the codes in it, or the part that is none; raises DataError by `unknown` then
    """
    at, cells = pd.factorize(column)
    chosen: list[Collection[int]] = []
    for i, cell in enumerate(cells):
        codes = parse(str(cell))
        if isinstance(codes, str):
            raise unknown(codes, at == i)
        chosen.append(codes)
    return _made([settled(codes) for codes in chosen], chosen, at)


def from_many(
    columns: Sequence[pd.Series], codes: Sequence[int], tick: Callable[[str], bool | int | None], unknown: Unknown
) -> Picks:
    """Picks from one column a choice.

    codes  of the choices, in the order of the columns
    tick   a cell -> chosen or not, a missing code, or None where it cannot be read
    """
    at: Places = np.zeros(len(columns[0]), dtype=np.intp)
    for column in columns:
        place, cells = pd.factorize(column)
        at = pd.factorize(at * (len(cells) + 1) + place + 1)[0]
    picks: list[Pick] = []
    chosen: list[Collection[int]] = []
    for i, row in enumerate(np.unique(at, return_index=True)[1]):
        texts = {
            code: str(column.iat[row]) for code, column in zip(codes, columns, strict=True) if _filled(column, row)
        }
        ticks = {code: tick(text) for code, text in texts.items()}
        for code, ticked in ticks.items():
            if ticked is None:
                raise unknown(texts[code], at == i)
        missing = [int(t) for t in ticks.values() if not isinstance(t, bool) and t is not None]
        found = [*(code for code, ticked in ticks.items() if ticked is True), *missing]
        chosen.append(found)
        picks.append(frozenset() if ticks and not found else settled(found))
    return _made(picks, chosen, at)


def _filled(column: pd.Series, row: int) -> bool:
    return bool(column.iloc[[row]].notna().all())


def _made(picks: Sequence[Pick], chosen: Sequence[Collection[int]], at: Places) -> Picks:
    mixed = [i for i, codes in enumerate(chosen) if min(codes, default=0) < 0 <= max(codes, default=-1)]
    place = np.where(at < 0, len(picks), at)
    return Picks((*picks, None), place, int(np.isin(place, mixed).sum()))


@dataclass(frozen=True)
class Unknown:
    """The error for a text that is none of an item's answers."""

    file: str
    header: str
    item: Item
    choices: Choices
    remedy: str = "Correct the file, or add the answer to the choice list of this item"

    def __call__(self, text: str, rows: Flags) -> DataError:
        """The error; `rows` (n,) are those in which the text stands."""
        first = int(np.flatnonzero(rows)[0]) + 2
        return DataError(
            f"'{text[:20]}' is no answer of '{self.item.id}' ({counted(int(rows.sum()), 'row')}, first in row {first})",
            where=f"{self.file}, column '{self.header[:60]}'",
            expected=listed(self.choices),
            remedy=self.remedy,
        )


def finished(
    picks: Picks, item: Item, choices: Choices, columns: int, entries: list[str], warnings: list[str]
) -> dict[str, pd.Series]:
    """The 0/1 columns of an item that was read from some columns, and what there is to say about them.

    Rows in which nothing is chosen are no answer where the list has an answer that says so ("none of these").
    """
    empty = [i for i, pick in enumerate(picks.distinct) if pick == frozenset()]
    emptied = int(np.isin(picks.at, empty).sum())
    if choices.alone and emptied:
        picks = replace(picks, distinct=tuple(None if pick == frozenset() else pick for pick in picks.distinct))
        entries.append(f"{item.id}: nothing chosen -> no answer, {counted(emptied, 'row')}")
    if picks.mixed:
        warnings.append(
            f"{item.id}: don't know or refused beside answers in {counted(picks.mixed, 'row')}; the answers count"
        )
    entries.append(f"{item.id}: {counted(columns, 'column')} -> {counted(len(choices.codes), 'column')} of 0 and 1")
    return picks.columns(item, choices)


def absent(item: Item, choices: Choices, there: Collection[int | None], warnings: list[str]) -> None:
    """A warning where an item has no column for some of its choices."""
    lost = [say(label)[:20] for code, label in choices.codes.items() if code not in there]
    if lost:
        shown = ", ".join(f"'{label}'" for label in lost[:5]) + (" ..." if len(lost) > 5 else "")
        warnings.append(f"{item.id}: there is no column for {shown}; these choices count as not chosen")
