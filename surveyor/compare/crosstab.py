"""Two items crossed, and whether they are independent."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import chdtrc, fdtrc

from surveyor.arrays import Array
from surveyor.errors import DataError, UsageError
from surveyor.estimate import Estimate
from surveyor.format import counted
from surveyor.shown import Shown
from surveyor.significance import Test, kept
from surveyor.statistics import Joint
from surveyor.survey import Survey, completed


@dataclass(frozen=True, repr=False, kw_only=True)
class IndependenceTest(Test):
    """Rao-Scott F, and Pearson's statistic as if residents were a simple sample."""

    pearson: float
    pearson_df: int
    pearson_p: float


@dataclass(frozen=True, eq=False, repr=False)
class Crosstab(Shown):
    """Joint shares of two items: `shares` has one value per cell, rows by columns."""

    rows: str
    columns: str
    shape: tuple[int, int]
    shares: Estimate

    def to_frame(self) -> pd.DataFrame:
        """The cells in long form."""
        return self.shares.to_frame()

    def test(self) -> IndependenceTest:
        """Rao-Scott test of independence, second order (Rao and Scott 1984; Thomas and Rao 1987).

        Pearson's X2 = n sum (p_rc - p_r p_c)^2 / (p_r p_c). Under the design it is distributed like
        sum delta_i chi2_1, the delta being eigenvalues of (C'P^-1 V0 P^-1 C)^-1 (C'P^-1 V P^-1 C) with C the
        interaction contrasts, P = diag(p_rc), V the covariance of the shares and V0 that of a simple
        sample. Matching two moments: F = X2 / sum delta on d0 = (sum delta)^2 / sum delta^2 and d0 * df
        degrees of freedom. Where cells without answers leave no such matrix, the shares expected under independence
        stand for P (Rao and Scott 1984 allow both), and the note says so.

        Raises DataError where an item has one level only.
        """
        r, c = self.shape
        p = self.shares.values.reshape(r, c)
        keep_r, keep_c = p.sum(axis=1) > 0, p.sum(axis=0) > 0
        used = np.outer(keep_r, keep_c).ravel()
        p = p[np.ix_(keep_r, keep_c)]
        r, c = p.shape
        if not np.isfinite(p).all() or min(r, c) < 2:
            raise DataError("an item with a single answer cannot depend on another")
        n = int(self.shares.n[0])
        expected = np.outer(p.sum(axis=1), p.sum(axis=0))
        pearson = float(n * ((p - expected) ** 2 / expected).sum())
        V = self.shares.covariance[np.ix_(used, used)]
        notes = []
        delta = _design_effects(p.ravel(), V, n, (r, c))
        if delta is None:
            notes.append("cells without answers: expected shares stand in the design effects")
            delta = _design_effects(expected.ravel(), V, n, (r, c))
        assert delta is not None
        k, nu = (r - 1) * (c - 1), float(self.shares.df[0])
        total, square = float(np.trace(delta)), float(np.trace(delta @ delta))
        tested = total > 1e-13 and nu > 0
        if not tested:
            notes = ["nothing varies between units: no test" if nu > 0 else "too few primary units: no test"]
        d0 = total**2 / square if tested else np.nan
        F = pearson / total if tested else np.nan
        if few := int((n * expected < 5).sum()):
            notes.append(f"{counted(few, 'cell')} of {r * c} with under 5 expected answers: read the test with care")
        if tested and k > nu:
            notes.append(f"{k} independent cells rest on {nu:g} degrees of freedom: read the test with care")
        return IndependenceTest(
            statistic=F, df=d0, df2=d0 * nu, note="; ".join(notes),
            p=float(kept(fdtrc(d0, d0 * nu, F))) if tested else np.nan,
            pearson=pearson, pearson_df=k, pearson_p=float(chdtrc(k, pearson)),
        )  # fmt: skip


def _design_effects(p: Array, V: Array, n: int, shape: tuple[int, int]) -> Array | None:
    """The generalised design effect matrix of the interaction contrasts; None where zeros leave none."""
    r, c = shape
    main = np.column_stack([np.kron(np.eye(r), np.ones((c, 1))), np.kron(np.ones((r, 1)), np.eye(c)[:, 1:])])
    interaction = np.kron(np.eye(r)[:, 1:], np.eye(c)[:, 1:])
    C = interaction - main @ np.linalg.lstsq(main, interaction, rcond=None)[0]
    weighted = np.divide(C, p[:, None], out=np.zeros_like(C), where=p[:, None] > 0)
    simple = C.T @ weighted / n
    size = np.linalg.eigvalsh(simple)
    if size[0] <= 1e-10 * size[-1]:
        return None
    return np.asarray(np.linalg.solve(simple, weighted.T @ V @ weighted))


def crosstab(survey: Survey, rows: str, columns: str) -> Crosstab:
    """The joint shares of `rows` and `columns` among residents who answered both."""
    if rows == columns:
        raise UsageError(f"'{rows}' cannot be crossed with itself", expected="two different items")
    asked = completed(survey, Joint(rows, columns))
    made = survey.estimate(asked)
    pairs = [pair for _, pair, _ in asked.rows]
    named = [(survey.level_text(rows, x), survey.level_text(columns, y)) for x, y in pairs]
    cells = pd.DataFrame(named, columns=[rows, columns], dtype=object)
    cells = cells.assign(variable=f"{rows} x {columns}", level=None, statistic="proportion")
    shape = (len({x for x, _ in pairs}), len({y for _, y in pairs}))
    return Crosstab(
        rows, columns, shape, replace(made, cells=cells, labels={}, recipe=f"crosstab({rows!r}, {columns!r})")
    )
