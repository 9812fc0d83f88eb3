"""A list of answers that items share."""

from __future__ import annotations

from dataclasses import field

from pydantic import ConfigDict, model_validator
from pydantic.dataclasses import dataclass

from surveyor.questionnaire.texts import Text

CLOSED = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=CLOSED)
class Choices:
    """A list of answers: codes with labels in order, which codes are the favourable end, which mean 'no answer'.

    codes      code -> label, in the order of the questionnaire
    top        the codes at the favourable end; their share is the item's summary
    top_label  what that share is called ("good or excellent"); the labels joined by "or" if not given
    missing    code in the file -> missing code (see MISSING), or itself where no reason is known
    alone      codes that go with no other where several may be chosen ("none of these")
    apart      codes that are answers, but no point of the scale ("there is no such body"); out of means
    """

    codes: dict[int, Text]
    top: tuple[int, ...] = ()
    top_label: Text | None = None
    missing: dict[int, int] = field(default_factory=dict)
    alone: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Choices:
        for key, named in (("top", self.top), ("alone", self.alone), ("apart", self.apart)):
            unknown = [code for code in named if code not in self.codes]
            if unknown:
                raise ValueError(f"{key} names the code {unknown[0]}, which is not among the codes")
        both = [code for code in (*self.missing, *self.missing.values()) if code in self.codes]
        if both:
            raise ValueError(f"the code {both[0]} stands both as an answer and as missing")
        labels = [label for both in self.codes.values() for label in dict.fromkeys(both.values())]
        twice = [label for label in labels if labels.count(label) > 1]
        if twice:
            raise ValueError(f"two answers are called '{twice[0]}'; give one of them another label")
        return self

    @property
    def direction(self) -> int:
        """+1 when the highest code is in `top`, -1 when the lowest is, 0 where neither or both are."""
        listed = [code for code in self.codes if code not in self.apart]
        return (max(listed) in self.top) - (min(listed) in self.top) if self.top else 0


#: The answers of one choice of an item where several may be chosen: its own column.
CHOSEN = Choices(codes={1: {"en": "chosen", "zh": "选"}, 0: {"en": "not chosen", "zh": "未选"}}, top=(1,))
