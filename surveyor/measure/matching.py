"""Residents of two groups matched on what the other items of a scale say, as far as these items can be relied on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.estimate import Estimate
from surveyor.statistics import Alpha, Mean
from surveyor.survey.groups import Groups, groups_of

if TYPE_CHECKING:
    from surveyor.survey import Survey

Matching = Literal["corrected", "observed"]
MATCHING: tuple[Matching, ...] = ("corrected", "observed")
#: Columns of a model -> its numbers.
Fit = Callable[[dict[str, Array]], Array]
#: Below this reliability in a group the other items tell nothing of what they should measure.
LEAST = 0.1
#: The step by which numbers are moved to see how a fit follows them.
STEP = 1e-4


@dataclass(frozen=True, eq=False)
class Match:
    """The scores that residents are matched on for one item.

    survey     the residents, with columns `answer` to the item, `score`, and `group` (0, 1, or none)
    observed   (n,) mean of the other items
    cell       (n,) 0, 1, or -1 for neither group
    measured   means (a, b) of the observed score and its reliabilities (a, b)
    matching   whether the score is corrected for them
    """

    survey: Survey
    answer: str
    score: str
    group: str
    observed: Array
    cell: Codes
    measured: Estimate
    matching: Matching

    @property
    def reliability(self) -> tuple[float, float]:
        """Alpha of the other items in the two groups."""
        return float(self.measured.values[2]), float(self.measured.values[3])

    @property
    def reliable(self) -> bool:
        """Whether the other items tell anything in both groups; a score used as it is need not be."""
        return self.matching == "observed" or min(self.reliability) >= LEAST

    def corrected(self, numbers: Array) -> Array:
        """The score (n,) expected of a resident without error: m + r (x - m), m and r of the own group."""
        mean, trust = numbers[:2][self.cell], numbers[2:][self.cell]
        return np.asarray(mean + trust * (self.observed - mean))

    def deviations(
        self, made: Estimate, columns: Mapping[str, Array], fit: Callable[[dict[str, Array]], Array]
    ) -> Array:
        """Deviations of numbers that a model gives, with the error of the correction: D + D_m J'.

        J, how the numbers follow the means and reliabilities, is taken from fits at either side of each: the correction
        is estimated from the same residents, and moves with them (Murphy and Topel 1985).
        """
        if self.matching == "observed":
            return made.deviations
        at, J = self.measured.values, []
        for k in range(len(at)):
            step = STEP * np.eye(len(at))[k]
            up, down = (fit({**columns, self.score: self.corrected(at + sign * step)}) for sign in (1, -1))
            J.append((up - down) / (2 * STEP))
        return np.asarray(made.deviations + self.measured.deviations @ np.array(J))


def matches(
    survey: Survey, by: str, points: Mapping[str, Array], parts: Mapping[str, Array],
    others: Mapping[str, Sequence[str]], matching: Matching,
) -> dict[str, Match]:  # fmt: skip
    """For each item the scores on its other items.

    The observed score x is the mean of the others where all are answered. Residents of two groups with the same x are
    not alike in what x measures where the groups differ in it: each is nearer to the mean of the own group, the more
    so the less x is reliable. "corrected" takes this expectation, Kelley's, within each group, as SIBTEST does (Shealy
    and Stout 1993) and DeMars (2009) brought to logistic regression; the reliability is Cronbach's alpha.

    points   item -> answers (n,) as points, turned; parts: the same as the score adds them up
    others   item -> the items it is matched on
    """
    cell = groups_of(survey, by).cell
    taken = {*survey.frame.columns, *(survey.questionnaire.scales if survey.questionnaire else ())}
    group = _free("side", taken)
    columns = {group: np.where(cell >= 0, cell, np.nan).astype(float)}
    part = {name: _free(f"part_{k}", taken) for k, name in enumerate(parts)}
    columns |= {part[name]: values for name, values in parts.items()}
    observed = {name: np.mean([parts[other] for other in some], axis=0) for name, some in others.items()}
    answer = {name: _free(f"answer_{k}", taken) for k, name in enumerate(others)}
    score = {name: _free(f"score_{k}", taken) for k, name in enumerate(others)}
    for name in others:
        columns |= {answer[name]: points[name], score[name]: observed[name]}
    wide = _with(survey, columns)
    found: dict[str, Match] = {}
    groups: Groups = groups_of(wide, group)
    for name, some in others.items():
        inside = tuple(part[other] for other in some)
        measured = groups.estimate(wide, [Mean(score[name]), Alpha(inside, (1,) * len(inside))])
        found[name] = Match(wide, answer[name], score[name], group, observed[name], cell, measured, matching)
    if matching == "observed":
        return found
    fixed = {each.score: each.corrected(each.measured.values) for each in found.values() if each.reliable}
    ready = _with(wide, fixed)
    return {name: replace(match, survey=ready) for name, match in found.items()}


def _with(survey: Survey, columns: Mapping[str, Array]) -> Survey:
    """The same residents under the same design with more columns."""
    assert survey.met is not None
    met = survey.met.extended(columns, survey.questionnaire)
    return replace(survey, frame=met.frame, met=met)


def _free(name: str, taken: set[str]) -> str:
    """A name that no column has, which from now on is taken."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name
