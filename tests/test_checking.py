"""Checking: every planted fault is found, with its cases, and nothing else."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.checking import check, response_rates
from surveyor.checking.design import unequal
from surveyor.checking.interviewers import agreement
from surveyor.checking.texts import NAMES, TEXTS
from surveyor.questionnaire import Choices, Item, Rule, Scale, Section
from surveyor.report.findings import findings_html
from surveyor.show.findings import findings_table
from surveyor.show.findings_plots import findings_figures, merged

BATTERY = tuple(f"b{k}" for k in range(1, 7))
OTHERS = tuple(f"o{k}" for k in range(1, 19))
REVERSED = ("b3", "b6")


def text(word):
    return {"en": word, "zh": f"题{word}"}


def form():
    agree = Choices(codes={k: text(f"agree {k}") for k in range(1, 6)}, top=(4, 5))
    yes = Choices(codes={1: text("yes"), 0: text("no")})
    kinds = Choices(codes={1: {"en": "old", "zh": "老"}, 2: {"en": "new", "zh": "新"}})
    items = [
        Item("case", text("case"), "id"),
        Item("place", text("place"), "id"),
        Item("area", text("area"), "id"),
        Item("who", text("interviewer"), "id"),
        Item("ok", text("consent"), "nominal", "yes"),
        Item("staff", text("staff"), "nominal", "yes", section="M"),
        *(Item(name, text(name), "ordinal", "agree", reversed=name in REVERSED, section="M") for name in BATTERY),
        *(Item(name, text(name), "ordinal", "agree", section="M") for name in OTHERS),
        Item("attention", text("attention"), "ordinal", "agree", section="M"),
        Item("owner", text("owner"), "nominal", "yes", section="M"),
        Item("bought", text("bought"), "integer", range=(1950, "year"), relevance="owner == 1", section="M"),
        Item("age", text("age"), "integer", range=(18, 99), concept="DEMO", section="M"),
        Item("sex", text("sex"), "nominal", "yes", concept="DEMO", section="M"),
        Item("why", text("why"), "multiple", "agree", section="M"),
        Item("ra01", text("year moved in"), "integer", range=(1950, "year"), section="M"),
        Item("type", text("type"), "nominal", "kinds"),
    ]
    return sv.Questionnaire(
        "form",
        tuple(items),
        choices={"agree": agree, "yes": yes, "kinds": kinds},
        year=2026,
        sections={"M": Section(text("main"), "ok == 1")},
        scales={
            "AAA": Scale(text("first"), ("b1", "b2", "b3")),
            "BBB": Scale(text("second"), ("b4", "b5", "b6")),
        },
        checks={
            "instructed": Rule("attention != 2", text("instructed"), "flag"),
            "pair": Rule("b1 == 5 and b3 == 5", text("pair"), "flag"),
            "young owner": Rule("owner == 1 and age < 20", text("young owner")),
            "late": Rule("bought > ra01 + 60", text("late"), "constraint"),
        },
        batteries=(BATTERY,),
        roles={
            "case": "case", "compound": "place", "community": "area", "interviewer": "who", "consent": "ok",
            "escorted": "staff",
        },
    )  # fmt: skip


def clean():
    """96 interviews in 16 places of two types, without a fault: the types have the same people."""
    rng = np.random.default_rng(5)
    half, n = 48, 96
    made = {
        "case": [f"R{k:03d}" for k in range(1, n + 1)],
        "place": [f"P{1 + k // 6:02d}" for k in range(n)],
        "area": [f"C{1 + k // 12:02d}" for k in range(n)],
        "who": [f"I{1 + k % 4}" for k in range(n)],
        "ok": np.ones(n),
        "staff": np.zeros(n),
    }
    latent = rng.integers(-1, 2, n)
    for k, name in enumerate(BATTERY):
        answer = np.clip(3 + latent + (np.arange(n) + k) % 2, 1, 5)
        made[name] = 6.0 - answer if name in REVERSED else answer.astype(float)
    for name in OTHERS:
        made[name] = rng.integers(1, 6, n).astype(float)
    made["attention"] = np.full(n, 2.0)
    made["owner"] = (np.arange(n) % 3 > 0).astype(float)
    made["bought"] = np.where(made["owner"] == 1, 2000.0 + np.arange(n) % 20, -8.0)
    made["age"] = np.tile(rng.integers(25, 80, half), 2).astype(float)
    made["sex"] = np.tile(np.arange(half) % 2, 2).astype(float)
    for code in range(1, 6):
        made[f"why_{code}"] = ((np.arange(n) + code) % 3 == 0).astype(float)
    made["ra01"] = 1990.0 + np.arange(n) % 25
    made["type"] = np.repeat([1.0, 2.0], half)
    made["duration"] = 900.0 + 10 * (np.arange(n) % 31)
    made["w"] = 1 + 0.1 * (np.arange(n) % 5)
    return pd.DataFrame(made)


def surveyed(frame, lang="en", **design):
    return sv.Survey(frame, sv.Design(**{"weights": "w", "clusters": "place"} | design), form(), lang)


def changed(**cells):
    """The clean frame with some cells changed: column={row: value}."""
    frame = clean()
    for name, values in cells.items():
        for row, value in values.items():
            frame.loc[row, name] = value
    return frame


def found(frame, **options):
    """Rule -> (severity, item, rows, cases)."""
    table = surveyed(frame).check(**options).to_frame()
    return {row["rule"]: (row["severity"], row["item"], row["rows"], row["cases"]) for _, row in table.iterrows()}


def line(row, code=3.0):
    return {name: {row: code} for name in BATTERY}


def test_a_clean_file_is_ready() -> None:
    findings = surveyed(clean()).check()
    assert findings.to_frame().to_dict("records") == []
    assert findings.verdict == "ready"
    assert findings.verdict_text == "Ready. No rule found an error or a warning."


#: What is planted -> the one finding it must give.
PLANTED = {
    "duplicate id": ({"case": {4: "R001"}}, ("error", "case", 2, "R001, R001")),
    "no id": ({"case": {4: " "}}, ("error", "case", 1, "")),
    "unlabelled": ({"o2": {7: 9.0, 8: 7.0}}, ("error", "o2", 2, "R008, R009")),
    "range": ({"age": {3: 107.0}, "ra01": {}}, ("error", "age", 1, "R004")),
    "all missing": ({"o3": dict.fromkeys(range(96), -9.0)}, ("warning", "o3", 0, "")),
    "constant": ({"o3": dict.fromkeys(range(96), 4.0)}, ("warning", "o3", 0, "")),
    "young owner": ({"age": {1: 19.0}}, ("warning", "owner, age", 1, "R002")),
    "late": ({"bought": {1: 2020.0}, "ra01": {1: 1950.0}}, ("error", "bought, ra01", 1, "R002")),
    "instructed": ({"attention": {11: 5.0}}, ("note", "attention", 1, "R012")),
    "pair": ({"b1": {11: 5.0}, "b3": {11: 5.0}}, ("note", "b1, b3", 1, "R012")),
    "speed": ({"duration": {20: 200.0}}, ("note", "", 1, "R021")),
    "straight line": (line(20), ("note", "b1, b2, b3 … (6)", 1, "R021")),
    "not asked": ({"bought": {0: 2001.0}}, ("warning", "bought", 1, "R001")),
    "not put": ({"o5": {9: -8.0}}, ("warning", "o5", 1, "R010")),
    "escorted": ({"staff": {2: 1.0}}, ("note", "staff", 1, "R003")),
    "nonresponse": (
        {"o7": {k: (-1.0, -2.0, -9.0)[k % 3] for k in range(9)} | {48: -9.0}},  # 9 of 48 against 1 of 48
        ("warning", "o7", 10, "R001, R002, R003, R004, R005 and 5 more"),
    ),
    "weight zero": ({"w": {5: 0.0}}, ("warning", "w", 1, "R006")),
    "no group": ({"type": {95: -9.0}}, ("note", "type", 1, "R096")),
}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_found_and_nothing_else(rule) -> None:
    cells, expected = PLANTED[rule]
    assert found(changed(**cells)) == {rule: expected}


def test_a_large_weight_is_told_with_the_spread_it_makes() -> None:
    frame = changed(w={5: 500.0})
    result = found(frame)
    assert result["weight large"] == ("warning", "w", 1, "R006")
    # that one person now stands for most of the old: their ages, weighted, are no longer those of the new
    assert set(result) == {"weight large", "weight spread", "imbalance"}
    w = np.append(np.delete(clean()["w"].to_numpy(), 5), 500.0)
    assert unequal(w) == pytest.approx(1 + w.var() / w.mean() ** 2)


def test_near_and_exact_duplicates() -> None:
    frame = clean()
    answers = [name for name in frame.columns if name not in ("case", "place", "area", "who", "type", "duration", "w")]
    frame.loc[40, answers] = frame.loc[0, answers]  # the same interviewer, all alike
    frame.loc[44, answers] = frame.loc[4, answers]
    frame.loc[44, "o9"] = frame.loc[44, "o9"] % 5 + 1  # the same interviewer, one of 30 answers not alike
    frame.loc[49, answers] = frame.loc[8, answers]
    frame.loc[49, "o9"] = frame.loc[49, "o9"] % 5 + 1  # another interviewer: no sign of anything
    result = found(frame)
    assert result == {
        "duplicate row": ("warning", "", 2, "R001, R041"),
        "near duplicate": ("warning", "", 2, "R005, R045"),
    }


def test_nearly_alike_agrees_with_looking_at_every_pair() -> None:
    from surveyor.checking.records import _GAP, _nearly

    rng = np.random.default_rng(2)
    table = rng.integers(0, 3, (120, 40)).astype(np.float32)
    for row in range(60, 120):  # copies with 0 to 4 answers changed or left out
        table[row] = table[row - 60]
        at = rng.choice(40, row % 5, replace=False)
        table[row, at] = np.where(row % 2, 7.0, _GAP)
    by = np.arange(120) % 2
    by[60:] = by[:60]
    expected = np.zeros(120, dtype=bool)
    for i in range(120):
        for j in range(120):
            either = ((table[i] != _GAP) | (table[j] != _GAP)).sum()
            if i != j and by[i] == by[j] and (table[i] != table[j]).sum() <= 0.05 * either + 1e-9:
                expected[i] = True
    assert 40 < expected.sum() < 120
    assert (_nearly(table, np.arange(120), by, 120) == expected).all()


def test_two_flags_leave_a_respondent_out_and_one_keeps_them() -> None:
    frame = changed(attention={3: 1.0, 60: 4.0, 70: 5.0}, duration={3: 100.0, 70: 50.0}, **line(80, 5.0))
    survey = surveyed(frame)
    findings = survey.check()
    assert findings.excluded == ["R004", "R071"]
    assert findings.dropped == {"old": 1, "new": 1}
    # a straight line of fives breaks the reversed pair too, and is still one flag
    assert findings.flagged[80] == 1
    careful = findings.careful()
    assert len(careful) == 96
    assert int(careful.units.weights.astype(bool).sum()) == 94
    kept = np.delete(np.arange(96), [3, 70])
    expected = np.average(frame["age"].iloc[kept], weights=frame["w"].iloc[kept])
    assert careful.mean("age").values[0] == pytest.approx(expected)
    assert findings.careful(survey.where("age >= 50")).domain.sum() == (frame["age"].iloc[kept] >= 50).sum()


def test_only_the_domain_is_checked() -> None:
    frame = changed(age={3: 107.0}, attention={0: 5.0})
    assert surveyed(frame).where("o1 >= 0 and ra01 != 1993").check().to_frame()["rule"].tolist() == ["instructed"]


def test_the_median_is_that_of_the_same_mode() -> None:
    frame = clean()
    frame["mode"] = np.where(np.arange(96) % 3, "home", "web")
    frame.loc[frame["mode"] == "web", "duration"] = 290.0
    assert "speed" not in found(frame)
    assert found(frame.drop(columns="mode"))["speed"][2] == 32


def test_two_seconds_a_question_are_too_fast_whatever_the_median() -> None:
    frame = clean()
    frame["duration"] = 75.0
    frame.loc[4, "duration"] = 67.0
    # owners are asked 31 questions, others 30; two seconds each are 62 and 60
    frame.loc[[7, 9], "duration"] = 61.0
    assert [frame.loc[k, "owner"] for k in (7, 9)] == [1.0, 0.0]
    assert found(frame)["speed"][2:] == (1, "R008")


@pytest.mark.parametrize("form_of", ["forgotten", "by chance"])
def test_a_forgotten_reversal_stops_the_run(form_of) -> None:
    frame = clean()
    if form_of == "forgotten":
        frame["b3"] = 6 - frame["b3"]
        result = found(frame)
        assert result.pop("pair")[0] == "note"  # the pair is no longer one of opposites
        assert result == {"reversal": ("error", "b3", 0, "")}
    else:
        rng = np.random.default_rng(11)
        frame["b3"] = rng.integers(1, 6, 96).astype(float)
        z = {name: (frame[name] - frame[name].mean()) / frame[name].std() for name in ("b1", "b2")}
        r = np.corrcoef(-frame["b3"], z["b1"] + z["b2"])[0, 1]
        assert ("weak item" in found(frame)) == (r < 0)
        assert "reversal" not in found(frame)


def test_nonresponse_by_type_and_by_amount() -> None:
    # 9 people are too few to say anything of, though 9 of 48 against 0 are 19 points; 10 of 48 in both are over a fifth
    assert found(changed(o7=dict.fromkeys(range(9), -9.0))) == {}
    rows = [*range(10), *range(48, 58)]
    result = surveyed(changed(o7=dict.fromkeys(rows, -9.0))).check()
    assert result.to_frame()["problem"].tolist() == ["No answer from old 20.8 % of 48; new 20.8 % of 48"]
    assert result.missing.loc["o7"].tolist() == pytest.approx([10 / 48, 10 / 48])
    assert result.missing.loc["bought"].tolist() == [0.0, 0.0]  # not asked is not unanswered


def test_units_and_people_of_each_type() -> None:
    frame = clean()
    frame.loc[frame["type"] == 1, "place"] = [f"P{k % 3}" for k in range(48)]
    frame.loc[frame["type"] == 2, "place"] = [f"Q{k % 6}" for k in range(48)]
    assert found(frame) == {"few units": ("error", "type", 0, ""), "some units": ("warning", "type", 0, "")}
    assert surveyed(frame).check().verdict == "not ready"
    small = clean()
    small.loc[9:47, "type"] = -9.0
    result = found(small)
    assert result["small group"] == ("warning", "type", 9, "R001, R002, R003, R004, R005 and 4 more")
    gone = clean()
    gone["type"] = 2.0
    assert found(gone)["empty group"][0] == "error"


def test_strata_with_one_unit() -> None:
    frame = clean()
    frame["s"] = np.where(frame["place"] == "P01", "alone", "rest")
    findings = surveyed(frame, strata="s", lonely="certainty").check()
    assert findings.to_frame()[["rule", "severity", "rows"]].values.tolist() == [["lonely stratum", "warning", 6]]


def test_the_types_are_of_other_people() -> None:
    frame = clean()
    frame.loc[:47, "age"] = np.arange(48) % 20 + 60.0
    frame.loc[48:, "age"] = np.arange(48) % 20 + 45.0
    frame.loc[frame.index[:48], "sex"] = (np.arange(48) % 4 > 0).astype(float)
    table = surveyed(frame).check().to_frame()
    assert table["rule"].tolist() == ["no overlap", "no overlap", "imbalance", "imbalance"]
    # ages 60-79 against 45-64: 36 of 48 over 64, 36 of 48 under 60
    over, under = (int((frame["age"].iloc[:48] > 64).sum()), int((frame["age"].iloc[48:] < 60).sum()))
    assert table["rows"].tolist()[:2] == [over, under]
    assert "‘yes’, standardised difference 0.53" in table["problem"].iloc[3]


def test_years_and_codes_across_files() -> None:
    facts = sv.Questionnaire(
        "facts",
        (Item("f01", text("compound"), "id"), Item("f04", text("first building"), "integer")),
        roles={"compound": "f01"},
    )
    places = pd.DataFrame({"f01": [f"P{k:02d}" for k in range(1, 17)], "f04": [1985.0] * 15 + [-1.0]})
    compounds = sv.Survey(places, questionnaire=facts)
    assert found(clean(), compounds=compounds) == {}
    early = changed(ra01={2: 1984.0, 94: 1970.0})
    assert found(early, compounds=compounds) == {"before the building": ("warning", "ra01, f04", 1, "R003")}
    fewer = sv.Survey(places.iloc[:15], questionnaire=facts)
    assert found(clean(), compounds=fewer)["unknown compound"][:3] == ("error", "place", 6)
    staff = sv.Questionnaire("staff", (Item("a", text("area"), "id"),), roles={"community": "a"})
    workers = sv.Survey(pd.DataFrame({"a": [f"C{k:02d}" for k in range(2, 9)]}), questionnaire=staff)
    result = surveyed(clean()).check(workers=workers).to_frame()
    assert result[["rule", "rows"]].values.tolist() == [["no workers", 12]]


def test_interviewers_who_stand_out() -> None:
    frame = clean()
    first, second, third = (np.flatnonzero(frame["who"] == name) for name in ("I1", "I2", "I3"))
    frame.loc[first[:14], "staff"] = 1.0
    frame.loc[second, "duration"] = 450.0
    asked = [name for name in frame.columns if name not in ("case", "place", "area", "who", "type", "duration", "w")]
    frame.loc[third[:6], asked] = -8.0
    frame.loc[third[:6], "ok"] = 0.0
    result = surveyed(frame).check()
    table = result.to_frame()
    rules = table["rule"].tolist()
    assert rules == ["interviewer escorted", "interviewer pace", "interviewer refusals", "escorted"]
    assert "Interviewer I1: staff present at 58 % of 24 interviews" in table["problem"].tolist()
    row = result.interviewers.set_index("interviewer").loc["I3"]
    assert row["n"] == 18
    assert row["refused"] == pytest.approx(6 / 24)


def test_agreement_within_interviewers_by_hand() -> None:
    # groups (1, 2, 3) and (5, 6, 7): B = 24, W = 1, m = 3, so ICC = 23 / 26; F = 24 on 1 and 4 df
    k, icc, p = agreement(np.array([0, 0, 0, 1, 1, 1]), np.array([1.0, 2.0, 3.0, 5.0, 6.0, 7.0]))
    assert (k, icc) == (2, pytest.approx(23 / 26))
    assert p == pytest.approx(0.00805, abs=1e-5)


def test_interviewers_whose_answers_are_alike() -> None:
    frame = clean()
    frame["who"] = [f"I{k // 16}" for k in range(96)]
    for name in ("b1", "b2"):
        frame[name] = 1.0 + (np.arange(96) // 16) % 5
    frame["b3"] = 6 - frame["b1"]
    frame.loc[::7, "b1"] = 3.0
    frame.loc[::5, "b2"] = 3.0
    frame.loc[::6, "b3"] = 3.0
    table = surveyed(frame).check().to_frame()
    table = table[table["rule"] == "interviewer answers"]
    assert table["item"].tolist() == ["b1", "b2", "b3"]
    assert table["problem"].str.contains("6 interviewers").all()


def test_a_file_without_questionnaire_and_one_with_words_in_numbers() -> None:
    plain = sv.Survey(pd.DataFrame({"y": [1.0, 2.0, 3.0] * 8, "g": ["a", "b"] * 12}))
    assert plain.check(by="g").verdict == "ready"
    words = clean().astype({"o1": object})
    words.loc[0, "o1"] = "often"
    table = surveyed(words).check().to_frame()
    assert table[["rule", "item"]].values.tolist() == [["unreadable", "o1"]]


def test_short_forms_whose_routing_rests_on_absent_items() -> None:
    frame = clean().drop(columns=["owner"])
    assert found(frame) == {}


def test_unknown_columns_are_refused() -> None:
    with pytest.raises(sv.SurveyorError, match="no column 'tpye'"):
        surveyed(clean()).check(by="tpye")
    with pytest.raises(sv.SurveyorError, match="no figure 'weight'"):
        surveyed(clean()).check().plot("weight")
    with pytest.raises(sv.SurveyorError, match="other rows"):
        surveyed(clean()).check().careful(surveyed(clean().iloc[:50]))


def test_case_numbers_are_the_only_values_shown() -> None:
    frame = changed(age={3: 107.0})
    frame["case"] = [f"{k:018d}" for k in range(96)]
    shown = repr(surveyed(frame).check())
    assert "000000000000000003" in shown
    assert "107" not in shown
    bare = replace(form(), roles={})
    cases = sv.Survey(frame, questionnaire=bare).check().to_frame()
    assert cases.loc[cases["rule"] == "range", "cases"].tolist() == ["row 5"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_languages_and_every_figure(lang) -> None:
    frame = changed(
        attention=dict.fromkeys(range(0, 40), 4.0), o7=dict.fromkeys(range(12), -9.0), age={3: 107.0}, staff={1: 1.0}
    )
    findings = surveyed(frame, lang).check()
    table = findings_table(findings)
    assert table.notes[-1] == findings.verdict_text
    shown = findings._repr_mimebundle_()
    assert ("Errors" in shown["text/html"]) == (lang == "en")
    figures = findings_figures(findings)
    assert [figure.kind for figure in figures] == ["bars", "histogram", "bars", "histogram", "bars"]
    for figure in figures:
        assert figure.svg().startswith(b"<?xml")
        assert figure.svg(narrow=True) != figure.svg()
    han = sum("\u4e00" <= char <= "\u9fff" for char in findings.verdict_text)
    assert (han > 5) == (lang == "zh")


def test_the_page_stands_alone() -> None:
    findings = surveyed(changed(age={3: 107.0}), "zh").check()
    made = findings_html(findings, response_rates({"I": 3, "R": 1}, lang="zh"), "示例")
    assert "<title>示例：数据检查</title>" in made
    assert "尚不能使用" in made
    assert "应答率1（RR1）" in made
    assert "<script" not in made
    assert made.count("<figure") == 3  # nobody left out an answer or was hasty: no figure of gaps or flags
    bare = findings_html(surveyed(clean()).check())
    assert "Findings</h2>" not in bare


def test_no_bar_stands_for_fewer_than_ten_people() -> None:
    few = surveyed(changed(attention=dict.fromkeys((1, 2, 50), 4.0))).check().plot("flags")
    bars = [bar for row in few.data["rows"] for bar in row["bars"]]
    assert {(bar["value"], bar["shown"]) for bar in bars} == {(None, "under 10"), (0.0, "0")}
    edges, counts = merged(np.concatenate([np.arange(50.0), [400.0, 900.0]]))
    assert counts.sum() == 52
    assert counts.min() >= 10
    assert (edges[0], edges[-1]) == (0.0, 900.0)


def test_every_text_stands_in_both_languages_with_the_same_slots() -> None:
    import string

    for rule, said in TEXTS.items():
        slots = [{name for _, name, _, _ in string.Formatter().parse(said[lang][0]) if name} for lang in ("en", "zh")]
        assert slots[0] == slots[1], rule
    assert set(NAMES) == set(TEXTS)


def test_large_files_are_checked_in_seconds() -> None:
    small = clean()
    rng = np.random.default_rng(0)
    frame = small.iloc[rng.integers(0, 96, 40_000)].reset_index(drop=True)
    for name in OTHERS:
        frame[name] = rng.integers(1, 6, len(frame)).astype(float)
    frame["case"] = np.arange(len(frame)).astype(str)
    steps = []
    start = time.perf_counter()
    check(surveyed(frame), progress=lambda done, of: steps.append((done, of)))
    assert time.perf_counter() - start < 10
    assert steps == [(k, 10) for k in range(1, 11)]
