"""Sample statistics of items: thresholds, means, variances and correlations, with how they vary."""

from surveyor.measure.moments.moments import Moments, independent, moments_of
from surveyor.measure.moments.replicated import Replicated, jackknifed, replicated

__all__ = ["Moments", "Replicated", "independent", "jackknifed", "moments_of", "replicated"]
