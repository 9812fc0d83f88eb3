"""The line for whatever takes more than two seconds."""

from __future__ import annotations

import io
import time

import pytest

import surveyor.waiting
from surveyor.waiting import waiting


def test_a_line_appears_once_it_takes_long_and_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveyor.waiting, "PATIENCE", 0.05)
    monkeypatch.setattr(surveyor.waiting, "STEP", 0.01)
    seen = io.StringIO()
    with waiting("Reading a.sav", seen):
        time.sleep(0.2)
    lines = seen.getvalue().split("\r")
    assert lines[1].startswith("Reading a.sav [=")
    assert len(set(lines[1:-2])) > 3  # the bar moves
    assert lines[-2].strip() == lines[-1] == ""


def test_nothing_is_said_of_what_is_quick_or_seen_by_nobody() -> None:
    seen = io.StringIO()
    with waiting("Reading a.sav", seen):
        pass
    assert seen.getvalue() == ""
    assert not surveyor.waiting._watched(io.StringIO())


def test_an_error_passes_through_and_ends_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveyor.waiting, "PATIENCE", 0.01)
    seen = io.StringIO()

    def divide() -> None:
        with waiting("Dividing", seen):
            time.sleep(0.05)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        divide()
    assert seen.getvalue().endswith("\r")
