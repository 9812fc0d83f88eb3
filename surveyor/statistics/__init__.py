"""Statistics, one idea a file: row terms and a formula on their weighted totals."""

from surveyor.statistics.mean import Mean
from surveyor.statistics.proportion import Proportion
from surveyor.statistics.ratio import Ratio
from surveyor.statistics.spread import Spread
from surveyor.statistics.statistic import Statistic, gradient
from surveyor.statistics.total import Total

__all__ = ["Mean", "Proportion", "Ratio", "Spread", "Statistic", "Total", "gradient"]
