"""The verb: outcomes across compounds, in all, within types, and type by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from surveyor.arrays import Array, Codes, Flags
from surveyor.errors import UsageError
from surveyor.format import counted
from surveyor.measure.compounds.one_way import OneWay, fitted
from surveyor.measure.compounds.outcome import Outcome, outcome_of, with_scores
from surveyor.measure.compounds.result import Across, Compounds, Part
from surveyor.measure.compounds.sums import Sums, sums_of
from surveyor.measure.compounds.texts import say
from surveyor.survey import Survey
from surveyor.survey.groups import Groups, groups_of

#: A type with fewer compounds has no variance between them.
FEWEST = 3
#: Nearer to 0 or 1 than this, the interval of the ICC of a share covers too little (benchmarks/ICC.md).
RARE = 0.2


def compounds(survey: Survey, outcomes: str | Sequence[str], by: str | None = None) -> Compounds:
    """How far compounds differ in outcomes, and how well their means are known (Raudenbush and Sampson 1999).

    outcomes  columns (numbers, ordered answers as their numbers, yes/no as 1 and 0) or scales of the questionnaire
    by        the type of compounds, with two groups: then also within each type and within types together, where the
              means of the types are no difference between compounds

    The model is y_ij = mu + u_j + e_ij, by restricted maximum likelihood and without weights. A compound is a unit of
    the first column of `clusters` in the design.

    Raises UsageError for a design without clusters, a column that is no number, and compounds that hold residents of
    both types.

    >>> import pandas as pd
    >>> from surveyor.design import Design
    >>> frame = pd.DataFrame({"home": [1, 1, 2, 2, 3, 3], "y": [0, 2, 4, 6, 5, 7]})
    >>> made = compounds(Survey(frame, design=Design(clusters="home")), "y")
    >>> made.part("y").model.sigma2
    2.0
    """
    if not survey.design.clusters:
        raise UsageError(
            "the design names no clusters, so that nobody knows who lives in the same compound",
            expected='sv.Design(weights=..., strata=..., clusters="compound_id")',
            remedy="Name the column of the compounds in the design",
        )
    survey, names = with_scores(survey, outcomes)
    groups = groups_of(survey, by)
    places = _placed(survey, groups)
    found = tuple(_across(survey, outcome_of(survey, name), places) for name in names)
    return Compounds(survey, by, found, places.labels, places.first, bool(places.outside))


@dataclass(frozen=True, eq=False)
class Places:
    """Who belongs where.

    unit     (n,) compound of each row; first (U,) a row of each compound
    type     (U,) type of each compound, -1 for none
    there    (n,) rows that count
    labels   of the types; none where no type was asked for
    outside  how many compounds are of neither type
    """

    groups: Groups
    unit: Codes
    first: Codes
    type: Codes
    there: Flags
    labels: tuple[str, ...]
    outside: int


def _placed(survey: Survey, groups: Groups) -> Places:
    units = survey.units
    unit = units.first.member[units.unit]
    weighted = units.weights > 0
    there = weighted & (groups.cell >= 0)
    U, G = int(unit.max()) + 1, groups.count
    held = np.bincount(unit[there] * G + groups.cell[there], minlength=U * G).reshape(U, G) > 0
    mixed = int((held.sum(axis=1) > 1).sum())
    if mixed:
        raise UsageError(
            f"{counted(mixed, 'compound')} with residents of both groups of '{groups.by}'",
            expected="a type of compounds, the same for all residents of one",
            remedy="Correct the type of these compounds, or ask one group at a time with survey.where()",
        )
    type_of = np.where(held.any(axis=1), held.argmax(axis=1), -1)
    outside = int((np.bincount(unit[weighted & ~there], minlength=U) > 0).sum())
    first = np.zeros(U, dtype=np.intp)
    first[unit[::-1]] = np.arange(len(unit))[::-1]
    labels = tuple(survey.level_text(groups.by, code) for code in groups.codes) if groups.by else ()
    return Places(groups, unit, first, type_of, there, labels, outside)


def _across(survey: Survey, outcome: Outcome, places: Places) -> Across:
    lang, everybody = survey.lang, np.zeros_like(places.type)
    known = places.there & np.isfinite(outcome.values)
    inside = replace(survey, domain=places.there if survey.domain is None else places.there & survey.domain)
    whole = inside.estimate([outcome.statistic])
    sums = _sums(outcome, known, places, everybody)
    overall = _part(say("all", lang), survey, sums, outcome.share, whole.deff(), whole.values)
    if places.groups.by is None:
        return Across(outcome, (overall,))
    sides = places.groups.estimate(survey, [outcome.statistic])
    deff, parts = sides.deff(), []
    for g, label in enumerate(places.labels):
        sums = _sums(outcome, known & (places.groups.cell == g), places, everybody)
        parts.append(_part(label, survey, sums, outcome.share, deff[g : g + 1], sides.values[g : g + 1]))
    within = _part(say("within", lang), survey, _sums(outcome, known, places, places.type), outcome.share)
    return Across(outcome, (*parts, within, overall))


def _sums(outcome: Outcome, rows: Flags, places: Places, type_of: Codes) -> Sums:
    at = np.flatnonzero(rows)
    return sums_of(outcome.values[at], places.unit[at], type_of)


NONE = np.array([np.nan])


def _part(label: str, survey: Survey, sums: Sums, share: bool, deff: Array = NONE, mean: Array = NONE) -> Part:
    why = _impossible(sums, survey)
    model = None if why else fitted(sums)
    said = [why] if model is None else _cautions(model, share, survey)
    return Part(label, sums, model, float(deff[0]), float(mean[0]), "; ".join(each for each in said if each))


def _cautions(model: OneWay, share: bool, survey: Survey) -> list[str]:
    """What to think of when the model is read."""
    rare = share and not RARE <= float(model.sums.n @ model.sums.mean) / model.sums.answers <= 1 - RARE
    bound = [] if model.ratio > 0 else ["bound" if model.interval()[1] > 0 else "closer"]
    keys = [*bound, *(["rare"] if rare else [])]
    return [say(key, survey.lang) for key in keys]


def _impossible(sums: Sums, survey: Survey) -> str:
    """Why there is no ICC; nothing where there is one."""
    fewest = int(sums.per_type(np.ones(sums.compounds)).min())
    if fewest < FEWEST:
        return say("few", survey.lang, n=str(fewest))
    if sums.within_df <= 0:
        return say("single", survey.lang)
    total = sums.within + OneWay(sums, 0.0).between
    if total <= sums.answers * (1e-13 * sums.level) ** 2:
        return say("constant", survey.lang)
    return say("alike", survey.lang) if sums.within <= 1e-20 * total else ""
