"""A calculation that copies one answer by another: `if(${by} = '1', ${a}, if(${by} = '2', ${b}, ''))`."""

from __future__ import annotations

from collections.abc import Mapping

from surveyor.questionnaire.item import Copied
from surveyor.questionnaire.texts import MISSING
from surveyor.questionnaire.xlsform.answered import Tree
from surveyor.questionnaire.xlsform.dialect import plain
from surveyor.questionnaire.xlsform.translate import Known


def copied(tree: Tree, known: Mapping[str, Known]) -> Copied | None:
    """What is copied from where; None where the calculation does something else.

    A last ${item} without a condition stands for the one code that is not named before it.
    """
    by, of = "", dict[int, str]()
    while tree[:2] == ("call", "if") and len(tree) == 5:
        test, source, tree = tree[2:]
        if test[:2] != ("test", "==") or test[2][0] != "name" or source[0] != "name":
            return None
        code = _code(known.get(test[2][1]), test[3])
        if code is None or source[1] not in known or by not in ("", test[2][1]):
            return None
        by, of = test[2][1], of | {code: source[1]}
    if not by:
        return None
    if tree[0] == "name" and tree[1] in known:
        left = [code for code in known[by].codes.values() if code not in of and code not in MISSING]
        if len(left) != 1:
            return None
        of[left[0]] = tree[1]
    elif tree != ("text", ""):
        return None
    return Copied(by=by, of=of)


def _code(known: Known | None, value: Tree) -> int | None:
    if known is None or value[0] not in ("text", "number"):
        return None
    return known.codes.get(plain(value[1]) if value[0] == "number" else value[1])
