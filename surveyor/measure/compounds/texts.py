"""What is said of compounds, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from surveyor.questionnaire import Language

#: Beside single numbers; {} are filled where they are said.
TEXTS: Mapping[str, Mapping[Language, str]] = {
    "few": {
        "en": "compounds of a type with answers: {n}; no ICC with fewer than 3",
        "zh": "同类小区中有回答的为{n}个；不足3个，不计算组内相关系数",
    },
    "single": {
        "en": "one answer in each compound: residents of one compound cannot be told from compounds",
        "zh": "每个小区只有一份回答：无法区分小区之间与居民之间的差别",
    },
    "constant": {"en": "all answers are the same", "zh": "所有回答相同"},
    "alike": {
        "en": "the residents of each compound all answer alike: no variance within compounds",
        "zh": "每个小区的居民回答完全相同：小区内没有差异",
    },
    "bound": {
        "en": "tau2 = 0: means of compounds differ no more than chance among their residents makes them",
        "zh": "tau2 = 0：小区均值的差别不超过居民间随机差异所致",
    },
    "closer": {
        "en": "means of compounds lie closer together than chance lets them: an interval from 0 to 0 says nothing",
        "zh": "小区均值比随机情形下应有的更接近：0至0的区间没有信息",
    },
    "rare": {
        "en": "a share this near 0 or 1: the interval of the ICC may be too narrow",
        "zh": "比例接近0或1：组内相关系数的区间可能偏窄",
    },
    "low lambda": {
        "en": "lambda {shown} is under .50: too few interviews to tell compounds apart",
        "zh": "信度{shown}低于.50：访问份数太少，无法区分各小区",
    },
    "no ranks": {
        "en": "lambda {shown} is under .70: no ranking of compounds",
        "zh": "信度{shown}低于.70：不得对小区排名",
    },
    "yes": {"en": "share of \N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}", "zh": "“{}”的比例"},
    "all": {"en": "all", "zh": "合计"},
    "within": {"en": "within types", "zh": "同类小区之间"},
    "unweighted": {
        "en": "Variances, ICC and shrunken means are unweighted: weights of a survey are no weights of a mixed model. "
        "The weighted means stand beside them.",
        "zh": "方差、组内相关系数和收缩均值未加权：抽样权数不能用作混合模型的权数。加权均值列在旁边。",
    },
    "interval": {
        "en": "The interval of the ICC inverts an F test; exact for normal answers, and checked by simulation for "
        "5-point and yes/no answers.",
        "zh": "组内相关系数的区间由 F 检验反推；对正态分布为精确区间，对五级和是否题已用模拟检验。",
    },
    "neither": {
        "en": "Compounds of neither type are left out.",
        "zh": "不属于两类的小区不计入。",
    },
}


def say(key: str, lang: Language, **filled: str) -> str:
    """One of the texts with its places filled."""
    return TEXTS[key][lang].format(**filled)
