"""Regression under the design of a survey."""

from surveyor.compare.regression.result import RegressionResult, regress

__all__ = ["RegressionResult", "regress"]
