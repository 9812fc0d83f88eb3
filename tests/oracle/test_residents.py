"""The two real studies against R survey 4.1.1 and against what was printed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

REFERENCE = pd.read_csv(Path(__file__).parent / "residents_r.csv")
ROWS = REFERENCE[REFERENCE["dataset"] == "bloomington_2017"].drop_duplicates(["statistic", "group"])
ITEMS = sorted({re.search(r"\[(q\w+)", text)[1] for text in ROWS["statistic"]})
#: What counts as a hit in the reference, where that is not the favourable end of the questionnaire.
GROUPS = {"renter (d7=1)": "renters", "owner (d7=2)": "owners"}


def test_nothing_is_left_out() -> None:
    """Every row of the reference is asked for by one of the tests below."""
    assert len(ITEMS) == 17
    assert len(ROWS) == 15 * 4 + 2
    assert len(REFERENCE[REFERENCE["dataset"] == "housing_copenhagen"]) == 2


@pytest.mark.parametrize("item", ITEMS)
def test_bloomington(item: str, bloomington: sv.Study) -> None:
    survey = bloomington.residents
    rows = ROWS[ROWS["statistic"].str.contains(rf"\[{item}[\]=]")]
    assert len(rows) in (1, 4)
    share = survey.summary(item)
    everyone, by_type = survey.estimate(share), survey.estimate(share, by="type")
    for row in rows.itertuples():
        if row.group == "owner-renter":
            gap = survey.compare(item, by="type", inference="design").to_frame().iloc[0]
            got = [-gap["difference"], gap["se"]]
            n = gap["n_a"] + gap["n_b"]
            t = float(row.note.removeprefix("t="))
            np.testing.assert_allclose(got[0] / got[1], t, atol=5e-6)
        else:
            made = everyone if row.group == "all" else by_type.pick(type=GROUPS[row.group])
            got, n = [made.values[0], made.se[0]], made.n[0]
        np.testing.assert_allclose(got, [row.estimate, float(row.se)], rtol=1e-8)
        assert n == row.n_unweighted


def test_what_the_press_printed(bloomington: sv.Study) -> None:
    """Herald-Times, 5 May 2017 and 30 May 2019, from the city's own report; whole percents."""
    printed = {"q1b": 74, "q1d": 65, "q15": 61, "q16": 69}
    cells = {row[0].text.split(":")[0]: row for row in bloomington.everyone().body}
    for item, percent in printed.items():
        shown = cells[bloomington.residents.label(item)]
        assert abs(float(shown[1].value) * 100 - percent) < 0.5
    neighbourhood = cells[bloomington.residents.label("q1b")]
    assert (neighbourhood[1].text, neighbourhood[3].text) == ("73.6 %", "79.0 %")
    assert cells[bloomington.residents.label("q1d")][1].text == "65.0 %"
    assert cells[bloomington.residents.label("q15")][1].text == "61.3 %"


@pytest.mark.parametrize(
    ("rows", "columns", "name"),
    [("contact", "satisfaction", "chi-square Cont x Sat"), ("dwelling", "satisfaction", "chi-square Type x Sat")],
)
def test_copenhagen_chi_square(rows: str, columns: str, name: str, copenhagen: sv.Study) -> None:
    r = REFERENCE[REFERENCE["statistic"] == name].iloc[0]
    df, p = re.fullmatch(r"df=(\d+) p=(\S+)", r["note"]).groups()
    test = copenhagen.residents.crosstab(rows, columns).test()
    np.testing.assert_allclose(test.pearson, r["estimate"], rtol=1e-10)
    assert test.pearson_df == int(df)
    np.testing.assert_allclose(test.pearson_p, float(p), rtol=1e-5)


def test_copenhagen_shares_are_those_of_the_published_counts(copenhagen: sv.Study) -> None:
    counts = pd.read_csv(Path(__file__).parents[2] / "data" / "copenhagen" / "counts.csv")
    assert len(counts) == 72
    gaps = copenhagen.residents.compare(copenhagen.outcomes()).to_frame().set_index("outcome")
    for outcome, column in (("contact", "Cont"), ("influence", "Infl"), ("satisfaction", "Sat")):
        for side, kind in (("a", "Tower"), ("b", "Terrace")):
            group = counts[counts["Type"] == kind]
            n, high = group["Freq"].sum(), group.loc[group[column] == "High", "Freq"].sum()
            assert gaps.loc[outcome, f"n_{side}"] == n
            np.testing.assert_allclose(gaps.loc[outcome, f"value_{side}"], high / n, rtol=1e-12)
        # two independent simple samples: p q / (n - 1) each
        p, m = gaps.loc[outcome, ["value_a", "value_b"]].astype(float), gaps.loc[outcome, ["n_a", "n_b"]].astype(float)
        se = np.sqrt(sum(p.iloc[k] * (1 - p.iloc[k]) / (m.iloc[k] - 1) for k in (0, 1)))
        np.testing.assert_allclose(gaps.loc[outcome, "se"], se, rtol=1e-12)
