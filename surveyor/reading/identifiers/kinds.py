"""The kinds of identifiers, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Kind -> what a column of it looks like.
KINDS: Mapping[str, str] = {
    "card18": "identity-card numbers",
    "card15": "old identity-card numbers (15 digits)",
    "mobile": "mobile phone numbers",
    "landline": "telephone numbers",
    "name": "names of people",
    "address": "addresses",
    "gps": "places on the map (GPS)",
    "email": "e-mail addresses",
    "wechat": "WeChat names",
    "qq": "QQ numbers",
    "passport": "passport numbers",
    "plate": "number plates of cars",
    "bank": "bank-card numbers",
    "ip": "internet addresses (IP)",
    "mac": "device addresses (MAC)",
    "imei": "device numbers (IMEI)",
    "device": "ids of devices, accounts or submissions",
    "media": "names of photos or recordings",
    "free text": "free text that holds identity-card or phone numbers",
    "birth": "full dates of birth",
    "time": "exact times of interview",
}
#: Kinds that point at a person only together with others: reported, never left out.
QUASI = frozenset({"birth", "time"})
#: Kinds looked for in columns whose answers the questionnaire knows to be codes or measurements.
LONG = frozenset({"card18", "card15", "mobile", "bank", "free text"})
#: Kinds not looked for in columns the questionnaire declares as ids: codes of cases and compounds belong there.
CODES = frozenset({"device", "landline", "passport", "imei", "media", "birth", "time", "qq"})


@dataclass(frozen=True)
class Identifier:
    """A column that points at persons: its kind (see KINDS), and why it was taken for that, without any value."""

    column: str
    kind: str
    why: str

    @property
    def quasi(self) -> bool:
        """Whether it points at a person only together with other columns."""
        return self.kind in QUASI

    @property
    def looks(self) -> str:
        """What the column looks like, in words."""
        return KINDS[self.kind]
