"""Statistics, one idea a file: row terms and a formula on their weighted totals."""

from surveyor.statistics.covariance import Correlation, Covariance
from surveyor.statistics.mean import Mean
from surveyor.statistics.proportion import Proportion
from surveyor.statistics.ratio import Ratio
from surveyor.statistics.statistic import Statistic, gradient
from surveyor.statistics.total import Count, Total
from surveyor.statistics.variance import Spread, StandardDeviation, Variance

__all__ = [
    "Correlation",
    "Count",
    "Covariance",
    "Mean",
    "Proportion",
    "Ratio",
    "Spread",
    "StandardDeviation",
    "Statistic",
    "Total",
    "Variance",
    "gradient",
]
