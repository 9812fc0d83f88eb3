"""How measurement looks: the numbers of the objects, in words that claim no more than they may."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.format import number, p_value
from surveyor.measure import specify
from surveyor.measure.invariance import Gate
from surveyor.measure.invariance.curves import curves
from surveyor.measure.measurement import Measurement
from surveyor.show import DISPLAY, Display, Figure, Prose, Table, expected_answers, factors, invariance, verdicts
from surveyor.show import reliability as reliabilities
from surveyor.show.bundle import bundle, shown
from surveyor.show.html import figure_html, prose_html, table_html
from surveyor.show.text import table_text
from surveyor.show.words import stopped
from tests.conftest import ROOT

TWO = ["REC", "TRU"]
ANSWERED = [1, 2, 3, 4, 5]


@cache
def planted(lang: Any = "en") -> sv.Survey:
    """The simulated residents, of whom those in estates trust tenants by one category more than they trust others."""
    survey = sv.Study.load(ROOT / "data" / "demo", lang=lang).residents
    frame = survey.frame.copy()
    more = (frame["type"] == 2) & frame["rb11"].isin(ANSWERED)
    frame.loc[more, "rb11"] = np.minimum(frame.loc[more, "rb11"] + 1, 5)
    return sv.Survey(frame, survey.design, survey.questionnaire, lang)


@pytest.fixture(scope="module")
def measured() -> Measurement:
    return planted().measurement(TWO, by="type")


@pytest.fixture(scope="module")
def chinese() -> Measurement:
    return planted("zh").measurement(TWO, by="type")


@pytest.fixture(scope="module")
def alike() -> Measurement:
    return sv.Study.load(ROOT / "data" / "demo").residents.measurement(TWO, by="type")


def rows(table: Table) -> list[tuple[Any, ...]]:
    """The rows with numbers."""
    return [row for row in table.body if len(row) > 1]


def close(shown: float | None, value: float) -> bool:
    return shown is not None and abs(shown - value) <= 1e-5 * max(abs(value), 1e-4)


def test_the_ladder_holds_the_numbers_of_the_frame(measured: Measurement) -> None:
    table = measured.table("ladder")
    frame = measured.invariance.to_frame()
    assert len(table.body) == len(frame) == 5
    for cells, row in zip(table.body, frame.to_dict("records"), strict=True):
        assert close(cells[1].value, row["chi_square"])
        assert cells[1].text == f"{number(row['chi_square'])} ({row['df']})"
        assert close(cells[2].value, row["cfi"])
        assert close(cells[3].value, row["rmsea"])
        assert cells[3].text.startswith(number(row["rmsea"], 3))
        if np.isfinite(row["delta_p"]):
            assert cells[5].text == f"{p_value(row['delta_p'])} ({p_value(row['delta_p_adjusted'])})"
            assert cells[2].text.endswith(f"({number(row['delta_cfi'], 3, sign=True)})")
        assert cells[6].text == row["let_go"]
        assert (cells[7].text == "no") == (not row["stands"])
    assert "rb11" in " ".join(cells[6].text for cells in table.body)


def test_reliability_holds_the_numbers_of_the_frame(measured: Measurement) -> None:
    frame = measured.reliability.to_frame()
    known = {(r["scale"], r["group"], r["statistic"]): r for r in frame.to_dict("records") if not r["item"]}
    shown_rows = iter(rows(measured.table()))
    for scale in TWO:
        for group in [*measured.reliability.names, ""]:
            cells = next(shown_rows)
            for cell, what in zip(cells[1:3], ("alpha", "omega"), strict=True):
                row = known[scale, group, what if group else f"difference of {what}"]
                sign = not group
                assert close(cell.value, row["value"])
                ends = f"({number(row['low'], sign=sign)} to {number(row['high'], sign=sign)})"
                assert cell.text == f"{number(row['value'], sign=sign)} {ends}"


def test_loadings_hold_the_numbers_of_the_frame(measured: Measurement) -> None:
    loadings = measured.factors.loadings().set_index(["type", "item"])
    bias = measured.invariance.items().set_index("item")
    items = [row for row in rows(measured.table("loadings")) if "(rb" in row[0].text]
    assert len(items) == 6
    for cells in items:
        item = cells[0].text[-5:-1]
        for cell, group in zip(cells[1:3], measured.factors.groups, strict=True):
            row = loadings.loc[(group, item)]
            assert close(cell.value, row["standardised"])
            ends = f"({number(row['low'])} to {number(row['high'])})"
            assert cell.text == f"{number(row['standardised'])} {ends}"
        assert close(cells[3].value, bias["dmacs"][item])
        assert (cells[4].text != "") == (item in measured.invariance.let_go)


def test_gaps_hold_the_numbers_of_the_frame_and_say_where_they_are_none(measured: Measurement) -> None:
    gaps = measured.invariance.gaps.to_frame().set_index(["variable", "statistic"])
    reciprocity, trust = measured.table("gaps").body
    kinds = ("latent gap", "latent gap, items let go", "movement of the gap")
    for cell, kind in zip(trust[1:4], kinds, strict=True):
        assert close(cell.value, gaps["value"][("TRU", kind)])
        low, high = (number(gaps[end][("TRU", kind)], sign=True) for end in ("low", "high"))
        assert cell.text == f"{number(gaps['value'][('TRU', kind)], sign=True)} ({low} to {high})"
    assert trust[4].text == "not alike"
    assert (reciprocity[2].text, reciprocity[3].text) == ("nothing let go", "")
    assert "is not to be read as one" in measured.table("gaps").notes[0]


def test_units_and_the_test_stand_below_the_ladder(measured: Measurement) -> None:
    notes = " ".join(measured.table("ladder").notes)
    assert "500 old-district residents, 500 commercial-estate residents, in 20 and 20 primary units" in notes
    assert "p is that of F" in notes
    assert "Holm" in notes
    assert f"p {p_value(measured.invariance.steps[0].test.p)}" in notes


@pytest.mark.parametrize(
    ("verdict", "why", "omega", "said", "not_said"),
    [
        ("alike", "", 0.80, ["work alike in both kinds of compound.", "0.80", "Its score may be compared"], "except"),
        ("alike", "", 0.65, ["latent gap is to be read beside the score", "may be compared"], "question by question"),
        ("partly alike", "", 0.80, ["except “", "(rb11)", "moves by 0.04", "bound 0.10", "may be compared"], "only"),
        ("partly alike", "unreliable", 0.51, ["except", "only 0.51", "question by question"], "may be compared"),
        ("not alike", "moved", 0.80, ["do not work alike", "moves by 0.04", "question by question"], "may be compared"),
        ("not alike", "few", 0.80, ["fewer than two", "question by question"], "may be compared"),
        ("not alike", "refused", 0.80, ["do not work alike", "question by question"], "may be compared"),
        ("not tested", "unfitted", 0.80, ["was not tested", "question by question"], "may be compared"),
    ],
)
def test_the_words_of_each_verdict(
    measured: Measurement, verdict: Any, why: Any, omega: float, said: list[str], not_said: str
) -> None:
    gate = Gate("TRU", verdict, ("rb09", "rb10", "rb11"), ("rb11",), -0.04, why, omega)
    prose = verdicts.verdict_sentences(measured.invariance, {"TRU": gate})
    (line,) = prose.blocks[1].lines
    for text in said:
        assert text in line
    assert not_said not in line
    assert any(block.kind == "caution" for block in prose.blocks) == (verdict == "not alike")
    zh = replace(measured.invariance, lang="zh")
    (line,) = verdicts.verdict_sentences(zh, {"TRU": gate}).blocks[1].lines
    assert ("可以比较其得分" in line) == ("Its score may be compared" in said or "may be compared" in said)


def test_other_groups_are_not_called_kinds_of_compound(measured: Measurement) -> None:
    other = replace(measured.invariance, by="sex")
    assert "both groups" in str(other.sentences())
    assert "compound." not in str(other.sentences())


def test_the_counts_of_the_opening(measured: Measurement, alike: Measurement) -> None:
    assert "of 2 scales measured, 1 may be compared by the score, 1 question by question" in str(measured.sentences())
    assert "of 2 scales measured, 2 may be compared by the score, 0 question by question" in str(alike.sentences())


def views(result: Measurement) -> tuple[Any, ...]:
    made = shown(result)
    assert isinstance(made, Display)
    return made.views


def test_one_display_in_order(measured: Measurement, alike: Measurement) -> None:
    kinds = [type(view) for view in views(measured)]
    assert kinds == [Prose, Table, Table, Table, Table, Figure, Figure]
    assert [type(view) for view in views(alike)] == kinds[:-1], "nothing let go, nothing to draw"
    assert alike.plot("items") is None
    made = bundle(measured)
    assert Display.from_json(made[DISPLAY]) == shown(measured)
    for view in views(measured):
        title = view.blocks[0].lines[0] if isinstance(view, Prose) else view.title
        assert title in made["text/plain"]
    for part in (measured.invariance, measured.factors, measured.reliability):
        assert set(bundle(part)) == {"text/plain", "text/html", DISPLAY}


def test_the_report_reads_every_view(measured: Measurement) -> None:
    from surveyor.report.document import document

    cell = SimpleNamespace(cell_type="code", get=lambda *_: [{"data": bundle(measured)}])
    assert document(SimpleNamespace(cells=[cell]), "en").parts == views(measured)


def test_notes_of_the_items_are_said_once(measured: Measurement) -> None:
    (note,) = measured.notes
    assert "rb11" in note
    assert bundle(measured)["text/plain"].count(stopped(note, "en")) == 1


def test_unknown_views(measured: Measurement) -> None:
    parts = (measured.table, measured.plot, measured.invariance.table, measured.reliability.table)
    for make in parts:
        with pytest.raises(UsageError):
            make("laders")


def test_figures_say_their_numbers_and_draw_the_same_twice(measured: Measurement) -> None:
    paths, items = measured.plot(), measured.plot("items")
    assert paths is not None
    assert items is not None
    drawn = [item["shown"] for each in paths.data["factors"] for item in each["items"]]
    drawn += [arc["shown"] for arc in paths.data["arcs"]]
    assert len(drawn) == 7
    for first, second in drawn:
        assert f"{first} / {second}" in paths.alt
    assert "[Let go]" in paths.alt
    for figure in (paths, items):
        assert figure.alt not in ("", figure.title)
        assert Figure.from_json(figure.to_json()) == figure
        for narrow in (False, True):
            assert figure.svg(narrow=narrow) == figure.svg(narrow=narrow)
    assert paths.svg() != paths.svg(narrow=True)


def test_a_model_of_one_group_and_of_a_factor_behind_the_scales() -> None:
    survey = sv.Study.load(ROOT / "data" / "demo").residents
    one = survey.cfa(TWO)
    assert one.plot().data["groups"] == []
    assert one.plot().svg(narrow=True)
    assert one.table().header[0][1].text == "Standardised loading"
    behind = survey.cfa("SCI")
    assert [len(each["shown"]) for each in behind.plot().data["general"]] == [1] * 5
    assert "Factor behind the scales" in table_text(behind.table())
    assert behind.plot().svg()


def test_curves_are_those_of_simulated_people(measured: Measurement) -> None:
    """Answers drawn from the fitted model by brute force; the standard error of a mean is below .002."""
    result = measured.invariance
    step = next(step for step in result.steps if "intercepts" in step.equal.alike)
    frame = curves(result)
    assert set(frame["item"]) == {"rb11"}
    item, factor = result.setting.items.names.index("rb11"), 1
    noise = np.random.default_rng(5).standard_normal(400_000)
    for g, part in frame.groupby("group"):
        arrays = step.solution.parameters.arrays(step.solution.theta, int(str(g)))
        cuts = arrays["threshold"][result.setting.moments.layout.levels(item)]
        for row in part.iloc[[0, 20, 40]].to_dict("records"):
            behind = arrays["intercept"][item] + arrays["loading"][item, factor] * row["level"]
            answers = 1 + np.searchsorted(cuts, behind + np.sqrt(arrays["residual"][item]) * noise)
            assert abs(answers.mean() - row["expected"]) < 0.01


HOSTILE = '<script>alert(1)</script> $x$ "q" & \''


def test_hostile_labels_are_shown_literally(measured: Measurement) -> None:
    items = replace(measured.invariance.setting.items, labels=dict.fromkeys(measured.invariance.bias, HOSTILE))
    setting = replace(measured.invariance.setting, items=items)
    groups = (HOSTILE, HOSTILE)
    names = dict.fromkeys(TWO, HOSTILE)
    result = replace(
        measured,
        invariance=replace(measured.invariance, setting=setting, groups=groups, names=names),
        factors=replace(measured.factors, setting=setting, groups=groups, names=names),
    )
    html = bundle(result)["text/html"]
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    for view in views(result):
        if isinstance(view, Figure):
            assert b"<script" not in view.svg(narrow=True)


MODULES: tuple[ModuleType, ...] = (verdicts, invariance, factors, reliabilities, expected_answers, specify)


def texts() -> list[tuple[str, Any]]:
    found = []
    for module in MODULES:
        for name, table in vars(module).items():
            if name.isupper() and isinstance(table, dict):
                found += [(f"{module.__name__}.{name}", value) for value in flat(table)]
    return found


def flat(table: dict[Any, Any]) -> list[dict[str, str]]:
    """The innermost tables: language -> text."""
    if set(table) & {"en", "zh"}:
        return [table]
    return list(itertools.chain.from_iterable(flat(each) for each in table.values() if isinstance(each, dict)))


def test_every_word_stands_in_both_languages() -> None:
    assert len(texts()) > 60
    for where, each in texts():
        assert set(each) == {"en", "zh"}, where
        slots = [set(re.findall(r"\{(\w*)\}", text)) for text in each.values()]
        assert slots[0] == slots[1], each


def test_no_number_is_typed_and_nothing_is_claimed() -> None:
    """Numbers come from results and constants; years, levels of intervals and the first category may stand."""
    for where, each in texts():
        for text in each.values():
            plain = re.sub(r"\b(?:19|20)\d\d\b|9[05] ?%|\{\w*\}|log\(1 − x\)|从1计|from 1|above 0|大于 0", "", text)
            assert not re.search(r"\d", plain), (where, text)
        lower = each["en"].lower()
        for claim in ("no difference", "prove", "because", "cause", "effect of", "leads to", "significant"):
            assert claim not in lower, (where, claim)


def test_chinese_views_speak_chinese(chinese: Measurement) -> None:
    names = {
        "CFI", "TLI", "RMSEA", "SRMR", "dMACS", "log", "Holm", "Green", "Yang", "Bonett", "McNeish", "Flora",
        "Satorra", "Asparouhov", "Muthén", "Thomas", "Rao", "Cheung", "Rensvold", "Chen", "Estabrook", "Nye",
        "Drasgow", "Bentler",
    }  # fmt: skip
    text = bundle(chinese)["text/plain"]
    assert set(re.findall(r"[A-Za-zé]{3,}", text)) <= names
    assert "两类小区" in text
    assert "不等价" in text


def test_chinese_figures_draw(chinese: Measurement) -> None:
    from surveyor.errors import ReportError
    from surveyor.show.fonts import families

    try:
        families("中")
    except ReportError:
        pytest.skip("no font with Chinese characters is installed")
    for view in views(chinese):
        if isinstance(view, Figure):
            assert view.svg(narrow=True)
            assert 'alt="' in figure_html(view)


def test_the_writers_agree(measured: Measurement) -> None:
    for view in views(measured):
        if isinstance(view, Table):
            text, html = table_text(view), table_html(view)
            for cell in itertools.chain.from_iterable(view.body):
                assert cell.text in text
                assert cell.text.replace("<", "&lt;") in html
        elif isinstance(view, Prose):
            assert view.blocks[1].lines[0] in prose_html(view)


def test_a_study_names_the_scales_of_its_outcomes(copenhagen: sv.Study) -> None:
    demo = sv.Study.load(ROOT / "data" / "demo")
    assert demo.scales("social_capital") == ["NET", "REC", "TRU", "BEL", "COH"]
    assert set(demo.scales("social_capital")) < set(demo.scales())
    assert copenhagen.scales() == [], "it asks no scale"


def test_a_closed_scale_is_compared_by_its_questions(measured: Measurement) -> None:
    gaps = planted().compare(TWO, by="type", measurement=measured)
    assert set(gaps.outcomes) == {"REC", "rb09", "rb10", "rb11"}


def test_frames_are_long(measured: Measurement) -> None:
    assert isinstance(measured.to_frame(), pd.DataFrame)
    assert list(measured.to_frame()["compared"]) == ["score", "items"]
