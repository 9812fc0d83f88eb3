"""How long reading takes beside the libraries it stands on: 200,000 rows, 150 columns.

python benchmarks/reading.py [--rows N] [--columns K] [--repeats R]

Prints the medians of R repetitions, taken in turn. The ratio of a .sav must stay under 1.5.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from surveyor.reading import read_answers

Task = tuple[str, Callable[[], object], Callable[[], object]]


def main() -> None:
    """Make the files, read each with us and with the library, print the ratios."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--rows", type=int, default=200_000)
    ask.add_argument("--columns", type=int, default=150)
    ask.add_argument("--repeats", type=int, default=5)
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, ours, theirs in native(Path(folder), people(asked.rows, asked.columns)):
            show(name, ours, theirs, asked.repeats)


def people(rows: int, columns: int) -> pd.DataFrame:
    """Codes 1 to 5 with one in fifty missing, three weights, an id and a text."""
    chance = np.random.default_rng(1)
    codes = {f"v{i}": chance.integers(1, 6, rows).astype(float) for i in range(columns - 5)}
    frame = pd.DataFrame(codes | {f"w{i}": chance.normal(size=rows) for i in range(3)})
    frame.iloc[::50, ::7] = np.nan
    frame["id"] = [f"R{i:07d}" for i in range(rows)]
    frame["text"] = np.array(["是", "不知道", "a longer answer", ""])[chance.integers(0, 4, rows)]
    return frame


def native(folder: Path, frame: pd.DataFrame) -> list[Task]:
    """A .sav as it is, with its rows compressed, and a .zsav; a .dta."""
    codes = [name for name in frame if name.startswith("v")]
    told = {
        "variable_value_labels": {name: {1: "a", 2: "b", 3: "c", 4: "d", 5: "e", 97: "?"} for name in codes},
        "missing_ranges": {name: [{"lo": 97, "hi": 99}] for name in codes},
    }
    ways = {"plain.sav": {}, "rows.sav": {"row_compress": True}, "all.zsav": {"compress": True}}
    for name, way in ways.items():
        pyreadstat.write_sav(frame, str(folder / name), **told, **way)
    pyreadstat.write_dta(frame, str(folder / "a.dta"))
    tasks = [(name, ours(folder / name), lambda name=name: pyreadstat.read_sav(str(folder / name))) for name in ways]
    return [*tasks, ("a.dta", ours(folder / "a.dta"), lambda: pyreadstat.read_dta(str(folder / "a.dta")))]


def ours(path: Path) -> Callable[[], object]:
    """Our reading of a file, as a task."""
    return lambda: read_answers(path)


def show(name: str, ours: Callable[[], object], theirs: Callable[[], object], repeats: int) -> None:
    """One line: both medians and their ratio."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    mine, other = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"{name:<12} surveyor {mine:6.2f} s   library {other:6.2f} s   ratio {mine / other:5.2f}", flush=True)


def seconds(task: Callable[[], object]) -> float:
    """Wall-clock time of one run."""
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
