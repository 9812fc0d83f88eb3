"""Factor models against lavaan 0.6-14: estimates to 1e-5, chi-squares and corrected tests to 1e-6 relative.

The scripts factor_continuous.R and factor_ordinal.R made the numbers. Where lavaan divides by n and the design by
n - 1, the deviations are rescaled before the comparison, and the corrections for few primary units, which lavaan has
none of, are switched off (df = infinity).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.measure.chi_square import of_difference, of_model
from surveyor.measure.errors import sandwich
from surveyor.measure.fit_measures import fit_measures, residual_correlations
from surveyor.measure.moments import Moments
from surveyor.measure.moments.moments import independent
from surveyor.measure.setting import Setting, setting_of
from surveyor.measure.specify import Equal

HERE = Path(__file__).parent
THREE = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
STEPS = {
    "configural": Equal(),
    "metric": Equal(("loadings",)),
    "scalar": Equal(("loadings", "intercepts")),
    "strict": Equal(("loadings", "intercepts", "residuals")),
}
FACETS = {"agree": "A", "conscientious": "C", "extravert": "E", "neurotic": "N", "open": "O"}
TURNED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")


def theirs(file: str) -> pd.DataFrame:
    return pd.read_csv(HERE / file, keep_default_na=False, na_values=[""], dtype={"group": "Int64"})


CONTINUOUS = theirs("factor_continuous_r.csv")
ORDINAL = theirs("factor_ordinal_r.csv")


def told(table: pd.DataFrame, case: str, what: str) -> float:
    found = table[(table["case"] == case) & (table["what"] == what)]["value"]
    assert len(found) == 1, (case, what)
    return float(found.iloc[0])


@pytest.fixture(scope="module")
def pupils() -> pd.DataFrame:
    frame = pd.read_csv(HERE / "holzinger.csv")
    places = frame["school"].astype(str) + " " + ((frame["id"] - 1) // 8).astype(str)
    return frame.assign(
        school=pd.Categorical(frame["school"], ["Pasteur", "Grant-White"]),
        cluster=places.astype("category").cat.codes,
        weight=1 + (frame["id"] % 4) / 2,
    )


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    frame = pd.read_csv(HERE / "bfi.csv")
    frame = frame.assign(weight=1 + (np.arange(1, len(frame) + 1) % 5) / 2, years=frame["age"] / 10)
    return frame.assign(**{name: 7 - frame[name] for name in TURNED})


def unlimited(moments: Moments, factor: float | np.ndarray = 1.0) -> Moments:
    """The moments with other deviations and no correction for few primary units."""
    D = moments.deviations * np.repeat(np.broadcast_to(factor, len(moments.n)), moments.layout.size)
    return replace(moments, deviations=D, df=np.full(len(moments.n), np.inf))


def simple(moments: Moments) -> Moments:
    """Deviations with divisor n."""
    return unlimited(moments, np.sqrt((moments.n - 1) / moments.n))


def loadings(table: pd.DataFrame, case: str, se: bool = False) -> pd.Series:
    """Their loadings by group, factor and item."""
    found = table[(table["case"] == case) & (table["what"] == "loading")]
    return found.set_index(["group", "lhs", "rhs"])["se" if se else "value"]


def ours(setting: Setting, values: np.ndarray, kind: str = "loading") -> pd.Series:
    """Our loadings by group, factor and item: `values` of the numbers of the model."""
    parameters = setting.specified() if len(values) == len(setting.specified()) else None
    assert parameters is not None
    factors, names = list(setting.structure.factors), setting.items.names
    rows = {
        ((parameter.group or 0) + 1, factors[parameter.at[1]], names[parameter.at[0]]): value
        for parameter, value in zip(parameters.free, values, strict=True)
        if parameter.kind == kind
    }
    return pd.Series(rows)


def agree(mine: pd.Series, other: pd.Series, rtol: float) -> None:
    assert len(mine) == len(other)
    np.testing.assert_allclose(mine.loc[list(other.index)].to_numpy(), other.to_numpy(), rtol=rtol, atol=rtol)


def with_their_covariances(setting: Setting, case: str) -> Setting:
    """The setting with R's covariances and their spread."""
    found = ORDINAL[(ORDINAL["case"] == case) & (ORDINAL["what"] == "sample_cov")]
    told = {
        frozenset((a, b)): (v, se**2)
        for a, b, v, se in zip(found["lhs"], found["rhs"], found["value"], found["se"], strict=True)
    }
    names, layout = setting.items.names, setting.moments.layout
    at = [told[frozenset((names[i], names[j]))] for i, j in zip(*layout.pairs, strict=True)]
    values, spread = setting.moments.values.copy(), setting.moments.spread.copy()
    values[0, layout.covariances] = [value for value, _ in at]
    spread[0, layout.covariances] = [each for _, each in at]
    assert np.abs(values - setting.moments.values).max() < 0.01
    return replace(setting, moments=replace(setting.moments, values=values, spread=spread))


class TestContinuous:
    """Holzinger and Swineford's pupils, three factors with three tests each."""

    def test_likelihood(self, pupils: pd.DataFrame) -> None:
        setting = setting_of(sv.Survey(pupils), THREE, continuous=True)
        solution = setting.fitted(setting.specified())
        agree(ours(setting, solution.theta), loadings(CONTINUOUS, "one ML"), 1e-7)
        assert solution.least == pytest.approx(told(CONTINUOUS, "one ML", "chisq"), rel=1e-9)
        assert solution.df == told(CONTINUOUS, "one ML", "df")

    def test_corrected_chi_square(self, pupils: pd.DataFrame) -> None:
        setting = setting_of(sv.Survey(pupils), THREE, continuous=True)
        moments = simple(setting.moments)
        solution = setting.fitted(setting.specified())
        test = of_model(solution, moments)
        assert test.expected / test.df == pytest.approx(told(CONTINUOUS, "one MLM", "scaling"), rel=1e-6)
        assert test.statistic == pytest.approx(told(CONTINUOUS, "one MLMV", "chisq_scaled"), rel=1e-6)
        assert test.shift == pytest.approx(told(CONTINUOUS, "one MLMV", "shift"), rel=1e-6)
        measures = fit_measures(solution, moments, test)
        for name in ("cfi", "tli", "rmsea", "rmsea_low", "rmsea_high"):
            assert getattr(measures, name) == pytest.approx(told(CONTINUOUS, "one MLMV", f"{name}_scaled"), rel=1e-5), (
                name
            )
        assert measures.srmr == pytest.approx(told(CONTINUOUS, "one MLMV", "srmr"), rel=1e-6)

    @pytest.mark.parametrize("case", ["", " clusters", " weights", " clusters weights"])
    def test_sandwich(self, case: str, pupils: pd.DataFrame) -> None:
        design = sv.Design(
            weights="weight" if "weights" in case else None, clusters="cluster" if "clusters" in case else None
        )
        setting = setting_of(sv.Survey(pupils, design=design), THREE, continuous=True)
        solution = setting.fitted(setting.specified())
        agree(ours(setting, solution.theta), loadings(CONTINUOUS, f"one MLR{case}"), 1e-6)
        D = sandwich(solution, setting.moments)
        n = np.inf if "clusters" in case else len(pupils)  # of clusters lavaan too has m / (m - 1)
        se = np.sqrt((D**2).sum(axis=0)) * np.sqrt(1 - 1 / n)
        agree(ours(setting, se), loadings(CONTINUOUS, f"one MLR{case}", se=True), 1e-5)

    @pytest.mark.parametrize("case", ["clusters", "clusters weights", "clusters strata weights"])
    def test_design(self, case: str, pupils: pd.DataFrame) -> None:
        design = sv.Design(
            weights="weight" if "weights" in case else None, clusters="cluster",
            strata="school" if "strata" in case else None,
        )  # fmt: skip
        setting = setting_of(sv.Survey(pupils, design=design), THREE, continuous=True)
        moments = unlimited(setting.moments)
        solution = setting.fitted(setting.specified())
        test = of_model(solution, moments)
        assert test.least == pytest.approx(told(CONTINUOUS, f"design one {case}", "chisq"), rel=1e-7)
        assert test.expected / test.df == pytest.approx(told(CONTINUOUS, f"design one {case}", "scaling"), rel=1e-6)
        assert test.statistic == pytest.approx(told(CONTINUOUS, f"design one shifted {case}", "chisq_scaled"), rel=1e-6)

    def test_ladder(self, pupils: pd.DataFrame) -> None:
        setting = setting_of(sv.Survey(pupils), THREE, "school", continuous=True)
        moments = simple(setting.moments)
        before = None
        for name, equal in STEPS.items():
            solution = setting.fitted(setting.specified(equal))
            test = of_model(solution, moments)
            assert solution.least == pytest.approx(told(CONTINUOUS, f"two ML {name}", "chisq"), rel=1e-8)
            assert solution.df == told(CONTINUOUS, f"two ML {name}", "df")
            assert test.expected / test.df == pytest.approx(told(CONTINUOUS, f"two MLM {name}", "scaling"), rel=1e-6)
            means = CONTINUOUS[(CONTINUOUS["case"] == f"two ML {name}") & (CONTINUOUS["what"] == "factor_mean")]
            if name in ("scalar", "strict"):
                mine = [
                    value
                    for parameter, value in zip(solution.parameters.free, solution.theta, strict=True)
                    if parameter.kind == "factor mean"
                ]
                np.testing.assert_allclose(mine, means[means["group"] == 2]["value"], rtol=1e-5)
            if before is not None:
                of = CONTINUOUS[(CONTINUOUS["case"] == "two MLM 2000") & (CONTINUOUS["rhs"] == name)]
                of = of.set_index("what")["value"]
                difference = of_difference(solution, before, moments)
                assert difference.df == of["diff_df"]
                assert difference.statistic == pytest.approx(of["diff_chisq"], rel=1e-5)
                of = CONTINUOUS[(CONTINUOUS["case"] == "two MLM 2000 mean") & (CONTINUOUS["rhs"] == name)]
                of = of.set_index("what")["value"]
                assert difference.f * difference.df == pytest.approx(of["diff_chisq"], rel=1e-5)
            before = solution

    @pytest.mark.parametrize("case", ["clusters", "clusters weights"])
    def test_ladder_under_a_design(self, case: str, pupils: pd.DataFrame) -> None:
        """R's subsets of a design without strata have m / (m - 1) of all clusters, ours of the group's."""
        design = sv.Design(weights="weight" if "weights" in case else None, clusters="cluster")
        setting = setting_of(sv.Survey(pupils, design=design), THREE, "school", continuous=True)
        mine = pupils.groupby("school", observed=True)["cluster"].nunique().to_numpy()
        every = mine.sum()
        moments = unlimited(setting.moments, np.sqrt(every / (every - 1) * (mine - 1) / mine))
        before = None
        for name, equal in STEPS.items():
            solution = setting.fitted(setting.specified(equal))
            test = of_model(solution, moments)
            assert test.expected / test.df == pytest.approx(
                told(CONTINUOUS, f"design two {case} {name}", "scaling"), rel=1e-6
            )
            if before is not None:
                of = CONTINUOUS[(CONTINUOUS["case"] == f"design two {case} 2000") & (CONTINUOUS["rhs"] == name)]
                difference = of_difference(solution, before, moments)
                theirs = of.set_index("what")["value"]["diff_chisq"]
                assert difference.statistic == pytest.approx(theirs, rel=1e-4)
            before = solution

    def test_second_order(self, pupils: pd.DataFrame) -> None:
        setting = setting_of(sv.Survey(pupils), THREE, continuous=True)
        general = replace(setting, structure=replace(setting.structure, general=True))
        solution = general.fitted(general.specified())
        assert solution.least == pytest.approx(told(CONTINUOUS, "second ML", "chisq"), rel=1e-8)
        wanted = loadings(CONTINUOUS, "second ML")
        mine = {
            ("general", list(THREE)[parameter.at[0]]): value
            for parameter, value in zip(solution.parameters.free, solution.theta, strict=True)
            if parameter.kind == "regression"
        }
        for (factor, facet), value in mine.items():
            assert value == pytest.approx(wanted[(1, factor, facet)], rel=1e-5)


class TestOrdinal:
    """Answers in six categories to items of personality, turned so that all point one way."""

    @staticmethod
    def model(*factors: str) -> dict[str, list[str]]:
        return {name: [f"{FACETS[name]}{i}" for i in range(1, 6)] for name in factors}

    def test_a_factor_behind_the_factors(self, people: pd.DataFrame) -> None:
        frame = people.dropna(subset=[item for items in self.model(*FACETS).values() for item in items])
        setting = setting_of(sv.Survey(frame.reset_index(drop=True)), self.model(*FACETS))
        setting = replace(setting, structure=replace(setting.structure, general=True))
        solution = setting.fitted(setting.specified())
        n = float(setting.moments.n[0])
        assert solution.df == told(ORDINAL, "five second order", "df")
        assert solution.least * (n - 1) / n == pytest.approx(told(ORDINAL, "five second order", "chisq"), rel=1e-6)
        wanted = loadings(ORDINAL, "five second order")
        for parameter, value in zip(solution.parameters.free, solution.theta, strict=True):
            if parameter.kind == "regression":
                assert value == pytest.approx(wanted[(1, "general", list(FACETS)[parameter.at[0]])], rel=1e-4)

    @pytest.mark.parametrize(
        "case", ["two", "two pairwise", "two weights", "two weights pairwise", "two three categories",
                 "two two categories", "five", "one factor", "mixed", "mixed weights"],
    )  # fmt: skip
    def test_models(self, case: str, people: pd.DataFrame) -> None:
        number = case.split()[0]
        model = self.model(*list(FACETS)[: {"one": 1, "two": 2, "mixed": 2, "five": 5}[number]])
        if number == "mixed":
            model["agree"].append("years")
        frame = people
        if "categories" in case:
            coarse = {"three": lambda x: (x + 1) // 2, "two": lambda x: 1.0 * (x > 3)}[case.split()[1]]
            listed = [item for items in model.values() for item in items]
            frame = frame.assign(**{name: coarse(frame[name]).where(frame[name].notna()) for name in listed})
        if "pairwise" not in case:
            frame = frame.dropna(subset=[item for items in model.values() for item in items])
        design = sv.Design(weights="weight" if "weights" in case else None)
        setting = setting_of(sv.Survey(frame.reset_index(drop=True), design=design), model)
        if number == "mixed":  # two of R's polyserial correlations stand beside their maximum: see test_polychoric
            setting = with_their_covariances(setting, case)
        solution = setting.fitted(setting.specified())
        agree(ours(setting, solution.theta), loadings(ORDINAL, case), 1e-5)
        gamma = independent(setting.items, setting.groups)
        root = np.linalg.cholesky(gamma[0] + 1e-18 * np.eye(len(gamma[0]))).T
        moments = replace(setting.moments, deviations=root, df=np.array([np.inf]))
        test = of_model(solution, moments)
        n = float(moments.n[0])
        once = (n - 1) / n  # lavaan multiplies its least squares by n - 1
        assert test.df == told(ORDINAL, case, "df")
        assert test.least * once == pytest.approx(told(ORDINAL, case, "chisq"), rel=1e-6)
        if number == "mixed":
            return
        assert (test.statistic - test.shift) * once + test.shift == pytest.approx(
            told(ORDINAL, case, "chisq_scaled"), rel=1e-5
        )
        assert test.scale == pytest.approx(told(ORDINAL, case, "scaling"), rel=1e-5)
        measures = fit_measures(solution, moments, test)
        for name in ("cfi", "tli", "rmsea", "rmsea_low", "rmsea_high"):
            assert getattr(measures, name) == pytest.approx(told(ORDINAL, case, f"{name}_scaled"), rel=1e-3), name
        assert measures.srmr == pytest.approx(told(ORDINAL, case, "srmr"), rel=1e-4)
        left = ORDINAL[(ORDINAL["case"] == case) & (ORDINAL["what"] == "residual_cor")]
        left = {frozenset((a, b)): value for a, b, value in zip(left["lhs"], left["rhs"], left["value"], strict=True)}
        names, (i, j) = setting.items.names, setting.moments.layout.pairs
        found = residual_correlations(solution, setting.moments)[0]
        for a, b, value in zip(i, j, found, strict=True):
            assert value == pytest.approx(left[frozenset((names[a], names[b]))], abs=1e-5)
