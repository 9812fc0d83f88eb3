"""Ranges, exclusive answers and a greatest number of answers, recognised in the constraint of an XLSForm."""

from __future__ import annotations

from dataclasses import dataclass, field

from surveyor.questionnaire.item import Bound
from surveyor.questionnaire.texts import MISSING
from surveyor.questionnaire.xlsform.answered import Tree

_SELF: Tree = ("name", ".")
_COUNT: Tree = ("call", "count-selected", _SELF)
_THIS_YEAR: Tree = ("call", "format-date", ("call", "today"), ("text", "%Y"))
_LOW, _HIGH = {">=": 0, ">": 1}, {"<=": 0, "<": -1}


@dataclass
class Held:
    """What was recognised, and the parts that were not."""

    low: Bound | None = None
    high: Bound | None = None
    alone: list[str] = field(default_factory=list)
    most: int | None = None
    rest: list[Tree] = field(default_factory=list)

    @property
    def range(self) -> tuple[Bound, Bound] | None:
        """Least and largest number, where both are said."""
        return None if self.low is None or self.high is None else (self.low, self.high)


def recognised(tree: Tree, whole: bool) -> Held:
    """What a constraint holds; `whole` says that answers are whole numbers, so that > 0 means 1 and more."""
    held = Held()
    for part in flat(tree, "and"):
        if not (_range(part, whole, held) or _alone(part, held) or _most(part, held)):
            held.rest.append(part)
    if held.range is None and (held.low is not None or held.high is not None):
        held.rest += [part for part in flat(tree, "and") if _range(part, whole, Held())]
        held.low = held.high = None
    return held


def opposite(tree: Tree) -> Tree | None:
    """What stands in `not(...)`; None where a part is nothing of the kind."""
    return tree[2] if tree[:2] == ("call", "not") and len(tree) == 3 else None


def flat(tree: Tree, operator: str) -> list[Tree]:
    """The parts that `and` or `or` joins."""
    if tree[0] != operator:
        return [tree]
    return [part for each in tree[1:] for part in flat(each, operator)]


def _range(part: Tree, whole: bool, held: Held) -> bool:
    """`. >= 0`, or `(. >= 0 and . <= 500) or . = -1 or . = -2`."""
    kept = [each for each in flat(part, "or") if not _is_code(each)]
    if len(kept) != 1:
        return False
    found: list[tuple[str, Bound]] = []
    for each in flat(kept[0], "and"):
        if each[0] != "test" or each[2] != _SELF or (bound := _bound(each[3])) is None:
            return False
        side = "low" if each[1] in _LOW else "high" if each[1] in _HIGH else ""
        step = (_LOW | _HIGH).get(each[1], 0)
        if not side or (step and (not whole or isinstance(bound, str))):
            return False
        found.append((side, bound + step if step and not isinstance(bound, str) else bound))
    for side, bound in found:
        setattr(held, side, bound)
    return True


def _is_code(part: Tree) -> bool:
    return part[:3] == ("test", "==", _SELF) and part[3][0] in ("number", "text") and _number(part[3]) in MISSING


def _bound(tree: Tree) -> Bound | None:
    if tree[0] == "number":
        return int(tree[1]) if float(tree[1]).is_integer() else float(tree[1])
    if tree[0] == "-" and tree[2][0] == "number" and _bound(tree[1]) == "year":
        return f"year - {int(tree[2][1])}"
    if tree == _THIS_YEAR or (tree[0] == "call" and tree[1] in ("int", "number") and tree[2:] == (_THIS_YEAR,)):
        return "year"
    return None


def _alone(part: Tree, held: Held) -> bool:
    """`not(selected(., '0') and count-selected(.) > 1)`, or the same said with `or`."""
    inner = opposite(part)
    negated = next((each for each in part[1:] if opposite(each) is not None), None) if part[0] == "or" else None
    if inner is not None and inner[0] == "and":
        chosen, several = inner[1:]
        one = several in (("test", ">", _COUNT, ("number", 1.0)), ("test", ">=", _COUNT, ("number", 2.0)))
    elif negated is not None:
        chosen, single = negated[2], part[2] if negated is part[1] else part[1]
        one = single in [("test", sign, _COUNT, ("number", 1.0)) for sign in ("==", "<=")]
    else:
        return False
    if not one or chosen[:3] != ("call", "selected", _SELF) or len(chosen) != 4 or chosen[3][0] != "text":
        return False
    held.alone.append(chosen[3][1])
    return True


def _most(part: Tree, held: Held) -> bool:
    if part[0] != "test" or part[2] != _COUNT or part[3][0] != "number" or part[1] not in _HIGH:
        return False
    held.most = int(part[3][1]) + _HIGH[part[1]]
    return True


def _number(tree: Tree) -> float | None:
    try:
        return float(tree[1])
    except ValueError:
        return None
