"""The algebra of estimates: what cannot be right is refused, and names stay apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

FULL = sv.Design(weights="w", strata="stratum", clusters="cluster")


@pytest.mark.parametrize(
    "formula",
    [
        lambda v: np.abs(v[0] - v[1]),
        lambda v: float(v[0].real) ** 2,
        lambda v: v.real,
    ],
)
def test_formulas_without_an_exact_slope_are_refused(formula, clustered: pd.DataFrame) -> None:
    made = sv.Survey(clustered, design=FULL).mean("y", by="type")
    with pytest.raises(sv.SurveyorError, match="cannot be differentiated"):
        made.transform(formula)


def test_smooth_formulas_are_taken(clustered: pd.DataFrame) -> None:
    made = sv.Survey(clustered, design=FULL).mean("y", by="type")
    log = made.transform(lambda v: np.log(v[0] / v[1]))
    np.testing.assert_allclose(log.se, made.transform(lambda v: v[0] / v[1]).se / (made.values[0] / made.values[1]))


@pytest.mark.parametrize("name", ["value", "level", "n", "note"])
def test_groups_cannot_be_called_like_a_result(name: str) -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4], name: ["a", "a", "b", "b"]})
    with pytest.raises(sv.SurveyorError, match="cannot be those of"):
        sv.Survey(frame).mean("y", by=name)


def test_a_group_cannot_be_named_twice(clustered: pd.DataFrame) -> None:
    with pytest.raises(sv.SurveyorError, match="named twice"):
        sv.Survey(clustered).mean("y", by=["type", "type"])


def test_long_codes_keep_their_digits() -> None:
    frame = pd.DataFrame(
        {"y": [1.0, 2, 3, 4], "c": [110101001, 110101002] * 2, "id": [2**60, 2**60 + 1, 2**60, 2**60 + 1]}
    )
    survey = sv.Survey(frame)
    assert list(survey.mean("y", by="c").to_frame()["c"]) == ["110101001", "110101002"]
    assert list(survey.mean("y", by="id").values) == [2, 3]
    assert survey.compare("y", by="c").group_names == ("110101001", "110101002")


def test_levels_are_named_by_label_first() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4], "k": pd.Categorical([0, 1, 0, 1]), "t": ["0", "1", "0", "1"]})
    survey = sv.Survey(frame)
    assert len(survey.mean("y", by="k").pick(k=1)) == 1
    assert survey.mean("y", by="k").pick(k=1).values[0] == 3
    assert survey.estimate(sv.Proportion("k", (1,)), by="y").values[1] == 1
    assert survey.mean("y", by="t").pick(t="1").values[0] == 3
    with pytest.raises(sv.SurveyorError, match="no answer of 't'"):
        survey.estimate(sv.Proportion("t", (1,)))


def test_answers_may_be_named_by_label(copenhagen: sv.Study) -> None:
    survey = copenhagen.residents
    by_label = survey.estimate(sv.Proportion("satisfaction", ("High", ("Low", "Medium"))))
    by_code = survey.estimate(sv.Proportion("satisfaction", (3, (1, 2))))
    np.testing.assert_array_equal(by_label.values, by_code.values)
    with pytest.raises(sv.SurveyorError, match="Did you mean 'High'"):
        survey.estimate(sv.Proportion("satisfaction", ("Hig",)))


def test_two_estimates_of_one_survey_vary_together(clustered: pd.DataFrame) -> None:
    a, b = (sv.Survey(clustered, design=FULL).mean("y") for _ in range(2))
    assert (a - b).se[0] == 0
    gaps = sv.Survey(clustered, design=FULL).compare("y", by="type")
    with pytest.raises(sv.SurveyorError, match="same residents under different designs"):
        a.beside(gaps.sides)


def test_nothing_to_estimate_from_is_said() -> None:
    survey = sv.Survey(pd.DataFrame({"y": [1.0, 2], "none": [np.nan, np.nan], "g": ["a", "b"]}))
    for call in (lambda: survey.mean("y", by="none"), lambda: survey.proportion("none")):
        with pytest.raises(sv.SurveyorError, match="no answers at all"):
            call()
    assert survey.mean("none").notes() == ["no answers"]
    with pytest.raises(sv.SurveyorError, match="at least one code"):
        survey.estimate(sv.Proportion("g", ()))
    with pytest.raises(sv.SurveyorError, match="crossed with itself"):
        survey.crosstab("g", "g")


def test_an_estimate_prints_as_a_table(clustered: pd.DataFrame) -> None:
    made = sv.Survey(clustered, design=FULL)
    for result in (made.mean("y", by="type"), made.compare("y", by="type"), made.crosstab("member", "rating")):
        assert len(repr(result)) < 3000
        assert "array(" not in repr(result)


@pytest.mark.parametrize(
    "dtype", ["Int64", "float32", "int8", "int64[pyarrow]", "Float64"], ids=lambda name: name.replace("[", "_")
)
def test_types_of_columns_do_not_matter(dtype: str, clustered: pd.DataFrame) -> None:
    if "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    known = clustered.dropna(subset="rating")
    plain = sv.Survey(known, design=FULL).mean("rating", by="type")
    typed = sv.Survey(known.assign(rating=known["rating"].astype(dtype)), design=FULL).mean("rating", by="type")
    np.testing.assert_allclose(typed.se, plain.se, rtol=1e-12)


def test_an_empty_domain_holds_nobody_and_nothing(clustered: pd.DataFrame) -> None:
    nobody = sv.Survey(clustered, design=sv.Design("w", clusters="cluster")).where("y > 1000")
    made = nobody.estimate([sv.Count("y"), sv.Total("y"), sv.Mean("y")])
    np.testing.assert_array_equal(made.values, [0.0, 0.0, np.nan])
    assert made.notes() == ["no answers"] * 3


def test_each_estimate_keeps_the_degrees_of_freedom_of_its_own_design(clustered: pd.DataFrame) -> None:
    a = sv.Survey(clustered, design=sv.Design("w", clusters="cluster")).mean("y")
    b = sv.Survey(clustered.copy(), design=sv.Design("w", strata="stratum", clusters="cluster")).mean("y")
    units, strata = clustered["cluster"].nunique(), clustered["stratum"].nunique()
    assert a.beside(b).interval(df="stata")["df"].to_list() == [units - 1, units - strata]
    assert a.beside(b).contrast([1, -1]).interval(df="stata")["df"].to_list() == [units - strata]


def test_wald_by_hand(clustered: pd.DataFrame) -> None:
    made = sv.Survey(clustered, design=sv.Design("w", strata="stratum", clusters="cluster")).mean(["y", "x"])
    gap = made.values - [9.0, 8.0]
    test = made.test([9.0, 8.0])
    np.testing.assert_allclose(test.statistic, gap @ np.linalg.inv(made.covariance) @ gap / 2, rtol=1e-10)
    assert (test.df, test.df2) == (2, made.df.min())
    twice = made.contrast([[1, 0], [0, 1], [1, 1]]).test([9.0, 8.0, 17.0])
    np.testing.assert_allclose(twice.statistic, test.statistic, rtol=1e-9)
    assert twice.df == 2
    assert "only 2 of 3" in twice.note
