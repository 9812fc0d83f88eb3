"""Reliabilities of scales by group, with what they allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveyor.errors import UsageError, guess
from surveyor.estimate import Estimate
from surveyor.measure.reliability.texts import FLAGS, Flag
from surveyor.questionnaire import Language
from surveyor.shown import Shown

if TYPE_CHECKING:
    from surveyor.show import Table

#: From here on a score may be used; from CHECK on with a check by the latent gap; below that item by item.
PROCEED, CHECK = 0.70, 0.60
#: Groups whose reliabilities lie further apart than this are flagged.
APART = 0.10


@dataclass(frozen=True, eq=False)
class OfScale:
    """The reliability of one scale.

    estimate   alpha, omega (of three items or more), mean inter-item and item-rest correlations, in every group
    gaps       the differences a - b of alpha and of omega; None without groups
    units      per group, primary units with answers; None where the design names none
    notes      per group, what a reader must know
    """

    name: str
    label: str
    items: tuple[str, ...]
    labels: Mapping[str, str]
    estimate: Estimate
    gaps: Estimate | None
    units: tuple[int | None, ...]
    notes: tuple[tuple[str, ...], ...]

    def value(self, statistic: str, group: int = 0) -> float:
        """One of its numbers in a group; NaN where there is none."""
        found = self.estimate.values[(self.estimate.cells["statistic"] == statistic).to_numpy()]
        return float(found[group]) if len(found) > group else float("nan")

    def deciding(self, group: int) -> str:
        """The statistic that decides what the scale may be used for: omega, or alpha where there is none."""
        return "omega" if np.isfinite(self.value("omega", group)) else "alpha"

    def flag(self, group: int) -> Flag:
        """What the reliability in a group allows, by its unrounded value; nothing where there is none."""
        value = self.value(self.deciding(group), group)
        if not np.isfinite(value):
            return ""
        return "proceed" if value >= PROCEED else "check" if value >= CHECK else "items"


@dataclass(frozen=True, eq=False, repr=False)
class Reliability(Shown):
    """How reliable the scores of scales are, by group.

    scales   one each
    by       the column of the groups; None for all residents as one
    codes, names   of the groups, a first
    notes    what a reader must know of the design

    Flags (McNeish 2018; Flora 2020 on omega before alpha): .70 and more "proceed"; .60 to .70 "check" what is found
    with the latent gap; below .60 "items", item by item; "differs" where the groups' reliabilities lie more than .10
    apart. What they mean in words stands in `texts.FLAGS`.
    """

    scales: tuple[OfScale, ...]
    by: str | None
    codes: tuple[float, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...]
    lang: Language = "en"

    def __len__(self) -> int:
        return len(self.scales)

    def __getitem__(self, name: str) -> OfScale:
        """The reliability of one scale; raises UsageError for another name."""
        for each in self.scales:
            if each.name == name:
                return each
        known = [each.name for each in self.scales]
        raise UsageError(f"the reliability of '{name}' was not asked for", remedy=guess(name, known))

    def lowest(self, name: str) -> float:
        """The least omega of the groups, of alpha where there is no omega; NaN where one has neither."""
        each = self[name]
        return float(np.min([each.value(each.deciding(g), g) for g in range(len(self.names))]))

    def flag(self, name: str) -> Flag:
        """What the lowest reliability of a scale allows."""
        each = self[name]
        found = [each.flag(g) for g in range(len(self.names))]
        worst: tuple[Flag, ...] = ("", "items", "check", "proceed")
        return next(flag for flag in worst if flag in found)

    def differs(self, name: str) -> bool:
        """Whether the groups' reliabilities lie more than .10 apart."""
        each = self[name]
        if len(self.names) < 2:
            return False
        what = "omega" if all(each.deciding(g) == "omega" for g in (0, 1)) else "alpha"
        return bool(abs(each.value(what, 0) - each.value(what, 1)) > APART)

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per number: scale, label, items, group, item, statistic, value, se, low, high, df, n, units, flag,
        note.

        The flag stands with the number that decides: omega, or alpha where there is none, and the difference of these.
        """
        rows: list[dict[str, Any]] = []
        for each in self.scales:
            rows += self._values(each, level)
            rows += self._gaps(each, level)
        return pd.DataFrame(rows).astype({"units": "Int64"})

    def table(self, what: str = "scales") -> Table:
        """A table: "scales", or "items" for the item-rest correlations; raises UsageError for another name."""
        from surveyor.show.reliability import reliability_table

        return reliability_table(self, what)

    def _values(self, scale: OfScale, level: float) -> list[dict[str, Any]]:
        made, cells = scale.estimate.interval(level), scale.estimate.cells
        rows = []
        for i, item in enumerate(cells["level"]):
            what = cells["statistic"].iloc[i]
            g = self.codes.index(cells[self.by].iloc[i]) if self.by is not None else 0
            decides = what == scale.deciding(g)
            told = {
                "group": self.names[g], "item": item if isinstance(item, str) else "",
                "units": scale.units[g], "flag": scale.flag(g) if decides else "",
            }  # fmt: skip
            notes = scale.notes[g] if what == "omega" or decides else ()
            rows.append(self._row(scale, made.iloc[i], told, notes))
        return rows

    def _gaps(self, scale: OfScale, level: float) -> list[dict[str, Any]]:
        if scale.gaps is None:
            return []
        units = [count for count in scale.units if count is not None]
        decides = "omega" if all(scale.deciding(g) == "omega" for g in (0, 1)) else "alpha"
        rows = []
        for _, row in scale.gaps.interval(level).iterrows():
            differs = row["statistic"] == f"difference of {decides}" and self.differs(scale.name)
            told = {"group": "", "item": "", "units": sum(units) if units else None}
            rows.append(self._row(scale, row, told | {"flag": "differs" if differs else ""}, self.notes))
        return rows

    def _row(self, scale: OfScale, row: pd.Series, told: Mapping[str, Any], notes: Sequence[str]) -> dict[str, Any]:
        return {
            "scale": scale.name, "label": scale.label, "items": len(scale.items),
            "group": told["group"], "item": told["item"], "statistic": row["statistic"],
            **{name: row[name] for name in ("value", "se", "low", "high", "df", "n")},
            "units": told["units"], "flag": FLAGS[told["flag"]][self.lang],
            "note": "; ".join(dict.fromkeys(note for note in (row["note"], *notes) if note)),
        }  # fmt: skip
