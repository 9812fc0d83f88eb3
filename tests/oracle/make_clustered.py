"""Draws clustered.csv: 4 strata, 38 clusters, unequal weights, gaps; type is constant inside a cluster.

Run: python tests/oracle/make_clustered.py
"""

from pathlib import Path

import numpy as np
import pandas as pd


def main() -> None:
    rng = np.random.default_rng(20261123)
    rows = []
    cluster = 0
    for stratum, clusters in enumerate((6, 12, 9, 11), start=1):
        for k in range(clusters):
            cluster += 1
            kind = "old" if k % 3 else "estate"
            effect = rng.normal(0, 0.6)
            for _ in range(rng.integers(6, 18)):
                y = 10 + (kind == "old") + effect + rng.normal(0, 2)
                rating = int(np.clip(np.round((y - 5) / 2.2), 1, 5))
                rows.append(
                    {
                        "stratum": stratum,
                        "cluster": cluster,
                        "type": kind,
                        "w": round(float(rng.lognormal(0, 0.5)) * (1 + stratum / 2), 4),
                        "y": round(y, 4) if rng.random() > 0.06 else None,
                        "x": round(float(rng.gamma(3, 2)), 4) if rng.random() > 0.04 else None,
                        "rating": rating if rng.random() > 0.05 else None,
                        "member": int(rng.random() < 0.3) if rng.random() > 0.03 else None,
                    }
                )
    frame = pd.DataFrame(rows).astype({"rating": "Int64", "member": "Int64"})
    frame.to_csv(Path(__file__).parent / "clustered.csv", index=False)


if __name__ == "__main__":
    main()
