"""What a reader must know is said in the reader's language, and once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.compare.remarks import REMARKS
from surveyor.measure.cfa import cfa
from surveyor.measure.invariance.invariance import _lost_steps
from surveyor.measure.items import items_of
from surveyor.measure.parameters import Parameter
from surveyor.measure.problems import PROBLEMS, lost_fits, problems_of
from surveyor.measure.setting import setting_of
from surveyor.measure.specify import Equal
from surveyor.survey import groups_of
from surveyor.survey.groups import NOTES
from tests.test_invariance import MODEL, answers

CHINESE = ("老旧小区居民", "商品房小区居民")


def chinese(columns: dict[str, object], **design: object) -> sv.Survey:
    return sv.Survey(pd.DataFrame(columns), design=sv.Design(**design), lang="zh")  # type: ignore[arg-type]


def of_compounds(a: int, b: int, per: int = 6) -> pd.DataFrame:
    """`a` compounds of the first kind and `b` of the second."""
    rng = np.random.default_rng(2)
    compound = np.repeat(np.arange(a + b), per)
    kind = pd.Categorical(np.where(compound < a, *CHINESE), CHINESE)
    return pd.DataFrame({"y": rng.normal(size=len(compound)), "type": kind, "compound": compound})


def remark(frame: pd.DataFrame, what: str = "y", **options: object) -> str:
    made = sv.Survey(frame, design=sv.Design(clusters="compound"), lang="zh").compare(what, by="type", **options)
    return str(made.to_frame()["note"][0])


class TestInChinese:
    def test_categories_that_were_joined(self) -> None:
        codes = [1, 2, 3, 4, 5, 2, 3, 4, 5, 2]
        survey = chinese({"q": codes, "g": pd.Categorical([CHINESE[0]] * 5 + [CHINESE[1]] * 5, CHINESE)})
        assert items_of(survey, ["q"], groups_of(survey, "g")).notes == ("q：“1”并入“2”，因商品房小区居民中无人选择",)

    def test_groups_that_share_primary_units(self) -> None:
        survey = chinese({"g": [1, 2, 1, 2], "c": [1, 1, 2, 2]}, clusters="c")
        assert groups_of(survey, "g").notes == ("两组有共同的初级抽样单位：沿用所述的层",)

    def test_a_cell_with_one_unit(self) -> None:
        survey = chinese({"g": [1, 1, 1, 2, 2, 2], "s": [1, 1, 2, 1, 2, 2]}, strata="s")
        assert groups_of(survey, "g").notes == ("2个层内某组只有一个单位，已与同组的相邻层合并",)

    def test_replicate_weights(self) -> None:
        survey = chinese({"g": [1, 1, 1, 2, 2, 2]}).with_replicates("JKn")
        assert groups_of(survey, "g").notes == ("方差由复制权数得出",)

    def test_problems_of_a_solution_name_the_group(self) -> None:
        frame = answers(1, per=12)
        setting = setting_of(sv.Survey(frame), MODEL, "type")
        solution = setting.fitted(setting.specified())
        theta = solution.theta.copy()
        theta[solution.parameters.index(Parameter("loading", (0, 0), 1))] = 40.0
        odd = replace(solution, theta=theta)
        (told,) = problems_of(setting, odd, CHINESE, "zh")
        assert told == "t1：商品房小区居民中标准化负荷为1.000，该题与因子完全重合（海伍德情形）"
        (told,) = problems_of(setting, odd, ("old", "estate"))
        assert "is 1.000 among the estate, so that it says all" in told

    def test_fits_that_were_lost(self) -> None:
        assert lost_fits(0, "zh") == []
        assert lost_fits(3, "zh") == ["重复拟合中有3次未收敛；标准误按其停止处的数值计算"]
        steps = [
            SimpleNamespace(equal=Equal(), arrived=True),
            SimpleNamespace(equal=Equal(("thresholds", "loadings")), arrived=False),
        ]
        assert _lost_steps(steps, "zh") == ["“负荷相同”一步未收敛"]  # type: ignore[arg-type]

    def test_few_units(self) -> None:
        assert remark(of_compounds(3, 9)) == "一方的初级抽样单位不足4个：不给出 p 值"
        assert remark(of_compounds(5, 9)).startswith("一方的初级抽样单位不足8个：区间须谨慎解读；单位置换检验：p ")

    def test_no_answers_on_one_side(self) -> None:
        frame = of_compounds(9, 9)
        assert remark(frame.assign(y=frame["y"].where(frame["type"] == CHINESE[0]))) == "商品房小区居民没有回答"

    def test_what_permutation_leaves_out(self) -> None:
        frame = of_compounds(9, 9).assign(N=40)
        survey = sv.Survey(frame, design=sv.Design(clusters="compound", fpc="N"), lang="zh")
        note = survey.compare("y", by="type", inference="permutation").to_frame()["note"][0]
        assert note == "置换未计入有限总体"


@pytest.mark.parametrize("words", [REMARKS, PROBLEMS, NOTES])
def test_both_languages_fill_the_same_places(words: dict[str, dict[str, str]]) -> None:
    for text in words.values():
        places = [{name for name in ("x", "y", "n", "t", "p", "value", "where", "group", "cells", "lost")
                   if f"{{{name}}}" in text[lang]} for lang in ("en", "zh")]  # fmt: skip
        assert places[0] == places[1]


def test_a_factor_model_names_its_groups() -> None:
    made = cfa(sv.Survey(answers(1, per=12)), MODEL, "type")
    assert made.groups == ("old", "estate")
    assert made.problems == ()


class TestOnce:
    def frame(self) -> pd.DataFrame:
        frame = of_compounds(9, 9)
        return frame.assign(same=1.0, gone=np.nan, lost=np.nan)

    def test_a_remark_names_the_outcomes_it_belongs_to(self) -> None:
        survey = sv.Survey(self.frame(), design=sv.Design(clusters="compound"))
        made = survey.compare(["y", "gone", "same", "lost"], by="type")
        notes = made.table().notes
        assert notes[-2:] == ("“gone”, “lost”: no answers.", "“same”: every answer is the same: no test.")
        assert list(made.to_frame()["note"]) == ["", "no answers", "every answer is the same: no test", "no answers"]

    def test_a_remark_of_all_outcomes_names_none(self) -> None:
        survey = sv.Survey(self.frame(), design=sv.Design(clusters="compound"), lang="zh")
        notes = survey.compare(["gone", "lost"], by="type").table().notes
        assert notes[-1] == "没有回答。"

    def test_levels_of_one_outcome_stand_as_the_outcome(self) -> None:
        frame = of_compounds(9, 9)
        frame = frame.assign(q=pd.Categorical(np.where(frame["type"] == CHINESE[0], "a", None), ["a", "b"]))
        survey = sv.Survey(frame, design=sv.Design(clusters="compound"))
        notes = survey.compare(["y", "q"], by="type").table().notes
        assert notes[-1] == "“q”: no answers in 商品房小区居民."


def test_a_scale_is_called_by_its_label() -> None:
    study = sv.Study.load("data/demo/study.yaml").residents
    assert study.label("REC") == "Reciprocity"
    assert replace(study, lang="zh").label("REC") == "互惠"
    assert study.label("nothing") == "nothing"


def test_why_items_that_have_nothing_in_common_are_not_tested() -> None:
    """`y` is unrelated to the two others of its scale, and they to each other: alpha below 0."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(200, 3)), columns=list("abc")).assign(kind=np.repeat([1, 2], 100))
    frame["c"] = -frame["b"]
    made = sv.Survey(frame, lang="zh").dif(list("abc"), by="kind", purify=False).to_frame()
    assert made.loc[made["item"] == "a", "note"].unique().tolist() == ["其他题目在其中一组中互不相关：不作检验"]


def test_few_units_of_a_model() -> None:
    frame = of_compounds(3, 9)
    made = sv.Survey(frame, design=sv.Design(clusters="compound"), lang="zh").regress("y ~ type").to_frame()
    assert made["note"].iloc[-1] == REMARKS["too few"]["zh"].format(n="4")


def test_chance_under_replicate_weights() -> None:
    noise = np.random.default_rng(5).normal(size=(108, 2))
    survey = sv.Survey(of_compounds(9, 9).assign(z=noise[:, 0], x=noise[:, 1]), lang="zh").with_replicates("JKn")
    made = survey.parallel(["y", "z", "x"], seed=1, draws=20)
    assert made.notes == ("复制权数不能说明哪些居民住在一起：随机特征值按单个居民得出",)
