"""Columns as text, put together row by row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from surveyor.writing.common import Variable


def joined(*parts: pa.Array | str, by: str = "") -> pa.Array:
    """Texts put together row by row, with `by` between them; a gap in one of them is a gap."""
    typed = [pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in (*parts, by)]
    return pc.binary_join_element_wise(*typed)


def numerals(variable: Variable) -> pa.Array:
    """Numbers as the shortest decimal fractions that stand for the same: no exponents, no point in whole ones."""
    if variable.is_whole:
        return variable.cells.cast(pa.int64()).cast(pa.large_string())
    spelt = variable.cells.cast(pa.large_string())
    long = pc.fill_null(pc.match_substring(spelt, "e"), False)
    if not pc.any(long).as_py():
        return spelt
    full = [np.format_float_positional(x, trim="-") for x in variable.cells.filter(long).to_numpy(zero_copy_only=False)]
    return pc.replace_with_mask(spelt, long, pa.array(full, pa.large_string()))
