"""Regression with sampling weights: families, the matrix of a model, its fit, and averages of what it predicts."""

from surveyor.statistics.regression.regression import Regression
from surveyor.statistics.regression.standardised import Standardised

__all__ = ["Regression", "Standardised"]
