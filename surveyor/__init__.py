"""surveyor: compare the residents of two kinds of community, correctly, from questionnaire to report."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveyor.checking import Findings as Findings
    from surveyor.checking import ResponseRates as ResponseRates
    from surveyor.checking import response_rates as response_rates
    from surveyor.compare import Comparison as Comparison
    from surveyor.compare import Permutation as Permutation
    from surveyor.design import Design as Design
    from surveyor.design import Replicates as Replicates
    from surveyor.errors import SurveyorError as SurveyorError
    from surveyor.estimate import Estimate as Estimate
    from surveyor.plan import simulate as simulate
    from surveyor.questionnaire import Questionnaire as Questionnaire
    from surveyor.reading import read as read
    from surveyor.statistics import Alpha as Alpha
    from surveyor.statistics import CliffsDelta as CliffsDelta
    from surveyor.statistics import Consensus as Consensus
    from surveyor.statistics import Correlation as Correlation
    from surveyor.statistics import Count as Count
    from surveyor.statistics import Covariance as Covariance
    from surveyor.statistics import Gini as Gini
    from surveyor.statistics import HedgesG as HedgesG
    from surveyor.statistics import InterItem as InterItem
    from surveyor.statistics import ItemRest as ItemRest
    from surveyor.statistics import LinearOmega as LinearOmega
    from surveyor.statistics import Mean as Mean
    from surveyor.statistics import MeanRank as MeanRank
    from surveyor.statistics import NetAgreement as NetAgreement
    from surveyor.statistics import Omega as Omega
    from surveyor.statistics import Polarisation as Polarisation
    from surveyor.statistics import Polychoric as Polychoric
    from surveyor.statistics import Polyserial as Polyserial
    from surveyor.statistics import Proportion as Proportion
    from surveyor.statistics import Quantile as Quantile
    from surveyor.statistics import Ratio as Ratio
    from surveyor.statistics import Spread as Spread
    from surveyor.statistics import StandardDeviation as StandardDeviation
    from surveyor.statistics import Superiority as Superiority
    from surveyor.statistics import TopShare as TopShare
    from surveyor.statistics import Total as Total
    from surveyor.statistics import Variance as Variance
    from surveyor.study import Study as Study
    from surveyor.survey import Survey as Survey
    from surveyor.writing import write as write

__version__ = "0.1.0"

_HOME = {
    "Alpha": "statistics",
    "InterItem": "statistics",
    "ItemRest": "statistics",
    "TopShare": "statistics",
    "Superiority": "statistics",
    "Quantile": "statistics",
    "Permutation": "compare",
    "Polarisation": "statistics",
    "NetAgreement": "statistics",
    "MeanRank": "statistics",
    "HedgesG": "statistics",
    "Gini": "statistics",
    "Consensus": "statistics",
    "CliffsDelta": "statistics",
    "Comparison": "compare",
    "Variance": "statistics",
    "StandardDeviation": "statistics",
    "Covariance": "statistics",
    "Count": "statistics",
    "Correlation": "statistics",
    "Design": "design",
    "Findings": "checking",
    "ResponseRates": "checking",
    "response_rates": "checking",
    "simulate": "plan",
    "write": "writing",
    "Estimate": "estimate",
    "LinearOmega": "statistics",
    "Mean": "statistics",
    "Omega": "statistics",
    "Polychoric": "statistics",
    "Polyserial": "statistics",
    "Proportion": "statistics",
    "Questionnaire": "questionnaire",
    "Ratio": "statistics",
    "Replicates": "design",
    "Spread": "statistics",
    "Study": "study",
    "Survey": "survey",
    "SurveyorError": "errors",
    "Total": "statistics",
    "read": "reading",
}

__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Public names are loaded when first used, so that `import surveyor` costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'surveyor' has no attribute '{name}'")
    value = getattr(import_module(f"surveyor.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
