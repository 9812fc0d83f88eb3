"""The words for the answers of a choice list, as they may stand in cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from surveyor.arrays import Array
from surveyor.questionnaire import MISSING, Choices
from surveyor.reading.cells import spelling

Kind = Literal["codes", "labels", "either", "both"]


@dataclass(frozen=True)
class Words:
    """Labels in either language -> code; an answer's own label comes before a reason not to answer."""

    choices: Choices

    @cached_property
    def answers(self) -> Mapping[str, int]:
        """The labels of answers, letter by letter."""
        return {label: code for code, both in self.choices.codes.items() for label in both.values()}

    @cached_property
    def reasons(self) -> Mapping[str, int]:
        """Our words for no answer, letter by letter."""
        return {label: code for code, both in MISSING.items() for label in both.values()}

    @cached_property
    def spelled(self) -> Mapping[str, int]:
        """The same by spelling, without spellings that two answers share."""
        return _single(self.reasons.items()) | _single(self.answers.items())

    def answer(self, label: str) -> int | None:
        """The code of an answer's label, however it is spelled; None where it is none, or may be two."""
        return self.answers.get(label, _single(self.answers.items()).get(spelling(label)))

    def code(self, cell: str) -> int | None:
        """The code of a label or reason that is written letter by letter as in the questionnaire."""
        return self.answers.get(cell, self.reasons.get(cell))

    def clashes(self, cells: Sequence[str], values: Array) -> list[int]:
        """Which cells, read as numbers, are another answer than the one they are the label of."""
        answers, numbers = self.answers, np.isfinite(values)
        return [k for k, cell in enumerate(cells) if cell in answers and numbers[k] and values[k] != answers[cell]]

    def kind(self, cells: Sequence[str], values: Array, missing: Collection[int]) -> Kind:
        """What the cells of a column are: codes, labels, either, or some one and some the other.

        values   the cells as numbers, NaN where they are none
        missing  codes for no answer, which go with both
        """
        codes = [value in self.choices.codes for value in values]
        words = [self.code(cell) is not None or spelling(cell) in self.spelled for cell in cells]
        neutral = np.isin(values, list(missing))
        only_words = bool(np.isnan(values).any())
        only_codes = any(
            not word and not free and not np.isnan(value)
            for word, free, value in zip(words, neutral, values, strict=True)
        )
        if only_words or only_codes:
            return "both" if only_words and only_codes else "labels" if only_words else "codes"
        return "either" if all(code or free for code, free in zip(codes, neutral, strict=True)) else "labels"


def _single(words: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for label, code in words:
        found.setdefault(spelling(label), set()).add(code)
    return {key: codes.pop() for key, codes in found.items() if len(codes) == 1}
