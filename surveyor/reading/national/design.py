"""The design that a file of a national survey carries: its weight and the finest area code every row has."""

from __future__ import annotations

from surveyor.design import Design
from surveyor.reading.answers import Answers
from surveyor.reading.national.columns import complete
from surveyor.reading.national.waves import Wave


def design_of(wave: Wave, answers: Answers) -> Design | None:
    """The weight and the finest area code that every row has; None without a weight."""
    weights = complete(answers, wave.weights, number=True)
    if weights is None:
        return None
    clusters = complete(answers, wave.areas)
    return Design(weights=weights, strata=_strata(answers, wave, clusters), clusters=clusters)


def _strata(answers: Answers, wave: Wave, clusters: str | None) -> str | None:
    """The column of strata where it is public and each holds two units or more."""
    strata = complete(answers, (wave.strata,)) if wave.strata else None
    if strata is None:
        return None
    units = answers.frame.groupby(strata)[clusters].nunique() if clusters else answers.frame[strata].value_counts()
    return strata if (units >= 2).all() else None


def described(answers: Answers, wave: Wave) -> Answers:
    """The log says what the design is and what is not known of it."""
    design = design_of(wave, answers)
    if design is None:
        known = " or ".join(f"'{name}'" for name in wave.weights)
        return answers.noted(warnings=[f"no complete weight ({known}) in the file: residents count once each"])
    units = f"clusters '{design.clusters}', the finest area code every row has" if design.clusters else "no clusters"
    strata = f"strata '{design.strata}'" if design.strata else "no strata, which are not public"
    if design.strata is None and wave.strata:
        strata = f"no strata ('{wave.strata}' is absent, incomplete or has strata with one unit)"
    warnings = [] if design.clusters else ["no area code in the file: standard errors are too small"]
    entry = f"design of {wave.name}: weight '{design.weights}', {units}; {strata}. Name design= for another"
    return answers.noted([entry], warnings)
