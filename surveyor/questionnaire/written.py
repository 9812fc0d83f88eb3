"""A questionnaire written as YAML that reads well: one item a few lines, defaults left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from surveyor.files import whole
from surveyor.questionnaire.model import Questionnaire

WIDTH = 120


class _Flow(dict[str, Any]):
    """A mapping that is written in one line."""


class _Seq(list[Any]):
    """A list that is written in one line."""


class _Dumper(yaml.SafeDumper):
    """Writes mappings in the order given, and those marked in one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)
)

_Dumper.add_representer(
    _Seq, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def to_yaml(asked: Questionnaire) -> str:
    """The questionnaire as YAML text, which reads back as the same questionnaire.

    >>> from surveyor.questionnaire import Item
    >>> print(to_yaml(Questionnaire(name="short", items=(Item(id="age", label={"en": "Age"}, type="number"),))))
    name: short
    items:
    - {id: age, label: {en: Age}, type: number}
    <BLANKLINE>
    """
    plain = _plain(asked)
    first = {key: plain.pop(key) for key in ("name", "title", "version", "year", "level", "intro") if key in plain}
    last = {"items": plain.pop("items")}
    laid = {key: _laid(key, value) for key, value in {**first, **plain, **last}.items()}
    return yaml.dump(laid, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def write_yaml(asked: Questionnaire, path: Path) -> Path:
    """Write the questionnaire as a YAML file; raises FileError where it cannot be written."""
    with whole(path) as draft:
        draft.write_text(to_yaml(asked), encoding="utf-8")
    return path


def _plain(thing: Any) -> Any:
    """Dataclasses as mappings of what differs from the default, tuples as lists."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        kept = {}
        for each in dataclasses.fields(thing):
            value = getattr(thing, each.name)
            if each.name == "type" or value != _default(each):
                kept[each.name] = _plain(value)
        return kept
    if isinstance(thing, Mapping):
        return {key: _plain(value) for key, value in thing.items()}
    return [_plain(each) for each in thing] if isinstance(thing, tuple | list) else thing


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default


def _laid(key: str, value: Any) -> Any:
    """Values of the outer keys one below the other, what is inside them in one line."""
    if isinstance(value, Mapping):
        if key in ("title", "intro", "missing"):
            return dict(value)
        return {name: _laid_choices(each) if key == "choices" else _flow(each) for name, each in value.items()}
    return [_flow(each) for each in value] if isinstance(value, list) else value


def _laid_choices(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: {code: _flow(label) for code, label in each.items()} if key == "codes" else _flow(each)
        for key, each in value.items()
    }


def _flow(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _Flow({key: _flow(each) for key, each in value.items()})
    return _Seq(_flow(each) for each in value) if isinstance(value, list) else value
