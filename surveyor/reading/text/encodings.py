"""Bytes to text: which encoding was taken, how that was decided, and what looks wrong about it."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from surveyor.errors import FileError
from surveyor.format import counted

#: First bytes that name the encoding. Python's utf-16 reads and drops the mark itself.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Names people give -> the encoding that holds all of it.
WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "936": "gb18030", "ms936": "gb18030"}
#: A share of common characters under which a reading is doubtful, and one under which it is not believed.
DOUBTFUL, UNBELIEVED = 0.9, 0.2
#: A share of private-use characters above which a reading is doubtful.
PRIVATE = 0.005
#: Bytes looked at for a judgement; the strict decoding always takes all of them.
LOOKED_AT = 2_000_000


@dataclass(frozen=True)
class Decoded:
    """The text of a file as UTF-8 bytes without a mark, and how it became text.

    encoding  its name, in small letters
    how       in words: "named by the caller", "by its mark", "detected"
    sample    a word of the first line that is not ASCII ("" where there is none)
    """

    utf8: bytes
    encoding: str
    how: str
    sample: str = ""
    warnings: tuple[str, ...] = ()


def looks_like_gb18030(text: str) -> str | None:
    """A repaired sample of Chinese text that was read as Latin-1 or Windows-1252, else None.

    text  labels or headers, best several of them joined

    >>> looks_like_gb18030("ÀÏ¾ÉÐ¡Çø"), looks_like_gb18030("très élevée")
    ('老旧小区', None)
    """
    if sum("\x80" <= letter <= "\xff" for letter in text) < 2:
        return None
    raw = _latin_bytes(text)
    if raw is None:
        return None
    for cut in (raw, raw[:-1]):  # a label may be cut in the middle of a character
        try:
            repaired = cut.decode("gb18030")
        except UnicodeDecodeError:
            continue
        han = [letter for letter in repaired if _is_han(letter)]
        if len(han) >= 2 and _common_gb(repaired) >= 0.7:
            return _word(repaired)
        return None
    return None


def decode(raw: bytes, named: str | None, file: str) -> Decoded:
    """The bytes of a text file as UTF-8, by name, by mark, or by trying UTF-8, GB18030 and Windows-1252 in turn.

    Raises FileError where the named encoding is unknown or does not fit, and where no single one fits all lines.
    """
    if named is not None:
        return _named(raw, named, file)
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            text = _strict(raw, encoding, file)
            return Decoded(text, encoding.removesuffix("-sig"), "by its mark", sample(text))
    if _is_utf16(raw):
        text = _strict(raw, "utf-16-le", file)
        return Decoded(text, "utf-16-le", "detected", sample(text))
    if raw.isascii():
        return Decoded(raw, "utf-8", "plain ASCII")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(raw, file)
    return Decoded(raw, "utf-8", "detected", sample(raw))


def sample(utf8: bytes) -> str:
    """A word of the first line, at most 20 characters, that is not ASCII: headers may be shown, answers may not."""
    return _word(utf8[:100_000].partition(b"\n")[0].decode("utf-8", "ignore"))


def _named(raw: bytes, named: str, file: str) -> Decoded:
    wanted = named.lower().replace("_", "-").strip()
    wanted = WIDER.get(wanted, wanted)
    for mark, encoding in MARKS:
        if raw.startswith(mark) and encoding.removesuffix("-sig") == wanted:
            wanted = encoding
    try:
        if not codecs.lookup(wanted)._is_text_encoding:
            raise LookupError(named)
    except LookupError:
        raise FileError(
            f"there is no encoding called '{named}'",
            where=file,
            expected='for example "utf-8", "gb18030", "big5", "cp1252" or "utf-16"',
        ) from None
    text = _strict(raw, wanted, file)
    return Decoded(text, wanted.removesuffix("-sig"), "named by the caller", sample(text))


def _strict(raw: bytes, encoding: str, file: str) -> bytes:
    """All of it or an error with the line: characters are never replaced."""
    try:
        return raw.decode(encoding).encode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(encoding, "ignore")
        raise FileError(
            f"this is not {encoding.removesuffix('-sig').upper()} text",
            where=f"{file}, line {before.count(chr(10)) + 1}",
            remedy='Save the file as UTF-8, or name its encoding, for example encoding="gb18030"',
        ) from None
    except UnicodeEncodeError:
        raise FileError("the text holds halves of characters", where=file, remedy="Save the file as UTF-8") from None


def _not_utf8(raw: bytes, file: str) -> Decoded:
    """Text that is not UTF-8: GB18030 where it is plausible, else Windows-1252, never half one and half another."""
    try:
        text: str | None = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = None
    _one_encoding(raw, file, chinese=text is not None)
    if text is not None:
        common, big5 = _common_gb(text[:LOOKED_AT]), _common_big5(raw)
        utf8 = text.encode("utf-8")
        if common >= DOUBTFUL and _share(text[:LOOKED_AT], _is_private) <= PRIVATE:
            return Decoded(utf8, "gb18030", "detected: not UTF-8, and valid GB18030 of common characters", sample(utf8))
        if common >= UNBELIEVED or big5 >= DOUBTFUL:
            if big5 >= DOUBTFUL:
                raise _either(raw, file)
            return Decoded(utf8, "gb18030", "detected, with doubt", sample(utf8), (_doubt(text),))
    for encoding in ("cp1252", "latin-1"):
        try:
            utf8 = raw.decode(encoding).encode("utf-8")
        except UnicodeDecodeError:
            continue
        return Decoded(utf8, encoding, "a guess: neither UTF-8 nor GB18030", sample(utf8), (_guess(encoding, utf8),))
    raise AssertionError("every byte is Latin-1")


def _either(raw: bytes, file: str) -> FileError:
    first = raw.partition(b"\n")[0]
    shown = {name: _word(first.decode(name, "ignore")) for name in ("gb18030", "big5")}
    seen = (
        f'encoding="{name}"' + (f" (the first line then reads '{word}')" if word else "")
        for name, word in shown.items()
    )
    return FileError(
        "whether this text is GB18030 or Big5 cannot be told: many of its characters would be rare in GB18030",
        where=file,
        remedy=f"Name the encoding: {' or '.join(seen)}; or save the file as UTF-8",
    )


def _doubt(text: str) -> str:
    private = sum(_is_private(letter) for letter in text[:LOOKED_AT])
    says = "the text was read as GB18030, but many of its characters are rare"
    if private:
        says += f" ({counted(private, 'private-use character')})"
    shown = _word(text[:100_000].partition("\n")[0])
    return says + (f"; the first line reads '{shown}'" if shown else "") + ". If that is wrong, name its encoding="


def _guess(encoding: str, utf8: bytes) -> str:
    name = {"cp1252": "Windows-1252", "latin-1": "Latin-1"}[encoding]
    shown = sample(utf8)
    line = next((i for i, each in enumerate(utf8.split(b"\n"), start=1) if not each.isascii()), 1)
    seen = f"the first line then reads '{shown}'" if shown else f"look at line {line}"
    return f"the text is neither UTF-8 nor GB18030 and was read as {name}: {seen}. If that is wrong, name its encoding="


def _one_encoding(raw: bytes, file: str, *, chinese: bool) -> None:
    """Raises FileError where some lines are UTF-8 and others are not."""
    utf8 = other = None
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.isascii():
            continue
        if _is_utf8_line(line, chinese):
            utf8 = utf8 or number
        else:
            other = other or number
        if utf8 and other:
            later, first = (other, "UTF-8") if other > utf8 else (utf8, "another encoding")
            second = "another encoding" if first == "UTF-8" else "UTF-8"
            raise FileError(
                f"two encodings in one file: {first} above, {second} here",
                where=f"{file}, line {later}",
                remedy="Parts of it come from files of two encodings: save each as UTF-8 and join them again",
            )


def _is_utf8_line(line: bytes, chinese: bool) -> bool:
    """Whether a line can only be UTF-8. Two-byte letters prove nothing where GB18030 fits too (女 is one)."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not chinese or not any("\x80" <= letter < "\u0800" for letter in text)


def _is_utf16(raw: bytes) -> bool:
    """Whether every second byte of the beginning is mostly zero: UTF-16 without a mark."""
    head = raw[:4000]
    return len(head) > 3 and head[1::2].count(0) > len(head) // 4 and not head[::2].count(0)


def _latin_bytes(text: str) -> bytes | None:
    """The bytes that were misread, letter by letter: Windows-1252 leaves five of them undefined."""
    parts = []
    for letter in text:
        try:
            parts.append(letter.encode("cp1252"))
        except UnicodeEncodeError:
            if letter > "\xff":
                return None
            parts.append(letter.encode("latin-1"))
    return b"".join(parts)


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff"


def _is_private(letter: str) -> bool:
    return "\ue000" <= letter <= "\uf8ff"


def _common_gb(text: str) -> float:
    """The share of characters outside ASCII that stand in GB2312's rows of signs and common Han."""
    return _share(text, _is_common_gb)


def _is_common_gb(letter: str) -> bool:
    pair = letter.encode("gb18030", "ignore")
    if len(pair) != 2 or pair[1] < 0xA1:
        return False
    return 0xA1 <= pair[0] <= 0xA3 or 0xB0 <= pair[0] <= 0xF7


def _common_big5(raw: bytes) -> float:
    """The same share for a reading as Big5, 0 where that is impossible."""
    try:
        text = raw.decode("big5")
    except UnicodeDecodeError:
        return 0.0
    return _share(text[:LOOKED_AT], lambda letter: 0xA1 <= letter.encode("big5", "ignore")[0] <= 0xC6)


def _share(text: str, wanted: Callable[[str], bool]) -> float:
    """The share of characters outside ASCII that are wanted; 0 where there are none."""
    counts = Counter(letter for letter in text if letter >= "\x80")
    return sum(n for letter, n in counts.items() if wanted(letter)) / max(counts.total(), 1)


def _word(text: str) -> str:
    """The first word with a character outside ASCII, at most 20 characters."""
    words = re.split(r"[\s,;|\"'=，；]+", text)
    return next((word[:20] for word in words if not word.isascii()), "")
