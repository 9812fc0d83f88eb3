"""Randomness by stage: each stage draws from its own stream, named, so that a new stage changes no other."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, stage: str) -> np.random.Generator:
    """The random numbers of one stage of a simulation.

    >>> bool(stream(1, "households").random() == stream(1, "households").random())
    True
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(zlib.crc32(stage.encode()),)))
