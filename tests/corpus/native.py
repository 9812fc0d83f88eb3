"""Bad and awkward native files (.sav, .zsav, .por, .dta, .xpt), made when a test runs: a literal table.

Good files are written by pyreadstat, old Stata files by hand; damage is done to their bytes.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyreadstat

from surveyor.reading.answers import Ask

ROWS = 24
GB = Ask(encoding="gb18030")
#: A label, and a stand-in of as many bytes that other programs write for us.
HAN, STAND_IN = "老旧小区".encode("gb18030"), b"ABCDEFGH"
Q1 = [float(i % 5 + 1) for i in range(ROWS)]
UNVERIFIED = "completeness cannot be verified"


@dataclass(frozen=True)
class Native:
    """A file and what must come of it; `make` gives its bytes.

    words   all of them stand in the message, or in one of the warnings, entries or the encoding of the log
    cells   column -> its cells, None where missing; further fields are compared as they are
    """

    name: str
    make: Callable[[], bytes]
    outcome: str
    words: tuple[str, ...] = ()
    cells: Mapping[str, Sequence[float | str | None]] = field(default_factory=dict)
    ask: Ask = field(default_factory=Ask)
    missing: Mapping[str, set[float]] | None = None
    values: Mapping[str, Mapping[float, str]] | None = None
    labels: Mapping[str, str] | None = None
    weight: str | None = None


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"R{i:03d}" for i in range(ROWS)],
            "q1": Q1,
            "q2": [float(i % 2) for i in range(ROWS)],
            "income": [1000.5 * i for i in range(ROWS)],
        }
    )


def written(write: Callable, name: str, frame: pd.DataFrame, **options: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(frame, str(path), **options)
        return path.read_bytes()


def sav(frame: pd.DataFrame | None = None, **options: object) -> bytes:
    options = {"column_labels": {"q1": STAND_IN.decode()}, "variable_value_labels": {"q1": {1: "one"}}} | options
    return written(pyreadstat.write_sav, "a.sav", people() if frame is None else frame, **options)


def por(frame: pd.DataFrame | None = None, **options: object) -> bytes:
    return written(pyreadstat.write_por, "a.por", people() if frame is None else frame, **options)


def dta(frame: pd.DataFrame | None = None, version: int = 15, **options: object) -> bytes:
    options = {"column_labels": {"q1": STAND_IN.decode()}, "variable_value_labels": {"q1": {1: "one"}}} | options
    return written(pyreadstat.write_dta, "a.dta", people() if frame is None else frame, version=version, **options)


def xpt(version: int, frame: pd.DataFrame | None = None) -> bytes:
    frame = people() if frame is None else frame
    return written(pyreadstat.write_xport, "a.xpt", frame, file_format_version=version)


def old_dta(release: int, order: str = "<", labelled: bool = True, han: bytes = b"label") -> bytes:
    """A Stata file of release 105 to 115: two columns (a byte with value labels, a text), three rows."""
    name, shown = (9 if release < 110 else 33), (12 if release < 114 else 49)
    label = 32 if release < 108 else 81
    kinds = b"b\x84" if release < 111 else bytes([251, 5])
    out = struct.pack(order + "BBBxHI", release, 1 if order == ">" else 2, 1, 2, 3)
    out += bytes(label) + b"24 Nov 2026 10:00".ljust(18, b"\0") + kinds
    out += b"".join(each.ljust(name, b"\0") for each in (b"q", b"t")) + bytes(6)
    out += b"".join(each.ljust(shown, b"\0") for each in (b"%8.0g", b"%5s"))
    out += b"".join(each.ljust(name, b"\0") for each in (b"yn" if labelled else b"", b""))
    out += b"".join(each.ljust(label, b"\0") for each in (han, b""))
    out += bytes(5 if release >= 110 else 3)
    out += b"".join(struct.pack("b", q) + t.ljust(5, b"\0") for q, t in ((1, b"a"), (2, b"bc"), (1, b"")))
    if labelled and release >= 108:
        text = b"yes\0no\0"
        table = struct.pack(order + "II2I2I", 2, len(text), 0, 4, 1, 2) + text
        out += struct.pack(order + "I", len(table)) + b"yn".ljust(9 if release == 108 else 33, b"\0") + bytes(3) + table
    return out


def patched(raw: bytes, at: int, form: str, value: int) -> bytes:
    size = struct.calcsize("<" + form)
    return raw[:at] + struct.pack("<" + form, value) + raw[at + size :]


def rows(raw: bytes, claimed: int) -> bytes:
    """A .sav that claims another number of rows."""
    return patched(raw, 80, "i", claimed)


def group(raw: bytes, place: int) -> bytes:
    """A .sav whose value labels point to another variable."""
    at = raw.index(struct.pack("<ii", 4, 1)) + 8
    return patched(raw, at, "i", place)


def declares(raw: bytes, encoding: bytes, page: int) -> bytes:
    """A .sav that declares another encoding than the UTF-8 it was written in."""
    before = struct.pack("<iiii", 7, 20, 1, 5) + b"UTF-8"
    assert before in raw
    raw = raw.replace(before, struct.pack("<iiii", 7, 20, 1, len(encoding)) + encoding)
    machine = raw.index(struct.pack("<iiii", 7, 3, 4, 8)) + 16 + 28
    return patched(raw, machine, "i", page)


def chinese(raw: bytes, label: bytes = HAN) -> bytes:
    assert STAND_IN in raw
    return raw.replace(STAND_IN, label)


def tagged(tags: Sequence[float | str | None], **options: object) -> bytes:
    """A .dta with tagged missing answers in an integer column."""
    frame = pd.DataFrame({"x": pd.Series(list(tags), dtype=object)})
    found = sorted({tag for tag in tags if isinstance(tag, str)})
    return written(pyreadstat.write_dta, "a.dta", frame, missing_user_values={"x": found}, **options)


def numbers(frame: dict[str, list[object]], **options: object) -> bytes:
    return written(pyreadstat.write_sav, "a.sav", pd.DataFrame(frame), **options)


def dates() -> bytes:
    """Seconds since 1582 shown as days, one of them beyond the year 9999."""
    seconds = [13744944000.0, 6.2e12, None]
    return numbers({"day": seconds, "q": [1.0, 2, 3]}, variable_format={"day": "DATE11"})


ERRORS: dict[str, tuple[str, Callable[[], bytes], tuple[str, ...]]] = {
    "sav_zero_bytes": ("a.sav", bytes, ("empty (0 bytes)",)),
    "dta_zero_bytes": ("a.dta", bytes, ("empty (0 bytes)",)),
    "sav_half": ("a.sav", lambda: sav()[: len(sav()) // 2], ("SPSS", "damaged")),
    "sav_last_row_cut": ("a.sav", lambda: sav()[:-8], ("ends early: 23 of 24 rows",)),
    "sav_whole_rows_lost": ("a.sav", lambda: sav()[: -4 * 32], ("ends early: 20 of 24 rows",)),
    "sav_rle_half": ("a.sav", lambda: sav(row_compress=True)[:-200], ("ends early:", "of 24 rows")),
    "sav_row_unfinished": ("a.sav", lambda: rows(sav(), -1)[:-8], ("ends early, inside row 24",)),
    "sav_rows_overstated": ("a.sav", lambda: rows(sav(), 2 * 10**9), ("ends early: 24 of 2,000,000,000 rows",)),
    "sav_rle_overstated": ("a.sav", lambda: rows(sav(row_compress=True), 2 * 10**9), ("promises 2,000,000,000 rows",)),
    "sav_rows_understated": ("a.sav", lambda: rows(sav(), 3), ("says 3 rows, but 24 are there",)),
    "sav_rle_understated": ("a.sav", lambda: rows(sav(row_compress=True), 3), ("says 3 rows, but 24 are there",)),
    "zsav_understated": ("a.zsav", lambda: rows(sav(compress=True), 3), ("says 3 rows, but 24 are there",)),
    "zsav_overstated": ("a.zsav", lambda: rows(sav(compress=True), 25), ("ends early: 24 of 25 rows",)),
    "sav_crash_group_zero": ("a.sav", lambda: group(sav(), 0), ("point to a variable that does not exist",)),
    "sav_crash_group_minus": ("a.sav", lambda: group(sav(), -1), ("point to a variable that does not exist",)),
    "sav_crash_group_large": ("a.sav", lambda: group(sav(), 99), ("point to a variable that does not exist",)),
    "sav_crash_width": ("a.sav", lambda: patched(sav(), 180, "i", 128), ("width of a text variable",)),
    "zsav_half": ("a.zsav", lambda: sav(compress=True)[:-40], ("SPSS", "damaged", "ends early")),
    "zsav_bad_block": ("a.zsav", lambda: bad_block(sav(compress=True)), ("compressed block", "damaged")),
    "por_half": ("a.por", lambda: por()[: len(por()) // 2], ("SPSS portable", "damaged")),
    "dta_half": ("a.dta", lambda: dta()[: len(dta()) // 2], ("Stata", "ends early")),
    "dta_117_half": ("a.dta", lambda: dta(version=13)[:-600], ("Stata", "ends early")),
    "dta_114_last_rows_lost": ("a.dta", lambda: old_dta(114, labelled=False)[:-7], ("ends early: 1 of 3 rows",)),
    "dta_labels_cut": ("a.dta", lambda: old_dta(114)[:-10], ("damaged", "cut short")),
    "dta_labels_lost": ("a.dta", lambda: old_dta(114)[: -len(OLD_LABELS)], ("1 set of value labels", "not there")),
    "dta_118_labels_cut": ("a.dta", lambda: dta()[:-30], ("ends early", "bytes")),
    "dta_114_rows_huge": ("a.dta", lambda: patched(old_dta(114), 6, "I", 2 * 10**9), ("of 2,000,000,000 rows",)),
    "dta_118_rows_huge": ("a.dta", lambda: rows_118(2 * 10**9), ("of 2,000,000,000 rows",)),
    "sas_junk": ("a.sas7bdat", lambda: SAS_SIGN + bytes(range(256)) * 8, ("SAS file is damaged",)),
    "xpt_junk": ("a.xpt", lambda: xpt(5)[:400], ("SAS transport file is damaged",)),
    "csv_named_sav": ("a.sav", lambda: b"id,q1\n1,2\n", ("SPSS", "text")),
    "sav_named_dta": ("a.dta", sav, ("Stata", "SPSS")),
    "sav_gbk_says_utf8": ("a.sav", lambda: chinese(sav()), ("damaged", 'encoding="gb18030"', "老旧小区")),
    "sav_no_rows": ("a.sav", lambda: sav(people()[:0]), ("no rows",)),
}

#: The value labels at the end of `old_dta(114)`.
OLD_LABELS = bytes(4 + 33 + 3 + 24 + 7)
SAS_SIGN = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")


def bad_block(raw: bytes) -> bytes:
    """A .zsav with some bytes of its first compressed block changed."""
    at = raw.index(struct.pack("<ii", 999, 0)) + 8 + 24
    return raw[: at + 20] + b"\xff" * 12 + raw[at + 32 :]


def rows_118(claimed: int) -> bytes:
    raw = dta()
    return patched(raw, raw.index(b"<N>") + 3, "Q", claimed)


CASES: dict[str, Native] = {
    **{name: Native(file, make, "error", words) for name, (file, make, words) in ERRORS.items()},
    "sav_ok": Native(
        "a.sav", sav, "right", ("UTF-8",), {"q1": Q1, "id": [f"R{i:03d}" for i in range(ROWS)]},
        values={"q1": {1.0: "one"}}, labels={"q1": "ABCDEFGH"},
    ),
    "sav_rle_ok": Native("a.sav", lambda: sav(row_compress=True), "right", (), {"q1": Q1}),
    "zsav_ok": Native("a.zsav", lambda: sav(compress=True), "right", (), {"q1": Q1}),
    "sav_rows_unknown": Native("a.sav", lambda: rows(sav(), -1), "warning", (UNVERIFIED,), {"q1": Q1}),
    "sav_rows_unknown_cut": Native(
        "a.sav", lambda: rows(sav(), -1)[: -4 * 32], "warning", (UNVERIFIED,), {"q1": Q1[:20]}
    ),
    "sav_rle_rows_unknown": Native("a.sav", lambda: rows(sav(row_compress=True), -1), "warning", (UNVERIFIED,)),
    "sav_gbk": Native(
        "a.sav", lambda: declares(chinese(sav()), b"GBK", 936), "right", ("GBK",), labels={"q1": "老旧小区"}
    ),
    "sav_gbk_says_latin1": Native(
        "a.sav", lambda: declares(chinese(sav()), b"windows-1252", 1252), "warning",
        ('encoding="gb18030"', "'老旧小区'", "windows-1252"),
    ),
    "sav_gbk_says_latin1_asked": Native(
        "a.sav", lambda: declares(chinese(sav()), b"windows-1252", 1252), "right", ("gb18030, named by the caller",),
        labels={"q1": "老旧小区"}, ask=GB,
    ),
    "sav_gbk_says_utf8_asked": Native(
        "a.sav", lambda: chinese(sav()), "right", ("gb18030",), labels={"q1": "老旧小区"}, ask=Ask(encoding="GBK")
    ),
    "sav_western": Native(
        "a.sav", lambda: declares(chinese(sav(), "très âgé".encode("cp1252")), b"windows-1252", 1252), "right", (),
        labels={"q1": "très âgé"},
    ),
    "dta_114_gbk": Native(
        "a.dta", lambda: old_dta(114, han=HAN), "warning", ('encoding="gb18030"', "'老旧小区'"), {"q": [1, 2, 1]}
    ),
    "dta_114_gbk_asked": Native(
        "a.dta", lambda: old_dta(114, han=HAN), "right", (), {"q": [1, 2, 1]}, ask=GB, labels={"q": "老旧小区"}
    ),
    "dta_114_label_cut": Native(
        "a.dta", lambda: old_dta(114, han=HAN[:-1]), "warning", ("middle of a character", "q"), ask=GB,
        labels={"q": "老旧小"},
    ),
    "dta_118_label_cut": Native(
        "a.dta", lambda: chinese(dta(), "老旧小".encode()[:-1]), "warning", ("middle of a character", "q1"),
        {"q1": Q1}, labels={"q1": "老旧"},
    ),
    "sav_label_cut": Native(
        "a.sav", lambda: chinese(sav(), "老旧小".encode()[:-1]), "warning", ("middle of a character", "q1"),
        {"q1": Q1}, labels={"q1": "老旧"},
    ),
    "sav_far_date": Native(
        "a.sav", dates, "warning", ("day", "1 date outside the years 1 to 9999"),
        {"day": ["2018-05-06", None, None], "q": [1, 2, 3]},
    ),
    "sav_long_number": Native(
        "a.sav", lambda: numbers({"cid": [123456789012345678.0, 1.0]}), "warning", ("cid", "digits are already lost")
    ),
    "sav_long_text_id": Native(
        "a.sav", lambda: numbers({"cid": ["1234567890123456789012345", "0001"]}), "right", (),
        {"cid": ["1234567890123456789012345", "0001"]},
    ),
    "sav_user_missing": Native(
        "a.sav",
        lambda: numbers(
            {"x": [1.0, 97, 98, 99, None]},
            missing_ranges={"x": [{"lo": 97, "hi": 99}]},
            variable_value_labels={"x": {1: "yes", 97: "refused", 98: "don't know"}},
        ),
        "right", (), {"x": [1, 97, 98, 99, None]}, missing={"x": {97, 98, 99}},
        values={"x": {1: "yes", 97: "refused", 98: "don't know"}},
    ),
    "sav_string_missing": Native(
        "a.sav", lambda: numbers({"t": ["a", "Z", "b"]}, missing_ranges={"t": ["Z"]}), "right",
        ("t: 1 text declared missing in the file -> missing, 1 cell",), {"t": ["a", None, "b"]}, missing={},
    ),
    "sav_text_labels": Native(
        "a.sav", lambda: numbers({"t": ["a", "b"]}, variable_value_labels={"t": {"a": "first"}}), "right",
        ("labels of text answers and dates are not used: t",), {"t": ["a", "b"]}, values={},
    ),
    "sav_weighted": Native(
        "a.sav", lambda: patched(sav(), 76, "i", 4), "warning", ("weighted by income",), weight="income"
    ),
    "dta_tagged_missing": Native(
        "a.dta", lambda: tagged([1, "a", 2, "b", None], variable_value_labels={"x": {1: "yes", "a": "refused"}}),
        "right", (), {"x": [1, -101, 2, -102, None]}, missing={"x": {-101, -102}},
        values={"x": {1: "yes", -101: "refused", -102: ".b"}},
    ),
    "dta_system_after_tagged": Native(
        "a.dta", lambda: tagged(["a", None, 3, None, "z"]), "right", (), {"x": [-101, None, 3, None, -126]},
        missing={"x": {-101, -126}},
    ),
    "dta_tags_among_codes": Native("a.dta", lambda: tagged(["a", -101, 3]), "error", ("both", ".a", "-101")),
    "por_ok": Native("a.por", por, "warning", ("capital letters",), {"Q1": Q1}),
    "xpt_5": Native("a.xpt", lambda: xpt(5), "warning", (UNVERIFIED,), {"q1": Q1}),
    "xpt_8": Native("a.xpt", lambda: xpt(8), "warning", (UNVERIFIED,), {"q1": Q1}),
    "xpt_numeric_codes": Native("a.xpt", lambda: xpt(5), "warning", ("codes have no labels",), values={}),
    "xpt_cut": Native("a.xpt", lambda: xpt(5)[:-320], "warning", (UNVERIFIED,)),
    **{
        f"dta_{release}": Native(
            "a.dta", lambda release=release: old_dta(release, labelled=release >= 108), "right", ("windows-1252",),
            {"q": [1, 2, 1], "t": ["a", "bc", None]},
            values={"q": {1: "yes", 2: "no"}} if release >= 108 else {}, labels={"q": "label"},
        )
        for release in (105, 108, 110, 111, 113, 114, 115)
    },
    "dta_114_big_endian": Native("a.dta", lambda: old_dta(114, ">"), "right", (), {"q": [1, 2, 1]}),
    "dta_117": Native("a.dta", lambda: dta(version=13), "right", ("windows-1252",), {"q1": Q1}),
    "dta_118": Native("a.dta", dta, "right", ("UTF-8",), {"q1": Q1}, values={"q1": {1: "one"}}),
    "dta_119": Native("a.dta", lambda: pandas_dta(119), "right", (), {"q1": Q1}),
}  # fmt: skip


def pandas_dta(version: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.dta"
        people().to_stata(path, version=version, write_index=False)
        return path.read_bytes()


SCALE = {1: "very bad", 2: "bad", 3: "fair", 4: "good", 5: "very good"}

#: Codes and labels of an .sav, read against a questionnaire with SCALE -> what must come of it, and words for it.
FITTED: dict[str, tuple[list[float | None], dict[int, str], str, str]] = {
    "sav_undeclared_missing": ([1, 2, 97, -1], {**SCALE, 97: "不知道", -1: "refused"}, "error", "-1: 1 cell in x"),
    "sav_unlabelled_code": ([1, 2, 3, 7], SCALE, "warning", "7 is not in the choice list, 1 row"),
    "sav_float_noise": ([1, 2, 1.0000001, 5], SCALE, "right", "1 cell within a millionth of a code"),
    "sav_half_codes": ([1, 2, 2.5, 5], SCALE, "warning", "2.5 is not in the choice list, 1 row"),
    "sav_same_label_twice": ([1, 2, 3, 3], {1: "yes", 2: "no", 3: "no"}, "warning", "two codes carry the label 'no'"),
    "sav_reversed": ([1, 2, 3, 4], {k: SCALE[6 - k] for k in SCALE}, "error", "turned round"),
    "sav_all_missing": ([None, None], SCALE, "warning", "x: no answer at all"),
}
