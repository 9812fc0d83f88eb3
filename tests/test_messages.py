"""Bad input: each problem has its own message, and the messages are kept as a snapshot.

To accept new wording: SURVEYOR_UPDATE=1 python -m pytest -p no:nbval tests/test_messages.py
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import surveyor as sv
from surveyor.cli import main
from tests.conftest import ROOT

SNAPSHOT = Path(__file__).parent / "snapshots" / "messages.txt"
SAV = (ROOT / "data" / "copenhagen" / "residents.sav").read_bytes()
STUDY = (ROOT / "data" / "copenhagen" / "study.yaml").read_text(encoding="utf-8")
ASKED = (ROOT / "questionnaires" / "copenhagen.yaml").read_text(encoding="utf-8")
CSV = "id,dwelling,contact,influence,satisfaction\n" + "".join(
    f"{i},{1 + 3 * (i % 2)},{1 + i % 2},{1 + i % 3},{3 - i % 3}\n" for i in range(40)
)


class Folder:
    """A study folder that a case can spoil."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "residents.sav").write_bytes(SAV)
        self.study(STUDY.replace("../../questionnaires/", ""))
        (path / "copenhagen.yaml").write_text(ASKED, encoding="utf-8")

    def study(self, text: str) -> None:
        (self.path / "study.yaml").write_text(text, encoding="utf-8")

    def edit(self, old: str, new: str, name: str = "study.yaml") -> None:
        path = self.path / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def csv(self, text: str | bytes) -> None:
        self.edit("residents.sav", "residents.csv")
        data = text if isinstance(text, bytes) else text.encode()
        (self.path / "residents.csv").write_bytes(data)


def weighted(f: Folder, weights: str) -> None:
    rows = CSV.splitlines()
    values = (weights + "," * 40).split(",")
    f.csv("\n".join([rows[0] + ",wt", *(f"{row},{values[i] or 1}" for i, row in enumerate(rows[1:]))]))
    f.edit("design: {}", "design: {weights: wt}")


CASES: dict[str, Callable[[Folder], object]] = {
    "no study file": lambda f: (f.path / "study.yaml").unlink(),
    "empty study file": lambda f: f.study(""),
    "not yaml": lambda f: f.edit("seed: 1976", "seed: [1976"),
    "unknown key": lambda f: f.edit("seed: 1976", "sead: 1976"),
    "unknown key inside": lambda f: f.edit("  item: dwelling", "  itm: dwelling"),
    "wrong type": lambda f: f.edit("seed: 1976", "seed: today"),
    "key twice": lambda f: f.edit("seed: 1976", "seed: 1976\nseed: 1977"),
    "missing key": lambda f: f.edit("study: copenhagen\n", ""),
    "unknown family": lambda f: f.edit("activism: [", "aktivism: ["),
    "no answers file": lambda f: (f.path / "residents.sav").unlink(),
    "no questionnaire file": lambda f: (f.path / "copenhagen.yaml").unlink(),
    "zero bytes": lambda f: (f.path / "residents.sav").write_bytes(b""),
    "truncated sav": lambda f: (f.path / "residents.sav").write_bytes(SAV[: len(SAV) // 2]),
    "sav cut in its header": lambda f: (f.path / "residents.sav").write_bytes(SAV[:100]),
    "csv named sav": lambda f: (f.path / "residents.sav").write_text(CSV),
    "sav named csv": lambda f: f.csv(SAV),
    "unknown ending": lambda f: (f.edit("residents.sav", "residents.doc"), (f.path / "residents.doc").write_text("x")),
    "unknown outcome column": lambda f: f.edit("[contact]", "[contacts]"),
    "unknown design column": lambda f: f.edit("design: {}", "design: {weights: weight}"),
    "unknown type item": lambda f: f.edit("item: dwelling", "item: dweling"),
    "unknown type answer": lambda f: f.edit("[Tower block]", "[Tower blok]"),
    "answer in both groups": lambda f: f.edit("[Terraced house]", "[Terraced house, Tower block]"),
    "one group in the study": lambda f: f.study(
        (f.path / "study.yaml").read_text().replace("    - label: {en: terraced-house residents, zh: 联排住宅居民}\n"
                                                    "      includes: [Terraced house]\n", "")),
    "empty group": lambda f: f.csv("\n".join(r for r in CSV.splitlines() if r.split(",")[1] != "4")),
    "no rows": lambda f: f.csv(CSV.splitlines()[0] + "\n"),
    "text for a code": lambda f: f.csv(CSV.replace("\n7,4,2,2,2", "\n7,4,2,2,often")),
    "undeclared negative code": lambda f: f.csv(CSV.replace("\n7,4,2,2,2", "\n7,4,2,2,-3")),
    "two columns of one name": lambda f: f.csv(CSV.replace("influence", "contact", 1)),
    "ragged row": lambda f: f.csv(CSV.replace("\n7,4,2,2,2", "\n7,4,2,2,2,9")),
    "no encoding": lambda f: f.csv(CSV.replace("\n7,", "\n七,").encode("gb18030") + b"41,1,2,\xff\xff,1\n"),
    "negative weight": lambda f: weighted(f, "1,1,-2"),
    "missing weight": lambda f: weighted(f, "1, ,1"),
    "all weights zero": lambda f: weighted(f, ",".join(["0"] * 40)),
    "text weight": lambda f: weighted(f, "1,heavy"),
    "infinite weight": lambda f: weighted(f, "1,inf"),
    "item twice": lambda f: f.edit("- id: influence", "- id: contact", "copenhagen.yaml"),
    "unknown choice list": lambda f: f.edit("choices: low_high", "choices: lowhigh", "copenhagen.yaml"),
    "code is no number": lambda f: f.edit("codes: {1: {en", "codes: {low: {en", "copenhagen.yaml"),
    "lonely stratum": lambda f: (
        f.csv("\n".join(f"{r},{'s' if not i else 'one' if i == 3 else 'two'}" for i, r in enumerate(CSV.splitlines()))),
        f.edit("design: {}", "design: {strata: s}")),
    "type already there": lambda f: f.csv(CSV.replace("id,", "type,", 1)),
    "outcome in two families": lambda f: f.edit("activism: [influence]", "activism: [influence, contact]"),
}  # fmt: skip


def message(case: str, folder: Path) -> str:
    """What the command line says for a case, with the folder's name left out."""
    f = Folder(folder)
    CASES[case](f)
    before = {path.name for path in folder.iterdir()}
    result = CliRunner().invoke(main, ["check", str(folder)])
    assert result.exit_code == 2, f"{case}: {result.output}{result.exception!r}"
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    assert {path.name for path in folder.iterdir()} == before, "nothing is written"
    assert len(result.output.strip().splitlines()) == 1, "one paragraph"
    return result.output.strip().replace(f"{folder}{os.sep}", "").replace(str(folder), "FOLDER")


def snapshot() -> dict[str, str]:
    blocks = SNAPSHOT.read_text(encoding="utf-8").strip().split("\n\n") if SNAPSHOT.is_file() else []
    return dict(block.split("\n", 1) for block in blocks)


@pytest.mark.parametrize("case", CASES)
def test_message(case: str, tmp_path: Path) -> None:
    said = message(case, tmp_path)
    kept = snapshot()
    if os.environ.get("SURVEYOR_UPDATE"):
        kept[case] = said
        SNAPSHOT.write_text("\n\n".join(f"{k}\n{kept[k]}" for k in CASES if k in kept) + "\n", encoding="utf-8")
    else:
        assert said == kept[case]


def test_the_snapshot_has_no_more_than_the_cases() -> None:
    assert set(snapshot()) == set(CASES)


def test_every_byte_count_of_a_cut_sav_is_refused(tmp_path: Path) -> None:
    """Cut every 2 kB: never a shorter survey in silence."""
    path = tmp_path / "cut.sav"
    for cut in range(0, len(SAV) - 1, 2048):
        path.write_bytes(SAV[:cut])
        with pytest.raises(sv.SurveyorError, match=r"damaged|empty|ends early"):
            sv.read(path)


PEOPLE = pd.DataFrame({"y": [1.0, 2, 3, 4], "g": ["a", "a", "b", "b"], "name": list("wxyz"), "one": ["a"] * 4})


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda s: s.mean("z"), "no column 'z'"),
        (lambda s: s.mean("name"), "text where numbers are expected"),
        (lambda s: s.compare("y", by="one"), "1 group .*exactly two groups"),
        (lambda s: s.compare("y", by="name"), "4 groups"),
        (lambda s: s.compare([], by="g"), "no outcome"),
        (lambda s: s.compare("y", by="g", inference="autos"), "Did you mean 'auto'"),
        (lambda s: s.compare("y", by="g", correct="bonferoni"), "correct='bonferoni'"),
        (lambda s: s.compare("y", by="g").plot("tree"), "no figure 'tree'"),
        (lambda s: s.mean("y").interval(95), "not between 0 and 1"),
        (lambda s: s.mean("y").interval("a"), "not between 0 and 1"),
        (lambda s: s.mean("y", by="g").contrast("ab"), "not made of numbers"),
        (lambda s: s.compare(sv.Total("y"), by="g"), "cannot be compared"),
        (lambda s: sv.Survey(PEOPLE, design="w"), "a pandas DataFrame and a Design"),
        (lambda s: sv.Survey({"y": [1]}), "a pandas DataFrame and a Design"),
        (lambda s: sv.Study.load(ROOT / "data" / "copenhagen", lang="de"), "'en' or 'zh'"),
        (lambda s: s.mean("y").interval(method="walt"), "Did you mean 'wald'"),
        (lambda s: s.mean("y", by="g").pick(g="c"), "no value 'c'"),
        (lambda s: s.mean("y", by="g").contrast([1, 2, 3]), "3 weights and the estimate 2 values"),
        (lambda s: s.mean("y", by="g") - s.mean("y"), "one estimate has 2 values"),
        (lambda s: s.mean("y").plot(), "stacked bars show"),
        (lambda s: s.estimate([]), "no statistic"),
        (lambda s: s.crosstab("one", "g").test(), "single answer"),
    ],
)
def test_calls_that_cannot_be_answered(call: Callable[[sv.Survey], object], match: str) -> None:
    with pytest.raises(sv.SurveyorError, match=match):
        call(sv.Survey(PEOPLE))


@pytest.mark.parametrize(
    ("frame", "design", "match"),
    [
        (PEOPLE.head(0), {}, "no rows"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), {}, "two columns are called 'a'"),
        (PEOPLE, {"clusters": "gg"}, "the column 'gg'"),
        (PEOPLE.assign(g=["a", None, "b", "b"]), {"clusters": "g"}, "1 row without a cluster .* row 2"),
        (PEOPLE.assign(w=[1, np.nan, 1, 1]), {"weights": "w"}, "1 row with no weight"),
    ],
)
def test_frames_that_are_no_survey(frame: pd.DataFrame, design: dict[str, str], match: str) -> None:
    with pytest.raises(sv.SurveyorError, match=match):
        sv.Survey(frame, design=sv.Design(**design))


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands here")
    study = ROOT / "data" / "copenhagen"
    result = CliRunner().invoke(main, ["report", str(study), "--out", str(tmp_path / "taken")])
    assert result.exit_code == 2
    assert "nothing can be written there" in result.output
    assert "--out" in result.output
    assert (tmp_path / "taken").read_text() == "a file stands here"


def test_a_language_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["report", str(tmp_path), "--lang", "fr"])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_answers_elsewhere(tmp_path: Path) -> None:
    """--data names the folder of the answers where they do not lie beside the study."""
    f = Folder(tmp_path)
    (tmp_path / "vault").mkdir()
    shutil.move(f.path / "residents.sav", tmp_path / "vault")
    assert CliRunner().invoke(main, ["check", str(tmp_path)]).exit_code == 2
    assert CliRunner().invoke(main, ["check", str(tmp_path), "--data", str(tmp_path / "vault")]).exit_code == 0
