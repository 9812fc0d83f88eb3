"""One simulated study in memory: everybody, who was drawn, what they answered, and what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from surveyor.arrays import Codes
from surveyor.errors import UsageError
from surveyor.format import significant
from surveyor.plan.answering import answers
from surveyor.plan.fieldwork import Sample, contacts, sample
from surveyor.plan.items import NONINVARIANT, RESIDENT
from surveyor.plan.noise import noisy
from surveyor.plan.places import Places, Sizes, places
from surveyor.plan.population import compound_of, factors, people
from surveyor.plan.seeds import stream
from surveyor.plan.sheets import community_sheet, compound_sheet, worker_answers
from surveyor.plan.small_matters import small_matters
from surveyor.plan.tables import FACTORS, LATER
from surveyor.plan.truth import people_of, truth
from surveyor.plan.world import GROUPS, Planted, World
from surveyor.questionnaire import Questionnaire

#: The compounds' fact sheet -> 1, 2 and other codes: which of the compared groups each belongs to.
Types = Callable[[pd.DataFrame], Codes]


PLANTED = "Gaps between the groups were put in; the tables are surveyor/plan/tables.py and surveyor/plan/items.py."
NOTHING_PLANTED = (
    "No gap was put in: answers do not depend on what a compound is called. The gaps below are those of compounds that "
    "happen to be in one group or the other."
)


@dataclass(frozen=True)
class Asked:
    """The questionnaires of a study: of residents, workers, compounds and communities."""

    resident: Questionnaire
    worker: Questionnaire
    compound: Questionnaire
    community: Questionnaire


@dataclass(frozen=True, eq=False)
class Simulated:
    """A simulated study: what fieldwork brings in, and what nobody but the simulation can know.

    residents, workers, compounds, communities, contacts   as the files of a study hold them
    population   everybody's answers, with the columns rs02 and rs03 (or what the questionnaire calls them), `home` and
                 `type` (1, 2, and 3 for neither)
    truth        true values, what was planted, and definitions
    """

    residents: pd.DataFrame
    workers: pd.DataFrame
    compounds: pd.DataFrame
    communities: pd.DataFrame
    contacts: pd.DataFrame
    truth: dict[str, Any]
    population: pd.DataFrame
    planted: Planted
    sizes: Sizes
    _asked: Asked = field(repr=False)
    _places: Places = field(repr=False)
    _people: World = field(repr=False)

    def again(self, seed: int, names: Sequence[str] | None = None, *, noise: bool = False) -> pd.DataFrame:
        """The residents of another sample from the same population, with `stratum`, `weight` and the true `type`.

        names   the items wanted, beside those that are codes of the design; all if not given
        noise   as fieldwork brings answers in; else as people would truly answer
        """
        drawn = sample(self._places, self._people, self.sizes, seed)
        asked = self._asked.resident
        if noise:
            found = residents_of(drawn, self.population, asked, self._people, seed)
            found = found.assign(type=self.population["type"].to_numpy()[drawn.rows])
        else:
            found = self.population.iloc[drawn.rows].reset_index(drop=True)
            found = found.assign(stratum=drawn.strata, weight=drawn.weights)
        codes = [name for role in ("compound", "community") if (name := asked.role(role))]
        return found if names is None else found[[*codes, "stratum", "weight", "type", *names]]


def draw(
    asked: Asked,
    seed: int,
    *,
    difference: bool = True,
    invariant: bool = True,
    icc: float = 0.05,
    sizes: Sizes = Sizes(),  # noqa: B008
    types: Types | None = None,
) -> Simulated:
    """Draw a population, a sample of it, and its answers.

    difference   False: the groups differ in nothing but the kind and years on their fact sheets; what gaps the
                 population has are those of compounds that happen to be in one group or the other
    invariant    False: some items work otherwise in estates (named in `truth`)
    icc          of factors, apart from group and composition
    types        which compounds are compared; without it old districts with commercial-housing estates

    Raises UsageError for sizes that make no population.
    """
    _possible(sizes, icc)
    planted = Planted(seed, difference, invariant, icc)
    where = places(World(planted, np.zeros(0, dtype=np.intp)), sizes)
    everybody, realised = _everybody(planted, where)
    population = answers(everybody, asked.resident, RESIDENT)
    sheet = compound_sheet(planted, where, everybody, asked.compound)
    kinds = types(sheet) if types is not None else where.group + 1
    population = _named(population, asked.resident, everybody, where, kinds)
    drawn = sample(where, everybody, sizes, seed)
    members = np.unique(where.compounds["at"].to_numpy()[drawn.compounds])
    workers = (members[:, None] * sizes.workers + np.arange(sizes.workers)).ravel()
    found = truth(people_of(population, asked.resident, everybody, where, kinds))
    return Simulated(
        residents_of(drawn, population, asked.resident, everybody, seed),
        worker_answers(planted, where, asked.worker, sizes.workers).iloc[workers].reset_index(drop=True),
        sheet.iloc[drawn.compounds].reset_index(drop=True),
        community_sheet(planted, where, asked.community).iloc[members].reset_index(drop=True),
        contacts(where, drawn, seed),
        _about(planted, sizes, population, realised) | found,
        population,
        planted,
        sizes,
        asked,
        where,
        everybody,
    )


def _everybody(planted: Planted, where: Places) -> tuple[World, dict[str, float]]:
    """All people with all that moves their answers, and the realised intra-cluster correlation of each factor."""
    everybody = people(planted, where)
    realised = factors(everybody, FACTORS)
    small_matters(everybody)
    return everybody, realised | factors(everybody, LATER)


def residents_of(
    drawn: Sample, population: pd.DataFrame, asked: Questionnaire, everybody: World, seed: int
) -> pd.DataFrame:
    """The residents' file: the answers of those drawn with stratum, weight, start and duration of the interview."""
    n = len(drawn.rows)
    answered = population.iloc[drawn.rows].reset_index(drop=True)
    names: Mapping[str, Any] = {
        "case": np.array(["R" + str(k).zfill(5) for k in range(1, n + 1)]),
        "interviewer": np.array(["I" + str(k).zfill(2) for k in drawn.asked_by]),
    }
    for role, values in names.items():
        if (name := asked.role(role)) is not None:  # type: ignore[arg-type]
            answered[name] = values
    answered, seconds = noisy(answered, asked, everybody.group[drawn.rows], everybody["older"][drawn.rows], seed)
    running = np.arange(1, n + 1).astype(str)
    ordered = {column.id: answered.get(column.id, running) for column in asked.columns}
    fieldwork = {"stratum": drawn.strata, "weight": drawn.weights, "start": _starts(n, seed), "duration": seconds}
    return pd.DataFrame(ordered | fieldwork)


def _starts(n: int, seed: int) -> np.ndarray:
    rng = stream(seed, "starts")
    day, minute = rng.integers(0, 45, n), rng.integers(9 * 60, 20 * 60, n)
    moments = np.datetime64("2026-09-05T00:00") + day.astype("timedelta64[D]") + minute.astype("timedelta64[m]")
    return np.array([str(moment).replace("T", " ") for moment in moments])


def _named(frame: pd.DataFrame, asked: Questionnaire, people: World, where: Places, types: Codes) -> pd.DataFrame:
    """Everybody's answers with the codes of compound and community, the household and the group."""
    at = compound_of(people)
    community = where.communities["code"].to_numpy()[where.compounds["at"].to_numpy()]
    codes = {"compound": where.compounds["code"].to_numpy()[at], "community": community[at]}
    found = {name: values for role, values in codes.items() if (name := asked.role(role))}  # type: ignore[arg-type]
    return frame.assign(**found, home=people["home"], type=np.asarray(types, dtype=float)[at])


def _about(planted: Planted, sizes: Sizes, population: pd.DataFrame, realised: Mapping[str, float]) -> dict[str, Any]:
    """What was planted, and how large the population is."""
    counts = population["type"].value_counts()
    shifts = {name: {"cuts": s.cuts, "loading": s.loading} for name, s in NONINVARIANT.items()}
    return {
        "simulated": True,
        "seed": planted.seed,
        "difference": planted.difference,
        "invariant": planted.invariant,
        "note": PLANTED if planted.difference else NOTHING_PLANTED,
        "noninvariant_items": {} if planted.invariant else shifts,
        "sizes": {name: getattr(sizes, name) for name in sizes.__dataclass_fields__},
        "population": {
            "adults": len(population),
            **{name: int(counts.get(code, 0)) for name, code in (("first", 1), ("second", 2), ("neither", 3))},
        },
        "icc": {"set": planted.icc, "realised": {name: significant(value) for name, value in realised.items()}},
    }


def _possible(sizes: Sizes, icc: float) -> None:
    low, high = sizes.dwellings
    if (
        sizes.communities < 2 * len(GROUPS)
        or not 10 <= low <= high
        or sizes.drawn < sizes.complete
        or sizes.complete < 1
    ):
        raise UsageError(
            "these sizes make no population",
            expected="6 communities or more, 10 dwellings or more in a compound, no more interviews than dwellings",
        )
    if not 0 <= icc < 0.4:
        raise UsageError("this intra-cluster correlation is not possible here", expected="a number from 0 to 0.4")
