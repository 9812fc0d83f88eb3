"""Gate: whether a scale may be compared between the groups by its score, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: alike         every item works alike in both groups, as far as was asked
#: partly alike  some items were let go, and the gap hardly moves with them
#: not alike     too few items work alike, or the gap rests on those that do not
#: not tested    the ladder could not be climbed, or a group has too few primary units for its tests
Verdict = Literal["alike", "partly alike", "not alike", "not tested"]

#: Why a gate is closed, or why it could not be opened.
Why = Literal["", "few", "moved", "refused", "unfitted", "units", "unreliable"]

#: A latent gap may move by so many standard deviations when items are let go.
FAR = 0.1

#: With fewer primary units in a group nothing is tested: see DESIGN, "Group contrasts".
UNITS = 4


@dataclass(frozen=True)
class Gate:
    """What is known of a scale before it is compared.

    items    its items, by which it is compared where the gate is closed
    let_go   those that work otherwise in the two groups
    moved    how far the latent gap moves without them, in standard deviations
    omega    the lower of the two groups' reliabilities; NaN where it was not asked
    """

    scale: str
    verdict: Verdict
    items: tuple[str, ...]
    let_go: tuple[str, ...] = ()
    moved: float = float("nan")
    why: Why = ""
    omega: float = float("nan")

    @property
    def is_open(self) -> bool:
        """Whether the score may be compared."""
        return self.verdict in ("alike", "partly alike") and self.why == ""
