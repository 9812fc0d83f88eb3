"""Cronbach's alpha, item-rest and mean inter-item correlations: R, hand computation, laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.questionnaire import Choices, Item, Questionnaire

ORACLE = Path(__file__).parent / "oracle"
REFERENCE = pd.read_csv(ORACLE / "alpha_r.csv")
SIGNS = {
    "agree": (-1, 1, 1, 1, 1),
    "conscientious": (1, 1, 1, -1, -1),
    "open": (1, -1, 1, 1, -1),
    "two": (1, 1),
    "unturned": (1, 1, 1, 1, 1),
}
SCHOOLS = ("ell", "mobility", "meals")


def reference(case: str) -> pd.DataFrame:
    return REFERENCE[REFERENCE["case"] == case]


def asked_as(case: str, survey: sv.Survey, signs: tuple[int, ...]) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The rows of R, and our values and standard errors in their order."""
    rows = reference(case)
    items = rows["variable"].iloc[0].split(", ")
    kinds = {"alpha": sv.Alpha, "mean inter-item correlation": sv.InterItem, "item-rest correlation": sv.ItemRest}
    made = survey.estimate([kinds[name](items, signs) for name in rows["statistic"].unique()])
    assert list(made.cells["variable"]) == list(rows["variable"])
    assert list(made.cells["statistic"]) == list(rows["statistic"])
    return rows, made.values, made.se


def test_no_case_of_the_reference_is_left_out() -> None:
    assert set(REFERENCE["case"]) == {*SIGNS, "clus1", "clus1_jk1", "strat_jkn"}
    assert len(REFERENCE) == 4 * 7 + 4 + 1 + 2 * 5


@pytest.mark.parametrize("case", SIGNS)
def test_psych_on_complete_cases(case: str) -> None:
    survey = sv.Survey(pd.read_csv(ORACLE / "bfi.csv"))
    rows, values, _ = asked_as(case, survey, SIGNS[case])
    np.testing.assert_allclose(values, rows["value"], rtol=1e-11)


def test_survey_weights_and_clusters_with_finite_population() -> None:
    """svycralpha has no error; its error here is svycontrast's of the same formula on weighted means."""
    frame = pd.read_csv(ORACLE / "api_clus1.csv")
    survey = sv.Survey(frame, design=sv.Design("pw", clusters="dnum", fpc="fpc"))
    rows, values, se = asked_as("clus1", survey, (1, 1, 1))
    np.testing.assert_allclose(values, [0.621497461852], atol=5e-13)
    np.testing.assert_allclose(values, rows["value"], rtol=1e-11)
    np.testing.assert_allclose(se, rows["se"], rtol=1e-9)


@pytest.mark.parametrize(
    ("case", "columns", "centre"),
    [
        ("clus1_jk1", {"clusters": "dnum"}, "estimate"),
        ("strat_jkn", {"strata": "stype"}, "mean"),
    ],
)
def test_jackknife(case: str, columns: dict[str, str], centre: str) -> None:
    method = case.partition("_")[2].replace("jkn", "JKn").replace("jk1", "JK1")
    frame = pd.read_csv(ORACLE / f"api_{case.partition('_')[0]}.csv")
    replicates = sv.Replicates(None, method, centre=centre)
    survey = sv.Survey(frame, design=sv.Design("pw", **columns, replicates=replicates))
    rows, values, se = asked_as(case, survey, (1, 1, 1))
    np.testing.assert_allclose(values, rows["value"], rtol=1e-11)
    np.testing.assert_allclose(se, rows["se"], rtol=1e-9)


def test_by_hand() -> None:
    """Items 1 2 3 4, 1 2 4 3: variances 5/4 each, covariance 1, so alpha 2 (1 - 2.5 / 4.5), correlations .8."""
    survey = sv.Survey(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 4, 3]}))
    made = survey.estimate([sv.Alpha(("a", "b")), sv.ItemRest(("a", "b")), sv.InterItem(("a", "b"))])
    np.testing.assert_allclose(made.values, [8 / 9, 0.8, 0.8, 0.8], rtol=1e-14)


def test_weights_are_people() -> None:
    rng = np.random.default_rng(5)
    y = rng.integers(1, 6, size=(40, 3)).astype(float) + np.arange(40)[:, None] % 4
    frame = pd.DataFrame(y, columns=["a", "b", "c"]).assign(w=rng.integers(1, 5, 40))
    frame.loc[3, "b"] = np.nan
    asked = [sv.Alpha(["a", "b", "c"]), sv.ItemRest(["a", "b", "c"]), sv.InterItem(["a", "b", "c"])]
    made = sv.Survey(frame, design=sv.Design("w")).estimate(asked)
    everybody = frame.dropna().loc[lambda f: f.index.repeat(f["w"])]
    C, R = everybody[["a", "b", "c"]].cov().to_numpy(), everybody[["a", "b", "c"]].corr().to_numpy()
    rest = [everybody[name].corr(everybody[["a", "b", "c"]].sum(axis=1) - everybody[name]) for name in "abc"]
    expected = [1.5 * (1 - np.trace(C) / C.sum()), *rest, R[np.triu_indices(3, 1)].mean()]
    np.testing.assert_allclose(made.values, expected, rtol=1e-12)
    assert (made.n == 39).all()


def test_items_are_turned_as_the_questionnaire_says() -> None:
    five = Choices(codes={k: {"en": f"answer {k}"} for k in range(1, 6)})
    items = tuple(Item(id=name, label={"en": name}, choices="five", reversed=name == "b") for name in "abc")
    asked = Questionnaire(name="t", items=items, choices={"five": five})
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.integers(1, 6, size=(50, 3)), columns=list("abc"))
    turned = frame.assign(b=6 - frame["b"])
    for kind in (sv.Alpha, sv.ItemRest, sv.InterItem):
        told = sv.Survey(frame, questionnaire=asked).estimate(kind(["a", "b", "c"]))
        np.testing.assert_allclose(told.values, sv.Survey(turned).estimate(kind(["a", "b", "c"])).values, rtol=1e-12)
        by_name = sv.Survey(frame, questionnaire=asked).estimate(kind(["a", "b", "c"], signs=(1, 1, 1)))
        np.testing.assert_allclose(by_name.values, sv.Survey(frame).estimate(kind(["a", "b", "c"])).values, rtol=1e-12)


def test_a_billion_keeps_nine_digits() -> None:
    rng = np.random.default_rng(7)
    y = rng.integers(-24, 25, size=(300, 3)) / 8 + rng.integers(-8, 9, size=(300, 1)) / 8
    near = pd.DataFrame(y, columns=["a", "b", "c"])
    for kind in (sv.Alpha, sv.ItemRest, sv.InterItem):
        one, other = (sv.Survey(f).estimate(kind(["a", "b", "c"])) for f in (near, near + 1e9))
        np.testing.assert_allclose(other.values, one.values, rtol=1e-9)
        np.testing.assert_allclose(other.se, one.se, rtol=1e-9)


def test_items_that_never_vary_have_no_alpha() -> None:
    made = sv.Survey(pd.DataFrame({"a": [2, 2, 2], "b": [4, 4, 4]})).estimate(sv.Alpha(["a", "b"]))
    assert np.isnan(made.values).all()


@pytest.mark.parametrize("kind", [sv.Alpha, sv.ItemRest, sv.InterItem])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((["a"],), "two items or more"),
        (("rb06",), "'rb06' cannot be had"),
        ((["a", "a"],), "each once"),
        (([],), "no items"),
        ((["a", "b"], (1,)), "do not fit 2 items"),
        ((["a", "b"], (1, 0)), "1 or -1"),
    ],
)  # fmt: skip
def test_messages(kind: type, given: tuple, words: str) -> None:
    with pytest.raises(sv.SurveyorError, match=words):
        kind(*given)
