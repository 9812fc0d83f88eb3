"""Parsing in a child process: a file that kills its parser, or wants all memory, does not hurt the session."""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from surveyor.errors import FileError
from surveyor.format import count, counted, number

GIB = 2**30
MB = 10**6
#: Cells from which reading into arrays is faster, although it starts slower.
MANY = 2_000_000
PARSER = Path(__file__).with_name("parser.py")
#: What pyreadstat says -> what that means for whoever holds the file.
MEANINGS = (
    ("convert string", "its text does not fit the encoding it declares"),
    ("character set", "its encoding is not known here"),
    ("ow count", "it holds another number of rows than its header says"),
    ("unexpected end", "it was cut short"),
    ("read from file", "it was cut short"),
    ("compress", "it is compressed in a way that is not known here, or its compressed part is damaged"),
    ("format version", "its version is not known here"),
    ("", "its parts do not fit together"),
)
AGAIN = "Copy or export it again; if it still opens in {program}, save it there under a new name"


@dataclass(frozen=True, eq=False)
class Parsed:
    """What the child handed back.

    names    all columns, in the file's order
    block    one row of cells per numeric column, NaN where missing; `numbers` are views of its rows
    texts    one Arrow array per text column; empty cells are missing
    meta     what the file says about its columns
    """

    rows: int
    names: tuple[str, ...]
    block: np.ndarray
    numbers: Mapping[str, np.ndarray]
    texts: Mapping[str, pa.Array]
    disagree: tuple[str, ...]
    clashes: tuple[str, ...]
    meta: Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """One file to parse.

    parser   pyreadstat's word for the format
    family   ours, for messages; `program` is where a person would open the file
    columns  only these; encoding: as iconv calls it; cells: how many, where the header says so
    arrays   whether the format can be read into arrays at once, which is faster and wrong in .dta
    """

    path: Path
    parser: str
    family: str
    program: str
    encoding: str | None = None
    columns: tuple[str, ...] | None = None
    cells: int = 0
    arrays: bool = False


def parse(job: Job, meanwhile: Callable[[], None] = lambda: None) -> Parsed:
    """The file parsed apart, while `meanwhile` runs here.

    Raises FileError where the child dies, runs out of memory or time, or finds the file damaged; whatever
    `meanwhile` raises ends the child.
    """
    size = job.path.stat().st_size
    memory = memory_limit(size, job.cells)
    with tempfile.TemporaryDirectory(prefix="surveyor-") as name:  # only the user may look into it
        folder = Path(name)
        asked = {
            "path": str(job.path.absolute()),
            "parser": job.parser,
            "encoding": job.encoding,
            "columns": list(job.columns) if job.columns else None,
            "memory": memory,
            "arrays": job.arrays and job.cells > MANY,
        }
        (folder / "job.json").write_text(json.dumps(asked), encoding="utf-8")
        ended = run(PARSER, folder, seconds_allowed(size), meanwhile)
        if ended is None:
            raise _too_long(job, seconds_allowed(size))
        return _loaded(folder, job, ended, memory)


def run(program: Path, folder: Path, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> int | None:
    """The exit code of a Python script of ours, given a folder to work in; None where it took longer than `seconds`."""
    begun = time.monotonic()
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # -P: nothing is imported from the script's folder or the current one.
    with subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", str(program), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **one_thread},
    ) as child:
        try:
            meanwhile()
            return child.wait(timeout=max(seconds - (time.monotonic() - begun), 0.01))
        except subprocess.TimeoutExpired:
            return None
        finally:
            if child.poll() is None:
                child.kill()


def memory_limit(size: int, cells: int = 0) -> int | None:
    """How many bytes a child may use for a file of `size` bytes: at most 70 % of what the machine has.

    >>> memory_limit(1000) <= 2 * GIB if memory_limit(1000) else True
    True
    """
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows: no limits
        return None
    return min(max(2 * GIB, 8 * size, 64 * cells), machine * 7 // 10)


def seconds_allowed(size: int) -> float:
    """60 seconds and 10 for every 100 MB.

    >>> seconds_allowed(200_000_000)
    80.0
    """
    return 60 + 10 * size / (100 * MB)


def damaged(file: str, family: str, why: str, program: str) -> FileError:
    """The error for a file that cannot be what it claims."""
    return FileError(f"this {family} file is damaged: {why}", where=file, remedy=AGAIN.format(program=program))


def _loaded(folder: Path, job: Job, ended: int, memory: int | None) -> Parsed:
    if not (folder / "answer.json").is_file():
        raise _memory(job, memory) if ended == 1 else _died(job)
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    if error := answer.get("error"):
        raise _failure(job, error, answer["says"], memory)
    rows, numeric = answer["rows"], answer["numeric"]
    cells = _cells(folder / "numbers.bin")
    if len(cells) != rows * len(numeric):
        raise _died(job)
    block = cells.reshape(len(numeric), rows)
    return Parsed(
        rows=rows,
        names=tuple(answer["names"]),
        block=block,
        numbers={name: block[j] for j, name in enumerate(numeric)},
        texts=dict(_texts(folder / "texts.bin", rows, answer["texts"])),
        disagree=tuple(answer["disagree"]),
        clashes=tuple(answer["clashes"]),
        meta=answer["meta"],
    )


def _cells(path: Path) -> np.ndarray:
    """The numbers in a file; where the system lets go of a mapped file, without copying them."""
    if os.name == "nt" or not path.stat().st_size:
        return np.fromfile(path, dtype=np.float64)
    with path.open("rb") as stream:
        return np.frombuffer(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY), dtype=np.float64)


def _texts(path: Path, rows: int, sizes: Mapping[str, int]) -> list[tuple[str, pa.Array]]:
    """Arrow arrays over the bytes in the file, checked before anything relies on them."""
    found = []
    with path.open("rb") as stream:
        for name, size in sizes.items():
            begin = np.frombuffer(stream.read(8 * (rows + 1)), dtype=np.int64)
            filled = np.packbits(np.diff(begin) > 0, bitorder="little")
            buffers = [pa.py_buffer(filled.tobytes()), pa.py_buffer(begin.tobytes()), pa.py_buffer(stream.read(size))]
            array = pa.Array.from_buffers(pa.large_string(), rows, buffers)
            array.validate(full=True)
            found.append((name, array))
    return found


def _failure(job: Job, error: str, says: str, memory: int | None) -> FileError:
    if error == "MemoryError" or "enough memory" in says or "allocate" in says:
        return _memory(job, memory)
    if error == "OSError":
        return FileError(
            "there is no room for a copy of the answers in the temporary folder",
            where=job.path.name,
            remedy="Free some space on the disk, or name another folder in the variable TMPDIR",
        )
    if error in ("ModuleNotFoundError", "ImportError"):
        return FileError(
            "the reader could not be started",
            where=job.path.name,
            remedy="Install surveyor again: pyreadstat or numpy is absent in the Python that runs this",
        )
    if error == "UnicodeDecodeError":
        says = "convert string"
    why = next(meaning for word, meaning in MEANINGS if word in says)
    return damaged(job.path.name, job.family, why, job.program)


def _died(job: Job) -> FileError:
    return damaged(job.path.name, job.family, "its reader broke down over it (your session is unharmed)", job.program)


def _memory(job: Job, memory: int | None) -> FileError:
    limit = f" than {number((memory or 0) / GIB, 1)} GB" if memory else ""
    return FileError(
        f"reading this {job.family} file takes more memory{limit}: it is damaged, or too large for this machine",
        where=job.path.name,
        remedy=f"If it still opens in {job.program}, read fewer of its columns (columns=), or save it there again",
    )


def _too_long(job: Job, seconds: float) -> FileError:
    return FileError(
        f"reading this {job.family} file took longer than {counted(int(seconds), 'second')}: "
        f"it is damaged, or too large ({count(job.path.stat().st_size // MB)} MB)",
        where=job.path.name,
        remedy=AGAIN.format(program=job.program),
    )
