"""An estimate as a table, and shares of answers as stacked bars."""

from __future__ import annotations

from functools import partial

from surveyor.errors import UsageError
from surveyor.estimate import Estimate
from surveyor.format import count, digits_of, interval, number, percent, significant
from surveyor.show.figure import Figure
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.words import word

#: More rows than this are not shown at once; `to_frame` has them all.
ROWS = 60


def estimate_table(estimate: Estimate) -> Table:
    """One row per value: groups, what it is, the value, its interval, answers, note."""
    lang = estimate.lang
    frame = estimate.interval()
    groups = list(frame.columns[: list(frame.columns).index("variable")])
    body = []
    for row in frame.head(ROWS).to_dict("records"):
        share = row["statistic"] == "proportion"
        digits = digits_of(row["se"])
        show = percent if share else partial(number, digits=digits)
        what = estimate.names.get(row["variable"], row["variable"])
        what += f"{word('colon', lang)}{row['level']}" if row["level"] else ""
        body.append(
            (
                Cell(what),
                *[Cell(str(row[group])) for group in groups],
                Cell(row["statistic"]),
                numeric(show(row["value"]), row["value"]),
                Cell(interval(show(row["low"]), show(row["high"]), to=word("to", lang)), None, "right"),
                numeric(number(row["se"], digits + (0 if not share else 1)), row["se"]),
                numeric(count(row["n"]), row["n"]),
                Cell(row["note"]),
            )
        )
    header = heads(
        word("outcome", lang),
        *[estimate.names.get(group, group) for group in groups],
        "",
        word("value", lang),
        word("interval", lang),
        word("se", lang),
        word("answers", lang),
        word("note", lang),
    )
    more = len(frame) - ROWS
    notes = (f"{more} more rows: see to_frame().",) if more > 0 else ()
    return Table({"en": "Estimates", "zh": "估计"}[lang], (header,), tuple(body), notes)


def stacked_figure(estimate: Estimate) -> Figure:
    """Stacked bars of proportions by one grouping; items that share their answers share a key.

    Raises UsageError where the estimate is not of proportions by exactly one grouping.
    """
    lang = estimate.lang
    frame = estimate.interval()
    groups = list(frame.columns[: list(frame.columns).index("variable")])
    if len(groups) != 1 or (frame["statistic"] != "proportion").any():
        raise UsageError(
            "stacked bars show the shares of answers in groups",
            expected='survey.proportion(items, by="type")',
        )
    panels: list[dict[str, object]] = []
    described = []
    for variable, rows in frame.groupby("variable", sort=False):
        label = estimate.names.get(str(variable), str(variable))
        levels = list(dict.fromkeys(rows["level"]))
        bars = []
        for group, part in rows.groupby(groups[0], sort=False):
            shares = [significant(value) or 0.0 for value in part["value"]]
            shown = [percent(value, 0) for value in part["value"]]
            n = int(part["n"].iloc[0])
            bars.append(
                {
                    "group": str(group),
                    "shares": shares,
                    "shown": shown,
                    "n": n,
                    "shown_n": f"n {count(n)}",
                }
            )
            spoken = ", ".join(f"{level} {text}" for level, text in zip(levels, shown, strict=True))
            described.append(f"{label}, {group} (n {count(n)}): {spoken}")
        item = {"label": label, "bars": bars}
        if panels and panels[-1]["levels"] == levels:
            panels[-1]["items"].append(item)  # type: ignore[attr-defined]
        else:
            panels.append({"levels": levels, "items": [item]})
    first = [estimate.names.get(str(name), str(name)) for name in dict.fromkeys(frame["variable"])]
    title = {"en": "How the answers are shared out", "zh": "回答的分布"}[lang]
    if len(first) == 1:
        title = {
            "en": f"{first[0]}: how the answers are shared out",
            "zh": f"{first[0]}：回答的分布",
        }[lang]
    note = {
        "en": "Weighted shares of valid answers; n: answers.",
        "zh": "有效回答的加权占比；n：回答数。",
    }[lang]
    alt = {"en": "Stacked bars. ", "zh": "堆叠条形图。"}[lang] + "; ".join(described) + "."
    return Figure("stacked", title, note, alt, {"panels": panels}, lang)
