"""Made-up residents: every column comes from a seed of its own, and each is one .npy file.

Rows stand in random order, or by cluster where that is asked for. Clusters have unequal sizes; the two groups are
constant inside clusters.
No engine's reading of a file is timed: surveyor and R read the .npy files, svy the parquet file packed from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rows import COVARIATES, DESIGN, OUTCOMES

SEED = 20261124
CLUSTERS, PER_STRATUM = 1000, 5
ALL = (*DESIGN, "g", "item", "hit", *OUTCOMES, *COVARIATES)


def make(folder: Path, n: int, columns: Sequence[str] = ALL, by_cluster: bool = False) -> None:
    """Write the columns of n residents that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in columns if not (folder / f"{name}.npy").is_file()]
    if not missing:
        return
    psu = (CLUSTERS * _chance("psu").random(n) ** 1.2).astype(np.int64)
    psu = np.sort(psu) if by_cluster else psu
    for name in missing:
        np.save(folder / f"{name}.npy", _column(name, psu))


def load(folder: Path, columns: Sequence[str]) -> dict[str, np.ndarray]:
    """Columns by name."""
    return {name: np.load(folder / f"{name}.npy") for name in columns}


def totals(columns: dict[str, np.ndarray], outcome: str = "y1") -> dict[str, np.ndarray]:
    """One row per cluster: its weight total and its weighted mean of one outcome."""
    psu, first = np.unique(columns["psu"], return_index=True)
    weight = np.bincount(columns["psu"], columns["w"])[psu]
    mean = np.bincount(columns["psu"], columns["w"] * columns[outcome])[psu] / weight
    return {"psu": psu, "h": columns["h"][first], "g": columns["g"][first], "w": weight, outcome: mean}


def _column(name: str, psu: np.ndarray) -> np.ndarray:
    chance, n = _chance(name), len(psu)
    group = 1 + psu % PER_STRATUM % 2
    shift = 0.2 * chance.normal(size=CLUSTERS)[psu] + 0.1 * (group == 2)
    if name == "psu":
        return psu
    if name == "h":
        return psu // PER_STRATUM
    if name == "g":
        return group
    if name == "w":
        return 50 * np.exp(chance.normal(0, 0.5, n))
    if name == "item":
        return 1 + np.searchsorted([-1.2, -0.4, 0.3, 1.1], shift + chance.normal(size=n))
    if name == "hit":
        slopes = 0.2 * np.arange(1, 1 + len(COVARIATES)) / len(COVARIATES)
        score = sum(slope * _column(x, psu) for slope, x in zip(slopes, COVARIATES, strict=True))
        return (chance.random(n) < 1 / (1 + np.exp(0.3 - shift - score))).astype(np.int64)
    return shift + chance.normal(size=n)


def _chance(name: str) -> np.random.Generator:
    return np.random.default_rng([SEED, *name.encode()])
