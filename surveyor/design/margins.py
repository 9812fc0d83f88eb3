"""Known totals of the population, as the user writes them, made into calibration variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.design.calibration import METHODS, Calibration, Margins
from surveyor.errors import DesignError, UsageError, guess
from surveyor.format import count


def margins_of(
    values: Callable[[str], Array],
    code: Callable[[str, Any], float],
    n: int,
    margins: Mapping[str | tuple[str, ...], Any],
    method: Calibration,
    bounds: tuple[float, float] | None,
    size: float | None,
) -> Margins:
    """X and its totals: one variable per answer of each margin, the column itself for a total, ones for the size.

    values, code   the numbers of a column; the code of an answer given by code or label

    Raises UsageError for an unknown method, column or answer, DesignError for margins that leave somebody out,
    name an answer nobody gave, or do not add up to one population.
    """
    if method not in METHODS:
        raise UsageError(f"there is no calibration '{method}'", remedy=guess(method, METHODS))
    if method == "poststratify" and (len(margins) != 1 or size is not None):
        raise UsageError("post-stratification takes one margin", expected="one key; a tuple of columns crosses them")
    if bounds is not None and (method != "linear" or not 0 <= bounds[0] < 1 < bounds[1]):
        raise UsageError(f"bounds={bounds} do not go with '{method}'", expected='method="linear", bounds around 1')
    columns: list[Array] = [np.ones(n)] if size is not None else []
    totals: list[float] = [size] if size is not None else []
    sums: dict[str, float] = {} if size is None else {"size": size}
    for key, known in margins.items():
        names = (key,) if isinstance(key, str) else key
        if not isinstance(known, Mapping):
            columns.append(_measured(values, names))
            totals.append(float(known))
            continue
        codes = [values(name) for name in names]
        _complete(codes, names)
        covered = np.zeros(n, dtype=bool)
        for answer, people in known.items():
            parts = answer if isinstance(answer, tuple) else (answer,)
            hits = np.ones(n, dtype=bool)
            for name, column, part in zip(names, codes, parts, strict=True):
                hits &= column == code(name, part)
            if not hits.any() and people > 0:
                raise DesignError(f"nobody in the data is '{answer}' on {' x '.join(names)}",
                                  remedy="Join it with another answer")  # fmt: skip
            covered |= hits
            columns.append(hits.astype(float))
            totals.append(float(people))
        if not covered.all():
            raise DesignError(
                f"the margin of {' x '.join(names)} leaves {int((~covered).sum())} residents out, "
                f"the first with code {codes[0][int(np.argmin(covered))]:g}",
                expected="a total for every answer in the data",
            )
        sums[" x ".join(names)] = float(sum(known.values()))
    if sums and max(sums.values()) - min(sums.values()) > 1e-6 * max(sums.values()):
        shown = ", ".join(f"{name} {count(total)}" for name, total in sums.items())
        raise DesignError(f"the margins add up to different populations: {shown}", remedy="Bring them to one total")
    return Margins(np.column_stack(columns), np.array(totals), method, bounds)


def _measured(values: Callable[[str], Array], names: tuple[str, ...]) -> Array:
    if len(names) != 1:
        raise UsageError(f"a total belongs to one column, not to {len(names)}")
    column = values(names[0])
    _complete([column], names)
    return column


def _complete(codes: list[Array], names: tuple[str, ...]) -> None:
    for values, name in zip(codes, names, strict=True):
        gaps = ~np.isfinite(values)
        if gaps.any():
            raise DesignError(
                f"{int(gaps.sum())} residents have no answer on '{name}'",
                remedy="Calibration needs it of everybody: fill it in, or use another margin",
            )
