"""The README shows what the code gives: its table is compared, its ten lines are run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import surveyor as sv
from tests import exports
from tests.conftest import ROOT

README = ROOT / "README.md"
TABLE = re.compile(r"(<!-- table.*?-->\n)(.*?)(<!-- /table -->)", re.DOTALL)


def test_the_table_is_that_of_the_study(copenhagen: sv.Study) -> None:
    table = copenhagen.residents.compare(copenhagen.outcomes(), by="type").table()
    rows = [[cell.text for cell in row] for row in (*table.header, *table.body)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|" + "---|" + "---:|" * (table.width - 1))
    body = "\n" + "\n".join(lines) + "\n\n"
    text = README.read_text(encoding="utf-8")
    if os.environ.get("SURVEYOR_UPDATE"):
        README.write_text(TABLE.sub(lambda m: m[1] + body + m[3], text), encoding="utf-8")
        text = README.read_text(encoding="utf-8")
    assert TABLE.search(text)[2] == body


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_lines_from_the_field_run(tmp_path: Path) -> None:
    asked = sv.Questionnaire.load(ROOT / "questionnaires" / "resident.yaml")
    (form,) = asked.export("xlsform", tmp_path)
    exports.kobo(form, asked, exports.simulated(asked, 30, 1), tmp_path / "export.xlsx")
    code = f"import surveyor as sv\n{blocks()[1]}".replace("questionnaires/", f"{ROOT.as_posix()}/questionnaires/")
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "residents.sav").is_file()


def test_the_ten_lines_run(tmp_path) -> None:
    code, _ = blocks()
    code = code.replace('"reports"', repr(str(tmp_path)))
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert list(tmp_path.glob("*.html"))


def test_pictures_are_there() -> None:
    for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / name).is_file()
