"""The words of tables, figures and sentences, in both languages: one literal table."""

from __future__ import annotations

from surveyor.questionnaire import Language

WORDS: dict[str, dict[Language, str]] = {
    "outcome": {"en": "Outcome", "zh": "指标"},
    "difference": {"en": "Difference", "zh": "差值"},
    "interval": {"en": "95 % interval", "zh": "95% 区间"},
    "points": {"en": "percentage points", "zh": "个百分点"},
    "size": {"en": "Size (d)", "zh": "效应量 (d)"},
    "pairs": {"en": "Ahead in 100 pairs", "zh": "百对中领先"},
    "verdict": {"en": "Verdict (adjusted p)", "zh": "判断（校正 p）"},
    "to": {"en": "to", "zh": "至"},
    "answers": {"en": "Answers", "zh": "有效回答"},
    "compounds": {"en": "Primary units", "zh": "初级抽样单位"},
    "value": {"en": "Value", "zh": "估计值"},
    "se": {"en": "Standard error", "zh": "标准误"},
    "weighted": {"en": "Weighted", "zh": "加权"},
    "unweighted": {"en": "Unweighted", "zh": "未加权"},
    "residents": {"en": "Residents", "zh": "居民数"},
    "note": {"en": "Note", "zh": "说明"},
    "total": {"en": "All residents", "zh": "全体居民"},
    "no_answer": {"en": "no answer", "zh": "未回答"},
    "left_out": {"en": "left out of the comparison", "zh": "不计入比较"},
    "different": {"en": "different", "zh": "有差别"},
    "equivalent": {"en": "equivalent", "zh": "相当"},
    "different but trivial": {"en": "different but trivial", "zh": "差别微小"},
    "undecided": {"en": "undecided", "zh": "尚不能判断"},
    "": {"en": "", "zh": ""},
    "contents": {"en": "Contents", "zh": "目录"},
    "term": {"en": "Term", "zh": "变量"},
    "coefficient": {"en": "Coefficient", "zh": "系数"},
    "df": {"en": "Degrees of freedom", "zh": "自由度"},
    "colon": {"en": ": ", "zh": "："},
    "stop": {"en": ".", "zh": "。"},
}


def word(key: str, lang: Language) -> str:
    """One word; every key stands in the table in both languages."""
    return WORDS[key][lang]


def capital(label: str) -> str:
    """A label at the head of a column or sentence: its first letter large.

    >>> capital("tower-block residents")
    'Tower-block residents'
    """
    return label[:1].upper() + label[1:]


def stopped(text: str, lang: Language) -> str:
    """A note with its first letter large and a full stop at its end.

    >>> stopped("no answers", "en")
    'No answers.'
    """
    return f"{capital(text).rstrip('.。')}{word('stop', lang)}"
