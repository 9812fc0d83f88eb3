"""Every file of the corpus, with what must come of it: `python -m tests.corpus DIR` writes them all."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import surveyor as sv
from surveyor.questionnaire import Item, Questionnaire
from surveyor.reading import Log, read_answers
from tests.corpus import Case, codes, designs, native, platforms, sheets, text
from tests.corpus.codes import Coded
from tests.corpus.designs import Drawn
from tests.corpus.native import Native
from tests.corpus.platforms import ASKED, Export

#: How the manifest calls an outcome.
CALLED = {"error": "refused", "warning": "warned", "right": "right"}
#: Warnings of an export that do not come from the layout of its platform.
ELSEWHERE = ("looks like", "column name", "no answer at all", "may hold", "holds ")


@dataclass(frozen=True)
class Entry:
    """A file of the corpus.

    file     its name; `make` gives its bytes
    outcome  "error", "warning" or "right"
    words    all of them stand in what is said, and none of `never`
    told     a path -> what reading the file there comes to: an outcome and all that is said
    """

    file: str
    make: Callable[[], bytes]
    outcome: str
    words: tuple[str, ...]
    told: Callable[[Path], tuple[str, str]]
    never: tuple[str, ...] = ()

    def read(self, path: Path) -> tuple[str, str]:
        """What reading the file comes to; a refusal must name it."""
        try:
            return self.told(path)
        except sv.SurveyorError as error:
            said = str(error)
            return "error", said if path.name in said or not self.refused_by_name else f"the file is not named: {said}"

    @property
    def refused_by_name(self) -> bool:
        """Whether a refusal must name the file: a comparison of a survey that was read well need not."""
        return not self.file.startswith("design")


def said_by(log: Log | None) -> tuple[str, str]:
    assert log is not None
    return ("warning" if log.warnings else "right"), " | ".join([*log.warnings, *log.entries, log.encoding])


def of_case(case: Case | Native) -> Entry:
    def told(path: Path) -> tuple[str, str]:
        return said_by(read_answers(path, case.ask).log)

    make = case.make if isinstance(case, Native) else lambda: case.data
    return Entry(case.name, make, case.outcome, case.words, told)


def of_typing(case: Case) -> Entry:
    """A column of text fitted to an item of numbers or days; what is said of other columns does not count."""
    column, kind = next(iter(case.items.items()))
    item = Item(column, {"en": column}, kind)  # type: ignore[arg-type]
    asked = None if kind == "text" else Questionnaire("t", (item,))

    def told(path: Path) -> tuple[str, str]:
        log = sv.read(path, asked).log
        assert log is not None
        about = [line for line in (*log.warnings, *log.entries) if line.startswith(f"{column}:")]
        return ("warning" if {*about} & {*log.warnings} else "right"), " | ".join([*about, column])

    return Entry(case.name, lambda: case.data, case.outcome, (column,), told)


def of_export(case: Export) -> Entry:
    def told(path: Path) -> tuple[str, str]:
        log = sv.read(path, ASKED, source=case.source).log
        assert log is not None
        warned = [line for line in log.warnings if not any(word in line for word in ELSEWHERE)]
        return ("warning" if warned else "right"), "\n".join([*log.entries, *log.warnings])

    return Entry("a.csv", lambda: case.content, case.outcome, case.words, told, case.never)


def of_codes(case: Coded) -> Entry:
    return Entry(case.name, lambda: case.data, case.outcome, case.words, case.told)


def of_design(case: Drawn) -> Entry:
    def told(path: Path) -> tuple[str, str]:
        return case.ask(sv.read(path, designs.asked(), design=case.design))

    return Entry(case.name, lambda: case.data, case.outcome, case.words, told, (designs.CANARY,))


def tables() -> Mapping[str, Mapping[str, Entry]]:
    """Every table of the corpus by its name: id -> entry."""
    return {
        "text": {name: (of_typing if case.typing else of_case)(case) for name, case in text.CASES.items()},
        "sheets": {name: of_case(case) for name, case in sheets.CASES.items()},
        "native": {name: of_case(case) for name, case in native.CASES.items()},
        "platforms": {case.id: of_export(case) for case in platforms.EXPORTS},
        "codes": {name: of_codes(case) for name, case in codes.CASES.items()},
        "designs": {name: of_design(case) for name, case in designs.CASES.items()},
    }


def entries() -> dict[str, Entry]:
    """Every file by its id; where two tables have the same one, a real file stands before an imitation."""
    return {name: entry for table in tables().values() for name, entry in table.items()}


def write(folder: Path) -> int:
    """Write every file into a folder of its own and manifest.csv beside them; the number of files."""
    made = entries()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["id", "file", "outcome", "words"])
        for name, entry in made.items():
            (folder / name).mkdir(exist_ok=True)
            (folder / name / entry.file).write_bytes(entry.make())
            rows.writerow([name, f"{name}/{entry.file}", CALLED[entry.outcome], " | ".join(entry.words)])
    return len(made)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.corpus DIR")
    sys.stdout.write(f"{write(Path(sys.argv[1]))} files\n")
