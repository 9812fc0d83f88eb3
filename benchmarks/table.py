"""What was found, as Markdown: ratios first, then seconds, memory and growth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from engines import Engine
from rows import DESIGN, LINEAR, ROWS

NAMES = {"surveyor": "surveyor", "svy": "svy", "R": "R survey"}


def times(found: Mapping[str, Engine], floor: Engine, r_few: int) -> str:
    """One line per task."""
    head = ["task", "svy / surveyor", "R / surveyor", "surveyor / floor", "surveyor", "must reach", "svy", "R"]
    head += ["floor", "agree within"]
    lines = []
    for key, row in ROWS.items():
        own, base = found["surveyor"].best(key), floor.best(key)
        star = f" at {r_few:,} rows" if key == "bootstrap" and key in found["R"].found else ""
        line = [row.title]
        line += [_times(found[name].best(key) / own) for name in ("svy", "R")]
        line[-1] += star if line[-1] else ""
        line += [_times(own / base), _cell(found["surveyor"], key), _seconds(row.target)]
        line += [_cell(found["svy"], key), _cell(found["R"], key) + star, _seconds(base)]
        lines.append([*line, _agreement(found, key)])
    return _table(head, lines)


def notes(found: Mapping[str, Engine]) -> str:
    """What each line includes, and the quicker way of the peers."""
    said = [f"- {row.title}: {row.includes}." for row in ROWS.values()]
    quick = [(NAMES[name], found[name].best("battery_joint")) for name in ("svy", "R")]
    shown = ", ".join(f"{name} {_seconds(best)}" for name, best in quick if math.isfinite(best))
    if shown:
        said.append(f"- The peers' quicker way to the 20 gaps, one joint table and 20 contrasts, without p: {shown}.")
    return "\n".join(said)


def engines(found: Mapping[str, Engine]) -> str:
    """Versions, the most memory each process held, or why an engine was left out."""
    lines = []
    for name, engine in found.items():
        about = engine.found.get("engine", {})
        peak = _bytes(float(about.get("peak", math.nan)))
        if "peak_before_bootstrap" in about:
            peak += f" ({_bytes(float(about['peak_before_bootstrap']))} before the bootstrap)"
        reason = f"skipped: {engine.reason}" if engine.reason and not engine.found else engine.reason
        lines.append([NAMES[name], about.get("versions", ""), peak, reason])
    return _table(["engine", "versions", "most memory of the process", ""], lines)


def memory(engine: Engine) -> str:
    """Peak extra memory of surveyor's tasks as a multiple of the columns they read."""
    lines = []
    for key, row in ROWS.items():
        about = engine.found.get(key)
        if about is None:
            continue
        columns = f"{len(row.columns) + len(DESIGN)}"
        if "skipped" in about:
            lines.append([row.title, columns, "", about["skipped"], ""])
            continue
        used = about["used"]
        cells = [f"{about[part] / used:.2f}" for part in ("extra", "whole")]
        lines.append([row.title, columns, _bytes(used), *cells])
    return _table(["task", "columns", "their bytes", "extra, survey built", "extra, with coding the design"], lines)


def growth(found: Mapping[str, tuple[int, Engine]]) -> str:
    """Seconds by number and order of rows, and per million rows."""
    lines = []
    for key in LINEAR:
        best = [(n, engine.best(key)) for n, engine in found.values()]
        each = [f"{_seconds(b)} ({_seconds(b / n * 1e6)} a million)" for n, b in best]
        lines.append([ROWS[key].title, *each])
    return _table(["task", *found], lines)


def _agreement(found: Mapping[str, Engine], key: str) -> str:
    """The largest relative difference of a peer's numbers from surveyor's."""
    own = found["surveyor"].found.get(key, {}).get("numbers", [])
    worst = math.nan
    for name in ("svy", "R"):
        other = found[name].found.get(key, {}).get("numbers", [])
        if own and len(other) == len(own):
            apart = max(abs(a - b) / max(abs(a), 1e-300) for a, b in zip(own, other, strict=True))
            worst = max(apart, 0.0 if math.isnan(worst) else worst)
    return "" if math.isnan(worst) else f"{worst:.0e}" if worst else "equal"


def _cell(engine: Engine, key: str) -> str:
    return _seconds(engine.best(key)) or engine.shown(key)


def _seconds(x: float) -> str:
    return f"{x:.2g} s" if math.isfinite(x) and x < 10 else f"{x:.0f} s" if math.isfinite(x) else ""


def _times(x: float) -> str:
    return f"{x:.2g} x" if math.isfinite(x) and x < 10 else f"{x:.0f} x" if math.isfinite(x) else ""


def _bytes(x: float) -> str:
    return f"{x / 1e9:.2g} GB" if x >= 1e9 else f"{x / 1e6:.0f} MB" if math.isfinite(x) else ""


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, *lines]
    wide = [max(len(row[k]) for row in rows) for k in range(len(head))]
    text = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)) + " |" for row in rows]
    return "\n".join([text[0], "|" + "|".join("-" * (w + 2) for w in wide) + "|", *text[1:]])
