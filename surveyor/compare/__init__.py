"""Comparisons of two groups, one verb a file."""

from surveyor.compare.battery import compare
from surveyor.compare.comparison import Comparison
from surveyor.compare.crosstab import Crosstab, IndependenceTest, crosstab

__all__ = ["Comparison", "Crosstab", "IndependenceTest", "compare", "crosstab"]
