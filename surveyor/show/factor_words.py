"""Words that everything shown of factor models shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from surveyor.format import count, significant
from surveyor.measure.setting import Setting
from surveyor.questionnaire import Language
from surveyor.show.table import Cell

#: Digits of a number found by iteration on which two machines agree.
DIGITS = 6


def fitted(text: str, value: float | None) -> Cell:
    """A right-aligned cell of a number that was found by iteration: two machines agree on fewer digits of it."""
    return Cell(text, significant(value, DIGITS), "right")


def named(item: str, labels: Mapping[str, str]) -> str:
    """A question by its label, with its name, by which it is found in the questionnaire.

    >>> named("rb11", {"rb11": "Trust: tenants"}), named("q1", {"q1": "q1"})
    ('Trust: tenants (rb11)', 'q1')
    """
    label = labels.get(item, item)
    return item if label == item else f"{label} ({item})"


def quoted(names: Sequence[str], labels: Mapping[str, str], lang: Language) -> str:
    """Questions in a sentence, their labels in quotation marks.

    >>> quoted(["rb09", "rb11"], {"rb09": "Trust: own building", "rb11": "Trust: tenants"}, "en")
    '“Trust: own building” (rb09) and “Trust: tenants” (rb11)'
    """
    opened, closed = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
    beside = {"en": " ({})", "zh": "（{}）"}[lang]
    each = [f"{opened}{labels.get(name, name)}{closed}{beside.format(name)}" for name in names]
    if lang == "zh" or len(each) < 2:
        return "、".join(each)
    return f"{', '.join(each[:-1])} and {each[-1]}"


def bases(setting: Setting, groups: Sequence[str], lang: Language) -> str:
    """How many answered in each group, and in how many primary units."""
    answered = [count(float(n)) for n in setting.moments.n]
    units = units_of(setting)
    names = list(groups) or [{"en": "residents", "zh": "居民"}[lang]]
    if lang == "zh":
        people = "，".join(f"{name}{n}人" for name, n in zip(names, answered, strict=True))
        return f"有效回答：{people}" + (f"；初级抽样单位分别为{'、'.join(map(count, units))}个。" if units else "。")
    people = ", ".join(f"{n} {name}" for name, n in zip(names, answered, strict=True))
    return f"Answers: {people}" + (f", in {' and '.join(map(count, units))} primary units." if units else ".")


def units_of(setting: Setting) -> list[int]:
    """How many primary units each group has people in; nothing where people were drawn one by one."""
    units, cell = setting.groups.units, setting.groups.cell
    if not units.clustered:
        return []
    unit = units.first.member[units.unit]
    there = units.weights > 0
    return [len(np.unique(unit[(cell == g) & there])) for g in range(setting.groups.count)]
