"""Survey: answers, the questionnaire they answer, and the design they came by."""

from surveyor.survey.asking import completed, estimate, levels_of, source_of
from surveyor.survey.survey import Survey

__all__ = ["Survey", "completed", "estimate", "levels_of", "source_of"]
