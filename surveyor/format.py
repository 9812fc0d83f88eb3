"""Numbers to text: the only place in the package that rounds."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal, localcontext

MINUS = "\N{MINUS SIGN}"
ABSENT = "\N{EN DASH}"


def number(value: float | None, digits: int = 2, *, sign: bool = False) -> str:
    """A number with a true minus sign; an en dash where there is none.

    >>> number(-0.4567), number(None), number(3.14159, 3, sign=True)
    ('−0.46', '–', '+3.142')
    """
    if value is None or not math.isfinite(value):
        return ABSENT
    # Twelve significant digits first, so that the last bits of a sum cannot turn a rounding tie.
    exact = Decimal(f"{value:.12g}" if abs(value) < 1e9 else repr(float(value)))
    with localcontext(prec=400):
        shown = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{abs(shown):,f}"
    if shown < 0:
        return MINUS + text
    return f"+{text}" if sign and shown > 0 else text


def digits_of(se: float | None) -> int:
    """How many decimals a number deserves: those of two significant digits of its standard error.

    >>> digits_of(0.031), digits_of(1.7), digits_of(250.0), digits_of(None)
    (3, 1, 0, 2)
    """
    if se is None or not math.isfinite(se) or se <= 1e-10:  # rounding is no standard error
        return 2
    return min(max(1 - math.floor(math.log10(se)), 0), 12)


def percent(share: float | None, digits: int = 1) -> str:
    """A share as percent.

    >>> percent(0.7360287)
    '73.6 %'
    """
    text = number(None if share is None else 100 * share, digits)
    return text if text == ABSENT else f"{text} %"


def points(difference: float | None, digits: int = 1) -> str:
    """A difference of two shares in percentage points, always with its sign.

    >>> points(-0.0831)
    '−8.3'
    """
    return number(None if difference is None else 100 * difference, digits, sign=True)


def count(value: float | None) -> str:
    """A whole number with thousands separated.

    >>> count(1681)
    '1,681'
    """
    return number(value, 0)


def counted(n: int, thing: str) -> str:
    """A number with its noun.

    >>> counted(1, "row"), counted(1681, "row")
    ('1 row', '1,681 rows')
    """
    return f"{count(n)} {thing}{'' if n == 1 else 's'}"


def p_value(p: float | None) -> str:
    """A p-value to three places, never shown as zero.

    >>> p_value(0.0004), p_value(0.0312)
    ('< .001', '.031')
    """
    if p is None or not math.isfinite(p):
        return ABSENT
    if p < 0.001:
        return "< .001"
    text = number(p, 3)
    return text[1:] if text.startswith("0") else text


def interval(low: str, high: str, *, to: str = "to") -> str:
    """Two formatted ends as one text.

    >>> interval("0.12", "0.34"), interval("–", "–")
    ('0.12 to 0.34', '–')
    """
    return ABSENT if ABSENT in (low, high) else f"{low} {to} {high}"


def significant(value: float | None, digits: int = 10) -> float | None:
    """A number cut to `digits` significant digits, for storage that is compared between runs.

    >>> significant(0.1 + 0.2)
    0.3
    """
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")
