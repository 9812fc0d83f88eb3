"""The codebook of a questionnaire: every item with its wording, codes and routing, for people."""

from surveyor.questionnaire.codebook.markdown import codebook_markdown
from surveyor.questionnaire.codebook.page import codebook_html

__all__ = ["codebook_html", "codebook_markdown"]
