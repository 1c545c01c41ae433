"""The paper's tables: analysed frames in; CSV for programs, Markdown and LaTeX for people out. Computes no result.

A table is one or more blocks of rows under one header, a block for each data set where they do not share rows. A column
is added by lengthening the header and every row.
"""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from cartography_al.errors import DataError
from cartography_al.files import write_text
from cartography_al.naming import in_order, strategy_title

CLEARLY_BETTER = 0.2
"""The stricter bound on eps_min that deepsig's authors advise (Ulmer, Hardmeier & Frellsen 2022)."""


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
    """A table in the three forms it is written in.

    name: "table2", which a reader sees as "Table 2".   blocks: every row as long as `header`.
    caption, header, notes: plain text, escaped when written.
    data: all values behind the table and more, one observation in a row.
    """

    name: str
    caption: str
    header: Sequence[str]
    blocks: Sequence[Block]
    notes: Sequence[str]
    data: pd.DataFrame


def table1(datasets: Sequence[Mapping[str, Any]]) -> Table:
    """Data set statistics, as counted in the files that were read.

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


def table2(significance: Mapping[str, pd.DataFrame], alpha: float, bootstrap_iterations: int) -> Table:
    """ASO's eps_min of the row's strategy over the column's, one matrix for each data set.

    significance: for each data set's title the frame of significance.aso_table; alpha, bootstrap_iterations: as there.
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
        notes.append(_level_note(title, frame, alpha))
    notes += [
        f"Almost Stochastic Order (Dror et al. 2019), {bootstrap_iterations:,} bootstrap iterations for each ordered "
        "pair. Read a row against a column: under 0.5 (italic) the row's strategy is better, 0 (bold) it is "
        f"stochastically dominant; † marks values under {CLEARLY_BETTER}, a stricter bound advised by the test's "
        "implementers; from 0.5 on it is not shown to be better, and if that holds both ways, no order is shown.",
        "Scores of several iterations of one run are not independent repetitions, which the test assumes: the values "
        "follow the paper's way and overstate how much is known.",
    ]
    data = pd.concat(
        [
            frame.assign(alpha=alpha, bootstrap_iterations=bootstrap_iterations).pipe(_with_title, title)
            for title, frame in frames.items()
        ],
        ignore_index=True,
    )
    return Table(
        "table2",
        f"ASO scores eps_min of each strategy (row) over each other one (column), alpha = {alpha:g} with Bonferroni.",
        ["", *(strategy_title(name) for name in names)],
        blocks,
        notes,
        data,
    )


def table3(thresholds: Mapping[str, pd.DataFrame]) -> Table:
    """Final accuracy of cal for each correctness threshold.

    thresholds: for each data set's title the frame of analysis.threshold_accuracies.
    Raises: DataError for no data set.
    """
    frames = _some(thresholds, "table 3")
    blocks = []
    for title, frame in frames.items():
        rows = [
            [
                Cell(f"{row.threshold:g}", _bold_if(row.configured)),
                Cell(_mean_std(row.mean, row.std), _bold_if(row.configured)),
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
    return Table(
        "table3",
        "Influence of the correctness threshold on the final accuracy of CAL.",
        ("Threshold", "Final accuracy", "Seeds", "One class"),
        blocks,
        notes,
        _stacked(frames),
    )


def table4(overlaps: Mapping[str, pd.DataFrame]) -> Table:
    """Instances that two strategies both acquired, counted in two ways, each beside what chance gives.

    overlaps: for each data set's title the frame of analysis.overlap.
    Raises: DataError for no data set.
    """
    frames = _some(overlaps, "table 4")
    blocks, notes = [], []
    for title, frame in frames.items():
        rows = [
            [
                Cell(f"{strategy_title(row.strategy_a)} ∩ {strategy_title(row.strategy_b)}"),
                Cell(f"{row.shared_instances:,}"),
                Cell(_chance(row.shared_instances_chance, row.shared_instances_low, row.shared_instances_high)),
                Cell(f"{row.shared_positions:,}"),
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
    return Table(
        "table4",
        "Instances acquired by both of two strategies.",
        ("Strategies", "Same instance", "By chance", "Same position", "By chance"),
        blocks,
        notes,
        _stacked(frames),
    )


def summary_table(summaries: Mapping[str, pd.DataFrame]) -> Table:
    """The single values of the paper's text: accuracies, and how little data reaches them.

    summaries: for each data set's title the frame of analysis.summarize.   Raises: DataError for no data set.
    """
    frames = _some(summaries, "the summary")
    blocks, notes = [], []
    for title, frame in frames.items():
        best = frame["final_accuracy"].max()
        rows = [
            [
                Cell(strategy_title(row.strategy)),
                Cell(f"{row.first_accuracy:.3f}"),
                Cell(_mean_std(row.final_accuracy, row.final_std), _bold_if(row.final_accuracy == best)),
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
        notes.append(f"{title}: {first['full_accuracy']:.3f} after training on all data, {first['seeds']} seeds.")
    notes.append(
        "Test accuracies, means over the seeds ± standard deviation (ddof 1). Area: mean height of the learning curve. "
        "Of full: final accuracy over that after training on all data. Reached with: share of the training data that "
        "is labelled when the mean accuracy first reaches it. CAL, DAL classifier: training accuracy of the binary "
        "classifier after the last iteration. Bold: the best final accuracy."
    )
    return Table(
        "summary",
        "Accuracy and data efficiency of each strategy.",
        ("Strategy", "Seed set", "Final", "Area", "Of full", "Reached with", "CAL classifier", "DAL classifier"),
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


def write_table(
    table: Table, csv: str | os.PathLike[str], md: str | os.PathLike[str], tex: str | os.PathLike[str]
) -> None:
    """Write the table's three files. Their bytes depend on the table alone."""
    write_text(csv, to_csv(table))
    write_text(md, to_markdown(table))
    write_text(tex, to_latex(table))


def to_csv(table: Table) -> str:
    """The table's data: whole numbers exact, others with six significant digits, missing values empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.data.columns)
    writer.writerows([_plain(value) for value in row] for row in table.data.itertuples(index=False, name=None))
    return text.getvalue()


def to_markdown(table: Table) -> str:
    """Caption, one pipe table for each block under its heading, then the notes."""
    name = table.name.replace("table", "table ").capitalize()
    lines = [f"**{name}.** {_markdown(table.caption)}", ""]
    for block in table.blocks:
        if block.heading:
            lines += [f"**{_markdown(block.heading)}**", ""]
        lines.append(_pipe_row(_markdown(title) for title in table.header))
        lines.append(_pipe_row("---" if column == 0 else "---:" for column in range(len(table.header))))
        lines += [_pipe_row(_markdown_cell(cell) for cell in row) for row in block.rows]
        lines.append("")
    lines += [f"- {_markdown(note)}" for note in table.notes]
    return "\n".join(lines) + "\n"


def to_latex(table: Table) -> str:
    r"""One `table` environment with one `tabular`, to be read with \input. Needs the package booktabs."""
    columns = len(table.header)
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
    for block in table.blocks:
        lines.append(r"\midrule")
        if block.heading:
            lines.append(rf"\multicolumn{{{columns}}}{{l}}{{\textbf{{{_latex(block.heading)}}}}} \\")
        lines += [_latex_row(_latex_cell(cell) for cell in row) for row in block.rows]
    lines += [r"\bottomrule", r"\end{tabular}", "", r"\medskip", r"\begin{minipage}{\linewidth}", r"\footnotesize"]
    lines += [_latex(note) + r"\par" for note in table.notes]
    lines += [r"\end{minipage}", r"\end{table}"]
    return "\n".join(lines) + "\n"


def _measures(dataset: Mapping[str, Any]) -> Iterable[tuple[str, str, str, Any]]:
    """Split, measure, class and value of everything that is known of a data set."""
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


def _level_note(title: str, frame: pd.DataFrame, alpha: float) -> str:
    if frame.empty:
        return f"{title}: a single strategy, nothing to compare."
    comparisons, level = frame["comparisons"].iloc[0], frame["confidence_level"].iloc[0]
    least, most = frame["scores_a"].min(), frame["scores_a"].max()
    scores = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return (
        f"{title}: {comparisons} ordered comparisons, each at the confidence level 1 - {alpha:g}/{comparisons} = "
        f"{level:.5f}; {scores} scores of each strategy (all seeds and iterations)."
    )


def _eps_cell(eps: float) -> Cell:
    # A small positive number must not look like the 0 that means dominance.
    text = "<0.001" if 0 < eps < 0.0005 else f"{eps:.3f}"
    emphasis: Literal["", "bold", "italic"] = "bold" if eps == 0 else "italic" if eps < 0.5 else ""
    return Cell(text, emphasis, "†" if eps < CLEARLY_BETTER else "")


def _bold_if(condition: bool) -> Literal["", "bold"]:
    return "bold" if condition else ""


def _mean_std(mean: float, std: float) -> str:
    return f"{mean:.3f}" if np.isnan(std) else f"{mean:.3f} ± {std:.3f}"


def _or_dash(accuracy: float) -> str:
    return "-" if np.isnan(accuracy) else f"{accuracy:.3f}"


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


_MARKDOWN = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`|*_~[]$#"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    | dict.fromkeys("\r\n", " ")
)

_LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&_%$#{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "|": r"\textbar{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}"}
    # After a row's end, a bracket or star would be read as an argument of it.
    | {sign: f"{{{sign}}}" for sign in "[]*"}
    | {"±": r"$\pm$", "∩": r"$\cap$", "†": r"$\dagger$"}
    | dict.fromkeys("\r\n", " ")
)


def _markdown(text: str) -> str:
    return text.translate(_MARKDOWN)


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
