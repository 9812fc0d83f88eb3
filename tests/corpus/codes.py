"""Files whose codes, labels or reasons are awkward, read to the end: with a questionnaire and without one.

What the files hold is in `native`; here stand what `sv.read` says of them, and the means that follow.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa

import surveyor as sv
from surveyor.questionnaire import Choices, Item, Questionnaire
from tests.corpus import native
from tests.corpus.native import FITTED, SCALE, UNVERIFIED, Native, numbers, old_dta, sav, xpt
from tests.corpus.sheets import one, parquet


@dataclass(frozen=True)
class Coded:
    """A file read with sv.read, and what must come of it.

    asked    the questionnaire it is read with; `options` are further ones of sv.read
    outcome  "error", "warning" or "right" by the log, or, where it is written `to` a format, by what writing says
    means    column -> its mean: no code that says why there is no answer may enter it
    """

    name: str
    make: Callable[[], bytes]
    outcome: str
    words: tuple[str, ...] = ()
    means: Mapping[str, float] = field(default_factory=dict)
    asked: Questionnaire | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    to: str = ""

    @property
    def data(self) -> bytes:
        return self.make()

    def told(self, path: Path) -> tuple[str, str]:
        """The outcome and everything that is said; raises SurveyorError where the file is refused."""
        survey = sv.read(path, self.asked, **self.options)  # type: ignore[arg-type]
        assert survey.log is not None
        for name, mean in self.means.items():
            found = survey.mean(name).values[0]
            assert abs(found - mean) < 1e-9, (name, found, mean)
        if self.to:
            said = survey.write(path.parent / f"written{self.to}").warnings
            return ("warning" if said else "right"), " | ".join(said)
        warnings, entries = survey.log.warnings, survey.log.entries
        return ("warning" if warnings else "right"), " | ".join([*warnings, *entries, survey.log.encoding])


def choices(labels: Mapping[int, str]) -> Choices:
    return Choices(codes={code: {"en": label, "zh": label} for code, label in labels.items()})


def scaled(name: str = "x", labels: Mapping[int, str] = SCALE) -> Questionnaire:
    """One item with a list of answers."""
    return Questionnaire("t", (Item(name, {"en": "X", "zh": "X"}, choices="s"),), choices={"s": choices(labels)})


def measured(name: str = "x", kind: str = "number", label: str = "X") -> Questionnaire:
    """One item of numbers."""
    return Questionnaire("t", (Item(name, {"en": label, "zh": label}, kind),))  # type: ignore[arg-type]


def fitted(name: str) -> Callable[[], bytes]:
    cells, labels, _, _ = FITTED[name]
    return lambda: numbers({"x": cells}, variable_value_labels={"x": labels})


def same(name: str, outcome: str, *words: str, **more: object) -> Coded:
    """A file of `native`, read to the end."""
    made: Native = native.CASES[name]
    return Coded(made.name, made.make, outcome, words, **more)  # type: ignore[arg-type]


def changed(data: bytes, at: int) -> bytes:
    """One bit turned."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def sha(data: bytes) -> dict[str, dict[str, str]]:
    return {"expect": {"sha256": hashlib.sha256(data).hexdigest()}}


def mixed(rows: int = 1_100_000) -> bytes:
    """More than a million rows of codes, the last a text."""
    return b"id,q1\n" + b"7,3\n" * (rows - 1) + b"7,often\n"


TEXT = b"id,q1\n1,2\n2,3\n3,4\n"
ZONED = datetime.datetime(2024, 5, 1, 10, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
LONG = "居民对小区物业服务的满意程度" * 8  # 112 characters, 336 bytes

#: With a questionnaire: the cases that `native` fits, each as a file of its own.
WITH: dict[str, Coded] = {
    name: Coded("a.sav", fitted(name), outcome, (words,), asked=scaled())
    for name, (_, _, outcome, words) in FITTED.items()
}

#: Without one, from the labels in the file alone.
WITHOUT: dict[str, Coded] = {
    "sav_undeclared_missing_drafted": Coded(
        "a.sav", fitted("sav_undeclared_missing"), "warning", ("code 97", "code -1", "its label says there is none")),
    "sav_unlabelled_code_drafted": Coded(
        "a.sav", fitted("sav_unlabelled_code"), "warning", ("x (7)", "no label"), {"x": 13 / 4}),
    "sav_half_codes_drafted": Coded(
        "a.sav", fitted("sav_half_codes"), "warning", ("x (2.5)", "no label"), {"x": 10.5 / 4}),
    "sav_float_noise_drafted": Coded(
        "a.sav", fitted("sav_float_noise"), "right", ("1 cell within a millionth of a code",), {"x": 9 / 4}),
    "sav_same_label_twice_drafted": Coded(
        "a.sav", fitted("sav_same_label_twice"), "warning", ("two codes carry the label 'no'",), {"x": 9 / 4}),
    "sav_all_missing_drafted": Coded("a.sav", fitted("sav_all_missing"), "warning", ("x: no answer at all",)),
    "sav_ends_labelled": Coded(
        "a.sav", lambda: numbers({"x": [0.0, 3, 7, 10]}, variable_value_labels={"x": {0: "worst", 10: "best"}}),
        "right", (), {"x": 5.0}),
    "sav_user_missing_read": same("sav_user_missing", "right", "97 counts as refused", means={"x": 1.0}),
    "sav_string_missing_read": same("sav_string_missing", "right", "declared missing in the file"),
    "sav_weighted_read": same("sav_weighted", "warning", "weighted by income"),
    "sav_no_rows_read": same("sav_no_rows", "error", "no rows"),
    "dta_tagged_missing_read": same("dta_tagged_missing", "right", "-101 counts as refused", means={"x": 1.5}),
    "dta_system_after_tagged_read": same("dta_system_after_tagged", "right", "-101 counts as .a", means={"x": 3.0}),
    "por_ok_read": same("por_ok", "warning", "capital letters"),
    "xpt_numeric_codes_read": same("xpt_numeric_codes", "warning", "codes have no labels"),
    "xpt_8_read": same("xpt_8", "warning", UNVERIFIED),
    "dta_119_read": same("dta_119", "right"),
    "dta_114_read": Coded("a.dta", lambda: old_dta(114), "right", ("windows-1252",), {"q": 4 / 3}),
}  # fmt: skip

#: What only whoever has the file's fingerprint or number of rows can see; and files of their own kind.
ELSEWHERE: dict[str, Coded] = {
    "csv_flipped_bit": Coded("a.csv", lambda: changed(TEXT, 8), "error", ("another content",), options=sha(TEXT)),
    "csv_whole": Coded("a.csv", lambda: TEXT, "right", (), {"q1": 3.0}, options=sha(TEXT)),
    "sav_flipped_bit": Coded(
        "a.sav", lambda: changed(sav(), len(sav()) - 20), "error", ("another content",), options=sha(b"")),
    "csv_rows_lost": Coded(
        "a.csv", lambda: TEXT[:-4], "error", ("the file has 2 rows", "3 rows"), options={"expect": {"rows": 3}}),
    "xpt_blank_tail": Coded(
        "a.xpt", lambda: xpt(5, pd.DataFrame({"t": ["a", "b", "", ""]})), "error", ("the file has 2 rows",),
        options={"expect": {"rows": 4}}),
    "large_mixed": Coded("a.csv", mixed, "warning", ("q1: numbers but for 1 cell of text", "stays text")),
    "large_mixed_asked": Coded(
        "a.csv", mixed, "error", ("text where numbers are expected", "row 1100001", "1 row"), asked=measured("q1")),
    "csv_na_words_read": Coded(
        "a.csv", lambda: b"id,q1\n1,NA\n2,yes\n3,None\n", "warning", ("q1: 2 cells may mean 'no answer'",)),
    "csv_na_is_an_answer": Coded(
        "a.csv", lambda: b"id,q1\n1,NA\n2,yes\n3,NA\n", "right", ("labels turned into codes: 3 cells in q1",),
        {"q1": 5 / 3}, scaled("q1", {1: "yes", 2: "NA"})),
    "csv_missing_word_is_an_answer": Coded(
        "a.csv", "q1\n(空)\nyes\n".encode, "right", ("(空) -> -9",), {"q1": 1.0},
        scaled("q1", {1: "yes", 2: "no"}), {"source": "wenjuanxing"}),
    "csv_reversed_words": Coded(
        "a.csv", lambda: b"id,x\n1,very good\n2,bad\n", "right", (), {"x": 3.5}, scaled()),
    "csv_unlabelled_code": Coded(
        "a.csv", lambda: b"id,x\n1,7\n2,2\n", "warning", ("x: 7 is not in the choice list, 1 row",), {"x": 2.0},
        scaled()),
    "csv_unknown_word": Coded(
        "a.csv", lambda: b"id,x\n1,good\n2,splendid\n", "error", ("'splendid'", "row 3", "1 very bad"), asked=scaled()),
    "csv_unknown_negative_code": Coded(
        "a.csv", lambda: b"id,x\n1,4\n2,-9\n", "error", ("-9: 1 cell in x", 'source="surveyor"'), asked=scaled()),
    "csv_our_negative_code": Coded(
        "a.csv", lambda: b"id,x\n1,4\n2,-9\n", "right", ("-9 counts as no answer",), {"x": 4.0}, scaled(),
        {"source": "surveyor"}),
    "csv_all_missing": Coded("a.csv", lambda: b"id,x\n1,\n2,\n", "warning", ("x: no answer at all",), asked=scaled()),
    "csv_decimals_of_whole_numbers": Coded(
        "a.csv", lambda: b"id,x\n1,30\n2,30.5\n", "warning", ("1 number with decimals",), {"x": 30.25},
        measured(kind="integer")),
    "xlsx_numbers_as_text_read": Coded(
        "a.xlsx", lambda: one([["id", "x"], ["1", "2"], ["2", "4"], ["3", 3]]), "right", (), {"x": 3.0}, scaled()),
}  # fmt: skip

#: What a format cannot hold as the survey has it.
WRITTEN: dict[str, Coded] = {
    "write_sav_long_variable_label": Coded(
        "a.csv", lambda: b"x\n1\n2\n", "warning", ("x", "label", "cut"), asked=measured(label=LONG), to=".sav"),
    "write_sav_long_value_label": Coded(
        "a.csv", lambda: b"x\n1\n2\n", "warning", ("x", "label", "cut"), asked=scaled(labels={1: LONG[:50], 2: "no"}),
        to=".sav"),
    "write_sav_labels_that_fit": Coded(
        "a.csv", lambda: b"x\n1\n2\n", "right", (), asked=scaled(labels={1: LONG[:40], 2: "no"}), to=".sav"),
    "write_sav_whole_numbers_over_2_53": Coded(
        "a.parquet", lambda: parquet(pa.table({"big": pa.array([9007199254740993, 1])})), "right", (), to=".sav"),
    "write_sav_zoned_times": Coded(
        "a.parquet", lambda: parquet(pa.table({"at": pa.array([ZONED], pa.timestamp("us", tz="Asia/Shanghai"))})),
        "right", (), to=".sav"),
}  # fmt: skip

CASES = {**WITH, **WITHOUT, **ELSEWHERE, **WRITTEN}
