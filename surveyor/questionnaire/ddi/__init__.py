"""DDI-Codebook 2.5: a questionnaire, and the counts of its data, for archives."""

from surveyor.questionnaire.ddi.facts import StudyFacts
from surveyor.questionnaire.ddi.write import write_ddi

__all__ = ["StudyFacts", "write_ddi"]
