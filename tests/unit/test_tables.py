"""The tables: what they say, how they mark it, and that no title can break Markdown or LaTeX."""

import csv
import io
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartography_al.errors import DataError
from cartography_al.tables import (
    Block,
    Cell,
    Table,
    areas_table,
    calibration_table,
    labels_table,
    table1,
    table2,
    table3,
    table4,
    to_csv,
    to_html,
    to_latex,
    to_markdown,
    with_exhausted_pools,
    write_table,
)

NASTY = "a&b_c%d$e#f{g}h~i^j\\k|l<m>n`o*p[q]r\"s's±t∩u†v\nw"


def description(name: str = "agnews", title: str = "AG News", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "source": "files: train.csv, test.csv",
        "classes": ["World", "Sports"],
        "splits": {
            "train": {
                "rows": 51591,
                "rows_per_class": {"World": 50000, "Sports": 1591},
                "sha256": "ab" * 32,
                "mean_tokens": 31.123456789,
                "longest": 170,
                "truncated": 2,
            },
            "test": {
                "rows": 7600,
                "rows_per_class": {"World": 3800, "Sports": 3800},
                "sha256": "cd" * 32,
                "mean_tokens": 30.0,
                "longest": 213,
                "truncated": 1,
            },
        },
        "seed_set_size": 1000,
        "max_tokens": 200,
        "batch_size": 64,
    } | more


def significance(names: tuple[str, ...], eps: dict[tuple[str, str], float]) -> pd.DataFrame:
    rows = [
        (a, b, eps.get((a, b), 0.75), 1 - 0.05 / 6, 6, 155, 155) for a in sorted(names) for b in sorted(names) if a != b
    ]
    columns = ["strategy_a", "strategy_b", "eps_min", "confidence_level", "comparisons", "scores_a", "scores_b"]
    return pd.DataFrame(rows, columns=columns)


def thresholds() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "threshold": [0.0, 0.2, 0.4],
            "strategy": ["cal-threshold-0.0", "cal", "cal-threshold-0.4"],
            "configured": [False, True, False],
            "mean": [0.78912345, 0.811, 0.5],
            "std": [0.012, 0.0034, np.nan],
            "min": [0.7, 0.8, 0.5],
            "max": [0.8, 0.82, 0.5],
            "seeds": [5, 5, 1],
            "classifiers": [150, 150, 30],
            "single_class": [12, 0, 0],
            "single_class_seeds": [3, 0, 0],
        }
    )


def overlaps() -> pd.DataFrame:
    return pd.DataFrame(
        [("random", "cal", 5, 7500, 1234, 94.5378, 75, 114, 4, 3.15, 0, 7)],
        columns=["strategy_a", "strategy_b", "seeds", "acquired"]
        + [
            f"{count}{end}"
            for count in ("shared_instances", "shared_positions")
            for end in ("", "_chance", "_low", "_high")
        ],
    )


def all_tables(title: str) -> list[Table]:
    return [
        table1([description(title=title, source=title), description("trec", "TREC")]),
        table2(
            {title: significance(("random", "cal", title), {}), "B": significance(("random", "dal"), {})}, 0.05, 1000
        ),
        table3({title: thresholds()}),
        table4({title: overlaps(), "B": overlaps()}),
        table2({title: significance(("random", "cal"), {})}, 0.05, 1000, final=True),
        areas_table({title: areas(), "B": areas()}),
        labels_table({title: labels(), "B": labels()}),
        calibration_table({title: calibrations(), "B": calibrations()}),
    ]


def read_csv(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(table))))


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for block in table.blocks for row in block.rows]


def test_table1_says_what_was_read():
    table = table1([description(), description("trec", "TREC", source="hub", versions={"numpy": "2.4.6"})])
    assert texts(table)[0] == ["AG News", "51,591", "7,600", "2", "1,000", "64", "200", "213", "3"]
    assert table.notes[0] == "AG News was read from files: train.csv, test.csv."
    rows = {(row["dataset"], row["split"], row["measure"], row["class"]): row["value"] for row in read_csv(table)}
    assert rows["agnews", "train", "rows", ""] == "51591"
    assert rows["agnews", "train", "rows_per_class", "Sports"] == "1591"
    assert rows["agnews", "train", "mean_tokens", ""] == "31.1235"
    assert rows["agnews", "test", "sha256", ""] == "cd" * 32
    assert rows["agnews", "", "seed_set_size", ""] == "1000"
    assert rows["trec", "", "version of numpy", ""] == "2.4.6"
    assert len(rows) == len(table.data)


def test_large_counts_stay_exact_in_csv():
    big = description()
    big["splits"]["train"]["rows"] = 12_345_678
    assert "12345678" in {row["value"] for row in read_csv(table1([big]))}


def test_table2_matrix_and_marks():
    eps = {
        ("cal", "random"): 0.0,
        ("cal", "dal"): 0.19999,
        ("dal", "random"): 0.2,
        ("random", "dal"): 0.4999,
        ("random", "cal"): 1.0,
        ("dal", "cal"): 0.0001,
    }
    table = table2({"TREC": significance(("random", "dal", "cal"), eps)}, 0.05, 1000)
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


def test_table2_of_data_sets_with_different_strategies():
    table = table2({"A": significance(("random", "cal"), {}), "B": significance(("random", "dal"), {})}, 0.05, 1000)
    assert list(table.header) == ["", "Random", "DAL", "CAL"]
    assert texts(table) == [
        ["Random", "-", "-", "0.750"],
        ["CAL", "0.750", "-", "-"],
        ["Random", "-", "0.750", "-"],
        ["DAL", "0.750", "-", "-"],
    ]
    rows = read_csv(table)
    assert [row["dataset"] for row in rows] == ["A", "A", "B", "B"]
    assert rows[0]["confidence_level"] == "0.991667"
    assert {(row["alpha"], row["bootstrap_iterations"], row["comparisons"]) for row in rows} == {("0.05", "1000", "6")}


def test_table2_of_one_strategy():
    empty = significance(("cal",), {}).astype({"eps_min": "float64"})
    table = table2({"A": empty}, 0.05, 1000)
    assert "A: a single strategy, nothing to compare." in table.notes
    assert "**A**" in to_markdown(table)
    both = table2({"A": empty, "B": significance(("random", "dal"), {})}, 0.05, 1000)
    assert [row["dataset"] for row in read_csv(both)] == ["B", "B"]


def test_table3():
    table = table3({"AG News": thresholds()})
    first, configured, last = table.blocks[0].rows
    assert [cell.text for cell in first] == ["0", "0.789 ± 0.012", "5", "12 of 150"]
    assert [cell.text for cell in configured] == ["0.2", "0.811 ± 0.003", "5", "-"]
    assert [cell.text for cell in last] == ["0.4", "0.500", "1", "-"]  # one seed has no spread
    assert [cell.emphasis for cell in configured[:2]] == ["bold", "bold"]
    assert not any(cell.emphasis for cell in [*first, *last])
    assert "AG News at 0 (in 3 of 5 seeds)." in table.notes[1]
    rows = read_csv(table)
    assert rows[0]["mean"] == "0.789123"
    assert rows[1]["configured"] == "true"
    assert rows[2]["std"] == ""
    assert "there were none" in table3({"A": thresholds().assign(single_class=0)}).notes[1]


def test_table4():
    table = table4({"AG News": overlaps()})
    assert texts(table) == [["Random ∩ CAL", "1,234", "94.5 (75 to 114)", "4", "3.1 (0 to 7)"]]
    assert table.notes[0] == "AG News: 7,500 acquisitions of each strategy, 5 seeds."
    row = read_csv(table)[0]
    assert (row["dataset"], row["shared_instances_chance"], row["shared_instances"]) == ("AG News", "94.5378", "1234")


@pytest.mark.parametrize(
    "build",
    [
        lambda: table1([]),
        lambda: table2({}, 0.05, 9),
        lambda: table3({}),
        lambda: table4({}),
        lambda: areas_table({}),
        lambda: labels_table({}),
        lambda: calibration_table({}),
    ],
)
def test_no_data_set(build):
    with pytest.raises(DataError, match="at least one data set"):
        build()


def test_rows_are_as_long_as_the_header():
    for table in all_tables(NASTY):
        assert {len(row) for block in table.blocks for row in block.rows} == {len(table.header)}


def test_written_files_repeat_their_bytes(tmp_path):
    names = [tmp_path / f"table4.{suffix}" for suffix in ("csv", "md", "tex", "html")]
    write_table(table4({"AG News": overlaps()}), *names)
    before = [path.read_bytes() for path in names]
    write_table(table4({"AG News": overlaps()}), *names)
    assert [path.read_bytes() for path in names] == before
    for text in before:
        assert text.endswith(b"\n")
        assert b"\r" not in text


def test_markdown_text():
    assert to_markdown(table4({"A|B": overlaps()})).splitlines()[:7] == [
        "**Table 4.** Instances acquired by both of two strategies.",
        "",
        r"**A\|B**",
        "",
        "| Strategies | Same instance | By chance | Same position | By chance |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| Random ∩ CAL | 1,234 | 94.5 (75 to 114) | 4 | 3.1 (0 to 7) |",
    ]


def of_cells(*cells: Cell, heading: str = "") -> Table:
    header = [f"column {number}" for number in range(len(cells))]
    return Table("table9", "Caption.", header, [Block(heading, [cells])], ["Note."], pd.DataFrame())


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


def test_exhausted_pools_are_noted():
    table = with_exhausted_pools(table3({"A": thresholds(), "B": thresholds()}), {"B": 7})
    assert table.notes[-1].startswith("B: pool exhausted at iteration 7.")
    assert len(table.notes) == 1 + len(table3({"A": thresholds(), "B": thresholds()}).notes)


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


def areas() -> pd.DataFrame:
    common = {"baseline": "random", "seeds": 5, "baseline_area": 0.75, "confidence": 0.95, "smallest_p": 0.0625}
    return pd.DataFrame(
        [
            {"strategy": "bald", "area": 0.76, "difference": 0.01, "low": -0.002, "high": 0.022, "p": 0.0625}
            | {"p_holm": 0.125, "p_wilcoxon": 0.0625, **common},
            {"strategy": "cal", "area": 0.74, "difference": -0.01, "low": np.nan, "high": np.nan, "p": 0.00001}
            | {"p_holm": 1.0, "p_wilcoxon": 1.0, **common},
        ]
    )


def labels(shares: tuple[float, ...] = (0.95, 0.995)) -> pd.DataFrame:
    rows = [
        (strategy, share, share * 0.8, count, median, reaching, 5)
        for strategy, count, median, reaching in (("cal", 1550.0, 1575.0, 5), ("random", np.nan, np.nan, 2))
        for share in shares
    ]
    columns = ["strategy", "share", "target", "labelled", "median_labelled", "seeds_reaching", "seeds"]
    return pd.DataFrame(rows, columns=columns).astype({"labelled": "Float64", "median_labelled": "Float64"})


def calibrations() -> pd.DataFrame:
    tests = [("ASO", "deepsig", "eps_min < 0.5"), ("ASO", "bonferroni", "eps_min = 0"), ("flips", "holm", "p < alpha")]
    rows = [
        {"strategies": "random", "curves": 20, "procedure": procedure, "correction": correction, "verdict": verdict}
        | {"seeds": seeds, "alpha": 0.05, "tables": 500, "comparisons": 30, "false_pairs": 3, "pair_share": 0.3456}
        | {"pair_low": 0.3, "pair_high": 0.4, "false_tables": 50, "table_share": 0.1, "table_low": low}
        | {"table_high": 0.15}
        for (procedure, correction, verdict), low in zip(tests, (0.08, 0.05, 0.01), strict=True)
        for seeds in (5, 20)
    ]
    return pd.DataFrame(rows)


def test_table2_of_final_scores():
    frame = significance(("random", "cal"), {}).assign(scores_a=5)
    table = table2({"TREC": frame}, 0.05, 1000, final=True)
    assert to_markdown(table).startswith("**Table 2, final.** ASO scores eps\\_min of the final accuracies, of each")
    assert r"\label{table2_final}" in to_latex(table)
    assert table.notes[0].endswith("5 scores of each strategy (one of each seed).")
    assert "Each run counts once" in table.notes[-1]
    assert read_csv(table) == read_csv(table2({"TREC": frame}, 0.05, 1000))


def test_areas():
    table = areas_table({"TREC": areas()})
    assert texts(table) == [
        ["BALD", "0.7600", "+0.0100", "-0.0020 to +0.0220", "0.0625", "0.1250", "0.0625"],
        ["CAL", "0.7400", "-0.0100", "-", "<0.0001", "1.0000", "1.0000"],
    ]
    assert table.notes[0] == (
        "TREC: Random has the area 0.7500; 95% intervals. 5 seeds can give no p under 0.0625, and for 2 strategies no "
        "adjusted one under 0.125."
    )
    assert read_csv(table)[1]["p"] == "1e-05"


def test_areas_of_the_baseline_alone():
    table = areas_table({"TREC": areas().iloc[:0]})
    assert "TREC: the baseline alone, nothing to compare." in table.notes
    assert read_csv(table) == []


def test_labels():
    table = labels_table({"TREC": labels(), "AG News": labels((0.95,))})
    head = ["Strategy", "Labels, 0.95", "Median", "Runs", "Labels, 0.995", "Median", "Runs"]
    assert list(table.header) == head
    reached, never = ["1,550", "1,575", "5 of 5"], ["not reached", "not reached", "2 of 5"]
    assert texts(table) == [
        ["Random", *never, *never],
        ["CAL", *reached, *reached],
        ["Random", *never, "-", "-", "-"],
        ["CAL", *reached, "-", "-", "-"],
    ]
    assert table.notes[0] == "TREC: target accuracies 0.7600 (0.95), 0.7960 (0.995)."
    assert [row["labelled"] for row in read_csv(table)] == ["1550", "1550", "", "", "1550", ""]


def test_calibration():
    table = calibration_table({"TREC": calibrations()})
    assert list(table.header) == ["False verdict", "Pairs, 5 seeds", "Tables, 5 seeds"] + [
        f"{what}, 20 seeds" for what in ("Pairs", "Tables")
    ]
    assert [block.heading for block in table.blocks] == ["TREC: ASO", "TREC: flips"]
    first, second = table.blocks[0].rows
    assert first[0].text == "eps_min < 0.5, deepsig's level"
    assert first[1:3] == [Cell("34.6 (30.0 to 40.0)"), Cell("10.0 (8.0 to 15.0)", "bold")]
    assert second[2].emphasis == ""  # an interval that begins at alpha is not above it
    drawn = "500 tables for each number of seeds, drawn from 20 runs of Random; alpha = 0.05."
    assert table.notes[0] == f"TREC: {drawn}"
    several = calibration_table({"TREC": calibrations().assign(strategies="random, least_confidence", curves=40)})
    assert "drawn from 40 runs of Random, LC; each seed's runs are dealt to the groups at random; " in several.notes[0]
    assert table.notes[1].startswith("TREC: with 5 seeds, no p")
    assert len(read_csv(table)) == 6


def test_calibration_of_data_sets_with_different_sizes():
    few = calibrations().loc[lambda frame: frame["seeds"] == 20]
    table = calibration_table({"A": calibrations(), "B": few})
    assert [cell.text for cell in table.blocks[-1].rows[0]][1:3] == ["-", "-"]


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
