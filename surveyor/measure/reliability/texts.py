"""What is said of reliabilities, in both languages: flags, notes, and why some scales have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from surveyor.questionnaire import Language
from surveyor.questionnaire.parts import Kind
from surveyor.statistics.of_one_factor import Reason

#: What a reliability allows.
Flag = Literal["proceed", "check", "items", "differs", ""]

#: Flag -> what to do, for tables and reports.
FLAGS: Mapping[Flag, Mapping[Language, str]] = {
    "proceed": {"en": "proceed", "zh": "可以使用"},
    "check": {"en": "check with the latent gap", "zh": "用潜在差距核对"},
    "items": {"en": "item by item", "zh": "逐题比较"},
    "differs": {"en": "differs between the groups", "zh": "两组信度不同"},
    "": {"en": "", "zh": ""},
}

#: Statistic -> its heading.
STATISTICS: Mapping[str, Mapping[Language, str]] = {
    "alpha": {"en": "Alpha", "zh": "α系数"},
    "omega": {"en": "Omega", "zh": "ω系数"},
    "mean inter-item correlation": {"en": "Mean inter-item correlation", "zh": "题间平均相关"},
    "item-rest correlation": {"en": "Item-rest correlation", "zh": "校正题总相关"},
    "difference of alpha": {"en": "Difference of alpha", "zh": "α系数之差"},
    "difference of omega": {"en": "Difference of omega", "zh": "ω系数之差"},
}

#: Why omega is empty, or not to be relied on.
TROUBLES: Mapping[Reason, Mapping[Language, str]] = {
    "one answer": {
        "en": "no omega: everybody gave the same answer to {items}",
        "zh": "无ω：所有人对{items}的回答相同",
    },
    "perfect": {
        "en": "no omega: the answers to {items} go together perfectly",
        "zh": "无ω：{items}的回答完全一致",
    },
    "heywood": {
        "en": "no omega: the model leaves {items} no variance of its own (a loading of 1 or more, a Heywood case)",
        "zh": "无ω：模型未给{items}留下自身方差（负荷达到1，即海伍德情形）",
    },
    "not found": {
        "en": "no omega: no one-factor model of {items} could be fitted",
        "zh": "无ω：无法对{items}拟合单因子模型",
    },
    "against": {
        "en": "{items} runs against the other items: is it reversed?",
        "zh": "{items}与其他题目方向相反：是否为反向题？",
    },
}

#: Further notes.
NOTES: Mapping[str, Mapping[Language, str]] = {
    "two": {
        "en": "no omega: a one-factor model of two items is not identified",
        "zh": "无ω：两个题目的单因子模型不可识别",
    },
    "numbers": {
        "en": "omega of the items as numbers, for not all of them are ordinal",
        "zh": "题目不全是有序分类，ω按数值计算",
    },
    "index": {
        "en": "of the scales that make up the index",
        "zh": "按构成指数的各量表计算",
    },
}

#: Kind of scale -> why it has no reliability, and what to ask for instead.
REFUSED: Mapping[Kind, tuple[str, str]] = {
    "formative": (
        "its items do not measure one thing: they are forms that add up, and who does one need not do another",
        'Use its score, survey.score("{name}"), or compare its items',
    ),
    "composition": (
        "its items do not measure one thing: they are parts of a whole, so that more of one leaves less for the others",
        "Compare the shares of its parts: {items}",
    ),
    "process": (
        "its items do not measure one thing: they are steps of a process or separate matters",
        "Compare its steps: {items}",
    ),
    "single": (
        "no two of its items are meant to measure one thing",
        "Compare each item by itself: {items}",
    ),
}
