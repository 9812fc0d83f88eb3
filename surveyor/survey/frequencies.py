"""How often each code of a survey was given, for codebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveyor.questionnaire.frequencies import Frequencies
from surveyor.questionnaire.item import CODED

if TYPE_CHECKING:
    from surveyor.survey.survey import Survey


def frequencies(survey: Survey) -> Frequencies:
    """Counts of every code of every item with choices, missing codes among them, unweighted and weighted."""
    asked, weights = survey.questionnaire, survey.units.weights
    weighted = survey.design.weights is not None
    columns = {}
    for item in asked.columns if asked else ():
        if item.id not in survey.frame.columns or item.type not in (*CODED, "calculated"):
            continue
        codes, at = np.unique(survey.frame[item.id].to_numpy(dtype=float), return_inverse=True)
        rows, totals = np.bincount(at), np.bincount(at, weights)
        columns[item.id] = {
            int(code): (int(rows[k]), float(totals[k]) if weighted else None)
            for k, code in enumerate(codes)
            if np.isfinite(code)
        }
    return Frequencies(len(survey.frame), columns)
