"""Cells of text as numbers, days and distinct cells: one way only, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import surveyor as sv
from surveyor.questionnaire import Item, Questionnaire
from surveyor.reading.cells import Numbers, day, spelling
from surveyor.reading.distinct import distinct_cells
from tests.corpus.text import TYPING


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3", 3), ("-3", -3), ("+3", 3), ("3.50", 3.5), (".5", 0.5), ("1E5", 100_000), ("007", 7),
        ("３", 3), ("１２．５", 12.5), (" 3 ", 3), ("−3", -3), ("\u200b3", 3), ("1,234", 1234),
        ("1，234，567", 1_234_567),
    ],
)  # fmt: skip
def test_what_can_be_read_one_way_is_read(cell: str, value: float) -> None:
    assert Numbers([cell]).values[0] == value


@pytest.mark.parametrize(
    "cell", ["", "3万", "三千", "￥5", "(5)", "1 3", "12 cm", "1,23,4", "--3", "1_000", "٣", "nan"]
)
def test_units_words_and_guesses_are_no_numbers(cell: str) -> None:
    assert np.isnan(Numbers([cell]).values[0])


def test_commas_are_decimals_where_one_of_them_cannot_be_thousands() -> None:
    found = Numbers(["1,5", "2,25", "1,250"])
    assert list(found.values) == [1.5, 2.25, 1.25]
    assert list(found.repaired) == ["decimal commas"]


def test_a_comma_that_may_be_either_is_doubtful() -> None:
    assert Numbers(["1,250"], decimal_commas=True).doubtful == [0]
    assert Numbers(["1,250"]).values[0] == 1250


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2024-05-01", "2024-05-01"), ("2024/5/1", "2024-05-01"), ("2024年5月1日", "2024-05-01"),
        ("2024.5.1", "2024-05-01"),
        ("2024-05-01 10:30", "2024-05-01T10:30"), ("2024-05-01T10:30:00+08:00", "2024-05-01T10:30:00+08:00"),
        ("05/01/2024", None), ("1 May", None), ("45413", None),
    ],
)  # fmt: skip
def test_days(cell: str, iso: str | None) -> None:
    assert day(cell) == iso


@pytest.mark.parametrize("cell", ["2023-02-30", "2024-13-01", "0000-01-01"])
def test_days_no_calendar_has(cell: str) -> None:
    with pytest.raises(ValueError, match=r"month|day|year"):
        day(cell)


def test_spellings_of_one_answer() -> None:
    assert len({spelling(text) for text in ("Yes", "yes ", "ＹＥＳ", "y\u200bes", " YES")}) == 1


cells = st.one_of(
    st.none(), st.sampled_from(["1", "01", "+1", "-0", "0", "-1", "12", "a", "", "1.0", "５", "99999", "１"])
)


@given(st.lists(cells, min_size=1, max_size=30))
def test_distinct_cells_of_text_put_together_again(values: list[str | None]) -> None:
    column = pd.Series(values, dtype="str")
    found = distinct_cells(column)
    assert [None if k < 0 else found.cells[k] for k in found.at] == values
    assert len(found.cells) == len(set(found.cells))
    assert list(found.counts) == [values.count(cell) for cell in found.cells]


numbers = st.one_of(st.just(float("nan")), st.integers(-5, 5).map(float), st.sampled_from([1e9, 0.5, -1e300, 2.0**53]))


@given(st.lists(numbers, min_size=1, max_size=30))
def test_distinct_numbers_put_together_again(values: list[float]) -> None:
    found = distinct_cells(pd.Series(values))
    assert np.array_equal([np.nan if k < 0 else found.cells[k] for k in found.at], values, equal_nan=True)
    for stand in (np.array(found.cells), np.arange(len(found.cells)) * 10.0):
        out = np.empty(len(values))
        found.put(stand, out)
        assert np.array_equal([np.nan if k < 0 else stand[k] for k in found.at], out, equal_nan=True)


@pytest.mark.parametrize("case", TYPING)
def test_cells_fitted_to_an_item(case: str, tmp_path: Path) -> None:
    made = TYPING[case]
    (tmp_path / made.name).write_bytes(made.data)
    column, kind = next(iter(made.items.items()))
    asked = Questionnaire(name="t", items=(Item(id=column, label={"en": column}, type=kind),))
    given = None if kind == "text" else asked
    if made.outcome == "error":
        with pytest.raises(sv.SurveyorError, match=column):
            sv.read(tmp_path / made.name, given)
        return
    survey = sv.read(tmp_path / made.name, given)
    about = [each for each in survey.log.warnings if each.startswith(f"{column}:")]
    assert bool(about) == (made.outcome == "warning")
    told = [each for each in survey.log.entries if each.startswith(f"{column}:")]
    assert bool(about or told) == (list(map(str, survey.frame[column])) != list(made.cells[column]) or bool(about))


def test_many_cells_are_read_as_one_by_one() -> None:
    cells = [f"{i / 7!r}" for i in range(-2000, 2000)] + ["1.", ".5", "-0", "1e3"]
    assert list(Numbers(cells).values) == [float(cell) for cell in cells]
    assert np.isnan(Numbers([*cells, "nan"]).values[-1])
    assert np.isinf(Numbers([*cells, "inf"]).values[-1])
    assert Numbers([*cells, "３"]).values[-1] == 3
