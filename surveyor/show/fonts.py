"""A font that has Chinese characters, where a figure needs one."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path

from surveyor.errors import ReportError

HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Heiti SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK JP",
)


def families(text: str) -> list[str]:
    """Font families for `text`: one with Chinese characters first where the text has any.

    Raises ReportError (both languages) where none is installed: never boxes.
    """
    return [_chinese(), "DejaVu Sans"] if HAN.search(text) else ["DejaVu Sans"]


@cache
def _chinese() -> str:
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    for family in FAMILIES:
        if family in installed:
            return family
    path = _from_extra()
    if path is None:
        raise ReportError(
            "no font with Chinese characters was found 未找到中文字体",
            remedy="Install one (for example Noto Sans CJK SC), or pip install 'surveyor[zh]' 请安装中文字体",
        )
    font_manager.fontManager.addfont(str(path))
    return str(font_manager.FontProperties(fname=str(path)).get_name())


def _from_extra() -> Path | None:
    """The font file of the `zh` extra; the package is not imported, because its import changes settings."""
    found = importlib.util.find_spec("zhplot")
    if found is None or found.origin is None:
        return None
    fonts = sorted(Path(found.origin).parent.rglob("*.[ot]tf"))
    return fonts[0] if fonts else None
