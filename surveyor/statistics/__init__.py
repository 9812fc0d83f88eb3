"""Statistics, one idea a file: row terms and a formula on their weighted totals."""

from surveyor.statistics.mean import Mean
from surveyor.statistics.proportion import Proportion
from surveyor.statistics.ratio import Ratio
from surveyor.statistics.spread import Spread
from surveyor.statistics.statistic import Array, Statistic, gradient
from surveyor.statistics.total import Total

__all__ = ["Array", "Mean", "Proportion", "Ratio", "Spread", "Statistic", "Total", "gradient"]
