"""Known totals of the population, as the user writes them, made into calibration variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from surveyor.arrays import Array, Flags
from surveyor.design.calibration import METHODS, Calibration, Margins
from surveyor.design.columns import several
from surveyor.errors import DesignError, UsageError, guess
from surveyor.format import count, counted

if TYPE_CHECKING:
    from surveyor.questionnaire.column import Column


def margins_of(
    column: Callable[[str], Column],
    there: Flags,
    margins: Mapping[str | tuple[str, ...], Any],
    method: Calibration,
    bounds: tuple[float, float] | None,
    size: float | None,
) -> Margins:
    """X and its totals: one variable per answer of each margin, the column itself for a total, ones for the size.

    column   name -> its numbers and answers
    there    (n,) the residents with weight above 0

    Raises UsageError for an unknown method, column or answer and totals that are no numbers, DesignError for margins
    that leave somebody out, name an answer nobody gave, say nobody is what somebody is, or do not add up to one
    population.
    """
    _possible(margins, method, bounds, size)
    columns: list[Array] = [] if size is None else [np.ones(len(there))]
    totals: list[float] = [] if size is None else [_people(size, "the size of the population", some=True)]
    sums: dict[str, float] = {} if size is None else {"size": totals[0]}
    for key, known in margins.items():
        names = several(key)
        if isinstance(known, Mapping):
            hits, people = _answers(column, there, names, known)
            columns.extend(hits)
            totals.extend(people)
            sums[" x ".join(names)] = float(sum(people))
        else:
            columns.append(_measured(column, names))
            totals.append(_number(known, f"the total of '{names[0]}'"))
    if sums and max(sums.values()) - min(sums.values()) > 1e-6 * max(sums.values()):
        shown = ", ".join(f"{name} {count(total)}" for name, total in sums.items())
        raise DesignError(f"the margins add up to different populations: {shown}", remedy="Bring them to one total")
    return Margins(np.column_stack(columns), np.array(totals), method, bounds)


def _possible(margins: Any, method: Any, bounds: Any, size: Any) -> None:
    """Refuses calls that no data could answer."""
    if method not in METHODS:
        raise UsageError(f"there is no calibration '{method}'", remedy=guess(str(method), METHODS))
    if not isinstance(margins, Mapping) or not (margins or size is not None):
        what = "there are no margins to calibrate to" if isinstance(margins, Mapping) else "the margins are no dict"
        raise UsageError(what, expected='for example {"sex": {1: 4800, 2: 5200}}')
    for key in margins:
        names = (key,) if isinstance(key, str) else key
        if not isinstance(names, tuple) or not names or not all(isinstance(name, str) for name in names):
            raise UsageError(f"the margin of {key!r} names no column", expected="a column's name, or a tuple of names")
    if method == "poststratify" and (len(margins) != 1 or size is not None):
        raise UsageError("post-stratification takes one margin", expected="one key; a tuple of columns crosses them")
    if bounds is not None and (method != "linear" or not _around_one(bounds)):
        raise UsageError(f"bounds={bounds} do not go with '{method}'", expected='method="linear", bounds around 1')


def _around_one(bounds: Any) -> bool:
    try:
        low, high = bounds
        return bool(0 <= low < 1 < high)
    except (TypeError, ValueError):
        return False


def _answers(
    column: Callable[[str], Column], there: Flags, names: tuple[str, ...], known: Mapping[Any, Any]
) -> tuple[list[Array], list[float]]:
    """Who gave each answer (n,), and how many people do in the population."""
    given = [column(name) for name in names]
    codes, crossed = [one.values for one in given], " x ".join(names)
    _complete(codes, names)
    covered = np.zeros(len(there), dtype=bool)
    columns, totals = [], []
    for answer, value in known.items():
        parts = answer if isinstance(answer, tuple) else (answer,)
        if len(parts) != len(names):
            raise UsageError(f"'{answer}' is no answer of {crossed}", expected=f"{counted(len(names), 'answer')} each")
        hits = np.ones(len(there), dtype=bool)
        for name, one, part in zip(names, given, parts, strict=True):
            hits &= one.values == one.code(name, part)
        people = _people(value, f"the total of '{answer}' on {crossed}")
        some = int((hits & there).sum())
        if not some and people > 0:
            raise DesignError(f"nobody in the data is '{answer}' on {crossed}", remedy="Join it with another answer")
        if some and not people:
            raise DesignError(
                f"nobody in the margin of {crossed} is '{answer}', but {counted(some, 'resident')} in the data",
                expected="people behind every answer in the data",
                remedy="Give the real total; residents who are not of the population get weight 0 in the data",
            )
        covered |= hits
        columns.append(hits.astype(float))
        totals.append(people)
    if not covered.all():
        at = int(np.argmin(covered))
        answers = [one.labels[c]["en"] if (c := float(one.values[at])) in one.labels else f"{c:g}" for one in given]
        raise DesignError(
            f"the margin of {crossed} leaves {counted(int((~covered).sum()), 'resident')} out, "
            f"the first with '{' x '.join(answers)}'",
            expected="a total for every answer in the data",
        )
    return columns, totals


def _people(value: Any, what: str, some: bool = False) -> float:
    people = _number(value, what)
    if people < 0 or (some and not people):
        raise UsageError(f"{what} is {people:g}", expected=f"a number of people {'above' if some else 'of at least'} 0")
    return people


def _number(value: Any, what: str) -> float:
    try:
        number = np.nan if isinstance(value, str | bytes) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = np.nan
    if not np.isfinite(number):
        raise UsageError(f"{what} is {str(value)[:40]!r}", expected="a number")
    return number


def _measured(column: Callable[[str], Column], names: tuple[str, ...]) -> Array:
    if len(names) != 1:
        raise UsageError(f"a total belongs to one column, not to {len(names)}")
    made = column(names[0])
    if made.word is not None:
        raise UsageError(
            f"'{names[0]}' holds words, which have no total",
            expected=f"people behind every answer, such as {{'{names[0]}': {{'{made.word}': 100, ...}}}}",
        )
    _complete([made.values], names)
    return made.values


def _complete(codes: list[Array], names: tuple[str, ...]) -> None:
    for values, name in zip(codes, names, strict=True):
        gaps = ~np.isfinite(values)
        if gaps.any():
            raise DesignError(
                f"{int(gaps.sum())} residents have no answer on '{name}'",
                remedy="Calibration needs it of everybody: fill it in, or use another margin",
            )
