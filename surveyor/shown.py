"""What a result needs to show itself in a notebook; how it looks is decided in `surveyor.show`."""

from __future__ import annotations

from typing import Any


class Shown:
    """A result that a notebook shows as a table, figure or text."""

    def __repr__(self) -> str:
        from surveyor.show import bundle

        return str(bundle(self)["text/plain"])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from surveyor.show import bundle

        return bundle(self)
