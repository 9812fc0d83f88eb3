"""Response rates from a table of outcome codes, as the AAPOR Standard Definitions write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from surveyor.errors import DataError, UsageError, guess
from surveyor.format import counted
from surveyor.questionnaire import Language
from surveyor.shown import Shown

#: I complete, P partial, R refusal and break-off, NC non-contact, O other eligible, UH unknown whether occupied,
#: UO unknown otherwise, NE not eligible.
CODES = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")

Counts = Mapping[str, float]
Name = Literal["response", "participation"]


def _complete(n: Counts) -> float:
    return n["I"]


def _refused(n: Counts) -> float:
    return n["R"]


def _interviews(n: Counts) -> float:
    return n["I"] + n["P"]


def _spoken(n: Counts) -> float:
    return _interviews(n) + n["R"]


def _contacted(n: Counts) -> float:
    return _spoken(n) + n["O"]


def _eligible(n: Counts) -> float:
    return _contacted(n) + n["NC"]


def _all(n: Counts) -> float:
    return _eligible(n) + n["UH"] + n["UO"]


def _estimated(n: Counts) -> float:
    return _eligible(n) + n["e"] * (n["UH"] + n["UO"])


#: Rate -> numerator and denominator (AAPOR, Standard Definitions; the same in the editions of 2011 to 2023).
RATES: Mapping[str, tuple[Callable[[Counts], float], Callable[[Counts], float]]] = {
    "RR1": (_complete, _all), "RR2": (_interviews, _all),
    "RR3": (_complete, _estimated), "RR4": (_interviews, _estimated),
    "RR5": (_complete, _eligible), "RR6": (_interviews, _eligible),
    "COOP1": (_complete, _contacted), "COOP2": (_interviews, _contacted),
    "COOP3": (_complete, _spoken), "COOP4": (_interviews, _spoken),
    "REF1": (_refused, _all), "REF2": (_refused, _estimated), "REF3": (_refused, _eligible),
    "CON1": (_contacted, _all), "CON2": (_contacted, _estimated), "CON3": (_contacted, _eligible),
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class ResponseRates(Shown):
    """Outcome rates of each group and of all.

    counts    group x code; the last row, "", is everybody (the only row where there are no groups)
    e         per row, the share of those of unknown eligibility taken as eligible; how says how it was got
    stage     group x approached, admitted, refused: the compounds, where they are known
    name      what a web sample without known chances has is a participation rate
    """

    counts: pd.DataFrame
    e: pd.Series
    how: Literal["proportional", "given"]
    stage: pd.DataFrame | None = None
    name: Name = "response"
    lang: Language = "en"

    @property
    def groups(self) -> list[str]:
        """The groups, everybody ("") last."""
        return [str(group) for group in self.counts.index]

    def _numbers(self, group: str) -> dict[str, float]:
        return {**{code: float(self.counts[code][group]) for code in CODES}, "e": float(self.e[group])}

    @property
    def rates(self) -> pd.DataFrame:
        """Group x rate; NaN where nobody is in the denominator."""
        made = {}
        for group in self.groups:
            counts = self._numbers(group)
            made[group] = {rate: _share(top(counts), under(counts)) for rate, (top, under) in RATES.items()}
        return pd.DataFrame.from_dict(made, orient="index").reindex(self.counts.index)

    @property
    def admitted(self) -> pd.Series | None:
        """Per group, the share of the approached compounds that let interviewers in."""
        return None if self.stage is None else self.stage["admitted"] / self.stage["approached"]

    def to_frame(self) -> pd.DataFrame:
        """One row a group and rate: group, rate, value, numerator, denominator, e.

        "compounds" is the share of compounds admitted, "RR3 x compounds" its product with RR3.
        """
        rows = []
        for group in self.groups:
            counts = self._numbers(group)
            e = counts["e"]
            for rate, (top, under) in RATES.items():
                a, b = top(counts), under(counts)
                rows.append((group, rate, _share(a, b), a, b, e))
            if self.stage is not None:
                a, b = (float(self.stage[key][group]) for key in ("admitted", "approached"))
                product = _share(a, b) * _share(RATES["RR3"][0](counts), RATES["RR3"][1](counts))
                rows.append((group, "compounds", _share(a, b), a, b, np.nan))
                rows.append((group, "RR3 x compounds", product, np.nan, np.nan, e))
        return pd.DataFrame(rows, columns=["group", "rate", "value", "numerator", "denominator", "e"])

    def through(self, compounds: Mapping[str, Mapping[str, int]] | Mapping[str, int]) -> ResponseRates:
        """The same with the stage before: how many compounds were approached, admitted, refused.

        compounds  {"approached": 44, "admitted": 40, "refused": 4}, or such a mapping for each group

        Raises UsageError where a number is absent or more were admitted and refused than approached.
        """
        groups = [group for group in self.counts.index if group]
        nested = any(isinstance(each, Mapping) for each in compounds.values())
        given: dict[str, Any] = dict(compounds) if nested else {"": compounds}
        if nested and set(given) != set(groups):
            raise UsageError("the compounds are not given for the same groups", expected=", ".join(groups))
        if not nested and groups:
            raise UsageError("the compounds are given for all groups together", expected=f"one for each of {groups}")
        table = pd.DataFrame.from_dict(given, orient="index").reindex(columns=["approached", "admitted", "refused"])
        if table.isna().any(axis=None) or (table["admitted"] + table["refused"] > table["approached"]).any():
            raise UsageError(
                "the numbers of compounds do not add up",
                expected="approached, admitted and refused, with approached at least the sum of the others",
            )
        if nested:
            table.loc[""] = table.sum()
        return replace(self, stage=table.reindex(self.counts.index))


def response_rates(
    table: pd.DataFrame | pd.Series | Mapping[str, float],
    by: str | None = None,
    e: Literal["proportional"] | float | Mapping[str, float] = "proportional",
    *,
    outcome: str = "outcome",
    codes: Mapping[Any, str] | None = None,
    name: Name = "response",
    lang: Language = "en",
) -> ResponseRates:
    """Response, cooperation, refusal and contact rates (AAPOR) from what became of everybody who was drawn.

    table    one row a dwelling with the columns `outcome` and `by`; or the outcomes alone; or code -> how many
    e        the share of those of unknown eligibility that count as eligible: "proportional" is the eligible share
             among those whose eligibility is known, group by group; or a number from 0 to 1, or one for each group
    codes    code in the table -> I, P, R, NC, O, UH, UO or NE
    name     "participation" for samples without known chances

    Raises UsageError for unknown columns and an impossible e, DataError for outcomes that are no code.

    >>> response_rates({"I": 60, "R": 20, "NC": 10, "UH": 10, "NE": 10}).rates["RR1"].round(2).tolist()
    [0.6]
    """
    counts = _counted(table, by, outcome, codes)
    rates = _eligible_shares(counts, e)
    return ResponseRates(counts, rates, "proportional" if isinstance(e, str) else "given", None, name, lang)


def _counted(
    table: pd.DataFrame | pd.Series | Mapping[str, float], by: str | None, outcome: str, codes: Mapping[Any, str] | None
) -> pd.DataFrame:
    """Groups by codes, everybody last."""
    if isinstance(table, Mapping):
        items = [(_code(key, codes), float(n)) for key, n in table.items()]
        one = {code: sum(n for key, n in items if key == code) for code in CODES}
        if not all(n >= 0 for n in one.values()):
            raise UsageError("a count of outcomes is negative or missing", expected="numbers from 0 up")
        return pd.DataFrame([one], index=[""], columns=list(CODES))
    frame = table.to_frame(outcome) if isinstance(table, pd.Series) else table
    for name in [outcome, *([by] if by else [])]:
        if name not in frame.columns:
            raise UsageError(f"the table of outcomes has no column '{name}'", remedy=guess(name, frame.columns))
    gaps = frame[[outcome, *([by] if by else [])]].isna()
    if gaps.any(axis=None):
        column = next(iter(gaps.columns[gaps.any()]))
        raise DataError(
            f"{counted(int(gaps[column].sum()), 'row')} without a value",
            where=f"column '{column}', first in row {int(np.argmax(gaps[column])) + 2}",
            remedy="Give every dwelling that was drawn an outcome and a group",
        )
    known = {value: _code(value, codes) for value in frame[outcome].unique()}
    said = frame[outcome].map(known)
    groups = frame[by] if by else pd.Series("", index=frame.index)
    in_order = list(groups.cat.categories) if isinstance(groups.dtype, pd.CategoricalDtype) else sorted(groups.unique())
    made = pd.crosstab(groups.astype(str), said).reindex(columns=list(CODES), fill_value=0).astype(float)
    made = made.reindex([str(group) for group in in_order if str(group) in made.index])
    made.index.name = made.columns.name = None
    if by:
        made.loc[""] = made.sum()
    return made


def _code(value: Any, codes: Mapping[Any, str] | None) -> str:
    """The outcome that a value of the table stands for."""
    said = str(value).strip() if codes is None else codes.get(value)
    if said is None:
        raise DataError(
            f"the outcome '{str(value)[:20]}' is not in `codes`", expected=f"a code for it: {', '.join(CODES)}"
        )
    if said.upper() not in CODES:
        raise DataError(
            f"'{said[:20]}' is no outcome code",
            expected=", ".join(CODES),
            remedy="Say what the codes of the table stand for: codes={1: 'I', 2: 'R', ...}",
        )
    return said.upper()


def _eligible_shares(counts: pd.DataFrame, e: str | float | Mapping[str, float]) -> pd.Series:
    """e of each row; everybody's is such that the eligible among the unknown add up."""
    groups = [group for group in counts.index if group] or [""]
    if isinstance(e, str) and e != "proportional":
        raise UsageError(f"e cannot be '{e}'", expected="'proportional', a number from 0 to 1, or one for each group")
    if isinstance(e, Mapping) and set(e) != set(groups):
        raise UsageError("e is not given for the same groups as the table has", expected=", ".join(groups))
    shares = pd.Series(index=counts.index, dtype=float)
    for group in groups:
        row = counts.loc[group].to_dict()
        known = _eligible(row) + row["NE"]
        value = (_eligible(row) / known if known else np.nan) if isinstance(e, str) else e
        shares.loc[group] = float(value[group] if isinstance(value, Mapping) else value)
    if not all(0 <= value <= 1 for value in shares.loc[groups].dropna()):
        raise UsageError("e is a share", expected="a number from 0 to 1")
    if groups != [""]:
        unknown = counts.loc[groups, "UH"] + counts.loc[groups, "UO"]
        total = float(unknown.sum())
        shares.loc[""] = (
            float((shares.loc[groups] * unknown).sum()) / total if total else float(shares.loc[groups].mean())
        )
    return shares


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
