"""Quantiles and their Woodruff intervals against R survey's svyquantile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "quantiles_r.csv", na_values=["NaN", "NA"], keep_default_na=False)
DESIGNS = {
    "strat": ("api_strat", "api00", sv.Design("pw", strata="stype", fpc="fpc")),
    "clus1": ("api_clus1", "api00", sv.Design("pw", clusters="dnum", fpc="fpc")),
    "clus2": ("api_clus2", "api00", sv.Design("pw", clusters=["dnum", "snum"], fpc=["fpc1", "fpc2"])),
    "clustered": ("clustered", "y", sv.Design("w", strata="stratum", clusters="cluster")),
}
#: Exactly .9 of the weight lies at or below 845. R adds up 90 weights of 44.21 and finds a little less than .9 of 100
#: such weights, so that it goes on to the next school; ours takes shares that differ by rounding as the same.
TIES = {("strat", 'stype == "E"', rule, 0.9): value for rule, value in (("math", 845.0), ("school", 846.0))}
METHODS = {"mean": "wald", "beta": "beta", "xlogit": "logit"}
CASES = sorted(set(zip(REFERENCE["design"], REFERENCE["domain"], REFERENCE["rule"], strict=True)))


def test_nothing_is_left_out() -> None:
    assert len(CASES) == 4 * 2 * 3
    assert len(REFERENCE) == len(CASES) * 3 * 5


@pytest.mark.parametrize(("name", "domain", "rule"), CASES)
def test_quantiles(name: str, domain: str, rule: str) -> None:
    file, outcome, design = DESIGNS[name]
    frame = pd.read_csv(HERE / f"{file}.csv")
    if name == "clustered":
        frame = frame.dropna(subset="y")  # as R's script does
    survey = sv.Survey(frame, design=design)
    if domain != "all":
        survey = survey.where(domain)
    rows = REFERENCE[(REFERENCE["design"] == name) & (REFERENCE["domain"] == domain) & (REFERENCE["rule"] == rule)]
    made = survey.estimate(sv.Quantile(outcome, (0.1, 0.25, 0.5, 0.75, 0.9), rule, "estimate"))  # as R has it
    for kind, method in METHODS.items():
        r = rows[rows["type"] == kind]
        ends = made.interval(method=method)
        tie = np.array([(name, domain, rule, p) in TIES for p in r["p"]])
        np.testing.assert_allclose(made.values[~tie], r["value"][~tie], rtol=1e-12)
        there = ~tie & r["low"].notna().to_numpy() & r["high"].notna().to_numpy()  # R gives none outside 0 and 1
        np.testing.assert_allclose(ends["low"][there], r["low"][there], rtol=1e-12)
        np.testing.assert_allclose(ends["high"][there], r["high"][there], rtol=1e-12)
        if kind == "mean":
            np.testing.assert_allclose(made.se[there], r["se"][there], rtol=1e-11)


@pytest.mark.parametrize("case", TIES)
def test_an_exact_tie(case: tuple[str, str, str, float]) -> None:
    name, domain, rule, p = case
    elementary = pd.read_csv(HERE / "api_strat.csv").query('stype == "E"')
    assert len(elementary) == 100
    assert elementary["pw"].nunique() == 1
    ordered = elementary["api00"].sort_values().to_list()
    assert TIES[case] == {"math": ordered[89], "school": (ordered[89] + ordered[90]) / 2}[rule]
    rows = REFERENCE[(REFERENCE["design"] == name) & (REFERENCE["domain"] == domain) & (REFERENCE["rule"] == rule)]
    assert set(rows.loc[rows["p"] == p, "value"]) == {847.0}, "where R goes"
    survey = sv.Survey(pd.read_csv(HERE / "api_strat.csv"), design=DESIGNS[name][2]).where(domain)
    assert survey.quantile("api00", p, rule=rule).values[0] == TIES[case]
