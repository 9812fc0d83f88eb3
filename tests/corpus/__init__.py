"""Bad and awkward files, made when a test runs: one for every row of the failure tables, with what must come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveyor.reading.answers import Ask


@dataclass(frozen=True)
class Case:
    """A file and what must come of it.

    name      of the file
    data      its bytes
    outcome   "error" (nothing is read), "warning" (read, with a warning in the log), "right" (read, no warning)
    words     all of them stand in the message, in one of the warnings, or in the log's encoding and entries
    cells     column -> its cells, None where missing
    kind      what sniff.kind calls it, where it gets that far
    typing    the outcome is that of fitting to a questionnaire: the reader itself gives the cells
    items     column -> type of the item it is to be fitted to
    """

    name: str
    data: bytes
    outcome: str
    words: tuple[str, ...] = ()
    cells: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    ask: Ask = field(default_factory=Ask)
    typing: bool = False
    items: Mapping[str, str] = field(default_factory=dict)
