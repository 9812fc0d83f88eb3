"""surveyor's tasks, the floor under them and their memory: surveyor_tasks.py FOLDER WHAT REPEATS [TASK ...]."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy
import statsmodels
from clock import NotThereYetError, clock, peak_memory, reason, say
from people import load, totals
from rows import COVARIATES, DESIGN, OUTCOMES, ROWS

import surveyor as sv

PLAN = sv.Design(weights="w", strata="h", clusters="psu")


def survey_of(frame: pd.DataFrame) -> sv.Survey:
    """A survey without any column read yet."""
    return sv.Survey(frame, design=PLAN)


def design(frame: pd.DataFrame) -> list[float]:
    """Code weights, strata and clusters."""
    return [len(survey_of(frame))]


def means(survey: sv.Survey) -> list[float]:
    """20 means in two groups."""
    found = survey.mean(OUTCOMES, by="g")
    return [*found.values, *found.se]


def difference(survey: sv.Survey) -> list[float]:
    """One mean in group 1 minus that in group 2."""
    found = survey.mean("y1", by="g").contrast([1, -1])
    return [*found.values, *found.se]


def shares(survey: sv.Survey) -> list[float]:
    """Five shares in two groups."""
    found = survey.proportion("item", by="g")
    return [*found.values, *found.se]


def logistic(survey: sv.Survey) -> list[float]:
    """Seven slopes and a constant."""
    table = _there(survey, "regress")(f"hit ~ {' + '.join(COVARIATES)}", family="binomial").to_frame()
    return [*table["value"], *table["se"]]


def crosstab(survey: sv.Survey) -> list[float]:
    """Rao and Scott's F of two items."""
    found = survey.crosstab("g", "item").test()
    return [found.statistic, found.df]


def quartiles(survey: sv.Survey) -> list[float]:
    """Three quantiles with intervals."""
    table = _there(survey, "quantile")("y1", [0.25, 0.5, 0.75]).to_frame()
    return [*table["value"], *table["low"], *table["high"]]


def bootstrap(survey: sv.Survey) -> list[float]:
    """Rao and Wu's bootstrap; the numbers compared are the means, for errors depend on chance."""
    found = survey.with_replicates("bootstrap", n=500, seed=1).mean("y1", by="g")
    assert np.isfinite(found.se).all()
    return [*found.values]


def battery(survey: sv.Survey) -> list[float]:
    """20 differences, p and Holm's p."""
    from surveyor.compare.multiplicity import adjusted

    found = survey.compare(OUTCOMES, by="g", correct="holm")
    assert np.isfinite(adjusted(found.p, found.correct)).all()
    return [*found.differences.values]


def battery_frame(survey: sv.Survey) -> list[float]:
    """The whole comparison."""
    return [*survey.compare(OUTCOMES, by="g", correct="holm").to_frame()["difference"]]


TASKS = {task.__name__: task for task in (design, means, difference, shares, logistic, crosstab, quartiles)}
TASKS |= {"bootstrap": bootstrap, "bootstrap_after": bootstrap, "battery": battery, "battery_frame": battery_frame}


def _there(survey: sv.Survey, method: str) -> Callable[..., Any]:
    found = getattr(survey, method, None)
    if found is None:
        raise NotThereYetError(f"survey.{method}")
    return found


def start_of(key: str, folder: Path) -> Callable[[], Any]:
    """What makes a fresh start of a task."""
    columns = load(folder, (*DESIGN, *ROWS[key].columns))
    frame = pd.DataFrame(totals(columns) if key == "bootstrap_after" else columns)
    return (lambda: frame) if key == "design" else (lambda: survey_of(frame))


def floor(folder: Path, key: str, repeats: int) -> None:
    """w @ Y over the columns of a task."""
    names = ROWS[key].columns
    if names:
        columns = load(folder, ("w", *names))
        Y = np.stack([columns[name].astype(float) for name in names]).T
        clock(key, lambda: Y, lambda Y: list(columns["w"] @ Y), repeats)


def memory(folder: Path, key: str) -> None:
    """Peak extra memory of a task over the bytes of the columns it reads.

    tracemalloc counts what numpy and pandas allocate from the call to its peak. The frame is there before; the
    design and the columns read are not, so a first question pays for coding the design too.
    """
    columns = load(folder, (*DESIGN, *ROWS[key].columns))
    used = sum(column.nbytes for column in columns.values())
    frame = pd.DataFrame(columns)
    try:
        TASKS[key](frame if key == "design" else survey_of(frame))  # so that imports do not count
        tracemalloc.start()
        TASKS[key](frame if key == "design" else survey_of(frame))
        whole = tracemalloc.get_traced_memory()[1]
        survey = survey_of(frame)
        built = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        TASKS[key](frame if key == "design" else survey)
        alone = tracemalloc.get_traced_memory()[1] - built
    except Exception as error:  # shown in the table
        say(key, skipped=reason(error))
    else:
        say(key, used=used, extra=alone, whole=whole)
    finally:
        tracemalloc.stop()


def main(folder: Path, what: str, repeats: int, keys: list[str]) -> None:
    """Time, weigh or find the floor of some tasks or all of them."""
    if what == "floor":
        for key in keys or [key for key in TASKS if key != "bootstrap_after"]:
            floor(folder, key, repeats)
    elif what == "memory":
        for key in keys or [key for key in TASKS if key != "bootstrap_after"]:
            memory(folder, key)
    else:
        for key in keys or TASKS:
            clock(key, start_of(key, folder), TASKS[key], repeats)
        versions = f"surveyor {sv.__version__}, numpy {np.__version__}, pandas {pd.__version__}"
        versions += f", scipy {scipy.__version__}, statsmodels {statsmodels.__version__}"
        say("engine", versions=f"{versions}, Python {sys.version.split()[0]}", peak=peak_memory())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:])
