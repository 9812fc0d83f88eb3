"""Parquet files, with labels and missing codes in metadata of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from surveyor.writing.common import Table

#: Where in the file's metadata our labels are.
KEY = b"surveyor"


def write_parquet(table: Table, path: Path) -> tuple[str, ...]:
    """Write a table to `path`: numbers as int64 or float64, texts as strings. Raises OSError where there is no room."""
    metadata = {KEY: json.dumps(_told(table), ensure_ascii=False, sort_keys=True).encode("utf-8")}
    columns = {each.name: each.cells.cast(pa.string()) if each.is_text else each.cells for each in table.variables}
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata), path, compression="zstd")
    return table.warnings


def _told(table: Table) -> dict[str, object]:
    """What the reader gives back as Answers: labels, values, missing, ordered, sets, weight."""
    parts = table.variables
    return {
        "labels": {each.name: each.label for each in parts if each.label},
        "values": {each.name: {str(code): text for code, text in each.labels.items()} for each in parts if each.labels},
        "missing": {each.name: list(each.reasons) for each in parts if each.reasons},
        "ordered": [each.name for each in parts if each.measure == "ordinal"],
        "sets": {name: list(columns) for name, columns in table.sets.items()},
        "weight": table.weight,
    }
