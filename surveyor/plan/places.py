"""Communities and the compounds in them: where the simulated population lives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes
from surveyor.plan import tables
from surveyor.plan.models import Amount, Pick
from surveyor.plan.world import ESTATE, GROUPS, World

DISTRICTS = 2


@dataclass(frozen=True)
class Sizes:
    """How much is drawn.

    communities  in the population, over two districts
    dwellings    fewest and most occupied dwellings of a compound
    compounds    drawn from old districts, estates and other housing, half in each district
    drawn        dwellings drawn in each of them; complete: interviews among these
    workers      asked in each community
    interviewers who share the interviews
    """

    communities: int = 40
    dwellings: tuple[int, int] = (150, 600)
    compounds: tuple[int, int, int] = (20, 20, 6)
    drawn: int = 40
    complete: int = 25
    workers: int = 5
    interviewers: int = 12


@dataclass(frozen=True, eq=False)
class Places:
    """Communities and compounds, one row each; a compound names its community by row in `at`."""

    communities: pd.DataFrame
    compounds: pd.DataFrame

    @property
    def group(self) -> Codes:
        """The group of each compound."""
        return np.asarray(self.compounds["group"], dtype=np.intp)


def places(world: World, sizes: Sizes) -> Places:
    """Communities and compounds; `world` carries only what is planted."""
    planted = world.planted
    rng = planted.stream("communities")
    n = sizes.communities
    communities = pd.DataFrame(
        {
            "code": ["C" + str(k).zfill(2) for k in range(1, n + 1)],
            "district": np.arange(n) % DISTRICTS + 1,
            "compounds": rng.choice(list(tables.COMPOUNDS), n, p=list(tables.COMPOUNDS.values())),
            "forms": _standard(rng.standard_normal(n)),
            "power": rng.standard_normal(n),
        }
    )
    at = np.repeat(np.arange(n), communities["compounds"])
    group = _groups(planted.stream("groups"), communities["district"].to_numpy()[at])
    compounds = pd.DataFrame({"code": ["P" + str(k).zfill(3) for k in range(1, len(at) + 1)], "at": at, "group": group})
    compounds["district"] = communities["district"].to_numpy()[at]
    _kinds(World(planted, group), compounds)
    _facts(World(planted, group), compounds, sizes)
    return Places(communities, compounds)


def _groups(rng: np.random.Generator, district: Codes) -> Codes:
    """A group for each compound: in every district the same shares, spread over its communities with some chance."""
    group = np.empty(len(district), dtype=np.intp)
    for each in np.unique(district):
        rows = np.flatnonzero(district == each)
        upto = np.rint(np.cumsum(tables.GROUP_SHARES) * len(rows)).astype(int)
        label = np.searchsorted(upto, np.arange(len(rows)), side="right")
        number = np.diff(upto, prepend=0)[label]
        turn = np.arange(len(rows)) - np.append(0, upto)[label]
        group[rows] = label[np.argsort((turn + rng.random(len(rows))) / number)]
    return group


def _kinds(world: World, compounds: pd.DataFrame) -> None:
    """Code of f03, and the years of f04 and f05: the only facts that differ between groups in any case."""
    rng = world.planted.stream("kinds")
    n = len(compounds)
    share, early, late, last = rng.random(n), rng.random(n), rng.random(n), np.zeros(n)
    code, first = np.zeros(n), np.zeros(n)
    for group in range(len(GROUPS)):
        kinds = [kind for kind in tables.KINDS if kind.group == group]
        upto = np.cumsum([kind.share for kind in kinds])
        which = np.minimum(np.searchsorted(upto, share), len(kinds) - 1)
        for k, kind in enumerate(kinds):
            rows = (world.group == group) & (which == k)
            code[rows] = kind.code
            first[rows] = np.floor(kind.first[0] + early[rows] * (kind.first[1] - kind.first[0] + 1))
            last[rows] = np.minimum(first[rows] + np.floor(late[rows] * (kind.lasts + 1)), kind.latest)
    compounds["kind"] = code
    compounds["unit"] = (code == 1).astype(float)
    if not world.planted.difference:  # everybody moved in when all of them stood
        since = np.where(world.group == ESTATE, 1998, 1985)
        first = np.clip(first, since, since + 2)
        last = np.minimum(np.maximum(last, first), 2000)
        compounds["unit"] = (rng.random(n) < 0.25).astype(float)
    compounds["first"], compounds["last"] = first, last


def _facts(world: World, compounds: pd.DataFrame, sizes: Sizes) -> None:
    rng = world.planted.stream("facts of compounds")
    low, high = sizes.dwellings
    compounds["occupied"] = rng.integers(low, high + 1, len(world))
    vacant = world.planted.level(tables.VACANT, world.group) * rng.uniform(0.6, 1.4, len(world))
    compounds["dwellings"] = np.rint(compounds["occupied"] / (1 - vacant)).astype(int)
    world["luck"] = rng.standard_normal(len(world))
    tenths = tuple(10 * each for each in tables.ACTIVISTS)
    density = Amount("luck", 1.0, (tenths[0], tenths[1], tenths[2]), 0.45, 1, 90).draw(world, rng) / 10
    compounds["chiefs"] = np.maximum(np.rint(density * compounds["dwellings"] / 100), 1)
    compounds["lead"] = _standard(100 * compounds["chiefs"].to_numpy() / compounds["dwellings"].to_numpy())
    compounds["f17"] = Pick(tables.OWNERS_COMMITTEE).draw(world, rng)
    compounds["f14"] = Pick(tables.MANAGEMENT).draw(world, rng)
    compounds["council"] = (compounds["f17"] == 1).astype(float)
    compounds["no_council"] = (compounds["f17"] >= 4).astype(float)
    compounds["no_company"] = (compounds["f14"] != 1).astype(float)


def _standard(values: Array) -> Array:
    return np.asarray((values - values.mean()) / values.std())
