"""How long the ladder of invariance takes: five facets, 16 items, 1,000 residents in 40 compounds.

    python -m benchmarks.ladder --write

prints the table, and stores it in benchmarks/LADDER.md. R is timed where it has lavaan and semTools.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent / "tests" / "oracle" / "measure_demo.csv"
FACETS = {
    "net": ["rb01", "rb02", "rb03", "rb04"], "rec": ["rb06", "rb07", "rb08"], "tru": ["rb09", "rb10", "rb11"],
    "bel": ["rb13", "rb14", "rb15"], "coh": ["rb16", "rb17", "rb18"],
}  # fmt: skip
REPEATS = 3


def surveyor_times() -> dict[str, float]:
    """Best of three, in seconds: the whole ladder; its parts."""
    import pandas as pd

    import surveyor as sv
    from surveyor.measure.invariance.ladder import climb
    from surveyor.measure.setting import setting_of

    survey = sv.Survey(pd.read_csv(DATA), design=sv.Design(weights="weight", strata="stratum", clusters="compound"))
    found: dict[str, list[float]] = {"whole": [], "statistics": [], "ladder": []}
    for _ in range(REPEATS):
        start = time.perf_counter()
        survey.invariance(FACETS, by="type")
        found["whole"].append(time.perf_counter() - start)
        start = time.perf_counter()
        setting = setting_of(survey, FACETS, "type")
        found["statistics"].append(time.perf_counter() - start)
        start = time.perf_counter()
        climb(setting)
        found["ladder"].append(time.perf_counter() - start)
    return {name: min(times) for name, times in found.items()}


def r_times() -> tuple[float, float, str] | None:
    """Seconds of the ladder without errors between compounds, of one refit, and the version of lavaan."""
    if shutil.which("Rscript") is None:
        return None
    made = subprocess.run(
        ["Rscript", str(HERE / "ladder.R"), str(DATA)], capture_output=True, text=True, check=False
    )  # fmt: skip
    if made.returncode:
        return None
    whole, one, version = made.stdout.split()[-3:]
    return float(whole), float(one), version


def page() -> str:
    """The table as Markdown."""
    ours, theirs = surveyor_times(), r_times()
    lines = [
        "# The ladder of invariance: how long it takes",
        "",
        "Five facets with 16 items (one a logged count), 1,000 residents in 40 compounds, weights, strata, two types;",
        f"best of {REPEATS}, {os.cpu_count()} cores. Written by `python -m benchmarks.ladder --write`.",
        "",
        "| what | seconds |",
        "|---|---|",
        _line("surveyor: everything, with 40 fits of the model without each compound, dMACS and gates", ours["whole"]),
        _line("of this: thresholds, correlations and their covariance between compounds", ours["statistics"]),
        _line("of this: five models, tests, score tests where a step is refused", ours["ladder"]),
    ]
    if theirs is not None:
        ladder, one, version = theirs
        ratio = (ladder + 40 * one) / ours["whole"]
        lines += [
            _line(f"R, lavaan {version}, semTools: models, difference and score tests, compounds left out", ladder),
            _line("R: one fit without a compound, of the 40 that its errors would need", one),
            "",
            f"R's ladder with 40 refits would take {ratio:.0f} times as long as ours.",
        ]
    return "\n".join(lines) + "\n"


def _line(what: str, seconds: float) -> str:
    return f"| {what} | {seconds:.2f} |"


def main() -> None:
    """Print the page, and with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the page as benchmarks/LADDER.md")
    made = page()
    print(made)
    if parser.parse_args().write:
        (HERE / "LADDER.md").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
