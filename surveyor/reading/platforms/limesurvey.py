"""Exports of LimeSurvey: codes, full questions or both as headings; answer codes or answers in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import Choices, Item, Questionnaire
from surveyor.reading.answers import Answers
from surveyor.reading.platforms.chosen import Unknown, absent, finished, from_many
from surveyor.reading.platforms.headers import Place, once
from surveyor.reading.platforms.times import between, each, moment
from surveyor.reading.platforms.wording import Wording, listed, options, questions, several
from surveyor.reading.source import Source

#: Codes of answers that are no answers: LimeSurvey takes letters and digits only.
ASIDE: Mapping[str, int] = {"DK": -1, "RF": -2}
#: What stands in a cell of a question that was not shown.
HIDDEN = "N/A"
TICKS: Mapping[str, bool] = {
    "Y": True, "Yes": True, "是": True, "1": True, "N": False, "No": False, "否": False, "不是": False, "0": False,
}  # fmt: skip
#: Codes LimeSurvey itself gives, which only say the place in the list: "SQ001", "AO03", "A2".
_PLACE = re.compile(r"(?:SQ|AO|A)0*([1-9][0-9]*)")
#: "rc11[SQ001]. Which of these ...", "rc11_3", "re01. In the last 12 months ...", "Which of these ... [Chair]".
_CODED = re.compile(r"([A-Za-z]\w*?)(?:\[([^\[\]]*)\]|_([A-Za-z0-9]+))?(?:[.:;]? .*)?", re.DOTALL)
_WORDED = re.compile(r"(.*\S) ?\[([^\[\]]*)\]", re.DOTALL)
_TIMING = re.compile(r"(groupTime\w+|\w+Time|Group time: .*|Question time: .*)")

#: Columns about the interview: heading as code or in words -> what it is; other roles than these are left out.
SYSTEM: Mapping[str, str] = {
    "id": "other", "response id": "other", "seed": "other", "token": "other", "access code": "other",
    "lastpage": "other", "last page": "other", "startlanguage": "other", "start language": "other",
    "refurl": "other", "referrer url": "other", "ipaddr": "address", "ip address": "address",
    "submitdate": "submitted", "date submitted": "submitted", "startdate": "start", "date started": "start",
    "datestamp": "end", "date last action": "end", "interviewtime": "time", "total time": "time",
}  # fmt: skip


def arrange(answers: Answers, asked: Questionnaire | None) -> Answers:
    """One column an item and one 0/1 column a choice, under the names of the questionnaire.

    Raises DataError where two columns hold one item, or an answer to an item with several answers is unknown.
    """
    entries: list[str] = []
    warnings: list[str] = []
    frame = _without_system(answers.frame, asked, entries, warnings)
    if asked is None:
        return replace(answers, frame=frame).noted(entries, warnings)
    finder = _Finder(asked)
    places = {name: place for name in map(str, frame.columns) if (place := finder.find(name))}
    once(places, answers.log.file)
    frame = _shown(frame, places, entries)
    made: dict[str, pd.Series] = {}
    for name in map(str, frame.columns):
        place = places.get(name)
        if place is None:
            made[finder.other(name) or name] = frame[name]
        elif place.item in finder.several:
            item, choices = finder.several[place.item]
            if f"{item.id}_{next(iter(choices.codes))}" not in made:
                mine = {each: there.option for each, there in places.items() if there.item == item.id}
                made |= _several(frame, mine, item, choices, answers.log.file, entries, warnings)
        else:
            made[place.item] = _single(frame[name], name, place.item, asked, answers.log.file, entries, warnings)
    if finder.by_place:
        shown = ", ".join(sorted(finder.by_place))
        warnings.append(
            f"the codes of choices only say their place in the list for {shown}; check that the online form lists them "
            "in the order of the questionnaire"
        )
    return replace(answers, frame=pd.DataFrame(made)).noted(entries, warnings)


class _Finder:
    """Headings -> what their columns hold."""

    def __init__(self, asked: Questionnaire) -> None:
        self.several = several(asked)
        self.codes = {item.id.casefold(): item.id for item in asked.items}
        self.codes |= {item.id.casefold().replace("_", ""): item.id for item in asked.items}
        self.questions = questions(asked)
        self.options: dict[str, Wording[int]] = {
            name: options(asked, choices) for name, (_, choices) in self.several.items()
        }
        self.by_place: set[str] = set()

    def find(self, heading: str) -> Place | None:
        """What the column under a heading holds, or None where it is no question of the questionnaire."""
        if found := _CODED.fullmatch(heading):
            item = self.codes.get(found[1].casefold())
            if item is not None:
                return self._place(item, found[2] if found[2] is not None else found[3])
        if (item := self.questions.find(heading)) is not None:
            return Place(item)
        if found := _WORDED.fullmatch(heading):
            item = self.questions.find(found[1])
            return self._place(item, found[2]) if item is not None else None
        return None

    def other(self, heading: str) -> str | None:
        """The name of the column of typed text beside a question: "rc11[other]" -> "rc11_other"."""
        found = _CODED.fullmatch(heading)
        item = self.codes.get(found[1].casefold()) if found else None
        return f"{item}_other" if item and found and "other" in (found[2], found[3]) else None

    def _place(self, item: str, option: str | None) -> Place | None:
        if option is None:
            return Place(item)
        if item not in self.several:
            return None
        codes = self.several[item][1].codes
        if option in ASIDE:
            return Place(item, ASIDE[option])
        if option.isascii() and option.isdigit() and int(option) in codes:
            return Place(item, int(option))
        if (found := _PLACE.fullmatch(option)) and int(found[1]) <= len(codes):
            self.by_place.add(item)
            return Place(item, list(codes)[int(found[1]) - 1])
        code = self.options[item].find(option)
        return None if code is None else Place(item, code)


def _without_system(
    frame: pd.DataFrame, asked: Questionnaire | None, entries: list[str], warnings: list[str]
) -> pd.DataFrame:
    """The frame without what describes interviews; `duration` in seconds and `submitted` are kept."""
    mine = {item.id for item in asked.items} if asked else set()
    kinds = {str(n): SYSTEM[str(n).casefold()] for n in frame.columns if str(n).casefold() in SYSTEM and n not in mine}
    named = {kind: name for name, kind in reversed(kinds.items())}
    if "submitted" in named and (open_ := int(frame[named["submitted"]].isna().sum())):
        warnings.append(f"{counted(open_, 'interview')} not completed (no day of submission); they were kept")
    duration = (asked.role("duration") if asked else None) or "duration"
    added = _duration(frame, named, entries)
    if "submitted" in named:
        added["submitted"] = each(frame[named["submitted"]], _iso)
    timing = [str(n) for n in frame.columns if str(n) not in kinds and str(n) not in mine and _TIMING.fullmatch(str(n))]
    gone = [*kinds, *timing]
    if gone:
        shown = ", ".join(gone[:12]) + (" ..." if len(gone) > 12 else "")
        entries.append(f"{counted(len(gone), 'column')} about the interview left out or renamed: {shown}")
    added = {duration if name == "duration" else name: column for name, column in added.items()}
    return frame.drop(columns=gone).assign(**{name: c for name, c in added.items() if name not in mine})


def _duration(frame: pd.DataFrame, named: Mapping[str, str], entries: list[str]) -> dict[str, pd.Series]:
    if "time" in named:
        entries.append(f"{named['time']} -> duration (seconds)")
        return {"duration": each(frame[named["time"]], _whole)}
    last = named.get("submitted", named.get("end"))
    if "start" in named and last:
        entries.append(f"duration is the seconds from {named['start']} to {last}")
        return {"duration": between(frame[named["start"]], frame[last])[0]}
    return {}


def _whole(cell: str) -> str | None:
    try:
        return str(int(float(cell)))
    except (ValueError, OverflowError):
        return None


def _iso(cell: str) -> str | None:
    read = moment(cell)
    return None if read is None else read.isoformat()


def _shown(frame: pd.DataFrame, places: Mapping[str, Place], entries: list[str]) -> pd.DataFrame:
    """Questions that were hidden as empty cells."""
    hidden = {name: frame[name] == HIDDEN for name in places}
    hits = {name: int(cells.fillna(False).sum()) for name, cells in hidden.items()}
    if sum(hits.values()):
        entries.append(f"'{HIDDEN}' -> empty, {counted(sum(hits.values()), 'cell')}")
    return frame.assign(**{name: frame[name].mask(hidden[name].fillna(False)) for name, n in hits.items() if n})


def _several(
    frame: pd.DataFrame,
    mine: Mapping[str, int | None],
    item: Item,
    choices: Choices,
    file: str,
    entries: list[str],
    warnings: list[str],
) -> dict[str, pd.Series]:
    """The 0/1 columns of one item: an empty cell is "not chosen" where anything of the item was chosen."""
    split = {name: option for name, option in mine.items() if option is not None}
    if not split:
        warnings.append(f"{item.id}: one column where there should be one a choice; it was left out")
        return {}
    absent(item, choices, split.values(), warnings)
    unknown = Unknown(file, next(iter(split)), item, choices, "Correct the file: Y is chosen, an empty cell is not")
    picks = from_many([frame[name] for name in split], list(split.values()), TICKS.get, unknown)
    return finished(picks, item, choices, len(split), entries, warnings)


def _single(
    column: pd.Series,
    name: str,
    item: str,
    asked: Questionnaire,
    file: str,
    entries: list[str],
    warnings: list[str],
) -> pd.Series:
    """A column whose answer codes only say places in the list, as codes."""
    choices = asked.choices_of(item)
    if choices is None or pd.api.types.is_numeric_dtype(column):
        return column
    cells = [str(cell) for cell in column.dropna().unique() if str(cell) not in ASIDE]
    found = {cell: _PLACE.fullmatch(cell) for cell in cells}
    if not cells or not all(found.values()):
        return column
    codes = list(choices.codes)
    places = {cell: int(match[1]) for cell, match in found.items() if match}
    beyond = [cell for cell, place in places.items() if place > len(codes)]
    if beyond:
        rows = int(np.flatnonzero((column == beyond[0]).to_numpy())[0]) + 2
        raise DataError(
            f"the answer code {beyond[0]} of '{item}' is no place in its list of {len(codes)} answers (row {rows})",
            where=f"{file}, column '{name[:60]}'",
            expected=listed(choices),
            remedy="Export full answers, or give the online form the codes of the questionnaire",
        )
    warnings.append(
        f"{item}: answer codes such as {cells[0]} only say the place in the list and were turned into codes; check "
        "that the online form lists the answers in the order of the questionnaire"
    )
    return each(column, lambda cell: codes[places[cell] - 1] if cell in places else cell)


LIMESURVEY = Source(
    name="limesurvey",
    about="LimeSurvey exports: codes or full questions as headings, answer codes or full answers",
    missing={**ASIDE, "-1": -1, "-2": -2},
    arrange=arrange,
    blanks=True,
)
