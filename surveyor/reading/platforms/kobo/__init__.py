"""Exports of KoboToolbox and ODK, and what every platform's layout needs: wording, chosen answers, times."""

from surveyor.reading.platforms.kobo.source import KOBO
from surveyor.reading.platforms.kobo.system import main_sheet

__all__ = ["KOBO", "main_sheet"]
