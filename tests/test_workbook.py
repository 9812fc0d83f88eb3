"""Workbooks, Parquet and Feather files as they really come: refused, warned about or read right."""

from __future__ import annotations

import contextlib
import math
import random
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
import python_calamine

import surveyor as sv
from surveyor.reading import read_answers
from surveyor.reading.answers import Answers, Ask
from surveyor.reading.sheets.archive import letters, number
from tests.corpus import Case
from tests.corpus.sheets import ARROW, CASES, OURS, feathered, one, parquet


def write(case: Case, folder: Path) -> Path:
    path = folder / case.name
    path.write_bytes(case.data)
    return path


def cells(answers: Answers, column: str) -> list[object]:
    return [None if isinstance(cell, float) and math.isnan(cell) else cell for cell in answers.frame[column]]


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_corpus(case: Case, tmp_path: Path) -> None:
    path = write(case, tmp_path)
    if case.outcome == "error":
        with pytest.raises(sv.SurveyorError) as caught:
            read_answers(path, case.ask)
        message = str(caught.value)
        assert case.name in message
        assert [word for word in case.words if word not in message] == [], message
        return
    answers = read_answers(path, case.ask)
    log = answers.log
    assert bool(log.warnings) == (case.outcome == "warning"), log.warnings
    said = " ".join(log.warnings if log.warnings else (log.encoding, *log.entries))
    assert [word for word in case.words if word not in said] == [], said
    assert {name: cells(answers, name) for name in case.cells} == dict(case.cells)
    assert (log.rows, log.columns) == answers.frame.shape
    if path.suffix not in (".parquet", ".feather"):
        assert (answers.frame.dtypes == "str").all()


@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_our_own_labels_come_back(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(parquet(OURS) if ending == "parquet" else feathered(OURS))
    answers = read_answers(path)
    assert answers.labels == {"q1": "信任"}
    assert answers.values == {"q1": {1.0: "高", -9.0: "no answer"}}
    assert answers.missing == {"q1": frozenset({-9.0})}
    assert answers.ordered == {"q1"}
    assert answers.sets == {"m": ("m1", "m2")}
    assert answers.weight == "w"
    part = read_answers(path, Ask(columns=("q1", "m1")))
    assert (part.sets, part.weight) == ({}, None)
    assert part.values == answers.values


@pytest.mark.parametrize("name", ["xlsx_good", "xlsx_blank_tail", "ods_good", "ods_repeated_tail", "ods_repeated_rows"])
def test_calamine_reads_the_same(name: str, tmp_path: Path) -> None:
    path = write(CASES[name], tmp_path)
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    head, *body = [row for row in rows if any(str(cell).strip() for cell in row)]
    answers = read_answers(path)
    for i, column in enumerate(head):
        theirs = [f"{cell:g}" if isinstance(cell, float | int) else cell or None for cell in (row[i] for row in body)]
        assert cells(answers, str(column)) == theirs


BOMBS = ["xlsx_zip_bomb", "xlsx_far_cell", "xlsx_far_row", "ods_repeated_full", "ods_far_cell", "xlsx_entities"]


@pytest.mark.parametrize("name", BOMBS)
def test_small_files_cannot_exhaust_the_machine(name: str, tmp_path: Path) -> None:
    """In a process of its own, which may take 300 MB more than it takes to start."""
    pytest.importorskip("resource", reason="this system does not say how much memory a process took")
    path = write(CASES[name], tmp_path)
    assert path.stat().st_size < 100_000
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "import openpyxl, surveyor.reading as reading\n"
        "from surveyor.errors import SurveyorError\n"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = used()\n"
        "try:\n    reading.read_answers(Path(sys.argv[1]))\n"
        "except SurveyorError as error:\n    print(used() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 300_000  # kilobytes
    begun = time.process_time()
    with pytest.raises(sv.SurveyorError):
        read_answers(path)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("name", ["xlsx_good", "ods_good"])
def test_damaged_workbooks_are_read_or_refused(name: str, tmp_path: Path) -> None:
    """Two hundred random changes of the bytes, and of the bytes inside the archive."""
    draw = random.Random(7)
    case = CASES[name]
    path = tmp_path / case.name
    for _ in range(200):
        data = bytearray(case.data)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(data)
        with contextlib.suppress(sv.SurveyorError):
            assert len(read_answers(path).frame) > 0


@pytest.mark.parametrize("name", ["parquet_ours", "feather_ours"])
def test_damaged_arrow_files_are_read_or_refused(name: str, tmp_path: Path) -> None:
    draw = random.Random(7)
    case = ARROW[name]
    path = tmp_path / case.name
    for _ in range(6):
        data = bytearray(case.data)
        data[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(data)
        with contextlib.suppress(sv.SurveyorError):
            assert len(read_answers(path).frame) > 0


def test_every_row_of_a_large_sheet_is_there(tmp_path: Path) -> None:
    rows = [["id", "q1", "q2"], *([i, i % 5 + 1, (i * 7) % 5 + 1] for i in range(3000))]
    (tmp_path / "a.xlsx").write_bytes(one(rows))
    answers = read_answers(tmp_path / "a.xlsx")
    assert cells(answers, "q2") == [str((i * 7) % 5 + 1) for i in range(3000)]


def test_columns_have_letters() -> None:
    assert [letters(i) for i in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(number(openpyxl.utils.get_column_letter(i)) == i for i in range(1, 16385, 7))
