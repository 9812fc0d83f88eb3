"""What Wenjuanxing adds to the answers: numbers, times, where an answer came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from surveyor.format import counted
from surveyor.questionnaire import Questionnaire
from surveyor.reading.platforms.times import each, moment, seconds
from surveyor.reading.platforms.wording import tidy

DURATION = ("所用时间", "答题时长", "填写时长")
SUBMITTED = ("提交答卷时间", "提交时间")
ADDRESS = ("来自IP", "IP", "IP地址")
OTHERS = (
    "序号", "答卷编号", "来源", "来源详情", "来源渠道", "渠道", "总分", "得分", "用户昵称", "微信昵称", "用户ID",
    "用户名", "自定义字段", "来源参数", "省份", "城市", "IP省份", "IP城市", "开始答题时间", "开始时间",
    "openid", "unionid",
)  # fmt: skip


def without_system(
    frame: pd.DataFrame, asked: Questionnaire | None, entries: list[str], warnings: list[str]
) -> pd.DataFrame:
    """The frame without what describes submissions; `duration` in seconds and `submitted` are kept."""
    by_name = {tidy(str(name)): name for name in frame.columns if asked is None or str(name) not in asked}
    here = {kind: [by_name[n] for n in names if n in by_name] for kind, names in _KINDS.items()}
    for name in here["address"]:
        _shared(frame[name], warnings)
    if gone := [*here["address"], *here["others"]]:
        entries.append(f"{counted(len(gone), 'column')} about the submission left out: {', '.join(map(str, gone))}")
    frame = frame.drop(columns=gone)
    duration = (asked.role("duration") if asked else None) or "duration"
    for kind, name, read, form in (
        ("duration", duration, seconds, "seconds"),
        ("submitted", "submitted", _iso, "day and time"),
    ):
        if here[kind]:
            frame = _kept(frame, str(here[kind][0]), name, read, form, entries, warnings)
            frame = frame.drop(columns=here[kind][1:])
    return frame


_KINDS: Mapping[str, tuple[str, ...]] = {
    "address": ADDRESS, "others": OTHERS, "duration": DURATION, "submitted": SUBMITTED,
}  # fmt: skip


def _kept(
    frame: pd.DataFrame,
    old: str,
    name: str,
    read: Callable[[str], object],
    form: str,
    entries: list[str],
    warnings: list[str],
) -> pd.DataFrame:
    made = each(frame[old], read)
    entries.append(f"{old} -> {name} ({form}), {counted(int(made.notna().sum()), 'cell')}")
    if lost := int((frame[old].notna() & made.isna()).sum()):
        warnings.append(f"'{old}' could not be read in {counted(lost, 'row')}; these cells are empty in '{name}'")
    return frame.rename(columns={old: name}).assign(**{name: made})


def _iso(cell: str) -> str | None:
    read = moment(cell)
    return None if read is None else read.isoformat()


def _shared(addresses: pd.Series, warnings: list[str]) -> None:
    """How many rows share an address; none is shown."""
    counts = addresses.value_counts()
    rows = int(counts[counts > 1].sum())
    if rows:
        warnings.append(
            f"{counted(rows, 'row')} share an internet address with another row; families, offices and networks "
            "share one too, so this proves no fraud"
        )
