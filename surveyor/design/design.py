"""How units came to be observed: weights, strata, stages of clusters, finite populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, numbered
from surveyor.design.collapse import collapse
from surveyor.design.columns import named, several, unit_codes, weights_of
from surveyor.design.fpc import sampling_fraction
from surveyor.design.replicates import Replicates, replicated
from surveyor.design.stage import LONELY, Lonely, Stage
from surveyor.design.units import Units
from surveyor.errors import DesignError, UsageError, guess

Names = str | Sequence[str] | None


@dataclass(frozen=True)
class Design:
    """The columns that say how the residents were drawn.

    weights     number of people a resident stands for; None: everybody counts once
    strata      groups sampled apart, one column or several; None: no strata
    clusters    sampling units, first stage first (compounds, then dwellings); None: residents one by one.
                A unit id that repeats in two strata is two units, unless `unique_ids`
    fpc         per stage, how many units the stratum (later: the unit above) has in all, or the fraction
                drawn; a stage without one counts as drawn with replacement, and ends the chain
    lonely      the rule for strata with one unit that were not taken whole: "error", "certainty" (no variance),
                "center" (around the mean of all for means and other centred statistics; a total keeps the unit's own
                total, as by R's "adjust"), "average" (the mean variance of the others), "collapse" (join the next
                stratum)
    replicates  replicate weights, which then give the variance
    unique_ids  unit ids are unique over strata, so that one id in two strata is a mistake

    Raises UsageError for what names no column, and for a rule that there is not.

    >>> Design(weights="wt", clusters="compound_id").columns
    ('wt', 'compound_id')
    """

    weights: str | None = None
    strata: Names = None
    clusters: Names = None
    fpc: Names = None
    lonely: Lonely = "error"
    unique_ids: bool = field(default=False, kw_only=True)
    replicates: Replicates | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if self.lonely not in LONELY:
            raise UsageError(f"there is no rule lonely='{self.lonely}'", remedy=guess(str(self.lonely), LONELY))
        if not isinstance(self.replicates, Replicates | None):
            raise UsageError(f"replicates={self.replicates!r} are none", expected='sv.Replicates("^repw", method=...)')
        named(self.weights, "weights", one=True)
        for argument in ("strata", "clusters", "fpc"):  # lists become tuples, an empty one nothing
            object.__setattr__(self, argument, named(getattr(self, argument), argument))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the design reads."""
        every = (self.weights, *several(self.strata), *several(self.clusters), *several(self.fpc))
        return tuple(name for name in every if name is not None)

    def units(self, frame: pd.DataFrame) -> Units:
        """The design met with the data.

        Raises DesignError where a column is absent or incomplete, a weight is negative, missing or not
        a number, all weights are zero, a population is smaller than its sample, a unit stands in two
        strata though ids are unique, or a stratum has one unit and no rule says what then.
        """
        for name in self.columns:
            if name not in frame.columns:
                raise DesignError(
                    f"the design names the column '{name}', which is not in the data",
                    remedy=guess(name, frame.columns),
                )
        weights = weights_of(frame, self.weights)
        stages, unit = self._stages(frame)
        if self.lonely == "collapse":
            stages = _collapsed(stages)
        units = Units(weights, unit, stages, self.clusters is not None, self.lonely)
        if self.replicates is not None:
            return self._replicated(units, frame)
        if self.lonely == "error":
            self._refuse_lonely(frame, units)
        return units

    def _stages(self, frame: pd.DataFrame) -> tuple[tuple[Stage, ...], Codes]:
        """Every stage that contributes to the variance, and the finest unit of each row."""
        clusters, populations = several(self.clusters), several(self.fpc)
        depth = max(len(clusters), len(populations), 1)
        above = unit_codes(frame, list(several(self.strata)), "stratum")
        found: list[tuple[Codes, Codes, Array]] = []  # row -> unit, unit -> stratum, unit -> fraction
        for k in range(depth):
            ids = [clusters[k]] if k < len(clusters) else []
            unit, stratum = self._coded(frame, above, ids)
            fraction: Array = np.zeros(len(stratum))
            if k < len(populations):
                fraction = sampling_fraction(frame, populations[k], unit, stratum)
            found.append((unit, stratum, fraction))
            above = unit
            if k >= len(populations):
                break
        finest = found[-1][0]
        stages = []
        reached: Array = np.ones(1)
        for k, (unit, stratum, fraction) in enumerate(found):
            member = np.zeros(len(found[-1][1]), dtype=np.intp)
            member[finest] = unit
            reached = reached[stratum] if k else np.ones(len(stratum))
            stages.append(Stage(member, stratum, fraction, reached))
            reached = reached * fraction
        return tuple(stages), finest

    def _replicated(self, units: Units, frame: pd.DataFrame) -> Units:
        """Replicates made from the design are multiples of primary units, given ones of rows."""
        assert self.replicates is not None
        if self.replicates.columns is None:
            return replicated(units, self.replicates)
        first = units.first
        by_row = replace(first, member=first.member[units.unit])
        multipliers = self.replicates.meet(frame, units.weights)
        return replace(units, unit=np.arange(len(frame)), stages=(by_row,), replicates=multipliers)

    def _coded(self, frame: pd.DataFrame, above: Codes, ids: list[str]) -> tuple[Codes, Codes]:
        """Units of one stage, numbered in the order of the stratum or unit above them."""
        inner = unit_codes(frame, ids, "cluster") if ids else np.arange(len(frame))
        if self.unique_ids and ids:
            strata = pd.Series(above).groupby(inner).nunique()
            if (strata > 1).any():
                code = strata[strata > 1].index[0]
                shown = frame.loc[inner == code, ids[0]].iloc[0]
                raise DesignError(
                    f"the unit '{shown}' of '{ids[0]}' stands in {strata[code]} strata, and ids are declared unique",
                    remedy="Correct the strata, or leave unique_ids out if ids are only unique within a stratum",
                )
        many = int(inner.max()) + 1
        key = above * many
        key += inner
        unit, first = numbered(key)
        return unit, np.asarray(first // many, dtype=np.intp)

    def _refuse_lonely(self, frame: pd.DataFrame, units: Units) -> None:
        for k, stage in enumerate(units.stages):
            alone = stage.lonely
            if not alone.any() or (k == 0 and self.strata is None):
                continue
            rows = alone[stage.member[units.unit]]
            above = several(self.strata) if k == 0 else several(self.clusters)[k - 1 : k]
            names = frame.loc[rows, list(above)].drop_duplicates()
            shown = "; ".join(" / ".join(map(str, row)) for row in names.head(8).to_numpy())
            more = f" and {len(names) - 8} more" if len(names) > 8 else ""
            what = "these strata hold a single primary unit" if k == 0 else (
                f"these units of '{above[0]}' hold a single unit of the next stage, and were not taken whole"
            )  # fmt: skip
            raise DesignError(
                f"{what}, so their variance cannot be estimated: {shown}{more}",
                expected='a rule: lonely="certainty", "center", "average" or "collapse"',
                remedy="Join them with similar ones, or choose one of these rules and say so in the report",
            )


def _collapsed(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Strata with one unit, unless taken whole, joined with a neighbour (later: one in the same stratum above)."""
    joined = []
    for k, stage in enumerate(stages):
        block = np.zeros(stage.count, dtype=np.intp) if k == 0 else stages[k - 1].stratum[stage.stratum]
        joined.append(replace(stage, stratum=collapse(stage.stratum, block, stage.fraction >= 1)[0]))
    return tuple(joined)
