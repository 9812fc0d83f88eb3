"""What tests share: the studies, and the folder of files that may not be in the repository."""

from __future__ import annotations

import os
from pathlib import Path

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
    return pd.read_csv(Path(__file__).parent / "oracle" / "clustered.csv")
