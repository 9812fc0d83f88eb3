"""Exports of Wenjuanxing (问卷星)."""

from surveyor.reading.platforms.wenjuanxing.source import WENJUANXING

__all__ = ["WENJUANXING"]
