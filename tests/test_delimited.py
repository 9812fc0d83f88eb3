"""Delimited text as it really comes: every row of the failure tables is refused, warned about or read right."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import surveyor as sv
from surveyor.errors import FileError
from surveyor.reading.answers import Answers, Ask
from surveyor.reading.sniff import kind
from surveyor.reading.text.delimited import read_delimited
from surveyor.reading.text.encodings import decode, looks_like_gb18030
from tests.conftest import SHARED
from tests.corpus import Case
from tests.corpus.text import CASES


def read(path: Path, ask: Ask) -> Answers:
    assert kind(path) == "text"
    return read_delimited(path, ask)


def cells(answers: Answers, column: str) -> list[str | None]:
    return [cell if isinstance(cell, str) else None for cell in answers.frame[column]]


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_corpus(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.data)
    if case.outcome == "error" and not case.typing:
        with pytest.raises(sv.SurveyorError) as caught:
            read(path, case.ask)
        message = str(caught.value)
        assert case.name in message
        assert [word for word in case.words if word not in message] == [], message
        return
    answers = read(path, case.ask)
    log = answers.log
    if not case.typing:
        assert bool(log.warnings) == (case.outcome == "warning"), log.warnings
        said = " ".join(log.warnings if log.warnings else (log.encoding, *log.entries))
        assert [word for word in case.words if word not in said] == [], said
    assert {name: cells(answers, name) for name in case.cells} == {
        name: list(told) for name, told in case.cells.items()
    }
    assert (log.rows, log.columns) == answers.frame.shape
    assert log.file == case.name
    assert (answers.frame.dtypes == "str").all()


@pytest.mark.parametrize("folder", ["with spaces", "老旧小区"])
def test_names_of_files_and_folders(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    path = tmp_path / folder / "居民 答案.csv"
    path.write_text("id,q\n1,2\n")
    path.chmod(0o400)
    assert cells(read(path, Ask()), "q") == ["2"]


@pytest.mark.parametrize("address", ["http://x.org/a.csv", "https://x.org/a.sav", "s3://x/a.csv", "file:///tmp/a.csv"])
def test_addresses_are_not_fetched(address: str) -> None:
    with pytest.raises(FileError, match="Download it first"):
        kind(Path(address))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="this is a folder"):
        kind(tmp_path)


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("老旧小区".encode("gbk").decode("latin-1"), "老旧小区"),
        ("非常满意".encode("gbk").decode("cp1252"), "非常满意"),
        ("小区满意".encode("gbk")[:-1].decode("latin-1"), "小区满"),
        ("老旧小区", None),
        ("Größe, Straße, Übung, ÄÖÜ, Süßes", None),
        ("déjà vu, à côté, où, façade, Noël", None),
        ("Århus, Ærø, Øster, smörgåsbord, pyörä, yöaika", None),
        ("São Paulo, coração, ações", None),
        ("plain", None),
        ("", None),
    ],
)
def test_chinese_read_as_latin(text: str, repaired: str | None) -> None:
    assert looks_like_gb18030(text) == repaired


def test_answers_are_never_shown_as_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,名字,电话\n1,王小明,13800138000\n".encode("gb18030"))
    log = read(path, Ask()).log
    assert "名字" in " ".join(log.entries)
    assert not any("王" in said or "138" in said for said in (*log.entries, *log.warnings, log.encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_what_python_writes_is_what_is_read(encoding: str, tmp_path: Path) -> None:
    """Forty random tables with quotes, breaks and separators inside cells, against the csv module's own reading."""
    draw = random.Random(4)
    letters = ["a", "1", "区", '"', ",", ";", "\n", "x y", "'", "", "\t", "é" if encoding != "gb18030" else "旧"]
    for number in range(10):
        rows = [["".join(draw.choices(letters, k=draw.randint(0, 5))) + "z" for _ in range(4)] for _ in range(30)]
        out = io.StringIO()
        csv.writer(out, delimiter=",", lineterminator=draw.choice(["\n", "\r\n"])).writerows([list("编bcd"), *rows])
        path = tmp_path / f"{number}.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        answers = read(path, Ask())
        assert [cells(answers, name) for name in "编bcd"] == [[row[i].strip() for row in rows] for i in range(4)]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    try:
        answers = read(path, Ask())
    except sv.SurveyorError:
        return
    assert answers.frame.shape[0] > 0


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='ab1,;"\n\r\t 区，\ufeff\x00=', max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "text.csv"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        answers = read(path, Ask())
    except sv.SurveyorError:
        return
    kept = "".join(cell for name in answers.frame for cell in answers.frame[name].dropna())
    assert set(kept) <= set(text)


def test_a_named_encoding_is_taken_strictly() -> None:
    with pytest.raises(FileError, match="line 3"):
        decode(b"a\nb\n\xff\n", "utf-8", "a.csv")


CHINA = SHARED / "data" / "china_codebooks" / "synthetic_cgss_like_gb18030.csv"


@pytest.mark.skipif(not CHINA.is_file(), reason="the invented national survey is not in the repository")
def test_the_national_look_alike_is_read() -> None:
    answers = read(CHINA, Ask())
    assert answers.log.encoding.startswith("gb18030")
    assert answers.log.warnings == ()
    assert len(answers.frame) == CHINA.read_bytes().decode("gb18030").rstrip("\n").count("\n")
