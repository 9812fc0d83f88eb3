"""Compounds as what is measured: how far they differ, and how well their means are known (ecometrics)."""

from surveyor.measure.compounds.battery import compounds
from surveyor.measure.compounds.result import Compounds, Part

__all__ = ["Compounds", "Part", "compounds"]
