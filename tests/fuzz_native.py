"""Random byte changes in native files: nothing but a SurveyorError may come out, and no session may die.

python -m tests.fuzz_native [--changes 2000] [--seed 1] [--only a.sav a.dta ...]
"""

from __future__ import annotations

import argparse
import gzip
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import surveyor as sv
from surveyor.reading import READERS
from surveyor.reading.answers import Ask
from tests.conftest import SHARED
from tests.corpus.native import dta, old_dta, por, sav, xpt

SAS = SHARED / "data" / "awkward_formats" / "pyreadstat" / "sample.sas7bdat.gz"
#: Name of the file -> the kind of reader, and what makes a good one.
FORMATS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a.sav": ("SPSS", sav),
    "rle.sav": ("SPSS", lambda: sav(row_compress=True)),
    "a.zsav": ("SPSS", lambda: sav(compress=True)),
    "a.por": ("SPSS portable", por),
    "a.dta": ("Stata", dta),
    "old.dta": ("Stata", lambda: old_dta(114)),
    "a.xpt": ("SAS transport", lambda: xpt(5)),
}
if SAS.is_file():
    FORMATS["a.sas7bdat"] = ("SAS", lambda: gzip.decompress(SAS.read_bytes()))


def fuzz(form: str, changes: int, seed: int, folder: Path) -> Counter[str]:
    """How often a file with one to four changed bytes, or cut, was read, read with warnings, or refused."""
    reader, make = FORMATS[form]
    good = make()
    chance = random.Random(f"{form} {seed}")
    outcomes: Counter[str] = Counter()
    path = folder / form
    for _ in range(changes):
        path.write_bytes(changed(good, chance))
        try:
            answers = READERS[reader](path, Ask())
            outcomes["read with a warning" if answers.log.warnings else "read"] += 1
        except sv.SurveyorError as error:
            outcomes["refused"] += 1
            if "broke down" in str(error):
                outcomes["of these, child died"] += 1
    return outcomes


def changed(good: bytes, chance: random.Random) -> bytes:
    """Half of the changes fall into the first 1,200 bytes, where most headers stand; a tenth are cuts."""
    raw = bytearray(good)
    if chance.random() < 0.1:
        return bytes(raw[: chance.randrange(1, len(raw))])
    reach = min(1200, len(raw)) if chance.random() < 0.5 else len(raw)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        raw[chance.randrange(reach)] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
    return bytes(raw)


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--changes", type=int, default=2000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", nargs="+", choices=FORMATS, default=list(FORMATS))
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for form in asked.only:
            begun = time.monotonic()
            outcomes = fuzz(form, asked.changes, asked.seed, Path(folder))
            told = ", ".join(f"{n} {what}" for what, n in sorted(outcomes.items()))
            print(f"{form}: {told}; {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
