"""Labels of the national surveys: what kind of community a name means, and which labels stand for no answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

#: The column that is added, and its answers.
TYPE = "community_type"
OLD, ESTATE, OTHER = 1, 2, 3
GROUPS = {OLD: "old district", ESTATE: "commercial-housing estate", OTHER: "other"}

#: Commercial and affordable housing under one name.
INSEPARABLE = r"商品房.*经济适用|commercial.*(affordable|economical)"
#: What stands in the name of a kind of community -> its group; the first that fits holds.
KINDS: tuple[tuple[str, int], ...] = (
    (r"农村|村改居|城中村|village|rural", OTHER),
    (r"老城区|旧城|街坊|棚户|单位社区|\bold\b|shanty|work unit|danwei", OLD),
    (r"移民|集镇|migrant|township", OTHER),
    (INSEPARABLE, ESTATE),
    (r"经济适用|保障|限价|两限|廉租|公租|affordable|economical|security|(price|size) limited|(price|size) or", OTHER),
    (r"商品房|别墅|高级住宅|高档|commercial|commodity|villa|high (grade|end)", ESTATE),
    (r"^(其他|其它|others?\b)", OTHER),
)

#: What a label says of a missing answer -> our missing code (see MISSING).
REASONS: Mapping[str, int] = {
    word: code
    for code, words in {
        -1: "不知道|不清楚|说不清|记不清|记不得了|不好说|说不好|无法选择|don't know",
        -2: "拒绝回答|拒答|据答|拒绝|refused",
        -7: "未调查|电话调查未调查|入户面访未调查|未问|not asked",
        -8: "不适用|不适合|跳过|not applicable",
        -9: "不回答|未回答|无回答|无填答|漏答|缺失|无法回答|no answer|not answer|missing",
        -10: "无法判断|cannot be judged",
    }.items()
    for word in words.split("|")
}


def group_of(label: str) -> int | None:
    """The group of a kind of community by its name, in Chinese or English; None where the name is not known.

    >>> group_of("普通商品房小区"), group_of("2. Work-unit community"), group_of("屯")
    (2, 1, None)
    """
    name = plain(label)
    return next((group for words, group in KINDS if re.search(words, name)), None)


def reason_of(label: str) -> int | None:
    """The missing code that a label of a code means, None where it is the label of an answer.

    >>> reason_of("拒绝回答缺失值"), reason_of("[不知道]  "), reason_of("非常同意")
    (-2, -1, None)
    """
    text = unicodedata.normalize("NFKC", label).casefold().replace("’", "'")
    first = re.split(r"[/、,(]", text.strip(" []"))[0].strip(" []")
    return REASONS.get(first if first in REASONS else first.removesuffix("缺失值").removesuffix("值"))


def plain(label: str) -> str:
    """A label without punctuation and letter case, and without spaces between Chinese characters."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", label).casefold())
    return re.sub(r"(?<![a-z0-9]) | (?![a-z0-9])", "", re.sub(r"^\s*\d+\s*(?=\D)", "", words))
