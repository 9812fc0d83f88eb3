"""A formula met with a survey: which columns are levels, what they are coded against, who counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, Flags
from surveyor.compare.regression.coding import Texts, family_for, levels_for, measures_for
from surveyor.errors import DataError, UsageError, guess
from surveyor.estimate import level_text
from surveyor.expressions import Factor, Formula, parse_formula
from surveyor.statistics.regression.matrix import Column, Matrix, Part, matrix_of
from surveyor.statistics.regression.regression import Regression
from surveyor.survey import Survey

FAMILIES = ("gaussian", "binomial", "poisson", "ordinal", "multinomial")
INTERCEPT, CUT = "(intercept)", "(cut point)"


@dataclass(frozen=True, eq=False)
class Model:
    """A formula for the residents of one survey.

    there    (n,) who counts: weight above 0 and an answer to everything in the formula
    columns  the numbers (n,) of everything in the formula
    parts    what each factor is made of, the reference level first; texts: the labels of its levels
    group    (n,) the level of each row for factors of levels, -1 for none; of all rows, counted or not
    notes    what was left out, and what counts as yes
    repeated whether columns were left out that add nothing to those before them
    """

    survey: Survey
    formula: Formula
    statistic: Regression
    there: Flags
    columns: Mapping[str, Array]
    parts: Mapping[Factor, Sequence[Part]]
    texts: Mapping[Factor, Texts]
    group: Mapping[Factor, Codes]
    notes: tuple[str, ...] = ()
    repeated: bool = False

    def entered_by(self, groups: Sequence[str]) -> Flags:
        """Which coefficients (k,) belong to a term with one of the groups; all, where every term has them."""
        terms = {":".join(f.label for f in term): {f.label for f in term} for term in self.formula.terms}
        own = [bool(terms.get(column.term, set()) & {*groups}) for column in self.statistic.matrix.columns]
        family = self.statistic.family
        if family.ordered:
            return np.array([*own, *[False] * family.predictors])
        return np.array(own * family.predictors)

    @property
    def cells(self) -> pd.DataFrame:
        """What each coefficient is: the answer it is for (multinomial), variable, level, statistic."""
        family, outcome = self.statistic.family, self.formula.outcome
        own = [
            (column.term or INTERCEPT, self._shown(column), "coefficient") for column in self.statistic.matrix.columns
        ]
        if family.ordered:
            texts = [self.survey.level_text(outcome, code) for code in family.answers]
            own += [(CUT, f"{a} | {b}", "cut point") for a, b in pairwise(texts)]
        if family.ordered or family.predictors == 1:
            return pd.DataFrame(own, columns=["variable", "level", "statistic"], dtype=object)
        rows = [(code, *row) for code in family.answers[1:] for row in own]
        return pd.DataFrame(rows, columns=[outcome, "variable", "level", "statistic"], dtype=object)

    @property
    def names(self) -> dict[str, str]:
        """Labels of terms, for display."""
        label, said = self.survey.label, {"en": ("Intercept", "Cut point"), "zh": ("截距", "切点")}[self.survey.lang]
        made = {INTERCEPT: said[0], CUT: said[1], self.formula.outcome: label(self.formula.outcome)}
        for term in self.formula.terms:
            shown = [replace(f, name=label(f.name)).label if f.function != "factor" else label(f.name) for f in term]
            made.setdefault(":".join(f.label for f in term), " \N{MULTIPLICATION SIGN} ".join(shown))
        return {key: name for key, name in made.items() if key}

    def _shown(self, column: Column) -> Any:
        """The level of a column as a code of its labels; several, or a power, as a text."""
        labels = {factor.label: texts for factor, texts in self.texts.items()}
        if column.term in labels:
            return column.level
        shown = [
            level_text(labels.get(label, {}), Column(label, (part,)).level, self.survey.lang)
            for label, part in zip(column.factors, column.parts, strict=True)
        ]
        return " \N{MULTIPLICATION SIGN} ".join(text for text in shown if text) or None

    @property
    def references(self) -> dict[str, str]:
        """The level that the others of a factor are compared with, by the factor's label."""
        firsts = {factor: next(iter(self.parts[factor])) for factor in self.texts}
        return {factor.label: level_text(self.texts[factor], getattr(part, "code", None), self.survey.lang)
                for factor, part in firsts.items()}  # fmt: skip

    def place(self, factor: Factor, part: Part) -> int:
        """Where a level stands among all that its column can have."""
        return list(self.texts[factor]).index(getattr(part, "code", np.nan))

    def without_repeated(self) -> tuple[Self, list[str]] | None:
        """The model without columns that add nothing to those before them, and what these are."""
        statistic = self.statistic
        rows = {name: column[self.there] for name, column in self.columns.items()}
        kept = statistic.solved(rows, self.survey.units.weights[self.there]).base.kept
        columns = statistic.matrix.columns
        gone = [column for k, column in enumerate(columns) if k not in kept]
        if not gone:
            return None
        less = replace(statistic, matrix=Matrix(tuple(columns[k] for k in kept)))
        names = [(column.term, self._shown(column)) for column in gone]
        labels = {factor.label: texts for factor, texts in self.texts.items()}
        said = [f"{term} ({level_text(labels.get(term, {}), level, self.survey.lang)})" if level is not None else term
                for term, level in names]  # fmt: skip
        return replace(self, statistic=less, repeated=True), said


def model_of(survey: Survey, source: str, family: str, link: str) -> Model:
    """The model that a formula describes.

    Raises UsageError for what cannot be read or is not in the data, DataError where the answers cannot bear it.
    """
    if family not in FAMILIES:
        raise UsageError(f"there is no family '{family}'", remedy=guess(str(family), FAMILIES))
    if link not in ("logit", "probit") or (link == "probit" and family != "binomial"):
        raise UsageError(
            f"link='{link}' does not go with family '{family}'", expected="'logit'; binomial: 'probit' too"
        )
    formula = parse_formula(source)
    names = dict.fromkeys([formula.outcome, *[factor.name for factor in formula.factors]])
    columns = {name: survey.column(name).values for name in names}
    there = survey.units.weights > 0
    for values in columns.values():
        there = there & np.isfinite(values)
    if not there.any():
        raise DataError(f"nobody has answers to everything in '{source}'", remedy="Ask fewer terms, or a larger domain")
    y, notes = family_for(survey, formula.outcome, columns[formula.outcome][there], family, link)
    parts: dict[Factor, Sequence[Part]] = {}
    texts: dict[Factor, Texts] = {}
    groups: dict[Factor, Codes] = {}
    for factor in formula.factors:
        if factor.function in ("factor", "bin") or (not factor.function and survey.column(factor.name).labels):
            parts[factor], texts[factor], groups[factor], said = levels_for(survey, factor, there)
            notes = (*notes, *said)
        else:
            parts[factor] = measures_for(survey, factor, columns[factor.name][there])
    matrix = matrix_of(formula, parts)
    if y.ordered:  # cut points stand for the intercept
        matrix = Matrix(tuple(column for column in matrix.columns if column.parts))
    if not matrix.columns:
        raise UsageError(f"the formula '{source}' has no terms", expected='for example "y ~ type + age"')
    statistic = Regression(formula.outcome, matrix, y)
    return Model(survey, formula, statistic, there, columns, parts, texts, groups, notes)
