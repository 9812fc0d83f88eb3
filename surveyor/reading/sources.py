"""The sources known by name."""

from __future__ import annotations

from string import ascii_lowercase

from surveyor.errors import UsageError, guess
from surveyor.questionnaire import MISSING
from surveyor.questionnaire.texts import STATA_LETTERS
from surveyor.reading.source import Source

#: Files written by surveyor, or by people who use its codes; files that say themselves what is missing.
OWN = (
    Source(
        "surveyor",
        "surveyor's own codes for no answer, or its letters in .dta files",
        {str(code): code for code in MISSING}
        | {str(-101 - ascii_lowercase.index(letter)): code for code, letter in STATA_LETTERS.items()},
    ),
    Source("spss", "the missing values that an SPSS file declares"),
    Source("stata", "the letters .a to .z of a Stata file"),
)


def sources() -> dict[str, Source]:
    """Every known source by its name."""
    from surveyor.reading.national import NATIONAL
    from surveyor.reading.platforms.kobo import KOBO
    from surveyor.reading.platforms.limesurvey import LIMESURVEY
    from surveyor.reading.platforms.wenjuanxing import WENJUANXING

    return {each.name: each for each in (*OWN, KOBO, WENJUANXING, LIMESURVEY, *NATIONAL.values())}


def source_named(name: str | None) -> Source | None:
    """The source of that name; raises UsageError with a guess where there is none."""
    if name is None:
        return None
    known = {each.name: each for each in OWN}
    known = known if name in known else sources()
    if name not in known:
        raise UsageError(f"there is no source '{name}'", remedy=guess(name, known))
    return known[name]
