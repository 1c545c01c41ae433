"""tables.formats: what it promises, and what it refuses."""

import unicodedata
from dataclasses import replace

import pytest

from cartography_al.tables.formats import to_html, to_latex, to_markdown
from cartography_al.tables.table import Cell
from cartography_al.tables.table4 import table4
from tests.unit.tables.support import NASTY, of, of_cells, overlaps


def test_markdown_text():
    assert to_markdown(table4(of({"A|B": overlaps()}))).splitlines()[:7] == [
        "**Table 4.** Instances acquired by both of two strategies.",
        "",
        r"**A\|B**",
        "",
        "| Strategies | Same instance | By chance | Same position | By chance |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| Random ∩ CAL | 1,234 | 94.5 (75 to 114) | 4 | 3.1 (0 to 7) |",
    ]


HIDDEN = "a\0b\x1b[31mc\u2028d\x85e\u202ef\ud800g\u2066h"


SEEN = "a b [31mc d ef\N{REPLACEMENT CHARACTER}gh"


@pytest.mark.parametrize("write", [to_markdown, to_latex, to_html])
def test_control_characters_are_not_written(write):
    """And what is written can be encoded, and no line of it begins with what a title holds."""
    text = write(of_cells(Cell(HIDDEN), heading=HIDDEN))
    for char in SEEN.split():
        assert char.replace("[", "\\[" if write is to_markdown else "{[}" if write is to_latex else "[") in text
    assert not [char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl")]
    text.encode()


@pytest.mark.parametrize("title", ["- a", "+ a", "1. a", "12) a", "# a", "> a", "    a", "| a |", "---", "a\n- b"])
def test_a_title_makes_no_list_of_its_own_in_a_note(title):
    markdown_it = pytest.importorskip("markdown_it")
    tokens = markdown_it.MarkdownIt("commonmark").parse(to_markdown(replace(of_cells(), notes=[f"{title} was read."])))
    assert [token.type for token in tokens if "list" in token.type or token.type in ("hr", "fence", "code_block")] == [
        "bullet_list_open",
        "list_item_open",
        "list_item_close",
        "bullet_list_close",
    ]
    shown = next(token for token in reversed(tokens) if token.type == "inline")
    text = "".join(child.content for child in shown.children if child.type == "text")
    assert text.split() == f"{title} was read.".split()


def test_latex_names_the_characters_that_pdflatex_lacks():
    assert to_latex(of_cells(Cell("新 é 😀"))).startswith(
        "% needs XeLaTeX or LuaLaTeX, and a font that has 新 😀\n% needs \\usepackage{booktabs}\n"
    )
    assert "XeLaTeX" not in to_latex(of_cells(Cell(NASTY)))
