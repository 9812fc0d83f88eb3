"""What each rule says, and what to do about it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from surveyor.questionnaire import Language

Said = Mapping[Language, tuple[str, str]]

#: Rule -> language -> (what was found, what to do); names in braces are filled in by the rule.
TEXTS: Mapping[str, Said] = {
    "unreadable": {
        "en": ("{what}", "Read the file with sv.read and its questionnaire, or correct these cells."),
        "zh": ("该列中有无法作为答案的内容（{what}）", "请用 sv.read 连同问卷重新读取文件，或更正这些单元格。"),
    },
    "unlabelled": {
        "en": ("Codes that are not in the choice list: {codes}", "Correct the codes or add them to the choice list."),
        "zh": ("答案代码不在选项表中：{codes}", "请更正代码，或在选项表中补充。"),
    },
    "range": {
        "en": ("Numbers outside {low} to {high}", "Look the cases up; correct them or set them to −10 (invalid)."),
        "zh": ("数值超出{low}至{high}", "请核对个案；更正或改为 −10（无效）。"),
    },
    "too many": {
        "en": ("More than {most} answers chosen", "Look the cases up: the question asks for at most {most}."),
        "zh": ("选择超过{most}项", "请核对个案：该题最多选{most}项。"),
    },
    "all missing": {
        "en": ("Nobody has a valid answer", "Check whether the column was read right; leave the item out."),
        "zh": ("没有任何有效回答", "请检查该列读取是否正确；分析时不用此题。"),
    },
    "constant": {
        "en": ("Everybody gave the same answer", "Leave the item out of comparisons; it cannot differ."),
        "zh": ("所有人的回答都相同", "请勿用于比较；该题没有差异可言。"),
    },
    "reversal": {
        "en": (
            "Goes against the rest of {scale}: item-rest correlation {r}",
            "Scores would be wrong. Check the codes and whether 'reversed' is right in the questionnaire.",
        ),
        "zh": (
            "与{scale}其余各题方向相反：题总相关 {r}",
            "量表得分会出错。请检查代码方向及问卷中 reversed 的设定。",
        ),
    },
    "weak item": {
        "en": (
            "Hardly goes with the rest of {scale}: item-rest correlation {r}, within chance of 0",
            "Check whether 'reversed' is right; look at the scale's reliability before using its score.",
        ),
        "zh": (
            "与{scale}其余各题几乎无关：题总相关 {r}，与 0 的差别在抽样误差之内",
            "请检查 reversed 的设定；使用得分前先看量表信度。",
        ),
    },
    "nonresponse": {
        "en": (
            "No answer from {shares}",
            "Say so beside every result of the item; compare who did not answer.",
        ),
        "zh": ("未回答：{shares}", "请在该题的每个结果旁注明；并比较未回答者的特征。"),
    },
    "not asked": {
        "en": (
            "Answered, though {condition}",
            "Look the cases up: correct what decides the question, or set the answer to −8 (not applicable).",
        ),
        "zh": ("不应询问却有回答（条件：{condition}）", "请核对个案：更正决定跳转的题目，或改为 −8（不适用）。"),
    },
    "not put": {
        "en": (
            "Not applicable (−8) although the question was to be asked",
            "Look the cases up: correct what decides the question, or set the answer to −9 (no answer).",
        ),
        "zh": ("应询问却记为不适用（−8）", "请核对个案：更正决定跳转的题目，或改为 −9（未回答）。"),
    },
    "speed": {
        "en": (
            "Faster than a third of the median of its mode ({median} minutes in all), or under 2 seconds a question",
            "Counts as one flag. Look at these interviews and at their interviewers.",
        ),
        "zh": (
            "访问时间不足同类访问中位数（{median}分钟）的三分之一，或平均每题不足2秒",
            "计为一次警示。请查看这些访问及其访问员。",
        ),
    },
    "straight line": {
        "en": (
            "The same answer to every question of a battery",
            "Counts as one flag, however many batteries.",
        ),
        "zh": ("一组题目的回答完全相同", "无论几组题目，计为一次警示。"),
    },
    "careless": {
        "en": (
            "Two or more flags of haste",
            "Run results with and without them (findings.careful() is the survey without) and report both.",
        ),
        "zh": (
            "有两次或以上警示",
            "请分别用全部个案和剔除后的个案（findings.careful()）计算并一并报告。",
        ),
    },
    "duplicate id": {
        "en": ("The same case number more than once", "Keep one row a case, or correct the numbers."),
        "zh": ("样本编号重复", "每个样本只保留一行，或更正编号。"),
    },
    "no id": {
        "en": ("No case number", "Give every row its own case number."),
        "zh": ("没有样本编号", "请为每行补上唯一的样本编号。"),
    },
    "duplicate row": {
        "en": ("Rows with the same answers to every question", "Look up whether an interview was entered twice."),
        "zh": ("所有题目的回答完全相同的行", "请核对是否重复录入。"),
    },
    "near duplicate": {
        "en": (
            "Interviews by the same interviewer with at least 95 % of the answers alike",
            "Ask the interviewer; call back some of the respondents.",
        ),
        "zh": ("同一访问员的访问中，至少95%的回答相同", "请询问访问员，并回访部分受访者。"),
    },
    "before the building": {
        "en": ("Moved in before the first building of the compound was completed", "Look up both years."),
        "zh": ("搬入年份早于小区最早建成年份", "请核对两个年份。"),
    },
    "unknown compound": {
        "en": ("The compound is not in the fact sheet", "Add it to the fact sheet, or correct the code."),
        "zh": ("该小区不在情况表中", "请补入情况表，或更正编号。"),
    },
    "no workers": {
        "en": (
            "{n} communities of these residents have no worker's answers",
            "They drop out of everything that links residents with workers.",
        ),
        "zh": ("{n}个社区没有工作人员的回答", "凡需连接居民与工作人员的分析都不包括这些社区。"),
    },
    "escorted": {
        "en": (
            "Staff were present at the interview",
            "Repeat every table of satisfaction without these interviews.",
        ),
        "zh": ("访问时有工作人员在场", "请剔除这些访问后重做各满意度表。"),
    },
    "interviewer escorted": {
        "en": ("Interviewer {who}: staff present at {share} of {n} interviews", "Ask why, and compare ratings."),
        "zh": ("访问员{who}：{n}次访问中{share}有工作人员在场", "请询问原因，并比较评价。"),
    },
    "interviewer pace": {
        "en": (
            "Interviewer {who}: {minutes} minutes on average over {n} interviews, others {others}",
            "Listen to recordings or call back some of the respondents.",
        ),
        "zh": ("访问员{who}：{n}次访问平均{minutes}分钟，其他访问员{others}分钟", "请复听录音或回访部分受访者。"),
    },
    "interviewer refusals": {
        "en": (
            "Interviewer {who}: {share} of {n} contacts refused, others {others}",
            "Train again, or give the addresses to another interviewer.",
        ),
        "zh": ("访问员{who}：{n}次接触中{share}拒绝，其他访问员{others}", "请再次培训，或更换访问员。"),
    },
    "interviewer answers": {
        "en": (
            "Answers are alike within {k} interviewers: ICC {icc}",
            "Interviewers and the compounds they worked in may be one thing: repeat the result leaving out one "
            "interviewer at a time.",
        ),
        "zh": (
            "同一访问员的回答彼此相似（{k}名访问员）：ICC {icc}",
            "访问员与其负责的小区可能无法区分：请逐一剔除访问员后重算结果。",
        ),
    },
    "weight zero": {
        "en": ("Weight 0", "These people count for nothing; check whether that is meant."),
        "zh": ("权数为0", "这些人不计入任何结果；请确认是否有意如此。"),
    },
    "weight large": {
        "en": ("Weights over 100 times the median", "Check them, or trim them: survey.trim()."),
        "zh": ("权数超过中位数的100倍", "请检查，或截断权数：survey.trim()。"),
    },
    "weight sum": {
        "en": (
            "Weights add up to {sum}, not to the people they stand for",
            "Means and shares are right; totals count no people until survey.calibrate(..., size=...) says how many.",
        ),
        "zh": (
            "权数之和为{sum}，而非所代表的人数",
            "均值和比例不受影响；总量不是人数。需要总量时请用 survey.calibrate(..., size=...)。",
        ),
    },
    "weight spread": {
        "en": (
            "Weights from {low} to {high}: unequal weighting multiplies variances by {deff}",
            "Consider survey.trim(); say the effective number of answers, {effective}.",
        ),
        "zh": ("权数为{low}至{high}：不等权使方差变为{deff}倍", "可考虑 survey.trim()；请说明有效样本量{effective}。"),
    },
    "weight and answer": {
        "en": (
            "The weight goes with the answer: correlation {r}",
            "Weighted and unweighted results differ; never leave the weights out.",
        ),
        "zh": ("权数与回答相关：{r}", "加权与未加权结果不同；切勿忽略权数。"),
    },
    "few units": {
        "en": ("{group}: {units} primary units", "Under 4 units no test is possible. Describe only, or add units."),
        "zh": ("{group}：{units}个初级抽样单位", "少于4个单位无法检验。只作描述，或增加单位。"),
    },
    "some units": {
        "en": ("{group}: {units} primary units", "Under 8 units intervals are wide and tests weak; say so."),
        "zh": ("{group}：{units}个初级抽样单位", "少于8个单位时区间宽、检验力弱；请说明。"),
    },
    "lonely stratum": {
        "en": (
            "{k} strata with one primary unit",
            "Say which rule stands for their variance (Design(lonely=...)), or join them with their neighbours.",
        ),
        "zh": ("{k}个层只有一个初级抽样单位", "请说明其方差采用的规则（Design(lonely=...)），或与相邻层合并。"),
    },
    "empty group": {
        "en": ("Nobody is in the group {group}", "Without two groups nothing can be compared; check the type rule."),
        "zh": ("没有人属于{group}", "没有两个组就无法比较；请检查类型规则。"),
    },
    "small group": {
        "en": ("{group}: fewer than 10 people", "Too few to describe or to show; add interviews or merge groups."),
        "zh": ("{group}：不足10人", "人数太少，不能描述也不能公布；请增加样本或合并组别。"),
    },
    "no group": {
        "en": ("In neither group: {label} is missing or another kind", "They are read and kept, but not compared."),
        "zh": ("不属于任何一组：{label}缺失或为其他类型", "保留在数据中，但不参加比较。"),
    },
    "imbalance": {
        "en": (
            "{a} and {b} differ in who they are: {level}standardised difference {d}",
            "Show results with and without adjustment for composition.",
        ),
        "zh": ("{a}与{b}的构成不同：{level}标准化差异 {d}", "请同时报告按构成调整前后的结果。"),
    },
    "no overlap": {
        "en": (
            "{share} of {a} lie outside the range of {b}",
            "For them there is nobody to compare with; adjustment would extrapolate.",
        ),
        "zh": ("{a}中有{share}超出{b}的取值范围", "这些人没有可比对象；调整只能外推。"),
    },
}

#: What a rule of the questionnaire asks to do, by its action.
ACTIONS: Mapping[str, Mapping[Language, str]] = {
    "flag": {"en": "Counts as one flag of haste.", "zh": "计为一次警示。"},
    "conflict": {
        "en": "Reversed questions were answered alike: look whether they were read.",
        "zh": "正反向题回答相同：请查看是否认真阅读。",
    },
    "query": {"en": "Look the cases up and correct what is wrong.", "zh": "请核对个案并更正。"},
    "constraint": {
        "en": "Cannot be: look the cases up, correct them or set the answer to −10 (invalid).",
        "zh": "不可能成立：请核对个案，更正或改为 −10（无效）。",
    },
}

VERDICTS: Mapping[str, Mapping[Language, str]] = {
    "ready": {"en": "ready", "zh": "可以使用"},
    "ready with warnings": {"en": "ready with warnings", "zh": "可以使用，但有警告"},
    "not ready": {"en": "not ready", "zh": "尚不能使用"},
}

#: Why, in one sentence.
WHY: Mapping[str, Mapping[Language, str]] = {
    "ready": {"en": "No rule found an error or a warning.", "zh": "没有发现错误或警告。"},
    "ready with warnings": {
        "en": "No errors, but {n} to look at and report: {rules}.",
        "zh": "没有错误，但有{n}须查看并说明：{rules}。",
    },
    "not ready": {
        "en": "{n} would make results wrong: {rules}.",
        "zh": "{n}会使结果出错：{rules}。",
    },
}

#: The rules by their Chinese names; the English name is the rule itself.
NAMES: Mapping[str, str] = {
    "unreadable": "无法读取", "unlabelled": "无标签代码", "range": "超出范围", "too many": "选项过多",
    "all missing": "全部缺失",
    "constant": "无差异", "reversal": "方向相反", "weak item": "题总相关弱", "nonresponse": "题目无回答",
    "not asked": "不应询问却有回答", "not put": "应询问却未问", "speed": "速度过快", "straight line": "直线作答",
    "careless": "两次以上警示", "duplicate id": "编号重复", "no id": "无编号", "duplicate row": "整行重复",
    "near duplicate": "近似重复", "before the building": "早于建成", "unknown compound": "未知小区",
    "no workers": "无工作人员回答", "escorted": "有人陪同", "interviewer escorted": "访问员陪同率",
    "interviewer pace": "访问员速度", "interviewer refusals": "访问员拒访率", "interviewer answers": "访问员效应",
    "weight zero": "权数为零", "weight large": "权数过大", "weight sum": "权数之和",
    "weight spread": "权数离散",
    "weight and answer": "权数与回答相关",
    "few units": "单位过少", "some units": "单位偏少", "lonely stratum": "单一单位的层", "empty group": "空组",
    "small group": "人数过少", "no group": "不属任何组", "imbalance": "构成不同", "no overlap": "无可比对象",
}  # fmt: skip


def rule_name(rule: str, lang: Language) -> str:
    """The name of a rule; rules of a questionnaire keep their own."""
    return NAMES.get(rule, rule) if lang == "zh" else rule
