"""SPSS files: .sav and .zsav, and the portable .por."""

from __future__ import annotations

from pathlib import Path

from surveyor.reading.answers import Answers, Ask
from surveyor.reading.native import sav_header
from surveyor.reading.native.dates import SPSS_DATES
from surveyor.reading.native.family import Family, asked_encoding, read_native
from surveyor.reading.native.headers import Claims, looked_into

SPSS = Family("SPSS", "sav/zsav", "SPSS or PSPP", SPSS_DATES)
PORTABLE = Family(
    "SPSS portable",
    "por",
    "SPSS or PSPP",
    SPSS_DATES,
    warnings=("a portable file keeps names in capital letters and of at most eight",),
)


def read_spss(path: Path, ask: Ask) -> Answers:
    """The codes, labels and declared missing codes of a .sav or .zsav file.

    Raises FileError where the file is damaged, cut short or holds another number of rows than its header says.
    """
    named = asked_encoding(ask, path.name)
    with looked_into(path, SPSS.name, SPSS.program) as raw:
        found = sav_header.walk(raw)
        sav_header.bound(found, len(raw))
        told = sav_header.claims(found, named)
        answers = read_native(path, ask, SPSS, told, named, lambda: sav_header.check_rows(found, raw))
    return answers.noted(warnings=[f"the file says: weighted by {answers.weight}"] if answers.weight else [])


def read_portable(path: Path, ask: Ask) -> Answers:
    """The same of a .por file, which has no header to check beforehand."""
    return read_native(path, ask, PORTABLE, Claims(), asked_encoding(ask, path.name))
