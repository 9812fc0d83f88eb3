"""Alpha, omega and their company for scales, in each group and between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyor.arrays import Array, Flags
from surveyor.estimate import Estimate
from surveyor.intervals import Place
from surveyor.measure.reliability.result import OfScale, Reliability
from surveyor.measure.reliability.scales import Asked, Scales, asked
from surveyor.measure.reliability.texts import NOTES, TROUBLES
from surveyor.statistics import Alpha, InterItem, ItemRest, LinearOmega, Omega, Statistic
from surveyor.statistics.of_one_factor import FEWEST, OfOneFactor
from surveyor.survey.groups import Groups, groups_of
from surveyor.threads import alone

if TYPE_CHECKING:
    from surveyor.survey import Survey


@alone
def reliability(survey: Survey, scales: Scales, by: str | None = None) -> Reliability:
    """How reliable the scores of scales are, in all residents or in each of the two groups of `by`.

    scales   names of scales of the questionnaire, lists of items, or {name: items}; reversed items are turned round

    Per scale and group, over the residents with an answer to all its items: alpha; omega, of the sum of ordinal items
    by the model of Green and Yang (2009), else (counts among the items, an index of scales) by the linear one-factor
    model; the mean inter-item correlation; the corrected item-rest correlations. Items are the numbers the score is
    made of, so that those of a "standardised" scale are in standard deviations of all residents.

    Errors follow from the design, with the group as a stratum (see surveyor.survey.groups). Intervals are t intervals
    with primary units minus strata as degrees of freedom, for alpha and omega on the scale of log(1 - x) (Bonett 2002),
    for correlations on that of arctanh (Fisher 1921); those of the difference of two groups are made as it stands,
    with the degrees of freedom that `compare` has (rule "auto").

    Raises UsageError for unknown scales and for those whose items do not measure one thing (they say what to use
    instead), and unless `by` has two groups; DataError where an item has one answer in a group.

    >>> from surveyor import Survey
    >>> answers = pd.DataFrame(list(np.ndindex(2, 2, 2)) + [(0, 0, 0), (1, 1, 1)] * 2, columns=["a", "b", "c"])
    >>> made = reliability(Survey(answers), {"abc": ["a", "b", "c"]})
    >>> round(made.lowest("abc"), 6)
    0.6
    """
    groups = groups_of(survey, by)
    listed = asked(survey, scales, groups)
    columns = {_column(each, item): values for each in listed for item, values in each.items.items()}
    prepared = survey.with_columns(columns, survey.questionnaire)
    return Reliability(
        scales=tuple(_of_scale(prepared, each, groups) for each in listed),
        by=by,
        codes=groups.codes,
        names=tuple(survey.level_text(by, code) for code in groups.codes) if by is not None else ("",),
        notes=groups.notes,
        lang=survey.lang,
    )


def _column(scale: Asked, item: str) -> str:
    """The column of an item as this scale takes it: no column of a file is called so."""
    return f"{scale.name} of {item}"


def _of_scale(survey: Survey, scale: Asked, groups: Groups) -> OfScale:
    columns = tuple(_column(scale, item) for item in scale.items)
    signs = (1,) * len(columns)
    model = (Omega if scale.ordinal else LinearOmega)(columns, signs) if len(columns) >= FEWEST else None
    wanted: list[Statistic] = [Alpha(columns, signs), InterItem(columns, signs), ItemRest(columns, signs)]
    if model is not None:
        wanted.insert(1, model)
    made = _named(groups.estimate(survey, wanted), scale)
    numbers = np.column_stack(list(scale.items.values()))
    known = np.asarray(np.isfinite(numbers).all(axis=1), dtype=bool)
    return OfScale(
        name=scale.name,
        label=scale.label,
        items=tuple(scale.items),
        labels=scale.labels,
        estimate=_placed(made),
        gaps=_gaps(made) if groups.count == 2 else None,
        units=_units(groups, known),
        notes=tuple(_notes(survey, scale, model, made, groups, known, g) for g in range(groups.count)),
    )


def _named(made: Estimate, scale: Asked) -> Estimate:
    """The same numbers under the names of scale and items: a level is an item."""
    item = {_column(scale, name): name for name in scale.items}
    cells = made.cells.assign(
        level=pd.Series([item.get(each) for each in made.cells["variable"]], index=made.cells.index, dtype=object),
        variable=scale.name,
    )
    labels = {name: known for name, known in made.labels.items() if name not in item}
    labels[scale.name] = {name: {"en": text, "zh": text} for name, text in scale.labels.items()}
    names = {name: text for name, text in made.names.items() if name not in item}
    return replace(made, cells=cells, labels=labels, names={**names, scale.name: scale.label})


def _placed(made: Estimate) -> Estimate:
    """The same numbers with intervals made on log(1 - x) for reliabilities, on arctanh for correlations."""
    places = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for x, se, what in zip(made.values, made.se, made.cells["statistic"], strict=True):
            if what in ("alpha", "omega"):
                places.append(Place(float(np.log1p(-x)), float(se / (1 - x)), _from_log, share=False))
            else:
                places.append(Place(float(np.arctanh(x)), float(se / (1 - x * x)), _from_arctanh, share=False))
    return replace(made, places=tuple(places))


def _from_log(place: float) -> float:
    return float(-np.expm1(place))


def _from_arctanh(place: float) -> float:
    return float(np.tanh(place))


def _gaps(made: Estimate) -> Estimate:
    """The differences a - b of alpha and omega, with the degrees of freedom of a comparison."""
    parts = []
    for what in ("alpha", "omega"):
        at = np.flatnonzero(made.cells["statistic"] == what)
        if len(at) == 2:
            L = np.zeros((1, len(made)))
            L[0, at] = 1.0, -1.0
            gap = made.contrast(L, f"difference of {what}")
            parts.append(gap if gap.shares is None else replace(gap, df=gap.degrees("auto")))
    return parts[0] if len(parts) == 1 else parts[0].beside(parts[1])


def _rows(groups: Groups, known: Flags, g: int) -> Flags:
    return np.asarray(known & (groups.cell == g) & (groups.units.weights > 0))


def _units(groups: Groups, known: Flags) -> tuple[int | None, ...]:
    """Primary units with answers in each group; None where the design names none."""
    if not groups.units.clustered:
        return (None,) * groups.count
    members = groups.units.primary(groups.grouping.part(known).members) > 0
    return tuple(int(count) for count in members.sum(axis=0))


def _notes(
    survey: Survey, scale: Asked, model: OfOneFactor | None, made: Estimate, groups: Groups, known: Flags, g: int
) -> tuple[str, ...]:
    """What a reader must know of the reliability of a scale in one group."""
    lang = survey.lang
    said = [NOTES["index"][lang]] if scale.index else []
    if model is None:
        return (*said, NOTES["two"][lang])
    if not scale.ordinal and not scale.index:
        said.append(NOTES["numbers"][lang])
    rows = _rows(groups, known, g)
    if not rows.any():
        return tuple(said)
    answers: dict[str, Array] = {_column(scale, item): values[rows] for item, values in scale.items.items()}
    trouble = model.trouble(answers, groups.units.weights[rows])
    if trouble is not None:
        names = _plain(scale, trouble.items)
        said.append(TROUBLES[trouble.reason][lang].format(items={"en": ", ", "zh": "、"}[lang].join(names)))
    return tuple(said)


def _plain(scale: Asked, columns: Sequence[str]) -> list[str]:
    return [item for item in scale.items if _column(scale, item) in columns]
