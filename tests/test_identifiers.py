"""Direct identifiers: what must be found, what must not be taken for one, and that no value is ever told."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv
from surveyor.errors import UsageError
from surveyor.questionnaire import Item, Questionnaire
from surveyor.questionnaire.yaml import load
from surveyor.reading.answers import Answers, Log
from surveyor.reading.identifiers import Identifier, find_identifiers, without_identifiers
from tests.conftest import ROOT

N = 2_000
COLUMN = 40  # values a made column holds

# Makers of invented values. They share no table with the package.

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红建国文辉丹玲志海燕春梅雪琴云峰旭宇浩晨佳欣怡雨梓涵子轩思远天佑博"
    "文俊熙若曦诗琪嘉豪国栋永康振宁淑珍凤美德胜立新长青"
)
ROADS = ["中山", "解放", "人民", "建设", "幸福", "和平", "文化", "长江", "黄河", "新华"]
CITIES = [
    ("浙江省", "杭州市", "西湖区"),
    ("江苏省", "南京市", "鼓楼区"),
    ("北京市", "", "海淀区"),
    ("四川省", "成都市", "武侯区"),
]


def card(rng) -> str:
    province = rng.choice(["11", "31", "32", "33", "44", "51", "61"])
    day = pd.Timestamp("1930-01-01") + pd.Timedelta(days=int(rng.integers(0, 29_000)))
    body = f"{province}{rng.integers(100, 9999):04d}{day:%Y%m%d}{rng.integers(0, 1000):03d}"
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(body))
    return body + "10X98765432"[total % 11]


def mobile(rng) -> str:
    number = (
        f"{rng.choice(['138', '139', '150', '158', '186', '177', '199', '166', '133'])}{rng.integers(0, 10**8):08d}"
    )
    style = rng.integers(0, 4)
    return [
        number,
        f"+86{number}",
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"86-{number[:3]}-{number[3:7]}-{number[7:]}",
    ][style]


def email(rng) -> str:
    name = (
        "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz0123456789._"), int(rng.integers(3, 12)))).strip("._") or "a"
    )
    return f"{name}@{rng.choice(['163.com', 'qq.com', 'gmail.com', 'pku.edu.cn', 'sina.com.cn'])}"


def gps(rng) -> str:
    lat, lon = rng.uniform(18, 53), rng.uniform(75, 134)
    return [f"{lat:.5f},{lon:.5f}", f"{lat:.6f} {lon:.6f} 12.4 5.0", f"{lon:.4f}, {lat:.4f}"][rng.integers(0, 3)]


def name(rng) -> str:
    first = rng.choice(["欧阳", "司马", "上官"]) if rng.random() < 0.03 else rng.choice(list(SURNAMES))
    return first + "".join(rng.choice(list(GIVEN), int(rng.integers(1, 3))))


def address(rng) -> str:
    parts = CITIES[rng.integers(0, len(CITIES))] if rng.random() < 0.5 else ("", "", "")
    house = f"{rng.choice(ROADS)}路{rng.integers(1, 300)}号"
    inner = [
        "",
        f"{rng.integers(1, 30)}栋",
        f"{rng.integers(1, 30)}幢{rng.integers(1, 4)}单元{rng.integers(101, 2500)}室",
    ]
    return "".join(parts) + house + inner[rng.integers(0, 3)]


def landline(rng) -> str:
    return f"{rng.choice(['010', '021', '0571', '0755', '028'])}-{rng.integers(2, 9)}{rng.integers(0, 10**7):07d}"


def bank(rng) -> str:
    body = "62" + "".join(str(d) for d in rng.integers(0, 10, 16))
    doubled = [int(d) if i % 2 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(body), 0)]
    return body + str(-sum(doubled) % 10)


def ip(rng) -> str:
    return ".".join(str(part) for part in rng.integers(1, 255, 4)) + rng.choice(["", "(浙江-杭州)", "(北京-北京)"])


def wechat(rng) -> str:
    return "wxid_" + "".join(rng.choice(list("abcdefghij0123456789"), 14))


def passport(rng) -> str:
    return f"{rng.choice(list('EG'))}{rng.integers(10**7, 10**8)}"


def plate(rng) -> str:
    last = "".join(rng.choice(list("0123456789ABCDEFGH"), 5))
    return f"{rng.choice(list('京沪浙苏粤川'))}{rng.choice(list('ABCDE'))}{last}"


def mac(rng) -> str:
    return ":".join(f"{part:02X}" for part in rng.integers(0, 256, 6))


def uuid(rng) -> str:
    text = "".join(rng.choice(list("0123456789abcdef"), 32))
    return f"uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def photo(rng) -> str:
    return f"{rng.integers(10**12, 10**13)}.jpg"


def imei(rng) -> str:
    body = "35" + "".join(str(d) for d in rng.integers(0, 10, 12))
    doubled = [int(d) if i % 2 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(body), 0)]
    return body + str(-sum(doubled) % 10)


def card15(rng) -> str:
    day = pd.Timestamp("1930-01-01") + pd.Timedelta(days=int(rng.integers(0, 20_000)))
    return f"3301{rng.integers(10, 99)}{day:%y%m%d}{rng.integers(0, 1000):03d}"


def series(make, seed: int, n: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    return pd.Series([make(rng) for _ in range(n)], dtype="str")


def kinds(frame: pd.DataFrame, labels=None, declared=None) -> dict[str, str]:
    return {found.column: found.kind for found in find_identifiers(frame, labels or {}, declared or {})}


def flagged(column, name="v1") -> str | None:
    return kinds(pd.DataFrame({name: column})).get(name)


# Recall

EVERY = [
    (card, "card18", 0.99),
    (mobile, "mobile", 0.99),
    (email, "email", 0.99),
    (gps, "gps", 0.99),
    (name, "name", 0.9),
    (address, "address", 0.9),
    (landline, "landline", 0.9),
    (bank, "bank", 0.9),
    (ip, "ip", 0.99),
    (wechat, "wechat", 0.9),
    (passport, "passport", 0.9),
    (plate, "plate", 0.9),
    (mac, "mac", 0.99),
    (uuid, "device", 0.99),
    (photo, "media", 0.99),
    (imei, "imei", 0.9),
    (card15, "card15", 0.9),
]


@pytest.mark.parametrize(("make", "kind", "least"), EVERY, ids=[kind for _, kind, _ in EVERY])
def test_columns_of_identifiers_are_found_whatever_they_are_called(make, kind, least) -> None:
    values = series(make, seed=11, n=N)
    columns = [values[i : i + COLUMN].reset_index(drop=True) for i in range(0, N, COLUMN)]
    assert np.mean([flagged(column) == kind for column in columns]) >= least


#: Kinds of which one value in a column is enough: each value is tried alone.
ALONE = [(card, "card18"), (email, "email"), (ip, "ip"), (mac, "mac"), (uuid, "device"), (wechat, "wechat")]


@pytest.mark.parametrize(("make", "kind"), ALONE, ids=[kind for _, kind in ALONE])
def test_one_value_among_others_is_enough(make, kind) -> None:
    values = series(make, seed=12, n=N // 4)
    others = ["没有意见", "停车太难", "路灯不亮", "希望增加绿化"]
    assert np.mean([flagged(pd.Series([*others, value])) in (kind, "free text") for value in values]) >= 0.99


@pytest.mark.parametrize("make", [card, mobile], ids=["card", "mobile"])
def test_free_text_with_a_number_in_it(make) -> None:
    values = series(make, seed=13, n=N // 4)
    others = ["物业不管事", "没有", "电梯经常坏", "邻居很好，常常帮忙"]
    frames = [pd.DataFrame({"v": [*others, f"请打我的电话{value}，谢谢"]}) for value in values]
    assert np.mean(["v" in kinds(frame) for frame in frames]) >= 0.99


def test_full_width_spaces_hyphens_and_invisible_characters() -> None:
    assert flagged(["１３８１２３４５６７８", "138-1234-5679"]) == "mobile"
    assert flagged(["110105 19491231 002X", "1101051949123100\u200b2x"]) == "card18"
    assert flagged(["1101 0519 4912 3100 2X"]) == "card18"


def test_numbers_that_came_as_numbers() -> None:
    assert flagged(np.array([13812345678, 13912345678, 15012345678])) == "mobile"
    assert flagged(np.array([13812345678.0, np.nan, 15012345678.0])) == "mobile"
    rng = np.random.default_rng(3)
    cards = [value for value in (card(rng) for _ in range(60)) if not value.endswith("X")]
    assert flagged(np.array(cards, dtype=np.int64)) == "card18"
    assert flagged(np.array(cards, dtype=float)) == "card18"  # Excel keeps 15 digits


def test_two_columns_of_numbers_are_a_place() -> None:
    rng = np.random.default_rng(4)
    lat, lon = rng.uniform(20, 50, 200), rng.uniform(80, 130, 200)
    assert kinds(pd.DataFrame({"x": lat, "y": lon, "z": rng.integers(1, 6, 200)})) == {"x": "gps", "y": "gps"}
    text = pd.DataFrame({"x": lat, "y": lon}).map("{:.5f}".format)
    assert kinds(text) == {"x": "gps", "y": "gps"}
    assert kinds(pd.DataFrame({"_gps_latitude": [51.50740, 51.50810], "k": [1, 2]})) == {"_gps_latitude": "gps"}
    assert kinds(pd.DataFrame({"x": lat, "k": [1.0] * 200, "y": lon})) == {}


@pytest.mark.parametrize(
    ("column", "label", "values", "kind"),
    [
        ("a1", "受访者姓名", ["买买提·艾力", "卓玛", "John Smith"], "name"),
        ("1、您的姓名是：[填空题]", "", ["甲乙丙", "丁戊"], "name"),
        ("name", "", ["Anna", "Bert"], "name"),
        ("a1", "家庭住址", ["前面那家", "红砖房"], "address"),
        ("微信号", "", ["lovely-cat88", "zhang_san01"], "wechat"),
        ("QQ", "", [123456, 98765432], "qq"),
        ("来自IP", "", ["1.2.3.4(浙江-杭州)"], "ip"),
        ("deviceid", "", ["collect:abc", "collect:def"], "device"),
        ("meta/instanceID", "", ["a", "b"], "device"),
        ("_id", "", [101, 102], "device"),
        ("联系电话", "", ["8812345", "6653210"], "mobile"),
    ],
)
def test_the_name_of_a_column_tells(column, label, values, kind) -> None:
    assert kinds(pd.DataFrame({column: values}), {column: label}) == {column: kind}


def test_times_and_dates_of_birth_are_reported_and_stay() -> None:
    frame = pd.DataFrame(
        {
            "start": ["2024-05-01T10:00:12.000+08:00", "2024-05-01T11:00:12.000+08:00"],
            "birth_date": ["1980-02-03", "1975-12-31"],
            "出生日期": pd.to_datetime(["1980-02-03", "1975-12-31"]),
            "end": [1, 2],
            "birth_year": [1980, 1975],
        }
    )
    assert kinds(frame) == {"start": "time", "birth_date": "birth", "出生日期": "birth"}
    got = without_identifiers(answers(frame), (), None)
    assert list(got.frame) == list(frame)
    assert len(got.log.warnings) == 3
    assert got.log.entries == ()


# Look-alikes


WISHES = "增加停车位 改善绿化 安装路灯 清理楼道 管理车辆 安全保卫 卫生打扫 方便老人 施工噪音 加装电梯 文体活动 关心老人"


def digits(rng, n: int, length: int) -> list[str]:
    return ["".join(str(d) for d in rng.integers(0, 10, length)) for _ in range(n)]


def alike() -> dict[str, object]:
    rng = np.random.default_rng(2024)
    days = [f"{m:02d}{d:02d}" for m, d in zip(rng.integers(1, 13, N), rng.integers(1, 29, N), strict=True)]
    orders = [f"2024{day}{last}" for day, last in zip(days, digits(rng, N, 10), strict=True)]
    districts = "朝阳区 海淀区 江宁区 黄浦区 高新区 金水区 武侯区 余杭区 龙岗区 白云区 和平区 安宁区".split()
    wishes = WISHES.split()
    agree = ["非常同意", "比较同意", "说不上同意不同意", "比较不同意", "非常不同意"]
    return {
        "order18": orders,
        "eighteen": digits(rng, N, 18),
        "eighteen_int": rng.integers(10**17, 9 * 10**17, N),
        "sixteen": digits(rng, N, 16),
        "eleven": digits(rng, N, 11),
        "eleven_int": rng.integers(2 * 10**10, 9 * 10**10, N),
        "serial11": [f"10{i:09d}" for i in range(N)],
        "price": rng.integers(300_000, 20_000_000, N),
        "price_text": [str(p) for p in rng.integers(300_000, 20_000_000, N)],
        "year": rng.integers(1950, 2024, N),
        "day": [f"2023{day}" for day in days],
        "code4": [f"{c:04d}" for c in rng.integers(0, 10_000, N)],
        "compound": [f"330106{c:03d}" for c in rng.integers(0, 1000, N)],
        "case": [f"S{i:08d}" for i in range(N)],
        "agree": rng.choice(agree, N),
        "district": rng.choice(districts, N),
        "wish": rng.choice(wishes, N),
        "rooms": [f"{a}室{b}厅{c}卫" for a, b, c in rng.integers(1, 5, (N, 3))],
        "floors": rng.choice(["6层以下楼房", "7-18层小区高楼", "19层以上", "2层以下的平房"], N),
        "weight": rng.uniform(0.3, 4.0, N),
        "income": rng.uniform(1, 50, N),
        "version": rng.choice(["v2.1", "v2.2"], N),
    }


@pytest.mark.parametrize("column", alike())
def test_look_alikes_are_left_alone(column) -> None:
    assert flagged(alike()[column], column) is None


@pytest.mark.parametrize(
    "words",
    [
        WISHES,
        "朝阳区 海淀区 江宁区 黄浦区 高新区 金水区 武侯区 余杭区 龙岗区 白云区 和平区 安宁区",
        "和平社区 金桥小区 安居苑 高家庄 王家村 李家湾 白云路 文化街 万科城市花园 康乐里 祥和家园 阳光花园",
        "满意 非常满意 比较满意 一般 不满意 很不满意 说不清 还可以 很好 很差 不知道 没意见",
        "停车 绿化 卫生 安全 路灯 物业 噪音 电梯 管道 健身 快递 宠物",
    ],
    ids=["wishes", "districts", "compounds", "satisfaction", "matters"],
)
def test_short_different_texts_are_no_names(words) -> None:
    assert flagged(words.split()) is None


def test_names_that_repeat_are_answers() -> None:
    """Who is trusted most: a handful of names, chosen again and again, tell nothing of who answered."""
    eight = series(name, 21, 8)
    assert flagged(pd.concat([eight] * 20, ignore_index=True)) is None
    assert flagged(eight) == "name"


def test_codes_of_the_questionnaire_are_only_looked_at_for_long_numbers() -> None:
    frame = pd.DataFrame({"a": series(name, 5, 50), "b": series(mobile, 5, 50), "c": series(email, 5, 50)})
    assert kinds(frame, declared={"a": "nominal", "b": "nominal", "c": "ordinal"}) == {"b": "mobile"}
    assert kinds(frame) == {"a": "name", "b": "mobile", "c": "email"}


def test_declared_ids_may_look_like_codes_and_not_like_persons() -> None:
    frame = pd.DataFrame({"case": series(uuid, 6, 50), "who": series(mobile, 6, 50), "nr": series(passport, 6, 50)})
    assert kinds(frame, declared={"case": "id", "who": "id", "nr": "id"}) == {"who": "mobile"}


# Precision


def clean(seed: int) -> pd.DataFrame:
    """Answers to an invented questionnaire without personal questions: codes, labels, measurements, short texts."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 400))
    lists = [
        ["非常同意", "比较同意", "一般", "不太同意", "非常不同意"],
        ["老城区", "商品房小区", "单位社区", "其他"],
        ["每天", "每周几次", "每月几次", "一年几次", "从不"],
        ["小学及以下", "初中", "高中或中专", "大专", "本科及以上"],
        ["strongly agree", "agree", "neither", "disagree", "strongly disagree"],
        ["自有产权", "公房租住", "市场租房", "单位宿舍"],
        ["停车", "绿化", "卫生", "安全", "路灯", "物业费", "噪音"],
    ]
    frame = {"id": np.arange(1, n + 1), "case": [f"C{i:05d}" for i in range(n)], "compound": rng.integers(101, 141, n)}
    for i in range(12):
        frame[f"q{i}"] = rng.integers(1, 6, n).astype(float)
    for i, words in enumerate(lists):
        frame[f"t{i}"] = rng.choice(words, n)
    frame |= {
        "age": rng.integers(18, 95, n),
        "year": rng.integers(1940, 2010, n),
        "income": rng.lognormal(8, 1, n),
        "area": rng.uniform(20, 200, n),
        "weight": rng.lognormal(0, 0.3, n),
        "months": rng.integers(0, 400, n),
        "date": [f"2024-{m:02d}-{d:02d}" for m, d in zip(rng.integers(1, 13, n), rng.integers(1, 29, n), strict=True)],
        "minutes": [f"{m}分{s}秒" for m, s in rng.integers(1, 60, (n, 2))],
        "wish": rng.choice(["多种树", "少停车", "修电梯", "加路灯", "管好狗", "没有", "都很好", "3号楼旁的灯坏了"], n),
    }
    return pd.DataFrame(frame)


def test_precision_on_fifty_clean_questionnaires_with_a_tenth_of_identifiers() -> None:
    right = wrong = 0
    for seed in range(50):
        frame = clean(seed)
        planted = {
            "p1": series(name, seed, len(frame)),
            "p2": series(mobile, seed, len(frame)),
            "p3": series(address, seed, len(frame)),
        }
        found = set(kinds(frame.assign(**planted)))
        right += len(found & set(planted))
        wrong += len(found - set(planted))
    assert right >= 0.95 * 150
    assert right / (right + wrong) >= 0.95
    assert wrong <= 0.001 * 50 * clean(0).shape[1] + 1


@pytest.mark.parametrize("path", sorted((ROOT / "questionnaires").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_columns_of_our_questionnaires_are_left_alone(path: Path) -> None:
    asked = load(path, Questionnaire)
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({column.id: rng.integers(1, 6, 50).astype(float) for column in asked.columns})
    for lang in ("en", "zh"):
        labels = {column.id: column.label.get(lang, "") for column in asked.columns}
        assert kinds(frame, labels) == {}
        answered = {}
        for column in asked.columns:
            listed = asked.choices_of(column.id)
            words = [label.get(lang, "x") for label in listed.codes.values()] if listed else ["1", "2"]
            answered[column.id] = rng.choice(words, 50)
        assert kinds(pd.DataFrame(answered, dtype="str"), labels) == {}


def test_copenhagen_keeps_all_its_columns(copenhagen: sv.Study) -> None:
    survey = copenhagen.residents
    assert kinds(survey.frame) == {}


# Leaving out


def answers(frame: pd.DataFrame, **more) -> Answers:
    log = Log("made.csv", "", "text", "utf-8", len(frame), frame.shape[1], "test")
    return Answers(frame.reset_index(drop=True), log, **more)


def everything() -> pd.DataFrame:
    return pd.DataFrame({f"c{i}": series(make, 7, 30) for i, (make, _, _) in enumerate(EVERY)}).assign(q1=1.0)


def test_flagged_columns_are_left_out_with_all_that_is_said_of_them() -> None:
    frame = pd.DataFrame({"tel": series(mobile, 8, 30), "q1": 1.0})
    got = without_identifiers(
        answers(
            frame,
            labels={"tel": "phone", "q1": "one"},
            values={"q1": {1.0: "yes"}, "tel": {}},
            missing={"tel": frozenset({9.0})},
            ordered=frozenset({"tel", "q1"}),
            sets={"both": ("tel", "q1"), "alone": ("tel",)},
            weight="tel",
        ),
        (),
        None,
    )
    assert list(got.frame) == ["q1"]
    assert got.labels == {"q1": "one"}
    assert got.values == {"q1": {1.0: "yes"}}
    assert got.missing == {}
    assert got.ordered == {"q1"}
    assert got.sets == {"both": ("q1",)}
    assert got.weight is None
    assert got.log.entries == (
        "column 'tel' looks like mobile phone numbers and was left out; name it in keep=['tel'] to have it",
    )


def test_keep_brings_a_column_back_and_says_so() -> None:
    frame = pd.DataFrame({"tel": series(mobile, 8, 30), "q1": 1.0})
    got = without_identifiers(answers(frame), ["tel"], None)
    assert list(got.frame) == ["tel", "q1"]
    assert "keep=" in got.log.entries[0]
    with pytest.raises(UsageError, match="Did you mean 'tel'"):
        without_identifiers(answers(frame), ["tell"], None)


def test_personal_items_are_always_left_out() -> None:
    asked = Questionnaire(
        name="made",
        items=(
            Item(id="nick", label={"en": "What friends call you"}, type="text", personal=True),
            Item(id="q1", label={"en": "One"}, type="number"),
        ),
    )
    frame = pd.DataFrame({"nick": ["a", "b"], "q1": [1.0, 2.0]})
    got = without_identifiers(answers(frame), (), asked)
    assert list(got.frame) == ["q1"]
    assert "marked personal" in got.log.entries[0]
    assert list(without_identifiers(answers(frame), ["nick"], asked).frame) == ["nick", "q1"]


def test_no_value_is_told_anywhere() -> None:
    frame = everything().assign(start=[f"2024-05-01T10:{i:02d}:00" for i in range(30)])
    found = find_identifiers(frame, {}, {})
    got = without_identifiers(answers(frame), (), None)
    assert list(got.frame) == ["q1", "start"]
    told = " ".join([*got.log.entries, *got.log.warnings, *map(repr, found)])
    for column in frame.columns.drop("q1"):
        for value in frame[column]:
            assert value not in told
            assert value[:6] not in told or len(value) <= 3


def test_reading_a_file_leaves_identifiers_out(tmp_path) -> None:
    path = tmp_path / "made.csv"
    values = series(mobile, 9, 30)
    pd.DataFrame({"tel": values, "q1": 1}).to_csv(path, index=False)
    survey = sv.read(path)
    assert list(survey.frame) == ["q1"]
    assert any("mobile phone numbers" in entry for entry in survey.log.entries)
    assert "tel" in sv.read(path, keep=["tel"]).frame


def test_identifiers_are_small_things() -> None:
    found = Identifier("x", "birth", "because")
    assert found.quasi
    assert found.looks == "full dates of birth"
    assert not Identifier("x", "mobile", "because").quasi


@pytest.mark.parametrize("dtype", [float, np.int64, "Int64", "category"])
def test_every_kind_of_column_can_be_looked_at(dtype) -> None:
    assert kinds(pd.DataFrame({"x": pd.Series([1, 2, 3]).astype(dtype)})) == {}
    assert kinds(pd.DataFrame({"x": pd.Series([13812345678, 13912345678]).astype(dtype)})) == {"x": "mobile"}


@pytest.mark.parametrize("cell", ["1" * 10**6, "%" * 10**6, "a." * 10**5, "路1" * 10**5, "@a." * 10**5, "张" * 10**6])
def test_long_cells_do_not_stop_the_search(cell) -> None:
    begin = time.perf_counter()
    flagged(pd.Series([cell, "b"], dtype="str"))
    assert time.perf_counter() - begin < 3


def test_a_declared_date_of_birth_is_reported() -> None:
    frame = pd.DataFrame({"b": ["1980-02-03", "1975-12-31"]})
    assert kinds(frame, {"b": "date of birth"}, {"b": "date"}) == {"b": "birth"}
    assert kinds(frame, {"b": "date of the visit"}, {"b": "date"}) == {}


def test_odd_columns_do_not_stop_the_search() -> None:
    frame = pd.DataFrame(
        {
            "empty": pd.Series([None, None], dtype="str"),
            "nan": [np.nan, np.nan],
            "flags": [True, False],
            "mixed": [1, "a"],
            "dates": pd.to_datetime(["2024-01-01", "2024-01-02"]),
            "infinite": [np.inf, 1.0],
            "complex": [1j, 2j],
        }
    )
    assert kinds(frame) == {}
    assert kinds(pd.DataFrame(index=range(3))) == {}
    assert kinds(frame.iloc[:0]) == {}


def test_two_hundred_thousand_rows_of_codes_take_no_time() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 6, (200_000, 150)).astype(float), columns=[f"q{i}" for i in range(150)])
    best = np.inf
    for _ in range(3):
        begin = time.perf_counter()
        assert find_identifiers(frame, {}, {}) == []
        best = min(best, time.perf_counter() - begin)
    assert best < 0.3


def test_weights_with_many_decimals_are_no_telephone_numbers() -> None:
    rng = np.random.default_rng(3)
    weights = [repr(float(value)) for value in rng.normal(1, 0.3, 20_000)] + ["0.13812345678", "1.513912345678"]
    frame = pd.DataFrame({"w": pd.Series(weights, dtype="str")})
    assert find_identifiers(frame, {}, {}) == []
    assert find_identifiers(frame, {}, {"w": "number"}) == []
