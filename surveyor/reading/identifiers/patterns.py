"""What identifiers look like, one row a kind: the form, the check, and how much of a column must have it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from surveyor.reading.identifiers.checks import is_bank_card, is_card15, is_card18, is_ip, luhn

HAN = "\u4e00-\u9fff"
#: First three digits of mobile numbers.
_MOBILE = r"1(?:3\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = rf"[{_PLATES}][A-Z]·?(?:[DF][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DF]|[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警])"
_MEDIA = "jpe?g|png|heic|gif|bmp|m4a|mp3|amr|wav|3gpp?|mp4|aac|ogg|mov|webm"


@dataclass(frozen=True)
class Form:
    """What the identifiers of one kind look like.

    whole    a whole cell, without spaces and hyphens
    inside   within a longer text
    check    what digits must fulfil besides
    share    how much of the different answers must have the form; 0 for any
    """

    kind: str
    whole: str | None
    inside: str | None = None
    check: Callable[[str], bool] | None = None
    share: float = 0.0

    def count(self, cells: str) -> int:
        """How many cells (lines, without spaces and hyphens) have the form."""
        return 0 if self.whole is None else self._count(rf"(?im)^(?:{self.whole})$", cells)

    def count_inside(self, text: str) -> int:
        """How often the form stands anywhere in a text."""
        return 0 if self.inside is None else self._count(rf"(?i){self.inside}", text)

    def _count(self, pattern: str, text: str) -> int:
        found = re.finditer(pattern, text)
        if self.check is None:
            return sum(1 for _ in found)
        return sum(self.check(re.sub(r"[ -]", "", match[match.re.groups])) for match in found)


_CARD = r"(?<![\dA-Za-z])(\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx])(?![\dA-Za-z])"
_PHONE = rf"(?<!\d)(?:(?:\+|00)?86[ -]?)?{_MOBILE}(?:[ -]?\d{{4}}){{2}}(?!\d)"

CARD18 = Form("card18", r"(\d{17}[\dX])", _CARD, is_card18)
MOBILE = Form("mobile", rf"(?:(?:\+|00)?86)?{_MOBILE}\d{{8}}", _PHONE, share=0.3)
LANDLINE = Form(
    "landline",
    rf"(?:(?:\+|00)?86)?\(?0(?:10|2\d|[3-9]\d\d)\)?[2-9]\d{{6,7}}(?:转\d+)?|(?:(?:\+|00)?86)?{_MOBILE}\d{{8}}",
    share=0.3,
)
#: The other forms, the surest first.
FORMS = (
    Form("card15", r"(\d{15})", check=is_card15, share=0.3),
    Form("imei", r"(\d{15})", check=luhn, share=0.6),
    Form("email", None, r"(?<![\w.])[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,}(?![\w])"),
    Form("wechat", None, r"(?<![a-z0-9])wxid_[a-z0-9]{6,}|微信(?:号|账号)?[:： ]*(?:是)?[:： ]*[a-z][a-z0-9_-]{5,19}"),
    Form("qq", None, r"(?<![a-z])qq(?:号|群)?(?:是|为)?[:： ]*[1-9]\d{4,10}(?!\d)"),
    Form("passport", r"(?:[EGDSPH](?!0{3})\d{8}|E[A-HJ-NP-Z]\d{7})", r"护照(?:号|号码)?(?:是|为)?[:： ]*[EGDSPH]\d{8}"),
    Form("plate", _PLATE, rf"[{_PLATES}][A-Z][· -]?(?=[A-HJ-NP-Z]*\d)[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])"),
    Form("bank", r"(\d{13,19})", check=is_bank_card, share=0.3),
    Form("ip", None, rf"(?m)^((?:\d{{1,3}}\.){{3}}\d{{1,3}})(?= *(?:[(（][{HAN} -]*[)）])? *$)", is_ip),
    Form("mac", None, r"(?<![0-9A-F:-])(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}(?![0-9A-F:-])"),
    Form("device", None, r"(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])"),
    Form("media", None, rf"(?m)^\S[^\n]*\.(?:{_MEDIA})$"),
)  # fmt: skip
#: Kinds of which one in a whole column is enough, and which free text holds as well.
BANK_INSIDE = Form("free text", None, r"(?<!\d)(\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?)(?!\d)", is_bank_card)

_NUMBERED = r"[0-9一二三四五六七八九十]"
_MARKS = "省|市|区|县|街道|镇|乡|村|路|街|弄|号|栋|幢|楼|单元|室|小区|胡同|巷|组"
#: A number that stands before a part of an address; rooms are not those of "3室2厅".
_DOOR = rf"{_NUMBERED}{{1,5}} ?(?:号|栋|幢|弄|单元|室|座|楼|组)|(?:路|街|道|巷){_NUMBERED}{{1,5}}"
_ADDRESS = re.compile(rf"(?m)^(?=[^\n]*(?:{_DOOR}))[^\n]*(?:{_MARKS})[^\n]*?(?:{_MARKS})[^\n]*$")
_ROOM = re.compile(
    rf"(?m)(?:{_MARKS})[^\n]{{0,12}}{_NUMBERED}{{1,5}} ?单元 ?-?\d{{1,4}}"
    rf"|(?:号|栋|幢|楼|单元|小区|苑|园|村|路)[^\n]{{0,8}}\d{{2,4}} ?室(?!{_NUMBERED})"
)


def addresses_among(lines: str) -> int:
    """How many lines look like an address with a number.

    >>> addresses_among("幸福路12号3栋\\n3室2厅\\n路灯坏了"), rooms_among("幸福路12号3单元502室")
    (1, 1)
    """
    return len(_ADDRESS.findall(lines))


def rooms_among(lines: str) -> int:
    """How many times an address goes down to the entrance or room."""
    return len(_ROOM.findall(lines))
