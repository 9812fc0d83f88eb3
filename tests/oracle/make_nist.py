"""NIST's Statistical Reference Datasets (StRD): the observations, and their certified numbers computed again exactly.

Observations stand in nist/*.csv as NIST prints them, or follow from a formula below; nist/certified.csv holds the
certified numbers. All arithmetic here is in fractions, and a root is taken last to 50 digits, so that a wrong digit in
either would be found. Run: python tests/oracle/make_nist.py (prints what differs; silence is agreement)
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "nist"
UNIVARIATE = ("PiDigits", "Lottery", "Lew", "Mavro", "Michelso", "NumAcc1", "NumAcc2", "NumAcc3", "NumAcc4")
ANOVA = ("SiRstv", "AtmWtAg", *(f"SmLs0{k}" for k in range(1, 10)))
#: set -> (powers of x from, to); None: as many columns x1, x2, ... as the file has
REGRESSION = {
    "Norris": (0, 1),
    "Pontius": (0, 2),
    "NoInt1": (1, 1),
    "NoInt2": (1, 1),
    "Filip": (0, 10),
    "Longley": None,
    **{f"Wampler{k}": (0, 5) for k in range(1, 6)},
}
#: Wampler3 is Wampler1 plus this, Wampler4 plus 100 times, Wampler5 plus 10 000 times this.
DELTA = (759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048)
DELTA = DELTA + DELTA[9::-1]


def certified() -> dict[tuple[str, str], str]:
    """(set, quantity) -> the certified number, digit by digit."""
    with (HERE / "certified.csv").open(encoding="utf-8") as file:
        return {(row["set"], row["quantity"]): row["value"] for row in csv.DictReader(file)}


def columns(name: str) -> dict[str, list[str]]:
    """The columns of a file, as the texts that stand there."""
    with (HERE / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {key: [row[key] for row in rows] for key in rows[0]}


@cache
def univariate(name: str) -> tuple[str, ...]:
    """The observations of a set, as decimal texts."""
    if name == "PiDigits":
        digits = pi_digits(5000)  # NIST's set has a 3 where the 957th digit of pi is 8; its certified numbers too
        return tuple(f"{digits[:956]}3{digits[957:]}")
    if name == "NumAcc1":
        return ("10000001", "10000003", "10000002")
    if name.startswith("NumAcc"):
        whole = {"2": "1", "3": "1000000", "4": "10000000"}[name[-1]]
        return (f"{whole}.2", *(f"{whole}.1", f"{whole}.3") * 500)
    return tuple(columns(name)["y"])


@cache
def anova(name: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Observations and treatments."""
    if not name.startswith("SmLs"):
        data = columns(name)
        return tuple(data["y"]), tuple(int(t) for t in data["treatment"])
    k = int(name[-1]) - 1
    whole, pairs = ("1", "1000000", "1000000000000")[k // 3], (10, 100, 1000)[k % 3]
    y: list[str] = []
    for treatment in range(1, 10):
        tenth = 4 if treatment == 1 else 3 if treatment % 2 == 0 else 5
        y += [f"{whole}.{tenth}", *[f"{whole}.{tenth - 1}", f"{whole}.{tenth + 1}"] * pairs]
    return tuple(y), tuple(t for t in range(1, 10) for _ in range(2 * pairs + 1))


@cache
def regression(name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Response, and predictors as columns, without intercept and powers."""
    if name == "NoInt1":
        return tuple(str(130 + i) for i in range(11)), (tuple(str(60 + i) for i in range(11)),)
    if name == "NoInt2":
        return ("3", "4", "4"), (("4", "5", "6"),)
    if name.startswith("Wampler"):
        x = range(21)
        if name == "Wampler2":
            y = [f"{sum(10 ** (5 - k) * i**k for k in range(6)) / 10**5:.5f}" for i in x]
        else:
            times = {"1": 0, "3": 1, "4": 100, "5": 10_000}[name[-1]]
            y = [str(sum(i**k for k in range(6)) + times * DELTA[i]) for i in x]
        return tuple(y), (tuple(str(i) for i in x),)
    data = columns(name)
    y = data.pop("y")
    return tuple(y), tuple(tuple(column) for column in data.values())


def model_columns(name: str) -> dict[str, list[Fraction]]:
    """Coefficient -> its column of the model matrix."""
    _, x = regression(name)
    powers = REGRESSION[name]
    if powers is None:
        return {"B0": [Fraction(1)] * len(x[0]), **{f"B{j}": [Fraction(v) for v in c] for j, c in enumerate(x, 1)}}
    return {f"B{k}": [Fraction(v) ** k for v in x[0]] for k in range(powers[0], powers[1] + 1)}


def pi_digits(n: int) -> str:
    """The first n digits of pi, 3 among them: 16 arctan(1/5) - 4 arctan(1/239) in whole numbers (Machin 1706)."""
    one = 10 ** (n + 10)

    def arctan(x: int) -> int:
        term = total = one // x
        k = 1
        while term:
            term //= -x * x
            k += 2
            total += term // k
        return total

    value = 16 * arctan(5) - 4 * arctan(239)  # in two halves: Python prints at most 4300 digits at once
    high, low = divmod(value, 10 ** (n // 2 + 10))
    return (str(high) + str(low).zfill(n // 2 + 10))[:n]


def moments(values: list[Fraction]) -> tuple[int, Fraction, Fraction]:
    """Number, mean, and sum of squares about the mean."""
    counts = Counter(values)
    n = len(values)
    mean = sum(v * c for v, c in counts.items()) / n
    return n, mean, sum(c * (v - mean) ** 2 for v, c in counts.items())


def root(value: Fraction) -> Decimal:
    """The square root to 50 digits."""
    return decimal(value).sqrt() if value else Decimal(0)


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def univariate_exactly(values: list[Fraction]) -> dict[str, Decimal]:
    """Mean and standard deviation (denominator n - 1)."""
    n, mean, squares = moments(values)
    return {"mean": decimal(mean), "sd": root(squares / (n - 1))}


def anova_exactly(values: list[Fraction], treatments: tuple[int, ...]) -> dict[str, Decimal]:
    """F of a one-way analysis of variance, and the residual standard deviation."""
    cells: dict[int, list[Fraction]] = {}
    for value, treatment in zip(values, treatments, strict=True):
        cells.setdefault(treatment, []).append(value)
    parts = [moments(cell) for cell in cells.values()]
    n, k = len(values), len(parts)
    mean = sum(m * size for size, m, _ in parts) / n
    between = sum(size * (m - mean) ** 2 for size, m, _ in parts) / (k - 1)
    within = sum(squares for *_, squares in parts) / (n - k)
    return {"F": decimal(between / within), "residual_sd": root(within)}


def regression_exactly(y: list[Fraction], X: dict[str, list[Fraction]]) -> dict[str, Decimal]:
    """Coefficients, their standard deviations and that of the residuals, from the normal equations."""
    names, p = list(X), len(X)
    A = [[sum(a * b for a, b in zip(X[i], X[j], strict=True)) for j in names] for i in names]
    right = [sum(a * b for a, b in zip(X[i], y, strict=True)) for i in names]
    work = [[*A[i], right[i], *(Fraction(i == j) for j in range(p))] for i in range(p)]
    for i in range(p):
        pivot = next(r for r in range(i, p) if work[r][i])
        work[i], work[pivot] = work[pivot], work[i]
        work[i] = [v / work[i][i] for v in work[i]]
        for r in range(p):
            if r != i and work[r][i]:
                work[r] = [v - work[r][i] * u for v, u in zip(work[r], work[i], strict=True)]
    b = [row[p] for row in work]
    fitted = [sum(c * X[name][i] for c, name in zip(b, names, strict=True)) for i in range(len(y))]
    squares = sum((v - f) ** 2 for v, f in zip(y, fitted, strict=True)) / (len(y) - p)
    out = {name: decimal(c) for name, c in zip(names, b, strict=True)}
    out |= {f"sd_{name}": root(squares * work[i][p + 1 + i]) for i, name in enumerate(names)}
    return {**out, "residual_sd": root(squares)}


def exactly(name: str) -> dict[str, Decimal]:
    """Every quantity of a set from its observations as printed, to 50 digits."""
    with localcontext(prec=50):
        if name in UNIVARIATE:
            return exactly_of(univariate(name))
        if name in ANOVA:
            y, treatments = anova(name)
            return anova_exactly([Fraction(v) for v in y], treatments)
        return regression_exactly([Fraction(v) for v in regression(name)[0]], model_columns(name))


def exactly_of(observations: Iterable[str]) -> dict[str, Decimal]:
    """Mean and standard deviation of any observations as printed, to 50 digits."""
    with localcontext(prec=50):
        return univariate_exactly([Fraction(v) for v in observations])


def differences(name: str) -> list[str]:
    """The certified numbers of a set that its observations do not give to the last stated digit."""
    made = exactly(name)
    told = {quantity: Decimal(value) for (s, quantity), value in certified().items() if s == name}
    with localcontext(prec=50):
        return [
            f"{name} {quantity}: certified {value}, computed {made[quantity]:.17g}"
            for quantity, value in told.items()
            if made[quantity].quantize(value) != value
        ]


def main() -> None:
    for name in (*UNIVARIATE, *ANOVA, *REGRESSION):
        for line in differences(name):
            print(line)


if __name__ == "__main__":
    main()
