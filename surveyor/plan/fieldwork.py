"""Fieldwork: compounds drawn in proportion to their dwellings, dwellings in them, one adult in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, Flags
from surveyor.plan.places import DISTRICTS, Places, Sizes
from surveyor.plan.seeds import stream
from surveyor.plan.world import GROUPS, Triple, World

#: What became of occupied dwellings without an interview (see surveyor.checking.response), by group. At the gate of
#: an estate nobody can tell who lives behind it: unknown.
OUTCOMES: Mapping[str, Triple] = {
    "R": (0.42, 0.34, 0.40), "NC": (0.36, 0.24, 0.32), "O": (0.12, 0.06, 0.10), "UH": (0.07, 0.30, 0.13),
    "UO": (0.03, 0.06, 0.05),
}  # fmt: skip
CLOSED: Mapping[str, Triple] = {
    "gate refused": (0.10, 0.62, 0.30), "entrance locked": (0.60, 0.30, 0.50), "not found": (0.30, 0.08, 0.20)
}  # fmt: skip
VISITS = {"I": (0.48, 0.27, 0.15, 0.10), "R": (0.45, 0.30, 0.15, 0.10), "NC": (0.0, 0.0, 0.1, 0.9)}


@dataclass(frozen=True, eq=False)
class Sample:
    """Who was drawn and answered.

    rows       the row of each respondent among the people; `at` the row of the compound
    weights    1 over the chance to be drawn, times occupied dwellings drawn over interviews
    strata     district and group, as one text
    compounds  the rows of the compounds that were drawn, in order
    asked_by   the number of the interviewer of each respondent
    doors      for each compound, of every dwelling drawn: somebody lives there, and was interviewed
    """

    rows: Codes
    at: Codes
    weights: Array
    strata: np.ndarray
    compounds: Codes
    asked_by: Codes
    doors: tuple[tuple[Flags, Flags], ...]


def sample(places: Places, people: World, sizes: Sizes, seed: int) -> Sample:
    """One sample of a population; another seed, another sample."""
    compounds = places.compounds
    chosen, chances = _compounds(compounds, sizes, stream(seed, "draw compounds"))
    rng = stream(seed, "draw dwellings")
    doors_of, homes_of = compounds["dwellings"].to_numpy(), compounds["occupied"].to_numpy()
    first = np.append(np.flatnonzero(people["line"] == 1), len(people))
    before = np.concatenate([[0], np.cumsum(compounds["occupied"])])
    rows, at, weights, doors = [], [], [], []
    for j, chance in zip(chosen.tolist(), chances.tolist(), strict=True):
        dwellings, occupied = int(doors_of[j]), int(homes_of[j])
        drawn = rng.choice(dwellings, min(sizes.drawn, dwellings), replace=False)
        there = drawn < occupied
        homes = rng.permutation(drawn[there])[: sizes.complete]
        start = first[before[j] + homes]
        adults = first[before[j] + homes + 1] - start
        rows.append(start + rng.integers(0, adults))
        at.append(np.full(len(homes), j))
        weights.append(dwellings / len(drawn) / chance * there.sum() / len(homes) * adults)
        doors.append((there, np.isin(drawn, homes)))
    where = np.concatenate(at).astype(np.intp)
    return Sample(
        rows=np.concatenate(rows),
        at=where,
        weights=np.concatenate(weights),
        strata=_strata(compounds)[where],
        compounds=chosen,
        asked_by=_interviewers(compounds["district"].to_numpy()[where], where, sizes.interviewers),
        doors=tuple(doors),
    )


def _compounds(compounds: pd.DataFrame, sizes: Sizes, rng: np.random.Generator) -> tuple[Codes, Array]:
    """Rows of the drawn compounds in each stratum, in order of their age, and the chance each had."""
    rows, chances = [], []
    where, groups = compounds["district"].to_numpy(), compounds["group"].to_numpy()
    for district in range(1, DISTRICTS + 1):
        for group in range(len(GROUPS)):
            inside = (where == district) & (groups == group)
            here = np.flatnonzero(inside)
            here = here[np.argsort(compounds["first"].to_numpy()[here], kind="stable")]
            n = sizes.compounds[group] // DISTRICTS + (district <= sizes.compounds[group] % DISTRICTS)
            chance = _chances(compounds["occupied"].to_numpy(dtype=float)[here], n)
            points = rng.random() + np.arange(min(n, len(here)))
            found = np.minimum(np.searchsorted(np.cumsum(chance), points, side="right"), len(here) - 1)
            rows.append(here[found])
            chances.append(chance[found])
    order = np.argsort(np.concatenate(rows))
    return np.concatenate(rows)[order], np.concatenate(chances)[order]


def _chances(size: Array, n: int) -> Array:
    """Chances in proportion to size that add up to n; 1 for units so large that they are taken in any case."""
    certain = np.zeros(len(size), dtype=bool)
    if n >= len(size):
        return np.ones(len(size))
    while True:
        chance = np.where(certain, 1.0, (n - certain.sum()) * size / size[~certain].sum())
        if (chance <= 1).all():
            return np.asarray(chance)
        certain |= chance >= 1


def _strata(compounds: pd.DataFrame) -> np.ndarray:
    return np.array([f"D{d}-{GROUPS[g]}" for d, g in zip(compounds["district"], compounds["group"], strict=True)])


def _interviewers(district: Codes, at: Codes, n: int) -> Codes:
    """Two interviewers share the interviews of a compound; each works in one district."""
    _, turn = np.unique(at, return_inverse=True)
    half = max(n // DISTRICTS, 1)
    return np.asarray((turn + np.arange(len(at)) % 2) % half + 1 + half * (district - 1))


def contacts(places: Places, drawn: Sample, seed: int) -> pd.DataFrame:
    """Every dwelling that was drawn: compound, dwelling, visits, outcome, and the reason where it stayed closed."""
    rng = stream(seed, "contacts")
    rows = [_visited(places, j, *doors, rng) for j, doors in zip(drawn.compounds.tolist(), drawn.doors, strict=True)]
    return pd.concat(rows, ignore_index=True)


def _visited(places: Places, j: int, there: Flags, done: Flags, rng: np.random.Generator) -> pd.DataFrame:
    """One row a drawn dwelling of compound `j`: how often it was visited and what came of it."""
    group, n = int(places.group[j]), len(there)
    other = rng.choice(list(OUTCOMES), n, p=[shares[group] for shares in OUTCOMES.values()])
    outcome = np.select([done, ~there], ["I", "NE"], other)
    visits = np.ones(n, dtype=int)
    for code in np.unique(outcome):
        rows = outcome == code
        visits[rows] = rng.choice(4, int(rows.sum()), p=VISITS.get(str(code), VISITS["R"])) + 1
    reason = rng.choice(list(CLOSED), n, p=[shares[group] for shares in CLOSED.values()])
    return pd.DataFrame(
        {
            "compound": places.compounds["code"].iat[j],
            "dwelling": np.arange(1, n + 1),
            "visits": visits,
            "outcome": outcome,
            "closed": np.where(np.isin(outcome, ["UH", "UO"]), reason, ""),
        }
    )
