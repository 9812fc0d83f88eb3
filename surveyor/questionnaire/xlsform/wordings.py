"""Which columns of a sheet hold which language, and the texts of a row."""

from __future__ import annotations

import re
from pathlib import Path

from surveyor.questionnaire.texts import Language
from surveyor.questionnaire.xlsform.layout import SHORT
from surveyor.questionnaire.xlsform.sheets import Row, Sheet, language_of

Texts = dict[Language, str]


class Wordings:
    """The languages of one sheet: `label`, `label::English (en)`, `label::中文`.

    A column without a language is in the form's default language, else in that of its letters. Where a form speaks
    neither English nor Chinese, its first language is kept as English, with a remark.
    """

    def __init__(self, sheet: Sheet, default: str, path: Path) -> None:
        self._where = f"{path.name}, sheet '{sheet.name}'"
        self.remarks: list[str] = []
        self._of: dict[str, Language] = {}
        spoken = list(dict.fromkeys(key.partition("::")[2] for key in sheet.headings if key.startswith("label::")))
        for name in spoken:
            if lang := language_of(name):
                self._of[name] = lang
        if any(key == "label" for key in sheet.headings):
            sample = "".join(row.get("label") for row in sheet.rows)
            self._of.setdefault("", language_of(default) or script_of(sample))
        if not self._of and spoken:
            self._of[spoken[0]] = "en"
            self.remarks.append(f"{self._where}: the texts in '{spoken[0]}' are kept as English: only English and "
                                "Chinese have a place")  # fmt: skip
        lost = [name for name in spoken if name not in self._of]
        if lost:
            self.remarks.append(f"{self._where}: texts in {', '.join(lost)} were left out: only English and Chinese "
                                "have a place")  # fmt: skip

    def headings(self, column: str) -> dict[str, Language]:
        """The headings of a column, and the language under each."""
        named = {f"{column}::{name}": lang for name, lang in self._of.items() if name}
        return {column: self._of[""], **named} if "" in self._of else {**named, column: self._default()}

    def _default(self) -> Language:
        return next(iter(self._of.values()), "en")

    def texts(self, row: Row, column: str) -> Texts:
        """The texts of a row by language; a suffixed column goes before the bare one."""
        found: Texts = {}
        for key, lang in self.headings(column).items():
            if row.get(key) and (key != column or lang not in found):
                found[lang] = row.get(key)
        return {lang: found[lang] for lang in ("en", "zh") if lang in found}

    def short(self, row: Row) -> Texts:
        """The short labels that surveyor wrote beside."""
        langs: tuple[Language, ...] = ("en", "zh")
        return {lang: row.get(f"{SHORT}_{lang}") for lang in langs if row.get(f"{SHORT}_{lang}")}


def script_of(text: str) -> Language:
    """Chinese where a text has Han characters, else English."""
    return "zh" if re.search("[\u4e00-\u9fff]", text) else "en"
