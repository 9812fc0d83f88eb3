"""Simulated answers that obey routing, and the layouts in which platforms export them."""

from __future__ import annotations

import csv
import html
import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from surveyor.questionnaire import Questionnaire

DONT_KNOW, REFUSED, SKIPPED, LEFT = -1, -2, -8, -9
#: How a platform's own list calls the two answers that stand on every list.
ASIDE = {DONT_KNOW: {"zh": "不知道", "en": "don't know"}, REFUSED: {"zh": "拒绝回答", "en": "refused"}}
LABEL = {"zh": "label::中文 (zh)", "en": "label::English (en)"}


#: What most people answer to the questions that decide whether there is an interview at all.
GATE = {"rs05": 1.0, "rs08": 7.0}


def simulated(asked: Questionnaire, n: int, seed: int, aside: float = 0.06, left: float = 0.03) -> pd.DataFrame:
    """Answers of n people: codes and numbers as floats, texts as text; -8 where routing does not ask.

    aside  share of "don't know" and "refused" among coded and measured answers;  left  share left blank (-9)
    """
    rng = np.random.default_rng(seed)
    frame: dict[str, np.ndarray] = {}
    for item in asked.items:
        where = _asked(asked, item.id, frame, n)
        if item.type == "multiple":
            frame |= _several(asked, item, rng, n, where, aside, left)
            continue
        if item.type in ("text", "id", "date"):
            made = np.array([_text(item, i) for i in range(n)], dtype=object)
            frame[item.id] = np.where(where, made, None)
            continue
        if item.copied is not None:
            values = np.full(n, float(LEFT))
            for code, source in item.copied.of.items():
                values = np.where(frame[item.copied.by] == code, frame[source], values)
        else:
            values = _values(asked, item, rng, n)
            values = _sprinkled(values, rng, aside, left)
            values = np.where(rng.random(n) < 0.85, GATE.get(item.id, values), values)
        frame[item.id] = np.where(where, values, SKIPPED)
    return pd.DataFrame(frame)


def _asked(asked: Questionnaire, name: str, frame: dict[str, np.ndarray], n: int) -> np.ndarray:
    filtered = asked.relevance(name)
    if filtered is None:
        return np.ones(n, dtype=bool)
    known = {each: np.where(frame[each].astype(float) < 0, np.nan, frame[each]) for each in filtered.names}
    return np.broadcast_to(filtered.evaluate(lambda each: known[each], lambda each, answer: math.nan), n)


def _text(item, i: int) -> str:
    return {"id": f"K{i:03d}", "date": f"2026-11-{1 + i % 28:02d}"}.get(item.type, f"说明 {i}")


def _values(asked: Questionnaire, item, rng, n: int) -> np.ndarray:
    choices = asked.choices_named(item.choices)
    if choices is not None:
        return rng.choice(list(choices.codes), n).astype(float)
    low, high = item.bounds(asked.year)
    low, high = (low if math.isfinite(low) else 0), (high if math.isfinite(high) else 100)
    whole = rng.integers(int(low), int(high) + 1, n).astype(float)
    return np.clip(whole + (0.5 if item.type == "number" else 0), low, high)


def _sprinkled(values: np.ndarray, rng, aside: float, left: float) -> np.ndarray:
    dice = rng.random(len(values))
    values = np.where(dice < aside, rng.choice([DONT_KNOW, REFUSED], len(values)), values)
    return np.where(dice > 1 - left, LEFT, values)


def _several(asked: Questionnaire, item, rng, n: int, where, aside: float, left: float) -> dict[str, np.ndarray]:
    choices = asked.choices_named(item.choices)
    open_ = [code for code in choices.codes if code not in choices.alone]
    picks: list[set[int]] = []
    for _ in range(n):
        most = int(rng.integers(1, (item.most or 3) + 1))
        alone = choices.alone and rng.random() < 0.3
        picks.append({choices.alone[0]} if alone else set(rng.choice(open_, most, replace=False).tolist()))
    reason = _sprinkled(np.zeros(n), rng, aside, left)
    reason = np.where(where, reason, SKIPPED)
    return {
        f"{item.id}_{code}": np.where(reason < 0, reason, [float(code in pick) for pick in picks])
        for code in choices.codes
    }


def chosen(asked: Questionnaire, item, row) -> list[int] | int:
    """The codes one person chose, or why there is no answer."""
    codes = list(asked.choices_named(item.choices).codes)
    values = [row[f"{item.id}_{code}"] for code in codes]
    return int(values[0]) if values[0] < 0 else [code for code, value in zip(codes, values, strict=True) if value == 1]


def plain(value) -> str:
    """A code, number or text as a platform writes it; nothing where there is no answer."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value in (SKIPPED, LEFT):
        return ""
    return value if isinstance(value, str) else f"{value:g}" if abs(value) < 1e5 else str(int(value))


def write(path: Path, columns: list[tuple[str, list[str]]], encoding: str = "utf-8-sig") -> Path:
    """Columns of text under their headings as .csv or .xlsx."""
    header = [name for name, _ in columns]
    rows = [list(line) for line in zip(*(cells for _, cells in columns), strict=True)]
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in (header, *rows):
            book.active.append([cell or None for cell in line])
        book.save(path)
        return path
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


# ---------------------------------------------------------------------------------------------------- Kobo and ODK


def form(path: Path) -> tuple[list[dict[str, str]], dict[str, list[dict[str, str]]]]:
    """The questions of an XLSForm in order, each with the groups it stands in, and its choice lists."""
    book = openpyxl.load_workbook(path, read_only=True)
    survey, choices = (_records(book[name]) for name in ("survey", "choices"))
    groups: list[str] = []
    questions = []
    for row in survey:
        kind = row["type"].replace(" ", "_", 1) if row["type"].startswith(("begin", "end")) else row["type"]
        if kind == "begin_group":
            groups.append(row["name"])
        elif kind == "end_group":
            groups.pop()
        else:
            questions.append(row | {"groups": "/".join(groups)})
    lists: dict[str, list[dict[str, str]]] = {}
    for row in choices:
        lists.setdefault(row["list_name"], []).append(row)
    book.close()
    return questions, lists


def _records(sheet) -> list[dict[str, str]]:
    lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    header, *rows = lines or [[]]
    return [dict(zip(header, row, strict=True)) for row in rows if any(row)]


def kobo(
    xlsform: Path,
    asked: Questionnaire,
    answers: pd.DataFrame,
    path: Path,
    headers: str = "names",
    multiple: str = "both",
    values: str = "names",
    groups: str = "",
) -> Path:
    """Answers as KoboToolbox exports them.

    headers, values  "names", or the language of the labels;  groups  the separator behind group names, "" for none
    """
    questions, lists = form(xlsform)
    columns: list[tuple[str, list[str]]] = [
        ("start", [f"2026-11-03T09:{i % 60:02d}:00.000+08:00" for i in range(len(answers))]),
        ("end", [f"2026-11-03T10:{i % 60:02d}:30.000+08:00" for i in range(len(answers))]),
    ]
    rows = [row for _, row in answers.iterrows()]
    for question in questions:
        kind, _, named = question["type"].partition(" ")
        heading = question["name"] if headers == "names" else question[LABEL[headers]]
        if groups:
            heading = question["groups"].replace("/", groups) + groups + heading if question["groups"] else heading
        if kind == "note":
            columns.append((heading, [""] * len(rows)))
            continue
        labels = {
            each["name"]: each[LABEL[values]] if values != "names" else each["name"] for each in lists.get(named, [])
        }
        if kind != "select_multiple":
            cells = [plain(row[question["name"]]) for row in rows]
            columns.append((heading, [labels.get(cell, cell) for cell in cells]))
            continue
        picks = [chosen(asked, asked.item(question["name"]), row) for row in rows]
        told = [[str(p)] if p in (-1, -2) else [] if isinstance(p, int) else [str(code) for code in p] for p in picks]
        if multiple != "details":
            columns.append((heading, [" ".join(labels[each] for each in codes) for codes in told]))
        if multiple != "summary":
            for each in lists[named]:
                choice = each["name"] if headers == "names" else each[LABEL[headers]]
                ticks = ["" if not codes else str(int(each["name"] in codes)) for codes in told]
                columns.append((f"{heading}/{choice}", ticks))
    numbers = [str(i + 1) for i in range(len(rows))]
    columns += [
        ("_id", [str(700000 + i) for i in range(len(rows))]),
        ("_uuid", [f"0b1c2d3e-0000-4000-8000-{i:012d}" for i in range(len(rows))]),
        ("_submission_time", ["2026-11-04T01:00:00"] * len(rows)),
        ("_validation_status", [""] * len(rows)),
        ("_notes", [""] * len(rows)),
        ("_status", ["submitted_via_web"] * len(rows)),
        ("_submitted_by", [""] * len(rows)),
        ("__version__", ["vA1"] * len(rows)),
        ("_tags", [""] * len(rows)),
        ("_index", numbers),
    ]
    return write(path, columns)


# ---------------------------------------------------------------------------------------------------- Wenjuanxing


def wenjuanxing(asked: Questionnaire, answers: pd.DataFrame, path: Path, layout: str = "text", **options) -> Path:
    """Answers of the Chinese form as Wenjuanxing exports them, by "text" or by "code"."""
    rows = [row for _, row in answers.iterrows()]
    gaps = {"text": {SKIPPED: "(跳过)", LEFT: "(空)"}, "code": {SKIPPED: "-3", LEFT: "-2"}}[layout]
    columns: list[tuple[str, list[str]]] = [
        ("序号", [str(i + 1) for i in range(len(rows))]),
        ("提交答卷时间", [f"2026/11/3 9:{i % 60:02d}:05" for i in range(len(rows))]),
        ("所用时间", [f"{100 + i}秒" for i in range(len(rows))]),
        ("来源", ["微信"] * len(rows)),
        ("来源详情", ["N/A"] * len(rows)),
        ("来自IP", [f"10.0.{i}.7(湖北-武汉)" for i in range(len(rows))]),
    ]
    number = 0
    for item in asked.items:
        if item.copied is not None:
            continue
        number += 1
        text = (item.text or item.label)["zh"]
        choices = asked.choices_named(item.choices)
        if item.type != "multiple":
            columns.append(
                (f"{number}、{text}", [_wjx_cell(item, choices, row[item.id], layout, gaps) for row in rows])
            )
            continue
        picks = [chosen(asked, item, row) for row in rows]
        labels = {code: label["zh"] for code, label in choices.codes.items()}
        if layout == "text":
            cells = ["┋".join(labels[c] for c in p) if isinstance(p, list) else _wjx_gap(p, gaps) for p in picks]
            columns.append((f"{number}、{text}", cells))
            continue
        for code, label in labels.items():
            ticks = [str(int(code in p)) if isinstance(p, list) else gaps[p] for p in picks]
            columns.append((f"{number}、{text}({label})", ticks))
    return write(path, columns, **options)


def _wjx_gap(code: int, gaps: dict[int, str]) -> str:
    return gaps.get(code) or ASIDE[code]["zh"]


def _wjx_cell(item, choices, value, layout: str, gaps: dict[int, str]) -> str:
    if value is None:
        return gaps[SKIPPED]
    if not isinstance(value, str) and value < 0:
        return _wjx_gap(int(value), gaps)
    if choices is not None and item.type in ("ordinal", "nominal"):
        if layout == "text":
            return choices.codes[int(value)]["zh"]
        return str(list(choices.codes).index(int(value)) + 1)
    return plain(value)


# ---------------------------------------------------------------------------------------------------- LimeSurvey


@dataclass
class Question:
    """A question of LimeSurvey in one language, with the codes and texts of its answers or subquestions."""

    code: str
    kind: str
    text: str
    answers: dict[str, str] = field(default_factory=dict)


def structure(path: Path, lang: str) -> list[Question]:
    """The questions of a survey in LimeSurvey's tab-separated text, in order."""
    questions: list[Question] = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, dialect="excel-tab"):
            if row["language"] != {"zh": "zh-Hans", "en": "en"}[lang]:
                continue
            text = html.unescape(row["text"])
            if row["class"] == "Q":
                questions.append(Question(row["name"], row["type/scale"], text))
            elif row["class"] in ("A", "SQ"):
                questions[-1].answers[row["name"]] = text
    return questions


def limesurvey(
    survey: Path,
    asked: Questionnaire,
    answers: pd.DataFrame,
    path: Path,
    headers: str = "code",
    values: str = "code",
    lang: str = "zh",
) -> Path:
    """Answers as LimeSurvey exports them.

    survey   the survey as tab-separated text
    headers  "code", "text" or "codetext";  values  "code" or "text"
    """
    rows = [row for _, row in answers.iterrows()]
    columns: list[tuple[str, list[str]]] = [
        ("id", [str(i + 1) for i in range(len(rows))]),
        ("submitdate", ["2026-11-03 10:00:00" if i % 9 else "" for i in range(len(rows))]),
        ("lastpage", ["9"] * len(rows)),
        ("startlanguage", [lang] * len(rows)),
        ("seed", [str(1234567 + i) for i in range(len(rows))]),
    ]
    for question in structure(survey, lang):
        item = asked.item(question.code)
        if question.kind == "M":
            picks = [chosen(asked, item, row) for row in rows]
            told = [[_code(p)] if isinstance(p, int) else [_code(code) for code in p] for p in picks]
            for code, label in question.answers.items():
                heading = _heading(headers, f"{question.code}[{code}]", f"{question.text} [{label}]")
                columns.append((heading, ["Y" if code in codes else "" for codes in told]))
            continue
        cells = [plain(row[item.id]) for row in rows]
        if question.kind == "L":
            cells = [_code(int(cell)) if cell else "" for cell in cells]
            cells = [question.answers[cell] if cell and values == "text" else cell for cell in cells]
        columns.append((_heading(headers, question.code, question.text), cells))
    columns.append(("interviewtime", [f"{600 + i}.25" for i in range(len(rows))]))
    return write(path, columns)


def _code(code: int) -> str:
    return {DONT_KNOW: "DK", REFUSED: "RF"}.get(code, str(code))


def _heading(headers: str, code: str, text: str) -> str:
    return {"code": code, "text": text, "codetext": f"{code}. {text}"}[headers]
