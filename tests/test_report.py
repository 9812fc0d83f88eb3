"""The report: what a reader gets, and what must never be in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import ReportError, UsageError
from surveyor.report.build import template
from surveyor.report.document import document
from surveyor.report.page import page
from surveyor.report.runner import declared, run
from surveyor.show import FIGURE, PROSE, TABLE
from tests.conftest import ROOT

STUDY = ROOT / "data" / "copenhagen"


class Page(HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.skip = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.skip = tag == "style"

    def handle_data(self, data: str) -> None:
        self.text += "" if self.skip else data + " "

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    steps: list[tuple[int, int]] = []
    path = sv.Study.load(STUDY).report(tmp_path_factory.mktemp("out"), lambda done, of: steps.append((done, of)))
    assert [done for done, _ in steps] == list(range(1, steps[-1][1] + 1)), "progress after every cell"
    return path


@pytest.fixture(scope="module")
def html(made: Path) -> Page:
    return Page(made.read_text(encoding="utf-8"))


def test_two_files_and_nothing_else(made: Path) -> None:
    assert sorted(path.name for path in made.parent.iterdir()) == [
        "copenhagen-report-en.html",
        "copenhagen-report-en.ipynb",
    ]
    assert made.stat().st_size < 1_000_000


def test_nothing_is_loaded_from_anywhere(html: Page) -> None:
    loading = ("src", "srcset", "href", "data", "poster", "action", "background", "formaction")
    for tag, attrs in html.tags:
        for name in loading:
            if value := attrs.get(name):
                assert value.startswith(("data:image/svg+xml;base64,", "#")), (tag, name)
    assert not {tag for tag, _ in html.tags} & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not any(name.startswith("on") for _, attrs in html.tags for name in attrs)
    policy = next(meta["content"] for meta in html.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy


def test_styles_and_drawings_load_nothing(made: Path) -> None:
    text = made.read_text(encoding="utf-8")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_structure(html: Page) -> None:
    assert html.all("html") == [{"lang": "en"}]
    assert len(html.all("h1")) == 1
    assert len(html.all("title")) == 1
    assert any(meta.get("name") == "viewport" for meta in html.all("meta"))
    targets = {attrs["id"] for _, attrs in html.tags if attrs.get("id")}
    assert {str(a["href"]).lstrip("#") for a in html.all("a")} <= targets
    titles = html.all("h2")
    assert len(titles) >= 8


def test_every_image_has_alternative_text(html: Page) -> None:
    images = html.all("img")
    assert len(images) >= 5
    assert all(len(image.get("alt") or "") > 60 for image in images)
    assert len(html.all("source")) == len(images), "a narrow drawing for phones beside each"


def test_tables_have_heads_and_captions(html: Page) -> None:
    tables = html.all("table")
    assert len(tables) == len(html.all("caption")) >= 3
    assert {th["scope"] for th in html.all("th")} <= {"col", "row", "rowgroup"}


def test_no_code_is_shown(html: Page) -> None:
    assert not {tag for tag, _ in html.tags} & {"code", "pre", "textarea"}
    assert "study_file" not in html.text
    assert "surveyor report STUDY" not in html.text


def test_numbers_are_those_of_the_published_counts(html: Page) -> None:
    """Counted from counts.csv here, looked for in the page."""
    counts = pd.read_csv(STUDY / "counts.csv")
    for column in ("Cont", "Infl", "Sat"):
        for kind in ("Tower", "Terrace"):
            group = counts[counts["Type"] == kind]
            share = 100 * group.loc[group[column] == "High", "Freq"].sum() / group["Freq"].sum()
            assert f"{int(share * 10 + 0.5) / 10:.1f} %" in html.text
    by_type = counts.groupby("Type")["Freq"].sum()
    for n in (*by_type, counts["Freq"].sum()):
        assert f"{n:,}" in html.text


def test_the_caveats_are_printed(html: Page) -> None:
    assert "no weights, strata or clusters" in html.text
    assert "Left out of the comparison" in html.text
    assert "the survey cannot tell" in html.text
    assert "Seed: 1976" in html.text
    assert re.search(r"SHA-256 of the file: [0-9a-f]{64}", html.text)
    assert "pandas 3" in html.text


@pytest.mark.parametrize("word", ["cause", "leads to", "effect of", "due to", "drives", "no difference"])
def test_no_word_claims_too_much(word: str, html: Page) -> None:
    assert word not in html.text.lower()


def test_two_builds_are_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = sv.Study.load(STUDY).report(tmp_path)
    assert again.read_bytes() == made.read_bytes()
    assert again.with_suffix(".ipynb").read_bytes() == made.with_suffix(".ipynb").read_bytes()


def test_the_notebook_keeps_nothing_of_this_machine(made: Path) -> None:
    text = made.with_suffix(".ipynb").read_text(encoding="utf-8")
    nb = nbformat.reads(text, as_version=4)
    nbformat.validate(nb)
    assert str(ROOT) not in text
    assert str(Path.home()) not in text
    assert "execution" not in json.dumps(nb.metadata)


def test_outputs_carry_private_data_beside_html(made: Path) -> None:
    nb = nbformat.read(made.with_suffix(".ipynb"), as_version=4)
    kinds = {TABLE: 0, FIGURE: 0, PROSE: 0}
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in kinds:
                if kind in data:
                    kinds[kind] += 1
                    assert "text/plain" in data
                    assert data["text/html"]
    assert min(kinds.values()) >= 3


HOSTILE = '<script>x=1</script><img src=http://e.vil onerror=x> $x$ {{7*7}} "quotes" & ]]> \u202e =cmd()'


def test_hostile_labels_appear_as_text(tmp_path: Path) -> None:
    for name in ("study.yaml", "residents.sav"):
        shutil.copy(STUDY / name, tmp_path)
    asked = (ROOT / "questionnaires" / "copenhagen.yaml").read_text(encoding="utf-8")
    quoted = json.dumps(HOSTILE)
    asked = asked.replace("Contact with other residents", quoted, 1).replace("en: High,", f"en: {quoted},")
    (tmp_path / "copenhagen.yaml").write_text(asked, encoding="utf-8")
    study = (tmp_path / "study.yaml").read_text(encoding="utf-8").replace("../../questionnaires/", "")
    (tmp_path / "study.yaml").write_text(study.replace("tower-block residents", quoted), encoding="utf-8")
    nb, failed = run(template("report"), {"study_file": "study.yaml"}, tmp_path, lambda done, of: None)
    assert failed is None
    text = page(document(nb, "en"))
    hostile = Page(text)
    assert not {tag for tag, _ in hostile.tags} & {"script", "iframe"}
    assert all(str(img["src"]).startswith("data:") for img in hostile.all("img"))
    assert HOSTILE in hostile.text


def test_a_failing_cell_keeps_the_earlier_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = tmp_path / "copenhagen-report-en.html"
    earlier.write_text("the earlier report")
    nb = nbformat.read(template("report"), as_version=4)
    nb.cells[5].source = "1 / 0"
    broken = tmp_path / "broken.ipynb"
    nbformat.write(nb, broken)
    monkeypatch.setattr("surveyor.report.build.template", lambda name: broken)
    with pytest.raises(ReportError, match=r"cell 6 of broken.ipynb failed: ZeroDivisionError"):
        sv.Study.load(STUDY).report(tmp_path)
    assert earlier.read_text() == "the earlier report"
    kept = nbformat.read(tmp_path / "copenhagen-report-en.failed.ipynb", as_version=4)
    assert kept.cells[3].outputs
    assert not [path.name for path in tmp_path.iterdir() if path.suffix == ".part"]


@pytest.mark.parametrize(
    ("parameters", "match"),
    [
        ({"studyfile": "x"}, "Did you mean 'study_file'"),
        ({"lang": 3}, "is int"),
        ({"x=1; import os": "1"}, "no parameter"),
        ({"data_folder": object()}, "not a plain value"),
    ],
)
def test_parameters_are_checked_before_anything_runs(parameters: dict[str, object], match: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=match):
        run(template("report"), parameters, tmp_path, lambda done, of: None)


@pytest.mark.parametrize("source", ["import os", "x = y", "x = [i for i in ()]", "x, y = 1, 2", "x.y = 1"])
def test_a_parameters_cell_holds_literals_only(source: str) -> None:
    with pytest.raises(UsageError):
        declared(source)


def test_nbval_sees_a_changed_number(tmp_path: Path) -> None:
    """One stored number is changed; nbval must fail and name the private table."""
    nb = nbformat.read(ROOT / "notebooks" / "report.ipynb", as_version=4)
    cell = next(c for c in nb.cells if c.source == "gaps")
    cell.outputs[0].data[TABLE]["body"][0][1]["value"] += 1e-6
    path = tmp_path / "notebooks" / "report.ipynb"
    path.parent.mkdir()
    nbformat.write(nb, path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "questionnaires").symlink_to(ROOT / "questionnaires")
    code = "import sys; sys.modules['rfc3987_syntax'] = None; import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    options = ["--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
    options += ["-c", str(ROOT / "tests/notebooks/pytest.ini"), "--rootdir", str(tmp_path)]
    options += ["--nbval-sanitize-with", str(ROOT / "tests/notebooks/sanitize.cfg"), str(path)]
    result = subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "1 failed" in result.stdout
    assert TABLE in result.stdout
