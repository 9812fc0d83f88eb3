"""The fact sheets of compounds and communities, and the workers of the communities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveyor.arrays import Array
from surveyor.plan.answering import answers
from surveyor.plan.items import WORKER
from surveyor.plan.models import Amount, Model, Pick, Several, Taken
from surveyor.plan.places import Places
from surveyor.plan.population import compound_of, factors
from surveyor.plan.tables import YEAR, Factor
from surveyor.plan.world import Planted, World
from surveyor.questionnaire import Questionnaire

#: Of the hours of a week: the community's mean share for administration, and how much it goes up with `forms`.
ADMINISTRATIVE, PER_FORMS = 0.45, 0.06

#: How the hours of each kind of work are shared out over its questions.
HOURS: Mapping[str, Mapping[str, float]] = {
    "administrative": {"wb02": 0.50, "wb03": 0.26, "wb08": 0.24},
    "counter": {"wb04": 1.0},
    "outreach": {"wb05": 0.42, "wb06": 0.34, "wb07": 0.24},
    "other": {"wb09": 1.0},
}

COMPOUND: Mapping[str, Model | Several] = {
    **{name: Taken(name) for name in ("f03", "f04", "f05", "f06", "f07", "f08", "f09", "f10", "f11", "f12", "f14",
                                      "f17", "f20", "f23")},
    "f13": Amount("luck", 0.3, (31.0, 39.0, 29.0), 0.16, 8, 500),
    "f15": Taken("fee"), "f16": Taken("collected"),
    "f18": Amount("luck", 0.2, (2.6, 4.4, 3.0), 0.5, 0, 100),
    "f19": Taken("parking"), "f21": Taken("renovated"),
    "f22": Several({1: (0.82, 0.66, 0.66), 2: (0.62, 0.42, 0.48), 3: (0.52, 0.36, 0.38), 4: (0.78, 0.70, 0.70),
                    5: (0.30, 0.34, 0.26), 6: (0.70, 0.66, 0.66), 7: (0.62, 0.46, 0.50), 8: (0.72, 0.72, 0.70)}),
    "f24": Amount("lead", 0.5, (24.0, 18.0, 18.0), 0.6, 0, 5000),
}  # fmt: skip

COMMUNITY: Mapping[str, Model | Several] = {
    **{name: Taken(name) for name in ("f25", "f26", "f27", "f28", "f30", "f31", "f32", "f33", "f34", "f35")},
    "f29": Amount("power", 0.3, 620.0, 0.4, 60, 20_000),
    "f36": Amount("forms", 0.6, 26.0, 0.4, 0, 500),
}

WORKER_FACTORS: Mapping[str, Factor] = {
    "BURD": Factor(0.0, by={"forms": 0.40}, common=2.5),
    "RSPB": Factor(0.0, by={"BURD": 0.15}, common=2.0),
    "POWR": Factor(0.0, by={"power": 0.45}, common=2.0),
    "DRIVE": Factor(0.0, by={"forms": -0.15}, common=2.0),
}


def compound_sheet(planted: Planted, places: Places, people: World, asked: Questionnaire) -> pd.DataFrame:
    """The fact sheet of every compound, its counts those of the population."""
    compounds, at = places.compounds, compound_of(people)
    world = World(planted, places.group)
    rng = planted.stream("fact sheet of compounds")
    adults = np.bincount(at).astype(float)
    homes = compounds["occupied"].to_numpy(dtype=float)
    children = np.bincount(at, people["children"] * (people["line"] == 1))
    renters = np.bincount(at, (people["line"] == 1) & np.isin(people["tenure"], (3, 4)))
    aged, away = np.bincount(at, people["age"] >= 60), np.bincount(at, people["hukou"] >= 3)
    everybody = adults + children
    for name in ("lead", "f14", "f17"):
        world[name] = compounds[name].to_numpy(dtype=float)
    world["luck"] = rng.standard_normal(len(world))
    counted = {"f03": "kind", "f04": "first", "f05": "last", "f07": "dwellings", "f08": "occupied", "f23": "chiefs"}
    for name, column in counted.items():
        world[name] = compounds[column].to_numpy(dtype=float)
    world["f06"] = np.maximum(np.rint(world["f07"] / planted.level((42.0, 78.0, 55.0), world.group)), 1)
    world["f09"] = everybody
    world["f10"], world["f11"] = _percent(aged, everybody), _percent(renters, homes)
    world["f12"] = _percent(away * everybody / adults, everybody)
    lift = rng.random(len(world)) < planted.level((0.12, 0.92, 0.55), world.group)
    world["f20"] = np.where(lift, np.rint(world["f06"] * rng.uniform(0.5, 1.0, len(world))), 0.0)
    world["parking"] = np.rint(
        homes * planted.level((0.32, 0.95, 0.55), world.group) * rng.uniform(0.7, 1.3, len(world))
    )
    world["fee"] = np.rint(10 * planted.level((0.6, 2.1, 1.0), world.group) * rng.uniform(0.6, 1.4, len(world))) / 10
    council = 6 * compounds["council"].to_numpy()
    collected = planted.level((62.0, 80.0, 68.0), world.group) + council + 9 * rng.standard_normal(len(world))
    world["collected"] = np.clip(np.rint(collected), 15, 100)
    world["renovated"] = Pick({1: (0.45, 0.01, 0.10), 2: (0.14, 0.01, 0.03), 3: (0.20, 0.02, 0.07),
                               4: (0.21, 0.96, 0.80)}).draw(world, rng)  # fmt: skip
    community = places.communities["code"].to_numpy()[compounds["at"].to_numpy()]
    return _sheet(world, asked, COMPOUND, {"compound": compounds["code"].to_numpy(), "community": community})


def community_sheet(planted: Planted, places: Places, asked: Questionnaire) -> pd.DataFrame:
    """The fact sheet of every community."""
    communities, n = places.communities, len(places.communities)
    world = World(planted, np.zeros(n, dtype=np.intp))
    rng = planted.stream("fact sheet of communities")
    for name in ("forms", "power"):
        world[name] = communities[name].to_numpy(dtype=float)
    world["f25"] = communities["compounds"].to_numpy(dtype=float)
    world["f26"] = np.bincount(places.compounds["at"], places.compounds["occupied"], minlength=n)
    world["f27"] = np.maximum(np.rint(2 * (world["f26"] / 330 + 3) * rng.uniform(0.85, 1.2, n)) / 2, 5.0)
    world["f28"] = np.maximum(np.rint(world["f26"] / 300), 1)
    funds = np.rint(10 * np.exp(np.log(42) + 0.35 * rng.standard_normal(n))) / 10
    world["f30"] = funds
    world["f31"] = (
        np.rint(10 * funds * np.clip(0.16 + 0.05 * world["power"] + 0.03 * rng.standard_normal(n), 0.02, 0.6)) / 10
    )
    solving = np.clip(0.62 - 0.06 * world["forms"] + 0.04 * world["power"], 0.2, 0.9)
    for orders, solved, each in (("f32", "f33", 0.11), ("f34", "f35", 0.015)):
        world[orders] = rng.poisson(each * world["f26"]).astype(float)
        world[solved] = rng.binomial(world[orders].astype(int), solving).astype(float)
    frame = _sheet(world, asked, COMMUNITY, {"community": communities["code"].to_numpy()})
    return _texts(frame, asked, "records; full-time community worker")


def worker_answers(planted: Planted, places: Places, asked: Questionnaire, each: int) -> pd.DataFrame:
    """The answers of `each` workers of every community."""
    n = len(places.communities)
    at = np.repeat(np.arange(n), each)
    world = World(planted, np.zeros(len(at), dtype=np.intp), {"compound": at.astype(float)})
    for name in ("forms", "power"):
        world[name] = places.communities[name].to_numpy(dtype=float)[at]
    rng = planted.stream("workers")
    world["post"] = np.where(
        np.arange(len(at)) % each == 0, 1.0, rng.choice([2.0, 3.0, 4.0], len(at), p=[0.3, 0.45, 0.25])
    )
    age = np.clip(np.floor(36 + 8 * rng.standard_normal(len(at)) + 7 * (world["post"] == 1)), 22, 60)
    world["born"], world["older"] = YEAR - age, (age - 36) / 9
    world["years"] = np.minimum(np.floor(rng.exponential(6.0, len(at)) + 1), age - 20)
    factors(world, WORKER_FACTORS)
    _hours(world, rng)
    _ten_matters(world, rng)
    codes = places.communities["code"].to_numpy()[at]
    return _sheet(
        world,
        asked,
        WORKER,
        {"case": np.array(["W" + str(k).zfill(3) for k in range(1, len(at) + 1)]), "community": codes},
    )


def _hours(world: World, rng: np.random.Generator) -> None:
    """Hours of the week by task, to the half hour; they add up to the hours worked."""
    n = len(world)
    week = np.clip(46 + 5 * rng.standard_normal(n), 36, 70)
    forms = np.clip(ADMINISTRATIVE + PER_FORMS * world["forms"] + 0.06 * rng.standard_normal(n), 0.12, 0.8)
    counter = np.clip(0.17 + 0.05 * rng.standard_normal(n), 0.02, 0.3)
    other = np.full(n, 0.05)
    left = np.maximum(1 - forms - counter - other, 0.05)
    for kind, share in {"administrative": forms, "counter": counter, "outreach": left, "other": other}.items():
        for name, part in HOURS[kind].items():
            world[name] = np.rint(2 * week * share * part * rng.uniform(0.8, 1.2, n)) / 2
    world["wb01"] = np.sum([world[name] for kind in HOURS.values() for name in kind], axis=0)


def _ten_matters(world: World, rng: np.random.Generator) -> None:
    solved = np.clip(0.52 - 0.05 * world["forms"] + 0.04 * world["power"], 0.1, 0.8)
    passed = np.full(len(world), 0.16)
    ten = rng.multinomial(10, np.column_stack([solved, passed, 1 - solved - passed]))
    world["we02"], world["we03"], world["we04"] = (ten[:, k].astype(float) for k in range(3))
    world["we01"] = rng.binomial(10, np.clip(0.42 - 0.03 * world["forms"], 0.05, 0.9)).astype(float)


def _sheet(
    world: World, asked: Questionnaire, models: Mapping[str, Model | Several], codes: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """The answers with the codes of who they are about, in the order of the questionnaire."""
    frame = answers(world, asked, models)
    by_item = {name: values for role, values in codes.items() if (name := asked.role(role))}  # type: ignore[arg-type]
    names = [column.id for column in asked.columns]
    running = np.arange(1, len(frame) + 1).astype(str)
    found = {name: frame[name] if name in frame else by_item.get(name, running) for name in names}
    return pd.DataFrame(found)


def _texts(frame: pd.DataFrame, asked: Questionnaire, text: str) -> pd.DataFrame:
    return frame.assign(**{item.id: text for item in asked.items if item.type == "text"})


def _percent(part: NDArray[Any], whole: NDArray[Any]) -> Array:
    return np.asarray(np.rint(1000 * part / whole) / 10)
