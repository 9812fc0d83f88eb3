"""Columns of a survey as parts of a model: levels, measures, and the outcome's family."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Codes, Flags, places
from surveyor.errors import DataError, UsageError
from surveyor.estimate import RESERVED, level_text
from surveyor.expressions import Factor
from surveyor.format import counted
from surveyor.questionnaire import Language, say
from surveyor.statistics import Proportion
from surveyor.statistics.regression.families import Binomial, Family, Gaussian, Multinomial, Ordinal, Poisson
from surveyor.statistics.regression.matrix import Band, Level, Measure, Part, powers
from surveyor.survey import Survey, levels_of

Texts = Mapping[float, Mapping[Language, str]]


def levels_for(survey: Survey, factor: Factor, there: Flags) -> tuple[list[Part], Texts, Codes, tuple[str, ...]]:
    """The levels of a factor that residents have, its labels, the level of each row, and what was left out."""
    column = survey.column(factor.name)
    made: list[Level | Band]
    texts: dict[float, Mapping[Language, str]]
    if factor.function == "bin":
        _refuse_words(survey, factor)
        ends = (-np.inf, *factor.numbers, np.inf)
        made = [Band(factor.name, float(k), *ends[k : k + 2]) for k in range(len(ends) - 1)]
        texts = {band.code: _band_text(band) for band in made if isinstance(band, Band)}
        at = np.where(np.isfinite(column.values), np.digitize(column.values, factor.numbers), -1)
    else:
        codes = levels_of(column, factor.name)
        made = [Level(factor.name, code) for code in codes]
        texts = {code: column.labels.get(code, {"en": level_text({}, code, "en")}) for code in codes}
        at = places(column.values, codes)
        at = np.where(at == len(codes), -1, at)
    seen = np.bincount(at[there], minlength=len(made)) > 0
    kept: list[Part] = [part for part, some in zip(made, seen, strict=True) if some]
    gone = [say(texts[part.code], survey.lang) for part, some in zip(made, seen, strict=True) if not some]
    notes = []
    if gone:
        notes.append(f"{factor.label}: nobody here has {', '.join(gone[:8])}{' and others' if len(gone) > 8 else ''}")
    if len(kept) == 1:
        notes.append(f"{factor.label}: all have {say(texts[made[int(seen.argmax())].code], survey.lang)}")
    return kept, texts, at.astype(np.intp), tuple(notes)


def _band_text(band: Band) -> Mapping[Language, str]:
    low, high = level_text({}, band.low, "en"), level_text({}, band.high, "en")
    if not np.isfinite(band.low):
        return {"en": f"under {high}", "zh": f"{high}以下"}
    if not np.isfinite(band.high):
        return {"en": f"{low} and more", "zh": f"{low}及以上"}
    return {"en": f"{low} to under {high}", "zh": f"{low}至{high}以下"}


def measures_for(survey: Survey, factor: Factor, x: Array) -> list[Part]:
    """A column of numbers, or a function of it made for these rows."""
    _refuse_words(survey, factor)
    if factor.function == "log":
        if (x <= 0).any():
            raise DataError(
                f"{counted(int((x <= 0).sum()), 'answer')} to '{factor.name}' cannot have a logarithm",
                expected="numbers above 0",
                remedy="Take them out with where(), or use bin()",
            )
        return [Measure(factor.name, "log")]
    if factor.function == "center":
        return [Measure(factor.name, "center", float(x.mean()))]
    if factor.function == "poly":
        degree = int(factor.numbers[0])
        if len(np.unique(x)) <= degree:
            few = counted(len(np.unique(x)), "different answer")
            raise DataError(f"'{factor.name}' has {few}, too few for {factor.label}")
        return list(powers(factor.name, x, degree))
    return [Measure(factor.name)]


def _refuse_words(survey: Survey, factor: Factor) -> None:
    if survey.column(factor.name).is_text:
        raise DataError(
            f"{factor.label} needs numbers, and '{factor.name}' holds words", remedy="Use it without a function"
        )


def family_for(survey: Survey, outcome: str, y: Array, name: str, link: str) -> tuple[Family, tuple[str, ...]]:
    """The family for an outcome, and what counts as what."""
    column = survey.column(outcome)
    seen = np.unique(y)
    if len(seen) == 1:
        only = survey.level_text(outcome, seen[0])
        raise DataError(
            f"all {counted(len(y), 'resident')} with answers have '{only}' in '{outcome}'",
            expected="an outcome that differs between residents",
        )
    if name in ("gaussian", "poisson"):
        if column.is_text:
            raise DataError(f"'{outcome}' holds words", remedy='Use family="binomial", "ordinal" or "multinomial"')
        if name == "poisson" and (y < 0).any():
            raise DataError(f"'{outcome}' is below 0 in {counted(int((y < 0).sum()), 'row')}", expected="counts")
        return (Gaussian() if name == "gaussian" else Poisson()), ()
    if name == "binomial":
        return _binomial(survey, outcome, y, link)
    listed = isinstance(survey.frame[outcome].dtype, pd.CategoricalDtype)
    if name == "ordinal" and column.is_text and not listed and len(seen) > 2:
        raise DataError(
            f"'{outcome}' holds words, and nothing says in which order",
            expected="a questionnaire that lists the answers, or an ordered pandas Categorical",
        )
    codes = [code for code in levels_of(column, outcome) if (seen == code).any()]
    gone = [survey.level_text(outcome, code) for code in levels_of(column, outcome) if code not in codes]
    notes = (f"{outcome}: nobody here has {', '.join(gone[:8])}",) if gone else ()
    if outcome in RESERVED:
        raise UsageError(f"the outcome cannot be called '{outcome}'", remedy="Rename the column in the data")
    return (Ordinal if name == "ordinal" else Multinomial)(tuple(codes)), notes


def _binomial(survey: Survey, outcome: str, y: Array, link: str) -> tuple[Binomial, tuple[str, ...]]:
    """0 and 1 as they are; of two answers the second is yes, of more the favourable end of the questionnaire."""
    column = survey.column(outcome)
    if not column.labels and y.min() >= 0 and y.max() <= 1:
        return Binomial(link=link), ()
    levels = column.levels if len(column.levels) <= 2 else [code for code in column.levels if (y == code).any()]
    named = survey.summary(outcome)
    top = named.levels[0] if isinstance(named, Proportion) and named.levels and len(named.levels) == 1 else ()
    yes = top if isinstance(top, tuple) and top else tuple(levels[1:]) if len(levels) == 2 else ()
    if not yes:
        raise DataError(
            f"'{outcome}' has {counted(len(np.unique(y)), 'different answer')}",
            expected="0 and 1, two answers, or a questionnaire that names the favourable answers (top)",
            remedy='Use family="ordinal" or "multinomial" for more',
        )
    if not np.isin(y, yes).any() or np.isin(y, yes).all():
        raise DataError(f"all residents give the same side of '{outcome}'", expected="an outcome that differs")
    shown = survey.level_text(outcome, yes if len(yes) > 1 else yes[0])
    return Binomial(tuple(yes), link), (f"{outcome}: yes is {shown}",)
