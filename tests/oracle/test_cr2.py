"""CR2 and its degrees of freedom against clubSandwich on weighted linear fits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.design.cr2 import cr2

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "cr2_r.csv")
MADE = pd.read_csv(HERE / "clustered.csv")
MADE = MADE.assign(high=(MADE["rating"] >= 4).where(MADE["rating"].notna()).astype(float))
CLUS1 = pd.read_csv(HERE / "api_clus1.csv")
CLUS1 = CLUS1.assign(w=CLUS1["pw"] * (1 + CLUS1["snum"] % 3))
FITS = {
    "y by type": ("y", ["type"]),
    "high by type": ("high", ["type"]),
    "y by type (few)": ("y", ["type"]),
    "high by type (few)": ("high", ["type"]),
    "y with covariates": ("y", ["type", "x", "member"]),
    "y with covariates (few)": ("y", ["type", "x"]),
    "api00 with covariates": ("api00", ["ell", "meals", "stype"]),
}


def frame_of(case: str) -> tuple[pd.DataFrame, str]:
    if case.startswith("api00"):
        return CLUS1, "dnum"
    return (MADE[MADE["cluster"] <= 12] if case.endswith("(few)") else MADE), "cluster"


def test_nothing_is_left_out() -> None:
    assert set(REFERENCE["case"]) == set(FITS)


@pytest.mark.parametrize("case", FITS)
def test_against_clubsandwich(case: str) -> None:
    frame, cluster = frame_of(case)
    outcome, terms = FITS[case]
    used = frame.dropna(subset=[outcome, *terms])
    columns = [pd.get_dummies(used[[term]], drop_first=True, dtype=float).to_numpy() for term in terms]
    X = np.column_stack([np.ones(len(used)), *columns])
    y, w = used[outcome].to_numpy(dtype=float), used["w"].to_numpy(dtype=float)
    b = np.linalg.solve((X * w[:, None]).T @ X, X.T @ (w * y))
    D, df = cr2(X, w, y - X @ b, np.unique(used[cluster], return_inverse=True)[1], np.eye(X.shape[1]))
    r = REFERENCE[REFERENCE["case"] == case]
    np.testing.assert_allclose(b, r["value"], rtol=1e-9)
    np.testing.assert_allclose(np.sqrt((D**2).sum(axis=0)), r["se"], rtol=1e-9)
    np.testing.assert_allclose(df, r["df"], rtol=1e-8)


@pytest.mark.parametrize("case", [case for case in FITS if "by type" in case])
def test_comparison_by_name(case: str) -> None:
    frame, _ = frame_of(case)
    outcome = FITS[case][0]
    survey = sv.Survey(frame, design=sv.Design("w", strata="stratum", clusters="cluster"))
    row = survey.compare(outcome, by="type", inference="cr2").to_frame().iloc[0]
    r = REFERENCE[(REFERENCE["case"] == case) & (REFERENCE["term"] == "typeold")].iloc[0]
    np.testing.assert_allclose([-row["difference"], row["se"]], [r["value"], r["se"]], rtol=1e-9)
    np.testing.assert_allclose([row["df"], row["p"]], [r["df"], r["p"]], rtol=1e-8)
