"""Questionnaires: the model, and the files it is written in."""

from surveyor.questionnaire.model import Choices, Item, Language, Questionnaire, say

__all__ = ["Choices", "Item", "Language", "Questionnaire", "say"]
