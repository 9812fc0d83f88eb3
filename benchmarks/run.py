"""The benchmark: surveyor beside R survey, svy and the bare product of weights and columns.

python benchmarks/run.py [--write] [--large] [--rows N] [--repeats N] [--only surveyor]
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
from pathlib import Path

import engines
import people
import table
from rows import DESIGN, LINEAR, ROWS

HERE = Path(__file__).resolve().parent
FEW = 100_000
LARGE = 10_000_000


def main() -> None:
    """Make the data, run every engine, print the tables."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    ask.add_argument("--large", action="store_true", help="show the growth up to 10,000,000 rows (8 GB of memory)")
    ask.add_argument("--rows", type=int, default=1_000_000, help="rows of the main table")
    ask.add_argument("--repeats", type=int, default=3, help="the best of so many, after a warm-up")
    ask.add_argument("--only", choices=["surveyor"], help="leave the peers out")
    wanted = ask.parse_args()
    text = report(wanted.rows, wanted.repeats, wanted.large, wanted.only is None)
    print(text)
    if wanted.write:
        (HERE / "RESULTS.md").write_text(text + "\n", encoding="utf-8")


def report(n: int, repeats: int, large: bool, peers: bool) -> str:
    """Everything, as Markdown."""
    load = _load()
    folder, few = folder_of(n), folder_of(FEW)
    people.make(folder, n)
    people.make(few, FEW)
    out = engines.Engine(reason="not asked for")
    _progress("surveyor")
    found = {"surveyor": engines.surveyor(folder, "time", repeats)}
    _progress("floor")
    floor = engines.surveyor(folder, "floor", repeats)
    _progress("svy")
    found["svy"] = engines.svy(folder, repeats) if peers else out
    _progress("R survey")
    found["R"] = engines.r_survey(folder, few, repeats) if peers else out
    _progress("memory")
    memory = engines.surveyor(folder, "memory", 1)
    grown = growth([FEW, n, *([LARGE] if large else [])], repeats)
    return f"""# Benchmark

{n:,} rows in random order, {people.CLUSTERS:,} clusters of unequal size,
{people.CLUSTERS // people.PER_STRATUM} strata, unequal weights; the best of {repeats} after a warm-up.
{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {_machine()}; load before and after: {load}, {_load()}. Times drift with
the machine and what else runs on it: the ratios of one run are what counts.

{table.times(found, floor, FEW)}

Every line but the first starts from a built survey that has read no column yet; the data are in memory.
R's bootstrap and battery and svy's bootstrap run once, without a warm-up. `agree within` is the largest relative
difference of a peer's numbers from surveyor's. The floor is `w @ Y` over the columns of the task.
{", ".join(engines.UNSET)} are unset for every engine.

{table.notes(found)}

{table.engines(found)}

## Memory

The most surveyor holds beyond the data frame during a task, as a multiple of the bytes of the columns in use (those of
the design among them); it must stay under 1.5. Counted by tracemalloc, to which numpy and pandas report.

{table.memory(memory)}

## Growth, and the order of rows

{table.growth(grown)}"""


def growth(sizes: list[int], repeats: int) -> dict[str, tuple[int, engines.Engine]]:
    """surveyor's times by number of rows, and with the rows of a cluster together, as most files have them."""
    columns = [*DESIGN, *dict.fromkeys(name for key in LINEAR for name in ROWS[key].columns)]
    found = {}
    for n, by_cluster in [*dict.fromkeys((n, False) for n in sizes), (sizes[1], True)]:
        name = f"{n:,} rows, by cluster" if by_cluster else f"{n:,} rows"
        folder = folder_of(n).with_name(f"{n}-by-cluster") if by_cluster else folder_of(n)
        _progress(name)
        people.make(folder, n, columns, by_cluster)
        found[name] = n, engines.surveyor(folder, "time", repeats, LINEAR)
    return found


def folder_of(n: int) -> Path:
    """Where the columns of n residents are kept."""
    return engines.WORK / str(n)


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _progress(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
