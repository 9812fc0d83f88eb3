"""Exports of survey platforms: KoboToolbox and ODK, Wenjuanxing, LimeSurvey."""
