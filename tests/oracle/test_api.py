"""R survey's api data: strata, stages, finite populations and lonely units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "api_r.csv", dtype={"group": str})
DATA = {name: pd.read_csv(HERE / f"api_{name}.csv") for name in ("strat", "clus1", "clus2")}
DATA["clus1"] = DATA["clus1"].assign(f=15 / 757, many=900)


def design(name: str, rule: str) -> tuple[pd.DataFrame, sv.Design]:
    frame = DATA[name.split("_")[0].replace("lonely", "clus1")]
    return frame, {
        "strat": sv.Design("pw", strata="stype", fpc="fpc"),
        "strat_wr": sv.Design("pw", strata="stype"),
        "clus1": sv.Design("pw", clusters="dnum", fpc="fpc"),
        "clus1_fraction": sv.Design("pw", clusters="dnum", fpc="f"),
        "clus1_wr": sv.Design("pw", clusters="dnum"),
        "clus2": sv.Design("pw", clusters=["dnum", "snum"], fpc=["fpc1", "fpc2"]),
        "clus2_wr": sv.Design("pw", clusters=["dnum", "snum"]),
        "clus2_first": sv.Design("pw", clusters="dnum", fpc="fpc1"),
        "lonely": sv.Design("pw", strata="dnum", lonely=rule),
        "lonely_fpc": sv.Design("pw", strata="dnum", fpc="many", lonely=rule),
    }[name]


CASES = sorted(set(zip(REFERENCE["design"], REFERENCE["rule"], strict=True)))


def test_every_design_of_the_reference_is_asked_for() -> None:
    assert len(CASES) == 8 + 2 * 3
    assert len(REFERENCE) == len(CASES) * 10


@pytest.mark.parametrize(("name", "rule"), CASES)
def test_design(name: str, rule: str) -> None:
    frame, columns = design(name, rule)
    survey = sv.Survey(frame, design=columns)
    made = {
        "mean api00": survey.mean("api00").beside(survey.mean("api00", by="stype")),
        "total enroll": survey.total("enroll"),
        "ratio api_stu/enroll": survey.ratio("api_stu", "enroll"),
        "total meals": survey.total("meals", by="stype"),
        "difference api00": survey.mean("api00", by="comp_imp").contrast([1, -1]),
    }
    rows = REFERENCE[(REFERENCE["design"] == name) & (REFERENCE["rule"] == rule)]
    for statistic, estimate in made.items():
        r = rows[rows["statistic"].str.replace(".", "_") == statistic]
        assert len(r) == len(estimate)
        np.testing.assert_allclose(estimate.values, r["value"], rtol=1e-11)
        if statistic == "difference api00" and rule == "average":
            # R averages over the strata of each domain for a mean in a domain, and over all strata for the covariance
            # of two domains, so that its difference does not follow from its means; ours does, within 3 %.
            np.testing.assert_allclose(estimate.se, r["se"], rtol=0.03)
            continue
        np.testing.assert_allclose(estimate.se, r["se"], rtol=1e-9)
        if statistic != "difference api00":
            np.testing.assert_array_equal(estimate.df, r["df"])
