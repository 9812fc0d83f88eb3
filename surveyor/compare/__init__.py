"""Comparisons of two groups, one verb a file."""

from surveyor.compare.battery import compare
from surveyor.compare.comparison import Comparison
from surveyor.compare.crosstab import Crosstab, IndependenceTest, crosstab
from surveyor.compare.permutation import Permutation
from surveyor.compare.regression import RegressionResult, regress

__all__ = [
    "Comparison",
    "Crosstab",
    "IndependenceTest",
    "Permutation",
    "RegressionResult",
    "compare",
    "crosstab",
    "regress",
]
