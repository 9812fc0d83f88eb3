"""What people see: tables, figures and sentences as descriptions, and the writers that draw them."""

from surveyor.show.bundle import DISPLAY, FIGURE, PROSE, TABLE, bundle
from surveyor.show.comparison import comparison_figure, comparison_table
from surveyor.show.display import Display
from surveyor.show.estimate import stacked_figure
from surveyor.show.figure import Figure
from surveyor.show.prose import Prose
from surveyor.show.sentences import comparison_sentences, comparison_summary
from surveyor.show.table import Table

__all__ = [
    "DISPLAY",
    "FIGURE",
    "PROSE",
    "TABLE",
    "Display",
    "Figure",
    "Prose",
    "Table",
    "bundle",
    "comparison_figure",
    "comparison_sentences",
    "comparison_summary",
    "comparison_table",
    "stacked_figure",
]
