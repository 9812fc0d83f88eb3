"""How each item goes with the rest of its scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyor.statistics.alpha import OfItems


@dataclass(frozen=True)
class ItemRest(OfItems):
    """The correlation of each item with the sum of the others, the corrected item-rest correlation.

    With variances v_i, covariances c_i of item i with the sum of all, and v of that sum:
    (c_i - v_i) / sqrt(v_i (v - 2 c_i + v_i)) (Nunnally and Bernstein 1994). With two items it is their correlation.

    Raises UsageError for fewer than two items, and signs that are not 1 or -1 for each.

    >>> columns = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([1.0, 3.0, 2.0])}
    >>> asked = ItemRest(("a", "b"))
    >>> asked.formula(np.array([np.sum(term * np.ones(3)) for term in asked.terms(columns)]))
    array([0.5, 0.5])
    """

    @property
    def rows(self) -> tuple[tuple[str, Any, str], ...]:
        return tuple((name, None, "item-rest correlation") for name in self.items)

    def formula(self, totals: Any) -> Any:
        own, shared, whole = self.variances(totals)
        own = np.where(np.real(own) == 0, np.nan, own)  # everybody answered the same
        return (shared - own) / np.sqrt(own * (whole - 2 * shared + own))
