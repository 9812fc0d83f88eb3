"""NIST's Statistical Reference Datasets (StRD): certified digits of means, deviations, F and regressions.

The log relative error LRE = -log10 |x - c| / |c| counts the digits that agree with the certified c, at most 15. Every
set is asked for as it stands, with weights 1/3, with each row standing twice, and with every row a cluster of its own.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from tests.oracle import make_nist as nist

CERTIFIED = nist.certified()
SETS = (*nist.UNIVARIATE, *nist.ANOVA, *nist.REGRESSION)
FORMS = ("ones", "thirds", "twice", "clusters")

#: Least LRE of the standard deviation: what the data leave once their decimals are stored as doubles, and no less.
SD_DIGITS = {"NumAcc3": 9, "NumAcc4": 8}
#: Least LRE of F: 13 constant leading digits (SmLs07-09) leave 3 or 4 digits to a deviation of 0.1.
F_DIGITS = {"AtmWtAg": 11, "SmLs04": 9, "SmLs05": 9, "SmLs06": 9, "SmLs07": 3, "SmLs08": 3, "SmLs09": 3}
#: Least LRE of regression coefficients. Wampler4 and 5 are noise of 10^4 and 10^5 times the signal: R has 7.5 and 5.5.
COEFFICIENT_DIGITS = {"Longley": 7, "Filip": 6, "Wampler4": 8, "Wampler5": 6}

#: Certified values that no public call gives: errors of a survey are those of its design, not those of the model.
NOT_OFFERED = {
    "standard deviations of coefficients (9 sets)": "the model's own errors",
    "residual standard deviation (11 sets)": "the scale of a linear model",
    "F of SiRstv in one call": "the test of equal means does not pool variances of treatments that differ",
}


def test_every_set_is_here() -> None:
    assert {name for name, _ in CERTIFIED} == set(SETS)
    assert (len(nist.UNIVARIATE), len(nist.ANOVA), len(nist.REGRESSION)) == (9, 11, 11)


@pytest.mark.parametrize("name", SETS)
def test_certified_numbers_follow_from_the_observations(name: str) -> None:
    """A wrong digit in either would show: exact arithmetic gives every certified digit."""
    assert nist.differences(name) == []


def lre(value: float, certified: str) -> float:
    """Digits of `value` that agree with `certified`; absolute digits where that is 0; 15 at most."""
    exact = Decimal(certified)
    error = abs(Decimal(float(value)) - exact) / (abs(exact) or 1)
    return 15.0 if error == 0 else min(15.0, -math.log10(error)) if value == value else -math.inf


def survey_of(columns: dict[str, object], form: str) -> sv.Survey:
    frame = pd.DataFrame(columns)
    if form == "twice":
        frame = pd.concat([frame, frame], ignore_index=True)
    frame = frame.assign(w=1 / 3 if form == "thirds" else 1.0, id=np.arange(len(frame)))
    return sv.Survey(frame, design=sv.Design(weights="w", clusters="id" if form == "clusters" else None))


def unrepeated(squared: float, rows: int, form: str, lost: int = 1) -> float:
    """A variance with denominator rows - lost from that of rows standing twice, whose denominator is 2 rows - lost."""
    return squared * (2 * rows - lost) / (2 * (rows - lost)) if form == "twice" else squared


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", nist.UNIVARIATE)
def test_means_and_standard_deviations(name: str, form: str) -> None:
    y = [float(v) for v in nist.univariate(name)]
    survey = survey_of({"y": y}, form)
    mean, sd = survey.mean("y").values[0], survey.estimate(sv.StandardDeviation("y")).values[0]
    assert lre(mean, CERTIFIED[name, "mean"]) >= 14
    sd = math.sqrt(unrepeated(sd**2, len(y), form))
    assert lre(sd, CERTIFIED[name, "sd"]) >= SD_DIGITS.get(name, 13)


@pytest.mark.parametrize("name", nist.UNIVARIATE)
def test_the_standard_error_of_a_simple_sample_is_sd_over_root_n(name: str) -> None:
    y = [float(v) for v in nist.univariate(name)]
    told = Decimal(CERTIFIED[name, "sd"]) / Decimal(len(y)).sqrt()
    for form in ("ones", "thirds", "clusters"):
        assert lre(survey_of({"y": y}, form).mean("y").se[0], str(told)) >= SD_DIGITS.get(name, 13)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", nist.ANOVA)
def test_analysis_of_variance(name: str, form: str) -> None:
    """F from the means and variances of the treatments; their means to 14 digits."""
    texts, treatments = nist.anova(name)
    y = [float(v) for v in texts]
    survey = survey_of({"y": y, "treatment": treatments}, form)
    means = survey.mean("y", by="treatment").values
    variances = survey.estimate(sv.Variance("y"), by="treatment").values
    labels, sizes = np.unique(treatments, return_counts=True)
    cells = {t: [v for v, u in zip(texts, treatments, strict=True) if u == t] for t in labels}
    for mean, t in zip(means, labels, strict=True):
        assert lre(mean, str(nist.exactly_of(cells[t])["mean"])) >= 14
    n, k = len(y), len(labels)
    within = sum(unrepeated(v, m, form) * (m - 1) for v, m in zip(variances, sizes, strict=True)) / (n - k)
    centred = means - means[0]
    between = (sizes * (centred - (sizes * centred).sum() / n) ** 2).sum() / (k - 1)
    assert lre(between / within, CERTIFIED[name, "F"]) >= F_DIGITS.get(name, 12)
    assert lre(math.sqrt(within), CERTIFIED[name, "residual_sd"]) >= F_DIGITS.get(name, 12)


@pytest.mark.parametrize("name", [name for name in nist.ANOVA if name != "SiRstv"])
def test_the_wald_test_is_the_analysis_of_variance(name: str) -> None:
    """Where treatments (here strata) have equal sizes and variances, or are two of one size, both F are the same."""
    texts, treatments = nist.anova(name)
    frame = pd.DataFrame({"y": [float(v) for v in texts], "treatment": treatments})
    means = sv.Survey(frame, design=sv.Design(strata="treatment")).mean("y", by="treatment")
    k = len(means)
    made = means.contrast(np.column_stack([-np.ones(k - 1), np.eye(k - 1)])).test(df="stata")
    assert lre(made.statistic, CERTIFIED[name, "F"]) >= F_DIGITS.get(name, 12)
    assert (made.df, made.df2) == (k - 1, len(frame) - k)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", nist.REGRESSION)
def test_regression(name: str, form: str) -> None:
    """Coefficients by least squares; Filip may also be refused by a message that speaks of rank."""
    X = nist.model_columns(name)
    y = [float(v) for v in nist.regression(name)[0]]
    columns = {term: [float(v) for v in column] for term, column in X.items() if term != "B0"}
    survey = survey_of({"y": y, **columns}, form)
    formula = "y ~ " + " + ".join([*([] if "B0" in X else ["0"]), *columns])
    if name == "Filip":
        with contextlib.suppress(sv.SurveyorError):
            check_coefficients(survey.regress(formula, family="gaussian"), name, X)
            return
        with pytest.raises(sv.SurveyorError, match="rank"):
            survey.regress(formula, family="gaussian")
        return
    check_coefficients(survey.regress(formula, family="gaussian"), name, X)


def check_coefficients(made: Any, name: str, X: Iterable[str]) -> None:
    for value, term in zip(made.to_frame()["value"], X, strict=True):
        assert lre(value, CERTIFIED[name, term]) >= COEFFICIENT_DIGITS.get(name, 9), term
