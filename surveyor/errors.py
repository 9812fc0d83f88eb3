"""One family of errors: every message says what is wrong, where, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class SurveyorError(Exception):
    """Anything a user can cause and mend.

    The four parts are kept apart so that the command line, a notebook and a test can each show them
    in their own way; `str(error)` joins them into one paragraph.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what, self.where, self.expected, self.remedy = what, where, expected, remedy
        head = f"{where}: {what}" if where else what
        parts = [head, f"Expected: {expected}" if expected else None, remedy]
        super().__init__(" ".join(_sentence(part) for part in parts if part))

    def at(self, place: str) -> SurveyorError:
        """The same error with `place` (a file) put before where it happened."""
        where = f"{place}, {self.where}" if self.where else place
        return type(self)(self.what, where=where, expected=self.expected, remedy=self.remedy)


class FileError(SurveyorError):
    """A file is absent, damaged, of another kind than its name says, or cannot be written."""


class DefinitionError(SurveyorError):
    """A study or questionnaire file says something that cannot be understood; `also` are its other problems."""

    also: tuple[DefinitionError, ...] = ()

    def joined(self, others: Iterable[DefinitionError]) -> DefinitionError:
        """The same error, which knows the other problems of the file."""
        self.also = tuple(others)
        return self


class DataError(SurveyorError):
    """The answers do not fit what the questionnaire, the design or the question needs."""


class DesignError(SurveyorError):
    """The weights, strata or clusters cannot describe how these units came to be observed."""


class UsageError(SurveyorError):
    """A call asks for something that does not exist: a column, a group, a method."""


class ReportError(SurveyorError):
    """A report could not be made; an earlier one is left untouched."""


def guess(name: str, known: Iterable[str]) -> str:
    """What was probably meant by `name`, as the end of a message ("Did you mean 'type'?")."""
    names = [str(each) for each in known]
    folded = {each.casefold(): each for each in reversed(names)}
    close = get_close_matches(str(name).casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    shown = ", ".join(names[:8])
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"Known: {shown}{more}." if names else "There is none."


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name no system allows names none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."
