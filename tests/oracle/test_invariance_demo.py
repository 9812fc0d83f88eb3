"""The ladder under clusters against R (invariance_demo.R).

lavaan leaves clusters out where items are ordinal; here it is given the covariance of the sample statistics between
compounds, and a jackknife over compounds is run in R.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.measure.chi_square import of_difference, of_model
from surveyor.measure.invariance.ladder import held
from surveyor.measure.setting import Setting, setting_of
from surveyor.measure.specify import ORDER, Equal
from tests.oracle.test_invariance import once_less

HERE = Path(__file__).parent
TABLE = pd.read_csv(HERE / "invariance_demo_r.csv", keep_default_na=False, na_values=[""], dtype={"group": "Int64"})
TWO = {"rec": ["rb06", "rb07", "rb08"], "tru": ["rb09", "rb10", "rb11"]}
FIVE = {
    "net": ["rb01", "rb02", "rb03", "rb04"], **TWO, "bel": ["rb13", "rb14", "rb15"], "coh": ["rb16", "rb17", "rb18"],
}  # fmt: skip
MODELS = {"two": TWO, "five": FIVE}
STEPS = {"configural": (), **{what: ORDER[: k + 1] for k, what in enumerate(ORDER)}}


def setting(case: str, continuous: bool = False) -> Setting:
    frame = pd.read_csv(HERE / "measure_demo.csv")
    if continuous:
        frame = frame.dropna(subset=[item for items in TWO.values() for item in items]).reset_index(drop=True)
    design = sv.Design(weights="weight", strata="stratum", clusters="compound")
    return setting_of(sv.Survey(frame, design=design), MODELS[case], "type", continuous)


def told(case: str, what: str) -> float:
    found = TABLE[(TABLE["case"] == case) & (TABLE["what"] == what)]["value"]
    assert len(found) == 1, (case, what)
    return float(found.iloc[0])


def test_statistics_and_their_covariance_between_compounds() -> None:
    """R moves the weights of a whole compound by 2 % up and down: 1e-4 of the differences are its own."""
    made = setting("two")
    moments, names = made.moments, made.items.names
    q = moments.layout.size
    for g in range(2):
        rows = TABLE[(TABLE["case"] == "two compounds") & (TABLE["group"] == g + 1)]
        se = np.sqrt((moments.deviations[:, g * q : (g + 1) * q] ** 2).sum(axis=0))
        i, j = moments.layout.pairs
        ours = {
            frozenset((names[a], names[b])): (value, each)
            for a, b, value, each in zip(
                i, j, moments.values[g, moments.layout.covariances], se[moments.layout.covariances], strict=True
            )
        }
        for row in rows[rows["what"] == "sample_cov"].itertuples():
            value, each = ours[frozenset((row.lhs, row.rhs))]
            assert value == pytest.approx(row.value, abs=1e-6)
            assert each == pytest.approx(row.se, rel=2e-4)


@pytest.mark.parametrize("case", ["two", "two compounds", "five"])
def test_the_ladder(case: str) -> None:
    ours = setting(case.split()[0])
    made = once_less(ours, "weights")
    moments = replace(ours.moments, df=np.full(2, np.inf))
    before, plain = made.fitted(made.specified()), {}
    for name, alike in STEPS.items():
        solution = held(made, Equal(alike), before)
        of = f"{case} {name}"
        assert solution.least == pytest.approx(told(of, "chisq"), rel=1e-5)
        means = TABLE[(TABLE["case"] == of) & (TABLE["what"] == "factor_mean") & (TABLE["group"] == 2)]
        factors = list(MODELS[case.split()[0]])
        mine = [solution.parameters.arrays(solution.theta, 1)["factor mean"][factors.index(f)] for f in means["lhs"]]
        np.testing.assert_allclose(mine, means["value"], atol=1e-5)
        assert solution.df == told(of, "df")
        plain[name] = replace(solution, distance=ours.distance)
        if case == "two compounds":
            test = of_model(plain[name], moments)
            assert test.scale == pytest.approx(told(of, "scaling"), rel=1e-3)
            assert test.statistic == pytest.approx(told(of, "chisq_scaled"), rel=1e-3)
        before = solution


@pytest.mark.parametrize("case", ["two", "five"])
def test_the_jackknife_over_compounds(case: str) -> None:
    rows = TABLE[TABLE["case"] == f"{case} jackknife"]
    assert len(rows) > 20
    made = setting(case)
    solution = held(made, Equal(("thresholds", "loadings", "intercepts")), made.fitted(made.specified()))
    deviations, lost = made.deviations([solution])
    assert lost == 0
    se = np.sqrt((deviations**2).sum(axis=0))
    factors, names = list(MODELS[case]), made.items.names
    mine = {}
    for parameter, value, each in zip(solution.parameters.free, solution.theta, se, strict=True):
        groups = (1, 2) if parameter.group is None else (parameter.group + 1,)
        for g in groups:
            if parameter.kind == "loading":
                mine["loading", factors[parameter.at[1]], names[parameter.at[0]], g] = value, each
            if parameter.kind == "factor mean":
                mine["factor_mean", factors[parameter.at[0]], "", g] = value, each
    checked = 0
    for row in rows.fillna({"rhs": ""}).itertuples():
        key = (row.what, row.lhs, row.rhs, int(row.group))
        if key in mine:
            value, each = mine[key]
            assert value == pytest.approx(row.value, abs=5e-5), key
            assert each == pytest.approx(row.se, rel=2e-4), key
            checked += 1
    assert checked >= (8 if case == "two" else 20)


@pytest.mark.parametrize("step", ["configural", "metric", "scalar"])
def test_numbers_under_the_design(step: str) -> None:
    """Maximum likelihood with the covariance of means and covariances between compounds (Oberski 2014)."""
    made = setting("two", continuous=True)
    moments = replace(made.moments, df=np.full(2, np.inf))
    alike = {"configural": (), "metric": ("loadings",), "scalar": ("loadings", "intercepts")}[step]
    solution = held(made, Equal(alike), made.fitted(made.specified()))
    test = of_model(solution, moments)
    of = f"numbers design {step}"
    assert test.least == pytest.approx(told(of, "chisq"), rel=1e-6)
    assert test.scale == pytest.approx(told(of, "scaling"), rel=1e-5)
    assert test.statistic == pytest.approx(told(of, "chisq_scaled"), rel=1e-5)


def test_differences_of_numbers_under_the_design() -> None:
    made = setting("two", continuous=True)
    moments = replace(made.moments, df=np.full(2, np.inf))
    before = made.fitted(made.specified())
    for name, alike in [("metric", ("loadings",)), ("scalar", ("loadings", "intercepts"))]:
        solution = held(made, Equal(alike), before)
        wanted = TABLE[(TABLE["case"] == "numbers design") & (TABLE["rhs"] == name)].set_index("what")["value"]
        found = of_difference(solution, before, moments)
        assert found.df == wanted["diff_df"]
        assert found.statistic == pytest.approx(wanted["diff_chisq"], rel=1e-3)
        before = solution
