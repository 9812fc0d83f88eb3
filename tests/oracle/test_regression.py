"""Regression under designs against R survey's svyglm and svyolr, its regTermTest, and clubSandwich."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

import surveyor as sv
from tests.conftest import ROOT

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "regression_r.csv")
TYPES = {"stype": {"E": 4421, "H": 755, "M": 1018}}

SCHOOLS = {
    "linear": ("api00 ~ ell + meals + stype", "gaussian", "stype"),
    "crossed": ("api00 ~ meals * comp_imp", "gaussian", "meals:comp_imp"),
    "powers": ("api00 ~ poly(meals, 2) + log(many) + stype - 1", "gaussian", "poly(meals, 2)"),
    "logit": ("hi ~ ell + meals", "binomial", "meals"),
    "probit": ("hi ~ ell + meals", "probit", None),
    "poisson": ("many ~ stype + meals", "poisson", "stype"),
    "ordinal": ("api4 ~ ell + stype", "ordinal", "stype"),
}
RESIDENTS = {
    "linear": ("y ~ type + x", "gaussian", "type"),
    "logit": ("good ~ type + x + member", "binomial", "member"),
    "poisson": ("member ~ type * x", "poisson", "type:x"),
    "ordinal": ("rating ~ type + x", "ordinal", "type"),
}


@cache
def survey(name: str) -> sv.Survey:
    if name == "people":
        d = pd.read_csv(HERE / "clustered.csv")
        d = d.assign(good=(d["rating"] >= 4).where(d["rating"].notna()))
        return sv.Survey(d.astype({"good": float}), design=sv.Design("w", "stratum", "cluster"))
    file = {"strat": "strat", "jkn": "strat", "clus2": "clus2"}.get(name, "clus1")
    d = pd.read_csv(HERE / f"api_{file}.csv")
    d = d.assign(hi=(d["api00"] > 650).astype(float), many=d["enroll"].fillna(300))
    d["api4"] = pd.cut(d["api00"], [0, 500, 600, 700, 1000], labels=["low", "fair", "good", "high"])
    if file == "strat":
        made = sv.Survey(d, design=sv.Design("pw", strata="stype", fpc="fpc"))
        return made.with_replicates("JKn") if name == "jkn" else made
    if file == "clus2":
        return sv.Survey(d, design=sv.Design("pw", clusters=["dnum", "snum"], fpc=["fpc1", "fpc2"]))
    made = sv.Survey(d, design=sv.Design("pw", clusters="dnum", fpc="fpc"))
    if name == "poststratified":
        return made.calibrate(TYPES, "poststratify")
    return made.with_replicates("JK1") if name == "jk1" else made


@cache
def model(name: str, domain: str, kind: str) -> Any:
    asked = survey(name)
    if domain == "part":
        asked = asked.where("x > 4" if name == "people" else "comp_imp == 'Yes'")
    formula, family, _ = (RESIDENTS if name == "people" else SCHOOLS)[kind]
    family, link = ("binomial", "probit") if family == "probit" else (family, "logit")
    return asked.regress(formula, family=family, inference="design", link=link)


def reference(name: str, domain: str, kind: str) -> dict[str, np.ndarray]:
    rows = REFERENCE[(REFERENCE["design"] == name) & (REFERENCE["domain"] == domain) & (REFERENCE["model"] == kind)]
    return {part: some["value"].to_numpy() for part, some in rows.groupby("part")}


CASES = [
    each
    for each in dict.fromkeys(zip(REFERENCE["design"], REFERENCE["domain"], REFERENCE["model"], strict=True))
    if each[2] in SCHOOLS
]


def far(ours: Any, theirs: Any) -> float:
    """Largest relative difference; absolute where the number is under 1e-8."""
    ours, theirs = np.atleast_1d(np.asarray(ours, dtype=float)), np.atleast_1d(np.asarray(theirs, dtype=float))
    assert ours.shape == theirs.shape
    return float((np.abs(ours - theirs) / np.where(np.abs(theirs) < 1e-8, 1.0, np.abs(theirs))).max())


def check(part: str, ours: Any, theirs: np.ndarray, tolerance: float) -> None:
    assert far(ours, theirs) <= tolerance, f"{part}: {ours} is not {theirs}, {far(ours, theirs):.1e} apart"


def test_every_model_of_the_reference_is_asked_for() -> None:
    assert len(REFERENCE) > 1000
    assert len(CASES) == 4 * 13 + 2 * 11 + 8


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_coefficients(case: tuple[str, str, str]) -> None:
    name, domain, kind = case
    made, known = model(*case).coefficients, reference(*case)
    if name == "poststratified" and domain == "part" and kind == "powers":
        # R makes the polynomials of a domain of calibrated weights from all residents, and those of other domains, as
        # ours, from the domain's; both span the same, so the test of the term agrees (below).
        return
    if kind == "ordinal":  # R stops where its likelihood does not change: judged beside the standard error
        size = np.maximum(np.abs(known["value"]), known["se"])
        assert (np.abs(made.values - known["value"]) / size).max() < 1e-6
        check("se", made.se, known["se"], 1e-7)
        return
    replicated = name in ("jk1", "jkn")
    check("value", made.values, known["value"], 1e-8 if kind == "probit" else 1e-10)
    if kind != "probit":
        check("se", made.se, known["se"], 1e-10)
    elif replicated:  # R refits with its first, coarser steps
        check("se", made.se, known["se"], 1e-7)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_tests_deviance_and_degrees_of_freedom(case: tuple[str, str, str]) -> None:
    name, domain, kind = case
    made, known = model(*case), reference(*case)
    counted = not (name == "jkn" and domain == "part")  # R takes the rank of the replicates, ours units minus strata
    if counted:
        assert made.residual_df == known["df"][0]
    if "test" in known:
        test = made.test((RESIDENTS if name == "people" else SCHOOLS)[kind][2], df="r")
        tolerance = 1e-7 if kind == "ordinal" else 1e-9
        check("F", test.statistic, known["test"][:1], tolerance)
        if counted:
            check("p", test.p, known["test"][1:], tolerance)
    # R's mean weight counts rows without an answer, and in domains of calibrated weights all residents
    whole = name != "people" and not (name == "poststratified" and domain == "part")
    if kind == "ordinal":
        if whole or name == "people":
            check("deviance", made.deviance, known["deviance"], 1e-12)
    elif kind == "powers":  # R's null model has no constant either
        if whole:
            check("deviance", made.deviance, known["deviance"][:1], 1e-12)
    elif whole:
        check("deviance", [made.deviance, made.null_deviance], known["deviance"], 1e-12)
    else:
        check("share", made.deviance / made.null_deviance, [known["deviance"][0] / known["deviance"][1]], 1e-12)


@pytest.mark.parametrize("case", [c for c in CASES if c[2] == "probit" and c[0] in ("clus1", "strat")], ids="-".join)
def test_probit_has_the_exact_derivative_where_r_has_its_expectation(case: tuple[str, str, str]) -> None:
    """R's sandwich has the expected information, ours the observed, which the weights' derivative is made of."""
    made = model(*case)
    columns, w = made._rows
    X = made.model.statistic.matrix.rows(columns, len(w))
    eta = X @ made.coefficients.values
    density = np.exp(-(eta**2) / 2) / np.sqrt(2 * np.pi)
    share = ndtr(eta)
    expected = (X * (w * density**2 / share / (1 - share))[:, None]).T @ X
    told = made.model.statistic.family.slopes(columns["hi"], eta[:, None])
    observed = (X * (w * told.second[:, 0, 0])[:, None]).T @ X
    turn = np.linalg.solve(expected, observed)
    D = made.coefficients.deviations @ turn.T
    known = reference(*case)["se"]
    np.testing.assert_allclose(np.sqrt((D**2).sum(axis=0)), known, rtol=1e-9)
    assert 1e-3 < np.abs(made.coefficients.se / known - 1).max() < 0.1


def test_averages_of_a_model_as_the_jackknife_has_them() -> None:
    made = survey("clus1").regress("hi ~ stype + meals", "binomial", inference="jackknife")
    near = survey("clus1").regress("hi ~ stype + meals", "binomial")
    for part, ours, other in [
        ("adjusted", made.adjusted("stype"), near.adjusted("stype")),
        ("slope", made.margins("meals"), near.margins("meals")),
    ]:
        known = reference("clus1", "all", part)
        check("value", ours.values, known["value"], 1e-10)
        check("se", ours.se, known["se"], 1e-9)
        np.testing.assert_allclose(other.values, ours.values, rtol=1e-12)
        np.testing.assert_allclose(other.se, ours.se, rtol=0.3)


def test_cr2_as_clubsandwich_has_it() -> None:
    made = survey("people").regress("y ~ type + x", inference="cr2").coefficients
    known = reference("people", "all", "cr2")
    check("value", made.values, known["value"], 1e-10)
    check("se", made.se, known["se"], 1e-9)
    check("df", made.df, known["df"], 1e-8)


def test_copenhagen() -> None:
    """The published model of Venables and Ripley (Modern Applied Statistics with S), to the printed digits."""
    study = sv.Study.load(ROOT / "data" / "copenhagen")
    made = study.residents.regress("satisfaction ~ influence + dwelling + contact", family="ordinal")
    printed = [0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603, -0.4961, 0.6907]
    np.testing.assert_allclose(made.coefficients.values, printed, atol=5.01e-5)
    assert abs(made.deviance - 3479.149) < 5e-4
    assert made.n == 1681


def test_multinomial_as_statsmodels_has_it() -> None:
    """Whole weights are repeated rows."""
    from statsmodels.discrete.discrete_model import MNLogit

    d = pd.read_csv(HERE / "clustered.csv")[["rating", "x", "member", "w"]].dropna().reset_index(drop=True)
    d = d.assign(w=np.ceil(d["w"]), rating=d["rating"].clip(2, 4))
    made = sv.Survey(d, design=sv.Design("w")).regress("rating ~ x + member", family="multinomial")
    rows = d.loc[d.index.repeat(d["w"].astype(int))]
    X = np.column_stack([np.ones(len(rows)), rows["x"], rows["member"]])
    fit = MNLogit(rows["rating"].to_numpy(), X).fit(method="newton", maxiter=50, tol=1e-14, disp=0)
    np.testing.assert_allclose(made.coefficients.values, np.asarray(fit.params).T.ravel(), rtol=1e-9)
    np.testing.assert_allclose(made.deviance / made.n, -2 * fit.llf / len(rows), rtol=1e-12)
    jackknife = sv.Survey(d, design=sv.Design("w")).regress(
        "rating ~ x + member", family="multinomial", inference="jackknife"
    )
    np.testing.assert_allclose(jackknife.coefficients.se, made.coefficients.se, rtol=0.05)


@pytest.mark.parametrize("family", ["gaussian", "binomial", "poisson", "ordinal", "multinomial"])
def test_the_score_at_the_solution_is_zero(family: str) -> None:
    d = pd.read_csv(HERE / "clustered.csv")
    d = d.assign(good=(d["rating"] >= 4).where(d["rating"].notna()), rating=d["rating"].clip(upper=4))
    outcome = {"gaussian": "y", "binomial": "good"}.get(family, "rating")
    made = sv.Survey(d.astype({"good": float}), design=sv.Design("w")).regress(f"{outcome} ~ x + type", family=family)
    columns, w = made._rows
    solved = made.model.statistic.solved(columns, w)
    score = np.zeros(len(solved.optimum.place))
    for at, Q in solved.base.blocks(columns, len(w)):
        told = solved.family.slopes(solved.y[at], solved.layout.eta(Q, solved.optimum.place))
        score += solved.layout.summed(Q, w[at, None] * told.first)
    assert np.abs(score).max() / w.sum() < 1e-11
