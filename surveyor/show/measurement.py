"""Measurement in one display: what may be compared, how reliable it is, and whether it is measured alike."""

from __future__ import annotations

from surveyor.errors import UsageError, guess
from surveyor.measure.measurement import Measurement
from surveyor.show.display import Display
from surveyor.show.expected_answers import expected_figure
from surveyor.show.factors import loadings_table, paths_figure
from surveyor.show.figure import Figure
from surveyor.show.invariance import gaps_table, invariance_table
from surveyor.show.prose import Prose
from surveyor.show.reliability import reliability_table
from surveyor.show.table import Table
from surveyor.show.verdicts import verdict_sentences


def measurement_table(result: Measurement, what: str = "reliability") -> Table:
    """ "reliability", "ladder", "loadings" or "gaps"; raises UsageError for another name."""
    made = {
        "reliability": lambda: reliability_table(result.reliability),
        "ladder": lambda: invariance_table(result.invariance, "ladder"),
        "loadings": lambda: loadings_table(result.factors, result.invariance),
        "gaps": lambda: gaps_table(result.invariance, result.gates),
    }
    if what not in made:
        raise UsageError(f"there is no table '{what}' of measurement", remedy=guess(what, made))
    return made[what]()


def measurement_figure(result: Measurement, what: str = "paths") -> Figure | None:
    """ "paths", or "items" for the questions that were let go (None where none was); raises UsageError for another
    name.
    """
    if what == "paths":
        return paths_figure(result.factors, result.invariance)
    if what == "items":
        return expected_figure(result.invariance)
    raise UsageError(f"there is no figure '{what}' of measurement", remedy=guess(what, ("paths", "items")))


def measurement_sentences(result: Measurement) -> Prose:
    """What may be compared of each scale, in words."""
    return verdict_sentences(result.invariance, result.gates)


def measurement_display(result: Measurement) -> Display:
    """Verdicts first, then the tables and figures behind them."""
    items = measurement_figure(result, "items")
    return Display((
        measurement_sentences(result),
        *(measurement_table(result, what) for what in ("reliability", "ladder", "loadings", "gaps")),
        paths_figure(result.factors, result.invariance),
        *([items] if items else []),
    ))  # fmt: skip
