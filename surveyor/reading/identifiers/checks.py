"""Check digits, calendar days and ranges that tell an identifier from a number of the same length."""

from __future__ import annotations

import datetime

#: The first two digits of identity cards: provinces, Taiwan, Hong Kong, Macao, and cards for residents from there.
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
    for code in range(first, last + 1)
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def is_day(year: str, month: str, day: str) -> bool:
    """Whether it is a day from 1900 to today."""
    try:
        return datetime.date(1900, 1, 1) <= datetime.date(int(year), int(month), int(day)) <= datetime.date.today()
    except ValueError:
        return False


def is_card18(text: str) -> bool:
    """Whether 17 digits and a digit or X are an identity card: province, day of birth, check digit (ISO 7064 MOD 11-2).

    >>> is_card18("11010519491231002X"), is_card18("110105194912310021")
    (True, False)
    """
    return (
        is_card_shaped(text)
        and _CHECK[sum(w * int(d) for w, d in zip(_WEIGHTS, text, strict=False)) % 11] == text[17].upper()
    )


def is_card_shaped(text: str) -> bool:
    """Whether the first 14 digits are those of an identity card, for numbers that lost their last digits."""
    return text[:2] in PROVINCES and is_day(text[6:10], text[10:12], text[12:14])


def is_card15(text: str) -> bool:
    """Whether 15 digits are an old identity card: province and day of birth."""
    return text[:2] in PROVINCES and is_day("19" + text[6:8], text[8:10], text[10:12])


def luhn(text: str) -> bool:
    """Whether the last digit checks the others, as on bank cards and in IMEI numbers.

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    digits = [int(d) for d in reversed(text)]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * d, 10)) for d in digits[1::2]) % 10


def is_bank_card(text: str) -> bool:
    """Whether 16 to 19 digits are a bank card: UnionPay, Visa or Mastercard."""
    long = {"6": range(16, 20), "4": (13, 16, 19), "5": (16,)}.get(text[0], ())
    return len(text) in long and (text[0] != "6" or text[1] == "2") and len(set(text)) > 2 and luhn(text)


def is_ip(text: str) -> bool:
    """Whether four numbers with dots are an internet address."""
    return all(int(part) <= 255 for part in text.split("."))


def in_china(first: float, second: float) -> bool:
    """Whether two numbers are latitude and longitude of a place in China, in either order."""
    return (3 <= first <= 54 and 73 <= second <= 136) or (3 <= second <= 54 and 73 <= first <= 136)
