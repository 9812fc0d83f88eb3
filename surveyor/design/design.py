"""How units came to be observed: weights, strata, primary sampling units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from surveyor.design.units import Units
from surveyor.errors import DesignError, guess
from surveyor.format import counted


@dataclass(frozen=True)
class Design:
    """The columns that say how the residents were drawn.

    weights    number of people a resident stands for; None: everybody counts once
    strata     groups sampled apart, one column or several; None: no strata
    clusters   primary sampling units (compounds), one column; None: residents were drawn one by one.
               A unit id that repeats in two strata is two units.

    Variances are those of sampling primary units with replacement (Kish 1965; Binder 1983).

    >>> Design(weights="wt", clusters="compound_id").is_simple
    False
    """

    weights: str | None = None
    strata: str | tuple[str, ...] | None = None
    clusters: str | None = None

    @property
    def is_simple(self) -> bool:
        """True where nothing is known but the answers: a simple random sample is then assumed."""
        return self.weights is None and self.strata is None and self.clusters is None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the design reads."""
        named = (self.weights, *_several(self.strata), self.clusters)
        return tuple(name for name in named if name is not None)

    def units(self, frame: pd.DataFrame) -> Units:
        """The design met with the data: a weight for each row, a unit for each row, a stratum for each unit.

        Raises DesignError where a column is absent or incomplete, a weight is negative, missing or not
        a number, all weights are zero, or a stratum has one unit only.
        """
        for name in self.columns:
            if name not in frame.columns:
                raise DesignError(
                    f"the design names the column '{name}', which is not in the data",
                    remedy=guess(name, frame.columns),
                )
        weights = _weights(frame, self.weights)
        stratum = _codes(frame, list(_several(self.strata)), "stratum")
        cluster = np.arange(len(frame)) if self.clusters is None else _codes(frame, [self.clusters], "cluster")
        pairs, unit = np.unique(np.stack([stratum, cluster]), axis=1, return_inverse=True)
        units = Units(
            weights=weights,
            unit=unit.reshape(-1),
            stratum=pairs[0],
            clustered=self.clusters is not None,
        )
        if self.strata is not None:
            self._refuse_lonely(frame, units)
        return units

    def _refuse_lonely(self, frame: pd.DataFrame, units: Units) -> None:
        lonely = np.flatnonzero(np.bincount(units.stratum) == 1)
        if lonely.size:
            rows = np.isin(units.stratum[units.unit], lonely)
            names = frame.loc[rows, list(_several(self.strata))].drop_duplicates()
            shown = "; ".join(" / ".join(map(str, row)) for row in names.head(8).to_numpy())
            raise DesignError(
                f"these strata hold a single primary unit, so their variance cannot be estimated: {shown}",
                remedy="Join such a stratum with a similar one before the analysis",
            )


def _several(names: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return () if names is None else (names,) if isinstance(names, str) else tuple(names)


def _codes(frame: pd.DataFrame, names: list[str], what: str) -> np.ndarray:
    """One whole number per row for the combination of the columns; missing values are an error."""
    if not names:
        return np.zeros(len(frame), dtype=np.intp)
    gaps = frame[names].isna().any(axis=1)
    if gaps.any():
        raise DesignError(
            f"{counted(int(gaps.sum()), 'row')} without a {what} ({', '.join(names)}), the first in row {_row(gaps)}",
            remedy="Fill it in or remove these rows: every resident must belong somewhere",
        )
    return frame.groupby(names, sort=True, observed=True).ngroup().to_numpy()


def _weights(frame: pd.DataFrame, name: str | None) -> np.ndarray:
    if name is None:
        return np.ones(len(frame))
    column = frame[name]
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    text = numbers.isna() & column.notna()
    if text.any():
        raise DesignError(
            f"the weight '{name}' holds text where numbers are expected: "
            f"'{column[text].iloc[0]}' in row {_row(text)} ({counted(int(text.sum()), 'row')})"
        )
    for bad, what in (
        (numbers.isna(), "no weight"),
        (np.isinf(numbers), "an infinite weight"),
        (numbers < 0, "a negative weight"),
    ):
        if bad.any():
            raise DesignError(
                f"{counted(int(bad.sum()), 'row')} with {what} in '{name}', the first in row {_row(bad)}",
                expected="a number of at least 0 in every row",
                remedy="A resident who should not count has weight 0",
            )
    if not (numbers > 0).any():
        raise DesignError(f"all weights in '{name}' are zero", expected="some above 0")
    return numbers.to_numpy()


def _row(flags: Any) -> int:
    """The first flagged row as a person counts it, from 1."""
    return int(np.argmax(np.asarray(flags))) + 1
