"""Formulas of models: what they mean, what they refuse, and that no text ever runs."""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.expressions import parse_formula
from surveyor.show import bundle

FRAME = pd.DataFrame(
    {
        "y": [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 3.0, 6.0, 9.0, 2.5, 4.5, 6.5],
        "x": [1.0, 2.0, 4.0, 3.0, 7.0, 5.0, 8.0, 6.0, 9.0, 2.0, 6.0, 1.0],
        "z": [2.0, 1.0, 1.5, 3.0, 2.5, 4.0, 0.5, 1.0, 2.0, 3.5, 0.7, 1.2],
        "a": ["p", "q", "p", "q", "r", "r", "p", "q", "r", "p", "q", "r"],
        "b": ["u", "u", "v", "v", "u", "v", "u", "v", "v", "v", "u", "u"],
        "k": [1, 2, 3, 1, 2, 3, 2, 3, 1, 3, 1, 2],
    }
)
SURVEY = sv.Survey(FRAME)


def terms(source: str) -> list[str]:
    return [":".join(factor.label for factor in term) or "1" for term in parse_formula(source).terms]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("y ~ a", ["1", "a"]),
        ("y ~ 1", ["1"]),
        ("y ~ a + b:c", ["1", "a", "b:c"]),
        ("y ~ a*b", ["1", "a", "b", "a:b"]),
        ("y ~ a*b - 1", ["a", "b", "a:b"]),
        ("y ~ 0 + a", ["a"]),
        ("y ~ -1 + a", ["a"]),
        ("y ~ a + 0 + 1", ["1", "a"]),
        ("y ~ (a + b + c)^2", ["1", "a", "b", "c", "a:b", "a:c", "b:c"]),
        ("y ~ (a + b + c)^3 - a:b:c", ["1", "a", "b", "c", "a:b", "a:c", "b:c"]),
        ("y ~ a:b + b:a + a", ["1", "a", "a:b"]),
        ("y ~ a + a - a", ["1"]),
        ("y ~ a:(b + c)", ["1", "a:b", "a:c"]),
        ("y ~ poly(x, 2):a + a", ["1", "a", "poly(x, 2):a"]),
        ("y ~ bin(x, -3, 4.5) + factor(k)", ["1", "bin(x, -3, 4.5)", "factor(k)"]),
        ("`the y` ~ `an odd name` + log(`x (years)`)", ["1", "an odd name", "log(x (years))"]),
        ("满意度 ~ 类型 + 年龄", ["1", "类型", "年龄"]),
    ],
)
def test_terms(source: str, expected: list[str]) -> None:
    assert terms(source) == expected


@pytest.mark.parametrize(
    "right",
    ["a", "a + b", "a*b", "a:b", "0 + a", "0 + a:b", "a + a:b", "x + a:x", "0 + x + a:x", "a:x", "(a + b + x)^2",
     "a*b*x", "a:b + b", "0 + a*b", "x:z", "a*x - x", "a*b - a", "a:b:x", "factor(k)*a"],
)  # fmt: skip
def test_columns_are_those_of_patsy(right: str) -> None:
    import patsy

    made = SURVEY.regress(f"y ~ {right}")
    ours = made.model.statistic.matrix.rows(made.model.columns, len(FRAME))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = np.asarray(patsy.dmatrix(right.replace("factor(k)", "C(k)").replace("^", "**"), FRAME))
    rank = np.linalg.matrix_rank(theirs)
    assert np.linalg.matrix_rank(ours) == rank == ours.shape[1]
    assert np.linalg.matrix_rank(np.hstack([ours, theirs])) == rank
    if theirs.shape[1] == rank:  # nothing was left out: the same columns, one by one
        assert sorted(map(tuple, ours.T)) == sorted(map(tuple, theirs.T))


def test_columns_are_those_of_formulaic() -> None:
    formulaic = pytest.importorskip("formulaic")
    for right in ("a*b", "a + x:a", "(a + b + x)^2"):
        made = SURVEY.regress(f"y ~ {right}")
        ours = made.model.statistic.matrix.rows(made.model.columns, len(FRAME))
        theirs = np.asarray(formulaic.model_matrix(right.replace("^", "**"), FRAME), dtype=float)
        assert sorted(map(tuple, ours.T)) == sorted(map(tuple, theirs.T))


def test_polynomials_are_orthonormal() -> None:
    made = SURVEY.regress("y ~ poly(x, 4)")
    X = made.model.statistic.matrix.rows(made.model.columns, len(FRAME))
    np.testing.assert_allclose(X[:, 1:].T @ X[:, 1:], np.eye(4), atol=1e-12)
    np.testing.assert_allclose(X[:, 1:].sum(axis=0), 0, atol=1e-12)
    assert list(made.to_frame()["level"])[1:] == ["1", "2", "3", "4"]


def test_functions() -> None:
    made = SURVEY.regress("y ~ log(x) + center(z) + bin(x, 3, 6)")
    X = made.model.statistic.matrix.rows(made.model.columns, len(FRAME))
    x, z = FRAME["x"].to_numpy(), FRAME["z"].to_numpy()
    np.testing.assert_allclose(X[:, 1], np.log(x))
    np.testing.assert_allclose(X[:, 2], z - z.mean())
    np.testing.assert_array_equal(X[:, 3], (x >= 3) & (x < 6))
    np.testing.assert_array_equal(X[:, 4], x >= 6)
    assert list(made.to_frame()["level"])[3:] == ["3 to under 6", "6 and more"]
    assert made.model.references == {"bin(x, 3, 6)": "under 3"}


# What is refused: F1 to F14 of RELIABILITY 4.1 among them

MARK = "MARK"
ATTACKS = {
    "F1": f"y ~ x + I(__import__('os').system('touch {MARK}')*x)",
    "F2": f"y ~ C(open('{MARK}','w').write('h')*x)",
    "F3": f"y ~ np.f2py.os.system('touch {MARK}')",
    "F3, a name": "y ~ np.f2py.os.system(x)",
    "F4": "y ~ ().__class__.__base__.__subclasses__()",
    "F5": f"y ~ I(x.to_csv('{MARK}') or x)",
    "F5, a name": "y ~ x.to_csv(x)",
    "F6": "y ~ {x}",
    "F7": "y ~ sys.exit(3)",
    "F9": f"y ~ Q('a') + __import__('os').system('touch {MARK}') + Q('a')",
    "F10": f"y ~ `a` + __import__('os').system('touch {MARK}')",
    "F12": "y ~ ${x} > 3",
    "F14, length": "y ~ " + "x + " * 300_000 + "x",
    "F14, brackets": "y ~ " + "(" * 5_000 + "x" + ")" * 4_000,
    "F14, power": "y ~ x**10**9",
    "F14, another power": "y ~ (x + z)^1000000000",
    "F14, terms": "y ~ (" + " + ".join(f"v{i}" for i in range(30)) + ")^5",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_runs(attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(sv.SurveyorError) as said:
        SURVEY.regress(ATTACKS[attack])
    assert not (tmp_path / MARK).exists()
    assert "Traceback" not in str(said.value)


@pytest.mark.parametrize(
    "name", [f"__import__('os').system('touch {MARK}')", f"a') + __import__('os').system('touch {MARK}') + Q('a"]
)
def test_names_of_columns_are_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F8 and F9: any name may stand in backticks, and none is ever joined into a program."""
    monkeypatch.chdir(tmp_path)
    survey = sv.Survey(FRAME.rename(columns={"x": name}))
    made = survey.regress(f"y ~ `{name}` + a")
    np.testing.assert_allclose(made.coefficients.values, SURVEY.regress("y ~ x + a").coefficients.values)
    assert not (tmp_path / MARK).exists()


def test_filters_run_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F11."""
    monkeypatch.chdir(tmp_path)
    for text in (f"@pd.io.common.os.system('touch {MARK}')", f"x.to_csv('{MARK}')", f"z = x.to_pickle('{MARK}')"):
        with pytest.raises(sv.SurveyorError):
            SURVEY.where(text)
    assert not (tmp_path / MARK).exists()


def test_labels_are_text() -> None:
    """F13: a label as a template is shown as it stands."""
    label = "{{ cycler.__init__.__globals__ }} {0.__class__} <b>"
    survey = sv.Survey(FRAME.assign(a=FRAME["a"].replace("q", label)))
    shown = bundle(survey.regress("y ~ a"))
    assert "{{ cycler.__init__.__globals__ }} {0.__class__} <b>" in shown["text/plain"]
    assert "<b>" not in shown["text/html"]


@pytest.mark.parametrize(
    ("source", "match"),
    [
        ("y ~ I(x)", "function I is not known.*factor"),
        ("y ~ logs(x)", "Did you mean 'log'"),
        ("y ~ x^2", r"power of a sum.*poly\(x, 2\)"),
        ("y ~ (x + z)^6", "whole number from 1 to 5"),
        ("y ~ (x + z)^0", "whole number from 1 to 5"),
        ("y ~ poly(x, 6)", "degree from 1 to 5"),
        ("y ~ poly(x)", "degree from 1 to 5"),
        ("y ~ bin(x)", "rising cuts"),
        ("y ~ bin(x, 5, 3)", "rising cuts"),
        ("y ~ log(x, 2)", r"log\(x\)"),
        ("y ~ log(center(x))", r"'\(' at character 15"),
        ("y ~ x + 2", "'2' at character 9"),
        ("y ~ a:1", "'1' at character 7"),
        ("y ~ (1 + a)", "stand outside of brackets"),
        ("y ~ y", "both sides"),
        ("y ~ log(y)", "both sides"),
        ("y", "where '~' should be"),
        ("y ~", "'the end' at character 4"),
        ("~ x", "name of the outcome"),
        ("log(y) ~ x", "name of the outcome"),
        ("y ~ x z", "'z' at character 7"),
        ("y ~ x / z", "'/' at character 7"),
        ("y ~ 0", "no terms"),
        ("y ~ x - x - 1", "no terms"),
        ("y ~ xx", "no column 'xx'"),
        ("yy ~ x", "no column 'yy'"),
        (5, "is no text"),
    ],
)
def test_formulas_that_cannot_be_read(source: str, match: str) -> None:
    with pytest.raises(sv.SurveyorError, match=match):
        SURVEY.regress(source)


def test_random_texts_are_read_or_refused() -> None:
    rng = random.Random(14)
    pieces = ["y", "x", "a", "~", "+", "-", ":", "*", "^", "(", ")", ",", "1", "0", "2", "5", "`o d`", "log(", "poly(",
              "factor(", "center(", "bin(",
              " ", "'", '"', "[", "]", "{", "}", "__class__", ".", "\\", "\n", "\x00", "é", "类型", "**",
              "lambda", "import", "1e9", "%", "|", "@", "~~", "\u202e", "\ud800"]  # fmt: skip
    read = 0
    for _ in range(10_000):
        text = "".join(rng.choice(pieces) for _ in range(rng.randrange(1, 25)))
        try:
            parse_formula(text if rng.random() < 0.3 else "y ~ " + text)
        except sv.SurveyorError:
            continue
        read += 1
    assert read > 50
