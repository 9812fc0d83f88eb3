"""Stata files (.dta), releases 105 to 119."""

from __future__ import annotations

from pathlib import Path

from surveyor.reading.answers import Answers, Ask
from surveyor.reading.native import dta_header
from surveyor.reading.native.dates import STATA_DATES
from surveyor.reading.native.family import Family, asked_encoding, read_native
from surveyor.reading.native.headers import looked_into

STATA = Family("Stata", "dta", "Stata", STATA_DATES)


def read_stata(path: Path, ask: Ask) -> Answers:
    """The codes and labels of a .dta file; missing answers .a to .z become the codes -101 to -126, kept apart.

    Raises FileError where the file is damaged or cut short, also inside its value labels.
    """
    named = asked_encoding(ask, path.name)
    with looked_into(path, STATA.name, STATA.program) as raw:
        header = dta_header.walk(raw)
        told = dta_header.claims(header, named)
    # Naming UTF-8, which newer releases imply, makes the parser keep the readable part of a label that was cut.
    return read_native(path, ask, STATA, told, named or ("utf-8" if header.release >= 118 else None))
