"""The ladder of invariance of ordinal items against semTools 0.5-6 and lavaan 0.6-14 (invariance.R).

Wu and Estabrook's steps between men and women on ten items of personality: every number of every model, chi-squares,
corrected difference tests (Satorra 2000) and score tests. lavaan multiplies the least squares of each group by n - 1,
and has no correction for few primary units, so that one is switched off.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.measure.chi_square import of_difference, of_model, score_test
from surveyor.measure.fit import Solution
from surveyor.measure.invariance.ladder import climbs, held
from surveyor.measure.moments.moments import independent
from surveyor.measure.setting import Setting, setting_of
from surveyor.measure.specify import Equal

HERE = Path(__file__).parent
TABLE = pd.read_csv(HERE / "invariance_r.csv", keep_default_na=False, na_values=[""], dtype={"group": "Int64"})
ITEMS = {"agree": [f"A{i}" for i in range(1, 6)], "conscientious": [f"C{i}" for i in range(1, 6)]}
EVERY = [item for items in ITEMS.values() for item in items]
WHAT = {
    "loading": "loading", "threshold": "threshold", "intercept": "intercept", "residual": "residual",
    "factor mean": "factor_mean", "factor variance": "factor_cov",
}  # fmt: skip


def setting(case: str) -> Setting:
    frame = pd.read_csv(HERE / "bfi.csv")
    frame = frame.assign(weight=1 + (np.arange(1, len(frame) + 1) % 5) / 2)
    frame = frame.assign(**{name: 7 - frame[name] for name in ("A1", "C4", "C5")})
    coarse = {"three categories": lambda x: (x + 1) // 2, "two categories": lambda x: (1.0 * (x > 3)).where(x.notna())}
    if case in coarse:
        frame = frame.assign(**{name: coarse[case](frame[name]) for name in EVERY})
    if "pairwise" not in case:
        frame = frame.dropna(subset=EVERY)
    design = sv.Design(weights="weight" if "weights" in case else None)
    return setting_of(sv.Survey(frame.reset_index(drop=True), design=design), ITEMS, "gender")


def once_less(made: Setting, case: str) -> Setting:
    """The setting in which least squares count n - 1 rows of each group, weights adding up to the rows of both."""
    n = made.moments.n
    if "weights" in case:
        there = made.groups.units.weights
        sums = np.array([there[made.groups.cell == g].sum() for g in range(2)])
        n = sums * n.sum() / sums.sum()
    return replace(made, moments=replace(made.moments, spread=made.moments.spread * (n / (n - 1))[:, None]))


def rows(case: str, what: str) -> pd.DataFrame:
    return TABLE[(TABLE["case"] == case) & (TABLE["what"] == what)]


def told(case: str, what: str) -> float:
    found = rows(case, what)["value"]
    assert len(found) == 1, (case, what)
    return float(found.iloc[0])


def numbers(made: Setting, solution: Solution) -> dict[tuple[int, str, str, str], float]:
    """Every number of the model by group, kind and names as R has them."""
    factors, names, layout = list(ITEMS), made.items.names, made.moments.layout
    found = {}
    for g in range(2):
        arrays = solution.parameters.arrays(solution.theta, g)
        for a, factor in enumerate(factors):
            for item in ITEMS[factor]:
                found[g + 1, "loading", factor, item] = arrays["loading"][names.index(item), a]
            found[g + 1, "factor mean", factor, ""] = arrays["factor mean"][a]
            for b, other in enumerate(factors):
                found[g + 1, "factor variance", factor, other] = arrays["factor variance"][a, b]
        for i, item in enumerate(names):
            found[g + 1, "intercept", item, ""] = arrays["intercept"][i]
            found[g + 1, "residual", item, item] = arrays["residual"][i]
            for k, value in enumerate(arrays["threshold"][layout.levels(i)]):
                found[g + 1, "threshold", item, f"t{k + 1}"] = value
    return found


@pytest.mark.parametrize(
    "case", ["two", "two weights", "two pairwise", "two weights pairwise", "three categories", "two categories"]
)
def test_the_ladder(case: str) -> None:
    ours = setting(case)
    made = once_less(ours, case)
    gamma = independent(made.items, made.groups)
    q = made.moments.layout.size
    root = np.zeros((2 * q, 2 * q))
    for g in range(2):
        root[g * q : (g + 1) * q, g * q : (g + 1) * q] = np.linalg.cholesky(gamma[g] + 1e-16 * np.eye(q)).T
    moments = replace(made.moments, deviations=root, df=np.full(2, np.inf), apart=True)
    alike: tuple = ()
    before = made.fitted(made.specified())
    steps = {"configural": before}
    for group in climbs(made.moments.layout):
        alike = (*alike, *group)
        steps[group[-1]] = held(made, Equal(alike), before)
        before = steps[group[-1]]
    assert list(steps) == {
        "two categories": ["configural", "residuals"],
        "three categories": ["configural", "loadings", "intercepts", "residuals"],
    }.get(case, ["configural", "thresholds", "loadings", "intercepts", "residuals"])
    names, plain = list(steps), {}
    for at, name in enumerate(names):
        solution, of = steps[name], f"{case} {name}"
        found = numbers(made, solution)
        for kind, what in WHAT.items():
            for row in rows(of, what).fillna({"rhs": ""}).itertuples():
                value = found[int(row.group), kind, row.lhs, row.rhs]
                assert value == pytest.approx(row.value, abs=1e-5, rel=1e-5), (name, kind, row)
        plain[name] = replace(solution, distance=ours.distance)  # R's traces count n rows
        test = of_model(plain[name], moments)
        assert test.df == told(of, "df")
        assert test.least == pytest.approx(told(of, "chisq"), rel=1e-6)
        assert test.scale == pytest.approx(told(of, "scaling"), rel=1e-6)
        assert test.statistic == pytest.approx(told(of, "chisq_scaled"), rel=1e-6)
        if at and case != "two categories":  # R has a step between, ours tests both at once
            wanted = TABLE[(TABLE["case"] == case) & (TABLE["lhs"] == names[at - 1]) & (TABLE["rhs"] == name)]
            if wanted.empty:  # R takes the thresholds of three categories as a step of their own, which tests nothing
                assert case == "three categories"
                wanted = TABLE[(TABLE["case"] == case) & (TABLE["lhs"] == "thresholds") & (TABLE["rhs"] == name)]
            wanted = wanted.set_index("what")["value"]
            difference = of_difference(plain[name], plain[names[at - 1]], moments)
            assert difference.df == wanted["diff_df"]
            assert difference.statistic == pytest.approx(wanted["diff_chisq"], rel=1e-3)
            mean = TABLE[(TABLE["case"] == f"{case} mean") & (TABLE["rhs"] == name)].set_index("what")["value"]
            assert difference.df1 == pytest.approx(mean["diff_df"], rel=1e-4)
            assert difference.f * difference.df1 == pytest.approx(mean["diff_chisq"], rel=1e-3)
            assert difference.p == pytest.approx(mean["diff_p"], rel=0.02)


def test_score_tests() -> None:
    """With the covariance that the weights stand for, our score test is the plain one."""
    made = setting("two")
    spread = np.sqrt(made.moments.spread.reshape(-1))
    moments = replace(made.moments, deviations=np.diag(spread), df=np.full(2, np.inf))
    for what, alike, case in [
        ("loadings", ("thresholds", "loadings"), "score_x2"),
        ("intercepts", ("thresholds", "loadings", "intercepts"), "score_intercept"),
    ]:
        solution = held(made, Equal(alike), made.fitted(made.specified()))
        wanted = rows(f"two {what}", case)
        wanted = dict(zip(wanted["rhs"] if what == "loadings" else wanted["lhs"], wanted["value"], strict=True))
        for i, item in enumerate(made.items.names):
            wider = made.specified(Equal(alike, {i: what})).started(solution.parameters, solution.theta)
            moved = Solution(solution.layout, wider, solution.distance, wider.start, solution.least, True)
            found = score_test(solution, moved, moments)
            assert found.df == 1
            # R has (n - 1)^2 / n^2 here, which is .9978 for the smaller group
            assert found.statistic == pytest.approx(wanted[item], rel=2.2e-3, abs=1e-5), (what, item)
