"""Exports of Wenjuanxing by text and by code, made into one column an item and one 0/1 column a choice."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import Choices, Item, Questionnaire
from surveyor.reading.answers import Answers
from surveyor.reading.platforms.chosen import Picks, Unknown, absent, finished, from_many, from_one
from surveyor.reading.platforms.headers import Place, once
from surveyor.reading.platforms.times import each
from surveyor.reading.platforms.wenjuanxing.headers import Finder
from surveyor.reading.platforms.wenjuanxing.system import without_system
from surveyor.reading.platforms.wording import Wording, listed, tidy
from surveyor.reading.source import Source

#: A cell -> our missing code; on this platform -2 is a blank and -3 a question that was skipped.
MISSING: Mapping[str, int] = {"(跳过)": -8, "-3": -8, "(空)": -9, "-2": -9}
JOINED, RANKED = "┋", "→"
TICKS: Mapping[str, bool] = {"1": True, "0": False, "是": True, "否": False, "√": True, "选中": True, "未选中": False}
_TYPED = re.compile(r"〖([^〗]*)〗")
_POSITION = re.compile(r"[0-9]+")


def arrange(answers: Answers, asked: Questionnaire | None) -> Answers:
    """One column an item and one 0/1 column a choice, under the names of the questionnaire.

    Questions are found by their wording, never by their order. Raises DataError where two columns hold one item, an
    answer to an item with several answers is unknown, or a position is beyond the end of the choice list.
    """
    entries: list[str] = []
    warnings: list[str] = []
    frame = without_system(answers.frame, asked, entries, warnings)
    if asked is None:
        return replace(answers, frame=frame).noted(entries, warnings)
    finder = Finder(asked)
    names = [str(name) for name in frame.columns if str(name) not in ("duration", "submitted")]
    places = {name: Place(name) for name in names if name in asked} | finder.places(
        [name for name in names if name not in asked]
    )
    once(places, answers.log.file)
    _unmatched(frame, names, places, finder, warnings)
    frame = _without_rankings(frame, names, places, finder, warnings)
    reader = _Reader(frame, places, asked, finder, answers.log.file, entries, warnings)
    return replace(answers, frame=reader.arranged()).noted(entries, warnings)


def _unmatched(
    frame: pd.DataFrame, names: list[str], places: Mapping[str, Place], finder: Finder, warnings: list[str]
) -> None:
    """A warning with the headers that are no question of the questionnaire, and what may have been meant."""
    strange = [name for name in names if name not in places]
    if strange:
        shown = [f"'{name[:40]}'" + _perhaps(finder.closest(name)) for name in strange[:10]]
        more = f" and {len(strange) - 10} more" if len(strange) > 10 else ""
        warnings.append(
            f"{counted(len(strange), 'column')} matched no question and kept their headings: {', '.join(shown)}{more}; "
            "where one is meant, give the questionnaire the wording of the online form"
        )


def _perhaps(item: str | None) -> str:
    return f" (perhaps {item})" if item else ""


def _without_rankings(
    frame: pd.DataFrame, names: list[str], places: Mapping[str, Place], finder: Finder, warnings: list[str]
) -> pd.DataFrame:
    """The frame without orders of preference, which a questionnaire has no kind of item for."""
    gone = [name for name in names if frame[name].astype("str").str.contains(RANKED, regex=False).fillna(False).any()]
    for item in finder.several:
        mine = [name for name, place in places.items() if place.item == item and place.option is not None]
        ranks = [frame[name].astype("str").str.fullmatch("[2-9]|[1-9][0-9]").fillna(False).any() for name in mine]
        gone += mine if any(ranks) else []
    if gone:
        shown = ", ".join(f"'{name[:40]}'" for name in gone[:3]) + (" ..." if len(gone) > 3 else "")
        warnings.append(f"{counted(len(gone), 'column')} of rankings left out, which cannot be read yet: {shown}")
    return frame.drop(columns=gone)


class _Reader:
    """The columns of one file on their way to the questionnaire's."""

    def __init__(
        self,
        frame: pd.DataFrame,
        places: Mapping[str, Place],
        asked: Questionnaire,
        finder: Finder,
        file: str,
        entries: list[str],
        warnings: list[str],
    ) -> None:
        self.frame, self.asked, self.finder = frame, asked, finder
        self.places = {name: place for name, place in places.items() if name in frame}
        self.file, self.entries, self.warnings = file, entries, warnings
        self.moved: list[str] = []
        self.numbers: list[str] = []
        self.by_code = self._is_by_code()

    def arranged(self) -> pd.DataFrame:
        """The arranged frame."""
        made: dict[str, pd.Series] = {}
        for name in map(str, self.frame.columns):
            place = self.places.get(name)
            if place is None:
                made[name] = self.frame[name]
            elif place.item in self.finder.several:
                item, choices = self.finder.several[place.item]
                if f"{item.id}_{next(iter(choices.codes))}" not in made:
                    made |= self._several(item, choices)
            else:
                made |= self._single(name, place.item)
        kind = "by code: numbers are places in the list of answers" if self.by_code else "by text"
        self.entries.append(f"Wenjuanxing export {kind}; {counted(len(self.places), 'column')} matched by wording")
        if self.moved:
            self.warnings.append(
                f"places in the list were turned into codes for {', '.join(self.moved)}; check that the online form "
                "lists these answers in the order of the questionnaire, or download the answers by text"
            )
        if self.numbers:
            self.warnings.append(
                f"numbers stand where answers should stand as text for {', '.join(self.numbers)}; they were taken as "
                "codes (scale questions)"
            )
        return pd.DataFrame(made)

    def _is_numbers(self, column: pd.Series) -> bool:
        """Whether a column holds numbers beside words for no answer."""
        cells = {str(cell) for cell in column.dropna().unique()} - MISSING.keys()
        return bool(cells) and all(_POSITION.fullmatch(cell) for cell in cells)

    def _is_by_code(self) -> bool:
        """Whether no single answer stands there as text."""
        for name, place in self.places.items():
            item = self._item(place.item)
            if item.type == "multiple" and place.option is None:
                if self.frame[name].astype("str").str.contains(JOINED, regex=False).fillna(False).any():
                    return False
            elif item.type in ("ordinal", "nominal"):
                cells = {_TYPED.sub("", tidy(str(cell))) for cell in self.frame[name].dropna().unique()}
                if any(not _POSITION.fullmatch(cell) for cell in cells - MISSING.keys()):
                    return False
        return True

    def _item(self, name: str) -> Item:
        return self.asked.item(name)

    def _several(self, item: Item, choices: Choices) -> dict[str, pd.Series]:
        mine = {name: place.option for name, place in self.places.items() if place.item == item.id}
        joined = [name for name, option in mine.items() if option is None]
        typed: dict[str, pd.Series] = {}
        if joined:
            column, typed = self._without_typed(joined[0], item.id)
            parse = _Splitter(self.finder.options[item.id])
            picks = from_one(column, parse, Unknown(self.file, joined[0], item, choices))
        else:
            picks = self._split(mine, item, choices)
        return finished(picks, item, choices, len(mine), self.entries, self.warnings) | typed

    def _split(self, mine: Mapping[str, int | None], item: Item, choices: Choices) -> Picks:
        absent(item, choices, mine.values(), self.warnings)
        unknown = Unknown(self.file, next(iter(mine)), item, choices, "Correct the file: 1 is chosen, 0 is not")
        codes = [option for option in mine.values() if option is not None]
        return from_many([self.frame[name] for name in mine], codes, _tick, unknown)

    def _single(self, name: str, item: str) -> dict[str, pd.Series]:
        if self._item(item).type not in ("ordinal", "nominal"):
            return {item: self.frame[name]}
        column, typed = self._without_typed(name, item)
        choices = self.asked.choices_of(item)
        if self.by_code and choices is not None:
            column = self._from_positions(column, name, self._item(item), choices)
        elif self._is_numbers(column):
            self.numbers.append(item)
        return {item: column} | typed

    def _without_typed(self, name: str, item: str) -> tuple[pd.Series, dict[str, pd.Series]]:
        """A column without the text typed beside "other", and that text as a column of its own."""
        column = self.frame[name]
        if not column.astype("str").str.contains("〖", regex=False).fillna(False).any():
            return column, {}
        typed = each(column, lambda cell: "; ".join(_TYPED.findall(cell)).strip() or None)
        if not typed.notna().any():
            return column, {}
        self.entries.append(
            f"{item}: text typed beside an answer moved to '{item}_other', {counted(int(typed.notna().sum()), 'row')}; "
            "it is free text: look for names before sharing it"
        )
        return each(column, lambda cell: _TYPED.sub("", cell).strip()), {f"{item}_other": typed}

    def _from_positions(self, column: pd.Series, name: str, item: Item, choices: Choices) -> pd.Series:
        """Places in the list of answers (the first is 1) as codes."""
        codes = dict(enumerate(choices.codes, 1))
        cells = {str(cell) for cell in column.dropna().unique()} - MISSING.keys()
        for cell in sorted(cells):
            if int(cell) not in codes if _POSITION.fullmatch(cell) else tidy(cell) not in MISSING:
                rows = (column == cell).to_numpy()
                raise DataError(
                    f"the answer {cell[:20]} of '{item.id}' is no place in its list of {len(codes)} answers "
                    f"({counted(int(rows.sum()), 'row')}, first in row {int(np.flatnonzero(rows)[0]) + 2})",
                    where=f"{self.file}, column '{name[:60]}'",
                    expected=listed(choices),
                    remedy="Download the answers by text (按选项文字), which says what was chosen",
                )
        moves = {place: code for place, code in codes.items() if place != code and str(place) in cells}
        if moves:
            told = ", ".join(f"{place} -> {code}" for place, code in list(moves.items())[:6])
            changed = int(column.isin([str(place) for place in moves]).sum())
            self.entries.append(f"{item.id}: places in the list to codes: {told}, {counted(changed, 'cell')}")
            self.moved.append(item.id)
        return each(column, lambda cell: codes[int(cell)] if _POSITION.fullmatch(cell) else cell)


def _tick(cell: str) -> bool | int | None:
    text = _TYPED.sub("", tidy(cell))
    return TICKS.get(text, MISSING.get(text))


class _Splitter:
    """Splits options joined by ┋ into codes."""

    def __init__(self, known: Wording[int]) -> None:
        self.known = known

    def __call__(self, cell: str) -> Collection[int] | str:
        """The codes in a cell, or the option that is none."""
        if (missing := MISSING.get(tidy(cell))) is not None:
            return [missing]
        codes: list[int] = []
        for part in (part for part in cell.split(JOINED) if part.strip()):
            code = self.known.find(part)
            if code is None:
                return part.strip()
            codes.append(code)
        return codes


WENJUANXING = Source(
    name="wenjuanxing",
    about="Wenjuanxing exports by text or by code; -3 and (跳过) are skipped, -2 and (空) are left blank",
    missing=MISSING,
    arrange=arrange,
    blanks=True,
)
