"""Tests of several numbers at once, from their deviations."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import fdtrc, ndtri, stdtr

from surveyor.arrays import Array
from surveyor.shown import Shown

#: Where floating-point numbers end p is not 0: the least p that is kept, to be read as "below".
LEAST = 1e-300


def kept(p: Array) -> Array:
    """p-values that are never exactly 0 (NaN stays)."""
    return np.where(p < LEAST, LEAST, p)


@dataclass(frozen=True, repr=False, kw_only=True)
class Test(Shown):
    """An F statistic with df and df2 degrees of freedom, its p-value, and what a reader must know about it.

    p is NaN where the test is not defined; the note then says why.
    """

    __test__ = False  # no test of pytest's

    statistic: float
    df: float
    df2: float
    p: float
    note: str = ""


def wald(gap: Array, D: Array, df: float) -> Test:
    """Wald test that numbers with gaps (q,) from their null and deviations D (U, q) are where the null says.

    F = gap' V^- gap / r with V = D'D and r its rank, on r and df degrees of freedom (Wald 1943; R's regTermTest).
    Not defined where a number or its standard error is not, where nothing varies, or where df is not above 0.
    """
    if not np.isfinite(gap).all() or not np.isfinite(D).all():
        return _undefined(len(gap), df, "a number or its standard error is not known: no test")
    size = np.sqrt((D**2).sum(axis=0))
    still = size <= 1e-13 * np.maximum(np.abs(gap), np.finfo(float).tiny)
    if still.any() or not df > 0:
        why = "a number does not vary between units" if still.any() else "too few primary units"
        return _undefined(len(gap), df, f"{why}: no test")
    _, s, right = np.linalg.svd(D / size, full_matrices=False)
    some = s > 1e-10 * s[0]
    along = (right @ (gap / size))[some] / s[some]
    rank = int(some.sum())
    F = float(along @ along) / rank
    note = f"only {rank} of {len(gap)} numbers vary apart from the others" if rank < len(gap) else ""
    return Test(statistic=F, df=float(rank), df2=df, p=float(kept(fdtrc(rank, df, F))), note=note)


def hotelling(gap: Array, D: Array, df: float) -> Test:
    """The Wald test with the distribution of Hotelling's T2: F (df - r + 1) / df on r and df - r + 1.

    With a covariance estimated on df degrees of freedom Wald's F is too large when r is not small beside df (Hotelling
    1931; Korn and Graubard 1990). One number alone has the same test by both.
    """
    made = wald(gap, D, df)
    if np.isnan(made.p) or made.df <= 1:
        return made
    rest = df - made.df + 1
    if not rest > 0:
        return _undefined(int(made.df), df, "more numbers than degrees of freedom: no test")
    F = made.statistic * rest / df
    return replace(made, statistic=F, df2=rest, p=float(kept(fdtrc(made.df, rest, F))))


def _undefined(q: int, df: float, why: str) -> Test:
    return Test(statistic=np.nan, df=float(q), df2=df, p=np.nan, note=why)


#: Draws of the largest of correlated normal numbers, and where chance begins.
DRAWS, SEED = 200_000, 1


def max_t(t: Array, D: Array, df: Array) -> Array:
    """Single-step adjusted p-values (q,) of t statistics whose numbers have deviations D (U, q).

    The largest |t| of the family is compared with its distribution under the joint null, where the numbers
    are correlated as D says (Hothorn, Bretz and Westfall 2008). Each |t| is first put on the normal scale by its
    own degrees of freedom, so that rows may differ in them. The distribution is that of 200,000 draws from
    a fixed seed (Monte Carlo error of p = .05: .0005), never above Sidak's bound (Sidak 1967). NaN where t is.
    """
    adjusted = np.full(len(t), np.nan)
    known = np.flatnonzero(np.isfinite(t) & (df > 0))
    if not len(known):
        return adjusted
    p = kept(2 * stdtr(df[known], -np.abs(t[known])))
    z = -ndtri(p / 2)
    C = D[:, known] / np.sqrt((D[:, known] ** 2).sum(axis=0))
    _, s, right = np.linalg.svd(C, full_matrices=False)
    factor = right * s[:, None]  # factor' factor is the correlation
    rng = np.random.default_rng(SEED)
    largest = np.concatenate(
        [np.abs(rng.standard_normal((DRAWS // 20, len(s))) @ factor).max(axis=1) for _ in range(20)]
    )
    largest.sort()
    beyond = (DRAWS - np.searchsorted(largest, z, side="left") + 1) / (DRAWS + 1)
    sidak = -np.expm1(len(known) * np.log1p(-np.minimum(p, 1 - 1e-16)))
    adjusted[known] = np.maximum(p, np.minimum(beyond, sidak))
    return adjusted
