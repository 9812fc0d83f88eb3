"""The header of a Stata file, walked in Python first: counts and label sets held against the bytes that are there."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from surveyor.format import count, counted
from surveyor.reading.native.headers import Broken, Bytes, Claims, Cursor, text


@dataclass(frozen=True)
class Layout:
    """How wide the parts of one release are, in bytes; `wide` is the form of the number of rows."""

    name: int
    format: int
    set_name: int
    label: int
    file_label: int
    variables: str = "H"
    wide: str = "I"
    padding: int = 3


OLDEST = Layout(name=9, format=12, set_name=9, label=32, file_label=32)
R108 = Layout(name=9, format=12, set_name=9, label=81, file_label=81)
R110 = Layout(name=33, format=12, set_name=33, label=81, file_label=81)
R114 = Layout(name=33, format=49, set_name=33, label=81, file_label=81)
R117 = Layout(name=33, format=49, set_name=33, label=81, file_label=1)
R118 = Layout(name=129, format=57, set_name=129, label=321, file_label=2, wide="Q")
R119 = Layout(name=129, format=57, set_name=129, label=321, file_label=2, variables="I", wide="Q")
LAYOUTS = {
    105: OLDEST, 106: OLDEST, 107: OLDEST, 108: R108, 109: R108,
    110: R110, 111: R110, 112: R110, 113: R110, 114: R114, 115: R114,
    117: R117, 118: R118, 119: R119,
}  # fmt: skip
#: Type codes -> bytes, before release 111, up to 115, and since.
LETTERS = {ord("b"): 1, ord("i"): 2, ord("l"): 4, ord("f"): 4, ord("d"): 8}
NUMBERS = {251: 1, 252: 2, 253: 4, 254: 4, 255: 8}
WORDS = {65530: 1, 65529: 2, 65528: 4, 65527: 4, 65526: 8, 32768: 8}


@dataclass(frozen=True)
class Header:
    """The columns of a Stata file and where its data stand."""

    release: int
    rows: int
    widths: tuple[int, ...]
    names: tuple[bytes, ...]
    formats: tuple[bytes, ...]
    sets: tuple[bytes, ...]
    labels: tuple[bytes, ...]
    whole: bool
    value_labels: tuple[tuple[bytes, tuple[bytes, ...]], ...]


def walk(raw: Bytes) -> Header:
    """The header and value labels of a .dta; raises Broken where it was cut or contradicts itself."""
    if raw[:11] == b"<stata_dta>":
        return _tagged(Cursor(raw, 11))
    return _plain(Cursor(raw))


def _plain(cursor: Cursor) -> Header:
    """Releases 105 to 115: no marks, everything at its place."""
    release, order, _, _ = cursor.take(4)
    if release not in LAYOUTS or release > 115 or order not in (1, 2):
        raise Broken("its first bytes are not those of Stata, or of a version before Stata 5")
    cursor.order = "<" if order == 2 else ">"
    layout = LAYOUTS[release]
    columns, rows = _some(cursor.number("H")), cursor.number("I")
    cursor.take(layout.file_label + 18)
    types = cursor.take(columns)
    names = _split(cursor, columns, layout.name)
    cursor.take(2 * (columns + 1))
    formats = _split(cursor, columns, layout.format)
    sets = _split(cursor, columns, layout.set_name)
    labels = _split(cursor, columns, layout.label)
    _skip_notes(cursor, "I" if release >= 110 else "H")
    widths = tuple(_width(each, LETTERS if release < 111 else NUMBERS, 127 if release < 111 else 0) for each in types)
    _fits(rows, sum(widths), len(cursor.raw) - cursor.at)
    cursor.at += rows * sum(widths)
    found = tuple(_old_sets(cursor, layout)) if release >= 108 else ()
    header = Header(release, rows, widths, names, formats, sets, labels, release < 108, found)
    absent = _absent(header)
    if absent and release >= 108:
        raise Broken(f"it ends early: {counted(len(absent), 'set')} of value labels named in it are not there")
    return header


def _tagged(cursor: Cursor) -> Header:
    """Releases 117 to 119: every part between marks, and a map that says where each begins."""
    cursor.expect(b"<header><release>")
    digits = cursor.take(3)
    release = int(digits) if digits.isdigit() else 0
    if release not in (117, 118, 119):
        raise Broken("its version is not known here")
    layout = LAYOUTS[release]
    cursor.expect(b"</release><byteorder>")
    cursor.order = ">" if cursor.take(3) == b"MSF" else "<"
    cursor.expect(b"</byteorder><K>")
    columns = _some(cursor.number(layout.variables))
    cursor.expect(b"</K><N>")
    rows = cursor.number(layout.wide)
    cursor.expect(b"</N><label>")
    cursor.take(cursor.number("B" if layout.file_label == 1 else "H"))
    cursor.expect(b"</label><timestamp>")
    cursor.take(cursor.number("B"))
    cursor.expect(b"</timestamp></header><map>")
    places = struct.unpack(cursor.order + "14Q", cursor.take(112))
    if places[13] > len(cursor.raw) or places[12] > len(cursor.raw):
        raise Broken(f"it ends early: {count(len(cursor.raw))} of {counted(places[13], 'byte')}")
    part = _Parts(cursor, places)
    types = [struct.unpack(cursor.order + "H", each)[0] for each in part.split(2, b"<variable_types>", columns, 2)]
    widths = tuple(_width(each, WORDS, 0) for each in types)
    names = part.split(3, b"<varnames>", columns, layout.name)
    formats = part.split(5, b"<formats>", columns, layout.format)
    sets = part.split(6, b"<value_label_names>", columns, layout.set_name)
    # Stata 13 leaves the place of the labels at zero; they follow at once.
    labels = part.split(None, b"<variable_labels>", columns, layout.label)
    part.open(9, b"<data>")
    _fits(rows, sum(widths), len(cursor.raw) - cursor.at)
    cursor.at += rows * sum(widths)
    cursor.expect(b"</data>")
    part.open(11, b"<value_labels>")
    found = tuple(_new_sets(cursor, layout))
    cursor.expect(b"</value_labels>")
    return Header(release, rows, widths, names, formats, sets, labels, True, found)


@dataclass(frozen=True)
class _Parts:
    """The parts of a tagged file, found by its map."""

    cursor: Cursor
    places: tuple[int, ...]

    def open(self, part: int, tag: bytes) -> None:
        self.cursor.at = self.places[part]
        self.cursor.expect(tag)

    def split(self, part: int | None, tag: bytes, many: int, width: int) -> tuple[bytes, ...]:
        if part is None:
            self.cursor.expect(tag)
        else:
            self.open(part, tag)
        found = _split(self.cursor, many, width, whole=width == 2)
        self.cursor.expect(tag.replace(b"<", b"</"))
        return found


def _split(cursor: Cursor, many: int, width: int, *, whole: bool = False) -> tuple[bytes, ...]:
    """Fields of one width; each ends at its first zero byte unless it is wanted whole."""
    block = cursor.take(many * width)
    fields = (block[start : start + width] for start in range(0, len(block), width))
    return tuple(fields) if whole else tuple(each.partition(b"\x00")[0] for each in fields)


def _width(kind: int, known: dict[int, int], base: int) -> int:
    if kind in known:
        return known[kind]
    if not 0 < kind - base <= 2045:
        raise Broken("a variable has a type that is not known")
    return kind - base


def _some(columns: int) -> int:
    if not columns:
        raise Broken("its header names no variables")
    return columns


def _fits(rows: int, width: int, left: int) -> None:
    if rows * width > left:
        there = left // width if width else 0
        raise Broken(f"it ends early: {count(there)} of {counted(rows, 'row')}")


def _skip_notes(cursor: Cursor, wide: str) -> None:
    """Notes and other characteristics: a kind, a size, that many bytes; the last of both is zero."""
    while True:
        kind, size = cursor.number("B"), cursor.number(wide)
        cursor.take(size)
        if kind == size == 0:
            return


def _old_sets(cursor: Cursor, layout: Layout) -> list[tuple[bytes, tuple[bytes, ...]]]:
    found = []
    while len(cursor.raw) - cursor.at >= 4:
        found.append(_one_set(cursor, layout))
    return found


def _new_sets(cursor: Cursor, layout: Layout) -> list[tuple[bytes, tuple[bytes, ...]]]:
    found = []
    while cursor.raw[cursor.at : cursor.at + 5] == b"<lbl>":
        cursor.take(5)
        found.append(_one_set(cursor, layout))
        cursor.expect(b"</lbl>")
    return found


def _one_set(cursor: Cursor, layout: Layout) -> tuple[bytes, tuple[bytes, ...]]:
    """The name of a set of value labels, and its labels."""
    size = cursor.number("I")
    name = cursor.take(layout.set_name).partition(b"\x00")[0]
    cursor.take(layout.padding)
    table = Cursor(cursor.take(size), 0, cursor.order)
    many, length = table.number("I"), table.number("I")
    if 8 + 8 * many + length > size:
        raise Broken("a set of its value labels is damaged")
    table.take(8 * many)
    return name, tuple(each for each in table.take(length).split(b"\x00") if each)


def _absent(header: Header) -> set[bytes]:
    """Sets of value labels that variables name and the file does not hold."""
    return {name for name in header.sets if name} - {name for name, _ in header.value_labels}


def claims(header: Header, named: str | None) -> Claims:
    """What the header says, in words; `named` is the encoding a caller asks for."""
    encoding = "UTF-8" if header.release >= 118 else "windows-1252"
    names = [text(name, named or encoding) for name in header.names]
    dangling = _absent(header) if header.release >= 108 else set()
    return Claims(
        rows=header.rows,
        encoding=encoding,
        cells=header.rows * len(header.widths),
        labels={name: label for name, label in zip(names, header.labels, strict=True) if label},
        names={name: name for name in names},
        value_labels=tuple(label for _, labels in header.value_labels for label in labels),
        warnings=(f"{counted(len(dangling), 'set')} of value labels named in the file are not in it",)
        if dangling
        else (),
    )
