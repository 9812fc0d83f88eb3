"""Parallel analysis: how many factors lie behind items, beside data in which items have nothing in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.errors import DataError, UsageError, guess
from surveyor.measure.items import Items, items_of
from surveyor.measure.layout import Layout
from surveyor.measure.moments import moments_of
from surveyor.measure.unrelated import Unrelated
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.survey.groups import Groups, groups_of
from surveyor.threads import alone
from surveyor.waiting import waiting

if TYPE_CHECKING:
    from surveyor.survey import Survey

Kind = Literal["components", "factors"]
KINDS: tuple[Kind, ...] = ("components", "factors")
#: The place among random eigenvalues that one of the data must pass (Glorfeld 1995).
QUANTILE = 0.95
#: Draws that place it, and how many there may be.
FEWEST, MOST = 20, 100_000

#: What a reader must know.
NOTES: Mapping[str, Mapping[Language, str]] = {
    "apart": {
        "en": "the correlations of pairs do not fit together (an eigenvalue is not above 0): few answers, or rare "
        "categories",
        "zh": "各对题目的相关彼此不相容（有特征值不大于0）：回答太少，或有的类别很少有人选",
    },
    "replicates": {
        "en": "replicate weights do not say who lives together: random eigenvalues are those of single residents",
        "zh": "复制权数不能说明哪些居民住在一起：随机特征值按单个居民得出",
    },
}


@dataclass(frozen=True, eq=False, repr=False)
class Parallel(Shown):
    """Eigenvalues of the correlations of p items, beside those of items that have nothing in common.

    items         ids, (p,), with labels
    correlations  (p, p): polychoric between ordinal items, Pearson's between numbers, polyserial between the two
    eigenvalues   by kind (p,), from the largest: of the correlations ("components"), and of the correlations with
                  squared multiple correlations in the diagonal ("factors")
    random        by kind (draws, p), the same of drawn data
    alike         (p,) how alike answers in one primary unit are, item by item, in drawn data
    kind          whose number counts
    n, seed       residents; what the draws began with
    """

    items: tuple[str, ...]
    labels: Mapping[str, str]
    correlations: Array
    eigenvalues: Mapping[Kind, Array]
    random: Mapping[Kind, Array]
    alike: Array
    kind: Kind
    n: int
    seed: int
    notes: tuple[str, ...] = ()
    lang: Language = "en"

    @property
    def number(self) -> int:
        """How many factors the analysis suggests; one less or more should be looked at too (Lim and Jahng 2019)."""
        return self.kept(self.kind)

    @property
    def draws(self) -> int:
        """How many samples were drawn."""
        return len(self.random[self.kind])

    def kept(self, kind: Kind) -> int:
        """How many eigenvalues of a kind, from the first on, are above the 95th percentile of random ones."""
        above = self.eigenvalues[kind] > np.quantile(self.random[kind], QUANTILE, axis=0)
        return int(np.argmin(above)) if not above.all() else len(above)

    def to_frame(self) -> pd.DataFrame:
        """kind, number, eigenvalue, random_mean, random_95, kept; the kind that counts first."""
        frames = [self._of(kind) for kind in sorted(KINDS, key=lambda each: each != self.kind)]
        return pd.concat(frames, ignore_index=True)

    def _of(self, kind: Kind) -> pd.DataFrame:
        number = np.arange(1, len(self.items) + 1)
        return pd.DataFrame({
            "kind": kind, "number": number, "eigenvalue": self.eigenvalues[kind],
            "random_mean": self.random[kind].mean(axis=0),
            "random_95": np.quantile(self.random[kind], QUANTILE, axis=0),
            "kept": number <= self.kept(kind),
        })  # fmt: skip


@alone
def parallel(
    survey: Survey, items: Sequence[str], seed: int, draws: int = 200, kind: Kind = "components",
    continuous: bool = False,
) -> Parallel:  # fmt: skip
    """How many factors lie behind items: Horn's parallel analysis with weights, ordinal answers and clusters.

    An eigenvalue of the correlations counts as long as it and all before it are above the 95th percentile (Glorfeld
    1995) of those of drawn data. In these every item is a standard normal answer of its own, with a part that all in
    one primary unit share, as large as the data have it for this item, cut at the item's own thresholds; weights and
    missing answers stay where they are. So chance has the size it has under the design, and items are unrelated in
    residents and in units.

    items        names of items, or of scales in the questionnaire for all their items
    kind         "components": eigenvalues of the correlations (Horn 1965), the rule that was right most often among 13;
                 one less and one more should be looked at too (Lim and Jahng 2019). "factors": squared multiple
                 correlations in the diagonal (Humphreys and Ilgen 1969). Both are always made: "components" find too
                 few where factors of three items go together closely, "factors" too many where small influences of
                 their own are common to some items
    continuous   ordinal answers as numbers

    Polychoric correlations of drawn data are those of normal scores g (the mean normal answer in a category), over
    their standard deviations: cov(g, h) / (var g var h), the first step of maximum likelihood from 0.

    Raises UsageError for fewer than three items, a seed or number of draws that cannot be, unknown kinds and items;
    DataError where items cannot be correlated.

    >>> from surveyor.survey import Survey
    >>> y = np.random.default_rng(1).standard_normal((300, 1)) + np.random.default_rng(2).standard_normal((300, 4))
    >>> parallel(Survey(pd.DataFrame(y, columns=list("abcd"))), list("abcd"), seed=1).number
    1
    """
    _check(seed, draws, kind)
    names = _named(survey, items)
    groups = groups_of(survey, None)
    found = items_of(survey, names, groups, continuous)
    there = groups.units.weights > 0
    known = np.isfinite(found.values)
    there = there & (known.any(axis=1) if any(found.categories) else known.all(axis=1))
    R, thresholds = _correlations(found, groups)
    drawn = Unrelated(
        tuple(thresholds), known[there], groups.units.weights[there],
        groups.units.first.member[groups.units.unit[there]], np.zeros(len(names)),
    )  # fmt: skip
    if groups.units.clustered:
        drawn = drawn.alike_as(found.values[there])
    rng = np.random.default_rng(seed)
    random: dict[Kind, list[Array]] = {each: [] for each in KINDS}
    with waiting("Drawing data without factors") as done:
        for draw in range(draws):
            made = drawn.correlations(rng)
            for each in KINDS:
                random[each].append(_eigenvalues(made, each))
            done((draw + 1) / draws)
    return Parallel(
        items=tuple(names),
        labels=found.labels,
        correlations=R,
        eigenvalues={each: _eigenvalues(R, each) for each in KINDS},
        random={each: np.array(some) for each, some in random.items()},
        alike=drawn.alike,
        kind=kind,
        n=int(there.sum()),
        seed=seed,
        notes=(*found.notes, *_doubts(R, groups, survey.lang)),
        lang=survey.lang,
    )


def _correlations(items: Items, groups: Groups) -> tuple[Array, list[Array]]:
    """The correlations (p, p) of the data, and the thresholds of each item."""
    moments = moments_of(items, groups)
    layout: Layout = moments.layout
    values = moments.values[0]
    R = np.eye(layout.items)
    R[layout.pairs] = layout.correlations(values)
    R = R + np.triu(R, 1).T
    if not np.isfinite(R).all():
        i, j = np.argwhere(~np.isfinite(R))[0]
        raise DataError(
            f"'{items.names[i]}' and '{items.names[j]}' cannot be correlated", expected="residents who answered both"
        )
    cuts = [values[layout.levels(i)] if layout.ordinal[i] else np.zeros(0) for i in range(layout.items)]
    return R, cuts


def _eigenvalues(R: Array, kind: Kind) -> Array:
    """Eigenvalues (p,) from the largest, of the correlations or with squared multiple ones in the diagonal."""
    if kind == "factors":
        inverse = np.linalg.pinv(R, hermitian=True)
        R = R - np.eye(len(R)) + np.diag(np.clip(1 - 1 / np.diag(inverse), 0.0, 1.0))
    return np.asarray(np.linalg.eigvalsh(R)[::-1])


def _named(survey: Survey, items: Sequence[str]) -> list[str]:
    """The items, scales taken apart."""
    scales = survey.questionnaire.scales if survey.questionnaire else {}
    listed = [items] if isinstance(items, str) else list(items)
    names = [
        item
        for each in listed
        for item in (scales[each].items if each in scales and each not in survey.frame else [each])
    ]
    if len(names) < 3:
        raise UsageError(f"{len(names)} items have no number of factors to find", expected="three items or more")
    return names


def _check(seed: int, draws: int, kind: str) -> None:
    if kind not in KINDS:
        raise UsageError(f"there is no kind '{kind}'", remedy=guess(str(kind), KINDS))
    for name, given, least in (("seed", seed, 0), ("draws", draws, FEWEST)):
        if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < least:
            raise UsageError(f"{name}={given!r} cannot be", expected=f"a whole number from {least} on")
    if draws > MOST:
        raise UsageError(f"draws={draws} are too many", expected=f"up to {MOST}")


def _doubts(R: Array, groups: Groups, lang: Language) -> tuple[str, ...]:
    found = {"apart": np.linalg.eigvalsh(R)[0] <= 0, "replicates": groups.units.replicates is not None}
    return tuple(NOTES[key][lang] for key, there in found.items() if there)
