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


def test_twice_is_refused() -> None:
    with pytest.raises(sv.SurveyorError, match="calibrated already"):
        survey("rake").calibrate({"stype": TYPE})
