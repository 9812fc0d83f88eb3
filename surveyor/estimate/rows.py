"""What the rows of an estimate are: notes on each, and whether two estimates answer each other row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveyor.errors import UsageError
from surveyor.estimate.labels import recoded

if TYPE_CHECKING:
    from surveyor.estimate.estimate import Estimate

#: A standard error this small beside the value is rounding.
STILL = 1e-14


def notes_of(estimate: Estimate) -> list[str]:
    """Per value, what a reader must know about it: nothing to estimate from, no variation, one unit."""
    said = []
    places = estimate.places or (None,) * len(estimate)
    rows = zip(estimate.values, estimate.se, estimate.n, estimate.df, places, strict=True)
    for v, se, n, df, place in rows:
        if n == 0:
            said.append("no answers")
        elif not np.isfinite(v):
            said.append("cannot be computed from these answers")
        elif df <= 0:
            said.append("too few primary units for a standard error")
        elif not np.isfinite(se):
            said.append("the standard error cannot be computed")
        elif place is not None and place.share and se == 0 < place.se:
            said.append("the interval is a single answer")
        elif se <= STILL * abs(v):
            said.append("no variation between units")
        else:
            said.append("")
    return said


def matched(one: Estimate, other: Estimate) -> int:
    """How many values both have; raises UsageError where their rows do not answer each other."""
    if len(one) != len(other):
        raise UsageError(
            f"one estimate has {len(one)} values and the other {len(other)}",
            remedy="Pick the same rows of both first, with pick()",
        )
    rows = [
        list(each.named().drop(columns=["variable", "statistic"]).itertuples(index=False, name=None))
        for each in (one, other)
    ]
    if len(one) > 1 and rows[0] != rows[1] and {*rows[0]} & {*rows[1]}:
        raise UsageError(
            "the two estimates have other groups or levels, or the same in another order",
            remedy="Pick the same rows of both first, with pick()",
        )
    return len(one)


def named_as(estimate: Estimate, other: Estimate) -> Estimate:
    """The same numbers, with the codes of the other's labels where a column has other codes for its texts."""
    cells, labels = estimate.cells.copy(), dict(estimate.labels)
    for name in labels.keys() & other.labels.keys():
        codes = recoded(other.labels[name], labels[name])
        if not codes:
            continue
        column, at = (name, np.ones(len(cells), bool)) if name in cells else ("level", cells["variable"] == name)
        cells.loc[at, column] = [codes.get(code, code) for code in cells.loc[at, column]]
        labels[name] = {codes.get(code, code): text for code, text in labels[name].items()}
    return replace(estimate, cells=cells, labels=labels)
