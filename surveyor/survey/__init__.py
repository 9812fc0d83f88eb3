"""Survey: answers, the questionnaire they answer, and the design they came by."""

from surveyor.survey.asking import completed, estimate, levels_of, source_of
from surveyor.survey.groups import Groups, groups_of, stratified, two_codes
from surveyor.survey.survey import Survey

__all__ = [
    "Groups",
    "Survey",
    "completed",
    "estimate",
    "groups_of",
    "levels_of",
    "source_of",
    "stratified",
    "two_codes",
]
