"""The paper form of a questionnaire, as a Word file."""

from surveyor.questionnaire.paper.form import write_paper

__all__ = ["write_paper"]
