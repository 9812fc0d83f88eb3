"""A sheet of a workbook as a table: one row of names, one row per respondent, or an error with the cell's address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from surveyor.errors import DataError, UsageError, guess
from surveyor.format import count, counted
from surveyor.reading.answers import Ask
from surveyor.reading.platforms.kobo.system import main_sheet
from surveyor.reading.sheets.archive import letters
from surveyor.reading.text.columns import Cleaned, clean
from surveyor.reading.text.names import NUMBER, check_names, header_row, more_headers, two_headers, wanted

#: First cells of a row that sums up others.
TOTALS = frozenset((
    "合计", "合计:", "合计：", "总计", "总和", "小计", "总数", "平均", "平均值",
    "total", "totals", "subtotal", "grand total", "sum", "mean", "average",
))  # fmt: skip
LOOKED_AT = 30

#: The first row of the codebook that stands beside answers which surveyor wrote.
CODEBOOK = ["column", "label", "code", "label of code", "missing"]

Cell = str | None


@dataclass(frozen=True, order=True)
class Range:
    """Merged cells: first and last row and column, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def address(self) -> str:
        """As Excel writes it: B1:C1."""
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet as text, from its first row and column on, and what a table may not hold in silence.

    rows     one list of cells per row, of any length
    errors, uncalculated, long   addresses of #N/A and the like, of formulas without a value, of numbers
             with more digits than a spreadsheet keeps
    hidden   the number of hidden rows
    visible  whether the sheet itself is shown
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[Range, ...] = ()
    errors: tuple[str, ...] = ()
    uncalculated: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    hidden: int = 0
    visible: bool = True


@dataclass(frozen=True)
class Table:
    """The columns of a sheet that were asked for, cleaned, with notes."""

    columns: Cleaned
    first_row: int
    entries: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def choose(sheets: Sequence[Sheet], asked: str | None, file: str) -> tuple[str, tuple[str, ...]]:
    """The name of the sheet to read, and a warning where others were left out.

    sheets  in the workbook's order; their first rows are enough

    Raises UsageError for a name that is not there, DataError where no sheet, or more than one, looks like a table.
    """
    if asked is not None:
        names = [sheet.name for sheet in sheets]
        if asked not in names:
            raise UsageError(f"there is no sheet '{asked}'", where=file, remedy=guess(asked, names))
        return asked, ()
    filled = [sheet for sheet in sheets if sheet.visible and any(any(row) for row in sheet.rows)]
    filled = [sheet for sheet in filled if list(sheet.rows[0][: len(CODEBOOK)]) != CODEBOOK] or filled
    if not filled:
        raise DataError("the workbook holds no answers: its sheets are empty", where=file, remedy="Export it again")
    tables = [sheet for sheet in filled if _is_table(sheet.rows)] if len(filled) > 1 else filled
    main = main_sheet({sheet.name: [cell or "" for cell in sheet.rows[0]] for sheet in tables})
    tables = [sheet for sheet in tables if main in (None, sheet.name)]
    if len(tables) != 1:
        shown = ", ".join(f"'{sheet.name}'" for sheet in (tables or filled)[:8])
        what = (
            "several sheets look like tables" if tables else "no sheet looks like a table with names in its first row"
        )
        raise DataError(f"{what}: {shown}", where=file, remedy='Say which to read, for example sheet="Sheet1"')
    others = [f"'{sheet.name}'" for sheet in filled if sheet is not tables[0]]
    name = tables[0].name
    if not others:
        return name, ()
    why = "it alone looks like a table" if main is None else "the others repeat its rows"
    return name, (f"only the sheet '{name}' was read: {why}; left out: {', '.join(others)}",)


def table(sheet: Sheet, ask: Ask, file: str) -> Table:
    """The answers of a sheet as columns of text.

    Raises DataError with the cell's address for merged cells, two rows of names, doubled or empty names, formulas
    without a value, and a sheet without rows.
    """
    where = f"{file}, sheet '{sheet.name}'"
    rows = _padded(sheet.rows)
    head = _head(rows, ask.header_row, where)
    _no_merged(sheet, head, where)
    if sheet.uncalculated:
        raise DataError(
            f"{counted(len(sheet.uncalculated), 'formula')} without a value: they were never calculated "
            f"({_some(sheet.uncalculated)})",
            where=where,
            remedy="Open the workbook once in Excel or LibreOffice and save it, or paste values over the formulas",
        )
    beginning = [[cell or "" for cell in row] for row in rows[head : head + LOOKED_AT]]
    if ask.header_row is None and (more := more_headers(beginning)):
        raise two_headers(more, f"{where}, row {head + 2}", head + 2)
    body = rows[head + 1 :]
    names, used, entries = _names(rows[head], body, head, where)
    warnings = check_names(names, lambda i: f"{where}, cell {letters(used[i] + 1)}{head + 1}")
    if not any(any(row) for row in body):
        raise DataError("the sheet has column names but no rows", where=where)
    keep = wanted(names, ask, file)
    arrays = {
        name: pa.chunked_array([[row[i] for row in body]], pa.large_string())
        for name, i in zip(names, used, strict=True)
    }
    entries += [f"{counted(head, 'row')} above the names left out"] if head else []
    cleaned = clean(arrays, keep, first=head + 2)
    return Table(cleaned, head + 2, tuple(entries), (*warnings, *_odd(sheet, body, head)))


def _is_table(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first rows are names, all different and none a number, over rows that are mostly filled."""
    filled = [[cell for cell in row if cell] for row in rows[:LOOKED_AT]]
    filled = [row for row in filled if row]
    if len(filled) < 2 or len(filled[0]) < 2 or any(NUMBER.fullmatch(cell) for cell in filled[0]):
        return False
    usual = sorted(len(row) for row in filled[1:])[len(filled[1:]) // 2]
    return len(set(filled[0])) == len(filled[0]) and 2 * usual >= len(filled[0])


def _padded(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows up to the last filled one, all as wide as the last filled column."""
    bare = [[cell if cell and not cell.isspace() else None for cell in row] for row in rows]
    while bare and not any(bare[-1]):
        bare.pop()
    width = max((i + 1 for row in bare for i in range(len(row)) if row[i]), default=0)
    return [[*row[:width], *[None] * (width - len(row))] for row in bare]


def _head(rows: list[list[Cell]], asked: int | None, where: str) -> int:
    """The row (first = 0) that holds the names."""
    if asked is not None:
        if not 1 <= asked <= len(rows):
            raise UsageError(f"there is no row {asked}", where=where, expected=f"header_row from 1 to {len(rows)}")
        return asked - 1
    first = next((i for i, row in enumerate(rows) if any(row)), None)
    if first is None:
        raise DataError("the sheet is empty", where=where, remedy="Export it again, or name another sheet=")
    found = header_row([[cell or "" for cell in row] for row in rows[first : first + LOOKED_AT]])
    if found:
        raise DataError(
            "the first row looks like a title, not like names",
            where=f"{where}, row {first + 1}",
            expected="the names of the columns",
            remedy=f"Remove the rows above the names, or say where the names stand: header_row={first + found + 1}",
        )
    return first


def _no_merged(sheet: Sheet, head: int, where: str) -> None:
    inside = [each for each in sheet.merged if each.bottom > head]
    if not inside:
        return
    at_names = [each for each in inside if each.top <= head + 1]
    shown = _some([f"{sheet.name}!{each.address}" for each in at_names or inside])
    if at_names:
        raise DataError(
            f"merged cells among the names: {shown}",
            where=where,
            expected="one row with a name in each cell",
            remedy="Unmerge them and give each column its own name; if the names stand in a lower row, say header_row=",
        )
    raise DataError(
        f"merged cells among the answers: {shown}",
        where=where,
        expected="a value in every cell; of merged cells only the first holds one",
        remedy="Unmerge them and fill in the value in each row",
    )


def _names(head: list[Cell], body: list[list[Cell]], row: int, where: str) -> tuple[list[str], list[int], list[str]]:
    """The names, the columns (first = 0) they stand in, and an entry for empty columns that were left out."""
    used = [i for i, cell in enumerate(head) if cell or any(each[i] for each in body)]
    for i in used:
        if not head[i]:
            raise DataError(
                "this cell is empty, but answers stand below it",
                where=f"{where}, cell {letters(i + 1)}{row + 1}",
                expected="the name of the column",
                remedy="Give the column a name, or delete it",
            )
    left = len(head) - len(used)
    return [(head[i] or "").strip() for i in used], used, [f"{counted(left, 'empty column')} left out"] if left else []


def _odd(sheet: Sheet, body: list[list[Cell]], head: int) -> list[str]:
    """Warnings about what a table of answers may hold, but a person should know."""
    totals = [
        i + head + 2
        for i, row in enumerate(body)
        if (next((cell for cell in row if cell), "") or "").strip().casefold() in TOTALS
    ]
    said = []
    if totals:
        rows = ", ".join(count(i) for i in totals[:3])
        said.append(
            f"{counted(len(totals), 'row')} may hold totals, not a respondent (row {rows}): remove them from the sheet"
        )
    if sheet.errors:
        said.append(
            f"{counted(len(sheet.errors), 'cell')} with an error such as #N/A, now missing ({_some(sheet.errors)})"
        )
    if sheet.long:
        said.append(
            f"Excel keeps 15 digits: {counted(len(sheet.long), 'longer number')} lost the last digits, so different "
            f"people may now have one number ({_some(sheet.long)}); such ids must be stored as text"
        )
    if sheet.hidden:
        said.append(f"{counted(sheet.hidden, 'row')} of the sheet are hidden, perhaps by a filter; they were read too")
    return said


def _some(addresses: Sequence[str]) -> str:
    more = len(addresses) - 3
    return ", ".join(addresses[:3]) + (f" and {count(more)} more" if more > 0 else "")
