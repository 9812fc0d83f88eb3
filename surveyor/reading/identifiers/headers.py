"""What the name or label of a column tells of the persons in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Header:
    """A name or label that tells the kind, and the form some half of the answers must have with it."""

    kind: str
    named: re.Pattern[str]
    form: str


def _header(kind: str, named: str, form: str) -> Header:
    return Header(kind, re.compile(rf"(?i)^(?:{named})$"), form)


_ZH = "您 你 受访者 被访者 访问员 调查员 填表人 户主 业主 联系人 本人 家长 配偶 真实"
_EN = "respondent'?s? interviewer'?s? contact your full first last family given nick"
_WHO = "(?:" + "|".join([f"{who}的?" for who in _ZH.split(" ")] + [f"{who}[ _]?" for who in _EN.split(" ")]) + ")*"
_END = r"(?:是|:|：|\?|？)*"
_NUMBER = r"(?:号|号码|[ _]?(?:no|number|id))?"
_WORDS = r"[^\n]*(?:[\u4e00-\u9fff]|[A-Za-z]{2})[^\n]*"
_FILE = r"[^\n]*(?:\.\w{2,4}|https?:).*"
_PHONES = "手机|联系电话|电话|联系方式|phone|mobile|telephone|mobile[ _]?phone"
_PLATFORM = (
    r"_?(?:device|sim|subscriber)_?(?:id|serial)|devicephonenum|phonenumber|simserial|_id|_uuid|uuid|formhub/uuid"
    r"|(?:meta/)?(?:root)?(?:instance|deprecated)_?id|submission[ _]?id|android[ _]?id|openid|unionid|token"
    r"|设备号|设备id"
)


def _person(kind: str, words: str, form: str) -> Header:
    return _header(kind, rf"{_WHO}(?:{words}){_NUMBER}{_END}", form)


#: Kind, what the column is called (with whose it is, and "number"), and the form of an answer.
HEADERS = (
    _person("name", "姓名|名字|联系人|昵称|微信昵称|name|surname|_?submitted_by|username", _WORDS),
    _person("address", "(?:详细|家庭|居住|现|联系|通讯|户籍|home |street |postal )*(?:地址|住址|门牌|address)", _WORDS),
    _person("wechat", "微信|wechat", r"[a-z0-9_-]{6,20}"),
    _person("qq", "qq", r"[1-9]\d{4,10}"),
    _person("email", "(?:电子)?(?:邮箱|邮件|e-?mail)(?:地址|[ _]?address)?", r"[^\n]*@[^\n]*"),
    _person("mobile", _PHONES, r"\+?\d{7,15}"),
    _person("card18", "身份证|证件|id[ _]?card", r"\d{14,17}[\dX*]"),
    _person("passport", "护照|passport", r"[A-Z0-9]{7,10}"),
    _person("plate", "车牌|number plate|license plate", r"[^\n]{6,9}"),
    _person("bank", "银行卡|银行账|bank[ _]?card|bank[ _]?account", r"\d{10,19}"),
    _header("ip", r"来自ip|ip|ip ?地址|ip[ _]?addr(?:ess)?", r"[^\n]*\d+\.\d+\.\d+\.\d+[^\n]*"),
    _header("imei", r"imei", r"\d{14,16}"),
    _header("device", _PLATFORM, r"[^\n]+"),
    _header(
        "media",
        r"(?:照片|录音|签名|photo|audio|recording|signature|audit)(?:_url)?",
        r"[^\n]*(?:\.\w{2,4}|https?:)[^\n]*",
    ),
)

#: The number before a question, and the kind of question in brackets behind it.
_NUMBERED = re.compile(r"^\s*[A-Za-z]?\d{1,3}(?:[-.]\d+)?\s*[、.:：)]\s*")
_KIND = re.compile(r"\s*[\[【(（][^\])）】]*[\])）】]\s*$")
#: Names of columns with the day of birth, with exact times, with places on the map.
BIRTH = re.compile(
    r"(?i)出生(?:日期|年月日)|生日|(?:^|[^a-z])(?:dob|birth[ _-]?(?:date|day)|date[ _]of[ _]birth)(?:[^a-z]|$)"
)
TIME = re.compile(
    r"(?i)^(?:start|end|start_?time|end_?time|start_?date|submit_?date|date_?stamp|submitted|_?submission_?time|today|interview_?time|"
    r"recorded_?date|提交答卷时间|提交时间|开始时间|结束时间|(?:开始|结束)?答题时间|访问(?:开始|结束)?时间|访谈(?:开始|结束)?时间)$"
)
LATITUDE = re.compile(r"(?i)(?:^|[^a-z])(?:lat|latitude)(?:[^a-z]|$)|纬度")
LONGITUDE = re.compile(r"(?i)(?:^|[^a-z])(?:lon|lng|long|longitude)(?:[^a-z]|$)|经度")


def header_of(column: str, labels: Mapping[str, str]) -> Header | None:
    """What the column's name, or its label, says of the persons in it; None where it says nothing."""
    texts = said(column, labels)
    return next((header for header in HEADERS if any(header.named.search(text) for text in texts)), None)


def said(column: str, labels: Mapping[str, str]) -> list[str]:
    """What a column is called: its name, its last part where it has groups, its label, without question numbers."""
    texts = (column, column.rpartition("/")[2], labels.get(column, ""))
    bare = [_KIND.sub("", _NUMBERED.sub("", text)) for text in texts]
    return list(dict.fromkeys(text.strip() for text in (*texts, *bare) if text.strip()))
