"""Who is asked, in words: a relevance as a sentence in either language."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from surveyor.expressions import Expression
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.item import MEASURED, Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import Language, say

Tree = tuple[Any, ...]

_ASKED: dict[Language, str] = {"en": "asked if {}", "zh": "{}时询问"}
#: Between clauses, and before the last of more than two.
_CLAUSES: dict[str, dict[Language, tuple[str, str, str]]] = {
    "and": {"en": (" and ", ", ", ", and "), "zh": ("，并且", "，", "，并且")},
    "or": {"en": (" or ", ", ", ", or "), "zh": ("，或者", "，或者", "，或者")},
}
_LISTED: dict[Language, tuple[str, str, str]] = {"en": (", ", " and ", " or "), "zh": ("、", "和", "或")}
_ANY: dict[Language, str] = {"en": "any of {} {}", "zh": "{}中任一项{}"}
_ALL: dict[Language, str] = {"en": "all of {} {}", "zh": "{}每一项都{}"}
_NOT: dict[Language, str] = {"en": "it is not so that ({})", "zh": "并非（{}）"}
_INNER: dict[Language, str] = {"en": "({})", "zh": "（{}）"}
_QUOTED: dict[Language, str] = {"en": "'{}'", "zh": "“{}”"}
_NAMED: dict[Language, str] = {"en": "{} ({})", "zh": "{}（{}）"}
_GAP: dict[Language, str] = {"en": " ", "zh": ""}

#: What is said of one side of a comparison.
_SIGNS: dict[str, dict[Language, str]] = {
    "==": {"en": "is {}", "zh": "为{}"},
    "!=": {"en": "is not {}", "zh": "不是{}"},
    "<": {"en": "is less than {}", "zh": "小于{}"},
    "<=": {"en": "is at most {}", "zh": "不超过{}"},
    ">": {"en": "is more than {}", "zh": "大于{}"},
    ">=": {"en": "is {} or more", "zh": "不少于{}"},
}
#: The same where the other side is a number that stands for no answer.
_NUMBERS: dict[str, dict[Language, str]] = {
    **_SIGNS, "==": {"en": "is {}", "zh": "等于{}"}, "!=": {"en": "is not {}", "zh": "不等于{}"},
}  # fmt: skip
_PREDICATES: dict[str, dict[Language, str]] = {
    "neither": {"en": "is neither {} nor {}", "zh": "既不是{}也不是{}"},
    "none of": {"en": "is none of {}", "zh": "不是{}中的任何一项"},
    "missing": {"en": "has no answer", "zh": "没有回答"},
    "answered": {"en": "has an answer", "zh": "有回答"},
    "chosen": {"en": "includes {}", "zh": "选了{}"},
    "not chosen": {"en": "does not include {}", "zh": "没选{}"},
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def in_words(relevance: Expression, asked: Questionnaire, lang: Language = "en") -> str:
    """Who is asked, as a phrase: "asked if sex (rh01) is 'Female'"; "性别（rh01）为“女”时询问"."""
    return _ASKED[lang].format(condition(relevance, asked, lang))


def condition(relevance: Expression, asked: Questionnaire, lang: Language = "en") -> str:
    """The condition alone, with labels for names and codes.

    >>> from surveyor.expressions import parse
    >>> sex = Item("sex", {"en": "Sex"}, "nominal", choices="sex")
    >>> form = Questionnaire("form", (sex,), choices={"sex": Choices({1: {"en": "Male"}, 2: {"en": "Female"}})})
    >>> condition(parse("sex == 2"), form)
    "sex (sex) is 'Female'"
    """
    return _Words(asked, lang).clause(relevance.tree)


@dataclass(frozen=True)
class _Said:
    """A subject and what is said of it; a whole clause where there is no one subject."""

    subject: str | None
    predicate: str


@dataclass(frozen=True)
class _Words:
    """Turns a tree into words of one language."""

    asked: Questionnaire
    lang: Language

    @cached_property
    def _choice_of(self) -> dict[str, tuple[Item, str]]:
        """Column of an item with several answers -> the item, and the answer the column stands for."""
        found = {}
        for item in self.asked.items:
            listed = self.asked.choices_named(item.choices)
            if item.type == "multiple" and listed is not None:
                for column, label in zip(self.asked.expanded(item), listed.codes.values(), strict=True):
                    found[column.id] = (item, say(label, self.lang))
        return found

    def clause(self, tree: Tree, inner: bool = False) -> str:
        """A condition; in brackets where it stands inside another and has several parts."""
        if tree[0] in ("and", "or"):
            said = self._merged(tree[0], tree)
            if len(said) == 1:
                return said[0]
            two, between, last = _CLAUSES[tree[0]][self.lang]
            text = two.join(said) if len(said) == 2 else between.join(said[:-1]) + last + said[-1]
            return _INNER[self.lang].format(text) if inner else text
        said_of = self._said(tree)
        return said_of.predicate if said_of.subject is None else self._sentence(said_of.subject, said_of.predicate)

    def _merged(self, word: str, tree: Tree) -> list[str]:
        """The parts joined by `word`; neighbours of which the same is said are said together."""
        parts = [self._said(part) if part[0] not in ("and", "or") else None for part in self._parts(word, tree)]
        clauses = [self.clause(part, inner=True) for part in self._parts(word, tree)]
        out: list[str] = []
        for key, group in groupby(range(len(parts)), key=lambda i: getattr(parts[i], "predicate", i)):
            at = list(group)
            subjects = [said.subject for i in at if (said := parts[i]) is not None and said.subject is not None]
            if len(subjects) < max(2, len(at)):
                out += [clauses[i] for i in at]
                continue
            together = (_ALL if word == "and" else _ANY)[self.lang]
            out.append(together.format(self._listed(subjects, last=1 if word == "and" else 2), key))
        return out

    def _parts(self, word: str, tree: Tree) -> list[Tree]:
        """The parts of a chain of `word`, with tests of one name against several codes as one."""
        flat: list[Tree] = []

        def walk(node: Tree) -> None:
            if node[0] == word:
                walk(node[1])
                walk(node[2])
            else:
                flat.append(node)

        walk(tree)
        return _one_of(flat) if word == "or" else flat

    def _said(self, tree: Tree) -> _Said:
        kind, *parts = tree
        match kind:
            case "test":
                return self._test(*parts)
            case "in":
                return self._in(parts[0], parts[1], negative=False)
            case "missing":
                return _Said(self._value(parts[0]), _PREDICATES["missing"][self.lang])
            case "not":
                return self._negated(parts[0])
        return _Said(None, self.clause(tree))

    def _negated(self, tree: Tree) -> _Said:
        kind, *parts = tree
        match kind:
            case "missing":
                return _Said(self._value(parts[0]), _PREDICATES["answered"][self.lang])
            case "in":
                return self._in(parts[0], parts[1], negative=True)
            case "test":
                return self._test(_OPPOSITE[parts[0]], parts[1], parts[2])
        return _Said(None, _NOT[self.lang].format(self.clause(tree)))

    def _test(self, sign: str, left: Tree, right: Tree) -> _Said:
        if left[0] in ("number", "text") and right[0] not in ("number", "text"):
            return self._test(_TURNED[sign], right, left)
        if left[0] == "name" and right[0] in ("number", "text", "negative"):
            named = self._chosen(sign, left[1], right) or self._coded(sign, left[1], right)
            if named is not None:
                return named
        words = _SIGNS if right[0] == "text" else _NUMBERS
        return _Said(self._value(left), words[sign][self.lang].format(self._value(right)))

    def _in(self, left: Tree, values: tuple[Tree, ...], negative: bool) -> _Said:
        choices = self._choices(left[1]) if left[0] == "name" else None
        shown = [self._label(choices, value) for value in values]
        subject = self._value(left)
        if len(shown) == 1:
            return _Said(subject, _SIGNS["!=" if negative else "=="][self.lang].format(shown[0]))
        if not negative:
            return _Said(subject, _SIGNS["=="][self.lang].format(self._listed(shown, last=2)))
        if len(shown) == 2:
            return _Said(subject, _PREDICATES["neither"][self.lang].format(*shown))
        return _Said(subject, _PREDICATES["none of"][self.lang].format(self._listed(shown, last=1)))

    def _chosen(self, sign: str, name: str, value: Tree) -> _Said | None:
        """A 0/1 column of an item with several answers: which answer is among those chosen."""
        if name not in self._choice_of or sign not in ("==", "!=") or value not in (("number", 0.0), ("number", 1.0)):
            return None
        item, answer = self._choice_of[name]
        yes = (value[1] == 1) == (sign == "==")
        said = _PREDICATES["chosen" if yes else "not chosen"][self.lang].format(self._quoted(answer))
        return _Said(self._name(item.id), said)

    def _coded(self, sign: str, name: str, value: Tree) -> _Said | None:
        """An item with labelled answers: the answers that fulfil the comparison, or the few that do not."""
        choices = self._choices(name)
        if choices is None or value[0] == "negative":
            return None
        if value[0] == "text" or sign in ("==", "!="):
            return _Said(self._name(name), _SIGNS[sign][self.lang].format(self._label(choices, value)))
        listed = [code for code in choices.codes if code not in choices.apart]
        fits = [code for code in listed if _COMPARE[sign](code, value[1])]
        rest = [code for code in listed if code not in fits]
        if not fits or not rest:
            return None
        shorter = not choices.apart and (len(rest) == 1 < len(fits) or len(fits) - len(rest) > 2)
        shown = tuple(("number", float(code)) for code in (rest if shorter else fits))
        return self._in(("name", name), shown, negative=shorter)

    def _choices(self, name: str) -> Choices | None:
        """The labelled answers of an item, unless its answers are numbers."""
        if name not in self.asked or self.asked.item(name).type in MEASURED:
            return None
        return self.asked.choices_of(name)

    def _label(self, choices: Choices | None, value: Tree) -> str:
        """An answer as it is called in this language, in quotation marks; a number as it is."""
        if choices is not None and value[0] in ("number", "text"):
            for code, label in choices.codes.items():
                if code == value[1] or value[1] in label.values():
                    return self._quoted(say(label, self.lang))
        return self._value(value)

    def _value(self, tree: Tree) -> str:
        kind, *parts = tree
        match kind:
            case "number":
                return f"{parts[0]:g}"
            case "text":
                return self._quoted(parts[0])
            case "name":
                return self._name(parts[0])
            case "negative":
                return f"-{self._value(parts[0])}"
            case "+" | "-" | "*" | "/":
                return f"{self._operand(kind, parts[0])} {kind} {self._operand(kind, parts[1], right=True)}"
        return _INNER[self.lang].format(self.clause(tree))

    def _operand(self, kind: str, tree: Tree, right: bool = False) -> str:
        """One side of a calculation, in brackets where the order of calculating would change without."""
        needs = tree[0] in ("+", "-") and (kind in ("*", "/") or (right and kind == "-"))
        needs = needs or (right and kind == "/" and tree[0] in ("*", "/"))
        return _INNER[self.lang].format(self._value(tree)) if needs else self._value(tree)

    def _name(self, name: str) -> str:
        label = self.asked.label(name, self.lang)
        return _NAMED[self.lang].format(_inside(label) if self.lang == "en" else label, name)

    def _quoted(self, text: str) -> str:
        return _QUOTED[self.lang].format(text)

    def _sentence(self, subject: str, predicate: str) -> str:
        return f"{subject}{_GAP[self.lang]}{predicate}"

    def _listed(self, texts: list[str], last: int) -> str:
        """a, b and c (last=1) or a, b or c (last=2)."""
        if len(texts) == 1:
            return texts[0]
        return _LISTED[self.lang][0].join(texts[:-1]) + _LISTED[self.lang][last] + texts[-1]


def _inside(label: str) -> str:
    """A label inside a sentence: its first word small, unless it is a name in capitals, "I" or a number."""
    first = label.partition(" ")[0]
    return label[:1].lower() + label[1:] if len(first) > 1 and first[1:] == first[1:].lower() else label


def _one_of(parts: list[Tree]) -> list[Tree]:
    """`x == 1 or x == 2` as `x in [1, 2]`."""
    out: list[Tree] = []
    for part in parts:
        name, values = _equals(part)
        before, earlier = _equals(out[-1]) if out else (None, ())
        if name is not None and name == before:
            out[-1] = ("in", ("name", name), (*earlier, *values))
        else:
            out.append(part)
    return out


def _equals(tree: Tree) -> tuple[str | None, tuple[Tree, ...]]:
    """The name and the values of which it must be one, where the part says just that."""
    kind, *parts = tree
    if kind == "test" and parts[0] == "==" and parts[1][0] == "name" and parts[2][0] in ("number", "text"):
        return parts[1][1], (parts[2],)
    if kind == "in" and parts[0][0] == "name":
        return parts[0][1], tuple(parts[1])
    return None, ()
