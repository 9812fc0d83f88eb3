"""The three instruments: their counts, wording, routing, scales and rules, against the field's own tables."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyor.expressions import parse
from surveyor.questionnaire import Item, Questionnaire
from surveyor.questionnaire.column import column_of
from surveyor.questionnaire.yaml import load
from tests.conftest import ROOT, SHARED

NAMES = ("resident", "worker", "facts")
TABLES = SHARED / "instruments"
shared = pytest.mark.skipif(not TABLES.is_dir(), reason="the instruments' tables are not in the repository")
LABEL_BYTES = 80  # what a .dta label holds; a .sav label holds more


@cache
def instrument(name: str) -> Questionnaire:
    return load(ROOT / "questionnaires" / f"{name}.yaml", Questionnaire)


def rows_of(file: str) -> list[dict[str, str]]:
    with Path(TABLES / file).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def ids(text: str) -> list[str]:
    """`ids("rb01-rb04 rb19")`: ranges written out."""
    found = []
    for part in text.split():
        match = re.fullmatch(r"([a-z]+)(\d\d)-\1(\d\d)", part)
        found += [f"{match[1]}{k:02d}" for k in range(int(match[2]), int(match[3]) + 1)] if match else [part]
    return found


def fulfilled(q: Questionnaire, filtered: str, answers: dict[str, float]) -> bool:
    """Whether one respondent with these answers, and no others, fulfils a filter."""
    read = parse(filtered)
    frame = pd.DataFrame({name: [answers.get(name, np.nan)] for name in read.names})
    rows = read.evaluate(
        lambda name: column_of(frame[name], q).values,
        lambda name, answer: column_of(frame[name], q).code(name, answer),
    )
    return bool(np.broadcast_to(rows, 1)[0])


def asked(q: Questionnaire, name: str, answers: dict[str, float]) -> bool:
    relevance = q.relevance(name)
    return relevance is None or fulfilled(q, relevance.source, answers)


# Counts


def test_the_resident_instrument_has_109_questions_nine_fields_and_one_calculated() -> None:
    items = instrument("resident").items
    fields = [item.id for item in items if item.concept == "ADMIN"]
    calculated = [item.id for item in items if item.type == "calculated"]
    assert fields == ids("rs01-rs09")
    assert calculated == ["re07s"]
    assert len(items) - len(fields) - len(calculated) == 109


def test_the_worker_instrument_has_36_questions_after_two_ids() -> None:
    items = instrument("worker").items
    assert [item.id for item in items[:2]] == ["wa00c", "wa00p"]
    assert [item.type for item in items if item.concept == "ADMIN"] == ["id", "id"]
    assert len(items) - 2 == 36


def test_the_fact_sheet_has_37_lines_in_two_tables_and_the_key_of_the_second() -> None:
    facts = instrument("facts")
    assert len(facts.items) == 37 + 1
    assert [item.id for item in facts.table("compound").items] == ids("f01-f24")
    assert [item.id for item in facts.table("community").items] == ["c01", *ids("f25-f37")]
    keys = [item.id for item in facts.items if item.type == "id"]
    assert keys == ["f01", "f02", "c01"]
    assert len(facts.items) - len(keys) - 1 == 34  # facts; f37 names their source


def test_the_sections_stand_in_the_order_of_asking() -> None:
    resident = instrument("resident")
    order = list(dict.fromkeys(item.section for item in resident.items))
    assert order == list(resident.sections) == list("SABEDCFGHQ")
    assert list(instrument("worker").sections) == list("SABCDEF")
    assert list(instrument("facts").sections) == ["compound", "community"]
    for name in NAMES:
        met = [item.section for item in instrument(name).items]
        assert met == sorted(met, key=list(instrument(name).sections).index)
        assert None not in met


@pytest.mark.parametrize("name", NAMES)
def test_levels_are_those_of_the_file(name: str) -> None:
    q = instrument(name)
    levels = {item.level or q.level for item in q.items}
    assert levels == ({"compound", "community"} if name == "facts" else {name})


# Words


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_said_in_both_languages(name: str) -> None:
    q = instrument(name)
    said = [q.title, q.intro, *(section.title for section in q.sections.values())]
    said += [text for item in q.items for text in (item.label, item.text)]
    said += [text for choices in q.choices.values() for text in (*choices.codes.values(), choices.top_label or q.title)]
    said += [part.label for part in (*q.scales.values(), *q.checks.values())]
    for text in said:
        assert set(text or {}) == {"en", "zh"}, text
        assert all(words.strip() for words in text.values()), text
        assert re.search(r"[\u4e00-\u9fff]|分$", text["zh"]), text
        assert not re.search(r"[\u4e00-\u9fff]", text["en"]), text
        assert not re.search(r"[,;:?!()]", text["zh"]), f"half-width punctuation: {text['zh']}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("lang", "longest"), [("en", 40), ("zh", 20)])
def test_labels_are_short_and_unlike_each_other(name: str, lang: str, longest: int) -> None:
    q = instrument(name)
    labels = [item.label[lang] for item in q.items]
    assert [label for label in labels if labels.count(label) > 1] == []
    assert [label for label in labels if len(label) > longest] == []
    columns = [column.label[lang] for column in q.columns]
    assert [label for label in columns if columns.count(label) > 1] == []
    assert [label for label in columns if len(label.encode()) > LABEL_BYTES] == []


def test_items_of_zero_to_ten_are_numbers_with_words_at_the_ends() -> None:
    q = instrument("resident")
    tens = [item for item in q.items if item.choices == "s010"]
    assert [item.id for item in tens] == ["rb12", "rd21", "rg06"]
    assert {(item.type, item.range) for item in tens} == {("integer", (0, 10))}
    codes = q.choices["s010"].codes
    assert list(codes) == list(range(11))
    assert [codes[0], codes[5], codes[10]] == [
        {"en": "0 (lowest)", "zh": "0分（最低）"},
        {"en": "5", "zh": "5分"},
        {"en": "10 (highest)", "zh": "10分（最高）"},
    ]


#: list -> its favourable or affirmative codes; all other lists have none.
TOPS = {
    "yn": (1,), "agree5": (4, 5), "likely5": (4, 5), "trust5": (4, 5), "trustbody": (4, 5), "sat5": (4, 5),
    "contact6": (3, 4, 5), "part5": (1, 2, 3, 4), "often5": (4, 5), "stage7": (1, 2, 3, 4, 5, 6), "health5": (4, 5),
    "happy5": (4, 5), "rcvote": (1, 2), "ocvote": (1,), "needrec": (1, 2, 3, 4), "chief": (1, 2),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_top_codes_are_the_affirmative_end(name: str) -> None:
    choices = instrument(name).choices
    assert {key: each.top for key, each in choices.items() if each.top} == {k: TOPS[k] for k in choices if k in TOPS}
    assert {key for key, each in choices.items() if len(each.top) > 1 and not each.top_label} == set()
    assert {key for key, each in choices.items() if each.apart} == {"trustbody"} & set(choices)
    assert {key for key, each in choices.items() if each.alone} == {"improve", "roles", "digital", "facil"} & set(
        choices
    )


def test_no_more_than_three_improvements() -> None:
    most = {item.id: item.most for name in NAMES for item in instrument(name).items if item.type == "multiple"}
    assert most == {"rd11": 3, "rc11": None, "rf05": None, "f22": None}


# Routing

IN = {"rs05": 1, "rs08": 12}  # takes part and lives here

#: instrument, item, answers, whether it is asked
ROUTES = [
    ("resident", "rs01", {}, True),
    ("resident", "rs06", {"rs05": 1}, True),
    ("resident", "rs06", {"rs05": 0}, False),
    ("resident", "rs06", {}, False),
    ("resident", "ra01", {"rs05": 1, "rs08": 6}, True),
    ("resident", "ra01", {"rs05": 1, "rs08": 5}, False),
    ("resident", "ra01", {"rs05": 0, "rs08": 12}, False),
    ("resident", "rq01", {"rs05": 1, "rs08": 5}, False),
    ("resident", "rq01", IN, True),
    ("resident", "rq02", {"rs05": 1, "rs08": 5}, False),
    ("resident", "rq02", IN, True),
    ("resident", "ra03", IN | {"ra02": 1}, True),
    ("resident", "ra03", IN | {"ra02": 2}, True),
    ("resident", "ra03", IN | {"ra02": 3}, False),
    ("resident", "ra03", IN | {"ra02": -1}, False),
    ("resident", "ra03", {"rs05": 1, "rs08": 2, "ra02": 1}, False),
    ("resident", "re07", IN | {"re01": 0, "re06": 1}, True),
    ("resident", "re07", IN | {f"re0{k}": 0 for k in range(1, 7)}, False),
    ("resident", "re07", IN | {f"re0{k}": -1 for k in range(1, 7)}, False),
    ("resident", "re07s", IN | {"re03": 6}, True),
    ("resident", "re07s", IN | {"re03": 0}, False),
    ("resident", "re08", IN | {"re07": 6}, True),
    ("resident", "re08", IN, False),
    ("resident", "re08", IN | {"re07": -8}, False),
    ("resident", "re09", IN | {"re08": 0}, True),
    ("resident", "re09", IN | {"re08": 3}, False),
    ("resident", "re09", IN | {"re08": -2}, False),
    ("resident", "re11", IN | {"re07s": 3}, True),
    ("resident", "re11", IN | {"re07s": 2}, False),
    ("resident", "re12", IN | {"re07s": 4}, True),
    ("resident", "re12", IN | {"re07s": 3}, False),
    ("resident", "re13", IN | {"re07s": 2}, True),
    ("resident", "re13", IN | {"re07s": 1}, False),
    ("resident", "re14", IN | {"re07s": 6}, True),
    ("resident", "re14", IN | {"re07s": 2}, False),
    ("resident", "rd06", IN | {"rd01": 2}, True),
    ("resident", "rd06", IN | {"rd01": 3}, True),
    ("resident", "rd06", IN | {"rd01": 4}, False),
    ("resident", "rd06", IN | {"rd02": 3}, False),
    ("resident", "rd10", IN | {"rd05": 3}, True),
    ("resident", "rd10", IN | {"rd05": 1}, False),
    ("resident", "rd14", IN | {"rd13": 1}, True),
    ("resident", "rd14", IN | {"rd13": 0}, False),
    ("resident", "rc09", IN | {"ra02": 2}, True),
    ("resident", "rc09", IN | {"ra02": 4}, False),
    ("resident", "rc12", IN | {"rc11_0": 1}, True),
    ("resident", "rc12", IN | {"rc11_0": 0, "rc11_3": 1}, False),
    ("resident", "rc12", IN, False),
    ("resident", "rc15", IN | {"ra02": 1}, True),
    ("resident", "rc15", IN | {"ra02": 5}, False),
    ("resident", "rc16", IN | {"rc14": 3}, True),
    ("resident", "rc16", IN | {"rc14": 4}, False),
    ("resident", "rc16", IN | {"rc14": -1}, False),
    ("worker", "wa01", {}, True),
    ("worker", "wf02", {}, True),
    ("facts", "f15", {"f14": 1}, True),
    ("facts", "f15", {"f14": 5}, False),
    ("facts", "f15", {"f14": -9}, False),
    ("facts", "f16", {"f14": 5}, False),
    ("facts", "f18", {"f17": 1}, True),
    ("facts", "f18", {"f17": 3}, True),
    ("facts", "f18", {"f17": 4}, False),
    ("facts", "f18", {}, False),
    ("facts", "f33", {"f32": 1}, True),
    ("facts", "f33", {"f32": 0}, False),
    ("facts", "f35", {"f34": 2}, True),
    ("facts", "f35", {"f34": 0}, False),
]


@pytest.mark.parametrize(("name", "item", "answers", "expected"), ROUTES)
def test_who_is_asked(name: str, item: str, answers: dict[str, float], expected: bool) -> None:
    assert asked(instrument(name), item, answers) is expected


@pytest.mark.parametrize("kind", range(1, 6))
def test_satisfaction_is_asked_of_those_served_through_the_community(kind: int) -> None:
    q = instrument("resident")
    served = [code for code in range(5) if asked(q, f"rd{kind + 5:02d}", IN | {f"rd0{kind}": code})]
    assert served == [2, 3]


def test_everybody_else_is_asked_everything() -> None:
    routed = {item.id for name in NAMES for item in instrument(name).items if item.relevance}
    assert routed == set(
        ids("rs06-rs09 ra03 re07 re07s re08-re14 rd06-rd10 rd14 rc09 rc12 rc15 rc16 f15 f16 f18 f33 f35")
    )
    gates = {name: section.relevance for name, section in instrument("resident").sections.items()}
    assert gates == {"S": ""} | dict.fromkeys("ABEDCFGHQ", "rs05 == 1 and rs08 >= 6")


def test_the_stage_is_copied_from_the_matter_that_troubled_most() -> None:
    q = instrument("resident")
    stage = q.item("re07s")
    assert stage.copied is not None
    assert stage.copied.by == "re07"
    assert stage.copied.of == {1: "re01", 2: "re02", 3: "re03", 4: "re04", 5: "re05", 6: "re06"}
    assert stage.choices == q.item("re01").choices == "stage7"
    matters = [label["en"].split()[0].lower().strip(",") for label in q.choices["matter"].codes.values()]
    sources = [(q.item(source).text or {})["en"].lower() for source in stage.copied.of.values()]
    assert all(word in text for word, text in zip(matters, sources, strict=True))


# The core form, scales, roles

CORE = (
    "rs01-rs09 ra01 ra02 ra04 rb01 rb02 rb06 rb08 rb09 rb10 rb13 rb15 rb16 rb18 rb19 rb20-rb24 re01-re10 re07s "
    "rd01-rd05 rd11 rd16 rd17 rd21 rc01-rc03 rc05 rc06 rc08 rc09 rc11-rc14 rf01 rf02 rg01 rg06 rg07 "
    "rh01-rh04 rh10 rq01"
)


def test_the_core_form_is_60_questions() -> None:
    core = instrument("resident").form("core")
    assert {item.id for item in core.items} == set(ids(CORE))
    questions = [item for item in core.items if item.concept != "ADMIN" and item.type != "calculated"]
    assert len(questions) == 60
    assert len(core.items) == 60 + 9 + 1
    assert list(core.roles) == list(instrument("resident").roles)
    assert asked(core, "re10", IN | {"re07": 2})
    assert not asked(core, "re10", IN)


#: instrument, scale -> items, kind, minimum, score
SCALES = {
    "resident": {
        "NET": ("rb01-rb04", "reflective", 3, "standardised"),
        "REC": ("rb06-rb08", "reflective", 2, "mean"),
        "TRU": ("rb09-rb11", "reflective", 2, "mean"),
        "BEL": ("rb13-rb15", "reflective", 2, "mean"),
        "COH": ("rb16-rb18", "reflective", 2, "mean"),
        "SCI": ("NET REC TRU BEL COH", "index", 4, "standardised"),
        "CEF": ("rb20-rb24", "reflective", 4, "mean"),
        "STR": ("rb19", "single", 1, "mean"),
        "GTR": ("rb12", "single", 1, "mean"),
        "NLOC": ("rb05", "single", 1, "mean"),
        "PMOB": ("rc01-rc03 rc08", "formative", 3, "count"),
        "PPROP": ("rc06 rc07 rc09", "formative", 2, "count"),
        "ACT": ("rc04 rc05", "formative", 2, "count"),
        "WILL": ("rc13-rc15", "single", 1, "none"),
        "PERF": ("rd15-rd20", "reflective", 4, "mean"),
        "RESP": ("re11 re14 rd17", "single", 1, "none"),
        "REACH": ("rf01-rf03", "formative", 2, "count"),
        "EMER": ("rf06 rf07", "single", 1, "none"),
        "FUN": ("re01-re06", "process", 1, "none"),
        "NEED": ("rd01-rd05", "process", 1, "none"),
    },
    "worker": {
        "BURD": ("wc01-wc05", "reflective", 4, "mean"),
        "BURC": ("wc06 wc07", "formative", 1, "none"),
        "TADM": ("wb02 wb03 wb08", "composition", 3, "none"),
        "TWIN": ("wb04", "composition", 1, "none"),
        "TOUT": ("wb05-wb07", "composition", 3, "none"),
        "TOTH": ("wb09", "composition", 1, "none"),
        "RSPB": ("wd01-wd03", "reflective", 2, "mean"),
        "POWR": ("wd04-wd06", "reflective", 2, "mean"),
        "ASYM": ("RSPB POWR", "index", 2, "none"),
        "WDISC": ("we01", "composition", 1, "none"),
        "WRES": ("we02 we03", "composition", 2, "none"),
    },
    "facts": {},
}


@pytest.mark.parametrize("name", NAMES)
def test_scales_have_their_items_kind_minimum_and_score(name: str) -> None:
    found = {key: (list(s.items), s.kind, s.minimum, s.score) for key, s in instrument(name).scales.items()}
    assert found == {key: (ids(items), *rest) for key, (items, *rest) in SCALES[name].items()}


def test_what_counts_as_done_has_a_top() -> None:
    q = instrument("resident")
    counted = {name for scale in q.scales.values() if scale.score == "count" for name in scale.items}
    assert {q.item(name).choices for name in counted} == {"part5", "rcvote", "ocvote", "yn"}
    assert all(q.choices[name].top for name in ("part5", "rcvote", "ocvote", "yn"))


def test_reversed_items() -> None:
    reversed_ = {item.id for name in NAMES for item in instrument(name).items if item.reversed}
    assert reversed_ == {"rb15", "rb18", "rd20"}


def test_rotations_batteries_and_roles() -> None:
    q = instrument("resident")
    assert [list(group) for group in q.rotations] == [ids("re01-re06"), ids("rd01-rd05"), ids("rc01-rc07")]
    assert [list(group) for group in q.batteries] == [ids("rb06-rb08 rb13-rb18"), ids("rd15-rd20")]
    assert {role: q.role(role) for role in q.roles} == {
        "case": "rs01", "compound": "rs02", "community": "rs03",
        "interviewer": "rs04", "consent": "rs05", "escorted": "rs09",
    }  # fmt: skip
    for group in q.batteries:
        assert len({q.item(name).choices for name in group}) == 1


@pytest.mark.parametrize(
    ("item", "bounds"),
    [("ra01", (1950, 2026)), ("rh02", (1915, 2008)), ("rb01", (0, 500)), ("rd14", (1, 20)), ("rh07", (1, 15))],
)
def test_ranges_end_with_the_year_of_the_survey(item: str, bounds: tuple[float, float]) -> None:
    q = instrument("resident")
    assert q.item(item).bounds(q.year) == bounds


# Rules

HOURS = {f"wb0{k}": 5.0 for k in range(2, 10)}  # 40 in all

#: instrument, rule, action, wrong answers, right answers
RULES = [
    ("resident", "instructed", "flag", {"rq01": 3}, {"rq01": 2}),
    ("resident", "debrief", "flag", {"rq02": 3}, {"rq02": 2}),
    ("resident", "belonging", "flag", {"rb13": 5, "rb15": 5}, {"rb13": 5, "rb15": 4}),
    ("resident", "cohesion", "flag", {"rb16": 5, "rb18": 5}, {"rb16": 4, "rb18": 5}),
    ("resident", "moved", "query", {"ra01": 1980, "rh02": 1981}, {"ra01": 1981, "rh02": 1981}),
    ("resident", "household", "query", {"rh07": 3, "rh08": 2, "rh09": 2}, {"rh07": 4, "rh08": 2, "rh09": 2}),
    ("resident", "adults", "query", {"rs06": 0}, {"rs06": 1}),
    ("resident", "funnel", "constraint", {"re07": 4, "re04": 0, "re01": 3}, {"re07": 4, "re04": 1, "re01": 0}),
    ("resident", "owner", "query", {"ra02": 1}, {"ra02": 2}),
    ("resident", "owner", "query", {"ra02": 1, "ra03": -9}, {"ra02": 1, "ra03": 7}),
    ("resident", "candidate", "query", {"ra02": 3, "rc15": 1}, {"ra02": 2, "rc15": 1}),
    ("resident", "candidate", "query", {"ra02": 5, "rc15": 5}, {"ra02": 3, "rc15": -8}),
    ("resident", "improve_none", "constraint", {"rd11_0": 1, "rd11_9": 1}, {"rd11_0": 0, "rd11_9": 1}),
    ("resident", "roles_none", "constraint", {"rc11_0": 1, "rc11_7": 1}, {"rc11_0": 1, "rc11_7": 0}),
    ("resident", "channels_none", "constraint", {"rf05_0": 1, "rf05_4": 1}, {"rf05_1": 1, "rf05_4": 1}),
    ("worker", "instructed", "flag", {"wq01": 2}, {"wq01": 4}),
    ("worker", "hours", "constraint", HOURS | {"wb01": 45}, HOURS | {"wb01": 44}),  # 40 is below 0.9 x 45
    ("worker", "hours", "constraint", HOURS | {"wb01": 36}, HOURS | {"wb01": 37}),  # 40 is above 1.1 x 36
    ("worker", "hours", "constraint", {f"wb0{k}": 0 for k in range(2, 10)} | {"wb01": 1}, HOURS),
    ("worker", "long_week", "query", {"wb01": 84.5}, {"wb01": 84}),
    ("worker", "ten", "constraint", {"we02": 5, "we03": 3, "we04": 3}, {"we02": 5, "we03": 3, "we04": 2}),
    ("facts", "years", "query", {"f04": 1990, "f05": 1989}, {"f04": 1990, "f05": 1990}),
    ("facts", "occupied", "query", {"f07": 100, "f08": 101}, {"f07": 100, "f08": 100}),
    ("facts", "facilities_none", "constraint", {"f22_0": 1, "f22_8": 1}, {"f22_0": 1}),
    ("facts", "funds", "query", {"f30": 5.5, "f31": 6}, {"f30": 6, "f31": 6}),
    ("facts", "orders", "query", {"f32": 10, "f33": 11}, {"f32": 10, "f33": 0}),
    ("facts", "disputes", "query", {"f34": 3, "f35": 4}, {"f34": 3, "f35": 3}),
]


@pytest.mark.parametrize(("name", "rule", "action", "wrong", "right"), RULES)
def test_rules_find_the_wrong_answers_only(
    name: str, rule: str, action: str, wrong: dict[str, float], right: dict[str, float]
) -> None:
    q = instrument(name)
    check = q.checks[rule]
    assert check.action == action
    assert fulfilled(q, check.when, wrong)
    assert not fulfilled(q, check.when, right)
    assert rule in ("owner", "adults") or not fulfilled(q, check.when, {})


def test_every_rule_is_tried() -> None:
    assert {(name, rule) for name in NAMES for rule in instrument(name).checks} == {row[:2] for row in RULES}


def test_every_kind_of_matter_is_in_the_funnel_rule() -> None:
    q = instrument("resident")
    for kind in range(1, 7):
        stages = {f"re0{k}": 0 if k == kind else 3 for k in range(1, 7)}
        assert fulfilled(q, q.checks["funnel"].when, {"re07": kind, **stages})
        assert not fulfilled(q, q.checks["funnel"].when, {"re07": kind % 6 + 1, **stages})


def test_choosing_nothing_together_with_any_other_answer_is_found() -> None:
    for name, rule, item in [("resident", "improve_none", "rd11"), ("resident", "roles_none", "rc11"),
                             ("resident", "channels_none", "rf05"), ("facts", "facilities_none", "f22")]:  # fmt: skip
        q = instrument(name)
        others = [column.id for column in q.expanded(q.item(item)) if column.id != f"{item}_0"]
        assert len(others) == {"rd11": 9, "rc11": 7, "rf05": 4, "f22": 8}[item]
        for other in others:
            assert fulfilled(q, q.checks[rule].when, {f"{item}_0": 1, other: 1})


# Against the tables of the field

#: The tables' words for a type -> ours.
TYPES = {"integer": "integer", "decimal": "number", "calculate": "calculated", "select_multiple": "multiple"}
ADDED = {"resident": set(), "worker": {"wa00c", "wa00p"}, "facts": {"c01"}}


@shared
@pytest.mark.parametrize("name", NAMES)
def test_items_stand_in_the_order_and_wording_of_the_tables(name: str) -> None:
    rows = rows_of(f"{name}.csv")
    items = [item for item in instrument(name).items if item.id not in ADDED[name]]
    assert [item.id for item in items] == [row["id"] for row in rows]
    for item, row in zip(items, rows, strict=True):
        assert item.text == {"en": row["en text"], "zh": row["zh text"]}, item.id
        assert item.reversed == (row["reverse"] == "yes"), item.id
        assert _reads(item.relevance) == _reads(re.sub(r"selected\(\$\{(\w+)\}, '0'\)", r"\1_0", row["relevance"])), (
            item.id
        )
        assert item.concept == row["scale"], item.id


def _reads(relevance: str) -> tuple[set[str], set[str]]:
    """The items and the codes in an expression of either language."""
    words = re.findall(r"\b\w+\b", relevance)
    codes = {word for word in words if word.isdigit()}
    return {word for word in words if re.match(r"[a-z]+\d", word)}, codes - ({"1"} if "_0" in relevance else set())


@shared
@pytest.mark.parametrize("name", NAMES)
def test_items_have_the_type_and_range_of_the_tables(name: str) -> None:
    items = {item.id: item for item in instrument(name).items}
    for row in rows_of(f"{name}.csv"):
        item, kind, allowed = items[row["id"]], row["type"], row["choices"]
        if kind == "text":
            assert item.type == ("text" if item.id == "f37" else "id")
        elif kind == "select_one" and allowed == "s010":
            assert (item.type, item.choices) == ("integer", "s010")
        elif kind == "select_one":
            assert (item.type in ("ordinal", "nominal"), item.choices) == (True, allowed), item.id
        else:
            assert item.type == TYPES[kind], item.id
        if kind == "select_multiple":
            assert [item.choices, *([f"(max {item.most})"] if item.most else [])] == allowed.split(" ", 1)
        if kind in ("integer", "decimal"):
            assert _bounds(item) == allowed.replace("survey year-", "survey year - "), item.id


def _bounds(item: Item) -> str:
    low, high = item.range or ("", "")
    return f"{low}..{high}".replace("year", "survey year")


@shared
@pytest.mark.parametrize("name", NAMES)
def test_choice_lists_are_those_of_the_tables(name: str) -> None:
    lists: dict[str, dict[int, dict[str, str]]] = {}
    for row in rows_of("choices.csv"):
        lists.setdefault(row["list"], {})[int(row["code"])] = {"en": row["en"], "zh": row["zh"]}
    ours = {key: choices.codes for key, choices in instrument(name).choices.items()}
    assert set(ours) == {item.choices for item in instrument(name).items} - {None}
    if "s010" in ours:  # the table names the two ends only
        assert lists["s010"].pop(10)["en"].startswith(ours["s010"][10]["en"])
        ours["s010"] = {0: ours["s010"][0]}
    for key, codes in ours.items():
        assert list(codes.items()) == list(lists[key].items()), key


@shared
def test_every_list_and_every_scale_of_the_tables_is_used() -> None:
    lists = {row["list"] for row in rows_of("choices.csv")}
    assert {key for name in NAMES for key in instrument(name).choices} == lists
    named = {name for row in rows_of("scales.csv") for name in re.findall(r"\b[A-Z]{3,5}\b", row["scale"])}
    assert {key for name in NAMES for key in instrument(name).scales} == named
