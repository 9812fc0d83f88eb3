"""The same tasks in svy, run by the Python of its own environment: svy_tasks.py FOLDER REPEATS."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import svy
from clock import clock, peak_memory, say
from people import ALL, load
from rows import COVARIATES, OUTCOMES


def parquet(folder: Path) -> Path:
    """The file of all columns, packed once."""
    path = folder / "people.parquet"
    if not path.is_file():
        pl.DataFrame(load(folder, ALL)).write_parquet(path)
    return path


def sample_of(frame: pl.DataFrame) -> svy.Sample:
    """The frame with its design."""
    return svy.Sample(frame, svy.Design(stratum="h", psu="psu", wgt="w"))


def numbers(found: Any, *columns: str) -> list[float]:
    """Columns of a result, one after the other."""
    table = found.to_polars()
    return [value for name in columns for value in table[name].to_list()]


def means(sample: svy.Sample) -> list[float]:
    """20 means in two groups."""
    found = sample.estimation.mean(list(OUTCOMES), by="g")
    pairs = [numbers(each, "est", "se") for each in found]
    return [value for pair in pairs for value in pair[:2]] + [value for pair in pairs for value in pair[2:]]


def difference(sample: svy.Sample) -> list[float]:
    """One mean in group 1 minus that in group 2."""
    return numbers(sample.estimation.mean("y1", by="g").contrast(svy.estd(1) - svy.estd(2)), "est", "se")


def shares(sample: svy.Sample) -> list[float]:
    """Five shares in two groups."""
    return numbers(sample.estimation.prop("item", by="g"), "est", "se")


def logistic(sample: svy.Sample) -> list[float]:
    """Seven slopes and a constant."""
    return numbers(sample.glm.fit("hit", x=list(COVARIATES), family="binomial"), "estimate", "std_err")


def crosstab(sample: svy.Sample) -> list[float]:
    """Rao and Scott's F of two items."""
    found = sample.categorical.tabulate("g", "item").stats.f
    return [found.value, found.df_num]


def quartiles(sample: svy.Sample) -> list[float]:
    """Three quantiles with intervals."""
    return numbers(sample.estimation.quantile("y1", p=(0.25, 0.5, 0.75)), "est", "lci", "uci")


def bootstrap(sample: svy.Sample) -> list[float]:
    """Rao and Wu's bootstrap."""
    replicated = sample.weighting.create_bs_wgts(n_reps=500, rstate=1)
    return numbers(replicated.estimation.mean("y1", by="g", method="replication"), "est")


def battery(sample: svy.Sample) -> list[float]:
    """20 t tests and Holm's p by hand, for svy adjusts none; svy subtracts the first group."""
    found = [numbers(sample.categorical.ttest(y, group="g"), "diff", "p_value") for y in OUTCOMES]
    p = np.sort([each[1] for each in found])
    np.maximum.accumulate(np.minimum(1, p * np.arange(len(p), 0, -1)))
    return [-each[0] for each in found]


def battery_joint(sample: svy.Sample) -> list[float]:
    """The quicker way, for the record: one joint call for the means, then 20 contrasts."""
    found = sample.estimation.mean(list(OUTCOMES), by="g")
    return [numbers(each.contrast(svy.estd(1) - svy.estd(2)), "est")[0] for each in found]


def main(folder: Path, repeats: int) -> None:
    """Time every task; the bootstrap takes a minute and gigabytes, so it runs once."""
    frame = pl.read_parquet(parquet(folder))
    clock("design", lambda: frame, lambda frame: [sample_of(frame).n_records], repeats)
    for task in (means, difference, shares, logistic, crosstab, quartiles, battery, battery_joint):
        clock(task.__name__, lambda: sample_of(frame), task, repeats)
    before = peak_memory()
    clock("bootstrap", lambda: sample_of(frame), bootstrap, 1, warm=False)
    versions = f"svy {svy.__version__}, svy_rs {version('svy_rs')}, polars {pl.__version__}, numpy {np.__version__}"
    say("engine", versions=versions, peak=peak_memory(), peak_before_bootstrap=before)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
