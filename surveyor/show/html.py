"""Tables, prose and figures as HTML: every text escaped, no script, no style that reaches outside."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from surveyor.show.figure import Figure
from surveyor.show.prose import Block, Prose
from surveyor.show.table import Cell, Table


def table_html(table: Table) -> str:
    """A <table> with caption, scoped headings and notes in the foot.

    Cells repeat their column's heading as data-label, so that a narrow page can show rows as cards.
    """
    labels = [cell.text for cell in table.header[-1]]
    head = "".join(f"<tr>{''.join(_th(cell, 'col') for cell in row)}</tr>" for row in table.header)
    body = "".join(f"<tr>{_cells(row, labels)}</tr>" for row in table.body)
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    foot = f'<tfoot><tr><td colspan="{table.width}">{notes}</td></tr></tfoot>' if notes else ""
    return (
        f'<table class="sv-table"><caption>{escape(table.title)}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody>{foot}</table>"
    )


def _cells(row: tuple[Cell, ...], labels: list[str]) -> str:
    if len(row) == 1 and len(labels) > 1:
        span = f'scope="rowgroup" colspan="{len(labels)}"'
        return f'<th class="sv-group" {span} style="text-align:left">{escape(row[0].text)}</th>'
    return _th(row[0], "row") + "".join(
        f'<td data-label="{escape(label)}" style="text-align:{cell.align}">{escape(cell.text)}</td>'
        for cell, label in zip(row[1:], labels[1:], strict=True)
    )


def _th(cell: Cell, scope: str) -> str:
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f'<th scope="{scope}"{span} style="text-align:{cell.align}">{escape(cell.text)}</th>'


def prose_html(prose: Prose) -> str:
    """Paragraphs, lists and cautions; a title is left to the page."""
    return "".join(_block(block) for block in prose.blocks)


def _block(block: Block) -> str:
    lines = [escape(line) for line in block.lines]
    match block.kind:
        case "title":
            return f'<p class="sv-title"><strong>{lines[0]}</strong></p>'
        case "list":
            return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
        case "caution":
            return f'<p class="sv-caution" role="note">{" ".join(lines)}</p>'
        case _:
            return "".join(f"<p>{line}</p>" for line in lines)


def figure_html(figure: Figure, *, narrow: bool = False) -> str:
    """A <figure> with alternative text; with `narrow` a second drawing for phones."""
    img = f'<img alt="{escape(figure.alt)}" src="{_data(figure.svg())}">'
    if narrow:
        source = f'<source media="(max-width: 40rem)" srcset="{_data(figure.svg(narrow=True))}">'
        img = f"<picture>{source}{img}</picture>"
    note = f'<span class="sv-note">{escape(figure.note)}</span>' if figure.note else ""
    title = f"<strong>{escape(figure.title)}</strong>"
    return f'<figure class="sv-figure">{img}<figcaption>{title} {note}</figcaption></figure>'


def _data(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
