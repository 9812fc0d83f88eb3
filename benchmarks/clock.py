"""Time a task: best of several after a warm-up, each from a fresh start, one line of JSON per task."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Task = Callable[[Any], list[float]]


class NotThereYetError(Exception):
    """A method of the design that the package does not have so far."""


def reason(error: Exception) -> str:
    """Why a task has no result, in one line."""
    what = "not there yet" if isinstance(error, NotThereYetError) else type(error).__name__
    return f"{what}: {error}".splitlines()[0][:90]


def clock(key: str, fresh: Callable[[], Any], task: Task, repeats: int, warm: bool = True) -> None:
    """Run the task on a fresh start several times; print its times and the numbers it gave."""
    try:
        if warm:
            task(fresh())
        seconds, numbers = [], []
        for _ in range(repeats):
            start = fresh()
            gc.collect()
            begun = time.perf_counter()
            numbers = task(start)
            seconds.append(time.perf_counter() - begun)
    except Exception as error:  # a benchmark shows what failed and goes on
        say(key, skipped=reason(error))
    else:
        say(key, seconds=seconds, numbers=[float(number) for number in numbers])


def say(key: str, **what: Any) -> None:
    """One line for the runner."""
    print(json.dumps({"task": key, **what}), flush=True)


def peak_memory() -> float:
    """Largest memory this process ever held, in bytes; NaN where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
