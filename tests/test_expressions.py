"""Filters: what they mean, what they refuse, and that no text ever runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.expressions import parse
from surveyor.questionnaire import Choices, Item, Questionnaire

FRAME = pd.DataFrame(
    {
        "age": [20.0, 60.0, 70.0, np.nan],
        "sex": [1, 2, 1, 2],
        "kind": ["old", "estate", None, "old"],
        "odd name": [1.0, 2.0, 3.0, 4.0],
    }
)
SURVEY = sv.Survey(FRAME)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("age >= 60", [1, 2]),
        ("age >= 60 and sex == 1", [2]),
        ("age >= 60 or sex == 1", [0, 1, 2]),
        ("not age >= 60", [0]),
        ("not (age >= 60 or sex == 2)", [0]),
        ("not not sex == 1", [0, 2]),
        ("kind == 'old'", [0, 3]),
        ('"old" == kind', [0, 3]),
        ("kind != 'old'", [1]),
        ("kind in ['old', 'estate']", [0, 1, 3]),
        ("kind not in ['old']", [1]),
        ("age is missing", [3]),
        ("age is not missing", [0, 1, 2]),
        ("kind is missing or age < 30", [0, 2]),
        ("20 < age <= 60", [1]),
        ("`odd name` * 2 - 1 > 4 / 2 + 1", [2, 3]),
        ("-age < -60", [2]),
        ("sex == 1 and (age < 30 or age > 65)", [0, 2]),
    ],
)
def test_meaning(condition: str, rows: list[int]) -> None:
    assert list(np.flatnonzero(SURVEY.where(condition).domain)) == rows


def test_a_filter_is_a_domain(clustered: pd.DataFrame) -> None:
    survey = sv.Survey(clustered, design=sv.Design("w", "stratum", "cluster"))
    filtered, grouped = survey.where("type == 'old'").mean("y"), survey.mean("y", by="type").pick(type="old")
    np.testing.assert_allclose(filtered.values, grouped.values, rtol=1e-13)
    np.testing.assert_allclose(filtered.se, grouped.se, rtol=1e-12)
    assert filtered.df[0] == grouped.df[0]
    twice = survey.where("type == 'old'").where("rating > 2")
    np.testing.assert_array_equal(twice.domain, survey.where("type == 'old' and rating > 2").domain)


@pytest.mark.parametrize(
    ("condition", "match"),
    [
        ("agee >= 60", "no column 'agee'.*Did you mean 'age'"),
        ("kind == 'od'", "'od' is no answer of 'kind'.*Did you mean 'old'"),
        ("age = 60", "For equality write =="),
        ("age >=", "where a name, number or text should be"),
        ("age", "gives numbers"),
        ("(age > 1", r"where '\)' should be"),
        ("age > 1 sex == 1", "where the end should be"),
        ("age > 1 and sex", "a number where a comparison should be"),
        ("(age > 1) + 1 > 2", "a comparison where a number should be"),
        ("age > 'x'", "'x' is no answer of 'age'"),
        ("'x'", "stands alone"),
        ("age; sex", "';' at character 4"),
        ("max(age) > 3", "There are no functions"),
        ("(" * 60 + "age" + ")" * 60 + " > 1", "nested more than 50 deep"),
        ("-" * 60 + "age > 1", "nested more than 50 deep"),
        ("age > 1 or " * 2000 + "age > 1", "longer than 10000"),
    ],
)
def test_refused(condition: str, match: str) -> None:
    with pytest.raises(sv.SurveyorError, match=match):
        SURVEY.where(condition)


@pytest.mark.parametrize(
    "attack",
    [
        "__import__('os').system('touch MARK')",
        "age.__class__.__bases__",
        "().__class__",
        "[x for x in age]",
        "age if 1 else 2",
        "lambda: 1",
        "@pd.io",
        "age := 3",
        "f'{age}'",
        "age ** 10 ** 9 > 1",
        "{age}",
        "age > 1\nimport os",
    ],
)
def test_code_is_not_run(attack: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(sv.SurveyorError):
        SURVEY.where(attack)
    assert not list(tmp_path.iterdir())


def test_any_text_is_parsed_or_refused() -> None:
    """20,000 strings put together from pieces of the language and others: a filter, or a SurveyorError."""
    rng = np.random.default_rng(7)
    pieces = [
        "age",
        "sex",
        "'old'",
        "kind",
        "1",
        "2.5",
        "(",
        ")",
        "[",
        "]",
        ",",
        "and",
        "or",
        "not",
        "in",
        "is",
        "missing",
    ]
    pieces += ["==", "!=", "<", ">=", "+", "-", "*", "/", "`", '"', "=", ".", "_", "é", "小区", "\u202e", "\n"]
    read = 0
    for _ in range(20_000):
        text = " ".join(rng.choice(pieces, rng.integers(1, 9)))
        try:
            parse(text)
            read += 1
        except sv.SurveyorError:
            pass
    assert read > 100


WORDS = pd.DataFrame(
    {
        "g": ["a", "b", None, "a"],
        "h": ["b", "b", "a", "it's"],
        "yr": ["2010", "2011", "2010", None],
        "odd name": ["x", "y", "x", "y"],
        "empty": [None] * 4,
        "band": pd.Categorical(["low", "high", "low", "high"], ["low", "high"]),
        "k": pd.Categorical([1, 2, 1, 2]),
        "q": [1, 2, 1, 9],
    }
)
ASKED = Questionnaire(
    name="q", items=(Item(id="q", label={"en": "Q"}, type="ordinal", choices="yes"),),
    choices={"yes": Choices(codes={1: {"en": "yes"}, 2: {"en": "no"}})},
)  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "example"),
    [
        ("g == h", "'g' holds words: compare it with a text, such as g == 'a'"),
        ("g == 1", "'g' holds words: compare it with a text, such as g == 'a'"),
        ("1 < g", "g == 'a'"),
        ("g*2 > 2", "g == 'a'"),
        ("-g < 0", "g == 'a'"),
        ("g in [1, 2]", "g == 'a'"),
        ("g in ['a', h]", "g == 'a'"),
        ("g + 1 is missing", "g == 'a'"),
        ("not g", "g == 'a'"),
        ("h > 1", "h == 'a'"),
        ("yr == 2010", "'yr' holds words: compare it with a text, such as yr == '2010'"),
        ("`odd name` == 1", "such as `odd name` == 'x'"),
        ("band > 1", "such as band == 'low'"),
    ],
)
def test_words_are_no_numbers(condition: str, example: str) -> None:
    with pytest.raises(UsageError) as caught:
        sv.Survey(WORDS).where(condition)
    assert example in str(caught.value)
    assert f"the filter '{condition}'" in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("g == 'a'", [0, 3]),
        ("'a' == g", [0, 3]),
        ("g in ['a', 'b']", [0, 1, 3]),
        ("g not in ['a']", [1]),
        ("g is missing", [2]),
        ("not g is missing and yr == '2010'", [0]),
        ('h == "it\'s"', [3]),
        ("band >= 'high'", [1, 3]),
        ("k == 2", [1, 3]),
        ("empty == 1", []),
        ("empty is missing", [0, 1, 2, 3]),
        ("q == 2", [1]),
        ("q < 2 or q == 'no'", [0, 1, 2]),
        ("q == 'yes' and q * 2 == 2", [0, 2]),
    ],
)
def test_what_words_and_choices_still_do(condition: str, rows: list[int]) -> None:
    asked = sv.Survey(WORDS, questionnaire=ASKED)
    assert list(np.flatnonzero(asked.where(condition).domain)) == rows


def test_a_word_with_a_quote_is_quoted_the_other_way() -> None:
    with pytest.raises(UsageError, match="""such as h == "it's\""""):
        sv.Survey(pd.DataFrame({"h": ["it's"]})).where("h == 1")


@pytest.mark.parametrize("condition", [5, None, ["age > 1"]])
def test_a_filter_is_a_text(condition: object) -> None:
    with pytest.raises(UsageError, match=r"is no text.*for example"):
        SURVEY.where(condition)
