"""Bad and awkward delimited text, and files that are not what their name says: a literal table."""

from __future__ import annotations

import csv
import gzip
import io
import pickle
import struct
import zipfile

from surveyor.reading.answers import Ask
from tests.corpus import Case

HAN = "编号,性别,小区\n1,女,老旧小区\n2,男,商品房小区\n"
HAN_CELLS = {"编号": ["1", "2"], "性别": ["女", "男"], "小区": ["老旧小区", "商品房小区"]}
#: Traditional characters, as a file from Taiwan or Hong Kong holds them.
BIG = "編號,性別,社區\n1,女,老舊社區\n2,男,商品房社區\n3,女,國民住宅\n"
ROWS = "id,q1,q2\n1,2,3\n2,3,4\n3,4,5\n"
CELLS = {"id": ["1", "2", "3"], "q1": ["2", "3", "4"], "q2": ["3", "4", "5"]}
UNVERIFIED = "completeness cannot be verified"
PAGE = b"<!DOCTYPE html>\n<html><body><table><tr><td>id</td></tr></table></body></html>"
#: The head of the container that Excel wraps a workbook with a password into.
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(400)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "Workbook".encode("utf-16-le") + bytes(400)
SPSS = b"$FL2@(#) SPSS DATA FILE" + bytes(200)
STATA = b"<stata_dta><header><release>118</release>" + bytes(200)
OLD_STATA = struct.pack("<BBBxhi", 114, 2, 1, 3, 24) + bytes(200)
SAS = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(200)
TRANSPORT = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 200


def zipped(**members: str) -> bytes:
    """A zip archive of small texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def text(outcome: str, data: str | bytes, *words: str, cells: dict | None = None, name: str = "a.csv", **more: object):
    """A case of delimited text."""
    raw = data.encode() if isinstance(data, str) else data
    return Case(name, raw, outcome, words, cells or {}, **more)  # type: ignore[arg-type]


def error(data: str | bytes, *words: str, **more: object) -> Case:
    return text("error", data, *words, **more)


def warning(data: str | bytes, *words: str, **more: object) -> Case:
    return text("warning", data, *words, **more)


def right(data: str | bytes, *words: str, **more: object) -> Case:
    return text("right", data, *words, **more)


ENCODINGS: dict[str, Case] = {
    "csv_gbk": right(HAN.encode("gbk"), "gb18030", "not UTF-8", "编号", cells=HAN_CELLS),
    "csv_gb18030": right(
        (HAN + "3,女,𠮷祥㛃小区的居民很满意\n").encode("gb18030"), "gb18030",
        cells={"小区": ["老旧小区", "商品房小区", "𠮷祥㛃小区的居民很满意"]}),
    "csv_gbk_named": right(
        (HAN + "3,女,𠮷\n").encode("gb18030"), "gb18030", "named by the caller", ask=Ask(encoding="gbk"),
        cells={"小区": ["老旧小区", "商品房小区", "𠮷"]}),
    "csv_one_han_per_line": right("id,q\n1,女\n2,男\n".encode("gbk"), "gb18030", cells={"q": ["女", "男"]}),
    "csv_big5": error(BIG.encode("big5"), "GB18030", 'encoding="gb18030"', 'encoding="big5"', "編號"),
    "csv_big5_named": right(BIG.encode("big5"), "big5", ask=Ask(encoding="big5"), cells={"性別": ["女", "男", "女"]}),
    "csv_traditional_gbk": warning(BIG.encode("gbk"), "GB18030", "rare", cells={"性別": ["女", "男", "女"]}),
    "csv_utf8": right(HAN, "utf-8", cells=HAN_CELLS),
    "csv_utf8_bom": right(HAN.encode("utf-8-sig"), "utf-8", "by its mark", cells=HAN_CELLS),
    "csv_utf16": right(HAN.encode("utf-16"), "utf-16", "by its mark", cells=HAN_CELLS),
    "csv_utf16_be": right(b"\xfe\xff" + HAN.encode("utf-16-be"), "utf-16", cells=HAN_CELLS),
    "csv_utf16_no_mark": right(ROWS.encode("utf-16-le"), "utf-16-le", "detected", cells=CELLS),
    "tsv_utf16": right(HAN.replace(",", "\t").encode("utf-16"), "utf-16", cells=HAN_CELLS, name="a.tsv"),
    "csv_latin": warning(
        "id,âge,prénom\n1,30,très élevée\n".encode("cp1252"), "Windows-1252", "'âge'", cells={"âge": ["30"]}),
    "csv_latin_cells_only": warning("id,q\n1,élevée\n".encode("cp1252"), "Windows-1252", "line 2"),
    "csv_two_encodings": error(HAN.encode() + "3,女,老旧小区\n".encode("gbk"), "two encodings", "line 4"),
    "csv_two_encodings_chinese_first": error(HAN.encode("gbk") + "3,女,老旧小区\n".encode(), "two encodings", "line 4"),
    "csv_wrong_encoding_named": error(HAN.encode("gbk"), "not UTF-8", "line 1", ask=Ask(encoding="utf-8")),
    "csv_unknown_encoding_named": error(HAN, "no encoding called 'utf-9'", ask=Ask(encoding="utf-9")),
    "csv_mojibake": warning(
        "id,town\n1,KÃ¸benhavn\n2,ÀÏ¾ÉÐ¡Çø\n3,Århus\n", "town", "read as Latin-1, in 1 cell"),
    "csv_mojibake_gbk": warning("id,绀惧尯\n1,灏忓尯\n", "column names", "read as GBK"),
    "csv_replacement_chars": warning("id,town\n1,K\ufffdbenhavn\n2,\ufffd\ufffd\n", "town", "U+FFFD", "2 cells"),
    "csv_hot_kun_kao": warning("id,town\n1,锟斤拷锟斤拷\n2,北京\n", "town", "锟斤拷", "1 cell"),
}  # fmt: skip

LAYOUT: dict[str, Case] = {
    "csv_good": right(ROWS, UNVERIFIED, cells=CELLS),
    "txt_bars": right(ROWS.replace(",", "|"), cells=CELLS, name="a.txt"),
    "csv_one_column": right("id\n1\n\n3\n", cells={"id": ["1", None, "3"]}),
    "csv_mixed_eol": right("id,q1,q2\r\n1,2,3\n2,3,4\r\n3,4,5", cells=CELLS),
    "csv_old_mac_eol": right(ROWS.replace("\n", "\r"), cells=CELLS),
    "csv_quoted_newline": right('id,q\n1,"a\r\nb"\n2,"c, ""d"""\n', cells={"q": ["a\r\nb", 'c, "d"']}),
    "csv_quoted_newline_in_header": warning('id,"q\n1"\n1,2\n', "line breaks", cells={"q\n1": ["2"]}),
    "csv_inches": right('id,q\n1,5" pipe\n2,b\n', cells={"q": ['5" pipe', "b"]}),
    "csv_semicolon": right("id;income\n1;3,5\n2;1000,25\n", "semicolons", "decimal commas", "income",
                           cells={"income": ["3,5", "1000,25"]}),
    "csv_sep_line": right("sep=;\nid;q\n1;2\n", "semicolon", cells={"id": ["1"], "q": ["2"]}),
    "csv_preamble": error("Survey 2024\nmade by us\nid,q1,q2\n1,2,3\n2,3,4\n", "line 1", "header_row=3"),
    "csv_preamble_padded": error("Survey 2024,,\n,,\nid,q1,q2\n1,2,3\n2,3,4\n", "line 1", "header_row=3"),
    "csv_preamble_asked": right("Survey 2024\nmade by us\n" + ROWS, "header_row=3", cells=CELLS, ask=Ask(header_row=3)),
    "csv_two_header_rows": error(
        "id,q1,q2\nnumber,trust,age\n1,2,30\n2,3,40\n3,4,50\n", "two rows of names", "line 2", "header_row=2"),
    "csv_two_header_rows_asked": right(
        "id,q1\nnumber,trust\n1,2\n2,3\n3,4\n", cells={"trust": ["2", "3", "4"]}, ask=Ask(header_row=2)),
    "csv_first_row_of_na": right("id,q1,q2\n1,NA,NA\n2,3,4\n3,4,5\n4,1,1\n", cells={"q1": ["NA", "3", "4", "1"]}),
    "csv_chinese_comma": error("编号，性别，小区\n1，女，老旧\n", "Chinese commas", "，"),
    "csv_chinese_semicolon": error("编号；性别\n1；女\n", "Chinese semicolons"),
    "csv_nul": error("id,q\n1,2\n2,\x003\n", "NUL", "line 3"),
    "csv_row_too_long": error("id,q\n1,2\n2,3,4\n3,4\n4,5\n", "3 fields", "header 2", "line 3"),
    "csv_row_too_short": error("id,q,r\n1,2,3\n2,3\n3,4,5\n", "2 fields", "header 3", "line 3"),
    "csv_row_too_long_after_break": error('id,q\n1,"a\nb"\n2,3,4\n3,4\n4,5\n', "3 fields", "line 4"),
    "csv_every_row_one_more": error("id,q\n1,2,\n2,3,\n3,4,\n", "every row", "3 fields", "header 2"),
    "csv_duplicate_columns": error("id,q,q\n1,2,3\n", "two columns are called 'q'", "line 1"),
    "csv_duplicate_after_trimming": error("id,q, q \n1,2,3\n", "two columns are called 'q'"),
    "csv_blank_column_name": error("id,,q\n1,2,3\n", "column 2 has no name"),
    "csv_blank_last_column": right("id,q,\n1,2,\n2,3,\n", "1 column without a name", cells={"q": ["2", "3"]}),
    "csv_three_header_rows": error(
        "a,q1,q2\nx,Trust,Age\nz,y1,y2\nb,1,30\nc,2,40\nd,3,50\n", "three rows of names", "line 2"),
    "csv_no_names": warning("1,2,3\n4,5,6\n", "names are numbers", cells={"1": ["4"]}),
    "csv_header_no_rows": error("id,q\n", "no rows"),
    "csv_blank_lines_only": error("\n\n\n", "no line of column names"),
    "csv_hostile_names": warning(
        "id,__import__('os').system('x'),../../etc,<script>alert(1)</script>,=1+1\n1,2,3,4,5\n",
        "program code", "a path", "HTML", "formula", "column 2", cells={"<script>alert(1)</script>": ["4"]}),
    "csv_harmless_names": right("id,Income (yuan/month),区/街道,q1-2\n1,2,3,4\n", cells={"q1-2": ["4"]}),
    "large_line": error(b"id,q\n1,a\n2," + b"x" * 1_100_000 + b"\n", "longer than 1 MiB", "line 3"),
    "large_line_quoted": error(b'id,q\n1,a\n2,"' + b"x\n" * 600_000 + b'"\n', "longer than 1 MiB", "line 3"),
    "csv_cut_in_quotes": error('id,q\n1,"a"\n2,"b\n3', "never closed", "line 3"),
    "csv_cut_in_quotes_late": error('id,q\n1,"a\nb"\n2,"c\nd', "never closed", "line 4"),
    "csv_open_quote_in_middle": error('id,q\n1,"a\n2,b\n3,"c"\n', "quoted text", "opened on line 2"),
    "csv_cut_at_line_end": right("id,q\n1,2\n2,3\n", UNVERIFIED, cells={"q": ["2", "3"]}),
    "csv_empty_lines": right("id,q\n1,2\n\n\n2,3\n\n", "2 empty lines", cells={"q": ["2", "3"]}),
    "csv_empty_tail": right("id,q\n1,2\n2,3\n,\n,\n", "2 empty rows at the end", cells={"q": ["2", "3"]}),
    "csv_empty_row_inside": warning("id,q\n1,2\n,\n2,3\n", "every answer is missing", "row 3",
                                    cells={"q": ["2", None, "3"]}),
    "csv_asked_columns": right(ROWS, cells={"q2": ["3", "4", "5"]}, ask=Ask(columns=("q2",))),
    "csv_asked_unknown_column": error(ROWS, "no column 'q3'", "Known: id, q1, q2", ask=Ask(columns=("q3",))),
}  # fmt: skip

KEPT: dict[str, Case] = {
    "csv_leading_zeros": right("id,q\n000123,01\n045,1\n", cells={"id": ["000123", "045"], "q": ["01", "1"]}),
    "csv_exponent_ids": right("id,q\n1E5,1\n2e10,2\n", cells={"id": ["1E5", "2e10"]}),
    "csv_big_ids": right(
        "id,q\n9007199254740993123,1\n,2\n1234567890123456789,3\n",
        cells={"id": ["9007199254740993123", None, "1234567890123456789"]}),
    "csv_na_words": right(
        "q,r\nNA,1\nNone,2\nnull,3\nnan,4\nn/a,5\n,6\nTrue,7\n",
        cells={"q": ["NA", "None", "null", "nan", "n/a", None, "True"]}),
    "csv_blanks": right(
        "id,q\n1, a \n2,\u3000b\n3,  \n4,\n", "q: blanks", "2 cells", cells={"q": ["a", "b", None, None]}),
}  # fmt: skip


def fitted(outcome: str, column: str, kind: str, *cells: str) -> Case:
    """A column of cells that the reader keeps, and that fitting to an item of some type judges."""
    out = io.StringIO()
    rows = [["id", column], *([str(i), cell] for i, cell in enumerate(cells, start=1))]
    csv.writer(out, lineterminator="\n").writerows(rows)
    return text(outcome, out.getvalue(), column, cells={column: cells}, typing=True, items={column: kind})


TYPING: dict[str, Case] = {
    "csv_full_width_digits": fitted("right", "q", "number", "５", "4"),
    "csv_thousands": fitted("error", "income", "number", "1,234", "1，234", "￥500", "3万", "三千"),
    "csv_minus_signs": fitted("right", "change", "number", "−5", "-4", "3"),
    "csv_brackets_for_minus": fitted("error", "change", "number", "(5)", "4"),
    "csv_text_in_numbers": fitted("error", "age", "number", "30", "about 40", "50"),
    "csv_mixed_dates": fitted(
        "warning", "day", "date", "2024-01-05", "2024年1月5日", "2024/1/5", "45296", "05/01/2024"),
    "csv_time_zones": fitted(
        "right", "at", "date", "2024-01-05T10:00:00+08:00", "2024-01-05T02:00:00Z", "2024-01-05T10:00:00"),
    "csv_bad_dates": fitted("warning", "day", "date", "2024-02-30", "2204-01-01", "0001-01-01", "2024-03-01"),
    "csv_infinite": fitted("error", "income", "number", "inf", "1e400", "5"),
    "csv_category_twins": fitted(
        "warning", "type", "text", "老旧小区", "老旧小区\u200b", "老 旧小区", "老舊小區", "ＡＢ", "AB"),
}  # fmt: skip

MISNAMED: dict[str, Case] = {
    **{
        f"{ending}_zero_bytes": error(b"", "empty (0 bytes)", name=f"a.{ending}")
        for ending in "sav zsav por dta sas7bdat xpt csv tsv txt xlsx ods parquet feather".split()
    },
    "csv_named_sav": error(ROWS, "says SPSS", "comma-separated", name="a.sav"),
    "csv_named_dta": error(ROWS, "says Stata", "comma-separated", name="a.dta"),
    "csv_named_xlsx": error(ROWS, "says Excel", "comma-separated", name="a.xlsx"),
    "sav_named_csv": error(SPSS, "says text", "is SPSS"),
    "sav_named_dta": error(SPSS, "says Stata", "is SPSS", name="a.dta"),
    "dta_named_sav": error(STATA, "says SPSS", "is Stata", name="a.sav"),
    "dta_114_named_csv": error(OLD_STATA, "says text", "is Stata"),
    "sas_named_sav": error(SAS, "says SPSS", "is SAS", name="a.sav"),
    "xpt_named_sas": error(TRANSPORT, "says SAS", "is SAS transport", name="a.sas7bdat"),
    "xlsx_named_csv": error(zipped(**{"xl/workbook.xml": "<workbook/>"}), "says text", "is Excel"),
    "docx_named_xlsx": error(zipped(**{"word/document.xml": "<w/>"}), "says Excel", "is Word", name="a.xlsx"),
    "zip_named_xlsx": error(zipped(**{"a.csv": ROWS}), "says Excel", "zip archive", "Unpack", name="a.xlsx"),
    "ods_named_xlsx": error(
        zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "says Excel", "is OpenDocument",
        name="a.xlsx"),
    "odt_named_ods": error(
        zipped(mimetype="application/vnd.oasis.opendocument.text"), "says OpenDocument", "OpenDocument text",
        name="a.ods"),
    "html_named_xls": error(PAGE, "a web page", name="a.xls"),
    "html_named_xlsx": error(PAGE, "a web page", name="a.xlsx"),
    "html_named_csv": error(b"\xef\xbb\xbf\n" + PAGE, "a web page"),
    "xls_old": error(OLD_OFFICE, ".xls", "save it as .xlsx", name="a.xls"),
    "csv_named_xls": error(ROWS, "says an old workbook (.xls)", "comma-separated", "true ending", name="a.xls"),
    "xls_old_named_xlsx": error(OLD_OFFICE, "an old Office file", name="a.xlsx"),
    "xlsx_encrypted": error(LOCKED, "password-protected", name="a.xlsx"),
    "xls_encrypted": error(LOCKED, "password-protected", name="a.xls"),
    "gz": error(gzip.compress(ROWS.encode()), "a gzip archive", "Unpack", name="a.csv.gz"),
    "gz_named_csv": error(gzip.compress(ROWS.encode()), "says text", "a gzip archive"),
    "pdf_named_csv": error(b"%PDF-1.7\n" + bytes(90), "a PDF"),
    "pickle": error(pickle.dumps({"a": 1}), "can run a program", ".csv", name="a.pkl"),
    "joblib": error(b"\x80\x04" + bytes(20), "can run a program", name="a.joblib"),
    "npy": error(b"\x93NUMPY\x01\x00", "can run a program", name="a.npy"),
    "rds": error(gzip.compress(b"X\n"), "R's own files", name="a.rds"),
    "rdata": error(gzip.compress(b"RDX3\n"), "R's own files", name="a.RData"),
    "unknown_ending": error(ROWS, "files ending in '.dat'", ".parquet", name="a.dat"),
    "no_ending": error(ROWS, "no ending", name="answers"),
    "binary_named_csv": error(bytes(range(256)) * 20, "no known kind"),
    "parquet_named_csv": error(b"PAR1" + bytes(50), "says text", "is Parquet"),
}  # fmt: skip

CASES = {**ENCODINGS, **LAYOUT, **KEPT, **TYPING, **MISNAMED}
