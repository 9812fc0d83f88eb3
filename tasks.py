"""Set up the project and run it: `python tasks.py report`, `python tasks.py test`.

Only the standard library is used, so that the same script works on Windows without make.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PINS = ROOT / "requirements.txt"
#: Study -> its file of answers.
STUDIES = {"demo": "residents.sav", "copenhagen": "residents.sav", "bloomington": "bloomington_2017.sav"}
STAMP = VENV / "installed"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# Marks a slow import of JupyterLab's as absent before pytest loads nbval (see CONTRIBUTING).
PYTEST = "import sys; sys.modules['rfc3987_syntax'] = None; import pytest; sys.exit(pytest.main(sys.argv[1:]))"


def setup() -> None:
    """Create .venv and install the pinned packages and the project, unless that is done already."""
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    wanted = hashlib.sha256(PINS.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    print("Setting up .venv (once; a few minutes) ...", flush=True)
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            "This Python cannot create virtual environments. On Debian and Ubuntu:\n"
            f"    sudo apt install python3-venv python{sys.version_info.major}.{sys.version_info.minor}-venv"
        )
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(VENV))
    pip = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", str(PINS))
    run(*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(wanted)


def report() -> None:
    """The reports of the simulated study, of Copenhagen, and of Bloomington where its answers are in its folder."""
    for study, answers in STUDIES.items():
        if (ROOT / "data" / study / answers).is_file():
            surveyor("report", f"data/{study}", "--out", "reports")
        else:
            print(f"{study}: its answers may not be passed on; see data/{study}/PROVENANCE.md for where they are")


def test() -> None:
    """Lint, types, unit tests, and the notebooks compared with their stored results."""
    module("ruff", "check", ".")
    module("ruff", "format", "--check", "--quiet", ".")
    module("mypy")
    module("pytest", "-p", "no:nbval")
    os.environ["SURVEYOR_QUIET"] = "1"  # a slow machine must not add lines to the notebooks
    notebooks = ("-p", "no:cacheprovider", "-c", "tests/notebooks/pytest.ini", "--rootdir", ".", "notebooks")
    run(str(PYTHON), "-c", PYTEST, "--nbval", "--nbval-current-env",
        "--nbval-sanitize-with", "tests/notebooks/sanitize.cfg", *notebooks)  # fmt: skip


def notebooks() -> None:
    """Run every notebook and store its results: for developers, after a change that is meant to show."""
    code = (
        "import sys, nbformat; from pathlib import Path; from surveyor.report.runner import run\n"
        "for path in map(Path, sys.argv[1:]):\n"
        "    nb, failed = run(path, {}, path.parent, lambda done, of: None)\n"
        "    path.write_text(nbformat.writes(nb) + '\\n', encoding='utf-8')\n"
        "    if failed: raise failed"
    )
    run(str(PYTHON), "-c", code, *(str(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))))


def benchmark() -> None:
    """surveyor beside R survey and svy on a million made-up residents: some ten minutes, see benchmarks/run.py."""
    run(str(PYTHON), "benchmarks/run.py")


def surveyor(*arguments: str) -> None:
    """Run the command line of the project."""
    module("surveyor", *arguments)


def module(*arguments: str) -> None:
    """Run a module with the Python of .venv."""
    run(str(PYTHON), "-m", *arguments)


def run(*command: str) -> None:
    """Run a command in the project's folder; leave with its exit code where it fails."""
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


TASKS = {"report": report, "test": test, "notebooks": notebooks, "benchmark": benchmark}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in TASKS:
        sys.exit(f"Usage: python tasks.py {'|'.join(TASKS)}")
    setup()
    TASKS[sys.argv[1]]()
