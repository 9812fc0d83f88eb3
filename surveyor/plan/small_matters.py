"""The funnel of small matters: happened, came to notice, got a response, action, a solution."""

from __future__ import annotations

import numpy as np

from surveyor.arrays import Array
from surveyor.plan.models import chance
from surveyor.plan.population import compound_of
from surveyor.plan.tables import ACTION, MATTERS, PARTLY, RESPONSE, SOLVED, SURFACED, Step
from surveyor.plan.world import World

#: The stages 1 to 6 of a matter, by the first step it did not make.
STEPS = {"surfaced": SURFACED, "response": RESPONSE, "action": ACTION, "solved": SOLVED}


def small_matters(world: World) -> None:
    """Adds the stage of each matter (re01-re06), which one troubled most (re07), and how it all ended.

    unsolved  matters that came to notice and were not solved; outcome: how the main one ended, as standard scores;
    unraised  whether nobody raised the main one
    """
    stages = []
    for matter in MATTERS:
        rng = world.planted.stream(f"matter {matter.item}")
        happened = rng.random(len(world)) < chance(world, matter.happened, {})
        stages.append(np.where(happened, _stage(world, rng), 0.0))
        world[matter.item] = stages[-1]
    table = np.column_stack(stages)
    weight = world.planted.stream("main matter").random(table.shape) * (table > 0) * np.where(table < 6, 1.3, 1.0)
    main = np.where(table.any(axis=1), weight.argmax(axis=1) + 1.0, np.nan)
    stage = np.where(np.isnan(main), 0.0, table[np.arange(len(world)), weight.argmax(axis=1)])
    world["re07"] = main
    world["unsolved"] = ((table >= 2) & (table <= 5)).sum(axis=1).astype(float)
    world["unraised"] = (stage == 1).astype(float)
    world["outcome"] = np.where(stage >= 2, (stage - 4) / 1.5, 0.0)


def _stage(world: World, rng: np.random.Generator) -> Array:
    """How far a matter comes, were it to happen: 1 to 6."""
    stage = np.ones(len(world))
    reached = np.ones(len(world), dtype=bool)
    for name, step in STEPS.items():
        reached &= rng.random(len(world)) < _moved(world, name, step)
        stage += reached
    partly = rng.random(len(world)) < chance(world, PARTLY.share, PARTLY.by)
    return np.select([stage == 5, (stage == 4) & partly], [6.0, 5.0], stage)


def _moved(world: World, name: str, step: Step) -> Array:
    """The probability of a step, which compounds have in common to some degree."""
    at = compound_of(world)
    shared = world.planted.stream(f"step {name}").standard_normal(int(at.max()) + 1)[at]
    world[f"step {name}"] = shared
    return chance(world, step.share, {**step.by, f"step {name}": step.common})
