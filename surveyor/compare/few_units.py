"""What a comparison does where primary units are few: a permutation beside, or a bias-reduced variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from surveyor.arrays import Array
from surveyor.compare.groups import TwoGroups
from surveyor.design import Units
from surveyor.design.cr2 import cr2
from surveyor.errors import DesignError
from surveyor.estimate import Estimate
from surveyor.questionnaire import Language

#: Fewer primary units than this on one side, and no p-value is given.
FEWEST = 4
#: Fewer than this, and a permutation over units stands beside the t test.
FEW = 8
#: Where the t test and the permutation beside it must agree.
ALPHA = 0.05

#: Parts of a design that some rules of inference leave out; {parts} are those the design has.
LEFT_OUT: Mapping[str, Mapping[Language, str]] = {
    "cr2": {"en": "cr2 does not count {parts}", "zh": "cr2 未计入{parts}"},
    "permutation": {"en": "permutation does not count {parts}", "zh": "置换未计入{parts}"},
    "population": {"en": "the finite population", "zh": "有限总体"},
    "stages": {"en": "later stages", "zh": "后续抽样阶段"},
    "calibration": {"en": "calibration", "zh": "校准"},
}


def beside(groups: TwoGroups, clusters: tuple[int, int] | None) -> bool:
    """Whether units are permuted: by name, or where 4 to 7 declared clusters stand on one side."""
    if groups.inference == "permutation":
        return True
    return groups.inference == "auto" and clusters is not None and FEWEST <= min(clusters) < FEW


def reduced(groups: TwoGroups, answers: Sequence[Array], sides: Estimate) -> tuple[Estimate, Array]:
    """The sides with CR2 deviations, and the df (R,) of their differences, from the weighted fit on the two groups.

    Raises DesignError where the design names no clusters.
    """
    if not groups.units.clustered:
        raise DesignError("cr2 is a variance for clusters, and the design names none", remedy='Use inference="auto"')
    D = np.zeros((groups.units.first.count, len(sides)))
    df = np.full(len(answers), np.nan)
    ask = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])
    for i, y in enumerate(answers):
        part = groups.grouping.part(np.isfinite(y))
        X = np.eye(2)[part.cell]
        if len(X) < 3 or not X.any(axis=0).all():
            D[:, 2 * i : 2 * i + 2] = np.nan
            continue
        e = part.take(y) - sides.values[2 * i : 2 * i + 2][part.cell]
        used, unit = np.unique(groups.unit_of(part.rows), return_inverse=True)
        if min(len(np.unique(unit[part.cell == g])) for g in (0, 1)) < 2:  # one cluster tells nothing of others
            D[:, 2 * i : 2 * i + 2] = np.nan
            continue
        made, degrees = cr2(X, part.weights, e, unit, ask)
        D[used, 2 * i : 2 * i + 2] = made[:, :2]
        df[i] = degrees[2]
    source = replace(sides.source, variant=(*sides.source.variant, "cr2"))
    return replace(sides, deviations=D, shares=None, source=source), df


def left_out(inference: str, units: Units, lang: Language) -> tuple[str, ...]:
    """What "cr2" and "permutation" do not take into account, where the design has it."""
    has = {
        "population": bool((units.first.fraction > 0).any()),
        "stages": len(units.stages) > 1,
        "calibration": units.residual is not None,
    }
    parts = {"en": ", ", "zh": "、"}[lang].join(LEFT_OUT[part][lang] for part, there in has.items() if there)
    return (LEFT_OUT[inference][lang].format(parts=parts),) if parts and inference in LEFT_OUT else ()
