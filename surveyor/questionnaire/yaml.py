"""Strict YAML: the scalars of YAML 1.2, no aliases, no doubled keys, and every message with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from surveyor.errors import DefinitionError, FileError, guess, is_file
from surveyor.format import counted
from surveyor.questionnaire.consistency import Inconsistent

Model = TypeVar("Model")
Place = tuple[str | int, ...]
Lines = dict[Place, int]

LIMIT = 2_000_000  # bytes
DEPTH = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


def load(path: Path, model: type[Model]) -> Model:
    """The file at `path` as a `model`.

    Raises FileError where there is no readable text, DefinitionError (file, line, key, remedy) where
    the text is not YAML or does not describe a `model`.
    """
    text = _text(path)
    lines: Lines = {}
    try:
        _refuse_tricks(text, path)
        data = _plain(yaml.compose(text, Loader=_LOADER), (), lines, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DefinitionError(
            f"this is not YAML: {error.problem or error.context}",
            where=f"{path.name}, line {mark.line + 1}" if mark else path.name,
            remedy="Check indentation (spaces, no tabs), quotes and colons on this line and the one above",
        ) from None
    except yaml.YAMLError as error:
        raise DefinitionError(f"this is not YAML: {error}", where=path.name) from None
    if not isinstance(data, dict):
        raise DefinitionError("the file holds no keys", where=path.name, expected="lines of the form 'key: value'")
    try:
        return TypeAdapter(model).validate_python(data)
    except ValidationError as error:
        raise _in_words(error, model, path, lines) from None


def _text(path: Path) -> str:
    if not is_file(path):
        raise FileError("there is no such file", where=str(path), remedy="Check the name and the folder")
    raw = path.read_bytes()
    if not raw.strip():
        raise FileError("the file is empty", where=str(path), remedy="Fetch or write it again")
    if len(raw) > LIMIT:
        raise FileError(f"the file is larger than {LIMIT // 1_000_000} MB", where=str(path))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DefinitionError(
            "this line is not UTF-8 text",
            where=f"{path.name}, line {line}",
            remedy="Save the file as UTF-8",
        ) from None


def _refuse_tricks(text: str, path: Path) -> None:
    """Aliases can make a small file enormous, deep nesting exhausts the stack, tags can name code."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        trick = None
        if isinstance(event, yaml.AliasEvent):
            trick = f"the alias *{event.anchor} is not allowed; write the value out"
        elif tag := getattr(event, "tag", None):
            trick = f"the tag {tag} is not allowed"
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            trick = f"nested more than {DEPTH} deep" if depth > DEPTH else None
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if trick:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise DefinitionError(trick, where=f"{path.name}, line {line}")


def _plain(node: yaml.Node | None, place: Place, lines: Lines, path: Path) -> Any:
    """The node as plain Python; `lines` learns on which line each place stands."""
    if node is None:
        return None
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*place, i), lines, path) for i, each in enumerate(node.value)]
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key: Any = _scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if key in mapping:
            raise DefinitionError(
                f"the key '{key}' stands here and on line {lines[(*place, key)]}",
                where=f"{path.name}, line {line}",
                remedy="Keep one of the two",
            )
        lines[(*place, key)] = line
        mapping[key] = _plain(value_node, (*place, key), lines, path)
    return mapping


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _DECIMAL.match(text) else text


def _in_words(error: ValidationError, model: type[Any], path: Path, lines: Lines) -> DefinitionError:
    """The first problem pydantic found, as a message at its line; the others are its `also`."""
    parts = next((e for e in (each.get("ctx", {}).get("error") for each in error.errors()) if e is not None), None)
    if isinstance(parts, Inconsistent):
        told = [DefinitionError(p.what, where=f"{path.name}, line {_line(p.place, lines)}") for p in parts.problems]
        return told[0].joined(told[1:])
    unknown = ("unexpected_keyword_argument", "extra_forbidden")
    problems = sorted(error.errors(), key=lambda each: each["type"] not in unknown)  # a typo explains the rest
    apart = {(_line(each["loc"], lines), each["loc"][:-1]): each for each in reversed(problems)}  # one a place
    first, *others = [each for each in problems if each in apart.values()]
    more = f" (and {counted(len(others), 'more problem')})" if others else ""
    return _problem(first, model, path, lines, more).joined(_problem(each, model, path, lines) for each in others)


def _problem(first: ErrorDetails, model: type[Any], path: Path, lines: Lines, more: str = "") -> DefinitionError:
    """One problem that pydantic found, as a message at its line."""
    place = tuple(part for part in first["loc"] if part != "[key]")
    where = f"{path.name}, line {_line(place, lines)}"
    name = _dotted(place)
    match first["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return DefinitionError(
                f"the key '{place[-1]}' is not known here{more}",
                where=where,
                remedy=guess(str(place[-1]), _keys(model, place[:-1])),
            )
        case "missing" | "missing_argument":
            return DefinitionError(f"'{name}' is missing{more}", where=where, remedy="Add it")
        case "value_error":
            said = first["msg"].removeprefix("Value error, ")
            return DefinitionError(f"{name}: {said}{more}" if place else said, where=where)
        case _:
            given = first["input"]
            shown = f"'{given}'" if isinstance(given, str | int | float) else _kind(given)
            said = (
                first["msg"]
                .replace("Input should be", "", 1)
                .replace("tuple", "list")
                .partition(", unable")[0]
                .replace("a valid integer", "a whole number")
                .strip()
            )
            meant = guess(given, re.findall(r"'(\w+)'", said)) if first["type"] == "literal_error" else None
            return DefinitionError(
                f"'{name}' cannot be {shown}{more}",
                where=where,
                expected=said,
                remedy=meant if meant and "mean" in meant else None,
            )


def _line(place: Place, lines: Lines) -> int:
    """The line of a place, or of what it stands in."""
    return next((lines[place[:k]] for k in range(len(place), -1, -1) if place[:k] in lines), 1)


def _kind(given: object) -> str:
    return {dict: "a group of keys", list: "a list", type(None): "empty"}.get(type(given), "this")


def _dotted(place: Place) -> str:
    out = ""
    for part in place:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def _keys(model: type[Any], place: Place) -> Iterable[str]:
    """The keys allowed at `place`, found by walking the model's JSON schema."""
    schema = TypeAdapter(model).json_schema()

    def resolved(node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node or "anyOf" in node:
            if "$ref" in node:
                node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
            else:
                node = next(each for each in node["anyOf"] if each.get("type") != "null")
        return node

    node = resolved(schema)
    for part in place:
        inner = node.get("properties", {}).get(part) or node.get("additionalProperties")
        if isinstance(part, int):
            inner = node.get("items")
        node = resolved(inner) if isinstance(inner, dict) else {}
    return list(node.get("properties", {}))
