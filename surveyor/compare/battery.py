"""The same outcomes in two groups: `survey.compare`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.compare.comparison import Comparison
from surveyor.compare.effects import standardised, superiority
from surveyor.compare.few_units import beside, left_out, reduced
from surveyor.compare.gates import Measured, through_gates
from surveyor.compare.groups import INFERENCE, Inference, TwoGroups, two_groups
from surveyor.compare.permutation import Permutation
from surveyor.errors import UsageError, guess
from surveyor.estimate import Estimate
from surveyor.multiplicity import CORRECTIONS, Correction
from surveyor.statistics import Mean, Proportion, Spread, Statistic
from surveyor.survey import Survey, completed, levels_of

Outcome = str | Mean | Proportion
Margin = float | Mapping[str, float] | None


@dataclass(frozen=True)
class Row:
    """One line of a comparison: an outcome, or one level of it.

    combine   (L,) how the L values per group make this row: a mean, a level, or pooled levels
    order     +1 where higher codes are more favourable, -1 where lower ones are, 0 where levels have no order
    """

    outcome: str
    level: Any
    combine: Array
    order: int


def compare(
    survey: Survey,
    outcomes: Outcome | Sequence[Outcome],
    by: str = "type",
    inference: Inference | Permutation = "auto",
    correct: Correction = "holm",
    margin: Margin = None,
    measurement: Measured | None = None,
) -> Comparison:
    """Compare outcomes between the two groups of `by`: difference a - b, interval, size, verdict.

    outcomes   names or statistics (Mean, Proportion). An item with a favourable end (`top` in its choice
               list) is compared by the share of that end, another item with choices by every level, a number by
               its mean, a scale of the questionnaire by its score
    inference  "auto", "strata", "design", "cr2" or "permutation": see TwoGroups; sv.Permutation(draws, seed) for
               other permutations than 9,999 from seed 1
    correct    "holm", "bh", "max-t" or "none": adjustment of the p-values for the number of rows
    margin     the bound under which a gap is too small to matter, for all outcomes or by name
    measurement  what survey.measurement(...) found of the scales: one that is not reliable, or does not work alike
               in both groups, is compared by its items, and says so

    Raises UsageError for unknown names, or unless `by` has two groups with residents.
    """
    if not isinstance(inference, Permutation):
        _known("inference", inference, INFERENCE)
    _known("correct", correct, CORRECTIONS)
    if correct == "max-t" and (inference == "permutation" or isinstance(inference, Permutation)):
        raise UsageError("max-t adjusts t tests, and these are permutations", remedy='Use correct="holm" or "bh"')
    asked = [outcomes] if isinstance(outcomes, str | Statistic) else list(outcomes)
    if not isinstance(by, str):
        raise UsageError(f"by={by!r} is not one column", expected='a name, such as by="type"')
    if not asked:
        raise UsageError("no outcome was named", expected="at least one column or statistic")
    for outcome in asked:
        if not isinstance(outcome, str | Mean | Proportion):
            raise UsageError(f"{outcome!r} cannot be compared", expected="a column's name, Mean or Proportion")
        if (outcome if isinstance(outcome, str) else outcome.variable) == by:
            raise UsageError(f"'{by}' makes the groups and cannot be compared between them")
    survey, listed, said = through_gates(survey, asked, by, measurement)
    groups = two_groups(survey, by, inference)
    groups = replace(groups, notes=(*groups.notes, *left_out(groups.inference, groups.units, survey.lang)))
    parts = [_part(survey, outcome, groups) for outcome in listed]
    rows = [row for rows, _ in parts for row in rows]
    sides = _joined([_sides(*part) for part in parts])
    clusters = tuple(groups.clusters(_valid(survey, row)) for row in rows)
    if groups.inference == "cr2":
        sides, df = reduced(groups, [_answers(survey, row) for row in rows], sides)
    else:
        df = np.array([groups.degrees(_valid(survey, row)) for row in rows])
    wanted = [beside(groups, pair) for pair in clusters]
    permuted = [
        groups.permuted(_answers(survey, row)) if each else None for row, each in zip(rows, wanted, strict=True)
    ]
    return Comparison(
        sides=sides,
        sizes=lambda: _joined([_effects(survey, groups, *part) for part in parts]),
        outcomes=tuple(row.outcome for row in rows),
        levels=tuple(row.level for row in rows),
        df=df,
        clusters=clusters,
        groups=groups,
        correct=correct,
        margins=_margins(margin, rows, asked),
        names={row.outcome: survey.label(row.outcome) for row in rows},
        permuted=tuple(permuted),
        said=said,
    )


def _part(survey: Survey, outcome: Outcome, groups: TwoGroups) -> tuple[list[Row], Estimate]:
    """The rows of one outcome and the joint estimate they are made of, group a before group b."""
    asked = survey.summary(outcome) if isinstance(outcome, str) else outcome
    name = asked.variable
    column = survey.column(name)
    if isinstance(asked, Mean):
        made = groups.estimate(survey, Spread(name))
        return [Row(name, None, np.array([1.0, 0.0]), 0)], made
    listed = levels_of(column, name) if column.levels else [float("nan")]
    codes = sorted(listed)
    made = groups.estimate(survey, Proportion(name, tuple(codes)))
    choices = survey.questionnaire.choices_of(name) if survey.questionnaire else None
    order = choices.direction if choices is not None and not choices.apart and _is_ordinal(survey, name) else 0
    pooled = completed(survey, asked)
    levels: Sequence[Any] = (pooled.levels if isinstance(pooled, Proportion) else None) or listed
    return [Row(name, level, np.isin(codes, level).astype(float), order) for level in levels], made


def _sides(rows: Sequence[Row], made: Estimate) -> Estimate:
    """Two values a row, a then b, as linear combinations of the joint estimate."""
    L = np.zeros((2 * len(rows), len(made)))
    half = len(made) // 2
    for i, row in enumerate(rows):
        L[2 * i, :half] = row.combine
        L[2 * i + 1, half:] = row.combine
    groups = made.cells.columns[0]
    codes = made.cells[groups].drop_duplicates()
    what = "mean" if rows[0].level is None else "proportion"
    cells = [(code, row.outcome, row.level, what) for row in rows for code in codes]
    named = pd.DataFrame(cells, columns=[groups, "variable", "level", "statistic"], dtype=object)
    return replace(made.contrast(L), cells=named)


def _effects(survey: Survey, groups: TwoGroups, rows: Sequence[Row], made: Estimate) -> Estimate:
    """Two values a row: the standardised difference and the probability of superiority (NaN without order)."""
    half = len(made) // 2
    if rows[0].level is None:

        def size(v: Any) -> Any:
            return np.stack([standardised(v[0], v[half], v[1], v[half + 1])])

        with np.errstate(divide="ignore", invalid="ignore"):
            return made.transform(size, "effect").beside(groups.whole(survey, rows[0].outcome))

    def formula(v: Any) -> Any:
        a, b = v[:half], v[half:]
        out = []
        for row in rows:
            p, q = row.combine @ a, row.combine @ b
            better = superiority(a[:: row.order], b[:: row.order]) if row.order else np.nan * p
            out += [standardised(p, q, p * (1 - p), q * (1 - q)), better]
        return np.stack(out)

    with np.errstate(divide="ignore", invalid="ignore"):
        return made.transform(formula, "effect")


def _valid(survey: Survey, row: Row) -> Flags:
    column = survey.column(row.outcome)
    return np.ones(1, dtype=bool) if column.complete else np.asarray(np.isfinite(column.values))


def _answers(survey: Survey, row: Row) -> Array:
    """The numbers (n,) whose mean a row compares: the answers, or 1 and 0 for one of its levels and another."""
    y = survey.column(row.outcome).values
    if row.level is None:
        return y
    return np.where(np.isfinite(y), np.isin(y, row.level), np.nan)


def _joined(estimates: Sequence[Estimate]) -> Estimate:
    whole = estimates[0]
    for each in estimates[1:]:
        whole = whole.beside(each)
    return whole


def _is_ordinal(survey: Survey, name: str) -> bool:
    q = survey.questionnaire
    return q is not None and name in q and q.item(name).type == "ordinal"


def _margins(margin: Margin, rows: Sequence[Row], wanted: Sequence[Any]) -> tuple[float | None, ...]:
    """The bound of each row; refused where it names no outcome, is not above 0, or is no share for a share.

    wanted   what was asked for; a scale whose gate is closed is compared by its items
    """
    if isinstance(margin, Mapping):
        names = list(dict.fromkeys(row.outcome for row in rows))
        for name in margin:
            if name not in names:
                by_items = "the scale is compared by its items here: name a bound for each of them"
                remedy = by_items if name in wanted else guess(str(name), names)
                raise UsageError(f"margin names '{name}', which is not compared", remedy=remedy)
    found = tuple(margin.get(row.outcome) if isinstance(margin, Mapping) else margin for row in rows)
    for bound, row in zip(found, rows, strict=True):
        if bound is None:
            continue
        if (
            isinstance(bound, bool)
            or not isinstance(bound, int | float)
            or not bound > 0
            or (row.level is not None and bound >= 1)
        ):
            raise UsageError(
                f"the margin {bound!r} of '{row.outcome}' cannot be a bound",
                expected="a number above 0; for shares below 1, such as 0.05 for five points",
            )
    return found


def _known(what: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise UsageError(f"{what}='{value}' is not known", remedy=guess(str(value), allowed))
