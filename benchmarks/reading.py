"""How long reading takes beside the libraries it stands on: 200,000 rows, 150 columns.

python benchmarks/reading.py [--rows N] [--columns K] [--repeats R] [--write]

Prints the medians of R repetitions, taken in turn; --write keeps them in READING.md. The ratio of a .sav must stay
under 1.5, that of a .csv under 2. Ours is all of sv.read: parsing, typing against the questionnaire, the search for
identifiers, the hash and the log.
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

import surveyor as sv
from surveyor.questionnaire import Choices, Item, Questionnaire

Task = tuple[str, str, Callable[[], object], Callable[[], object]]
HOME = Path(__file__).with_name("READING.md")


def main() -> None:
    """Make the files, read each with us and with the library, print the ratios."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--rows", type=int, default=200_000)
    ask.add_argument("--columns", type=int, default=150)
    ask.add_argument("--repeats", type=int, default=5)
    ask.add_argument("--write", action="store_true")
    asked = ask.parse_args()
    lines = [
        f"# Reading {asked.rows:,} rows of {asked.columns} columns", "",
        f"Medians of {asked.repeats} runs in turn, in seconds: `benchmarks/reading.py`.", "",
        "| file | library | surveyor | library alone | ratio |", "|---|---|---:|---:|---:|",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        frame = people(asked.rows, asked.columns)
        for task in (*text(Path(folder), frame), *native(Path(folder), frame)):
            lines.append(line(*task, asked.repeats))
            print(lines[-1], flush=True)
    if asked.write:
        HOME.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
    asked = questionnaire(frame)
    tasks = [
        (name, "pyreadstat", ours(folder / name, asked), lambda name=name: pyreadstat.read_sav(str(folder / name)))
        for name in ways
    ]
    return [
        *tasks,
        ("a.dta", "pyreadstat", ours(folder / "a.dta", asked), lambda: pyreadstat.read_dta(str(folder / "a.dta"))),
    ]


def text(folder: Path, frame: pd.DataFrame) -> list[Task]:
    """Codes of one digit; the same with gaps, weights, an id and a text."""
    codes = frame[[name for name in frame if name.startswith("v")]].fillna(3).astype(int)
    codes.to_csv(folder / "codes.csv", index=False)
    frame.to_csv(folder / "mixed.csv", index=False)
    asked = questionnaire(frame)
    return [
        (name, "pandas", ours(folder / name, asked), lambda name=name: pd.read_csv(folder / name))
        for name in ("codes.csv", "mixed.csv")
    ]


def questionnaire(frame: pd.DataFrame) -> Questionnaire:
    """What the columns were asked as."""
    kinds = {"v": ("ordinal", "five"), "w": ("number", None), "i": ("id", None), "t": ("text", None)}
    items = (
        Item(id=name, label={"en": name}, type=kinds[name[0]][0], choices=kinds[name[0]][1])  # type: ignore[arg-type]
        for name in frame
    )
    five = Choices(codes={code: {"en": word} for code, word in enumerate("abcde", start=1)}, missing={97: -1})
    return Questionnaire(name="b", items=tuple(items), choices={"five": five})


def ours(path: Path, asked: Questionnaire) -> Callable[[], object]:
    """Our reading of a file, as a task."""
    return lambda: sv.read(path, asked)


def line(name: str, library: str, ours: Callable[[], object], theirs: Callable[[], object], repeats: int) -> str:
    """One line of the table: both medians and their ratio."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    mine, other = (statistics.median(each) for each in zip(*pairs, strict=True))
    return f"| {name} | {library} | {mine:.2f} | {other:.2f} | {mine / other:.2f} |"


def seconds(task: Callable[[], object]) -> float:
    """Wall-clock time of one run."""
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
