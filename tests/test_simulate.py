"""The simulated study: its seed, its files, its answers, its margins, and that its truth is true."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import DefinitionError, FileError, UsageError
from surveyor.plan import Sizes, draw, questionnaires, simulate
from surveyor.plan.seeds import stream
from surveyor.questionnaire import Item, Questionnaire
from surveyor.questionnaire.relevance import asked_of, copied
from tests.conftest import ROOT

DEMO = ROOT / "data" / "demo"
FILES = {"residents": "residents.sav", "workers": "workers.csv", "compounds": "compounds.xlsx",
         "communities": "communities.csv"}  # fmt: skip
SMALL = Sizes(communities=14, dwellings=(40, 60), compounds=(4, 4, 4), drawn=16, complete=10, workers=3, interviewers=4)
FACETS = ("NET", "REC", "TRU", "BEL", "COH")


@pytest.fixture(scope="module")
def demo():
    return sv.Study.load(DEMO)


@pytest.fixture(scope="module")
def asked(demo):
    return questionnaires(demo)


@pytest.fixture(scope="module")
def drawn(demo, asked):
    """The study of data/demo, drawn anew."""
    return draw(asked, demo.definition.seed)


@pytest.fixture(scope="module")
def small(asked):
    return draw(asked, 3, sizes=SMALL)


@pytest.fixture(scope="module")
def even(asked):
    return draw(asked, 3, difference=False, sizes=SMALL)


@pytest.fixture(scope="module")
def kinds(drawn):
    """The kind of housing of each sampled compound: f03."""
    return drawn.compounds.set_index("f01")["f03"]


# --- the seed and the files


def test_the_same_seed_writes_the_same_files_and_another_seed_others(demo, tmp_path):
    told = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        simulate(demo, tmp_path / name, seed=seed, sizes=SMALL, progress=lambda done, total: told.append((done, total)))
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["communities.csv", "compounds.xlsx", "contacts.csv", "residents.sav", "study.yaml", "truth.json",
                     "workers.csv"]  # fmt: skip
    assert told[:7] == [(k, 7) for k in range(1, 8)]
    for name in names:
        a, b, c = ((tmp_path / each / name).read_bytes() for each in "abc")
        assert a == b, name
        assert a != c, name


@pytest.mark.parametrize("name", [*FILES])
def test_the_shipped_files_are_a_new_draw(demo, drawn, name):
    new, read = getattr(drawn, name), getattr(demo, name).frame
    assert len(read) == len(new)
    for column in new.columns:
        ours, theirs = new[column], read[column]
        if pd.api.types.is_numeric_dtype(ours):
            np.testing.assert_allclose(theirs.to_numpy(dtype=float), ours, rtol=1e-9, err_msg=column)
        else:
            assert theirs.astype(str).tolist() == ours.astype(str).tolist(), column


def test_the_shipped_truth_and_contacts_are_those_of_a_new_draw(demo, drawn):
    shipped = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
    assert shipped["study"] == "demo"
    new = json.loads(json.dumps(drawn.truth))
    for key in new:
        left, right = (pd.json_normalize({key: each[key]}).iloc[0] for each in (shipped, new))
        assert list(left.index) == list(right.index)
        for path in left.index:
            both = left[path], right[path]
            if isinstance(both[0], float):
                assert both[0] == pytest.approx(both[1], rel=1e-8, abs=1e-10), path
            else:
                assert both[0] == both[1], path
    contacts = pd.read_csv(DEMO / "contacts.csv", keep_default_na=False)
    assert contacts.astype(str).equals(drawn.contacts.astype(str))


def test_the_shipped_folder_is_small_and_says_that_it_is_simulated(demo):
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 3_000_000
    assert demo.definition.simulated
    assert "simulated" in demo.definition.title["en"]
    assert "模拟" in demo.definition.title["zh"]
    assert "simulated" in demo.definition.setting["en"]
    assert "simulated" in demo.definition.limits["en"][0]
    assert "SIMULATED" in (DEMO / "PROVENANCE.md").read_text(encoding="utf-8")


def test_a_written_study_opens_with_its_types(demo, tmp_path):
    written = sv.Study.load(simulate(demo, tmp_path / "study", seed=9, sizes=SMALL))
    assert written.definition.seed == 9
    assert written.residents.frame["type"].value_counts().to_dict() == {1: 40, 2: 40, 3: 40}
    assert not any("not in the choice list" in each for each in written.residents.log.warnings)
    assert len(written.compounds) == 12
    assert len(written.workers) == 3 * len(written.communities)


def test_the_shipped_study_compares_two_times_twenty_compounds(demo):
    frame = demo.residents.frame
    assert frame["type"].value_counts().to_dict() == {1: 500, 2: 500, 3: 150}
    assert frame.groupby("type")["rs02"].nunique().to_dict() == {1: 20, 2: 20, 3: 6}


# --- what is refused


def test_real_answers_are_not_written_over(demo, tmp_path):
    (tmp_path / "residents.sav").write_bytes(b"real")
    with pytest.raises(FileError, match=r"holds 'residents.sav' and is not that of a simulated study"):
        simulate(demo, tmp_path, sizes=SMALL)
    assert (tmp_path / "residents.sav").read_bytes() == b"real"


@pytest.mark.parametrize("name", ["workers", "compounds", "communities", "contacts"])
def test_a_study_without_one_of_its_files_is_refused(demo, tmp_path, name):
    lacking = replace(demo, definition=replace(demo.definition, **{name: None}))
    with pytest.raises(DefinitionError, match=f"has a file of {name}, and this study names none"):
        simulate(lacking, tmp_path / "out", sizes=SMALL)


def test_files_elsewhere_and_rules_of_residents_are_refused(demo, tmp_path):
    residents = replace(demo.definition.residents, file="../residents.sav")
    with pytest.raises(DefinitionError, match="does not lie in the study's own folder"):
        simulate(replace(demo, definition=replace(demo.definition, residents=residents)), tmp_path / "out")
    rule = replace(demo.definition.type, of="residents")
    with pytest.raises(DefinitionError, match="the type rule reads the residents' answers"):
        simulate(replace(demo, definition=replace(demo.definition, type=rule)), tmp_path / "out")


@pytest.mark.parametrize("sizes", [Sizes(communities=5), Sizes(dwellings=(60, 40)), Sizes(drawn=10, complete=25)])
def test_impossible_sizes_are_refused(asked, sizes):
    with pytest.raises(UsageError, match="these sizes make no population"):
        draw(asked, 1, sizes=sizes)


def test_a_study_that_is_not_marked_becomes_marked(demo, tmp_path):
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    (tmp_path / "plan" / "own").mkdir(parents=True)
    text = (DEMO / "study.yaml").read_text(encoding="utf-8").replace("simulated: true\n", "")
    (tmp_path / "plan" / "own" / "study.yaml").write_text(text, encoding="utf-8")
    own = sv.Study.load(tmp_path / "plan" / "own")
    assert not own.definition.simulated
    written = sv.Study.load(simulate(own, tmp_path / "practice", sizes=SMALL))
    assert written.definition.simulated
    assert written.definition.residents.questionnaire == "../questionnaires/resident.yaml"


# --- the answers


def problems(frame: pd.DataFrame, q: Questionnaire) -> list[str]:
    """Answers that the questionnaire does not allow, or that routing did not ask for."""
    found = []
    for item in q.items:
        rows = asked_of(frame, q, item.id)
        if item.copied is not None:
            by = frame[item.copied.by].to_numpy(dtype=float)
            values = frame[item.id].to_numpy(dtype=float)
            if not np.array_equal(values[by > 0], copied(frame, item)[by > 0]):
                found.append(f"{item.id}: not what it is calculated from")
        for column in q.expanded(item):
            if column.type in ("id", "text", "date"):
                continue
            values = frame[column.id].to_numpy(dtype=float)
            low, high = column.bounds(q.year)
            choices = q.choices_of(column.id)
            answer = np.isin(values, list(choices.codes)) if choices else (values >= low) & (values <= high)
            if not (answer | np.isin(values, [-1, -2, -8, -9])).all():
                found.append(f"{column.id}: no answer of the questionnaire")
            if not np.array_equal(values == -8, ~rows):
                found.append(f"{column.id}: routing")
        chosen = q.choices_named(item.choices)
        if item.type == "multiple":
            ones = frame[[f"{item.id}_{code}" for code in chosen.codes]] == 1
            alone = ones[[f"{item.id}_{code}" for code in chosen.alone]].any(axis=1)
            if (ones.sum(axis=1)[alone] > 1).any() or (ones.sum(axis=1) > (item.most or 99)).any():
                found.append(f"{item.id}: too many answers")
    return found


@pytest.mark.parametrize(
    ("name", "level"),
    [("residents", "resident"), ("workers", "worker"), ("compounds", "compound"), ("communities", "community")],
)
def test_every_answer_is_one_the_questionnaire_allows(drawn, asked, name, level):
    q = getattr(asked, level)
    frame = getattr(drawn, name)
    assert {column.id for column in q.columns} <= set(frame.columns)
    assert problems(frame, q) == []


def test_everybodys_answers_are_valid_too(small, asked):
    assert problems(small.population.assign(rs01="", rs04=""), asked.resident) == []


def test_constraints_of_the_instruments_hold(drawn, asked):
    tables = {"residents": "resident", "workers": "worker", "compounds": "compound", "communities": "community"}
    for table, level in tables.items():
        frame, q = getattr(drawn, table), getattr(asked, level)
        survey = sv.Survey(frame.copy(), questionnaire=q)
        for name, rule in q.checks.items():
            if rule.action != "flag" and name != "owner":  # an owner may have left out where the home is from
                assert not survey.where(rule.when).domain.any(), name


def test_nobody_moved_in_before_the_compound_stood(drawn):
    built = drawn.residents["rs02"].map(drawn.compounds.set_index("f01")["f04"])
    moved = drawn.residents["ra01"]
    assert (moved[moved > 0] >= built[moved > 0]).all()


def test_a_questionnaire_with_other_items_still_simulates(asked):
    own = (
        Item("x1", {"en": "New"}, "ordinal", "agree5"),
        Item("x2", {"en": "New"}, "integer", range=(3, 9), relevance="x1 == 5"),
        Item("x3", {"en": "New"}, "multiple", "digital", most=2),
        Item("x4", {"en": "New"}, "text"),
    )
    kept = asked.resident.form("core")
    changed = replace(asked, resident=replace(kept, items=(*kept.items, *own)))
    new = draw(changed, 3, sizes=SMALL)
    assert problems(new.residents, changed.resident) == []
    assert set(new.residents.loc[new.residents["x1"] == 5, "x2"]) <= {-1, -2, -9, *range(3, 10)}
    assert set(new.truth["primary"]) == {"H15", "H22", "H10"}  # the short form lacks items of the other scales


def test_a_new_item_changes_no_other(asked, small):
    own = Item("x1", {"en": "New"}, "ordinal", "agree5")
    changed = replace(asked, resident=replace(asked.resident, items=(own, *asked.resident.items)))
    new = draw(changed, 3, sizes=SMALL)
    pd.testing.assert_frame_equal(new.residents[small.residents.columns], small.residents)


def test_streams_are_told_apart_by_name_and_seed():
    draws = [stream(seed, name).random() for seed in (1, 2) for name in ("a", "b")]
    assert len(set(draws)) == 4


# --- the sample


def test_places_interviews_and_contacts(drawn, kinds):
    residents = drawn.residents
    assert (residents.groupby("rs02").size() == 25).all()
    assert kinds.isin([1, 2]).sum() == 20
    assert 25 <= residents["rs03"].nunique() <= 32
    old, estate = residents["rs02"].map(kinds).isin([1, 2]), residents["rs02"].map(kinds) == 3
    assert len(set(residents["rs03"][old]) & set(residents["rs03"][estate])) >= 5
    assert (drawn.workers.groupby("wa00c").size() == 5).all()
    assert set(drawn.workers["wa00c"]) == set(residents["rs03"]) == set(drawn.communities["c01"])
    assert residents["rs04"].nunique() == 12
    contacts = drawn.contacts
    assert (contacts.groupby("compound").size() == 40).all()
    assert (contacts[contacts["outcome"] == "I"].groupby("compound").size() == 25).all()
    assert set(contacts["outcome"]) == {"I", "R", "NC", "O", "UH", "UO", "NE"}
    gates = contacts[contacts["closed"] == "gate refused"]["compound"].map(kinds)
    assert (gates == 3).mean() > 0.7


def test_weights_are_unequal_and_add_up_to_everybody(drawn):
    weights = drawn.residents["weight"]
    assert 1.05 < 1 + (weights.std() / weights.mean()) ** 2 < 1.6
    assert weights.sum() == pytest.approx(len(drawn.population), rel=0.06)


def test_fact_sheets_count_the_population(drawn):
    people = drawn.population
    for row in drawn.compounds.head(6).itertuples():
        here = people[people["rs02"] == row.f01]
        first = here[here["rs07"] == 1]
        assert row.f08 == len(first)
        assert row.f09 == first["rs06"].sum() + first["rh09"].sum()
        assert row.f11 == pytest.approx(100 * first["ra02"].isin([3, 4]).mean(), abs=0.06)
    area = people[people["rs03"] == drawn.communities["c01"][0]]
    assert drawn.communities["f26"][0] == area["home"].nunique()


def test_fieldwork_leaves_its_marks(drawn, asked):
    residents = drawn.residents
    hasty = residents["duration"] < residents["duration"].median() / 3
    assert 0.008 < hasty.mean() < 0.05
    battery = residents.loc[hasty, list(asked.resident.batteries[0])]
    assert (battery.where(battery > 0).nunique(axis=1) == 1).mean() > 0.9
    assert (residents.loc[hasty, "rq01"] != 2).mean() > 0.5
    assert (residents.loc[~hasty, "rq01"] == 2).mean() > 0.99
    assert 0.05 < (residents["rs09"] == 1).mean() < 0.16
    missing = residents.isin([-1, -2, -9]).mean()
    assert missing["rh10"] > 3 * missing["rb02"] > 0
    assert missing["rs05"] == missing["rs08"] == missing["rh01"] == 0


def test_listeners_raise_the_ratings_of_the_committee(small):
    seeds = range(20)
    with_noise = pd.concat([small.again(seed, noise=True) for seed in seeds], ignore_index=True)
    true = pd.concat([small.again(seed) for seed in seeds], ignore_index=True)
    heard = with_noise["rs09"] == 1
    rated = ["rg01", "rd20"]
    change = (with_noise[rated] - true[rated]).where(with_noise[rated].isin(range(1, 6)))
    assert change.loc[heard, "rg01"].mean() > 0.15
    assert change.loc[heard, "rd20"].mean() < -0.15  # reversed: a lower answer is the kinder one
    assert change.loc[~heard].mean().abs().max() < 0.06


# --- what is true


def test_margins_are_near_those_of_clds_2014(drawn):
    people = drawn.population
    age = 2026 - people["rh02"]
    assert people["ra02"].isin([1, 2]).mean() == pytest.approx(0.727, abs=0.025)
    assert people["ra02"].isin([3, 4]).mean() == pytest.approx(0.174, abs=0.02)
    assert (people["rh01"] == 2).mean() == pytest.approx(0.528, abs=0.01)
    assert age[age < 65].mean() == pytest.approx(40.9, abs=1.5)  # that survey asks people of working age


def test_old_districts_are_older_and_more_mixed(drawn):
    """H1 and H2, with tenure and hukou."""
    people = drawn.population
    old, estate = people["type"] == 1, people["type"] == 2
    years, age = 2026 - people["ra01"], 2026 - people["rh02"]
    for share in (age >= 60, years < 3, years >= 20, people["ra02"].isin([3, 4]), people["rh04"].isin([3, 4])):
        assert share[old].mean() > share[estate].mean() + 0.03


@pytest.mark.parametrize("icc", [0.0, 0.05, 0.15])
def test_compounds_have_the_set_share_in_common(asked, icc):
    realised = draw(asked, 8, icc=icc, sizes=replace(SMALL, communities=60)).truth["icc"]["realised"]
    # 15 homes a compound add about 1 / people to the share between compounds
    assert np.mean([realised[name] for name in FACETS]) == pytest.approx(icc, abs=0.012 + 0.1 * icc)


def test_true_values_by_another_route(drawn):
    people, truth = drawn.population, drawn.truth
    by = people[people["type"] < 3].groupby("type")
    assert truth["items"]["rb06"]["gap"] == pytest.approx(by["rb06"].mean()[1] - by["rb06"].mean()[2])
    asked_only = people[people["re13"] > 0].groupby("type")["re13"].mean()
    assert truth["items"]["re13"]["first"] == pytest.approx(asked_only[1])
    trust = people[people["rg02"].between(1, 5)].groupby("type")["rg02"].mean()
    assert truth["items"]["rg02"]["second"] == pytest.approx(trust[2])
    known = people[people["rf02"] >= 0].groupby("type")["rf02"].mean()
    assert truth["items"]["rf02"]["shares"]["1"]["first"] == pytest.approx(known[1])
    belonging = (people["rb13"] + people["rb14"] + 6 - people["rb15"]) / 3
    assert truth["scales"]["BEL"]["second"] == pytest.approx(belonging[people["type"] == 2].mean())
    led = (people[["rc01", "rc02", "rc03"]] >= 1).sum(axis=1) + people["rc08"].isin([1, 2])
    assert truth["scales"]["PMOB"]["first"] == pytest.approx(led[people["type"] == 1].mean())


def test_primary_quantities_by_another_route(drawn):
    people, primary = drawn.population, drawn.truth["primary"]
    stages = people.loc[people["type"] == 1, [f"re0{k}" for k in range(1, 7)]].to_numpy()
    discovery = (stages >= 2).sum() / (stages >= 1).sum()
    resolution = (stages == 6).sum() / (stages >= 2).sum()
    assert primary["H15"]["first"]["difference"] == pytest.approx(discovery - resolution)
    reach = people.assign(reached=people["rf01"] >= 1).groupby("rs03")["reached"].mean()
    administrative = 0.45 + 0.06 * drawn._places.communities.set_index("code")["forms"][reach.index]
    slope = np.polyfit(administrative, reach, 1)[0]
    assert primary["H22"]["contact on administrative share"] == pytest.approx(slope)


def test_the_gap_of_long_stayers_by_another_route(drawn):
    people = drawn.population
    network = pd.concat([np.log1p(people["rb01"]), people[["rb02", "rb03", "rb04"]]], axis=1)
    facets = pd.DataFrame({
        "NET": ((network - network.mean()) / network.std(ddof=0)).mean(axis=1),
        "REC": people[["rb06", "rb07", "rb08"]].mean(axis=1),
        "TRU": people[["rb09", "rb10", "rb11"]].mean(axis=1),
        "BEL": people.assign(r=6 - people["rb15"])[["rb13", "rb14", "r"]].mean(axis=1),
        "COH": people.assign(r=6 - people["rb18"])[["rb16", "rb17", "r"]].mean(axis=1),
    })  # fmt: skip
    index = ((facets - facets.mean()) / facets.std(ddof=0)).mean(axis=1)
    old, estate, long = people["type"] == 1, people["type"] == 2, people["ra01"] <= 2006
    gap = {stay: index[old & rows].mean() - index[estate & rows].mean() for stay, rows in ((1, long), (0, ~long))}
    found = drawn.truth["primary"]["H5"]
    assert found["interaction"] == pytest.approx(gap[1] - gap[0])
    assert found["gap_long"] == pytest.approx(gap[1])
    short = old & people["ra02"].isin([3, 4]) & (people["ra01"] > 2023)
    assert found["short_stay_renters"] == pytest.approx(index[short].mean() - index[estate].mean())


def test_directions_are_those_of_the_hypotheses(drawn):
    scales, primary = drawn.truth["scales"], drawn.truth["primary"]
    assert all(0.1 < scales[name]["d"] < 0.6 for name in (*FACETS, "SCI"))
    assert primary["H4"]["rb19"]["d"] < -0.1
    assert primary["H5"]["interaction"] > 0.15
    assert primary["H5"]["short_stay_renters"] < 0.1
    assert primary["H8"]["committee_led"]["d"] > 0.15 > -0.15 > primary["H8"]["property_based"]["d"]
    for group in ("first", "second"):
        assert primary["H15"][group]["difference"] > 0.2
    assert primary["H10"]["efficacy on owners_committee"]["difference"] < 0
    assert primary["H10"]["efficacy on activists"]["difference"] > 0
    assert primary["H22"]["resolution on administrative share"] < 0
    assert set(primary) == {"H4", "H5", "H8", "H10", "H15", "H22"} <= set(drawn.truth["definitions"])


def test_without_differences_no_answer_depends_on_what_a_compound_is_called(asked, even, monkeypatch):
    from surveyor.plan import places

    given = places._groups
    monkeypatch.setattr(places, "_groups", lambda rng, district: (given(rng, district) + 1) % 3)
    other = draw(asked, 3, difference=False, sizes=SMALL)
    assert (other.population["type"] != even.population["type"]).all()
    pd.testing.assert_frame_equal(other.population.drop(columns="type"), even.population.drop(columns="type"))


def test_with_differences_answers_do_depend_on_it(asked, small, monkeypatch):
    from surveyor.plan import places

    given = places._groups
    monkeypatch.setattr(places, "_groups", lambda rng, district: (given(rng, district) + 1) % 3)
    other = draw(asked, 3, sizes=SMALL)
    assert len(other.population) != len(small.population)


def test_without_differences_gaps_are_those_of_chance(asked):
    sizes = replace(SMALL, communities=60)
    gaps = []
    for seed in range(4):
        scales = draw(asked, seed, difference=False, sizes=sizes).truth["scales"]
        gaps.append([scales[name]["d"] for name in (*FACETS, "CEF", "PMOB", "PPROP", "PERF")])
    # about 70 compounds a group with 5 % in common: gaps have a standard error near sqrt(2 * 0.06 / 70)
    assert np.abs(gaps).max() < 0.17
    assert abs(np.mean(gaps)) < 0.05


def test_planted_noninvariance_is_named_and_only_there(asked, small):
    bent = draw(asked, 3, invariant=False, sizes=SMALL)
    assert small.truth["noninvariant_items"] == {}
    assert set(bent.truth["noninvariant_items"]) == {"rb09", "rb11", "rb18"}
    changed = [name for name in small.population.columns if not small.population[name].equals(bent.population[name])]
    assert set(changed) == {"rb09", "rb11", "rb18"}
    old = small.population["type"] != 2
    assert small.population[old].equals(bent.population[old])
    estate = ~old
    assert bent.population.loc[estate, "rb11"].mean() < small.population.loc[estate, "rb11"].mean() - 0.2
