"""Post-stratification, raking and linear calibration, with variances from residuals, against R survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

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
