"""Exports of KoboToolbox and ODK: names or labels, groups, several choices, versions of the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from surveyor.format import counted
from surveyor.questionnaire import Choices, Item, Questionnaire
from surveyor.reading.answers import Answers
from surveyor.reading.platforms.chosen import Picks, Unknown, absent, finished, from_many, from_one
from surveyor.reading.platforms.headers import Headers, Place, once
from surveyor.reading.platforms.kobo.system import without_system
from surveyor.reading.platforms.wording import Wording
from surveyor.reading.source import Source

FILLER = ("n/a", "N/A")
#: Codes that our forms add to every list.
ASIDE = (-1, -2)
TICKS: Mapping[str, bool] = {"1": True, "0": False, "true": True, "false": False, "1.0": True, "0.0": False}


def arrange(answers: Answers, asked: Questionnaire | None) -> Answers:
    """One column an item and one 0/1 column a choice, under the names of the questionnaire.

    Raises DataError where two columns hold one item, or an answer to an item with several answers is unknown.
    """
    entries: list[str] = []
    warnings: list[str] = []
    frame = without_system(answers.frame, asked, entries, warnings)
    if asked is None:
        return replace(answers, frame=frame).noted(entries, warnings)
    headers = Headers(asked)
    places = _placed(frame, headers, answers.log.file, entries)
    frame = _without_notes(frame, places, entries)
    frame = _without_filler(frame, places, entries)
    made: dict[str, pd.Series] = {}
    for name in frame.columns:
        place = places.get(str(name))
        if place is None:
            made[str(name)] = frame[name]
        elif place.item not in headers.several:
            made[place.item] = frame[name]
        elif f"{place.item}_{next(iter(headers.several[place.item][1].codes))}" not in made:
            mine = {header: each for header, each in places.items() if each.item == place.item}
            made |= _several(frame, mine, headers, answers.log.file, entries, warnings)
    return replace(answers, frame=pd.DataFrame(made)).noted(entries, warnings)


def _placed(frame: pd.DataFrame, headers: Headers, file: str, entries: list[str]) -> dict[str, Place]:
    places = {name: place for name in map(str, frame.columns) if (place := headers.find(name))}
    once(places, file)
    other = [name for name, place in places.items() if name != place.item and place.option is None]
    if other:
        shown = ", ".join(f"'{name[:40]}' -> {places[name].item}" for name in other[:3])
        entries.append(f"{counted(len(other), 'column')} renamed to their items: {shown}{' ...' * (len(other) > 3)}")
    return places


def _without_notes(frame: pd.DataFrame, places: Mapping[str, Place], entries: list[str]) -> pd.DataFrame:
    """The frame without columns that belong to no item and hold nothing: notes on the screen."""
    gone = [name for name in frame.columns if str(name) not in places and frame[name].isna().all()]
    if gone:
        entries.append(f"{counted(len(gone), 'column')} without any answer left out (notes on the screen)")
    return frame.drop(columns=gone)


def _without_filler(frame: pd.DataFrame, places: Mapping[str, Place], entries: list[str]) -> pd.DataFrame:
    """The platform's "n/a" as empty cells."""
    hits = 0
    columns = {}
    for name in places:
        filled = frame[name].isin(FILLER)
        if filled.any():
            hits += int(filled.sum())
            columns[name] = frame[name].mask(filled)
    if hits:
        entries.append(f"'{FILLER[0]}' -> empty, {counted(hits, 'cell')}")
    return frame.assign(**columns)


def _several(
    frame: pd.DataFrame,
    places: Mapping[str, Place],
    headers: Headers,
    file: str,
    entries: list[str],
    warnings: list[str],
) -> dict[str, pd.Series]:
    """The 0/1 columns of one item from its summary column, its details, or both."""
    item, choices = headers.several[next(iter(places.values())).item]
    known = headers.options[item.id]
    summary = [header for header, place in places.items() if place.option is None]
    details = {header: place.option for header, place in places.items() if place.option is not None}
    read: list[Picks] = []
    if summary:
        parse = Splitter(choices, known)
        read.append(from_one(frame[summary[0]], parse, Unknown(file, summary[0], item, choices)))
    if details:
        read.append(_from_details(frame, details, item, choices, file, warnings if not summary else []))
    if len(read) == 2:
        different = int(read[0].differ(_emptied(read[0], read[1])).sum())
        if different:
            warnings.append(
                f"{item.id}: the summary column and the columns of its choices disagree in "
                f"{counted(different, 'row')}; the summary was taken"
            )
    return finished(read[0], item, choices, len(places), entries, warnings)


def _emptied(summary: Picks, details: Picks) -> Picks:
    """The details with "nothing chosen" as no answer, as the summary writes it."""
    return Picks(tuple(None if pick == frozenset() else pick for pick in details.distinct), details.at)


def _from_details(
    frame: pd.DataFrame, details: Mapping[str, int | None], item: Item, choices: Choices, file: str, warnings: list[str]
) -> Picks:
    absent(item, choices, details.values(), warnings)
    for header, code in details.items():
        ticked = frame[header].astype("str").str.casefold().map(TICKS).fillna(False).to_numpy(dtype=bool)
        if code not in (*choices.codes, *ASIDE) and ticked.any():
            raise Unknown(file, header, item, choices)(str(code), ticked)
    codes = [code for code in details.values() if code is not None]
    columns = [frame[header] for header in details]
    unknown = Unknown(file, next(iter(details)), item, choices, remedy="Correct the file: 1 is chosen, 0 is not")
    return from_many(columns, codes, lambda cell: TICKS.get(cell.casefold()), unknown)


class Splitter:
    """Splits "1 3 7", or labels with blanks between them, into codes."""

    def __init__(self, choices: Choices, known: Wording[int]) -> None:
        self.codes = {str(code): code for code in (*choices.codes, *ASIDE)}
        self.known = known
        self.longest = max(len(label.split()) for texts in choices.codes.values() for label in texts.values()) + 3

    def __call__(self, cell: str) -> Collection[int] | str:
        """The codes in a cell, or the part of it that is none."""
        words = cell.split()
        strange = [word for word in words if word not in self.codes]
        if not strange:
            return [self.codes[word] for word in words]
        labels = self._labels(words)
        if labels is None:
            return strange[0] if len(strange) < len(words) else cell
        return labels

    def _labels(self, words: list[str]) -> list[int] | None:
        """Codes of labels that follow each other; the longest label first, backwards where that leads nowhere."""
        best: list[list[int] | None] = [[]] + [None] * len(words)
        for end in range(1, len(words) + 1):
            for start in range(max(0, end - self.longest), end):
                before = best[start]
                if before is None or best[end] is not None:
                    continue
                code = self.known.find(" ".join(words[start:end]))
                if code is not None:
                    best[end] = [*before, code]
        return best[-1]


KOBO = Source(
    name="kobo",
    about="KoboToolbox and ODK exports: names or labels, groups, select_multiple as summary or split columns",
    missing={"-1": -1, "-2": -2},
    arrange=arrange,
    blanks=True,
)
