"""Areas under the learning curves against Random's, tested."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartography_al.naming import Subject, strategy_title
from cartography_al.tables.cells import p_value, some_frames, stacked
from cartography_al.tables.table import Block, Cell, Table


def areas_table(areas: Mapping[Subject, pd.DataFrame]) -> Table:
    """Area under the learning curve of each strategy, and what it has over the baseline's, seed by seed.

    areas: for each data set the frame of significance.paired_area_differences.
    Raises: DataError for no data set.
    """
    frames = some_frames(areas, "the table of areas")
    blocks, notes = [], []
    for subject, frame in frames.items():
        rows = [
            [
                Cell(strategy_title(row.strategy)),
                Cell(f"{row.area:.4f}"),
                Cell(f"{row.difference:+.4f}"),
                Cell("-" if np.isnan(row.low) else f"{row.low:+.4f} to {row.high:+.4f}"),
                Cell(p_value(row.p)),
                Cell(p_value(row.p_holm)),
                Cell(p_value(row.p_wilcoxon)),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(subject.heading, rows))
        if frame.empty:
            notes.append(f"{subject.heading}: the baseline alone, nothing to compare.")
        else:
            first = frame.iloc[0]
            notes.append(
                f"{subject.heading}: {strategy_title(first['baseline'])} has the area {first['baseline_area']:.4f}; "
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
        stacked(frames),
    )
