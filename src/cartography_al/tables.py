"""The paper's tables: analysed frames in; CSV for programs, Markdown, LaTeX and HTML for people out. Computes nothing.

A table is one or more blocks of rows under one header, a block for each data set where they do not share rows. A column
is added by lengthening the header and every row.
"""

import csv
import io
import os
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, Literal

import numpy as np
import pandas as pd

from cartography_al.errors import DataError
from cartography_al.files import write_text
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_setting, paper_values, text_value

CLEARLY_BETTER = 0.2
"""The stricter bound on eps_min that deepsig's authors advise (Ulmer, Hardmeier & Frellsen 2022)."""

PAPER_COUNTS = ("train_rows", "test_rows", "classes", "seed_set_size", "batch_size", "max_tokens")
"""What the paper says of a data set, in the order of Table 1's columns."""


@dataclass(frozen=True)
class Cell:
    """One cell as a reader sees it. `mark` is a raised sign behind the text."""

    text: str
    emphasis: Literal["", "bold", "italic"] = ""
    mark: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that belong together, under a heading of their own (none if empty)."""

    heading: str
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Table:
    """A table in the forms it is written in.

    name: "table2", which a reader sees as "Table 2".   blocks: every row as long as `header`.
    caption, header, notes: plain text, escaped when written.
    data: all values behind the table and more, one observation in a row.
    text_columns: columns of running text, each with its share of the line's width; such a table may be longer than a
    page.
    """

    name: str
    caption: str
    header: Sequence[str]
    blocks: Sequence[Block]
    notes: Sequence[str]
    data: pd.DataFrame
    text_columns: Mapping[int, float] = field(default_factory=dict)


def table1(datasets: Sequence[Mapping[str, Any]]) -> Table:
    """Data set statistics, as counted in the files that were read, and the paper's below them.

    datasets: for each data set the content of its dataset.json with the run's seed_set_size, max_tokens and batch_size.
    Raises: DataError for no data set.
    """
    if not datasets:
        raise DataError("table 1 needs at least one data set")
    header = ("Data set", "Train", "Test", "Classes", "Seed set", "Batch size", "Max. tokens", "Longest", "Cut")
    rows, data, notes = [], [], []
    for dataset in datasets:
        train, test = dataset["splits"]["train"], dataset["splits"]["test"]
        counts = (
            train["rows"],
            test["rows"],
            len(dataset["classes"]),
            dataset["seed_set_size"],
            dataset["batch_size"],
            dataset["max_tokens"],
            max(train["longest"], test["longest"]),
            train["truncated"] + test["truncated"],
        )
        rows.append([Cell(dataset["title"]), *(Cell(f"{count:,}") for count in counts)])
        data += [(dataset["name"], dataset["title"], *row) for row in _measures(dataset)]
        for stated in paper_values("table1", dataset["name"]).to_dict("records"):
            numbers = [f"{stated[column]:,}" for column in PAPER_COUNTS]
            rows.append([Cell("in the paper", "italic"), *map(Cell, numbers), Cell("-"), Cell("-")])
        notes.append(f"{dataset['title']} was read from {dataset['source']}.")
    notes.append(
        "Rows are counted in what was read, so a part of a data set shows as a part. Longest: tokens of the longest "
        "text of both splits, split on white space. Cut: texts longer than the maximum, which lose their ends."
    )
    return Table(
        "table1",
        "Data sets, as read.",
        header,
        [Block("", rows)],
        notes,
        pd.DataFrame(data, columns=["dataset", "title", "split", "measure", "class", "value"], dtype="object"),
    )


def table2(
    significance: Mapping[str, pd.DataFrame], alpha: float, bootstrap_iterations: int, *, final: bool = False
) -> Table:
    """ASO's eps_min of the row's strategy over the column's, one matrix for each data set.

    significance: for each data set's title the frame of significance.aso_table; alpha, bootstrap_iterations: as there.
    final: the scores are those of significance.final_scores; the table is then "table2_final".
    Raises: DataError for no data set.
    """
    frames = _some(significance, "table 2")
    names = in_order(name for frame in frames.values() for name in frame["strategy_a"])
    blocks, notes = [], []
    for title, frame in frames.items():
        eps = {(row.strategy_a, row.strategy_b): row.eps_min for row in frame.itertuples()}
        rows = [
            [Cell(strategy_title(a)), *(_eps_cell(eps[a, b]) if (a, b) in eps else Cell("-") for b in names)]
            for a in in_order(frame["strategy_a"])
        ]
        blocks.append(Block(title, rows))
        notes.append(_level_note(title, frame, alpha, final))
    notes += [
        f"Almost Stochastic Order (Dror et al. 2019), {bootstrap_iterations:,} bootstrap iterations for each ordered "
        "pair. Read a row against a column: under 0.5 (italic) the row's strategy is better, 0 (bold) it is "
        f"stochastically dominant; † marks values under {CLEARLY_BETTER}, a stricter bound advised by the test's "
        "implementers; from 0.5 on it is not shown to be better, and if that holds both ways, no order is shown.",
        "Each run counts once, with its last score; the paper's way, table 2, counts every iteration of a run."
        if final
        else "Scores of several iterations of one run are not independent repetitions, which the test assumes: the "
        "values follow the paper's way and overstate how much is known.",
    ]
    data = pd.concat(
        [
            frame.assign(alpha=alpha, bootstrap_iterations=bootstrap_iterations).pipe(_with_title, title)
            for title, frame in frames.items()
        ],
        ignore_index=True,
    )
    of_what = "of the final accuracies, " if final else ""
    return Table(
        "table2_final" if final else "table2",
        f"ASO scores eps_min {of_what}of each strategy (row) over each other one (column), alpha = {alpha:g} with "
        "Bonferroni.",
        ["", *(strategy_title(name) for name in names)],
        blocks,
        notes,
        data,
    )


def table3(thresholds: Mapping[str, pd.DataFrame], keys: Mapping[str, str] | None = None) -> Table:
    """Final accuracy of cal for each correctness threshold.

    thresholds: for each data set's title the frame of analysis.threshold_accuracies.
    keys: for each title the data set's key, such as "trec", to find the paper's values; none are shown without it.
    Raises: DataError for no data set.
    """
    frames = {
        title: _with_paper(frame, ["threshold"], "table3", "final_accuracy", _key(keys, title))
        for title, frame in _some(thresholds, "table 3").items()
    }
    paper = _has_paper(frames, "paper_final_accuracy")
    blocks = []
    for title, frame in frames.items():
        rows = [
            [
                Cell(f"{row.threshold:g}", _bold_if(row.configured)),
                Cell(_mean_std(row.mean, row.std), _bold_if(row.configured)),
                *([Cell(_or_dash(row.paper_final_accuracy))] if paper else []),
                Cell(str(row.seeds)),
                Cell(f"{row.single_class} of {row.classifiers}" if row.single_class else "-"),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(title, rows))
    notes = [
        "Mean test accuracy after the last iteration ± standard deviation over the seeds (ddof 1). Bold: the threshold "
        "that cal uses everywhere else. An instance counts as learned if its correctness is above the threshold.",
    ]
    affected = [
        f"{title} at {row.threshold:g} (in {row.single_class_seeds} of {row.seeds} seeds)"
        for title, frame in frames.items()
        for row in frame.itertuples()
        if row.single_class
    ]
    notes.append(
        "One class: acquisitions for which all labelled instances lay on one side of the threshold, so that there were "
        "no two classes to tell apart" + (f": {', '.join(affected)}." if affected else "; there were none.")
    )
    notes += [_paper_note()] if paper else []
    return Table(
        "table3",
        "Influence of the correctness threshold on the final accuracy of CAL.",
        ("Threshold", "Final accuracy", *(["Paper"] if paper else []), "Seeds", "One class"),
        blocks,
        notes,
        _stacked(frames),
    )


def table4(overlaps: Mapping[str, pd.DataFrame], keys: Mapping[str, str] | None = None) -> Table:
    """Instances that two strategies both acquired, counted in two ways, each beside what chance gives.

    overlaps: for each data set's title the frame of analysis.overlap.   keys: as in table3.
    Raises: DataError for no data set.
    """
    pair = ["strategy_a", "strategy_b"]
    frames = {
        title: _with_paper(frame, pair, "table4", "shared_positions", _key(keys, title))
        for title, frame in _some(overlaps, "table 4").items()
    }
    paper = _has_paper(frames, "paper_shared_positions")
    blocks, notes = [], []
    for title, frame in frames.items():
        rows = [
            [
                Cell(f"{strategy_title(row.strategy_a)} ∩ {strategy_title(row.strategy_b)}"),
                Cell(f"{row.shared_instances:,}"),
                Cell(_chance(row.shared_instances_chance, row.shared_instances_low, row.shared_instances_high)),
                Cell(f"{row.shared_positions:,}"),
                *([Cell(_count_or_dash(row.paper_shared_positions))] if paper else []),
                Cell(_chance(row.shared_positions_chance, row.shared_positions_low, row.shared_positions_high)),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(title, rows))
        if len(frame):
            first = frame.iloc[0]
            notes.append(f"{title}: {first['acquired']:,} acquisitions of each strategy, {first['seeds']} seeds.")
    notes.append(
        "Same instance: acquired by both strategies in runs with the same seed, in whatever iteration. Same position: "
        "the paper's count, which compares places in each strategy's own shrinking pool; after the first acquisition "
        "equal places no longer name the same instance. By chance: mean and central 95% range if both strategies drew "
        "uniformly from their pools. All are totals over the seeds."
    )
    notes += [_paper_note()] if paper else []
    return Table(
        "table4",
        "Instances acquired by both of two strategies.",
        ("Strategies", "Same instance", "By chance", "Same position", *(["Paper"] if paper else []), "By chance"),
        blocks,
        notes,
        _stacked(frames),
    )


def summary_table(summaries: Mapping[str, pd.DataFrame], keys: Mapping[str, str] | None = None) -> Table:
    """The single values of the paper's text: accuracies, and how little data reaches them.

    summaries: for each data set's title the frame of analysis.summarize.   keys: as in table3.
    Raises: DataError for no data set.
    """
    frames = {
        title: _with_stated_accuracies(frame, _key(keys, title))
        for title, frame in _some(summaries, "the summary").items()
    }
    paper = _has_paper(frames, "paper_full_accuracy")
    blocks, notes = [], []
    for title, frame in frames.items():
        best = frame["final_accuracy"].max()
        rows = [
            [
                Cell(strategy_title(row.strategy)),
                Cell(f"{row.first_accuracy:.3f}"),
                Cell(_mean_std(row.final_accuracy, row.final_std), _bold_if(row.final_accuracy == best)),
                *([Cell(_or_dash(row.paper_final_accuracy))] if paper else []),
                Cell(_mean_std(row.area, row.area_std)),
                Cell(f"{row.share_of_full:.1%}"),
                Cell("not reached" if np.isnan(row.fraction_to_full) else f"{row.fraction_to_full:.1%}"),
                Cell(_or_dash(row.binary_cal_accuracy)),
                Cell(_or_dash(row.binary_dal_accuracy)),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(title, rows))
        first = frame.iloc[0]
        stated = first["paper_full_accuracy"]
        beside = "" if np.isnan(stated) else f" (paper: {stated:.3f})"
        notes.append(
            f"{title}: {first['full_accuracy']:.3f}{beside} after training on all data, {first['seeds']} seeds."
        )
    notes.append(
        "Test accuracies, means over the seeds ± standard deviation (ddof 1). Area: mean height of the learning curve. "
        "Of full: final accuracy over that after training on all data. Reached with: share of the training data that "
        "is labelled when the mean accuracy first reaches it. CAL, DAL classifier: training accuracy of the binary "
        "classifier after the last iteration. Bold: the best final accuracy."
    )
    notes += [_paper_note()] if paper else []
    return Table(
        "summary",
        "Accuracy and data efficiency of each strategy.",
        (
            "Strategy",
            "Seed set",
            "Final",
            *(["Paper"] if paper else []),
            "Area",
            "Of full",
            "Reached with",
            "CAL classifier",
            "DAL classifier",
        ),
        blocks,
        notes,
        _stacked(frames),
    )


def audit_table(effects: Mapping[str, pd.DataFrame]) -> Table:
    """What each switch of the protocol does to the accuracies.

    effects: for each data set's title the frame of audit.audit_effects.   Raises: DataError for no data set.
    """
    frames = _some(effects, "the audit")
    measures = list(dict.fromkeys(measure for frame in frames.values() for measure in frame["measure"]))
    blocks = []
    for title, frame in frames.items():
        for preset, of_preset in frame.groupby("preset", sort=False):
            rows = []
            for switch, of_switch in of_preset.groupby("switch", sort=False):
                by_measure = of_switch.set_index("measure")
                name = str(switch).replace("_", " ") if switch else f"{preset} itself"
                rows.append([Cell(name), *(_effect_cell(by_measure.loc[measure]) for measure in measures)])
            blocks.append(Block(f"{title}: {AUDIT_HEADINGS[str(preset)]}", rows))
    seeds = max(int(frame["seeds"].max()) for frame in frames.values())
    return Table(
        "audit",
        "What each difference between the paper's text and the authors' released code does to the test accuracy.",
        ("Switch", *(measure.capitalize() for measure in measures)),
        blocks,
        [
            f"Means over {seeds} seeds. First row of a block: accuracy ± standard deviation over the seeds. Others: "
            "change against that row, seed by seed, ± standard deviation of the change. Bold: a change larger than "
            "twice that. Final: after the last audited iteration. Area: mean height of the learning curve."
        ],
        _stacked(frames),
    )


AUDIT_HEADINGS = {
    "as_written": "the paper's text, one switch as in the code",
    "released": "the code, one switch as in the paper's text",
}


def _effect_cell(row: "pd.Series[Any]") -> Cell:
    if not row["switch"]:
        return Cell(_mean_std(row["mean"], row["std"]))
    large = abs(row["difference"]) > 2 * row["difference_std"]  # False where a single seed leaves no spread
    spread = "" if np.isnan(row["difference_std"]) else f" ± {row['difference_std']:.3f}"
    return Cell(f"{row['difference']:+.3f}{spread}", _bold_if(large))


def with_exhausted_pools(table: Table, exhausted: Mapping[str, int]) -> Table:
    """The table with a note for each data set whose pool ran out.

    exhausted: for such a data set's title the iteration, as analysis.exhausted_at gives it.
    """
    notes = [
        f"{title}: pool exhausted at iteration {iteration}. All training texts are labelled there, whatever the "
        "strategy, and the runs end."
        for title, iteration in exhausted.items()
    ]
    return replace(table, notes=[*table.notes, *notes])


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
    lines = [f"**{_title(table)}.** {_markdown(table.caption)}", ""]
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
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(_title(table))}</title>',
        f"<style>{_PAGE_STYLE}</style></head><body>",
        f"<table><caption><b>{escape(_title(table))}.</b> {_html(table.caption)}</caption>",
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


def _measures(dataset: Mapping[str, Any]) -> Iterable[tuple[str, str, str, Any]]:
    """Split, measure, class and value of everything that is known of a data set, the paper's own counts last."""
    yield "", "source", "", dataset["source"]
    yield "", "classes", "", len(dataset["classes"])
    for key in ("seed_set_size", "max_tokens", "batch_size"):
        yield "", key, "", dataset[key]
    for package, version in dataset.get("versions", {}).items():
        yield "", f"version of {package}", "", version
    for split, description in dataset["splits"].items():
        for key in ("rows", "mean_tokens", "longest", "truncated", "sha256"):
            yield split, key, "", description[key]
        for name, count in description["rows_per_class"].items():
            yield split, "rows_per_class", name, count
    for row in paper_values("table1", dataset["name"]).to_dict("records"):
        for column in PAPER_COUNTS:
            yield "", f"{column} in the paper", "", row[column]


def _some(frames: Mapping[str, pd.DataFrame], what: str) -> Mapping[str, pd.DataFrame]:
    if not frames:
        raise DataError(f"{what} needs at least one data set")
    return frames


def _with_title(frame: pd.DataFrame, title: str) -> pd.DataFrame:
    frame = frame.copy()
    frame.insert(0, "dataset", title)
    return frame


def _stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All data sets' frames in one, with the title in front."""
    return pd.concat([_with_title(frame, title) for title, frame in frames.items()], ignore_index=True)


def _level_note(title: str, frame: pd.DataFrame, alpha: float, final: bool) -> str:
    if frame.empty:
        return f"{title}: a single strategy, nothing to compare."
    comparisons, level = frame["comparisons"].iloc[0], frame["confidence_level"].iloc[0]
    which = "one of each seed" if final else "all seeds and iterations"
    least, most = frame["scores_a"].min(), frame["scores_a"].max()
    scores = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return (
        f"{title}: {comparisons} ordered comparisons, each at the confidence level 1 - {alpha:g}/{comparisons} = "
        f"{level:.5f}; {scores} scores of each strategy ({which})."
    )


def _eps_cell(eps: float) -> Cell:
    # A small positive number must not look like the 0 that means dominance.
    text = "<0.001" if 0 < eps < 0.0005 else f"{eps:.3f}"
    emphasis: Literal["", "bold", "italic"] = "bold" if eps == 0 else "italic" if eps < 0.5 else ""
    return Cell(text, emphasis, "†" if eps < CLEARLY_BETTER else "")


def _with_paper(
    frame: pd.DataFrame, on: list[str], name: Literal["table3", "table4"], column: str, dataset: str
) -> pd.DataFrame:
    """The frame with the paper's value of each row, NaN where it has none, as the column paper_<column>.

    on: columns that name a row; several are a set, in whatever order.
    """
    stated = paper_values(name, dataset)
    values = {frozenset(key): value for *key, value in stated[[*on, column]].itertuples(index=False)}
    found = [values.get(frozenset(key), np.nan) for key in frame[on].itertuples(index=False)]
    return frame.assign(**{f"paper_{column}": np.array(found, dtype=np.float64)})


def _with_stated_accuracies(frame: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """The summary with what the paper's text states, or NaN: paper_final_accuracy, paper_full_accuracy."""
    names = {"cal": "cal_final_accuracy", "cal_dal": "cal_dal_hybrid_final_accuracy"}
    final = {strategy: text_value(dataset, name) for strategy, name in names.items()}
    return frame.assign(
        paper_final_accuracy=np.array([final.get(name) for name in frame["strategy"]], dtype=np.float64),
        paper_full_accuracy=np.array(text_value(dataset, "full_data_accuracy"), dtype=np.float64),
    )


def _key(keys: Mapping[str, str] | None, title: str) -> str:
    """The key of a data set; empty, which is no data set of the paper, where none is given."""
    return (keys or {}).get(title, "")


def _has_paper(frames: Mapping[str, pd.DataFrame], column: str) -> bool:
    return any(frame[column].notna().any() for frame in frames.values())


def _paper_note() -> str:
    return (
        f"Paper: as published, after {paper_setting('iterations')} iterations, "
        f"with {paper_setting('seeds')} seeds and word vectors {paper_setting('embedding_source')}."
    )


def _bold_if(condition: bool) -> Literal["", "bold"]:
    return "bold" if condition else ""


def _mean_std(mean: float, std: float) -> str:
    return f"{mean:.3f}" if np.isnan(std) else f"{mean:.3f} ± {std:.3f}"


def _or_dash(accuracy: float) -> str:
    return "-" if np.isnan(accuracy) else f"{accuracy:.3f}"


def _count_or_dash(count: float) -> str:
    return "-" if np.isnan(count) else f"{count:,.0f}"


def _chance(mean: float, low: int, high: int) -> str:
    return f"{mean:,.1f} ({low:,} to {high:,})"


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


def _title(table: Table) -> str:
    return table.name.replace("table", "table ").replace("_", ", ").capitalize()


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


def areas_table(areas: Mapping[str, pd.DataFrame]) -> Table:
    """Area under the learning curve of each strategy, and what it has over the baseline's, seed by seed.

    areas: for each data set's title the frame of significance.paired_area_differences.
    Raises: DataError for no data set.
    """
    frames = _some(areas, "the table of areas")
    blocks, notes = [], []
    for title, frame in frames.items():
        rows = [
            [
                Cell(strategy_title(row.strategy)),
                Cell(f"{row.area:.4f}"),
                Cell(f"{row.difference:+.4f}"),
                Cell("-" if np.isnan(row.low) else f"{row.low:+.4f} to {row.high:+.4f}"),
                Cell(_p_value(row.p)),
                Cell(_p_value(row.p_holm)),
                Cell(_p_value(row.p_wilcoxon)),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(title, rows))
        if frame.empty:
            notes.append(f"{title}: the baseline alone, nothing to compare.")
        else:
            first = frame.iloc[0]
            notes.append(
                f"{title}: {strategy_title(first['baseline'])} has the area {first['baseline_area']:.4f}; "
                f"{100 * first['confidence']:g}% intervals. {first['seeds']} seeds can give no p under "
                f"{first['smallest_p']:.3g}, and for {len(frame)} strategies no adjusted one under "
                f"{min(1.0, first['smallest_p'] * len(frame)):.3g}."
            )
    notes.append(
        "Area: mean height of the learning curve, mean over the seeds. Difference: to the baseline's run with the same "
        "seed, which starts from the same seed set and weights; its interval is Student's t. p: exact two-sided "
        "permutation test of the differences' signs; Holm: adjusted for all strategies of the data set; Wilcoxon: the "
        "same test of signed ranks, not adjusted."
    )
    return Table(
        "areas",
        "Area under the learning curve, in paired comparison with the baseline.",
        ("Strategy", "Area", "Difference", "Interval", "p", "p, Holm", "p, Wilcoxon"),
        blocks,
        notes,
        _stacked(frames),
    )


def labels_table(labels: Mapping[str, pd.DataFrame]) -> Table:
    """Labels that each strategy needs for given shares of the accuracy after training on all data.

    labels: for each data set's title the frame of significance.labels_needed.   Raises: DataError for no data set.
    """
    frames = _some(labels, "the table of labels")
    shares = sorted({share for frame in frames.values() for share in frame["share"]})
    blocks, notes = [], []
    for title, frame in frames.items():
        found = {(row.strategy, row.share): row for row in frame.itertuples()}
        blocks.append(
            Block(
                title,
                [
                    [
                        Cell(strategy_title(name)),
                        *(cell for share in shares for cell in _label_cells(found.get((name, share)))),
                    ]
                    for name in in_order(frame["strategy"])
                ],
            )
        )
        targets = frame.drop_duplicates("share")
        named = ", ".join(f"{row.target:.4f} ({row.share:.3g})" for row in targets.itertuples())
        notes.append(f"{title}: target accuracies {named}.")
    notes.append(
        "Labels: labelled instances, the seed set's included, at the first iteration whose mean accuracy over the "
        "seeds reaches that share of the accuracy after training on all data. Median: over the runs of the seeds, each "
        "by itself; a run that never reaches it counts as more than any number. Runs: those that reach it."
    )
    header = [column for share in shares for column in (f"Labels, {share:.3g}", "Median", "Runs")]
    return Table(
        "labels",
        "Labels needed for a share of the full-data accuracy.",
        ("Strategy", *header),
        blocks,
        notes,
        _stacked(frames),
    )


def calibration_table(calibrations: Mapping[str, pd.DataFrame]) -> Table:
    """False verdicts of each test where strategies do not differ.

    calibrations: for each data set's title the frame of calibration.calibrate.   Raises: DataError for no data set.
    """
    frames = _some(calibrations, "the calibration")
    sizes = sorted({size for frame in frames.values() for size in frame["seeds"]})
    blocks, notes = [], []
    for title, frame in frames.items():
        found = {(row.procedure, row.correction, row.verdict, row.seeds): row for row in frame.itertuples()}
        for procedure in frame["procedure"].drop_duplicates():
            of_procedure = frame.loc[frame["procedure"] == procedure]
            tests = of_procedure[["correction", "verdict"]].drop_duplicates().itertuples(index=False, name=None)
            rows = [
                [
                    Cell(f"{verdict}, {_CORRECTIONS.get(correction, correction)}"),
                    *(
                        cell
                        for size in sizes
                        for cell in _false_cells(found.get((procedure, correction, verdict, size)))
                    ),
                ]
                for correction, verdict in tests
            ]
            blocks.append(Block(f"{title}: {procedure}", rows))
        first = frame.iloc[0]
        names = first["strategies"].split(", ")
        dealt = "; each seed's runs are dealt to the groups at random" if len(names) > 1 else ""
        notes.append(
            f"{title}: {first['tables']:,} tables for each number of seeds, drawn from {first['curves']} runs of "
            f"{', '.join(strategy_title(name) for name in names)}{dealt}; alpha = {first['alpha']:g}."
        )
        silent = [size for size in sizes if 2 / 2**size >= first["alpha"]]
        if silent:
            listed = " or ".join(str(size) for size in silent)
            notes.append(f"{title}: with {listed} seeds, no p of the permutation test is under alpha: it cannot speak.")
    notes.append(
        "Every table compares groups of runs from one distribution, so each verdict is false. Groups drawn from one "
        "strategy share no seeds, as real strategies do, and so differ more by chance. Share of the comparisons, and "
        "of the tables with at least one such verdict, in percent with 95% intervals (Wilson). Bold: in more tables "
        "than alpha, beyond chance. Bonferroni: 1 - alpha / ordered pairs; deepsig: the level that its own correction "
        "computes, 1 - alpha + alpha / unordered pairs."
    )
    return Table(
        "calibration",
        "False verdicts of each test between runs that do not differ.",
        ("False verdict", *(f"{what}, {size} seeds" for size in sizes for what in ("Pairs", "Tables"))),
        blocks,
        notes,
        _stacked(frames),
    )


_CORRECTIONS = {"none": "uncorrected", "deepsig": "deepsig's level", "bonferroni": "Bonferroni", "holm": "Holm"}


def _p_value(p: float) -> str:
    """Four decimals, and never a 0 that no exact test gives."""
    return "<0.0001" if p < 0.0001 else f"{p:.4f}"


def _label_cells(row: Any) -> list[Cell]:
    """Labels, median and runs of a row of significance.labels_needed; dashes for none."""
    if row is None:
        return [Cell("-")] * 3
    counts = ["not reached" if pd.isna(count) else f"{count:,.0f}" for count in (row.labelled, row.median_labelled)]
    return [*(Cell(count) for count in counts), Cell(f"{row.seeds_reaching} of {row.seeds}")]


def _false_cells(row: Any) -> list[Cell]:
    """Shares of comparisons and of tables with a false verdict; dashes for none."""
    if row is None:
        return [Cell("-")] * 2
    return [
        Cell(_percent(row.pair_share, row.pair_low, row.pair_high)),
        Cell(_percent(row.table_share, row.table_low, row.table_high), _bold_if(row.table_low > row.alpha)),
    ]


def _percent(share: float, low: float, high: float) -> str:
    return f"{100 * share:.1f} ({100 * low:.1f} to {100 * high:.1f})"
