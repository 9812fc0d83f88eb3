"""The rows of the table: what is timed, which columns it reads, and the time it must reach."""

from __future__ import annotations

from typing import NamedTuple

OUTCOMES = tuple(f"y{k}" for k in range(1, 21))
COVARIATES = tuple(f"x{k}" for k in range(1, 8))
DESIGN = ("w", "h", "psu")


class Row(NamedTuple):
    """One task. `columns` are read beside those of the design; `target` is in seconds at 1,000,000 rows."""

    title: str
    columns: tuple[str, ...]
    target: float
    includes: str


ROWS = {
    "design": Row("coding the design", (), 0.3, "from the frame in memory to a survey ready for questions"),
    "means": Row("20 means by 2 groups, all standard errors", (*OUTCOMES, "g"), 0.15, "40 means and standard errors"),
    "difference": Row("one difference between groups", ("y1", "g"), 0.02, "two means, their contrast, its error"),
    "shares": Row("5-category proportions by group", ("item", "g"), 0.03, "10 shares and standard errors"),
    "logistic": Row(
        "logistic regression, 8 coefficients", ("hit", *COVARIATES), 0.8, "the fit and its table of coefficients"
    ),
    "crosstab": Row("Rao-Scott crosstab", ("g", "item"), 0.05, "the 2 x 5 table and the second-order F test"),
    "quartiles": Row("quartiles with intervals", ("y1",), 0.2, "three quantiles and their intervals"),
    "bootstrap": Row(
        "500 bootstrap replicates of a mean by group, in all",
        ("y1", "g"),
        float("nan"),
        "drawing the replicates, the means and their errors",
    ),
    "bootstrap_after": Row(
        "the same, after the totals",
        ("y1", "g"),
        0.1,
        "the same call on one row per cluster, its weights and means: what is left once the totals are known",
    ),
    "battery": Row(
        "battery: gap of 20 outcomes, Holm",
        (*OUTCOMES, "g"),
        0.2,
        "20 differences, p and Holm's p; R and svy: one t test per outcome, then Holm",
    ),
    "battery_frame": Row(
        "the same with effect sizes, as a frame",
        (*OUTCOMES, "g"),
        float("nan"),
        "compare(...).to_frame(): effect sizes with intervals, verdicts, notes as well",
    ),
}

#: The rows whose growth with the number of residents is shown, and what the order of the residents changes.
LINEAR = ("means", "difference", "crosstab", "battery")
