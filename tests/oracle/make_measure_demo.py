"""Writes measure_demo.csv: the items of the five facets in the simulated study. Run from the root of the repository."""

from pathlib import Path

import numpy as np

import surveyor as sv

COUNT, FREQUENCIES = "rb01", ["rb02", "rb03", "rb04"]
RATED = ["rb06", "rb07", "rb08", "rb09", "rb10", "rb11", "rb13", "rb14", "rb15", "rb16", "rb17", "rb18"]
REVERSED = ["rb15", "rb18"]

if __name__ == "__main__":
    everybody = sv.Study.load("data/demo/study.yaml").residents.frame
    of = everybody[everybody["type"].isin([1, 2])].reset_index(drop=True)
    table = of[["type"]].astype(int)
    table["stratum"] = of["stratum"].astype(str).rank(method="dense").astype(int)
    table["compound"] = of["rs02"].astype(str).rank(method="dense").astype(int)
    table["weight"] = of["weight"].astype(float)
    answers = of[[COUNT, *FREQUENCIES, *RATED]].astype(float)
    answers = answers.where(answers >= 0)
    answers[COUNT] = np.log1p(answers[COUNT])
    answers[REVERSED] = 6 - answers[REVERSED]
    for name in [*FREQUENCIES, *RATED]:
        answers[name] = answers[name].astype("Int64")
    table.join(answers).to_csv(Path("tests/oracle/measure_demo.csv"), index=False, float_format="%.17g")
