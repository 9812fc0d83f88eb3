"""What a paper form says beside the questions, in both languages."""

from __future__ import annotations

from surveyor.questionnaire.texts import Language

Both = dict[Language, str]

ONLY: Both = {"en": "→ Only if {}", "zh": "→ 仅当{}时回答"}
ONLY_TO: Both = {"en": "→ {} to {}: only if {}", "zh": "→ {}至{}仅当{}时回答"}
GATE: Both = {"en": "→ This part only if {}", "zh": "→ 本部分仅当{}时填写"}
GATE_TO: Both = {"en": "→ Parts {} to {} only if {}", "zh": "→ {}至{}部分仅当{}时填写"}
ROTATED: Both = {
    "en": "Interviewer: ask {} to {} in the order given for this case, and note that order.",
    "zh": "访问员：{}至{}按本样本指定的顺序提问，并记录该顺序。",
}
MOST: Both = {"en": "Choose at most {}", "zh": "最多选{}项"}
SEVERAL: Both = {"en": "Choose all that apply", "zh": "可多选"}
ALONE: Both = {"en": "'{}' goes with no other answer", "zh": "选“{}”时不选其他项"}
CODES: Both = {
    "en": "Numbers beside the boxes are codes. For interviewers: {}.",
    "zh": "方框旁的数字为编码。访问员用：{}。",
}
CODE: Both = {"en": "{} = {}", "zh": "{}为{}"}
RANGE: Both = {"en": "{} to {}", "zh": "{}至{}"}
LEAST: Both = {"en": "{} or more", "zh": "不少于{}"}
GREATEST: Both = {"en": "at most {}", "zh": "不超过{}"}
DATE: Both = {"en": "day / month / year", "zh": "年 / 月 / 日"}
VERSION: Both = {"en": "Version {}", "zh": "版本 {}"}
PAGE: Both = {"en": "Page {} of {}", "zh": "第{}页，共{}页"}
QUESTION: Both = {"en": "Question", "zh": "题目"}
END: Both = {"en": "This is the end of the form. Thank you.", "zh": "填写到此结束，谢谢您！"}
COLON: Both = {"en": ": ", "zh": "："}
BETWEEN: Both = {"en": "; ", "zh": "；"}
