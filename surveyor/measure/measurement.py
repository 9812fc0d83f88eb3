"""Measurement: everything that is known of scales before they are compared, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveyor.measure.cfa import FactorAnalysis, cfa
from surveyor.measure.invariance.gaps import SOME
from surveyor.measure.invariance.gate import Gate
from surveyor.measure.invariance.invariance import Invariance, invariance
from surveyor.measure.reliability import Reliability, reliability
from surveyor.measure.reliability.result import CHECK
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.threads import alone

if TYPE_CHECKING:
    from surveyor.show import Figure, Prose, Table
    from surveyor.survey import Survey


@dataclass(frozen=True, eq=False, repr=False)
class Measurement(Shown):
    """How well scales measure in each group, and whether they measure alike in both.

    reliability   alpha, omega and their company by scale and group
    invariance    the ladder, what was let go, latent gaps
    factors       the factor model in each group by itself: loadings and correlations of factors
    """

    reliability: Reliability
    invariance: Invariance
    factors: FactorAnalysis
    lang: Language = "en"

    @property
    def by(self) -> str:
        """The column of the groups."""
        return self.invariance.by

    @property
    def origin(self) -> Any:
        """The frame whose residents were measured."""
        return self.invariance.gaps.source.frame

    @cached_property
    def gates(self) -> dict[str, Gate]:
        """Per scale whether its score may be compared: alike enough, and reliable enough in both groups."""
        return {name: self._gate(name, gate) for name, gate in self.invariance.gates.items()}

    def _gate(self, scale: str, gate: Gate) -> Gate:
        lowest = self.reliability.lowest(scale)
        known = replace(gate, omega=lowest)
        return replace(known, why="unreliable") if gate.is_open and not lowest >= CHECK else known

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        return tuple(
            dict.fromkeys(
                (*self.invariance.notes, *self.factors.problems, *self.factors.notes, *self.reliability.notes)
            )
        )

    def to_frame(self) -> pd.DataFrame:
        """A row a scale: verdict, whether its score may be compared, items let go, movement of the gap, omega, gap."""
        gaps = self.invariance.gaps.to_frame()
        some = gaps[gaps["statistic"] == SOME].set_index("variable")
        rows = []
        for name, gate in self.gates.items():
            rows.append({
                "scale": name, "label": self.invariance.names.get(name, name), "verdict": gate.verdict,
                "compared": "score" if gate.is_open else "items", "why": gate.why, "let_go": ", ".join(gate.let_go),
                "moved": gate.moved, "lowest_reliability": gate.omega,
                "latent_gap": some["value"].get(name, np.nan), "low": some["low"].get(name, np.nan),
                "high": some["high"].get(name, np.nan),
            })  # fmt: skip
        return pd.DataFrame(rows)

    def table(self, what: str = "reliability") -> Table:
        """A table: "reliability", "ladder", "loadings" or "gaps"; raises UsageError for another name."""
        from surveyor.show.measurement import measurement_table

        return measurement_table(self, what)

    def plot(self, what: str = "paths") -> Figure | None:
        """The path diagram, or with "items" the questions that were let go (None where none was).

        Raises UsageError for another name.
        """
        from surveyor.show.measurement import measurement_figure

        return measurement_figure(self, what)

    def sentences(self) -> Prose:
        """What may be compared of each scale, in words."""
        from surveyor.show.measurement import measurement_sentences

        return measurement_sentences(self)


@alone
def measurement(survey: Survey, scales: str | Sequence[str], by: str = "type") -> Measurement:
    """Reliability, the ladder of invariance, loadings and latent gaps of scales of the questionnaire.

    scales   names, such as ["NET", "REC", "TRU"]

    Give the result to `survey.compare(..., measurement=...)`: a scale that is not reliable, or does not measure alike
    in both groups, is then compared by its items.

    Raises what `invariance` and `reliability` raise.

    >>> from surveyor.questionnaire import Item, Questionnaire, Scale
    >>> from surveyor.survey import Survey
    >>> items = tuple(Item(id=name, label={"en": name}, type="integer") for name in "abc")
    >>> asked = Questionnaire("small", items, scales={"ONE": Scale({"en": "one thing"}, ("a", "b", "c"))})
    >>> cube = np.array(list(np.ndindex(2, 2, 2, 2)))  # one thing behind three answers, each with a part of its own
    >>> frame = pd.DataFrame(cube[:, :1] + cube[:, 1:], columns=["a", "b", "c"])
    >>> both = pd.concat([frame.assign(kind=1), frame.assign(kind=2)])
    >>> gate = measurement(Survey(both, questionnaire=asked), "ONE", by="kind").gates["ONE"]
    >>> gate.is_open, round(gate.omega, 6)  # of a variance of 3, 9/4 are shared
    (True, 0.75)
    """
    names = [scales] if isinstance(scales, str) else list(scales)
    climbed = invariance(survey, names, by)
    return Measurement(
        reliability=reliability(survey, names, by),
        invariance=climbed,
        factors=cfa(survey, names, by),
        lang=survey.lang,
    )
