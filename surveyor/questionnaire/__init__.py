"""Questionnaires: the model, and the files it is written in."""

from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.item import Copied, Item, ItemType, Level
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.parts import Role, Rule, Scale, Section
from surveyor.questionnaire.texts import MISSING, Language, Text, say

__all__ = [
    "MISSING",
    "Choices",
    "Copied",
    "Item",
    "ItemType",
    "Language",
    "Level",
    "Questionnaire",
    "Role",
    "Rule",
    "Scale",
    "Section",
    "Text",
    "say",
]
