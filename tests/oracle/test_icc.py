"""One-way random effects against lme4 1.1.31 (R 4.2.2), NIST's analyses of variance, and matrices of all rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.measure.compounds import Compounds, compounds
from surveyor.measure.compounds.one_way import fitted
from surveyor.measure.compounds.shrunken import shrunken, variances_unknown
from surveyor.measure.compounds.sums import sums_of

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "icc_r.csv", dtype={"compound": "Int64"})
KEYS = ["data", "outcome", "part"]
PARTS = sorted(set(REFERENCE[KEYS].itertuples(index=False, name=None)))
FILES = {"clustered": "clustered.csv", "demo": "icc_demo.csv", "schools": "icc_schools.csv", "clus1": "api_clus1.csv"}
CLUSTERS = {"clustered": "cluster", "demo": "compound", "schools": "compound", "clus1": "dnum"}
#: Below this share of sigma^2, lmer's own optimum is 0 up to rounding.
ZERO = 1e-9


def frame_of(data: str) -> pd.DataFrame:
    return pd.read_csv(HERE / FILES[data])


def asked(data: str, outcome: str, part: str) -> Compounds:
    frame = frame_of(data)
    by = "type" if "type" in frame.columns and part != "everybody" else None
    survey = sv.Survey(frame, design=sv.Design(clusters=CLUSTERS[data]))
    return compounds(survey.where("type != 'other'") if by and data == "demo" else survey, outcome, by)


def rows_of(data: str, outcome: str, part: str) -> pd.DataFrame:
    return REFERENCE[(REFERENCE[KEYS] == [data, outcome, part]).all(axis=1)]


def test_nothing_is_left_out() -> None:
    assert len(PARTS) == 4 * 4 + 7 * 5 + 3 + 3
    singular = REFERENCE[(REFERENCE["quantity"] == "tau2") & (REFERENCE["value"] < ZERO)]
    assert len(singular) >= 5  # the bound is among the cases


@pytest.mark.parametrize(("data", "outcome", "part"), PARTS)
def test_lmer(data: str, outcome: str, part: str) -> None:
    """Variances and means to 1e-5 (lmer's optimiser), ends of the ratio to 1e-7."""
    made = asked(data, outcome, part)
    one = made.part(outcome, "within types" if part == "within" else "all" if part == "everybody" else part)
    rows = rows_of(data, outcome, part)
    r = rows[rows["compound"].isna()].set_index("quantity")["value"]
    model = one.model
    assert model is not None
    np.testing.assert_allclose(model.sigma2, r["sigma2"], rtol=1e-5)
    if r["tau2"] < ZERO * r["sigma2"]:
        assert model.tau2 == 0
        assert "tau2 = 0" in one.note
    else:
        np.testing.assert_allclose(model.tau2, r["tau2"], rtol=1e-5)
    means = [r[name] for name in ("mu", "mu old", "mu estate") if name in r.index]
    np.testing.assert_allclose(np.sort(model.mu), np.sort(means), rtol=1e-7)
    ratios = np.array(one.ends) / (1 - np.array(one.ends))
    np.testing.assert_allclose(ratios, [r["low"], r["high"]], rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize(("data", "outcome", "part"), [each for each in PARTS if each[2] in ("all", "within")])
def test_empirical_bayes_means(data: str, outcome: str, part: str) -> None:
    """Each compound's mean, and its squared error as far as variances are known, to 1e-6."""
    made = asked(data, outcome, part)
    model = made.part(outcome, "within types" if part == "within" else part).model
    assert model is not None
    value, se = shrunken(model)
    known = np.sqrt(se**2 - 2 * variances_unknown(model))
    ids = made.survey.frame[CLUSTERS[data]].to_numpy()[made.first[model.sums.unit]]
    rows = rows_of(data, outcome, part)
    for quantity, mine in (("shrunken", value), ("pev", known**2)):
        r = rows[rows["quantity"] == quantity].set_index("compound")["value"]
        if len(r):
            np.testing.assert_allclose(mine, r.loc[ids].to_numpy(), rtol=1e-6)
            assert len(r) == len(ids)


@pytest.mark.parametrize("name", ["SiRstv", "AtmWtAg"])
def test_nist_balanced(name: str) -> None:
    """In a balanced layout tau^2 = (mean square between - within) / n, here (F - 1) s^2 / n as NIST certifies them."""
    frame = pd.read_csv(HERE / "nist" / f"{name}.csv")
    certified = pd.read_csv(HERE / "nist" / "certified.csv")
    r = certified[certified["set"] == name].set_index("quantity")["value"].astype(float)
    codes = frame["treatment"].to_numpy() - 1
    sums = sums_of(frame["y"].to_numpy(), codes, np.zeros(codes.max() + 1, dtype=int))
    n = len(frame) / sums.compounds
    model = fitted(sums)
    np.testing.assert_allclose(model.sigma2, r["residual_sd"] ** 2, rtol=1e-7)
    np.testing.assert_allclose(model.tau2, (r["F"] - 1) * r["residual_sd"] ** 2 / n, rtol=1e-7)
