"""What every format needs of a survey: its columns as plain arrays, with labels, codes and reasons in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Literal

import pyarrow as pa

from surveyor.errors import DataError
from surveyor.format import counted
from surveyor.questionnaire import Item, Language, Questionnaire, say
from surveyor.survey import Survey
from surveyor.writing.cells import cells, is_text, is_whole, replaced
from surveyor.writing.labels import UNPRINTABLE

Measure = Literal["ordinal", "nominal", "scale", "unknown"]

#: Kinds of items whose missing answers are codes.
CODED = ("ordinal", "nominal", "multiple", "integer", "number", "calculated")

#: Kind of item -> level of measurement; a copied answer has that of its choices.
MEASURES: Mapping[str, Measure] = {
    "ordinal": "ordinal", "nominal": "nominal", "multiple": "nominal", "calculated": "nominal", "text": "nominal",
    "id": "nominal", "date": "nominal", "integer": "scale", "number": "scale", "weight": "scale",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Variable:
    """One column to be written.

    cells    int64, float64 or large_string, with gaps
    answers  code -> label; empty where the column has no choice list
    reasons  code that stands for no answer -> why
    """

    name: str
    cells: pa.Array
    label: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    measure: Measure = "unknown"

    @cached_property
    def is_text(self) -> bool:
        """Whether it holds text."""
        return is_text(self.cells)

    @cached_property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers only."""
        return is_whole(self.cells)

    @property
    def labels(self) -> dict[int | float, str]:
        """The labels of all codes: reasons first, as their codes are below those of answers."""
        return dict(sorted({**self.reasons, **self.answers}.items()))


@dataclass(frozen=True, eq=False)
class Table:
    """A survey ready to be written: its columns, several-answer items, weight, and what to say about them.

    file      the name it will have, for messages
    sets      item with several answers -> its 0/1 columns
    weight    the column of weights
    warnings  what the file will not say as the survey does
    """

    file: str
    rows: int
    variables: tuple[Variable, ...]
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weight: str | None = None
    warnings: tuple[str, ...] = ()

    def changed(self, change: Callable[[Variable], tuple[Variable, Iterable[str]]]) -> Table:
        """The table with every column changed, and what there is to say about it among the warnings."""
        made = [change(each) for each in self.variables]
        said = [warning for _, warnings in made for warning in warnings]
        return replace(self, variables=tuple(each for each, _ in made), warnings=(*self.warnings, *said))


def prepared(survey: Survey, file: str, lang: Language) -> Table:
    """The columns of a survey as arrays, with their labels in `lang`.

    Raises DataError (file, column) for columns without a name of their own and cells no format can hold: see `cells`.
    """
    names = [str(name) for name in survey.frame.columns]
    _check_names(names, file)
    warnings = _unsaid(survey)
    variables = []
    for name, column in survey.frame.items():
        array, lost = cells(column, file)
        variable = _variable(str(name), array, survey.questionnaire, lang)
        variables.append(printable := _printable(variable))
        if printable is not variable:
            warnings.append(f"{name}: control characters in its labels were written as U+FFFD")
        if lost:
            warnings.append(f"{name}: broken letters were written as U+FFFD in {counted(lost, 'cell')}")
    weight = survey.design.weights
    return Table(
        file=file,
        rows=len(survey.frame),
        variables=tuple(variables),
        sets=_sets(survey.questionnaire, set(names)),
        weight=weight if isinstance(weight, str) else None,
        warnings=tuple(warnings),
    )


def without(table: Table, pattern: str, what: str) -> Table:
    """The table with characters a format cannot hold written as U+FFFD, and a warning for each such column.

    pattern  RE2 that finds them; `what` names them in the warning
    """

    def change(variable: Variable) -> tuple[Variable, list[str]]:
        if not variable.is_text:
            return variable, []
        array, hits = replaced(variable.cells, pattern, "\N{REPLACEMENT CHARACTER}")
        said = [f"{variable.name}: {what} were written as U+FFFD in {counted(hits, 'cell')}"] if hits else []
        return (replace(variable, cells=array), said) if hits else (variable, said)

    return table.changed(change)


def _check_names(names: Sequence[str], file: str) -> None:
    """Raises DataError for a name that is missing, given twice or cannot be printed."""
    seen: set[str] = set()
    for at, name in enumerate(names, 1):
        problems = {
            f"column {at} has no name": not name.strip(),
            f"the name of column {at} holds a control character": UNPRINTABLE.search(name) is not None,
            f"more than one column is called '{name}'": name in seen,
        }
        for problem, there in problems.items():
            if there:
                raise DataError(problem, where=file, remedy="Give each column a name of its own, of letters and digits")
        seen.add(name)


def _printable(variable: Variable) -> Variable:
    """The same variable, or one whose labels hold U+FFFD for what cannot be printed."""
    texts = (variable.label, *variable.answers.values(), *variable.reasons.values())
    if not any(UNPRINTABLE.search(text) for text in texts):
        return variable
    mend = partial(UNPRINTABLE.sub, "\N{REPLACEMENT CHARACTER}")
    return replace(
        variable,
        label=mend(variable.label),
        answers={code: mend(text) for code, text in variable.answers.items()},
        reasons={code: mend(text) for code, text in variable.reasons.items()},
    )


def _variable(name: str, array: pa.Array, questionnaire: Questionnaire | None, lang: Language) -> Variable:
    if questionnaire is None or name not in questionnaire:
        return Variable(name, array)
    item: Item = questionnaire.item(name)
    label = questionnaire.label(name, lang)
    if is_text(array):
        return Variable(name, array, label, measure="nominal")
    choices = questionnaire.choices_of(name)
    listed = choices.codes if choices else {}
    missing = questionnaire.missing_codes(name) - listed.keys() if item.type in CODED else set()
    return Variable(
        name,
        array,
        label,
        answers={code: say(text, lang) for code, text in sorted(listed.items())},
        reasons={code: questionnaire.reason(code, lang) for code in sorted(missing)},
        measure=MEASURES[item.type],
    )


def _sets(questionnaire: Questionnaire | None, names: set[str]) -> dict[str, tuple[str, ...]]:
    """The items with several answers whose columns are all there."""
    several = [item for item in questionnaire.items if item.type == "multiple"] if questionnaire else []
    columns = {item.id: tuple(c.id for c in questionnaire.expanded(item)) for item in several if questionnaire}
    return {name: parts for name, parts in columns.items() if names.issuperset(parts)}


def _unsaid(survey: Survey) -> list[str]:
    """What a survey knows beyond its cells and labels, which no file keeps."""
    said = []
    if survey.domain is not None:
        said.append(f"the filter is not kept: all {counted(len(survey.frame), 'row')} were written")
    if survey.steps:
        said.append("calibrated or trimmed weights were not written: the file holds the weights as they were before")
    return said
