"""The codebook as one self-contained HTML page: no script, no address outside."""

from __future__ import annotations

from html import escape

from surveyor.questionnaire.codebook import words
from surveyor.questionnaire.codebook.entries import OTHER, Chapter, Entry, Grid, codebook
from surveyor.questionnaire.frequencies import Frequencies
from surveyor.questionnaire.model import Questionnaire
from surveyor.questionnaire.texts import Language

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LANG: dict[Language, str] = {"en": "en", "zh": "zh-CN"}

STYLE = """
:root { --ink: #1f2933; --faint: #55616b; --rule: #d5dade; --mark: #0b4f7d; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; line-height: 1.5; font-size: 1rem;
  font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif; }
header, nav, main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; } header p { color: var(--faint); margin: .2rem 0; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem; padding-top: .75rem; border-top: 2px solid var(--mark); }
nav { margin-top: 1.25rem; } nav ol { columns: 2; list-style: none; max-width: 44rem; padding: 0; margin: .25rem 0; }
nav li { padding: .2rem 0; break-inside: avoid; } a { color: var(--mark); }
.note { color: var(--faint); margin: 0 0 1rem; }
article { padding: 1rem 0; border-top: 1px solid var(--rule); display: grid; gap: .5rem 2rem;
  grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); }
article > * { grid-column: 1; } article > .answers { grid-column: 2; grid-row: 1 / span 4; }
h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; } h3 code { color: var(--mark); margin-right: .5rem; }
.other { color: var(--faint); font-weight: 400; } h3 .other { font-size: .9rem; display: block; }
.wording p { margin: 0 0 .2rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .75rem; margin: 0; font-size: .875rem; }
dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.35;
  font-variant-numeric: tabular-nums; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); }
th { text-align: left; font-weight: 600; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
th, td { padding: .3rem .5rem .3rem 0; overflow-wrap: break-word; } td { vertical-align: top; }
tr + tr td { border-top: 1px solid #eceff1; } td:first-child { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; padding: .3rem .25rem .3rem .75rem; }
th.number { white-space: normal; }
.wide { overflow-x: auto; } code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .95em; }
footer { color: var(--faint); font-size: .85rem; margin: 3rem auto 2rem; }
@media (max-width: 46rem) {
  h1 { font-size: 1.35rem; } nav ol { columns: 1; } header, nav, main, footer { padding-inline: 1rem; }
  article { grid-template-columns: minmax(0, 1fr); } article > .answers { grid-column: 1; grid-row: auto; }
}
@media print {
  @page { size: A4; margin: 18mm; } body { font-size: 9.5pt; } nav { display: none; }
  h2, h3 { break-after: avoid; } article, tr { break-inside: avoid; } a { color: inherit; text-decoration: none; }
}
"""


def codebook_html(asked: Questionnaire, lang: Language = "en", frequencies: Frequencies | None = None) -> str:
    """The codebook of a questionnaire as one HTML page in `lang`, wording and answers also in the other language.

    frequencies  counts of a file's columns: shown beside the answers, with weighted shares where there are weights
    """
    book = codebook(asked, lang, frequencies)
    links = "".join(f'<li><a href="#s{at}">{escape(each.title)}</a></li>' for at, each in enumerate(book.chapters, 1))
    chapters = "\n".join(_chapter(each, at, lang) for at, each in enumerate(book.chapters, 1))
    lines = "".join(f"<p>{escape(line)}</p>" for line in book.lines)
    contents = words.CONTENTS[lang]
    return (
        f'<!doctype html>\n<html lang="{LANG[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(book.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(book.title)}</h1>{lines}</header>\n"
        f'<nav aria-label="{contents}"><strong>{contents}</strong><ol>{links}</ol></nav>\n'
        f"<main>\n{chapters}\n</main>\n<footer>surveyor</footer>\n</body>\n</html>\n"
    )


def _chapter(chapter: Chapter, at: int, lang: Language) -> str:
    note = f'<p class="note">{escape(chapter.note)}</p>' if chapter.note else ""
    entries = "\n".join(_entry(entry, lang) for entry in chapter.entries)
    rows = f'<div class="wide" tabindex="0" role="region" aria-label="{escape(chapter.title)}">{_table(chapter.table)}'
    table = f"{rows}</div>" if chapter.table else ""
    return f'<section>\n<h2 id="s{at}">{escape(chapter.title)}</h2>\n{note}{entries}{table}\n</section>'


def _entry(entry: Entry, lang: Language) -> str:
    other = LANG[OTHER[lang]]
    label = f'<span class="other" lang="{other}">{escape(entry.other_label)}</span>' if entry.other_label else ""
    wording = f"<p>{escape(entry.wording)}</p>" if entry.wording else ""
    if entry.other_wording:
        wording += f'<p class="other" lang="{other}">{escape(entry.other_wording)}</p>'
    facts = "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in entry.facts)
    answers = f'<div class="answers">{_table(entry.answers)}</div>' if entry.answers else ""
    return (
        f'<article id="{escape("i-" + entry.id)}">\n'
        f"<h3><code>{escape(entry.id)}</code>{escape(entry.label)}{label}</h3>\n"
        f'<div class="wording">{wording}</div>\n<dl>{facts}</dl>\n{answers}</article>'
    )


def _table(grid: Grid | None) -> str:
    if grid is None:
        return ""
    first = len(grid.heads) - grid.numbers
    marks = ["" if at < first else ' class="number"' for at in range(len(grid.heads))]
    heads = "".join(f'<th scope="col"{mark}>{escape(head)}</th>' for mark, head in zip(marks, grid.heads, strict=True))
    rows = "\n".join(
        "<tr>" + "".join(f"<td{mark}>{escape(cell)}</td>" for mark, cell in zip(marks, row, strict=True)) + "</tr>"
        for row in grid.rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>"
