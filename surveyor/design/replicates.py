"""Replicate weights: what they are, and how a design makes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.linalg import hadamard

from surveyor.arrays import Array
from surveyor.design.columns import named, numbers_of
from surveyor.design.stage import Stage
from surveyor.errors import DesignError, UsageError, guess

if TYPE_CHECKING:
    from surveyor.design.units import Units

Method = Literal["BRR", "Fay", "JK1", "JKn", "bootstrap", "SDR"]
METHODS: tuple[Method, ...] = ("BRR", "Fay", "JK1", "JKn", "bootstrap", "SDR")
Centre = Literal["mean", "estimate"]


@dataclass(frozen=True)
class Replicates:
    """Replicate weights, as columns of a file or made from the design, and the rule that makes them a variance.

    columns   their names, or a regular expression all of them match ("^repw"); None: made from the design
    method    decides the scale: BRR 1/R; Fay 1/(R (1-fay)^2); JK1 (R-1)/R; JKn the `rscales` (m-1)/m of
              each replicate's stratum; bootstrap 1/(R-1); SDR 4/R (Wolter 2007; Fay and Train 1995)
    fay       the factor of Fay's method, between 0 and 1
    scale     given instead of the method's
    rscales   one factor per replicate; for replicates made from the design the method's own
    centre    squared distances are taken from the "mean" of the replicates or from the "estimate"; None: from the
              mean for columns of a file and for the bootstrap, else from the estimate
    n, seed   for replicates made from the design: how many (bootstrap, SDR), and where chance begins

    Raises UsageError for a method that there is not, and for numbers that do not go with it.
    """

    columns: str | Sequence[str] | None = None
    method: Method = "bootstrap"
    fay: float | None = None
    scale: float | None = None
    rscales: Sequence[float] | None = None
    centre: Centre | None = None
    n: int = 500
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise UsageError(f"there is no replicate method '{self.method}'", remedy=guess(str(self.method), METHODS))
        if self.centre not in (None, "mean", "estimate"):
            raise UsageError(f"centre='{self.centre}' is not known", expected="'mean' or 'estimate'")
        fay = 0.0 if self.fay is None else self.fay
        if (self.method == "Fay") != (self.fay is not None) or not (_is_number(fay) and 0 <= fay < 1):
            raise UsageError(f"fay={self.fay} does not go with method '{self.method}'",
                             expected='method="Fay" with fay at least 0 and below 1')  # fmt: skip
        if not _is_whole(self.n, 2):
            raise UsageError(f"there cannot be n={self.n!r} replicates", expected="a whole number of at least 2")
        if self.seed is not None and not _is_whole(self.seed, 0):
            raise UsageError(f"seed={self.seed!r} is no seed", expected="a whole number of at least 0")
        if self.scale is not None and not (_is_number(self.scale) and self.scale > 0):
            raise UsageError(f"scale={self.scale!r} is no factor of a variance", expected="a number above 0")
        if self.rscales is not None:
            object.__setattr__(self, "rscales", _factors(self.rscales))
        if self.columns is not None:
            object.__setattr__(self, "columns", named(self.columns, "columns") or ())
        if self.columns is None and (self.scale is not None or self.rscales is not None):
            raise UsageError("replicates made from the design have the factors of their method",
                             expected="scale and rscales only with columns")  # fmt: skip

    def meet(self, frame: pd.DataFrame, weights: Array) -> Multipliers:
        """The replicate weights as multiples of `weights` (n,), row by row.

        Raises DesignError where no column matches, one is absent or has gaps, text or negative values, or
        the factors do not fit their number.
        """
        names = self._names(frame)
        given = np.column_stack([numbers_of(frame, name, "replicate weight") for name in names])
        if (given < 0).any():
            raise DesignError(f"the replicate weight '{names[int((given < 0).any(axis=0).argmax())]}' is negative")
        R = len(names)
        base = {
            "BRR": 1 / R,
            "Fay": 1 / (R * (1 - (self.fay or 0)) ** 2),
            "JK1": (R - 1) / R,
            "JKn": 1.0,
            "bootstrap": 1 / max(R - 1, 1),
            "SDR": 4 / R,
        }[self.method]
        if self.method == "JKn" and self.rscales is None:
            raise DesignError(
                "the jackknife of a stratified design needs a factor for each replicate",
                expected="rscales: (m-1)/m, with m the units in the stratum of the unit left out",
            )
        rscales = np.ones(R) if self.rscales is None else np.asarray(self.rscales, dtype=float)
        if len(rscales) != R:
            raise DesignError(f"there are {R} replicate weights and {len(rscales)} factors in rscales")
        scales = (base if self.scale is None else self.scale) * rscales
        there = weights > 0
        factor = np.divide(given, weights[:, None], out=np.zeros_like(given), where=there[:, None])
        return Multipliers(factor, scales, self.centre or "mean")

    def _names(self, frame: pd.DataFrame) -> list[str]:
        if isinstance(self.columns, str):
            try:
                wanted = re.compile(self.columns)
            except re.error as error:
                raise UsageError(f"'{self.columns}' is no regular expression ({error})") from None
            names = [str(name) for name in frame.columns if wanted.search(str(name))]
        else:
            names = list(self.columns or ())
            for name in names:
                if name not in frame.columns:
                    raise DesignError(
                        f"the replicate weight '{name}' is not in the data", remedy=guess(name, frame.columns)
                    )
        if len(names) < 2:
            raise DesignError(f"'{self.columns}' names {len(names)} columns", expected="at least two replicate weights")
        return names


def _is_number(given: object) -> bool:
    return isinstance(given, Real) and bool(np.isfinite(float(given)))


def _is_whole(given: object, least: int) -> bool:
    return isinstance(given, Integral) and int(given) >= least


def _factors(given: Any) -> tuple[float, ...]:
    """One factor per replicate, as a tuple, so that two designs can be compared."""
    listed = () if isinstance(given, str) or not np.iterable(given) else tuple(given)
    if not listed or not all(_is_number(factor) and factor >= 0 for factor in listed):
        raise UsageError(f"rscales={given!r} are no factors of a variance", expected="a number of at least 0 for each")
    return tuple(float(factor) for factor in listed)


@dataclass(frozen=True, eq=False)
class Multipliers:
    """Replicates as multiples of the weights of finest units.

    factor   (F, R); scales (R,) factors of the squared distances
    """

    factor: Array
    scales: Array
    centre: Centre = "mean"

    @cached_property
    def df(self) -> float:
        """Degrees of freedom: the rank of the replicate weights less one (R's degf)."""
        size = np.linalg.eigvalsh(self.factor.T @ self.factor)
        return float((size > 1e-10 * size[-1]).sum() - 1)

    def deviations(self, values: Array, replicates: Array) -> Array:
        """Rows of D (R, q): sqrt(scale) (replicate value - centre), from replicate values (R, q)."""
        centre = replicates[self.scales > 0].mean(axis=0) if self.centre == "mean" else values
        return np.asarray(np.sqrt(self.scales)[:, None] * (replicates - centre))


def replicated(units: Units, wanted: Replicates) -> Units:
    """The units with replicates made from their first stage, as multiples of primary units."""
    first = units.first
    alone = replace(first, member=np.arange(first.count))
    unit = units.unit if len(units.stages) == 1 else first.member[units.unit]
    return replace(units, unit=unit, stages=(alone,), replicates=build(wanted, alone))


def build(wanted: Replicates, stage: Stage) -> Multipliers:
    """Replicates of a one-stage design as multiples of its primary units (U, R): see `_by_method`."""
    made = _by_method(wanted, stage)
    return replace(made, centre=wanted.centre or made.centre)


def _by_method(wanted: Replicates, stage: Stage) -> Multipliers:
    """Replicates of a one-stage design as multiples of its primary units (U, R).

    JK1, JKn    leave out one unit at a time (Quenouille 1956; Rust 1985); JKn within strata
    BRR, Fay    half samples of strata with two units each, from a Hadamard matrix (McCarthy 1969; Judkins 1990)
    bootstrap   n draws of m-1 of the m units of a stratum, rescaled (Rao and Wu 1988)
    SDR         n successive differences in the order of the units (Fay and Train 1995)

    Raises UsageError for a bootstrap without seed, DesignError where the strata do not suit the method.
    """
    method = wanted.method
    m = np.bincount(stage.stratum)[stage.stratum].astype(float)
    if stage.lonely.any():
        raise DesignError("a stratum with one unit cannot be replicated", remedy='Use lonely="collapse" first')
    left = 1 - stage.fraction  # nothing is left of a stratum taken whole
    m = np.where(m < 2, 2.0, m)  # a single unit, taken whole
    U = stage.count
    if method == "JK1" and len(np.unique(stage.stratum)) > 1:
        raise DesignError("JK1 is for designs without strata", remedy='Use "JKn"')
    if method in ("JK1", "JKn"):
        same = stage.stratum[:, None] == stage.stratum[None, :]
        factor = np.where(same, (m / (m - 1))[:, None], 1.0)
        np.fill_diagonal(factor, np.where(left > 0, 0.0, 1.0))
        return Multipliers(factor, left * (m - 1) / m, "estimate")
    if method == "bootstrap":
        return _bootstrap(stage, wanted.n, wanted.seed)
    if method == "SDR":
        return _successive(stage, wanted.n)
    m = np.bincount(stage.stratum)[stage.stratum]
    if (m[left > 0] != 2).any():
        raise DesignError(f"{method} needs exactly two units in every stratum", remedy='Use "JKn" or "bootstrap"')
    strata = int(stage.stratum.max()) + 1
    signs = hadamard(1 << strata.bit_length())[1 : strata + 1]  # order above the number of strata
    order = np.argsort(stage.stratum, kind="stable")
    again = stage.stratum[order][1:] == stage.stratum[order][:-1]
    second = np.zeros(U, dtype=bool)
    second[order[1:][again]] = True
    rho = wanted.fay or 0.0
    side = np.where(second, -1, 1) * np.sqrt(left)  # the finite population shrinks each stratum's distances
    factor = 1 + (1 - rho) * side[:, None] * signs[stage.stratum]
    R = factor.shape[1]
    return Multipliers(factor, np.full(R, 1 / (R * (1 - rho) ** 2)), "estimate")


def _bootstrap(stage: Stage, n: int, seed: int | None) -> Multipliers:
    if seed is None:
        raise UsageError("the bootstrap draws at random and needs a seed", expected="for example seed=1")
    rng = np.random.default_rng(seed)
    factor = np.empty((stage.count, n))
    for h in np.unique(stage.stratum):
        inside = np.flatnonzero(stage.stratum == h)
        m = len(inside)
        if m < 2:  # taken whole
            factor[inside] = 1.0
            continue
        draws = rng.multinomial(m - 1, np.full(m, 1 / m), size=n).T
        shrink = np.sqrt(1 - stage.fraction[inside])[:, None]
        factor[inside] = 1 - shrink + shrink * draws * m / (m - 1)
    return Multipliers(factor, np.full(n, 1 / (n - 1)), "mean")


def _successive(stage: Stage, n: int) -> Multipliers:
    """Unit i takes rows i and i+1 of a Hadamard matrix: 1 + 2^(-3/2) (h_i - h_(i+1)), in the order of units."""
    size = 1 << max(int(np.ceil(np.log2(max(n, 4)))), 2)
    signs = hadamard(size)
    at = np.arange(stage.count) % (size - 1)
    shrink = np.sqrt(1 - stage.fraction)[:, None]
    factor = 1 + shrink * 2**-1.5 * (signs[at + 1] - signs[(at + 1) % (size - 1) + 1])
    return Multipliers(factor, np.full(size, 4 / size), "estimate")
