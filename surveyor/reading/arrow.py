"""Parquet and Feather files: cells as they are, labels and missing codes from metadata of our own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from surveyor.errors import DataError, FileError
from surveyor.format import counted
from surveyor.reading.answers import Answers, Ask, Log, fingerprint
from surveyor.reading.native.child import memory_limit, run, seconds_allowed
from surveyor.reading.text.columns import garbled
from surveyor.reading.text.names import check_names, wanted

PARSER = Path(__file__).with_name("arrow_parser.py")
REMEDY = "Copy or export it again, or save the answers as .csv"


def read_parquet(path: Path, ask: Ask) -> Answers:
    """Numbers as numbers, everything else as text; labels and missing codes where we wrote the file.

    Raises FileError for a damaged file, DataError for columns of lists or records and for doubled names.
    """
    return _read(path, ask, "Parquet")


def read_feather(path: Path, ask: Ask) -> Answers:
    """The same as `read_parquet`, from a Feather (Arrow) file."""
    return _read(path, ask, "Feather")


def _read(path: Path, ask: Ask, family: str) -> Answers:
    told, cells = _parsed(path, family)
    if twice := told.get("twice"):
        raise DataError(f"two columns are called '{twice}'", where=path.name, remedy="Give each its own name")
    if told["nested"]:
        raise DataError(
            "this column holds lists, records or bytes, not answers",
            where=f"{path.name}, column '{told['nested'][0]}'",
            expected="numbers, texts, dates or yes and no",
            remedy="Leave the column out when the file is made, or split it into plain columns",
        )
    names = told["names"]
    warnings = check_names(names, lambda i: f"{path.name}, column {i + 1}")
    keep = wanted(names, ask, path.name)
    columns = {name: cells[str(names.index(name))] for name in keep}
    warnings += [f"{name}: {what}, in {counted(n, 'cell')}" for name, column in columns.items()
                 if pa.types.is_large_string(column.type) for what, n in garbled(column)]  # fmt: skip
    log = Log(
        file=path.name,
        sha256=fingerprint(path),
        format=family,
        encoding="utf-8, as the format demands",
        rows=cells.num_rows,
        columns=len(keep),
        reader=f"pyarrow {pa.__version__}",
        entries=_entries(told, keep),
        warnings=tuple(warnings),
    )
    ordered = frozenset(told["ordered"]) & set(keep)
    answers = Answers(frame=pd.DataFrame({n: _series(c) for n, c in columns.items()}), log=log, ordered=ordered)
    return answers if told["ours"] is None else _labelled(answers, told["ours"], path.name)


def _parsed(path: Path, family: str) -> tuple[dict[str, Any], pa.Table]:
    """What the child process found: names and notes, and a table whose columns are called 0, 1, 2 ..."""
    size = path.stat().st_size
    with tempfile.TemporaryDirectory(prefix="surveyor-") as name:
        folder = Path(name)
        job = {"path": str(path.absolute()), "kind": family, "memory": memory_limit(size)}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        ended = run(PARSER, folder, seconds_allowed(size))
        if ended is None or not (folder / "answer.json").is_file():
            raise _damaged(path.name, family, "its reader broke down over it (your session is unharmed)")
        told = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
        if error := told.get("error"):
            if error in ("MemoryError", "ArrowMemoryError"):
                raise _damaged(path.name, family, "it takes more memory than it should")
            raise _damaged(path.name, family, "its parts do not fit together")
        if "twice" in told:
            return told, pa.table({})
        with pa.ipc.open_file(pa.py_buffer((folder / "cells.arrow").read_bytes())) as stream:
            return told, stream.read_all()


def _damaged(file: str, family: str, why: str) -> FileError:
    return FileError(f"this {family} file is damaged or was cut short: {why}", where=file, remedy=REMEDY)


def _series(column: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_large_string(column.type):
        empty = pc.equal(column, "")
        return pd.Series(pc.if_else(empty, pa.scalar(None, column.type), column), dtype="str")
    return pd.Series(column.to_numpy(), dtype=float)


def _entries(told: Mapping[str, Any], keep: list[str]) -> tuple[str, ...]:
    made = [f"{name}: true -> 1, false -> 0" for name in told["flags"] if name in keep]
    made += [f"{name}: whole numbers of more than 15 digits are kept as text" for name in told["large"] if name in keep]
    if told["index"]:
        made.append("the row numbers that pandas stored were left out")
    return tuple(made)


def _labelled(answers: Answers, ours: str, file: str) -> Answers:
    """The answers with the labels, missing codes, order, sets and weight that our writer stored."""
    names = set(answers.frame.columns)
    try:
        stored = json.loads(ours)
        return replace(
            answers,
            labels={k: str(v) for k, v in stored.get("labels", {}).items() if k in names},
            values={
                k: {float(code): str(label) for code, label in v.items()}
                for k, v in stored.get("values", {}).items()
                if k in names
            },
            missing={k: frozenset(float(c) for c in v) for k, v in stored.get("missing", {}).items() if k in names},
            ordered=answers.ordered | (frozenset(stored.get("ordered", ())) & names),
            sets={k: tuple(v) for k, v in stored.get("sets", {}).items() if names.issuperset(v)},
            weight=stored.get("weight") if stored.get("weight") in names else None,
        )
    except (ValueError, TypeError, AttributeError):
        raise _damaged(file, answers.log.format, "the labels stored in it cannot be read") from None
