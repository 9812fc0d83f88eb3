"""What tests share: the studies, and the folder of files that may not be in the repository."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyor as sv

ROOT = Path(__file__).resolve().parent.parent
#: Files that tests may read but the repository may not hold.
SHARED = Path(os.environ.get("SURVEYOR_SHARED", ROOT.parent / "shared"))
BLOOMINGTON = SHARED / "data" / "bloomington_2017"


@pytest.fixture(scope="session")
def copenhagen() -> sv.Study:
    return sv.Study.load(ROOT / "data" / "copenhagen")


@pytest.fixture(scope="session")
def bloomington() -> sv.Study:
    if not (BLOOMINGTON / "bloomington_2017.sav").is_file():
        pytest.skip("the Bloomington answers may not be in the repository; set SURVEYOR_SHARED to their folder")
    return sv.Study.load(ROOT / "data" / "bloomington", data=BLOOMINGTON)


@pytest.fixture(scope="session")
def clustered() -> pd.DataFrame:
    frame = pd.read_csv(Path(__file__).parent / "oracle" / "clustered.csv")
    return frame.assign(**ordinal_items(frame["y"]))


def ordinal_items(y: pd.Series) -> dict[str, pd.Series]:
    """Four items with 2 to 4 answers that go together as y and noise of their own make them; the third is reversed."""
    cuts = ([-1.0, 0.0, 1.0], [0.2], [-0.8, 0.9], [-1.2, -0.2, 0.8])
    noise = [np.sin(k * np.arange(len(y)) ** 2) for k in (2, 3, 4, 5)]
    behind = [(y - y.mean()) / y.std() + 1.2 * each for each in noise]
    one, two, three, four = (pd.cut(each, [-9, *at, 9], labels=False) for each, at in zip(behind, cuts, strict=True))
    return {"one": one + 1, "two": two, "three": 5 - three, "four": four * 2}
