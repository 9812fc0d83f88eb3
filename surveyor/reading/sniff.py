"""What a file is, by its first bytes: the name is only a claim."""

from __future__ import annotations

from pathlib import Path

from surveyor.errors import FileError, is_file

#: First bytes -> what the file is. A .zsav begins like a .sav, so they are told apart by one digit.
SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"$FL2", "SPSS"),
    (b"$FL3", "SPSS"),
    (b"PK\x03\x04", "a workbook or zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file"),
    (b"<stata_dta>", "Stata"),
    (b"HEADER RECORD*******LIB", "SAS transport"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "Parquet"),
    (b"\x1f\x8b", "a gzip archive"),
)
EXTENSIONS = {".sav": "SPSS", ".zsav": "SPSS", ".csv": "text", ".tsv": "text", ".txt": "text"}


def kind(path: Path) -> str:
    """ "SPSS" or "text"; raises FileError where the file is absent, empty, unknown or not what its name says."""
    if not is_file(path):
        if len(path.name) < 200 and path.is_dir():
            raise FileError("this is a folder", where=str(path), expected="a file of answers")
        raise FileError(
            "there is no such file",
            where=str(path),
            remedy="Check the name and the folder; a study file names it relative to itself",
        )
    claimed = EXTENSIONS.get(path.suffix.lower())
    if claimed is None:
        raise FileError(
            f"files ending in '{path.suffix}' cannot be read",
            where=path.name,
            expected=", ".join(EXTENSIONS),
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise FileError("the file is empty (0 bytes)", where=path.name, remedy="Fetch or export it again")
    found = next((name for sign, name in SIGNS if head.startswith(sign)), None)
    if found is None:
        found = "a web page" if head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")) else None
    if found is None:
        found = "text" if b"\x00" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff") else "unknown binary data"
    if found != claimed:
        shown = "comma-separated or other text" if found == "text" else found
        raise FileError(
            f"the name says {claimed}, the content is {shown}",
            where=path.name,
            remedy="Give the file its true ending, or export it again",
        )
    return found
