"""Several views of one result, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveyor.show.figure import Figure
from surveyor.show.prose import Prose
from surveyor.show.table import Table
from surveyor.shown import Shown

View = Table | Figure | Prose

#: What each kind of view is called where it is stored.
KINDS: Mapping[str, type[Table] | type[Figure] | type[Prose]] = {"table": Table, "figure": Figure, "prose": Prose}


@dataclass(frozen=True)
class Display(Shown):
    """Tables, figures and prose in the order in which they are read."""

    views: tuple[View, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data: each view with its kind."""
        named = {made: kind for kind, made in KINDS.items()}
        return {"views": [{"kind": named[type(view)], "data": view.to_json()} for view in self.views]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Display:
        """The views that `to_json` wrote."""
        return cls(tuple(KINDS[each["kind"]].from_json(each["data"]) for each in data["views"]))
