"""Table 2: almost stochastic order of each two strategies, by three readings of the test side by side."""

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from cartography_al.naming import Subject, strategy_title
from cartography_al.significance.readings import BONFERRONI, DEEPSIG, PAPER_CALL, READINGS
from cartography_al.tables.cells import eps_cell, some_frames, with_subject
from cartography_al.tables.table import Block, Cell, Table

FILLED = "*"
"""Marks a number that a reading fills in and does not test."""


def table2(readings: Mapping[Subject, pd.DataFrame], alpha: float, bootstrap_iterations: int) -> Table:
    """ASO's eps_min of one strategy over another by each reading, one row for each ordered pair.

    readings: for each data set the frame of significance.readings.read_three_ways; alpha, bootstrap_iterations: as
    there.   Raises: DataError for no data set.
    """
    frames = some_frames(readings, "table 2")
    blocks, notes = [], []
    for subject, frame in frames.items():
        rows = []
        for (a, b), of_pair in frame.groupby(["strategy_a", "strategy_b"], sort=False):
            found = of_pair.set_index("reading")
            cells = [_cell(name, found.loc[name, "eps_min"], bool(found.loc[name, "tested"])) for name in READINGS]
            rows.append([Cell(strategy_title(str(a))), Cell(strategy_title(str(b))), *cells])
        blocks.append(Block(subject.heading, rows))
        notes.append(_level_note(subject.heading, frame, alpha))
    notes += [
        "Almost Stochastic Order (Dror et al. 2019) of the scores of all iterations and seeds, "
        f"{bootstrap_iterations:,} bootstrap iterations for each pair: under 0.5 (italic) the first strategy is better "
        "than the second, 0 (bold) it is stochastically dominant. Scores of several iterations of one run are not "
        "independent repetitions, which the test assumes: all three overstate how much is known.",
        f"{PAPER_CALL.capitalize()}: what the authors' script computed with the deepsig of its time, printed with two "
        "decimals as in the paper. It tests the pairs whose first strategy comes earlier in the order of the rows, at "
        f"alpha over the unordered pairs. {FILLED}: not tested, but filled in with 1 less the other direction; there 0 "
        "says no more than that the second strategy was not shown to be better.",
        f"{BONFERRONI.capitalize()}: each direction is a test of its own, at alpha over all of them.",
        f"{DEEPSIG}: what multi_aso computes today by default. Its correction comes out less strict than none: "
        "1 - alpha + alpha over the unordered pairs.",
    ]
    data = pd.concat(
        [
            frame.assign(alpha=alpha, bootstrap_iterations=bootstrap_iterations).pipe(with_subject, subject)
            for subject, frame in frames.items()
        ],
        ignore_index=True,
    )
    return Table(
        "table2",
        f"ASO scores eps_min of the first strategy over the second by three readings of the test, alpha = {alpha:g}.",
        ["Strategy", "Over", *(name[:1].upper() + name[1:] for name in READINGS)],
        blocks,
        notes,
        data,
    )


def _cell(reading: str, eps: float, tested: bool) -> Cell:
    if reading != PAPER_CALL:
        return eps_cell(eps)
    shown = round(eps, 2)
    emphasis: Literal["", "bold", "italic"] = "bold" if shown == 0 else "italic" if shown < 0.5 else ""
    return Cell(f"{shown:.2f}", emphasis, "" if tested else FILLED)


def _level_note(heading: str, frame: pd.DataFrame, alpha: float) -> str:
    if frame.empty:
        return f"{heading}: a single strategy, nothing to compare."
    firsts = frame.drop_duplicates("reading").itertuples()
    levels = "; ".join(f"{row.reading}, {row.comparisons} comparisons at {row.confidence_level:.5f}" for row in firsts)
    least, most = frame["scores_a"].min(), frame["scores_a"].max()
    scores = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return f"{heading}: {scores} scores of each strategy. Confidence levels: {levels}."
