"""The program of the child process for Parquet and Feather: pyarrow parses, and leaves numbers and texts in a folder.

It is run as a script and imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

#: Whole numbers beyond this change when they become floating-point numbers, so they are kept as text.
EXACT = 2**53


def main(folder: Path) -> None:
    """Reads `job.json` in the folder; leaves `cells.arrow` and `answer.json` there."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    _limit(job["memory"])
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # the others reserve more addresses than they use
    try:
        answer = _parse(job, folder)
    except BaseException as error:  # whatever it is, the parent must hear of it
        answer = {"error": type(error).__name__}
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


def _limit(memory: int | None) -> None:
    """Caps the address space, where the system can."""
    try:
        import resource

        if memory is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    except (ImportError, ValueError, OSError):  # Windows, or a system that knows no such limit
        return


def _parse(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    import pyarrow as pa

    table = _table(job["path"], job["kind"])
    metadata = table.schema.metadata or {}
    table.validate(full=True)
    names = [name for name in table.column_names if not name.startswith("__index_level_")]
    notes: dict[str, list[str]] = {"flags": [], "large": [], "nested": [], "ordered": []}
    made = {}
    if len(set(names)) < len(names):
        return {"twice": next(name for name in names if names.count(name) > 1)}
    for name in names:
        column = table[name]
        if pa.types.is_dictionary(column.type):
            if column.type.ordered:
                notes["ordered"].append(name)
            column = pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], column.type.value_type)
        made[name] = _plain(name, column, notes)
    with pa.OSFile(str(folder / "cells.arrow"), "wb") as sink:
        plain = pa.table({str(i): column for i, column in enumerate(made.values()) if column is not None})
        with pa.ipc.new_file(sink, plain.schema) as writer:
            writer.write_table(plain)
    ours = metadata.get(b"surveyor")
    return {
        "names": names,
        "index": len(table.column_names) - len(names),
        "ours": None if ours is None else ours.decode("utf-8"),
        **notes,
    }


def _table(path: str, kind: str) -> Any:
    if kind == "Parquet":
        import pyarrow.parquet as pq

        return pq.ParquetFile(path).read(use_threads=False)
    from pyarrow import feather

    return feather.read_table(path, use_threads=False, memory_map=False)


def _plain(name: str, column: Any, notes: dict[str, list[str]]) -> Any:
    """A column as large_string or double; None, with a note, where it is neither."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_boolean(kind):
        notes["flags"].append(name)
        return column.cast(pa.int8()).cast(pa.float64())
    if pa.types.is_integer(kind):
        ends = pc.min_max(column).as_py()
        if max(abs(ends["min"] or 0), abs(ends["max"] or 0)) > EXACT:
            notes["large"].append(name)
            return column.cast(pa.large_string())
        return column.cast(pa.float64())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind):
        return column.cast(pa.float64())
    if pa.types.is_duration(kind):
        return column.cast(pa.int64()).cast(pa.float64())
    if pa.types.is_timestamp(kind):
        return _moments(column.cast(pa.large_string()))
    if pa.types.is_time(kind):
        return pc.replace_substring_regex(column.cast(pa.large_string()), r"\.0+$", "")
    if pa.types.is_temporal(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.cast(pa.large_string())
    notes["nested"].append(name)
    return None


def _moments(column: Any) -> Any:
    """Arrow's form of moments as ISO text: days where all of them are midnight in no time zone."""
    import pyarrow.compute as pc

    column = pc.replace_substring_regex(column, r"\.0+(Z?|[+-]\d+)$", r"\1")
    column = pc.replace_substring_regex(column, r"([+-]\d{2})(\d{2})$", r"\1:\2")
    column = pc.replace_substring(column, " ", "T", max_replacements=1)
    midnight = pc.match_substring_regex(column, "T00:00:00$")
    return pc.utf8_slice_codeunits(column, 0, -9) if pc.all(midnight).as_py() else column


if __name__ == "__main__":
    main(Path(sys.argv[1]))
