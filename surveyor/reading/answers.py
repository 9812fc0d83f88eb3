"""What every reader gives: the same frame of codes, the labels found, and a log of what was done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Log:
    """Where answers came from and what was changed on the way in. Nothing changes without an entry."""

    file: str
    sha256: str
    format: str
    encoding: str
    rows: int
    columns: int
    reader: str
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answers:
    """A frame of codes as they stand in the file, with the labels the file carries.

    labels   column -> its label
    values   column -> code -> label of the code
    missing  column -> codes the file itself declares missing
    ordered  columns the file calls ordinal
    """

    frame: pd.DataFrame
    log: Log
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    missing: Mapping[str, frozenset[float]] = field(default_factory=dict)
    ordered: frozenset[str] = frozenset()


def fingerprint(path: Path) -> str:
    """SHA-256 of the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
