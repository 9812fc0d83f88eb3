"""Estimate: numbers with joint uncertainty, and their algebra."""

from surveyor.estimate.algebra import combined
from surveyor.estimate.estimate import RESERVED, RULES, DegreesRule, Estimate
from surveyor.estimate.labels import level_text
from surveyor.estimate.source import Source

__all__ = ["RESERVED", "RULES", "DegreesRule", "Estimate", "Source", "combined", "level_text"]
