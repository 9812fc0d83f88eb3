"""What writing gives back: where the file is, and what it does not say as the survey did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from surveyor.format import counted


@dataclass(frozen=True)
class Written:
    """A file that was written whole; usable wherever a path is.

    warnings  what was cut, replaced or left out, with the columns

    >>> print(Written(Path("a.sav"), ("q1: the label was cut",)))
    a.sav, 1 warning
    - q1: the label was cut
    """

    path: Path
    warnings: tuple[str, ...] = ()

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        head = f"{self.path}, {counted(len(self.warnings), 'warning')}" if self.warnings else str(self.path)
        return "\n- ".join((head, *self.warnings))

    def __repr__(self) -> str:
        return f"<Written: {self}>"
