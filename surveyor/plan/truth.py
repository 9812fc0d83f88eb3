"""The true values: brute force over everybody in the simulated population."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, Flags
from surveyor.format import significant
from surveyor.plan.places import Places
from surveyor.plan.population import compound_of
from surveyor.plan.sheets import ADMINISTRATIVE, PER_FORMS
from surveyor.plan.tables import MATTERS, YEAR
from surveyor.plan.world import World
from surveyor.questionnaire import Item, Questionnaire
from surveyor.questionnaire.column import column_of
from surveyor.questionnaire.item import MEASURED
from surveyor.survey import Survey

FACETS = ("NET", "REC", "TRU", "BEL", "COH", "SCI")

DEFINITIONS: Mapping[str, str] = {
    "items": "mean (points of the scale, without answers beside it) or share of each answer, among those asked",
    "scales": "mean of the score by the questionnaire's rule on complete answers; standardised over all adults",
    "gap": "first group minus second group",
    "d": "gap over the pooled standard deviation of adults within the two groups",
    "H4": "gap in each facet of neighbourhood social capital, in their index, and in strangeness (rb19)",
    "H5": "gap in SCI among residents of 20 years or more, minus the gap among the others; and renters of under 3 "
    "years in the first group minus all of the second",
    "H8": "gap in committee-led participation (PMOB), gap in property-based participation (PPROP) among owners' "
    "households, each also as d, and the difference of the two d",
    "H10": "slopes over compounds, each compound counted once: mean CEF, and solved among surfaced, on activists per "
    "100 dwellings (f23, f07) and on a functioning owners' committee (f17 = 1), in each group, and first minus second",
    "H15": "surfaced among happened, minus solved (code 6) among surfaced, over the six kinds of matter",
    "H22": "slopes over communities, each counted once: share contacted (rf01 >= 1) on the administrative share of "
    "worker time, solved among surfaced on the share contacted, and solved among surfaced on the administrative share",
    "icc": "of each factor, without group and composition: the share of variance between compounds",
}


@dataclass(frozen=True, eq=False)
class People:
    """What true values are read from: answers (n, columns) of everybody, their scores, and their group.

    first, second   who is in the two groups that are compared
    """

    frame: pd.DataFrame
    asked: Questionnaire
    world: World
    places: Places
    first: Flags
    second: Flags
    scores: Mapping[str, Array]

    def item(self, name: str) -> Array:
        """An item's points: NaN where not asked, or an answer beside the scale."""
        return np.asarray(column_of(self.frame[name], self.asked).measured, dtype=float)

    def __contains__(self, name: object) -> bool:
        return name in self.frame.columns or name in self.scores


def people_of(frame: pd.DataFrame, asked: Questionnaire, world: World, places: Places, types: Codes) -> People:
    """The people with their scores; `types` (compounds,) has 1 and 2 for the groups, other codes for neither."""
    mine = np.asarray(types)[compound_of(world)]
    return People(frame, asked, world, places, mine == 1, mine == 2, _scores(frame, asked))


def _scores(frame: pd.DataFrame, asked: Questionnaire) -> dict[str, Array]:
    """The scores (n,) of every scale that has one, standardised over all adults."""
    names = [name for name, scale in asked.scales.items() if scale.score != "none"]
    scored = Survey(frame, questionnaire=asked).score(names) if names else None
    return {name: scored.frame[name].to_numpy() for name in names} if scored else {}


def truth(people: People) -> dict[str, Any]:
    """True values of every item and scale, and of the primary hypotheses the questionnaire has the items for."""
    asked = people.asked
    items = {
        column.id: _item(people, column.id)
        for column in asked.columns
        if column.id in people.frame.columns
        and column.type not in ("text", "date", "id")
        and not _of_fieldwork(people, column)
    }
    found = {
        "items": items,
        "scales": {name: _gap(people, values) for name, values in people.scores.items()},
        "primary": {
            name: make(people) for name, (make, needs) in PRIMARY.items() if all(each in people for each in needs)
        },
        "definitions": dict(DEFINITIONS),
    }
    short: dict[str, Any] = _short(found)
    return short


def _of_fieldwork(people: People, item: Item) -> bool:
    """Whether an item tells how an interview went, which nothing in the population can."""
    return item.concept == "QC" or item.id == people.asked.role("escorted")


def _item(people: People, name: str) -> dict[str, Any]:
    """Mean and gap of points, or the share of each answer."""
    values = people.item(name)
    item, choices = people.asked.item(name), people.asked.choices_of(name)
    as_points = item.type in (*MEASURED, "ordinal", "calculated") or choices is None
    found: dict[str, Any] = dict(_gap(people, values)) if as_points else {}
    if choices is not None and item.type not in MEASURED:
        every = people.frame[name].to_numpy(dtype=float)
        known = np.isin(every, list(choices.codes))
        found["shares"] = {
            str(code): _gap(people, np.where(known, every == code, np.nan), spread=False) for code in choices.codes
        }
    return found


def _gap(people: People, values: Array, within: Flags | None = None, spread: bool = True) -> dict[str, float]:
    """Mean in each group and their gap, in points and, with `spread`, in pooled standard deviations."""
    known = np.isfinite(values) if within is None else np.isfinite(values) & within
    a, b = values[known & people.first], values[known & people.second]
    if not len(a) or not len(b):
        return {}
    found = {"first": a.mean(), "second": b.mean(), "gap": a.mean() - b.mean()}
    if spread:
        pooled = np.sqrt((a.var() * len(a) + b.var() * len(b)) / (len(a) + len(b)))
        found["d"] = found["gap"] / pooled if pooled > 0 else 0.0
    return {name: float(value) for name, value in found.items()}


def _facets(people: People) -> dict[str, Any]:
    found: dict[str, Any] = {name: _gap(people, people.scores[name]) for name in FACETS}
    return found | {"rb19": _gap(people, people.item("rb19"))}


def _long_stay(people: People) -> dict[str, float]:
    years = YEAR - people.item("ra01")
    index = people.scores["SCI"]
    long, others = _gap(people, index, years >= 20), _gap(people, index, years < 20)
    short = people.first & np.isin(people.item("ra02"), (3, 4)) & (years < 3)
    return {
        "gap_long": long["gap"],
        "gap_others": others["gap"],
        "interaction": long["gap"] - others["gap"],
        "short_stay_renters": float(index[short].mean() - index[people.second].mean()),
    }


def _two_ways(people: People) -> dict[str, Any]:
    owners = np.isin(people.item("ra02"), (1, 2))
    led, own = _gap(people, people.scores["PMOB"]), _gap(people, people.scores["PPROP"], owners)
    return {"committee_led": led, "property_based": own, "interaction": led["d"] - own["d"]}


def _levers(people: People) -> dict[str, Any]:
    at = compound_of(people.world)
    compounds = people.places.compounds
    known, n = np.isfinite(people.scores["CEF"]), len(compounds)
    efficacy = np.bincount(at, np.where(known, people.scores["CEF"], 0.0), n) / np.bincount(at, known, n)
    outcomes = {"efficacy": efficacy, "resolution": _resolution(people, at, n)}
    levers = {
        "activists": 100 * compounds["chiefs"].to_numpy() / compounds["dwellings"].to_numpy(),
        "owners_committee": compounds["council"].to_numpy(dtype=float),
    }
    inside = [np.bincount(at, group, n) > 0 for group in (people.first, people.second)]
    found: dict[str, Any] = {}
    for outcome, y in outcomes.items():
        for lever, x in levers.items():
            first, second = (_slope(x[rows], y[rows]) for rows in inside)
            found[f"{outcome} on {lever}"] = {"first": first, "second": second, "difference": first - second}
    return found


def _funnel(people: People) -> dict[str, Any]:
    stages = np.column_stack([people.item(matter.item) for matter in MATTERS])
    found: dict[str, Any] = {}
    everybody = people.first | people.second
    for name, rows in (("first", people.first), ("second", people.second), ("both", everybody)):
        happened, surfaced, solved = ((stages[rows] >= k).sum() for k in (1, 2, 6))
        discovery, resolution = float(surfaced / happened), float(solved / surfaced)
        found[name] = {"discovery": discovery, "resolution": resolution, "difference": discovery - resolution}
    return found


def _chain(people: People) -> dict[str, float]:
    at = people.places.compounds["at"].to_numpy()[compound_of(people.world)]
    n = len(people.places.communities)
    administrative = ADMINISTRATIVE + PER_FORMS * people.places.communities["forms"].to_numpy(dtype=float)
    reached = np.bincount(at, people.item("rf01") >= 1, n) / np.bincount(at, minlength=n)
    solved = _resolution(people, at, n)
    return {
        "contact on administrative share": _slope(administrative, reached),
        "resolution on contact": _slope(reached, solved),
        "resolution on administrative share": _slope(administrative, solved),
    }


def _resolution(people: People, at: Codes, n: int) -> Array:
    """Solved among surfaced in each unit."""
    stages = np.column_stack([people.item(matter.item) for matter in MATTERS])
    solved, surfaced = ((stages >= k).sum(axis=1).astype(float) for k in (6, 2))
    return np.asarray(np.bincount(at, solved, n) / np.bincount(at, surfaced, n))


def _slope(x: Array, y: Array) -> float:
    spread = x - x.mean()
    total = float(spread @ spread)
    return float(spread @ (y - y.mean())) / total if total > 0 else float("nan")


#: Hypothesis -> how its true values are found, and the items and scales they need.
PRIMARY: Mapping[str, tuple[Callable[[People], dict[str, Any]], tuple[str, ...]]] = {
    "H4": (_facets, (*FACETS, "rb19")),
    "H5": (_long_stay, ("SCI", "ra01", "ra02")),
    "H8": (_two_ways, ("PMOB", "PPROP", "ra02")),
    "H10": (_levers, ("CEF", *(matter.item for matter in MATTERS))),
    "H15": (_funnel, tuple(matter.item for matter in MATTERS)),
    "H22": (_chain, ("rf01", *(matter.item for matter in MATTERS))),
}


def _short(found: Any) -> Any:
    """Numbers to ten digits, so that a file of them is the same wherever it is made."""
    if isinstance(found, dict):
        return {name: _short(value) for name, value in found.items()}
    return significant(found) if isinstance(found, float) else found
