"""The type rule over facts of compounds: nobody joins the wrong compound, and what is unknown stays unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.questionnaire import Item, Questionnaire
from surveyor.study import Group, TypeRule


def asked(role: str, *measured: str, kind: str = "id") -> Questionnaire:
    items = [
        Item(id=role, label={"en": role}, type=kind),
        *(Item(id=m, label={"en": m}, type="integer") for m in measured),
    ]
    return Questionnaire(name="q", items=tuple(items), roles={"compound": (role,)})


def typed(places: list[object], facts: dict[object, float | None]) -> np.ndarray:
    residents = sv.Survey(pd.DataFrame({"c": places}), questionnaire=asked("c", "y"))
    table = pd.DataFrame({"f": list(facts), "year": [np.nan if v is None else v for v in facts.values()]})
    compounds = sv.Survey(table, questionnaire=asked("f", "year"))
    old, new = Group({"en": "old"}, where="year <= 2000"), Group({"en": "new"}, where="year >= 2010")
    made = TypeRule({"en": "Kind"}, (old, new), of="compounds").apply(residents, compounds)
    return made.frame["type"].to_numpy()


def test_residents_get_the_type_of_their_compound() -> None:
    got = typed([1.0, 2.0, 3.0, 1.0], {"1": 1990, "2": 2015, "3": 2005})
    assert list(got) == [1, 2, 3, 1]


def test_long_codes_that_agree_in_six_digits_are_other_compounds() -> None:
    codes = [3101150012000.0 + k for k in range(3)]
    assert list(typed(codes, dict(zip(codes, (1990, 2015, 2005), strict=True)))) == [1, 2, 3]
    with pytest.raises(sv.SurveyorError, match=r"1 resident in 1 compound that the fact sheet lacks"):
        typed([3101150012001.0], {3101150012500.0: 1990})


def test_a_compound_whose_facts_are_missing_belongs_to_no_group() -> None:
    got = typed(["a", "b", "c"], {"a": 1990, "b": None, "c": -1})
    assert got[0] == 1
    assert np.isnan(got[1:]).all()


@pytest.mark.parametrize(
    ("places", "facts", "words"),
    [
        (["a", ""], {"a": 1990}, r"1 row of the residents without a compound's code"),
        (["a", None], {"a": 1990}, r"1 row of the residents without a compound's code"),
        (["a"], {"a": 1990, "": 1990}, r"1 row of the compounds without a compound's code"),
        ([1.0, -9.0], {"1": 1990}, r"1 row of the residents without a compound's code"),
        (["001", "002"], {"1": 1990, "2": 2015}, r"leading zeros"),
    ],
)
def test_codes_that_are_missing_or_lost_their_zeros(places: list[object], facts: dict, words: str) -> None:
    with pytest.raises(sv.SurveyorError, match=words):
        typed(places, facts)


def test_a_compound_twice_is_refused() -> None:
    residents = sv.Survey(pd.DataFrame({"c": ["a", "b"]}), questionnaire=asked("c", "y"))
    compounds = sv.Survey(pd.DataFrame({"f": ["a", "a"], "year": [1990, 1991]}), questionnaire=asked("f", "year"))
    rule = TypeRule(
        {"en": "K"}, (Group({"en": "o"}, where="year <= 1"), Group({"en": "n"}, where="year > 1")), of="compounds"
    )
    with pytest.raises(sv.SurveyorError, match=r"1 row of the compounds repeat a compound's code"):
        rule.apply(residents, compounds)


@pytest.mark.parametrize("wrong", ["[true]", "[1.5]"])
def test_answers_are_codes_or_labels(wrong: str, tmp_path: Path) -> None:
    study = (Path(__file__).parent.parent / "data" / "copenhagen" / "study.yaml").read_text(encoding="utf-8")
    (tmp_path / "study.yaml").write_text(study.replace("[Tower block]", wrong), encoding="utf-8")
    with pytest.raises(sv.SurveyorError, match=r"line \d+.*includes"):
        sv.Study.load(tmp_path)


def test_the_number_three_stays_an_answer_beside_the_type(copenhagen: sv.Study) -> None:
    """The code of those in neither group once counted as missing in every item that is a number."""
    demo = sv.Study.load(Path(__file__).parent.parent / "data" / "demo")
    kept = demo.residents.column("rh07").values
    assert (kept == 3).sum() == (demo.residents.frame["rh07"] == 3).sum() > 100
    assert copenhagen.residents.questionnaire.missing == {}


def test_the_hash_changes_with_the_rule_and_only_with_it() -> None:
    a = TypeRule({"en": "K"}, (Group({"en": "o"}, where="y <= 2000"), Group({"en": "n"}, where="y > 2000")))
    b = TypeRule({"en": "K"}, (Group({"en": "o"}, where="y <= 2000"), Group({"en": "n"}, where="y > 2000")))
    c = TypeRule({"en": "K"}, (Group({"en": "o"}, where="y <= 2001"), Group({"en": "n"}, where="y > 2001")))
    assert a.sha256 == b.sha256 != c.sha256
