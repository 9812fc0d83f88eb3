"""What a DDI file says of items in words, in both languages."""

from __future__ import annotations

from surveyor.questionnaire.item import Item, Level
from surveyor.questionnaire.texts import Language

Both = dict[Language, str]

LEVELS: dict[Level, Both] = {
    "resident": {"en": "resident", "zh": "居民"},
    "worker": {"en": "community worker", "zh": "社区工作人员"},
    "compound": {"en": "compound", "zh": "小区"},
    "community": {"en": "community", "zh": "社区"},
}
INSTRUMENT: Both = {"en": "structured questionnaire", "zh": "结构式问卷"}
PERSONAL: Both = {"en": "Points at a person; left out of data files.", "zh": "可指向个人，数据文件中不保留。"}
REVERSED: Both = {
    "en": "A high code means less of the concept: turn the codes round before the item enters a scale.",
    "zh": "编码越高表示该概念的程度越低：计入量表前须反向编码。",
}
MOST: Both = {"en": "Choose at most {}.", "zh": "最多选{}项。"}
SEVERAL: Both = {"en": "Choose all that apply.", "zh": "可多选。"}
ALONE: Both = {"en": "This answer goes with no other: {}.", "zh": "该选项不与其他选项同选：{}。"}
APART: Both = {"en": "An answer, but no point of the scale: {}.", "zh": "属于回答，但不是量表上的一点：{}。"}
TOP: Both = {"en": "Summary: the share of '{}' (codes {}).", "zh": "汇总指标：“{}”的比例（编码{}）。"}
ROTATED: Both = {"en": "The order changes from one respondent to the next: {}.", "zh": "提问顺序因受访者而异：{}。"}
UNKNOWN: Both = {"en": "Not in the list of answers: code {}, {} rows.", "zh": "不在选项表内：编码{}，{}行。"}
COPIED: Both = {"en": "The answer to the item that {} points at: {}.", "zh": "取自{}所指题目的回答：{}。"}
SCALE: Both = {
    "en": "{} of at least {} answered items; meant as {}.",
    "zh": "至少回答{1}题，{0}；{2}。",
}
SCORES: dict[str, Both] = {
    "mean": {"en": "Mean", "zh": "取均值"},
    "standardised": {"en": "Mean of standardised items", "zh": "各题标准化后取均值"},
    "count": {"en": "Count", "zh": "计数"},
    "none": {"en": "No score", "zh": "不计分"},
}
KINDS: dict[str, Both] = {
    "reflective": {"en": "signs of one thing (reflective)", "zh": "反映型量表"},
    "formative": {"en": "parts that add up (formative)", "zh": "形成型指标"},
    "index": {"en": "an index of scales", "zh": "由量表构成的指数"},
    "composition": {"en": "parts of a whole", "zh": "整体的构成"},
    "process": {"en": "steps of a process", "zh": "过程的各步骤"},
    "single": {"en": "a single item", "zh": "单题"},
}


def filled(words: Both, *values: object) -> Both:
    """The words of both languages with values put in."""
    return {lang: text.format(*values) for lang, text in words.items()}


def choosing(item: Item) -> Both | None:
    """How many answers may be chosen, where several may."""
    if item.type != "multiple":
        return None
    return filled(MOST, item.most) if item.most else SEVERAL
