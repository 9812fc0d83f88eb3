"""What must not change a number, on random designs; and what textbooks say of the simplest ones.

Expected values are written out here from the formulas of Cochran 1977 (Sampling Techniques) and Wolter 2007.
More designs: SURVEYOR_DESIGNS=200.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import surveyor as sv

SEEDS = range(int(os.environ.get("SURVEYOR_DESIGNS", "30")))
FULL = sv.Design(weights="w", strata="stratum", clusters="cluster")
TIGHT = {"rtol": 1e-12}


@cache
def drawn(seed: int, units: int | None = None) -> pd.DataFrame:
    """A random design: 2 to 4 strata of 2 to 5 units (or just `units`) of 3 to 9 residents, unequal weights.

    group   a to c, at random inside units; kind old or new, the same for all of a unit, both in every stratum
    """
    rng = np.random.default_rng([2026, seed])
    rows = []
    cluster = 0
    for stratum in range(1, int(rng.integers(2, 5)) + 1):
        for k in range(units or int(rng.integers(4, 7))):
            cluster += 1
            effect = rng.normal(0, 0.7)
            for _ in range(rng.integers(3, 10)):
                y = 5 + stratum / 2 + effect + rng.normal(0, 1.5)
                rows.append((stratum, cluster, "old" if k % 2 else "new", y))
    frame = pd.DataFrame(rows, columns=["stratum", "cluster", "kind", "y"])
    n = len(frame)
    return frame.assign(
        w=rng.lognormal(0, 0.6, n),
        x=rng.gamma(3, 2, n),
        group=rng.permutation(np.resize(["a", "b", "c"], n)),
        item=rng.permutation(np.resize([1, 2, 3, 4], n)),
        yes=rng.permutation(np.resize([0, 1, 0], n)),
    )


@cache
def whole(seed: int) -> sv.Survey:
    return sv.Survey(drawn(seed), design=FULL)


@pytest.fixture(params=SEEDS, ids=lambda seed: f"design{seed}")
def survey(request: pytest.FixtureRequest) -> sv.Survey:
    return whole(request.param)


@pytest.fixture
def frame(survey: sv.Survey) -> pd.DataFrame:
    return survey.frame


def survey_of(frame: pd.DataFrame, **columns: Any) -> sv.Survey:
    return sv.Survey(frame, design=sv.Design(**columns) if columns else FULL)


def same(a: sv.Estimate, b: sv.Estimate, scale: float = 1.0, rtol: float = 1e-12) -> None:
    np.testing.assert_allclose(b.values, scale * a.values, rtol=rtol)
    np.testing.assert_allclose(b.se, abs(scale) * a.se, rtol=10 * rtol, atol=1e-13 * np.abs(a.values).max())
    np.testing.assert_array_equal(b.df, a.df)


def same_test(a: Any, b: Any) -> None:
    """Two tests of independence give the same numbers."""
    for name in ("statistic", "df", "df2", "p", "pearson", "pearson_p"):
        np.testing.assert_allclose(getattr(b, name), getattr(a, name), rtol=1e-9, err_msg=name)


def se_of_total(z: np.ndarray, frame: pd.DataFrame, stratum: str = "stratum", cluster: str = "cluster") -> float:
    """sqrt of sum over strata of m/(m-1) sum (z_u - mean z)^2, from a row's share z in the total (Cochran 11.9)."""
    units = pd.Series(z, index=frame.index).groupby([frame[stratum], frame[cluster]]).sum()
    parts = [len(part) * part.var() for _, part in units.groupby(level=0)]
    return float(np.sqrt(sum(parts)))


def se_of_mean(frame: pd.DataFrame, **columns: str) -> float:
    w, y = frame["w"], frame["y"]
    return se_of_total(np.asarray(w * (y - (w * y).sum() / w.sum()) / w.sum()), frame, **columns)


# The frame is written down in another way


def test_order_of_columns(survey: sv.Survey, frame: pd.DataFrame) -> None:
    turned = frame[sorted(frame.columns, reverse=True)]
    for made in (lambda s: s.mean(["y", "x"], by="group"), lambda s: s.ratio("y", "x")):
        same(made(survey), made(survey_of(turned)), rtol=1e-15)


def test_scale_of_weights_and_tests(survey: sv.Survey, frame: pd.DataFrame) -> None:
    seven = frame.assign(w=7 * frame["w"])
    same_test(survey.crosstab("group", "item").test(), survey_of(seven).crosstab("group", "item").test())
    a, b = (s.compare("y", by="kind").to_frame() for s in (survey, survey_of(seven)))
    told = ["difference", "se", "df", "p", "effect"]
    np.testing.assert_allclose(b[told], a[told], rtol=1e-10)


def test_order_of_rows_and_tests(survey: sv.Survey, frame: pd.DataFrame) -> None:
    mixed = frame.sample(frac=1, random_state=1)
    same_test(survey.crosstab("group", "item").test(), survey_of(mixed).crosstab("group", "item").test())
    a, b = (s.compare(["y", "item"], by="kind").to_frame() for s in (survey, survey_of(mixed)))
    np.testing.assert_allclose(b[["difference", "se", "df", "p"]], a[["difference", "se", "df", "p"]], rtol=1e-9)


def test_names_of_answers(survey: sv.Survey, frame: pd.DataFrame) -> None:
    """Answers called otherwise, in another order, in Chinese: the shares follow their names."""
    names = {1: "丁", 2: "丙", 3: "乙", 4: "甲"}
    renamed = frame.assign(item=frame["item"].map(names), group=frame["group"].map({"a": "三", "b": "二", "c": "一"}))
    a, b = survey, survey_of(renamed)
    plain, other = a.proportion("item"), b.proportion("item")
    for code, name in names.items():
        same(plain.pick(level=code), other.pick(level=name))
    same_test(a.crosstab("group", "item").test(), b.crosstab("group", "item").test())


def test_other_first_level(survey: sv.Survey, frame: pd.DataFrame) -> None:
    """Contrasts of groups stay, whichever group comes first."""
    plain = survey.mean("y", by="group")
    turned = frame.assign(group=pd.Categorical(frame["group"], ["c", "a", "b"]))
    other = survey_of(turned).mean("y", by="group")
    same(
        plain.contrast([[1, -1, 0], [0, 1, -1], [1, -0.5, -0.5]]),
        other.contrast([[0, 1, -1], [-1, 0, 1], [-0.5, 1, -0.5]]),
    )
    back = [1, 2, 0]
    scale = np.abs(plain.covariance).max()
    np.testing.assert_allclose(other.covariance[np.ix_(back, back)], plain.covariance, rtol=1e-11, atol=1e-13 * scale)


def test_linear_change_of_the_outcome(survey: sv.Survey, frame: pd.DataFrame) -> None:
    a, b = (100.0, 3.0) if len(frame) % 2 else (-7.0, -0.25)
    moved = frame.assign(y=a + b * frame["y"])
    one, two = survey, survey_of(moved)
    np.testing.assert_allclose(two.mean("y", by="group").values, a + b * one.mean("y", by="group").values, rtol=1e-12)
    np.testing.assert_allclose(two.mean("y", by="group").se, abs(b) * one.mean("y", by="group").se, rtol=1e-10)
    same(one.estimate(sv.StandardDeviation("y")), two.estimate(sv.StandardDeviation("y")), abs(b), rtol=1e-11)
    if hasattr(one, "median"):
        np.testing.assert_allclose(two.median("y").values, a + b * one.median("y").values, rtol=1e-12)
    same(one.estimate(sv.Correlation("y", "x")), two.estimate(sv.Correlation("y", "x")), np.sign(b), rtol=1e-10)
    p, q = (s.compare("y", by="kind").to_frame().iloc[0] for s in (one, two))
    np.testing.assert_allclose(
        q[["difference", "se"]].astype(float), [b * p["difference"], abs(b) * p["se"]], rtol=1e-10
    )
    np.testing.assert_allclose([q["effect"], q["p"], q["df"]], [np.sign(b) * p["effect"], p["p"], p["df"]], rtol=1e-9)


# Rows more or less


@pytest.mark.parametrize("seed", SEEDS)
def test_every_unit_twice_under_another_name(seed: int) -> None:
    """With m units in every stratum the error shrinks by sqrt((m-1)/(2m-1)), just over sqrt(1/2) less: units count."""
    m = 2 + seed % 6
    frame = drawn(seed, units=m)
    twice = pd.concat([frame, frame.assign(cluster=frame["cluster"] + 1000)], ignore_index=True)
    one, two = survey_of(frame).mean("y"), survey_of(twice).mean("y")
    np.testing.assert_allclose(two.values, one.values, **TIGHT)
    np.testing.assert_allclose(two.se, one.se * np.sqrt((m - 1) / (2 * m - 1)), rtol=1e-11)


def test_doubled_weights_are_not_doubled_rows(frame: pd.DataFrame) -> None:
    """Without clusters: twice the weight changes nothing, twice the rows divides the variance by (2n-1)/(n-1)."""
    n = len(frame)
    one = survey_of(frame, weights="w").mean("y")
    same(one, survey_of(frame.assign(w=2 * frame["w"]), weights="w").mean("y"))
    rows = survey_of(pd.concat([frame, frame], ignore_index=True), weights="w").mean("y")
    np.testing.assert_allclose(rows.values, one.values, **TIGHT)
    np.testing.assert_allclose(rows.se, one.se * np.sqrt((n - 1) / (2 * n - 1)), rtol=1e-11)


def test_weight_zero_in_known_units(survey: sv.Survey, frame: pd.DataFrame) -> None:
    ghosts = frame.iloc[::3].assign(w=0.0, y=1e6, x=-5.0)
    both = pd.concat([ghosts, frame], ignore_index=True)
    for made in (lambda s: s.mean("y", by="group"), lambda s: s.total("y"), lambda s: s.estimate(sv.Variance("y"))):
        same(made(survey), made(survey_of(both)))
    same_test(survey.crosstab("group", "item").test(), survey_of(both).crosstab("group", "item").test())


def test_weight_zero_in_new_units(survey: sv.Survey, frame: pd.DataFrame) -> None:
    """As in R survey 4.1.1: a unit of nobody is a unit that was drawn. Value and df stay; its stratum has m+1 units
    with a total of 0 among them, so the error changes.
    """
    ghosts = frame.groupby("stratum").head(1).assign(w=0.0)
    both = pd.concat([frame, ghosts.assign(cluster=-ghosts["cluster"])], ignore_index=True)
    more = survey_of(both)
    for kind in ("mean", "total"):
        one, two = (getattr(s, kind)("y") for s in (survey, more))
        np.testing.assert_allclose(two.values, one.values, **TIGHT)
        np.testing.assert_array_equal(two.df, one.df)
    np.testing.assert_allclose(more.mean("y").se, se_of_mean(both), rtol=1e-10)
    np.testing.assert_allclose(two.se, se_of_total((both["w"] * both["y"]).to_numpy(), both), rtol=1e-10)
    assert abs(two.se - one.se) > 1e-6 * one.se


# Groups and strata split and joined


def test_a_group_split_in_two_and_joined_again(frame: pd.DataFrame) -> None:
    half = survey_of(frame.assign(half=np.random.default_rng(5).integers(0, 2, len(frame))))
    parts = half.total("y", by=["group", "half"])
    groups, joined = half.total("y", by="group"), parts.contrast(np.kron(np.eye(3), [1.0, 1.0]))
    np.testing.assert_allclose(joined.values, groups.values, **TIGHT)
    np.testing.assert_allclose(joined.covariance, groups.covariance, rtol=1e-9, atol=1e-12 * parts.covariance.max())
    np.testing.assert_allclose(parts.covariance.sum(), half.total("y").se ** 2, rtol=1e-10)


def test_answers_pooled_are_their_sum(survey: sv.Survey) -> None:
    shares = survey.proportion("item")
    same(survey.estimate(sv.Proportion("item", ((1, 3), (2, 4)))), shares.contrast([[1, 0, 1, 0], [0, 1, 0, 1]]))
    np.testing.assert_allclose(shares.values.sum(), 1, rtol=1e-14)
    np.testing.assert_allclose(shares.covariance.sum(axis=0), 0, atol=1e-15)


def test_strata_split_and_joined(survey: sv.Survey, frame: pd.DataFrame) -> None:
    """The estimate stays, the error follows the formula for the new strata."""
    split = frame.assign(
        stratum=2 * frame["stratum"] + frame.groupby("stratum")["cluster"].rank("dense").mod(2).astype(int)
    )
    joined = frame.assign(stratum=frame["stratum"].clip(lower=2))
    one = survey.mean("y")
    for other in (split, joined):
        two = survey_of(other).mean("y")
        np.testing.assert_allclose(two.values, one.values, **TIGHT)
        np.testing.assert_allclose(two.se, se_of_mean(other), rtol=1e-10)
        assert two.df[0] == other["cluster"].nunique() - other["stratum"].nunique()


# The simplest designs are those of the textbooks


def test_simple_random_sample(frame: pd.DataFrame) -> None:
    """Cochran 2.6, 3.2, 6.4: mean, share, total and ratio of n out of N."""
    n, N = len(frame), 10 * len(frame)
    y, x, p = frame["y"], frame["x"], frame["yes"].mean()
    plain, finite = sv.Survey(frame), survey_of(frame.assign(w=N / n, N=N), weights="w", fpc="N")
    np.testing.assert_allclose(plain.mean("y").values, [y.mean()], **TIGHT)
    np.testing.assert_allclose(plain.mean("y").se, [y.std() / np.sqrt(n)], rtol=1e-11)
    np.testing.assert_allclose(plain.proportion("yes").pick(level=1).se, [np.sqrt(p * (1 - p) / (n - 1))], rtol=1e-11)
    np.testing.assert_allclose(finite.total("y").values, [N * y.mean()], **TIGHT)
    np.testing.assert_allclose(finite.total("y").se, [N * y.std() * np.sqrt((1 - n / N) / n)], rtol=1e-11)
    r = y.mean() / x.mean()
    residual = ((y - r * x) ** 2).sum() / (n - 1)
    np.testing.assert_allclose(plain.ratio("y", "x").se, [np.sqrt(residual / n) / x.mean()], rtol=1e-10)
    assert plain.mean("y").df == n - 1
    half = stats.t.ppf(0.975, n - 1) * y.std() / np.sqrt(n)
    told = plain.mean("y").to_frame().iloc[0]
    np.testing.assert_allclose([told["low"], told["high"]], [y.mean() - half, y.mean() + half], rtol=1e-11)


def test_two_groups_of_a_simple_sample_are_welch(frame: pd.DataFrame) -> None:
    """Difference and error are Welch's; df is near his for equal variances, a property of the two sizes alone."""
    a, b = (frame.loc[frame["kind"] == kind, "y"] for kind in ("new", "old"))
    told = sv.Survey(frame).compare("y", by="kind").to_frame().iloc[0]
    welch = stats.ttest_ind(a, b, equal_var=False)
    np.testing.assert_allclose(told["difference"] / told["se"], welch.statistic, rtol=1e-9)
    va, vb = 1 / len(a), 1 / len(b)
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    ours, his = stats.t.ppf(0.975, [told["df"], df])  # his chi-square has two moments, ours three
    np.testing.assert_allclose(ours, his, rtol=3e-3)
    np.testing.assert_allclose(told["p"], 2 * stats.t.sf(abs(welch.statistic), told["df"]), rtol=1e-8)


def test_stratified_simple_sample(frame: pd.DataFrame) -> None:
    """Cochran 5.6: sum W_h^2 (1 - f_h) s_h^2 / n_h."""
    sizes = frame.groupby("stratum")["y"].size()
    population = sizes * (5 + sizes.index.to_numpy())
    listed = frame.assign(N=frame["stratum"].map(population), w=frame["stratum"].map(population / sizes))
    made = survey_of(listed, weights="w", strata="stratum", fpc="N").mean("y")
    cells = frame.groupby("stratum")["y"]
    W = population / population.sum()
    np.testing.assert_allclose(made.values, [(W * cells.mean()).sum()], **TIGHT)
    variance = (W**2 * (1 - sizes / population) * cells.var() / sizes).sum()
    np.testing.assert_allclose(made.se, [np.sqrt(variance)], rtol=1e-11)


def test_chi_square_of_a_simple_sample(frame: pd.DataFrame) -> None:
    """Without a design Pearson's statistic is the ordinary one."""
    made = sv.Survey(frame).crosstab("group", "item").test()
    plain = stats.chi2_contingency(pd.crosstab(frame["group"], frame["item"]), correction=False)
    np.testing.assert_allclose([made.pearson, made.pearson_p], [plain.statistic, plain.pvalue], rtol=1e-9)


# Two routes to one number


@pytest.mark.parametrize("method", ["JKn", "JK1", "BRR", "Fay"])
@pytest.mark.parametrize("seed", SEEDS)
def test_replicates_of_a_total_are_linearised(method: str, seed: int) -> None:
    """For statistics linear in the weights, and for no others, the two variances are one (Wolter 2007, 2.4 and 4.2)."""
    frame = drawn(seed, units=2 if method in ("BRR", "Fay") else None)
    columns = {"weights": "w", "clusters": "cluster"} | ({} if method == "JK1" else {"strata": "stratum"})
    survey = survey_of(frame, **columns)
    made = survey.with_replicates(method, fay=0.3 if method == "Fay" else None)
    same(survey.total(["y", "x"]), made.total(["y", "x"]), rtol=1e-11)
    a, b = survey.total("y", by="group"), made.total("y", by="group")
    np.testing.assert_allclose(b.covariance, a.covariance, rtol=1e-9, atol=1e-12 * np.abs(a.covariance).max())


MARGINS: Mapping[str, Mapping[Any, float]] = {"group": {"a": 500, "b": 300, "c": 200}, "yes": {0: 610, 1: 390}}


def test_poststratified_is_calibrated_on_cells(survey: sv.Survey, frame: pd.DataFrame) -> None:
    cells = {"group": MARGINS["group"]}
    one, two = (survey.calibrate(cells, method=method) for method in ("poststratify", "linear"))
    known = frame["group"].map(MARGINS["group"])
    by_hand = frame["w"] * known / frame.groupby("group")["w"].transform("sum")
    for made in (one, two):
        np.testing.assert_allclose(made.units.weights, by_hand, rtol=1e-10)
        np.testing.assert_allclose(made.mean("y").values, [(by_hand * frame["y"]).sum() / 1000], rtol=1e-11)
        means = (by_hand * frame["y"]).groupby(frame["group"]).transform("sum") / known
        told = se_of_total(np.asarray(by_hand * (frame["y"] - means)), frame)
        np.testing.assert_allclose(made.total("y").se, [told], rtol=1e-9)


def test_raked_margins_are_met(survey: sv.Survey) -> None:
    made = survey.calibrate(MARGINS, method="rake")
    for name, known in MARGINS.items():
        counts = made.estimate(sv.Count("y"), by=name)
        np.testing.assert_allclose(counts.values, list(known.values()), rtol=1e-10)
        assert (counts.se < 1e-8 * counts.values).all()


@pytest.mark.parametrize(
    ("method", "scale"),
    [
        ("linear", 1e-4),
        ("linear", 1e4),
        ("rake", 0.5),
        ("rake", 1e4),
        ("rake", 1e-4),
    ],
)
def test_scale_of_weights_does_not_matter_to_calibration(method: str, scale: float) -> None:
    """Weights that add up to the sample, margins that add up to the people: the usual case."""
    frame = drawn(0)
    told, made = (survey_of(f).calibrate(MARGINS, method=method) for f in (frame, frame.assign(w=scale * frame["w"])))
    np.testing.assert_allclose(made.units.weights, told.units.weights, rtol=1e-9)
    same(told.mean("y"), made.mean("y"), rtol=1e-9)


def test_raking_keeps_the_ratio_of_weights_inside_a_cell(survey: sv.Survey, frame: pd.DataFrame) -> None:
    made = survey.calibrate(MARGINS, method="rake")
    ratio = pd.Series(made.units.weights / frame["w"]).groupby([frame["group"], frame["yes"]])
    np.testing.assert_allclose(ratio.max(), ratio.min(), rtol=1e-12)
    table = ratio.first().unstack()
    np.testing.assert_allclose(table[0] / table[1], np.full(3, (table[0] / table[1]).iloc[0]), rtol=1e-9)


def test_regression_estimator(survey: sv.Survey, frame: pd.DataFrame) -> None:
    """Calibrating on a size and a total is the regression estimator (Cochran 7.1)."""
    w, x, y = frame["w"], frame["x"], frame["y"]
    made = survey.calibrate({"x": 6400.0}, method="linear", size=1000)
    X = np.column_stack([np.ones(len(frame)), x])
    B = np.linalg.solve((X * w.to_numpy()[:, None]).T @ X, (X * w.to_numpy()[:, None]).T @ y)
    told = (w * y).sum() + B @ (np.array([1000.0, 6400.0]) - X.T @ w)
    np.testing.assert_allclose(made.total("y").values, [told], rtol=1e-10)
    np.testing.assert_allclose(
        made.total("y").se, [se_of_total(made.units.weights * np.asarray(y - X @ B), frame)], rtol=1e-9
    )


def test_domain_is_a_ratio_with_an_indicator(frame: pd.DataFrame) -> None:
    marked = survey_of(frame.assign(d=(frame["group"] == "b").astype(float), yd=frame["y"] * (frame["group"] == "b")))
    for domain in (marked.where("group == 'b'"), marked.where("d == 1"), marked.where("group != 'a' and group != 'c'")):
        for one, two in ((marked.ratio("yd", "d"), domain.mean("y")), (marked.total("yd"), domain.total("y"))):
            np.testing.assert_allclose(two.values, one.values, **TIGHT)
            np.testing.assert_allclose(two.se, one.se, rtol=1e-11)
    same(marked.mean("y", by="group").pick(group="b"), domain.mean("y"))


def test_domain_is_a_regression_on_indicators(frame: pd.DataFrame) -> None:
    marked = frame.assign(b=(frame["group"] == "b").astype(float), c=(frame["group"] == "c").astype(float))
    means = survey_of(marked).mean("y", by="group")
    told = means.contrast([[1, 0, 0], [-1, 1, 0], [-1, 0, 1]])
    made = survey_of(marked).regress("y ~ b + c", family="gaussian").to_frame()
    np.testing.assert_allclose(made["value"], told.values, rtol=1e-10)
    np.testing.assert_allclose(made["se"], told.se, rtol=1e-9)


# Types of columns


def same_or_refused(ask: Callable[[sv.Survey], sv.Estimate], frame: pd.DataFrame, typed: pd.DataFrame) -> None:
    try:
        made = ask(survey_of(typed))
    except sv.SurveyorError:
        return
    same(ask(survey_of(frame)), made)


@pytest.mark.parametrize("dtype", ["float32", "Float64", "Int64", "int16", "uint8", "category", "object", "string",
                                   "int64[pyarrow]", "double[pyarrow]"])  # fmt: skip
@pytest.mark.parametrize("columns", ["item", "w", "stratum", "cluster"])
def test_types_of_numbers(dtype: str, columns: str) -> None:
    """The same numbers in another type give the same results, or are refused: never others."""
    if "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    frame = drawn(1).assign(w=lambda d: (1 + d["w"] * 4).round())
    typed = frame.assign(**{columns: frame[columns].astype(int).astype(dtype)})
    same_or_refused(lambda s: s.mean("item", by="kind"), frame, typed)
    same_or_refused(lambda s: s.proportion("item"), frame, typed)


@pytest.mark.parametrize("dtype", ["category", "object", "string", "string[pyarrow]"])
def test_types_of_words(dtype: str) -> None:
    if "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    frame = drawn(2)
    typed = frame.assign(group=frame["group"].astype(dtype), kind=frame["kind"].astype(dtype))
    same(survey_of(frame).mean("y", by=["group", "kind"]), survey_of(typed).mean("y", by=["group", "kind"]))
    same(survey_of(frame).proportion("group"), survey_of(typed).proportion("group"))


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object"])
def test_yes_and_no_are_one_and_zero(dtype: str) -> None:
    frame = drawn(3)
    typed = frame.assign(yes=frame["yes"].astype(bool).astype(dtype))
    same_or_refused(lambda s: s.mean("yes"), frame, typed)


def test_gaps_in_nullable_columns_are_gaps() -> None:
    frame = drawn(4)
    gaps = frame.index % 5 == 0
    plain = frame.assign(item=frame["item"].astype(float).mask(gaps), yes=frame["yes"].astype(float).mask(gaps))
    typed = frame.assign(item=frame["item"].astype("Int64").mask(gaps), yes=frame["yes"].astype("boolean").mask(gaps))
    for name in ("item", "yes"):
        same(survey_of(plain).mean(name, by="kind"), survey_of(typed).mean(name, by="kind"))
        assert survey_of(typed).mean(name).n == (~gaps).sum()


# The machine


def numbers_of_many_kinds() -> list[float]:
    survey = sv.Survey(drawn(0), design=FULL)
    made = survey.mean(["y", "x"], by="group"), survey.with_replicates("bootstrap", n=200, seed=1).mean("y", by="group")
    return [float(v) for each in made for part in (each.values, each.covariance.ravel()) for v in part]


def test_one_thread_or_many() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
from tests.laws.test_design_invariances import numbers_of_many_kinds
print(*map(float.hex, numbers_of_many_kinds()))
"""
    single = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **single}, capture_output=True, text=True, check=True
    )
    alone = [float.fromhex(text) for text in run.stdout.split()]
    np.testing.assert_allclose(alone, numbers_of_many_kinds(), rtol=1e-12, atol=1e-16)
