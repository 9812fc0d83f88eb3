"""One self-contained HTML page: no script, no address outside, readable on a phone and on paper."""

from __future__ import annotations

from html import escape

from surveyor.report.document import Document, Heading
from surveyor.show.figure import Figure
from surveyor.show.html import figure_html, prose_html, table_html
from surveyor.show.table import Table
from surveyor.show.words import WORDS

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE = """
:root { --ink: #1f2933; --faint: #55616b; --rule: #d5dade; --mark: #0b4f7d; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; line-height: 1.55;
  font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif; font-size: 1rem; }
main, header, footer, nav { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--mark); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p, li { max-width: 44rem; overflow-wrap: anywhere; } li { margin: .4rem 0; } ul { padding-left: 1.25rem; }
nav { margin-top: 1.25rem; } nav ol { columns: 2; max-width: 44rem; padding-left: 1.25rem; margin: .25rem 0; }
nav li { margin: 0; padding: .2rem 0; break-inside: avoid; }
nav a { color: var(--mark); }
.sv-caution { border-left: 4px solid #d07a1f; background: #fdf5ec; padding: .6rem .9rem; }
.sv-scroll { overflow-x: auto; margin: 1.25rem 0; }
.sv-table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35;
  font-variant-numeric: tabular-nums; border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
.sv-table caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
.sv-table th, .sv-table td { padding: .4rem .5rem; vertical-align: top; }
.sv-table thead th { border-bottom: 1px solid var(--ink); vertical-align: bottom; font-weight: 600; }
.sv-table tbody th { font-weight: 400; min-width: 12rem; }
.sv-table tbody tr + tr > * { border-top: 1px solid #eceff1; }
.sv-table .sv-group { font-style: italic; color: var(--faint); }
.sv-table tfoot td { border-top: 1px solid var(--ink); color: var(--faint); font-size: .8rem; }
.sv-table tfoot p { margin: .15rem 0; max-width: none; }
.sv-table tbody td { white-space: nowrap; }
.sv-figure { margin: 1.5rem 0; max-width: 46rem; } .sv-figure img { width: 100%; height: auto; display: block; }
.sv-figure figcaption { font-size: .875rem; color: var(--faint); }
.sv-figure figcaption strong { display: block; color: var(--ink); }
footer { color: var(--faint); font-size: .85rem; margin: 3rem auto 2rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.4rem; } nav ol { columns: 1; }
  main, header, footer, nav { padding: 0 1rem; }
  .sv-table thead { display: none; }
  .sv-table, .sv-table tbody, .sv-table tfoot, .sv-table tr, .sv-table caption { display: block; }
  .sv-table tbody tr { padding: .5rem 0; } .sv-table tbody tr + tr { border-top: 1px solid #eceff1; }
  .sv-table tbody tr + tr > * { border: 0; }
  .sv-table tbody th { display: block; padding: .1rem 0; font-weight: 600; }
  .sv-table tbody td { display: flex; justify-content: space-between; gap: 1rem; padding: .1rem 0;
    white-space: normal; }
  .sv-table tbody td:empty { display: none; }
  .sv-table tbody td::before { flex: 0 0 auto; max-width: 60%; }
  .sv-table tbody td::before { content: attr(data-label); color: var(--faint); text-align: left; }
  .sv-table tfoot td { display: block; padding: .5rem 0; }
}
@media print {
  @page { size: A4; margin: 20mm 18mm; }
  body { font-size: 10pt; } nav { display: none; }
  h2, h3 { break-after: avoid; } tr, .sv-figure, .sv-scroll { break-inside: avoid; } .sv-scroll { overflow: visible; }
  .sv-table { font-size: 7.5pt; } .sv-table th, .sv-table td { padding: .2rem .2rem; }
  .sv-table tbody th { min-width: 0; } .sv-table tfoot { display: table-row-group; }
  .sv-figure img { max-height: 210mm; width: auto; max-width: 100%; }
  a { color: inherit; text-decoration: none; }
}
"""


def page(doc: Document) -> str:
    """The document as HTML; every text is escaped where it lands."""
    lang = "zh" if doc.lang == "zh" else "en"
    sections = [part.text for part in doc.parts if isinstance(part, Heading) and part.level == 2]
    links = "".join(f'<li><a href="#s{i}">{escape(t)}</a></li>' for i, t in enumerate(sections, start=1))
    contents = WORDS["contents"][lang]  # type: ignore[index]
    nav = f'<nav aria-label="{contents}"><strong>{contents}</strong><ol>{links}</ol></nav>' if links else ""
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(doc.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(doc.title)}</h1></header>\n{nav}\n<main>\n{_parts(doc)}\n</main>\n"
        "<footer>surveyor</footer>\n</body>\n</html>\n"
    )


def _parts(doc: Document) -> str:
    out, section = [], 0
    for part in doc.parts:
        if isinstance(part, Heading):
            section += part.level == 2
            mark = f' id="s{section}"' if part.level == 2 else ""
            out.append(f"<h{part.level}{mark}>{escape(part.text)}</h{part.level}>")
        elif isinstance(part, Table):
            name = escape(part.title)
            out.append(
                f'<div class="sv-scroll" tabindex="0" role="region" aria-label="{name}">{table_html(part)}</div>'
            )
        elif isinstance(part, Figure):
            out.append(figure_html(part, narrow=True))
        else:
            out.append(prose_html(part))
    return "\n".join(out)
