"""The engines side by side: how each is started, and why one is left out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WORK = HERE / ".work"
SVY = "svy==0.35.0"
#: Settings of OpenBLAS that some machines carry and that would favour or harm one engine.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass
class Engine:
    """What an engine said: one record per task, or the reason why it is left out."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    reason: str = ""

    def best(self, key: str) -> float:
        """The shortest time of a task, NaN where there is none."""
        return min(self.found.get(key, {}).get("seconds", [float("nan")]))

    def shown(self, key: str) -> str:
        """Why a task has no time."""
        otherwise = "" if not self.reason else "ended early" if self.found else "skipped"
        return str(self.found.get(key, {}).get("skipped", otherwise))


def surveyor(folder: Path, what: str, repeats: int, keys: Sequence[str] = ()) -> Engine:
    """surveyor in this Python: what is "time", "floor" or "memory"."""
    return _collected([sys.executable, str(HERE / "surveyor_tasks.py"), str(folder), what, str(repeats), *keys])


def svy(folder: Path, repeats: int) -> Engine:
    """svy in an environment of its own, made once."""
    home = WORK / "svy"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _runs([str(python), "-c", f"import svy; assert svy.__version__ == {SVY.split('==')[1]!r}"]):
        print(f"Installing {SVY} into an environment of its own ...", file=sys.stderr, flush=True)
        shutil.rmtree(home, ignore_errors=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", SVY]
        if not _runs([sys.executable, "-m", "venv", str(home)]) or not _runs(pip):
            return Engine(reason=f"pip could not install {SVY}")
    return _collected([str(python), str(HERE / "svy_tasks.py"), str(folder), str(repeats)])


def r_survey(folder: Path, few: Path, repeats: int) -> Engine:
    """R survey, where Rscript finds it; `few` holds the rows of the bootstrap."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return Engine(reason="there is no Rscript on the path")
    if not _runs([rscript, "-e", "library(survey)"]):
        return Engine(reason="R has no package 'survey'")
    return _collected([rscript, str(HERE / "r_tasks.R"), str(folder), str(few), str(repeats)])


def _collected(command: list[str]) -> Engine:
    """Run an engine and gather the lines of JSON it prints."""
    engine = Engine()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        for record in _records(process):
            print(f"  {record['task']}", file=sys.stderr, flush=True)
            engine.found[record.pop("task")] = record
    if process.returncode:
        engine.reason = f"ended early with exit code {process.returncode}"
    return engine


def _records(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    for line in process.stdout or ():
        if line.startswith("{"):
            yield json.loads(line)


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, env=_environment()).returncode == 0
    except OSError:
        return False


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in UNSET}
