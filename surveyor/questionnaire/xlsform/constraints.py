"""What an answer must fulfil to be accepted at entry, and what is said where it does not."""

from __future__ import annotations

from dataclasses import dataclass

from surveyor.expressions import parse
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.item import MEASURED, Bound, Item
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.parts import Rule
from surveyor.questionnaire.texts import MISSING, Language, say
from surveyor.questionnaire.xlsform.answered import Tree, names_in, parent_of
from surveyor.questionnaire.xlsform.dialect import plain
from surveyor.questionnaire.xlsform.layout import OFFERED

_BETWEEN: dict[Language, str] = {
    "en": "Enter a number from {low} to {high}; -1 for don't know, -2 for refused.",
    "zh": "请填{low}至{high}之间的数；不知道填-1，拒绝回答填-2。",
}
_THIS_YEAR: dict[Language, str] = {"en": "this year", "zh": "今年"}
_YEARS_AGO: dict[Language, str] = {"en": "this year less {n}", "zh": "今年减{n}"}
_MOST: dict[Language, str] = {"en": "Choose at most {most}.", "zh": "最多选{most}项。"}
_ALONE: dict[Language, str] = {
    "en": "Choose {labels} without any other answer.",
    "zh": "选{labels}时不能再选其他。",
}
_QUOTED: dict[Language, str] = {"en": "“{}”", "zh": "“{}”"}
_OR: dict[Language, str] = {"en": " or ", "zh": "或"}


@dataclass(frozen=True)
class Limits:
    """What the answer to one item must fulfil.

    range  least and largest number, if any
    alone  codes that go with no other, with -1 and -2, where several answers may be chosen
    most   how many may be chosen
    rules  answers that cannot be right together with earlier ones
    """

    item: Item
    choices: Choices | None
    range: tuple[Bound, Bound] | None
    alone: tuple[int, ...]
    most: int | None
    rules: tuple[Rule, ...]

    def __bool__(self) -> bool:
        return bool(self.range or self.alone or self.most or self.rules)

    def message(self, lang: Language) -> str:
        """What is said where the answer is not accepted."""
        said = []
        if self.range:
            low, high = (_bound(each, lang) for each in self.range)
            said.append(_BETWEEN[lang].format(low=low, high=high))
        if self.alone and self.choices is not None:
            labels = [say(self.choices.codes.get(code) or dict(MISSING[code]), lang) for code in self.alone]  # type: ignore[arg-type]
            said.append(_ALONE[lang].format(labels=_OR[lang].join(_QUOTED[lang].format(each) for each in labels)))
        if self.most:
            said.append(_MOST[lang].format(most=self.most))
        said += [_closed(say(rule.label, lang), lang) for rule in self.rules]
        return (" " if lang == "en" else "").join(said)


def limits(asked: Questionnaire, item: Item) -> Limits:
    """What the answer to an item must fulfil."""
    choices = asked.choices_named(item.choices)
    several = item.type == "multiple" and choices is not None
    own = {f"{item.id}_{code}" for code in choices.alone} if several and choices is not None else set()
    rules = [rule for rule in asked.checks.values() if rule.action == "constraint" and _last(asked, rule) == item.id]
    return Limits(
        item=item,
        choices=choices,
        range=item.range if item.type in MEASURED else None,
        alone=(*choices.alone, *OFFERED) if several and choices is not None else (),
        most=item.most,
        rules=tuple(rule for rule in rules if not _implied(parse(rule.when).tree, own)),
    )


def _implied(tree: Tree, alone: set[str]) -> bool:
    """Whether a rule only says again that an exclusive answer goes with no other: `a_0 == 1 and (a_1 == 1 or ...)`."""
    if tree[0] != "and":
        return False
    for chosen, others in ((tree[1], tree[2]), (tree[2], tree[1])):
        names = set(_chosen(others))
        if set(_chosen(chosen)) <= alone and chosen[0] == "test" and names and names.isdisjoint(_chosen(chosen)):
            stem = str(chosen[2][1]).rpartition("_")[0] + "_"
            return set(names_in(others)) == names and all(name.startswith(stem) for name in names)
    return False


def _chosen(tree: Tree) -> list[str]:
    """The columns that a part wants chosen, where it wants nothing else: `a_1 == 1 or a_2 == 1`."""
    if tree[0] == "or":
        parts = [_chosen(part) for part in tree[1:]]
        return [name for part in parts for name in part] if all(parts) else []
    is_chosen = tree[0] == "test" and tree[1] == "==" and tree[2][0] == "name" and tree[3] == ("number", 1.0)
    return [str(tree[2][1])] if is_chosen else []


def _closed(text: str, lang: Language) -> str:
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else text + {"en": ".", "zh": "。"}[lang]


def _last(asked: Questionnaire, rule: Rule) -> str:
    """The item a rule names that is asked last: by then all the others are answered."""
    order = {item.id: at for at, item in enumerate(asked.items)}
    named = {parent_of(asked, name).id for name in parse(rule.when).names}
    return max((name for name in named if name in order), key=order.__getitem__, default="")


def _bound(bound: Bound, lang: Language) -> str:
    if not isinstance(bound, str):
        return plain(bound)
    ago = bound.partition(" - ")[2]
    return _YEARS_AGO[lang].format(n=ago) if ago else _THIS_YEAR[lang]
