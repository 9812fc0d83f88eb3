"""Statistics, one idea a file: row terms and a formula on their weighted totals, or a fit with row influence."""

from surveyor.statistics.alpha import Alpha
from surveyor.statistics.covariance import Correlation, Covariance
from surveyor.statistics.differences import HedgesG
from surveyor.statistics.gini import Gini
from surveyor.statistics.inter_item import InterItem
from surveyor.statistics.item_rest import ItemRest
from surveyor.statistics.joint import Joint
from surveyor.statistics.linear_omega import LinearOmega
from surveyor.statistics.mean import Mean
from surveyor.statistics.omega import Omega
from surveyor.statistics.polychoric import Polychoric
from surveyor.statistics.polyserial import Polyserial
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
    "Alpha",
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
    "InterItem",
    "ItemRest",
    "Joint",
    "LinearOmega",
    "Mean",
    "MeanRank",
    "NetAgreement",
    "Omega",
    "OnTotals",
    "Polarisation",
    "Polychoric",
    "Polyserial",
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
