"""Expand the 72 published counts into one row per resident: counts.csv -> residents.sav.

Run from anywhere: python data/copenhagen/make.py
"""

from pathlib import Path

import pandas as pd
import pyreadstat

HERE = Path(__file__).parent

LEVELS = {
    "dwelling": ("Type", {"Tower": 1, "Apartment": 2, "Atrium": 3, "Terrace": 4}),
    "contact": ("Cont", {"Low": 1, "High": 2}),
    "influence": ("Infl", {"Low": 1, "Medium": 2, "High": 3}),
    "satisfaction": ("Sat", {"Low": 1, "Medium": 2, "High": 3}),
}
COLUMN_LABELS = {
    "id": "Running number (not in the source)",
    "dwelling": "Type of dwelling",
    "contact": "Contact with other residents",
    "influence": "Felt influence on the management",
    "satisfaction": "Satisfaction with housing conditions",
}
VALUE_LABELS = {
    "dwelling": {1: "Tower block", 2: "Apartment", 3: "Atrium house", 4: "Terraced house"},
    "contact": {1: "Low", 2: "High"},
    "influence": {1: "Low", 2: "Medium", 3: "High"},
    "satisfaction": {1: "Low", 2: "Medium", 3: "High"},
}


def main() -> None:
    counts = pd.read_csv(HERE / "counts.csv")
    rows = counts.loc[counts.index.repeat(counts["Freq"])]
    residents = pd.DataFrame({"id": range(1, len(rows) + 1)})
    for name, (source, codes) in LEVELS.items():
        residents[name] = rows[source].map(codes).to_numpy()
    pyreadstat.write_sav(
        residents,
        str(HERE / "residents.sav"),
        file_label="Copenhagen housing conditions survey (Madsen 1976)",
        column_labels=COLUMN_LABELS,
        variable_value_labels=VALUE_LABELS,
        variable_measure={name: "nominal" if name == "dwelling" else "ordinal" for name in LEVELS},
    )


if __name__ == "__main__":
    main()
