"""Statistics, one idea a file: row terms and a formula on their weighted totals, or a fit with row influence."""

from surveyor.statistics.covariance import Correlation, Covariance
from surveyor.statistics.differences import HedgesG
from surveyor.statistics.gini import Gini
from surveyor.statistics.joint import Joint
from surveyor.statistics.mean import Mean
from surveyor.statistics.proportion import Proportion
from surveyor.statistics.quantile import Quantile
from surveyor.statistics.ranks import CliffsDelta, MeanRank, Superiority
from surveyor.statistics.ratio import Ratio
from surveyor.statistics.regression import Regression, Standardised
from surveyor.statistics.scored import Consensus, NetAgreement, Polarisation, TopShare
from surveyor.statistics.statistic import Fit, Fitted, Indicators, OnTotals, Statistic, gradient
from surveyor.statistics.total import Count, Total
from surveyor.statistics.variance import Spread, StandardDeviation, Variance

__all__ = [
    "CliffsDelta",
    "Consensus",
    "Correlation",
    "Count",
    "Covariance",
    "Fit",
    "Fitted",
    "Gini",
    "HedgesG",
    "Indicators",
    "Joint",
    "Mean",
    "MeanRank",
    "NetAgreement",
    "OnTotals",
    "Polarisation",
    "Proportion",
    "Quantile",
    "Ratio",
    "Regression",
    "Spread",
    "StandardDeviation",
    "Standardised",
    "Statistic",
    "Superiority",
    "TopShare",
    "Total",
    "Variance",
    "gradient",
]
