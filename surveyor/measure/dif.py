"""Whether items are read alike in two groups: differential item functioning under the design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveyor.arrays import Array, distinct
from surveyor.errors import UsageError, guess
from surveyor.format import number
from surveyor.measure.functioning import TESTS, functioning, spread
from surveyor.measure.items import MOST, items_of
from surveyor.measure.matching import MATCHING, Match, Matching, matches
from surveyor.measure.turning import standardised
from surveyor.multiplicity import adjusted
from surveyor.questionnaire import Language, say
from surveyor.questionnaire.item import MEASURED
from surveyor.shown import Shown
from surveyor.survey.groups import Groups, groups_of
from surveyor.threads import alone

if TYPE_CHECKING:
    from surveyor.survey import Survey

#: The chance below which a difference counts, and how large it is in standard deviations of the item.
CHANCE = 0.05
SIZES = ((0.25, "large"), (0.17, "moderate"), (0.0, "slight"))
#: What a reader must know; {} are items.
NOTES: Mapping[str, Mapping[Language, str]] = {
    "apart": {"en": "taken out of the scores of the others: {}", "zh": "已从其他题目的匹配分数中剔除：{}"},
    "left": {
        "en": "still in the scores of the others, as too few would remain: {}; what the others show with the opposite "
        "sign may be its reflection",
        "zh": "因余下题目过少，仍保留在其他题目的匹配分数中：{}；其他题目方向相反的差异可能由其引起",
    },
    "loose": {
        "en": "the scores for {} are little reliable (alpha from {}): differences between items are uncertain",
        "zh": "{}的匹配分数信度较低（α 最低 {}）：题目间的差异不确定",
    },
    "unrelated": {
        "en": "the other items do not go together in one of the groups: no test",
        "zh": "其他题目在其中一组中互不相关：不作检验",
    },
}
JOIN: Mapping[Language, str] = {"en": ", ", "zh": "、"}
#: Below this alpha of its other items the tests of an item are doubted.
LOOSE = 0.5
COLUMNS = ["item", "test", "log_odds", "se", "df", "p", "p_adjusted", "points", "points_low", "points_high",
           "at_low", "at_high", "size", "verdict", "n", "note"]  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class ItemBias(Shown):
    """How residents of two groups answer each item, at the same level of what the items measure.

    title         label of the scale; nothing for items of no scale
    items         id -> label
    groups        the two groups; differences are the first minus the second
    table         what `to_frame` gives
    reliability   item -> alpha of the items it is matched on, in both groups
    apart         items taken out of the scores of the others, as they were read differently at first
    matching      "corrected" or "observed"
    """

    title: str
    items: Mapping[str, str]
    by: str
    groups: tuple[str, str]
    table: pd.DataFrame
    reliability: Mapping[str, tuple[float, float]]
    apart: tuple[str, ...]
    matching: Matching
    notes: tuple[str, ...] = ()
    lang: Language = "en"

    def to_frame(self) -> pd.DataFrame:
        """item, test, log_odds, se, df, p, p_adjusted, points, points_low, points_high, at_low, at_high, size,
        verdict, n, note.

        test         "uniform" or "non-uniform"
        log_odds     of a higher answer, group a minus b, at the same level; non-uniform: how much that grows with one
                     standard deviation of the level. Of an item that is a number the difference itself. With se, df, p
        points       expected answers, a minus b, averaged over all residents; non-uniform: a standard deviation above
                     the mean level minus as far below it, where the differences are at_high and at_low
        size         points in standard deviations of the item
        verdict      "none found", "slight", "moderate", "large" (see `dif`), or "not tested"
        """
        return self.table.copy()

    @property
    def flagged(self) -> tuple[str, ...]:
        """The items with a moderate or large difference."""
        hit = self.table["verdict"].isin(["moderate", "large"])
        return tuple(dict.fromkeys(self.table.loc[hit, "item"]))


@alone
def dif(
    survey: Survey, scale: str | Sequence[str], by: str = "type", matching: Matching = "corrected", purify: bool = True
) -> ItemBias:
    """Whether items are answered alike in two groups at the same level of what they measure (Zumbo 1999).

    Each item is regressed on the score of the others, then on the group too (uniform), then on both and their product
    (non-uniform): by proportional odds, a number by a line, with the tests of the design (Swaminathan and Rogers 1990;
    Crane and others 2006). All tests of a scale are adjusted together (Holm 1979).

    A difference with adjusted p < .05 is slight below .17 standard deviations of the item, moderate below .25, else
    large: the bounds of polytomous items in NAEP (Zwick, Thayer and Mazzeo 1997).

    scale      a reflective scale of the questionnaire, or three items or more
    matching   "corrected" for the unreliability of the score in each group, or "observed": where the groups differ in
               what the items measure, part of that stays beside an observed score of few items and looks like an item
               read differently
    purify     items found moderately or largely different are taken out of the scores of the others, once, as long as
               two items remain to be matched on (Holland and Thayer 1988)

    Items say that they differ from the others, not which of them is right: if half of a
    scale is read differently, the other half is found. With three items nothing can be taken out, and the one that
    differs lends part of its difference, with the opposite sign, to the two others, which are then often found too.

    Raises UsageError for unknown or formative scales, fewer than three items, anything but two groups; DataError
    where an item has no two answers in a group.

    >>> from surveyor.survey import Survey
    >>> draw = np.random.default_rng(3)
    >>> level, kind = draw.normal(size=400), np.repeat([1, 2], 200)
    >>> frame = pd.DataFrame({f"q{i}": np.clip(np.rint(level + draw.normal(size=400)), -2, 2) for i in range(4)})
    >>> frame["q3"] = np.where(kind == 1, np.maximum(frame["q3"] - 1, -2), frame["q3"])
    >>> dif(Survey(frame.assign(kind=kind)), ["q0", "q1", "q2", "q3"], by="kind").flagged
    ('q3',)
    """
    if matching not in MATCHING:
        raise UsageError(f"there is no matching '{matching}'", remedy=guess(str(matching), MATCHING))
    names, title = _named(survey, scale)
    groups = groups_of(survey, by)
    found = items_of(survey, names, groups, continuous=True)
    points = {name: found.values[:, i] for i, name in enumerate(names)}
    asked = _Asked(survey, by, groups, points, _parts(survey, scale, points), matching)
    others = {name: [other for other in names if other != name] for name in names}
    table, reliability = asked.tested(others)
    apart = _apart(table, len(names)) if purify else ()
    if apart:
        table, reliability = asked.tested({name: [o for o in some if o not in apart] for name, some in others.items()})
    return ItemBias(
        title=title,
        items=found.labels,
        by=by,
        groups=tuple(survey.level_text(by, code) for code in groups.codes),  # type: ignore[arg-type]
        table=table,
        reliability=reliability,
        apart=apart,
        matching=matching,
        notes=(*found.notes, *groups.notes, *_notes(table, apart, reliability, purify, survey.lang)),
        lang=survey.lang,
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """Items of one scale, as points and as the parts of scores."""

    survey: Survey
    by: str
    groups: Groups
    points: Mapping[str, Array]
    parts: Mapping[str, Array]
    matching: Matching

    def tested(self, others: Mapping[str, Sequence[str]]) -> tuple[pd.DataFrame, dict[str, tuple[float, float]]]:
        """Both tests of every item, and how reliable its score is."""
        made = matches(self.survey, self.by, self.points, self.parts, others, self.matching)
        table = pd.DataFrame([row for name, match in made.items() for row in self._rows(name, match)])
        p, size = table["p"].to_numpy(dtype=float), table["size"].to_numpy(dtype=float)
        p_adjusted = adjusted(p, "holm")
        verdicts = [_verdict(*each) for each in zip(p_adjusted, size, strict=True)]
        table = table.assign(p_adjusted=p_adjusted, verdict=verdicts)
        return table[COLUMNS], {name: match.reliability for name, match in made.items()}

    def _rows(self, name: str, match: Match) -> list[dict[str, Any]]:
        if not match.reliable:
            why = NOTES["unrelated"][self.survey.lang]
            return [
                {**dict.fromkeys(COLUMNS, np.nan), "item": name, "test": test, "n": 0, "note": why} for test in TESTS
            ]
        ordinal = self._is_ordinal(name)
        weights = np.where(self.groups.cell >= 0, self.survey.units.weights, 0.0)
        sd = spread(self.points[name], weights)
        return [{"item": name, **row, "size": row["points"] / sd} for row in functioning(match, ordinal)]

    def _is_ordinal(self, name: str) -> bool:
        """Whether the answers are a few ordered ones: a choice list, or at most 10 whole numbers."""
        if self.survey.column(name).labels:
            return True
        asked = self.survey.questionnaire
        values = self.points[name]
        seen = distinct(values[np.isfinite(values)])
        measured = asked is not None and name in asked and asked.item(name).type in MEASURED
        return not measured and len(seen) <= MOST and all(value.is_integer() for value in seen)


def _verdict(p: float, size: float) -> str:
    if not np.isfinite(p) or not np.isfinite(size):
        return "not tested"
    return next(word for bound, word in SIZES if abs(size) >= bound) if p < CHANCE else "none found"


def _apart(table: pd.DataFrame, count: int) -> tuple[str, ...]:
    """The flagged items, the most different first, as many as leave two to match the others on."""
    hit = table[table["verdict"].isin(["moderate", "large"])]
    worst = hit.assign(size=hit["size"].abs()).sort_values("size", ascending=False, kind="stable")
    return tuple(dict.fromkeys(worst["item"]))[: max(count - 3, 0)]


def _named(survey: Survey, scale: str | Sequence[str]) -> tuple[list[str], str]:
    """The items, and the label of their scale."""
    if not isinstance(scale, str):
        names, title = list(scale), ""
    else:
        scales = survey.questionnaire.scales if survey.questionnaire else {}
        if scale not in scales:
            raise UsageError(f"the questionnaire has no scale '{scale}'", remedy=guess(scale, scales))
        found = scales[scale]
        if found.kind != "reflective":
            raise UsageError(
                f"the scale '{scale}' is {found.kind}: its items need not say the same",
                expected="a reflective scale, whose items all measure one thing",
                remedy="Compare its items one by one",
            )
        names, title = list(found.items), say(found.label, survey.lang)
    if len(names) < 3:
        raise UsageError(
            f"{len(names)} items cannot be held against each other", expected="three items or more of one scale"
        )
    return names, title


def _parts(survey: Survey, scale: str | Sequence[str], points: Mapping[str, Array]) -> Mapping[str, Array]:
    """What scores add up: points, in standard deviations where the scale says so or items have other units."""
    asked, weights = survey.questionnaire, survey.units.weights
    if isinstance(scale, str):
        alike = asked is None or asked.scales[scale].score != "standardised"
    else:
        alike = len({asked.item(name).type in MEASURED for name in points if asked is not None and name in asked}) <= 1
    if alike:
        return points
    return {
        name: standardised(values, weights, name, "the score of the other items") for name, values in points.items()
    }


def _notes(
    table: pd.DataFrame, apart: Sequence[str], reliability: Mapping[str, tuple[float, float]], purify: bool,
    lang: Language,
) -> tuple[str, ...]:  # fmt: skip
    hit = dict.fromkeys(table.loc[table["verdict"].isin(["moderate", "large"]), "item"])
    left = [name for name in hit if purify and name not in apart and len(reliability) - len(apart) <= 3]
    loose = [name for name, both in reliability.items() if min(both) < LOOSE]
    least = number(min((min(reliability[name]) for name in loose), default=None))
    told = (("apart", apart), ("left", left), ("loose", loose))
    return tuple(NOTES[key][lang].format(JOIN[lang].join(some), least) for key, some in told if some)
