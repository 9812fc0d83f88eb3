"""Post-stratification, raking and linear calibration, with variances from residuals, against R survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import DesignError, UsageError

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "calibration_r.csv")
CLUS1, STRAT = pd.read_csv(HERE / "api_clus1.csv"), pd.read_csv(HERE / "api_strat.csv")
TYPE, WIDE = {"E": 4421, "H": 755, "M": 1018}, {"No": 1072, "Yes": 5122}
CROSS = dict(
    zip([(t, w) for w in WIDE for t in TYPE], [400, 300, 372, 4021, 455, 646], strict=True),
)


def survey(name: str) -> sv.Survey:
    c1 = sv.Survey(CLUS1, design=sv.Design("pw", clusters="dnum", fpc="fpc"))
    st = sv.Survey(STRAT, design=sv.Design("pw", strata="stype", fpc="fpc"))
    margins = {"stype": TYPE, "sch_wide": WIDE}
    return {
        "poststratify": lambda: c1.calibrate({"stype": TYPE}, "poststratify"),
        "cross": lambda: st.calibrate({("stype", "sch_wide"): CROSS}, "poststratify"),
        "rake": lambda: c1.calibrate(margins),
        "linear": lambda: c1.calibrate({"stype": TYPE, "api99": 3914069}, "linear"),
        "bounded": lambda: c1.calibrate({"stype": TYPE, "api99": 3914069}, "linear", bounds=(0.6, 1.8)),
        "rake_strat": lambda: st.calibrate(margins),
        "trimmed": lambda: st.trim(40, 16),
        "strict": lambda: st.trim(36, 16, strict=True),
        "trimmed_raked": lambda: st.trim(40, 16).calibrate(margins),
        "jackknife": lambda: (
            sv.Survey(CLUS1, design=sv.Design("pw", clusters="dnum")).with_replicates("JK1").calibrate(margins)
        ),
    }[name]()


@pytest.mark.parametrize("name", REFERENCE["design"].unique())
def test_calibrated(name: str) -> None:
    made = survey(name)
    rows = REFERENCE[REFERENCE["design"] == name]
    assert len(rows) == 13
    estimates = {
        "mean api00": made.mean("api00").beside(made.mean("api00", by="stype")),
        "total meals": made.total("meals").beside(made.total("meals", by="stype")),
        "ratio ell/meals": made.ratio("ell", "meals").beside(made.ratio("ell", "meals", by="stype")),
    }
    tolerance = 1e-7 if name == "bounded" else 1e-9
    for statistic, estimate in estimates.items():
        r = rows[rows["statistic"] == statistic]
        np.testing.assert_allclose(estimate.values, r["value"], rtol=tolerance)
        np.testing.assert_allclose(estimate.se, r["se"], rtol=tolerance)


@pytest.mark.parametrize("name", ["poststratify", "rake", "linear", "bounded"])
def test_margins_are_met_and_have_no_error(name: str) -> None:
    counts = survey(name).estimate(sv.Count("api00"), by="stype")
    np.testing.assert_allclose(counts.values, list(TYPE.values()), rtol=1e-9)
    assert (counts.se < 1e-6).all()


def test_raking_is_iterated_proportions() -> None:
    """The same weights by adjusting one margin after the other until nothing moves."""
    w = CLUS1["pw"].to_numpy(dtype=float)
    for _ in range(500):
        for column, known in (("stype", TYPE), ("sch_wide", WIDE)):
            sums = pd.Series(w).groupby(CLUS1[column]).transform("sum")
            w = w * (CLUS1[column].map(known) / sums).to_numpy()
    np.testing.assert_allclose(survey("rake").units.weights, w, rtol=1e-10)


def test_bounds_hold() -> None:
    ratio = survey("bounded").units.weights / CLUS1["pw"].to_numpy()
    assert ratio.min() >= 0.6 - 1e-9
    assert ratio.max() <= 1.8 + 1e-9
    free = survey("linear").units.weights / CLUS1["pw"].to_numpy()
    assert free.min() < 0.6 or free.max() > 1.8, "the bounds must bind"


@pytest.mark.parametrize(
    ("margins", "options", "match"),
    [
        ({"stype": {"E": 1, "H": 2}}, {}, "leaves .* residents out"),
        ({"stype": {**TYPE, "X": 3}}, {}, "'X' is no answer"),
        ({"stype": TYPE, "sch_wide": {"No": 1, "Yes": 2}}, {}, "different populations: stype 6,194, sch_wide 3"),
        ({"stipe": TYPE}, {}, "Did you mean 'stype'"),
        ({"stype": TYPE}, {"method": "raking"}, "Did you mean 'rake'"),
        ({"stype": TYPE, "sch_wide": WIDE}, {"method": "poststratify"}, "one margin"),
        ({"stype": TYPE}, {"bounds": (0.5, 2)}, "bounds"),
        ({"stype": TYPE, "api99": 9e9}, {"method": "linear", "bounds": (0.9, 1.1)}, "no weights meet"),
        ({"mobility": 9.0}, {"method": "linear"}, "have no answer on 'mobility'"),
    ],
)
def test_margins_that_cannot_be(margins: dict, options: dict, match: str) -> None:
    frame = CLUS1.assign(mobility=CLUS1["mobility"].where(CLUS1.index > 3))
    made = sv.Survey(frame, design=sv.Design("pw", clusters="dnum"))
    with pytest.raises(sv.SurveyorError, match=match):
        _ = made.calibrate(margins, **options).units.weights


def test_two_calibrations_and_a_trimming_follow_the_weight_derivatives() -> None:
    """Linear steps: influence is d_i times the derivative of the end by the first weight, whatever lies between."""
    frame = CLUS1.dropna(subset=["meals"]).assign(size=CLUS1["api99"] / 100)
    d = frame["pw"].to_numpy() * np.linspace(0.5, 1.5, len(frame))

    def made(weights: np.ndarray, **design: str) -> sv.Survey:
        first = sv.Survey(frame.assign(pw=weights), design=sv.Design("pw", **design))
        by_type = first.calibrate({"stype": TYPE}, "linear")
        return by_type.calibrate({"sch_wide": WIDE, "size": 39140.69}, "linear")

    slopes = []
    for i in range(len(d)):
        h = 1e-3 * d[i]
        ends = []
        for k in (-2, -1, 1, 2):
            moved = d.copy()
            moved[i] += k * h
            ends.append(made(moved).mean("api00", by="stype").values)
        slopes.append((ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * h) * d[i])
    z = pd.DataFrame(slopes).groupby(frame["dnum"].to_numpy()).sum().to_numpy()
    m = len(z)
    centred = z - z.mean(axis=0)
    got = made(d, clusters="dnum").mean("api00", by="stype").covariance
    np.testing.assert_allclose(got, m / (m - 1) * centred.T @ centred, rtol=1e-6)


def test_five_times_the_median_is_the_bound_not_named() -> None:
    frame = pd.DataFrame({"w": [1.0, 1, 1, 1, 21], "y": [1.0, 2, 3, 4, 5]})
    made = sv.Survey(frame, design=sv.Design("w")).trim()
    np.testing.assert_allclose(made.units.weights, [5, 5, 5, 5, 5])
    with pytest.raises(sv.SurveyorError, match="cannot be trimmed"):
        sv.Survey(frame, design=sv.Design("w")).trim(upper=1, lower=2)
    with pytest.raises(sv.SurveyorError, match="add up to what they do now"):
        sv.Survey(frame, design=sv.Design("w")).trim(upper=4, lower=1, strict=True)


#: Four residents and a total T of x: GREG with size 4 gives g = 1 + (T - 16) (x - 4) / 50.
FOUR = pd.DataFrame({"x": [1.0, 2, 3, 10], "y": [2.0, 1, 4, 3], "g": list("aabb"), "w": 1.0})


def greg(x: np.ndarray, d: np.ndarray, total: float, size: float) -> np.ndarray:
    """d (1 + X b) with X = (1, x), by the normal equations."""
    X = np.column_stack([np.ones(len(x)), x])
    return d * (1 + X @ np.linalg.solve((X * d[:, None]).T @ X, np.array([size, total]) - X.T @ d))


@pytest.mark.parametrize(("total", "told"), [(36.0, "1 resident .* row 1"), (80.0, "3 residents .* row 1")])
def test_negative_weights_are_refused(total: float, told: str) -> None:
    made = sv.Survey(FOUR, design=sv.Design("w"))
    assert (greg(FOUR["x"].to_numpy(), np.ones(4), total, 4) < 0).sum() == int(told[0])
    with pytest.raises(DesignError, match=f"{told}.*bounds="):
        made.calibrate({"x": total}, "linear", size=4)


def test_bounds_and_totals_nearer_by_need_no_negative_weights() -> None:
    made = sv.Survey(FOUR, design=sv.Design("w"))
    near = made.calibrate({"x": 30}, "linear", size=4)
    np.testing.assert_allclose(near.units.weights, 1 + 14 * (FOUR["x"] - 4) / 50, rtol=1e-12)
    bound = made.calibrate({"x": 36}, "linear", size=4, bounds=(0.1, 5)).units.weights
    np.testing.assert_allclose([bound.sum(), bound @ FOUR["x"]], [4, 36], rtol=1e-9)
    assert bound.min() >= 0.1 - 1e-12


def test_replicates_may_have_negative_weights() -> None:
    """Without the resident of x = 10 a total of 30 needs some; the jackknife by hand."""
    made = sv.Survey(FOUR, design=sv.Design("w")).with_replicates("JK1").calibrate({"x": 30}, "linear", size=4)
    x, y = FOUR["x"].to_numpy(), FOUR["y"].to_numpy()
    left_out = [greg(x, 4 / 3 * (np.arange(4) != i), 30, 4) for i in range(4)]
    assert min(w.min() for w in left_out) < 0
    totals = np.array([w @ y for w in left_out])
    whole = greg(x, np.ones(4), 30, 4) @ y
    np.testing.assert_allclose(made.total("y").values, [whole], rtol=1e-12)
    np.testing.assert_allclose(made.total("y").se, [np.sqrt(3 / 4 * ((totals - whole) ** 2).sum())], rtol=1e-10)


def test_trimming_leaves_nobody_with_a_negative_weight() -> None:
    """[1, 1, 1, 5] to at least 4: the fourth would pay 9 of its 5."""
    made = sv.Survey(pd.DataFrame({"y": [1.0, 2, 3, 4], "w": [1.0, 1, 1, 5]}), design=sv.Design("w"))
    for lower in (8 / 3, 4):  # 8 / 3 would leave it exactly nothing
        with pytest.raises(DesignError, match=f"no weights between {lower:g} and 100 add up"):
            made.trim(upper=100, lower=lower)
    np.testing.assert_allclose(made.trim(upper=100, lower=2).units.weights, [2, 2, 2, 2], rtol=1e-14)


def test_trimming_once_may_leave_weights_outside() -> None:
    """R: weights(trimWeights(svydesign(~1, weights=c(1,3.9,3.9,8)), 4)) is 2.3333 5.2333 5.2333 4."""
    made = sv.Survey(pd.DataFrame({"y": [1.0, 2, 3, 4], "w": [1.0, 3.9, 3.9, 8]}), design=sv.Design("w"))
    third = 4 / 3
    np.testing.assert_allclose(made.trim(4).units.weights, [1 + third, 3.9 + third, 3.9 + third, 4], rtol=1e-14)
    assert "once, as R's trimWeights" in " ".join(str(sv.Survey.trim.__doc__).split())


def test_trimming_and_calibration_act_on_everybody_whatever_the_domain() -> None:
    """The median of all weights above 0 is 1, that of group b 10.5."""
    frame = pd.DataFrame({"w": [0.0, 1, 1, 1, 1, 10, 11], "y": np.arange(7.0), "g": list("aaaaabb")})
    whole = sv.Survey(frame, design=sv.Design("w"))
    trimmed = [0, 3.75, 3.75, 3.75, 3.75, 5, 5]
    np.testing.assert_allclose(whole.trim().units.weights, trimmed)
    np.testing.assert_allclose(whole.where("g == 'b'").trim().units.weights, [0, 0, 0, 0, 0, 5, 5])
    margin = {"g": {"a": 60, "b": 40}}
    np.testing.assert_allclose(
        whole.where("g == 'b'").calibrate(margin).units.weights, whole.calibrate(margin).where("g == 'b'").units.weights
    )


@pytest.mark.parametrize("method", ["rake", "poststratify", "linear"])
def test_an_answer_of_nobody_that_somebody_gave(method: str) -> None:
    made = sv.Survey(FOUR, design=sv.Design("w"))
    with pytest.raises(DesignError, match=r"nobody in the margin of g is 'a', but 2 residents.*real total.*weight 0"):
        made.calibrate({"g": {"a": 0, "b": 10}}, method)
    outside = sv.Survey(FOUR.assign(w=[0.0, 0, 1, 3]), design=sv.Design("w"))
    np.testing.assert_allclose(
        outside.calibrate({"g": {"a": 0, "b": 10}}, method).units.weights, [0, 0, 2.5, 7.5], rtol=1e-12
    )
    with pytest.raises(DesignError, match="nobody in the data is 'a'"):
        outside.calibrate({"g": {"a": 1, "b": 10}}, method)


@pytest.mark.parametrize(
    ("margins", "options", "match"),
    [
        ({"g": {"a": np.nan, "b": 2}}, {}, "the total of 'a' on g is 'nan'.*a number"),
        ({"g": {"a": -1, "b": 2}}, {}, "the total of 'a' on g is -1.*at least 0"),
        ({"g": {"a": np.inf, "b": 2}}, {}, "the total of 'a' on g is 'inf'"),
        ({"g": {"a": "many", "b": 2}}, {}, "the total of 'a' on g is 'many'"),
        ({"g": {"a": None, "b": 2}}, {}, "the total of 'a' on g is 'None'"),
        ({"g": {"a": "5", "b": 2}}, {"method": "poststratify"}, "the total of 'a' on g is '5'"),
        ({"x": np.nan}, {"method": "linear"}, "the total of 'x' is 'nan'"),
        ({"x": "much"}, {"method": "linear"}, "the total of 'x' is 'much'"),
        ({"x": [1, 2]}, {"method": "linear"}, "the total of 'x' is"),
        ({"x": pd.Series([1.0, 2.0])}, {"method": "linear"}, "the total of 'x' is"),
        ({"g": 640}, {"method": "linear"}, "'g' holds words, which have no total.*'g': {'a': 100"),
        ({("x", "y"): 640}, {"method": "linear"}, "a total belongs to one column, not to 2"),
        ({}, {}, "no margins.*for example"),
        ({}, {"method": "poststratify"}, "no margins"),
        ({"g": {}}, {}, "leaves 4 residents out"),
        ([("g", {"a": 1, "b": 1})], {}, "no dict.*for example"),
        ({0: {"a": 1}}, {}, "the margin of 0 names no column"),
        ({(): {"a": 1}}, {}, "names no column"),
        ({("g", "x"): {"a": 1}}, {}, "'a' is no answer of g x x.*2 answers each"),
        ({"g": {("a", 1): 1}}, {}, "no answer of g.*1 answer each"),
        ({"g": {None: 1, "b": 1}}, {}, "'None' is no answer of 'g'"),
        ({"x": {None: 1}}, {}, "'None' is no answer of 'x'"),
        ({"g": {"a": 1, "b": 1}}, {"size": "all"}, "the size of the population is 'all'"),
        ({"g": {"a": 1, "b": 1}}, {"size": np.nan}, "the size of the population is 'nan'"),
        ({"x": 9}, {"size": 0, "method": "linear"}, "the size of the population is 0.*above 0"),
        ({"x": 9}, {"size": -4, "method": "linear"}, "the size of the population is -4.*above 0"),
        ({"x": 9}, {"method": "linear", "bounds": ("a", 2)}, "bounds around 1"),
        ({"x": 9}, {"method": "linear", "bounds": 3}, "bounds around 1"),
        ({"x": 9}, {"method": 3}, "no calibration '3'"),
    ],
)
def test_totals_that_are_none(margins: dict, options: dict, match: str) -> None:
    with pytest.raises(UsageError if "leaves" not in match else DesignError, match=match):
        sv.Survey(FOUR, design=sv.Design("w")).calibrate(margins, **options)


def test_the_size_alone_is_a_margin() -> None:
    made = sv.Survey(FOUR, design=sv.Design("w")).calibrate({}, size=10)
    np.testing.assert_allclose(made.units.weights, [2.5] * 4, rtol=1e-12)


def test_what_calibration_explains_is_found_once_and_by_least_squares() -> None:
    """Totals in millions beside counts: residuals of a regression by QR, weighted, then the variance of their total."""
    made = survey("linear")
    X = np.column_stack([*(CLUS1["stype"] == level for level in TYPE), CLUS1["api99"]]).astype(float)
    d, w, y = CLUS1["pw"].to_numpy(), made.units.weights, CLUS1["api00"].to_numpy(dtype=float)
    root = np.sqrt(d)[:, None]
    B = np.linalg.lstsq(X * root, y * root[:, 0], rcond=None)[0]
    z = pd.Series(w * (y - X @ B)).groupby(CLUS1["dnum"]).sum()
    m, f = len(z), len(z) / CLUS1["fpc"].iloc[0]
    np.testing.assert_allclose(made.total("api00").se, [np.sqrt((1 - f) * m * z.var())], rtol=1e-10)
    residual = made.units.residual
    assert residual.slopes is residual.slopes
