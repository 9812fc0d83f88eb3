"""The shell of the project: what an import costs, what is pinned, what must not stand in any file."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT

HEAVY = ("jupyterlab", "nbformat", "nbclient", "matplotlib", "seaborn", "statsmodels", "pyreadstat")


@pytest.mark.parametrize(
    "code",
    ["import surveyor", "import surveyor as sv, pandas as pd; sv.Survey(pd.DataFrame({'y': [1.0, 2.0]})).mean('y').se"],
)
def test_an_import_loads_nothing_heavy(code: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sorted(sys.modules))"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {name.split(".")[0] for name in told} & set(HEAVY)


def test_public_names_are_there() -> None:
    import surveyor

    for name in dir(surveyor):
        assert getattr(surveyor, name)
    with pytest.raises(AttributeError, match="has no attribute 'Serveys'"):
        _ = surveyor.Serveys


def dependencies() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def test_every_dependency_is_pinned_with_a_hash_and_argued_for() -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    argued = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(dependencies()) == {"", "lab", "reports", "zh", "test"}
    for extra, needs in dependencies().items():
        for need in needs:
            name = re.match(r"[A-Za-z0-9_-]+", need)[0]
            assert re.search(rf"^{name}==\S+ .*\\\n    --hash=sha256:", pins, re.MULTILINE), name
            assert extra == "test" or name in argued, f"{name} has no line in CONTRIBUTING"
    assert "://" not in pins
    assert not re.search(r"^--", pins, re.MULTILINE)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return listed.stdout.splitlines()


def test_nothing_is_tracked_that_must_not_be() -> None:
    names = tracked()
    assert "uv.lock" not in names
    data = [name for name in names if name.startswith("data/") and not name.endswith((".md", ".yaml", ".py"))]
    made = ("communities.csv", "compounds.xlsx", "contacts.csv", "residents.sav", "truth.json", "workers.csv")
    simulated = [f"data/demo/{name}" for name in made]
    assert data == ["data/copenhagen/counts.csv", "data/copenhagen/residents.sav", *simulated]


def test_no_registry_and_no_path_of_one_machine() -> None:
    hosts = re.compile(r"https?://[^\s\"')]*(py" + r"pi|python" + r"hosted|npm" + r"js)", re.IGNORECASE)
    paths = re.compile(r"(?<![\w./-])/(wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/")
    for name in tracked():
        if name.endswith((".sav", ".png", ".xlsx")):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not hosts.search(text), name
        assert not paths.search(text), name


def test_the_residents_file_is_the_counts_expanded(tmp_path) -> None:
    """make.py writes what is committed, value for value."""
    import shutil

    import pandas as pd
    import pyreadstat

    for name in ("make.py", "counts.csv"):
        shutil.copy(ROOT / "data" / "copenhagen" / name, tmp_path)
    subprocess.run([sys.executable, str(tmp_path / "make.py")], check=True)
    made, meta = pyreadstat.read_sav(str(tmp_path / "residents.sav"))
    kept, kept_meta = pyreadstat.read_sav(str(ROOT / "data" / "copenhagen" / "residents.sav"))
    pd.testing.assert_frame_equal(made, kept)
    assert meta.variable_value_labels == kept_meta.variable_value_labels
    assert meta.column_names_to_labels == kept_meta.column_names_to_labels


def test_the_wheel_holds_the_notebooks(tmp_path) -> None:
    """An installed package must find its report without the checkout."""
    from zipfile import ZipFile

    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("pip is not installed here")
    subprocess.run(command, cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = ZipFile(wheel).namelist()
    assert "surveyor/notebooks/report.ipynb" in names
    assert not [name for name in names if name.startswith(("tests/", "data/"))]


@pytest.mark.parametrize(
    ("setting", "match"),
    [
        ("sys.modules['ensurepip'] = None", "sudo apt install python3-venv"),
        ("sys.version_info = (3, 10, 4)", "Python 3.11 or newer is needed"),
    ],
)
def test_set_up_says_what_is_missing(setting: str, match: str, tmp_path) -> None:
    """A machine without Debian's venv package, or with an older Python, is told what to do."""
    code = (
        f"import sys, pathlib, tasks; tasks.STAMP = pathlib.Path({str(tmp_path / 'none')!r}); {setting}; tasks.setup()"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert match in told.stderr
