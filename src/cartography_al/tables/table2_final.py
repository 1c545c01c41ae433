"""Table 2 from the last iteration alone: almost stochastic order of each two strategies, one score for each run."""

from collections.abc import Mapping

import pandas as pd

from cartography_al.naming import Subject, in_order, strategy_title
from cartography_al.tables.cells import CLEARLY_BETTER, eps_cell, some_frames, with_subject
from cartography_al.tables.table import Block, Cell, Table


def table2_final(significance: Mapping[Subject, pd.DataFrame], alpha: float, bootstrap_iterations: int) -> Table:
    """ASO's eps_min of the row's strategy over the column's, one matrix for each data set.

    significance: for each data set the frame of significance.aso_table, of significance.final_scores; alpha,
    bootstrap_iterations: as there.   Raises: DataError for no data set.
    """
    frames = some_frames(significance, "table 2, final")
    names = in_order(name for frame in frames.values() for name in frame["strategy_a"])
    blocks, notes = [], []
    for subject, frame in frames.items():
        eps = {(row.strategy_a, row.strategy_b): row.eps_min for row in frame.itertuples()}
        rows = [
            [Cell(strategy_title(a)), *(eps_cell(eps[a, b]) if (a, b) in eps else Cell("-") for b in names)]
            for a in in_order(frame["strategy_a"])
        ]
        blocks.append(Block(subject.heading, rows))
        notes.append(_level_note(subject.heading, frame, alpha))
    notes += [
        f"Almost Stochastic Order (Dror et al. 2019), {bootstrap_iterations:,} bootstrap iterations for each ordered "
        "pair. Read a row against a column: under 0.5 (italic) the row's strategy is better, 0 (bold) it is "
        f"stochastically dominant; † marks values under {CLEARLY_BETTER}, a stricter bound advised by the test's "
        "implementers; from 0.5 on it is not shown to be better, and if that holds both ways, no order is shown.",
        "Each run counts once, with its last score; the paper's way, table 2, counts every iteration of a run.",
    ]
    data = pd.concat(
        [
            frame.assign(alpha=alpha, bootstrap_iterations=bootstrap_iterations).pipe(with_subject, subject)
            for subject, frame in frames.items()
        ],
        ignore_index=True,
    )
    return Table(
        "table2_final",
        f"ASO scores eps_min of the final accuracies, of each strategy (row) over each other one (column), alpha = "
        f"{alpha:g} with Bonferroni.",
        ["", *(strategy_title(name) for name in names)],
        blocks,
        notes,
        data,
    )


def _level_note(heading: str, frame: pd.DataFrame, alpha: float) -> str:
    if frame.empty:
        return f"{heading}: a single strategy, nothing to compare."
    comparisons, level = frame["comparisons"].iloc[0], frame["confidence_level"].iloc[0]
    least, most = frame["scores_a"].min(), frame["scores_a"].max()
    scores = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return (
        f"{heading}: {comparisons} ordered comparisons, each at the confidence level 1 - {alpha:g}/{comparisons} = "
        f"{level:.5f}; {scores} scores of each strategy (one of each seed)."
    )
