"""Sample statistics of items: against lavaan, against perturbed weights, and under replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.measure.items import Items
from surveyor.measure.moments import independent, moments_of, replicated
from surveyor.survey.groups import Groups, groups_of

ORACLE = Path(__file__).parent / "oracle"
AGREE = ("A1", "A2", "A3", "A4", "A5")
#: Case of moments.R: items, grouping, weights, whether rows with gaps are left out, and continuous items.
CASES: dict[str, tuple[Sequence[str], str | None, str | None, bool, Sequence[str]]] = {
    "listwise": (AGREE, "gender", None, True, ()),
    "weighted": (AGREE, "gender", "w", True, ()),
    "pairwise": (AGREE, "gender", None, False, ()),
    "pairwise_weighted": (("A1", "N1", "C4", "E2"), None, "w", False, ()),
    "mixed": (("A2", "age60", "A3", "A4"), "gender", None, True, ("age60",)),
    "mixed_weighted": (("A2", "A3", "age60", "E1", "education"), None, "w", True, ("age60", "education")),
    "mixed_pairwise": (("A2", "age60", "E1", "education"), None, None, False, ("age60", "education")),
    "empty": (("B1", "B2", "B3"), None, None, True, ()),
}


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    frame = pd.read_csv(ORACLE / "bfi.csv")
    return frame.assign(
        w=1 + (np.arange(1, len(frame) + 1) % 5) / 2,
        age60=frame["age"].clip(upper=60),
        unit=np.arange(len(frame)) % 12 * 2 + frame["gender"] - 1,
    )


def asked(
    frame: pd.DataFrame,
    names: Sequence[str],
    by: str | None = None,
    numbers: Sequence[str] = (),
    design: sv.Design | None = None,
) -> tuple[Items, Groups]:
    values = frame[list(names)].to_numpy(float, copy=True)
    low = np.where(np.isin(names, numbers), 0, np.nanmin(values, axis=0))
    values -= low
    categories = tuple(
        0 if name in numbers else int(top) + 1 for name, top in zip(names, np.nanmax(values, axis=0), strict=True)
    )
    items = Items(tuple(names), values, categories, tuple(() for _ in names), {name: name for name in names})
    return items, groups_of(sv.Survey(frame, design=design or sv.Design()), by)


def case(bfi: pd.DataFrame, name: str) -> tuple[Items, Groups]:
    names, by, weights, complete, numbers = CASES[name]
    if name == "empty":
        few = bfi.dropna(subset=list(AGREE))[:60]
        high = few["A1"] >= 5
        bfi = few.assign(B1=high * 1.0, B2=((few["A5"] >= 3) | high) * 1.0, B3=(few["A3"] >= 5) * 1.0)
    frame = bfi.dropna(subset=list(names)) if complete else bfi
    return asked(frame, names, by, numbers, sv.Design(weights=weights))


@pytest.mark.parametrize("name", CASES)
def test_values_and_spread_against_lavaan(name: str, bfi: pd.DataFrame) -> None:
    """Thresholds and correlations to 1e-6, variances of independent rows to 1e-5 of their size."""
    known = pd.read_csv(ORACLE / "moments_values.csv")
    known = known[known["case"] == name]
    full = pd.read_csv(ORACLE / "moments_covariance.csv")
    items, groups = case(bfi, name)
    moments, covariance = moments_of(items, groups), independent(items, groups)
    assert len(known) == moments.values.size
    for g in range(groups.count):
        mine = known[known["group"] == g + 1]
        np.testing.assert_allclose(moments.values[g], mine["value"], rtol=1e-8, atol=1e-6)
        np.testing.assert_allclose(moments.spread[g], mine["spread"], rtol=1e-5)
        np.testing.assert_allclose(1 / moments.spread[g], mine["weight"], rtol=1e-5)
        part = full[(full["case"] == name) & (full["group"] == g + 1)]
        expected = np.zeros(covariance[g].shape)
        expected[part["row"], part["column"]] = expected[part["column"], part["row"]] = part["value"]
        sd = np.sqrt(np.diag(expected))
        np.testing.assert_allclose(covariance[g] / np.outer(sd, sd), expected / np.outer(sd, sd), atol=1e-6)


def moved(frame: pd.DataFrame, unit: int, factor: float, **asking: object) -> np.ndarray:
    again = frame.assign(w=np.where(frame["unit"] == unit, frame["w"] * factor, frame["w"]))
    items, groups = asked(again, design=sv.Design(weights="w"), **asking)  # type: ignore[arg-type]
    return moments_of(items, groups).values.reshape(-1)


NUMBERS = ("age60", "education")


@pytest.mark.parametrize(
    ("names", "numbers", "by"),
    [
        (("A2", "C4", "E1", "gender"), (), None),
        (("A2", "C4", "E1"), (), "gender"),
        (("age60", "A2", "education", "C4"), NUMBERS, "gender"),
        (NUMBERS, NUMBERS, "gender"),
    ],
    ids=["ordinal", "ordinal in groups", "mixed", "continuous"],
)
def test_deviations_follow_from_perturbed_weights(
    names: Sequence[str], numbers: Sequence[str], by: str | None, bfi: pd.DataFrame
) -> None:
    """The influence of a unit is the slope of the values by a factor on its weights (five-point difference)."""
    frame = bfi[:700]
    assert frame[list(names)].isna().any().any(), "with gaps"
    asking: dict[str, object] = {"names": names, "numbers": numbers, "by": by}
    items, groups = asked(frame, names, by, numbers, sv.Design(weights="w", clusters="unit"))
    found = moments_of(items, groups)
    h, slopes = 1e-3, []
    for unit in sorted(frame["unit"].unique()):
        at = {k: moved(frame, unit, 1 + k * h, **asking) for k in (-2, -1, 1, 2)}
        slopes.append((at[-2] - 8 * at[-1] + 8 * at[1] - at[2]) / (12 * h))
    z = pd.DataFrame(slopes)
    stratum = z.index % 2 if by else np.zeros(len(z))
    expected = np.zeros((z.shape[1],) * 2)
    for _, part in z.groupby(stratum):
        centred = (part - part.mean()).to_numpy()
        expected += len(part) / (len(part) - 1) * centred.T @ centred
    sd = np.sqrt(np.diag(expected))
    np.testing.assert_allclose(found.covariance / np.outer(sd, sd), expected / np.outer(sd, sd), atol=1e-6)
    np.testing.assert_array_equal(found.df, [11, 11] if by else [23])
    assert found.apart


def test_empty_cell_under_the_law(bfi: pd.DataFrame) -> None:
    few = bfi.dropna(subset=list(AGREE))[:60]
    few = few.assign(B1=(few["A1"] >= 5) * 1.0, B2=((few["A5"] >= 3) | (few["A1"] >= 5)) * 1.0, unit=np.arange(60) % 6)
    items, groups = asked(few, ("B1", "B2"), design=sv.Design(weights="w", clusters="unit"))
    h = 1e-4
    asking: dict[str, object] = {"names": ("B1", "B2")}
    z = np.array([(moved(few, u, 1 + h, **asking) - moved(few, u, 1 - h, **asking)) / (2 * h) for u in range(6)])
    np.testing.assert_allclose(moments_of(items, groups).covariance, 6 / 5 * z.T @ z, rtol=1e-5)


def test_continuous_items_are_as_statistics_of_the_survey(bfi: pd.DataFrame) -> None:
    names = ("age60", "education", "A1")
    frame = bfi.dropna(subset=list(names)).reset_index(drop=True)
    design = sv.Design(weights="w", clusters="unit")
    items, groups = asked(frame, names, "gender", names, design)
    found = moments_of(items, groups)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i:]]
    order = [p for p in pairs if p[0] == p[1]] + [p for p in pairs if p[0] != p[1]]
    statistics = [sv.Mean(a) for a in names] + [sv.Covariance(a, b) for a, b in order]
    asked_for = groups.estimate(sv.Survey(frame, design=design), statistics)
    n = np.repeat(found.n, 9).reshape(2, 9)
    factor = np.where(np.arange(9) < 3, 1, (n - 1) / n)  # Covariance has divisor n - 1
    cells = asked_for.cells.reset_index(drop=True)
    at = {(row.gender, row.variable, row.statistic): i for i, row in cells.iterrows()}
    places = [
        [at[code, str(statistic.rows[0][0]), statistic.rows[0][2]] for statistic in statistics] for code in (1.0, 2.0)
    ]
    np.testing.assert_allclose(found.values, asked_for.values[places] * factor, rtol=1e-12)
    flat = np.concatenate(places)
    scale = factor.reshape(-1)
    expected = asked_for.covariance[np.ix_(flat, flat)] * np.outer(scale, scale)
    sd = np.sqrt(np.diag(expected))
    np.testing.assert_allclose(found.covariance / np.outer(sd, sd), expected / np.outer(sd, sd), atol=1e-10)


def test_spread_of_continuous_items_is_that_of_products(bfi: pd.DataFrame) -> None:
    names = ("age60", "education")
    frame = bfi.dropna(subset=list(names))
    items, groups = asked(frame, names, None, names, sv.Design(weights="w"))
    w, y = frame["w"].to_numpy(), frame[list(names)].to_numpy()
    d = y - w @ y / w.sum()
    terms = np.column_stack([d, d**2, d[:, 0] * d[:, 1]])
    terms[:, 2:] -= w @ terms[:, 2:] / w.sum()
    np.testing.assert_allclose(moments_of(items, groups).spread[0], (w**2) @ terms**2 / w.sum() ** 2, rtol=1e-10)


def test_replicates_are_fits_without_a_unit(bfi: pd.DataFrame) -> None:
    names, numbers = ("A2", "education", "C4"), ("education",)
    frame = bfi[:600]
    design = sv.Design(weights="w", clusters="unit")
    items, groups = asked(frame, names, "gender", numbers, design)
    found = replicated(items, groups)
    assert found.values.shape == found.spread.shape == (24, 2, moments_of(items, groups).layout.size)
    for unit in (0, 7):
        gone = frame["unit"].to_numpy() == unit
        g = unit % 2
        left = replace(items, values=items.values[~gone])
        alone = moments_of(left, groups_of(sv.Survey(frame[~gone], design=design), "gender"))
        np.testing.assert_allclose(found.values[unit], alone.values, atol=1e-10)
        np.testing.assert_allclose(found.spread[unit], alone.spread, rtol=1e-8)
        whole = moments_of(items, groups)
        np.testing.assert_allclose(found.values[unit, 1 - g], whole.values[1 - g], atol=1e-11)


def test_jackknife_is_near_the_linearised_errors(bfi: pd.DataFrame) -> None:
    items, groups = asked(bfi, AGREE, "gender", (), sv.Design(weights="w", clusters="unit"))
    found, again = moments_of(items, groups), replicated(items, groups)
    D = again.multipliers.deviations(found.values.reshape(-1), again.values.reshape(24, -1))
    ratio = np.linalg.norm(D, axis=0) / np.linalg.norm(found.deviations, axis=0)
    assert np.median(np.abs(ratio - 1)) < 0.01
    assert (np.abs(ratio - 1) < 0.1).all()


def test_replicate_weights_give_the_deviations(bfi: pd.DataFrame) -> None:
    frame = bfi[:800]
    survey = sv.Survey(frame, design=sv.Design(weights="w", clusters="unit"))
    items, _ = asked(frame, ("A2", "C4"))
    groups = groups_of(survey.with_replicates("bootstrap", n=20, seed=1), "gender")
    found, again = moments_of(items, groups), replicated(items, groups)
    assert found.deviations.shape == (20, found.values.size)
    centre = again.values.mean(axis=0).reshape(-1)
    np.testing.assert_allclose(found.deviations, (again.values.reshape(20, -1) - centre) / np.sqrt(19), atol=1e-12)
    factor = groups.units.replicates.factor[groups.units.unit, 3]
    once = groups_of(sv.Survey(frame.assign(w=frame["w"] * factor), design=sv.Design(weights="w")), "gender")
    np.testing.assert_allclose(again.values[3], moments_of(items, once).values, atol=1e-10)


def test_calibrated_weights_leave_the_residual(bfi: pd.DataFrame) -> None:
    """The same errors as the statistic of the survey, which goes another way; gender known, its error gone."""
    frame = bfi.dropna(subset=["A2", "C4", "age60", "education", "gender"]).reset_index(drop=True)
    survey = sv.Survey(frame, design=sv.Design(weights="w", clusters="unit"))
    survey = survey.calibrate({"gender": {1: 2000, 2: 4000}})
    names = ("A2", "C4", "gender", "age60")
    items, _ = asked(frame, names, None, ("age60",))
    found = moments_of(items, groups_of(survey, None))
    pairs = found.layout.covariances.start
    error = np.linalg.norm(found.deviations, axis=0)
    expected = survey.estimate([sv.Polychoric("A2", "C4"), sv.Polychoric("A2", "gender"), sv.Mean("age60")])
    np.testing.assert_allclose(error[[pairs, pairs + 1, found.layout.levels(3).start]], expected.se, rtol=1e-9)
    assert error[found.layout.levels(2).start] < 1e-12


def test_groups_in_the_same_units_are_not_apart(bfi: pd.DataFrame) -> None:
    frame = bfi[:600].assign(unit=np.arange(600) % 10)
    items, groups = asked(frame, ("A2", "C4"), "gender", (), sv.Design(weights="w", clusters="unit"))
    found = moments_of(items, groups)
    assert not found.apart
    q = found.layout.size
    assert np.abs(found.covariance[:q, q:]).max() > 1e-6
    np.testing.assert_array_equal(found.df, [9, 9])


def test_rows_without_an_answer_or_weight_do_not_count(bfi: pd.DataFrame) -> None:
    frame = bfi[:500].assign(w=lambda f: np.where(np.arange(500) < 50, 0.0, f["w"]))
    frame.loc[100:119, ["A2", "C4"]] = np.nan
    frame.loc[120:129, "A2"] = np.nan
    items, groups = asked(frame, ("A2", "C4"), None, (), sv.Design(weights="w"))
    found = moments_of(items, groups)
    counted = frame[50:][["A2", "C4"]].notna()
    assert found.n.tolist() == [counted.any(axis=1).sum()]
    less = frame[50:].dropna(subset=["A2", "C4"], how="all")
    same = moments_of(*asked(less, ("A2", "C4"), None, (), sv.Design(weights="w")))
    np.testing.assert_allclose(found.values, same.values, atol=1e-12)
    np.testing.assert_allclose(found.spread, same.spread, rtol=1e-10)
    numbers = asked(frame, ("A2", "C4"), None, ("A2", "C4"), sv.Design(weights="w"))
    assert moments_of(*numbers).n.tolist() == [counted.all(axis=1).sum()]


def test_a_category_lost_in_a_replicate_keeps_its_threshold_finite() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.integers(1, 4, 120), "y": rng.integers(1, 4, 120), "unit": np.arange(120) % 6})
    frame.loc[[0, 6, 12], "x"] = 4  # the highest answer in one unit only
    items, groups = asked(frame, ("x", "y"), None, (), sv.Design(clusters="unit"))
    found = replicated(items, groups)
    assert np.isfinite(found.values).all()
    assert np.isfinite(found.spread).all()


def test_perfect_items_are_named_with_their_group() -> None:
    frame = pd.DataFrame({"x": [1.0, 2, 3] * 20, "y": [1.0, 2, 3] * 10 + [3.0, 1, 2, 1, 2, 3, 2, 2, 1, 3] * 3})
    frame["kind"] = np.repeat([1, 2], 30)
    with pytest.raises(sv.SurveyorError, match="kind = 1: the answers to 'x' and 'y' go together perfectly"):
        moments_of(*asked(frame, ("x", "y"), "kind"))
    with pytest.raises(sv.SurveyorError, match="'x' and 'y' go together perfectly"):
        moments_of(*asked(frame[:30], ("x", "y"), None, ("x", "y")))


def test_no_answers_in_a_group_is_said() -> None:
    frame = pd.DataFrame({"x": [1.0, 2] * 10 + [np.nan] * 10, "y": [1.0, 1, 2] * 10, "kind": [1] * 20 + [2] * 10})
    with pytest.raises(sv.SurveyorError, match="answered"):
        moments_of(*asked(frame.assign(y=frame["y"].where(frame["kind"] == 1)), ("x", "y"), "kind"))


def test_a_number_with_two_values_among_ordinal_items(bfi: pd.DataFrame) -> None:
    """The scores of its mean and variance are one and the same; what is known of the mean stays."""
    items, groups = asked(bfi[:500], ("A2", "gender"), None, ("gender",), sv.Design(weights="w"))
    found = moments_of(items, groups)
    assert np.isfinite(found.spread).all()
    assert np.isfinite(found.deviations).all()
    w, y = bfi["w"][:500].to_numpy(), bfi["gender"][:500].to_numpy()
    share = w @ (y == 2) / w.sum()
    np.testing.assert_allclose(found.values[0, -3], share + 1, rtol=1e-12)
    np.testing.assert_allclose(found.values[0, -2], share * (1 - share), rtol=1e-12)
