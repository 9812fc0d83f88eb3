"""Word's own parts of a paper form: page, fonts, rules of a table, fields, and bytes that do not change."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from surveyor.questionnaire.outline import printable
from surveyor.questionnaire.texts import Language

LATIN, HAN, SIGNS = "Arial", "Microsoft YaHei", "Segoe UI Symbol"
BOX = "\N{BALLOT BOX}"
MARGIN, WIDTH = 18, 174  # mm: beside the text, and of the text
FAINT, MARK = RGBColor(0x55, 0x61, 0x6B), RGBColor(0x0B, 0x4F, 0x7D)
_THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def blank(title: str, lang: Language) -> Word:
    """An empty A4 file without an author, with Latin and Chinese fonts named."""
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(16), Mm(16)
    section.footer_distance = Mm(8)
    word.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        _name_fonts(fonts)
    for heading in ("Heading 1", "Heading 2"):
        word.styles[heading].font.color.rgb = MARK
    base = word.styles["Normal"]
    base.font.size = Pt(10)
    base.paragraph_format.space_after = Pt(0)
    base.paragraph_format.line_spacing = 1.1
    language = OxmlElement("w:lang")
    for key, code in (("w:val", "en-GB"), ("w:eastAsia", "zh-CN")):
        language.set(qn(key), code)
    base.element.get_or_add_rPr().append(language)
    about = word.core_properties
    about.title, about.language = printable(title), {"en": "en-GB", "zh": "zh-CN"}[lang]
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = datetime(2000, 1, 1)
    about.revision = 1
    return word


def _name_fonts(fonts: Any) -> None:
    """Names the fonts and drops those of the theme, which would win over them."""
    for key in _THEMED:
        fonts.attrib.pop(qn(f"w:{key}"), None)
    for key, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", HAN)):
        fonts.set(qn(f"w:{key}"), font)


def write(paragraph: Paragraph, text: str, size: float = 10, *, bold: bool = False, faint: bool = False) -> Run:
    """A run of text; boxes in a font that has them."""
    run = paragraph.add_run(printable(text) or None)
    run.font.size, run.font.bold = Pt(size), bold
    if faint:
        run.font.color.rgb = FAINT
    if BOX in text:
        fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{key}"), SIGNS)
    return run


def spaced(paragraph: Paragraph, before: float = 0, after: float = 0, *, with_next: bool = False) -> Paragraph:
    """Points before and after; `with_next` keeps it on the page of what follows."""
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.keep_with_next, shape.keep_together = with_next, True
    return paragraph


def gap(word: Word, points: float, *, with_next: bool = False) -> None:
    """An empty line of this height; Word joins tables that have none between them."""
    shape = spaced(word.add_paragraph(), with_next=with_next).paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)


def table(word: Word, widths: list[float]) -> Table:
    """A table of fixed widths in mm with thin rules, without rows."""
    made: Table = word.add_table(rows=0, cols=len(widths))
    made.autofit = False
    _rules(made)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    return made


def _rules(made: Table) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        rule = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "B4BDC4")):
            rule.set(qn(f"w:{key}"), value)
        borders.append(rule)
    beside = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        beside.append(margin)
    properties = made._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(beside)


def row(made: Table, widths: list[float], *, head: bool = False) -> tuple[_Cell, ...]:
    """A new row that no page break splits; `head` rows are repeated on the next page."""
    rows: Any = made
    added: _Row = rows.add_row()
    properties = added._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader") if head else ("w:cantSplit",):
        properties.append(OxmlElement(tag))
    for cell, width in zip(added.cells, widths, strict=True):
        cell.width = Mm(width)
    return tuple(added.cells)


def shaded(cell: _Cell) -> None:
    """A light ground."""
    ground = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "EEF1F3")):
        ground.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(ground)


def numbered(word: Word, text: str) -> None:
    """The footer: a text with the page and the number of pages at its two gaps."""
    foot = word.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    before, between, after = text.split("{}")
    for words, code in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        write(foot, words, 8, faint=True)
        if code:
            _field(foot, code)


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that Word fills in."""
    for kind in ("begin", code, "separate", "1", "end"):
        run = write(paragraph, kind if kind == "1" else "", 8, faint=True)
        if kind == code:
            instruction = OxmlElement("w:instrText")
            instruction.text = code
            run._element.append(instruction)
        elif kind != "1":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)


def save(word: Word, path: Path) -> None:
    """Writes the file with fixed times inside, so that the same form is the same bytes."""
    package = word.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[name]
    word.save(str(path))
    with zipfile.ZipFile(path) as made:
        parts = [(entry.filename, made.read(entry)) for entry in made.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            fixed.writestr(entry, content)
