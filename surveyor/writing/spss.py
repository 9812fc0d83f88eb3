"""SPSS files (.sav, .zsav) with labels and declared missing codes, through pyreadstat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from surveyor.format import counted
from surveyor.writing.cells import counts, floats, longest, replaced
from surveyor.writing.common import Table, Variable, without
from surveyor.writing.labels import cut, fitting, in_bytes
from surveyor.writing.missing import Declared, declared
from surveyor.writing.names import Naming
from surveyor.writing.native import NUL, check_cells, check_whole, column, overwrite, plainly

#: Lengths in bytes: a Han character takes three.
LABEL, VALUE_LABEL, TEXT = 255, 120, 32_767

NAMES = Naming(
    format="SPSS",
    pattern=re.compile(r"[^\W\d_]([\w.$#@]*[\w$#@])?"),
    said="names of at most 64 bytes (21 Han characters) that begin with a letter and go on with letters, digits and _",
    limit=64,
    size=in_bytes,
    unit="bytes",
    reserved=frozenset(("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with")),
    folded=True,
)

#: Where the header says when the file was written, and what ours say.
WRITTEN_AT, WRITTEN = 92, b"01 Jan 8000:00:00"

#: How wide a column is shown, in letters: at least and at most.
NARROW, WIDE = 8, 40


def write_spss(table: Table, path: Path) -> tuple[str, ...]:
    """Write a table to `path` and say what was cut or left out.

    Raises DataError for names, numbers and texts such a file cannot hold, OSError where there is no room.
    """
    import pyreadstat

    NAMES.check(table)
    check_cells(table, TEXT)
    table = without(table, NUL, "NUL characters").changed(_fitted)
    ranges: dict[str, Declared] = {}
    table = table.changed(lambda variable: _declared(variable, ranges))
    parts = table.variables
    with plainly(table.file):
        pyreadstat.write_sav(
            pd.DataFrame({each.name: column(each) for each in parts}),
            str(path),
            column_labels={each.name: each.label for each in parts if each.label},
            variable_value_labels={each.name: each.labels for each in parts if each.labels},
            missing_ranges={name: found for name, found in ranges.items() if found},
            variable_display_width={each.name: _width(each) for each in parts},
            variable_measure={each.name: each.measure for each in parts},
            variable_format={each.name: _format(each) for each in parts if not each.is_text},
            **_compression(path),
        )
    check_whole(path, table, pyreadstat.read_sav)
    overwrite(path, WRITTEN_AT, WRITTEN)
    return table.warnings


def _compression(path: Path) -> Mapping[str, Any]:
    return {"compress": True} if path.suffix.lower() == ".zsav" else {"row_compress": True}


def _fitted(variable: Variable) -> tuple[Variable, list[str]]:
    """Labels cut to what the format holds, and texts without the blanks at their end, which it does not keep."""
    warnings = []
    name = variable.name
    label = cut(variable.label, LABEL)
    if label != variable.label:
        warnings.append(f"{name}: its label was cut to {LABEL} bytes ({len(label)} of {len(variable.label)} letters)")
    labels, changed = fitting(variable.labels, VALUE_LABEL)
    if changed:
        warnings.append(f"{name}: the labels of {_codes(changed)} were cut to {VALUE_LABEL} bytes")
    cells = variable.cells
    if variable.is_text:
        cells, hits = replaced(cells, " +$", "")
        if hits:
            warnings.append(f"{name}: blanks at the end of the text are not kept, in {counted(hits, 'cell')}")
    answers = {code: labels[code] for code in variable.answers}
    reasons = {code: labels[code] for code in variable.reasons}
    return replace(variable, label=label, cells=cells, answers=answers, reasons=reasons), warnings


def _declared(variable: Variable, ranges: dict[str, Declared]) -> tuple[Variable, list[str]]:
    """The variable with empty cells for codes that cannot be declared missing; `ranges` learns those that can."""
    if not variable.reasons:
        return variable, []
    found = counts(variable.cells)
    used = {code: found[code] for code in variable.reasons if code in found}
    others = {*found, *variable.answers} - set(variable.reasons)
    ranges[variable.name], left = declared(variable.reasons.keys(), used, others)
    if not left:
        return variable, []
    lost = sum(used[code] for code in left)
    numbers = floats(variable.cells)
    emptied = np.where(np.isin(numbers, left), np.nan, numbers)
    return replace(variable, cells=pa.array(emptied, from_pandas=True)), [
        f"{variable.name}: SPSS cannot declare so many missing codes: {_codes(left)} became empty, "
        f"in {counted(lost, 'cell')}"
    ]


def _codes(codes: Sequence[float]) -> str:
    return ("code " if len(codes) == 1 else "codes ") + ", ".join(str(code) for code in codes)


def _width(variable: Variable) -> int:
    """As wide as the longest text, within reason."""
    return min(max(NARROW, longest(variable.cells)), WIDE) if variable.is_text else max(NARROW, _digits(variable))


def _format(variable: Variable) -> str:
    """Whole numbers without decimals, others with four: how they are shown, not how they are kept."""
    return f"F{_digits(variable)}.0" if variable.is_whole else f"F{_digits(variable) + 5}.4"


def _digits(variable: Variable) -> int:
    numbers = np.abs(np.nan_to_num(floats(variable.cells)))
    return min(max(NARROW, len(str(int(numbers.max(initial=0)))) + 1), WIDE - 5)
