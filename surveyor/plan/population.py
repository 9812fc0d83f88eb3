"""Everybody: households in compounds, adults in households, and what the adults are like."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from surveyor.arrays import Array, Codes
from surveyor.plan import tables
from surveyor.plan.models import chance
from surveyor.plan.places import Places
from surveyor.plan.tables import HOUSEHOLDS, YEAR, Factor
from surveyor.plan.world import Planted, World

#: What a household, or a compound, hands down to its people.
FROM_COMPOUND = ("unit", "lead", "council", "no_council", "no_company")
FROM_COMMUNITY = ("forms", "power")


def people(planted: Planted, places: Places) -> World:
    """All adults, sorted by compound and household, with what does not depend on others' answers."""
    homes = _households(planted, places)
    world = _adults(planted, homes)
    _moved(world, homes)
    _work(world)
    for name in FROM_COMPOUND:
        world[name] = places.compounds[name].to_numpy(dtype=float)[compound_of(world)]
    community = places.compounds["at"].to_numpy()[compound_of(world)]
    for name in FROM_COMMUNITY:
        world[name] = places.communities[name].to_numpy(dtype=float)[community]
    _tie(world)
    world["school"] = _factor(world, "school", tables.SCHOOL)[0]
    world["income"] = _factor(world, "income", tables.INCOME)[0]
    return world


def compound_of(world: World) -> Codes:
    """The row of each person's compound."""
    return np.asarray(world["compound"], dtype=np.intp)


def factors(world: World, table: Mapping[str, Factor]) -> dict[str, float]:
    """Adds the factors of a table to the people; returns the intra-cluster correlation of what is left of each."""
    realised = {}
    for name, factor in table.items():
        world[name], realised[name] = _factor(world, name, factor)
    return realised


def _factor(world: World, name: str, factor: Factor) -> tuple[Array, float]:
    """Standard scores of a factor, and the share of its rest that lies between compounds."""
    planted, at = world.planted, compound_of(world)
    common = planted.icc * factor.common
    rest = np.sqrt(common) * _mixed(planted, "compounds", name, factor.general, int(at.max()) + 1)[at]
    rest += np.sqrt(1 - common) * _mixed(planted, "people", name, factor.general, len(world))
    values = planted.level(factor.direct, world.group) + world.sum(factor.by) + rest
    n = np.bincount(at)
    between = n @ (np.bincount(at, rest) / n - rest.mean()) ** 2 / len(world)
    return (values - values.mean()) / values.std(), float(between / rest.var())


def _mixed(planted: Planted, level: str, name: str, general: float, n: int) -> Array:
    """Standard normal numbers: a part that all factors share, and an own one."""
    shared = planted.stream(f"general, {level}").standard_normal(n)
    own = planted.stream(f"factor {name}, {level}").standard_normal(n)
    return np.asarray(general * shared + np.sqrt(1 - general**2) * own)


def _households(planted: Planted, places: Places) -> World:
    """One row an occupied dwelling: its kind, when it was moved into, its adults and children."""
    compounds = places.compounds
    at = np.repeat(np.arange(len(compounds)), compounds["occupied"])
    homes = World(planted, places.group[at], {"compound": at.astype(float)})
    rng = planted.stream("households")
    shares = np.column_stack([planted.level(kind.share, homes.group) for kind in HOUSEHOLDS])
    upto = np.cumsum(shares, axis=1)
    kind = (rng.random(len(homes))[:, None] * upto[:, -1:] >= upto).sum(axis=1).clip(0, len(HOUSEHOLDS) - 1)
    homes["kind"] = kind.astype(float)
    first, last = (compounds[name].to_numpy()[at] for name in ("first", "last"))
    built = np.floor(first + rng.random(len(homes)) * (last - first + 1))
    if not planted.difference:
        built = np.full(len(homes), 2001.0)
    homes["moved"] = _move(homes, rng, kind, built)
    years = YEAR - homes["moved"]
    age, adults = np.zeros(len(homes)), np.zeros(len(homes))
    for k, each in enumerate(HOUSEHOLDS):
        rows = kind == k
        mean = planted.level(each.age[0], homes.group[rows])
        age[rows] = mean + each.age[1] * rng.standard_normal(int(rows.sum()))
        adults[rows] = 1 + np.searchsorted(np.cumsum(each.adults)[:-1], rng.random(int(rows.sum())))
    grown = np.where(kind <= 1, years + 23 + 6 * rng.random(len(homes)), 19)
    homes["age"] = np.clip(np.floor(np.maximum(age, grown)), 19, 94)
    homes["adults"] = adults
    young = (homes["age"] > 24) & (homes["age"] < 46) & (adults > 1)
    homes["children"] = np.where(young, rng.choice(3, len(homes), p=tables.CHILDREN), 0).astype(float)
    return homes


def _move(homes: World, rng: np.random.Generator, kind: Codes, built: Array) -> Array:
    """The year a household moved in: owners after their building was done, others a few years ago."""
    n = len(homes)
    soon = np.floor(rng.exponential(1.6, n))
    later = np.floor(built + 3 + rng.random(n) ** 0.7 * np.maximum(YEAR - 3 - built, 0))
    stay = np.column_stack([homes.planted.level(each.stay, homes.group) for each in HOUSEHOLDS])[np.arange(n), kind]
    lately = np.floor(YEAR + 0.5 - rng.exponential(1.0, n) * np.maximum(stay, 0.1))
    year = np.select([kind == 0, kind == 1], [built + soon, later], lately)
    return np.asarray(np.clip(year, built, YEAR))


def _adults(planted: Planted, homes: World) -> World:
    """One row an adult: the first, the spouse, then grown children, parents or those who share the home."""
    home = np.repeat(np.arange(len(homes)), homes["adults"].astype(int))
    line = np.arange(len(home)) - np.searchsorted(home, home) + 1
    world = World(planted, homes.group[home], {name: homes[name][home] for name in homes})
    rng = planted.stream("adults")
    first, kind, n = world["age"], world["kind"], len(world)
    sharing = (kind >= 2) & (line > 2)
    child = (line > 2) & (first >= 46) & ~sharing
    parent = (line > 2) & (first < 46) & ~sharing
    by_role = [first, first + 4 * rng.standard_normal(n), first - 27 + 4 * rng.standard_normal(n),
               first + 26 + 3 * rng.standard_normal(n), first + 4 * rng.standard_normal(n)]  # fmt: skip
    role = np.select([line == 1, line == 2, child, parent], [0, 1, 2, 3], 4)
    age = np.clip(np.floor(np.choose(role, by_role)), 18, 96)
    chief = np.where(world["adults"] > 1, 0.47, np.where(first >= 60, 0.75, 0.60))
    woman = rng.random(n) < np.select([role == 3, role == 2], [0.68, 0.57], np.where(role == 4, 0.56, chief))
    head = woman[np.searchsorted(home, home)]
    woman = np.where(role == 1, ~head, woman)
    world.columns.update({
        "home": home.astype(float), "line": line.astype(float), "role": role.astype(float), "born": YEAR - age,
        "age": age, "woman": woman.astype(float), "sex": 1.0 + woman, "one": np.ones(n), "zero": np.zeros(n),
    })  # fmt: skip
    world["older"] = (age - 45) / 16
    world["aged"] = np.bincount(home, age >= 60)[home]
    world["aged_here"] = (world["aged"] > 0).astype(float)
    world["size"] = world["adults"] + world["children"]
    return world


def _moved(world: World, homes: World) -> None:
    """Years of residence and tenure, as each adult would tell them."""
    rng = world.planted.stream("moved")
    kind, role = world["kind"], world["role"]
    world["moved"] = np.maximum(world["moved"], world["born"])
    years = YEAR - world["moved"]
    world["settled"] = np.log1p(years) - 2.1
    world["long"] = (years >= 20).astype(float)
    months = np.where(years == 0, rng.integers(6, 11, len(world)), np.where(rng.random(len(world)) < 0.06, 9, 12))
    world["months"] = months.astype(float)
    tenure = np.array([each.tenure for each in HOUSEHOLDS], dtype=float)[kind.astype(int)]
    world["tenure"] = np.where((tenure == 1) & (role >= 2), 2.0, tenure)
    world["owner"] = (tenure == 1).astype(float)
    world["first"], world["later"] = (kind == 0).astype(float), (kind == 1).astype(float)
    local = np.column_stack([world.planted.level(each.local, world.group) for each in HOUSEHOLDS])
    own = rng.random(len(homes))[world["home"].astype(int)] < local[np.arange(len(world)), kind.astype(int)]
    here = rng.random(len(world)) < np.where(world["owner"] > 0, 0.72, 0.15)
    rural = rng.random(len(homes))[world["home"].astype(int)] < 0.55
    world["hukou"] = np.where(own, np.where(here, 1.0, 2.0), np.where(rural, 4.0, 3.0))


def _work(world: World) -> None:
    """Work situation (codes of rh06), which follows age."""
    rng = world.planted.stream("work")
    age, roll = world["age"], rng.random(len(world))
    retired = roll < np.select([age >= 63, age >= 58, age >= 53], [0.95, 0.78, 0.35], 0.0)
    student = (age < 24) & (roll < 0.45)
    rest = np.array([1, 2, 3, 4, 7], dtype=float)
    working = rest[np.searchsorted(np.cumsum([0.14, 0.13, 0.40, 0.22]), rng.random(len(world)))]
    world["work"] = np.select([retired, student], [5.0, 6.0], working)


def _tie(world: World) -> None:
    """The household's tie to the work unit that built the compound (codes of ra04)."""
    rng = world.planted.stream("tie")
    share = np.array([tables.WORK_UNIT_TIE.get(each.name, 0.03) for each in HOUSEHOLDS])[world["kind"].astype(int)]
    homes = int(world["home"].max()) + 1
    tied = (rng.random(homes)[world["home"].astype(int)] < share) & (world["unit"] > 0)
    oneself = (world["older"] > 0.3) & (rng.random(len(world)) < chance(world, 0.72, {}))
    knows = rng.random(len(world)) < 0.93
    elsewhere = np.where((world["unit"] == 0) & knows, 4.0, 3.0)
    world["unit_tie"] = np.where(tied, np.where(oneself, 1.0, 2.0), elsewhere)
    world["tie"] = tied.astype(float)
