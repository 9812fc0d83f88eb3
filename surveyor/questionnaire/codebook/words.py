"""What a codebook says beside the texts of the questionnaire, in both languages."""

from __future__ import annotations

from surveyor.questionnaire.item import ItemType
from surveyor.questionnaire.parts import Kind
from surveyor.questionnaire.texts import Language

Both = dict[Language, str]

CODEBOOK: Both = {"en": "{} (codebook)", "zh": "{}（编码手册）"}
CONTENTS: Both = {"en": "Contents", "zh": "目录"}
VERSION: Both = {"en": "Version {}", "zh": "版本 {}"}
SIZE: Both = {"en": "{} items, {} columns", "zh": "{}道题，{}列"}
ROWS: Both = {"en": "{} rows", "zh": "{}行"}
MISSING: Both = {"en": "Missing codes", "zh": "缺失编码"}
SCALE: Both = {"en": "Scale", "zh": "量表"}
LABEL: Both = {"en": "Label", "zh": "名称"}
SCALES: Both = {"en": "Scales", "zh": "量表"}
CHECKS: Both = {"en": "Checks", "zh": "核查规则"}
ITEMS: Both = {"en": "Items", "zh": "题目"}
GATE: Both = {"en": "Asked only if {}.", "zh": "仅当{}时询问。"}
ASKED: Both = {"en": "Asked", "zh": "询问对象"}
EVERYBODY: Both = {"en": "of everybody", "zh": "全部"}
ONLY: Both = {"en": "if {}", "zh": "{}时"}
TYPE: Both = {"en": "Type", "zh": "类型"}
RANGE: Both = {"en": "Range", "zh": "取值范围"}
CONCEPT: Both = {"en": "Concept", "zh": "概念"}
REVERSED: Both = {"en": "Reversed", "zh": "反向"}
REVERSED_YES: Both = {"en": "a high code means less of the concept", "zh": "编码越高，该概念的程度越低"}
TOP: Both = {"en": "Summary", "zh": "汇总指标"}
TOP_IS: Both = {"en": "share of {}: {}", "zh": "{}的比例：{}"}
OR: Both = {"en": " or ", "zh": "或"}
COLON: Both = {"en": ": ", "zh": "："}
APART: Both = {"en": "No point of the scale", "zh": "不计入量表"}
ALONE: Both = {"en": "Goes with no other", "zh": "不与其他项同选"}
MOST: Both = {"en": "Choose at most", "zh": "最多选"}
COPIED: Both = {"en": "Copied from", "zh": "取自"}
COPIED_FROM: Both = {"en": "what {} points at", "zh": "{}所指的题目"}
ROTATED: Both = {"en": "Order changes among", "zh": "顺序轮换"}
HINT: Both = {"en": "Hint", "zh": "提示"}
COLUMNS: Both = {"en": "Columns", "zh": "数据列"}
PERSONAL: Both = {"en": "Privacy", "zh": "隐私"}
PERSONAL_YES: Both = {"en": "points at a person; left out of data unless asked for", "zh": "可指向个人，默认不读入数据"}
CODE: Both = {"en": "Code", "zh": "编码"}
COLUMN: Both = {"en": "Column", "zh": "列"}
ANSWER: Both = {"en": "Answer", "zh": "回答"}
COUNT: Both = {"en": "n", "zh": "人数"}
SHARE: Both = {"en": "Share", "zh": "比例"}
WEIGHTED: Both = {"en": "Weighted share", "zh": "加权比例"}
UNLISTED: Both = {"en": "not in the list of answers", "zh": "不在选项表内"}
KIND: Both = {"en": "Kind", "zh": "性质"}
LEAST: Both = {"en": "Answered at least", "zh": "至少回答"}
SCORE: Both = {"en": "Score", "zh": "计分"}
RULE: Both = {"en": "Rule", "zh": "规则"}
WRONG: Both = {"en": "What is wrong", "zh": "问题"}
WHEN: Both = {"en": "Rows where", "zh": "条件"}
ACTION: Both = {"en": "Action", "zh": "处理"}

TYPES: dict[ItemType, Both] = {
    "ordinal": {"en": "one answer, in order", "zh": "单选，有序"},
    "nominal": {"en": "one answer, no order", "zh": "单选，无序"},
    "multiple": {"en": "several answers, a 0/1 column each", "zh": "多选，每项一列（0/1）"},
    "integer": {"en": "whole number", "zh": "整数"},
    "number": {"en": "number", "zh": "数值"},
    "text": {"en": "words", "zh": "文字"},
    "date": {"en": "date", "zh": "日期"},
    "id": {"en": "identifier", "zh": "编号"},
    "weight": {"en": "weight", "zh": "权重"},
    "calculated": {"en": "calculated, never asked", "zh": "计算得出，不询问"},
}
KINDS: dict[Kind, Both] = {
    "reflective": {"en": "signs of one thing", "zh": "反映型"},
    "formative": {"en": "parts that add up", "zh": "形成型"},
    "index": {"en": "index of scales", "zh": "量表指数"},
    "composition": {"en": "parts of a whole", "zh": "构成"},
    "process": {"en": "steps of a process", "zh": "过程"},
    "single": {"en": "single item", "zh": "单题"},
}
SCORES: dict[str, Both] = {
    "mean": {"en": "mean", "zh": "均值"},
    "standardised": {"en": "mean of standardised items", "zh": "标准化后取均值"},
    "count": {"en": "count", "zh": "计数"},
    "none": {"en": "none", "zh": "不计分"},
}
ACTIONS: dict[str, Both] = {
    "flag": {"en": "counts against care", "zh": "计入答题质量"},
    "query": {"en": "look the case up", "zh": "查询该样本"},
    "constraint": {"en": "refused at entry", "zh": "录入时拦截"},
}
