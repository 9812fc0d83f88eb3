"""Reliability: how much of the spread of a scale's score would be had again, in each group."""

from surveyor.measure.reliability.ask import reliability
from surveyor.measure.reliability.result import OfScale, Reliability

__all__ = ["OfScale", "Reliability", "reliability"]
