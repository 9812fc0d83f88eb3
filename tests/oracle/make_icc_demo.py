"""Writes icc_demo.csv: a few answers of the simulated study. Run from the root of the repository."""

from pathlib import Path

import pandas as pd

import surveyor as sv

ITEMS = ["rb02", "rb10", "rc01", "rd16", "ra06", "rb01"]

if __name__ == "__main__":
    survey = sv.Study.load("data/demo/study.yaml").residents
    frame = survey.frame
    table = pd.DataFrame({"compound": frame["rs02"].astype(str).rank(method="dense").astype(int)})
    table["type"] = frame["type"].astype(int).map({1: "old", 2: "estate", 3: "other"})
    table["stratum"] = frame["stratum"].astype(str).rank(method="dense").astype(int)
    table["weight"] = frame["weight"].astype(float)
    for name in ITEMS:
        table[name] = pd.array(survey.column(name).measured, dtype="Int64")
    table["knows"] = pd.array(survey.column("rf02").values == survey.code("rf02", "Yes"), dtype="Int64")
    table.loc[pd.isna(survey.column("rf02").values), "knows"] = pd.NA
    kept = table.iloc[[i for i in range(len(table)) if i % 7 or table["compound"][i] % 2]]  # unequal sizes
    kept.to_csv(Path("tests/oracle/icc_demo.csv"), index=False, float_format="%.6g")
