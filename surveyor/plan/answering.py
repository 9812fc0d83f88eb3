"""Answers from what people are like: every item of a questionnaire by its model, in the order of asking, routed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.plan.items import NONINVARIANT
from surveyor.plan.models import Model, Ordered, Several
from surveyor.plan.world import World
from surveyor.questionnaire import Item, Questionnaire
from surveyor.questionnaire.item import MEASURED
from surveyor.questionnaire.relevance import asked_of, copied

NOT_ASKED = -8.0
#: Where a number has no range.
_RANGE = (0.0, 100.0)


def answers(world: World, asked: Questionnaire, models: Mapping[str, Model | Several]) -> pd.DataFrame:
    """A frame of codes: one row a person, the questionnaire's columns without its ids, -8 where routing did not ask.

    Items without a model draw plainly from their choice list or range; texts stay empty.
    """
    columns: dict[str, Array | list[str]] = {}
    for item in asked.items:
        if item.type in ("id", "weight"):
            continue
        rows = _asked(columns, asked, item, len(world))
        if item.type in ("text", "date"):
            columns[item.id] = [""] * len(world)
        elif item.copied is not None:
            needed = pd.DataFrame({name: columns[name] for name in (item.copied.by, *item.copied.of.values())})
            columns[item.id] = _routed(copied(needed, item), rows)
        else:
            columns |= {name: _routed(values, rows) for name, values in _drawn(world, asked, item, models).items()}
    return pd.DataFrame(columns)


def _asked(columns: Mapping[str, Array | list[str]], asked: Questionnaire, item: Item, n: int) -> np.ndarray:
    relevance = asked.relevance(item.id)
    if relevance is None:
        return np.ones(n, dtype=bool)
    known = {name: columns[name] for name in relevance.names if name in columns}
    return np.asarray(asked_of(pd.DataFrame(known, index=range(n)), asked, item.id))


def _routed(values: Array, rows: np.ndarray) -> Array:
    return np.where(rows & np.isfinite(values), values, NOT_ASKED)


def _drawn(world: World, asked: Questionnaire, item: Item, models: Mapping[str, Model | Several]) -> dict[str, Array]:
    """The columns of one item as if everybody were asked; its own stream, so that no other item changes them."""
    rng = world.planted.stream(f"item {item.id}")
    model = models.get(item.id)
    choices = asked.choices_named(item.choices)
    if item.type == "multiple" and choices is not None:
        codes = list(choices.codes)
        several = model if isinstance(model, Several) else _several(codes, choices.alone)
        drawn = several.draw_all(world, rng, codes, item.most)
        return {f"{item.id}_{code}": drawn[code] for code in codes}
    if isinstance(model, Ordered) and not world.planted.invariant and item.id in NONINVARIANT:
        model = replace(model, shift=NONINVARIANT[item.id])
    if model is None or isinstance(model, Several):
        return {item.id: _plain(asked, item, rng, len(world))}
    return {item.id: model.draw(world, rng)}


def _several(codes: list[int], alone: tuple[int, ...]) -> Several:
    others = [code for code in codes if code not in alone]
    return Several({code: 1 / (len(others) + 1) for code in others}, none=alone[0] if alone else None)


def _plain(asked: Questionnaire, item: Item, rng: np.random.Generator, n: int) -> Array:
    """Any answer that can be true, all alike."""
    choices = asked.choices_named(item.choices)
    if choices is not None and item.type not in MEASURED:
        return rng.choice(np.array(list(choices.codes), dtype=float), n)
    low, high = item.bounds(asked.year)
    low, high = (low if np.isfinite(low) else _RANGE[0]), (high if np.isfinite(high) else _RANGE[1])
    return rng.integers(int(np.ceil(low)), int(np.floor(high)) + 1, n).astype(float)
