"""The corpus is complete, holds under awkward names and folders, and nothing that is said gives a person away."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import traceback
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

import surveyor as sv
from surveyor.questionnaire import Item, Questionnaire
from surveyor.reading import Log, read_answers
from tests.conftest import ROOT
from tests.corpus import Case, sheets, text
from tests.corpus.__main__ import CALLED, Entry, entries, tables

#: Section of the failure tables -> case -> what must come of it: "error" (refused), "warning" (warned), "right".
REQUIRED: dict[str, dict[str, str]] = {
    "1.2 Damage and misnaming": {
        "sav_zero_bytes": "error", "zsav_zero_bytes": "error", "por_zero_bytes": "error", "dta_zero_bytes": "error",
        "sas7bdat_zero_bytes": "error", "xpt_zero_bytes": "error", "csv_zero_bytes": "error", "tsv_zero_bytes": "error",
        "txt_zero_bytes": "error", "xlsx_zero_bytes": "error", "ods_zero_bytes": "error", "parquet_zero_bytes": "error",
        "feather_zero_bytes": "error", "sav_half": "error", "sav_last_row_cut": "error", "sav_whole_rows_lost": "error",
        "sav_rle_half": "error", "sav_rows_unknown_cut": "warning", "sav_rows_overstated": "error",
        "sav_rows_understated": "error", "sav_crash_group_zero": "error", "sav_crash_group_minus": "error",
        "sav_crash_group_large": "error", "sav_crash_width": "error", "zsav_half": "error", "zsav_bad_block": "error",
        "dta_half": "error", "dta_114_last_rows_lost": "error", "dta_labels_cut": "error", "dta_labels_lost": "error",
        "dta_114_rows_huge": "error", "dta_118_rows_huge": "error", "por_half": "error", "xpt_cut": "warning",
        "xpt_blank_tail": "error", "sas_junk": "error", "xpt_junk": "error", "csv_cut_in_quotes": "error",
        "csv_cut_at_line_end": "right", "csv_rows_lost": "error", "xlsx_half": "error", "ods_half": "error",
        "csv_named_sav": "error", "csv_named_dta": "error", "csv_named_xlsx": "error", "sav_named_csv": "error",
        "sav_named_dta": "error", "dta_named_sav": "error", "xlsx_named_csv": "error", "html_named_xls": "error",
        "html_named_csv": "error", "xlsx_encrypted": "error", "xls_encrypted": "error", "csv_flipped_bit": "error",
        "sav_flipped_bit": "error",
    },
    "1.3 Encoding and delimited text": {
        "csv_gbk": "right", "csv_gb18030": "right", "wjx_codes": "warning", "csv_gbk_named": "right",
        "csv_big5": "error", "csv_utf8_bom": "right", "csv_utf16": "right", "tsv_utf16": "right",
        "csv_two_encodings": "error", "csv_mojibake": "warning", "csv_replacement_chars": "warning",
        "csv_hot_kun_kao": "warning", "sav_gbk": "right", "sav_gbk_says_utf8": "error",
        "sav_gbk_says_latin1": "warning", "dta_114_gbk": "warning", "csv_mixed_eol": "right",
        "csv_quoted_newline": "right", "csv_semicolon": "right", "csv_sep_line": "right", "csv_preamble": "error",
        "csv_two_header_rows": "error", "csv_chinese_comma": "error", "csv_nul": "error", "csv_row_too_long": "error",
        "csv_row_too_short": "error", "csv_every_row_one_more": "error", "csv_duplicate_columns": "error",
        "csv_duplicate_after_trimming": "error", "csv_blank_column_name": "error", "csv_header_no_rows": "error",
        "csv_hostile_names": "warning", "large_line": "error",
    },
    "1.4 Cells": {
        "csv_leading_zeros": "right", "csv_exponent_ids": "right", "csv_big_ids": "right", "csv_na_words": "right",
        "csv_na_words_read": "warning", "csv_na_is_an_answer": "right", "csv_full_width_digits": "right",
        "csv_thousands": "error", "csv_minus_signs": "right", "csv_brackets_for_minus": "error",
        "csv_text_in_numbers": "error", "large_mixed": "warning", "large_mixed_asked": "error",
        "csv_mixed_dates": "warning", "csv_time_zones": "right", "csv_bad_dates": "warning", "sav_far_date": "warning",
        "csv_infinite": "error", "csv_category_twins": "warning",
    },
    "1.5 Workbooks and platforms": {
        "xlsx_merged_header": "error", "xlsx_merged_body": "error", "xlsx_numbers_as_text": "right",
        "xlsx_long_number": "warning", "xlsx_1904": "right", "xlsx_error_cells": "warning",
        "xlsx_formula_no_value": "error", "xlsx_cover_sheet": "warning", "xlsx_two_data_sheets": "error",
        "xlsx_hidden_rows": "warning", "xlsx_total_row": "warning", "xlsx_blank_tail": "right",
        "xlsx_entities": "error", "xlsx_external_entity": "error", "xlsx_zip_bomb": "error", "xlsx_far_cell": "error",
        "ods_repeated_tail": "right", "ods_repeated_full": "error", "wjx_text": "warning", "wjx_codes": "warning",
        "kobo_names": "warning", "kobo_labels": "right", "kobo_repeat": "warning", "kobo_gps": "right",
        "odk_flat": "right", "parquet_junk": "error", "feather_junk": "error",
    },
    "1.6 Codes, labels and versions": {
        "sav_user_missing": "right", "sav_user_missing_read": "right", "sav_string_missing": "right",
        "sav_undeclared_missing": "error", "sav_undeclared_missing_drafted": "warning", "dta_tagged_missing": "right",
        "dta_tagged_missing_read": "right", "dta_system_after_tagged": "right", "dta_system_after_tagged_read": "right",
        "sav_unlabelled_code": "warning", "sav_unlabelled_code_drafted": "warning", "sav_float_noise": "right",
        "sav_float_noise_drafted": "right", "sav_half_codes": "warning", "sav_half_codes_drafted": "warning",
        "sav_same_label_twice": "warning", "sav_same_label_twice_drafted": "warning", "sav_reversed": "error",
        "sav_all_missing": "warning", "sav_all_missing_drafted": "warning", "sav_no_rows": "error",
        "sav_weighted": "warning", "por_ok": "warning", "xpt_numeric_codes": "warning", "dta_114": "right",
        "dta_115": "right", "dta_117": "right", "dta_118": "right", "dta_119": "right", "xpt_5": "warning",
        "xpt_8": "warning", "write_sav_long_variable_label": "warning", "write_sav_long_value_label": "warning",
        "write_sav_whole_numbers_over_2_53": "right", "write_sav_zoned_times": "right",
    },
    "1.7 Designs": {
        "design_negative_weight": "error", "design_missing_weight": "error", "design_infinite_weight": "error",
        "design_text_weight": "error", "design_duplicate_id": "error", "design_unit_in_two_strata": "error",
        "design_one_unit_in_a_stratum": "error", "design_missing_stratum": "error", "design_fpc_below_sample": "error",
        "design_fpc_varies": "error", "design_one_group": "error", "design_empty_group": "error",
        "design_item_missing_for_everyone": "warning", "design_gap_in_a_replicate": "error",
        "design_zero_weights": "warning", "design_large_weight": "warning", "design_duplicate_rows": "warning",
        "design_constant_outcome": "warning", "design_separation": "warning", "design_collinear": "warning",
        "design_small_group": "warning", "design_few_units": "warning", "design_weights_sum_to_one": "warning",
        "design_weights_sum_to_n": "warning", "design_huge_offset": "right", "design_good": "right",
    },
}  # fmt: skip

ALL = entries()
#: Text, sheets, native files and exports are run under their plain names beside their readers.
HERE = {**tables()["codes"], **tables()["designs"]}


def holds(entry: Entry, path: Path) -> None:
    """The file at `path` comes to what it must."""
    outcome, said = entry.read(path)
    assert outcome == entry.outcome, said
    assert [word for word in entry.words if word not in said] == [], said
    assert [word for word in entry.never if word in said] == [], said


@pytest.mark.parametrize("section", REQUIRED)
def test_every_row_of_the_failure_tables_has_a_file(section: str) -> None:
    assert {name: ALL[name].outcome if name in ALL else "absent" for name in REQUIRED[section]} == REQUIRED[section]


def test_the_corpus_is_as_large_as_promised_and_every_refusal_says_something() -> None:
    assert sum(len(cases) for cases in REQUIRED.values()) >= 150
    assert set(CALLED) == {entry.outcome for entry in ALL.values()}
    assert [name for name, entry in ALL.items() if entry.outcome != "right" and not entry.words] == []


def test_one_id_in_two_tables_comes_to_the_same() -> None:
    outcomes: dict[str, set[str]] = {}
    for table in tables().values():
        for name, entry in table.items():
            outcomes.setdefault(name, set()).add(entry.outcome)
    assert {name: found for name, found in outcomes.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", HERE)
def test_corpus(name: str, tmp_path: Path) -> None:
    path = tmp_path / HERE[name].file
    path.write_bytes(HERE[name].make())
    holds(HERE[name], path)


@pytest.mark.parametrize("name", ALL)
def test_the_same_under_a_chinese_name_in_a_folder_with_spaces_that_nobody_may_write_to(
    name: str, tmp_path: Path
) -> None:
    entry = ALL[name]
    path = tmp_path / "老旧小区 的 答案" / ("居民 答案" + "".join(Path(entry.file).suffixes))
    path.parent.mkdir()
    path.write_bytes(entry.make())
    path.chmod(0o400)
    before = path.stat().st_mtime_ns
    if not name.startswith("write"):
        path.parent.chmod(0o500)
    try:
        holds(entry, path)
    finally:
        path.parent.chmod(0o700)
    assert path.stat().st_mtime_ns == before


def test_every_file_is_written_with_a_manifest(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.corpus", tmp_path / "out"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{len(ALL)} files\n"
    with (tmp_path / "out" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["id", "file", "outcome", "words"]
    assert {row["id"]: row["outcome"] for row in rows} == {name: CALLED[entry.outcome] for name, entry in ALL.items()}
    assert all((tmp_path / "out" / row["file"]).is_file() for row in rows)
    half = next(row for row in rows if row["id"] == "sav_rows_overstated")
    assert half["words"] == "ends early: 24 of 2,000,000,000 rows"


# --- nothing that is said gives a person away --------------------------------------------------------------------

#: A number of a person, and what a person said: in no message, entry or warning.
NUMBER, REMARK = "CNRYid", "CNRYremark"
ASKED = Questionnaire(
    "t",
    (
        Item("id", {"en": "Number"}, "id", personal=True),
        Item("remark", {"en": "Remark"}, "text"),
        Item("type", {"en": "Kind"}, "text"),
    ),
)
_ROW = re.compile(r"(?m)^(\d+)(?=[,;|\t])([,;|\t])")
_HEAD = re.compile(r"([^,;|\t\r\n]+)([,;|\t])")


def planted_text(raw: bytes) -> bytes:
    """Delimited text with a made-up number for each person, and a remark behind it."""
    codec = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le" if raw[1:2] == b"\0" else "latin-1"
    read = raw.decode(codec).replace("\r\n", "\n").replace("\r", "\n")
    first = _ROW.search(read)
    if first is None or first.start() == 0:
        return raw
    at = read.rfind("\n", 0, first.start() - 1) + 1
    head = _HEAD.sub(r"\1\2remark\2", read[at : first.start()], count=1)
    rows = re.sub(r"(?m)^([,;|\t])", r"\1\1", read[first.start() :])  # no person, no remark
    rows = _ROW.sub(rf"{NUMBER}\1xx\2{REMARK}\1xx\2", rows)
    return (read[:at] + head + rows).encode(codec)


def planted_sheet(raw: bytes) -> bytes:
    """A workbook with a made-up number for each person in the first column, and remarks for its texts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        contents = {name: old.read(name) for name in old.namelist()}
        made = {name: _planted_part(name, content) for name, content in contents.items()}
        for name, content in made.items():
            new.writestr(name, content)
    return raw if made == contents else out.getvalue()


def _planted_part(name: str, content: bytes) -> bytes:
    if name.startswith("xl/worksheets/sheet"):
        return _CELL.sub(_planted_cell, content.decode()).encode()
    if name == "content.xml":
        return content.replace("老旧小区".encode(), REMARK.encode()).replace(b">001<", f">{NUMBER}1<".encode())
    return content


_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"[^>]*>(?:(?!<c ).)*?</c>')


def _planted_cell(found: re.Match[str]) -> str:
    token = NUMBER if found[1] == "A" else REMARK if "inlineStr" in found[0] else ""
    if found[2] == "1" or not token or "<f>" in found[0]:
        return found[0]
    return f'<c r="{found[1]}{found[2]}" t="inlineStr"><is><t>{token}{found[2]}xx</t></is></c>'


def planted(case: Case) -> bytes:
    ending = Path(case.name).suffix
    if ending in (".xlsx", ".xlsm", ".ods") and zipfile.is_zipfile(BytesIO(case.data)):
        return planted_sheet(case.data)
    return planted_text(case.data) if ending in (".csv", ".tsv", ".txt") else case.data


#: A bomb is not unpacked to plant something in it; others have names of columns where persons would be planted.
NOT_PLANTED = (
    "xlsx_zip_bomb", "csv_no_names", "csv_quoted_newline_in_header", "xlsx_merged_above_the_names",
    "xlsx_two_header_rows", "xlsx_title_row_asked",
)  # fmt: skip
PERSONAL = {
    name: made
    for name, case in {**text.CASES, **sheets.CASES}.items()
    if name not in NOT_PLANTED and (made := planted(case)) != case.data
}
CASES: dict[str, Case] = {**text.CASES, **sheets.CASES}


def test_persons_are_planted_in_most_files() -> None:
    assert len(PERSONAL) >= 100


@pytest.mark.parametrize("name", PERSONAL)
def test_nothing_that_is_said_gives_a_person_away(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = tmp_path / case.name
    path.write_bytes(PERSONAL[name])
    ways: tuple[Callable[[], Log | None], ...] = (
        lambda: read_answers(path, case.ask).log,
        lambda: sv.read(path, ask=case.ask).log,
        lambda: sv.read(path, ASKED, ask=case.ask).log,
        lambda: sv.read(path, ASKED, ask=case.ask, keep=("id", "remark")).log,
    )
    for k, way in enumerate(ways):
        refused = False
        try:
            said = repr(way())
        except sv.SurveyorError as error:
            refused, said = True, "".join(traceback.format_exception(error))
        assert NUMBER not in said, said
        assert REMARK not in said, said
        if k == 0 and not case.typing:
            assert refused == (case.outcome == "error"), said
