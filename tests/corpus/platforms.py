"""Files as platforms export them, with what goes wrong in them: each with what reading must come to."""

from __future__ import annotations

from dataclasses import dataclass, field

from surveyor.questionnaire import Choices, Item, Questionnaire


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def listed(*labels: tuple[int, str, str], **options: tuple[int, ...]) -> Choices:
    return Choices(codes={code: both(zh, en) for code, zh, en in labels}, **options)


def item(name: str, kind: str, zh: str, en: str, label: str, **options: object) -> Item:
    return Item(id=name, type=kind, label=both(label, name.title()), text=both(zh, en), **options)


ASKED = Questionnaire(
    name="corpus",
    year=2026,
    choices={
        "sex": listed((1, "男", "Male"), (2, "女", "Female")),
        "yn": listed((1, "是", "Yes"), (0, "否", "No"), top=(1,)),
        "sat": listed((1, "不满意", "Not satisfied"), (2, "一般", "So so"), (3, "满意", "Satisfied"), top=(3,)),
        "roles": listed(
            (1, "楼栋长或单元长", "Building chief"),
            (2, "居民代表", "Residents' representative"),
            (3, "社区志愿者（骨干）", "Core volunteer"),
            (0, "没有担任", "None"),
            alone=(0,),
        ),
        "why": listed((1, "没时间", "No time"), (2, "怕麻烦", "Too much trouble"), (7, "其他", "Other")),
        "part": listed((0, "没有", "Not once"), (1, "1次", "Once"), (2, "2–3次", "2–3 times")),
    },
    items=(
        item("sex", "nominal", "您的性别是？", "What is your sex?", "性别", choices="sex"),
        item("own", "nominal", "您是本小区的业主吗？", "Do you own your home here?", "业主", choices="yn"),
        item("why", "nominal", "您为什么没有买房？", "Why not?", "原因", choices="why", relevance="own == 0"),
        item("sat", "ordinal", "您对物业满意吗？", "How satisfied are you?", "满意度", choices="sat"),
        item(
            "role",
            "multiple",
            "您担任下面哪些角色？（可多选）",
            "Which roles do you hold now?",
            "角色",
            choices="roles",
        ),
        item("years", "integer", "您在本小区住了几年？", "How many years?", "居住年数", range=(0, 90)),
        item("part1", "ordinal", "您参加过几次：居民会议？", "How often: meetings?", "会议", choices="part"),
        item("part2", "ordinal", "您参加过几次：志愿服务？", "How often: volunteering?", "服务", choices="part"),
        item("say", "text", "您还有什么意见？", "Any remarks?", "意见"),
    ),
)


@dataclass(frozen=True)
class Export:
    """A file and what reading it must come to.

    outcome  "right" (no warning of the layout), "warning", "error"
    words    what the message, or the log, must hold;  never: what none of them may hold
    cells    column -> its numbers or texts as they must be read, None where missing
    absent   columns that must not be there
    """

    id: str
    source: str
    lines: str
    outcome: str
    words: tuple[str, ...] = ()
    cells: dict[str, list[float | str | None]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"

    @property
    def content(self) -> bytes:
        return self.lines.lstrip("\n").encode(self.encoding)


WJX = "序号,提交答卷时间,所用时间,来源,来源详情,来自IP"
KOBO = "_id,_uuid,_submission_time,_validation_status,_index"

#: The question with several answers, in either language.
Q, E = "您担任下面哪些角色？（可多选）", "Which roles do you hold now?"

SPLIT = ",".join(f"{E}/{role}" for role in ("Building chief", "Residents' representative", "Core volunteer", "None"))

EXPORTS = (
    Export(
        "wjx_text", "wenjuanxing", f"""
{WJX},1、您的性别是？,2、您是本小区的业主吗?,3、您为什么没有买房？,4、您担任下面哪些角色？（可多选）[多选题],5、您在本小区住了几年？,6、您还有什么意见？
1,2026/11/3 9:05:01,123秒,微信,N/A,10.1.1.1(湖北-武汉),男,是,(跳过),楼栋长或单元长┋社区志愿者（骨干）,12,(空)
2,2026/11/3 19:05:11,1分23秒,微信,N/A,10.1.1.1(湖北-武汉),女,否,其他〖还在看〗,没有担任,３,停车太难
3,2026/11/4 0:00:00,1小时2分3秒,链接,http://example.org,10.1.1.2(湖北-武汉),(空),否,怕麻烦,(空),0,(空)
4,2026/11/4 0:10:00,60秒,链接,N/A,10.1.1.3(湖北-武汉),拒绝回答,不知道,(跳过),不知道,5,(空)
""", "warning",
        ("2 rows share an internet address", "no fraud", "by text", "why_other", "free text"),
        {"sex": [1, 2, -9, -2], "own": [1, 0, 0, -1], "why": [-8, 7, 2, -8], "why_other": [None, "还在看", None, None],
         "role_1": [1, 0, -9, -1], "role_2": [0, 0, -9, -1], "role_3": [1, 0, -9, -1], "role_0": [0, 1, -9, -1],
         "years": [12, 3, 0, 5], "say": [None, "停车太难", None, None], "duration": [123, 83, 3723, 60],
         "submitted": ["2026-11-03T09:05:01", "2026-11-03T19:05:11", "2026-11-04T00:00:00", "2026-11-04T00:10:00"]},
        absent=("序号", "来自IP", "来源", "来源详情", "提交答卷时间", "所用时间"), never=("10.1.1.1",),
    ),
    Export(
        "wjx_codes", "wenjuanxing", f"""
{WJX},1、您的性别是？,2、您是本小区的业主吗？,3、您为什么没有买房？,第4题(楼栋长或单元长),第4题(居民代表),第4题(社区志愿者（骨干）),第4题(没有担任),5.您参加过几次—居民会议,5.您参加过几次—志愿服务,6:您在本小区住了几年？
1,2026/11/3 9:05:01,123秒,微信,N/A,10.1.1.1(湖北-武汉),1,1,-3,1,0,1,0,1,3,12
2,2026/11/3 9:15:01,88秒,微信,N/A,10.1.1.2(湖北-武汉),2,2,3〖还在看〗,0,0,0,1,2,-2,7
3,2026/11/3 9:25:01,77秒,微信,N/A,10.1.1.3(湖北-武汉),-2,2,1,-2,-2,-2,-2,-2,1,-2
4,2026/11/3 9:26:01,78秒,微信,N/A,10.1.1.4(湖北-武汉),1,1,-3,-3,-3,-3,-3,-3,-3,-3
""", "warning", ("by code", "own: places in the list to codes: 2 -> 0", "order of the questionnaire", "why_other"),
        {"sex": [1, 2, -9, 1], "own": [1, 0, 0, 1], "why": [-8, 7, 1, -8], "role_1": [1, 0, -9, -8],
         "role_3": [1, 0, -9, -8], "role_0": [0, 1, -9, -8], "part1": [0, 1, -9, -8], "part2": [2, -9, 0, -8],
         "years": [12, 7, -9, -8], "why_other": [None, "还在看", None, None]},
        encoding="gb18030",
    ),
    Export(
        "wjx_stem_on_the_first_choice_only", "wenjuanxing", """
1、您的性别是？,2、您担任下面哪些角色？(楼栋长或单元长),2、(居民代表),2、(社区志愿者(骨干)),2、(没有担任)
2,0,1,1,0
1,0,0,0,1
""", "right", ("4 columns -> 4 columns of 0 and 1",),
        {"sex": [2, 1], "role_1": [0, 0], "role_2": [1, 0], "role_3": [1, 0], "role_0": [0, 1]},
    ),
    Export(
        "wjx_full_width", "wenjuanxing", """
Ｑ１：您的 性别 是?【单选题】,第２题（没有担任）,第２题（楼栋长或单元长）,第２题（居民代表）,第２题（社区志愿者(骨干)）
男,（跳过）,（跳过）,（跳过）,（跳过）
女,1,0,0,0
（空）,（空）,（空）,（空）,（空）
""", "right", (), {"sex": [1, 2, -9], "role_0": [-8, 1, -9], "role_1": [-8, 0, -9], "role_3": [-8, 0, -9]},
    ),
    Export(
        "wjx_english_wording", "wenjuanxing",
        "1、What is your sex?,2、Which roles do you hold now?\nMale,Core volunteer┋Building chief\nFemale,None\n",
        "right", (), {"sex": [1, 2], "role_1": [1, 0], "role_3": [1, 0], "role_0": [0, 1]},
    ),
    Export(
        "wjx_scale_among_texts", "wenjuanxing", "1、您的性别是？,2、您对物业满意吗？\n男,3\n女,1\n男,(空)\n", "warning",
        ("taken as codes", "for sat"), {"sex": [1, 2, 1], "sat": [3, 1, -9]},
    ),
    Export(
        "wjx_unknown_option", "wenjuanxing",
        "1、您的性别是？,2、您对物业满意吗？\n男,满意\n女,王小明觉得特别特别特别特别特别满意，不用再改了\n", "error",
        ("column 'sat'", "first in row 3", "1 Not satisfied, 2 So so, 3 Satisfied"), never=("不用再改了",),
    ),
    Export(
        "wjx_unknown_option_of_several", "wenjuanxing",
        "1、您的性别是？,2、您担任下面哪些角色？\n男,居民代表\n"
        "女,居民代表┋广场舞领队和合唱团团长以及象棋协会会长，还有\n", "error",
        ("is no answer of 'role'", "row 3", "Building chief", "'广场舞领队和合唱团团长以及象棋协会会长，' is"),
        never=("，还有",),
    ),
    Export(
        "wjx_place_beyond_the_list", "wenjuanxing", "1、您的性别是？,2、您对物业满意吗？\n1,3\n2,4\n1,4\n", "error",
        ("the answer 4 of 'sat'", "list of 3 answers", "2 rows, first in row 3", "按选项文字"),
    ),
    Export(
        "wjx_two_columns_of_one_item", "wenjuanxing", "1、您的性别是？,2、您的性别是?\n男,男\n", "error",
        ("two columns hold the answers of 'sex'", "1、您的性别是？", "2、您的性别是?"),
    ),
    Export(
        "wjx_unmatched", "wenjuanxing", "1、您的性别是？,2、您是不是本小区业主,3、血型\n男,是,A\n女,否,O\n", "warning",
        ("2 columns matched no question", "您是不是本小区业主' (perhaps own)", "'3、血型'"), {"sex": [1, 2]},
    ),
    Export(
        "wjx_ranking", "wenjuanxing", "1、您的性别是？,2、请排序\n男,停车→噪音→电梯\n女,电梯→停车→噪音\n", "warning",
        ("1 column of rankings left out",), {"sex": [1, 2]}, absent=("2、请排序",),
    ),
    Export(
        "wjx_ranking_by_code", "wenjuanxing", """
1、您的性别是？,2、您担任下面哪些角色？(楼栋长或单元长),2、您担任下面哪些角色？(居民代表)
1,2,1
2,1,2
""", "warning", ("2 columns of rankings left out",), {"sex": [1, 2]}, absent=("role_1", "role_2"),
    ),
    Export(
        "wjx_duration_unreadable", "wenjuanxing", "所用时间,1、您的性别是？\n很久,男\n61秒,女\n", "warning",
        ("'所用时间' could not be read in 1 row",), {"duration": [None, 61]}, never=("很久",),
    ),
    Export(
        "wjx_a_missing_choice", "wenjuanxing", """
1、您的性别是？,2、您担任下面哪些角色？(楼栋长或单元长),2、您担任下面哪些角色？(居民代表)
男,1,0
女,0,1
""", "warning", ("role: there is no column for 'Core volunteer', 'None'",), {"role_2": [0, 1], "role_3": [0, 0]},
    ),
    Export(
        "kobo_names", "kobo", f"""
start,end,A/sex,A/own,A/why,A/B/sat,role,role/1,role/2,role/3,role/0,role/-1,role/-2,years,{KOBO},__version__
2026-11-03T09:00:00.000+08:00,2026-11-03T09:20:30.000+08:00,1,1,,3,1 3,1,0,1,0,0,0,12,1,u-1,2026-11-03T01:21:00,,1,v1
2026-11-03T10:00:00.000+08:00,2026-11-03T09:59:00.000+08:00,2,0,7,-1,0,0,0,0,1,0,0,-2,2,u-2,2026-11-03T01:22:00,,2,v2
2026-11-03T11:00:00.000+08:00,2026-11-03T11:01:00.000+08:00,-2,,,2,-1,0,0,0,0,1,0,,3,u-3,2026-11-03T01:23:00,,3,v2
""", "warning",
        ("1 row in which start and end give no duration", "2 versions of the form: v2 (2 rows), v1 (1 row)", "_uuid"),
        {"sex": [1, 2, -2], "own": [1, 0, -9], "why": [-8, 7, -8], "sat": [3, -1, 2], "role_1": [1, 0, -1],
         "role_3": [1, 0, -1], "role_0": [0, 1, -1], "years": [12, -2, -9], "duration": [1230, None, 60],
         "form_version": ["v1", "v2", "v2"]},
        absent=("_id", "_uuid", "_index", "__version__", "role", "A/sex"),
    ),
    Export(
        "kobo_labels", "kobo", f"""
A/What is your sex?,A/Do you own your home here?,{E},{SPLIT},Hi,{KOBO}
Male,Yes,Residents' representative Building chief,1,1,0,0,,1,u-1,2026-11-03T01:21:00,,1
Female,don't know,None,0,0,0,1,,2,u-2,2026-11-03T01:22:00,,2
refused,No,,,,,,,3,u-3,2026-11-03T01:23:00,,3
""", "right", ("1 column without any answer left out",),
        {"sex": [1, 2, -2], "own": [1, -1, 0], "role_1": [1, 0, -9], "role_2": [1, 0, -9], "role_0": [0, 1, -9]},
        absent=("Hi",),
    ),
    Export(
        "kobo_filler", "kobo",
        "sex,own,why,role\n1,1,n/a,n/a\n2,0,1,1 2\nN/A,n/a,n/a,0\n", "right", ("'n/a' -> empty, 5 cells",),
        {"sex": [1, 2, -9], "own": [1, 0, -9], "why": [-8, 1, -8], "role_1": [-9, 1, 0], "role_0": [-9, 0, 1]},
    ),
    Export(
        "kobo_summary_and_details_disagree", "kobo",
        "sex,role,role/1,role/2,role/3,role/0\n1,1 2,1,0,0,0\n2,3,0,0,1,0\n1,0,1,0,0,1\n", "warning",
        ("role: the summary column and the columns of its choices disagree in 2 rows",),
        {"role_1": [1, 0, 0], "role_2": [1, 0, 0], "role_3": [0, 1, 0], "role_0": [0, 0, 1]},
    ),
    Export(
        "kobo_details_only", "kobo",
        "sex,role/1,role/2,role/3,role/0\n1,1,0,0,0\n2,,,,\n1,0,0,0,0\n2,True,False,TRUE,false\n",
        "right", ("role: nothing chosen -> no answer, 1 row",),
        {"role_1": [1, -9, -9, 1], "role_2": [0, -9, -9, 0], "role_3": [0, -9, -9, 1]},
    ),
    Export(
        "kobo_dont_know_beside_answers", "kobo", "sex,role\n1,1 -1\n2,-2\n", "warning",
        ("role: don't know or refused beside answers in 1 row",), {"role_1": [1, -2], "role_2": [0, -2]},
    ),
    Export(
        "kobo_unknown_choice", "kobo", "sex,role\n1,1 2\n2,1 9\n", "error",
        ("'9' is no answer of 'role'", "1 row, first in row 3", "column 'role'", "1 Building chief"),
    ),
    Export(
        "kobo_unknown_choice_ticked", "kobo", "sex,role/1,role/9\n1,1,0\n2,1,1\n", "error",
        ("'9' is no answer of 'role'", "first in row 3"),
    ),
    Export(
        "kobo_two_columns_of_one_item", "kobo", "A/sex,B/sex,own\n1,1,0\n", "error",
        ("two columns hold the answers of 'sex'", "'A/sex' and 'B/sex'"),
    ),
    Export(
        "kobo_gps", "kobo", """
sex,home,_home_latitude,_home_longitude,_home_altitude,_home_precision
1,30.51 114.41 20 5,30.51,114.41,20,5
""", "right", ("GPS",), {"sex": [1]}, absent=("home", "_home_latitude", "_home_longitude"), never=("30.51",),
    ),
    Export(
        "kobo_repeat", "kobo", """
member,age,_index,_parent_table_name,_parent_index
wife,45,1,resident,1
son,15,2,resident,1
self,61,3,resident,2
""", "warning", ("3 rows belong to 2 cases", "member of a household", "main table"), {"age": [45, 15, 61]},
    ),
    Export(
        "kobo_rejected", "kobo",
        f"sex,{KOBO}\n1,1,u,2026-11-03T01:21:00,validation_status_not_approved,1\n2,2,u,2026-11-03,,2\n",
        "warning", ("1 row marked as not approved",), {"sex": [1, 2]},
    ),
    Export(
        "odk_flat", "kobo", """
SubmissionDate,A:sex,A:own,A-sat,A.years,role:1,role:2,role:3,role:0,meta:instanceID,KEY,SubmitterName,FormVersion
2026-11-03T01:21:00Z,1,0,3,12,1,0,0,0,uuid:1,uuid:1,zhang,7
2026-11-03T01:22:00Z,2,1,2,30,0,0,0,1,uuid:2,uuid:2,zhang,7
""", "right", ("instanceID",),
        {"sex": [1, 2], "own": [0, 1], "sat": [3, 2], "years": [12, 30], "role_1": [1, 0], "role_0": [0, 1]},
        absent=("KEY", "SubmitterName", "SubmissionDate", "meta:instanceID"), never=("zhang",),
    ),
    Export(
        "limesurvey_codes", "limesurvey", """
id,submitdate,lastpage,startlanguage,seed,ipaddr,sex,own,why,role[1],role[2],role[3],role[0],role[DK],role[other],years,interviewtime,groupTime12
1,2026-11-03 10:00:00,9,zh,77,10.9.9.9,1,1,,Y,,Y,,,,12.0000000000,312.47,30.1
2,,3,zh,78,10.9.9.9,2,0,7,,,,Y,,,,200.2,30.1
3,2026-11-03 11:00:00,9,en,79,10.9.9.9,DK,RF,,,,,,Y,treasurer,-1,100,30.1
4,2026-11-03 11:05:00,9,en,80,10.9.9.9,1,0,N/A,,,,,,,3,100,30.1
""", "warning", ("1 interview not completed", "they were kept", "'N/A' -> empty, 1 cell"),
        {"sex": [1, 2, -1, 1], "own": [1, 0, -2, 0], "why": [-8, 7, -8, -9], "role_1": [1, 0, -1, -9],
         "role_3": [1, 0, -1, -9], "role_0": [0, 1, -1, -9], "role_other": [None, None, "treasurer", None],
         "years": [12, -9, -1, 3], "duration": [312, 200, 100, 100]},
        absent=("ipaddr", "seed", "lastpage", "groupTime12", "id", "role[1]"), never=("10.9.9.9",),
    ),
    Export(
        "limesurvey_places", "limesurvey", """
sex,own,role[SQ001],role[SQ002],role[SQ003],role[SQ004]
AO01,AO02,Y,N,N,N
AO02,AO01,N,N,N,Y
""", "warning", ("own: answer codes such as AO02", "place in the list for role"),
        {"sex": [1, 2], "own": [0, 1], "role_1": [1, 0], "role_0": [0, 1]},
    ),
    Export(
        "limesurvey_words", "limesurvey", f"""
您的性别是？,own. 您是本小区的业主吗？,{Q} [楼栋长或单元长],{Q} [居民代表],{Q} [社区志愿者（骨干）],{Q} [没有担任]
男,是,是,,,
女,拒绝回答,,,,是
""", "right", (), {"sex": [1, 2], "own": [1, -2], "role_1": [1, 0], "role_0": [0, 1]},
    ),
    Export(
        "limesurvey_not_a_tick", "limesurvey", "sex,role[1],role[2],role[3],role[0]\n1,Y,,,\n2,X,,,\n", "error",
        ("'X' is no answer of 'role'", "first in row 3", "Y is chosen"),
    ),
    Export(
        "limesurvey_place_beyond", "limesurvey", "sex,own\nA1,A1\nA2,A3\n", "error",
        ("A3 of 'own'", "list of 2 answers", "row 3"),
    ),
)  # fmt: skip
