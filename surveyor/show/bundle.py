"""A result as a notebook shows it: HTML for people, text for terminals, plain data for the report builder."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from surveyor.checking import Findings, ResponseRates
from surveyor.compare import Comparison, Crosstab, RegressionResult
from surveyor.estimate import Estimate
from surveyor.format import number, p_value
from surveyor.measure.cfa import FactorAnalysis
from surveyor.measure.compounds import Compounds
from surveyor.measure.dif import ItemBias
from surveyor.measure.invariance import Invariance
from surveyor.measure.measurement import Measurement
from surveyor.measure.parallel import Parallel
from surveyor.measure.reliability import Reliability
from surveyor.show.comparison import comparison_table
from surveyor.show.compounds import compounds_table
from surveyor.show.dif import dif_table
from surveyor.show.display import Display, View
from surveyor.show.estimate import estimate_table
from surveyor.show.factors import factors_display
from surveyor.show.figure import Figure
from surveyor.show.findings import findings_table, rates_table
from surveyor.show.html import figure_html, prose_html, table_html
from surveyor.show.invariance import invariance_display
from surveyor.show.measurement import measurement_display
from surveyor.show.parallel import parallel_table
from surveyor.show.prose import Prose
from surveyor.show.regression import regression_table
from surveyor.show.reliability import reliability_display
from surveyor.show.study import design_caveat, study_card
from surveyor.show.table import Cell, Table, heads, numeric
from surveyor.show.text import table_text
from surveyor.significance import Test
from surveyor.study import Study
from surveyor.survey import Survey

TABLE = "application/vnd.surveyor.table+json"
FIGURE = "application/vnd.surveyor.figure+json"
PROSE = "application/vnd.surveyor.prose+json"
DISPLAY = "application/vnd.surveyor.display+json"

#: Enough style for a notebook in light and dark theme; the report has its own.
STYLE = (
    "<style>.sv-table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    ".sv-table td,.sv-table th{padding:.15em .7em .15em 0}"
    ".sv-table caption{font-weight:600;text-align:left;caption-side:top}"
    ".sv-table thead th{border-bottom:1px solid currentColor}.sv-table tfoot td{text-align:left;opacity:.75}"
    ".sv-table tbody th{font-weight:400}.sv-table tfoot p{margin:.2em 0;max-width:60em}"
    ".sv-figure{margin:0;background:#fff;color:#1f2933}.sv-figure img{max-width:100%}</style>"
)

#: The same for several views below each other.
APART = (
    "<style>.sv-display>*{margin-bottom:1.4em}.sv-display .sv-group{font-style:italic;opacity:.75}"
    ".sv-display .sv-caution{border-left:4px solid #d07a1f;padding-left:.8em}</style>"
)


@singledispatch
def shown(result: object) -> View | Display:
    """What a result looks like: a table, a figure, prose, or several of them."""
    raise TypeError(f"{type(result).__name__} has no display")


@shown.register(Table)
@shown.register(Figure)
@shown.register(Prose)
@shown.register(Display)
def _itself(result: Any) -> Any:
    return result


shown.register(Comparison)(comparison_table)
shown.register(Estimate)(estimate_table)
shown.register(RegressionResult)(regression_table)
shown.register(Study)(study_card)
shown.register(Findings)(findings_table)
shown.register(ResponseRates)(rates_table)
shown.register(Invariance)(invariance_display)
shown.register(FactorAnalysis)(factors_display)
shown.register(Reliability)(reliability_display)
shown.register(Measurement)(measurement_display)
shown.register(Compounds)(compounds_table)
shown.register(ItemBias)(dif_table)
shown.register(Parallel)(parallel_table)


@shown.register
def _crosstab(result: Crosstab) -> Table:
    return estimate_table(result.shares)


@shown.register
def _test(result: Test) -> Table:
    """A test in one line."""
    cells = (number(result.statistic), number(result.df, 1), number(result.df2, 1), p_value(result.p))
    row = (Cell("F"), *(Cell(text, None, "right") for text in cells))
    return Table("Test", (heads("", "Statistic", "df", "df 2", "p"),), (row,), (result.note,) if result.note else ())


@shown.register
def _survey(result: Survey) -> Table:
    """The survey at a glance: rows, design, and the items with how many answered."""
    asked = result.questionnaire.items if result.questionnaire else ()
    names = [item.id for item in asked if item.id in result.frame.columns] or list(result.frame.columns)
    body = tuple(
        (
            Cell(str(name)),
            Cell(result.label(name)),
            numeric(str(int(result.frame[name].notna().sum())), float(result.frame[name].notna().sum())),
        )
        for name in names[:40]
    )
    return Table(repr(result), (heads("", "Item", "Filled"),), body, (design_caveat(result),))


def bundle(result: object) -> dict[str, Any]:
    """The MIME bundle of a result (its private types are named in CONTRIBUTING)."""
    view = shown(result)
    if isinstance(view, Display):
        views = [_view(each) for each in view.views]
        return {
            "text/plain": "\n\n".join(text for text, _ in views),
            "text/html": f'{STYLE}{APART}<div class="sv-display">{"".join(html for _, html in views)}</div>',
            DISPLAY: view.to_json(),
        }
    text, html = _view(view)
    kind = TABLE if isinstance(view, Table) else FIGURE if isinstance(view, Figure) else PROSE
    return {"text/plain": text, "text/html": STYLE + html, kind: view.to_json()}


def _view(view: View) -> tuple[str, str]:
    """One view as plain text and as HTML."""
    if isinstance(view, Table):
        return table_text(view), table_html(view)
    if isinstance(view, Figure):
        return f"{view.title}\n{view.alt}", figure_html(view)
    return str(view), prose_html(view)
