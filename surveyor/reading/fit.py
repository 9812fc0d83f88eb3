"""Answers made to fit the questionnaire: texts to codes, the file's missing codes to ours, each change logged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import MISSING, Choices, Item, Questionnaire, say
from surveyor.questionnaire.item import MEASURED
from surveyor.reading.absent import absent
from surveyor.reading.answers import Answers
from surveyor.reading.cells import Numbers, day, is_number, normal, spelling
from surveyor.reading.distinct import Cells, distinct_cells
from surveyor.reading.loose import loose
from surveyor.reading.negatives import like_codes, said, undescribed
from surveyor.reading.notes import Notes, where
from surveyor.reading.source import Source
from surveyor.reading.words import Words

#: Kinds of items whose answers are words rather than numbers.
WORDED = ("text", "id", "date")

#: How near a number must be to a code to be that code (old programs keep 1 as 1.0000001).
NEAR = 1e-6


def fit(answers: Answers, questionnaire: Questionnaire, source: Source | None = None) -> tuple[pd.DataFrame, Notes]:
    """The frame with questionnaire columns as numbers and known missing codes, and what was changed.

    source   where the file comes from: what its codes for no answer mean

    Raises DataError (file, column, row) for text where codes or numbers are expected, infinite numbers, labels that
    stand on other codes than in the questionnaire, and negative codes nobody declared (all of them, with their counts);
    answers outside the choice list are kept, warned of, and missing to every statistic.
    """
    notes = Notes()
    order = [str(name) for name in answers.frame.columns]
    coded = [name for name in order if name in questionnaire and questionnaire.item(name).type not in WORDED]
    block = np.empty((len(coded), len(answers.frame)))  # all numbers in one place: each is written once
    for name, row in zip(coded, block, strict=True):
        cells = distinct_cells(answers.frame[name])
        cells.put(_Column(name, answers, questionnaire, source, notes).numbers(answers.frame[name], cells), row)
    others: dict[str, pd.Series] = {}
    for name in (each for each in order if each not in set(coded)):
        if name in questionnaire:
            others[name] = _Column(name, answers, questionnaire, source, notes).texts(answers.frame[name])
        else:
            others[name] = loose(answers.frame[name], name, notes, decimal_commas=answers.decimal_commas)
            notes.count_negatives(name, undescribed(others[name]))
    outside = [name for name in others if name not in questionnaire]
    if outside:
        notes.entries.append(f"{counted(len(outside), 'column')} not in the questionnaire, kept as in the file")
    if notes.unknown:
        raise _unknown(notes.unknown, answers.log.file, source)
    entries, warnings = absent(order, questionnaire)
    notes.entries += entries
    notes.warnings += [*said(notes.negatives), *warnings]
    frame = pd.DataFrame(block.T, index=answers.frame.index, columns=coded, copy=False)
    if others:
        frame = pd.concat([frame, pd.DataFrame(others)], axis=1)[order]
    return frame, notes


def _unknown(found: Mapping[float, Counter[str]], file: str, source: Source | None) -> DataError:
    told = "; ".join(f"{code:g}: {where(cells)}" for code, cells in sorted(found.items(), reverse=True))
    of = f'in files from "{source.name}"' if source else "in this file"
    ours = ", ".join(f"{code} {text['en']}" for code, text in MISSING.items())
    remedies = [
        f'if they are surveyor\'s own ({ours}), say source="surveyor"'
        if source is None and found.keys() <= set(MISSING)
        else "",
        'if the file comes from a platform or survey, name it, such as source="kobo"' if source is None else "",
        "write in the choice list or item, under 'missing', what each stands for",
    ]
    remedy = "; or ".join(each for each in remedies if each)
    return DataError(
        f"what these negative codes stand for is not known {of}: {told}",
        where=file,
        remedy=remedy[0].upper() + remedy[1:],
    )


class _Column:
    """One column on its way to numbers; everything is decided on its distinct cells."""

    def __init__(
        self, name: str, answers: Answers, questionnaire: Questionnaire, source: Source | None, notes: Notes
    ) -> None:
        self.name, self.answers, self.questionnaire, self.notes = name, answers, questionnaire, notes
        self.item: Item = questionnaire.item(name)
        self.choices: Choices | None = questionnaire.choices_of(name)
        self.words: Mapping[str, int] = source.missing if source else {}
        self.own = {**self.item.missing, **(self.choices.missing if self.choices else {})}
        told = {float(cell): code for cell, code in self.words.items() if is_number(cell)}
        self.codes: Mapping[float, int] = {**told, **{float(code): ours for code, ours in self.own.items()}}
        self.known = questionnaire.missing_codes(name)
        self.worded: set[int] = set()  # missing codes that stand in the file as words
        self.labelled = Words(self.choices) if self.choices else None

    def numbers(self, column: pd.Series, found: Cells) -> Array:
        """The number (k,) that each distinct cell of the column stands for."""
        self._look(found)
        values = self._declared(self._values(column, found), found.counts)
        self._judge(values, found.counts)
        return values

    def _look(self, found: Cells) -> None:
        if not found.counts.sum():
            self.notes.warnings.append(f"{self.name}: no answer at all")

    def texts(self, column: pd.Series) -> pd.Series:
        """The column as it is, without words that say there is no answer; days in ISO form."""
        if pd.api.types.is_numeric_dtype(column):
            return column
        read = distinct_cells(column)
        self._look(read)
        cells, counts = read.cells, read.counts
        found: list[str | None] = [str(cell) for cell in cells]
        odd: Counter[str] = Counter()
        for k, cell in enumerate(found if self.words or self.item.type == "date" else ()):
            code = self.words.get(normal(str(cell)))
            if code is not None:
                found[k] = None
                self.notes.mapped.setdefault((normal(str(cell)), code), Counter())[self.name] += int(counts[k])
            elif self.item.type == "date":
                found[k] = _day(str(cell), int(counts[k]), odd)
        self.notes.warnings += [f"{self.name}: {counted(n, 'cell')} {what}" for what, n in odd.items()]
        texts = pd.array(found, dtype="str").take(read.at, allow_fill=True)
        return pd.Series(texts, index=column.index, name=self.name)

    def _values(self, column: pd.Series, found: Cells) -> Array:
        """The distinct cells as numbers: of no answer, of a code, or of a label."""
        cells, counts = found.cells, found.counts
        if pd.api.types.is_numeric_dtype(column):
            self._labelled()
            return self._of_no_answer(np.asarray(cells, dtype=float), counts)
        texts = [str(cell) for cell in cells]
        numbers = Numbers(texts, decimal_commas=self.answers.decimal_commas)
        values = self._of_no_answer(numbers.values, counts)
        for k in np.flatnonzero(np.isnan(values)).tolist():
            code = self.words.get(normal(texts[k]))
            if code is not None:
                values[k] = self._map(normal(texts[k]), code, int(counts[k]))
        self._repairs(numbers, counts)
        self._number_labels(texts, values, counts)
        bad = self._from_labels(texts, values, counts)
        bad |= np.isinf(values)
        if bad.any():
            raise self._refused(texts, bad, counts, found.at, set(numbers.doubtful))
        return values

    def _of_no_answer(self, values: Array, counts: np.ndarray) -> Array:
        """Codes for no answer as ours, all at once: what one file calls -2 another calls -1."""
        found = values.copy()
        for k in np.flatnonzero(np.isin(values, list(self.codes))).tolist():
            found[k] = self._map(f"{values[k]:g}", self.codes[float(values[k])], int(counts[k]))
        return found

    def _map(self, cell: str, code: int, count: int) -> float:
        if cell != str(code):
            self.notes.mapped.setdefault((cell, code), Counter())[self.name] += count
        elif count:
            self.notes.kept.setdefault(code, Counter())[self.name] += count
        return float(code)

    def _repairs(self, numbers: Numbers, counts: np.ndarray) -> None:
        for how, which in numbers.repaired.items():
            cells = counted(int(counts[which].sum()), "cell")
            self.notes.entries.append(f"{self.name}: {cells} with {how} read as numbers")

    def _from_labels(self, texts: list[str], values: Array, counts: np.ndarray) -> np.ndarray:
        """Labels in either language as codes; which cells are neither number nor label."""
        bad = np.isnan(values)
        if not bad.any() or self.labelled is None:
            return bad
        for k in np.flatnonzero(bad):
            code = self.labelled.code(texts[k])
            if code is None and (code := self.labelled.spelled.get(spelling(texts[k]))) is not None:
                told = f"another spelling of '{_shown(texts[k])}' read as {code}"
                self.notes.entries.append(f"{self.name}: {told}, {counted(int(counts[k]), 'cell')}")
            if code is not None:
                values[k], bad[k] = code, False
                self.notes.labels[self.name] += int(counts[k])
                if code in MISSING:
                    self.worded.add(code)
        return bad

    def _number_labels(self, texts: list[str], values: Array, counts: np.ndarray) -> None:
        """Cells such as "1" that are a code and the label of another code, read as all cells of the column are."""
        if self.labelled is None or not (clash := self.labelled.clashes(texts, values)):
            return
        cell = _shown(texts[clash[0]])
        told = f"'{cell}' is a code, and the label of the code {self.labelled.answers[texts[clash[0]]]}"
        match self.labelled.kind(texts, values, {*self.known, *self.own.values()}):
            case "both":
                raise DataError(
                    f"{told}; other cells of the column are codes and labels",
                    where=f"{self.answers.log.file}, column '{self.name}'",
                    remedy="Write codes throughout, or labels throughout",
                )
            case "either":
                self.notes.warnings.append(f"{self.name}: {told}; the cells were read as codes")
            case "labels":
                values[clash] = [self.labelled.answers[texts[k]] for k in clash]
                self.notes.labels[self.name] += int(counts[clash].sum())

    def _refused(
        self, texts: list[str], bad: np.ndarray, counts: np.ndarray, at: np.ndarray, doubtful: set[int]
    ) -> DataError:
        first = int(np.flatnonzero(bad)[np.argmin([np.argmax(at == k) for k in np.flatnonzero(bad)])])
        rows = np.flatnonzero(np.isin(at, np.flatnonzero(bad)))
        places = ", ".join(str(int(row) + self.answers.first_row) for row in rows[:3])
        told = f"{counted(int(counts[bad].sum()), 'row')}, first in row {places}"
        if first in doubtful:
            return DataError(
                f"'{_shown(texts[first])}' may be thousands or decimals ({told})",
                where=f"{self.answers.log.file}, column '{self.name}'",
                remedy="Write numbers without commas between thousands and with a point before decimals",
            )
        what = "an infinite number" if np.isinf(Numbers(texts[first : first + 1]).values[0]) else "text"
        return DataError(
            f"{what} where {'codes' if self.choices else 'numbers'} are expected: '{_shown(texts[first])}' ({told})",
            where=f"{self.answers.log.file}, column '{self.name}'",
            expected=_expected(self.choices),
            remedy="Correct the file, or the type of this item in the questionnaire",
        )

    def _labelled(self) -> None:
        """The file's own labels against the questionnaire's: the same words on other codes turn every result round."""
        found = self.answers.values.get(self.name, {})
        twice = [label for label, times in Counter(found.values()).items() if times > 1]
        if twice:
            self.notes.warnings.append(f"{self.name}: two codes carry the label '{_shown(twice[0])}' in the file")
        if self.labelled is None:
            return
        own = {code: self.labelled.answer(label) for code, label in found.items()}
        moved = {code: ours for code, ours in own.items() if ours is not None and self.own.get(int(code), code) != ours}
        if moved:
            code, ours = next(iter(moved.items()))
            raise DataError(
                f"the file calls {code:g} '{_shown(found[code])}', which is {ours} in the questionnaire "
                f"({counted(len(moved), 'label')} on another code)",
                where=f"{self.answers.log.file}, column '{self.name}'",
                remedy="Give the choice list of this item the codes of the file, or recode the file; as it is, "
                "results would be turned round",
            )

    def _declared(self, values: Array, counts: np.ndarray) -> Array:
        """Codes that only the file declares to be no answer, emptied."""
        mine = {*self.known, *self.own.values()}
        for unmapped in sorted(self.answers.missing.get(self.name, frozenset()) - set(self.codes)):
            hits = values == unmapped
            if unmapped in mine or not hits.any():
                continue
            values = np.where(hits, np.nan, values)
            told = counted(int(counts[hits].sum()), "row")
            self.notes.entries.append(f"{self.name}: {unmapped:g} is declared missing in the file, {told} emptied")
        return values

    def _judge(self, values: Array, counts: np.ndarray) -> None:
        """Codes and numbers that cannot be: unknown negative ones are gathered, others warned of."""
        self._near(values, counts)
        told = {*self.own.values(), *self.words.values(), *self._reasons(), *self.questionnaire.missing, *self.worded}
        measured = self.choices is None or self.item.type in MEASURED
        codes = set(self.choices.codes) if self.choices is not None else set()
        low, high = self.item.bounds(self.questionnaire.year)
        reasons = np.isin(values, [code for code in self.questionnaire.missing if code not in self.codes.values()])
        below = (values < 0) & (low >= 0 or not measured)
        odd = ~np.isin(values, [*codes, *told]) & (below | np.isin(values, list(self.known)) | (not measured))
        for k in np.flatnonzero((reasons | odd) & ~np.isnan(values) & (counts > 0)).tolist():
            value, count = float(values[k]), int(counts[k])
            if reasons[k]:
                self.notes.kept.setdefault(int(value), Counter())[self.name] += count
            if not odd[k]:
                continue
            if value in self.known or below[k]:
                self.notes.unknown.setdefault(value, Counter())[self.name] += count
            elif not measured:
                self.notes.warnings.append(
                    f"{self.name}: {value:g} is not in the choice list, {counted(count, 'row')} not counted"
                )
        if measured and low == -np.inf and not self.questionnaire.drafted:
            self.notes.count_negatives(self.name, like_codes(values[(counts > 0) & ~np.isin(values, list(told))]))
        if self.item.type == "integer" and (broken := np.isfinite(values) & (values != np.rint(values))).any():
            shown = counted(int(counts[broken].sum()), "number")
            self.notes.warnings.append(f"{self.name}: {shown} with decimals where whole ones are expected, kept")
        off = ~np.isin(values, [*told, *self.known, *codes]) & ((values < low) | (values > high))
        if measured and off.any():
            numbers = counted(int(counts[off].sum()), "number")
            self.notes.warnings.append(f"{self.name}: {numbers} outside {low:g} to {high:g}, kept")

    def _near(self, values: Array, counts: np.ndarray) -> None:
        """Numbers a hair beside a code become that code; halves never do."""
        if self.choices is None or not len(values):
            return
        whole = np.rint(values)
        near = (values != whole) & (np.abs(values - whole) < NEAR) & np.isin(whole, list(self.choices.codes))
        if near.any():
            values[near] = whole[near]
            self.notes.entries.append(
                f"{self.name}: {counted(int(counts[near].sum()), 'cell')} within a millionth of a code read as the code"
            )

    def _reasons(self) -> Iterable[int]:
        """Missing codes of ours that the file itself labels with our words: no guess is needed."""
        for code, label in self.answers.values.get(self.name, {}).items():
            both = MISSING.get(int(code)) if float(code).is_integer() else None
            if both is not None and spelling(label) in {spelling(text) for text in both.values()}:
                yield int(code)


def _day(cell: str, count: int, odd: Counter[str]) -> str | None:
    """The day in ISO form; `odd` learns how many cells are none."""
    try:
        read = day(cell)
    except ValueError:
        odd["with a day that cannot be, emptied"] += count
        return None
    if read is None:
        odd["with no day that can be read one way only, kept as text; write days as 2024-05-01"] += count
    return read or cell


def _shown(text: str) -> str:
    return text.strip()[:20]


def _expected(choices: Choices | None) -> str:
    if choices is None:
        return "numbers"
    shown = [f"{code} {say(text)}" for code, text in list(choices.codes.items())[:6]]
    return ", ".join(shown) + (" ..." if len(choices.codes) > 6 else "")
