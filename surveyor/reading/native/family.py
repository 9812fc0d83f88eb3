"""From what the child process parsed to answers: codes, texts and dates, and a word on everything that is odd."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from surveyor.errors import DataError, FileError, SurveyorError
from surveyor.format import counted
from surveyor.reading.answers import Answers, Ask, Log, fingerprint
from surveyor.reading.native.child import Job, Parsed, parse
from surveyor.reading.native.dates import STATA_COUNTS, Calendar, Kind, iso, kind_of
from surveyor.reading.native.headers import Claims, codec, cut_labels, hidden_chinese
from surveyor.reading.native.parser import TAGS
from surveyor.reading.text.columns import garbled
from surveyor.reading.text.encodings import WIDER, looks_like_gb18030
from surveyor.reading.text.names import wanted

#: Above this a number no longer holds every whole number: two ids may have become one.
EXACT = 2.0**53
#: Columns put one by one beside a block of numbers; many more are joined at once.
FEW = 40
DOUBLED = re.compile(r"(.+)_duplicated\d+")


@dataclass(frozen=True)
class Family:
    """A family of native files: its name, pyreadstat's word for it, a program that opens it, how it counts days."""

    name: str
    parser: str
    program: str
    calendar: Calendar
    warnings: tuple[str, ...] = ()


@dataclass
class Notes:
    """What there is to say about a file, gathered on the way."""

    entries: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def asked_encoding(ask: Ask, file: str) -> str | None:
    """The encoding a caller names, as iconv calls it (GB18030 for its smaller sisters).

    Raises FileError for a name that no encoding has.
    """
    if ask.encoding is None:
        return None
    name = WIDER.get(ask.encoding.lower().strip(), ask.encoding.strip())
    if codec(name) is None:
        raise FileError(
            f"there is no encoding called '{ask.encoding[:20]}'",
            where=file,
            expected='for example "utf-8", "gb18030", "big5" or "cp1252"',
        )
    return name


def read_native(
    path: Path,
    ask: Ask,
    family: Family,
    told: Claims,
    encoding: str | None,
    check: Callable[[], Iterable[str]] = tuple,
) -> Answers:
    """The answers in a native file.

    told      what its header says
    encoding  what the parser shall assume; None for what the file declares
    check     run while the child parses: gives warnings, raises what makes the file unreadable

    Raises FileError where the file is damaged, DataError where its columns cannot be told apart, UsageError for
    a column that is asked for and not there.
    """
    notes = Notes(warnings=[*told.warnings, *family.warnings])
    parsed, sha256 = _parsed(path, ask, family, told, encoding, lambda: notes.warnings.extend(check()))
    _trustworthy(parsed, path.name)
    disguised = None if ask.encoding else _disguised(parsed, told)
    frame = _frame(parsed, family, told, notes)
    values = _values(parsed, frame, notes)
    sets = _sets(parsed, frame, notes)
    if disguised:
        notes.warnings.append(disguised)
    else:
        _look_at_text(parsed, told, ask, notes)
    return Answers(
        frame=frame,
        log=_log(path, sha256, family, _encoding(ask, told, parsed), frame, notes),
        labels={name: label.strip() for name, label in parsed.meta["labels"].items() if label.strip()},
        values=values,
        missing=_missing(parsed, frame, values),
        ordered=frozenset(parsed.meta["measures"]),
        sets=sets,
        weight=told.weight if told.weight in frame.columns else None,
    )


def _log(path: Path, sha256: str, family: Family, encoding: str, frame: pd.DataFrame, notes: Notes) -> Log:
    return Log(
        file=path.name,
        sha256=sha256,
        format=family.name,
        encoding=encoding,
        rows=len(frame),
        columns=frame.shape[1],
        reader=f"pyreadstat {version('pyreadstat')}",
        entries=tuple(notes.entries),
        warnings=tuple(notes.warnings),
    )


def _parsed(
    path: Path, ask: Ask, family: Family, told: Claims, encoding: str | None, check: Callable[[], None]
) -> tuple[Parsed, str]:
    """What the child makes of the file, and the file's SHA-256, which is taken meanwhile."""
    hashes: list[str] = []

    def meanwhile() -> None:
        check()
        hashes.append(fingerprint(path))

    if told.names:
        wanted(tuple(told.names.values()), ask, path.name)
    arrays = family.parser == "sav/zsav"
    job = Job(path, family.parser, family.name, family.program, encoding, ask.columns, told.cells, arrays)
    try:
        parsed = parse(job, meanwhile)
    except FileError as error:
        raise _with_encoding(error, told, ask) from None
    wanted(parsed.names, ask, path.name)
    return parsed, hashes[0]


def shown(names: Sequence[str]) -> str:
    """The first columns of a list, and how many more.

    >>> shown(["a", "b", "c", "d", "e"])
    'a, b, c and 2 others'
    """
    more = f" and {counted(len(names) - 3, 'other')}" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _trustworthy(parsed: Parsed, file: str) -> None:
    """Raises where two columns have one name, or missing answers were not told apart from answers."""
    for name in parsed.names:
        doubled = DOUBLED.fullmatch(name)
        if doubled and doubled[1] in parsed.names:
            raise DataError(f"two columns are called '{doubled[1]}'", where=file, remedy="Give each its own name")
    if parsed.disagree:
        raise FileError(
            f"two readings of the file disagree on which answers are missing in {shown(parsed.disagree)}",
            where=file,
            remedy="Do not trust the numbers; save the file from its program as .csv and read that",
        )
    if parsed.clashes:
        raise DataError(
            f"{shown(parsed.clashes)} holds both missing answers by reason (.a, .b, ...) and numbers "
            "from -127 to -101, which stand for these reasons here",
            where=file,
            remedy="Recode the numbers, or the missing answers, before reading",
        )


def _frame(parsed: Parsed, family: Family, told: Claims, notes: Notes) -> pd.DataFrame:
    """Numbers as they are, dates as ISO text, texts as text; what stands for missing in texts is missing."""
    others: dict[str, pd.Series] = {}
    lost, counts = [], []
    for name in parsed.names:
        form = parsed.meta["formats"].get(name, "")
        if name in parsed.texts:
            others[name] = _text(name, parsed.texts[name], told, notes)
        elif kind := kind_of(form, family.calendar):
            others[name] = _dates(name, parsed.numbers[name], kind, parsed, family, notes)
        elif form.startswith("%") and form[1:3] in STATA_COUNTS:
            counts.append(f"{name} ({STATA_COUNTS[form[1:3]]})")
        elif _is_past(parsed.numbers[name], EXACT):
            lost.append(name)
    if lost:
        notes.warnings.append(
            f"{shown(lost)}: numbers of more than 15 digits; digits are already lost in the file. "
            "Keep ids of this length as text"
        )
    if counts:
        notes.warnings.append(f"{shown(counts)}: time is counted since 1960 and was left as numbers")
    return _joined(parsed, others)


def _joined(parsed: Parsed, others: Mapping[str, pd.Series]) -> pd.DataFrame:
    """One frame in the file's order, without a copy of the numbers where few columns are anything else."""
    index = pd.RangeIndex(parsed.rows)
    if len(others) > FEW:
        return pd.DataFrame({name: others.get(name, parsed.numbers.get(name)) for name in parsed.names}, index=index)
    frame = pd.DataFrame(parsed.block.T, columns=list(parsed.numbers), index=index, copy=False)
    for place, name in enumerate(parsed.names):
        if name in others and name in frame.columns:
            frame = frame.drop(columns=name)
        if name in others:
            frame.insert(place, name, others[name])
    return frame


def _is_past(cells: np.ndarray, bound: float) -> bool:
    """Whether a number is beyond plus or minus `bound`."""
    if not len(cells):
        return False
    return bool(np.fmax.reduce(cells) > bound or np.fmin.reduce(cells) < -bound)


def _text(name: str, array: pa.Array, told: Claims, notes: Notes) -> pd.Series:
    codes = [code for code in told.text_missing.get(name, ()) if code]
    if codes:
        hit = pc.is_in(array, value_set=pa.array(codes, array.type))
        cells = pc.sum(hit).as_py() or 0
        array = pc.if_else(hit, pa.scalar(None, array.type), array)
        notes.entries.append(
            f"{name}: {counted(len(codes), 'text')} declared missing in the file -> missing, {counted(cells, 'cell')}"
        )
    return pd.Series(pa.chunked_array([array]), dtype="str")


def _dates(name: str, cells: np.ndarray, kind: Kind, parsed: Parsed, family: Family, notes: Notes) -> pd.Series:
    declared = np.zeros(len(cells), dtype=bool)
    for low, high in parsed.meta["missing"].get(name, ()):
        declared |= (cells >= low) & (cells <= high)
    if name in parsed.meta["tags"]:
        declared |= np.isin(cells, list(TAGS.values()))
    if declared.any():
        cells = np.where(declared, np.nan, cells)
        told = counted(int(declared.sum()), "cell")
        notes.entries.append(f"{name}: dates that are declared missing in the file -> missing, {told}")
    texts, outside = iso(cells, kind, family.calendar)
    if outside:
        notes.warnings.append(
            f"{name}: {counted(outside, 'date')} outside the years 1 to 9999 -> missing; the other dates are right"
        )
    return pd.Series(texts, dtype="str")


def _values(parsed: Parsed, frame: pd.DataFrame, notes: Notes) -> dict[str, Mapping[float, str]]:
    """Code -> label of numeric columns; a tag without a label of its own is labelled ".a"."""
    found: dict[str, Mapping[float, str]] = {}
    unused = []
    for name in frame.columns:
        pairs = parsed.meta["values"].get(name, ())
        if not pd.api.types.is_numeric_dtype(frame[name]):
            unused += [name] if pairs else []
            continue
        labels: dict[float, str] = {
            TAGS[code] if isinstance(code, str) else float(code): label
            for code, label in pairs
            if not isinstance(code, str) or (code in TAGS and name in parsed.meta["tags"])
        }
        for tag in parsed.meta["tags"].get(name, ()):
            labels.setdefault(TAGS[tag], f".{tag}")
        if labels:
            found[name] = labels
    if unused:
        notes.entries.append(f"labels of text answers and dates are not used: {shown(unused)}")
    return found


def _missing(
    parsed: Parsed, frame: pd.DataFrame, values: Mapping[str, Mapping[float, str]]
) -> dict[str, frozenset[float]]:
    """The codes of numeric columns, used or only labelled, that the file declares missing."""
    found = {}
    ranges: Mapping[str, list[list[float]]] = parsed.meta["missing"]
    for name in frame.columns:
        if name not in parsed.numbers or not pd.api.types.is_numeric_dtype(frame[name]):
            continue
        cells, labelled = parsed.numbers[name], values.get(name, {})
        codes = {TAGS[tag] for tag in parsed.meta["tags"].get(name, ())}
        codes |= {code for code in labelled if code in TAGS.values() and name in parsed.meta["tags"]}
        for low, high in ranges.get(name, ()):
            codes |= {float(code) for code in np.unique(cells[(cells >= low) & (cells <= high)])}
            codes |= {code for code in labelled if low <= code <= high}
        if codes:
            found[name] = frozenset(codes)
    return found


def _sets(parsed: Parsed, frame: pd.DataFrame, notes: Notes) -> dict[str, tuple[str, ...]]:
    """Multiple-response sets: name -> its columns; a warning where the value that means yes is never there."""
    found = {}
    for name, told in parsed.meta["sets"].items():
        there = tuple(column for column in told["variable_list"] if column in frame.columns)
        if len(there) < len(told["variable_list"]):
            absent = len(told["variable_list"]) - len(there)
            notes.warnings.append(f"set {name}: {counted(absent, 'column')} of it are not among those read")
        yes = told["counted_value"]
        if yes is not None and not any((parsed.numbers[each] == yes).any() for each in there if each in parsed.numbers):
            notes.warnings.append(f"set {name}: the value that means yes ({yes}) stands in none of its columns")
        if there:
            found[name] = there
    return found


def _encoding(ask: Ask, told: Claims, parsed: Parsed) -> str:
    if ask.encoding:
        return f"{asked_encoding(ask, '')}, named by the caller"
    declared = parsed.meta["encoding"] or told.encoding
    return f"{declared}, as the file says or its version implies" if declared else "unknown"


def _disguised(parsed: Parsed, told: Claims) -> str | None:
    """A warning where labels or texts are Chinese that was read as Western letters; answers are not shown."""
    if sample := hidden_chinese(_all_labels(told), told.encoding):
        return (
            f"the labels look like Chinese (GB18030) that was read as {told.encoding or 'another encoding'}: "
            f"'{sample[:20]}'. Read the file again with encoding=\"gb18030\""
        )
    if codec(told.encoding) == "utf-8":
        return None
    hit = [name for name, texts in parsed.texts.items() if looks_like_gb18030(_some_words(texts))]
    if not hit:
        return None
    return f'the texts of {shown(hit)} look like Chinese (GB18030): read the file again with encoding="gb18030"'


def _some_words(texts: pa.Array) -> str:
    """Up to 200 different texts that are not plain ASCII, in one."""
    words = (word for word in pc.unique(texts.slice(0, 20_000)).to_pylist() if word and not word.isascii())
    return " ".join(islice(words, 200))


def _look_at_text(parsed: Parsed, told: Claims, ask: Ask, notes: Notes) -> None:
    """Warnings for labels cut in the middle of a character, and for letters that were lost before."""
    cut = cut_labels(told.labels, asked_encoding(ask, "") or told.encoding)
    if cut := [name for name in cut if name in parsed.names]:
        notes.warnings.append(f"labels end in the middle of a character, what is readable was kept: {shown(cut)}")
    for name, texts in parsed.texts.items():
        found = garbled(pa.chunked_array([texts]))
        notes.warnings += [f"{name}: {what}, in {counted(n, 'cell')}" for what, n in found]


def _with_encoding(error: FileError, told: Claims, ask: Ask) -> SurveyorError:
    """The error, with the encoding that would help where the labels are Chinese in disguise."""
    sample = None if ask.encoding else hidden_chinese(_all_labels(told), told.encoding)
    if sample is None:
        return error
    return FileError(
        error.what,
        where=error.where,
        remedy=f"Its labels are Chinese in another encoding ('{sample[:20]}'): read it with encoding=\"gb18030\"",
    )


def _all_labels(told: Claims) -> list[bytes]:
    return [*told.labels.values(), *told.value_labels]
