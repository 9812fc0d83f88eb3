"""Estimate: numbers with joint uncertainty, and their algebra."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from surveyor.arrays import Array
from surveyor.errors import UsageError, guess
from surveyor.estimate.algebra import combined, is_slope
from surveyor.estimate.labels import Labels, level_text
from surveyor.estimate.rows import matched, named_as, notes_of
from surveyor.estimate.source import Block, Source, joined, placed
from surveyor.intervals import ENDS, METHODS, Method, Place, automatic
from surveyor.questionnaire import Language
from surveyor.shown import Shown
from surveyor.significance import Test, wald
from surveyor.statistics import gradient

if TYPE_CHECKING:
    from surveyor.design import Shares
    from surveyor.show import Figure

DegreesRule = Literal["design", "auto", "r", "stata"]
RULES: tuple[DegreesRule, ...] = ("design", "auto", "r", "stata")


#: Columns of `to_frame` that a group cannot be called.
RESERVED = ("variable", "level", "statistic", "value", "se", "low", "high", "df", "n", "note")


@dataclass(frozen=True, eq=False, repr=False)
class Estimate(Shown):
    """q numbers that know how they vary together.

    cells       (q rows) group columns, then variable, level, statistic; groups and levels as codes
    values      (q,)
    deviations  (U, q) independent pieces of error D; the covariance is D'D
    df, n       (q,) degrees of freedom; unweighted number of answers
    source      the residents and design the rows of D belong to: estimates of one source vary together
    blocks      of an estimate joined from several sources, which rows of D belong to which
    labels      variable -> code -> text, for display; names: variable -> label
    recipe      the call that makes these numbers again
    whole_df    (q,) primary units minus strata in the whole design
    simple      makes the variances under simple random sampling and the population sizes, when asked for
    shares      makes the shares of primary units in each value, from which the df of rule "auto" come
    places      (q,) for values read off a scale, such as quantiles, where they lie on it; else None
    """

    cells: pd.DataFrame
    values: Array
    deviations: Array
    df: Array
    n: Array
    source: Source
    labels: Labels
    recipe: str = ""
    lang: Language = "en"
    names: Mapping[str, str] = field(default_factory=dict)
    whole_df: Array | float = np.nan
    simple: Callable[[], tuple[Array, Array]] | None = None
    shares: Callable[[], Shares] | None = None
    places: tuple[Place | None, ...] = ()
    blocks: tuple[Block, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def se(self) -> Array:
        """Standard errors (q,): the lengths of the columns of D."""
        return np.asarray(np.sqrt(np.einsum("uq,uq->q", self.deviations, self.deviations)))

    @property
    def covariance(self) -> Array:
        """Covariance matrix (q, q): D'D."""
        return self.deviations.T @ self.deviations

    def interval(
        self, level: float = 0.95, method: Method | None = None, df: DegreesRule | float | Array | None = None
    ) -> pd.DataFrame:
        """The frame of `to_frame` with intervals of this `level`.

        method   "wald", "logit", "beta" (Korn and Graubard), "wilson": see surveyor.intervals. None: for shares
                 "logit", and "beta" below .1, above .9 or under 30 answers; for everything else "wald"
                 A value read off a scale, such as a median, has the interval of its share, read off (Woodruff)
        df       "design" primary units minus strata counted in the domain; "auto" fewer where units are
                 unequal (see design.small_samples); "stata" counted in the whole design; "r" infinite (R's
                 confint of svymean); or a number

        Raises UsageError for a level outside 0 and 1 or an unknown method or rule.
        """
        if not isinstance(level, int | float) or not 0 < level < 1:
            raise UsageError(f"the level {level!r} is not between 0 and 1", expected="for example 0.95")
        if method is not None and method not in METHODS:
            raise UsageError(f"there is no interval '{method}'", remedy=guess(str(method), METHODS))
        used = self.degrees("design" if df is None else df)
        share = (self.cells["statistic"] == "proportion").to_numpy()
        if (
            method not in (None, "wald")
            and ((self.values < 0) | (self.values > 1))[[p is None for p in self._places]].any()
        ):
            raise UsageError(f"'{method}' is an interval of shares, and there are values outside 0 and 1",
                             remedy='Use method="wald", or pick() the shares')  # fmt: skip
        chosen = (
            np.where(share, automatic(self.values, self.n), "wald") if method is None else np.full(len(self), method)
        )
        low, high = np.full(len(self), np.nan), np.full(len(self), np.nan)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            se = self.se
            for name in np.unique(chosen):
                at = chosen == name
                low[at], high[at] = ENDS[name](self.values[at], se[at], used[at], self.n[at].astype(float), level)
        for i, place in enumerate(self.places):
            if place is not None:
                low[i], high[i] = place.ends(float(used[i]), float(self.n[i]), level, method)
        frame = self.named()
        return frame.assign(value=self.values, se=se, low=low, high=high, df=used, n=self.n, note=self.notes())

    def degrees(self, rule: DegreesRule | float | Array = "design") -> Array:
        """Degrees of freedom (q,) by a rule of `interval`, or a number for all values.

        Raises UsageError for an unknown rule, or "auto" for an estimate that has no shares of units.
        """
        if isinstance(rule, str) and rule == "design":
            return self.df
        if isinstance(rule, str) and rule == "auto":
            if self.shares is None:
                raise UsageError(
                    "the shares of units are not known for this estimate",
                    expected="statistics of one kind under a design with units, not replicate weights",
                    remedy='Use df="design"',
                )
            found = self.shares().df()
            return np.where(np.isnan(found) & (self.se > 0), self.df, found)  # chance only below the first stage
        if isinstance(rule, str) and rule not in RULES:
            raise UsageError(f"there is no rule df='{rule}'", remedy=guess(rule, RULES))
        chosen = {"r": np.inf, "stata": self.whole_df}[rule] if isinstance(rule, str) else rule
        try:
            return np.array(np.broadcast_to(np.asarray(chosen, dtype=float), len(self)))
        except (TypeError, ValueError):
            raise UsageError(f"df={rule!r} does not give {len(self)} numbers", expected="a rule or a number") from None

    def test(
        self, null: float | Sequence[float] | Array | Literal["equal"] = 0.0, df: DegreesRule | float | Array = "design"
    ) -> Test:
        """Wald test that the values are `null`: F on q (or the rank of the covariance) and the least of the df.

        null   a number for all values, (q,), or "equal": all values are the same, whatever that is; of the mean ranks
               of groups (sv.MeanRank) this is the design-based Kruskal-Wallis test, of their means the analysis of
               variance
        df     a rule of `interval`

        Raises UsageError where null has another length, or a single value is to be equal.

        >>> from surveyor import Survey
        >>> survey = Survey(pd.DataFrame({"y": [1.0, 2, 3, 2], "g": ["a", "a", "b", "b"]}))
        >>> survey.mean("y", by="g").test("equal").df2
        1.0
        """
        if isinstance(null, str):
            if null != "equal" or len(self) < 2:
                raise UsageError(
                    f"{len(self)} values cannot be tested for '{null}'", expected='two or more for "equal"'
                )
            return self.contrast(np.hstack([np.ones((len(self) - 1, 1)), -np.eye(len(self) - 1)])).test(df=df)
        wanted = np.asarray(null, dtype=float)
        if wanted.ndim and wanted.shape != self.values.shape:
            raise UsageError(f"null has {wanted.size} numbers and the estimate {len(self)}", expected="one each")
        return wald(self.values - wanted, self.deviations, float(np.min(self.degrees(df))))

    def deff(self, kind: Literal["wr", "wor"] = "wr") -> Array:
        """Design effects (q,): the variance over that of a simple random sample of as many residents (Kish 1965).

        kind   the simple sample drawn with ("wr") or without ("wor") replacement from the weighted population

        Raises UsageError for a contrast or transform: only estimates of a survey have a simple sample beside them.
        """
        if kind not in ("wr", "wor"):
            raise UsageError(f"deff kind '{kind}' is not known", expected="'wr' or 'wor'")
        if self.simple is None:
            raise UsageError(
                "this estimate has no simple sample beside it",
                expected="means, shares, totals or another formula on totals, as the survey gives them",
                remedy="Ask the estimate it was made from; quantiles and ranks have none",
            )
        variance, population = self.simple()
        if kind == "wor" and (population <= self.n).any():
            raise UsageError(
                "the weights add up to no more people than answered, so nobody was drawn without replacement",
                expected="weights that add up to the population",
                remedy='Use deff("wr")',
            )
        shrink = 1 - self.n / population if kind == "wor" else 1.0
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.se**2 / (variance * shrink))

    def effective_n(self) -> Array:
        """Effective sample sizes (q,): answers over the design effect; how many simple random answers say as much."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.n / self.deff("wr"))

    def to_frame(self) -> pd.DataFrame:
        """Group columns, then variable, level, statistic, value, se, low, high, df, n, note."""
        return self.interval()

    def notes(self) -> list[str]:
        """Per value, what a reader must know about it: nothing to estimate from, no variation, one unit."""
        return notes_of(self)

    def contrast(self, weights: Sequence[Any] | Array, name: str = "contrast") -> Estimate:
        """Linear combinations: `weights` (q,) or (r, q) gives r numbers L v with deviations D L'.

        Raises UsageError where the number of weights is not q.
        """
        try:
            L = np.atleast_2d(np.asarray(weights, dtype=float))
        except (TypeError, ValueError):
            raise UsageError(f"the contrast {weights!r} is not made of numbers") from None
        if L.shape[1] != len(self):
            raise UsageError(
                f"the contrast has {L.shape[1]} weights and the estimate {len(self)} values",
                expected="one weight for each row of to_frame()",
            )
        return self._derived(combined(self.values[None, :], L)[0], L, name)

    def transform(
        self,
        formula: Callable[[Any], Any],
        name: str = "transform",
        *,
        back: Callable[[Any], Any] | None = None,
    ) -> Estimate:
        """A smooth function of the values, v -> r numbers, with deviations D J' (the delta method).

        The Jacobian J is exact (complex step), so `formula` must accept complex numbers.

        back   the numbers shown are back(formula(v)), and their intervals are made before `back`:
               transform(lambda v: np.log(v[0] / v[1]), back=np.exp) is a ratio with an interval on the log scale
        """
        if back is not None:
            scale = self.transform(formula, name)
            rest = scale.transform(back, name)
            if not _by_value(back, scale.values, rest.values):
                raise UsageError("`back` must take the values one by one", expected="for example back=np.exp")
            at = zip(scale.values, scale.se, strict=True)
            return replace(rest, places=tuple(Place(float(v), float(se), back, share=False) for v, se in at))

        def stacked(v: Any) -> Any:
            return np.atleast_1d(np.asarray(formula(v)))

        values, J = np.asarray(stacked(self.values)), gradient(stacked, self.values)
        if np.iscomplexobj(values) or not is_slope(stacked, self.values, self.se, J):
            raise UsageError(
                "this formula cannot be differentiated exactly",
                expected="arithmetic, powers, np.exp, np.log, np.sqrt: no abs, max, comparison, float() or .real",
            )
        return self._derived(values, J, name)

    def pick(self, **groups: Any) -> Estimate:
        """The values of some groups, levels or variables: pick(type="old"), by code or label.

        Raises UsageError where there is no such column or value.
        """
        keep = np.ones(len(self), dtype=bool)
        for column, wanted in groups.items():
            if column not in self.cells.columns:
                raise UsageError(
                    f"the estimate has no column '{column}'",
                    remedy=guess(column, self.cells.columns),
                )
            codes = self.cells[column]
            texts = self._texts(column)
            hit = (texts == str(wanted)).to_numpy()
            hit = hit if hit.any() else (codes == wanted).to_numpy()
            if not hit.any():
                raise UsageError(f"'{column}' has no value '{wanted}'", remedy=guess(str(wanted), texts.unique()))
            keep &= hit
        at = np.flatnonzero(keep)
        made, shares = self.simple, self.shares
        return replace(
            self,
            cells=self.cells.iloc[at].reset_index(drop=True),
            values=self.values[at],
            deviations=self.deviations[:, at],
            df=self.df[at],
            n=self.n[at],
            simple=None if made is None else lambda: (made()[0][at], made()[1][at]),
            shares=None if shares is None else lambda: shares().at(at),
            places=tuple(self.places[i] for i in at) if self.places else (),
            whole_df=self.degrees("stata")[at],
        )

    def beside(self, other: Estimate) -> Estimate:
        """This and another estimate in one: of one survey they vary together, of two they are independent."""
        blocks = joined(self._blocks, other._blocks)
        D = np.hstack([placed(self.deviations, self._blocks, blocks), placed(other.deviations, other._blocks, blocks)])
        other = named_as(other, self)
        mine, theirs = self.shares, other.shares
        both = len(blocks) == 1 and mine is not None and theirs is not None
        return replace(
            self,
            cells=pd.concat([self.cells, other.cells], ignore_index=True),
            values=np.concatenate([self.values, other.values]),
            deviations=D,
            df=np.concatenate([self.df, other.df]),
            n=np.concatenate([self.n, other.n]),
            blocks=blocks if len(blocks) > 1 else (),
            labels={
                name: {**other.labels.get(name, {}), **self.labels.get(name, {})}
                for name in [*other.labels, *self.labels]
            },
            names={**other.names, **self.names},
            whole_df=np.concatenate([self.degrees("stata"), other.degrees("stata")]),
            simple=None,
            shares=(lambda: mine().beside(theirs())) if both else None,  # type: ignore[misc]
            places=(*self._places, *other._places) if self.places or other.places else (),
            recipe=f"{self.recipe} beside {other.recipe}",
        )

    def __sub__(self, other: Estimate) -> Estimate:
        eye = np.eye(matched(self, other))
        return self.beside(other).contrast(np.hstack([eye, -eye]), "difference")

    def __truediv__(self, other: Estimate) -> Estimate:
        q = matched(self, other)
        return self.beside(other).transform(lambda v: v[:q] / v[q:], "ratio")

    def plot(self) -> Figure:
        """Stacked bars of proportions by one grouping; raises UsageError for anything else."""
        from surveyor.show import stacked_figure

        return stacked_figure(self)

    @property
    def _blocks(self) -> tuple[Block, ...]:
        return self.blocks or ((self.source, len(self.deviations)),)

    @property
    def _places(self) -> tuple[Place | None, ...]:
        return self.places or (None,) * len(self)

    def _derived(self, values: Array, J: Array, name: str) -> Estimate:
        used = J != 0
        shares = self.shares
        alike = self.cells["statistic"][used.any(axis=0)].nunique() <= 1  # shares of unlike numbers have no common unit
        cells = pd.DataFrame({"variable": name, "level": None, "statistic": name}, index=range(len(J)))
        return replace(
            self,
            cells=cells,
            values=values,
            deviations=combined(self.deviations, J),
            df=np.array([self.df[row].min() if row.any() else np.nan for row in used]),
            n=np.array([self.n[row].min() if row.any() else self.n.min() for row in used]),
            recipe=f"{self.recipe}.{name}",
            whole_df=np.array([self.degrees("stata")[row].min() if row.any() else np.nan for row in used]),
            simple=None,
            shares=(lambda: shares().combined(J)) if alike and shares is not None else None,
            places=(),
        )

    def _texts(self, column: str) -> pd.Series:
        """A column of `cells` as labels where there are labels."""
        codes = self.cells[column]
        if column == "level":
            owners = self.cells["variable"]
            texts = [
                level_text(self.labels.get(owner, {}), code, self.lang)
                for owner, code in zip(owners, codes, strict=True)
            ]
            return pd.Series(texts, index=codes.index, dtype=object)
        known = self.labels.get(column, {})
        return pd.Series([level_text(known, code, self.lang) for code in codes], index=codes.index, dtype=object)

    def named(self) -> pd.DataFrame:
        """What each value is, groups and levels by their labels."""
        plain = {"variable", "statistic"}
        return pd.DataFrame(
            {name: self.cells[name] if name in plain else self._texts(name) for name in self.cells.columns}
        )


def _by_value(back: Callable[[Any], Any], at: Array, values: Array) -> bool:
    """Whether a function gives for each number alone what it gives for all together."""
    try:
        with np.errstate(all="ignore"):
            alone = np.array([float(back(v)) for v in at])
    except (TypeError, ValueError, IndexError):
        return False
    return bool(np.allclose(alone, values, rtol=1e-9, equal_nan=True))
