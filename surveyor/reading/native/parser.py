"""The program of the child process: pyreadstat parses one native file and leaves plain arrays in a folder.

It is run as a script and imports nothing of ours, so that it starts in a tenth of a second.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

#: Tagged missing answers of Stata (.a-.z) and SAS (.A-.Z, ._) -> codes that no questionnaire uses.
TAGS: dict[str, float] = {
    **{chr(ord("a") + i): -101.0 - i for i in range(26)},
    **{chr(ord("A") + i): -101.0 - i for i in range(26)},
    "_": -127.0,
}
#: Rows turned into arrays at a time: few enough that their numbers still stand in the processor's cache.
BLOCK = 1024
#: Errors whose words are about the file and quote nothing from it.
OWN = ("ReadstatError", "PyreadstatError")


def main(folder: Path) -> None:
    """Reads `job.json` in the folder; leaves `numbers.bin`, `texts.bin` and `answer.json` there."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    _limit(job["memory"])
    try:
        answer = _parse(job, folder)
    except BaseException as error:  # whatever it is, the parent must hear of it
        kind = type(error).__name__
        answer = {"error": kind, "says": str(error) if kind in OWN else ""}
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # freeing millions of small objects one by one would take longer than the rest


def _limit(memory: int | None) -> None:
    """Caps the address space, where the system can."""
    if memory is None:
        return
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, bound in (("RLIMIT_AS", memory), ("RLIMIT_CORE", 0)):
        try:
            hard = resource.getrlimit(getattr(resource, name))[1]
            soft = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(getattr(resource, name), (soft, hard))
        except (ValueError, OSError):  # a system that knows no such limit
            continue


def _parse(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    # The public functions offer no user_missing for .por and .xpt; the one they all call does.
    from pyreadstat._readstat_parser import parser_entry_point

    gc.disable()
    warnings.simplefilter("ignore")
    asked = {
        "encoding": job["encoding"],
        "usecols": job["columns"],
        "disable_datetime_conversion": True,
        # Lists are always right; arrays of a large file are faster, and wrong in .dta files with tags.
        "output_format": "pandas" if job["arrays"] else "dict",
    }
    table, meta = parser_entry_point(job["path"], job["parser"], user_missing=True, **asked)
    if job["arrays"]:
        table = {name: column.to_numpy() for name, column in table.items()}
    if any(not name for name in table) or len(table) != len(meta.column_names):
        raise ValueError("a column without a name, or two with one")
    tagged = list(meta.missing_user_values)
    disagree = []
    if tagged:  # reading tags has been wrong before: a reading without them must miss as many cells
        plain, _ = parser_entry_point(job["path"], job["parser"], user_missing=False, **{**asked, "usecols": tagged})
        disagree = [name for name in tagged if _missing(table[name]) != _missing(plain[name])]
    texts = [name for name in table if meta.readstat_variable_types[name] == "string"]
    numeric = [name for name in table if name not in set(texts)]
    clashes = [name for name in tagged if _replace_tags(table[name])]
    rows = max((len(column) for column in table.values()), default=0)
    _write_numbers([table[name] for name in numeric], rows, folder / "numbers.bin")
    sizes = _write_texts([table[name] for name in texts], folder / "texts.bin")
    return {
        "rows": rows,
        "names": list(table),
        "numeric": numeric,
        "texts": dict(zip(texts, sizes, strict=True)),
        "disagree": disagree,
        "clashes": clashes,
        "meta": _described(meta),
    }


def _missing(column: list[Any]) -> int:
    return sum(cell is None or isinstance(cell, str) for cell in column)


def _replace_tags(column: list[Any]) -> bool:
    """Puts codes in the place of tags; whether one of them already stands there as a number."""
    codes = set(TAGS.values())
    clash = any(cell in codes for cell in column if not isinstance(cell, str))
    column[:] = [TAGS.get(cell, cell) if isinstance(cell, str) else cell for cell in column]
    return clash


def _write_numbers(columns: list[Any], rows: int, path: Path) -> None:
    """Columns one after another, eight bytes a cell; a missing cell is NaN."""
    import numpy as np

    if not columns or not rows:
        path.touch()
        return
    if not isinstance(columns[0], list):
        with path.open("wb") as stream:
            stream.writelines(column.astype(np.float64, copy=False).data for column in columns)
        return
    out = np.memmap(path, dtype=np.float64, mode="w+", shape=(len(columns), rows))
    for start in range(0, rows, BLOCK):
        for j, column in enumerate(columns):
            out[j, start : start + BLOCK] = column[start : start + BLOCK]
    out.flush()


def _write_texts(columns: list[Any], path: Path) -> list[int]:
    """For each column where its cells begin, then their bytes without blanks at the end; how many bytes they are."""
    import numpy as np

    sizes = []
    with path.open("wb") as stream:
        for column in columns:
            cells = [cell.rstrip(" ").encode("utf-8") if isinstance(cell, str) else b"" for cell in column]
            begin = np.zeros(len(cells) + 1, dtype=np.int64)
            np.cumsum([len(cell) for cell in cells], out=begin[1:])
            stream.write(begin.tobytes())
            stream.writelines(cells)
            sizes.append(int(begin[-1]))
    return sizes


def _described(meta: Any) -> dict[str, Any]:
    """What the file says about its columns, as JSON can hold it."""
    return {
        "encoding": meta.file_encoding,
        "rows": meta.number_rows,
        "labels": {name: label for name, label in meta.column_names_to_labels.items() if label},
        "values": {name: list(labels.items()) for name, labels in meta.variable_value_labels.items()},
        "missing": {name: [[r["lo"], r["hi"]] for r in ranges] for name, ranges in meta.missing_ranges.items()},
        "tags": meta.missing_user_values,
        "formats": {name: shown for name, shown in meta.original_variable_types.items() if shown},
        "measures": {name: measure for name, measure in meta.variable_measure.items() if measure == "ordinal"},
        "sets": meta.mr_sets,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
