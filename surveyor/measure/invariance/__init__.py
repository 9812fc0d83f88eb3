"""Whether items measure alike in two groups."""

from surveyor.measure.invariance.gate import Gate
from surveyor.measure.invariance.invariance import Invariance, invariance

__all__ = ["Gate", "Invariance", "invariance"]
