"""Table 4: instances that two strategies both acquired."""

from collections.abc import Mapping

import pandas as pd

from cartography_al.naming import Subject, strategy_title
from cartography_al.tables.cells import (
    chance_text,
    count_or_dash,
    has_paper,
    paper_note,
    some_frames,
    stacked,
    with_paper,
)
from cartography_al.tables.table import Block, Cell, Table


def table4(overlaps: Mapping[Subject, pd.DataFrame]) -> Table:
    """Instances that two strategies both acquired, counted in two ways, each beside what chance gives.

    overlaps: for each data set the frame of analysis.overlap.
    Raises: DataError for no data set.
    """
    pair = ["strategy_a", "strategy_b"]
    frames = {
        subject: with_paper(frame, pair, "table4", "shared_positions", subject.in_paper)
        for subject, frame in some_frames(overlaps, "table 4").items()
    }
    paper = has_paper(frames, "paper_shared_positions")
    blocks, notes = [], []
    for subject, frame in frames.items():
        rows = [
            [
                Cell(f"{strategy_title(row.strategy_a)} ∩ {strategy_title(row.strategy_b)}"),
                Cell(f"{row.shared_instances:,}"),
                Cell(chance_text(row.shared_instances_chance, row.shared_instances_low, row.shared_instances_high)),
                Cell(f"{row.shared_positions:,}"),
                *([Cell(count_or_dash(row.paper_shared_positions))] if paper else []),
                Cell(chance_text(row.shared_positions_chance, row.shared_positions_low, row.shared_positions_high)),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(subject.heading, rows))
        if len(frame):
            first = frame.iloc[0]
            notes.append(
                f"{subject.heading}: {first['acquired']:,} acquisitions of each strategy, {first['seeds']} seeds."
            )
    notes.append(
        "Same instance: acquired by both strategies in runs with the same seed, in whatever iteration. Same position: "
        "the paper's count, which compares places in each strategy's own shrinking pool; after the first acquisition "
        "equal places no longer name the same instance. By chance: mean and central 95% range if both strategies drew "
        "uniformly from their pools. All are totals over the seeds."
    )
    notes += [paper_note()] if paper else []
    return Table(
        "table4",
        "Instances acquired by both of two strategies.",
        ("Strategies", "Same instance", "By chance", "Same position", *(["Paper"] if paper else []), "By chance"),
        blocks,
        notes,
        stacked(frames),
    )
