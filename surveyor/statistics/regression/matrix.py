"""The columns of a model: products of levels and measures, built a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from surveyor.arrays import Array
from surveyor.expressions import Factor, Formula

#: Rows worked on at once, so that they stay in the processor's cache.
BLOCK = 4096

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """A column of numbers, or a function of it: "log", or "center" with the constant taken off."""

    variable: str
    function: str = ""
    less: float = 0.0

    def values(self, columns: Data) -> Any:
        """The numbers (n,)."""
        x = columns[self.variable]
        return np.log(x) if self.function == "log" else x - self.less if self.less else x


@dataclass(frozen=True)
class Power:
    """An orthogonal polynomial of a column, by P_(k+1) = (x - a_k) P_k - (n_k / n_(k-1)) P_(k-1).

    a, norms   the constants of degree 0 to k - 1, and the sums of squares of P_0 to P_k (Forsythe 1957)
    """

    variable: str
    a: tuple[float, ...]
    norms: tuple[float, ...]

    def values(self, columns: Data) -> Any:
        """The polynomial at the numbers (n,), its sum of squares 1 over the rows it was made for."""
        x = columns[self.variable]
        before, now = 0.0 * x, 0.0 * x + 1.0
        for k, a in enumerate(self.a):
            ratio = self.norms[k] / self.norms[k - 1] if k else 0.0
            before, now = now, (x - a) * now - ratio * before
        return now / self.norms[-1] ** 0.5


def powers(variable: str, x: Array, degree: int) -> list[Power]:
    """The orthogonal polynomials of degrees 1 to `degree` over x (n,): R's poly, up to the sign.

    >>> [p.values({"x": np.array([1.0, 2.0, 3.0])}).tolist()[0] for p in powers("x", np.array([1.0, 2.0, 3.0]), 1)]
    [-0.7071067811865475]
    """
    a: list[float] = []
    norms = [float(len(x))]
    before, now = np.zeros(len(x)), np.ones(len(x))
    made = []
    for k in range(degree):
        a.append(float((x * now * now).sum() / norms[k]))
        ratio = norms[k] / norms[k - 1] if k else 0.0
        before, now = now, (x - a[k]) * now - ratio * before
        norms.append(float((now * now).sum()))
        made.append(Power(variable, tuple(a), tuple(norms)))
    return made


@dataclass(frozen=True)
class Level:
    """1 where a column has a code, else 0."""

    variable: str
    code: float

    def values(self, columns: Data) -> Any:
        """Zeros and ones (n,)."""
        return columns[self.variable] == self.code

    @property
    def inside(self) -> float:
        """A value of the column that belongs to the level."""
        return self.code


@dataclass(frozen=True)
class Band:
    """1 where a column lies at or above `low` and below `high`, else 0; `code` is its place among the bands."""

    variable: str
    code: float
    low: float
    high: float

    def values(self, columns: Data) -> Any:
        """Zeros and ones (n,)."""
        x = np.real(columns[self.variable])
        return (x >= self.low) & (x < self.high)

    @property
    def inside(self) -> float:
        """A value of the column that belongs to the band."""
        return self.low if np.isfinite(self.low) else float(np.nextafter(self.high, -np.inf))


Part = Measure | Power | Level | Band


@dataclass(frozen=True)
class Column:
    """One column of the matrix: the product of its parts; none for the intercept.

    factors   the label of each part; fewer than in the term where the others are at no level of their own
    """

    term: str
    parts: tuple[Part, ...] = ()
    factors: tuple[str, ...] = ()

    @property
    def level(self) -> Any:
        """The code of its level or the degree of its power; several in a tuple; None for a plain measure."""
        codes = [float(len(part.a)) if isinstance(part, Power) else part.code
                 for part in self.parts if not isinstance(part, Measure)]  # fmt: skip
        return tuple(codes) if len(codes) > 1 else codes[0] if codes else None


@dataclass(frozen=True)
class Matrix:
    """The columns of a model (p), and their values at rows of data."""

    columns: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of the data it reads."""
        return tuple(dict.fromkeys(part.variable for column in self.columns for part in column.parts))

    @property
    def intercept(self) -> int | None:
        """Where the intercept stands."""
        places = [k for k, column in enumerate(self.columns) if not column.parts]
        return places[0] if places else None

    def rows(self, columns: Data, n: int, kind: Any = float) -> Any:
        """The matrix (n, p), column by column in memory."""
        X = np.empty((n, len(self)), dtype=kind, order="F")
        for k, column in enumerate(self.columns):
            if not column.parts:
                X[:, k] = 1.0
                continue
            X[:, k] = column.parts[0].values(columns)
            for part in column.parts[1:]:
                X[:, k] *= part.values(columns)
        return X

    def blocks(self, columns: Data, n: int) -> Iterator[tuple[slice, Array]]:
        """Some rows after the other: where they are, and their part of the matrix."""
        used = {name: columns[name] for name in self.variables}
        for i in range(0, n, BLOCK):
            at = slice(i, min(i + BLOCK, n))
            yield at, self.rows({name: column[at] for name, column in used.items()}, at.stop - at.start)


def matrix_of(formula: Formula, parts: Mapping[Factor, Sequence[Part]]) -> Matrix:
    """The columns of a formula from the parts of each factor: its levels, or its measures.

    Levels are coded against the first, or each by itself, so that every term adds just what earlier ones do not
    span (Wilkinson and Rogers 1973; the rule of patsy): `a:b` alone gets all it needs, `a + b + a:b` nothing twice.
    """
    used: dict[frozenset[Factor], set[frozenset[Factor]]] = {}
    columns = []
    for term in formula.terms:
        levelled = tuple(factor for factor in term if _is_levelled(parts[factor]))
        measures = frozenset(term) - frozenset(levelled)
        for coding in _codings(levelled, used.setdefault(measures, set())):
            chosen = [
                parts[factor]
                if factor in measures
                else parts[factor] if coding[factor] else parts[factor][1:]
                for factor in term
                if factor in measures or factor in coding
            ]  # fmt: skip
            label = ":".join(factor.label for factor in term)
            names = tuple(factor.label for factor in term if factor in measures or factor in coding)
            columns += [Column(label, tuple(reversed(each)), names) for each in product(*reversed(chosen))]
    return Matrix(tuple(columns))


def _is_levelled(parts: Sequence[Part]) -> bool:
    return all(isinstance(part, Level | Band) for part in parts)


def _codings(factors: tuple[Factor, ...], used: set[frozenset[Factor]]) -> list[dict[Factor, bool]]:
    """How the factors of a term are coded: factor -> whether by all levels, in one or several parts of the term."""
    subsets = [frozenset(some) for size in range(len(factors) + 1) for some in combinations(factors, size)]
    pieces = [dict.fromkeys([f for f in factors if f in some], False) for some in subsets if some not in used]
    used.update(subsets)
    while (pair := _absorbing(pieces)) is not None:
        short, long, factor = pair
        pieces[long] = {**pieces[long], factor: True}
        del pieces[short]
    return pieces


def _absorbing(pieces: Sequence[Mapping[Factor, bool]]) -> tuple[int, int, Factor] | None:
    """Two parts that are one when a factor of the longer is coded by all its levels."""
    for i, short in enumerate(pieces):
        for j, long in enumerate(pieces[i + 1 :], i + 1):
            rest = [factor for factor in long if factor not in short]
            same = all(factor in long and long[factor] == full for factor, full in short.items())
            if len(rest) == 1 and same and not long[rest[0]]:
                return i, j, rest[0]
    return None
