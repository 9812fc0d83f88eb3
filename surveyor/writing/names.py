"""Names of columns that a format allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from surveyor.errors import DataError
from surveyor.writing.common import Table


@dataclass(frozen=True)
class Naming:
    """What a format says about names.

    pattern   that a whole name has; `said` is the same in words
    limit     the greatest length, as `size` counts it; `unit` is what it counts
    reserved  words that mean something else; in small letters where `folded`
    folded    whether capital letters make no difference
    """

    format: str
    pattern: re.Pattern[str]
    said: str
    limit: int
    size: Callable[[str], int]
    unit: str
    reserved: frozenset[str]
    folded: bool = False

    def check(self, table: Table) -> None:
        """Raises DataError for the first name that the format does not allow."""
        seen: dict[str, str] = {}
        for variable in table.variables:
            name = variable.name
            bare = name.casefold() if self.folded else name
            if problem := self._problem(name, seen.get(bare)):
                raise DataError(
                    problem,
                    where=table.file,
                    expected=self.said,
                    remedy="Give the column another name before writing, or write .csv, .xlsx or .parquet",
                )
            seen[bare] = name

    def _problem(self, name: str, twin: str | None) -> str | None:
        shown = name if len(name) <= 40 else f"{name[:40]}..."
        if self.size(name) > self.limit:
            return f"the name '{shown}' is {self.size(name)} {self.unit} long; {self.format} allows {self.limit}"
        if not self.pattern.fullmatch(name):
            return f"'{shown}' is no name that {self.format} allows"
        if (name.casefold() if self.folded else name) in self.reserved:
            return f"'{shown}' means something else in {self.format} and cannot name a column"
        return f"'{twin}' and '{shown}' are the same name in {self.format}" if twin is not None else None
