"""Native statistical files: damage is refused in plain words, no session is hurt, reasons stay apart."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveyor as sv
from surveyor.questionnaire import Choices, Item, Questionnaire
from surveyor.reading import READERS, read_answers
from surveyor.reading.answers import Answers, Ask
from surveyor.reading.native import child
from surveyor.reading.sniff import kind
from tests.conftest import SHARED
from tests.corpus.native import CASES, FITTED, SCALE, Native, dta, numbers, people, sav
from tests.fuzz_native import FORMATS, fuzz

AWKWARD = SHARED / "data" / "awkward_formats"
CHINA = SHARED / "data" / "china_codebooks"
shared = pytest.mark.skipif(not AWKWARD.is_dir(), reason="not in the repository; set SURVEYOR_SHARED")


def read(path: Path, ask: Ask = Ask()) -> Answers:  # noqa: B008
    return READERS[kind(path)](path, ask)


def cells(answers: Answers, column: str) -> list[float | str | None]:
    return [None if cell is None or cell != cell else cell for cell in answers.frame[column].tolist()]


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_corpus(case: Native, tmp_path: Path) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.make())
    if case.outcome == "error":
        with pytest.raises(sv.SurveyorError) as caught:
            read_answers(path, case.ask)
        message = str(caught.value)
        assert case.name in message
        assert [word for word in case.words if word not in message] == [], message
        return
    answers = read(path, case.ask)
    log = answers.log
    assert bool(log.warnings) == (case.outcome == "warning"), log.warnings
    said = " ".join(log.warnings if log.warnings else (log.encoding, *log.entries))
    assert [word for word in case.words if word not in said] == [], said
    assert {name: cells(answers, name) for name in case.cells} == dict(case.cells)
    assert case.missing is None or answers.missing == case.missing
    assert case.values is None or answers.values == case.values
    assert case.labels is None or case.labels.items() <= answers.labels.items()
    assert answers.weight == case.weight
    assert (log.rows, log.columns) == answers.frame.shape
    assert log.file == case.name
    assert len(log.sha256) == 64


@pytest.mark.parametrize("name", FITTED)
def test_codes_that_do_not_fit_their_labels(name: str, tmp_path: Path) -> None:
    cells, labels, outcome, words = FITTED[name]
    path = tmp_path / "a.sav"
    path.write_bytes(numbers({"x": cells}, variable_value_labels={"x": labels}))
    choices = Choices(codes={code: {"en": label} for code, label in SCALE.items()})
    asked = Questionnaire(name="t", items=(Item(id="x", label={"en": "X"}, choices="s"),), choices={"s": choices})
    if outcome == "error":
        with pytest.raises(sv.SurveyorError, match=words):
            sv.read(path, asked)
        return
    log = sv.read(path, asked).log
    assert bool(log.warnings) == (outcome == "warning")
    assert words in " ".join((*log.warnings, *log.entries))


def test_names_of_files_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "老旧 小区" / "居民 答案.sav"
    path.parent.mkdir()
    path.write_bytes(sav())
    path.chmod(0o400)
    assert read(path).frame.shape == (24, 4)


def test_only_some_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes(sav())
    assert list(read(path, Ask(columns=("income", "id"))).frame.columns) == ["id", "income"]
    with pytest.raises(sv.SurveyorError, match="Did you mean 'income'"):
        read(path, Ask(columns=("incomes",)))


def test_an_encoding_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes(sav())
    with pytest.raises(sv.SurveyorError, match="no encoding called 'gb-nonsense'"):
        read(path, Ask(encoding="gb-nonsense"))


def test_dates_and_times_become_iso_text(tmp_path: Path) -> None:
    day, clock = 13744944000.0, 36610.0
    frame = {"d": [day, None], "m": [day + clock, None], "h": [day + clock + 0.25, None], "t": [clock, 90000.0]}
    formats = {"d": "EDATE10", "m": "DATETIME20", "h": "DATETIME23.2", "t": "TIME8"}
    path = tmp_path / "a.sav"
    path.write_bytes(numbers(frame, variable_format=formats))
    answers = read(path)
    assert {name: cells(answers, name) for name in answers.frame} == {
        "d": ["2018-05-06", None],
        "m": ["2018-05-06T10:10:10", None],
        "h": ["2018-05-06T10:10:10.250", None],
        "t": ["10:10:10", "25:00:00"],
    }


def test_stata_days_and_moments(tmp_path: Path) -> None:
    frame = pd.DataFrame({"d": [21310.0, np.nan], "m": [1841220610000.0, 0.0], "w": [3.0, 4.0]})
    pyreadstat.write_dta(frame, str(tmp_path / "a.dta"), variable_format={"d": "%td", "m": "%tc", "w": "%tw"})
    answers = read(tmp_path / "a.dta")
    assert cells(answers, "d") == ["2018-05-06", None]
    assert cells(answers, "m") == ["2018-05-06T10:10:10", "1960-01-01T00:00:00"]
    assert cells(answers, "w") == [3.0, 4.0]
    assert "w (weeks)" in answers.log.warnings[0]


def test_long_texts_of_stata(tmp_path: Path) -> None:
    frame = pd.DataFrame({"s": ["x" * 3000, "短", ""], "n": [1, 2, 3]})
    frame.to_stata(tmp_path / "a.dta", version=118, convert_strl=["s"], write_index=False)
    assert cells(read(tmp_path / "a.dta"), "s") == ["x" * 3000, "短", None]


def test_labels_of_tags_that_nobody_has_are_no_codes(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    frame = people()[["q1"]]
    path.write_bytes(
        dta(frame, variable_value_labels={"q1": {1: "one", "a": "refused"}}, missing_user_values={"q1": ["a"]})
    )
    answers = read(path)
    assert answers.values == {"q1": {1.0: "one"}}
    assert answers.missing == {}


def test_measures_and_spaces(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1.0, 2], "t": ["  a ", "   "]})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), variable_measure={"q": "ordinal"})
    answers = read(tmp_path / "a.sav")
    assert answers.ordered == {"q"}
    assert cells(answers, "t") == ["  a", None]


def test_large_files_are_read_the_same_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes(sav(row_compress=True, missing_ranges={"q1": [5]}))
    small = read(path)
    monkeypatch.setattr(child, "MANY", 0)
    large = read(path)
    pd.testing.assert_frame_equal(small.frame, large.frame)
    assert (small.missing, small.values, small.labels) == (large.missing, large.values, large.labels)
    assert small.missing == {"q1": {5.0}}


@pytest.mark.parametrize("columns", [60, 3])
def test_many_texts_stand_in_the_order_of_the_file(columns: int, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {f"{kind}{i}": [i, i + 1] if kind == "n" else [f"{i}", ""] for i in range(columns) for kind in "tn"}
    )
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"))
    answers = read(tmp_path / "a.sav")
    assert list(answers.frame) == list(frame)
    assert answers.frame["n2"].tolist() == [2.0, 3.0]
    assert cells(answers, "t2") == ["2", None]


# --- the child process -------------------------------------------------------------------------------------------

BROKEN = {
    "signal": ("import os\nos.kill(os.getpid(), 11)", "broke down over it"),
    "exit": ("import sys\nsys.exit(3)", "broke down over it"),
    "memory": ("raise_it(MemoryError())", "more memory"),
    "unicode": ("raise_it(UnicodeDecodeError('utf-8', b'x', 0, 1, 'bad'))", "does not fit the encoding"),
    "index": ("raise_it(IndexError('list index'))", "parts do not fit together"),
    "overflow": ("raise_it(OverflowError('date'))", "parts do not fit together"),
}
PRELUDE = """
import json, sys
from pathlib import Path
def raise_it(error):
    answer = {"error": type(error).__name__, "says": ""}
    (Path(sys.argv[1]) / "answer.json").write_text(json.dumps(answer))
    sys.exit(0)
"""


@pytest.mark.parametrize("way", BROKEN)
def test_whatever_happens_to_the_child_is_told_in_plain_words(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, words = BROKEN[way]
    (tmp_path / "program.py").write_text(PRELUDE + code)
    (tmp_path / "a.sav").write_bytes(sav())
    monkeypatch.setattr(child, "PARSER", tmp_path / "program.py")
    before = set(Path(tmp_path).iterdir())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(sv.SurveyorError, match=words) as caught:
        read(tmp_path / "a.sav")
    assert "a.sav" in str(caught.value)
    assert set(Path(tmp_path).iterdir()) == before


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "program.py").write_text("import time\ntime.sleep(60)")
    (tmp_path / "a.sav").write_bytes(sav())
    monkeypatch.setattr(child, "PARSER", tmp_path / "program.py")
    monkeypatch.setattr(child, "seconds_allowed", lambda size: 0.7)
    begun = time.monotonic()
    with pytest.raises(sv.SurveyorError, match="took longer than"):
        read(tmp_path / "a.sav")
    assert time.monotonic() - begun < 10


@pytest.mark.skipif(os.name == "nt", reason="no memory limits on Windows")
def test_a_child_may_not_take_all_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.sav").write_bytes(sav())
    monkeypatch.setattr(child, "memory_limit", lambda size, cells: 60_000_000)
    with pytest.raises(sv.SurveyorError, match=r"memory|broke down|could not be started"):
        read(tmp_path / "a.sav")


def test_the_child_is_lean() -> None:
    code = (
        "import sys, runpy, json\nfrom pathlib import Path\n"
        f"runpy.run_path({str(child.PARSER)!r})\n"
        "from pyreadstat._readstat_parser import parser_entry_point\n"
        "print(json.dumps([name for name in ('pandas', 'surveyor', 'scipy') if name in sys.modules]))"
    )
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []


def test_a_file_cut_at_every_kilobyte_never_hangs(tmp_path: Path) -> None:
    frame = pd.concat([people()] * 40, ignore_index=True)
    raw = sav(frame)
    assert len(raw) > 30_000
    path = tmp_path / "a.sav"
    for size in range(1024, len(raw), 1024):
        path.write_bytes(raw[:size])
        with pytest.raises(sv.SurveyorError, match=r"a\.sav"):
            read(path)
    compressed = rows_unknown(sav(frame, row_compress=True))
    for size in range(1024, len(compressed), 1024):  # without a row count the child must see the end itself
        path.write_bytes(compressed[:size])
        with contextlib.suppress(sv.SurveyorError):  # nothing else may come out
            assert len(read(path).frame) < len(frame)


def rows_unknown(raw: bytes) -> bytes:
    return raw[:80] + (-1).to_bytes(4, "little", signed=True) + raw[84:]


@pytest.mark.parametrize("form", FORMATS)
def test_changed_bytes_never_hurt_the_session(form: str, tmp_path: Path) -> None:
    outcomes = fuzz(form, 15, 1, tmp_path)
    assert sum(outcomes[each] for each in ("read", "read with a warning", "refused")) == 15


# --- real files, and other programs ------------------------------------------------------------------------------

#: The files of other projects -> rows, columns, and words of the log's warnings ("" for none).
REAL = {
    "haven/datetime.sav": (2, 3, "date.posix: 1 date outside the years 1 to 9999"),
    "haven/datetime-d.dta": (1, 1, ""),
    "haven/labelled-num-na.sav": (2, 1, ""),
    "haven/labelled-num.sav": (1, 1, ""),
    "haven/labelled-str.sav": (2, 1, ""),
    "haven/notes.dta": (5, 4, ""),
    "haven/tagged-na-double.dta": (8, 1, ""),
    "haven/tagged-na-int.dta": (8, 1, ""),
    "haven/types.dta": (2, 8, ""),
    "haven/umlauts.sav": (4, 1, ""),
    "haven/variable-label.sav": (1, 1, ""),
    "pyreadstat/dates_xpt_v8.xpt": (19, 9, "completeness cannot be verified"),
    "pyreadstat/hebrews.sav": (99, 1, ""),
    "pyreadstat/missing_char.sav": (2, 1, ""),
    "pyreadstat/missing_test.dta": (1, 9, ""),
    "pyreadstat/missing_test.sav": (2, 1, ""),
    "pyreadstat/ordered_category.sav": (4, 1, ""),
    "pyreadstat/sample.dta": (5, 7, ""),
    "pyreadstat/sample.por": (5, 7, "capital letters"),
    "pyreadstat/sample.sav": (5, 7, ""),
    "pyreadstat/sample.xpt": (5, 7, "completeness cannot be verified"),
    "pyreadstat/sample.zsav": (5, 7, ""),
    "pyreadstat/sample_large.sav": (485, 7, ""),
    "pyreadstat/sample_missing.sav": (7, 7, ""),
    "pyreadstat/simple_alltypes.sav": (6, 12, ""),
    "pyreadstat/tegulu.sav": (1, 2, ""),
    "pyreadstat/test_width.sav": (5, 4, ""),
    "quantipy/zlib_compressed.zsav": (2, 4, ""),
}


@shared
@pytest.mark.parametrize("name", REAL)
def test_files_of_other_projects(name: str) -> None:
    rows, columns, words = REAL[name]
    answers = read(AWKWARD / name)
    assert answers.frame.shape == (rows, columns)
    assert words in " ".join(answers.log.warnings)
    assert bool(answers.log.warnings) == bool(words)


@shared
def test_every_native_file_of_other_projects_is_listed() -> None:
    endings = {".sav", ".zsav", ".por", ".dta", ".xpt", ".sas7bdat"}
    found = {str(path.relative_to(AWKWARD)) for path in AWKWARD.rglob("*") if path.suffix in endings}
    assert found == set(REAL)


@shared
def test_sets_and_dates_of_a_real_file() -> None:
    answers = read(AWKWARD / "pyreadstat" / "simple_alltypes.sav")
    assert answers.sets == {
        "categorical_array": ("ca_subvar_1", "ca_subvar_2", "ca_subvar_3"),
        "mymrset": ("bool1", "bool2", "bool3"),
    }
    sample = read(AWKWARD / "pyreadstat" / "sample.sav")
    assert cells(sample, "mydate") == ["2018-05-06", "1880-05-06", "1960-01-01", "1583-01-01", None]
    assert cells(sample, "mytime") == ["10:10:10", "23:10:10", "00:00:00", "16:10:10", None]


@shared
def test_a_portable_file_keeps_its_missing_codes(tmp_path: Path) -> None:
    if shutil.which("pspp-convert") is None:
        pytest.skip("pspp is not installed")
    target = tmp_path / "a.por"
    subprocess.run(["pspp-convert", str(AWKWARD / "pyreadstat" / "sample_missing.sav"), str(target)], check=True)
    assert read(target).missing == {"MYNUM": {-1.0, 2500.0}, "MYLABL": {-1.0}, "MYORD": {-1.0, -3.0}}


@shared
def test_sas_data_set(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "sample.sas7bdat"
    path.write_bytes(gzip.decompress((AWKWARD / "pyreadstat" / "sample.sas7bdat.gz").read_bytes()))
    answers = read(path)
    assert answers.frame.shape == (5, 7)
    assert cells(answers, "mydate") == ["2018-05-06", "1880-05-06", "1960-01-01", "1583-01-01", None]
    assert "labels" in answers.log.warnings[0]


@pytest.mark.skipif(not CHINA.is_dir(), reason="not in the repository; set SURVEYOR_SHARED")
def test_a_chinese_stata_file() -> None:
    path = CHINA / "synthetic_cgss_like_gb18030.dta"
    asked = read(path, Ask(encoding="gb18030"))
    twin = read(CHINA / "synthetic_cgss_like_utf8.sav")
    assert asked.labels["s5b"] == twin.labels["s5b"]
    assert any("一" <= letter <= "鿿" for letter in asked.labels["s5b"])
    assert cells(asked, "s41name") == cells(twin, "s41name")
    plain = " ".join(read(path).log.warnings)
    assert 'encoding="gb18030"' in plain
    assert "'样本编号'" in plain
    assert asked.log.warnings == ("labels end in the middle of a character, what is readable was kept: a33",)


@pytest.mark.skipif(shutil.which("pspp-convert") is None, reason="pspp is not installed")
def test_pspp_reads_the_same_values(tmp_path: Path) -> None:
    long = "居民委员会" * 40
    frame = pd.DataFrame(
        {"id": ["001", "002", "003"], "x": [1.0, 97.0, None], "y": [1.25, -3.5, 1e6], "t": [long, "short", ""]}
    )
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        frame, str(path), missing_ranges={"x": [{"lo": 97, "hi": 99}]}, variable_value_labels={"x": {97: "refused"}}
    )
    subprocess.run(["pspp-convert", str(path), str(tmp_path / "a.csv")], check=True)
    theirs = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)
    ours = read(path)
    assert list(theirs["id"]) == cells(ours, "id")
    assert [cell or None for cell in theirs["t"]] == cells(ours, "t")
    for name in ("x", "y"):
        numbers_there = [None if not cell.strip() else float(cell) for cell in theirs[name]]
        assert numbers_there == pytest.approx(cells(ours, name))
    assert ours.missing == {"x": {97.0}}
