"""Where a file comes from: its layout, and what its codes for no answer mean. Told by name, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from surveyor.design import Design
from surveyor.questionnaire import Questionnaire
from surveyor.reading.answers import Answers

#: Answers in a platform's layout, and what was asked if that is known -> one column an item.
Arrange = Callable[[Answers, Questionnaire | None], Answers]


@dataclass(frozen=True)
class Source:
    """A platform or survey whose files are known.

    about    one line on what is known
    missing  cell in the file, as text -> our missing code (see MISSING), for every column
    arrange  its layout made into one column an item and one 0/1 column a choice where several may be chosen;
             cells stay text: codes or labels
    blanks   an empty cell is no answer: -8 where routing did not ask the item, -9 where it did
    design   the design its files carry, from the columns that are there; None where they carry none
    """

    name: str
    about: str
    missing: Mapping[str, int] = field(default_factory=dict)
    arrange: Arrange | None = None
    blanks: bool = False
    design: Callable[[Answers], Design | None] | None = None
