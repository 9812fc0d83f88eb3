"""SPSS files (.sav, .zsav), through pyreadstat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveyor.errors import FileError
from surveyor.reading.answers import Answers, Ask, Log, fingerprint


def read_spss(path: Path, ask: Ask) -> Answers:
    """The codes, labels and declared missing codes of an SPSS file.

    Raises FileError where the file is damaged or holds fewer rows than its header says.
    """
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(str(path), user_missing=True, encoding=ask.encoding)
    except OverflowError as error:
        raise FileError(
            f"this SPSS file holds a date that no calendar here can show ({error})",
            where=path.name,
            remedy="Correct or remove the date variable in SPSS or PSPP and save the file again",
        ) from None
    except (pyreadstat.ReadstatError, UnicodeDecodeError, IndexError, LookupError) as error:
        raise FileError(
            f"this SPSS file is damaged or was cut short ({error})",
            where=path.name,
            remedy="Copy or export it again; if it opens in SPSS or PSPP, save it there under a new name",
        ) from None
    if meta.number_rows is not None and meta.number_rows > len(frame):
        raise FileError(
            f"the file ends early: {len(frame)} of {meta.number_rows} rows",
            where=path.name,
            remedy="Copy or export it again",
        )
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    frame[texts] = frame[texts].replace("", None)
    unknown_length = "the header gives no row count: completeness cannot be verified"
    log = Log(
        file=path.name,
        sha256=fingerprint(path),
        format="SPSS",
        encoding=meta.file_encoding or "unknown",
        rows=len(frame),
        columns=frame.shape[1],
        reader=f"pyreadstat {pyreadstat.__version__}",
        entries=(unknown_length,) if meta.number_rows is None else (),
    )
    return Answers(
        frame=frame,
        log=log,
        labels={k: v for k, v in meta.column_names_to_labels.items() if v},
        values={
            name: {code: label for code, label in labels.items() if isinstance(code, int | float)}
            for name, labels in meta.variable_value_labels.items()
        },
        missing={
            name: _declared(frame[name], meta.variable_value_labels.get(name, {}), ranges)
            for name, ranges in meta.missing_ranges.items()
        },
        ordered=frozenset(name for name, measure in meta.variable_measure.items() if measure == "ordinal"),
    )


def _declared(column: pd.Series, labels: Any, ranges: Any) -> frozenset[float]:
    """The codes of a column, used or only labelled, that fall into its declared missing ranges."""
    if not pd.api.types.is_numeric_dtype(column):
        return frozenset()
    labelled = {code for code in labels if isinstance(code, int | float)}
    seen = {*np.unique(column.dropna().to_numpy(dtype=float)), *labelled}
    return frozenset(
        float(code)
        for code in seen
        if any(isinstance(r["lo"], int | float) and r["lo"] <= code <= r["hi"] for r in ranges)
    )
