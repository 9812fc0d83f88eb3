"""Tables, figures and sentences: the same numbers in each, in both languages."""

from __future__ import annotations

import logging
import warnings

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.show import FIGURE, PROSE, TABLE, Figure, Prose, Table
from surveyor.show.html import figure_html, table_html
from surveyor.show.style import COLOURS
from surveyor.show.text import table_text
from surveyor.show.words import WORDS
from tests.conftest import ROOT

FULL = sv.Design(weights="w", strata="stratum", clusters="cluster")


@pytest.fixture(scope="module")
def gaps(clustered: pd.DataFrame) -> sv.Comparison:
    return sv.Survey(clustered, design=FULL).compare(["y", "x"], by="type")


def test_every_word_stands_in_both_languages() -> None:
    for key, words in WORDS.items():
        assert set(words) == {"en", "zh"}, key


def test_descriptions_survive_storage(gaps: sv.Comparison, copenhagen: sv.Study) -> None:
    for made in (gaps.table(), gaps.plot(), gaps.plot("dots"), copenhagen.answers("satisfaction"), gaps.sentences()):
        assert type(made).from_json(made.to_json()) == made


def test_the_table_holds_the_numbers_of_the_frame(gaps: sv.Comparison) -> None:
    for row, cells in zip(gaps.to_frame().itertuples(), gaps.table().body, strict=True):
        numbers = [cell.value for cell in cells[1:6] if cell.value is not None]
        np.testing.assert_allclose(
            numbers, [row.value_a, row.value_b, row.difference, row.effect, row.superiority], rtol=1e-9
        )


def test_compounds_stand_beside_every_gap(gaps: sv.Comparison) -> None:
    row = gaps.to_frame().iloc[0]
    pair = f"{row['clusters_a']} / {row['clusters_b']}"
    assert all(cells[-1].text == pair for cells in gaps.table().body)
    assert all(
        f"{row['clusters_a']} and {row['clusters_b']} primary units" in s for s in gaps.sentences().blocks[0].lines
    )
    assert "primary units" in gaps.plot().note


def test_bundles(gaps: sv.Comparison, copenhagen: sv.Study) -> None:
    survey = copenhagen.residents
    results = [gaps, survey.mean("satisfaction", by="type"), survey, survey.crosstab("type", "contact"), copenhagen]
    for result in results:
        bundle = result._repr_mimebundle_()
        assert set(bundle) & {TABLE, FIGURE, PROSE}
        assert bundle["text/plain"]
        assert "<script" not in bundle["text/html"]


def test_writers_show_the_same_texts(gaps: sv.Comparison) -> None:
    table = gaps.table()
    text, html = table_text(table), table_html(table)
    for row in table.body:
        for cell in row:
            assert cell.text in text
            assert cell.text.replace("<", "&lt;") in html


def test_figures_draw_the_same_bytes_twice_at_both_widths(gaps: sv.Comparison, copenhagen: sv.Study) -> None:
    for figure in (gaps.plot(), gaps.plot("dots"), copenhagen.answers("satisfaction")):
        for narrow in (False, True):
            assert figure.svg(narrow=narrow) == figure.svg(narrow=narrow)
        assert figure.alt
        assert figure.alt != figure.title
        assert f'alt="{figure.title}' not in figure_html(figure)


def test_figures_with_rows_that_could_not_be_computed(clustered: pd.DataFrame) -> None:
    frame = clustered.assign(gone=np.nan, same=1.0)
    gaps = sv.Survey(frame, design=FULL).compare(["gone", "same", "y"], by="type")
    for kind in ("forest", "dots"):
        assert gaps.plot(kind).svg()
    assert "no answers" in gaps.sentences().blocks[0].lines[0]


def test_a_survey_of_three_people() -> None:
    """Nothing to compare with, but nothing breaks either."""
    survey = sv.Survey(pd.DataFrame({"y": [1.0, 2, 3], "g": ["a", "a", "b"]}))
    gaps = survey.compare("y", by="g")
    assert gaps.to_frame()["note"][0]
    assert gaps.plot().svg()
    assert gaps._repr_mimebundle_()


def test_two_colours_differ_in_grey_print() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(c) for c in COLOURS), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 2.5


@pytest.mark.parametrize("verdict", ["different", "undecided"])
def test_sentences_claim_no_more_than_the_interval(verdict: str, copenhagen: sv.Study) -> None:
    gaps = copenhagen.residents.compare(copenhagen.outcomes())
    for row, line in zip(gaps.to_frame().itertuples(), gaps.sentences().blocks[0].lines, strict=True):
        if row.verdict == verdict:
            assert ("cannot tell" in line) == (verdict == "undecided")
            assert f"{row.n_a} and {row.n_b}" in line


def test_an_interval_off_zero_that_adjustment_takes_back(bloomington: sv.Study) -> None:
    gaps = bloomington.residents.compare(bloomington.outcomes())
    frame = gaps.to_frame()
    taken = frame[(frame["verdict"] == "undecided") & ((frame["low"] > 0) | (frame["high"] < 0))]
    assert len(taken)
    for i in taken.index:
        assert f"among {len(frame)} comparisons" in gaps.sentences().blocks[0].lines[i]


def test_equivalence_names_its_bound(copenhagen: sv.Study) -> None:
    gaps = copenhagen.residents.compare("influence", margin=0.15)
    (line,) = gaps.sentences().blocks[0].lines
    assert gaps.to_frame()["verdict"][0] == "equivalent"
    assert "smaller than 15.0 percentage points" in line


def test_chinese_views(caplog: pytest.LogCaptureFixture) -> None:
    """Labels, sentences and figures in Chinese; skipped where no Chinese font is installed."""
    from surveyor.errors import ReportError
    from surveyor.show.fonts import families

    study = sv.Study.load(ROOT / "data" / "copenhagen", lang="zh")
    gaps = study.residents.compare(study.outcomes())
    assert "塔楼居民" in str(gaps.sentences())
    assert "个百分点" in str(gaps.sentences())
    assert "percentage" not in str(gaps.summary())
    try:
        families("中")
    except ReportError:
        pytest.skip("no font with Chinese characters is installed")
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        assert gaps.plot().svg()
    assert not caplog.records


def test_types_of_views(gaps: sv.Comparison) -> None:
    assert isinstance(gaps.table(), Table)
    assert isinstance(gaps.plot(), Figure)
    assert isinstance(gaps.sentences(), Prose)
