"""Comparison: the same outcomes in two groups, with one covariance for all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import stdtr

from surveyor.arrays import Array, Flags
from surveyor.compare.effects import Ratio, ratios
from surveyor.compare.few_units import ALPHA, FEWEST
from surveyor.compare.groups import TwoGroups
from surveyor.compare.permutation import Permuted
from surveyor.compare.remarks import remarks
from surveyor.compare.verdict import verdict
from surveyor.estimate import Estimate, level_text
from surveyor.intervals import quantile_t
from surveyor.multiplicity import Correction, adjusted
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.significance import kept, max_t

if TYPE_CHECKING:
    from surveyor.show import Figure, Prose, Table


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """R outcomes (or levels) in groups a and b.

    sides      2R values: a and b of each row; differences and everything shown come from these
    sizes      makes 2R values: standardised difference and probability of superiority of each row
    df         (R,) degrees of freedom of the differences, by the rule in groups.inference
    clusters   per row, primary units with answers on each side; None where the design names none
    margins    per row, the bound of equivalence, or None
    permuted   per row, the gap under permutations of units, where they are few or were asked for
    said       outcome -> what must be said of how it is measured
    """

    sides: Estimate
    sizes: Callable[[], Estimate]
    outcomes: tuple[str, ...]
    levels: tuple[Any, ...]
    df: Array
    clusters: tuple[tuple[int, int] | None, ...]
    groups: TwoGroups
    correct: Correction
    margins: tuple[float | None, ...]
    names: Mapping[str, str]
    permuted: tuple[Permuted | None, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.outcomes)

    @property
    def lang(self) -> Language:
        """The language of labels and words."""
        return self.sides.lang

    @cached_property
    def differences(self) -> Estimate:
        """The R differences a - b with their joint covariance."""
        made = self.sides.contrast(np.kron(np.eye(len(self)), np.array([[1.0, -1.0]])), "difference")
        cells = self.sides.cells.iloc[::2][["variable", "level"]].assign(statistic="difference")
        return replace(made, df=self.df, cells=cells.reset_index(drop=True))

    @cached_property
    def effects(self) -> Estimate:
        """Two values a row: the standardised difference and the probability of superiority."""
        return self.sizes()

    @property
    def group_names(self) -> tuple[str, str]:
        """The labels of the two groups."""
        known = self.sides.labels[self.groups.by]
        a, b = self.groups.codes
        return level_text(known, a, self.lang), level_text(known, b, self.lang)

    @property
    def by_permutation(self) -> bool:
        """Whether tests and intervals are those of the permutation, not beside it."""
        return self.groups.inference == "permutation"

    @cached_property
    def t(self) -> Array:
        """t statistics of the differences (R,), NaN with under four units on a side or no variation."""
        se = self.differences.se
        tested = np.isfinite(se) & ~self.still & (self.df > 0) & ~self.too_few
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(tested, self.differences.values / se, np.nan)

    @cached_property
    def p(self) -> Array:
        """Two-sided p-values (R,) of the t tests, or of the permutation where that was asked for."""
        with np.errstate(invalid="ignore"):
            p = kept(2 * stdtr(np.where(self.df > 0, self.df, 1.0), -np.abs(self.t)))
        return np.where(np.isfinite(p), self.permutation_p, np.nan) if self.by_permutation else p

    @cached_property
    def permutation_p(self) -> Array:
        """Two-sided p-values (R,) by permuting primary units; NaN where units were not permuted."""
        return np.array([np.nan if each is None else each.p() for each in self.permuted or (None,) * len(self)])

    @cached_property
    def p_adjusted(self) -> Array:
        """The p-values (R,) adjusted for the number of rows."""
        if self.correct == "max-t" and not self.by_permutation:
            return max_t(self.t, self.differences.deviations, self.df)
        return adjusted(self.p, self.correct)

    @cached_property
    def still(self) -> Flags:
        """(R,) whether nothing varies between units on either side, up to rounding."""
        values = np.abs(self.sides.values.reshape(-1, 2)).max(axis=1)
        return np.asarray(self.differences.se <= 1e-13 * values)

    @cached_property
    def smaller_side(self) -> Array:
        """(R,) primary units on the side that has fewer, or answers where the design names no units."""
        n = self.sides.n.reshape(-1, 2).min(axis=1)
        return np.array([min(c) if c else m for c, m in zip(self.clusters, n, strict=True)])

    @cached_property
    def too_few(self) -> Flags:
        """(R,) whether there are too few units on a side for a p-value."""
        return np.asarray(self.smaller_side < FEWEST)

    @cached_property
    def split(self) -> Flags:
        """(R,) whether the t test and the permutation beside it say different things at 5 %."""
        speaks = np.array([each is not None and each.speaks(ALPHA) for each in self.permuted or (None,) * len(self)])
        both = np.isfinite(self.p) & speaks
        return np.asarray(both & ((self.p < ALPHA) != (self.permutation_p < ALPHA)))

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Low and high ends (R,) of the differences: difference -+ t se, or the shifts no permutation test rejects."""
        half = quantile_t(level, self.df) * self.differences.se
        low, high = self.differences.values - half, self.differences.values + half
        for i, each in enumerate(self.permuted if self.by_permutation else ()):
            low[i], high[i] = (np.nan, np.nan) if each is None or np.isnan(self.t[i]) else each.interval(level)
        return low, high

    def ratios(self, kind: Ratio = "risk") -> Estimate:
        """How many times the mean or share of group b that of group a is (R,), with intervals made on the log scale.

        kind   "risk" p_a / p_b (also for means above 0); "odds" p_a (1 - p_b) / (p_b (1 - p_a)), which is no ratio
               of risks and belongs into an annex
        """
        return ratios(self.sides, self.df, kind)

    def to_frame(self) -> pd.DataFrame:
        """One row per outcome or level, columns as in the manual: values, difference a - b, interval, size, verdict."""
        d = self.differences
        low, high = self.interval()
        low90, high90 = self.interval(0.90)
        corrected = self.p_adjusted
        split = self.split
        values = self.sides.values.reshape(-1, 2)
        n = self.sides.n.reshape(-1, 2)
        size = self.effects.values.reshape(-1, 2)
        half = quantile_t(0.95, self.df) * self.effects.se.reshape(-1, 2)[:, 0]
        a, b = self.group_names
        sides = [pair or (pd.NA, pd.NA) for pair in self.clusters]
        return pd.DataFrame(
            {
                "outcome": self.outcomes,
                "level": [self.level_text(i) for i in range(len(self))],
                "group_a": a,
                "group_b": b,
                "value_a": values[:, 0],
                "value_b": values[:, 1],
                "difference": d.values,
                "se": d.se,
                "df": self.df,
                "low": low,
                "high": high,
                "p": self.p,
                "p_adjusted": corrected,
                "effect": size[:, 0],
                "effect_low": size[:, 0] - half,
                "effect_high": size[:, 0] + half,
                "superiority": size[:, 1],
                "verdict": [
                    "undecided" if apart else verdict(*each)
                    for apart, *each in zip(split, corrected, low90, high90, self.margins, strict=True)
                ],
                "n_a": n[:, 0],
                "n_b": n[:, 1],
                "clusters_a": pd.array([pair[0] for pair in sides], dtype="Int64"),
                "clusters_b": pd.array([pair[1] for pair in sides], dtype="Int64"),
                "inference": self.groups.inference,
                "note": [{"en": "; ", "zh": "；"}[self.lang].join(self.remarks(i)) for i in range(len(self))],
            }
        )

    def level_text(self, row: int) -> str:
        """The label of the level in one row; empty for a mean."""
        return level_text(self.sides.labels.get(self.outcomes[row], {}), self.levels[row], self.lang)

    def remarks(self, row: int) -> list[str]:
        """What must be said of one row, thing by thing."""
        return remarks(self, row)

    def table(self) -> Table:
        """The comparison as a table to show."""
        from surveyor.show import comparison_table

        return comparison_table(self)

    def plot(self, kind: str = "forest") -> Figure:
        """A figure: "forest" the differences with intervals, "dots" the two groups with intervals."""
        from surveyor.show import comparison_figure

        return comparison_figure(self, kind)

    def sentences(self, outcomes: Sequence[str] | None = None) -> Prose:
        """One plain sentence per row (or per row of `outcomes`), every number drawn from this object."""
        from surveyor.show import comparison_sentences

        return comparison_sentences(self, outcomes)

    def summary(self) -> Prose:
        """How many outcomes differ, and the largest differences that were shown."""
        from surveyor.show import comparison_summary

        return comparison_summary(self)
