"""The dictionary of an SPSS file, walked in Python before anything else touches it: a wrong one kills its parser."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from surveyor.format import count, counted
from surveyor.reading.native.headers import Broken, Bytes, Claims, Cursor, text

#: Numbers of the machine-info record -> encoding.
CODE_PAGES = {2: "ASCII", 65001: "UTF-8"}
#: Compressed data: 0 pads, 252 ends, 253 announces eight bytes as they are; all others are one cell.
SPECIAL = re.compile(rb"[\x00\xfc\xfd]")
#: The most that zlib can pack into one byte.
RATIO = 1032
#: The largest block that is unpacked to count rows (SPSS makes blocks of 4 MB), and the largest group in one.
BLOCK, GROUP = 2**28, 72


@dataclass
class Column:
    """One variable record; a text wider than eight bytes is followed by `continued` more."""

    name: bytes
    width: int
    place: int
    label: bytes = b""
    missing: tuple[bytes, ...] = ()
    continued: int = 0


@dataclass
class Dictionary:
    """All that stands before the data."""

    order: str
    compression: int
    weight: int
    rows: int
    columns: list[Column] = field(default_factory=list)
    places: int = 0
    value_labels: list[bytes] = field(default_factory=list)
    extensions: dict[int, bytes] = field(default_factory=dict)
    data: int = 0


def walk(raw: Bytes) -> Dictionary:
    """The dictionary of a .sav or .zsav; raises Broken where its parts contradict each other."""
    cursor = Cursor(raw)
    head = cursor.take(176)
    order = next((each for each in "<>" if struct.unpack(each + "i", head[64:68])[0] in (2, 3)), None)
    if order is None:
        raise Broken("the first lines of its header are not those of SPSS")
    compression, weight, rows = struct.unpack(order + "iii", head[72:84])
    if compression not in (0, 1, 2) or rows < -1:
        raise Broken("its header holds impossible numbers")
    found = Dictionary(order, compression, weight, rows)
    cursor.order = order
    while (kind := cursor.number("i")) != 999:
        if kind not in RECORDS:
            raise Broken("its dictionary holds a record of no known kind")
        RECORDS[kind](cursor, found)
    cursor.take(4)
    found.data = cursor.at
    _complete(found)
    return found


def _variable(cursor: Cursor, found: Dictionary) -> None:
    width, labelled, missing = (cursor.number("i") for _ in range(3))
    cursor.take(8)
    name = cursor.take(8).rstrip(b" \x00")
    found.places += 1
    if width == -1:
        if not found.columns:
            raise Broken("its first variable continues one that does not exist")
        found.columns[-1].continued += 1
        return
    if not 0 <= width <= 255 or labelled not in (0, 1) or abs(missing) > 3:
        raise Broken("a variable of its dictionary has an impossible width")
    column = Column(name, width, found.places)
    if labelled:
        size = cursor.number("i")
        column.label = cursor.take(size)
        cursor.take(-size % 4)
    column.missing = tuple(cursor.take(8) for _ in range(abs(missing)))
    found.columns.append(column)


def _value_labels(cursor: Cursor, found: Dictionary) -> None:
    for _ in range(_at_most(cursor, cursor.number("i"), 9)):
        cursor.take(8)
        size = cursor.take(1)[0]
        found.value_labels.append(cursor.take(size))
        cursor.take(-(size + 1) % 8)
    if cursor.number("i") != 4:
        raise Broken("value labels in it belong to no variable")
    known = {column.place for column in found.columns}
    for _ in range(_at_most(cursor, cursor.number("i"), 4)):
        if cursor.number("i") not in known:
            raise Broken("value labels in it point to a variable that does not exist")


def _document(cursor: Cursor, found: Dictionary) -> None:
    cursor.take(80 * _at_most(cursor, cursor.number("i"), 80))


def _extension(cursor: Cursor, found: Dictionary) -> None:
    subtype, size, many = (cursor.number("i") for _ in range(3))
    if size < 0 or many < 0:
        raise Broken("an extension of its dictionary has an impossible size")
    found.extensions[subtype] = cursor.take(size * many)


RECORDS = {2: _variable, 3: _value_labels, 6: _document, 7: _extension}


def _at_most(cursor: Cursor, many: int, size: int) -> int:
    """A count of things of at least `size` bytes; raises Broken where they cannot fit."""
    if not 0 <= many <= (len(cursor.raw) - cursor.at) // size:
        raise Broken("a count in its dictionary is larger than the file")
    return many


def _complete(found: Dictionary) -> None:
    """Raises Broken where texts are wider than the records that hold them, or the weight is no variable."""
    if not found.columns:
        raise Broken("its dictionary names no variables")
    for column in found.columns:
        if column.continued != max(-(-column.width // 8) - 1, 0):
            raise Broken("the width of a text variable does not fit its dictionary")
    names = {column.name: j for j, column in enumerate(found.columns)}
    for name, width in very_long(found).items():
        first = names.get(name)
        parts = -(-width // 252)
        follow = found.columns[first : first + parts] if first is not None else []
        if len(follow) != parts or any(not column.width for column in follow):
            raise Broken("a very long text of its dictionary has no room for its parts")
    if found.weight and found.weight not in {column.place for column in found.columns}:
        raise Broken("it is weighted by a variable that does not exist")


def very_long(found: Dictionary) -> dict[bytes, int]:
    """Short name -> width, of texts over 255 bytes (extension 14)."""
    pairs = [each.partition(b"=") for each in re.split(rb"[\x00\t]+", found.extensions.get(14, b"")) if each]
    if any(not width.strip().isdigit() or int(width) > 2**31 for _, _, width in pairs):
        raise Broken("a very long text of its dictionary has an impossible width")
    return {name.strip(): int(width) for name, _, width in pairs}


def claims(found: Dictionary, named: str | None) -> Claims:
    """What the dictionary says, in words; `named` is the encoding a caller asks for."""
    encoding = _encoding(found)
    used = named or encoding
    long = dict(pair.split("=", 1) for pair in text(found.extensions.get(13, b""), used).split("\t") if "=" in pair)
    names = {text(column.name, used): long.get(text(column.name, used)) for column in found.columns}
    known = {short: name or short for short, name in names.items()}
    ours = [(known[text(column.name, used)], column) for column in found.columns]
    return Claims(
        rows=None if found.rows == -1 else found.rows,
        encoding=encoding,
        cells=max(found.rows, 0) * len(found.columns),
        labels={name: column.label for name, column in ours if column.label},
        value_labels=tuple(found.value_labels),
        weight=next((name for name, column in ours if column.place == found.weight), None),
        names=known,
        text_missing={name: tuple(text(each, used) for each in column.missing) for name, column in ours if column.width}
        | _long_missing(found, used, known),
    )


def _encoding(found: Dictionary) -> str | None:
    if name := found.extensions.get(20, b"").strip(b" \x00"):
        return name.decode("ascii", "ignore")
    machine = found.extensions.get(3, b"")
    if len(machine) < 32:
        return None
    page = struct.unpack(found.order + "i", machine[28:32])[0]
    return CODE_PAGES.get(page, f"CP{page}") if page > 4 or page in CODE_PAGES else None


def _long_missing(found: Dictionary, used: str | None, known: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Missing texts of variables wider than eight bytes (extension 22)."""
    cursor = Cursor(found.extensions.get(22, b""), 0, found.order)
    told: dict[str, tuple[str, ...]] = {}
    while cursor.at < len(cursor.raw):
        name = text(cursor.take(cursor.number("i")), used)
        many = cursor.take(1)[0]
        width = cursor.number("i")
        told[known.get(name, name)] = tuple(text(cursor.take(width), used) for _ in range(many))
    return told


def bound(found: Dictionary, size: int) -> None:
    """Raises Broken at once where the rows claimed cannot fit into the bytes left, however well compressed."""
    left = size - found.data
    most = {0: left // 8, 1: left, 2: left * RATIO}[found.compression]
    if found.rows > 0 and found.compression and found.rows * found.places > most:
        raise Broken(f"its header promises {counted(found.rows, 'row')}, for which the file is too short")


def check_rows(found: Dictionary, raw: Bytes) -> list[str]:
    """Counts the rows that are there and gives warnings; raises Broken where their number is not the header's."""
    rows, rest = divmod(_cells(found, raw), found.places)
    if found.rows == -1:
        if rest:
            raise Broken(f"it ends early, inside row {count(rows + 1)} of the data")
        return ["the header gives no row count: completeness cannot be verified"]
    if rows < found.rows:
        raise Broken(f"it ends early: {count(rows)} of {counted(found.rows, 'row')}")
    if rows > found.rows:
        raise Broken(f"its header says {counted(found.rows, 'row')}, but {count(rows)} are there")
    return []


def _cells(found: Dictionary, raw: Bytes) -> int:
    """How many cells of eight bytes the data hold."""
    if found.compression == 0:
        return (len(raw) - found.data) // 8
    if found.compression == 1:
        return _groups(raw, found.data, len(raw))[0]
    cells, rest = 0, b""
    for block in _unpacked(Cursor(raw, found.data, found.order)):
        rest += block
        more, at = _groups(rest, 0, len(rest) - GROUP)
        cells, rest = cells + more, rest[at:]
    return cells + _groups(rest, 0, len(rest))[0]


def _groups(raw: Bytes, at: int, end: int) -> tuple[int, int]:
    """Cells in SPSS's simple compression, and where the first group after `end` begins.

    A group is eight codes, then eight bytes for each code that announces them.

    >>> _groups(bytes([101, 253, 101, 252, 0, 0, 0, 0]) + b"eight by", 0, 16)
    (3, 16)
    """
    cells = 0
    while at < end:
        special = SPECIAL.search(raw, at, end)
        clean = ((special.start() if special else end) - at) // 8 * 8
        cells, at = cells + clean, at + clean
        group = raw[at : at + 8]
        closing = group.find(b"\xfc")
        codes = group if closing < 0 else group[:closing]
        at += len(group) + 8 * codes.count(b"\xfd")
        cells += len(codes) - codes.count(b"\x00")
        if closing >= 0:
            return cells - _lacking(at, len(raw)), len(raw)
        if not group:
            break
    return cells - _lacking(at, len(raw)), at


def _lacking(at: int, size: int) -> int:
    """How many of the last cells are not whole, where the next group would begin past the end."""
    return max(-(-(at - size) // 8), 0)


def _unpacked(cursor: Cursor) -> Iterator[bytes]:
    """The compressed cells of a .zsav, block by block."""
    start = cursor.at
    header, trailer, size = (cursor.number("q") for _ in range(3))
    if header != start or not 0 < trailer <= len(cursor.raw) - size:
        raise Broken("it ends early: its table of compressed blocks is not there")
    cursor.at = trailer + 20
    blocks = cursor.number("i")
    if not 0 <= blocks <= (size - 24) // 24:
        raise Broken("its table of compressed blocks is damaged")
    for _ in range(blocks):
        _, place, length, packed = (cursor.number(form) for form in "qqii")
        if min(place, length, packed) < 0 or place + packed > trailer or length > min(packed * RATIO, BLOCK):
            raise Broken("a compressed block of it is damaged")
        try:
            block = zlib.decompressobj().decompress(cursor.raw[place : place + packed], length + 1)
        except zlib.error:
            block = b""
        if len(block) != length:
            raise Broken("a compressed block of it is damaged")
        yield block
