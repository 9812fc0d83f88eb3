"""Replicate weights and the statistics of second order, against R survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "replicates_r.csv")
GIVEN = pd.read_csv(HERE / "replicate_weights.csv")
PAIRS = [1, 4, 8, 9, 19, 22, 29, 30]


def survey(name: str, frame: pd.DataFrame) -> sv.Survey:
    if name.startswith("given"):
        method, centre = ("SDR", "estimate") if name.endswith("sdr") else ("bootstrap", name.removeprefix("given_"))
        columns = sv.Replicates("^repw", method=method, centre=centre)
        return sv.Survey(pd.concat([frame, GIVEN], axis=1), design=sv.Design("w", replicates=columns))
    if name in ("BRR", "Fay"):
        two = frame[frame["cluster"].isin(PAIRS)].reset_index(drop=True)
        full = sv.Survey(two, design=sv.Design("w", "stratum", "cluster"))
        return full.with_replicates(name, fay=0.3 if name == "Fay" else None)
    strata = None if name == "JK1" else "stratum"
    return sv.Survey(frame, design=sv.Design("w", strata, "cluster")).with_replicates(name)


DESIGNS = [name for name in REFERENCE["design"].unique() if name != "linearised"]


@pytest.mark.parametrize("name", DESIGNS)
def test_replicates(name: str, clustered: pd.DataFrame) -> None:
    made = survey(name, clustered)
    rows = REFERENCE[REFERENCE["design"] == name]
    assert len(rows) == 10
    estimates = {
        "mean y": made.mean("y").beside(made.mean("y", by="type")),
        "total y": made.total("y").beside(made.total("y", by="type")),
        "ratio y/x": made.ratio("y", "x").beside(made.ratio("y", "x", by="type")),
        "difference y": made.mean("y", by="type").contrast([1, -1]),
    }
    for statistic, estimate in estimates.items():
        r = rows[rows["statistic"] == statistic]
        np.testing.assert_allclose(estimate.values, r["value"], rtol=1e-11)
        np.testing.assert_allclose(estimate.se, r["se"], rtol=1e-9)


@pytest.mark.parametrize(
    "statistic",
    [sv.Variance("y"), sv.Covariance("y", "x"), sv.Correlation("y", "x"), sv.StandardDeviation("y")],
    ids=lambda s: s.rows[0][2],
)
def test_second_order(statistic: sv.Variance, clustered: pd.DataFrame) -> None:
    made = sv.Survey(clustered, design=sv.Design("w", "stratum", "cluster")).estimate(statistic)
    variable, _, name = statistic.rows[0]
    r = REFERENCE[REFERENCE["statistic"] == f"{name} {variable.replace(' ', '')}"].iloc[0]
    np.testing.assert_allclose(made.values, [r["value"]], rtol=1e-10)
    np.testing.assert_allclose(made.se, [r["se"]], rtol=1e-9)


def test_the_jackknife_of_a_total_is_its_linearised_variance(clustered: pd.DataFrame) -> None:
    full = sv.Survey(clustered, design=sv.Design("w", "stratum", "cluster"))
    np.testing.assert_allclose(full.with_replicates("JKn").total("y").se, full.total("y").se, rtol=1e-12)


def test_the_bootstrap_is_near_and_repeats_with_its_seed(clustered: pd.DataFrame) -> None:
    full = sv.Survey(clustered, design=sv.Design("w", "stratum", "cluster"))
    one, same, other = (full.with_replicates("bootstrap", n=2000, seed=s).mean("y") for s in (1, 1, 2))
    assert one.se == same.se != other.se
    np.testing.assert_allclose(one.se, full.mean("y").se, rtol=0.06)  # Monte Carlo error of 2000: 1.6 %


def test_successive_differences_of_unordered_units_are_near(clustered: pd.DataFrame) -> None:
    full = sv.Survey(clustered, design=sv.Design("w", clusters="cluster"))
    np.testing.assert_allclose(full.with_replicates("SDR", n=64).mean("y").se, full.mean("y").se, rtol=0.35)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda s, f: s.with_replicates("bootstrap"), "needs a seed"),
        (lambda s, f: s.with_replicates("JKk"), "Did you mean"),
        (lambda s, f: s.with_replicates("BRR"), "exactly two units"),
        (lambda s, f: s.with_replicates("JK1"), "without strata"),
        (lambda s, f: s.with_replicates("Fay", fay=1.5), "fay=1.5"),
        (lambda s, f: s.with_replicates("Fay"), "fay=None"),
        *[
            (lambda s, f, m=m, n=n: s.with_replicates(m, n=n, seed=1), f"n={n!r} replicates.*number of at least 2")
            for m in ("bootstrap", "SDR")
            for n in (1, 0, -2, 2.5, "many", None, True)
        ],
        (lambda s, f: s.with_replicates("bootstrap", seed=-1), "seed=-1 is no seed.*at least 0"),
        (lambda s, f: s.with_replicates("bootstrap", seed="a"), "seed='a' is no seed"),
        (lambda s, f: s.with_replicates("Fay", fay="a"), "fay=a does not go"),
        *[
            (lambda s, f, scale=scale: sv.Replicates("^r", scale=scale), f"scale={scale!r} .*a number above 0")
            for scale in ("a", float("nan"), float("inf"), -1, 0)
        ],
        *[
            (lambda s, f, given=given: sv.Replicates("^r", rscales=given), "rscales=.*of at least 0 for each")
            for given in ("ab", ["a", "b"], [1, -1], [1, float("nan")], 0.5, [], [[1, 2]])
        ],
        (lambda s, f: sv.Replicates(3), "columns=3 names no column"),
        (lambda s, f: sv.Replicates(["r1", 2]), "names no column"),
        (lambda s, f: sv.Survey(f, design=sv.Design("w", replicates=sv.Replicates([]))), "names 0 columns"),
        (lambda s, f: sv.Survey(f, design=sv.Design("w", replicates=sv.Replicates("^zz"))), "names 0 columns"),
        (lambda s, f: sv.Survey(f, design=sv.Design("w", replicates=sv.Replicates("(("))), "no regular expression"),
        (lambda s, f: sv.Survey(f, design=sv.Design("w", replicates=sv.Replicates(["w", "v"]))), "'v' is not in"),
        (lambda s, f: sv.Survey(f, design=sv.Design("w", replicates=sv.Replicates(["w", "y"]))), "no replicate weight"),
        (lambda s, f: sv.Survey(f, design=sv.Design("w", replicates=sv.Replicates(["w", "w"], "JKn"))), "a factor"),
        (
            lambda s, f: sv.Survey(
                f, design=sv.Design("w", replicates=sv.Replicates(["w", "w"], "JKn", rscales=[1.0]))
            ),
            "2 replicate weights and 1 factors",
        ),
    ],
)
def test_replicates_that_cannot_be(call, match: str, clustered: pd.DataFrame) -> None:
    full = sv.Survey(clustered, design=sv.Design("w", "stratum", "cluster"))
    with pytest.raises(sv.SurveyorError, match=match):
        call(full, clustered)


def test_a_replicate_that_empties_a_domain_is_said(clustered: pd.DataFrame) -> None:
    """R drops such a replicate and gives a number; here there is none, and the note says so."""
    mixed = clustered[clustered["cluster"].isin([1, 2, 7, 8, 19, 20, 28, 29])]
    made = sv.Survey(mixed, design=sv.Design("w", "stratum", "cluster")).with_replicates("BRR").mean("y", by="type")
    assert np.isnan(made.se).any()
    assert all(note for note, se in zip(made.notes(), made.se, strict=True) if np.isnan(se))


def test_replicates_made_here_take_the_centre_asked_for() -> None:
    """K01 of the named calls: R's jackknife is centred at the mean of the replicates unless mse=TRUE."""
    frame = pd.read_csv(HERE / "api_clus1.csv")
    replicates = {centre: sv.Replicates(None, "JK1", centre=centre) for centre in ("mean", "estimate")}
    se = {}
    for centre, made in replicates.items():
        design = sv.Design("pw", clusters="dnum", fpc="fpc", replicates=made)
        se[centre] = float(sv.Survey(frame, design=design).mean("api00").se[0])
    np.testing.assert_allclose(se["mean"], 26.3293605895, rtol=1e-11)
    assert se["estimate"] > se["mean"]
    with pytest.raises(sv.SurveyorError, match="factors of their method"):
        sv.Replicates(None, "JK1", scale=99)


def test_two_replicates_is_the_least(clustered: pd.DataFrame) -> None:
    full = sv.Survey(clustered, design=sv.Design("w", "stratum", "cluster"))
    for method in ("bootstrap", "SDR"):
        assert np.isfinite(full.with_replicates(method, n=np.int64(2), seed=1).mean("y").se).all()


def test_factors_and_columns_given_as_arrays(clustered: pd.DataFrame) -> None:
    """They become tuples: two designs can be compared, and the numbers are the same."""
    names = [name for name in GIVEN if name.startswith("repw")]
    factors = np.linspace(0.5, 1.5, len(names))
    made = [sv.Replicates(n, rscales=r) for n, r in ((np.array(names), factors), (tuple(names), list(factors)))]
    assert made[0] == made[1]
    assert hash(made[0]) == hash(made[1])
    assert sv.Design("w", replicates=made[0]) == sv.Design("w", replicates=made[1])
    frame = pd.concat([clustered, GIVEN], axis=1)
    se = [sv.Survey(frame, design=sv.Design("w", replicates=one)).mean("y").se for one in made]
    assert se[0] == se[1]
