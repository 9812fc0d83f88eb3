"""A line that says what is being done and for how long, once it takes more than two seconds."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

#: Seconds until something is said, and between two steps of the bar.
PATIENCE, STEP = 2.0, 0.25
#: Set to anything, it keeps the line away: reports run notebooks whose outputs are kept.
QUIET = "SURVEYOR_QUIET"
_WIDTH = 20


@contextlib.contextmanager
def waiting(what: str, stream: TextIO | None = None) -> Iterator[Callable[[float], None]]:
    """Say on the error stream of a terminal or notebook that `what` is going on, while it is and takes long.

    Gives a function that may be told which share of the work is done; the bar then fills, else it only moves.

    >>> with waiting("Reading") as done:
    ...     done(0.5)
    """
    to = stream or sys.stderr
    shares: list[float] = []
    if stream is None and not _watched(to):
        yield shares.append
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(what, to, done, time.monotonic(), shares), daemon=True)
    teller.start()
    try:
        yield shares.append
    finally:
        done.set()
        teller.join()


def _watched(stream: TextIO) -> bool:
    """Whether a person sees the stream: a terminal, or the cell of a notebook."""
    if QUIET in os.environ:
        return False
    return stream.isatty() or type(stream).__module__.startswith("ipykernel")


def _tell(what: str, stream: TextIO, done: threading.Event, begun: float, shares: list[float]) -> None:
    if done.wait(PATIENCE):
        return
    at, line = 0, ""
    with contextlib.suppress(OSError, ValueError):  # a stream that is gone takes no line with it
        while not done.is_set():
            bar = _filled(shares[-1]) if shares else _moving(at)
            line = f"{what} [{bar}] {int(time.monotonic() - begun)} s"
            stream.write(f"\r{line}")
            stream.flush()
            at += 1
            done.wait(STEP)
        stream.write(f"\r{' ' * len(line)}\r")
        stream.flush()


def _moving(at: int) -> str:
    place = at % (2 * _WIDTH - 2)
    place = min(place, 2 * _WIDTH - 2 - place)
    return " " * place + "=" + " " * (_WIDTH - 1 - place)


def _filled(share: float) -> str:
    return ("=" * int(_WIDTH * share)).ljust(_WIDTH)
