"""SAS files: .sas7bdat and transport files (.xpt, versions 5 and 8)."""

from __future__ import annotations

from pathlib import Path

from surveyor.reading.answers import Answers, Ask
from surveyor.reading.native.dates import SAS_DATES
from surveyor.reading.native.family import Family, asked_encoding, read_native
from surveyor.reading.native.headers import Claims

LABELS = "SAS keeps the labels of answers in a catalogue of its own: codes have no labels here"
SAS = Family("SAS", "sas7bdat", "SAS", SAS_DATES, warnings=(LABELS,))
TRANSPORT = Family(
    "SAS transport",
    "xport",
    "SAS",
    SAS_DATES,
    warnings=(LABELS, "the format has no row count: completeness cannot be verified"),
)


def read_sas(path: Path, ask: Ask) -> Answers:
    """The codes of a .sas7bdat file; missing answers .A to .Z and ._ become the codes -101 to -127, kept apart.

    Raises FileError where the file is damaged.
    """
    return read_native(path, ask, SAS, Claims(), asked_encoding(ask, path.name))


def read_transport(path: Path, ask: Ask) -> Answers:
    """The codes of a transport file. Raises FileError where it is damaged."""
    return read_native(path, ask, TRANSPORT, Claims(), asked_encoding(ask, path.name))
