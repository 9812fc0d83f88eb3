"""What a file is, by its first bytes: the name is only a claim."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from surveyor.errors import FileError, is_file

#: First bytes -> what the file is. A .zsav begins like a .sav, so they are told apart by one digit.
SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"$FL2", "SPSS"),
    (b"$FL3", "SPSS"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
    (b"<stata_dta>", "Stata"),
    (b"HEADER RECORD*******LIB", "SAS transport"),
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Feather"),
    (b"FEA1", "Feather"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x89HDF", "an HDF5 file"),
)
SAS_SIGN = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
#: Old Stata files begin with their version, the byte order and two fixed bytes.
OLD_STATA = re.compile(rb"[\x69\x6c\x6e\x6f\x71\x72\x73][\x01\x02]\x01\x00", re.DOTALL)
PORTABLE_SIGN = b"SPSSPORT"
#: A member of a zip archive -> what the archive is.
MEMBERS = (("xl/workbook.xml", "Excel"), ("xl/workbook.bin", "a binary workbook"), ("word/document.xml", "Word"))
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.spreadsheet": "OpenDocument",
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text",
}
EXTENSIONS = {
    ".sav": "SPSS",
    ".zsav": "SPSS",
    ".por": "SPSS portable",
    ".dta": "Stata",
    ".sas7bdat": "SAS",
    ".xpt": "SAS transport",
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "Excel",
    ".xlsm": "Excel",
    ".ods": "OpenDocument",
    ".parquet": "Parquet",
    ".feather": "Feather",
}
SAFE = "a format that only holds data: .csv, .xlsx, .sav, .dta or .parquet"
#: Endings that are refused whatever stands in the file: what is wrong, and what to do.
REFUSED = {
    **dict.fromkeys(
        (".pkl", ".pickle", ".joblib", ".npy", ".npz"),
        (
            "files of this kind can run a program when opened, so they are not read",
            "Save the answers from Python as .csv or .parquet",
        ),
    ),
    **dict.fromkeys(
        (".rds", ".rdata", ".rda"),
        (
            "R's own files are not supported: they can run a program when opened",
            "In R, save with haven::write_sav() or write.csv()",
        ),
    ),
    ".xls": (
        "workbooks of the old Excel kind (.xls) cannot be read",
        "Open it in Excel or LibreOffice and save it as .xlsx",
    ),
    ".xlsb": ("binary workbooks (.xlsb) cannot be read", "Open it in Excel or LibreOffice and save it as .xlsx"),
}
#: Of these, the endings that programs also give to web pages and plain text, so that the content decides.
OLD_BOOKS = (".xls", ".xlsb")
#: Content that nothing is read from -> what to do. Other content that does not fit the name gets MISNAMED.
NOT_READ = {
    "a web page": "Open it in a browser or Excel and save the table as .csv or .xlsx",
    "a gzip archive": "Unpack it first, then read the file inside",
    "a zip archive": "Unpack it first, then read the file inside",
    "a 7z archive": "Unpack it first, then read the file inside",
    "a rar archive": "Unpack it first, then read the file inside",
    "an old Office file": "Open it in Excel or LibreOffice and save it as .xlsx",
    "a password-protected workbook": "Open it with the password in Excel, remove the password and save it as .xlsx",
    "a binary workbook": "Open it in Excel or LibreOffice and save it as .xlsx",
    "a PDF": "Ask for the answers as .csv or .xlsx",
}
MISNAMED = "Give the file its true ending, or export it again"
SCHEME = re.compile(r"^([a-z][a-z0-9+.-]+):/", re.IGNORECASE)


def kind(path: Path) -> str:
    """What the file is, as a key of the table of readers: "SPSS", "Stata", "text", "Excel" ...

    Raises FileError where the file is absent, empty, unknown, unsafe or not what its name says.
    """
    _must_exist(path)
    suffix = path.suffix.lower()
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise FileError("the file is empty (0 bytes)", where=path.name, remedy="Fetch or export it again")
    found = content(path, head)
    if suffix in REFUSED and (suffix not in OLD_BOOKS or found in ("an old Office file", "a binary workbook")):
        what, remedy = REFUSED[suffix]
        raise FileError(what, where=path.name, expected=SAFE, remedy=remedy)
    claimed = EXTENSIONS.get(suffix)
    if claimed is None and found in NOT_READ:
        raise FileError(f"this is {found}", where=path.name, remedy=NOT_READ[found])
    if claimed is None and suffix not in REFUSED:
        raise FileError(
            f"files ending in '{path.suffix}' cannot be read" if suffix else "the name has no ending",
            where=path.name,
            expected=", ".join(EXTENSIONS),
        )
    if found != claimed:
        raise _mismatch(path, suffix, claimed, found)
    return found


def content(path: Path, head: bytes) -> str:
    """What the bytes of a file say it is, in words.

    head  its first 4,096 bytes
    """
    found = next((name for sign, name in SIGNS if head.startswith(sign)), None)
    if found == "a zip archive":
        return _archive(path)
    if found == "an old Office file":
        return _office(path)
    if found is not None:
        return found
    if head.startswith(SAS_SIGN):
        return "SAS"
    if OLD_STATA.match(head):
        return "Stata"
    if PORTABLE_SIGN in head[:800].replace(b"\r", b"").replace(b"\n", b""):
        return "SPSS portable"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:300].lower()
    if re.match(rb"(<!--.*?-->\s*)?(<!doctype html|<html|<head|<table|<meta)", start, re.DOTALL):
        return "a web page"
    if start.startswith(b"<?xml"):
        return "a web page" if b"<html" in head.lower() else "an XML file"
    return "text" if _is_text(head) else "unknown binary data"


def _must_exist(path: Path) -> None:
    if found := SCHEME.match(path.as_posix()):
        raise FileError(
            f"this is an address ({found[1].lower()}:), not a file on this computer",
            where=str(path),
            remedy="Download it first, then give the name of the file",
        )
    if is_file(path):
        return
    if len(path.name) < 200 and path.is_dir():
        raise FileError("this is a folder", where=str(path), expected="a file of answers")
    raise FileError(
        "there is no such file",
        where=str(path),
        remedy="Check the name and the folder; a study file names it relative to itself",
    )


def _mismatch(path: Path, suffix: str, claimed: str | None, found: str) -> FileError:
    shown = "comma-separated or other text" if found == "text" else found
    says = claimed or f"an old workbook ({suffix})"
    if found == "unknown binary data" and claimed is not None:
        return FileError(
            f"the name says {claimed}, but the content is of no known kind: it is damaged, or something else",
            where=path.name,
            remedy="Copy or export it again",
        )
    if found == "a damaged zip archive":
        return FileError(
            "this file is damaged or was cut short, or is not a workbook",
            where=path.name,
            remedy="Copy or export it again",
        )
    return FileError(
        f"the name says {says}, the content is {shown}", where=path.name, remedy=NOT_READ.get(found, MISNAMED)
    )


def _archive(path: Path) -> str:
    """What a zip archive is, from its directory; nothing is unpacked but the few bytes that name a document's type."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return OPEN_DOCUMENTS.get(archive.read("mimetype").strip(), "an OpenDocument file, but no spreadsheet")
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError, zlib.error):
        return "a damaged zip archive"
    return next((kind for member, kind in MEMBERS if member in names), "a zip archive")


def _office(path: Path) -> str:
    """Excel wraps a workbook with a password into the old container, under a name in UTF-16."""
    with path.open("rb") as stream:
        start = stream.read(1_000_000)
    return "a password-protected workbook" if "EncryptedPackage".encode("utf-16-le") in start else "an old Office file"


def _is_text(head: bytes) -> bool:
    """Whether these may be the first bytes of a text; a stray NUL is left for the reader to name with its line."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    control = sum(head.count(bytes([code])) for code in range(32) if code not in (0, 9, 10, 12, 13))
    zeros = head.count(0)
    wide = zeros > len(head) // 4 and not head[::2].count(0)
    return control <= len(head) // 100 and (wide or zeros <= max(len(head) // 20, 4))
