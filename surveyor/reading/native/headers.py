"""What the headers of native files have in common: a cursor that never reads past the end, and labels as bytes."""

from __future__ import annotations

import codecs
import mmap
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from surveyor.reading.native.child import damaged
from surveyor.reading.text.encodings import looks_like_gb18030

Bytes = bytes | mmap.mmap
#: Names of encodings in native files that Python does not know -> the one that holds all of it.
ENCODINGS = {"ascii": "utf-8", "us-ascii": "utf-8"}
CHINESE = {"gb18030", "gbk", "gb2312", "big5", "big5hkscs", "hz", "cp950"}


class Broken(Exception):
    """A header that contradicts itself; the message says how, in plain words."""


@dataclass
class Cursor:
    """A place in some bytes; `order` is "<" or ">".

    >>> Cursor(b"abcd").take(2)
    b'ab'
    """

    raw: Bytes
    at: int = 0
    order: str = "<"

    def take(self, size: int) -> bytes:
        """The next bytes; raises Broken where there are fewer."""
        if size < 0 or self.at + size > len(self.raw):
            raise Broken("it was cut short, or a size in its header is wrong")
        self.at += size
        return self.raw[self.at - size : self.at]

    def number(self, form: str) -> int:
        """The next whole number in one of struct's forms ("i", "H", "q")."""
        return int(struct.unpack(self.order + form, self.take(struct.calcsize(form)))[0])

    def expect(self, tag: bytes) -> None:
        """Raises Broken unless the next bytes are `tag`."""
        if self.take(len(tag)) != tag:
            raise Broken("a part of its header is not where it should be")


@dataclass(frozen=True)
class Claims:
    """What a file says of itself before it is parsed.

    rows         as its header counts them; None where it does not
    encoding     of its text, as it declares or its version implies; None where it says nothing
    cells        rows x columns, where that was held against the size of the file
    labels       column -> its label, as bytes; `value_labels` likewise, of all columns
    weight       the column it is weighted by
    names        short name -> the column's name
    text_missing text column -> texts that stand for missing
    """

    rows: int | None = None
    encoding: str | None = None
    cells: int = 0
    labels: Mapping[str, bytes] = field(default_factory=dict)
    value_labels: tuple[bytes, ...] = ()
    weight: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    text_missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@contextmanager
def looked_into(path: Path, family: str, program: str) -> Iterator[Bytes]:
    """The bytes of a file without loading it; a Broken inside becomes a FileError that names the file."""
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            yield raw
    except Broken as error:
        raise damaged(path.name, family, str(error), program) from None
    except ValueError:  # mmap of an empty file
        raise damaged(path.name, family, "it is empty (0 bytes)", program) from None


def text(raw: bytes, encoding: str | None) -> str:
    """Text of a header in its encoding, without blanks and zeros at the end; letters that do not fit are left out."""
    return raw.partition(b"\x00")[0].decode(codec(encoding) or "latin-1", "ignore").rstrip()


def codec(encoding: str | None) -> str | None:
    """Python's name for an encoding; None where there is none.

    >>> codec("windows-936"), codec("GBK"), codec("CP65001"), codec("nonsense")
    ('gbk', 'gbk', 'utf-8', None)
    """
    if encoding is None:
        return None
    plain = encoding.lower().removeprefix("windows-").removeprefix("cp").strip()
    tried = "utf-8" if plain == "65001" else f"cp{plain}" if plain.isdigit() else ENCODINGS.get(plain, plain)
    try:
        return codecs.lookup(tried).name
    except LookupError:
        return None


def cut_labels(labels: Mapping[str, bytes], encoding: str | None) -> list[str]:
    """The columns whose label ends in the middle of a character.

    >>> cut_labels({"a": "小区".encode("gb18030"), "b": "小区".encode("gb18030")[:3]}, "gb18030")
    ['b']
    """
    name = codec(encoding)
    if name is None:
        return []
    return [column for column, label in labels.items() if _is_cut(label.rstrip(b" \x00"), name)]


def _is_cut(label: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        decoder.decode(label)
    except UnicodeDecodeError:
        return False
    return bool(decoder.getstate()[0])


def hidden_chinese(labels: Iterable[bytes], encoding: str | None) -> str | None:
    """A sample of labels that are GB18030 although the encoding says otherwise, else None.

    >>> hidden_chinese(["老旧小区".encode("gb18030")], "windows-1252")
    '老旧小区'
    """
    if codec(encoding) in CHINESE:
        return None
    found = [label.rstrip(b" \x00") for label in labels if not label.isascii()]
    if not found or (all(map(_is_utf8, found)) and codec(encoding) in (None, "utf-8")):
        return None
    samples = [looks_like_gb18030(label.decode("latin-1")) for label in found]
    seen = [sample for sample in samples if sample]
    return seen[0] if len(seen) >= 0.7 * len(samples) else None


def _is_utf8(label: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(label)
    except UnicodeDecodeError:
        return False
    return True
