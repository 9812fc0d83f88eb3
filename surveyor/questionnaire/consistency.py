"""Whether the parts of a questionnaire fit together; every problem with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from surveyor.errors import UsageError, guess
from surveyor.expressions import Expression, parse
from surveyor.questionnaire.item import Item

if TYPE_CHECKING:
    from surveyor.questionnaire.model import Questionnaire

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that does not fit: its place among the keys of the file, and what is wrong."""

    place: Place
    what: str


class Inconsistent(ValueError):
    """What a questionnaire raises where its parts do not fit together."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems[0].what)


def problems(asked: Questionnaire) -> list[Problem]:
    """Everything in a questionnaire that does not fit, in the order of the file."""
    found = [*_items(asked), *_parts(asked)]
    return [Problem(place, what) for place, what in found]


Found = Iterator[tuple[Place, str]]


def _items(asked: Questionnaire) -> Found:
    seen: dict[str, Item] = {}
    for at, item in enumerate(asked.items):
        here: Place = ("items", at)
        if item.id in seen:
            yield (*here, "id"), f"two items are called '{item.id}'; give one of them another id"
        if item.choices is not None and asked.choices_named(item.choices) is None:
            known = guess(item.choices, asked.choices)
            yield (
                (*here, "choices"),
                f"item '{item.id}' uses the choice list '{item.choices}', which is not there. {known}",
            )
        if item.section is not None and item.section not in asked.sections:
            known = guess(item.section, asked.sections)
            yield (
                (*here, "section"),
                f"item '{item.id}' stands in the section '{item.section}', which is not there. {known}",
            )
        if item.relevance:
            what = f"the relevance of item '{item.id}'"
            yield from _filter(asked, item.relevance, (*here, "relevance"), what, seen)
        if item.copied is not None:
            for name in (item.copied.by, *item.copied.of.values()):
                if name not in seen:
                    yield (*here, "copied"), f"item '{item.id}' copies from '{name}', which is no earlier item"
        for each in asked.expanded(item):
            seen[each.id] = each


def _parts(asked: Questionnaire) -> Found:
    ids = {item.id for item in asked.items}
    for name, section in asked.sections.items():
        if section.relevance:
            before = [item for item in asked.items if item.section != name]
            seen = {each.id: each for item in before for each in asked.expanded(item)}
            what = f"the relevance of section '{name}'"
            yield from _filter(asked, section.relevance, ("sections", name, "relevance"), what, seen)
    every = {each.id: each for item in asked.items for each in asked.expanded(item)}
    for name, rule in asked.checks.items():
        yield from _filter(asked, rule.when, ("checks", name, "when"), f"the check '{name}'", every)
    named: tuple[tuple[str, dict[Any, tuple[str, ...]], set[str]], ...] = (
        ("forms", asked.forms, ids),
        ("scales", {name: scale.items for name, scale in asked.scales.items()}, {*ids, *asked.scales}),
        ("roles", {str(role): names for role, names in asked.roles.items()}, ids),
        ("rotations", dict(enumerate(asked.rotations)), ids),
        ("batteries", dict(enumerate(asked.batteries)), ids),
    )
    for key, groups, known in named:
        yield from _named(key, groups, known)
    yield from _forms(asked)
    for name, scale in asked.scales.items():
        if not 1 <= scale.minimum <= len(scale.items):
            yield ("scales", name, "minimum"), f"scale '{name}' has {len(scale.items)} items, not {scale.minimum}"


def _forms(asked: Questionnaire) -> Found:
    """A short form must hold every item that decides who is asked another of its items."""
    for name, form in asked.forms.items():
        kept = {each.id for item in asked.items if item.id in form for each in asked.expanded(item)}
        for item in asked.items:
            if item.id in kept and item.relevance and (lost := _lost(item.relevance, kept)):
                yield (
                    ("forms", name),
                    f"the form '{name}' has '{item.id}' but not '{lost}', which decides who is asked it",
                )


def _lost(relevance: str, kept: set[str]) -> str | None:
    try:
        return next((name for name in parse(relevance).names if name not in kept), None)
    except UsageError:
        return None  # told where the item stands


def _named(key: str, groups: dict[Any, tuple[str, ...]], known: Iterable[str]) -> Found:
    for name, items in groups.items():
        for item in items:
            if item not in known:
                yield (key, name), f"{key} names '{item}', which is no item. {guess(item, known)}"


def _filter(asked: Questionnaire, text: str, place: Place, what: str, seen: dict[str, Item]) -> Found:
    """Problems of a filter: its grammar, names that are no earlier items, codes that are no answers."""
    try:
        read = parse(text)
    except UsageError as error:
        yield place, f"{what} cannot be read: {error.what}"
        return
    for name in read.names:
        if name not in seen:
            later = any(name == each.id for item in asked.items for each in asked.expanded(item))
            known = f"'{name}' is asked later" if later else f"'{name}' is no item. {guess(name, seen)}"
            yield place, f"{what}: {known}"
    for name, code in compared(read):
        choices = asked.choices_named(seen[name].choices) if name in seen else None
        if choices is None or seen[name].type not in ("ordinal", "nominal"):
            continue
        labels = {label for texts in choices.codes.values() for label in texts.values()}
        if code not in (labels if isinstance(code, str) else choices.codes):
            yield place, f"{what}: '{code}' is no answer of '{name}'. {guess(str(code), map(str, choices.codes))}"


def compared(read: Expression) -> Iterator[tuple[str, str | float]]:
    """The pairs (column, code or text) that a filter compares for equality."""

    def walk(tree: Any) -> Iterator[tuple[str, str | float]]:
        if not isinstance(tree, tuple) or not tree:
            return
        operator, *parts = tree
        if operator == "test" and parts[0] in ("==", "!="):
            yield from _pair(parts[1], parts[2])
            yield from _pair(parts[2], parts[1])
        if operator == "in":
            for value in parts[1]:
                yield from _pair(parts[0], value)
        for part in parts:
            yield from walk(part)

    return walk(read.tree)


def _pair(name: Any, value: Any) -> Iterator[tuple[str, str | float]]:
    if name[0] == "name" and value[0] in ("number", "text"):
        yield name[1], value[1]
