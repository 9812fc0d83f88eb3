"""A codebook kept as a table (.csv) as a questionnaire: one row a variable, or one row a code."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from surveyor.errors import DefinitionError, FileError, guess, is_file
from surveyor.questionnaire.choices import Choices
from surveyor.questionnaire.item import Item, ItemType
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import Language, Text

LIMIT = 5_000_000  # bytes

#: What a column may be headed, in the order in which it is looked for.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("variable", "variable name", "varname", "var", "name", "item", "column", "id",
             "变量", "变量名", "变量名称", "字段名", "题号"),
    "text": ("wording", "question text", "question", "full text", "问题", "题目", "题干", "问题全文"),
    "label": ("label clean", "short label", "variable label", "label", "description", "label as shipped",
              "变量标签", "标签", "变量说明", "含义"),
    "answers": ("value labels", "values and labels", "answers", "categories", "codes", "values", "choices",
                "值标签", "取值", "选项", "编码"),
    "code": ("code", "value", "代码", "值", "选项代码"),
    "code label": ("code label", "value label", "category", "answer", "选项内容", "选项标签", "代码含义"),
    "don't know": ("dont know code", "don't know code", "dont know", "不知道代码"),
    "missing": ("missing codes", "missing code", "missing values", "缺失值", "缺失代码"),
    "type": ("type", "measure", "level", "measurement level", "类型", "变量类型", "测量尺度"),
}  # fmt: skip
_TYPES: Mapping[str, ItemType] = {
    "nominal": "nominal", "categorical": "nominal", "factor": "nominal", "select_one": "nominal", "定类": "nominal",
    "分类": "nominal", "ordinal": "ordinal", "ordered": "ordinal", "定序": "ordinal", "integer": "integer",
    "int": "integer", "整数": "integer", "numeric": "number", "number": "number", "float": "number",
    "decimal": "number", "scale": "number", "continuous": "number", "数值": "number", "连续": "number",
    "text": "text", "string": "text", "character": "text", "文本": "text", "字符": "text", "字符串": "text",
    "date": "date", "日期": "date", "id": "id", "weight": "weight", "权重": "weight",
}  # fmt: skip
#: A code and its label: "1=Yes", "1 = Yes", "1：是", "1 . Yes".
_PAIR = re.compile(r"\s*(?P<code>-?\d{1,9})(?:\.0+)?\s*[=:：．.、)]\s*(?P<label>.*?)\s*\Z", re.DOTALL)
_BETWEEN = re.compile(r"\s*[;；|┋\n]\s*|\s*[,，]\s*(?=-?\d{1,9}\s*[=:：])")


@dataclass
class _Variable:
    """What the rows of one variable say."""

    line: int
    cells: dict[str, str]
    answers: dict[int, str] = field(default_factory=dict)
    named: bool = False


def read_codebook(path: Path) -> Questionnaire:
    """A codebook table as a questionnaire whose lists hold only the codes that the table names.

    Answers stand in one cell ("1=Yes; 2=No") or one a row; without a type, variables with answers are nominal and the
    others numbers. A "don't know" column maps its code to -1, a "missing" column keeps its codes as missing.

    Raises FileError where there is no UTF-8 text, DefinitionError with the line for a missing column or name, a
    variable or code twice, an answer that is not "code=label" or an unknown type.
    """
    lines = _lines(path)
    if not lines:
        raise DefinitionError("the codebook has no rows", where=path.name)
    place = _columns(lines[0][1], path)
    variables = _variables(lines[1:], place, path)
    items: list[Item] = []
    lists: dict[str, Choices] = {}
    reasons: dict[int, Text] = {}
    for name, variable in variables.items():
        item, choices = _item(name, variable, lists, path)
        items.append(item)
        if choices is not None and item.choices is not None:
            lists[item.choices] = choices
            labels = variable.answers
            own = {code for code, meant in choices.missing.items() if code == meant}
            reasons |= {code: _said(labels.get(code, str(code))) for code in own if code not in reasons}
    if not items:
        raise DefinitionError("the codebook names no variable", where=path.name, remedy="Add a row for each variable")
    return Questionnaire(name=path.stem, items=tuple(items), choices=lists, missing=reasons, drafted=True)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with the line each begins on."""
    if not is_file(path):
        raise FileError("there is no such file", where=str(path), remedy="Check the name and the folder")
    raw = path.read_bytes()
    if len(raw) > LIMIT:
        raise FileError(f"the file is larger than {LIMIT // 1_000_000} MB", where=str(path))
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(
            "this line is not UTF-8 text", where=f"{path.name}, line {line}", remedy="Save the codebook as UTF-8"
        ) from None
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found, begins = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                found.append((begins, [cell.strip() for cell in row]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DefinitionError(
            f"this row cannot be read ({error})",
            where=f"{path.name}, line {reader.line_num}",
            remedy="Check the quotation marks on this line",
        ) from None
    return found


def _columns(header: list[str], path: Path) -> dict[str, int]:
    """What is known of a variable -> the place of its column."""
    plain = [re.sub(r"[\s_]+", " ", name).strip().lower() for name in header]
    place: dict[str, int] = {}
    for kind, headings in HEADINGS.items():
        at = next((plain.index(each) for each in headings if each in plain), None)
        if at is not None and at not in place.values():
            place[kind] = at
    if "name" not in place or not {"label", "text"} & set(place):
        gap = "the variable's name" if "name" not in place else "its label or wording"
        wanted = HEADINGS["name" if "name" not in place else "label"]
        raise DefinitionError(
            f"no column holds {gap}",
            where=f"{path.name}, line 1",
            expected=f"a column headed {', '.join(wanted[:4])} or the like",
            remedy=f"The columns are: {', '.join(header[:12])}",
        )
    return place


def _variables(lines: list[tuple[int, list[str]]], place: Mapping[str, int], path: Path) -> dict[str, _Variable]:
    """The variables in order; rows without a name, or with that of the row above, add a code to it."""
    found: dict[str, _Variable] = {}
    last = ""
    by_row = "code" in place and "code label" in place
    for line, row in lines:
        cells = {kind: row[at] if at < len(row) else "" for kind, at in place.items()}
        name, where = cells["name"], f"{path.name}, line {line}"
        if not name and not (by_row and last):
            raise DefinitionError("the variable has no name", where=where, remedy="Fill the column, or delete the row")
        if name and name != last:
            if name in found:
                raise DefinitionError(
                    f"the variable '{name}' stands here and on line {found[name].line}",
                    where=where,
                    remedy="Keep one of the two",
                )
            found[name] = _Variable(line, cells)
            last = name
        elif not by_row:
            raise DefinitionError(
                f"the variable '{name}' stands here and on the row above", where=where, remedy="Keep one of the two"
            )
        if by_row and cells["code"]:
            _add(found[last], f"{cells['code']}={cells['code label']}", where)
        elif "=" in cells.get("answers", "") or _PAIR.match(cells.get("answers", "")):
            for pair in _BETWEEN.split(cells["answers"]):
                if pair.strip():
                    _add(found[last], pair, where)
    return found


def _add(variable: _Variable, pair: str, where: str) -> None:
    match = _PAIR.match(pair)
    if match is None or not match["label"]:
        raise DefinitionError(
            f"'{pair.strip()[:40]}' is no answer with its code", where=where, expected="for example: 1=Yes; 2=No"
        )
    code = int(match["code"])
    if code in variable.answers:
        raise DefinitionError(f"the code {code} stands twice", where=where, remedy="Keep one of the two")
    variable.answers[code] = match["label"]


def _item(name: str, variable: _Variable, lists: Mapping[str, Choices], path: Path) -> tuple[Item, Choices | None]:
    cells, where = variable.cells, f"{path.name}, line {variable.line}"
    missing = dict.fromkeys(_codes(cells.get("don't know", "")), -1)
    missing |= {code: code for code in _codes(cells.get("missing", "")) if code not in missing}
    codes = {code: _said(label) for code, label in variable.answers.items() if code not in missing}
    kind = _type(cells.get("type", ""), bool(codes), where)
    label, text = cells.get("label", ""), cells.get("text", "")
    listed, choices = None, None
    try:
        if codes and kind in ("nominal", "ordinal"):
            choices = Choices(codes=codes, missing=missing)
            listed = next((known for known, each in lists.items() if each == choices), name)
        item = Item(
            id=name,
            label=_said(label or text or name),
            text=_said(text) if label and text and text != label else None,
            type=kind,
            choices=listed,
            missing=missing if kind in ("integer", "number") else {},
        )
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise DefinitionError(f"variable '{name}': {said}", where=where) from None
    return item, choices


def _type(said: str, listed: bool, where: str) -> ItemType:
    if not said:
        return "nominal" if listed else "number"
    kind = _TYPES.get(said.lower())
    if kind is None:
        raise DefinitionError(f"'{said[:20]}' is no type", where=where, remedy=guess(said, _TYPES))
    if kind in ("nominal", "ordinal") and not listed:
        return "number"
    return kind


def _codes(cell: str) -> list[int]:
    """The whole numbers in a cell: "8, 9"."""
    return [int(each) for each in re.findall(r"-?\d{1,9}(?![\d.])", cell)]


def _said(text: str) -> Text:
    lang: Language = "zh" if re.search("[\u4e00-\u9fff]", text) else "en"
    return {lang: text}
