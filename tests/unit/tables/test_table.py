"""tables.table: what it promises, and what it refuses."""

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartography_al.tables.formats import to_html, to_latex, to_markdown, write_table
from cartography_al.tables.table import Cell
from cartography_al.tables.table2_final import table2_final
from tests.unit.tables.support import NASTY, all_tables, of, of_cells, significance


def test_table2_final_matrix_and_marks():
    eps = {
        ("cal", "random"): 0.0,
        ("cal", "dal"): 0.19999,
        ("dal", "random"): 0.2,
        ("random", "dal"): 0.4999,
        ("random", "cal"): 1.0,
        ("dal", "cal"): 0.0001,
    }
    table = table2_final(of({"TREC": significance(("random", "dal", "cal"), eps)}), 0.05, 1000)
    assert list(table.header) == ["", "Random", "DAL", "CAL"]
    block = table.blocks[0]
    assert block.heading == "TREC"
    assert [row[0].text for row in block.rows] == ["Random", "DAL", "CAL"]
    random, dal, cal = block.rows
    assert random[1:] == [Cell("-"), Cell("0.500", "italic"), Cell("1.000")]
    assert dal[1:] == [Cell("0.200", "italic"), Cell("-"), Cell("<0.001", "italic", "†")]
    assert cal[1:] == [Cell("0.000", "bold", "†"), Cell("0.200", "italic", "†"), Cell("-")]
    notes = " ".join(table.notes)
    assert "6 ordered comparisons, each at the confidence level 1 - 0.05/6 = 0.99167; 155 scores" in notes
    assert "1,000 bootstrap iterations" in notes
    assert "alpha = 0.05" in table.caption


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]) | st.just("\n"), min_size=1))
def test_markdown_shows_the_text_itself(text):
    """A renderer of Markdown gives back what was put in: one cell, the same characters, white space aside."""
    markdown_it = pytest.importorskip("markdown_it")
    table = of_cells(Cell(text), Cell("x" + text + "x", "bold"), Cell("0.1", "italic", "†"))
    tokens = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(to_markdown(table))
    cells = [tokens[n + 1] for n, token in enumerate(tokens) if token.type == "td_open"]
    shown = ["".join(child.content for child in cell.children if child.type == "text") for cell in cells]
    assert ["".join(cell.split()) for cell in shown] == ["".join(c.split()) for c in (text, f"x{text}x", "0.1†")]
    assert [child.type for child in cells[1].children if child.type != "text"] == ["strong_open", "strong_close"]
    assert [child.type for child in cells[2].children if child.type != "text"] == ["em_open", "em_close"]


def test_latex_escapes_every_special_sign():
    table = of_cells(Cell(NASTY), Cell("<0.1", "italic", "†"), Cell("0", "bold"), heading="50% & more")
    row = next(line for line in to_latex(table).splitlines() if line.startswith("a"))
    assert row == (
        r"a\&b\_c\%d\$e\#f\{g\}h\textasciitilde{}i\textasciicircum{}j\textbackslash{}k\textbar{}l\textless{}m"
        r"\textgreater{}n`o{*}p{[}q{]}r" + "\"s's" + r"$\pm$t$\cap$u$\dagger$v w & "
        r"\textit{\textless{}0.1}\textsuperscript{$\dagger$} & \textbf{0} \\"
    )
    assert r"\multicolumn{3}{l}{\textbf{50\% \& more}} \\" in to_latex(table)
    assert to_latex(table).count(r"\begin{tabular}") == 1


def test_latex_compiles(tmp_path: Path):
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    tables = [*all_tables("AG News"), *all_tables(NASTY), of_cells(Cell("[1]"), Cell("*")), of_cells(Cell("only"))]
    for number, table in enumerate(tables):
        write_table(table, *(tmp_path / f"{number}.{suffix}" for suffix in ("csv", "md", "tex", "html")))
    inputs = "\n".join(rf"\input{{{number}}}" for number in range(len(tables)))
    document = r"\documentclass{article}\usepackage{booktabs}\begin{document}" + f"\n{inputs}\n" + r"\end{document}"
    (tmp_path / "document.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "document.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in done.stdout


class Texts(HTMLParser):
    """The texts that a browser shows."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_html_shows_the_text_itself():
    """Whatever a title or label holds, a browser shows it and runs none of it; emphasis and marks are kept."""
    hostile = '<script>alert(1)</script> & "b"'
    page = to_html(of_cells(Cell(hostile), Cell("0", "bold"), Cell("0.1", "italic", "†"), heading=NASTY))
    assert "<script>" not in page
    parser = Texts()
    parser.feed(page)
    assert hostile in parser.texts
    assert NASTY.replace("\n", " ") in parser.texts
    assert "<b>0</b>" in page
    assert "<i>0.1</i><sup>†</sup>" in page
