"""The type of community by the label of its kind; by the codebook of the wave where a file has codes only."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import MISSING
from surveyor.reading.answers import Answers
from surveyor.reading.national.columns import code_of, named
from surveyor.reading.national.kinds import GROUPS, INSEPARABLE, TYPE, group_of, plain, reason_of
from surveyor.reading.national.missing import reason
from surveyor.reading.national.waves import Wave


@dataclass(frozen=True)
class _Kind:
    """What a cell of the column stands for: the name of a kind of community and its group, or a missing code."""

    name: str | None
    group: int | None


def typed(answers: Answers, wave: Wave) -> Answers:
    """The answers with the group of the community, and the recode in the log.

    Raises DataError that lists the kinds that are not known, and where the file already has such a column.
    """
    if wave.type is None:
        return answers.noted(warnings=[f"the public file of {wave.name} has no type of community"])
    name = named(answers, wave.type)
    if name is None:
        return answers.noted(warnings=[f"no column '{wave.type}': without it there is no type of community"])
    if TYPE in answers.frame:
        raise DataError(
            f"the file already has a column '{TYPE}'", where=answers.log.file, remedy="Rename it in the file"
        )
    column = answers.frame[name]
    labels = {code: label for code, label in answers.values.get(name, {}).items() if code >= 0}
    kinds = {cell: _kind(cell, labels, wave) for cell in column.dropna().unique()}
    _refuse_unknown(kinds, f"{answers.log.file}, column '{name}'", wave)
    entries, warnings = _told(column, kinds, wave)
    if entries and not labels and all(code_of(cell) == code_of(cell) for cell in kinds):
        warnings.append(f"the file carries no labels: the codes of '{name}' were read by the {wave.name} codebook")
    return _with_type(answers, column, {cell: kind.group for cell, kind in kinds.items()}).noted(entries, warnings)


def _with_type(answers: Answers, column: pd.Series, groups: Mapping[Hashable, int | None]) -> Answers:
    """The answers with the new column, as text where the file is text."""
    codes = column.map(groups).astype(float)
    absent = frozenset(float(code) for code in groups.values() if code is not None and code < 0)
    if not pd.api.types.is_numeric_dtype(column):
        codes = codes.map("{:g}".format, na_action="ignore").astype(column.dtype)
    texts = {float(code): text for code, text in GROUPS.items()} | {code: reason(int(code)) for code in absent}
    return replace(
        answers,
        frame=answers.frame.assign(**{TYPE: codes}),
        labels={**answers.labels, TYPE: "type of community"},
        values={**answers.values, TYPE: texts},
        missing={**answers.missing, **({TYPE: absent} if absent else {})},
    )


def _kind(cell: Hashable, labels: Mapping[float, str], wave: Wave) -> _Kind:
    """What a cell stands for."""
    code = code_of(cell)
    if code < 0:
        return _Kind(None, int(code) if code in MISSING else wave.missing.get(int(code)))
    if code != code:
        return _Kind(str(cell), reason_of(str(cell)) or group_of(str(cell)))
    name = labels.get(code) if labels else wave.kinds.get(int(code)) if code.is_integer() else None
    return _Kind(name, None if name is None else group_of(name))


def _told(column: pd.Series, kinds: Mapping[Hashable, _Kind], wave: Wave) -> tuple[list[str], list[str]]:
    """How kinds became groups, and where a kind belongs to two."""
    rows: Mapping[Hashable, int] = column.value_counts().to_dict()
    made = [
        f"{kind.name[:20]} -> {GROUPS[kind.group]} ({counted(rows[cell], 'row')})"
        for cell, kind in sorted(kinds.items(), key=lambda pair: str(pair[0]))
        if kind.name is not None and kind.group in GROUPS
    ]
    warnings = []
    if any(kind.name and re.search(INSEPARABLE, plain(kind.name)) for kind in kinds.values()):
        warnings.append(f"'{column.name}' has commercial and affordable housing in one category: both count as estates")
    return [f"{TYPE} made from '{column.name}': {'; '.join(made)}"] if made else [], warnings


def _refuse_unknown(kinds: Mapping[Hashable, _Kind], where: str, wave: Wave) -> None:
    unknown = {cell: kind.name for cell, kind in kinds.items() if kind.group is None}
    if not unknown:
        return
    shown = [f"'{name[:20]}'" if name else f"{code_of(cell):g} (no label)" for cell, name in list(unknown.items())[:8]]
    garbled = any(name and re.search(r"[\u0080-\u00ff]", name) for name in unknown.values())
    raise DataError(
        f"kinds of community that are not known: {', '.join(shown)}",
        where=where,
        expected=f"names as in the {wave.name} codebook, such as {', '.join(list(wave.kinds.values())[:4])}",
        remedy='The text is garbled; read the file with encoding="gb18030"'
        if garbled
        else f"Check that this is a {wave.name} file with its own labels",
    )
