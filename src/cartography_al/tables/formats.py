"""A table as CSV, Markdown, HTML and LaTeX, each with its own escapes."""

import csv
import io
import os
import re
from collections.abc import Container, Iterable, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.files import write_text
from cartography_al.naming import result_title
from cartography_al.tables.table import Cell, Table


def write_table(
    table: Table,
    csv: str | os.PathLike[str],
    md: str | os.PathLike[str],
    tex: str | os.PathLike[str],
    html: str | os.PathLike[str],
) -> None:
    """Write the table's four files. Their bytes depend on the table alone."""
    write_text(csv, to_csv(table))
    write_text(md, to_markdown(table))
    write_text(tex, to_latex(table))
    write_text(html, to_html(table))


def to_csv(table: Table) -> str:
    """The table's data: whole numbers exact, others with six significant digits, missing values empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.data.columns)
    writer.writerows([_plain(value) for value in row] for row in table.data.itertuples(index=False, name=None))
    return text.getvalue()


def to_markdown(table: Table) -> str:
    """Caption, one pipe table for each block under its heading, then the notes."""
    lines = [f"**{result_title(table.name)}.** {_markdown(table.caption)}", ""]
    for block in table.blocks:
        if block.heading:
            lines += [f"**{_markdown(block.heading)}**", ""]
        lines.append(_pipe_row(_markdown(title) for title in table.header))
        left = {0, *table.text_columns}
        lines.append(_pipe_row("---" if column in left else "---:" for column in range(len(table.header))))
        lines += [_pipe_row(_markdown_cell(cell) for cell in row) for row in block.rows]
        lines.append("")
    lines += [f"- {_without_list_mark(_markdown(note))}" for note in table.notes]
    return "\n".join(lines) + "\n"


def to_html(table: Table) -> str:
    """A page of its own: caption, one table with a heading for each block, then the notes."""
    columns = len(table.header)
    left = {0, *table.text_columns}
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(result_title(table.name))}</title>',
        f"<style>{_PAGE_STYLE}</style></head><body>",
        f"<table><caption><b>{escape(result_title(table.name))}.</b> {_html(table.caption)}</caption>",
        _html_row("th", [_html(title) for title in table.header], left),
    ]
    for block in table.blocks:
        if block.heading:
            lines.append(f'<tr><th class="left block" colspan="{columns}">{_html(block.heading)}</th></tr>')
        lines += [_html_row("td", [_html_cell(cell) for cell in row], left) for row in block.rows]
    lines += ["</table>", "<ul>", *(f"<li>{_html(note)}</li>" for note in table.notes), "</ul>", "</body></html>"]
    return "\n".join(lines) + "\n"


def to_latex(table: Table) -> str:
    r"""One `table` environment with one `tabular`, to be read with \input. Needs the package booktabs.

    A table with running text is a `longtable`, and needs the packages array and longtable too.
    """
    columns = len(table.header)
    if table.text_columns:
        return _long_latex(table)
    lines = [
        r"% needs \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        r"\small",
        r"\setlength{\tabcolsep}{3pt}",
        rf"\caption{{{_latex(table.caption)}}}",
        rf"\label{{{table.name}}}",
        rf"\begin{{tabular}}{{l{'r' * (columns - 1)}}}",
        r"\toprule",
        _latex_row(_latex(title) for title in table.header),
    ]
    lines += _latex_blocks(table)
    lines += [r"\bottomrule", r"\end{tabular}", "", r"\medskip", r"\begin{minipage}{\linewidth}", r"\footnotesize"]
    lines += [_latex(note) + r"\par" for note in table.notes]
    lines += [r"\end{minipage}", r"\end{table}"]
    return _latex_file(lines)


def _long_latex(table: Table) -> str:
    columns = [
        rf">{{\raggedright\arraybackslash}}p{{{table.text_columns[number]}\linewidth}}"
        if number in table.text_columns
        else "l"
        for number in range(len(table.header))
    ]
    lines = [
        r"% needs \usepackage{array}, \usepackage{booktabs} and \usepackage{longtable}",
        r"\begingroup",
        r"\footnotesize",
        r"\setlength{\tabcolsep}{2pt}",
        rf"\begin{{longtable}}{{{''.join(columns)}}}",
        rf"\caption{{{_latex(table.caption)}}}\label{{{table.name}}} \\",
        r"\toprule",
        _latex_row(_latex(title) for title in table.header),
        r"\endhead",
        *_latex_blocks(table),
        r"\bottomrule",
        r"\end{longtable}",
    ]
    lines += [_latex(note) + r"\par" for note in table.notes]
    return _latex_file([*lines, r"\endgroup"])


def _latex_file(lines: Sequence[str]) -> str:
    """The lines, under a note of the characters that pdflatex does not know, if there are any."""
    unknown = sorted({char for line in lines for char in line if ord(char) > 255})
    note = [f"% needs XeLaTeX or LuaLaTeX, and a font that has {' '.join(unknown)}"] if unknown else []
    return "\n".join([*note, *lines]) + "\n"


def _latex_blocks(table: Table) -> list[str]:
    lines = []
    for block in table.blocks:
        lines.append(r"\midrule")
        if block.heading:
            lines.append(rf"\multicolumn{{{len(table.header)}}}{{l}}{{\textbf{{{_latex(block.heading)}}}}} \\")
        lines += [_latex_row(_latex_cell(cell) for cell in row) for row in block.rows]
    return lines


def _plain(value: Any) -> str:
    """A value as a CSV field."""
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


# Control characters and line ends become spaces; halves of surrogate pairs, which no file can hold, are marked; signs
# that turn the direction of what follows are left out.
_INVISIBLE: dict[int, str | None] = {
    **dict.fromkeys([*range(32), *range(127, 160), 0x2028, 0x2029], " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], None),
}
_MARKDOWN = _INVISIBLE | str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`|*_~[]$#"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
)
_LATEX = _INVISIBLE | str.maketrans(
    {sign: f"\\{sign}" for sign in "&_%$#{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "|": r"\textbar{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}"}
    # After a row's end, a bracket or star would be read as an argument of it.
    | {sign: f"{{{sign}}}" for sign in "[]*"}
    | {"±": r"$\pm$", "∩": r"$\cap$", "†": r"$\dagger$"}
)


def _markdown(text: str) -> str:
    return text.translate(_MARKDOWN).strip()


def _without_list_mark(note: str) -> str:
    """Markdown that begins with the mark of a list item would make a list of its own."""
    return re.sub(r"^(\d*)([-+.)])", r"\1\\\2", note)


def _html(text: str) -> str:
    return escape(text.translate(_INVISIBLE))


_PAGE_STYLE = """
body { font: 15px/1.45 sans-serif; color: #222; background: #fff; max-width: 75em; margin: 2em }
table { border-collapse: collapse; border-top: 2px solid #222; border-bottom: 2px solid #222 }
caption { text-align: left; padding-bottom: .6em }
th, td { padding: .25em .8em; text-align: right; vertical-align: top }
th { border-bottom: 1px solid #222 }
.left { text-align: left }
.block { padding-top: .8em; border-bottom: 1px solid #bbb }
ul { padding-left: 1.2em }
"""


def _html_row(tag: str, cells: Sequence[str], left: Container[int]) -> str:
    classes = [' class="left"' if column in left else "" for column in range(len(cells))]
    return "<tr>" + "".join(f"<{tag}{name}>{cell}</{tag}>" for name, cell in zip(classes, cells, strict=True)) + "</tr>"


def _html_cell(cell: Cell) -> str:
    before, after = {"": ("", ""), "bold": ("<b>", "</b>"), "italic": ("<i>", "</i>")}[cell.emphasis]
    return f"{before}{_html(cell.text)}{after}" + (f"<sup>{_html(cell.mark)}</sup>" if cell.mark else "")


def _markdown_cell(cell: Cell) -> str:
    around = {"": "", "bold": "**", "italic": "*"}[cell.emphasis]
    return f"{around}{_markdown(cell.text)}{around}{_markdown(cell.mark)}"


def _pipe_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _latex(text: str) -> str:
    return text.translate(_LATEX)


def _latex_cell(cell: Cell) -> str:
    command = {"": "", "bold": r"\textbf", "italic": r"\textit"}[cell.emphasis]
    text = f"{command}{{{_latex(cell.text)}}}" if command else _latex(cell.text)
    return text + (rf"\textsuperscript{{{_latex(cell.mark)}}}" if cell.mark else "")


def _latex_row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"
