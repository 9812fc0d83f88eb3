"""Designs: how units came to be observed, and what that makes of influence."""

from surveyor.design.calibration import Calibration, Margins
from surveyor.design.collapse import collapse
from surveyor.design.design import Design
from surveyor.design.evaluate import evaluate
from surveyor.design.grouping import Grouping
from surveyor.design.linearised import Linearised, simple_variance
from surveyor.design.replicates import Replicates
from surveyor.design.small_samples import Shares, satterthwaite
from surveyor.design.stage import Lonely
from surveyor.design.trimming import Trimming
from surveyor.design.units import Units

__all__ = [
    "Calibration",
    "Design",
    "Grouping",
    "Linearised",
    "Lonely",
    "Margins",
    "Replicates",
    "Shares",
    "Trimming",
    "Units",
    "collapse",
    "evaluate",
    "satterthwaite",
    "simple_variance",
]
