"""The small safe language: filters (`where`) and formulas of models; no text is ever run as a program."""

from surveyor.expressions.filters import Expression, parse
from surveyor.expressions.formulas import Factor, Formula, parse_formula

__all__ = ["Expression", "Factor", "Formula", "parse", "parse_formula"]
