"""Study: everything one analysis needs, in one YAML file."""

from surveyor.study.definition import FAMILIES, AnswerFile, Definition, Family
from surveyor.study.study import Study
from surveyor.study.type_rule import NEITHER, TYPE, Group, TypeRule

__all__ = ["FAMILIES", "NEITHER", "TYPE", "AnswerFile", "Definition", "Family", "Group", "Study", "TypeRule"]
